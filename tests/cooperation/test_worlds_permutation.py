"""The permutation test of the E-I index: exact expectation, every permutation, slices, speed."""

from __future__ import annotations

import time
from itertools import permutations

import networkx as nx
import numpy as np
import pytest

from chaine_valeur.analysis.cooperation.ties.partition import Blocks
from chaine_valeur.analysis.cooperation.worlds import permutation
from chaine_valeur.analysis.cooperation.worlds.ei_index import ei_index, ei_index_arcs
from chaine_valeur.analysis.cooperation.worlds.permutation import _internal_of_draws, ei_test
from chaine_valeur.analysis.cooperation.worlds.sides import Reading
from chaine_valeur.errors import ArgumentError
from tests.cooperation.campnet import campnet
from tests.cooperation.hand import by_hand
from tests.cooperation.test_referee import large
from tests.cooperation.worlds import counted, in_blocks, index_of, random_blocks

MODULE = "chaine_valeur.analysis.cooperation.worlds.permutation"


def every_permutation(graph: nx.Graph) -> list[float]:
    """Return the index for each way of dealing the labels out: a plain loop."""
    labels = [name for _, name in graph.nodes(data="block")]
    return [index_of(*counted(graph, dict(zip(graph, dealt, strict=True)))) for dealt in permutations(labels)]


def test_campnet() -> None:
    # 8 women and 10 men: 56 + 90 of the 306 directed pairs are within, so 1 − 2 · 146/306 is expected
    arcs = ei_test(campnet(), group="Gender", variant="arcs", draws=2000, lang="en")
    assert arcs.observed == ei_index_arcs(campnet(), group="Gender") == pytest.approx(-2 / 3)
    assert arcs.expected == pytest.approx(1 - 2 * 146 / 306)
    assert arcs.low < arcs.expected < arcs.high
    assert arcs.observed < arcs.low
    assert arcs.p_lower < 0.01 < 0.99 < arcs.p_higher
    assert arcs.p == 2 * arcs.p_lower
    assert (arcs.draws, arcs.seed, arcs.n_actors) == (2000, 0, 18)
    assert arcs.note == "on 18 actors this says little"
    edges = ei_test(campnet(), group="Gender", draws=500)
    assert edges.observed == pytest.approx(-0.6)
    assert edges.expected == pytest.approx(arcs.expected)  # 28 + 45 of 153
    assert edges.note == "sur 18 acteurs, cela ne dit pas grand-chose"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("directed", [False, True])
def test_against_every_permutation(seed: int, directed: bool) -> None:
    graph = nx.gnp_random_graph(6, 0.5, seed=seed, directed=directed)
    in_blocks(graph, "xxxyyz")
    all_values = np.array(every_permutation(graph))
    draws = 4000
    found = ei_test(graph, group="block", draws=draws, variant="arcs" if directed else "edges")
    assert found.expected == pytest.approx(all_values.mean())
    error = 4 * np.sqrt(0.25 / draws)  # four standard errors of a share
    assert found.p_lower == pytest.approx((all_values <= found.observed + 1e-9).mean(), abs=error)
    assert found.p_higher == pytest.approx((all_values >= found.observed - 1e-9).mean(), abs=error)
    assert found.p == min(1.0, 2 * min(found.p_lower, found.p_higher))
    assert all_values.min() - 1e-9 <= found.low <= found.high <= all_values.max() + 1e-9


def test_shares_count_the_observed_one() -> None:
    # every draw is as external as the observed one: 1 + 99 of 1 + 99
    complete = in_blocks(nx.complete_graph(4), "xxyy")
    found = ei_test(complete, group="block", draws=99)
    assert (found.p, found.p_lower, found.p_higher) == (1, 1, 1)
    assert found.low == found.high == found.observed == pytest.approx(1 / 3)
    # two cliques of 30: no draw comes near
    apart = in_blocks(nx.disjoint_union(nx.complete_graph(30), nx.complete_graph(30)), "x" * 30 + "y" * 30)
    found = ei_test(apart, group="block", draws=99)
    assert (found.p_lower, found.p_higher, found.p) == (0.01, 1, 0.02)
    assert found.note == ""  # thirty actors or more, all documented


def test_by_strength() -> None:
    graph = random_blocks(3, directed=False)
    rng = np.random.default_rng(3)
    nx.set_edge_attributes(graph, {edge: float(rng.uniform(0.1, 3)) for edge in graph.edges()}, "weight")
    weighted, plain = (ei_test(graph, group="block", variant=each) for each in ("weighted", "edges"))
    assert weighted.expected == pytest.approx(plain.expected)  # each pair is as likely to be within
    assert weighted.observed != plain.observed
    assert -1 <= weighted.low < weighted.high <= 1
    nx.set_edge_attributes(graph, dict.fromkeys(graph.edges(), 2.5), "weight")
    same = ei_test(graph, group="block", variant="weighted")
    assert (same.p, same.p_lower, same.p_higher) == (plain.p, plain.p_lower, plain.p_higher)
    assert (same.low, same.high) == pytest.approx((plain.low, plain.high))
    # a tie whose strength is not stated is left out, not counted as 0 or 1
    some = graph.copy()
    first = next(iter(graph.edges()))
    del some.edges[first]["weight"]
    graph.remove_edge(*first)
    left = ei_test(some, group="block", variant="weighted")
    gone = ei_test(graph, group="block", variant="weighted")
    assert (left.observed, left.p, left.low) == pytest.approx((gone.observed, gone.p, gone.low))


