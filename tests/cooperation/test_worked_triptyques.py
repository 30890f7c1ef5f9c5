"""The worked example, triptyques: 2 enterprises, 2 elected, 3 ESS, 12 triads (see `worked`).

FA tied  FM ?     AR tied    AC absent  AB absent      FR tied    FC ?  FB ?
TA tied  TM abs.  MR absent  MC tied    MB ?           TR absent  TC ?  TB ?
"""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import pandas as pd
import pytest

from chaine_valeur.analysis.cooperation.survey.asking import whom_to_ask
from chaine_valeur.analysis.cooperation.survey.coverage import survey_coverage
from chaine_valeur.analysis.cooperation.triptyques.census import triad_table
from chaine_valeur.analysis.cooperation.triptyques.closure import triptyque_closure, triptyque_closure_measure
from chaine_valeur.analysis.cooperation.triptyques.pairs import introducers, missing_pairs
from chaine_valeur.analysis.cooperation.triptyques.participation import triad_participation
from chaine_valeur.analysis.cooperation.triptyques.star import (
    animation_share_measure,
    animation_star,
)
from chaine_valeur.analysis.cooperation.triptyques.triads import triads_of
from tests.cooperation.worked import IDS, UNKNOWN, WHO, completions, filiere, graph

#: Trio → its state today. FMC and FMB hold no pair known to be untied.
TRIOS = {
    "FAR": "closed", "TAR": "open, elected at the centre",
    "FMC": "one tie, enterprise apart", "TMC": "one tie, enterprise apart", "FMR": "one tie, elected apart",
    "FAC": "one tie, ess apart", "FAB": "one tie, ess apart", "TAC": "one tie, ess apart",
    "TAB": "one tie, ess apart", "FMB": "none", "TMR": "none", "TMB": "none",
}  # fmt: skip
ROWS = [
    ("closed", None), ("open", "enterprise"), ("open", "elected"), ("open", "ess"), ("one_tie", "enterprise"),
    ("one_tie", "elected"), ("one_tie", "ess"), ("none", None),
]  # fmt: skip


def _counts(drawn: Any) -> list[int]:
    """Return the eight counts of a graph, trio by trio."""
    found = dict.fromkeys(ROWS, 0)
    for trio in product("FT", "AM", "RCB"):
        first, second, third = (WHO[one] for one in trio)
        tied = {
            "ess": drawn.has_edge(first, second),
            "enterprise": drawn.has_edge(second, third),
            "elected": drawn.has_edge(first, third),
        }  # the pole that the pair leaves apart
        some = [pole for pole, there in tied.items() if there]
        none = [pole for pole, there in tied.items() if not there]
        if len(some) in (0, 3):
            found["closed" if some else "none", None] += 1
        else:
            found[("open", none[0]) if len(some) == 2 else ("one_tie", some[0])] += 1
    return list(found.values())


def test_table() -> None:
    assert len(TRIOS) == 12
    triads = [1, 0, 1, 0, 2, 1, 4, 3]
    assert _counts(graph()) == triads
    table = triad_table(filiere())
    assert list(table.columns) == ["state", "pole", "triads", "share", "low", "high", "to_ask", "to_tie"]
    poles = table["pole"].astype(object).where(table["pole"].notna(), None)
    assert list(zip(table["state"], poles, strict=True)) == ROWS
    assert table["triads"].tolist() == triads
    assert table["share"].tolist() == pytest.approx([each / 12 for each in triads])
    # must be, whatever the ten unknown are: FAR closed, TAR open, TMR without a tie
    assert table["low"].tolist() == [1, 0, 1, 0, 0, 0, 0, 1]
    # may be: closed FAR FMC FMB; open by ent FAC FAB FMR FMB TAC TAB, by el TAR FMC FMB, by ess FMC FMB TMC TMB;
    # one tie without ent FMC FMB TMC TMB, without el FMR FMB TMB, without ess FAC FAB TAC TAB FMB; none FMB TMR TMB
    assert table["high"].tolist() == [3, 6, 3, 4, 4, 3, 5, 3]
    reached = pd.DataFrame([_counts(each) for each in completions()])
    assert (reached.min() >= table["low"].to_numpy()).all()
    assert (reached.max() <= table["high"].to_numpy()).all()
    assert (reached[0].max(), reached[7].min()) == (3, 1)
    # to ask: FMC, FMB; one tie, T–R, would close TAR
    assert table["to_ask"].tolist() == [0, 0, 0, 0, 1, 0, 0, 1]
    assert table["to_tie"].tolist() == [0, 0, 1, 0, 0, 0, 0, 0]
    # in the graph all is known
    drawn = triad_table(graph())
    assert drawn["low"].tolist() == drawn["high"].tolist() == drawn["triads"].tolist() == triads
    assert drawn["to_ask"].sum() == 0


