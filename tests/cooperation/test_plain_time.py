"""Persistence, evolution, conversion and what remains, against the referee and its bounds over every history."""

from __future__ import annotations

from math import isnan, nan
from typing import Any

import pytest

from chaine_valeur.analysis.cooperation.change.evolution import tie_history
from chaine_valeur.analysis.cooperation.change.persistence import (
    persistence_measure,
    stable_core,
    tie_changes,
)
from chaine_valeur.analysis.cooperation.change.without_actor import without_actor
from chaine_valeur.analysis.cooperation.change.without_each import without_each
from chaine_valeur.analysis.cooperation.trade.conversion import tie_conversion_table
from chaine_valeur.analysis.cooperation.trade.without_cooperation import (
    trade_without_cooperation_measure,
    trade_without_cooperation_table,
)

from . import plain_time as plain
from .plain import YEARS, Told, assert_same, extremes, layer_of, over, random_graph, same, told
from .plain_blocks import blocks_of

CASES = [*((seed, 5, 8) for seed in range(8)), *((seed, 11, 14) for seed in (43, 44, 46))]
VIEWS: list[dict[str, Any]] = [{}, {"kind": ["support", "joint_project"]}]


@pytest.fixture(params=CASES, ids=str)
def t(request: pytest.FixtureRequest) -> Told:
    return told(*request.param)


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_changes(t: Told, view: dict[str, Any]) -> None:
    past = plain.Past.of(t, YEARS, **view)
    table = tie_changes(t.f, years=YEARS, **view)
    assert list(zip(table["year"], table["to_year"], strict=True)) == list(
        zip(YEARS, YEARS[1:], strict=False)
    )
    for place, (one, two) in enumerate(zip(YEARS, YEARS[1:], strict=False)):
        expected = plain.change(past, one, two)
        found = table.loc[place]
        assert_same(
            [found[name] for name in expected], expected.values(), (one, two, expected, found.to_dict())
        )
        assert same(found["persistence_both"], plain.change(past, one, two, both=True)["persistence"])
    for among in ("all", "both"):
        measure = persistence_measure(t.f, years=[2019, 2022], among=among, **view)
        expected = plain.change(past, 2019, 2022, both=among == "both")
        names = ("persistence", "low", "high")
        if not any(row["since"] or row["until"] for row in observed_ties(t, past.nodes, **view)):
            assert isnan(measure.value) and isnan(measure.low)  # nothing tells the years apart
            continue
        assert_same([measure.value, measure.low, measure.high], [expected[name] for name in names], among)
        assert measure.n_unknown == expected["undated"] + expected["undocumented"]


def observed_ties(t: Told, nodes: list[str], kind: list[str] | None = None) -> list[Any]:
    return [
        row
        for row in t.rows["cooperations"]
        if row["state"] == "observed"
        and {row["actor_id"], row["to_actor_id"]} <= set(nodes)
        and (kind is None or row["kind"] in kind)
    ]


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_history(t: Told, view: dict[str, Any]) -> None:
    past = plain.Past.of(t, YEARS, **view)
    table = tie_history(t.f, years=YEARS, **view)
    assert table["year"].tolist() == YEARS
    for place, year in enumerate(YEARS):
        found, size = table.loc[place], len(past.there[year])
        pairs, states = size * (size - 1) // 2, past.state[year]
        ties, sure = past.count(year, plain.TIED, plain.PERHAPS), past.count(year, plain.TIED)
        open_ = past.count(year, plain.UNDOCUMENTED)
        assert found["actors"] == size and found["ties"] == ties, year
        assert found["undocumented"] == open_ and found["undated"] == ties - sure
        density = over(ties, pairs) if pairs > open_ else nan
        assert_same([found["density"]], [density], year)
        if pairs:
            assert_same([found["low"], found["high"]], [sure / pairs, (ties + open_) / pairs], year)
        assert len(states) >= pairs
        if place:
            expected = plain.change(past, YEARS[place - 1], year)
            names = ("births", "deaths", "kept")
            assert_same(found[["born", "ended", "kept"]], [expected[name] for name in names], year)


def test_stable_core(t: Told) -> None:
    for years in (YEARS, [2020, 2022]):
        past = plain.Past.of(t, years)
        expected = []
        for pair in past.state[years[0]]:
            words = {past.state[year][pair] for year in years}
            if words <= {plain.TIED, plain.PERHAPS}:
                expected.append((*pair, words == {plain.TIED}))
        table = stable_core(t.f, years=years)
        assert list(table.itertuples(index=False, name=None)) == expected


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_conversion(t: Told, view: dict[str, Any]) -> None:
    past = plain.Past.of(t, YEARS, **view)
    table = tie_conversion_table(t.f, lag=[1, 2], years=YEARS, **view)
    for found in table.to_dict("records"):
        expected = plain.conversion(t, past, found["year"], found["lag"])
        assert_same([found[name] for name in expected], expected.values(), (found, expected))
    # every year of which some tie is known and that leads to a year of flows has its row
    awaited = {
        (year, lag)
        for year in YEARS
        for lag in (1, 2)
        if year + lag in plain.flow_years(t) and past.count(year, plain.TIED)
    }
    assert awaited <= set(zip(table["year"], table["lag"], strict=True))


