"""Published graphs: what is known of them, in each version of the kernels; networkx looks at the copies."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from chaine_valeur import kernels
from chaine_valeur.kernels import Graph
from tests.cooperation.campnet import MIXING, WOMEN, campnet
from tests.kernels import published
from tests.kernels.published import (
    BUSINESS,
    COMPONENTS,
    DRESSING,
    INSTRUCTORS,
    KARATE,
    KITE,
    MARRIAGES,
    PATHS,
    PETERSEN,
    Published,
)
from tests.kernels.running import in_each, referee

UNDIRECTED = ("KARATE", "MARRIAGES", "BUSINESS", "KITE", "PETERSEN")
DIRECTED = ("COMPONENTS", "DRESSING", "PATHS")
CAMP = campnet()
CAMPNET = Published(list(CAMP), [(list(CAMP).index(a), list(CAMP).index(b)) for a, b in CAMP.edges])


def of(name: str) -> Published:
    found: Published = getattr(published, name)
    return found


def pairs(one: Published, found: kernels.CutElements) -> list[set[str]]:
    return [
        {one.names[a], one.names[b]}
        for a, b in zip(found.bridge_a.tolist(), found.bridge_b.tolist(), strict=True)
    ]


def steps_between(graph: Graph) -> np.ndarray:
    """Return the least steps from each node to each node."""
    return np.array([kernels.depths(graph, [node]) for node in range(graph.size)])


# -- Zachary's club -----------------------------------------------------------------------------------


def test_the_club_is_that_of_networkx() -> None:
    other = nx.karate_club_graph()
    assert {frozenset(pair) for pair in KARATE.edges} == {frozenset(pair) for pair in other.edges}
    assert {place + 1 for place, club in other.nodes(data="club") if club == "Mr. Hi"} == INSTRUCTORS


def test_degrees_in_the_club() -> None:
    graph = in_each(KARATE.graph)
    assert (graph.size, graph.n_entries) == (34, 2 * 78)
    # Zachary 1977, the rows of the matrix: the president met 17, the instructor 16
    assert graph.degree_out.tolist() == [
        16, 9, 10, 6, 3, 4, 4, 4, 5, 2, 3, 1, 2, 5, 2, 2, 2, 2, 2, 3, 2, 2, 2, 5, 3, 3, 2, 4, 3, 4, 4, 6, 12, 17,
    ]  # fmt: skip
    assert graph.degree_in.tolist() == graph.degree_out.tolist()


def test_what_holds_the_club_together() -> None:
    graph = KARATE.graph()
    assert in_each(lambda: kernels.weak_components(graph)).count == 1
    found = in_each(lambda: kernels.cut_elements(graph))
    # member 12 met the instructor only, and 5, 6, 7, 11, 17 met the others through him
    assert KARATE.told(found.articulation) == {"1"}
    assert pairs(KARATE, found) == [{"1", "12"}]
    apart = in_each(lambda: kernels.separations(graph))
    assert (apart.parts[0], apart.largest[0]) == (3, 34 - 1 - 1 - 5)
    assert apart.pairs[0] == 27 * 26 // 2 + 5 * 4 // 2  # and no pair within {12}
    assert apart.parts[1:].tolist() == [1] * 33


def test_distances_in_the_club() -> None:
    steps = in_each(lambda: steps_between(KARATE.graph()), versions=("plain", "compiled"))
    assert (steps.max(), steps.max(axis=1).min()) == (5, 3)  # diameter and radius
    assert steps.sum() / (34 * 33) == pytest.approx(2.4082, abs=5e-5)  # mean distance
    np.testing.assert_array_equal(steps, steps.T)


def test_pairs_within_and_between_the_two_clubs() -> None:
    side = np.array([int(number + 1 not in INSTRUCTORS) for number in range(34)])
    found = in_each(
        lambda: kernels.group_counts(KARATE.source, KARATE.target, group=side, n_groups=2, directed=False)
    )
    # 35 pairs within the club of the instructor, 32 within the new one; the eleven that the split cut are
    # 1-32, 2-31, 3-10, 3-28, 3-29, 3-33, 9-31, 9-33, 9-34, 14-34 and 20-34
    assert found.tolist() == [[[35, 11], [11, 32]]]


# -- the families of Florence -------------------------------------------------------------------------


def test_the_marriages_are_those_of_networkx() -> None:
    other = nx.florentine_families_graph()
    told = {frozenset((MARRIAGES.names[a], MARRIAGES.names[b])) for a, b in MARRIAGES.edges}
    assert told == {frozenset(pair) for pair in other.edges}
    assert set(MARRIAGES.names) - set(other) == {"Pucci"}  # whom nobody married
    assert MARRIAGES.names == BUSINESS.names


def test_families_married_to_others() -> None:
    graph = in_each(MARRIAGES.graph)
    degree = dict(zip(MARRIAGES.names, graph.degree_out.tolist(), strict=True))
    assert sum(degree.values()) == 2 * 20
    assert degree == {
        "Medici": 6, "Guadagni": 4, "Strozzi": 4, "Albizzi": 3, "Bischeri": 3, "Castellani": 3, "Peruzzi": 3,
        "Ridolfi": 3, "Tornabuoni": 3, "Barbadori": 2, "Salviati": 2, "Acciaiuoli": 1, "Ginori": 1,
        "Lamberteschi": 1, "Pazzi": 1, "Pucci": 0,
    }  # fmt: skip
    parts = in_each(lambda: kernels.weak_components(graph))
    assert (parts.count, parts.sizes.tolist()) == (2, [15, 1])
    assert parts.first.tolist() == [0, MARRIAGES.names.index("Pucci")]


def test_marriages_without_which_families_part() -> None:
    graph = MARRIAGES.graph()
    found = in_each(lambda: kernels.cut_elements(graph))
    assert MARRIAGES.told(found.articulation) == {"Medici", "Guadagni", "Albizzi", "Salviati"}
    # the four families of one marriage, and the Salviati, who join the Pazzi to the Medici
    assert pairs(MARRIAGES, found) == [
        {"Acciaiuoli", "Medici"}, {"Albizzi", "Ginori"}, {"Guadagni", "Lamberteschi"}, {"Medici", "Salviati"},
        {"Pazzi", "Salviati"},
    ]  # fmt: skip
    apart = in_each(lambda: kernels.separations(graph))
    of_parts = {name: int(n) for name, n in zip(MARRIAGES.names, apart.parts.tolist(), strict=True) if n != 1}
    # without the Medici: Acciaiuoli; Salviati and Pazzi; the other eleven
    assert of_parts == {"Medici": 3, "Guadagni": 2, "Albizzi": 2, "Salviati": 2, "Pucci": 0}
    medici = MARRIAGES.names.index("Medici")
    assert (apart.largest[medici], apart.pairs[medici]) == (11, 11 * 10 // 2 + 1)


def test_steps_from_the_medici() -> None:
    found = in_each(lambda: kernels.depths(MARRIAGES.graph(), MARRIAGES.at("Medici")))
    at = {d: {n for n, step in zip(MARRIAGES.names, found, strict=True) if step == d} for d in range(-1, 4)}
    assert at[1] == {"Acciaiuoli", "Albizzi", "Barbadori", "Ridolfi", "Salviati", "Tornabuoni"}
    # Albizzi: Ginori, Guadagni; Barbadori: Castellani; Ridolfi: Strozzi; Salviati: Pazzi
    assert at[2] == {"Ginori", "Guadagni", "Castellani", "Strozzi", "Pazzi"}
    assert at[3] == {"Lamberteschi", "Bischeri", "Peruzzi"}  # of Guadagni, Guadagni or Strozzi, Castellani
    assert (at[0], at[-1]) == ({"Medici"}, {"Pucci"})


def test_business() -> None:
    graph = in_each(BUSINESS.graph)
    assert graph.n_entries == 2 * 15
    parts = in_each(lambda: kernels.weak_components(graph))
    assert sorted(parts.sizes.tolist()) == [1, 1, 1, 1, 1, 11]
    found = in_each(lambda: kernels.cut_elements(graph))
    # the Medici hold Pazzi, Salviati and Tornabuoni; they and the Ginori hang on the Barbadori
    assert BUSINESS.told(found.articulation) == {"Medici", "Barbadori"}
    assert pairs(BUSINESS, found) == [{"Medici", "Pazzi"}, {"Medici", "Salviati"}, {"Medici", "Tornabuoni"}]
    apart = in_each(lambda: kernels.separations(graph))
    medici, barbadori = BUSINESS.at("Medici", "Barbadori")
    # without the Barbadori: the Medici, their three and the Ginori; the other five
    assert (apart.parts[medici], apart.largest[medici], apart.pairs[medici]) == (4, 7, 21)
    assert (apart.parts[barbadori], apart.largest[barbadori], apart.pairs[barbadori]) == (2, 5, 10 + 10)


def test_both_layers_side_by_side() -> None:
    """Marriages and business as two blocks: each has the figures that it has alone."""
    source = np.concatenate([MARRIAGES.source, BUSINESS.source + 16])
    target = np.concatenate([MARRIAGES.target, BUSINESS.target + 16])
    block = np.repeat([0, 1], 16)
    graph = Graph.of(source, target, size=32, directed=False)
    parts = in_each(lambda: kernels.weak_components(graph))
    assert parts.per_block(block, n_blocks=2).tolist() == [2, 6]
    assert parts.largest(block, n_blocks=2).tolist() == [15, 11]
    found = in_each(lambda: kernels.cut_elements(graph))
    assert np.bincount(block[found.articulation]).tolist() == [4, 2]
    assert np.bincount(block[found.bridge_a]).tolist() == [5, 3]
    # eight pairs of families are tied in both ways
    married = {frozenset(pair) for pair in MARRIAGES.edges}
    assert len(married & {frozenset(pair) for pair in BUSINESS.edges}) == 8
    keys = np.concatenate([np.minimum(one.source, one.target) * 16 + np.maximum(one.source, one.target)
                           for one in (MARRIAGES, BUSINESS)])  # fmt: skip
    union = kernels.distinct_at(np.zeros(35, dtype=int), keys, size=1, n_codes=256)
    assert union.tolist() == [20 + 15 - 8]


# -- the kite, the Petersen graph, the camp ------------------------------------------------------------


def test_the_kite() -> None:
    graph = in_each(KITE.graph)
    # Krackhardt 1990: Diane knows most, Heather is between, Fernando and Garth are closest to all
    assert dict(zip(KITE.names, graph.degree_out.tolist(), strict=True)) == {
        "Andre": 4, "Beverley": 4, "Carol": 3, "Diane": 6, "Ed": 3, "Fernando": 5, "Garth": 5, "Heather": 3,
        "Ike": 2, "Jane": 1,
    }  # fmt: skip
    found = in_each(lambda: kernels.cut_elements(graph))
    assert KITE.told(found.articulation) == {"Heather", "Ike"}
    assert pairs(KITE, found) == [{"Heather", "Ike"}, {"Ike", "Jane"}]
    far = steps_between(graph).sum(axis=1)
    # closeness 9 / Σ steps: 0.643 of Fernando and Garth, 0.600 of Diane and Heather
    assert (9 / far[KITE.at("Fernando", "Garth", "Diane", "Heather")]).round(3).tolist() == [
        0.643,
        0.643,
        0.6,
        0.6,
    ]


def test_the_petersen_graph() -> None:
    graph = in_each(PETERSEN.graph)
    assert graph.degree_out.tolist() == [3] * 10
    found = in_each(lambda: kernels.cut_elements(graph))
    assert not found.articulation.any() and not len(found.bridge_a)  # it is 3-connected
    # 3 neighbours, 6 at two steps: its diameter is 2
    assert all(np.bincount(kernels.depths(graph, [node])).tolist() == [1, 3, 6] for node in range(graph.size))
    apart = in_each(lambda: kernels.separations(graph))
    assert apart.pairs.tolist() == [9 * 8 // 2] * 10


def test_the_camp_by_gender_is_that_of_ucinet() -> None:
    women = np.array([0 if name in WOMEN else 1 for name in CAMPNET.names])
    found = in_each(lambda: kernels.group_counts(CAMPNET.source, CAMPNET.target, group=women, n_groups=2))
    assert found.tolist() == [MIXING]
    arcs = CAMPNET.graph(directed=True)
    assert arcs.degree_out.tolist() == [3] * 18  # each names three
    both = arcs.entry(arcs.indices, arcs.rows()) >= 0  # the arc turned round is there too
    assert both.sum() / arcs.n_entries == pytest.approx(0.7037037, abs=1e-7)  # UCINET: arc reciprocity
    named = CAMPNET.graph()
    # UCINET: 19 mutual dyads and 16 one-way ones, 0.12418301 and 0.10457516 of 153
    assert (int(both.sum()) // 2, named.n_entries // 2) == (19, 19 + 16)


# -- directed graphs of a textbook --------------------------------------------------------------------


def test_strong_components_of_the_figure() -> None:
    graph = COMPONENTS.graph(directed=True)
    found = in_each(lambda: kernels.strong_components(graph))
    sets = [
        {name for name, label in zip(COMPONENTS.names, found.label, strict=True) if label == k}
        for k in range(4)
    ]
    assert sets == [{"a", "b", "e"}, {"c", "d"}, {"f", "g"}, {"h"}]
    small = in_each(lambda: kernels.condensed(graph, found))
    # abe → cd, fg; cd → fg, h; fg → h
    assert list(zip(small.rows().tolist(), small.indices.tolist(), strict=True)) == [
        (0, 1), (0, 2), (1, 2), (1, 3), (2, 3)
    ]  # fmt: skip
    layer = in_each(lambda: kernels.layers(graph))
    assert layer.tolist() == [0, 0, 1, 1, 0, 2, 2, 3]
    assert COMPONENTS.told(in_each(lambda: kernels.reached(graph, COMPONENTS.at("f")))) == set("fgh")


def test_layers_of_a_man_who_dresses() -> None:
    layer = in_each(lambda: kernels.layers(DRESSING.graph(directed=True)))
    assert dict(zip(DRESSING.names, layer.tolist(), strict=True)) == {
        "undershorts": 0, "shirt": 0, "socks": 0, "watch": 0,
        "pants": 1, "tie": 1, "belt": 2, "shoes": 2, "jacket": 3,
    }  # fmt: skip


def test_paths_of_the_exercise() -> None:
    found = in_each(
        lambda: kernels.path_counts(PATHS.graph(directed=True), sources=PATHS.at("p"), targets=PATHS.at("v"))
    )
    through = dict(zip(PATHS.names, found.through.tolist(), strict=True))
    # four of them: pov, poryv, posryv, psryv
    assert {name: n for name, n in through.items() if n} == {"p": 4, "o": 3, "s": 2, "r": 3, "y": 3, "v": 4}
    assert found.arriving[PATHS.at("v")].tolist() == [4]


def test_concentration_of_the_guidelines() -> None:
    # U.S. Department of Justice, Horizontal Merger Guidelines (2010), 5.3: shares of 30, 30, 20 and 20 % make 2 600
    shares = [30.0, 30.0, 20.0, 20.0]
    found = in_each(lambda: kernels.herfindahl([0] * 4, range(4), shares, size=1, n_parts=4))
    assert 10_000 * found[0] == pytest.approx(2600, rel=1e-12)
    # the first two merge: twice 30 × 30 more
    merged = in_each(lambda: kernels.herfindahl([0] * 4, [0, 0, 2, 3], shares, size=1, n_parts=4))
    assert 10_000 * (merged[0] - found[0]) == pytest.approx(2 * 30 * 30, rel=1e-12)


# -- networkx looks at all of them --------------------------------------------------------------------


@pytest.mark.parametrize("name", UNDIRECTED)
def test_networkx_sees_the_same_cuts_and_distances(name: str) -> None:
    one = of(name)
    other = referee(one.size, one.source, one.target, kind=nx.Graph)
    graph = one.graph()
    found = in_each(lambda: kernels.cut_elements(graph))
    assert set(np.flatnonzero(found.articulation).tolist()) == set(nx.articulation_points(other))
    bridges = {(min(pair), max(pair)) for pair in nx.bridges(other)}
    assert set(zip(found.bridge_a.tolist(), found.bridge_b.tolist(), strict=True)) == bridges
    steps = steps_between(graph)
    for node, far in nx.all_pairs_shortest_path_length(other):
        assert {place: int(steps[node, place]) for place in far} == far
        assert (steps[node] >= 0).sum() == len(far)


@pytest.mark.parametrize("name", DIRECTED)
def test_networkx_sees_the_same_order(name: str) -> None:
    one = of(name)
    other = referee(one.size, one.source, one.target)
    graph = one.graph(directed=True)
    parts = in_each(lambda: kernels.strong_components(graph))
    assert parts.count == nx.number_strongly_connected_components(other)
    small = kernels.condensed(graph, parts)
    assert nx.dag_longest_path_length(referee(small.size, small.rows(), small.indices)) == int(
        kernels.layers(graph).max()
    )
    for node in range(one.size):
        mask = in_each(lambda node=node: kernels.reached(graph, [node], backward=True))
        assert set(np.flatnonzero(mask).tolist()) == nx.ancestors(other, node) | {node}
