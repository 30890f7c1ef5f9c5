"""Cores that are moved side by side go the way that each would go alone."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from chaine_valeur.analysis.cooperation.positions import core_search
from chaine_valeur.analysis.cooperation.positions.coreness import coreness, coreness_of_ties
from chaine_valeur.analysis.cooperation.ties.layer import ties_of


@pytest.mark.parametrize("directed", [False, True])
def test_side_by_side_as_alone(directed: bool) -> None:
    rng = np.random.default_rng(3)
    for seed in range(6):
        ties = ties_of(nx.gnp_random_graph(25, 0.2, seed=seed, directed=directed))
        both = (ties.matrix + ties.matrix.T).tocsr()
        starts = rng.random((9, 25)) < rng.uniform(0.1, 0.9, (9, 1))
        starts[:, 0], starts[:, 1] = True, False  # neither empty nor whole
        before = starts.copy()
        fits, cores = core_search._improved(ties, both, starts)
        assert (starts == before).all()
        for fit, core, start in zip(fits, cores, starts, strict=True):
            (alone,), (own,) = core_search._improved(ties, both, start[np.newaxis])
            assert (fit, core.tolist()) == (alone, own.tolist())


def test_rows_and_arcs_of_nodes() -> None:
    # 0 → 1 → 2 → 0 and 2 → 1: two arcs between 1 and 2, one between the others
    ties = ties_of(nx.DiGraph([(0, 1), (1, 2), (2, 0), (2, 1)]))
    both = (ties.matrix + ties.matrix.T).tocsr()
    nodes = np.array([2, 1, 2])
    of, ends, arcs = core_search._rows_of(both, nodes)
    found = [(int(k), int(end), int(arc)) for k, end, arc in zip(of, ends, arcs, strict=True)]
    assert sorted(found) == [(0, 0, 1), (0, 1, 2), (1, 0, 1), (1, 2, 2), (2, 0, 1), (2, 1, 2)]
    assert core_search._arcs_between(both, nodes, np.array([1, 0, 2])).tolist() == [2, 1, 0]
    assert core_search._rows_of(both, nodes[:0])[1].tolist() == []


def test_the_best_is_the_first_of_the_best() -> None:
    ties = ties_of(nx.star_graph(24))
    fit, core = core_search.search_core(ties)
    assert fit == pytest.approx(1) and core.tolist() == [True] + [False] * 24


@pytest.mark.parametrize("seed", range(4))
def test_coreness_is_where_nothing_gets_better(seed: int) -> None:
    ties = ties_of(nx.gnp_random_graph(30, 0.15, seed=seed))
    c, a = coreness_of_ties(ties), ties.matrix.toarray()
    slope = -4 * a @ c + 4 * c * ((c**2).sum() - c**2)
    inside = (c > 0) & (c < 1)
    assert np.abs(slope[inside]).max() < 1e-5
    assert (slope[c == 0] > -1e-5).all() and (slope[c == 1] < 1e-5).all()


def test_a_circle_has_one_coreness() -> None:
    # each of five has two ties: 2 c = c · 4 c², so that c² = 1 / 2
    found = coreness(nx.cycle_graph(5))
    assert found.to_numpy() == pytest.approx(np.sqrt(0.5), abs=1e-6)
