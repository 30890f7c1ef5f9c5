"""The worked example over 2021–2023: what lasts, what becomes exchange, what remains without an actor.

    2021, without C   AF AR AM TA FB MR         and perhaps FX; unknown FM TB TX MB BX
    2022              AF AR AM TA FB FT MC      and perhaps FX; unknown FM FC TC TB TX MB CB CX BX
    2023              AF AR AM TA FT MC FR RC   and perhaps FX; the same unknown

A row with years also says when the tie was not there, so FB is known in 2023. Exchanges: RF AR in 2021 and 2022;
RF CF TB TR FB MC in 2023; FT in no stated year.
"""

from __future__ import annotations

import math
from itertools import combinations, product

import networkx as nx
import pytest

from chaine_valeur.analysis.cooperation.change import persistence as lasting
from chaine_valeur.analysis.cooperation.change.evolution import tie_history
from chaine_valeur.analysis.cooperation.change.without_actor import (
    animating_body,
    remaining,
    without_actor,
)
from chaine_valeur.analysis.cooperation.change.without_each import without_each
from chaine_valeur.analysis.cooperation.trade import conversion as become
from chaine_valeur.analysis.cooperation.trade import without_cooperation as apart
from tests.cooperation.worked import IDS, WHO, completions, filiere, graph

NAN = math.nan
TIES = {
    2021: ["AF", "AR", "AM", "TA", "FB", "MR"],
    2022: ["AF", "AR", "AM", "TA", "FB", "FT", "MC"],
    2023: ["AF", "AR", "AM", "TA", "FT", "MC", "FR", "RC"],
}


def waves() -> dict[int, nx.Graph]:
    """Return the dated ties as graphs of all eight, that never saw a filière."""
    found = {}
    for year, ties in TIES.items():
        found[year] = nx.Graph([(WHO[a], WHO[b]) for a, b in ties])
        found[year].add_nodes_from(IDS)
    return found


def test_history() -> None:
    table = tie_history(filiere(), lang="en")
    expected = {
        "year": [2021, 2022, 2023], "actors": [7, 8, 8], "ties": [7, 8, 9],
        "born": [NAN, 2, 2],  # FT MC; FR RC
        "ended": [NAN, 1, 1],  # MR; FB
        "kept": [NAN, 5, 6],  # AF AR AM TA, FB; AF AR AM TA, FT MC
        "density": [7 / 21, 8 / 28, 9 / 28], "low": [6 / 21, 7 / 28, 8 / 28],
        "high": [(7 + 5) / 21, (8 + 9) / 28, (9 + 9) / 28], "undated": [1, 1, 1], "undocumented": [5, 9, 9],
    }  # fmt: skip
    assert list(table.columns) == ["kind", *expected, "note"]
    assert table["kind"].tolist() == ["all"] * 3
    for column, values in expected.items():
        assert table[column].tolist() == pytest.approx(values, nan_ok=True), column
    drawn = tie_history(waves())
    assert drawn["ties"].tolist() == [6, 7, 8]
    assert drawn["born"].tolist()[1:] == [2, 2]
    assert drawn["ended"].tolist()[1:] == [1, 1]
    assert drawn["high"].tolist() == pytest.approx([6 / 28, 7 / 28, 8 / 28])
    of_kind = tie_history(filiere(), by_kind=True)
    joint = of_kind[of_kind["kind"] == "joint_project"]  # AM FB MR, AM FB, AM
    assert joint["ties"].tolist() == [3, 2, 1]


def test_changes() -> None:
    table = lasting.tie_changes(filiere(), lang="en")
    expected = {
        "year": [2021, 2022], "to_year": [2022, 2023], "ties": [7, 8], "to_ties": [8, 9],
        "kept": [5, 6], "births": [2, 2], "deaths": [1, 1],
        "births_with_newcomers": [1, 0],  # MC
        "deaths_with_leavers": [0, 0],
        "persistence": [5 / 8, 6 / 9],
        # FX and the unknown in one of the years only (FX, 5, and 4 of C's; FX, 9), or in both
        "low": [5 / (8 + 1 + 9), 6 / (9 + 1 + 9)],
        "high": [(5 + 1 + 5) / (8 + 1 + 5), (6 + 1 + 9) / (9 + 1 + 9)],
        "persistence_both": [5 / 7, 6 / 9],  # without MC
        "undated": [1, 1], "undocumented": [9, 9],
    }  # fmt: skip
    assert list(table.columns) == [*expected, "note"]
    for column, values in expected.items():
        assert table[column].tolist() == pytest.approx(values), column
    assert lasting.persistence(filiere()) == pytest.approx(6 / 9)
    assert lasting.persistence(filiere(), years=[2021, 2022], among="both") == pytest.approx(5 / 7)
    # AF AR AM TA of the 6 and 8 of 2021 and 2023
    assert lasting.persistence(filiere(), years=[2021, 2023]) == pytest.approx(4 / 10)
    drawn = lasting.tie_changes(waves())
    assert drawn["persistence"].tolist() == drawn["low"].tolist() == pytest.approx([5 / 8, 6 / 9])


