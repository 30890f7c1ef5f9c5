"""How mixed the whole network is, and the neighbours of each actor."""

from __future__ import annotations

import time
from collections import Counter
from itertools import combinations_with_replacement
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.bodies.diversity import diversity
from chaine_valeur.analysis.cooperation.ties.variety import (
    blau_of,
    highest_blau,
    least_varied,
    most_varied,
)
from chaine_valeur.analysis.cooperation.worlds.composition import (
    blau,
    blau_measure,
    composition,
    iqv,
    iqv_measure,
)
from chaine_valeur.analysis.cooperation.worlds.neighbourhood import neighbourhood_diversity
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.network import Ties
from chaine_valeur.vocabulary import Pole, Role
from tests.cooperation.campnet import campnet
from tests.cooperation.hand import IDS, by_hand, nobody_asked
from tests.cooperation.random_ties import layers, unknown_pairs
from tests.cooperation.worlds import POLES, filiere_of, in_blocks, random_blocks


def blau_by_loop(blocks: list[Any]) -> float:
    counts = Counter(blocks)
    return 1 - sum((count / len(blocks)) ** 2 for count in counts.values()) if blocks else float("nan")


# the shared kernel


def test_blau_of_counts() -> None:
    assert blau_of(np.array([[1, 1], [4, 0], [3, 1]])).tolist() == [0.5, 0, 1 - 10 / 16]
    assert np.isnan(blau_of(np.array([[0, 0]]))).all()
    assert np.isnan(blau_of(np.zeros((2, 0), dtype=np.int64))).all()
    assert highest_blau(4) == 0.75
    assert np.isnan([highest_blau(1), highest_blau(0)]).all()


@given(st.lists(st.integers(0, 4), min_size=3, max_size=3), st.integers(0, 4))
@settings(max_examples=40, deadline=None)
def test_bounds_of_counts_are_reached(known: list[int], unknown: int) -> None:
    """Every way of giving the unknown ones a category."""
    counts, left = np.array([known]), np.array([unknown])
    values = [
        blau_by_loop([at for at, count in enumerate(known) for _ in range(count)] + list(guess))
        for guess in combinations_with_replacement(range(3), unknown)
    ]
    low, high = (float(blau_of(of(counts, left))[0]) for of in (least_varied, most_varied))
    if sum(known) + unknown:
        assert low == pytest.approx(min(values))
        assert high == pytest.approx(max(values))
    assert least_varied(counts, left).sum() == most_varied(counts, left).sum() == sum(known) + unknown
    assert counts.tolist() == [known]  # the argument is left as it was


def test_groups_and_networks_are_measured_alike() -> None:
    """A group in which everyone sits is as mixed as the network."""
    names = [name for name in IDS if name not in ("menages", "ancien")]
    f = by_hand(
        groups={"name": ["Tous"]},
        memberships={"group_id": ["tous"] * 7, "actor_id": names},
    )
    row = diversity(f).loc["tous"]
    assert blau(f, by="pole") == pytest.approx(row["blau"])
    assert iqv(f, by="pole") == pytest.approx(row["iqv"])


# the whole network


def test_composition_by_hand() -> None:
    frame = composition(by_hand(), by="pole", lang="en")
    assert frame.index.tolist() == ["enterprise", "elected", "ess", "expertise"]
    assert frame.index.name == "group"
    assert frame.columns.tolist() == ["label", "actors", "share"]
    assert frame["actors"].tolist() == [2, 2, 2, 1]
    np.testing.assert_allclose(frame["share"], np.array([2, 2, 2, 1]) / 7)
    # seven partners: the households are diffuse, Ancien has closed
    assert frame["actors"].sum() == 7


def test_composition_with_unknown_blocks() -> None:
    frame = composition(by_hand(), by="commune")
    assert frame.index.tolist()[:3] == ["76384", "76114", "Caen"]
    assert frame.index.isna().tolist() == [False, False, False, True]
    assert frame["label"].tolist() == ["Lillebonne", "Bolbec", "Caen", "Non renseigné"]
    assert frame["actors"].tolist() == [2, 2, 1, 2]
    np.testing.assert_allclose(frame["share"], [0.4, 0.4, 0.2, np.nan])