def test_trade_without_cooperation(t: Told) -> None:
    for year in (2020, 2021):
        layer = layer_of(t, year=year)
        pairs = {}
        for row in t.rows["flows"]:
            ends = (row["source"], row["target"])
            counts = (
                row["status"] == "active" and row["year"] in (None, year) and set(ends) <= set(layer.nodes)
            )
            if counts and row["quantity_t_per_year"] != 0:
                pairs.setdefault(layer.key(*ends), []).append(row["quantity_t_per_year"])
        unknown = set(layer.unknown) & set(pairs)
        tied = layer.tied & set(pairs)
        absent = len(pairs) - len(tied) - len(unknown)
        measure = trade_without_cooperation_measure(t.seen(year))
        value = over(len(pairs) - len(tied), len(pairs)) if len(unknown) < len(pairs) else nan
        assert same(measure.value, value)
        assert measure.n_unknown == len(unknown)
        if pairs:
            bounds = [absent / len(pairs), (absent + len(unknown)) / len(pairs)]
            assert_same([measure.low, measure.high], bounds)
        table = trade_without_cooperation_table(t.seen(year), by="pole")
        assert table[["pairs", "tied", "absent", "unknown"]].sum().tolist() == [
            len(pairs),
            len(tied),
            absent,
            len(unknown),
        ]
        block = blocks_of(t, layer, "pole")
        for row in table.to_dict("records"):
            ends = {None if end != end else end for end in (row["group"], row["to_group"])}
            mine = [pair for pair in pairs if {block[pair[0]], block[pair[1]]} == ends]
            assert row["pairs"] == len(mine)
            tonnes = [t for pair in mine if pair not in tied for t in pairs[pair] if t is not None]
            known = tonnes or set(mine) <= set(tied)  # 0 where all cooperate
            assert same(row["quantity_t_per_year"], sum(tonnes) if known else nan), (row, tonnes)


@pytest.mark.parametrize("year", [None, 2020])
def test_without_actor(t: Told, year: int | None) -> None:
    layer = layer_of(t, year=year)
    pole = blocks_of(t, layer, "pole")
    each = without_each(t.seen(year))
    assert each.index.tolist() == layer.nodes
    completions = list(layer.completions()) if len(layer.unknown) < 7 else []
    for gone in layer.nodes[:4]:
        table = without_actor(t.seen(year), actor=gone)
        figures = plain.figures(layer, pole, gone)
        assert table.index.tolist() == list(figures)
        after = [plain.figures(full, pole, gone) for full in completions]
        for name, pair in figures.items():
            row = table.loc[name]
            value = plain.remains(name, pair)
            if layer.documented:
                assert_same(
                    row[["with_actor", "without_actor", "remains"]], [*pair, value], (name, gone, layer)
                )
            bounds = extremes(plain.remains(name, full[name]) for full in after)
            if completions and not isnan(bounds[0]):
                if name in ("ties", "density"):
                    assert_same(row[["low", "high"]], bounds, (name, gone, layer))
                elif not isnan(row["low"]):
                    assert row["low"] - 1e-9 <= bounds[0] and bounds[1] <= row["high"] + 1e-9, (name, gone)
            if f"{name}_remains" in each or f"{name}_remain" in each:
                column = f"{name}_remains" if f"{name}_remains" in each else f"{name}_remain"
                if layer.documented:
                    assert same(each.loc[gone, column], value), (name, gone)


def test_without_each_of_graphs() -> None:
    for seed in range(4):
        graph = random_graph(seed, directed=bool(seed % 2), size=10, density=0.12)
        layer = layer_of(graph, directed=False)
        pole = blocks_of(graph, layer, "pole")
        table = without_each(graph)
        for gone in layer.nodes:
            figures = plain.figures(layer, pole, gone)
            for name, column in (("ties", "ties_remain"), ("reachable_pairs", "reachable_pairs_remain")):
                assert same(table.loc[gone, column], plain.remains(name, figures[name]))
            rows = without_actor(graph, actor=gone)
            expected = [plain.remains(name, figures[name]) for name in rows.index]
            assert_same(rows["remains"], expected, (gone, list(rows.index)))
