"""Where tools disagree on « campnet »: what each prints, from our figures and its convention.

Values of R sna 2.7.1 and igraph 1.3.5 on the data of `tests.cooperation.campnet`, computed with those packages; what
UCINET prints is in the other tests of these data. Each is a function of figures that we give: none is a
measure of its own.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from chaine_valeur.analysis import cooperation as co
from chaine_valeur.kernels import separations
from tests.cooperation.campnet import campnet

TEN = 1e-12  # R prints thirteen digits


def test_reciprocity_has_five_meanings() -> None:
    """19 mutual, 16 asymmetric and 118 null pairs of the 153."""
    graph = campnet()
    mutual, one_way, none = (co.dyad_share(graph, state=state) for state in ("mutual", "asymmetric", "null"))
    assert [round(153 * share) for share in (mutual, one_way, none)] == [19, 16, 118]
    assert co.reciprocity(graph) == pytest.approx(0.7037037037037, abs=TEN)  # sna edgewise, igraph default
    assert co.reciprocity(graph, by="dyad") == pytest.approx(0.5428571428571, abs=TEN)  # sna dyadic.nonnull
    # sna's default, "dyadic", counts pairs without a tie as reciprocal
    assert mutual + none == pytest.approx(0.8954248366013, abs=TEN)
    # edgewise.lrr: the logarithm of reciprocity over what density alone would give
    assert math.log(co.reciprocity(graph) / co.density(graph)) == pytest.approx(1.38320316855, abs=1e-11)
    # correlation: of the two directions of a pair, from mutual share and density: (m - d²) / (d (1 - d))
    density = co.density(graph)
    found = (mutual - density**2) / (density * (1 - density))
    assert found == pytest.approx(0.6402116402116, abs=TEN)


def test_centralization_depends_on_what_a_star_may_have() -> None:
    graph = campnet()
    inward = co.centralization_measure(graph, mode="in")
    assert inward.value == pytest.approx(0.1245674740484, abs=TEN)  # sna, igraph without self-ties
    # igraph's default lets an actor name itself: the star then has n (n − 1) to spare
    assert inward.numerator / (18 * 17) == pytest.approx(0.1176470588235, abs=TEN)
    # sna's "freeman" adds both degrees of an actor: 8 at most here, over 2 (n − 1)(n − 2)
    total = [graph.in_degree(node) + graph.out_degree(node) for node in graph]
    spread = 18 * max(total) - sum(total)
    assert spread / (2 * 17 * 16) == pytest.approx(0.06617647058824, abs=TEN)
    both = co.centralization(graph, mode="betweenness", directed=True)
    assert both == pytest.approx(0.2214532871972, abs=TEN)


def test_krackhardt_s_four_dimensions_of_a_hierarchy() -> None:
    graph = campnet()
    # connectedness of sna is of the weak graph, UCINET's of the arcs
    assert co.connectedness(graph, following="weak") == 1.0
    assert co.connectedness(graph) == pytest.approx(0.67320263, abs=1e-7)  # single precision
    # efficiency: the arcs beyond the n − 1 of a tree, over those that there may be: 1 − 37 / 289
    ties = int(co.cohesion_table(graph)["value"]["ties"])
    assert 1 - (ties - 17) / (18 * 17 - 17) == pytest.approx(0.8719723183391, abs=TEN)
    # hierarchy: of the pairs of which one reaches the other, those that are not reached back. Both ways are the
    # pairs inside a strong component; of 206 ordered pairs that are reached, each of these is counted twice
    parts = co.components(graph, connection="strong").value_counts().to_numpy()
    both_ways = int((parts * (parts - 1) // 2).sum())
    reached = round(co.connectedness(graph) * 18 * 17)
    assert reached == 206
    assert 1 - both_ways / (reached - both_ways) == pytest.approx(0.5890410958904, abs=TEN)


def test_nobody_cuts_the_weak_network() -> None:
    """sna finds no cutpoint: without any one actor all the others are still linked."""
    ties = co.ties_of(campnet(), directed=False)
    without = co.without_each(campnet())
    assert len(without) == 18
    assert separations(ties.graph).parts.tolist() == [1] * 18
    for name in campnet():
        row = co.without_actor(campnet(), actor=name, group="Gender", poles=(1, 2, 3)).loc["components"]
        assert (row["with_actor"], row["without_actor"]) == (1, 1), name


def test_constraint_of_the_whole_or_of_the_neighbourhood() -> None:
    """The two models differ by design: networkx and igraph read the whole network, UCINET the neighbourhood."""
    graph = campnet()
    whole, ego = co.constraint(graph), co.constraint_ego(graph)
    assert whole["HOLLY"] == pytest.approx(0.386459345643, abs=TEN)  # igraph, directed
    assert co.constraint(graph, directed=False)["HOLLY"] == pytest.approx(
        0.3382, abs=TEN
    )  # igraph, undirected
    assert round(ego["HOLLY"], 3) == 0.436  # UCINET
    assert (ego > whole).all()  # fewer others to spread one's ties over


def test_expected_arcs_between_women_and_men() -> None:
    """Ours, by the density of the whole; 8 women and 10 men make 56, 80, 80 and 90 of the 306 possible arcs."""
    found = co.mixing_matrix(campnet(), group="Gender")
    expected = np.array([56, 80, 80, 90]) * 54 / 306
    np.testing.assert_allclose(found["expected"], expected)
    np.testing.assert_allclose(found["expected"].round(3), [9.882, 14.118, 14.118, 15.882])
    np.testing.assert_allclose(found["ratio"].round(3), [2.024, 0.283, 0.354, 1.574])
