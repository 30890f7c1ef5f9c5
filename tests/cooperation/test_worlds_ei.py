"""The E-I index: three readings, its bounds, by block, and the range that density and sizes leave it."""

from __future__ import annotations

import time
from itertools import product
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.ties.partition import Blocks
from chaine_valeur.analysis.cooperation.worlds.ei_core import measure_of_reading
from chaine_valeur.analysis.cooperation.worlds.ei_index import (
    ei_index,
    ei_index_arcs,
    ei_index_arcs_measure,
    ei_index_measure,
    ei_index_weighted,
    ei_index_weighted_measure,
)
from chaine_valeur.analysis.cooperation.worlds.ei_range import ei_index_by_block, ei_range
from chaine_valeur.analysis.cooperation.worlds.sides import Reading
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.network import Ties
from tests.cooperation.campnet import campnet
from tests.cooperation.hand import TABLES, by_hand, nobody_asked
from tests.cooperation.random_ties import completions, layers
from tests.cooperation.test_referee import large
from tests.cooperation.worlds import POLES, counted, filiere_of, in_blocks, index_of, random_blocks

NAN = float("nan")
BLOCKS = st.lists(st.sampled_from(POLES[:3]), min_size=5, max_size=5)
BLOCKS_OR_NONE = st.lists(st.sampled_from([*POLES[:2], None]), min_size=5, max_size=5)


def with_intensities() -> Any:
    """Return the hand-computed filière, with the intensity of some of its ties."""
    said = {
        "c1": "information",  # Filature and Mairie, parallel to c10
        "c10": "agreement",
        "c2": "contract",  # Mairie and Relais; c3, the way back, says nothing
        "c5": "joint_action",  # Atelier and Mairie
        "c7": "agreement",  # Agglo and Ressourcerie
    }
    rows = TABLES["cooperations"]
    intensity = [said.get(row) for row in rows["cooperation_id"]]
    return by_hand(cooperations={**rows, "intensity": intensity})


# published


def test_campnet_in_three_readings() -> None:
    # UCINET, homophily by gender: E-I −0.667, of 9 arcs between and 45 within; symmetrised, 7 and 28
    graph = campnet()
    arcs, edges = (of(graph, group="Gender") for of in (ei_index_arcs_measure, ei_index_measure))
    assert arcs.value == pytest.approx(-0.667, abs=5e-4)
    assert (arcs.numerator, arcs.denominator) == (9 - 45, 54)
    assert edges.value == pytest.approx(-0.6)
    assert (edges.numerator, edges.denominator) == (7 - 28, 35)
    assert ei_index_arcs(graph, group="Gender") == arcs.value == arcs.low == arcs.high
    assert ei_index(graph, by="Gender") == edges.value == edges.low == edges.high
    nx.set_edge_attributes(graph, dict.fromkeys(graph.edges(), 2.0), "weight")  # all as strong: as arcs
    assert ei_index_weighted(graph, group="Gender") == pytest.approx(arcs.value)
    assert ei_index_weighted(graph, group="Gender", directed=False) == pytest.approx(edges.value)


def test_campnet_by_block() -> None:
    # 12 symmetrised ties among the women and 16 among the men, 7 between: (7 − 12)/19, (7 − 16)/23
    frame = ei_index_by_block(campnet(), group="Gender")
    assert frame.index.tolist() == [1, 2]
    assert frame.index.name == "group"
    assert frame.columns.tolist() == ["label", "actors", "external", "internal", "unplaced", "ei_index",
                                      "low", "high"]  # fmt: skip
    assert frame["actors"].tolist() == [8, 10]
    assert frame["external"].tolist() == [7, 7]
    assert frame["internal"].tolist() == [12, 16]
    assert frame["unplaced"].tolist() == [0, 0]
    np.testing.assert_allclose(frame["ei_index"], [-0.2631578947368421, -0.391304347826087])
    np.testing.assert_array_equal(frame["low"], frame["ei_index"])
    np.testing.assert_array_equal(frame["high"], frame["ei_index"])
    # 20 arcs within the women, 25 within the men, 9 between
    arcs = ei_index_by_block(campnet(), group="Gender", variant="arcs")
    np.testing.assert_allclose(arcs["ei_index"], [(9 - 20) / 29, (9 - 25) / 34])


