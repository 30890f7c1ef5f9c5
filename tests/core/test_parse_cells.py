"""Dates, years, yes and no, terms, codes of the State: what each kind of column makes of a cell."""

from __future__ import annotations

import string
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from chaine_valeur import schema
from chaine_valeur.parse import (
    EXCEL_ERRORS,
    cell_text,
    empty_series,
    luhn_valid,
    parse_column,
    parse_free,
    siret_valid,
)
from chaine_valeur.vocabulary import VOCABULARIES, labels

from .reading import cell, column

DAY, YEAR, FLAG = "actors.surveyed_on", "flows.year", "stages.required"
#: one column of each type
EVERY_TYPE = {
    "id": "actors.actor_id", "text": "actors.name", "category": "actors.pole", "list": "actors.roles",
    "number": "flows.quantity_t_per_year", "share": "flows.share", "integer": "stages.rank", "year": YEAR,
    "boolean": FLAG, "date": DAY, "siret": "actors.siret", "naf": "actors.naf",
    "rome": "recruitment_needs.rome", "commune": "actors.commune_code",
}  # fmt: skip


def test_every_type_of_the_schema_is_covered_here():
    assert set(EVERY_TYPE) == {column.type for table in schema.tables().values() for column in table}
    assert all(schema.table(t)[c].type == kind for kind, (t, c) in
               ((kind, where.split(".")) for kind, where in EVERY_TYPE.items()))  # fmt: skip


@pytest.mark.parametrize(
    ("written", "day"),
    [("1/2/2024", "2024-02-01"), ("01-02-2024", "2024-02-01"), ("2024/02/01", "2024-02-01"),
     ("29/02/2024", "2024-02-29"), ("31 déc. 2023", "2023-12-31"), ("1ER AOÛT 2022", "2022-08-01"),
     ("5 Sept 2021", "2021-09-05"), ("5 february 2021", "2021-02-05"), (" 05.06.2021 ", "2021-06-05"),
     ("12/03/2024 14:30", "2024-03-12 14:30"), ("2024-03-12T14:30:15", "2024-03-12 14:30:15"),
     (pd.Timestamp("2024-03-12 14:30:15.4"), "2024-03-12 14:30:15"),
     (datetime.fromisoformat("2024-03-12T14:30:00+02:00"), "2024-03-12 14:30")],
)  # fmt: skip
def test_days_in_words_and_figures(written, day):
    assert cell(written, DAY) == (pd.Timestamp(day), "")


@pytest.mark.parametrize(
    ("written", "day"),
    [("12/03/24", "2024-03-12"), ("12/03/29", "2029-03-12"), ("12/03/30", "1930-03-12"), ("03/2024", "2024-03-01"),
     ("2024-03", "2024-03-01"), ("août 2023", "2023-08-01"), ("2024", "2024-01-01"), (2024, "2024-01-01")],
)  # fmt: skip
def test_what_had_to_be_guessed_of_a_day_is_said(written, day):
    assert cell(written, DAY) == (pd.Timestamp(day), "approximate_date")


@pytest.mark.parametrize(
    "written",
    ["29/02/2023", "31/04/2024", "00/01/2024", "12/13/2024", "2024-13-01", "13/2024", "12 mars", "lundi", "20240312",
     "le 12 mars 2024", "12/03/2024 25:00", "fin 2023", "T1 2024", 45363, 45363.5, True, "12/03/2024 - 14/03/2024"],
)  # fmt: skip
def test_what_is_no_day(written):
    assert cell(written, DAY) == (None, "not_a_date")


@given(st.datetimes(datetime(1850, 1, 1), datetime(2100, 1, 1)).map(lambda day: day.replace(microsecond=0)))
def test_a_day_is_read_back_from_every_way_of_writing_it(day):
    midnight = datetime(day.year, day.month, day.day)
    for written in (day, day.isoformat(), day.isoformat(" "), day.strftime("%d/%m/%Y %H:%M:%S")):
        assert cell(written, DAY) == (pd.Timestamp(day), "")
    for written in (midnight.date(), midnight.date().isoformat(), midnight.strftime("%d/%m/%Y"), midnight):
        assert cell(written, DAY) == (pd.Timestamp(midnight), "")
        assert cell(written, YEAR) == (day.year, "")


