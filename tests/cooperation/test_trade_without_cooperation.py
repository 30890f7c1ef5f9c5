"""Who exchanges without being known to cooperate."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest

from chaine_valeur.analysis.cooperation.trade.expected import expected_ties
from chaine_valeur.analysis.cooperation.trade.without_cooperation import (
    trade_without_cooperation,
    trade_without_cooperation_measure,
    trade_without_cooperation_table,
)
from chaine_valeur.errors import ArgumentError
from chaine_valeur.filiere import Filiere
from tests.cooperation.hand import by_hand
from tests.cooperation.random_filiere import random_filiere


@pytest.fixture(scope="module")
def hand() -> Filiere:
    return by_hand()


def test_by_hand(hand: Filiere) -> None:
    """Filature–Atelier (30 + 5 t, known absent), Ressourcerie–Filature (12 t, unknown), Relais–Filature (tied)."""
    assert trade_without_cooperation(hand) == pytest.approx(2 / 3)
    found = trade_without_cooperation_measure(hand)
    assert (found.numerator, found.denominator, found.n_unknown) == (2, 3, 1)
    assert (found.low, found.high) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert found.note == (
        "sur 3 paires d’acteurs qui échangent, sans coopération\u00a0: 1, non documentées\u00a0: 1"
    )
    assert len(found.rows["flows"]) == 4  # not that of the households, who are no partner
    assert len(found.rows["cooperations"]) == 10
    # without Ressourcerie
    named = ["filature", "atelier", "relais"]
    assert trade_without_cooperation(hand, actors=named) == 0.5
    assert len(trade_without_cooperation_measure(hand, actors=named).rows["flows"]) == 3
    assert trade_without_cooperation(hand, kind="support") == 1


def test_by_pole(hand: Filiere) -> None:
    found = trade_without_cooperation_table(hand, by="pole", lang="en")
    columns = ["group", "to_group", "pairs", "tied", "absent", "unknown"]
    assert found[columns].values.tolist() == [
        ["enterprise", "enterprise", 1, 0, 1, 0],
        ["enterprise", "ess", 2, 1, 0, 1],
    ]
    np.testing.assert_allclose(found["share"], [1, 0.5])
    np.testing.assert_allclose(found["low"], [1, 0])
    np.testing.assert_allclose(found["high"], [1, 0.5])
    np.testing.assert_allclose(found["quantity_t_per_year"], [35, 12])
    assert found["to_group_label"].tolist() == ["Enterprises", "Social and solidarity economy"]
    by_role = trade_without_cooperation_table(hand)
    assert by_role["pairs"].sum() == 3
    assert by_role[columns[0]].tolist() != found["group"].tolist()


def test_nothing_passes() -> None:
    nobody = Filiere.from_tables(actors={"name": ["A", "B"]})
    found = trade_without_cooperation_measure(nobody, lang="en")
    assert math.isnan(found.value) and math.isnan(found.high)
    assert found.note == "no material known to pass between two partners"
    assert trade_without_cooperation_table(nobody).empty
    unknown = Filiere.from_tables(actors={"name": ["A", "B"]}, flows={"source": ["A"], "target": ["B"]})
    found = trade_without_cooperation_measure(unknown)
    assert math.isnan(found.value) and (found.low, found.high) == (0, 1)
    row = trade_without_cooperation_table(unknown).iloc[0]
    assert math.isnan(row["share"]) and math.isnan(row["quantity_t_per_year"]) and row["unknown"] == 1


def test_graphs() -> None:
    talk = nx.Graph([("a", "b"), ("b", "c")])
    nx.set_node_attributes(talk, {"a": "x", "b": "x", "c": "y"}, "team")
    flows = nx.MultiDiGraph([("a", "b"), ("b", "a"), ("a", "c"), ("a", "a"), ("z", "a")])
    assert trade_without_cooperation(talk, flows=flows) == 0.5
    table = trade_without_cooperation_table(talk, flows=flows, group="team")
    assert table[["group", "to_group", "pairs", "tied"]].values.tolist() == [
        ["x", "x", 1, 1],
        ["x", "y", 1, 0],
    ]
    assert table["low"].equals(table["high"])
    assert math.isnan(trade_without_cooperation(talk, flows=nx.DiGraph()))
    with pytest.raises(ArgumentError, match="flows="):
        trade_without_cooperation(talk)
    with pytest.raises(ArgumentError, match="has its own"):
        trade_without_cooperation(Filiere.from_tables(actors={"name": ["A"]}), flows=flows)


@pytest.mark.parametrize("seed", range(3))
def test_by_a_plain_loop(seed: int) -> None:
    rows = random_filiere(seed)
    trading = {
        frozenset((str(row["source"]), str(row["target"])))
        for row in rows.flows
        if row["status"] == "active" and {row["source"], row["target"]} <= set(rows.partners)
    }
    tied, absent, unknown = rows.sort_out(trading)
    found = trade_without_cooperation_measure(rows.f)
    assert (found.denominator, found.numerator, found.n_unknown) == (len(trading), absent + unknown, unknown)
    assert found.low == pytest.approx(absent / len(trading))
    table = trade_without_cooperation_table(rows.f, by="pole")
    assert table[["pairs", "tied", "absent", "unknown"]].sum().tolist() == [
        len(trading),
        tied,
        absent,
        unknown,
    ]
    # by passage a pair may come several times, with the same answer each time
    passages = expected_ties(rows.f).query("reason == 'passage'")
    assert passages["pairs"].sum() >= len(trading)
