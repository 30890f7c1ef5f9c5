"""Empty, alone, unknown, in two pieces: NaN where nothing is measured, never 0 or 1 by accident."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from chaine_valeur.analysis import cooperation as co
from chaine_valeur.analysis.cooperation.trade.expected import EXPECTED_COLUMNS
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.filiere import Filiere

FIGURES: list[Callable[..., float]] = [
    co.density,
    co.centralization,
    co.reciprocity,
    co.triptyque_coverage,
    co.triptyque_closure,
]
MEASURES: list[Callable[..., Measure]] = [
    co.density_measure,
    co.centralization_measure,
    co.reciprocity_measure,
    co.triptyque_coverage_measure,
    co.triptyque_closure_measure,
    co.cross_pole_measure,
    co.diversity_measure,
]
FRAMES: list[Callable[..., pd.DataFrame]] = [
    co.density_table,
    co.block_density,
    co.group_table,
    co.diversity,
    co.expected_ties,
    co.missing_pairs,
]


def filiere(count: int, **tables: Any) -> Filiere:
    return Filiere.from_tables(actors={"name": [f"A{place}" for place in range(count)]}, **tables)


@pytest.fixture(scope="module", params=[0, 1, 2], ids=["nobody", "one", "two"])
def tiny(request: pytest.FixtureRequest) -> Filiere:
    return filiere(request.param)


def test_tiny_filieres_say_unknown(tiny: Filiere) -> None:
    for figure in FIGURES:
        assert math.isnan(figure(tiny)), figure.__name__
    for measure in MEASURES:
        found = measure(tiny)
        assert math.isnan(found.value), measure.__name__
        assert found.rows == {}
        assert math.isnan(found.hypothesis_share)
        assert math.isnan(found.low) == math.isnan(found.high)
    for check in co.CHECKS:
        kinds = [found.kind for found in check(tiny)]
        assert kinds == (
            ["cooperation_unknown"] if check is co.cooperation_unknown and len(tiny.actors) == 2 else []
        )


def test_tiny_filieres_give_the_usual_columns(tiny: Filiere, hand: Filiere) -> None:
    for frame in FRAMES:
        found, usual = frame(tiny), frame(hand)
        assert list(found.columns) == list(usual.columns), frame.__name__
        assert found.index.name == usual.index.name
    types = {name: str(kind) for name, kind in co.expected_ties(tiny).dtypes.items()}
    assert types == EXPECTED_COLUMNS
    assert len(co.block_density(tiny)) == min(len(tiny.actors), 1)  # all of them without a role


def test_nobody_asked_is_unknown_with_bounds(silent: Filiere) -> None:
    measure = co.density_measure(silent, lang="fr")
    assert math.isnan(co.density(silent)) and math.isnan(measure.value)
    assert (measure.low, measure.high) == (0, 1)
    assert (measure.numerator, measure.denominator, measure.n_unknown) == (0, 21, 21)
    assert measure.note == "0 des 21 paires d’acteurs documentées"
    assert math.isnan(measure.hypothesis_share)
    blocks = co.block_density(silent, by="pole")
    assert blocks["density"].isna().all()
    assert (blocks["documented"] == 0).all()
    possible = blocks[blocks["possible"] > 0]
    assert (possible["low"] == 0).all() and (possible["high"] == 1).all()
    assert math.isnan(co.centralization(silent))
    assert (co.centralization_measure(silent).low, co.centralization_measure(silent).high) == (0, 1)
    closure = co.triptyque_closure_measure(silent, lang="en")
    assert math.isnan(closure.value) and (closure.low, closure.high) == (0, 1)
    assert closure.note == "no pair of actors of two colleges documented"
    table = co.density_table(silent)
    assert table.loc["all", ["density", "density_documented"]].isna().all()
    assert co.missing_pairs(silent).empty
    expected = co.expected_ties(silent)
    assert (expected["unknown"] == expected["pairs"]).all()


def test_everyone_asked_and_no_tie_is_a_measured_zero() -> None:
    f = Filiere.from_tables(actors={"name": list("abcd"), "surveyed_on": ["2024-01-01"] * 4})
    measure = co.density_measure(f)
    assert (measure.value, measure.low, measure.high, measure.n_unknown) == (0, 0, 0, 0)
    assert measure.note == ""
    assert measure.rows == {"actors": ("a", "b", "c", "d")}  # what a zero rests on
    assert co.centralization(f) == 0
    assert math.isnan(co.reciprocity(f))  # of no arc, none is returned and none is not
    blocks = co.block_density(f)
    assert blocks[["density", "low", "high"]].to_numpy().tolist() == [[0, 0, 0]]


def test_one_absence_is_not_a_zero_for_all() -> None:
    f = filiere(4, cooperations={"actor_id": ["A0"], "to_actor_id": ["A1"], "state": ["absent"]})
    measure = co.density_measure(f)
    assert (measure.value, measure.low) == (0, 0)
    assert measure.high == pytest.approx(5 / 6)


def test_one_who_says_yes_is_believed_before_one_who_says_no() -> None:
    ties = {"actor_id": ["A0", "A1"], "to_actor_id": ["A1", "A0"], "state": ["absent", "observed"]}
    assert co.density(filiere(2, cooperations=ties)) == 1


def test_actors_who_are_no_partners_do_not_count() -> None:
    actors = {
        "name": ["a", "b", "households", "abroad", "closed", "planned"],
        "actor_type": [None, "network", "diffuse", "outside", None, None],
        "status": ["active", "active", "active", "active", "closed", "planned"],
    }
    f = Filiere.from_tables(
        actors=actors, cooperations={"actor_id": ["a", "a"], "to_actor_id": ["b", "closed"]}
    )
    assert co.density(f) == 1
    assert co.density_measure(f).denominator == 1
    assert co.density_measure(f).rows == {"cooperations": (f.cooperations.index[0],)}


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph])
def test_empty_graphs(kind: type[nx.Graph]) -> None:
    for size in (0, 1):
        graph = nx.empty_graph(size, create_using=kind)
        for attribute in ("pole", "group"):
            nx.set_node_attributes(graph, dict.fromkeys(graph, "x"), attribute)
        for figure in (co.density, co.centralization, co.reciprocity, co.triptyque_closure):
            assert math.isnan(figure(graph)), figure.__name__
        assert len(co.block_density(graph, group="pole")) == size
        assert len(co.group_table(graph)) == size
        assert len(co.expected_ties(graph)) == size
        assert co.diversity(graph)["iqv"].isna().all()  # of a single value nothing can be mixed
        assert co.density_table(graph).index.tolist() == ["all"]
    assert co.density(nx.empty_graph(3, create_using=kind)) == 0


def test_two_pieces_and_one_apart() -> None:
    # two triangles and an isolated node: 6 ties of 21; degrees 2 but one 0: 7·2 − 12 = 2 over 6·5
    graph = nx.disjoint_union(nx.complete_graph(3), nx.complete_graph(3))
    graph.add_node(6)
    assert co.density(graph) == pytest.approx(6 / 21)
    assert co.centralization(graph) == pytest.approx(2 / 30)
    poles = ["enterprise", "elected", "ess"] * 2
    nx.set_node_attributes(graph, dict(enumerate(poles)), "pole")
    assert co.triptyque_closure(graph) == pytest.approx(2 / 8)
    assert co.triptyque_closure(graph, by="connected") == 1
    assert co.missing_pairs(graph).empty


def test_a_star_and_a_ring() -> None:
    assert co.centralization(nx.star_graph(2)) == 1  # three actors: the least that can be a star
    assert co.centralization(nx.complete_graph(6)) == co.centralization(nx.cycle_graph(6)) == 0
    assert math.isnan(co.centralization(nx.path_graph(2)))
    everyone_to_one = nx.DiGraph((node, 0) for node in range(1, 6))
    assert co.centralization(everyone_to_one, mode="in") == 1
    # out-degrees 0 and five times 1: 6·1 − 5 = 1 over 25
    assert co.centralization(everyone_to_one, mode="out") == pytest.approx(1 / 25)
    assert co.reciprocity(everyone_to_one) == 0


def test_members_of_unknown_pole_leave_it_open() -> None:
    f = Filiere.from_tables(
        actors={"name": list("abcd"), "pole": ["enterprise", "elected", None, None]},
        groups={"name": ["one", "two", "three"]},
        memberships={
            "group_id": ["one"] * 3 + ["two"] * 3 + ["three"],
            "actor_id": list("abc") + list("acd") + ["c"],
        },
    )
    # one lacks ESS and has one unknown; two lacks two and has two; three lacks all three and has one
    assert co.group_table(f)["covered"].tolist() == [pd.NA, pd.NA, False]
    measure = co.triptyque_coverage_measure(f)
    assert [measure.value, measure.low, measure.high] == pytest.approx([0, 0, 2 / 3])
    assert co.diversity(f)["blau"].isna().tolist() == [False, False, True]
    assert (co.diversity(f)["blau_high"] >= 0).all()


def test_flows_of_unknown_stage_or_quantity() -> None:
    f = filiere(
        3,
        flows={
            "source": ["A0", "A1", "A2"],
            "target": ["A1", "A0", None],
            "quantity_t_per_year": [None, 4, 7],
        },
    )
    frame = co.expected_ties(f)
    # two flows between the same two actors, no stage: one passage, one pair, 4 t known
    assert len(frame) == 1
    row = frame.iloc[0]
    assert row[["stage_id", "to_stage_id"]].isna().all()
    assert row[["actors", "pairs", "unknown", "quantity_t_per_year"]].tolist() == [2, 1, 1, 4]
    silent = f.with_table("flows", f.flows.assign(quantity_t_per_year=np.nan))
    assert co.expected_ties(silent)["quantity_t_per_year"].isna().all()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda f: co.block_density(f, by="rolle"), UnknownNameError, "'rolle'.*role"),
        (lambda f: co.density(f, kind="friendship"), UnknownNameError, "friendship"),
        (lambda f: co.density(f, kind=[]), ValueError, "no kind"),
        (lambda f: co.centralization(f, mode="all"), ValueError, "degree, in, out"),
        (lambda f: co.reciprocity(f, kind="friendship"), UnknownNameError, "friendship"),
    ],
)
def test_wrong_use(call: object, error: type[Exception], message: str, hand: Filiere) -> None:
    with pytest.raises(error, match=message):
        call(hand)  # type: ignore[operator]


def test_unknown_actors_of_a_group_are_not_invented() -> None:
    """A group that only diffuse actors sit in has members, and no pair that could cooperate."""
    f = Filiere.from_tables(
        actors={"name": ["Ménages", "Agriculteurs"], "actor_type": ["diffuse", "diffuse"]},
        groups={"name": ["Forum"]},
        memberships={"group_id": ["Forum", "Forum"], "actor_id": ["Ménages", "Agriculteurs"]},
    )
    assert co.group_table(f)["members"].tolist() == [2]
    row = co.expected_ties(f).iloc[0]
    assert row[["actors", "pairs", "tied", "absent", "unknown"]].tolist() == [0] * 5
    assert list(co.expected_ties_in_groups(f)) == []
    assert [found.kind for found in co.groups_without_pole(f)] == ["group_without_pole"]


def test_a_year_without_cooperation() -> None:
    f = filiere(
        3,
        cooperations={
            "actor_id": ["A0", "A1"],
            "to_actor_id": ["A1", "A2"],
            "since": [2018, 2020],
            "until": [2019, None],
        },
    )
    assert co.density(f) == pytest.approx(2 / 3)  # no year asked for, none of reference
    assert co.density(f, year=2019) == pytest.approx(1 / 3)
    assert math.isnan(co.density(f, year=2015))
    assert co.density_table(f, year=2020).loc["all", "ties"] == 1
    assert co.density(f.at(2019)) == co.density(f, year=2019)
