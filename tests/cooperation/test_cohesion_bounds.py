"""The bounds that undocumented pairs leave, held against every way in which they may turn out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import permutations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings

from chaine_valeur.analysis.cooperation.cohesion.centralization import centralization_of_ties
from chaine_valeur.analysis.cooperation.cohesion.complement import linking, with_open_tied
from chaine_valeur.analysis.cooperation.cohesion.components import (
    component_ratio_of_ties,
    largest_component_of_ties,
    number_of_components_of_ties,
)
from chaine_valeur.analysis.cooperation.cohesion.connectedness import (
    connectedness_of_ties,
    fragmentation_of_ties,
)
from chaine_valeur.analysis.cooperation.cohesion.densities import average_degree_of_ties
from chaine_valeur.analysis.cooperation.cohesion.paths import distances_within, path_figure
from chaine_valeur.analysis.cooperation.cohesion.reciprocity import STATES, dyad_share_of_ties
from chaine_valeur.analysis.cooperation.cohesion.transitivity import transitivity_of_ties
from chaine_valeur.analysis.measure import NAN, Measure
from chaine_valeur.network import Ties
from tests.cooperation.random_ties import ABSENT, SILENT, TIED, completions, layer, layers, unknown_pairs

NEAR = 1e-9
FEW = settings(max_examples=30, deadline=None)


def outcomes(ties: Ties, figure: Callable[[nx.Graph], float]) -> list[float]:
    return [value for value in map(figure, completions(ties)) if not np.isnan(value)]


def holds(measure: Measure, found: list[float]) -> None:
    """No outcome is outside the bounds."""
    if found and not np.isnan(measure.low):
        assert measure.low <= min(found) + NEAR
    if found and not np.isnan(measure.high):
        assert measure.high >= max(found) - NEAR


def reached(measure: Measure, found: list[float]) -> None:
    """The bounds are outcomes."""
    assert (measure.low, measure.high) == pytest.approx((min(found), max(found)))


def linked(graph: nx.Graph) -> list[int]:
    return [step for _, steps in nx.all_pairs_shortest_path_length(graph) for step in steps.values() if step]


def parts(graph: nx.Graph, connection: str) -> list[set[int]]:
    if not graph.is_directed():
        return list(nx.connected_components(graph))
    finds = {"strong": nx.strongly_connected_components, "weak": nx.weakly_connected_components}
    return list(finds[connection](graph))


def closed(graph: nx.Graph) -> float:
    paths = [(i, k) for i, j, k in permutations(graph, 3) if graph.has_edge(i, j) and graph.has_edge(j, k)]
    return float(np.mean([graph.has_edge(*ends) for ends in paths])) if paths else NAN


def mean(values: Iterable[float]) -> float:
    listed = list(values)
    return float(np.mean(listed)) if listed else NAN


def check_monotone(ties: Ties) -> None:
    """What grows or shrinks with every tie has bounds that are reached, when none or all are tied."""
    size, pairs = ties.size, ties.size * (ties.size - 1)
    for connection, following in (("strong", "directed"), ("weak", "weak")):
        count = number_of_components_of_ties(ties, connection, "en")
        found = outcomes(ties, lambda graph, of=connection: len(parts(graph, of)))
        reached(count, found)
        largest = largest_component_of_ties(ties, connection, "en")
        reached(
            largest, outcomes(ties, lambda graph, of=connection: max(map(len, parts(graph, of)), default=0))
        )
        if not pairs:
            continue
        rest = component_ratio_of_ties(ties, connection, "en")
        reached(rest, [(number - 1) / (size - 1) for number in found])
        if following == "weak":
            shares = outcomes(ties, lambda graph: len(linked(graph.to_undirected())) / pairs)
        else:
            shares = outcomes(ties, lambda graph: len(linked(graph)) / pairs)
        reached(connectedness_of_ties(ties, following, "en"), shares)
        reached(fragmentation_of_ties(ties, following, "en"), [1 - share for share in shares])
        if len(unknown_pairs(ties)) < ties.possible:
            assert (count.value, largest.value) == (count.high, largest.low)
        else:
            assert np.isnan([count.value, largest.value]).all()
            assert count.note
    if size:
        ends = 1 if ties.directed else 2
        found = outcomes(ties, lambda graph: ends * graph.number_of_edges() / size)
        reached(average_degree_of_ties(ties, "en"), found)


def check_paths(ties: Ties) -> None:
    steps = distances_within(ties)
    average, longest, near = (
        path_figure(ties, steps, figure, "en") for figure in ("average_distance", "diameter", "compactness")
    )
    holds(average, outcomes(ties, lambda graph: mean(linked(graph))))
    holds(longest, outcomes(ties, lambda graph: max(linked(graph), default=NAN)))
    if ties.size > 1:
        pairs = ties.size * (ties.size - 1)
        found = outcomes(ties, lambda graph: sum(1 / step for step in linked(graph)) / pairs)
        holds(near, found)
        assert near.low == pytest.approx(found[0])  # the first completion adds nothing
    known = next(completions(ties))
    everyone = ties.size > 1 and len(linked(known)) == ties.size * (ties.size - 1)
    documented = not unknown_pairs(ties)
    assert np.isnan(average.high) == (not everyone and not (documented and linked(known)))
    if documented and linked(known):
        assert average.low == average.value == average.high == mean(linked(known))
        assert longest.low == longest.value == longest.high == max(linked(known))


def check_transitivity(ties: Ties) -> None:
    measure = transitivity_of_ties(ties, "en")
    found = outcomes(ties, closed)
    holds(measure, found)
    assert np.isnan(measure.low) == np.isnan(measure.high) == (not found)
    first = closed(next(completions(ties)))
    if len(unknown_pairs(ties)) < ties.possible and not np.isnan(first):
        assert measure.value == pytest.approx(first)
        assert measure.low - NEAR <= measure.value <= measure.high + NEAR
    elif ties.size:
        assert np.isnan(measure.value)
        assert measure.note
    if not unknown_pairs(ties) and not np.isnan(first):
        assert measure.low == measure.value == measure.high


@given(layers(directed=False))
@FEW
def test_undirected(ties: Ties) -> None:
    assume(len(unknown_pairs(ties)) <= 7)
    check_monotone(ties)
    check_paths(ties)
    check_transitivity(ties)


@given(layers(directed=True, most=4))
@FEW
def test_directed(ties: Ties) -> None:
    assume(len(unknown_pairs(ties)) <= 7)
    check_monotone(ties)
    check_paths(ties)
    check_transitivity(ties)


@given(layers(directed=True, most=4))
@FEW
def test_dyads(ties: Ties) -> None:
    assume(ties.size > 1 and len(unknown_pairs(ties)) <= 7)
    count = ties.size * (ties.size - 1) / 2
    for state in STATES:

        def share(graph: nx.Graph, state: str = state) -> float:
            arcs = set(graph.edges())
            mutual = sum((b, a) in arcs for a, b in arcs) / 2
            one = len(arcs) - 2 * mutual
            return {"mutual": mutual, "asymmetric": one, "null": count - mutual - one}[state] / count

        measure, found = dyad_share_of_ties(ties, state, "en"), outcomes(ties, share)
        reached(measure, found)
        if len(unknown_pairs(ties)) < ties.possible:
            assert measure.value == pytest.approx(found[0])
        else:
            assert np.isnan(measure.value)


@given(layers(directed=False))
@FEW
def test_centralisation_along_paths_has_no_bounds_where_a_pair_is_unknown(ties: Ties) -> None:
    for mode in ("closeness", "betweenness"):
        measure = centralization_of_ties(ties, mode, "en")
        assert measure.n_unknown == len(unknown_pairs(ties))
        if np.isnan(measure.value):
            assert measure.note
        elif unknown_pairs(ties):
            assert np.isnan([measure.low, measure.high]).all()
        else:
            assert measure.low == measure.value == measure.high
            assert 0 <= measure.value <= 1 + NEAR


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("spoken", [0.2, 0.6, 0.95])
def test_few_pairs_link_as_much_as_all_the_undocumented_ones(directed: bool, spoken: float) -> None:
    rng = np.random.default_rng(int(100 * spoken) + directed)
    for _ in range(25):
        size = int(rng.integers(2, 14))
        words = [TIED, ABSENT, SILENT]
        chances = [spoken * 0.1, spoken * 0.9, 1 - spoken]
        said = {
            (a, b): words[rng.choice(3, p=chances)]
            for a, b in permutations(range(size), 2)
            if directed or a < b
        }
        ties = layer(size, said, (rng.random(size) < 0.2).tolist(), directed=directed)
        kind = nx.DiGraph if directed else nx.Graph
        full: nx.Graph = kind(zip(ties.a.tolist(), ties.b.tolist(), strict=True))
        full.add_nodes_from(range(size))
        few = full.copy()
        full.add_edges_from(unknown_pairs(ties))
        a, b = linking(ties)
        few.add_edges_from(zip(a.tolist(), b.tolist(), strict=True))
        assert len(a) <= (2 if directed else 1) * size + 2 * (len(ties.a) + len(ties.absent_a))
        reach = [{node: set(nx.descendants(graph, node)) for node in range(size)} for graph in (full, few)]
        assert reach[0] == reach[1]
        if not directed:  # each is indeed undocumented
            assert {(min(pair), max(pair)) for pair in zip(a.tolist(), b.tolist(), strict=True)} <= set(
                unknown_pairs(ties)
            ) | {(min(pair), max(pair)) for pair in few.edges()}


def test_a_hundred_thousand_whom_nobody_asked() -> None:
    # five thousand million undocumented pairs: none is written out
    size = 100_000
    rng = np.random.default_rng(4)
    pairs = np.unique(np.sort(rng.integers(0, size, (300_000, 2)), axis=1), axis=0).astype(np.int32)
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    tied = np.arange(len(pairs)) % 10 < 3
    ties = Ties(
        named=pd.RangeIndex(size),
        a=pairs[tied, 0],
        b=pairs[tied, 1],
        absent_a=pairs[~tied, 0],
        absent_b=pairs[~tied, 1],
        asked=np.zeros(size, dtype=bool),
        directed=False,
    )
    count = number_of_components_of_ties(ties, "strong", "en")
    share = connectedness_of_ties(ties, "directed", "en")
    closing = transitivity_of_ties(ties, "en")
    assert (count.low, share.high) == (1, 1)
    assert count.value == count.high > 1
    assert closing.low < closing.value < closing.high
    assert len(with_open_tied(ties)[0]) < 3 * size
