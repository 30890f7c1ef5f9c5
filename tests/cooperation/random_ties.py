"""Random layers of ties, and every way in which what is unknown of them may turn out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations, product

import networkx as nx
import numpy as np
import pandas as pd
from hypothesis import strategies as st

from chaine_valeur.network import Ties

TIED, ABSENT, SILENT = "tied", "absent", "silent"


def layer(size: int, said: dict[tuple[int, int], str], asked: list[bool], *, directed: bool) -> Ties:
    """Return the ties of actors 0 … size − 1: what is said of each pair, and who was asked."""
    ends = {
        state: np.array(sorted(pair for pair, word in said.items() if word == state), np.int32).reshape(-1, 2)
        for state in (TIED, ABSENT)
    }
    return Ties(
        named=pd.Index(range(size)),
        a=ends[TIED][:, 0],
        b=ends[TIED][:, 1],
        absent_a=ends[ABSENT][:, 0],
        absent_b=ends[ABSENT][:, 1],
        asked=np.array(asked, dtype=bool),
        directed=directed,
    )


@st.composite
def layers(draw: st.DrawFn, *, directed: bool, most: int = 5) -> Ties:
    """Small layers in which some actors were asked and rows speak of some pairs."""
    size = draw(st.integers(0, most))
    pairs = list(permutations(range(size), 2) if directed else combinations(range(size), 2))
    said = {pair: draw(st.sampled_from([TIED, ABSENT, SILENT])) for pair in pairs}
    asked = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    return layer(size, said, asked, directed=directed)


def unknown_pairs(ties: Ties) -> list[tuple[int, int]]:
    """Return the pairs nobody documented, found one by one."""
    spoken = set(zip(ties.a.tolist(), ties.b.tolist(), strict=True))
    spoken |= set(zip(ties.absent_a.tolist(), ties.absent_b.tolist(), strict=True))
    pairs = permutations(range(ties.size), 2) if ties.directed else combinations(range(ties.size), 2)
    return [(a, b) for a, b in pairs if not ties.asked[a] and not ties.asked[b] and (a, b) not in spoken]


def completions(ties: Ties) -> Iterator[nx.Graph]:
    """Yield the graph of known ties with each possible set of ties among the undocumented pairs."""
    unknown = unknown_pairs(ties)
    for chosen in product([False, True], repeat=len(unknown)):
        graph: nx.Graph = nx.DiGraph() if ties.directed else nx.Graph()
        graph.add_nodes_from(range(ties.size))
        graph.add_edges_from(zip(ties.a.tolist(), ties.b.tolist(), strict=True))
        graph.add_edges_from(pair for pair, tied in zip(unknown, chosen, strict=True) if tied)
        yield graph


def closed_by_hand(graph: nx.Graph, pole: dict[int, int]) -> tuple[int, int]:
    """Return how many trios of the three poles have three ties, and how many have two."""
    members = [[node for node, code in pole.items() if code == wanted] for wanted in range(3)]
    counts = [sum(graph.has_edge(*pair) for pair in combinations(trio, 2)) for trio in product(*members)]
    return counts.count(3), counts.count(2)
