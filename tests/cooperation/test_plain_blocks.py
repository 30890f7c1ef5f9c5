"""Densities, blocks, E-I and mixing against the referee, on filières and graphs drawn at random."""

from __future__ import annotations

from math import isnan, nan
from typing import Any

import networkx as nx
import pandas as pd
import pytest

from chaine_valeur.analysis.cooperation.cohesion.densities import density_measure
from chaine_valeur.analysis.cooperation.ties.layer import seen_in, ties_of
from chaine_valeur.analysis.cooperation.worlds.blocks import block_density
from chaine_valeur.analysis.cooperation.worlds.ei_index import (
    ei_index_arcs_measure,
    ei_index_measure,
    ei_index_weighted_measure,
)
from chaine_valeur.analysis.cooperation.worlds.ei_range import ei_index_by_block, ei_range
from chaine_valeur.analysis.cooperation.worlds.mixing import mixing_matrix

from . import plain_blocks as plain
from .plain import POLES, Layer, Told, assert_same, extremes, layer_of, over, random_graph, same, told

SEEDS = range(8)
VIEWS: list[dict[str, Any]] = [
    {},
    {"directed": True},
    {"year": 2020},
    {"kind": ["support", "research"]},
    {"actors": ["a0", "a1", "a2", "a4"]},
]


def asked_of(t: Told, view: dict[str, Any]) -> dict[str, Any]:
    """Return a view of which every actor could cooperate, as the functions want."""
    if "actors" in view:
        return {"actors": [name for name in view["actors"] if name in t.partners()]}
    return view


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_documented(seed: int) -> None:
    t = told(seed)
    for view in VIEWS:
        view = asked_of(t, view)
        layer = layer_of(t, **view)
        more = {key: value for key, value in view.items() if key != "year"}
        ties = ties_of(seen_in(t.f, view.get("year")), **more)
        assert ties.nodes.tolist() == layer.nodes
        names = ties.nodes.to_numpy()
        assert set(zip(names[ties.a], names[ties.b], strict=True)) == layer.tied
        assert set(zip(names[ties.absent_a], names[ties.absent_b], strict=True)) == layer.denied
        measure = density_measure(t.f, **view)
        possible, tied, open_ = len(layer.pairs), len(layer.tied), len(layer.unknown)
        assert measure.n_unknown == open_
        assert same(measure.value, over(tied, possible) if layer.documented else nan)
        low, high = extremes(over(tied + more, possible) for more in range(open_ + 1))
        assert_same([measure.low, measure.high], [low, high], (seed, view))


@pytest.mark.parametrize("seed", SEEDS)
def test_density_between_blocks(seed: int) -> None:
    t = told(seed)
    for view, by in zip(VIEWS[:4], ("pole", "role", "role", "pole"), strict=True):
        layer = layer_of(t, **view)
        expected = plain.cells(layer, plain.blocks_of(t, layer, by))
        check_cells(block_density(t.f, by=by, **view), expected, layer)


@pytest.mark.parametrize("directed", [False, True])
def test_density_between_blocks_of_a_graph(directed: bool) -> None:
    for seed in range(8):
        graph = random_graph(seed, directed=directed)
        layer = layer_of(graph)
        check_cells(
            block_density(graph, group="pole"),
            plain.cells(layer, plain.blocks_of(graph, layer, "pole")),
            layer,
        )


def check_cells(table: pd.DataFrame, expected: dict[Any, dict[str, float]], layer: Layer) -> None:
    found = {}
    for row in table.to_dict("records"):
        place = tuple(None if pd.isna(row[end]) else row[end] for end in ("group", "to_group"))
        found[place if layer.directed else frozenset(place)] = row
    assert set(found) == set(expected) and len(table) == len(expected)
    for place, cell in expected.items():
        assert_same([found[place][name] for name in cell], cell.values(), place)


@pytest.mark.parametrize("seed", SEEDS)
def test_ei_index(seed: int) -> None:
    t = told(seed)
    views: list[dict[str, Any]] = [{}, {"year": 2020}, {"kind": ["support", "joint_project"]}]
    for view, by in zip(views, ("pole", "role", "pole"), strict=True):
        for directed, measure_of in ((False, ei_index_measure), (True, ei_index_arcs_measure)):
            layer = layer_of(t, directed=directed, **view)
            block = plain.blocks_of(t, layer, by)
            measure = measure_of(t.f, by=by, **view)
            assert same(measure.value, plain.ei(layer, block)), (seed, view, directed)
            bounds_hold(layer, block, plain.whether(layer), (measure.low, measure.high), by)


@pytest.mark.parametrize("seed", SEEDS)
def test_ei_index_by_strength(seed: int) -> None:
    t = told(seed)
    for directed in (False, True):
        layer = layer_of(t, directed=directed)
        block = plain.blocks_of(t, layer, "pole")
        strong = plain.strengths(t, layer)
        measure = ei_index_weighted_measure(t.f, by="pole", directed=directed)
        value = plain.index(*plain.counts(layer, block, strong.counted))
        stated = any(value is not None for value in strong.of.values())
        placed = plain.n_known(block) > 1 and stated
        assert same(measure.value, value if placed else nan), seed
        bounds_hold(layer, block, strong.options(layer), (measure.low, measure.high), "pole")