def test_range_of_campnet() -> None:
    # 35 ties fit within blocks (28 + 45 pairs) and between them (80): the whole range is free
    found = ei_range(campnet(), group="Gender")
    assert (found.low, found.high, found.ties) == (-1, 1, 35)
    assert (found.possible_external, found.possible_internal) == (80, 73)
    assert found.observed == found.rescaled == pytest.approx(-0.6)
    assert found.note == ""
    arcs = ei_range(campnet(), group="Gender", variant="arcs")
    assert (arcs.ties, arcs.possible_external, arcs.possible_internal) == (54, 160, 146)
    assert arcs.rescaled == pytest.approx(-2 / 3)


# by hand


def test_by_pole_everything_is_external() -> None:
    # none of the six ties joins two actors of one college. The three pairs within one are documented
    # (Filature and Atelier apart, Mairie and Relais were asked): whatever the seven others are, +1
    f = by_hand()
    measure = ei_index_measure(f, by="pole", lang="en")
    assert (measure.value, measure.low, measure.high) == (1, 1, 1)
    assert (measure.numerator, measure.denominator, measure.n_unknown) == (6, 6, 7)
    assert measure.note == "ties between different categories: 6, within the same one: 0"
    assert ei_index(f, by="pole") == 1
    assert measure.rows["actors"] == ("mairie", "relais")
    assert {"c1", "c8", "c9"} <= set(measure.rows["cooperations"])
    french = ei_index_measure(f, by="pole").note
    assert french == "liens entre catégories différentes\u00a0: 6, au sein d’une même catégorie\u00a0: 0"


def test_by_commune_some_actors_have_none() -> None:
    # Lillebonne: Filature, Atelier; Bolbec: Mairie, Relais; Caen: Agglo; Ressourcerie and Labo nowhere.
    # Between: Filature–Mairie, Filature–Relais, Atelier–Mairie, Agglo–Atelier; within: Mairie–Relais;
    # left out: Agglo–Ressourcerie. Undocumented: Filature–Agglo between; six with an actor from nowhere
    measure = ei_index_measure(by_hand(), by="commune", lang="en")
    assert measure.value == pytest.approx((4 - 1) / 5)
    assert measure.high == pytest.approx((4 + 1 + 1 + 6 - 1) / 13)
    assert measure.low == pytest.approx((4 - 1 - 1 - 6) / 12)
    assert measure.n_unknown == 7 + 1
    assert measure.note.endswith("; 1 tie left out, an actor of which has no stated category")
    frame = ei_index_by_block(by_hand(), by="commune", lang="en")
    assert frame.index.tolist() == ["76384", "76114", "Caen"]
    assert frame["label"].tolist() == ["Lillebonne", "Bolbec", "Caen"]
    assert frame["external"].tolist() == [4, 3, 1]
    assert frame["internal"].tolist() == [0, 1, 0]
    assert frame["unplaced"].tolist() == [0, 0, 1]
    assert frame["ei_index"].tolist() == [1, 0.5, 1]
    # with those from nowhere, who may prove neighbours: Lillebonne has four undocumented pairs, Caen a tie and
    # the pair with Labo
    assert frame["low"].tolist() == pytest.approx([(4 - 4) / 8, 0.5, (1 - 1 - 1) / 3])
    assert frame["high"].tolist() == [1, 0.5, 1]


