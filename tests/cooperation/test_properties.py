"""What holds for any filière: bounds around values, names that do not matter, arguments left as they were."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis import cooperation as co
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.filiere import Filiere
from chaine_valeur.vocabulary import CooperationKind, Pole

#: Reading a filière takes a tenth of a second: few examples, and each is looked at from every side.
FEW = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
MEASURES: list[Callable[..., Measure]] = [indicator.compute for indicator in co.INDICATORS] + [
    lambda f: co.centralization_measure(f, mode="in"),
    lambda f: co.centralization_measure(f, mode="out"),
    lambda f: co.reciprocity_measure(f, by="dyad"),
    lambda f: co.density_measure(f, directed=True),
    lambda f: co.density_measure(f, kind="support"),
]
FRAMES: list[Callable[..., pd.DataFrame]] = [
    co.density_table, co.block_density, co.group_table, co.diversity, co.expected_ties, co.missing_pairs,
]  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    """Tables of a small filière, with actors, ties, absences, groups, flows, and gaps in all of them."""
    size = draw(st.integers(2, 6))
    actor = st.sampled_from([f"actor {place}" for place in range(size)])
    some = lambda options: st.lists(st.one_of(st.none(), options), min_size=size, max_size=size)  # noqa: E731
    pairs = draw(st.lists(st.tuples(actor, actor).filter(lambda ends: ends[0] != ends[1]), max_size=10))
    count = len(pairs)
    seats = draw(st.lists(st.tuples(st.sampled_from(["G", "H"]), actor), unique=True, max_size=8))
    flows = draw(
        st.lists(st.tuples(actor, actor).filter(lambda ends: ends[0] != ends[1]), unique=True, max_size=5)
    )
    return {
        "actors": {
            "name": [f"actor {place}" for place in range(size)],
            "pole": draw(some(st.sampled_from([pole.value for pole in Pole]))),
            "surveyed_on": draw(some(st.just("2024-01-01"))),
        },
        "cooperations": {
            "actor_id": [first for first, _ in pairs],
            "to_actor_id": [second for _, second in pairs],
            "kind": draw(
                st.lists(st.sampled_from([k.value for k in CooperationKind]), min_size=count, max_size=count)
            ),
            "state": draw(st.lists(st.sampled_from(["observed", "absent"]), min_size=count, max_size=count)),
        },
        "groups": {"name": ["G", "H"]},
        "memberships": {"group_id": [group for group, _ in seats], "actor_id": [who for _, who in seats]},
        "flows": {"source": [first for first, _ in flows], "target": [second for _, second in flows]},
    }


def within_bounds(measure: Measure, *, floor: float = 0.0) -> bool:
    low, value, high = measure.low, measure.value, measure.high
    if math.isnan(value):
        return math.isnan(low) or floor <= low <= high <= 1 + 1e-12
    return floor <= value <= 1 and (math.isnan(low) or low - 1e-12 <= value <= high + 1e-12)


@given(tables())
@FEW
def test_bounds_hold_the_value(given_tables: dict[str, Any]) -> None:
    f = Filiere.from_tables(**given_tables)
    for compute in MEASURES:
        measure = compute(f)
        # E-I and the correlation with a core go from −1 to +1
        floor = -1.0 if compute.__name__ in {"between_colleges", "core_of_many"} else 0.0
        assert within_bounds(measure, floor=floor), measure
        if measure.n_unknown == 0 and not math.isnan(measure.value):
            assert measure.low == pytest.approx(measure.value) == measure.high
    for frame in (co.block_density(f, by="pole"), co.block_density(f, by="pole", directed=True)):
        known = frame["documented"] > 0
        assert frame.loc[known, "density"].between(frame.loc[known, "low"], frame.loc[known, "high"]).all()
        assert frame.loc[~known, "density"].isna().all()
        assert (frame["ties"] <= frame["documented"]).all()
        assert (frame["documented"] <= frame["possible"]).all()
    blocks = co.block_density(f, by="pole")
    whole = co.density_measure(f)
    assert (blocks["ties"].sum(), blocks["possible"].sum()) == (whole.numerator, whole.denominator)
    assert blocks["possible"].sum() - blocks["documented"].sum() == whole.n_unknown
    expected = co.expected_ties(f)
    assert (expected[["tied", "absent", "unknown"]] >= 0).all(axis=None)
    assert (expected["tied"] + expected["absent"] + expected["unknown"] == expected["pairs"]).all()


@given(tables(), st.permutations(range(6)))
@FEW
def test_names_do_not_matter(given_tables: dict[str, Any], order: list[int]) -> None:
    f = Filiere.from_tables(**given_tables)
    new = {f"actor {place}": f"acteur {other}" for place, other in enumerate(order)}
    renamed = Filiere.from_tables(**_renamed(given_tables, new))
    for compute in MEASURES:
        one, other = compute(f), compute(renamed)
        figures = [[m.value, m.low, m.high, m.numerator, m.denominator, m.n_unknown] for m in (one, other)]
        np.testing.assert_allclose(figures[0], figures[1])
    ids = {f"actor-{place}": f"acteur-{other}" for place, other in enumerate(order)}
    pairs = co.missing_pairs(f)
    for column in ("actor_id", "to_actor_id"):
        pairs[column] = pairs[column].map(ids)
    pd.testing.assert_frame_equal(pairs, co.missing_pairs(renamed), check_dtype=False)
    for check in co.CHECKS:
        told = [(one.kind, one.severity, one.n_unknown) for one in check(f)]
        assert told == [(one.kind, one.severity, one.n_unknown) for one in check(renamed)]


def _renamed(given_tables: dict[str, Any], new: dict[str, str]) -> dict[str, Any]:
    return {
        name: {column: [new.get(cell, cell) for cell in cells] for column, cells in columns.items()}
        for name, columns in given_tables.items()
    }


@given(tables())
@FEW
def test_the_order_of_actors_does_not_matter(given_tables: dict[str, Any]) -> None:
    f = Filiere.from_tables(**given_tables)
    actors = {column: cells[::-1] for column, cells in given_tables["actors"].items()}
    turned = Filiere.from_tables(**{**given_tables, "actors": actors})
    for compute in MEASURES:
        np.testing.assert_allclose(compute(f).value, compute(turned).value)
        np.testing.assert_allclose(compute(f).high, compute(turned).high)


@given(tables())
@FEW
def test_nothing_is_changed(given_tables: dict[str, Any]) -> None:
    f = Filiere.from_tables(**given_tables)
    before = Filiere.from_tables(**given_tables)
    for frame in FRAMES:
        found = frame(f)
        for column in found.columns:  # writing into what comes out does not reach the filière either
            found[column] = None
    for compute in MEASURES:
        compute(f)
    for check in co.CHECKS:
        list(check(f))
    assert f == before
    assert all(compute(f).value == pytest.approx(compute(before).value, nan_ok=True) for compute in MEASURES)


@given(tables())
@FEW
def test_asking_everyone_leaves_nothing_unknown(given_tables: dict[str, Any]) -> None:
    size = len(given_tables["actors"]["name"])
    everyone = {**given_tables["actors"], "surveyed_on": ["2024-01-01"] * size}
    f = Filiere.from_tables(**{**given_tables, "actors": everyone})
    measure = co.density_measure(f)
    assert measure.n_unknown == 0
    # the same ties as a graph, in which everyone counts as asked
    ties = co.ties_of(f)
    graph = nx.Graph(zip(ties.nodes[ties.a], ties.nodes[ties.b], strict=True))
    graph.add_nodes_from(f.actors.index)
    nx.set_node_attributes(graph, f.actors["pole"].dropna().to_dict(), "pole")
    assert co.density(graph) == pytest.approx(measure.value)
    assert co.centralization(graph) == pytest.approx(co.centralization(f), nan_ok=True)
    if f.actors["pole"].notna().any():
        closure = co.triptyque_closure(graph)
        assert closure == pytest.approx(co.triptyque_closure(f), nan_ok=True)
    assert list(co.cooperation_unknown(f)) == []


@given(st.integers(0, 30), st.floats(0, 1), st.booleans(), st.integers(0, 10_000))
def test_densities_of_graphs(size: int, share: float, directed: bool, seed: int) -> None:
    graph = nx.gnp_random_graph(size, share, seed=seed, directed=directed)
    nx.set_node_attributes(graph, {node: node % 3 for node in graph}, "block")
    for value in (co.density(graph), co.centralization(graph), co.reciprocity(graph)):
        assert math.isnan(value) or 0 <= value <= 1
    blocks = co.block_density(graph, group="block") if size else pd.DataFrame({"density": []})
    assert blocks["density"].dropna().between(0, 1).all()
    if directed:
        back = graph.reverse()
        assert co.reciprocity(back) == pytest.approx(co.reciprocity(graph), nan_ok=True)
        assert co.centralization(back, mode="in") == pytest.approx(
            co.centralization(graph, mode="out"), nan_ok=True
        )
