"""What is unknown gives bounds: held against every way in which it may turn out, one by one."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis import cooperation as co
from chaine_valeur.analysis.cooperation.cohesion.centralization import centralization_of_ties
from chaine_valeur.analysis.cooperation.cohesion.densities import measure_of
from chaine_valeur.analysis.cooperation.cohesion.reciprocity import reciprocity_of_ties
from chaine_valeur.analysis.cooperation.ties.counting import count_pairs
from chaine_valeur.analysis.cooperation.ties.variety import blau_of, least_varied, most_varied
from chaine_valeur.analysis.cooperation.triptyques.triads import count_triads
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.network import Ties
from tests.cooperation.random_ties import (
    ABSENT,
    TIED,
    closed_by_hand,
    completions,
    layer,
    layers,
    unknown_pairs,
)

NEAR = 1e-12


def holds(measure: Measure, found: list[float], *, tight_low: bool = True) -> None:
    """Every outcome lies between the bounds, and the bounds are outcomes."""
    known = [value for value in found if not np.isnan(value)]
    if not known:
        return
    assert measure.low <= min(known) + NEAR
    assert measure.high == pytest.approx(max(known))
    if tight_low:
        assert measure.low == pytest.approx(min(known))


@given(layers(directed=False))
@settings(max_examples=60)
def test_density_undirected(ties: Ties) -> None:
    measure = measure_of(count_pairs(ties), (0, 0), "en")
    assert measure.n_unknown == len(unknown_pairs(ties))
    if ties.size > 1:
        holds(measure, [nx.density(graph) for graph in completions(ties)])
    else:
        assert np.isnan([measure.value, measure.low, measure.high]).all()


@given(layers(directed=True, most=3))
@settings(max_examples=60)
def test_density_directed(ties: Ties) -> None:
    measure = measure_of(count_pairs(ties), (0, 0), "en")
    assert measure.n_unknown == len(unknown_pairs(ties))
    if ties.size > 1:
        holds(measure, [nx.density(graph) for graph in completions(ties)])


@given(layers(directed=True, most=4), st.lists(st.integers(0, 2), min_size=4, max_size=4))
@settings(max_examples=60)
def test_pairs_between_blocks(ties: Ties, codes: list[int]) -> None:
    block = np.array(codes[: ties.size], dtype=np.int32)
    pairs = count_pairs(ties, block, n_blocks=3)
    for first in range(3):
        for second in range(3):
            inside = {
                (a, b)
                for a in range(ties.size)
                for b in range(ties.size)
                if a != b and block[a] == first and block[b] == second
            }
            unknown = inside & set(unknown_pairs(ties))
            tied = inside & set(zip(ties.a.tolist(), ties.b.tolist(), strict=True))
            assert pairs.possible[first, second] == len(inside)
            assert pairs.unknown[first, second] == len(unknown)
            assert pairs.ties[first, second] == len(tied)


@given(layers(directed=False), st.lists(st.integers(0, 2), min_size=5, max_size=5))
@settings(max_examples=60)
def test_pairs_between_blocks_undirected(ties: Ties, codes: list[int]) -> None:
    block = np.array(codes[: ties.size], dtype=np.int32)
    pairs = count_pairs(ties, block, n_blocks=3)
    for counts in (pairs.ties, pairs.possible, pairs.documented):
        assert (counts == counts.T).all()
    half = np.triu_indices(3)
    assert pairs.ties[half].sum() == len(ties.a)
    assert pairs.possible[half].sum() == ties.possible
    assert pairs.unknown[half].sum() == len(unknown_pairs(ties))


def freeman(degrees: list[int], most: int) -> float:
    return sum(max(degrees) - degree for degree in degrees) / most


@given(layers(directed=False))
@settings(max_examples=60)
def test_centralization_undirected(ties: Ties) -> None:
    measure = centralization_of_ties(ties, "degree", "en")
    if ties.size < 3:
        assert np.isnan(measure.value)
        return
    most = (ties.size - 1) * (ties.size - 2)
    found = [freeman([degree for _, degree in graph.degree()], most) for graph in completions(ties)]
    holds(measure, found, tight_low=False)
    if not np.isnan(measure.value):
        assert measure.low - NEAR <= measure.value <= measure.high + NEAR


@pytest.mark.parametrize("mode", ["in", "out"])
@given(ties=layers(directed=True, most=3))
@settings(max_examples=40)
def test_centralization_directed(mode: str, ties: Ties) -> None:
    measure = centralization_of_ties(ties, mode, "en")
    if ties.size < 2:
        assert np.isnan(measure.value)
        return
    view = {"in": lambda graph: graph.in_degree(), "out": lambda graph: graph.out_degree()}[mode]
    most = (ties.size - 1) ** 2
    holds(measure, [freeman([degree for _, degree in view(graph)], most) for graph in completions(ties)])


def returned(graph: nx.Graph, by: str) -> float:
    arcs = set(graph.edges())
    mutual = sum((b, a) in arcs for a, b in arcs) / 2
    whole = len(arcs) if by == "arc" else len(arcs) - mutual
    return (2 if by == "arc" else 1) * mutual / whole if whole else float("nan")


@pytest.mark.parametrize("by", ["arc", "dyad"])
@given(ties=layers(directed=True, most=3))
@settings(max_examples=60)
def test_reciprocity(by: str, ties: Ties) -> None:
    measure = reciprocity_of_ties(ties, by, "en")
    found = [returned(graph, by) for graph in completions(ties)]
    holds(measure, found)
    if len(ties.a):
        assert measure.value == pytest.approx(found[0])  # the first completion adds nothing
        assert measure.low - NEAR <= measure.value <= measure.high + NEAR
    else:
        assert np.isnan(measure.value)


@given(layers(directed=False), st.lists(st.integers(-1, 2), min_size=5, max_size=5))
@settings(max_examples=80)
def test_triads(ties: Ties, poles: list[int]) -> None:
    pole = np.array(poles[: ties.size], dtype=np.int32)
    triads = count_triads(ties, pole)
    places = dict(enumerate(pole.tolist()))
    graphs = list(completions(ties))
    assert (triads.closed, triads.open) == closed_by_hand(graphs[0], places)
    assert triads.may_close == max(closed_by_hand(graph, places)[0] for graph in graphs)
    assert triads.possible == np.prod([poles[: ties.size].count(code) for code in range(3)])
    across = [pair for pair in unknown_pairs(ties) if pole[pair[0]] >= 0 <= pole[pair[1]]]
    across = [(a, b) for a, b in across if pole[a] != pole[b]]
    assert triads.pairs - triads.documented == len(across)


def test_what_may_close_counts_absences_that_meet() -> None:
    # nobody asked; one of each pole but two ESS; the enterprise is known to be tied to neither elected nor
    # the first ESS: one trio loses two pairs, the other one, and neither may close
    said = {(0, 1): ABSENT, (0, 2): ABSENT}
    triads = count_triads(layer(4, said, [False] * 4, directed=False), np.array([0, 1, 2, 2], np.int32))
    assert (triads.possible, triads.may_close) == (2, 0)
    # without the first absence the second trio may
    said = {(0, 2): ABSENT, (1, 2): TIED}
    triads = count_triads(layer(4, said, [False] * 4, directed=False), np.array([0, 1, 2, 2], np.int32))
    assert (triads.possible, triads.may_close) == (2, 1)


@given(st.lists(st.integers(0, 4), min_size=4, max_size=4), st.integers(0, 4))
def test_diversity(counts: list[int], unknown: int) -> None:
    known, more = np.array([counts]), np.array([unknown])
    outcomes = [
        float(blau_of(known + np.bincount(np.array(chosen, dtype=np.int64), minlength=4))[0])
        for chosen in _shared_out(unknown)
    ]
    if sum(counts) + unknown == 0:
        assert np.isnan(outcomes[0])
        return
    assert float(blau_of(least_varied(known, more))[0]) == pytest.approx(min(outcomes))
    assert float(blau_of(most_varied(known, more))[0]) == pytest.approx(max(outcomes))
    assert most_varied(known, more).sum() == sum(counts) + unknown


def _shared_out(seats: int) -> list[tuple[int, ...]]:
    from itertools import combinations_with_replacement

    return list(combinations_with_replacement(range(4), seats))


def test_a_table_of_ties_without_a_survey_says_nothing_of_the_other_pairs() -> None:
    # ten actors, two rows: the share among documented pairs is 1, the density is not
    ties = layer(10, {(0, 1): TIED, (2, 3): TIED}, [False] * 10, directed=False)
    measure = measure_of(count_pairs(ties), (0, 0), "en")
    assert (measure.value, measure.low, measure.high) == (2 / 45, 2 / 45, 1)
    assert measure.n_unknown == 43


def test_only_the_centre_was_asked() -> None:
    # a star seen from its centre: the others may have any tie among themselves, none is missing
    star = layer(6, {(0, other): TIED for other in range(1, 6)}, [True] + [False] * 5, directed=False)
    measure = centralization_of_ties(star, "degree", "en")
    assert (measure.value, measure.low, measure.high) == (1, 0, 1)
    assert co.centralization(nx.star_graph(5)) == 1  # a graph is documented throughout
    assert co.centralization_measure(nx.star_graph(5)).low == 1
