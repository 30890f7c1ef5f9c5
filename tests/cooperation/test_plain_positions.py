"""Mediation and structural holes against the referee."""

from __future__ import annotations

from math import isnan
from typing import Any

import networkx as nx
import pytest

from chaine_valeur.analysis.cooperation.positions.brokerage import brokerage
from chaine_valeur.analysis.cooperation.positions.brokerage_share import brokerage_share
from chaine_valeur.analysis.cooperation.positions.holes_table import structural_holes

from . import plain_positions as plain
from .plain import Layer, Told, assert_same, layer_of, over, random_graph, same, told
from .plain_blocks import Strengths, blocks_of, strengths

SEEDS = range(14)


def sources(directed: bool) -> list[tuple[Told | nx.Graph, Any]]:
    """Return filières of two sizes and graphs, with what the functions take."""
    some: list[Told] = [told(seed) for seed in range(6)] + [told(seed, 11, 14) for seed in range(40, 43)]
    graphs = [random_graph(seed, directed=directed) for seed in range(4)]
    return [(t, t.f) for t in some] + [(graph, graph) for graph in graphs]


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("by", ["pole", "role"])
def test_brokerage(directed: bool, by: str) -> None:
    seen = 0
    for t, source in sources(directed):
        if by == "role" and isinstance(t, nx.Graph):
            continue
        layer = layer_of(t, directed=directed)
        block = blocks_of(t, layer, by)
        counts = plain.mediations(layer, block)
        table = brokerage(source, by=by, directed=directed)
        assert table.index.tolist() == layer.nodes
        for node in layer.nodes:
            row = table.loc[node]
            assert_same([row[name] for name in plain.COLUMNS], counts[node].values(), node)
            assert row["n_unknown"] == sum(node in pair for pair in layer.unknown)
            if block[node] is not None:
                lost = sum(node in pair and None in (block[pair[0]], block[pair[1]]) for pair in layer.tied)
                assert row["n_unplaced"] == lost
        totals = plain.between_blocks(counts)
        share = over(max(totals, default=0.0), sum(totals))
        assert same(brokerage_share(source, by=by, directed=directed), share)
        seen += sum(totals) > 0
    assert seen > 4


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("model", ["whole", "ego"])
@pytest.mark.parametrize("valued", [False, True])
def test_structural_holes(directed: bool, model: str, valued: bool) -> None:
    for t, source in sources(directed):
        layer = layer_of(t, directed=directed)
        strong = strength_of(t, layer) if valued else Strengths(dict.fromkeys(layer.tied, 1.0))
        holes = plain.Holes(layer, ego=model == "ego", strength=lambda a, b, s=strong: s.of[a, b])
        table = structural_holes(source, model=model, valued=valued, directed=directed)
        assert table.index.tolist() == layer.nodes
        for node in layer.nodes:
            expected = {**holes.of(node), **holes.table(node)}
            for name, value in expected.items():
                assert same(table.loc[node, name], value), (node, name, table.loc[node, name], value, layer)
            assert bool(table.loc[node, "note"]) >= isnan(table.loc[node, "constraint"])


def strength_of(t: Told | nx.Graph, layer: Layer) -> Strengths:
    if isinstance(t, Told):
        return strengths(t, layer)
    found: dict[Any, float | None] = {}
    for a, b, weight in t.edges(data="weight"):
        for pair in {layer.key(a, b), (a, b) if t.is_directed() else layer.key(b, a)} if a != b else ():
            if pair in layer.tied:
                found[pair] = max(weight, found.get(pair) or 0.0)
    return Strengths(found)