def bounds_hold(layer: Layer, block: Any, options: Any, bounds: tuple[float, float], by: str) -> None:
    """Bounds are exact if every block is known; else nothing is beyond them, wherever the others belong."""
    if None not in block.values():
        if plain.n_known(block) > 1:
            assert_same(bounds, plain.ei_bounds(layer, block, options), bounds)
        else:
            assert isnan(bounds[0]) and isnan(bounds[1])
        return
    if isnan(bounds[0]):
        return
    keys = POLES[:4] if by == "pole" else ["transformer", "territorial", "insertion"]
    placements = plain.placements(block, keys)
    for placed in placements[:: max(1, len(placements) // 8)]:
        low, high = plain.ei_bounds(layer, placed, options)
        if plain.n_known(placed) > 1 and not isnan(low):
            assert bounds[0] - 1e-9 <= low and high <= bounds[1] + 1e-9, (bounds, low, high, placed)


@pytest.mark.parametrize("directed", [False, True])
def test_ei_of_a_graph(directed: bool) -> None:
    for seed in range(12):
        graph = random_graph(seed, directed=directed, density=0.1 + 0.05 * seed)
        layer = layer_of(graph)
        block = plain.blocks_of(graph, layer, "pole")
        assert same(ei_index_arcs_measure(graph, group="pole").value, plain.ei(layer, block))
        assert same(ei_index_measure(graph, group="pole").value, plain.ei(layer.undirected(), block))
        strongest: dict[Any, float | None] = {}
        for a, b, weight in graph.edges(data="weight"):
            if a != b:
                strongest[layer.key(a, b)] = max(weight, strongest.get(layer.key(a, b)) or 0)
        weighted = ei_index_weighted_measure(graph, group="pole")
        counts = plain.counts(layer, block, plain.Strengths(strongest).counted)
        assert_same([weighted.value], [plain.index(*counts)])
        for variant, flat in (("edges", layer.undirected()), ("arcs", layer)):
            found = ei_range(graph, variant=variant, group="pole")
            expected = plain.ei_range(flat if variant == "edges" else both_ways(layer), block)
            assert_same([found.observed, found.low, found.high, found.rescaled], expected, (seed, variant))
            assert found.observed >= found.low - 1e-9 and found.observed <= found.high + 1e-9


def both_ways(layer: Layer) -> Layer:
    """Return the arcs of a layer: an undirected tie goes both ways."""
    if layer.directed:
        return layer
    return Layer(layer.nodes, layer.tied | {(b, a) for a, b in layer.tied}, set(), layer.asked, True)


@pytest.mark.parametrize("seed", SEEDS)
def test_ei_index_of_each_block(seed: int) -> None:
    t = told(seed)
    layer = layer_of(t)
    block = plain.blocks_of(t, layer, "pole")
    table = ei_index_by_block(t.f, by="pole")
    assert set(table.index.dropna()) == {key for key in block.values() if key is not None}
    for key in table.index.dropna():
        touching = [pair for pair in layer.tied if key in (block[pair[0]], block[pair[1]])]
        unplaced = sum(None in (block[a], block[b]) for a, b in touching)
        external = sum(block[a] != block[b] for a, b in touching) - unplaced
        internal = len(touching) - external - unplaced
        value = plain.index(external, internal) if plain.n_known(block) > 1 else nan
        row = table.loc[key]
        assert row["actors"] == list(block.values()).count(key)
        assert_same(
            [row["external"], row["internal"], row["unplaced"], row["ei_index"]],
            [external, internal, unplaced, value],
        )


@pytest.mark.parametrize("model", ["density", "configuration", "outdegree"])
def test_mixing(model: str) -> None:
    sources: list[Told | nx.Graph] = [told(seed) for seed in range(6)]
    sources += [random_graph(seed, directed=bool(seed % 2)) for seed in range(4)]
    for source in sources:
        for directed in (False, True):
            layer = layer_of(source, directed=directed)
            block = plain.blocks_of(source, layer, "pole")
            f: Any = source.f if isinstance(source, Told) else source
            table = mixing_matrix(f, model=model, by="pole", directed=directed)
            if layer.tied:
                assert same(table["expected"].sum(), len(layer.tied))
            for row in table.to_dict("records"):
                ends = [None if pd.isna(row[end]) else row[end] for end in ("group", "to_group")]
                place = tuple(ends) if layer.directed else frozenset(ends)
                cell = plain.cells(layer, block)[place]
                awaited = plain.expected(layer, block, place, model)
                ratio = over(cell["ties"], awaited) if cell["documented"] else nan
                names = ["observed", "possible", "documented", "expected", "ratio"]
                assert_same(
                    [row[name] for name in names],
                    [cell["ties"], cell["possible"], cell["documented"], awaited, ratio],
                    (place, model),
                )
                if model == "density" or not layer.unknown:
                    bounds = ratio_bounds(layer, cell) if layer.unknown else (ratio, ratio)
                    assert_same([row["low"], row["high"]], bounds, (place, model))
                else:
                    assert isnan(row["low"]) and isnan(row["high"])


def ratio_bounds(layer: Layer, cell: dict[str, float]) -> tuple[float, float]:
    """Return the bounds of observed over expected, however many of the unknown pairs are tied."""
    open_ = round(cell["possible"] - cell["documented"])
    share = over(cell["possible"], len(layer.pairs))
    totals = {
        (cell["ties"] + here, (len(layer.tied) + here + elsewhere) * share)
        for here in range(open_ + 1)
        for elsewhere in range(len(layer.unknown) - open_ + 1)
    }
    return extremes(over(observed, expected) for observed, expected in totals)