@pytest.mark.parametrize(
    ("written", "year"),
    [("1800", 1800), ("2200", 2200), (2024.0, 2024), ("2024,0", 2024), ("2 024", 2024), (date(2020, 1, 2), 2020),
     (pd.Timestamp("2019-12-31"), 2019), ("31/12/2019", 2019), (np.int64(1999), 1999)],
)  # fmt: skip
def test_years(written, year):
    assert cell(written, YEAR) == (year, "")


@pytest.mark.parametrize(
    "written",
    ["1799", "2201", 0, 20, "12/03/24", "mars 2024", "2023/24", "2024 ?", 2024.5, True, "MMXX", "20 %"],
)
def test_what_is_no_year(written):
    assert cell(written, YEAR) == (None, "not_a_year")


@pytest.mark.parametrize(
    "written", ["oui", "O", " Vrai ", "TRUE", "yes", "y", "x", "X", "1", 1, 1.0, "ok", True]
)
def test_yes(written):
    assert cell(written, FLAG) == (True, "")


@pytest.mark.parametrize("written", ["non", "N", "FAUX", "False", "no", "0", 0, 0.0, False, np.False_])
def test_no(written):
    assert cell(written, FLAG) == (False, "")


@pytest.mark.parametrize("written", ["peut-être", "oui/non", "2", 2, 0.5, "xx", "2024-01-01"])
def test_neither_yes_nor_no(written):
    assert cell(written, FLAG) == (None, "not_yes_or_no")


LISTS = [
    (f"{table.name}.{column.name}", column.vocabulary)
    for table in (*schema.tables().values(), *schema.shorthands().values())
    for column in table
    if column.terms is not None
]


@pytest.mark.parametrize(("where", "name"), LISTS, ids=[where for where, _ in LISTS])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_label_of_every_list_is_read_in_its_column(where, name, lang):
    known = labels(name, lang)
    assert column([f" {label.upper()} " for label in known.values()], where).tolist() == list(known)
    assert column(list(known), where).tolist() == list(known)  # the stored values too


def test_the_lists_are_those_that_columns_use():
    assert {name for _, name in LISTS} <= set(VOCABULARIES)
    assert len(LISTS) > 25


def test_cells_of_several_entries():
    assert cell("Acheteur ;Expert", "actors.roles") == ("buyer;expert", "")
    assert cell("Expert\nAcheteur", "actors.roles") == ("expert;buyer", "")  # Alt+Enter; the first is primary
    assert cell(["Acheteur", "Expert"], "actors.roles") == ("buyer;expert", "")
    assert cell("Acheteur ;; acheteurs ; buyer", "actors.roles") == ("buyer", "")
    assert cell("Acheteur, expert", "actors.roles") == ("buyer;expert", "")  # each is a term by itself
    assert cell("Acheteur / Expert et acheteur", "actors.roles") == ("buyer;expert", "")
    assert cell("Acheteur, zorg", "actors.roles") == (None, "unknown_term")
    assert cell("Acheteur;zorg;Expert", "actors.roles") == ("buyer;expert", "unknown_term")
    assert cell("a , b ; c", "stages.siae_sectors") == ("a , b;c", "")  # a list without a vocabulary is free


@pytest.mark.parametrize(
    ("siret", "valid"),
    [
        ("73282932000074", True),
        ("73282932000075", False),
        ("7328293200007", False),  # one short
        ("732829320000740", False),  # one long
        ("7328293200007a", False),
        ("７３２８２９３２００００７４", False),  # full-width digits are no identifier
        # La Poste, SIREN 356 000 000: 3+5+6 = 14, so the last five digits have to bring it to a multiple of 5
        ("35600000000001", True),  # 14 + 1 = 15
        ("35600000000002", False),  # 16, and the Luhn key fails too
        ("35600000000048", True),  # the seat: 26 is no multiple of 5, the Luhn key holds
        ("35600000100001", False),  # 16
        ("35600000100004", True),  # 14 + 1 + 4 = 19 is none, the Luhn key holds
        ("35600001000001", False),  # another SIREN: the exception is not its
    ],
)
def test_keys_of_sirets(siret, valid):
    assert siret_valid(siret) is valid


