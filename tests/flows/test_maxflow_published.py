"""With yields of 1 and one material, throughput is a maximum flow: eleven published instances, and networkx.

The instances are those of the test suite of networkx 3.6.1 (``networkx/algorithms/flow/tests/test_maxflow.py``,
BSD-3), of the example file ``max_flow.dat`` of the Boost Graph Library (Boost licence), and of the documentation
of OR-tools. A blank capacity is unlimited.
"""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis.flows.carrying.bottlenecks import bottlenecks
from chaine_valeur.analysis.flows.carrying.carried import carried
from chaine_valeur.analysis.flows.carrying.result import throughput
from tests.flows.carrying import CLOSE, of_edges

Edges = list[tuple[Any, Any, float | None]]

TOPCODER: Edges = [
    ("x", "a", 3), ("x", "b", 1), ("a", "c", 3), ("b", "c", 5), ("b", "d", 4), ("d", "e", 2), ("c", "y", 2),
    ("e", "y", 3),
]  # fmt: skip

PUBLISHED: dict[str, tuple[Edges, Any, Any, float]] = {
    # Cormen, Leiserson, Rivest and Stein, Introduction to Algorithms, ch. 26, figure 26.1
    "clrs_26_1": ([("s", "v1", 16), ("s", "v2", 13), ("v1", "v2", 10), ("v2", "v1", 4), ("v1", "v3", 12),
                   ("v3", "v2", 9), ("v2", "v4", 14), ("v4", "v3", 7), ("v3", "t", 20), ("v4", "t", 4)],
                  "s", "t", 23),
    # the example of the article on Dinic's algorithm, Wikipedia
    "dinic_wikipedia": ([("s", 1, 10), ("s", 2, 10), (1, 3, 4), (1, 4, 8), (1, 2, 2), (2, 4, 9), (3, "t", 10),
                         (4, 3, 6), (4, "t", 10)], "s", "t", 19),
    "topcoder_directed": (TOPCODER, "x", "y", 3),
    # an undirected edge is two arcs
    "topcoder_undirected": (TOPCODER + [(head, tail, most) for tail, head, most in TOPCODER], "x", "y", 4),
    "zigzag_1000": ([("a", "b", 1000), ("a", "c", 1000), ("b", "c", 1), ("b", "d", 1000), ("c", "d", 1000)],
                    "a", "d", 2000),
    "zero_flow_edges": ([("s", "b", 2), ("s", "c", 1), ("c", "d", 1), ("d", "a", 1), ("b", "a", 2),
                         ("a", "t", 2)], "s", "t", 2),
    "blank_capacity_unlimited_1": ([("s", "a", None), ("s", "b", 30), ("a", "c", 25), ("b", "c", 12),
                                    ("a", "t", 60), ("c", "t", None)], "s", "t", 97),
    "blank_capacity_unlimited_2": ([("s", "a", 85), ("s", "b", 30), ("a", "c", None), ("c", "a", None),
                                    ("b", "c", 12), ("a", "t", 60), ("c", "t", 37)], "s", "t", 97),
    "ortools_doc": ([(0, 1, 20), (0, 2, 30), (0, 3, 10), (1, 2, 40), (1, 4, 30), (2, 3, 10), (2, 4, 20),
                     (3, 2, 5), (3, 4, 20)], 0, 4, 60),
    "boost_max_flow_dat": ([(1, 2, 5), (2, 3, 5), (3, 4, 5), (4, 2, 5), (3, 5, 2), (4, 7, 2), (5, 6, 5),
                            (6, 7, 5), (7, 5, 5), (7, 8, 1), (6, 8, 4)], 1, 8, 4),
}  # fmt: skip


def cut(f: Filiere) -> tuple[set[str], float]:
    """Return the flows of a minimum cut and their capacity: the limits with a dual."""
    done = carried(f)
    assert done.first is not None
    binding = np.flatnonzero(done.first.dual > 1e-6)
    assert set(done.program.limit_kind[binding]) <= {"flow"}
    flows = f.network.flow_ids[done.program.limit_of[binding]]
    assert done.first.dual[binding] == pytest.approx(np.ones(len(binding)))
    return set(flows), float(done.program.limit[binding].sum())


