"""Random filières of some twenty actors, gone through pair by pair; what networkx says of the graph they make."""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from chaine_valeur.analysis.cooperation.cohesion.centralization import (
    centralization,
    centralization_measure,
)
from chaine_valeur.analysis.cooperation.cohesion.components import (
    components,
    largest_component_measure,
    number_of_components_measure,
)
from chaine_valeur.analysis.cooperation.cohesion.connectedness import connectedness_measure
from chaine_valeur.analysis.cooperation.cohesion.densities import (
    average_degree_measure,
    density_measure,
    density_table,
)
from chaine_valeur.analysis.cooperation.cohesion.paths import (
    average_distance_measure,
    compactness_measure,
    diameter_measure,
)
from chaine_valeur.analysis.cooperation.cohesion.reciprocity import (
    dyad_share_measure,
    reciprocity_measure,
)
from chaine_valeur.analysis.cooperation.cohesion.transitivity import transitivity_measure
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.vocabulary import CooperationKind
from tests.cooperation.random_filiere import YEAR, Rows, random_filiere

ONE_WAY = {kind.value for kind in CooperationKind if kind.directed}


@pytest.fixture(params=range(4))
def rows(request: pytest.FixtureRequest) -> Rows:
    return random_filiere(request.param)


def of_kinds(rows: Rows, kinds: Collection[str]) -> Rows:
    kept = [row for row in rows.ties if row["kind"] in kinds]
    return Rows(rows.f, rows.actors, kept, rows.seats, rows.flows, rows.groups)


def some_of(rows: Rows) -> list[str]:
    return rows.partners[::2] + rows.partners[1:4:2]


def known(rows: Rows, names: Collection[str]) -> nx.Graph:
    """Return the graph of what is known to be tied among some actors."""
    graph: nx.Graph = nx.Graph()
    graph.add_nodes_from(names)
    pairs = {frozenset(pair) for pair in combinations(names, 2)}
    graph.add_edges_from(tuple(pair) for pair in rows.said("observed") & pairs)
    return graph


def supposed(rows: Rows, names: Collection[str]) -> nx.Graph:
    """Return the graph in which every undocumented pair is tied."""
    graph = known(rows, names)
    for pair in combinations(names, 2):
        spoken = frozenset(pair) in rows.said("absent")
        if not spoken and not set(pair) & rows.asked:
            graph.add_edge(*pair)
    return graph


def linked(graph: nx.Graph) -> list[int]:
    return [step for _, steps in nx.all_pairs_shortest_path_length(graph) for step in steps.values() if step]


def check(measure: Measure, value: float, low: float, high: float) -> None:
    assert (measure.value, measure.low, measure.high) == pytest.approx((value, low, high))


@pytest.mark.parametrize("everyone", [True, False])
def test_what_grows_with_ties(rows: Rows, everyone: bool) -> None:
    names = rows.partners if everyone else some_of(rows)
    actors = None if everyone else names
    now, most = known(rows, names), supposed(rows, names)
    size, pairs = len(names), len(names) * (len(names) - 1)
    check(density_measure(rows.f, actors=actors), nx.density(now), nx.density(now), nx.density(most))
    degree = [2 * graph.number_of_edges() / size for graph in (now, most)]
    check(average_degree_measure(rows.f, actors=actors), degree[0], *degree)
    count = [nx.number_connected_components(graph) for graph in (now, most)]
    check(number_of_components_measure(rows.f, actors=actors), count[0], count[1], count[0])
    largest = [max(map(len, nx.connected_components(graph))) for graph in (now, most)]
    check(largest_component_measure(rows.f, actors=actors), largest[0], *largest)
    share = [len(linked(graph)) / pairs for graph in (now, most)]
    check(connectedness_measure(rows.f, actors=actors), share[0], *share)


@pytest.mark.parametrize("everyone", [True, False])
def test_what_does_not(rows: Rows, everyone: bool) -> None:
    names = rows.partners if everyone else some_of(rows)
    actors = None if everyone else names
    now, most, pairs = known(rows, names), supposed(rows, names), len(names) * (len(names) - 1)
    average, near = (
        average_distance_measure(rows.f, actors=actors),
        compactness_measure(rows.f, actors=actors),
    )
    assert average.value == pytest.approx(np.mean(linked(now)))
    assert diameter_measure(rows.f, actors=actors).value == max(linked(now))
    assert near.value == near.low == pytest.approx(nx.global_efficiency(now))
    closing = transitivity_measure(rows.f, actors=actors)
    assert closing.value == pytest.approx(nx.transitivity(now))
    # with everything tied, one completion among all: within the bounds
    assert average.low <= np.mean(linked(most))
    assert near.high >= nx.global_efficiency(most) - 1e-12
    assert closing.low <= nx.transitivity(most) <= closing.high
    if len(linked(now)) == pairs:
        assert average.high == average.value
    assert average.n_unknown == closing.n_unknown == most.number_of_edges() - now.number_of_edges()


