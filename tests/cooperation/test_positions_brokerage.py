"""Gould and Fernandez's roles: « campnet », a filière by hand, a plain loop, and what is unknown or missing."""

from __future__ import annotations

from itertools import combinations, permutations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.positions import brokerage as module
from chaine_valeur.analysis.cooperation.positions.brokerage import ROLES, brokerage
from chaine_valeur.analysis.cooperation.positions.brokerage_chance import brokerage_expected, brokerage_totals
from chaine_valeur.analysis.cooperation.positions.brokerage_share import (
    brokerage_share,
    brokerage_share_measure,
)
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.filiere import Filiere
from tests.cooperation.campnet import NAMED, campnet
from tests.cooperation.hand import TABLES, by_hand
from tests.cooperation.random_filiere import random_filiere

COLUMNS = [*ROLES, "total", "n_unplaced", "n_unknown"]

#: R sna 2.7.1, `brokerage(campnet, Gender)`: w_I, w_O, b_OI, b_IO, b_O, t
CAMPNET = {
    "HOLLY": [1, 0, 6, 1, 0, 8],
    "BRAZEY": [0, 0, 0, 0, 0, 0],
    "CAROL": [2, 0, 0, 0, 0, 2],
    "PAM": [8, 0, 0, 0, 0, 8],
    "PAT": [8, 0, 0, 0, 0, 8],
    "JENNIE": [4, 0, 0, 0, 0, 4],
    "PAULINE": [4, 0, 3, 0, 0, 7],
    "ANN": [1, 0, 0, 0, 0, 1],
    "MICHAEL": [2, 0, 0, 2, 0, 4],
    "BILL": [0, 0, 0, 0, 0, 0],
    "LEE": [0, 0, 0, 2, 0, 2],
    "DON": [0, 0, 2, 1, 0, 3],
    "JOHN": [0, 0, 0, 0, 0, 0],
    "HARRY": [0, 0, 0, 1, 0, 1],
    "GERY": [3, 0, 0, 0, 0, 3],
    "STEVE": [4, 0, 1, 0, 0, 5],
    "BERT": [2, 0, 1, 0, 0, 3],
    "RUSS": [5, 0, 0, 0, 0, 5],
}


def grouped(graph: nx.Graph, blocks: dict[object, object]) -> nx.Graph:
    """Return the graph with a block per node; ``None`` is not stated."""
    nx.set_node_attributes(graph, blocks, "group")
    return graph


def counted(graph: nx.Graph, block: dict[object, object]) -> dict[object, list[int]]:
    """Return the counts of each node, found one by one: roles, then total."""
    found = {}
    for middle in graph:
        counts = dict.fromkeys(ROLES, 0)
        total = 0
        if graph.is_directed():
            around = list(permutations(set(graph.predecessors(middle)) | set(graph.successors(middle)), 2))
        else:
            around = list(combinations(graph[middle], 2))
        for i, j in around:
            if middle in (i, j) or not (graph.has_edge(i, middle) and graph.has_edge(middle, j)):
                continue
            if graph.has_edge(i, j):
                continue
            total += 1
            own = [block[node] == block[middle] for node in (i, j)]
            if all(own):
                counts["coordinator"] += 1
            elif not any(own):
                counts["consultant" if block[i] == block[j] else "liaison"] += 1
            elif graph.is_directed():
                counts["representative" if own[0] else "gatekeeper"] += 1
            else:
                counts["representative"] += 1
                counts["gatekeeper"] += 1
        found[middle] = [*counts.values(), total]
    return found


def test_campnet_by_gender() -> None:
    table = brokerage(campnet(), group="Gender")
    assert list(table.columns) == COLUMNS
    assert table.index.name == "actor_id"
    assert table.index.tolist() == list(NAMED)
    for name, counts in CAMPNET.items():
        assert table.loc[name, [*ROLES, "total"]].tolist() == counts, name
    assert (table[["n_unplaced", "n_unknown"]] == 0).all(axis=None)