def test_closure() -> None:
    found = triptyque_closure_measure(filiere())
    assert (found.value, found.low, found.high) == pytest.approx((1 / 12, 1 / 12, 3 / 12))
    assert triptyque_closure(graph()) == pytest.approx(1 / 12)
    # FAR closed, TAR open
    found = triptyque_closure_measure(filiere(), by="connected")
    assert found.value == pytest.approx(1 / 2)
    # FM FC FB TC TB MB are unknown: no bounds are given. What closes FMC or FMB opens others (FAC, FMR, FAB),
    # so that here no completion has more than half; the most open one has one closed of ten
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert found.n_unknown == 6
    reached = [each[0] / sum(each[:4]) for each in map(_counts, completions())]
    assert (min(reached), max(reached)) == (1 / 10, 1 / 2)
    triads = triads_of(filiere())
    assert (triads.closed, triads.open, triads.possible) == (1, 1, 12)
    # F, A and R alone; then the kinds of FA, AR and FR alone
    assert triptyque_closure(filiere(), actors=["filature", "agglo", "relais"]) == 1
    assert triptyque_closure(filiere(), kind=["support", "funding", "contracting"]) == pytest.approx(1 / 12)
    # in 2021 AF AR AM TA FB MR: none closed of 2 · 2 · 2
    assert triptyque_closure(filiere(), year=2021) == 0


def test_missing_pairs() -> None:
    columns = ["actor_id", "to_actor_id", "pole", "to_pole", "closes", "documented"]
    # T and R share A among the elected; F and C, say, share nobody there
    table = missing_pairs(filiere())
    assert list(table.columns) == columns
    assert table.to_numpy().tolist() == [["tissage", "relais", "enterprise", "ess", 1, True]]
    # in 2021: F–R and T–R by A, A–B by F
    table = missing_pairs(filiere(), year=2021)
    assert table.to_numpy().tolist() == [
        ["filature", "relais", "enterprise", "ess", 1, True],
        ["tissage", "relais", "enterprise", "ess", 1, True],
        ["agglo", "boutique", "elected", "ess", 1, True],
    ]
    assert missing_pairs(graph())["closes"].tolist() == [1]
    # were B tied to F and T, A–B would close two, of F and of T; it comes first
    drawn = graph()
    drawn.add_edges_from([("filature", "boutique"), ("tissage", "boutique")])
    assert missing_pairs(drawn).to_numpy().tolist() == [
        ["agglo", "boutique", "elected", "ess", 2, True],
        ["tissage", "relais", "enterprise", "ess", 1, True],
    ]
    assert missing_pairs(drawn, limit=1)["closes"].tolist() == [2]
    for source in (filiere(), graph()):
        assert list(introducers(source, "tissage", "relais")) == ["filature", "agglo"]
        assert list(introducers(source, "filature", "mairie")) == ["agglo"]
        assert len(introducers(source, "filature", "boutique")) == 0