def test_components(rows: Rows) -> None:
    found = components(rows.f)
    assert found.index.tolist() == rows.partners
    parts = {frozenset(part) for part in nx.connected_components(known(rows, rows.partners))}
    assert {frozenset(found.index[found == part]) for part in found.unique()} == parts
    names = some_of(rows)
    few = components(rows.f, actors=names)
    assert few.index.tolist() == [name for name in rows.partners if name in names]  # in table order


@pytest.mark.parametrize("mode", ["degree", "closeness", "betweenness"])
def test_centralisation(rows: Rows, mode: str) -> None:
    graph, names = known(rows, some_of(rows)), some_of(rows)
    size = len(names)
    if mode == "closeness" and not nx.is_connected(graph):
        assert np.isnan(centralization(rows.f, mode=mode, actors=names))
        names = max(nx.connected_components(graph), key=len)
        graph, size = graph.subgraph(names), len(names)
    scores = {
        "degree": lambda: dict(graph.degree()),
        "closeness": lambda: nx.closeness_centrality(graph),
        "betweenness": lambda: nx.betweenness_centrality(graph, normalized=False),
    }[mode]()
    most = {
        "degree": (size - 1) * (size - 2),
        "closeness": (size - 1) * (size - 2) / (2 * size - 3),
        "betweenness": (size - 1) ** 2 * (size - 2) / 2,
    }[mode]
    spread = sum(max(scores.values()) - score for score in scores.values())
    measure = centralization_measure(rows.f, mode=mode, actors=names)
    assert measure.value == pytest.approx(spread / most)


def test_kinds(rows: Rows) -> None:
    kinds = ("support", "joint_project", "research")
    some = of_kinds(rows, kinds)
    tied, _, unknown = some.sort_out(rows.every_pair())
    measure = density_measure(rows.f, kind=kinds)
    assert (measure.numerator, measure.n_unknown) == (tied, unknown)
    graph = known(some, rows.partners)
    parts = number_of_components_measure(rows.f, kind=list(kinds))
    assert parts.value == nx.number_connected_components(graph)
    assert transitivity_measure(rows.f, kind=set(kinds)).value == pytest.approx(
        nx.transitivity(graph) if any(degree > 1 for _, degree in graph.degree()) else np.nan, nan_ok=True
    )
    names = some_of(rows)
    table = density_table(rows.f, actors=names)
    for kind in table.index[1:]:
        assert table.loc[kind, "ties"] == known(of_kinds(rows, [kind]), names).number_of_edges()


@pytest.mark.parametrize("kinds", [None, ["support"], ["support", "funding"], ["referral", "research"]])
def test_directions(rows: Rows, kinds: list[str] | None) -> None:
    wanted = ONE_WAY & set(kinds if kinds is not None else ONE_WAY)
    names = some_of(rows)
    arcs = {
        (row["actor_id"], row["to_actor_id"])
        for row in of_kinds(rows, wanted).ties
        if row["state"] == "observed"
        and {row["actor_id"], row["to_actor_id"]} <= set(names)
        and not (row["until"] and int(str(row["until"])) < YEAR)
    }
    mutual = len({frozenset(arc) for arc in arcs if arc[::-1] in arcs})
    one, pairs = len(arcs) - 2 * mutual, len(names) * (len(names) - 1) // 2
    for state, count in (("mutual", mutual), ("asymmetric", one), ("null", pairs - mutual - one)):
        measure = dyad_share_measure(rows.f, state=state, kind=kinds, actors=names)
        assert (measure.numerator, measure.denominator) == (count, pairs)
        if measure.n_unknown < 2 * pairs:
            assert measure.low <= measure.value == count / pairs <= measure.high
        else:  # nobody documented a pair
            assert np.isnan(measure.value) and measure.note
    by_arc = reciprocity_measure(rows.f, kind=kinds, actors=names)
    by_dyad = reciprocity_measure(rows.f, by="dyad", kind=kinds, actors=names)
    assert (by_arc.numerator, by_arc.denominator) == (2 * mutual, len(arcs))
    assert (by_dyad.numerator, by_dyad.denominator) == (mutual, mutual + one)
    told = {row["cooperation_id"]: row for row in rows.ties}
    for identifier in by_arc.rows.get("cooperations", ()):
        row = told[identifier]
        assert row["kind"] in wanted and {row["actor_id"], row["to_actor_id"]} <= set(names)
