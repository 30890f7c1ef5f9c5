"""The mixing matrix in its three models, block densities by strength, and blocks of some actors."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.worlds.blocks import block_density, cross_pole_measure
from chaine_valeur.analysis.cooperation.worlds.mixing import MODELS, mixing_matrix
from chaine_valeur.analysis.cooperation.worlds.valued import valued_block_density
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.network import Ties
from tests.cooperation.campnet import MIXING, MIXING_DENSITY, campnet
from tests.cooperation.hand import by_hand, nobody_asked
from tests.cooperation.random_ties import completions, layers
from tests.cooperation.test_worlds_ei import with_intensities
from tests.cooperation.worlds import POLES, filiere_of, in_blocks, random_blocks

#: UCINET, mixing by gender, model Density (xucinet, ``tests/testthat/_snaps/xmixing.md``)
MIXING_EXPECTED = [[9.882, 14.118], [14.118, 15.882]]
MIXING_RATIO = [[2.024, 0.283], [0.354, 1.574]]

PAIR = ["group", "to_group", "group_label", "to_group_label"]
COLUMNS = [*PAIR, "observed", "expected", "possible", "documented", "ratio", "low", "high"]
BLOCKS = st.lists(st.sampled_from(POLES[:3]), min_size=5, max_size=5)


def square(frame: pd.DataFrame, column: str) -> np.ndarray:
    side = frame["group"].nunique()
    return frame[column].to_numpy().reshape(side, side)


# published


def test_campnet() -> None:
    frame = mixing_matrix(campnet(), group="Gender")
    assert frame.columns.tolist() == COLUMNS
    assert frame["group"].tolist() == [1, 1, 2, 2]
    assert frame["to_group"].tolist() == [1, 2, 1, 2]
    assert square(frame, "observed").tolist() == MIXING
    np.testing.assert_allclose(square(frame, "expected"), MIXING_EXPECTED, atol=5e-4)
    np.testing.assert_allclose(square(frame, "ratio"), MIXING_RATIO, atol=5e-4)
    density = square(frame, "observed") / square(frame, "possible")
    np.testing.assert_allclose(density, MIXING_DENSITY, atol=5.1e-4)  # 0.0625 is printed 0.062
    np.testing.assert_array_equal(frame["low"], frame["ratio"])
    np.testing.assert_array_equal(frame["high"], frame["ratio"])


def test_campnet_in_the_other_models() -> None:
    # the women name 24 times and are named 25 times, the men 30 and 29
    kept = mixing_matrix(campnet(), group="Gender", model="configuration")
    expected = np.outer([24, 30], [25, 29]) / 54
    np.testing.assert_allclose(square(kept, "expected"), expected)
    np.testing.assert_allclose(square(kept, "ratio"), np.array(MIXING) / expected)
    # those who name 24 (30) times choose among 17 others, 7 women and 10 men (8 and 9)
    sent = mixing_matrix(campnet(), group="Gender", model="outdegree")
    np.testing.assert_allclose(
        square(sent, "expected"), [[24 * 7 / 17, 24 * 10 / 17], [30 * 8 / 17, 30 * 9 / 17]]
    )


# by hand


def test_by_pole() -> None:
    # 6 of 21 pairs. Colleges of 2, 2, 2 and 1: four pairs of an enterprise and an elected, say
    frame = mixing_matrix(by_hand(), by="pole", lang="en").set_index(["group", "to_group"])
    assert len(frame) == 4 * 5 / 2
    assert frame["possible"].sum() == 21
    assert frame["observed"].sum() == 6
    assert frame["expected"].sum() == pytest.approx(6)
    pair = frame.loc[("enterprise", "elected")]
    # Filature–Mairie, Atelier–Mairie, Agglo–Atelier; Agglo–Filature is not documented
    assert (pair["observed"], pair["possible"], pair["documented"]) == (3, 4, 3)
    assert pair["expected"] == pytest.approx(6 * 4 / 21)
    assert pair["ratio"] == pytest.approx(3 / (24 / 21))
    # the six other unknown pairs tied and this one not: 3 of 12; this one tied alone: 4 of 7
    assert pair["low"] == pytest.approx(3 / 12 * 21 / 4)
    assert pair["high"] == pytest.approx(4 / 7 * 21 / 4)
    assert pair["group_label"] == "Enterprises"
    # a college of one has no pair within
    alone = frame.loc[("expertise", "expertise")]
    assert alone["possible"] == alone["expected"] == 0
    assert np.isnan([alone["ratio"], alone["low"], alone["high"]]).all()
    # between enterprises and expertise nobody was asked: a ratio of 0 would be a measured zero
    silent = frame.loc[("enterprise", "expertise")]
    assert (silent["observed"], silent["documented"]) == (0, 0)
    assert np.isnan(silent["ratio"])
    assert silent["low"] == 0 < silent["high"]


def test_undirected_models_by_hand() -> None:
    # x: 0, 1; y: 2, 3, of a path: ends of ties 3 and 3, three ties
    graph = in_blocks(nx.path_graph(4), "xxyy")
    kept = mixing_matrix(graph, group="block", model="configuration")
    assert kept["expected"].tolist() == [9 / 12, 9 / 6, 9 / 12]
    sent = mixing_matrix(graph, group="block", model="outdegree")
    # within: 3 ends · 1 other / 3, halved; between: (3 · 2 + 3 · 2) / (2 · 3)
    assert sent["expected"].tolist() == pytest.approx([0.5, 2, 0.5])


def test_some_kind_some_year_some_actors() -> None:
    f = by_hand()
    assert mixing_matrix(f, by="pole", kind="support")["observed"].sum() == 1
    assert mixing_matrix(f, by="pole", year=2010)["observed"].sum() == 7
    arcs = mixing_matrix(f, by="pole", directed=True)
    assert len(arcs) == 16
    assert arcs["observed"].sum() == 11  # Agglo funds Atelier, and not the other way round
    three = mixing_matrix(f, by="pole", actors=["filature", "mairie", "relais"])
    assert three["observed"].sum() == three["possible"].sum() == three["documented"].sum() == 3


def test_unknown_blocks_are_the_last_one() -> None:
    frame = mixing_matrix(in_blocks(nx.path_graph(3), ["x", None, "x"]), group="block", lang="en")
    assert frame["to_group_label"].tolist() == ["x", "Not stated", "Not stated"]
    assert frame["to_group"].isna().tolist() == [False, True, True]
    assert frame["observed"].tolist() == [0, 2, 0]


# degenerate


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("directed", [False, True])
def test_degenerate(model: str, directed: bool) -> None:
    nothing: nx.Graph = nx.DiGraph() if directed else nx.Graph()
    empty = mixing_matrix(nothing, group="block", model=model)
    assert len(empty) == 0
    assert empty.columns.tolist() == COLUMNS
    one = mixing_matrix(in_blocks(nx.empty_graph(1, nothing), "x"), group="block", model=model)
    assert one["expected"].tolist() == [0]
    assert one[["ratio", "low", "high"]].isna().all(axis=None)
    untied = mixing_matrix(in_blocks(nx.empty_graph(4, nothing), "xxyy"), group="block", model=model)
    assert untied["expected"].eq(0).all()
    assert untied["ratio"].isna().all()
    single = mixing_matrix(in_blocks(nx.path_graph(4, nothing), "xxxx"), group="block", model=model)
    assert single["expected"].tolist() == single["observed"].tolist() == [3]
    assert single["ratio"].tolist() == [1]


def test_nobody_asked() -> None:
    frame = mixing_matrix(nobody_asked(), by="pole")
    assert frame["ratio"].isna().all()
    possible = frame["possible"] > 0
    # all ties may be in this pair of colleges, or none of them
    assert frame.loc[possible, "low"].eq(0).all()
    np.testing.assert_allclose(frame.loc[possible, "high"], 21 / frame.loc[possible, "possible"])
    kept = mixing_matrix(nobody_asked(), by="pole", model="configuration")
    assert kept[["ratio", "low", "high"]].isna().all(axis=None)


def test_errors() -> None:
    with pytest.raises(ArgumentError, match="model='random' is not one of density, configuration, outdegree"):
        mixing_matrix(campnet(), group="Gender", model="random")
    with pytest.raises(ValueError, match="group="):
        mixing_matrix(campnet())
    with pytest.raises(UnknownNameError):
        mixing_matrix(campnet(), group="Gendre")
    many = in_blocks(nx.empty_graph(3001), range(3001))
    for of in (mixing_matrix, block_density, valued_block_density):
        with pytest.raises(ArgumentError, match="3001 blocks: give a column with at most 3000"):
            of(many, group="block")


# referees and properties


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_networkx(seed: int, directed: bool) -> None:
    graph = random_blocks(seed, directed=directed)
    frame = mixing_matrix(graph, group="block")
    names = frame["group"].drop_duplicates().tolist()
    place = {name: at for at, name in enumerate(names)}
    counted = nx.attribute_mixing_matrix(graph, "block", mapping=place, normalized=False)
    for row in frame.itertuples():
        found = counted[place[row.group], place[row.to_group]]
        # networkx counts an undirected tie within a block from both its ends
        assert row.observed == (found / 2 if not directed and row.group == row.to_group else found)
    n = len(graph)
    assert frame["possible"].sum() == (n * (n - 1) if directed else n * (n - 1) / 2)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_expected_ties_sum_to_the_observed(seed: int, directed: bool, model: str) -> None:
    graph = random_blocks(seed, directed=directed)
    frame = mixing_matrix(graph, group="block", model=model)
    assert frame["expected"].sum() == pytest.approx(graph.number_of_edges())
    if model == "configuration" and directed:
        # as many as observed leave each block
        sums = frame.groupby("group")[["observed", "expected"]].sum()
        np.testing.assert_allclose(sums["observed"], sums["expected"])


@given(layers(directed=False, most=5), BLOCKS)
@settings(max_examples=25, deadline=None)
def test_bounds_of_the_ratio_are_reached(ties: Ties, poles: list[str]) -> None:
    block = poles[: ties.size]
    frame = mixing_matrix(filiere_of(ties, poles), by="pole")
    seen: dict[tuple[str, str], list[float]] = {}
    for graph in completions(ties):
        if not graph.number_of_edges():
            continue
        for row in frame.itertuples():
            pair = {row.group, row.to_group}
            tied = sum({block[a], block[b]} == pair for a, b in graph.edges())
            if row.possible:
                share = tied / graph.number_of_edges()
                found = share * ties.possible / row.possible
                seen.setdefault((row.group, row.to_group), []).append(found)
    for row in frame.itertuples():
        values = seen.get((row.group, row.to_group), [np.nan])
        assert (row.low, row.high) == pytest.approx((min(values), max(values)), nan_ok=True)
        if row.ratio == row.ratio:
            assert row.low - 1e-12 <= row.ratio <= row.high + 1e-12


# by strength


def test_block_density_by_strength() -> None:
    frame = valued_block_density(with_intensities(), by="pole").set_index(["group", "to_group"])
    assert frame.columns.tolist() == ["group_label", "to_group_label", "ties", "possible", "without_strength",
                                      "strength", "low", "high"]  # fmt: skip
    pair = frame.loc[("enterprise", "elected")]
    # Filature–Mairie 3, Atelier–Mairie 2, Agglo–Atelier not stated, Agglo–Filature not documented
    assert (pair["ties"], pair["possible"], pair["without_strength"]) == (3, 4, 1)
    assert pair["strength"] == pair["low"] == (5 + 1) / 4
    assert pair["high"] == (5 + 4 + 4) / 4
    # Filature–Relais is tied, without a stated strength: 1 to 4; Atelier–Relais is documented (Relais was
    # asked); the two pairs with Ressourcerie are not: 0 to 4 each
    unstated = frame.loc[("enterprise", "ess")]
    assert np.isnan(unstated["strength"])
    assert (unstated["low"], unstated["high"]) == (1 / 4, (4 + 2 * 4) / 4)
    assert frame.loc[("elected", "elected"), "strength"] == 0  # Mairie was asked: no tie with Agglo
    assert not np.isnan(frame.loc[("elected", "expertise"), "low"])
    assert np.isnan(frame.loc[("expertise", "expertise"), "low"])  # a single actor


def test_block_density_by_strength_of_a_graph() -> None:
    graph = in_blocks(nx.DiGraph([(0, 1), (1, 0), (1, 2), (2, 3)]), "xxyy")
    nx.set_edge_attributes(graph, {(0, 1): 1, (1, 0): 3, (1, 2): 2}, "force")
    frame = valued_block_density(graph, group="block", weight="force")
    assert frame["strength"].tolist()[:3] == [2, 0.5, 0]
    assert np.isnan(frame["strength"].iloc[3])
    assert frame["low"].tolist()[:3] == frame["high"].tolist()[:3] == [2, 0.5, 0]
    assert frame[["low", "high"]].iloc[3].isna().all()  # a graph has no scale
    # symmetrised, the stronger way counts
    both = valued_block_density(graph, group="block", weight="force", directed=False)
    assert both["strength"].tolist()[:2] == [3, 0.5]
    empty = valued_block_density(nx.Graph(), group="block")
    assert len(empty) == 0


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_with_all_strengths_one_it_is_the_density(seed: int, directed: bool) -> None:
    graph = random_blocks(seed, directed=directed)
    nx.set_edge_attributes(graph, dict.fromkeys(graph.edges(), 1.0), "weight")
    valued, plain = valued_block_density(graph, group="block"), block_density(graph, group="block")
    for column in ("group", "to_group", "ties", "possible", "low", "high"):
        pd.testing.assert_series_equal(valued[column], plain[column])
    pd.testing.assert_series_equal(valued["strength"], plain["density"], check_names=False)


# blocks of some of the actors


def test_block_density_among_some_actors() -> None:
    frame = block_density(by_hand(), by="pole", actors=["filature", "mairie", "agglo"])
    assert frame["group"].tolist() == ["enterprise", "enterprise", "elected"]
    assert frame["ties"].tolist() == [0, 1, 0]
    assert frame["possible"].tolist() == [0, 2, 1]
    assert frame["documented"].tolist() == [0, 1, 1]
    with pytest.raises(UnknownNameError, match="nobody"):
        block_density(by_hand(), actors=["nobody"])


@pytest.mark.parametrize(
    ("keywords", "terms"),
    [
        # enterprises × ESS: four pairs, Filature–Relais tied, Ressourcerie with neither documented
        ({}, (1, 4, 2)),
        ({"kind": "support"}, (0, 4, 2)),
        ({"kind": ["information", "support"]}, (1, 4, 2)),
        ({"actors": ["filature", "relais"]}, (1, 1, 0)),
        ({"actors": ["atelier", "ressourcerie"]}, (0, 1, 1)),
        ({"year": 2022}, (1, 4, 2)),
    ],
)
def test_cross_pole_of_some(keywords: dict[str, Any], terms: tuple[int, int, int]) -> None:
    measure = cross_pole_measure(by_hand(), **keywords)
    assert (measure.numerator, measure.denominator, measure.n_unknown) == terms


def test_cross_pole_rests_on_what_it_was_asked_of() -> None:
    whole = cross_pole_measure(by_hand())
    assert whole.rows == {"cooperations": ("c4",), "actors": ("relais",)}
    support = cross_pole_measure(by_hand(), kind="support")
    assert support.rows == {"actors": ("relais",)}
    without = cross_pole_measure(by_hand(), actors=["filature", "mairie"])
    assert np.isnan(without.value)
