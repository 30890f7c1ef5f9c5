"""What chance alone would give: the z scores of R sna on « campnet », and every graph of a few nodes."""

from __future__ import annotations

from itertools import combinations, permutations, product

import networkx as nx
import numpy as np
import pytest

from chaine_valeur.analysis.cooperation.positions.brokerage import ROLES, brokerage, placed_in
from chaine_valeur.analysis.cooperation.positions.brokerage_chance import (
    brokerage_expected,
    brokerage_z,
    expected_counts,
)
from chaine_valeur.filiere import Filiere
from tests.cooperation.campnet import NAMED, WOMEN, campnet
from tests.cooperation.test_positions_brokerage import counted, grouped

#: R sna 2.7.1, `brokerage(campnet, Gender)$z.nli`: w_I, w_O, b_OI, b_IO, t (b_O is undefined with two blocks)
SCORES = {
    "HOLLY": [-0.0504438406, -0.8937968687, 1.8857008122, -0.3566382551, 0.1815036305],
    "BRAZEY": [-0.7043504075, -0.8937968687, -0.8051060685, -0.8051060685, -1.2361868887],
    "CAROL": [0.6034627263, -0.8937968687, -0.8051060685, -0.8051060685, -0.8817642589],
    "PAM": [4.5269021279, -0.8937968687, -0.8051060685, -0.8051060685, 0.1815036305],
    "PAT": [4.5269021279, -0.8937968687, -0.8051060685, -0.8051060685, 0.1815036305],
    "JENNIE": [1.9112758602, -0.8937968687, -0.8051060685, -0.8051060685, -0.5273416291],
    "PAULINE": [1.9112758602, -0.8937968687, 0.5402973718, -0.8051060685, 0.0042923156],
    "ANN": [-0.0504438406, -0.8937968687, -0.8051060685, -0.8051060685, -1.0589755738],
    "MICHAEL": [0.0693794754, -0.7718775708, -0.8165265832, 0.0678638717, -0.5273416291],
    "BILL": [-0.8347620699, -0.7718775708, -0.8165265832, -0.8165265832, -1.2361868887],
    "LEE": [-0.8347620699, -0.7718775708, -0.8165265832, 0.0678638717, -0.8817642589],
    "DON": [-0.8347620699, -0.7718775708, 0.0678638717, -0.3743313558, -0.704552944],
    "JOHN": [-0.8347620699, -0.7718775708, -0.8165265832, -0.8165265832, -1.2361868887],
    "HARRY": [-0.8347620699, -0.7718775708, -0.8165265832, -0.3743313558, -1.0589755738],
    "GERY": [0.521450248, -0.7718775708, -0.8165265832, -0.8165265832, -0.704552944],
    "STEVE": [0.9735210207, -0.7718775708, -0.3743313558, -0.8165265832, -0.3501303142],
    "BERT": [0.0693794754, -0.7718775708, -0.3743313558, -0.8165265832, -0.704552944],
    "RUSS": [1.4255917933, -0.7718775708, -0.8165265832, -0.8165265832, -0.3501303142],
}
COMPARED = ["coordinator", "consultant", "gatekeeper", "representative", "total"]


def test_campnet_scores() -> None:
    table = brokerage_z(campnet(), group="Gender")
    assert list(table.columns) == [*ROLES, "total"]
    assert table.index.tolist() == list(NAMED)
    assert table.index.name == "actor_id"
    np.testing.assert_allclose(table[COMPARED], list(SCORES.values()), atol=1e-9)
    assert table["liaison"].isna().all()


def test_campnet_expectations() -> None:
    # p = 54 / 306 = 3/17: p² (1 − p) = 126 / 4913; 8 women and 10 men
    table = brokerage_expected(campnet(), group="Gender")
    each = 126 / 4913
    for name in NAMED:
        own, other = (7, 10) if name in WOMEN else (9, 8)
        pairs = [own * (own - 1), other * (other - 1), own * other, own * other, 0, 17 * 16]
        np.testing.assert_allclose(table.loc[name], np.array(pairs) * each, err_msg=name)