def test_stable_core() -> None:
    table = lasting.stable_core(filiere())
    assert table.to_numpy().tolist() == [
        ["filature", "agglo", True], ["filature", "labo", False], ["tissage", "agglo", True],
        ["agglo", "mairie", True], ["agglo", "relais", True],
    ]  # fmt: skip
    assert list(table.columns) == ["actor_id", "to_actor_id", "dated"]
    assert len(lasting.stable_core(waves())) == 4


def test_conversion() -> None:
    table = become.tie_conversion_table(filiere(), lang="en")
    # 2021→22: AR went on, the five others exchange nothing; 2021→23: FB came to, AR stopped
    # 2022→23: FB and MC came to, FT always did as far as is known, AR stopped, AF AM TA not yet
    expected = {
        "year": [2021, 2021, 2022], "lag": [1, 2, 1], "to_year": [2022, 2023, 2023],
        "ties": [6, 6, 7], "converted": [1, 1, 3],
        "already": [1, 0, 1], "newly": [0, 1, 2], "not_yet": [5, 4, 3], "stopped": [0, 1, 1],
        "conversion": [1 / 6, 1 / 6, 3 / 7],
        # low: FX and the unknown tied, but those that exchange (TB in 2021→23; FC TB in 2022→23); FT not begun
        "low": [1 / 12, 1 / 11, 2 / 15],
        "high": [1 / 6, 2 / 7, 5 / 9],
        # of those without exchange in the first year. low: FT not begun in 2023; high: begun in 2023
        "new_conversion": [0, 1 / 5, 2 / 5],
        "new_low": [0, 1 / 10, 2 / 14],
        "new_high": [0, 2 / 6, 5 / 8],
        "undated": [1, 1, 1], "every_year": [0, 0, 1], "undocumented": [5, 5, 9],
    }  # fmt: skip
    assert list(table.columns) == [*expected, "note"]
    for column, values in expected.items():
        assert table[column].tolist() == pytest.approx(values), column
    assert become.tie_conversion(filiere()) == pytest.approx(3 / 7)
    assert become.tie_conversion(filiere(), new=True) == pytest.approx(2 / 5)
    assert become.tie_conversion(filiere(), lag=2) == pytest.approx(1 / 6)
    assert math.isnan(become.tie_conversion(filiere(), lag=3))
    # graphs: FB MC FT of the seven of 2022
    later = nx.DiGraph([(WHO[a], WHO[b]) for a, b in ("RF", "CF", "TB", "TR", "FB", "MC", "FT")])
    assert become.tie_conversion(waves()[2022], flows=later) == pytest.approx(3 / 7)


def test_exchange_without_cooperation() -> None:
    # RF FT MC of seven are tied, TR is not, CF TB FB are unknown
    found = apart.trade_without_cooperation_measure(filiere())
    assert (found.value, found.low, found.high) == pytest.approx((4 / 7, 1 / 7, 4 / 7))
    table = apart.trade_without_cooperation_table(filiere(), by="pole", lang="en")
    pairs = list(table[["group", "to_group"]].itertuples(index=False, name=None))
    assert pairs == [("enterprise", "enterprise"), ("enterprise", "ess"), ("elected", "ess")]
    expected = {
        "pairs": [1, 5, 1], "tied": [1, 1, 1], "absent": [0, 1, 0], "unknown": [0, 3, 0],
        "share": [0, 4 / 5, 0], "low": [0, 1 / 5, 0], "high": [0, 4 / 5, 0],
        "quantity_t_per_year": [0, 4 + 3 + 2 + 2, 0],  # no pair apart: a measured zero
    }  # fmt: skip
    for column, values in expected.items():
        assert table[column].tolist() == pytest.approx(values, nan_ok=True), column
    # in 2022 R–F, A–R and F–T exchange: R–F alone was not tied then, and R was asked; by the graph of 2022
    found = apart.trade_without_cooperation_measure(filiere(), year=2022)
    assert (found.value, found.low, found.high) == pytest.approx((1 / 3,) * 3)
    flows = nx.DiGraph([(WHO[a], WHO[b]) for a, b in ("RF", "AR", "FT")])
    assert apart.trade_without_cooperation(waves()[2022], flows=flows) == pytest.approx(1 / 3)