def test_campnet_totals() -> None:
    # the global counts of R sna: 44 coordinators, 13 gatekeepers, 7 representatives, 64 in all
    table = brokerage_totals(campnet(), group="Gender", lang="en")
    assert list(table.columns) == ["label", "observed", "expected", "actors"]
    assert table.index.tolist() == [*ROLES, "total"]
    assert table["observed"].tolist() == [44, 0, 13, 7, 0, 64]
    assert table["actors"].tolist() == [sum(row[place] > 0 for row in CAMPNET.values()) for place in range(6)]
    assert table.loc["liaison", "label"] == "Liaison (between two other blocks)"
    every = brokerage_expected(campnet(), group="Gender").sum()
    np.testing.assert_allclose(table["expected"], every)


@pytest.fixture(scope="module")
def by_pole(hand: Filiere) -> pd.DataFrame:
    return brokerage(hand, by="pole")


def test_by_hand(by_pole: pd.DataFrame) -> None:
    # Mairie is between Filature and Atelier, two enterprises (consultant), and between Relais and Atelier
    # (liaison; Filature and Relais are tied); Atelier between Mairie and Agglo, both elected (consultant);
    # Agglo between Atelier and Ressourcerie (liaison)
    assert by_pole.index.tolist() == [
        "filature", "atelier", "mairie", "agglo", "relais", "ressourcerie", "labo",
    ]  # fmt: skip
    assert by_pole["consultant"].to_dict() | {"x": 0} == dict.fromkeys(by_pole.index, 0) | {
        "mairie": 1, "atelier": 1, "x": 0,
    }  # fmt: skip
    assert by_pole["liaison"].tolist() == [0, 0, 1, 1, 0, 0, 0]
    assert (by_pole[["coordinator", "gatekeeper", "representative"]] == 0).all(axis=None)
    assert by_pole["total"].tolist() == [0, 1, 2, 1, 0, 0, 0]
    assert by_pole["n_unknown"].tolist() == [3, 2, 0, 2, 0, 3, 4]


def test_by_hand_the_default_is_the_role(hand: Filiere) -> None:
    # a transformer and a buyer: Mairie now links two other blocks both times
    table = brokerage(hand)
    assert table.loc["mairie", ["consultant", "liaison"]].tolist() == [0, 2]
    pd.testing.assert_frame_equal(table, brokerage(hand, by="role"))


def test_by_hand_among_some(hand: Filiere) -> None:
    # without Relais, Mairie is left with the two enterprises
    table = brokerage(hand, by="pole", actors=["filature", "atelier", "mairie"])
    assert table.index.tolist() == ["filature", "atelier", "mairie"]
    assert table["total"].tolist() == [0, 0, 1]


def test_by_hand_one_kind(hand: Filiere) -> None:
    # joint projects: Filature–Mairie and Agglo–Ressourcerie, which meet nowhere
    assert brokerage(hand, by="pole", kind="joint_project")["total"].sum() == 0
    # with research, Atelier–Mairie: Mairie is between the two enterprises
    both = brokerage(hand, by="pole", kind=["joint_project", "research"])
    assert both.loc["mairie", ROLES[1]] == both["total"].sum() == 1


def test_by_hand_directed(hand: Filiere) -> None:
    # all kinds but funding (Agglo → Atelier) and support (Mairie ⇄ Relais) go both ways; so Mairie is between
    # Filature and Atelier in both orders, and between Relais and Atelier in both orders
    table = brokerage(hand, by="pole", directed=True)
    assert table.loc["mairie", ["consultant", "liaison", "total"]].tolist() == [2, 2, 4]
    # Agglo → Atelier → Mairie, and not back
    assert table.loc["atelier", ["consultant", "total"]].tolist() == [1, 1]
    # Ressourcerie → Agglo → Atelier, and not back
    assert table.loc["agglo", ["liaison", "total"]].tolist() == [1, 1]


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_as_a_plain_loop_counts(seed: int, directed: bool) -> None:
    rng = np.random.default_rng(seed)
    graph = nx.gnp_random_graph(15, 0.08 + 0.05 * seed, seed=seed, directed=directed)
    block = dict(enumerate(rng.integers(0, 1 + seed % 5, 15).tolist()))
    table = brokerage(grouped(graph, block), group="group")
    assert table[[*ROLES, "total"]].to_numpy().tolist() == list(counted(graph, block).values())