def test_by_strength() -> None:
    # stated between: Filature–Mairie 3 (the stronger of 1 and 3), Atelier–Mairie 2; within: Mairie–Relais 4;
    # nowhere: Agglo–Ressourcerie 3; not stated, between: Filature–Relais, Agglo–Atelier, at least 1 each
    measure = ei_index_weighted_measure(with_intensities(), by="commune", lang="en")
    assert measure.value == pytest.approx((7 - 4) / 11)
    assert (measure.numerator, measure.denominator) == (3, 11)
    assert measure.note == (
        "strength of the ties between different categories: 7, within the same one: 4; "
        "1 tie left out, an actor of which has no stated category"
    )
    # most: 5 + 2 · 4 unstated + 1 · 4 undocumented + (3 + 6 · 4) from nowhere, against 4
    assert measure.high == pytest.approx((44 - 4) / 48)
    # least: 7, against 4 + 27
    assert measure.low == pytest.approx((7 - 31) / 38)
    assert measure.n_unknown == 7 + 1 + 2  # pairs, a tie of nowhere, two strengths
    assert ei_index_weighted(with_intensities(), by="commune") == measure.value
    frame = ei_index_by_block(with_intensities(), by="commune", variant="weighted")
    assert frame["external"].tolist() == [7, 6, 1]
    assert frame["internal"].tolist() == [0, 4, 0]
    assert frame["unplaced"].tolist() == [0, 0, 3]
    assert frame["ei_index"].tolist() == pytest.approx([1, 0.2, 1])


def test_no_strength_is_stated() -> None:
    # ties, but not one intensity: between 1 and 4 each
    measure = ei_index_weighted_measure(by_hand(), by="commune", lang="en")
    assert np.isnan([measure.value, measure.numerator, measure.denominator]).all()
    assert measure.note.startswith("no known tie whose strength is stated; 1 tie left out")
    # most: 4 · 4 known, 4 undocumented, 7 · 4 from nowhere, against the one tie within at 1
    assert measure.high == pytest.approx((16 + 4 + 28 - 1) / 49)
    frame = ei_index_by_block(by_hand(), by="commune", variant="weighted")
    assert frame["ei_index"].isna().all()
    assert frame["high"].iloc[0] == 1


def test_one_kind_one_year_some_actors() -> None:
    f = by_hand()
    # support: Mairie and Relais only
    assert ei_index_measure(f, by="pole", kind="support").denominator == 1
    assert ei_index_measure(f, by="pole", kind=["support", "research"]).denominator == 2
    assert ei_index(f, by="pole", year=2022) == 1
    three = ei_index_measure(f, by="pole", actors=["filature", "mairie", "relais"])
    assert (three.value, three.denominator, three.n_unknown) == (1, 3, 0)
    assert three.rows["actors"] == ("mairie", "relais")
    # in 2010 the tie of Labo, ended in 2015, still counts
    assert ei_index_measure(f, by="pole", year=2010).denominator == 7
    # Agglo funds Atelier one way; the five others go both ways, support between Mairie and Relais twice told
    assert ei_index_arcs_measure(f, by="pole").denominator == 11


def test_range_by_hand() -> None:
    # by college, six ties over 3 pairs within and 18 between: three at least are external
    found = ei_range(by_hand(), by="pole")
    assert (found.ties, found.possible_external, found.possible_internal) == (6, 18, 3)
    assert (found.low, found.high) == (0, 1)
    assert (found.observed, found.rescaled) == (1, 1)


@pytest.mark.parametrize(
    ("ties", "low", "high"),
    [
        # x: a, b, c; y: d. Three pairs within, three between
        ("ab ad", -1, 1),  # two ties fit on either side
        ("ab bc ca ad", (1 - 3) / 4, (3 - 1) / 4),  # the fourth goes to the other side
        ("ab bc ca ad bd", (2 - 3) / 5, (3 - 2) / 5),
    ],
)
def test_range_of_a_small_graph(ties: str, low: float, high: float) -> None:
    graph: nx.Graph = nx.Graph()
    graph.add_nodes_from("abcd")
    graph.add_edges_from((tie[0], tie[1]) for tie in ties.split())
    found = ei_range(in_blocks(graph, "xxxy"), group="block")
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.rescaled == pytest.approx(2 * (found.observed - low) / (high - low) - 1)


def test_a_range_that_is_a_point() -> None:
    # all six pairs are tied: four between, two within, whatever one does
    found = ei_range(in_blocks(nx.complete_graph(4), "xxyy"), group="block", lang="en")
    assert found.observed == found.low == found.high == pytest.approx(1 / 3)
    assert np.isnan(found.rescaled)
    assert found.note == "as many ties among categories of these sizes leave a single value of the index"


