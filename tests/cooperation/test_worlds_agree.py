"""The measures between worlds agree with one another, whatever they are read from."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis.cooperation.worlds.blocks import block_density
from chaine_valeur.analysis.cooperation.worlds.composition import composition, iqv_measure
from chaine_valeur.analysis.cooperation.worlds.ei_index import (
    ei_index,
    ei_index_arcs,
    ei_index_measure,
    ei_index_weighted,
    ei_index_weighted_measure,
)
from chaine_valeur.analysis.cooperation.worlds.ei_range import ei_index_by_block, ei_range
from chaine_valeur.analysis.cooperation.worlds.homophily import assortativity, homophily_table
from chaine_valeur.analysis.cooperation.worlds.mixing import mixing_matrix
from chaine_valeur.analysis.cooperation.worlds.neighbourhood import neighbourhood_diversity
from chaine_valeur.analysis.cooperation.worlds.permutation import ei_test
from chaine_valeur.analysis.cooperation.worlds.valued import valued_block_density
from chaine_valeur.io.graph import to_networkx
from tests.cooperation.hand import by_hand
from tests.cooperation.random_filiere import random_filiere
from tests.cooperation.test_worlds_ei import with_intensities
from tests.cooperation.worlds import counted, in_blocks, index_of, random_blocks

SEEDS = range(5)


def same(one: Any, other: Any) -> None:
    """Assert that two results are the same, with NaN where NaN is."""
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other)
    else:
        assert repr(one) == repr(other)


# one measure from another


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_blocks_mixing_and_index_count_the_same_ties(seed: int, directed: bool) -> None:
    graph = random_blocks(seed, directed=directed, blocks=["x", "y", "z", None])
    blocks, mixed = block_density(graph, group="block"), mixing_matrix(graph, group="block")
    pd.testing.assert_series_equal(blocks["ties"], mixed["observed"], check_names=False)
    for column in ("group", "to_group", "group_label", "to_group_label", "possible", "documented"):
        pd.testing.assert_series_equal(blocks[column], mixed[column])
    # a ratio to the expected under one density is a ratio of densities
    whole = graph.number_of_edges() / blocks["possible"].sum()
    np.testing.assert_allclose(mixed["ratio"], blocks["density"] / whole)
    known = blocks[blocks["group"].notna() & blocks["to_group"].notna()]
    within = known["group"] == known["to_group"]
    expected = index_of(known.loc[~within, "ties"].sum(), known.loc[within, "ties"].sum())
    index = ei_index_arcs if directed else ei_index
    assert index(graph, group="block") == pytest.approx(expected)


@pytest.mark.parametrize("variant", ["edges", "arcs", "weighted"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_blocks_add_up_to_the_whole(seed: int, variant: str) -> None:
    graph = random_blocks(seed, directed=True, blocks=["x", "y", "z", None])
    rng = np.random.default_rng(seed)
    strengths = {edge: float(rng.integers(1, 5)) for edge in graph.edges()}
    nx.set_edge_attributes(graph, strengths, "weight")
    of = {"edges": ei_index, "arcs": ei_index_arcs, "weighted": ei_index_weighted}[variant]
    frame = ei_index_by_block(graph, group="block", variant=variant)
    # what is external stands in two blocks
    whole = index_of(frame["external"].sum() / 2, frame["internal"].sum())
    assert of(graph, group="block") == pytest.approx(whole)
    np.testing.assert_allclose(
        frame["ei_index"].dropna(),
        ((frame["external"] - frame["internal"]) / (frame["external"] + frame["internal"])).dropna(),
    )
    assert frame["actors"].tolist() == composition(graph, group="block")["actors"].tolist()[: len(frame)]


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_homophily_is_the_index_read_the_other_way(seed: int, directed: bool) -> None:
    graph = random_blocks(seed, directed=directed)
    table = homophily_table(graph, group="block")
    assert table.loc["h", "value"] == pytest.approx((1 - table.loc["ei_index", "value"]) / 2)
    variant = "arcs" if directed else "edges"
    test = ei_test(graph, group="block", variant=variant, draws=20)
    assert table.loc["ei_index", "value"] == pytest.approx(test.observed)
    # what sizes alone would give is what permuting the labels gives
    expected = table.loc["h", "value"] - table.loc["h_star", "value"]
    assert expected == pytest.approx((1 - test.expected) / 2)
    chance = table.loc["h", "value"] - table.loc["modularity", "value"]
    assert table.loc["assortativity", "value"] == pytest.approx(
        table.loc["modularity", "value"] / (1 - chance)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_directed_graph_turned_round(seed: int) -> None:
    graph = random_blocks(seed, directed=True)
    back = nx.reverse(graph)
    for of in (ei_index, ei_index_arcs, assortativity):
        assert of(back, group="block") == pytest.approx(of(graph, group="block"))
    one, other = (
        mixing_matrix(each, group="block").set_index(["group", "to_group"]) for each in (graph, back)
    )
    for name, to_name in one.index:
        assert one.loc[(name, to_name), "ratio"] == pytest.approx(other.loc[(to_name, name), "ratio"])
    same(neighbourhood_diversity(graph, group="block"), neighbourhood_diversity(back, group="block"))


@pytest.mark.parametrize("seed", SEEDS)
def test_an_undirected_graph_told_twice(seed: int) -> None:
    """Parallel ties, loops and both directions change nothing of an undirected reading."""
    graph = random_blocks(seed, directed=False)
    twice: nx.MultiDiGraph = nx.MultiDiGraph(graph.to_directed())
    twice.add_edges_from([(b, a) for a, b in graph.edges()])
    twice.add_edges_from((node, node) for node in graph)
    for of in (ei_index, ei_index_arcs, assortativity):
        assert of(twice, group="block") == pytest.approx(of(graph, group="block"))
    same(ei_range(twice, group="block"), ei_range(graph, group="block"))
    same(
        ei_test(twice, group="block", draws=50),
        ei_test(graph, group="block", draws=50),
    )
    same(
        mixing_matrix(twice, group="block", directed=False),
        mixing_matrix(graph, group="block"),
    )
    same(neighbourhood_diversity(twice, group="block"), neighbourhood_diversity(graph, group="block"))


# from a filière, from its export, from a plain loop over its rows


@pytest.mark.parametrize("f", [by_hand(), with_intensities()], ids=["plain", "with intensities"])
def test_an_exported_filiere_is_read_back(f: Filiere) -> None:
    graph = to_networkx(f)
    for of in (ei_index_measure, ei_index_weighted_measure, iqv_measure):
        found, expected = of(graph, by="commune"), of(f, by="commune")
        assert (found.value, found.low, found.high) == pytest.approx(
            (expected.value, expected.low, expected.high), nan_ok=True
        )
        assert found.rows == expected.rows
    for frame_of in (
        ei_index_by_block, mixing_matrix, valued_block_density, composition, neighbourhood_diversity,
        homophily_table,
    ):  # fmt: skip
        same(frame_of(graph, by="pole"), frame_of(f, by="pole"))


@pytest.mark.parametrize("seed", range(6))
def test_a_random_filiere_in_a_plain_loop(seed: int) -> None:
    rows = random_filiere(seed)
    pole = {str(row["actor_id"]): row["pole"] for row in rows.actors}
    tied = {"between": 0, "within": 0, "unplaced": 0}
    open_pairs = dict.fromkeys(tied, 0)
    for pair in rows.every_pair():
        one, other = (pole[name] for name in pair)
        side = "unplaced" if None in (one, other) else "within" if one == other else "between"
        is_tied, _, unknown = rows.sort_out({pair})
        tied[side] += is_tied
        open_pairs[side] += unknown
    measure = ei_index_measure(rows.f, by="pole")
    assert measure.value == pytest.approx(index_of(tied["between"], tied["within"]))
    either = tied["unplaced"] + open_pairs["unplaced"]
    assert measure.high == pytest.approx(
        index_of(tied["between"] + open_pairs["between"] + either, tied["within"])
    )
    assert measure.low == pytest.approx(
        index_of(tied["between"], tied["within"] + open_pairs["within"] + either)
    )
    assert measure.n_unknown == sum(open_pairs.values()) + tied["unplaced"]
    around = neighbourhood_diversity(rows.f, by="pole")
    assert around.index.tolist() == rows.partners
    assert around["neighbours"].sum() == 2 * sum(tied.values())
    assert around["undocumented"].sum() == 2 * sum(open_pairs.values())
    counts = composition(rows.f, by="pole")["actors"]
    assert counts.sum() == len(rows.partners)


# every graph with as many ties; every strength


@given(st.lists(st.sampled_from("xyz"), min_size=4, max_size=5), st.integers(1, 5), st.randoms())
@settings(max_examples=25, deadline=None)
def test_the_range_is_that_of_all_graphs_with_as_many_ties(blocks: list[str], ties: int, random: Any) -> None:
    pairs = list(combinations(range(len(blocks)), 2))
    block = dict(enumerate(blocks))
    graph = in_blocks(nx.empty_graph(len(blocks)), blocks)
    graph.add_edges_from(random.sample(pairs, ties))
    found = ei_range(graph, group="block")
    if len(set(blocks)) < 2:
        assert np.isnan(found.low)
        return
    values = [index_of(*counted(nx.Graph(chosen), block)) for chosen in combinations(pairs, ties)]
    assert (found.low, found.high) == pytest.approx((min(values), max(values)))
    if found.low < found.high:
        ends = {found.low: -1, found.high: 1}
        assert found.rescaled == pytest.approx(ends.get(found.observed, found.rescaled))
        assert -1 - 1e-9 <= found.rescaled <= 1 + 1e-9
    else:
        assert np.isnan(found.rescaled)


STATED = st.sampled_from(["information", "joint_action", "agreement", "contract", None])
STRENGTH = {"information": 1, "joint_action": 2, "agreement": 3, "contract": 4}


@given(
    st.lists(st.sampled_from(["enterprise", "ess"]), min_size=4, max_size=4),
    st.lists(st.tuples(st.sampled_from(["tied", "silent", "absent"]), STATED), min_size=6, max_size=6),
)
@settings(max_examples=20, deadline=None)
def test_bounds_by_strength_over_every_strength(poles: list[str], said: list[tuple[str, str | None]]) -> None:
    """Nobody was asked: silent pairs are unknown; the ends 1 and 4 of the scale are enough to look at."""
    pairs = list(combinations(range(4), 2))
    spoken = [(pair, state, how) for pair, (state, how) in zip(pairs, said, strict=True) if state != "silent"]
    f = Filiere.from_tables(
        actors={"actor_id": list("0123"), "name": list("0123"), "pole": poles},
        cooperations={
            "actor_id": [str(a) for (a, _), _, _ in spoken],
            "to_actor_id": [str(b) for (_, b), _, _ in spoken],
            "state": ["observed" if state == "tied" else "absent" for _, state, _ in spoken],
            "intensity": [how if state == "tied" else None for _, state, how in spoken],
        },
    )
    options: list[tuple[float, ...]] = []
    for state, how in said:
        if state == "tied":
            options.append((STRENGTH[how],) if how else (1, 4))
        else:
            options.append((0, 1, 4) if state == "silent" else (0,))
    apart = [poles[a] != poles[b] for a, b in pairs]
    values, sums = [], []
    for chosen in product(*options):
        external = sum(force for force, between in zip(chosen, apart, strict=True) if between)
        values.append(index_of(external, sum(chosen) - external))
        sums.append(external)
    measure = ei_index_weighted_measure(f, by="pole")
    defined = [value for value in values if value == value]
    if len(set(poles)) < 2 or not defined:
        assert np.isnan([measure.low, measure.high]).all()
    else:
        assert (measure.low, measure.high) == pytest.approx((min(defined), max(defined)))
        if any(state == "tied" and how for state, how in said):
            assert measure.low - 1e-12 <= measure.value <= measure.high + 1e-12
    frame = valued_block_density(f, by="pole")
    between = frame[frame["group"] != frame["to_group"]]
    if len(between):
        row = between.iloc[0]
        expected = (min(sums) / row["possible"], max(sums) / row["possible"])
        assert (row["low"], row["high"]) == pytest.approx(expected)


# what is shown


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_words_are_those_of_the_reader(lang: str) -> None:
    word = {
        "fr": ("Entreprises", "Indice E-I", "sur 7 acteurs"),
        "en": ("Enterprises", "E-I index", "of 7 actors"),
    }
    blocks, heading, note = word[lang]
    f = by_hand()
    assert ei_index_by_block(f, by="pole", lang=lang)["label"].iloc[0] == blocks
    assert composition(f, by="pole", lang=lang)["label"].iloc[0] == blocks
    assert mixing_matrix(f, by="pole", lang=lang)["group_label"].iloc[0] == blocks
    assert valued_block_density(f, by="pole", lang=lang)["to_group_label"].iloc[0] == blocks
    assert homophily_table(f, by="pole", lang=lang).loc["ei_index", "label"] == heading
    assert iqv_measure(f, by="pole", lang=lang).note == note


def test_same_in_same_out() -> None:
    f, again = by_hand(), by_hand()
    for of in (mixing_matrix, ei_index_by_block, homophily_table, neighbourhood_diversity, composition):
        same(of(f, by="pole"), of(f, by="pole"))
        same(of(f, by="pole"), of(again, by="pole"))
    same(ei_test(f, by="pole", draws=50), ei_test(again, by="pole", draws=50))
    assert f.actors.equals(again.actors)  # and f is as it was
    assert f.cooperations.equals(again.cooperations)


def test_isolates_change_sizes_and_nothing_else() -> None:
    graph = random_blocks(2, directed=False)
    more = graph.copy()
    more.add_nodes_from([(f"alone {place}", {"block": "x"}) for place in range(3)])
    for of in (ei_index, ei_index_arcs, assortativity):
        assert of(more, group="block") == pytest.approx(of(graph, group="block"))
    grown, plain = (ei_range(each, group="block") for each in (more, graph))
    assert grown.possible_internal > plain.possible_internal
    around = neighbourhood_diversity(more, group="block").tail(3)
    assert around["neighbours"].eq(0).all()
    assert around[["blau", "iqv"]].isna().all(axis=None)
