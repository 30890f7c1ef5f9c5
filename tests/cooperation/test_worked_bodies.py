"""The worked example, bodies: COPIL {T, A, M, R}, GT {F, T, R, C, B}, Forum {A, R, X} (see `worked`).

B sits in the GT for the enterprises; F left the COPIL after 2022, T joined it in 2023; Ancien has closed.
COPIL met on 2022-03-10 (A, M, F came, R did not), 2023-03-09 (A, R came, M did not, of T nothing is known) and
2023-10-05 (no list); GT on 2022-06-02 (all but T) and 2023-05-11 (all but C, and X as a guest); Forum never.
"""

from __future__ import annotations

import math
from typing import Any

import networkx as nx
import pandas as pd
import pytest

from chaine_valeur.analysis.cooperation.bodies import attendance as came
from chaine_valeur.analysis.cooperation.bodies import diversity as mixed
from chaine_valeur.analysis.cooperation.bodies import groups, two_mode
from chaine_valeur.analysis.cooperation.bodies.matrix import actors_by_groups
from chaine_valeur.analysis.cooperation.bodies.meetings import meeting_table
from chaine_valeur.analysis.cooperation.bodies.projection import co_membership
from chaine_valeur.analysis.cooperation.bodies.table import bodies_table
from chaine_valeur.analysis.cooperation.bodies.trios import triads_in_groups
from chaine_valeur.analysis.cooperation.trade.expected import expected_ties
from tests.cooperation.worked import WHO, filiere

NAN = math.nan
GROUPS = ["copil", "gt", "forum"]
SEATS = {"copil": "TAMR", "gt": "FTRCB", "forum": "ARX"}


def two_modes() -> nx.Graph:
    """Return actors and groups as a graph that never saw a filière."""
    drawn = nx.Graph()
    drawn.add_nodes_from(WHO.values(), bipartite=0)
    drawn.add_nodes_from(GROUPS, bipartite=1)
    drawn.add_edges_from((WHO[one], name) for name, members in SEATS.items() for one in members)
    return drawn


def of_groups(table: pd.DataFrame, expected: dict[str, list[Any]]) -> None:
    assert (list(table.index), table.index.name) == (GROUPS, "group_id")
    for column, values in expected.items():
        assert table[column].tolist() == pytest.approx(values, nan_ok=True), column


def test_groups() -> None:
    table = groups.group_table(filiere())
    assert list(table.columns) == [
        "members", "enterprise", "elected", "ess", "other_poles", "without_pole", "covered",
    ]  # fmt: skip
    of_groups(table, {
        "members": [4, 5, 3], "enterprise": [1, 3, 0], "elected": [2, 0, 1], "ess": [1, 2, 1],
        "other_poles": [0, 0, 1], "without_pole": [0, 0, 0], "covered": [True, False, False],
    })  # fmt: skip
    assert groups.triptyque_coverage(filiere()) == pytest.approx(1 / 3)
    # with F in T's place
    assert groups.group_table(filiere(), year=2022)["enterprise"].tolist() == [1, 3, 0]
    mix = groups.pole_mix(filiere())
    of_groups(mix, {"enterprise": [1 / 4, 3 / 5, 0], "elected": [2 / 4, 0, 1 / 3], "ess": [1 / 4, 2 / 5, 1 / 3],
                    "expertise": [0, 0, 1 / 3]})  # fmt: skip
    assert mix.sum(axis=1).tolist() == pytest.approx([1, 1, 1])


def test_diversity() -> None:
    # 1 − (1 + 4 + 1)/16, 1 − (9 + 4)/25, 1 − 3/9; six poles in the vocabulary
    blau = [10 / 16, 12 / 25, 6 / 9]
    table = mixed.diversity(filiere())
    of_groups(table, {"seats": [4, 5, 3], "without_pole": [0] * 3, "blau": blau, "iqv": [6 / 5 * b for b in blau],
                      "blau_low": blau, "blau_high": blau})  # fmt: skip
    assert mixed.diversity_measure(filiere()).value == pytest.approx((3 / 4 + 72 / 125 + 4 / 5) / 3)


