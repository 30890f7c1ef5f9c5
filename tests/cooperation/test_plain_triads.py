"""Triptyques, stars and whom to ask against the referee; the bounds of the census against every completion."""

from __future__ import annotations

from math import nan
from typing import Any

import networkx as nx
import pandas as pd
import pytest

from chaine_valeur.analysis.cooperation.survey.asking import whom_to_ask
from chaine_valeur.analysis.cooperation.triptyques.census import triad_table
from chaine_valeur.analysis.cooperation.triptyques.closure import triptyque_closure, triptyque_closure_measure
from chaine_valeur.analysis.cooperation.triptyques.pairs import introducers, missing_pairs
from chaine_valeur.analysis.cooperation.triptyques.participation import triad_participation
from chaine_valeur.analysis.cooperation.triptyques.star import animation_share_measure, animation_star

from . import plain_triads as plain
from .plain import TRIO, Layer, Told, assert_same, extremes, layer_of, over, random_graph, same, told
from .plain_blocks import blocks_of

CASES: list[Any] = [*range(8), *(("told", s) for s in (43, 44, 46)), *(("graph", s) for s in range(4))]


def source_of(case: Any) -> tuple[Told | nx.Graph, Any]:
    """Return a small filière, a larger one, or a graph; and what the functions take."""
    if isinstance(case, int):
        t = told(case)
        return t, t.f
    kind, seed = case
    if kind == "told":
        t = told(seed, 11, 14)
        return t, t.f
    graph = random_graph(seed, directed=bool(seed % 2), size=11, density=0.15)
    return graph, graph


def layer_and_poles(t: Told | nx.Graph, **view: Any) -> tuple[Layer, dict[Any, Any]]:
    layer = layer_of(t, directed=False, **view)
    return layer, blocks_of(t, layer, "pole")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_census(case: Any) -> None:
    t, source = source_of(case)
    for view in ({}, {"year": 2020}, {"kind": ["research"]}) if isinstance(t, Told) else ({},):
        layer, pole = layer_and_poles(t, **view)
        table = triad_table(source, **view)
        rows = {
            (row["state"], None if pd.isna(row["pole"]) else row["pole"]): row
            for row in table.to_dict("records")
        }
        assert list(rows) == plain.STATES
        expected, alone = plain.census(layer, pole), plain.alone(layer, pole)
        possible = len(list(plain.trios(layer, pole)))
        for key, row in expected.items():
            told_of = {name: rows[key][name] for name in row}
            assert told_of == row, (key, view)
            assert same(rows[key]["share"], over(row["triads"], possible))
            assert (rows[key]["low"], rows[key]["high"]) == alone[key]
        if len(layer.unknown) < 8:
            for number, full in enumerate(layer.completions()):
                counts = plain.census(full, pole)
                assert all(alone[key][0] <= counts[key]["triads"] <= alone[key][1] for key in counts), number
        closed, opened = expected["closed", None]["triads"], sum(expected["open", p]["triads"] for p in TRIO)
        between = [pair for pair in layer.pairs if {pole[pair[0]], pole[pair[1]]} <= set(TRIO)]
        between = [(a, b) for a, b in between if pole[a] != pole[b]]
        open_ = len(set(between) & set(layer.unknown))
        measure = triptyque_closure_measure(source, **view)
        known = len(between) > open_
        assert same(measure.value, over(closed, possible) if known else nan)
        assert measure.n_unknown == open_
        if possible:
            high = len(plain.may_close(layer, pole))
            assert_same([measure.low, measure.high], [closed / possible, high / possible])
        connected = over(closed, closed + opened) if known and possible else nan
        assert same(triptyque_closure(source, by="connected", **view), connected)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_participation(case: Any) -> None:
    t, source = source_of(case)
    layer, pole = layer_and_poles(t)
    table = triad_participation(source)
    assert table.index.tolist() == layer.nodes
    for node in layer.nodes:
        if pole[node] in TRIO:
            expected = plain.participation(layer, pole, node)
            assert {name: table.loc[node, name] for name in expected} == expected, node
            assert table.loc[node, "pole"] == pole[node]
        else:
            assert pd.isna(table.loc[node, "pole"]) and table.loc[node, ["closed", "open_end"]].sum() == 0


@pytest.mark.parametrize("case", CASES, ids=str)
def test_missing_pairs(case: Any) -> None:
    t, source = source_of(case)
    layer, pole = layer_and_poles(t)
    table = missing_pairs(source, limit=None)
    names = ["actor_id", "to_actor_id", "closes", "documented"]
    expected = plain.missing(layer, pole)
    assert list(table[names].itertuples(index=False, name=None)) == expected
    assert table["pole"].tolist() == [pole[row[0]] for row in expected]
    some = missing_pairs(source, limit=2)
    assert some["closes"].tolist() == [row[2] for row in expected[:2]]
    for a, b in layer.pairs[:6]:
        common = [
            node for node in layer.nodes if node not in (a, b) and layer.has(a, node) and layer.has(b, node)
        ]
        assert introducers(source, a, b).tolist() == common


@pytest.mark.parametrize("case", CASES, ids=str)
def test_animation_star(case: Any) -> None:
    t, source = source_of(case)
    layer, pole = layer_and_poles(t)
    every = animation_star(source, hub=layer.nodes)
    degree = {node: len(layer.near(node)) for node in layer.nodes}
    assert every.index.tolist() == sorted(layer.nodes, key=lambda node: -degree[node])
    for node in layer.nodes:
        expected = plain.star(layer, pole, node)
        assert_same([every.loc[node, name] for name in expected], expected.values(), node)
    hubs = layer.nodes
    if isinstance(t, Told):
        hubs = [
            node
            for node in layer.nodes
            if set(str(t.actor(node)["roles"]).split(";")) & {"animator", "territorial"}
        ]
        assert sorted(animation_star(source).index) == sorted(hubs)
    measure = animation_share_measure(source)
    if not hubs:
        assert measure.value != measure.value
        return
    hub = max(hubs, key=lambda node: degree[node])
    assert same(measure.value, over(degree[hub], len(layer.tied)))
    if len(layer.unknown) < 10:
        shares = [over(len(full.near(hub)), len(full.tied)) for full in layer.completions()]
        assert_same([measure.low, measure.high], extremes(shares), (case, layer, hub))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_whom_to_ask(case: Any) -> None:
    t, source = source_of(case)
    layer, pole = layer_and_poles(t)
    for limit in (None, 2):
        table = whom_to_ask(source, limit=limit)
        expected = plain.asking(layer, pole, limit)
        assert table.index.tolist() == [row[0] for row in expected]
        assert list(zip(table["documents"], table["cross_pole"], strict=True)) == [
            row[1:3] for row in expected
        ]
        assert_same(table["cumulative"], [row[3] for row in expected])
