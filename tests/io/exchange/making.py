"""A filière whose files were worked out by hand, and what a round trip is held against."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from chaine_valeur.filiere import Filiere
from chaine_valeur.io.exchange.xml_text import OUTSIDE_XML

GRAPH_TABLES = ("actors", "groups", "flows", "cooperations", "memberships")


def small() -> Filiere:
    """Four actors and a group; flows of two years and materials, one of them from outside; ties with and without way."""
    return Filiere.from_tables(
        actors={
            "actor_id": ["relais", "tri", "filature", "mairie"],
            "name": ["Le Relais", "Tri & Cie", "Filature <Nord>", "Mairie"],
            "actor_type": ["organisation", "organisation", "network", "organisation"],
            "part_of": [None, "filature", None, None],
            "roles": ["supplier;insertion", "transformer", None, "funder"],
            "pole": ["ess", "enterprise", None, "elected"],
            "since": [2010, None, 2015, None],
            "until": [None, None, 2022, None],
            "Surface": [120.5, None, 3.0, None],
        },
        materials={"material_id": ["laine", "jean"], "name": ["Laine usagée", "Jean"]},
        stages={"stage_id": ["collecte", "tri-st"], "name": ["Collecte", "Tri"]},
        flows={
            "flow_id": ["f1", "f2", "f3", "f4"],
            "source": ["relais", "relais", None, "tri"],
            "source_stage": ["collecte", None, None, None],
            "target": ["tri", "tri", "tri", "mairie"],
            "target_stage": ["tri-st", None, None, None],
            "material_id": ["laine", "jean", "laine", "laine"],
            "year": [2023, 2023, 2024, None],
            "quantity_t_per_year": [12.5, 3.0, 40.0, 0.0],
            "uncertainty_share": [0.1, None, None, None],
            "confidence": ["measured", "declared", None, "estimated"],
        },
        cooperations={
            "cooperation_id": ["c1", "c2"],
            "actor_id": ["relais", "mairie"],
            "to_actor_id": ["filature", "relais"],
            "kind": ["research", "funding"],
            "since": [2019, 2020],
            "until": [2021, None],
        },
        groups={"group_id": ["copil"], "name": ["Comité de pilotage"]},
        memberships={
            "membership_id": ["m1"],
            "group_id": ["copil"],
            "actor_id": ["mairie"],
            "pole": ["elected"],
        },
    )


def as_carried(frame: pd.DataFrame, columns: Iterable[str], *, xml: bool = False) -> pd.DataFrame:
    """Return a table as a file of a graph gives it back: own columns without a value are gone, own dates are text."""
    made = frame.copy()
    for name in [column for column in frame.columns if column not in set(columns)]:
        if made[name].isna().all():
            made = made.drop(columns=name)
        elif made[name].dtype.kind == "M":
            made[name] = (
                made[name].dt.strftime("%Y-%m-%dT%H:%M:%S").str.removesuffix("T00:00:00").astype("str")
            )
    if xml:
        for name in made.columns:
            if isinstance(made[name].dtype, pd.StringDtype):
                made[name] = (
                    made[name]
                    .map(lambda text: OUTSIDE_XML.sub("\ufffd", text), na_action="ignore")
                    .astype("str")
                )
    return made


def same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    """Hold two tables to be equal, whatever the order of the columns of the user's own."""
    assert sorted(left.columns) == sorted(right.columns)
    pd.testing.assert_frame_equal(left, right[list(left.columns)])


def told(f: Filiere, *codes: str) -> list[tuple[str, object, str]]:
    """Return code, row and value of problems, of some codes if any are given, « no expected chain » aside."""
    rows = f.problems[f.problems["code"] != "no_expected_chain"]
    rows = rows[rows["code"].isin(codes)] if codes else rows
    return [
        (code, None if row is pd.NA else int(row), value)
        for code, row, value in zip(rows["code"], rows["row"], rows["value"], strict=True)
    ]


def known(values: Iterable[float]) -> list[float | None]:
    """Return numbers, ``None`` for those that are not known."""
    return [None if np.isnan(value) else float(value) for value in values]