def test_two_modes() -> None:
    # 12 of 8 × 3 seats
    for source in (filiere(), two_modes()):
        assert two_mode.two_mode_density(source) == pytest.approx(12 / 24)
        table = two_mode.group_overlap(source)
        pairs = [("copil", "gt"), ("copil", "forum"), ("gt", "forum")]
        assert list(table[["group_id", "to_group_id"]].itertuples(index=False, name=None)) == pairs
        assert table["members"].tolist() == [4, 4, 5]
        assert table["to_members"].tolist() == [5, 3, 3]
        assert table["shared"].tolist() == [2, 2, 1]  # T R, A R, R
        assert table["jaccard"].tolist() == pytest.approx([2 / 7, 2 / 5, 1 / 7])
        assert table["overlap"].tolist() == pytest.approx([2 / 4, 2 / 3, 1 / 3])
        assert table["only_actor_id"].fillna("").tolist() == ["", "", "relais"]
        bridges = two_mode.bridging_actors(source)
        # R alone joins GT and Forum, but COPIL holds them together through T and A
        assert (list(bridges.index), bridges.index.name) == (["relais", "tissage", "agglo"], "actor_id")
        assert list(bridges.columns) == ["label", "groups", "pairs", "pairs_alone", "parts", "group_ids"]
        assert bridges["groups"].tolist() == [3, 2, 2]
        assert bridges["pairs"].tolist() == [3, 1, 1]
        assert bridges["pairs_alone"].tolist() == [1, 0, 0]
        assert bridges["parts"].tolist() == [1, 1, 1]
        assert bridges["group_ids"].tolist() == ["copil;gt;forum", "copil;gt", "copil;forum"]


def test_co_membership() -> None:
    # 1/3 in COPIL, 1/4 in the GT, 1/2 in the Forum; TR and AR sit together twice
    expected = {
        "FT": 1 / 4, "FR": 1 / 4, "FC": 1 / 4, "FB": 1 / 4, "TA": 1 / 3, "TM": 1 / 3, "TR": 7 / 12, "TC": 1 / 4,
        "TB": 1 / 4, "AM": 1 / 3, "AR": 5 / 6, "AX": 1 / 2, "MR": 1 / 3, "RC": 1 / 4, "RB": 1 / 4, "RX": 1 / 2,
        "CB": 1 / 4,
    }  # fmt: skip
    assert sum(2 * each for each in expected.values()) == pytest.approx(12)
    for source in (filiere(), two_modes()):
        table = co_membership(source)
        pairs = list(table[["actor_id", "to_actor_id"]].itertuples(index=False, name=None))
        assert pairs == [(WHO[a], WHO[b]) for a, b in expected]
        assert table["newman"].tolist() == pytest.approx(list(expected.values()))
        assert table["groups"].tolist() == [2 if pair in ("TR", "AR") else 1 for pair in expected]
    # without the GT, of five: 6 + 3 pairs less AR twice
    assert len(co_membership(filiere(), largest=4)) == 8


