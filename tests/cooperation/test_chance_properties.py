"""What holds of chance whatever the network: names do not matter, figures are in order, nothing loops over rows."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis.cooperation.chance.draws import draws_of
from chaine_valeur.analysis.cooperation.chance.mixing import mixing_significance
from chaine_valeur.analysis.cooperation.chance.null_models import null_models
from chaine_valeur.analysis.cooperation.chance.outcome import Significance
from chaine_valeur.analysis.cooperation.chance.significance import significance
from chaine_valeur.analysis.cooperation.ties.layer import ties_of
from tests.gaps.counting import fresh, grown, steps

MODELS = ["density", "degrees", "labels"]
NAMES = [
    "ei_index",
    "ei_index_arcs",
    "ties_between",
    "mutual_dyads",
    "closed_triptyques",
    "triptyque_closure",
]
POLES = ["enterprise", "elected", "ess", None]


@st.composite
def graphs(draw: st.DrawFn) -> nx.DiGraph:
    """Small directed graphs with loops and isolates, whose nodes have a pole or none."""
    size = draw(st.integers(3, 9))
    pairs = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1))
    graph = nx.empty_graph(size, nx.DiGraph)
    graph.add_edges_from(draw(st.lists(pairs, max_size=25)))
    for node, pole in enumerate(draw(st.lists(st.sampled_from(POLES), min_size=size, max_size=size))):
        graph.nodes[node]["pole"] = pole
    graph.nodes[0]["pole"] = "ess"
    return graph


def told(graph: nx.Graph, name: str, model: str, **options: Any) -> Significance:
    return significance(
        graph, name, group="pole", model=model, draws=12, show_small=True, lang="en", **options
    )


@given(graph=graphs(), name=st.sampled_from(NAMES), model=st.sampled_from(MODELS))
@settings(max_examples=25, deadline=None)
def test_names_do_not_matter(graph: nx.DiGraph, name: str, model: str) -> None:
    names: dict[Hashable, Hashable] = {node: f"actor {9 - node}" for node in graph}
    before = nx.DiGraph(graph)
    assert repr(told(graph, name, model)) == repr(told(nx.relabel_nodes(graph, names), name, model))
    assert nx.utils.graphs_equal(graph, before)


@given(graph=graphs(), name=st.sampled_from(NAMES), model=st.sampled_from(MODELS))
@settings(max_examples=25, deadline=None)
def test_figures_are_in_order(graph: nx.DiGraph, name: str, model: str) -> None:
    found = told(graph, name, model)
    figures = [found.expected, found.low, found.high]
    if np.isnan(found.observed):
        assert found.note
        assert np.isnan([*figures, found.sd, found.p, found.p_lower, found.p_higher]).all()
        return
    if not np.isnan(found.expected):
        assert found.low <= found.high
        assert found.sd >= 0 or np.isnan(found.sd)
    if np.isnan(found.p):
        assert found.note
        return
    known = found.draws - found.undefined
    assert 1 / (1 + known) <= min(found.p_lower, found.p_higher)
    assert max(found.p_lower, found.p_higher) <= 1
    # each draw is on one side or the other, or on both
    assert found.p_lower + found.p_higher >= 1 + 1 / (1 + known)
    assert found.p == min(1, 2 * min(found.p_lower, found.p_higher))


@given(graph=graphs(), name=st.sampled_from([name for name in NAMES if name != "mutual_dyads"]))
@settings(max_examples=25, deadline=None)
def test_turning_every_tie_round_changes_nothing_that_labels_say(graph: nx.DiGraph, name: str) -> None:
    assert repr(told(graph, name, "labels")) == repr(told(graph.reverse(), name, "labels"))


@pytest.mark.parametrize("model", ["density", "degrees"])
@given(graph=graphs())
@settings(max_examples=20, deadline=None)
def test_the_networks_keep_what_they_must(model: str, graph: nx.DiGraph) -> None:
    loops = list(nx.selfloop_edges(graph))
    plain = nx.DiGraph(graph)
    plain.remove_edges_from(loops)
    for one in null_models(graph, model=model, draws=3):
        assert one.number_of_edges() == plain.number_of_edges()
        assert nx.number_of_selfloops(one) == 0
        assert dict(one.nodes(data=True)) == dict(graph.nodes(data=True))
        if model == "degrees":
            assert dict(one.in_degree) == dict(plain.in_degree)
            assert dict(one.out_degree) == dict(plain.out_degree)


# a referee


def test_networkx_exchanges_ties_to_the_same_end() -> None:
    graph = nx.barbell_graph(5, 2)  # two cliques of five on a path: degrees far from even
    ours = [nx.transitivity(one) for one in null_models(graph, model="degrees", draws=400, seed=1)]
    theirs = []
    walker = nx.Graph(graph)
    for step in range(400):
        # networkx counts the exchanges that succeed: some bias in the walk, none that matters at this size
        nx.double_edge_swap(walker, nswap=30, max_tries=10_000, seed=step)
        theirs.append(nx.transitivity(walker))
    spread = (np.var(ours) / 400 + np.var(theirs) / 400) ** 0.5
    assert abs(np.mean(ours) - np.mean(theirs)) < 5 * spread
    assert np.mean(ours) < 0.75 * nx.transitivity(graph)


def test_networkx_places_as_many_ties_at_random() -> None:
    graph = nx.gnm_random_graph(30, 80, seed=0)
    ours = [nx.transitivity(one) for one in null_models(graph, draws=300, seed=1)]
    theirs = [nx.transitivity(nx.gnm_random_graph(30, 80, seed=seed)) for seed in range(300)]
    spread = (np.var(ours) / 300 + np.var(theirs) / 300) ** 0.5
    assert abs(np.mean(ours) - np.mean(theirs)) < 5 * spread


def test_draws_do_not_resemble_one_another() -> None:
    # all draws of the same degrees start from one network: ten exchanges later nothing of it is left
    graph = nx.gnm_random_graph(40, 120, seed=2)
    drawn = np.zeros((200, 40, 40))
    for batch in draws_of(ties_of(graph), model="degrees", draws=200, seed=0):
        drawn[np.arange(200)[:, np.newaxis], batch.a, batch.b] = 1
    often = drawn.mean(axis=0)[np.triu_indices(40, 1)]
    # were the hub remembered, its pairs would stand out: the spread of 200 independent draws is all there is,
    # beside what degrees make of pairs
    degree = np.array([count for _, count in graph.degree])
    expected = np.outer(degree, degree)[np.triu_indices(40, 1)] / 240
    noise = (expected * (1 - expected) / 200) ** 0.5
    assert np.mean(((often - expected) / noise) ** 2) < 1.6


# no loop over rows

SMALL, LARGE = 100, 800


@pytest.fixture(scope="module")
def pair() -> tuple[Filiere, Filiere]:
    return grown(SMALL), grown(LARGE)


@pytest.mark.parametrize("name", ["ei_index", "closed_triptyques"])
@pytest.mark.parametrize("model", MODELS)
def test_eight_times_the_actors_run_the_same_python(
    name: str, model: str, pair: tuple[Filiere, Filiere]
) -> None:
    act = partial(significance, measure=name, by="pole", model=model, draws=1)
    first, second = (steps(partial(act, fresh(each)), rooms=["analysis/cooperation"]) for each in pair)
    assert first > 0
    assert second <= 1.15 * first  # one more round for the pairs that come twice


def test_blocks_against_chance_do_not_loop_over_rows(pair: tuple[Filiere, Filiere]) -> None:
    act = partial(mixing_significance, by="pole", draws=3)
    first, second = (steps(partial(act, fresh(each)), rooms=["analysis/cooperation"]) for each in pair)
    assert second <= 1.02 * first
