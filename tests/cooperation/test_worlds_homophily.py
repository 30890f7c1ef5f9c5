"""Assortativity, and the seven measures of homophily that UCINET prints."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.worlds.ei_index import ei_index, ei_index_arcs, ei_index_measure
from chaine_valeur.analysis.cooperation.worlds.homophily import (
    LABELS,
    assortativity,
    assortativity_measure,
    homophily_table,
)
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.network import Ties
from tests.cooperation.campnet import campnet
from tests.cooperation.hand import by_hand, nobody_asked
from tests.cooperation.random_ties import completions, layers
from tests.cooperation.worlds import POLES, counted, filiere_of, in_blocks, random_blocks

#: UCINET, homophily by gender (xucinet, ``tests/testthat/_snaps/xhomophily.md``)
PUBLISHED = {
    "h": 0.833,
    "h_star": 0.356,
    "correlation": 0.330,
    "modularity": 0.329,
    "assortativity": 0.664,
    "yules_q": 0.764,
    "ei_index": -0.667,
}
BLOCKS = st.lists(st.sampled_from(POLES[:3]), min_size=5, max_size=5)


def by_loop(graph: nx.Graph, block: dict[Any, Any]) -> dict[str, float]:
    """Return the measures pair by pair, from the vectors that UCINET correlates."""
    pairs = [(a, b) for a in graph for b in graph if a != b]
    tied = np.array([graph.has_edge(a, b) for a, b in pairs], dtype=float)
    same = np.array([block[a] == block[b] for a, b in pairs], dtype=float)
    a, b = float((tied * same).sum()), float((tied * (1 - same)).sum())
    c, d = float(((1 - tied) * same).sum()), float(((1 - tied) * (1 - same)).sum())
    h = a / (a + b) if a + b else np.nan
    defined = tied.std() and same.std()
    crossed = a * d + b * c
    return {
        "h": h,
        "h_star": h - same.mean(),
        "correlation": float(np.corrcoef(tied, same)[0, 1]) if defined else np.nan,
        "yules_q": (a * d - b * c) / crossed if crossed else np.nan,
        "ei_index": 1 - 2 * h,
    }


def test_campnet() -> None:
    table = homophily_table(campnet(), group="Gender", lang="en")
    assert table.index.tolist() == list(PUBLISHED)
    assert table.index.name == "measure"
    assert table.columns.tolist() == ["label", "value", "low", "high", "note"]
    np.testing.assert_allclose(table["value"], list(PUBLISHED.values()), atol=5e-4)
    np.testing.assert_array_equal(table["low"], table["value"])
    np.testing.assert_array_equal(table["high"], table["value"])
    assert table["note"].eq("").all()
    assert table.loc["h", "label"] == "Share of ties within categories"
    assert assortativity(campnet(), by="Gender") == table.loc["assortativity", "value"]
    assert homophily_table(campnet(), group="Gender").loc["yules_q", "label"] == "Q de Yule"


def test_terms_of_the_assortativity() -> None:
    # 45 of 54 arcs within; the women send 24 and receive 25, the men 30 and 29
    measure = assortativity_measure(campnet(), group="Gender", lang="en")
    chance = (24 * 25 + 30 * 29) / 54**2
    assert measure.numerator == pytest.approx(45 / 54 - chance)
    assert measure.denominator == pytest.approx(1 - chance)
    assert measure.value == measure.low == measure.high
    assert measure.note == "share of ties within categories: 0.83, where chance would have 0.5"


def test_symmetrised() -> None:
    # 28 ties within of 35; ends: women 12 · 2 + 7 = 31, men 16 · 2 + 7 = 39
    value = assortativity(campnet(), group="Gender", directed=False)
    chance = (31**2 + 39**2) / 70**2
    assert value == pytest.approx((28 / 35 - chance) / (1 - chance))
    table = homophily_table(campnet(), group="Gender", directed=False)["value"]
    assert table["ei_index"] == pytest.approx(ei_index(campnet(), group="Gender"))
    # 73 of 153 pairs are within
    assert table["h_star"] == pytest.approx(28 / 35 - 73 / 153)


def test_by_hand() -> None:
    # by college: six ties, none of them within one, so twelve ends
    f = by_hand()
    measure = assortativity_measure(f, by="pole", lang="en")
    # Filature 2, Atelier 2; Mairie 3, Agglo 2; Relais 2, Ressourcerie 1
    chance = (4**2 + 5**2 + 3**2) / 12**2
    assert measure.value == pytest.approx(-chance / (1 - chance))
    assert np.isnan([measure.low, measure.high]).all()
    assert measure.n_unknown == 7
    assert measure.rows["actors"] == ("mairie", "relais")
    table = homophily_table(f, by="pole", lang="en")
    # 3 pairs within, 18 between, 6 of these tied, 7 more open
    assert table.loc["h"].tolist()[1:4] == [0, 0, 0]
    assert table.loc["h_star", ["value", "low", "high"]].tolist() == pytest.approx([-3 / 21] * 3)
    assert table.loc["yules_q", ["value", "low", "high"]].tolist() == [-1, -1, -1]
    assert table.loc["correlation", "value"] == pytest.approx((0 - 6 * 3) / np.sqrt(6 * 15 * 3 * 18))
    assert table.loc["correlation", "low"] == pytest.approx((0 - 13 * 3) / np.sqrt(13 * 8 * 3 * 18))
    assert table.loc["correlation", "high"] == table.loc["correlation", "value"]
    assert table.loc[["modularity", "assortativity"], ["low", "high"]].isna().all(axis=None)
    assert table.loc["ei_index"].tolist()[1:4] == [1, 1, 1]


def test_actors_of_unknown_block_are_left_out() -> None:
    graph = in_blocks(nx.path_graph(5), ["x", "x", "y", "y", None])
    table = homophily_table(graph, group="block", lang="en")
    same = homophily_table(in_blocks(nx.path_graph(4), "xxyy"), group="block", lang="en")
    np.testing.assert_allclose(table["value"], same["value"])
    left_out = "1 tie left out, an actor of which has no stated category"
    assert table["note"].eq(left_out).all()
    # the tie left out may be within or between: of four, two to three within
    assert table.loc["h", ["low", "high"]].tolist() == pytest.approx([2 / 4, 3 / 4])
    assert table.loc["ei_index", ["low", "high"]].tolist() == pytest.approx([-0.5, 0])
    others = ["h_star", "correlation", "modularity", "assortativity", "yules_q"]
    assert table.loc[others, ["low", "high"]].isna().all(axis=None)
    measure = assortativity_measure(graph, group="block", lang="en")
    assert measure.n_unknown == 1
    assert measure.note.endswith(f"; {left_out}")


@pytest.mark.parametrize(
    ("graph", "reason"),
    [
        (in_blocks(nx.empty_graph(3), "xxy"), "no known tie between actors whose category is known"),
        (in_blocks(nx.path_graph(3), "xxx"), "a single category: no tie could go out of it"),
        (nx.Graph(), "no actor whose category is known"),
    ],
)
def test_undefined(graph: nx.Graph, reason: str) -> None:
    table = homophily_table(graph, group="block", lang="en")
    assert table.index.tolist() == list(LABELS)
    assert table[["value", "low", "high"]].isna().all(axis=None)
    assert table["note"].eq(reason).all()
    measure = assortativity_measure(graph, group="block", lang="en")
    assert np.isnan([measure.value, measure.low, measure.high]).all()
    assert measure.note == reason


def test_all_ties_in_one_block() -> None:
    graph = in_blocks(nx.Graph([(0, 1), (1, 2)]), "xxx")
    graph.add_node(3, block="y")
    measure = assortativity_measure(graph, group="block", lang="en")
    assert np.isnan(measure.value)
    assert measure.note == "all ties are within one and the same category"
    table = homophily_table(graph, group="block", lang="en")
    assert np.isnan(table.loc["assortativity", "value"])
    assert table.loc["assortativity", "note"] == measure.note
    assert table.loc["modularity", "value"] == 0
    assert table.loc["h", "value"] == 1
    # all arcs go from one block to another: none is within, and none expected there
    away = in_blocks(nx.DiGraph([(0, 2), (1, 2)]), "xyx")  # the nodes come as 0, 2, 1
    assert assortativity(away, group="block") == 0


def test_everyone_is_tied() -> None:
    table = homophily_table(in_blocks(nx.complete_graph(4), "xxyy"), group="block")["value"]
    assert table["h"] == pytest.approx(1 / 3)
    assert table["h_star"] == pytest.approx(0)
    assert np.isnan([table["correlation"], table["yules_q"]]).all()


def test_nobody_asked() -> None:
    table = homophily_table(nobody_asked(), by="pole")
    assert table["value"].isna().all()
    assert np.isnan(assortativity(nobody_asked(), by="pole"))


def test_one_kind_some_actors_and_errors() -> None:
    f = by_hand()
    assert assortativity_measure(f, by="pole", kind="support").numerator == pytest.approx(-0.5)
    some = homophily_table(f, by="pole", actors=["filature", "mairie", "relais"], year=2022)
    assert some.loc["h", "value"] == 0
    with pytest.raises(UnknownNameError):
        assortativity(f, by="poles")
    with pytest.raises(ValueError, match="group="):
        homophily_table(campnet())


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_networkx(seed: int, directed: bool) -> None:
    graph = random_blocks(seed, directed=directed)
    expected = nx.attribute_assortativity_coefficient(graph, "block")
    assert assortativity(graph, group="block") == pytest.approx(expected, nan_ok=True)
    table = homophily_table(graph, group="block")["value"]
    blocks: dict[str, set[int]] = {}
    for node in graph:
        blocks.setdefault(graph.nodes[node]["block"], set()).add(node)
    assert table["modularity"] == pytest.approx(nx.community.modularity(graph, list(blocks.values())))
    expected_of = by_loop(graph, dict(graph.nodes(data="block")))
    for measure, value in expected_of.items():
        assert table[measure] == pytest.approx(value, nan_ok=True), measure
    assert table["ei_index"] == pytest.approx(ei_index_arcs(graph, group="block"))


@pytest.mark.parametrize("directed", [False, True])
def test_bounds_are_reached(directed: bool) -> None:
    @given(layers(directed=directed, most=4 if directed else 5), BLOCKS)
    @settings(max_examples=25, deadline=None)
    def check(ties: Ties, poles: list[str]) -> None:
        block = dict(enumerate(poles[: ties.size]))
        if len(set(block.values())) < 2 or not len(ties.a):
            return
        table = homophily_table(filiere_of(ties, poles), by="pole", directed=directed)
        found = [by_loop(graph, block) for graph in completions(ties)]
        for name in ("h", "h_star", "correlation", "yules_q", "ei_index"):
            values = [each[name] for each in found if each[name] == each[name]]
            value, low, high = table.loc[name, ["value", "low", "high"]]
            if low == low:  # NaN where the measure is undefined at that end
                assert low == pytest.approx(min(values), abs=1e-9), name
            if high == high:
                assert high == pytest.approx(max(values), abs=1e-9), name
            assert value == pytest.approx(found[0][name], nan_ok=True), name
            if name in ("h", "h_star", "ei_index"):
                assert low == low and high == high

    check()


@given(st.integers(0, 60))
@settings(max_examples=25, deadline=None)
def test_names_change_nothing(seed: int) -> None:
    graph = random_blocks(seed, directed=False)
    renamed = nx.relabel_nodes(graph, {node: f"n{len(graph) - node}" for node in graph})
    nx.set_node_attributes(renamed, {node: renamed.nodes[node]["block"].upper() for node in renamed}, "block")
    one, other = (homophily_table(each, group="block")["value"] for each in (graph, renamed))
    np.testing.assert_allclose(one, other)
    assert counted(graph, dict(graph.nodes(data="block")))[1] == pytest.approx(
        one["h"] * graph.number_of_edges(), nan_ok=True
    )
    assert ei_index_measure(graph, group="block").value == pytest.approx(one["ei_index"], nan_ok=True)