# undefined


def test_no_index() -> None:
    few = in_blocks(nx.empty_graph(3), "xxy")
    single = in_blocks(nx.path_graph(3), "xxx")
    nobody = in_blocks(nx.path_graph(2), ["x", None])
    nx.set_node_attributes(nobody, {0: None, 1: None}, "block")
    cases = {
        "no known tie between actors whose category is known": few,
        "a single category: no tie could go out of it": single,
    }
    for reason, graph in cases.items():
        for of in (ei_index_measure, ei_index_arcs_measure, ei_index_weighted_measure):
            measure = of(graph, group="block", lang="en")
            assert np.isnan([measure.value, measure.low, measure.high]).all()
            assert measure.note == reason
        found = ei_range(graph, group="block", lang="en")
        assert np.isnan([found.observed, found.low, found.high, found.rescaled]).all()
        assert found.note == reason
        assert ei_index_by_block(graph, group="block")["ei_index"].isna().all()
    with pytest.raises(UnknownNameError, match="no node has an attribute 'block'"):
        ei_index(nobody, group="block")


def test_nobody_asked() -> None:
    # no tie is known and all 21 pairs are open, three of them within a college: nothing can be said
    measure = ei_index_measure(nobody_asked(), by="pole", lang="en")
    assert np.isnan(measure.value)
    assert (measure.low, measure.high, measure.n_unknown) == (-1, 1, 21)
    assert measure.note == "no known tie between actors whose category is known"


def test_only_one_side_is_open() -> None:
    # two enterprises nobody asked and an elected body that was: only the pair of enterprises is open
    f = by_hand(
        actors={
            "name": ["A", "B", "M"],
            "pole": ["enterprise", "enterprise", "elected"],
            "surveyed_on": [None, None, "2022-01-01"],
        },
        cooperations=None, activities=None, flows=None, groups=None, memberships=None,
    )  # fmt: skip
    measure = ei_index_measure(f, by="pole")
    assert np.isnan(measure.value)
    assert (measure.low, measure.high) == (-1, -1)
    frame = ei_index_by_block(f, by="pole")
    assert frame["low"].tolist()[:1] == frame["high"].tolist()[:1] == [-1]
    assert frame[["ei_index", "low", "high"]].iloc[1].isna().all()


def test_degenerate_graphs() -> None:
    loops = in_blocks(nx.MultiDiGraph([("a", "a"), ("a", "b"), ("a", "b"), ("b", "a"), ("b", "c")]), "xxy")
    assert ei_index_measure(loops, group="block").denominator == 2
    assert ei_index_arcs_measure(loops, group="block").denominator == 3
    one = in_blocks(nx.empty_graph(1), "x")
    assert np.isnan(ei_index(one, group="block"))
    nothing: nx.Graph = nx.Graph()
    assert np.isnan(ei_index(nothing, group="block"))
    frame = ei_index_by_block(nothing, group="block")
    assert len(frame) == 0
    assert frame.columns.tolist()[-3:] == ["ei_index", "low", "high"]
    assert ei_index(in_blocks(nx.path_graph(2), "xy"), group="block") == 1  # blocks of one actor each


def test_unstated_strengths_of_a_graph() -> None:
    graph = in_blocks(nx.path_graph(4), "xxyy")
    nx.set_edge_attributes(graph, {(0, 1): 3, (1, 2): 1}, "weight")
    measure = ei_index_weighted_measure(graph, group="block", lang="en")
    assert (measure.value, measure.n_unknown) == (-0.5, 1)
    assert np.isnan([measure.low, measure.high]).all()
    nothing = ei_index_weighted_measure(graph, group="block", weight="force", lang="en")
    assert np.isnan(nothing.value)
    assert nothing.note == "no known tie whose strength is stated"
    nx.set_edge_attributes(graph, {(2, 3): -1}, "weight")
    with pytest.raises(ArgumentError, match="the tie of 2 and 3 has the strength -1"):
        ei_index_weighted(graph, group="block")


