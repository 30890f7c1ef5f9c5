"""Agreements against a plain loop over months, with all that may stand in a row; the diagnosis against the functions."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, datasets, diagnose, insertion
from chaine_valeur.language import LANGUAGES
from tests.insertion.agreements_of import STRUCTURES, with_agreements
from tests.insertion.programme import measure, plain

#: Hours of one FTE as their sources give them, outside and in prison; nobody tells those of an ETTI in prison.
HOURS = {
    "ACI_DC": 1820,
    "AI_DC": 1607,
    "EI_DC": 1505,
    "ETTI_DC": 1600,
    "EITI_DC": 1505,
    "ACI_MP": 1820,
    "EI_MP": 1505,
}
#: First month of the aid per post.
SINCE = {
    "ACI_DC": (2014, 7),
    "AI_DC": (2014, 7),
    "ETTI_DC": (2014, 1),
    "EITI_DC": (2019, 1),
    "EI_DC": (1999, 2),
}
FIRST_YEAR = 2013
SIAE = {"ACI", "EI", "ETTI", "AI", "EITI"}

month = st.integers(0, 35)  # of 2013 to 2015
rows_ = st.lists(
    st.fixed_dictionaries(
        {
            "actor_id": st.sampled_from(["chantier", "interim", "atelier", "amicale", "fini"]),
            "kind": st.sampled_from([None, None, "ACI", "EI", "ESAT"]),
            "in_prison": st.sampled_from([None, False, True]),
            "first": st.one_of(st.none(), month, month),
            "last": st.one_of(st.none(), month, month),
            "year": st.sampled_from([None, None, 2013, 2014, 2015]),
            "agreed_fte": st.sampled_from([None, 0.0, 4.0]),
            "hours_worked": st.sampled_from([None, 0.0, 7280.0]),
            "hours_per_fte": st.sampled_from([None, None, 1456.0]),
            "aid_eur_per_fte": st.sampled_from([None, 12_000.0]),
            "cofinanced_share": st.sampled_from([None, 0.0, 0.25]),
        }
    ),
    min_size=1,
    max_size=7,
)


def written(row: dict[str, Any], place: int) -> dict[str, Any]:
    def day(number: int | None, of_month: int) -> str | None:
        return None if number is None else f"{FIRST_YEAR + number // 12}-{number % 12 + 1:02d}-{of_month:02d}"

    rest = {name: value for name, value in row.items() if name not in ("first", "last")}
    # any day of a month stands for the month
    return {
        "agreement_id": f"a{place}",
        "starts_on": day(row["first"], 17),
        "ends_on": day(row["last"], 3),
        **rest,
    }


def calendar(row: dict[str, Any], year: int) -> tuple[list[tuple[int, int]], bool]:
    """Return the months of an agreement as (year, month), and whether its dates go backwards."""

    def of(number: int) -> tuple[int, int]:
        return FIRST_YEAR + number // 12, number % 12 + 1

    first, last, stated = row["first"], row["last"], row["year"]
    if first is None and last is None:
        return [(stated or year, one) for one in range(1, 13)], False
    begin = of(first) if first is not None else (min(of(last)[0], stated or 9999), 1)
    end = of(last) if last is not None else (max(of(first)[0], stated or 0), 12)
    found, (y, m) = [], begin
    while (y, m) <= end:
        found.append((y, m))
        y, m = (y, m + 1) if m < 12 else (y + 1, 1)
    return found, not found


def refereed(row: dict[str, Any], year: int) -> dict[str, Any] | None:
    """Return what one row comes to in one year; ``None`` where it does not count."""
    kind = row["kind"] or STRUCTURES[row["actor_id"]]
    if kind not in SIAE or row["actor_id"] == "fini":
        return None
    months, backwards = calendar(row, year)
    here = [one for one in months if one[0] == year]
    undated = row["first"] is None and row["last"] is None
    if row["year"] is not None:
        if row["year"] != year:
            return None
    elif not undated and not here:
        begins = FIRST_YEAR + row["first"] // 12 if row["first"] is not None else None
        if not (backwards and begins == year):
            return None
    measure_ = f"{kind}_{'MP' if row['in_prison'] else 'DC'}"
    whole = row["year"] is not None or undated
    share = 1.0 if whole else len(here) / len(months) if here else math.nan
    hours = math.nan if row["hours_worked"] is None else row["hours_worked"] * share
    per_fte = row["hours_per_fte"] or HOURS.get(measure_, math.nan)
    paid = [one for one in here if one >= SINCE.get(measure_, (0, 0))]
    agreed, amount, part = row["agreed_fte"], row["aid_eur_per_fte"], row["cofinanced_share"]
    why = ""
    if here and not paid:
        why = "funded_otherwise"
    elif not here:
        why = "no_months"
    elif agreed is None:
        why = "no_fte"
    elif amount is None:
        why = "no_amount"
    aid = math.nan if why else sum(agreed * amount / 12 for _ in paid)
    return {
        "measure": measure_,
        "months": float(len(here)) if here else math.nan,
        "hours": hours,
        "hours_per_fte": per_fte,
        "done_fte": hours / per_fte,
        "agreed_fte_year": agreed * len(here) / 12 if here and agreed is not None else math.nan,
        "aid_months": float(len(paid)) if here else math.nan,
        "aid_unknown": why,
        "aid_eur": aid,
        "department_eur": math.nan if part is None else aid * part,
        "state_eur": math.nan if part is None else aid * (1 - part),
        "calendar": set(here),
    }


def total(values: Iterable[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return math.fsum(known) if known else math.nan


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows_, st.sampled_from([2013, 2014, 2015]))
def test_every_column_is_that_of_a_loop_over_months(rows: list[dict[str, Any]], year: int) -> None:
    f = with_agreements(*(written(row, place) for place, row in enumerate(rows)), year=year)
    expected = {
        f"a{place}": {**one, "actor_id": row["actor_id"]}
        for place, row in enumerate(rows)
        if (one := refereed(row, year)) is not None
    }
    found = insertion.agreements_table(f)
    assert found.index.tolist() == list(expected)
    for name, one in expected.items():
        for column in ("measure", "aid_unknown"):
            assert found.at[name, column] == one[column], column
        for column in ("months", "hours", "hours_per_fte", "done_fte", "agreed_fte_year", "aid_months", "aid_eur",
                       "state_eur", "department_eur"):  # fmt: skip
            assert found.at[name, column] == pytest.approx(one[column], nan_ok=True), (name, column)
        others = [
            each["calendar"]
            for other, each in expected.items()
            if other != name and (each["actor_id"], each["measure"]) == (one["actor_id"], one["measure"])
        ]
        assert found.at[name, "is_overlapping"] == any(one["calendar"] & each for each in others), name
    done = [one["done_fte"] for one in expected.values()]
    assert insertion.fte_done(f) == pytest.approx(total(done), nan_ok=True)
    both = [one for one in expected.values() if not math.isnan(one["done_fte"] + one["agreed_fte_year"])]
    agreed = total(one["agreed_fte_year"] for one in both)
    use = total(one["done_fte"] for one in both) / agreed if agreed > 0 else math.nan
    assert insertion.agreement_use(f) == pytest.approx(use, nan_ok=True)
    for payer, column in ((None, "aid_eur"), ("state", "state_eur"), ("department", "department_eur")):
        paid = total(one[column] for one in expected.values())
        assert insertion.planned_aid(f, payer=payer) == pytest.approx(paid, nan_ok=True)
    agree_with_the_functions(f)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows_)
def test_the_years_of_a_dated_agreement_add_up(rows: list[dict[str, Any]]) -> None:
    """Hours and aid of 2013 to 2015 are those of the agreement, where no row states its year and all are dated."""
    dated = [{**row, "year": None} for row in rows if None not in (row["first"], row["last"])]
    f = with_agreements(*(written(row, place) for place, row in enumerate(dated)))
    years = [insertion.agreements_table(f.at(year)) for year in (2013, 2014, 2015)]
    for place, row in enumerate(dated):
        if refereed(row, FIRST_YEAR + row["first"] // 12) is None or row["last"] < row["first"]:
            continue
        parts = [year.loc[f"a{place}"] for year in years if f"a{place}" in year.index]
        assert sum(part["months"] for part in parts) == row["last"] - row["first"] + 1
        if row["hours_worked"] is not None:
            assert sum(part["hours"] for part in parts) == pytest.approx(row["hours_worked"])


# -- overlaps ---------------------------------------------------------------------------------------------


def test_an_agreement_of_no_month_shares_none() -> None:
    """Dates that go backwards, or are of another year than the row states, hold no month of which to share."""
    rows = insertion.agreements_table(
        with_agreements(
            {"agreement_id": "whole", "year": 2024, "starts_on": "2024-01-01", "ends_on": "2024-12-31"},
            {"agreement_id": "back", "year": 2024, "starts_on": "2024-09-01", "ends_on": "2024-03-31"},
            {"agreement_id": "past", "year": 2024, "starts_on": "2022-01-01", "ends_on": "2022-12-31"},
        )
    )
    assert rows["months"].tolist() == [
        12,
        pytest.approx(math.nan, nan_ok=True),
        pytest.approx(math.nan, nan_ok=True),
    ]
    assert not rows["is_overlapping"].any()


def test_months_shared_in_another_year_are_not_those_of_the_figures() -> None:
    f = with_agreements(
        {"agreement_id": "a", "starts_on": "2023-06-01", "ends_on": "2024-03-31"},
        {"agreement_id": "b", "starts_on": "2023-01-01", "ends_on": "2023-12-31"},
        {"agreement_id": "c", "starts_on": "2024-04-01", "ends_on": "2024-12-31"},
    )
    assert insertion.agreements_table(f.at(2023))["is_overlapping"].to_dict() == {"a": True, "b": True}
    assert insertion.agreements_table(f.at(2024))["is_overlapping"].to_dict() == {"a": False, "c": False}


def test_a_day_within_a_month_is_the_month() -> None:
    """One ends on 10 June, the next begins on 11 June: June is in both, as both count it whole."""
    rows = insertion.agreements_table(
        with_agreements(
            {"starts_on": "2024-01-01", "ends_on": "2024-06-10", "agreed_fte": 12},
            {"starts_on": "2024-06-11", "ends_on": "2024-12-31", "agreed_fte": 12},
        )
    )
    assert rows["months"].tolist() == [6, 7] and rows["is_overlapping"].all()
    assert rows["agreed_fte_year"].sum() == 13  # 12 · 13/12: counted twice, and told


# -- the diagnosis and the functions -----------------------------------------------------------------------

PLAIN = {
    "G1": insertion.fte_done,
    "G2": insertion.agreement_use,
    "G3": insertion.planned_aid,
    "G4": insertion.cost_per_post,
    "G5": insertion.leverage,
    "G6": insertion.positive_exits,
    "G7": insertion.lasting_exits,
    "G8": insertion.supervision_ratio,
    "G9": insertion.target_reached,
}


def agree_with_the_functions(f: Filiere) -> None:
    """Assert that each measure has the value of its function (unless few people hide it), within its bounds."""
    for identifier, function in PLAIN.items():
        found, value = measure(identifier, f, lang="en"), function(f)
        if identifier in ("G6", "G7") and math.isnan(found.value) and not math.isnan(value):
            assert "not shown" in found.note.lower() and found.rows == {}
            continue
        assert found.value == pytest.approx(value, nan_ok=True), identifier
        if math.isnan(value):
            continue
        assert math.isnan(found.low) or found.low <= value * (1 + 1e-12), identifier
        assert math.isnan(found.high) or found.high >= value * (1 - 1e-12), identifier
        if not any(map(math.isnan, (found.numerator, found.denominator))):
            assert found.numerator / found.denominator == pytest.approx(value), identifier
        assert found.n_unknown == 0 or math.isnan(found.high) or found.high >= value


@pytest.mark.parametrize("name", ["exemple_complet", "textiles_usages"])
def test_the_examples(name: str) -> None:
    f = datasets.load(name)
    agree_with_the_functions(f)
    table = diagnose(f, lang="en", checks=[], indicators=list(PLAIN), profile="expert").indicators
    values = table.set_index("indicator_id")["value"] if "indicator_id" in table else table["value"]
    for identifier in PLAIN:
        assert values[identifier] == pytest.approx(measure(identifier, f).value, nan_ok=True)


def test_the_tables_add_up_to_the_indicators() -> None:
    f = datasets.load("exemple_complet")
    rows = insertion.agreements_table(f)
    assert rows["done_fte"].sum() == pytest.approx(insertion.fte_done(f))
    assert rows["aid_eur"].sum() == pytest.approx(insertion.planned_aid(f))
    both = rows.dropna(subset=["done_fte", "agreed_fte_year"])
    assert both["done_fte"].sum() / both["agreed_fte_year"].sum() == pytest.approx(insertion.agreement_use(f))
    exits = insertion.exits_table(f).dropna(subset=["exits", "dynamic_exits"])
    assert exits["dynamic_exits"].sum() / exits["exits"].sum() == pytest.approx(insertion.positive_exits(f))
    jobs = insertion.supervision_table(f)
    jobs = jobs[jobs["n_unknown"] == 0]
    assert jobs["supervision_fte"].sum() / jobs["insertion_fte"].sum() == pytest.approx(
        insertion.supervision_ratio(f)
    )


def test_the_headcount_is_what_the_schema_says_it_is() -> None:
    """6 in each of the 6 months: 3 FTE of the year, and an aid of 6 monthly twelfths of each."""
    from chaine_valeur.schema import table

    column = table("agreements")["agreed_fte"]
    assert "each month" in column.meaning("en") and "chaque mois" in column.meaning("fr")
    row = {"starts_on": "2024-01-01", "ends_on": "2024-06-30", "agreed_fte": 6, "aid_eur_per_fte": 12_000}
    (found,) = insertion.agreements_table(with_agreements(row)).to_dict("records")
    assert (found["agreed_fte"], found["agreed_fte_year"]) == (6, 3)
    assert found["aid_eur"] == 6 * 12_000 / 12 * 6


# -- what is said -------------------------------------------------------------------------------------------

CASES = {
    "nothing": with_agreements(),
    "no siae": with_agreements({"actor_id": "atelier", "year": 2024}, {"actor_id": "amicale", "year": 2024}),
    "prison": with_agreements({"year": 2024, "in_prison": True, "hours_worked": 910, "agreed_fte": 1}),
    "long ago": with_agreements({"year": 2012, "agreed_fte": 2, "aid_eur_per_fte": 19_000}),
    "few": with_agreements({"year": 2024, "exits": 3, "lasting_exits": 1, "transition_exits": 0, "positive_exits": 1}),
    "no year": with_agreements({"agreed_fte": 2, "hours_worked": 1820}),
    "several": with_agreements(
        {"starts_on": "2014-01-01", "ends_on": "2014-12-31", "agreed_fte": 2, "aid_eur_per_fte": 1, "hours_worked": 9},
        {"starts_on": "2014-05-01", "ends_on": "2014-12-31", "exits": 9, "lasting_exits": 2},
        {"actor_id": "geiq", "year": 2014},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_is_whole_and_set_as_its_language_wants(case: str, lang: str) -> None:
    f = CASES[case]
    told = [measure(identifier, f, lang=lang).note for identifier in PLAIN]
    told += [finding.message for check in insertion.CHECKS for finding in check(f, lang=lang)]
    for text in filter(None, told):
        assert text.endswith(".") and "  " not in text and not re.search(r"[{}]|\bnan\b", text), text
        if lang == "fr":
            assert "'" not in text and " ;" not in text and " :" not in text and " %" not in text, text
            assert "agreement" not in text and "known" not in text, text
        else:
            assert "convention" not in plain(text) and "connu" not in plain(text), text


@pytest.mark.parametrize("identifier", ["G1", "G2", "G3", "G6", "G7", "G8"])
def test_the_two_languages_tell_the_same_figures(identifier: str) -> None:
    for f in CASES.values():
        one, other = measure(identifier, f, lang="fr"), measure(identifier, f, lang="en")
        numbers = [np.array([m.value, m.low, m.high, m.numerator, m.denominator]) for m in (one, other)]
        np.testing.assert_array_equal(numbers[0], numbers[1])
        assert (one.n_unknown, one.rows, one.scope) == (other.n_unknown, other.rows, other.scope)


def test_a_long_table_in_any_order() -> None:
    """Two hundred agreements, shuffled: the same figures of each, and the same sums."""
    rng = np.random.default_rng(5)
    rows = [
        {"agreement_id": f"a{n:03d}", "actor_id": str(rng.choice(list(STRUCTURES))), "year": 2024,
         "agreed_fte": float(rng.integers(1, 9)), "hours_worked": float(rng.integers(0, 9000)),
         "starts_on": f"2024-{rng.integers(1, 7):02d}-01", "ends_on": f"2024-{rng.integers(7, 13):02d}-15"}
        for n in range(200)
    ]  # fmt: skip
    first = insertion.agreements_table(with_agreements(*rows))
    other = insertion.agreements_table(with_agreements(*(rows[n] for n in rng.permutation(200))))
    pd.testing.assert_frame_equal(first, other.reindex(first.index))
    assert first["is_overlapping"].all()  # of each structure there are many
