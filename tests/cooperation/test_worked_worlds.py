"""The worked example, between worlds: ent {F, T}, el {A, M}, ess {R, C, B}, exp {X} (see `worked`)."""

from __future__ import annotations

import math
from itertools import permutations
from typing import Any

import pandas as pd
import pytest

from chaine_valeur.analysis.cooperation.worlds import blocks, composition, ei_index, ei_range, homophily
from chaine_valeur.analysis.cooperation.worlds.mixing import mixing_matrix
from chaine_valeur.analysis.cooperation.worlds.neighbourhood import neighbourhood_diversity
from chaine_valeur.analysis.cooperation.worlds.permutation import ei_test
from chaine_valeur.analysis.cooperation.worlds.valued import valued_block_density
from tests.cooperation.worked import IDS, POLE, TIED, completions, digraph, filiere, graph

NAN = math.nan
PAIRS = [
    ("enterprise", "enterprise"), ("enterprise", "elected"), ("enterprise", "ess"), ("enterprise", "expertise"),
    ("elected", "elected"), ("elected", "ess"), ("elected", "expertise"),
    ("ess", "ess"), ("ess", "expertise"), ("expertise", "expertise"),
]  # fmt: skip
# FT | FA TA | FR | FX || AM | AR MC | – || RC | – || –
TIES = [1, 2, 1, 1, 1, 2, 0, 1, 0, 0]
POSSIBLE = [1, 4, 6, 2, 1, 6, 2, 3, 3, 0]
# – | FM | FC FB TC TB | TX || – | MB | – || CB | CX BX || –
UNKNOWN = [0, 1, 4, 1, 0, 1, 0, 1, 2, 0]
OVER = [each or NAN for each in POSSIBLE]


def said(measure: Any) -> tuple[float, float, float]:
    return measure.value, measure.low, measure.high


def pairs_of(table: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(table[["group", "to_group"]].itertuples(index=False, name=None))


def close(column: pd.Series, expected: list[float]) -> bool:
    return column.tolist() == pytest.approx(expected, nan_ok=True)


def test_block_density() -> None:
    table = blocks.block_density(filiere(), by="pole", lang="en")
    assert list(table.columns) == [
        "group", "to_group", "group_label", "to_group_label", "ties", "possible", "documented", "density", "low",
        "high",
    ]  # fmt: skip
    assert pairs_of(table) == PAIRS
    assert (table["ties"].tolist(), table["possible"].tolist()) == (TIES, POSSIBLE)
    assert table["documented"].tolist() == [
        all_ - open_ for all_, open_ in zip(POSSIBLE, UNKNOWN, strict=True)
    ]
    density = [tied / over for tied, over in zip(TIES, OVER, strict=True)]
    assert close(table["density"], density)
    assert close(table["low"], density)
    assert close(table["high"], [(a + b) / c for a, b, c in zip(TIES, UNKNOWN, OVER, strict=True)])
    drawn = blocks.block_density(graph(), group="pole")
    assert pairs_of(drawn) == PAIRS
    assert close(drawn["density"], density)
    assert close(drawn["high"], density)
    # arcs: a pair tied both ways counts twice within, once in each direction between
    arcs = blocks.block_density(digraph(), group="pole").set_index(["group", "to_group"])["ties"]
    assert arcs["enterprise", "enterprise"] == 2
    assert (arcs["enterprise", "ess"], arcs["ess", "enterprise"]) == (1, 0)  # F→R
    assert (arcs["elected", "ess"], arcs["ess", "elected"]) == (2, 1)  # A→R, M→C; R→A
    found = blocks.cross_pole_measure(filiere())
    assert said(found) == pytest.approx((1 / 6, 1 / 6, 5 / 6))
    assert (found.numerator, found.denominator) == (1, 6)


def test_valued_block_density() -> None:
    table = valued_block_density(filiere(), by="pole", lang="en")
    assert pairs_of(table) == PAIRS
    # strengths: FT 3 | FA 3 TA 1 | FR 4 | FX 1 || AM 3 | AR 4 MC at least 1 | 0 || RC 2 | 0 || –
    least = [3, 4, 4, 1, 3, 5, 0, 2, 0, 0]
    most = [value + 4 * open_ for value, open_ in zip(least, UNKNOWN, strict=True)]
    most[5] += 3  # MC may be 4
    assert table["without_strength"].tolist() == [0] * 5 + [1] + [0] * 4
    for column, expected in (("strength", least), ("low", least), ("high", most)):
        assert close(table[column], [a / b for a, b in zip(expected, OVER, strict=True)]), column


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("density", [9 * pairs / 28 for pairs in POSSIBLE]),
        # ends of ties: ent 4 + 2, el 4 + 2, ess 3 + 2 + 0, exp 1, in all 18: K K′/18, within K²/36
        ("configuration", [1, 2, 30 / 18, 6 / 18, 1, 30 / 18, 6 / 18, 25 / 36, 5 / 18, 1 / 36]),
        # (K n′ + K′ n)/7/2, within K (n − 1)/7/2
        ("outdegree", [3 / 7, 12 / 7, 14 / 7, 4 / 7, 3 / 7, 14 / 7, 4 / 7, 5 / 7, 4 / 7, 0]),
    ],
)
def test_mixing(model: str, expected: list[float]) -> None:
    assert sum(expected) == pytest.approx(9)
    table = mixing_matrix(filiere(), by="pole", model=model, lang="en")
    assert list(table.columns) == [
        "group", "to_group", "group_label", "to_group_label", "observed", "expected", "possible", "documented",
        "ratio", "low", "high",
    ]  # fmt: skip
    assert pairs_of(table) == PAIRS
    assert table["observed"].tolist() == TIES
    assert close(table["expected"], expected)
    ratio = [a / (b or NAN) for a, b in zip(TIES, expected, strict=True)]
    ratio[9] = NAN  # nothing is documented of X with X
    assert close(table["ratio"], ratio)
    if model != "density":
        return
    # low: the unknown ties all fall elsewhere; high: all those of the pair and no other
    rows = list(zip(TIES, UNKNOWN, OVER, strict=True))
    assert close(table["low"], [tied / ((19 - open_) * over / 28) for tied, open_, over in rows])
    assert close(table["high"], [(tied + open_) / ((9 + open_) * over / 28) for tied, open_, over in rows])