@pytest.mark.parametrize("name", PUBLISHED)
def test_published(name: str) -> None:
    edges, source, target, most = PUBLISHED[name]
    f = of_edges(edges, source, target)
    found = throughput(f)
    assert found.status == "solved"
    assert found.served_t_per_year == pytest.approx(most, **CLOSE)
    # the flows are one of that size: kept at each node, within capacities
    carried_t = found.flows.to_numpy()
    assert np.all(carried_t <= [np.inf if most is None else most + 1e-6 for *_, most in edges])
    into = sum(t for (_, head, _), t in zip(edges, carried_t, strict=True) if head == target)
    back = sum(t for (tail, _, _), t in zip(edges, carried_t, strict=True) if tail == target)
    assert into - back == pytest.approx(most, **CLOSE)
    for node in {end for edge in edges for end in edge[:2]} - {source, target}:
        kept = sum(
            t * ((head == node) - (tail == node)) for (tail, head, _), t in zip(edges, carried_t, strict=True)
        )
        assert kept == pytest.approx(0, abs=1e-6)
    # a cut of that capacity separates both ends
    flows, capacity = cut(f)
    assert capacity == pytest.approx(most, **CLOSE)
    left = nx.DiGraph([(tail, head) for n, (tail, head, _) in enumerate(edges) if f"f{n}" not in flows])
    left.add_nodes_from([source, target])
    assert not nx.has_path(left, source, target)


def test_a_published_path_without_limit() -> None:
    # networkx test_maxflow.py, test_digraph_infcap_path: s → a → c → t has no capacity at all
    edges: Edges = [("s", "a", None), ("s", "b", 30), ("a", "c", None), ("b", "c", 12), ("a", "t", 60),
                    ("c", "t", None)]  # fmt: skip
    f = of_edges(edges, "s", "t")
    found = throughput(f)
    assert found.status == "unlimited"
    assert np.isnan(found.served_t_per_year)
    assert found.path["actor_id"].to_list() == ["s", "a", "c", "t"]
    assert found.flows.isna().all()
    assert found.served["served_t_per_year"].isna().all()
    assert bottlenecks(f).empty
    assert "source (s) → milieu (a) → milieu (c) → vente (t)" in found.notes(lang="en")[0]


def test_the_unique_cut_of_clrs() -> None:
    # {v1→v3, v4→v3, v4→t} is the one minimum cut: one more tonne on any of them serves one more
    edges, source, target, _ = PUBLISHED["clrs_26_1"]
    found = bottlenecks(of_edges(edges, source, target))
    assert set(found["flow_id"]) == {"f4", "f7", "f9"}
    assert found["gain_t_per_t"].to_list() == pytest.approx([1, 1, 1])
    assert not found["joint"].any()


@st.composite
def graphs(draw: st.DrawFn) -> Edges:
    """Return edges of a few nodes, 0 the source and 1 the target, all reached from the source."""
    count = draw(st.integers(3, 7))
    ends = st.integers(0, count - 1)
    pairs = draw(st.lists(st.tuples(ends, ends), min_size=2, max_size=18))  # parallels and cycles too
    pairs = [(tail, head) for tail, head in pairs if tail != head]
    capacities = st.one_of(st.integers(0, 12), st.none())
    edges: Edges = [(tail, head, draw(capacities)) for tail, head in pairs]
    reached = nx.descendants(nx.DiGraph([(0, 0), *pairs]), 0) | {0}
    # a node that nothing reaches would be taken as a source without limit
    return [edge for edge in edges if edge[0] in reached]


@settings(max_examples=25)
@given(graphs())
def test_networkx_agrees_on_random_graphs(edges: Edges) -> None:
    graph = nx.DiGraph()
    graph.add_nodes_from([0, 1])
    for tail, head, most in edges:  # parallel arcs add up; one without a capacity makes the pair unlimited
        before = graph.get_edge_data(tail, head, {"capacity": 0}).get("capacity", np.inf)
        graph.add_edge(tail, head, capacity=before + (np.inf if most is None else most))
    for *_, data in graph.edges(data=True):
        if np.isinf(data["capacity"]):
            del data["capacity"]
    found = throughput(of_edges(edges, 0, 1))
    try:
        expected = nx.maximum_flow_value(graph, 0, 1)
    except nx.NetworkXUnbounded:
        assert found.status == "unlimited"
        return
    if not nx.has_path(graph, 0, 1):
        assert found.status == "nothing"
        assert found.reason == ("no_path" if edges else "no_flow")
        return
    assert found.status == "solved"
    assert found.served_t_per_year == pytest.approx(expected, **CLOSE)