def test_actors_of_unknown_block_are_left_out() -> None:
    graph = in_blocks(nx.path_graph(6), ["x", "x", "y", "y", "x", None])
    found = ei_test(graph, group="block", draws=200, lang="en")
    same = ei_test(in_blocks(nx.path_graph(5), "xxyyx"), group="block", draws=200, lang="en")
    assert found.n_actors == 5
    assert (found.observed, found.expected, found.p) == (same.observed, same.expected, same.p)
    assert found.note == (
        "on 5 actors this says little; 1 tie left out, an actor of which has no stated category"
    )


def test_of_a_filiere() -> None:
    # by hand: six ties, none within a college; 18 of 21 pairs are between: 1 − 2 · 3/21
    found = ei_test(by_hand(), by="pole", draws=500, lang="en")
    assert found.observed == 1
    assert found.expected == pytest.approx(1 - 6 / 21)
    assert found.note == "on 7 actors this says little; of known ties only, 7 pairs being undocumented"
    assert found.p_lower == 1
    one_kind = ei_test(by_hand(), by="pole", draws=50, kind="research")
    assert one_kind.observed == 1
    three = ei_test(by_hand(), by="pole", draws=50, actors=["filature", "mairie", "relais"], year=2022)
    assert (three.n_actors, three.observed, three.expected) == (3, 1, 1)


@pytest.mark.parametrize("variant", ["edges", "arcs", "weighted"])
def test_no_index_no_test(variant: str) -> None:
    for graph, reason in (
        (in_blocks(nx.empty_graph(3), "xxy"), "no known tie between actors whose category is known"),
        (in_blocks(nx.path_graph(3), "xxx"), "a single category: no tie could go out of it"),
        (nx.Graph(), "no actor whose category is known"),
    ):
        found = ei_test(graph, group="block", variant=variant, lang="en")
        figures = [found.observed, found.expected, found.low, found.high, found.p, found.p_lower]
        assert np.isnan([*figures, found.p_higher]).all()
        assert found.note.startswith(reason)


def test_errors() -> None:
    with pytest.raises(ArgumentError, match="draws=0: at least one permutation"):
        ei_test(campnet(), group="Gender", draws=0)
    with pytest.raises(ArgumentError, match="variant='ei' is not one of edges, arcs, weighted"):
        ei_test(campnet(), group="Gender", variant="ei")


def test_the_seed_decides_and_slices_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = random_blocks(5, directed=True)
    once = ei_test(graph, group="block", draws=333, seed=4)
    assert ei_test(graph, group="block", draws=333, seed=4) == once
    assert ei_test(graph, group="block", draws=333, seed=5) != once
    for cells in (1, 500, 5000):
        monkeypatch.setattr(f"{MODULE}.CELLS", cells)
        assert ei_test(graph, group="block", draws=333, seed=4) == once


def reading(size: int, count: int) -> Reading:
    ties = large(size, count, directed=False)
    codes = np.random.default_rng(3).integers(0, 6, size).astype(np.int32)
    return Reading(nx.Graph(), ties, Blocks(codes, list("abcdef"), list("abcdef")), 6, None, (1.0, 1.0))


def test_ten_thousand_permutations_of_two_hundred_actors() -> None:
    graph = nx.gnm_random_graph(200, 800, seed=1)
    in_blocks(graph, [node % 6 for node in graph])
    started = time.process_time()
    found = ei_test(graph, group="block")
    assert time.process_time() - started < 1  # 0.04 s on an idle core
    assert found.draws == 10_000
    assert found.expected == pytest.approx(1 - 2 * (4 * 33 * 32 + 2 * 34 * 33) / (200 * 199))
    assert found.low < found.expected < found.high


def test_the_mean_of_the_draws_is_the_expectation() -> None:
    dealt = reading(200, 800)
    drawn = _internal_of_draws(dealt, 10_000, np.random.default_rng(0))
    sizes = np.bincount(dealt.blocks.codes)
    within = (sizes * (sizes - 1)).sum() / (200 * 199)
    count = len(dealt.ties.a)
    assert drawn.mean() / count == pytest.approx(within, abs=4 * drawn.std() / count / 100)


def test_slices_bound_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred thousand actors: eight draws at a time."""
    asked = []
    plain = np.tile

    def watched(codes: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
        asked.append((codes.itemsize, shape[0]))
        return plain(codes, shape)

    monkeypatch.setattr(np, "tile", watched)
    started = time.process_time()
    drawn = _internal_of_draws(reading(100_000, 500_000), 20, np.random.default_rng(0))
    assert time.process_time() - started < 3  # 0.1 s on an idle core
    assert asked == [(1, 8), (1, 8), (1, 4)]
    assert len(set(drawn)) > 10
    assert permutation.CELLS == 4_000_000


def test_observed_is_that_of_the_index() -> None:
    for seed in range(4):
        graph = random_blocks(seed, directed=True)
        assert ei_test(graph, group="block", draws=9).observed == ei_index(graph, group="block")
