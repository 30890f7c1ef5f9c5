"""The worked example, positions: who stands between whom (see `worked`)."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.analysis.cooperation.positions import holes
from chaine_valeur.analysis.cooperation.positions.betweenness import betweenness
from chaine_valeur.analysis.cooperation.positions.brokerage import brokerage
from chaine_valeur.analysis.cooperation.positions.brokerage_chance import (
    brokerage_expected,
    brokerage_totals,
    brokerage_z,
)
from chaine_valeur.analysis.cooperation.positions.brokerage_share import brokerage_share_measure
from chaine_valeur.analysis.cooperation.positions.core_periphery import core_periphery
from chaine_valeur.analysis.cooperation.positions.coreness import coreness
from chaine_valeur.analysis.cooperation.positions.ego_betweenness import ego_betweenness
from chaine_valeur.analysis.cooperation.positions.holes_table import structural_holes
from tests.cooperation.worked import IDS, TIED, WHO, digraph, filiere, graph

NAN = math.nan
ROLES = ["coordinator", "consultant", "gatekeeper", "representative", "liaison", "total"]


def close(column: pd.Series, expected: list[float]) -> None:
    assert list(column.index) == IDS
    assert column.index.name == "actor_id"
    assert column.tolist() == pytest.approx(expected, nan_ok=True)


def test_betweenness() -> None:
    # one way each: FM by A, FC by R, TX by F, TM by A, AX by F, RX by F; MX by A and F, CX by R and F
    # halves: TR by F or A, AC by M or R, MR by A or C; thirds: TC by FR, AM or AR
    by_hand = [
        1 / 2 + 3 + 1 / 3 + 2,  # F: TR, TX AX RX, TC, MX CX
        0,
        2 + 1 / 2 + 1 / 2 + 2 / 3 + 1,  # A: FM TM, TR, MR, TC, MX
        1 / 2 + 1 / 3,  # M: AC, TC
        1 + 1 / 2 + 2 / 3 + 1,  # R: FC, AC, TC, CX
        1 / 2,  # C: MR
        0,
        0,
    ]
    assert sum(by_hand) == pytest.approx(9 * 1 + 3 * 2)  # of each pair, the ties of its path but one
    for source in (filiere(), graph()):
        close(betweenness(source), by_hand)
        close(betweenness(source, normalized=True), [each / 21 for each in by_hand])
    # among its contacts. F: TR by itself or A, TX, AX, RX; A: FM, TM, MR, TR by itself or F; R: FC, AC
    ego = [1 / 2 + 3, 0, 3 + 1 / 2, 1, 2, 1, NAN, 0]
    for source in (filiere(), graph()):
        close(ego_betweenness(source), ego)


def test_brokerage() -> None:
    # F: T–R and T–X from its own pole, A–X and R–X between two others; A: M with F, T and R, and T–R;
    # M: A–C; R: C with F and A; C: R with M
    for source, name in ((filiere(), "by"), (graph(), "group")):
        table = brokerage(source, **{name: "pole"})
        assert list(table.columns) == [*ROLES, "n_unplaced", "n_unknown"]
        close(table["coordinator"], [0] * 8)
        close(table["consultant"], [0] * 8)
        close(table["gatekeeper"], [2, 0, 3, 1, 2, 1, 0, 0])
        close(table["representative"], [2, 0, 3, 1, 2, 1, 0, 0])
        close(table["liaison"], [2, 0, 1, 0, 0, 0, 0, 0])
        close(table["total"], [4, 0, 4, 1, 2, 1, 0, 0])  # 18 paths less 6 closed
        close(table["n_unknown"], [3, 3, 0, 2, 0, 4, 5, 3] if name == "by" else [0] * 8)
    # by commune (upper row, lower rows): F has R–X of its own, A has T–M, R has F–C; two blocks, no liaison
    table = brokerage(filiere(), by="commune")
    close(table["coordinator"], [1, 0, 1, 0, 1, 0, 0, 0])
    close(table["gatekeeper"], [3, 0, 3, 1, 1, 1, 0, 0])
    close(table["liaison"], [0] * 8)
    # F and A against the rest: F is between T–R, T–X, R–X of the rest, A between T–M, T–R, M–R
    table = brokerage(graph(), group="centre")
    close(table["consultant"], [3, 0, 3, 0, 0, 0, 0, 0])
    close(table["gatekeeper"], [1, 0, 1, 1, 2, 0, 0, 0])
    close(table["coordinator"], [0, 0, 0, 0, 0, 1, 0, 0])  # C: M–R


def test_brokerage_with_directions() -> None:
    # open i→b→j. F: A→X, X→A, X→R, liaison; T→R, T→X, representative; X→T, gatekeeper
    # A: F→M, R→M, T→M, gatekeeper; M→F, M→R, M→T, representative; R→F, R→T, T→R, liaison
    # M: A→C; R: A→C, F→C, and C→A; C: M→R
    for table in (brokerage(digraph(), group="pole"), brokerage(filiere(), by="pole", directed=True)):
        close(table["coordinator"], [0] * 8)
        close(table["consultant"], [0] * 8)
        close(table["gatekeeper"], [1, 0, 3, 0, 2, 1, 0, 0])
        close(table["representative"], [2, 0, 3, 1, 1, 0, 0, 0])
        close(table["liaison"], [3, 0, 3, 0, 0, 0, 0, 0])
        close(table["total"], [6, 0, 9, 1, 3, 1, 0, 0])  # 29 paths less 9 closed
    close(table["n_unknown"], [6, 6, 0, 5, 0, 9, 10, 6])  # twice, and what C gives M


def test_brokerage_by_chance() -> None:
    p, q = 9 / 28, 19 / 28
    # pairs that would give the role to one of two (F, T, A, M), of three (R, C, B), to X; 21 pairs each
    pairs = {
        "two": [0, 1 + 3, 1 * 6, 1 * 6, 6 + 2 + 3, 21],
        "three": [1, 1 + 1, 2 * 5, 2 * 5, 4 + 2 + 2, 21],
        "one": [0, 1 + 1 + 3, 0, 0, 4 + 6 + 6, 21],
    }
    rows = [pairs[of] for of in ("two", "two", "two", "two", "three", "three", "three", "one")]
    table = brokerage_expected(filiere(), by="pole")
    assert list(table.columns) == ROLES
    for place, role in enumerate(ROLES):
        close(table[role], [row[place] * p * p * q for row in rows])
    # each of the 21 pairs shares an actor with 10 others, a gatekeeper's 6 of F all share T
    z = brokerage_z(filiere(), by="pole")

    def sd(pairs: int, sharing: int) -> float:
        return math.sqrt(pairs * p * p * q * (1 - p * p * q) + sharing * (p * q) ** 3)

    assert z.at["filature", "total"] == pytest.approx((4 - 21 * p * p * q) / sd(21, 210))
    assert z.at["filature", "gatekeeper"] == pytest.approx((2 - 6 * p * p * q) / sd(6, 30))
    assert math.isnan(z.at["labo", "gatekeeper"])
    totals = brokerage_totals(filiere(), by="pole", lang="en")
    assert list(totals.index) == ROLES
    assert list(totals.columns) == ["label", "observed", "expected", "actors"]
    assert totals["observed"].tolist() == [0, 0, 9, 9, 3, 12]
    assert totals["actors"].tolist() == [0, 0, 5, 5, 2, 5]
    assert totals["expected"].tolist() == pytest.approx([m * p * p * q for m in (3, 27, 54, 54, 84, 168)])


def test_brokerage_share() -> None:
    # of 12 mediations between poles F and A have 4 each; by commune 3 of 9
    found = brokerage_share_measure(filiere(), by="pole")
    assert (found.value, found.numerator, found.denominator) == pytest.approx((1 / 3, 4, 12))
    found = brokerage_share_measure(filiere(), by="commune")
    assert (found.numerator, found.denominator) == (3, 9)


def test_holes() -> None:
    # R, thirds to F, A, C: F by A (1/3 + 1/3 · 1/4)² = 25/144, A by F as much, C 16/144
    # F, quarters: T by A (1/4 + 1/16)² = 25/256, A by T and R (1/4 + 1/8 + 1/12)² = 121/576, R by A 25/256, X 1/16
    # A: the same, of T, F, R, M. T, halves: twice (1/2 + 1/8)². M and C: 1/4 + 1/4. X: 1
    big = 25 / 128 + 121 / 576 + 1 / 16
    for source in (filiere(), graph()):
        close(holes.constraint(source), [big, 25 / 32, big, 1 / 2, 66 / 144, 1 / 2, NAN, 1])
        # ties among contacts: F 2, T 1, A 2, R 1; d − 2t/d
        close(holes.effective_size(source), [3, 1, 3, 2, 3 - 2 / 3, 2, NAN, 1])
        close(holes.effective_size_ego(source), [3, 1, 3, 2, 3 - 2 / 3, 2, NAN, 1])
        close(holes.efficiency_ego(source), [3 / 4, 1 / 2, 3 / 4, 1, 7 / 9, 1, NAN, 1])
        close(holes.efficiency(source), [3 / 4, 1 / 2, 3 / 4, 1, 7 / 9, 1, NAN, 1])
    # within R's network A has two ties, F two: (1/3 + 1/3 · 1/2)² twice, 1/9
    # within F's: T 2, A 3, R 2: T (1/4 + 1/12)², A (1/4 + 1/8 + 1/8)², R (1/4 + 1/12)², X 1/16; A's the same
    # within T's, all three tied: twice (1/2 + 1/4)²
    ego = [77 / 144, 9 / 8, 77 / 144, 1 / 2, 11 / 18, 1 / 2, NAN, 1]
    close(holes.constraint_ego(filiere()), ego)
    # r of R: 25 25 16 over their mean 22; in its own network 1/4 1/4 1/9 over their mean 11/54
    for measure, parts in ((holes.hierarchy, (25 / 22, 25 / 22, 16 / 22)),
                           (holes.hierarchy_ego, (27 / 22, 27 / 22, 12 / 22))):  # fmt: skip
        expected = sum(r * math.log(r) for r in parts) / (3 * math.log(3))
        found = measure(filiere())
        assert found["relais"] == pytest.approx(expected)
        assert found["tissage"] == pytest.approx(0)
        assert math.isnan(found["labo"])


def test_holes_by_strength() -> None:
    # R: F 4, A 4, C 2 of 10. F: 3 of its 11 to A; A: 3 of its 11 to F: twice (2/5 + 2/5 · 3/11)², and 1/25
    found = holes.constraint(filiere(), valued=True)
    assert found["relais"] == pytest.approx(2 * (28 / 55) ** 2 + 1 / 25)
    assert found[["mairie", "chantier"]].isna().all()  # M–C states none


def test_holes_table() -> None:
    table = structural_holes(filiere(), lang="en")
    assert list(table.columns) == [
        "degree", "effective_size", "efficiency", "constraint", "hierarchy", "ln_constraint", "indirects",
        "density", "average_degree", "open_pairs", "n_unknown", "note",
    ]  # fmt: skip
    close(table["degree"], [4, 2, 4, 2, 3, 2, 0, 1])
    close(table["ln_constraint"], np.log(holes.constraint(filiere())).tolist())
    # what is added to p above: F 1/16 + 1/8 + 1/12 + 1/16; T 1/8 twice; R 1/12 twice
    close(table["indirects"], [1 / 3, 1 / 4, 1 / 3, 0, 1 / 6, 0, NAN, 0])
    close(table["density"], [2 / 6, 1, 2 / 6, 0, 1 / 3, 0, NAN, NAN])
    close(table["average_degree"], [1, 1, 1, 0, 2 / 3, 0, NAN, 0])
    assert table["open_pairs"].tolist()[:6] == [4, 0, 4, 1, 2, 1]
    assert table["n_unknown"].tolist() == [3, 3, 0, 2, 0, 4, 5, 3]
    close(structural_holes(filiere(), model="ego")["constraint"], holes.constraint_ego(filiere()).tolist())
    assert (
        structural_holes(graph())
        .drop(columns=["n_unknown", "note"])
        .equals(table.drop(columns=["n_unknown", "note"]))
    )


def test_core_periphery() -> None:
    # F, A and C hold every tie, in 28 − 10 pairs: (28 · 9 − 9 · 18)/√(9 · 19 · 18 · 10); no smaller set does
    best = (28 * 9 - 9 * 18) / math.sqrt(9 * 19 * 18 * 10)
    for source in (filiere(), graph()):
        found = core_periphery(source)
        assert found.fit == pytest.approx(best)
        assert found.exact
        assert list(found.core.index) == IDS
        assert [one for one in IDS if found.core[one]] == ["filature", "agglo", "chantier"]
    pairs = list(combinations(WHO, 2))
    tied = [int("".join(pair) in TIED or "".join(pair[::-1]) in TIED) for pair in pairs]
    fits = []
    for size in range(1, 7):
        for core in combinations(WHO, size):
            fits.append(np.corrcoef(tied, [int(a in core or b in core) for a, b in pairs])[0, 1])
    assert max(fits) == pytest.approx(best)


def test_coreness() -> None:
    found = coreness(filiere())
    assert list(found.index) == IDS
    values = found.to_numpy()
    tied = np.zeros((8, 8))
    letters = list(WHO)
    for a, b in TIED:
        tied[letters.index(a), letters.index(b)] = tied[letters.index(b), letters.index(a)] = 1
    # where the sum of squares is least each value is Σ a_ij c_j / Σ c_j², or at its limit
    others = (values**2).sum() - values**2
    assert values == pytest.approx(np.clip(tied @ values / others, 0, 1), abs=1e-3)
    assert values[6] == 0
    loss = (np.triu(tied - np.outer(values, values), 1) ** 2).sum()
    assert loss < 9  # that of nobody in the core