def test_blau_and_iqv_by_hand() -> None:
    f = by_hand()
    value = 1 - (3 * 4 + 1) / 49
    assert blau(f, by="pole") == pytest.approx(value)
    assert iqv(f, by="pole") == pytest.approx(value / (1 - 1 / len(Pole)))
    measure = iqv_measure(f, by="pole", lang="en")
    assert measure.value == measure.low == measure.high == iqv(f, by="pole")
    assert (measure.n_unknown, measure.note) == (0, "of 7 actors")
    assert measure.rows["actors"] == tuple(IDS[:7])
    # six roles: transformer, buyer, territorial twice, insertion, supplier, expert
    assert blau(f) == blau(f, by="role") == pytest.approx(1 - (5 + 4) / 49)
    assert iqv(f) == pytest.approx((40 / 49) / (1 - 1 / len(Role)))


def test_bounds_by_hand() -> None:
    # communes 2, 2, 1 and two actors from nowhere, of three communes that there are
    measure = blau_measure(by_hand(), by="commune", lang="en")
    assert measure.value == pytest.approx(1 - 9 / 25)
    assert measure.low == pytest.approx(1 - (16 + 4 + 1) / 49)  # both in a large one
    assert measure.high == pytest.approx(1 - (9 + 4 + 4) / 49)  # one in Caen, one anywhere
    assert (measure.n_unknown, measure.note) == (2, "of 5 actors")
    assert "ressourcerie" not in measure.rows["actors"]
    standard = iqv_measure(by_hand(), by="commune")
    assert standard.low == pytest.approx(measure.low / (2 / 3))
    # a mix that is even stays so at best
    even = blau_measure(in_blocks(nx.empty_graph(3), ["x", "y", None]), group="block")
    assert (even.value, even.high) == (0.5, 0.5)
    assert even.low == pytest.approx(1 - 5 / 9)


def test_campnet_composition() -> None:
    assert composition(campnet(), group="Gender")["actors"].tolist() == [8, 10]
    assert blau(campnet(), by="Gender") == pytest.approx(1 - (64 + 100) / 18**2)
    assert iqv(campnet(), by="Gender") == pytest.approx(2 * (1 - 164 / 324))


def test_undefined() -> None:
    single = in_blocks(nx.path_graph(3), "xxx")
    assert blau(single, group="block") == 0
    measure = iqv_measure(single, group="block", lang="en")
    assert np.isnan([measure.value, measure.low, measure.high]).all()
    assert measure.note == "a single category in all"
    nothing: nx.Graph = nx.Graph()
    empty = composition(nothing, group="block")
    assert len(empty) == 0
    assert empty.columns.tolist() == ["label", "actors", "share"]
    for of in (blau_measure, iqv_measure):
        measure = of(nothing, group="block", lang="en")
        assert np.isnan(measure.value)
        assert measure.note == "no actor whose category is known"
    nowhere = by_hand(actors={"name": ["A", "B"]}, cooperations=None, activities=None, flows=None,
                      groups=None, memberships=None)  # fmt: skip
    assert np.isnan(blau(nowhere, by="pole"))
    assert blau_measure(nowhere, by="pole").n_unknown == 2
    assert composition(nowhere, by="pole")["share"].isna().tolist() == [True]


def test_some_actors_and_errors() -> None:
    f = by_hand()
    assert composition(f, by="pole", actors=["mairie", "agglo", "relais"])["actors"].tolist() == [2, 1]
    assert blau(f, by="pole", actors=["mairie", "agglo"], year=2022) == 0
    with pytest.raises(UnknownNameError, match="poles"):
        blau(f, by="poles")
    with pytest.raises(ValueError, match="group="):
        composition(campnet())


@pytest.mark.parametrize("seed", range(5))
def test_a_plain_loop(seed: int) -> None:
    graph = random_blocks(seed, directed=False)
    blocks = [graph.nodes[node]["block"] for node in graph]
    assert blau(graph, group="block") == pytest.approx(blau_by_loop(blocks))
    assert 0 <= iqv(graph, group="block") <= 1


# the neighbours


