"""Which totals may be told: counted by hand, and against a search through what the secrets could be."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.measure import NAN, Measure
from chaine_valeur.redaction.totals import Ledger

Row = tuple[str, float]


def ledger(
    *rows: Row, takers: list[str] | None = None, low: Any = 0.0, high: Any = np.inf, **rules: Any
) -> Ledger:
    """A ledger over flows that each actor named supplied, to actors of their own unless said."""
    frame = pd.DataFrame(
        {
            "table": "flows",
            "row": [f"f{place}" for place in range(len(rows))],
            "column": "quantity_t_per_year",
            "value": [value for _, value in rows],
            "giver": [giver for giver, _ in rows],
            "taker": takers or [f"taker {place}" for place in range(len(rows))],
            "low": low,
            "high": high,
        }
    )
    return Ledger(frame, **rules)


def total(value: float, *rows: int, **terms: float) -> Measure:
    return Measure(value, "t/year", rows={"flows": tuple(f"f{row}" for row in rows)}, **terms)


def public(value: float = 0.0) -> Measure:
    return Measure(value, "t/year")


def test_three_contributors_of_like_size_may_be_added_up() -> None:
    # 40 + 35 + 25 = 100: the largest has 40 %, and 30 t more are public
    book = ledger(("a", 40.0), ("b", 35.0), ("c", 25.0))
    assert book.tells(total(130.0, 0, 1, 2), public(30.0))


def test_two_contributors_may_not() -> None:
    # each knows its own, and takes it from the total
    assert not ledger(("a", 40.0), ("b", 35.0)).tells(total(75.0, 0, 1), public())


def test_three_flows_of_two_contributors_may_not() -> None:
    assert not ledger(("a", 40.0), ("a", 20.0), ("b", 35.0)).tells(total(95.0, 0, 1, 2), public())


def test_three_suppliers_of_one_plant_give_the_plant_away() -> None:
    book = ledger(("a", 40.0), ("b", 35.0), ("c", 25.0), takers=["plant"] * 3)
    assert not book.tells(total(100.0, 0, 1, 2), public())


@pytest.mark.parametrize(("largest", "told"), [(84.0, True), (85.0, True), (86.0, False)])
def test_one_above_85_percent_is_too_well_known(largest: float, told: bool) -> None:
    # of 100 t: 85 is not above 85 %, 86 is
    rest = (100.0 - largest) / 2
    book = ledger(("a", largest), ("b", rest), ("c", rest))
    assert book.tells(total(100.0, 0, 1, 2), public()) is told


def test_both_thresholds_are_arguments() -> None:
    rows = (("a", 60.0), ("b", 20.0), ("c", 20.0))
    assert not ledger(*rows, largest=0.5).tells(total(100.0, 0, 1, 2), public())
    assert not ledger(*rows, fewest=4).tells(total(100.0, 0, 1, 2), public())


def test_a_total_that_would_give_another_one_back_is_not_told() -> None:
    # 40 + 35 + 25 + 30 = 130 is told; then 40 + 35 + 25 = 100 would leave d with 30
    book = ledger(("a", 40.0), ("b", 35.0), ("c", 25.0), ("d", 30.0))
    assert book.tells(total(130.0, 0, 1, 2, 3), public())
    assert not book.tells(total(100.0, 0, 1, 2), public())
    # the same total again tells nothing new
    assert book.tells(total(130.0, 0, 1, 2, 3), public())


def test_the_difference_of_two_totals_needs_three_contributors_too() -> None:
    # a … e, then a … c: what is left, d + e, has two contributors, each of whom knows its own
    rows = (("a", 40.0), ("b", 35.0), ("c", 25.0), ("d", 30.0), ("e", 20.0))
    book = ledger(*rows)
    assert book.tells(total(150.0, 0, 1, 2, 3, 4), public())
    assert not book.tells(total(100.0, 0, 1, 2), public())
    # with three left, none too large, it may
    book = ledger(*rows, ("f", 20.0))
    assert book.tells(total(170.0, 0, 1, 2, 3, 4, 5), public())
    assert book.tells(total(100.0, 0, 1, 2), public())


def test_the_largest_of_a_difference_counts() -> None:
    # d + e + f = 60 of which d has 56: 93 %
    rows = (("a", 40.0), ("b", 35.0), ("c", 25.0), ("d", 56.0), ("e", 2.0), ("f", 2.0))
    book = ledger(*rows)
    assert book.tells(total(160.0, 0, 1, 2, 3, 4, 5), public())
    assert not book.tells(total(100.0, 0, 1, 2), public())


def test_a_total_of_nothing_tells_that_each_has_nothing() -> None:
    assert not ledger(("a", 0.0), ("b", 0.0), ("c", 0.0)).tells(total(1e-3, 0, 1, 2), public())


def test_a_figure_that_is_no_sum_is_not_told() -> None:
    book = ledger(("a", 40.0), ("b", 35.0), ("c", 25.0))
    assert not book.tells(total(99.0, 0, 1, 2), public())
    assert not book.tells(total(NAN, 0, 1, 2), public())
    # nor one that does not say on which rows it rests
    assert not book.tells(total(100.0), public())


def test_a_ratio_of_two_safe_totals_is_told() -> None:
    book = ledger(("a", 40.0), ("b", 35.0), ("c", 25.0))
    share = Measure(0.5, "share", numerator=100.0, denominator=200.0, rows={"flows": ("f0", "f1", "f2")})
    known = Measure(NAN, "share", numerator=0.0, denominator=200.0)
    assert book.tells(share, known)
    # and not one of which a part is none: a + b
    part = Measure(0.375, "share", numerator=75.0, denominator=200.0, rows={"flows": ("f0", "f1")})
    assert not ledger(("a", 40.0), ("b", 35.0), ("c", 25.0)).tells(part, known)


def test_what_was_agreed_to_be_told_in_a_class_needs_no_more_room_than_the_class() -> None:
    # a has 90 of 100 t, and agreed to « de 50 à 100 t »: the total tells no more than 100 - 0 - 0
    rows = (("a", 90.0), ("b", 5.0), ("c", 5.0))
    assert not ledger(*rows).tells(total(100.0, 0, 1, 2), public())
    agreed = ledger(*rows, low=[50.0, 0.0, 0.0], high=[100.0, np.inf, np.inf])
    assert agreed.tells(total(100.0, 0, 1, 2), public())


def test_negative_figures_are_not_added_up() -> None:
    assert not ledger(("a", 40.0), ("b", -35.0), ("c", 25.0)).tells(total(30.0, 0, 1, 2), public())


def test_what_is_not_told_leaves_no_trace_in_the_ledger() -> None:
    book = ledger(("a", 40.0), ("b", 35.0), ("c", 25.0), ("d", 30.0))
    assert not book.tells(total(75.0, 0, 1), public())
    assert book.tells(total(130.0, 0, 1, 2, 3), public())


@given(
    st.lists(st.integers(1, 4), min_size=3, max_size=4),
    st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1, max_size=3),
)
@settings(max_examples=15)
def test_no_reader_works_out_a_secret(values: list[int], totals: list[list[bool]]) -> None:
    """Referee: all whole figures that fit the totals told are tried, as each contributor would who knows its own.

    Each contributor's part must still be able to be another, and to reach its part over 0,85.
    """
    book = ledger(*((f"actor {place}", float(value)) for place, value in enumerate(values)))
    told = []
    for chosen in totals:
        rows = [place for place, one in enumerate(chosen[: len(values)]) if one]
        if rows and book.tells(total(float(sum(values[row] for row in rows)), *rows), public()):
            told.append(rows)
    if not told:
        return
    # halves are tried too: figures are no whole numbers
    span = np.arange(0, 2 * sum(values) + 1) / 2
    fitting = [
        one
        for one in product(span, repeat=len(values))
        if all(sum(one[row] for row in rows) == sum(values[row] for row in rows) for rows in told)
    ]
    counted = {row for rows in told for row in rows}
    for place in counted:
        most = max(one[place] for one in fitting)
        assert most > values[place]
        assert most >= np.floor(2 * values[place] / 0.85) / 2
        for other in counted - {place}:
            knows = [one for one in fitting if one[other] == values[other]]
            assert len({one[place] for one in knows}) > 1
