"""Filières of which little or nothing is known: every metric, indicator, check and language still answers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere, gaps
from chaine_valeur.analysis.findings import FINDING_COLUMNS, empty_findings
from chaine_valeur.analysis.gaps.metrics import PATH_COLUMNS
from chaine_valeur.analysis.indicator import Indicator
from tests.gaps.example import actors, example, flows, frames, stages

NUMBERS = ["quantity_t_per_year", "capacity_t_per_year", "insertion_fte"]


def all_unknown() -> dict[str, pd.DataFrame]:
    """Every number, commune, material, stage of a flow and scale of the example unknown."""
    blank = {
        *NUMBERS,
        "commune_code",
        "material_id",
        "source_stage",
        "target_stage",
        "rank",
        "expected_scale",
    }
    return {
        name: frame.assign(**{column: None for column in blank & set(frame)})
        for name, frame in frames().items()
        if name not in ("territories", "filiere", "materials")
    }


DEGENERATE: dict[str, Callable[[], dict[str, Any]]] = {
    "nothing": lambda: {"actors": {"name": []}},
    "one actor": lambda: {"actors": {"name": ["A"]}},
    "one actor of everything": lambda: {
        "stages": {"stage_id": ["r", "m"], "name": ["r", "m"], "kind": ["resource", "market"]},
        "stage_links": {"stage_id": ["r"], "to_stage_id": ["m"]},
        "actors": {"name": ["A"]},
        "activities": {"actor_id": ["A", "A"], "stage_id": ["r", "m"]},
        "flows": {"source": ["A"], "target": ["A"], "source_stage": ["r"], "target_stage": ["m"]},
    },
    "stages without actors": lambda: {"actors": {"name": []}, "stages": {"name": ["r", "m"]}},
    "an actor without a stage": lambda: {"actors": {"name": ["A"]}, "stages": {"name": ["r"]}},
    "everybody has left": lambda: {**frames(), "actors": actors().assign(status="closed")},
    "every flow is planned": lambda: {**frames(), "flows": flows().assign(status="planned")},
    "nothing is required": lambda: {**frames(), "stages": stages().assign(required=False)},
    "no territory": lambda: {**frames(), "filiere": None, "territories": None},
    "a territory without communes": lambda: {
        **frames(), "territories": pd.DataFrame({"territory_id": ["pays"], "name": ["Pays"]}),
    },
    "all unknown": all_unknown,
    "only the outside": lambda: {
        "actors": {"name": ["A", "B"], "actor_type": "outside"},
        "flows": {"source": ["A"], "target": ["B"], "quantity_t_per_year": [3.0]},
    },
    "a stage that leads to itself over another": lambda: {
        "stages": {"stage_id": ["a", "b"], "name": ["a", "b"]},
        "stage_links": {"stage_id": ["a", "b"], "to_stage_id": ["b", "a"]},
        "actors": {"name": ["A"]},
    },
    "flows alone": lambda: {
        "actors": {"name": ["A", "B"]},
        "flows": {"source": ["A", None, "B"], "target": ["B", "A", None]},
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=DEGENERATE)
def f(request: pytest.FixtureRequest) -> Filiere:
    tables = {name: frame for name, frame in DEGENERATE[request.param]().items() if frame is not None}
    return Filiere.from_tables(strict=False, **tables)


@pytest.mark.parametrize(
    "metric",
    [gaps.stage_coverage, gaps.missing_stage_weight, gaps.missing_passage_share, gaps.path_completeness,
     gaps.dead_end_share],
)  # fmt: skip
def test_a_number_is_a_share_or_unknown(f: Filiere, metric: Callable[[Filiere], float]) -> None:
    value = metric(f)
    assert isinstance(value, float)
    assert math.isnan(value) or 0 <= value <= 1


def test_along_actors_and_stages_is_their_index(f: Filiere) -> None:
    for series in (gaps.orphans(f), gaps.dead_ends(f)):
        assert series.index.equals(f.actors.index) and series.dtype == "boolean"
    fragility = gaps.stage_fragility(f)
    assert fragility.index.equals(f.stages.index) and fragility.dtype == "float64"
    paths = gaps.expected_paths(f)
    assert list(paths.columns) == PATH_COLUMNS
    assert paths["complete"].dtype == "boolean" and paths["n_stages"].dtype == "int64"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_findings_keep_their_shape(f: Filiere, lang: str) -> None:
    found = gaps.find(f, lang=lang)
    assert list(found.columns) == FINDING_COLUMNS
    assert found.dtypes.equals(empty_findings().dtypes)
    assert found["finding_id"].is_unique
    assert not found["message"].str.contains("nan|None|<NA>|{").any()
    known = set(f.actors.index[f.network.active])
    assert set(found["actor_id"].dropna()) <= known


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("indicator", gaps.INDICATORS, ids=lambda one: one.indicator_id)
def test_an_indicator_always_says_why(f: Filiere, indicator: Indicator, lang: str) -> None:
    measure = indicator.measure(f, lang=lang)
    assert measure.unit == indicator.unit
    assert measure.note and "nan" not in measure.note
    assert measure.n_unknown >= 0
    for name, rows in measure.rows.items():
        assert set(rows) <= set(f.table(name).index)
    if not math.isnan(measure.low) and not math.isnan(measure.high):
        assert measure.low <= measure.high


# -- years ------------------------------------------------------------------------------------------------


def by_year() -> Filiere:
    """In 2020 the flow goes on to c, in 2021 it stops at b; a flow without a year holds both."""
    names = ["a", "b", "c"]
    return Filiere.from_tables(
        actors={"actor_id": names, "name": names, "roles": ["supplier", "transformer", "buyer"]},
        flows=pd.DataFrame(
            [("a", "b", 2020, 8.0), ("b", "c", 2020, 8.0), ("a", "b", 2021, 6.0), ("a", "c", None, 2.0)],
            columns=["source", "target", "year", "quantity_t_per_year"],
        ).astype({"year": "Int64"}),
    )


def test_each_year_is_measured_by_itself_and_years_are_never_added() -> None:
    f = by_year()
    # 2020: 8 + 8 + 2, nothing stuck; 2021: 6 + 2, of which 6 stop at b
    assert gaps.dead_end_share(f.at(2020)) == 0.0
    assert gaps.dead_end_share(f.at(2021)) == 6 / 8
    # without a year asked for, the latest
    assert gaps.dead_end_share(f) == 6 / 8
    assert gaps.find(f)["year"].dropna().unique().tolist() == [2021]
    assert gaps.find(f.at(2020)).query("kind == 'dead_end'").empty


def test_a_year_of_which_nothing_is_known_has_the_flows_of_every_year() -> None:
    """In 2030 only a → c, which has no year: b is silent there, and known to be in the chain by nothing."""
    f = by_year().at(2030)
    assert gaps.dead_end_share(f) == 0.0
    assert not gaps.orphans(f)["b"] and not gaps.dead_ends(f)["b"]
    no_flows = by_year().without_rows("flows", by_year().flows.index[[3]]).at(2030)
    assert math.isnan(gaps.dead_end_share(no_flows))
    assert gaps.find(no_flows).empty


def test_capacities_of_two_years_are_not_two_shares_of_a_stage() -> None:
    """2021: 30 and 10, so 0.75² + 0.25² = 0.625; 2020: 20 and 20, so one half."""
    f = Filiere.from_tables(
        stages={"stage_id": ["tri"], "name": ["Tri"]},
        actors={"actor_id": ["a", "b"], "name": ["A", "B"]},
        activities={"actor_id": ["a", "b", "a", "b"], "stage_id": "tri", "year": [2020, 2020, 2021, 2021],
                    "capacity_t_per_year": [20.0, 20.0, 30.0, 10.0]},
    )  # fmt: skip
    assert gaps.stage_fragility(f)["tri"] == pytest.approx(0.625)
    assert gaps.stage_fragility(f.at(2020))["tri"] == pytest.approx(0.5)


# -- unknown is not zero ----------------------------------------------------------------------------------


def test_what_is_at_stake_is_unknown_where_no_figure_is_known() -> None:
    f = Filiere.from_tables(strict=False, **all_unknown())
    found = gaps.find(f)
    assert {"missing_stage", "missing_passage"} <= set(found["kind"])
    assert found["quantity"].isna().all() and found["jobs_at_stake_fte"].isna().all()
    assert found["n_unknown"].sum() > 0
    assert not found["message"].str.contains("t/an|ETP").any()


def test_a_measured_zero_is_at_stake_as_zero() -> None:
    rows = flows().assign(quantity_t_per_year=0.0)
    found = gaps.find(example(flows=rows, markets=None)).set_index("kind")
    assert found.loc["dead_end", "quantity"] == 0.0
    assert np.isfinite(found.loc["missing_stage", "quantity"])


@pytest.mark.parametrize("status", ["closed", "planned", "candidate"])
def test_the_supply_of_an_actor_that_is_not_active_does_not_wait(status: str) -> None:
    """Both levels are those of the households; without them only a supply that names nobody is left."""
    rows = actors()
    rows.loc[rows["actor_id"] == "menages", "status"] = status
    assert not gaps.find(example(actors=rows)).query("kind == 'unused_resource'").size
    assert gaps.find(example()).query("kind == 'unused_resource'")["quantity"].tolist() == [120.0 - 100.0]
    nobody = frames()["markets"].assign(actor_id=None)
    found = gaps.find(example(actors=rows, markets=nobody)).query("kind == 'unused_resource'")
    # the 100 t of the households do not count either; relais still passes 30 t on
    assert found["quantity"].tolist() == [120.0 - 30.0]