def test_ei_index() -> None:
    # between: FA TA FR FX AR MC; within: FT AM RC. Unknown: nine between, CB within
    found = ei_index.ei_index_measure(filiere(), by="pole")
    assert said(found) == pytest.approx(((6 - 3) / 9, (6 - 4) / 10, (15 - 3) / 18))
    # arcs: between FA TA FX AR both ways, FR, MC: 10; within 6; unknown 19 (with C→M) and 2
    found = ei_index.ei_index_arcs_measure(filiere(), by="pole")
    assert said(found) == pytest.approx((4 / 16, (10 - 8) / 18, (29 - 6) / 35))
    # strengths: between 3 + 1 + 4 + 1 + 4 + 1 (MC, not stated) = 14, within 3 + 3 + 2 = 8
    # low: CB at 4; high: MC at 4 and nine more at 4
    found = ei_index.ei_index_weighted_measure(filiere(), by="pole")
    assert said(found) == pytest.approx((6 / 22, (14 - 12) / 26, (53 - 8) / 61))
    assert ei_index.ei_index(graph(), group="pole") == pytest.approx(1 / 3)
    assert ei_index.ei_index(digraph(), group="pole") == pytest.approx(1 / 3)
    assert ei_index.ei_index_arcs(digraph(), group="pole") == pytest.approx(1 / 4)
    assert ei_index.ei_index_weighted(graph(), group="pole") == pytest.approx((13 - 8) / 21)  # without MC
    reached = [ei_index.ei_index(each, group="pole") for each in list(completions())[::7]]
    assert 1 / 5 <= min(reached) < max(reached) <= 2 / 3


def test_ei_range() -> None:
    # 23 pairs between, 5 within. 9 ties: all between, or 5 within: −1/9; (1/3 + 1/9)/(10/9) of the way
    found = ei_range.ei_range(filiere(), by="pole")
    assert (found.observed, found.low, found.high) == pytest.approx((1 / 3, -1 / 9, 1))
    assert found.rescaled == pytest.approx(2 * (4 / 10) - 1)
    assert (found.ties, found.possible_external, found.possible_internal) == (9, 23, 5)
    # 16 arcs, 46 and 10: (16 − 20)/16; (1/4 + 1/4)/(5/4) of the way
    found = ei_range.ei_range(digraph(), variant="arcs", group="pole")
    assert (found.observed, found.low, found.high, found.rescaled) == pytest.approx(
        (1 / 4, -1 / 4, 1, -1 / 5)
    )


def test_ei_index_by_block() -> None:
    table = ei_range.ei_index_by_block(filiere(), by="pole", lang="en")
    assert table.index.name == "group"
    assert list(table.index) == ["enterprise", "elected", "ess", "expertise"]
    assert table["actors"].tolist() == [2, 2, 3, 1]
    # FA TA FR FX | FA TA AR MC | FR AR MC | FX, and FT, AM, RC within
    assert table["external"].tolist() == [4, 4, 3, 1]
    assert table["internal"].tolist() == [1, 1, 1, 0]
    assert table["unplaced"].tolist() == [0] * 4
    assert close(table["ei_index"], [3 / 5, 3 / 5, 2 / 4, 1])
    # unknown between: FM FC FB TC TB TX | FM MB | FC FB TC TB MB CX BX | TX CX BX; within: CB
    assert close(table["low"], [3 / 5, 3 / 5, (3 - 2) / 5, 1])
    assert close(table["high"], [(10 - 1) / 11, (6 - 1) / 7, (10 - 1) / 11, 1])
    weighted = ei_range.ei_index_by_block(filiere(), variant="weighted", by="pole")
    assert weighted["external"].tolist() == [3 + 1 + 4 + 1, 3 + 1 + 4 + 1, 4 + 4 + 1, 1]
    assert close(weighted["ei_index"], [(9 - 3) / 12, (9 - 3) / 12, (9 - 2) / 11, 1])