def test_many_blocks_as_few(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = nx.gnp_random_graph(40, 0.2, seed=1, directed=True)
    block = {node: node % 7 for node in graph}
    few = brokerage(grouped(graph, block), group="group")
    monkeypatch.setattr(module, "FEW_BLOCKS", 0)
    pd.testing.assert_frame_equal(brokerage(graph, group="group"), few)


def test_an_undirected_graph_read_as_directed_counts_both_orders() -> None:
    graph = grouped(nx.gnp_random_graph(14, 0.3, seed=5), {node: node % 3 for node in range(14)})
    one, both = (brokerage(graph, group="group", directed=directed) for directed in (False, True))
    for column in ("coordinator", "consultant", "liaison", "total"):
        assert (both[column] == 2 * one[column]).all()
    for column in ("gatekeeper", "representative"):
        assert (both[column] == one[column]).all()
        assert one[column].sum() > 0
    parts = one[["coordinator", "consultant", "gatekeeper", "liaison"]].sum(axis=1)
    assert (parts == one["total"]).all()
    assert (one["gatekeeper"] == one["representative"]).all()


def test_reversing_every_tie_swaps_gatekeeper_and_representative() -> None:
    graph = grouped(
        nx.gnp_random_graph(14, 0.3, seed=6, directed=True), {node: node % 3 for node in range(14)}
    )
    ahead, back = brokerage(graph, group="group"), brokerage(graph.reverse(), group="group")
    swapped = back.rename(columns={"gatekeeper": "representative", "representative": "gatekeeper"})
    pd.testing.assert_frame_equal(ahead, swapped[ahead.columns])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.permutations(range(8)), st.booleans())
def test_renaming_actors_renames_the_rows(seed: int, order: list[int], directed: bool) -> None:
    graph = nx.gnp_random_graph(8, 0.4, seed=seed, directed=directed)
    grouped(graph, {node: node % 3 for node in graph})
    renamed = nx.relabel_nodes(graph, {node: f"n{order[node]}" for node in graph})
    table, other = brokerage(graph, group="group"), brokerage(renamed, group="group")
    assert other.loc[[f"n{order[node]}" for node in graph]].to_numpy().tolist() == table.to_numpy().tolist()


def test_parallel_ties_and_ties_with_oneself_count_once_and_not() -> None:
    block = {"a": 1, "b": 2, "c": 1}
    plain = grouped(nx.DiGraph([("a", "b"), ("b", "c")]), block)
    multi = grouped(nx.MultiDiGraph([("a", "b"), ("a", "b"), ("b", "c"), ("b", "b")]), block)
    pd.testing.assert_frame_equal(brokerage(multi, group="group"), brokerage(plain, group="group"))
    assert brokerage(plain, group="group").loc["b", "consultant"] == 1


def test_a_block_that_is_not_stated() -> None:
    # a – b – c, b – d: the block of d is not stated; only the pair a, c counts
    graph = grouped(nx.Graph([("a", "b"), ("b", "c"), ("b", "d")]), {"a": "x", "b": "x", "c": "y", "d": None})
    table = brokerage(graph, group="group")
    assert table.loc["b", [*ROLES, "total"]].tolist() == [0, 0, 1, 1, 0, 1]
    assert table["n_unplaced"].tolist() == [0, 1, 0, 0]
    assert table.loc["d", [*ROLES, "total"]].isna().all()
    assert brokerage_totals(graph, group="group")["observed"].tolist() == [0, 0, 1, 1, 0, 1]


def test_a_filiere_with_an_actor_without_a_pole() -> None:
    actors = {**TABLES["actors"], "pole": ["enterprise", None, *TABLES["actors"]["pole"][2:]]}
    table = brokerage(by_hand(actors=actors), by="pole")
    assert table.loc["atelier", "total"] != table.loc["atelier", "total"]
    assert table.loc[["mairie", "agglo"], "n_unplaced"].tolist() == [1, 1]
    assert table["total"].sum() == 0  # all four mediations had Atelier at an end or between