def luhn_by_the_book(digits):
    """The textbook: double every second digit from the right, add the digits of what comes out."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(digits[::-1])]
    return sum(sum(map(int, str(number))) for number in doubled) % 10 == 0


@given(st.text(alphabet=string.digits, min_size=1, max_size=16))
def test_the_luhn_key(digits):
    assert luhn_valid(digits) == luhn_by_the_book(digits)
    # one digit mistyped is always noticed
    other = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    assert not (luhn_valid(digits) and luhn_valid(other))


@given(st.integers(0, 10**13 - 1), st.sampled_from(["", " ", "\u00a0", ".", "-"]))
def test_a_siret_is_read_however_it_is_grouped(number, blank):
    body = f"{number:013d}"
    assume(body[:9] != "356000000")
    siret = next(body + key for key in string.digits if luhn_by_the_book(body + key))
    grouped = blank.join([siret[:3], siret[3:6], siret[6:9], siret[9:]])
    assert cell(grouped, "actors.siret") == (siret, "")
    wrong = siret[:-1] + str((int(siret[-1]) + 1) % 10)
    assert cell(wrong, "actors.siret") == (wrong, "siret_checksum")  # kept: it may still join two files
    as_excel_has_it = float(siret)  # 15 significant digits: a SIRET survives as a number but for its zeros
    eaten = len(str(int(siret)))
    if 9 < eaten < 14:
        assert cell(as_excel_has_it, "actors.siret") == (siret, "eaten_zeros")
    elif eaten == 14:
        assert cell(as_excel_has_it, "actors.siret") == (siret, "")


@pytest.mark.parametrize(
    "written", ["732829320", "7,32829E+13", "SIRET", "FR73282932000074", "1234567890123", 12]
)
def test_what_is_no_siret(written):
    assert cell(written, "actors.siret") == (None, "siret_form")


@pytest.mark.parametrize(
    ("written", "code", "wrong"),
    [("76384", "76384", ""), (76384.0, "76384", ""), ("76 384", "76384", ""), ("01001", "01001", ""),
     ("1001", "01001", "eaten_zeros"), (1001, "01001", "eaten_zeros"), ("2a004", "2A004", ""), ("2B033", "2B033", ""),
     ("97411", "97411", ""), ("2C001", None, "commune_form"), ("763840", None, "commune_form"),
     ("384", None, "commune_form"), ("F-76384", None, "commune_form"), ("Le Havre", None, "commune_form")],
)  # fmt: skip
def test_codes_of_communes(written, code, wrong):
    assert cell(written, "actors.commune_code") == (code, wrong)


@pytest.mark.parametrize(
    ("written", "code", "wrong"),
    [("22.21Z", "22.21Z", ""), ("2221Z", "22.21Z", ""), ("22 21 z", "22.21Z", ""), ("01.11Z", "01.11Z", ""),
     ("1.11Z", "01.11Z", "eaten_zeros"), ("111z", "01.11Z", "eaten_zeros"), ("22.21", None, "naf_form"),
     (22.21, None, "naf_form"), ("22.211Z", None, "naf_form"), ("Z2221", None, "naf_form"),
     ("textile", None, "naf_form")],
)  # fmt: skip
def test_codes_of_activities(written, code, wrong):
    assert cell(written, "actors.naf") == (code, wrong)


@pytest.mark.parametrize(
    ("written", "code", "wrong"),
    [("K2304", "K2304", ""), (" k 2304 ", "K2304", ""), ("2304", None, "rome_form"), ("K23", None, "rome_form"),
     ("K23045", None, "rome_form"), ("KK304", None, "rome_form"), ("tri des déchets", None, "rome_form")],
)  # fmt: skip
def test_codes_of_occupations(written, code, wrong):
    assert cell(written, "recruitment_needs.rome") == (code, wrong)


@pytest.mark.parametrize("where", EVERY_TYPE.values(), ids=EVERY_TYPE)
def test_what_a_formula_left_is_said_in_every_kind_of_column(where):
    for left in sorted(EXCEL_ERRORS):
        assert cell(left, where) == (None, "excel_error")


@pytest.mark.parametrize(("kind", "where"), EVERY_TYPE.items(), ids=EVERY_TYPE)
def test_unknown_is_unknown_in_every_kind_of_column(kind, where):
    assert column([None, float("nan"), pd.NA, pd.NaT, "", "   "], where).isna().all()
    words = column(["?", "NC", "n.d.", "Non renseigné", "à préciser", "inconnue", "—"], where)
    assert words.notna().all() if kind in ("id", "text") else words.isna().all()


@pytest.mark.parametrize("where", EVERY_TYPE.values(), ids=EVERY_TYPE)
def test_a_column_without_cells_has_its_dtype(where):
    table, name = where.split(".")
    definition = schema.table(table)[name]
    read, blank = column([], where), empty_series(definition, 3)
    assert len(read) == 0
    assert blank.isna().tolist() == [True] * 3
    assert read.dtype == blank.dtype == column([None, None], where).dtype


anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12),
    st.dates(date(1800, 1, 1), date(2200, 12, 31)), st.datetimes(datetime(1800, 1, 1), datetime(2200, 12, 31)),
    st.sampled_from(["12/03/24", "12 %", "1 234,5", "Acheteur;zorg", "#N/A", "1er mai 2020", "2a004", "111Z", "x;y"]),
    st.lists(st.text(max_size=3), max_size=3),
)  # fmt: skip


@given(st.lists(anything, max_size=8), st.sampled_from(sorted(EVERY_TYPE.values())))
@example([datetime(1, 1, 1), datetime(9999, 12, 31), "9" * 400, "-" * 400, "\ud800", 10**300], DAY)
@example([10**300, -(10**300), 1e308, "1e308"], "stages.rank")
def test_no_cell_is_too_strange_and_reading_twice_changes_nothing(cells, where):
    table, name = where.split(".")
    definition = schema.table(table)[name]
    series = pd.Series(cells, dtype=object, index=range(5, 5 + len(cells)))
    before = list(series)
    parsed = parse_column(series, definition)
    assert list(parsed.values.index) == list(parsed.codes.index) == list(series.index)
    assert all(a is b for a, b in zip(series, before, strict=True))  # the argument is left alone
    again = parse_column(parsed.values.astype(object), definition)
    assume(not (parsed.values.astype(object) == "").any())
    assert again.values.equals(parsed.values)
    assert set(again.codes) <= {"", "siret_checksum", "excel_error"}
    # only what can be repaired is kept beside a code
    kept = parsed.codes[(parsed.codes != "") & parsed.values.notna()]
    assert set(kept) <= {"siret_checksum", "eaten_zeros", "approximate_date", "unknown_term"}


@given(st.lists(anything, max_size=8))
def test_a_column_of_ones_own_goes_in_and_comes_out_the_same(cells):
    once = parse_free(pd.Series(cells, dtype=object))
    assert parse_free(once).equals(once)
    assert parse_free(once.astype(object)).equals(once)


def test_columns_of_ones_own_have_one_dtype():
    assert parse_free(pd.Series([1, 2.5, None])).dtype == "float64"
    assert parse_free(pd.Series([True, None], dtype=object)).dtype == "boolean"
    assert parse_free(pd.Series([datetime(2024, 1, 2), None], dtype=object)).dtype == "datetime64[us]"
    assert parse_free(pd.Series([date(1850, 1, 2)], dtype=object)).tolist() == [
        "1850-01-02"
    ]  # Excel has no such day
    assert parse_free(pd.Series([1, "a", True], dtype=object)).tolist() == ["1", "a", "True"]
    assert parse_free(pd.Series([2**60], dtype=object)).tolist() == [str(2**60)]  # a float would round it


@given(st.text(max_size=20))
def test_text_is_clean_and_cleaning_it_again_changes_nothing(text):
    clean = cell_text(text)
    assert cell_text(clean) == clean
    assert clean.encode("utf-8").decode("utf-8") == clean  # no half of a character
    assert not {chr(code) for code in (*range(9), 11, 12, *range(14, 32), 127)} & set(clean)


def test_text_keeps_what_its_author_meant():
    assert cell_text("two\r\nlines\r") == "two\nlines"
    assert cell_text("  a  b ") == "a  b"  # blanks inside are the author's
    assert cell_text(1e15) == "1000000000000000"
    assert cell_text(2.5) == "2.5"
    assert cell_text(True) == "True"
    assert cell_text(datetime(2024, 1, 2, 3, 4)) == "2024-01-02 03:04:00"
    assert (
        cell_text("\x00=cmd\x07|' /C calc'!A0") == "=cmd|' /C calc'!A0"
    )  # the writers guard it, not the reader