def test_neighbours_by_hand() -> None:
    frame = neighbourhood_diversity(by_hand(), by="pole")
    assert frame.index.tolist() == IDS[:7]
    assert frame.index.name == "actor_id"
    assert frame.columns.tolist() == ["neighbours", "without_block", "undocumented", "blau", "iqv"]
    # Filature, Atelier, Mairie, Agglo, Relais, Ressourcerie, Labo
    assert frame["neighbours"].tolist() == [2, 2, 3, 2, 2, 1, 0]
    assert frame["without_block"].eq(0).all()
    # Filature: Agglo, Ressourcerie, Labo; Atelier: Ressourcerie, Labo; Agglo: Filature, Labo;
    # Ressourcerie: Filature, Atelier, Labo; Labo: Filature, Atelier, Agglo, Ressourcerie
    assert frame["undocumented"].tolist() == [3, 2, 0, 2, 0, 3, 4]
    # Filature: Mairie and Relais; Atelier: two elected; Mairie: two enterprises and Relais; Agglo: an
    # enterprise and an ESS; Relais: Mairie and Filature; Ressourcerie: Agglo alone; Labo: nobody known
    np.testing.assert_allclose(frame["blau"], [0.5, 0, 1 - 5 / 9, 0.5, 0.5, 0, np.nan])
    np.testing.assert_allclose(frame["iqv"], frame["blau"] / (1 - 1 / len(Pole)))


def test_neighbours_of_unknown_block() -> None:
    frame = neighbourhood_diversity(by_hand(), by="commune")
    # Agglo: Atelier of Lillebonne, and Ressourcerie from nowhere; Ressourcerie: Agglo of Caen
    assert frame["without_block"].tolist() == [0, 0, 0, 1, 0, 0, 0]
    assert frame.loc["agglo", "blau"] == 0
    nowhere = neighbourhood_diversity(in_blocks(nx.path_graph(2), ["x", None]), group="block")
    assert nowhere["neighbours"].tolist() == [1, 1]
    assert np.isnan(nowhere["blau"].iloc[0])
    assert nowhere["blau"].iloc[1] == 0
    assert nowhere["iqv"].isna().all()  # a single category in all


def test_neighbours_of_some_kind_and_some_actors() -> None:
    assert neighbourhood_diversity(by_hand(), by="pole", kind="support")["neighbours"].sum() == 2
    three = neighbourhood_diversity(by_hand(), by="pole", actors=["relais", "filature", "mairie"])
    assert three.index.tolist() == ["filature", "mairie", "relais"]
    assert three["neighbours"].tolist() == [2, 2, 2]
    assert three["undocumented"].tolist() == [0, 0, 0]
    assert neighbourhood_diversity(by_hand(), by="pole", year=2010).loc["labo", "neighbours"] == 1
    silent = neighbourhood_diversity(nobody_asked(), by="pole")
    assert silent["undocumented"].eq(6).all()
    assert silent["blau"].isna().all()


def test_neighbours_in_degenerate_graphs() -> None:
    loops = in_blocks(nx.MultiDiGraph([("a", "a"), ("a", "b"), ("b", "a"), ("c", "a")]), "xyz")
    frame = neighbourhood_diversity(loops, group="block")
    assert frame["neighbours"].tolist() == [2, 1, 1]  # whichever way, once
    assert frame["blau"].tolist() == [0.5, 0, 0]
    empty = neighbourhood_diversity(nx.Graph(), group="block")
    assert len(empty) == 0
    assert empty.columns.tolist() == frame.columns.tolist()


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_neighbours_in_a_plain_loop(seed: int, directed: bool) -> None:
    graph = random_blocks(seed, directed=directed, blocks=["x", "y", "z", None])
    frame = neighbourhood_diversity(graph, group="block")
    assert frame.index.tolist() == list(graph)
    for node in graph:
        around = [graph.nodes[other]["block"] for other in set(nx.all_neighbors(graph, node))]
        known = [name for name in around if name is not None]
        assert frame.loc[node, "neighbours"] == len(around)
        assert frame.loc[node, "without_block"] == len(around) - len(known)
        assert frame.loc[node, "blau"] == pytest.approx(blau_by_loop(known), nan_ok=True)
    assert frame["undocumented"].eq(0).all()


@given(layers(directed=False, most=5))
@settings(max_examples=25, deadline=None)
def test_undocumented_pairs(ties: Ties) -> None:
    frame = neighbourhood_diversity(filiere_of(ties, POLES[:3] + POLES[:2]), by="pole")
    counts = Counter(str(end) for pair in unknown_pairs(ties) for end in pair)
    assert frame["undocumented"].to_dict() == {name: counts[name] for name in frame.index}


def test_many_actors_and_blocks_cost_no_matrix() -> None:
    """A block per actor: actor × block would take ten gigabytes."""
    size = 20_000
    graph = in_blocks(nx.random_regular_graph(6, size, seed=1), range(size))
    started = time.process_time()
    frame = neighbourhood_diversity(graph, group="block")
    assert time.process_time() - started < 3  # 0.2 s on an idle core, half of it to read the graph
    np.testing.assert_allclose(frame["blau"], 1 - 1 / 6)
