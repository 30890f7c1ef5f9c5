"""The rows that gap figures rest on, by position: of some stages, of who is there and of who may come."""

from __future__ import annotations

import numpy as np
import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.gaps._build import (
    activity_rows,
    every_link,
    joined_rows,
    link_rows,
    planned_holders,
    stage_rows,
)
from chaine_valeur.analysis.gaps.measures import coverage_measure, dead_end_measure, orphan_measure


@pytest.fixture(scope="module")
def f() -> Filiere:
    """Tri is held by one who is there, one who is planned and one who left; Vente by nobody yet."""
    return Filiere.from_tables(
        stages={"name": ["Collecte", "Tri", "Vente"], "kind": ["resource", "operation", "market"]},
        stage_links={"stage_id": ["Collecte", "Tri"], "to_stage_id": ["Tri", "Vente"], "required": [True, False]},
        actors={
            "name": ["Relais", "Trieur", "Demain", "Peut-être", "Parti"],
            "status": ["active", "active", "planned", "candidate", "closed"],
        },
        activities={
            "activity_id": ["collects", "sorts", "will-sort", "will-sell", "may-sell", "sorted"],
            "actor_id": ["Relais", "Trieur", "Demain", "Demain", "Peut-être", "Parti"],
            "stage_id": ["Collecte", "Tri", "Tri", "Vente", "Vente", "Tri"],
        },
        flows={"flow_id": ["a", "b"], "source": ["Relais", "Trieur"], "target": ["Trieur", None],
               "quantity_t_per_year": [10, 4]},
    )  # fmt: skip


def test_rows_of_stages(f: Filiere) -> None:
    assert stage_rows(f, (2, 0))["stages"].names == ("vente", "collecte")
    assert stage_rows(f, [])["stages"].names == ()
    assert stage_rows(f, np.array([1]))["stages"].names == ("tri",)


def test_only_activities_of_who_is_there(f: Filiere) -> None:
    assert activity_rows(f, (0, 1))["activities"].names == ("collects", "sorts")
    assert activity_rows(f, (2,))["activities"].names == ()


def test_who_may_come_is_counted_once(f: Filiere) -> None:
    # Demain and Peut-être: at both stages Demain has two activities and is one actor
    count, rows = planned_holders(f, (1, 2))
    assert (count, rows.names) == (2, ("will-sort", "will-sell", "may-sell"))
    count, rows = planned_holders(f, (0,))
    assert (count, rows.names) == (0, ())


def test_required_passages_to_and_from_stages(f: Filiere) -> None:
    every = every_link(f)["stage_links"].names
    assert len(every) == 1 < len(f.stage_links)  # the second one is not required
    assert link_rows(f, (0,))["stage_links"].names == link_rows(f, (1,))["stage_links"].names == every
    assert link_rows(f, (2,))["stage_links"].names == ()


def test_lists_are_joined_each_row_once(f: Filiere) -> None:
    rows = joined_rows(stage_rows(f, (1, 0)), {"stages": ("tri", "vente")}, activity_rows(f, (2,)))
    assert rows == {"stages": ("tri", "collecte", "vente")}  # a table without rows is left out


def test_figures_rest_on_these_rows(f: Filiere) -> None:
    assert coverage_measure(f, lang="en").rows == {
        "stages": ("collecte", "tri", "vente"), "activities": ("collects", "sorts"),
    }  # fmt: skip
    assert dead_end_measure(f, lang="en").rows == {"flows": ("a", "b")}
    # who should be fed: the sorter, whom flow a reaches
    assert orphan_measure(f, lang="en").rows == {"actors": ("trieur",), "flows": ("a",)}


def test_what_no_recorded_flow_takes_away_is_told() -> None:
    # 10 t of bales give 6 t of fibres, sent on, and 3 t of dust, of which no flow is recorded
    f = Filiere.from_tables(
        stages={"name": ["G", "T", "V"], "kind": ["resource", "operation", "market"]},
        materials={"name": ["Balles", "Fibres", "Poussières"]},
        actors={"name": ["A", "B", "C"]},
        activities={"actor_id": ["A", "B", "C"], "stage_id": ["G", "T", "V"]},
        recipes={"stage_id": "T", "side": ["in", "out", "out"], "material_id": ["Balles", "Fibres", "Poussières"],
                 "t_per_t": [1, 0.6, 0.3]},
        flows={"source": ["A", "B"], "target": ["B", "C"], "material_id": ["Balles", "Fibres"],
               "quantity_t_per_year": [10, 6]},
    )  # fmt: skip
    note = dead_end_measure(f, lang="en").note
    told = (
        "Not among them: 3\u00a0t/year that recipes make and no recorded flow takes away (see the balances)."
    )
    assert note.endswith(told)
