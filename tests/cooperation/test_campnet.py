"""The published numbers of UCINET, at their printed precision."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from chaine_valeur.analysis import cooperation as co
from tests.cooperation.campnet import MIXING, MIXING_DENSITY, PUBLISHED, campnet

SINGLE = 1e-7  # UCINET prints single precision


def test_the_data_are_as_published() -> None:
    graph = campnet()
    assert graph.number_of_nodes() == 18
    assert graph.number_of_edges() == PUBLISHED["ties"]
    assert {degree for _, degree in graph.out_degree()} == {3}


def test_density() -> None:
    measure = co.density_measure(campnet())
    assert measure.value == pytest.approx(PUBLISHED["density"], abs=SINGLE)
    assert (measure.numerator, measure.denominator) == (54, 18 * 17)
    assert measure.low == measure.value == measure.high
    assert measure.n_unknown == 0


def test_density_of_the_symmetrised_network() -> None:
    # xcohesion: mutual dyads 0.12418301 and asymmetric ones 0.10457516 of the 153 dyads, 35 in all
    expected = PUBLISHED["mutuals"] + PUBLISHED["asymmetrics"]
    assert co.density(campnet(), directed=False) == pytest.approx(expected, abs=2 * SINGLE)
    assert co.density(campnet().to_undirected()) == pytest.approx(expected, abs=2 * SINGLE)


@pytest.mark.parametrize(
    ("mode", "published"),
    [
        ("degree", "deg_centralization_undirected"),
        ("in", "in_centralization"),
        ("out", "out_centralization"),
    ],
)
def test_centralization(mode: str, published: str) -> None:
    assert co.centralization(campnet(), mode=mode) == pytest.approx(PUBLISHED[published], abs=SINGLE)


def test_terms_of_the_centralisation() -> None:
    # in-degrees sum to 54 and the largest is 5 (PAM, STEVE…): 18 × 5 − 54 = 36 over 17² = 289
    inward = co.centralization_measure(campnet(), mode="in")
    assert (inward.numerator, inward.denominator) == (36, 289)
    # 35 symmetrised ties, the largest degree 5: 18 × 5 − 70 = 20 over 17 × 16 = 272
    both = co.centralization_measure(campnet())
    assert (both.numerator, both.denominator) == (20, 272)
    assert both.low == both.value == both.high


def test_reciprocity_by_arc_and_by_dyad() -> None:
    graph = campnet()
    assert co.reciprocity(graph) == pytest.approx(PUBLISHED["arc_reciprocity"], abs=SINGLE)
    # 19/35 = 0.542857142…, which UCINET prints with the error of its single precision
    assert co.reciprocity(graph, by="dyad") == pytest.approx(PUBLISHED["dyad_reciprocity"], abs=5e-8)
    # 19 mutual and 16 asymmetric pairs
    assert co.reciprocity_measure(graph).numerator == 38
    assert co.reciprocity_measure(graph, by="dyad").denominator == 19 + 16


def test_blocks_by_gender() -> None:
    blocks = co.block_density(campnet(), group="Gender")
    assert blocks["group"].tolist() == [1, 1, 2, 2]
    assert blocks["to_group"].tolist() == [1, 2, 1, 2]
    assert blocks["ties"].to_numpy().reshape(2, 2).tolist() == MIXING
    np.testing.assert_allclose(blocks["density"].to_numpy().reshape(2, 2), MIXING_DENSITY, atol=5.1e-4)
    # 8 women and 10 men: 8·7, 8·10, 10·8, 10·9 possible arcs
    assert blocks["possible"].tolist() == [56, 80, 80, 90]
    assert (blocks["documented"] == blocks["possible"]).all()


def test_blocks_of_the_symmetrised_network() -> None:
    # the 45 arcs within make 28 ties, 17 of them mutual; the 9 between make 7, 2 of them mutual (17 + 2 = 19)
    blocks = co.block_density(campnet(), group="Gender", directed=False)
    assert blocks[["group", "to_group"]].to_numpy().tolist() == [[1, 1], [1, 2], [2, 2]]
    assert blocks["possible"].tolist() == [28, 80, 45]
    within = blocks["group"] == blocks["to_group"]
    assert (blocks.loc[within, "ties"].sum(), blocks.loc[~within, "ties"].sum()) == (28, 7)


def test_by_and_group_say_the_same_thing() -> None:
    graph = campnet()
    assert co.block_density(graph, by="Role").equals(co.block_density(graph, group="Role"))


def test_the_graph_is_left_as_it_was() -> None:
    graph, before = campnet(), campnet()
    co.density(graph), co.block_density(graph, group="Gender"), co.centralization(graph, mode="in")
    co.reciprocity(graph), co.expected_ties(graph, group="Role")
    assert nx.utils.graphs_equal(graph, before)
