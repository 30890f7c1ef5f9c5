"""Coverage, trust and value with what is masked, and expected ties, against the referee."""

from __future__ import annotations

from itertools import product
from math import isnan
from typing import Any

import networkx as nx
import pandas as pd
import pytest

from chaine_valeur.analysis.cooperation.survey.between_poles import trust_by_pole, value_by_pole
from chaine_valeur.analysis.cooperation.survey.coverage import survey_coverage
from chaine_valeur.analysis.cooperation.survey.scores import (
    trust_by_actor,
    trust_measure,
    value_score_measure,
)
from chaine_valeur.analysis.cooperation.trade.expected import expected_ties

from . import plain_bodies as bodies
from . import plain_survey as plain
from .plain import Told, assert_same, layer_of, same, told
from .plain_blocks import blocks_of

CASES = [*((seed, 5, 8) for seed in range(8)), *((seed, 11, 14) for seed in (43, 44, 46))]


@pytest.fixture(params=CASES, ids=str)
def t(request: pytest.FixtureRequest) -> Told:
    return told(*request.param)


def or_none(value: Any) -> Any:
    return None if pd.isna(value) else value


def test_coverage(t: Told) -> None:
    scores = {name: plain.ratings(t, name) for name in ("trust", "value_score")}
    table = survey_coverage(t.f)
    names = t.partners()
    columns = ["partners", "asked", "share", "rating_trust", "rating_value"]
    block = blocks_of(t, layer_of(t), "pole")
    assert table["group"].iloc[0] == "all"
    assert_same(table[columns].iloc[0], plain.coverage(t, names, scores))
    assert {or_none(key) for key in table["group"].iloc[1:]} == set(block.values())
    for row in table.iloc[1:].to_dict("records"):
        mine = [name for name in names if block[name] == or_none(row["group"])]
        assert_same([row[name] for name in columns], plain.coverage(t, mine, scores))


@pytest.mark.parametrize("fewest", [1, 3])
def test_scores(t: Told, fewest: int) -> None:
    layer = layer_of(t)
    for column, measure_of in (("trust", trust_measure), ("value_score", value_score_measure)):
        scores = plain.ratings(t, column)
        measure = measure_of(t.f, fewest=fewest)
        expected = plain.overall(scores, layer, fewest)
        assert_same([measure.value, measure.low, measure.high], expected, column)
        assert bool(measure.note) >= isnan(measure.value)


def test_scores_of_each(t: Told) -> None:
    layer, scores = layer_of(t), plain.ratings(t, "trust")
    table = trust_by_actor(t.f)
    assert table.index.tolist() == layer.nodes
    for name in layer.nodes:
        mine = {rater: score for (rater, rated), score in scores.items() if rated == name}
        silent = [other for other in layer.near(name) if other not in mine]
        asked = sum(other in layer.asked for other in silent)
        row = table.loc[name]
        assert (row["raters"], row["silent_asked"], row["silent_not_asked"]) == (
            len(mine),
            asked,
            len(silent) - asked,
        )
        assert row["given"] == sum(rater == name for rater, _ in scores)
        total, count = sum(mine.values()), len(mine)
        assert same(row["mean"], plain.over(total, count))
        every = count + len(silent)
        bounds = [plain.over(total + weight * len(silent), every) for weight in (1, 4)]
        assert_same([row["low"], row["high"]], bounds, name)


@pytest.mark.parametrize("fewest", [1, 2, 3])
def test_scores_between_poles(t: Told, fewest: int) -> None:
    block = blocks_of(t, layer_of(t), "pole")
    for column, table_of in (("trust", trust_by_pole), ("value_score", value_by_pole)):
        cells = plain.by_block(plain.ratings(t, column), block)
        table = table_of(t.f, fewest=fewest)
        found = {(or_none(row["group"]), or_none(row["to_group"])): row for row in table.to_dict("records")}
        assert set(found) == set(cells)
        masked = {place for place, row in found.items() if isnan(row["mean"])}
        for place, scores in cells.items():
            row = found[place]
            raters = {rater for rater, _ in scores}
            assert (row["raters"], row["scores"]) == (len(raters), len(scores))
            assert bool(row["note"]) == (place in masked)
            if plain.too_few(scores, fewest):
                assert place in masked
            elif place not in masked:
                assert same(row["mean"], sum(scores.values()) / len(scores))
        # what is masked does not follow from what is shown and the mean of all
        if masked and masked != set(cells):
            raters = {rater for place in masked for rater, _ in cells[place]}
            rated = {name for place in masked for _, name in cells[place]}
            assert len(masked) > 1 and len(raters) >= fewest and len(rated) > 1
        for place in masked:
            lesser = [len({r for r, _ in cells[other]}) for other in set(cells) - masked]
            if not plain.too_few(
                cells[place], fewest
            ):  # masked for the sake of others: the fewest raters first
                assert all(len({r for r, _ in cells[place]}) <= count for count in lesser)


def test_what_is_said_of_one_actor_does_not_follow_from_the_rest() -> None:
    """Two poles rate the only elected actor: all less what is shown would be its mean, 1."""
    firms, workshops = ["a1", "a2", "a3"], ["b1", "b2", "b3"]
    graph = nx.DiGraph()
    for firm, workshop in product(firms, workshops):
        graph.add_edge(firm, workshop, trust=3)
        graph.add_edge(workshop, firm, trust=4)
    graph.add_edges_from(((rater, "mayor") for rater in firms + workshops), trust=1)
    poles = {**dict.fromkeys(firms, "enterprise"), **dict.fromkeys(workshops, "ess"), "mayor": "elected"}
    nx.set_node_attributes(graph, poles, "pole")
    assert trust_measure(graph).value == (9 * 3 + 9 * 4 + 6) / 24
    table = trust_by_pole(graph).set_index(["group", "to_group"])["mean"]
    shown = table.dropna().to_dict()
    # beside the two about the mayor, the first of the two others, which have as many raters
    assert shown == {("ess", "enterprise"): 4.0}


def test_expected_ties(t: Told) -> None:
    for year in (None, 2021):
        layer = layer_of(t, year=year)
        table = expected_ties(t.seen(year))
        rows = table[table["reason"] == "group"].set_index("group_id")
        assert rows.index.tolist() == bodies.groups(t, year)
        for group in rows.index:
            expected = plain.expected_in_group(layer, bodies.members(t, group, year))
            assert {name: rows.loc[group, name] for name in expected} == expected, group
        if year is None:
            continue
        found = {
            (or_none(row["stage_id"]), or_none(row["to_stage_id"])): row
            for row in table[table["reason"] == "passage"].to_dict("records")
        }
        passages = plain.passages(t, layer, year)
        assert set(found) == set(passages)
        for place, expected_row in passages.items():
            assert_same([found[place][name] for name in expected_row], expected_row.values(), place)