def test_attendance() -> None:
    table = came.attendance(filiere())
    assert list(table.columns) == [
        "group_id", "actor_id", "held", "invited", "attended", "absent", "unknown", "share", "low", "high",
    ]  # fmt: skip
    expected = {
        ("copil", "A"): (3, 2, 2, 0, 1, 1, 2 / 3, 1),
        ("copil", "M"): (3, 2, 1, 1, 1, 1 / 2, 1 / 3, 2 / 3),
        ("copil", "R"): (3, 2, 1, 1, 1, 1 / 2, 1 / 3, 2 / 3),
        ("copil", "T"): (2, 0, 0, 0, 2, NAN, 0, 1),  # since 2023
        ("gt", "F"): (2, 2, 2, 0, 0, 1, 1, 1),
        ("gt", "T"): (2, 2, 1, 1, 0, 1 / 2, 1 / 2, 1 / 2),
        ("gt", "R"): (2, 2, 2, 0, 0, 1, 1, 1),
        ("gt", "C"): (2, 2, 1, 1, 0, 1 / 2, 1 / 2, 1 / 2),
        ("gt", "B"): (2, 2, 2, 0, 0, 1, 1, 1),
        ("forum", "A"): (0, 0, 0, 0, 0, NAN, NAN, NAN),
        ("forum", "R"): (0, 0, 0, 0, 0, NAN, NAN, NAN),
        ("forum", "X"): (0, 0, 0, 0, 0, NAN, NAN, NAN),
    }
    found = table.set_index(["group_id", "actor_id"])
    assert sorted(found.index) == sorted((name, WHO[one]) for name, one in expected)
    for (name, one), row in expected.items():
        assert tuple(found.loc[(name, WHO[one])]) == pytest.approx(row, nan_ok=True), (name, one)
    # of the eight members of whom something is known; bounds over the nine who could come
    measure = came.attendance_measure(filiere())
    assert measure.value == pytest.approx((1 + 1 / 2 + 1 / 2 + 4) / 8)
    assert (measure.low, measure.high) == pytest.approx((16 / 27, 22 / 27))
    of_groups(came.attendance_by_group(filiere()), {
        "members": [4, 5, 3], "meetings": [3, 2, 0], "attended": [4, 8, 0], "absent": [2, 2, 0],
        "unknown": [5, 0, 0], "share": [2 / 3, 4 / 5, NAN], "low": [1 / 3, 4 / 5, NAN],
        "high": [5 / 6, 4 / 5, NAN],
    })  # fmt: skip
    days = came.attendance_by_group(filiere())[["first_met", "last_met"]]
    assert days["first_met"].tolist()[:2] == [pd.Timestamp("2022-03-10"), pd.Timestamp("2022-06-02")]
    assert days["last_met"].tolist()[:2] == [pd.Timestamp("2023-10-05"), pd.Timestamp("2023-05-11")]
    assert days.loc["forum"].isna().all()


def test_meetings() -> None:
    table = meeting_table(filiere())
    assert table["group_id"].tolist() == ["copil"] * 3 + ["gt"] * 2
    days = ["2022-03-10", "2023-03-09", "2023-10-05", "2022-06-02", "2023-05-11"]
    assert table["met_on"].tolist() == [pd.Timestamp(day) for day in days]
    expected = {
        "invited": [4, 3, 0, 5, 6], "attended": [3, 2, 0, 4, 5], "absent": [1, 1, 0, 1, 1],
        "guests": [0, 0, 0, 0, 1],  # Filature sat there in 2022
        "unknown": [0, 1, 4, 0, 0], "listed": [True, True, False, True, True],
        "enterprise": [1, 0, 0, 2, 3], "elected": [2, 1, 0, 0, 0], "ess": [0, 1, 0, 2, 1],
        "without_pole": [0] * 5,
    }  # fmt: skip
    assert list(table.columns) == ["group_id", "met_on", *expected, "covered"]
    for column, values in expected.items():
        assert table[column].tolist() == values, column
    # Tissage may have been the enterprise in March 2023; in the GT nobody is elected
    covered = table["covered"].astype(object).where(table["covered"].notna(), None)
    assert covered.tolist() == [False, None, None, False, False]


def test_bodies() -> None:
    table = bodies_table(filiere(), lang="en")
    of_groups(table, {"members": [4, 5, 3], "elected": [2, 0, 1], "meetings": [3, 2, 0],
                      "covered": [True, False, False], "share": [2 / 3, 4 / 5, NAN],
                      "on_paper": [False, False, True]})  # fmt: skip
    assert list(table.columns) == [
        "label", "kind", "kind_label", "members", "enterprise", "elected", "ess", "other_poles", "without_pole",
        "covered", "referent_id", "referent_label", "meetings", "last_met", "share", "low", "high", "on_paper",
        "reason",
    ]  # fmt: skip
    assert table["kind"].tolist() == ["steering", "working_group", "forum"]
    assert table["referent_id"].fillna("").tolist() == ["agglo", "mairie", ""]
    assert [bool(reason) for reason in table["reason"]] == [False, False, True]
    # nobody had met by 2021, so that nothing can be told; COPIL and GT have in 2022
    table = bodies_table(filiere(), year=2021, lang="en")
    assert table["on_paper"].isna().all()
    assert set(table["reason"]) == {"no meeting of any group is recorded"}
    assert table["meetings"].tolist() == [0, 0, 0]
    assert bodies_table(filiere(), year=2022)["on_paper"].tolist() == [False, False, True]


