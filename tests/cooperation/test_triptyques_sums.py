"""The sums behind the triads: every product of what is said of three pairs, held against loops."""

from __future__ import annotations

from itertools import combinations, product

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.triptyques import pairs, sums
from chaine_valeur.analysis.cooperation.triptyques.pairs import missing_pairs
from chaine_valeur.analysis.cooperation.triptyques.participation import triad_participation
from chaine_valeur.analysis.cooperation.triptyques.sums import (
    ALL,
    POSSIBLE,
    TIED,
    PoleTies,
    Triangles,
    across,
)
from chaine_valeur.network import Ties
from tests.cooperation.random_ties import layers, unknown_pairs


@given(layers(directed=False, most=6), st.lists(st.integers(-1, 2), min_size=6, max_size=6))
@settings(max_examples=40)
def test_every_product_of_three_pairs(ties: Ties, codes: list[int]) -> None:
    pole = np.array(codes[: ties.size], dtype=np.int32)
    layer = PoleTies(ties, pole)
    tied = {frozenset(pair) for pair in zip(ties.a.tolist(), ties.b.tolist(), strict=True)}
    unknown = {frozenset(pair) for pair in unknown_pairs(ties)}
    holds = {
        TIED: lambda pair: pair in tied,
        POSSIBLE: lambda pair: pair in tied or pair in unknown,
        ALL: lambda pair: True,
    }
    trios = list(product(*(np.flatnonzero(pole == code).tolist() for code in range(3))))
    for facing in product(holds, repeat=3):
        wanted = sum(
            all(holds[side](frozenset(trio) - {trio[place]}) for place, side in enumerate(facing))
            for trio in trios
        )
        assert layer.total(*facing) == wanted


def test_listed_pairs_face_the_pole_of_neither_end() -> None:
    ties = Ties(
        named=pd.Index(list("abcd")),
        a=np.array([0, 0, 2], np.int32),
        b=np.array([1, 3, 3], np.int32),
        absent_a=np.array([1, 0], np.int32),
        absent_b=np.array([2, 2], np.int32),
        asked=np.array([True, False, False, False]),
        directed=False,
    )
    layer = PoleTies(ties, np.array([0, 1, 2, -1], dtype=np.int32))
    # a – b is tied, b – c denied between two who were not asked; a was asked, d has no pole of the three
    assert layer.a.tolist() == [0, 1] and layer.b.tolist() == [1, 2]
    assert layer.facing.tolist() == [2, 0]
    assert layer.tied.tolist() == [True, False]
    assert layer.both_unasked.tolist() == [False, True]
    # + 1 for the tie with someone who was asked, − 1 for what is denied among the unasked
    assert layer.possible.tolist() == [1, -1]
    assert layer.sizes.tolist() == [1, 1, 1] and layer.unasked_sizes.tolist() == [0, 1, 1]
    assert layer.sums(layer.tied).tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert layer.sums(layer.tied, ends=layer.unasked).tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert [part.tolist() for part in across(layer.pole, ties.a, ties.b)] == [[0], [1]]


@pytest.mark.parametrize("at_a_time", [1, 30, 4_000_000])
@pytest.mark.parametrize("seed", range(3))
def test_triangles_with_weights(seed: int, at_a_time: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "_AT_A_TIME", at_a_time)
    rng = np.random.default_rng(seed)
    graph = nx.gnp_random_graph(25, 0.3, seed=seed)
    a, b = (np.array(ends, dtype=np.int32) for ends in zip(*graph.edges, strict=True))
    near, far = rng.integers(-2, 3, (2, len(a))).astype(float)
    weight = {frozenset(pair): place for place, pair in enumerate(zip(a.tolist(), b.tolist(), strict=True))}
    total, through = 0.0, np.zeros(25)
    for trio in combinations(range(25), 3):
        sides = [weight.get(frozenset(trio) - {node}) for node in trio]  # the side that faces each
        if None in sides:
            continue
        total += float(np.prod([near[side] for side in sides]))
        for node, opposite in zip(trio, sides, strict=True):
            others = [side for side in sides if side != opposite]
            through[node] += near[others[0]] * near[others[1]] * far[opposite]
    triangles = Triangles(a, b, 25)
    assert triangles.total(near) == total
    assert triangles.through(near, far).tolist() == through.tolist()
    assert (triangles.through(np.ones(len(a)), np.ones(len(a))) == list(nx.triangles(graph).values())).all()


def test_no_pair_at_all() -> None:
    nobody = np.zeros(0, dtype=np.int32)
    assert Triangles(nobody, nobody, 0).total(np.zeros(0)) == 0
    assert Triangles(nobody, nobody, 3).through(np.zeros(0), np.zeros(0)).tolist() == [0, 0, 0]


def a_star(size: int) -> nx.Graph:
    """One elected official tied to everybody else, and one triangle more."""
    graph = nx.star_graph(size - 1)
    poles = {node: ["enterprise", "ess"][node % 2] for node in graph} | {0: "elected"}
    nx.set_node_attributes(graph, poles, "pole")
    graph.add_edge(1, 2)
    return graph


def test_a_star_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 2000 actors around one there are a million pairs to introduce: some are found without all of them."""
    done: list[int] = []
    search = pairs._largest

    def largest(found: np.ndarray, limit: int | None) -> np.ndarray:
        done.append(found.shape[1])
        return search(found, limit)

    monkeypatch.setattr(pairs, "_largest", largest)
    monkeypatch.setattr(pairs, "_AT_A_TIME", 10_000)
    graph = a_star(2001)
    found = missing_pairs(graph, limit=3)
    assert found["closes"].tolist() == [1, 1, 1]
    assert sum(done) < 30_000
    through = triad_participation(graph)
    # 1000 enterprises (even), 1000 ESS actors: every pair but one is open
    assert through["open_centre"].tolist()[0] == 10**6 - 1
    assert through["closed"].sum() == 3 and through["open_centre"].sum() == 10**6 - 1


def test_pairs_that_share_more_than_the_centre_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "_AT_A_TIME", 50)
    graph = a_star(41)
    graph.add_node(99, pole="elected")
    graph.add_edges_from([(99, 7), (99, 8)])
    first, second = missing_pairs(graph, limit=2).itertuples()
    assert {first.actor_id, first.to_actor_id} == {7, 8} and first.closes == 2
    assert second.closes == 1
    # without a limit all of them: 20 × 20 pairs but the one that is tied
    every = missing_pairs(graph, limit=None)
    between = every[every["pole"] != "elected"]
    between = between[between["to_pole"] != "elected"]
    assert len(between) == 399
