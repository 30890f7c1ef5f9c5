"""What is counted in all draws at once is what a loop counts in each, and what the room measures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import combinations, product
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis.cooperation.chance import draws as draws_module
from chaine_valeur.analysis.cooperation.chance.draws import Draws, draws_of
from chaine_valeur.analysis.cooperation.chance.kernels import KERNELS, block_codes, cell_counts
from chaine_valeur.analysis.cooperation.chance.null_models import labelled_of, null_models
from chaine_valeur.analysis.cooperation.chance.significance import significance
from chaine_valeur.analysis.cooperation.ties.layer import ties_of
from chaine_valeur.analysis.cooperation.triptyques.closure import triptyque_closure
from chaine_valeur.analysis.cooperation.worlds.blocks import block_density
from chaine_valeur.analysis.cooperation.worlds.ei_index import ei_index, ei_index_arcs
from chaine_valeur.analysis.cooperation.worlds.permutation import ei_test
from chaine_valeur.errors import ArgumentError, UnknownNameError
from tests.cooperation.campnet import campnet
from tests.cooperation.random_filiere import random_filiere
from tests.gaps.counting import steps

MODELS = ["density", "degrees", "labels"]
POLES = ["enterprise", "elected", "ess"]
Loop = Callable[[nx.Graph], float]


def in_poles(*, directed: bool, unknown: bool, seed: int = 0, size: int = 16, ties: int = 60) -> nx.Graph:
    """Return a random graph with a pole for each node but, perhaps, three of them."""
    graph = nx.gnm_random_graph(size, ties, seed=seed, directed=directed)
    for node in graph:
        if not unknown or node % 5:
            graph.nodes[node]["pole"] = [*POLES, "expertise"][node % 4]
    return graph


# the same by plain loops


def poles_of_edges(graph: nx.Graph) -> list[tuple[Any, Any]]:
    said = graph.nodes(data="pole")
    return [(said[a], said[b]) for a, b in graph.edges if said[a] is not None and said[b] is not None]


def index(between: int, within: int) -> float:
    return (between - within) / (between + within) if between + within else np.nan


def ei_loop(graph: nx.Graph) -> float:
    edges = poles_of_edges(graph.to_undirected())
    between = sum(a != b for a, b in edges)
    return index(between, len(edges) - between)


def ei_arcs_loop(graph: nx.Graph) -> float:
    edges = poles_of_edges(graph)
    between = sum(a != b for a, b in edges)
    return index(between, len(edges) - between)


def between_loop(graph: nx.Graph) -> float:
    return sum(a != b for a, b in poles_of_edges(graph))


def density_loop(block: str, to_block: str, graph: nx.Graph) -> float:
    said = graph.nodes(data="pole")
    members = [[node for node in graph if said[node] == wanted] for wanted in (block, to_block)]
    pairs = [pair for pair in product(*members) if pair[0] != pair[1]]
    if block == to_block and not graph.is_directed():
        pairs = list(combinations(members[0], 2))
    return sum(graph.has_edge(*pair) for pair in pairs) / len(pairs)


def mutual_loop(graph: nx.Graph) -> float:
    return sum(graph.has_edge(b, a) for a, b in graph.edges) / 2


def closed_loop(graph: nx.Graph) -> float:
    graph, said = graph.to_undirected(), graph.nodes(data="pole")
    members = [[node for node in graph if said[node] == pole] for pole in POLES]
    return sum(all(graph.has_edge(*pair) for pair in combinations(trio, 2)) for trio in product(*members))


def closure_loop(graph: nx.Graph) -> float:
    said = [said for _, said in graph.nodes(data="pole")]
    return closed_loop(graph) / np.prod([said.count(pole) for pole in POLES])


LOOPS: list[tuple[str, dict[str, str], Loop]] = [
    ("ei_index", {}, ei_loop),
    ("ei_index_arcs", {}, ei_arcs_loop),
    ("ties_between", {}, between_loop),
    (
        "block_density",
        {"block": "ess", "to_block": "enterprise"},
        partial(density_loop, "ess", "enterprise"),
    ),
    ("block_density", {"block": "ess"}, partial(density_loop, "ess", "ess")),
    ("mutual_dyads", {}, mutual_loop),
    ("closed_triptyques", {}, closed_loop),
    ("triptyque_closure", {}, closure_loop),
]


def values(graph: nx.Graph, name: str, model: str, *, draws: int, **options: Any) -> np.ndarray:
    """Return a named measure in each draw, the observed network first."""
    ties = ties_of(graph)
    prepared = KERNELS[name](graph, ties, "pole", "en", **options)
    assert prepared.reason == ""
    labelled = labelled_of(graph, ties, "pole")
    batches = draws_of(ties, model=model, draws=draws, seed=3, labelled=labelled)
    parts = [prepared.count(Draws.observed(ties)), *(prepared.count(batch) for batch in batches)]
    assert all(part.dtype == np.float64 for part in parts)
    return np.concatenate(parts)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    ("directed", "unknown"), [(False, False), (False, True), (True, False), (True, True)]
)
def test_a_batch_counts_what_a_loop_counts(directed: bool, unknown: bool, model: str) -> None:
    graph = in_poles(directed=directed, unknown=unknown)
    networks = [graph, *null_models(graph, model=model, group="pole", draws=12, seed=3)]
    for name, options, loop in LOOPS:
        if name == "mutual_dyads" and not directed:
            continue
        found = values(graph, name, model, draws=12, **options)
        expected = [loop(network) for network in networks]
        assert found == pytest.approx(expected, nan_ok=True), name
        if name != "mutual_dyads" or model != "labels":  # which labels cannot change
            assert len(set(expected)) > 1, name


@given(seed=st.integers(0, 99), size=st.integers(2, 9), share=st.floats(0, 1), model=st.sampled_from(MODELS))
@settings(max_examples=30, deadline=None)
def test_small_networks_too(seed: int, size: int, share: float, model: str) -> None:
    ties = round(share * size * (size - 1))
    graph = in_poles(directed=True, unknown=bool(seed % 2), seed=seed, size=size, ties=ties)
    networks = [graph, *null_models(graph, model=model, group="pole", draws=3, seed=3)]
    for name, loop in (("ei_index", ei_loop), ("closed_triptyques", closed_loop)):
        prepared = KERNELS[name](graph, ties_of(graph), "pole", "en")
        if not prepared.reason:
            found = values(graph, name, model, draws=3)
            assert found == pytest.approx([loop(network) for network in networks], nan_ok=True)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("directed", [False, True])
def test_named_measures_are_those_of_the_room(directed: bool, model: str) -> None:
    graph = in_poles(directed=directed, unknown=True, seed=2)
    rooms: dict[str, Callable[..., float]] = {
        "ei_index": ei_index,
        "ei_index_arcs": ei_index_arcs,
        "triptyque_closure": triptyque_closure,
    }
    for name, function in rooms.items():
        named = significance(graph, name, group="pole", model=model, draws=25, show_small=True)
        called = significance(graph, function, group="pole", model=model, draws=25, show_small=True)
        assert named.measure == called.measure == name
        assert named == called  # observed, expected, interval and every p: draw by draw


@pytest.mark.parametrize("seed", range(3))
def test_named_measures_of_a_filiere(seed: int) -> None:
    f = random_filiere(seed).f
    for by in ("pole", "role"):
        for model in MODELS:
            named = significance(f, "ei_index", by=by, model=model, draws=10, show_small=True)
            called = significance(f, ei_index, by=by, model=model, draws=10, show_small=True)
            assert named.observed == pytest.approx(ei_index(f, by=by), nan_ok=True)
            assert repr(named) == repr(called)  # NaN is not equal to itself
    closed = significance(f, "triptyque_closure", draws=10)
    assert closed.group == "pole"
    assert closed.observed == pytest.approx(triptyque_closure(f), nan_ok=True)


@pytest.mark.parametrize("directed", [False, True])
def test_cells_are_those_of_block_density(directed: bool) -> None:
    graph = in_poles(directed=directed, unknown=True)
    ties = ties_of(graph)
    codes, keys = block_codes(graph, ties, "pole")
    counts = cell_counts(Draws.observed(ties), ties, codes, len(keys))[0]
    for row in block_density(graph, group="pole").itertuples():
        if row.group in keys and row.to_group in keys:
            assert counts[keys.index(row.group), keys.index(row.to_group)] == row.ties


def test_the_draws_of_labels_are_those_of_the_e_i_test() -> None:
    graph = in_poles(directed=False, unknown=True, size=40, ties=90)
    found = significance(graph, "ei_index", group="pole", model="labels", draws=500, seed=11)
    other = ei_test(graph, group="pole", draws=500, seed=11)
    assert found.observed == pytest.approx(other.observed)
    assert (found.p, found.p_lower, found.p_higher) == (other.p, other.p_lower, other.p_higher)
    assert found.expected == pytest.approx(other.expected, abs=4 * found.sd / 500**0.5)


# batches


def test_batches_do_not_change_the_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = in_poles(directed=False, unknown=False)
    whole = values(graph, "closed_triptyques", "labels", draws=30)
    monkeypatch.setattr(draws_module, "CELLS", 60 * 7)
    monkeypatch.setattr("chaine_valeur.analysis.cooperation.chance.kernels.SIDE_BY_SIDE", 60 * 3)
    batches = list(draws_of(ties_of(graph), model="labels", draws=30, seed=3))
    assert [batch.count for batch in batches] == [7, 7, 7, 7, 2]
    assert values(graph, "closed_triptyques", "labels", draws=30).tolist() == whole.tolist()


@pytest.mark.parametrize("model", MODELS)
def test_batches_are_bounded(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = in_poles(directed=False, unknown=False)
    monkeypatch.setattr(draws_module, "CELLS", 130)
    batches = list(draws_of(ties_of(graph), model=model, draws=5, seed=0))
    assert [batch.count for batch in batches] == [2, 2, 1]
    loop = [ei_loop(network) for network in null_models(graph, model=model, group="pole", draws=5, seed=3)]
    assert values(graph, "ei_index", model, draws=5)[1:].tolist() == pytest.approx(loop)


@pytest.mark.parametrize("name", ["ei_index", "block_density", "closed_triptyques"])
@pytest.mark.parametrize("model", MODELS)
def test_no_loop_over_draws(name: str, model: str) -> None:
    graph = in_poles(directed=False, unknown=False)
    options = {"block": "ess"} if name == "block_density" else {}

    def count(draws: int) -> int:
        act = partial(significance, graph, name, group="pole", model=model, draws=draws, **options)
        return steps(act, rooms=["analysis/cooperation/chance"])

    few, many = count(40), count(400)
    assert few > 0
    # in one batch either way: a set with a number twice is drawn again a few times more among many
    assert many <= 1.25 * few


# errors


def test_what_cannot_be_counted() -> None:
    graph = in_poles(directed=False, unknown=False)
    with pytest.raises(UnknownNameError, match="no named measure 'ei'"):
        significance(graph, "ei")
    with pytest.raises(UnknownNameError, match="nobody is in a block 'es'; did you mean: ess"):
        significance(graph, "block_density", group="pole", block="es")
    with pytest.raises(ArgumentError, match="give directed=True"):
        significance(graph, "mutual_dyads")
    with pytest.raises(ValueError, match="name the node attribute"):
        significance(graph, "ei_index")
    with pytest.raises(TypeError, match="block"):
        significance(graph, "ei_index", group="pole", block="ess")
    with pytest.raises(ValueError, match="three poles"):
        significance(graph, "closed_triptyques", poles=["ess"])


def test_mutual_dyads_of_campnet() -> None:
    # 19 pairs name one another (mutuals 0.12418301 of 153 pairs)
    found = significance(campnet(), "mutual_dyads", draws=200)
    assert found.observed == 19 == round(0.12418301 * 153)
    # with 54 of 306 arcs at random: 153 · (54 · 53) / (306 · 305)
    assert found.expected == pytest.approx(153 * 54 * 53 / (306 * 305), abs=4 * found.sd / 200**0.5)
    assert found.high < 19


def test_a_filiere_read_with_direction(hand: Filiere) -> None:
    # six ties, all between colleges; funding goes one way, from Agglo to Atelier: 5 pairs both ways, 11 arcs
    assert significance(hand, "mutual_dyads", directed=True, draws=5).observed == 5
    assert significance(hand, "ties_between", directed=True, by="pole", draws=5).observed == 11
    assert significance(hand, "ties_between", by="pole", draws=5).observed == 6