def test_homophily() -> None:
    # Σ e_kk = 2 · 3/18; ends 6, 6, 5, 1 of 18: Σ a² = 98/324 = 49/162
    assert homophily.assortativity(filiere(), by="pole") == pytest.approx((54 - 49) / (162 - 49))
    assert homophily.assortativity(graph(), group="pole") == pytest.approx(5 / 113)
    table = homophily.homophily_table(filiere(), by="pole", lang="en")
    assert list(table.columns) == ["label", "value", "low", "high", "note"]
    # a 3 within, b 6 between, of p 5 and q 23: c 2, d 17
    expected = {
        "h": 3 / 9,
        "h_star": 3 / 9 - 5 / 28,
        "correlation": (3 * 17 - 6 * 2) / math.sqrt(9 * 19 * 5 * 23),
        "modularity": 54 / 162 - 49 / 162,
        "assortativity": 5 / 113,
        "yules_q": (51 - 12) / (51 + 12),
        "ei_index": 3 / 9,
    }
    assert list(table.index) == list(expected)
    assert dict(table["value"]) == pytest.approx(expected)
    # low: nine more between (3, 15 / 2, 8); high: one more within (4, 6 / 1, 17)
    assert tuple(table.loc["h", ["low", "high"]]) == pytest.approx((3 / 18, 4 / 10))
    assert tuple(table.loc["yules_q", ["low", "high"]]) == pytest.approx(
        ((3 * 8 - 15 * 2) / (24 + 30), (4 * 17 - 6) / (68 + 6))
    )


def test_composition() -> None:
    table = composition.composition(filiere(), by="pole", lang="en")
    assert list(table.index) == ["enterprise", "elected", "ess", "expertise"]
    assert (list(table.columns), table.index.name) == (["label", "actors", "share"], "group")
    assert table["actors"].tolist() == [2, 2, 3, 1]
    assert close(table["share"], [1 / 4, 1 / 4, 3 / 8, 1 / 8])
    # 1 − (4 + 4 + 9 + 1)/64; six poles in the vocabulary, four in the graph
    assert composition.blau(filiere(), by="pole") == pytest.approx(46 / 64)
    assert composition.iqv(filiere(), by="pole") == pytest.approx(46 / 64 / (5 / 6))
    assert composition.iqv(graph(), group="pole") == pytest.approx(46 / 64 / (3 / 4))
    # first roles: transformer F T, insertion R C, buyer B, expert X, territorial A M; eight in the vocabulary
    roles = composition.composition(filiere(), by="role")["actors"]
    assert dict(roles) == {"transformer": 2, "insertion": 2, "buyer": 1, "expert": 1, "territorial": 2}
    assert composition.blau(filiere()) == pytest.approx(1 - 14 / 64)
    assert composition.iqv(filiere()) == pytest.approx(50 / 64 / (7 / 8))


def test_neighbourhood() -> None:
    table = neighbourhood_diversity(filiere(), by="pole")
    assert (list(table.index), table.index.name) == (IDS, "actor_id")
    assert list(table.columns) == ["neighbours", "without_block", "undocumented", "blau", "iqv"]
    assert table["neighbours"].tolist() == [4, 2, 4, 2, 3, 2, 0, 1]
    assert table["without_block"].tolist() == [0] * 8
    assert table["undocumented"].tolist() == [3, 3, 0, 2, 0, 4, 5, 3]
    # four poles | ent el | ent ent el ess: 1 − 6/16 | el ess | ent el ess | el ess | nobody | ent
    blau = [3 / 4, 1 / 2, 10 / 16, 1 / 2, 2 / 3, 1 / 2, NAN, 0]
    assert close(table["blau"], blau)
    assert close(table["iqv"], [value * 6 / 5 for value in blau])
    assert close(neighbourhood_diversity(graph(), group="pole")["blau"], blau)


def test_permutation() -> None:
    # every way of dealing the labels out: 8!/(2! 2! 3!) of them, each as often
    poles = list(POLE.values())
    letters = list(POLE)
    ends = [(letters.index(a), letters.index(b)) for a, b in TIED]
    within = [sum(each[a] == each[b] for a, b in ends) for each in set(permutations(poles))]
    assert len(within) == 1680
    found = ei_test(filiere(), draws=4000, seed=1, by="pole")
    assert found.observed == pytest.approx(1 / 3)
    assert found.expected == pytest.approx((23 - 5) / 28)
    assert sum(1 - 2 * each / 9 for each in within) / 1680 == pytest.approx(found.expected)
    # the index is at most 1/3 where three ties or more stay within; 4 standard errors of 4000 draws at most
    lower, higher = (sum(keep) / 1680 for keep in ([w >= 3 for w in within], [w <= 3 for w in within]))
    assert found.p_lower == pytest.approx(lower, abs=4 * math.sqrt(lower / 4000))
    assert found.p_higher == pytest.approx(higher, abs=4 * math.sqrt(0.25 / 4000))
    assert found.p == pytest.approx(min(1, 2 * min(found.p_lower, found.p_higher)))
