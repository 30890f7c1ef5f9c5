"""Figures with a unit behind them: one rule for every column, and what is told of those refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaine_valeur.amounts import advice_on, decimal_signs, parse_number, takes_percent, without_separator
from chaine_valeur.schema import tables, unit_names

from .reading import cell, read

EUROS = [column for table in tables().values() for column in table if column.unit.startswith("EUR")]


@pytest.mark.parametrize("column", EUROS, ids=lambda column: column.name)
def test_a_bare_euro_is_enough_in_every_column_of_euros(column):
    assert parse_number("23 300 €", unit=column.unit) == 23_300
    assert parse_number("23 300 euros", unit=column.unit) == 23_300
    assert parse_number("38 k€", unit=column.unit) == 38_000
    assert parse_number("1,2 M€", unit=column.unit) == 1_200_000  # exactly: the power of ten is an exponent


@pytest.mark.parametrize(
    ("written", "unit", "value"),
    [("8 000 €/t", "EUR/t", 8000), ("8 k€/t", "EUR/t", 8000), ("1,5 M€/an", "EUR/year", 1_500_000),
     ("23 300 €/ETP", "EUR/FTE", 23_300), ("2 k€/poste", "EUR/post", 2000), ("760 kEUR", "EUR", 760_000),
     ("12 personnes", "person", 12), ("1 personne", "person", 1), ("3 postes", "post", 3), ("1 poste", "post", 1),
     ("35 %", "t/t", 0.35), ("15%", "share", 0.15), ("-2,3 k€", "EUR", -2300)],
)  # fmt: skip
def test_units_are_spelled_in_many_ways(written, unit, value):
    assert parse_number(written, unit=unit) == value


@pytest.mark.parametrize(
    ("written", "unit"),
    [("70 000 €/an", "EUR"), ("8 000 €/an", "EUR/t"), ("300 €", "t/year"), ("38 k", "EUR"), ("38 kt", "t/year"),
     ("1,2 m€", "EUR"), ("k€", "EUR"), ("12 h", "FTE"), ("8 000 €/t", "EUR/year")],
)  # fmt: skip
def test_another_unit_is_refused(written, unit):
    with pytest.raises(ValueError, match=written.replace("€", ".")):
        parse_number(written, unit=unit)


def test_a_percentage_goes_where_there_is_no_dimension():
    assert {unit for unit in unit_names() if takes_percent(unit)} == {"share", "t/t", "ratio"}
    assert cell("35 %", "recipes.t_per_t") == (0.35, "")
    assert cell("35 %", "flows.quantity_t_per_year") == (None, "percentage")


@given(st.integers(0, 10**6), st.sampled_from([("k€", 3), ("M€", 6)]))
def test_thousands_and_millions_move_the_point(number, scale):
    assert parse_number(f"{number} {scale[0]}", unit="EUR") == number * 10 ** scale[1]


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("~ 40", "Write “40” alone, and choose “Estimated” under Confidence."),
        ("env. 22", "Write “22” alone, and choose “Estimated” under Confidence."),
        ("environ 1 700 t", "Write “1 700 t” alone, and choose “Estimated” under Confidence."),
        ("40 ?", "Write “40” alone, and choose “Estimated” under Confidence."),
        ("10 000 à 15 000", "These are two figures: write one, and choose “Estimated” under Confidence."),
        ("entre 10 et 15", "These are two figures: write one, and choose “Estimated” under Confidence."),
        ("300 kg", "The unit of this column is t/year: convert the figure, and write it alone."),
        ("1 80", "A space groups digits by three: if 180 is meant, write “180”."),
        ("12 50,5 t", "A space groups digits by three: if 1250,5 t is meant, write “1250,5 t”."),
        ("beaucoup", "Write the figure alone; if it is rough, write it and choose “Estimated” under Confidence."),
        ("~ beaucoup", "Write the figure alone; if it is rough, write it and choose “Estimated” under Confidence."),
    ],
)  # fmt: skip
def test_what_to_write_instead(written, advice):
    assert advice_on(written, "t/year", lang="en") == advice


@pytest.mark.parametrize(
    ("written", "unit", "digits"),
    [
        ("1.250", "t/year", "1250"), ("1,250 t", "t/year", "1250"), ("12.500 €", "EUR", "12500"),
        ("-1,250", "EUR/year", "-1250"), ("120.000 euros", "EUR", "120000"), ("1,125 ETP", "FTE", "1125"),
        # four digits or two, a leading zero, groups that are clear, thousands in letters: one reading only
        ("1.25", "t/year", ""), ("1,2500", "t/year", ""), ("1234,567", "t/year", ""), ("0,250", "t/year", ""),
        ("1.250,5", "t/year", ""), ("1 250", "t/year", ""), ("1.250.000,0", "EUR", ""), ("1,250 M€", "EUR", ""),
        ("1,250e3", "EUR", ""), ("1.250 ou plus", "share", ""),
        # a number of Excel is one; what is no quantity may well have three decimals
        (1.25, "t/year", ""), ("1,250", "t/t", ""), ("49.519", "degree", ""), ("1,125", "t/unit", ""),
    ],
)  # fmt: skip
def test_three_digits_behind_one_sign_may_be_thousands(written, unit, digits):
    assert without_separator(written, unit) == digits


def test_other_cells_show_which_sign_is_the_decimal_one():
    assert without_separator("1.234", "t/year", decimal_signs(["1.234", "310,5"])) == "1234"
    assert without_separator("1.234", "t/year", decimal_signs(["1.234", "310.5"])) == ""
    assert without_separator("1.234", "t/year", decimal_signs(["1.234", "5.678", None, 2.5])) == "1234"
    assert without_separator("1.234", "t/year", decimal_signs(["1.234", "0.125"])) == ""
    assert (
        without_separator("1,250", "t/year", decimal_signs(["310,5"])) == "1250"
    )  # who would write that last 0?


def test_what_may_be_thousands_keeps_its_value_and_is_told():
    f = read(
        actors={"name": ["A"]},
        flows={
            "source": ["A"] * 3,
            "year": [2018, 2019, 2020],
            "quantity_t_per_year": ["1,250 t", "2.000", 3.125],
        },
    )
    assert f.flows["quantity_t_per_year"].tolist() == [1.25, 2.0, 3.125]
    assert not f.unknown_cells
    told = f.problems[f.problems["code"] == "thousands_or_decimals"]
    assert told["row"].tolist() == [2, 3]
    assert told["message"].tolist() == [
        "«\u00a01,250 t\u00a0» est lu 1,25\u00a0: si c’est 1250, écrivez 1250.",
        "«\u00a02.000\u00a0» est lu 2\u00a0: si c’est 2000, écrivez 2000.",
    ]


OPTION = {"name": ["Un"], "kind": ["other"]}


@pytest.mark.parametrize(
    ("tables_", "end"),
    [
        ({"options": {**OPTION, "investment_eur": ["~ 40"]}}, "The cell counts as unknown."),
        ({"options": {**OPTION, "investment_eur": [-4]}}, "The cell counts as unknown."),
        # « units_max » is 1 where blank, « mandatory » no, « purpose » operating costs
        ({"options": {**OPTION, "units_max": ["six"]}}, "The cell counts as if it were blank: 1."),
        ({"options": {**OPTION, "mandatory": ["peut-être"]}}, "The cell counts as if it were blank: no."),
        ({"options": {**OPTION, "purpose": ["zorg"]}}, "The cell counts as if it were blank: Operating costs."),
        ({"actors": {"name": ["A"], "roles": ["buyer;dresseur"]}}, "The rest of the cell counts."),
    ],
)  # fmt: skip
def test_it_is_told_what_a_refused_cell_counts_as(tables_, end):
    f = read(lang="en", **{"actors": {"name": ["A"]}, **tables_})
    told = f.problems.loc[f.problems["severity"] == "error", "message"].tolist()
    assert len(told) == 1 and told[0].endswith(end)