def test_triads_in_groups() -> None:
    # COPIL: TAR is open, TMR not; pairs TA TM TR AR MR. GT has nobody elected: FR FC TR TC BR BC, known with R
    table = triads_in_groups(filiere())
    assert list(table.columns) == ["members", "possible", "closed", "high", "open", "documented", "pairs"]
    of_groups(table, {"members": [4, 5, 2], "possible": [2, 0, 0], "closed": [0] * 3, "high": [0] * 3,
                      "open": [1, 0, 0], "documented": [5, 3, 1], "pairs": [5, 6, 1]})  # fmt: skip


def test_matrix() -> None:
    table = actors_by_groups(filiere())
    assert list(table.columns) == [
        "actor_id", "actor_label", "group_id", "group_label", "pole", "seat", "attended", "held", "unknown",
        "share", "low", "high",
    ]  # fmt: skip
    found = table.set_index(["actor_id", "group_id"])
    # by actor of the table, then by group; F came to the COPIL and left, X came to the GT
    rows = ["F copil", "F gt", "T copil", "T gt", "A copil", "A forum", "M copil", "R copil", "R gt", "R forum",
            "C gt", "B gt", "X gt", "X forum"]  # fmt: skip
    assert list(found.index) == [(WHO[row[0]], row[2:]) for row in rows]
    guests = [("filature", "copil"), ("labo", "gt")]
    assert list(found.index[~found["seat"].astype(bool)]) == guests
    assert found.loc[guests, "attended"].tolist() == found.loc[guests, "held"].tolist() == [1, 1]
    assert found.at[("boutique", "gt"), "pole"] == "enterprise"
    assert found.at[("agglo", "copil"), "low"] == pytest.approx(2 / 3)


def test_expected_ties() -> None:
    table = expected_ties(filiere())
    assert list(table.columns) == [
        "reason", "group_id", "stage_id", "to_stage_id", "actors", "pairs", "tied", "absent", "unknown",
        "quantity_t_per_year",
    ]  # fmt: skip
    bodies = table[table["reason"] == "group"].set_index("group_id")
    # COPIL TA AM AR | TM TR MR; GT FT FR RC | TR RB | FC FB TC TB CB; Forum AR | AX RX
    of_groups(bodies, {"actors": [4, 5, 3], "pairs": [6, 10, 3], "tied": [3, 3, 1], "absent": [3, 2, 2],
                       "unknown": [0, 5, 0]})  # fmt: skip
    passages = (
        table[table["reason"] == "passage"].fillna({"stage_id": ""}).set_index(["stage_id", "to_stage_id"])
    )
    # in 2023: R→F 8 t and C→F 4; F→T 10; T→B 3; T→R 2; F→B 2; M, at no stage, →C 1
    # where all cooperate, 0 t pass between those who do not
    expected = {
        ("collecte", "filature"): (3, 2, 1, 0, 1, 4),
        ("filature", "tissage"): (2, 1, 1, 0, 0, 0),
        ("tissage", "vente"): (2, 1, 0, 0, 1, 3),
        ("tissage", "collecte"): (2, 1, 0, 1, 0, 2),
        ("filature", "vente"): (2, 1, 0, 0, 1, 2),
        ("", "collecte"): (2, 1, 1, 0, 0, 0),
    }
    assert sorted(passages.index) == sorted(expected)
    for passage, row in expected.items():
        found = passages.loc[passage, ["actors", "pairs", "tied", "absent", "unknown", "quantity_t_per_year"]]
        assert tuple(found) == pytest.approx(row, nan_ok=True), passage
