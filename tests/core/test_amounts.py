"""Figures with a unit behind them: one rule for every column, and what is told of those refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaine_valeur.amounts import advice_on, parse_number, takes_percent
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
        ("beaucoup", "Write the figure alone; if it is rough, write it and choose “Estimated” under Confidence."),
        ("~ beaucoup", "Write the figure alone; if it is rough, write it and choose “Estimated” under Confidence."),
    ],
)  # fmt: skip
def test_what_to_write_instead(written, advice):
    assert advice_on(written, "t/year", lang="en") == advice


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