def test_participation() -> None:
    table = triad_participation(filiere())
    assert (list(table.index), table.index.name) == (IDS, "actor_id")
    assert list(table.columns) == ["pole", "possible", "closed", "high", "open_centre", "to_ask", "open_end"]
    # F T A M: 2 · 3; R C B: 2 · 2. May close: FAR FMC FMB
    expected = {
        "possible": [6, 6, 6, 6, 4, 4, 4, 0],
        "closed": [1, 0, 1, 0, 1, 0, 0, 0],
        "high": [3, 0, 1, 2, 1, 1, 1, 0],
        "open_centre": [0, 0, 1, 0, 0, 0, 0, 0],  # A, of T and R, of whom it is known
        "to_ask": [0] * 8,
        "open_end": [0, 1, 0, 0, 1, 0, 0, 0],
    }
    for column, values in expected.items():
        assert table[column].fillna(0).tolist() == values, column
    assert table["pole"].isna().tolist() == [False] * 7 + [True]
    drawn = triad_participation(graph())
    assert drawn["closed"].tolist() == drawn["high"].tolist() == expected["closed"]


def test_star() -> None:
    table = animation_star(filiere())
    # Agglo animates, Mairie is a territorial body. A: F, T, M, R; M: A, C, so elected and ESS
    assert (list(table.index), table.index.name) == (["agglo", "mairie"], "actor_id")
    expected = {
        "ties": [4, 2], "ties_share": [4 / 9, 2 / 9], "ties_without": [5, 7], "poles_tied": [3, 2],
        "open_centre": [1, 0], "open_share": [1, 0], "to_ask": [0, 0], "closed": [1, 0],
        "closed_without": [0, 1],
    }  # fmt: skip
    assert list(table.columns) == ["pole", *expected]
    for column, values in expected.items():
        assert table[column].tolist() == pytest.approx(values), column
    drawn = animation_star(graph(), hub=["mairie", "agglo"])
    assert drawn.drop(columns="pole").equals(table.drop(columns="pole"))
    # A was asked: its ties are known, ten others may come
    found = animation_share_measure(filiere())
    assert (found.value, found.low, found.high) == pytest.approx((4 / 9, 4 / 19, 4 / 9))


def test_whom_to_ask() -> None:
    # between two of the three poles: F 3 (M C B), T 2 (C B), M 2, C 2 (F T), B 3 (F T M), X 0. Boutique: 5 pairs
    # left FM FC TC TX CX: Filature 2 of 2, Chantier 2 of 3; left FM TX: Filature, then first of T and X
    table = whom_to_ask(filiere())
    assert (list(table.index), table.index.name) == (
        ["boutique", "chantier", "filature", "tissage"],
        "actor_id",
    )
    assert list(table.columns) == ["documents", "cross_pole", "cumulative"]
    assert table["documents"].tolist() == [5, 3, 1, 1]
    assert table["cross_pole"].tolist() == [3, 2, 1, 0]
    assert table["cumulative"].tolist() == pytest.approx([23 / 28, 26 / 28, 27 / 28, 1])
    assert table["documents"].sum() == len(UNKNOWN)
    assert whom_to_ask(graph()).empty


def test_coverage() -> None:
    table = survey_coverage(filiere(), lang="en")
    assert list(table.columns) == [
        "group", "group_label", "partners", "asked", "share", "rating_trust", "rating_value",
    ]  # fmt: skip
    assert table["group"].tolist() == ["all", "enterprise", "elected", "ess", "expertise"]
    assert table["partners"].tolist() == [8, 2, 2, 3, 1]
    assert table["asked"].tolist() == [2, 0, 1, 1, 0]  # Agglo, Relais
    assert table["share"].tolist() == pytest.approx([2 / 8, 0, 1 / 2, 1 / 3, 0])
    # trust is given by F T A M R, value by F A R
    assert table["rating_trust"].tolist() == [5, 2, 2, 1, 0]
    assert table["rating_value"].tolist() == [3, 1, 1, 1, 0]
    assert not math.isnan(table["share"].iat[4])