@pytest.mark.parametrize("size", [0, 1, 2, 6])
def test_nobody_is_tied(size: int) -> None:
    graph = grouped(nx.empty_graph(size), dict.fromkeys(range(size), "x"))
    table = brokerage(graph, group="group")
    assert table.shape == (size, len(COLUMNS))
    assert (table == 0).all(axis=None)
    totals = brokerage_totals(graph, group="group")
    assert totals["observed"].tolist() == [0] * 6
    assert totals["expected"].isna().tolist() == [size < 2] * 6
    assert np.isnan(brokerage_share(graph, group="group"))


def test_one_block_has_only_coordinators() -> None:
    table = brokerage(grouped(nx.path_graph(4), dict.fromkeys(range(4), "x")), group="group")
    assert table["coordinator"].tolist() == table["total"].tolist() == [0, 1, 1, 0]
    assert (table[list(ROLES[1:])] == 0).all(axis=None)


def test_two_components() -> None:
    graph = nx.disjoint_union(nx.path_graph(3), nx.star_graph(3))
    block = {node: node % 2 for node in graph}
    table = brokerage(grouped(graph, block), group="group")
    assert table[[*ROLES, "total"]].to_numpy().tolist() == list(counted(graph, block).values())


def test_nobody_was_asked(silent: Filiere) -> None:
    table = brokerage(silent, by="pole")
    assert (table["total"] == 0).all()
    assert (table["n_unknown"] == len(table) - 1).all()


@pytest.mark.parametrize("seed", range(3))
def test_a_random_filiere(seed: int) -> None:
    rows = random_filiere(seed)
    graph: nx.Graph = nx.Graph()
    graph.add_nodes_from(rows.partners)
    graph.add_edges_from(tuple(pair) for pair in rows.said("observed"))
    pole = {str(row["actor_id"]): row["pole"] for row in rows.actors}
    stated = [name for name in rows.partners if pole[name] is not None]
    loop = counted(graph.subgraph(stated), pole)
    table = brokerage(rows.f, by="pole")
    assert table.index.tolist() == rows.partners
    for name in rows.partners:
        found = table.loc[name, [*ROLES, "total"]]
        assert found.isna().all() if pole[name] is None else found.tolist() == loop[name]


def test_errors(hand: Filiere) -> None:
    with pytest.raises(UnknownNameError, match="attribute 'team'"):
        brokerage(campnet(), group="team")
    with pytest.raises(ValueError, match="name the node attribute"):
        brokerage(campnet())
    with pytest.raises(UnknownNameError):
        brokerage(hand, actors=["nobody"])
    with pytest.raises(ValueError, match="a graph has no years"):
        brokerage(campnet(), group="Gender", year=2022)


def test_share_by_hand(hand: Filiere) -> None:
    # four mediations, all between poles: two of them are Mairie's
    measure = brokerage_share_measure(hand, by="pole", lang="en")
    assert brokerage_share(hand, by="pole") == measure.value == 0.5
    assert (measure.numerator, measure.denominator, measure.unit) == (2, 4, "share")
    assert measure.n_unknown == 7
    assert np.isnan([measure.low, measure.high]).all()
    assert measure.note == "Mairie: 2 of the 4 pairs that an actor links between worlds"
    assert set(measure.rows) == {"cooperations", "actors"}
    french = brokerage_share_measure(hand, by="pole")
    assert french.note == "Mairie\u00a0: 2 des 4 paires qu’un acteur relie entre deux mondes"


def test_share_of_a_graph() -> None:
    measure = brokerage_share_measure(campnet(), group="Gender", lang="en")
    # all but the 44 coordinators: 20, of which HOLLY has 7
    assert (measure.numerator, measure.denominator) == (7, 20)
    assert measure.value == measure.low == measure.high == 0.35
    assert measure.rows == {}
    assert measure.note.startswith("HOLLY: 7 of the 20")


def test_share_where_nobody_stands_between() -> None:
    graph = grouped(nx.path_graph(3), dict.fromkeys(range(3), "x"))
    measure = brokerage_share_measure(graph, group="group", lang="en")
    assert np.isnan(measure.value)
    assert np.isnan(measure.denominator)
    assert measure.note == "nobody is known to stand between two worlds"
