"""Numbers and words as the reader expects them."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import language
from chaine_valeur.errors import UnknownNameError

NB, NNB = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("value", "digits", "french", "english"),
    [
        (45000.25, 1, f"45{NNB}000,3", "45,000.3"),  # half up: Babel alone gives 45 000,2
        (2.5, 0, "3", "3"),
        (-2.5, 0, "-3", "-3"),
        (0.285, 2, "0,29", "0.29"),  # the decimal that was typed, not its binary neighbour
        (10952.380952, None, f"10{NNB}952", "10,952"),
        (99.96, None, "100", "100"),
        (12.0, None, "12", "12"),
        (0.05, None, "0,05", "0.05"),
        (-0.0001, 0, "0", "0"),
        (float("nan"), None, "?", "?"),
        (None, None, "?", "?"),
        (float("inf"), None, "∞", "∞"),
    ],
)
def test_number(value, digits, french, english):
    assert language.number(value, "fr", digits=digits) == french
    assert language.number(value, "en", digits=digits) == english


@given(st.floats(min_value=-1e12, max_value=1e12), st.integers(0, 3))
def test_number_reads_back(value, digits):
    text = language.number(value, "en", digits=digits).replace(",", "")
    assert abs(float(text) - value) <= 0.5 * 10**-digits * (1 + 1e-9) + abs(value) * 1e-12


def test_percent_and_quantity():
    assert language.percent(0.7) == f"70{NB}%"
    assert language.percent(0.705, "en") == "71%"
    assert language.percent(float("nan")) == "?"
    assert language.quantity(1234.5, "t", digits=1) == f"1{NNB}234,5{NB}t"
    assert language.quantity(3, "") == "3"


@pytest.mark.parametrize("value", [1e27, 1e28, 1.5e30, -1e300])
def test_a_number_beyond_all_decimals_is_told_whole(value):
    assert language.number(value, "en").replace(",", "") == str(int(Decimal(repr(value))))
    assert language.number(value, "en", digits=2) == language.number(value, "en")


def test_small_numbers_are_told_as_such():
    assert language.out_of(7, 12) == "7 sur 12"
    assert language.out_of(15, 30) == f"50{NB}%"
    assert language.out_of(7, 12, small=10) == f"58{NB}%"
    assert language.out_of(0, 0) == "?"
    assert language.out_of(float("nan"), 3) == "?"


def test_plural_follows_the_language():
    words = ("{count} row set aside", "{count} rows set aside")
    assert language.trn(*words, 0, "fr") == "0 ligne mise de côté"
    assert language.trn(*words, 1.5, "fr") == "1,5 ligne mise de côté"
    assert language.trn(*words, 2, "fr") == "2 lignes mises de côté"
    assert language.trn(*words, 0, "en") == "0 rows set aside"
    assert language.trn(*words, 1, "en") == "1 row set aside"
    assert language.trn(*words, 1.5, "en") == "1.5 rows set aside"


def test_values_are_never_read_as_fields():
    assert language.tr("{count} rows", "en", count="{evil}") == "{evil} rows"
    assert language.tr("", "fr") == ""


def test_interval_date_enumeration():
    assert language.interval(40, 90, unit="t") == f"de 40 à 90{NB}t"
    assert language.interval(5, 5, "en", unit="t") == f"5{NB}t"
    assert language.date_text(date(2024, 9, 7)) == "7 septembre 2024"
    assert language.date_text(None) == "?"
    assert language.enumeration(["a"]) == "a"
    assert language.enumeration([]) == ""
    assert language.enumeration(["a", "b", "c"]) == "a, b et c"
    assert language.enumeration(list("abcde"), "en", limit=3) == "a, b, c and 2 others"


def test_unknown_language():
    with pytest.raises(UnknownNameError, match="de"):
        language.tr("x", "de")


@given(st.floats(-1e15, 1e15), st.sampled_from([0, 1, 2, 5]))
@settings(max_examples=25)
def test_numbers_are_written_as_babel_writes_them(value: float, digits: int) -> None:
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
    for lang in language.LANGUAGES:
        # never « -0 »
        expected = format_decimal(rounded if rounded else abs(rounded), format=pattern, locale=lang)
        assert language.number(value, lang, digits=digits) == expected