def test_errors() -> None:
    with pytest.raises(ValueError, match="group="):
        ei_index(campnet())
    with pytest.raises(ArgumentError, match="variant='weighted' is not one of edges, arcs"):
        ei_range(campnet(), group="Gender", variant="weighted")
    with pytest.raises(ArgumentError, match="variant='edge' is not one of edges, arcs, weighted"):
        ei_index_by_block(campnet(), group="Gender", variant="edge")
    with pytest.raises(UnknownNameError):
        ei_index(by_hand(), by="pole", actors=["nobody"])


# properties and referees


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_a_plain_loop(seed: int, directed: bool) -> None:
    graph = random_blocks(seed, directed=directed)
    block = dict(graph.nodes(data="block"))
    assert ei_index_arcs(graph, group="block") == pytest.approx(
        index_of(*counted(graph.to_directed(), block)), nan_ok=True
    )
    edges = graph.to_undirected()
    assert ei_index(graph, group="block") == pytest.approx(index_of(*counted(edges, block)), nan_ok=True)
    frame = ei_index_by_block(graph, group="block")
    for name, row in frame.iterrows():
        touching = [(a, b) for a, b in edges.edges() if name in (block[a], block[b])]
        internal = sum(block[a] == block[b] for a, b in touching)
        assert (row["external"], row["internal"]) == (len(touching) - internal, internal)


@pytest.mark.parametrize("seed", range(4))
def test_strengths_in_a_plain_loop(seed: int) -> None:
    graph = random_blocks(seed, directed=False)
    rng = np.random.default_rng(seed)
    forces = {edge: float(rng.integers(0, 9)) / 2 for edge in graph.edges()}
    nx.set_edge_attributes(graph, forces, "force")
    block = dict(graph.nodes(data="block"))
    sums = {True: 0.0, False: 0.0}
    for (a, b), force in forces.items():
        sums[block[a] == block[b]] += force
    found = ei_index_weighted_measure(graph, group="block", weight="force")
    assert found.value == pytest.approx(index_of(sums[False], sums[True]))
    assert found.low == found.value == found.high


@pytest.mark.parametrize("directed", [False, True])
def test_bounds_are_reached(directed: bool) -> None:
    """Over every completion, of the whole network and of each block."""

    @given(layers(directed=directed, most=4 if directed else 5), BLOCKS)
    @settings(max_examples=30, deadline=None)
    def check(ties: Ties, poles: list[str]) -> None:
        f = filiere_of(ties, poles)
        measure = (ei_index_arcs_measure if directed else ei_index_measure)(f, by="pole")
        block = dict(enumerate(poles[: ties.size]))
        values: list[float] = []
        of_blocks: dict[str, list[float]] = {name: [] for name in set(block.values())}
        for graph in completions(ties):
            values.append(index_of(*counted(graph, block)))
            for name, found in of_blocks.items():
                touching = graph.edge_subgraph(
                    edge for edge in graph.edges() if name in (block[edge[0]], block[edge[1]])
                )
                found.append(index_of(*counted(touching, block)))
        if len(of_blocks) < 2:
            assert np.isnan([measure.value, measure.low, measure.high]).all()
            return
        assert_extremes(measure.low, measure.high, values)
        assert values[0] == pytest.approx(measure.value, nan_ok=True)  # the first has none of them tied
        frame = ei_index_by_block(f, by="pole", variant="arcs" if directed else "edges")
        for name, found in of_blocks.items():
            assert_extremes(frame.loc[name, "low"], frame.loc[name, "high"], found)
            assert found[0] == pytest.approx(frame.loc[name, "ei_index"], nan_ok=True)

    check()


def assert_extremes(low: float, high: float, values: list[float]) -> None:
    defined = [value for value in values if value == value]
    expected = (min(defined), max(defined)) if defined else (NAN, NAN)
    assert (low, high) == pytest.approx(expected, nan_ok=True)