def test_without_the_animating_body() -> None:
    assert animating_body(filiere()) == "agglo"
    table = without_actor(filiere(), lang="en")
    assert (table.index.name, list(table.columns)) == (
        "measure", ["label", "with_actor", "without_actor", "remains", "low", "high", "note"],
    )  # fmt: skip
    # left: FT FR FX MC RC, in one piece; A was asked, so that the ten unknown are all of others
    expected = {
        "ties": (9, 5, 5 / 9),
        "density": (9 / 28, 5 / 21, 20 / 27),
        "largest_component": (7, 6, 6 / 7),
        "components": (2, 2, 1),  # B, and the others
        "triptyques": (1, 0, 0),
        "reachable_pairs": (21, 15, 15 / 21),
        "reachable_pairs_of_others": (15, 15, 1),
    }
    assert list(table.index) == list(expected)
    for name, row in expected.items():
        assert tuple(table.loc[name, ["with_actor", "without_actor", "remains"]]) == pytest.approx(row), name
        assert remaining(filiere(), of=name) == pytest.approx(row[2])
    assert tuple(table.loc["ties", ["low", "high"]]) == pytest.approx((5 / 9, 15 / 19))
    assert tuple(table.loc["density", ["low", "high"]]) == pytest.approx((20 / 27, 20 / 19))
    assert (table["low"] <= table["remains"]).all()
    assert (table["remains"] <= table["high"]).all()
    for each in completions():
        for name, share in _remains(each, "agglo").items():
            low, high = table.loc[name, ["low", "high"]]
            assert low - 1e-9 <= share <= high + 1e-9, name


def _remains(drawn: nx.Graph, actor: str) -> dict[str, float]:
    """Return what remains of a graph without an actor, counted plainly."""
    rest = drawn.copy()
    rest.remove_node(actor)
    parts, left = list(nx.connected_components(drawn)), list(nx.connected_components(rest))
    others = [part - {actor} for part in parts if part - {actor}]

    def pairs(sets: list[set[str]]) -> int:
        return sum(len(one) * (len(one) - 1) // 2 for one in sets)

    return {
        "ties": len(rest.edges) / len(drawn.edges),
        "density": nx.density(rest) / nx.density(drawn),
        "largest_component": max(map(len, left)) / max(map(len, parts)),
        "components": len(others) / len(left),
        "triptyques": _closed(rest) / _closed(drawn),
        "reachable_pairs": pairs(left) / pairs(parts),
        "reachable_pairs_of_others": pairs(left) / pairs(others),
    }


def _closed(drawn: nx.Graph) -> int:
    trios = product(*([WHO[one] for one in pole] for pole in ("FT", "AM", "RCB")))
    return sum(all(drawn.has_edge(*pair) for pair in combinations(trio, 2)) for trio in trios)


def test_without_each() -> None:
    for source in (filiere(), graph()):
        table = without_each(source)
        assert (list(table.index), table.index.name) == (IDS, "actor_id")
        ties = [4, 2, 4, 2, 3, 2, 0, 1]
        expected = {
            "ties": ties,
            "parts": [2, 1, 1, 1, 1, 1, 0, 1],  # without F, X is alone
            "ties_remain": [(9 - own) / 9 for own in ties],
            "density_remains": [(9 - own) / 9 * 28 / 21 for own in ties],
            "largest_component_remains": [5 / 7, *[6 / 7] * 5, 1, 6 / 7],
            "triptyques_remain": [0, 1, 0, 1, 0, 1, 1, 1],  # FAR
            "reachable_pairs_remain": [10 / 21, *[15 / 21] * 5, 1, 15 / 21],
            "reachable_pairs_of_others_remain": [10 / 15, *[1] * 7],
        }
        assert list(table.columns) == [*expected, "confidentiality"]
        for column, values in expected.items():
            assert table[column].tolist() == pytest.approx(values), column
    # without F: {T A M R C}, {B}, {X}, where the others were {T A M R C X}, {B}
    found = without_actor(filiere(), actor="filature").loc["components"]
    assert (found["with_actor"], found["without_actor"], found["remains"]) == pytest.approx((2, 3, 2 / 3))