def test_known_z_over_expected() -> None:
    known, expected = brokerage(campnet(), group="Gender"), brokerage_expected(campnet(), group="Gender")
    scores = brokerage_z(campnet(), group="Gender")
    # the standard deviation that the three imply is one per block
    spread = (known["total"] - expected["total"]) / scores["total"]
    assert np.ptp(spread) < 1e-9


@pytest.mark.parametrize(
    ("directed", "blocks"),
    [
        (True, [0, 0, 1, 2]),
        (True, [0, 0, 0, 1]),
        (False, [0, 0, 0, 1, 1]),
        (False, [0, 1, 1, 2, 2]),
        (False, [0, 0, 1, 1, 2]),
    ],
)
def test_every_graph_weighed_by_its_chance(directed: bool, blocks: list[int]) -> None:
    """Mean and variance over all graphs on four or five nodes, at the density of the one that is given."""
    size = len(blocks)
    pairs = list(permutations(range(size), 2) if directed else combinations(range(size), 2))
    given = nx.DiGraph() if directed else nx.Graph()
    given.add_nodes_from(range(size))
    given.add_edges_from(pairs[::3])
    grouped(given, dict(enumerate(blocks)))
    p = given.number_of_edges() / len(pairs)
    first = second = 0.0
    for chosen in product([False, True], repeat=len(pairs)):
        graph = nx.create_empty_copy(given)
        graph.add_edges_from(pair for pair, there in zip(pairs, chosen, strict=True) if there)
        counts = np.array(list(counted(graph, dict(enumerate(blocks))).values()), dtype=float)
        chance = p ** sum(chosen) * (1 - p) ** (len(pairs) - sum(chosen))
        first, second = first + chance * counts, second + chance * counts**2
    asked = dict.fromkeys(["by", "year", "kind", "directed", "actors"])
    expected, spread = expected_counts(placed_in(given, group="group", **asked))
    np.testing.assert_allclose(expected, first, atol=1e-12)
    np.testing.assert_allclose(spread**2, second - first**2, atol=1e-12)


def test_only_the_density_among_those_placed_counts() -> None:
    graph = nx.Graph([("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")])
    placed = graph.subgraph("abc").copy()
    block = {"a": "x", "b": "y", "c": "x"}
    grouped(graph, {**block, "d": None})
    table = brokerage_expected(graph, group="group")
    np.testing.assert_allclose(
        table.loc[list("abc")], brokerage_expected(grouped(placed, block), group="group")
    )
    assert table.loc["d"].isna().all()
    assert brokerage_z(graph, group="group").loc["d"].isna().all()


@pytest.mark.parametrize("graph", [nx.empty_graph(5), nx.complete_graph(5)])
def test_no_chance_without_or_with_every_tie(graph: nx.Graph) -> None:
    grouped(graph, {node: node % 2 for node in graph})
    assert (brokerage_expected(graph, group="group") == 0).all(axis=None)
    assert brokerage_z(graph, group="group").isna().all(axis=None)


@pytest.mark.parametrize("size", [0, 1])
def test_too_few_to_have_a_density(size: int) -> None:
    graph = grouped(nx.empty_graph(size), dict.fromkeys(range(size), "x"))
    for table in (brokerage_expected(graph, group="group"), brokerage_z(graph, group="group")):
        assert table.shape == (size, 6)
        assert table.isna().all(axis=None)


def test_a_block_of_one_has_no_coordinator() -> None:
    graph = grouped(nx.path_graph(5), {0: "x", 1: "y", 2: "y", 3: "y", 4: "z"})
    assert brokerage_expected(graph, group="group").loc[0, "coordinator"] == 0
    assert np.isnan(brokerage_z(graph, group="group").loc[0, "coordinator"])


def test_by_hand(hand: Filiere) -> None:
    # 6 of 21 pairs are tied: p = 2/7, p² (1 − p) = 20/343; Mairie has one other elected, five outsiders in
    # blocks of 2, 2 and 1: two pairs alike, 8 pairs of different blocks, 5 pairs with the other elected
    table = brokerage_expected(hand, by="pole")
    expected = np.array([0, 2, 5, 5, 8, 15]) * 20 / 343
    np.testing.assert_allclose(table.loc["mairie"], expected)