@given(layers(directed=False, most=5), BLOCKS_OR_NONE)
@settings(max_examples=25, deadline=None)
def test_bounds_hold_whatever_the_unknown_blocks_are(ties: Ties, poles: list[str | None]) -> None:
    poles = poles[: ties.size]
    measure = ei_index_measure(filiere_of(ties, poles), by="pole")
    if len({pole for pole in poles if pole}) < 2:
        assert np.isnan(measure.low)
        return
    unknown = [place for place, pole in enumerate(poles) if pole is None]
    for guess in product(POLES[:2], repeat=len(unknown)):
        block = {**dict(enumerate(poles)), **dict(zip(unknown, guess, strict=True))}
        for graph in completions(ties):
            value = index_of(*counted(graph, block))
            assert value != value or measure.low - 1e-12 <= value <= measure.high + 1e-12


def test_bounds_by_strength_are_reached() -> None:
    # A–B stated 2, within; A–C not stated, between; B–C nobody knows, between
    f = by_hand(
        actors={"name": ["A", "B", "C"], "pole": ["ess", "ess", "elected"]},
        cooperations={
            "actor_id": ["A", "A"],
            "to_actor_id": ["B", "C"],
            "intensity": ["joint_action", None],
        },
        activities=None, flows=None, groups=None, memberships=None,
    )  # fmt: skip
    measure = ei_index_weighted_measure(f, by="pole")
    values = [index_of(stated + open_pair, 2) for stated in (1, 2, 3, 4) for open_pair in (0, 1, 2, 3, 4)]
    assert (measure.low, measure.high) == pytest.approx((min(values), max(values)))
    assert measure.value == pytest.approx(-1 / 3)  # what is not stated counts for 1
    assert measure.n_unknown == 2


@given(st.integers(0, 50), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_names_change_nothing(seed: int, shuffle: Any) -> None:
    graph = random_blocks(seed, directed=True)
    names = [f"n{node}" for node in graph]
    shuffle.shuffle(names)
    other = nx.relabel_nodes(graph, dict(zip(graph, names, strict=True)))
    for of in (ei_index, ei_index_arcs):
        assert of(graph, group="block") == pytest.approx(of(other, group="block"), nan_ok=True)
    one, same = ei_range(graph, group="block"), ei_range(other, group="block")
    assert (one.rescaled, one.low) == pytest.approx((same.rescaled, same.low), nan_ok=True)
    if one.low < one.high:
        assert -1 <= one.rescaled <= 1
        assert one.low <= one.observed <= one.high


def test_the_graph_is_left_as_it_was() -> None:
    graph, before = campnet(), campnet()
    ei_index(graph, group="Gender"), ei_range(graph, group="Gender")
    ei_index_by_block(graph, group="Gender"), ei_index_weighted(graph, group="Gender")
    assert nx.utils.graphs_equal(graph, before)


@pytest.mark.parametrize("directed", [False, True])
def test_a_hundred_thousand_actors(directed: bool) -> None:
    size = 100_000
    ties = large(size, 500_000, directed=directed)
    codes = np.random.default_rng(2).integers(0, 6, size).astype(np.int32)
    blocks = Blocks(codes, list("abcdef"), list("abcdef"))
    reading = Reading(nx.Graph(), ties, blocks, 6, None, (1.0, 1.0))
    started = time.process_time()
    measure = measure_of_reading(reading, "en")
    assert time.process_time() - started < 1  # 0.02 s on an idle core
    assert measure.numerator == 2 * int((codes[ties.a] != codes[ties.b]).sum()) - len(ties.a)
    assert measure.low < measure.value < measure.high
    pairs = pd.Series(codes[~ties.asked]).value_counts().to_numpy().astype(np.int64)
    assert 0 < measure.n_unknown <= int(pairs.sum()) ** 2


def test_many_blocks_cost_no_matrix() -> None:
    """A block per actor: as a matrix between blocks it would take eighty gigabytes."""
    size = 100_000
    ties = large(size, 200_000, directed=False)
    names = [str(place) for place in range(size)]
    reading = Reading(
        nx.Graph(), ties, Blocks(np.arange(size, dtype=np.int32), names, names), size, None, (1.0, 1.0)
    )
    assert measure_of_reading(reading, "en").value == 1
