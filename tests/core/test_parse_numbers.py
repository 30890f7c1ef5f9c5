"""Numbers as people type them: read for what they say, or refused; never changed on the way."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chaine_valeur.language import number, percent, quantity
from chaine_valeur.parse import parse_number

from .reading import cell, column

QUANTITY = "flows.quantity_t_per_year"
#: blank that separates → what typed it
BLANKS = {
    " ": "the keyboard",
    "\u00a0": "Word",
    "\u202f": "Babel",
    "\u2009": "a thin space",
    "\u2007": "tables",
}

finite = st.floats(allow_nan=False, allow_infinity=False)
reasonable = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False)


def refused(written):
    """Whether the text means no number."""
    try:
        parse_number(written)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize("blank", BLANKS, ids=BLANKS.get)
def test_every_blank_that_groups_digits_is_understood(blank):
    assert parse_number(f"1{blank}234{blank}567,25") == 1234567.25
    assert parse_number(f"-{blank}12{blank}") == -12
    assert parse_number(f"12{blank}%") == 0.12
    assert parse_number(f"1{blank}200{blank}t") == 1200


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.234.567,8", 1234567.8),  # German or old French
        ("1,234,567.8", 1234567.8),  # English
        ("1,234", 1.234),  # one comma is the decimal sign of a French workbook, whatever follows it
        ("1.234", 1.234),
        ("0,1", 0.1),
        ("12,", 12),
        ("12.", 12),
        (".25", 0.25),
        ("+7", 7),
        ("007", 7),
        ("1,5e3", 1500),
        ("2E-3", 0.002),
        ("-0", 0),
        ("\u2212 1\u202f000", -1000),
    ],
)
def test_both_decimal_signs(written, value):
    assert parse_number(written) == value


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("100 %", 1),
        ("0%", 0),
        ("33,3 %", 0.333),
        ("0.7%", 0.007),
        ("150%", 1.5),
        ("-5 %", -0.05),
        ("28,5%", 0.285),
    ],
)
def test_percents_are_shares_without_binary_noise(written, share):
    assert parse_number(written) == share  # exactly: 28,5 × 0.01 alone would be 0.28500000000000003


@pytest.mark.parametrize("unit", ["t", "T", "t/an", "t/year", "tonne", "tonnes", " t", "\u00a0t/an"])
def test_a_tonnage_may_carry_its_unit(unit):
    assert cell(f"1 234,5{unit}", QUANTITY) == (1234.5, "")


@pytest.mark.parametrize(
    ("written", "where"),
    [("12,5 ETP", "activities.jobs_fte"), ("3 fte", "activities.jobs_fte"), ("10\u202f952 €", "funding.amount_eur"),
     ("10 952 euros", "funding.amount_eur"), ("69 €/t", "markets.price_eur_per_t")],
)  # fmt: skip
def test_units_of_other_columns(written, where):
    value, code = cell(written, where)
    assert code == ""
    assert value in (12.5, 3, 10952, 69)


@pytest.mark.parametrize(
    "rough",
    ["env. 300", "environ 300", "~300", "≈ 300", "300 environ", "> 300", "<300", "300 à 400", "300-400", "300/400",
     "300 ou 400", "300 ?", "300?", "plus de 300", "quelques tonnes", "une centaine", "±300", "300 +", "x300"],
)  # fmt: skip
def test_what_is_rough_is_refused_and_not_trimmed(rough):
    assert cell(rough, QUANTITY) == (None, "not_a_number")


@pytest.mark.parametrize(
    "odd",
    ["1,234,567", "1.234.567", "1,2.3,4", "--5", "5-", "(5)", "1e", "e5", "0x10", "1_000", "1'234", "½", "²", "%",
     "12%%", "t", ",", ".", "-", "1e400", "NaN", "Infinity", "1 234 kg", "12 lieues", "=A1+1", "1:2"],
)  # fmt: skip
def test_what_no_rule_reads_is_refused(odd):
    assert refused(odd)


@pytest.mark.parametrize("odd", [True, False, np.bool_(True), None, math.inf, -math.inf, [1], {}, object()])
def test_things_that_are_no_number(odd):
    assert refused(odd)


@pytest.mark.parametrize("same", [5, 5.0, np.int64(5), np.float32(5), Decimal("5"), "5"])
def test_numbers_of_every_make(same):
    assert parse_number(same) == 5
    assert isinstance(parse_number(same), float)


def test_a_percentage_is_a_share_and_only_a_share():
    for where in ("flows.share", "flows.uncertainty_share", "markets.uncertainty_share"):
        assert cell("12 %", where) == (0.12, "")
    for where in (QUANTITY, "activities.jobs_fte", "funding.amount_eur", "stages.rank", "actors.latitude"):
        assert cell("12 %", where) == (None, "percentage")
    assert cell("env. 12 %", "flows.share") == (None, "not_a_number")


@pytest.mark.parametrize(
    ("written", "value", "code"),
    [("3", 3, ""), ("3,0", 3, ""), (4.0, 4, ""), (-2, -2, ""), ("3,5", None, "not_an_integer"),
     (2.000001, None, "not_an_integer"), (1e16, None, "not_an_integer"), ("trois", None, "not_a_number"),
     (True, None, "not_a_number")],
)  # fmt: skip
def test_whole_numbers(written, value, code):
    assert cell(written, "stages.rank") == (value, code)


def test_nothing_is_not_zero():
    values = column([0, "0", "0,0", None, "", "?", "n.c.", float("nan")], QUANTITY)
    assert values.tolist()[:3] == [0, 0, 0]
    assert values.isna().tolist() == [False] * 3 + [True] * 5


def test_infinity_in_a_column_of_numbers_is_refused_alone():
    assert column([1.5, math.inf, -math.inf, 2.5], QUANTITY).isna().tolist() == [False, True, True, False]
    assert cell(math.inf, QUANTITY) == (None, "not_a_number")


def test_a_column_is_read_cell_by_cell():
    # what stands beside a cell does not change how it is read, nor does the dtype of the column
    cells = [12, "12", "12,5", 12.5, "env. 12", None, np.int64(7)]
    alone = [cell(one, QUANTITY)[0] for one in cells]
    together = [None if pd.isna(value) else value for value in column(cells, QUANTITY)]
    assert together == alone == [12, 12, 12.5, 12.5, None, None, 7]


@given(reasonable, st.integers(0, 6), st.sampled_from(["fr", "en"]))
@example(1234567.891, 3, "fr")
@example(-0.0001, 0, "en")
def test_what_is_written_in_either_language_is_read_back(value, digits, lang):
    # the English comma groups; where no decimal point follows, « 1,234 » alone would be a French decimal
    shown = number(value, lang, digits=max(digits, 1))
    assert abs(parse_number(shown) - value) <= 0.5 * 10.0 ** -max(digits, 1) + abs(value) * 1e-15
    assert number(parse_number(shown), lang, digits=max(digits, 1)) == shown  # format → parse → format


@given(st.integers(0, 10_000))
def test_a_percentage_with_two_decimals_is_read_back_exactly(hundredths):
    share = hundredths / 10_000
    for lang in ("fr", "en"):
        assert parse_number(percent(share, lang, digits=2)) == pytest.approx(share, abs=1e-15)


@given(st.floats(min_value=-1e7, max_value=1e7))
def test_a_quantity_with_its_unit_is_read_back(value):
    assert parse_number(quantity(value, "t", digits=2)) == pytest.approx(value, abs=0.005001)


@given(finite)
def test_a_number_typed_in_full_is_that_number_to_the_last_bit(value):
    assert parse_number(repr(value)) == value
    assert parse_number(repr(value).replace(".", ",")) == value
    assert parse_number(value) == value


@given(st.lists(st.one_of(st.none(), finite, st.integers(-(10**15), 10**15)), max_size=8))
def test_a_column_of_numbers_keeps_them_all(numbers):
    values = column(numbers, QUANTITY)
    assert values.dtype == "float64"
    assert [None if pd.isna(value) else value for value in values] == numbers
    pd.testing.assert_series_equal(column(values.tolist(), QUANTITY), values)  # reading again changes nothing


@given(st.text(alphabet="0123456789.,- \u00a0\u202f%te€+", max_size=12))
def test_a_text_of_digits_keeps_its_digits_or_is_refused(text):
    """Nothing is cut off: the number that was read has every digit of the text, in its order."""
    try:
        value = parse_number(text)
    except ValueError:
        return
    if "e" in text or "%" in text:
        assert math.isfinite(value)
        return
    typed = "".join(char for char in text if char.isdigit())
    assert Decimal(typed) == abs(Decimal(repr(value))) * 10 ** _decimals(text)


def _decimals(text):
    """Count the digits after the last decimal sign."""
    place = max(text.rfind(","), text.rfind("."))
    return sum(char.isdigit() for char in text[place:]) if place >= 0 else 0
