"""From a cell as somebody typed it to a value, or to a refusal."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaine_valeur import schema
from chaine_valeur.language import number
from chaine_valeur.parse import parse_column, parse_number, siret_valid


def parse(cell, table, column):
    """Return value and code of one cell."""
    parsed = parse_column(pd.Series([cell], dtype=object), schema.table(table)[column])
    value = parsed.values.iat[0]
    return (None if pd.isna(value) else value), parsed.codes.iat[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,5", 1234.5),
        ("1\u202f234,5", 1234.5),
        ("1\u00a0234", 1234),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("12 %", 0.12),
        ("0,5%", 0.005),
        ("-3", -3),
        ("\u22123", -3),
        ("1e3", 1000),
        ("300 t", 300),
        ("300t/an", 300),
        ("69 €/t", 69),
        (",5", 0.5),
        (7, 7),
        (np.float64(2.5), 2.5),
    ],
)
def test_numbers(text, value):
    assert parse_number(text) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "env. 300",
        "300 à 400",
        "~300",
        "",
        "inf",
        "nan",
        "1 2 3 balles",
        True,
        "07/09/2024",
        "1e999",
        float("inf"),
    ],
)
def test_what_is_no_number(text):
    with pytest.raises(ValueError):
        parse_number(text)


@given(st.floats(min_value=-1e9, max_value=1e9, allow_nan=False))
def test_a_number_that_we_write_is_a_number_that_we_read(value):
    shown = number(value, "fr", digits=3)
    assert parse_number(shown) == pytest.approx(value, abs=0.0005001)


@pytest.mark.parametrize(
    "word", ["", " ", "?", "n.c.", "NC", "inconnu", "Non renseigné", "-", "—", None, float("nan"), pd.NA]
)
def test_people_have_many_words_for_unknown(word):
    assert parse(word, "flows", "quantity_t_per_year") == (None, "")
    assert parse(word, "flows", "year") == (None, "")
    assert parse(word, "actors", "surveyed_on") == (None, "")


def test_a_name_is_text_even_if_it_looks_like_nothing():
    assert parse("?", "actors", "name") == ("?", "")
    assert parse("NC", "actors", "name") == ("NC", "")
    assert parse(276.0, "actors", "name") == ("276", "")
    assert parse("  Étang \ufeff", "actors", "name") == ("Étang", "")
    assert parse("E\u0301tang", "actors", "name") == ("Étang", "")
    assert parse(datetime(2024, 1, 2), "actors", "name") == ("2024-01-02", "")


def test_true_is_not_one():
    parsed = parse_column(
        pd.Series([True, 1, 1.0, "1"], dtype=object), schema.table("flows")["quantity_t_per_year"]
    )
    assert list(parsed.codes) == ["not_a_number", "", "", ""]
    assert parsed.values.isna().tolist() == [True, False, False, False]


@pytest.mark.parametrize(
    ("cell", "day", "code"),
    [
        ("12/03/2024", "2024-03-12", ""),
        ("2024-03-12", "2024-03-12", ""),
        ("2024-03-12 00:00:00", "2024-03-12", ""),
        ("12.3.2024", "2024-03-12", ""),
        ("12 mars 2024", "2024-03-12", ""),
        ("1er avril 2021", "2021-04-01", ""),
        ("12 March 2024", "2024-03-12", ""),
        (datetime(2024, 5, 6, 10, 30), "2024-05-06 10:30", ""),
        (date(2024, 5, 6), "2024-05-06", ""),
        ("mars 2024", "2024-03-01", "approximate_date"),
        (2024.0, "2024-01-01", "approximate_date"),
        ("31/02/2020", None, "not_a_date"),
        ("bientôt", None, "not_a_date"),
        (45363.0, None, "not_a_date"),
    ],
)
def test_dates(cell, day, code):
    value, found = parse(cell, "actors", "surveyed_on")
    assert found == code
    assert value == (None if day is None else pd.Timestamp(day))


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [(2020.0, 2020, ""), ("2020", 2020, ""), (datetime(2021, 5, 6), 2021, ""), ("12/03/2019", 2019, ""),
     ("20", None, "not_a_year"), ("2020-2021", None, "not_a_year"), (2020.5, None, "not_a_year")],
)  # fmt: skip
def test_years(cell, value, code):
    assert parse(cell, "flows", "year") == (value, code)


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [("Oui", True, ""), ("x", True, ""), (1.0, True, ""), (True, True, ""), ("NON", False, ""),
     (0, False, ""),
     ("peut-être", None, "not_yes_or_no"), (2, None, "not_yes_or_no")],
)  # fmt: skip
def test_yes_and_no(cell, value, code):
    assert parse(cell, "stages", "required") == (value, code)


def test_terms():
    assert parse("Chantier d'insertion", "actors", "structure_kind") == ("ACI", "")
    assert parse("chantier", "actors", "structure_kind") == (None, "unknown_term")
    assert parse("Acheteur ; fournisseurs;Acheteur", "actors", "roles") == ("buyer;supplier", "")
    # what is understood is kept, what is not is said
    assert parse("Acheteur; zorg", "actors", "roles") == ("buyer", "unknown_term")
    assert parse("zorg", "actors", "roles") == (None, "unknown_term")
    assert parse("22.21Z; 38.32Z", "stages", "naf") == ("22.21Z;38.32Z", "")


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("732 829 320 00074", "73282932000074", ""),
        (73282932000074.0, "73282932000074", ""),
        ("73282932000075", "73282932000075", "siret_checksum"),
        ("123", None, "siret_form"),
        ("7328293200007A", None, "siret_form"),
        ("²3282932000074", None, "siret_form"),
        # La Poste: the Luhn key fails, the sum of the digits is a multiple of 5
        ("35600000000048", "35600000000048", ""),
        ("35600000049837", "35600000049837", ""),
    ],
)
def test_sirets(cell, value, code):
    assert parse(cell, "actors", "siret") == (value, code)


def test_a_siret_whose_zeros_were_eaten_is_repaired():
    valid = next(
        f"0{number:013d}" for number in range(1234567890123, 1234567891123) if siret_valid(f"0{number:013d}")
    )
    assert parse(valid[1:], "actors", "siret") == (valid, "eaten_zeros")


def test_communes_and_naf():
    assert parse("76384", "actors", "commune_code") == ("76384", "")
    assert parse(1001.0, "actors", "commune_code") == ("01001", "eaten_zeros")
    assert parse("2a004", "actors", "commune_code") == ("2A004", "")
    assert parse("Lillebonne", "actors", "commune_code") == (None, "commune_form")
    assert parse("2221Z", "actors", "naf") == ("22.21Z", "")
    assert parse("111Z", "actors", "naf") == ("01.11Z", "eaten_zeros")
    assert parse("plasturgie", "actors", "naf") == (None, "naf_form")


def test_the_index_and_the_dtype_are_kept():
    cells = pd.Series(["12", None, "abc"], index=[7, 3, 5], dtype=object)
    parsed = parse_column(cells, schema.table("flows")["quantity_t_per_year"])
    assert list(parsed.values.index) == [7, 3, 5]
    assert parsed.values.dtype == "float64"
    assert parsed.codes.to_dict() == {7: "", 3: "", 5: "not_a_number"}
    assert parsed.values.loc[7] == 12


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.floats(allow_nan=True, allow_infinity=True),
            st.text(max_size=6),
            st.booleans(),
            st.integers(-5, 5),
        ),
        max_size=20,
    )
)
def test_no_cell_makes_a_parser_fail(cells):
    series = pd.Series(cells, dtype=object)
    for table, column in (("flows", "quantity_t_per_year"), ("flows", "year"), ("actors", "name"),
                          ("actors", "roles"), ("actors", "siret"), ("actors", "surveyed_on"),
                          ("actors", "commune_code"), ("actors", "naf"), ("stages", "required"),
                          ("stages", "rank"), ("actors", "pole")):  # fmt: skip
        parsed = parse_column(series, schema.table(table)[column])
        assert len(parsed.values) == len(parsed.codes) == len(series)


def test_a_percentage_is_no_tonnage():
    assert parse("12 %", "flows", "quantity_t_per_year") == (None, "percentage")
    assert parse("12 %", "flows", "share") == (0.12, "")
