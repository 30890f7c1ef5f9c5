"""FTE worked (G1), use of agreements (G2), planned aid (G3): by hand, and against a loop over months."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, insertion
from chaine_valeur.errors import UnknownNameError
from tests.insertion.agreements_of import STRUCTURES, with_agreements

WHOLE = {"starts_on": "2024-01-01", "ends_on": "2024-12-31"}


def table(*rows: dict[str, Any], year: int | None = None) -> pd.DataFrame:
    return insertion.agreements_table(with_agreements(*rows, year=year))


# -- hours of an FTE ----------------------------------------------------------------------------------


def test_the_hours_of_an_fte_are_those_of_the_measure() -> None:
    hours = {"chantier": 1820, "relais": 1505, "interim": 1600, "association": 1607, "solo": 1505}
    rows = table(
        *({"actor_id": actor, "year": 2024, "hours_worked": 3 * one} for actor, one in hours.items())
    )
    assert rows["hours_per_fte"].tolist() == list(hours.values())
    assert rows["done_fte"].tolist() == [3.0] * 5
    assert rows["measure"].tolist() == [f"{STRUCTURES[actor]}_DC" for actor in hours]
    assert rows["hours_from"].tolist() == ["secondary"] * 4 + ["official"]


def test_the_hours_of_the_agreement_come_first() -> None:
    (row,) = table({"year": 2024, "hours_worked": 3200, "hours_per_fte": 1600}).to_dict("records")
    assert (row["done_fte"], row["hours_from"]) == (2.0, "agreement")


def test_prison_is_another_measure_and_is_not_verified() -> None:
    rows = table(
        {"year": 2024, "hours_worked": 1820, "in_prison": True},
        {"actor_id": "interim", "year": 2024, "hours_worked": 1600, "in_prison": True},
    )
    assert rows["measure"].tolist() == ["ACI_MP", "ETTI_MP"]
    assert rows["hours_from"].tolist() == ["unverified", ""]  # there is no ETTI_MP: its hours are not guessed
    assert rows["done_fte"].iloc[0] == 1.0 and math.isnan(rows["done_fte"].iloc[1])


def test_the_reference_is_dated() -> None:
    # ETTI: 1 820 hours until 30 June 2005, 1 600 from 1 July on
    rows = table(
        {"actor_id": "interim", "starts_on": "2005-01-01", "ends_on": "2005-06-30"},
        {"actor_id": "interim", "starts_on": "2005-07-01", "ends_on": "2005-12-31"},
    )
    assert rows["hours_per_fte"].tolist() == [1820.0, 1600.0]


def test_the_kind_of_a_row_comes_before_that_of_its_structure() -> None:
    rows = table({"kind": "EI", "year": 2024}, {"actor_id": "amicale", "kind": "ACI", "year": 2024})
    assert rows["measure"].tolist() == ["EI_DC", "ACI_DC"]


# -- which agreements count ---------------------------------------------------------------------------


def test_what_is_no_siae_is_left_out_and_counted() -> None:
    f = with_agreements(
        {"year": 2024, "hours_worked": 1820},
        {"actor_id": "atelier", "year": 2024, "hours_worked": 9000},
        {"actor_id": "geiq", "year": 2024, "hours_worked": 9000},
        {"actor_id": "amicale", "year": 2024, "hours_worked": 9000},  # a legal form: its measure is not known
        {"actor_id": "fini", "year": 2024, "hours_worked": 9000},  # closed
    )
    assert insertion.fte_done(f) == 1.0
    assert insertion.agreements_table(f)["actor_id"].tolist() == ["chantier"]


def test_without_a_year_the_latest_one_counts() -> None:
    f = with_agreements({"year": 2023, "hours_worked": 1820}, {"year": 2024, "hours_worked": 3640})
    assert insertion.fte_done(f) == 2.0
    assert insertion.fte_done(f.at(2023)) == 1.0
    assert math.isnan(insertion.fte_done(f.at(2020)))


def test_a_row_without_year_and_dates_holds_every_year() -> None:
    f = with_agreements({"hours_worked": 1820, "agreed_fte": 2})
    for seen in (f, f.at(2019)):
        assert insertion.fte_done(seen) == 1.0
        assert insertion.agreement_use(seen) == 0.5
    assert insertion.agreements_table(f)["year"].isna().all()
    assert insertion.agreements_table(f.at(2019))["year"].tolist() == [2019]


def test_the_latest_year_of_dates_alone_is_that_of_the_latest_beginning() -> None:
    rows = table(
        {"starts_on": "2022-01-01", "ends_on": "2022-12-31"},
        {"starts_on": "2024-07-01", "ends_on": "2025-06-30"},
    )
    assert rows["year"].tolist() == [2024]
    assert rows["months"].tolist() == [6.0]


# -- months -------------------------------------------------------------------------------------------


DATES: dict[tuple[str | None, str | None], int] = {
    ("2024-01-01", "2024-12-31"): 12,
    ("2024-03-01", "2024-12-31"): 10,
    ("2024-03-31", "2024-04-01"): 2,  # a month that is touched counts whole
    ("2024-05-10", "2024-05-12"): 1,
    ("2023-07-01", "2026-06-30"): 12,  # seen in 2024
    ("2024-09-01", None): 4,  # no end: until December
    (None, "2024-02-29"): 2,  # no beginning: from January
    (None, None): 12,
}


def test_months_are_whole_and_of_the_year() -> None:
    rows = table(
        *({"year": 2024, "starts_on": first, "ends_on": last, "agreed_fte": 6} for first, last in DATES)
    )
    assert rows["months"].tolist() == list(DATES.values())
    assert rows["agreed_fte_year"].tolist() == [6 * months / 12 for months in DATES.values()]


def test_figures_of_an_agreement_over_two_years_are_split_by_months() -> None:
    # October 2023 to June 2024: 9 months, 3 of them in 2023; 9 000 hours: 3 000 and 6 000
    row = {
        "starts_on": "2023-10-01",
        "ends_on": "2024-06-30",
        "hours_worked": 9000,
        "agreed_fte": 8,
        "hours_per_fte": 1500,
    }
    for year, hours, agreed in ((2023, 3000.0, 2.0), (2024, 6000.0, 4.0)):
        (found,) = table(row, year=year).to_dict("records")
        assert (found["hours"], found["agreed_fte_year"]) == (hours, agreed)
        assert found["use"] == (hours / 1500) / agreed
    assert table(row, year=2025).empty
    # a row that states its year gives figures of that year: nothing is split
    (stated,) = table({**row, "year": 2024}).to_dict("records")
    assert (stated["hours"], stated["months"]) == (9000.0, 6.0)


def test_dates_that_contradict_the_year_are_no_months() -> None:
    f = with_agreements(
        {
            "year": 2024,
            "starts_on": "2022-01-01",
            "ends_on": "2022-12-31",
            "hours_worked": 1820,
            "agreed_fte": 3,
        }
    )
    assert insertion.fte_done(f) == 1.0  # the hours are of the year that the row states
    assert math.isnan(insertion.agreement_use(f))
    assert insertion.agreements_table(f)["aid_unknown"].tolist() == ["no_months"]


def test_dates_that_go_backwards_are_told_and_not_lost() -> None:
    f = with_agreements(
        {"starts_on": "2024-06-01", "ends_on": "2024-01-31", "hours_worked": 1820, "agreed_fte": 3}
    )
    assert len(insertion.agreements_table(f)) == 1
    assert math.isnan(insertion.fte_done(f))


def test_agreements_of_one_structure_that_overlap_are_marked() -> None:
    rows = table(
        {"agreement_id": "a", "starts_on": "2024-01-01", "ends_on": "2024-06-30"},
        {"agreement_id": "b", "starts_on": "2024-06-15", "ends_on": "2024-09-30"},
        {"agreement_id": "c", "starts_on": "2024-10-01", "ends_on": "2024-12-31"},
        {
            "agreement_id": "d",
            "kind": "EI",
            "starts_on": "2024-01-01",
            "ends_on": "2024-12-31",
        },  # another measure
        {"agreement_id": "e", "actor_id": "relais", "starts_on": "2024-01-01", "ends_on": "2024-12-31"},
    )
    assert rows["is_overlapping"].to_dict() == {"a": True, "b": True, "c": False, "d": False, "e": False}


def test_a_long_agreement_overlaps_those_that_begin_long_after() -> None:
    rows = table(
        {"agreement_id": "long", "starts_on": "2024-01-01", "ends_on": "2024-12-31"},
        {"agreement_id": "short", "starts_on": "2024-02-01", "ends_on": "2024-02-29"},
        {"agreement_id": "late", "starts_on": "2024-11-01", "ends_on": "2024-11-30"},
    )
    assert rows["is_overlapping"].all()


# -- G1 and G2 ----------------------------------------------------------------------------------------


def test_fte_and_use_by_hand() -> None:
    # ACI 9 100 / 1 820 = 5 of 8 · 12/12; EI 4 515 / 1 505 = 3 of 4 · 6/12 = 2; a third one says no hours
    f = with_agreements(
        {**WHOLE, "agreed_fte": 8, "hours_worked": 9100},
        {
            "actor_id": "relais",
            "starts_on": "2024-07-01",
            "ends_on": "2024-12-31",
            "agreed_fte": 4,
            "hours_worked": 4515,
        },
        {"actor_id": "interim", **WHOLE, "agreed_fte": 100},
    )
    assert insertion.fte_done(f) == 8.0
    assert insertion.agreement_use(f) == 0.8  # 8 of 10
    rows = insertion.agreements_table(f)
    assert rows["use"].tolist()[:2] == [0.625, 1.5]
    assert rows["to_fill_fte"].tolist()[:2] == [3.0, 0.0]  # what was worked beyond is nothing to fill
    assert math.isnan(rows["to_fill_fte"].iloc[2])


def test_zero_hours_are_measured_and_unknown_ones_are_not() -> None:
    assert insertion.fte_done(with_agreements({"year": 2024, "hours_worked": 0})) == 0.0
    assert math.isnan(insertion.fte_done(with_agreements({"year": 2024})))
    assert insertion.agreement_use(with_agreements({"year": 2024, "hours_worked": 0, "agreed_fte": 2})) == 0.0
    # nothing agreed is nothing to divide by
    assert math.isnan(
        insertion.agreement_use(with_agreements({"year": 2024, "hours_worked": 9, "agreed_fte": 0}))
    )


@pytest.mark.parametrize("metric", [insertion.fte_done, insertion.agreement_use, insertion.planned_aid])
def test_without_agreements_nothing_is_known(metric: Any) -> None:
    assert math.isnan(metric(with_agreements()))
    assert math.isnan(metric(Filiere.from_tables(actors={"name": ["Relais"]})))
    assert math.isnan(
        metric(with_agreements({"actor_id": "atelier", "year": 2024, "hours_worked": 10, "agreed_fte": 1}))
    )


def test_the_table_has_the_same_columns_and_types_when_it_is_empty() -> None:
    empty, full = insertion.agreements_table(with_agreements()), table({"year": 2024})
    assert list(empty) == list(full) and (empty.dtypes == full.dtypes).all()
    assert empty.index.name == full.index.name == "agreement_id"


# -- G3 -----------------------------------------------------------------------------------------------


def test_planned_aid_by_hand() -> None:
    # 8 · 21 000 / 12 · 12 = 168 000, a quarter of the département; 3 · 12 000 / 12 · 5 = 15 000, payer not told
    f = with_agreements(
        {**WHOLE, "agreed_fte": 8, "aid_eur_per_fte": 21_000, "cofinanced_share": 0.25},
        {
            "actor_id": "relais",
            "starts_on": "2024-08-01",
            "ends_on": "2024-12-31",
            "agreed_fte": 3,
            "aid_eur_per_fte": 12_000,
        },
        {"actor_id": "interim", "year": 2024, "agreed_fte": 3},
    )
    assert insertion.planned_aid(f) == 183_000.0
    assert insertion.planned_aid(f, payer="state") == 126_000.0
    assert insertion.planned_aid(f, payer="department") == 42_000.0
    rows = insertion.agreements_table(f)
    assert rows["aid_eur"].tolist()[:2] == [168_000.0, 15_000.0]
    assert rows["state_eur"].isna().tolist() == [False, True, True]
    assert rows["aid_unknown"].tolist() == ["", "", "no_amount"]


def test_the_state_alone_pays_where_the_departement_pays_nothing() -> None:
    f = with_agreements({**WHOLE, "agreed_fte": 2, "aid_eur_per_fte": 10_000, "cofinanced_share": 0})
    assert (insertion.planned_aid(f, payer="state"), insertion.planned_aid(f, payer="department")) == (
        20_000.0,
        0.0,
    )


def test_before_its_aid_per_post_a_measure_was_funded_otherwise() -> None:
    aid = {"agreed_fte": 6, "aid_eur_per_fte": 20_000}
    before = with_agreements({"starts_on": "2013-01-01", "ends_on": "2013-12-31", **aid})
    assert math.isnan(insertion.planned_aid(before))  # unknown to this aid, not zero
    assert insertion.agreements_table(before)["aid_unknown"].tolist() == ["funded_otherwise"]
    assert insertion.agreements_table(before)["aid_months"].tolist() == [0.0]
    # the whole of 2014: the six months since July alone, 6 · 20 000 / 12 · 6
    astride = with_agreements({"starts_on": "2014-01-01", "ends_on": "2014-12-31", **aid})
    assert insertion.planned_aid(astride) == 60_000.0
    # an EI had its aid per post long before
    other = with_agreements({"actor_id": "relais", "starts_on": "2013-01-01", "ends_on": "2013-12-31", **aid})
    assert insertion.planned_aid(other) == 120_000.0


FIRST_MONTHS = {
    "chantier": "2014-07",
    "association": "2014-07",
    "interim": "2014-01",
    "solo": "2019-01",
    "relais": "1999-02",
}
MONTHS_BEFORE = {"2014-07": "2014-06", "2014-01": "2013-12", "2019-01": "2018-12", "1999-02": "1999-01"}


def test_the_first_month_of_the_aid_by_measure() -> None:
    of_one = {"agreed_fte": 12, "aid_eur_per_fte": 1}  # 12 posts at 1 € a year: 1 € a month
    rows: list[dict[str, Any]] = [
        {"actor_id": actor, "starts_on": f"{month}-01", "ends_on": f"{month}-28", **of_one}
        for actor, first in FIRST_MONTHS.items()
        for month in (MONTHS_BEFORE[first], first)
    ]
    f = with_agreements(*rows)
    years = sorted({int(month[:4]) for month in (*MONTHS_BEFORE, *MONTHS_BEFORE.values())})
    found = pd.concat([insertion.agreements_table(f.at(year)) for year in years])
    assert len(found) == 10
    earlier = found["aid_unknown"] == "funded_otherwise"
    assert found[earlier].groupby("actor_id").size().to_dict() == dict.fromkeys(FIRST_MONTHS, 1)
    assert found.loc[~earlier, "aid_eur"].tolist() == [1.0] * 5


def test_base_amounts_are_taken_only_on_request_and_marked() -> None:
    # ACI: 19 200 € from July 2014 until the next amount known, 19 897 € from January 2018
    rows: list[dict[str, Any]] = [
        {"year": 2016, "agreed_fte": 2},
        {"year": 2016, "agreed_fte": 2, "aid_eur_per_fte": 10_000, "actor_id": "relais"},
    ]
    f = with_agreements(*rows)
    assert insertion.planned_aid(f) == 20_000.0
    assert insertion.planned_aid(f, reference_amounts=True) == 58_400.0  # 2 · 19 200 more
    assert insertion.agreements_table(f, reference_amounts=True)["is_reference_amount"].tolist() == [
        True,
        False,
    ]
    later = with_agreements({"year": 2018, "agreed_fte": 1})
    assert insertion.planned_aid(later, reference_amounts=True) == 19_897.0
    # none is known before the first one
    old = with_agreements({"actor_id": "relais", "year": 2010, "agreed_fte": 1})
    assert math.isnan(insertion.planned_aid(old, reference_amounts=True))


def test_a_payer_that_does_not_exist() -> None:
    with pytest.raises(UnknownNameError, match="department"):
        insertion.planned_aid(with_agreements(), payer="departement")


# -- reference tables ---------------------------------------------------------------------------------


def test_the_reference_covers_the_measures_of_the_asp_and_tells_what_is_not_verified() -> None:
    hours = insertion.hours_reference()
    assert set(hours["measure"]) == {"ACI_DC", "ACI_MP", "EI_DC", "EI_MP", "ETTI_DC", "AI_DC", "EITI_DC"}
    assert set(hours.loc[hours["standing"] == "unverified", "measure"]) == {"ACI_MP", "EI_MP"}
    assert hours.loc[hours["standing"] != "unverified", "url"].notna().all()
    assert hours["source"].notna().all() and hours["hours_per_fte"].between(1500, 1820).all()
    amounts = insertion.aid_amounts()
    assert set(amounts["measure"]) <= set(hours["measure"])
    assert amounts["amount_eur"].gt(0).all() and amounts["source"].notna().all()
    assert not amounts.duplicated(["measure", "since"]).any()


def test_the_reference_that_a_caller_changes_is_his_own() -> None:
    mine = insertion.hours_reference()
    mine["hours_per_fte"] = 1.0
    assert insertion.hours_reference()["hours_per_fte"].min() == 1505.0
    assert insertion.fte_done(with_agreements({"year": 2024, "hours_worked": 1820})) == 1.0


# -- against a plain loop -----------------------------------------------------------------------------

HOURS = {"chantier": 1820, "relais": 1505, "interim": 1600}
months = st.integers(0, 47)  # January 2013 … December 2016
rows_ = st.lists(
    st.fixed_dictionaries(
        {
            "actor_id": st.sampled_from(list(HOURS)),
            "first": st.one_of(st.none(), months),
            "length": st.one_of(st.none(), st.integers(1, 20)),
            "year": st.sampled_from([None, 2013, 2014, 2015]),
            "agreed_fte": st.sampled_from([None, 0.0, 3.0, 8.0]),
            "hours_worked": st.sampled_from([None, 0.0, 1600.0, 9100.0]),
            "aid_eur_per_fte": st.sampled_from([None, 12_000.0, 24_000.0]),
        }
    ),
    min_size=1,
    max_size=5,
)


def by_hand(row: dict[str, Any], year: int) -> dict[str, float] | None:
    """Return months, FTE and aid of one row in one year, month by month; ``None`` where it does not count."""
    first = None if row["first"] is None else 2013 * 12 + row["first"]
    last = None if first is None or row["length"] is None else first + row["length"] - 1
    if row["year"] is not None and row["year"] != year:
        return None
    if first is None:  # no dates at all
        own = list(range(12 * year, 12 * year + 12))
    elif last is None:
        until = max(first // 12, row["year"] or 0)
        own = list(range(first, 12 * until + 12))
    else:
        own = list(range(first, last + 1))
    here = [month for month in own if month // 12 == year]
    if not here and row["year"] is None:
        return None
    share = 1.0 if row["year"] is not None or first is None else len(here) / len(own)
    hours, agreed, amount = row["hours_worked"], row["agreed_fte"], row["aid_eur_per_fte"]
    since = {"chantier": 2014 * 12 + 6, "interim": 2014 * 12, "relais": 0}[row["actor_id"]]
    paid = [month for month in here if month >= since]
    return {
        "done": math.nan if hours is None else hours * share / HOURS[row["actor_id"]],
        "agreed": math.nan if agreed is None or not here else agreed * len(here) / 12,
        "aid": sum((agreed * amount / 12 for _ in paid), 0.0)
        if paid and agreed is not None and amount is not None
        else math.nan,
    }


def written(row: dict[str, Any]) -> dict[str, Any]:
    def date(month: int, day: int) -> str:
        return f"{2013 + month // 12}-{month % 12 + 1:02d}-{day:02d}"

    first, length = row["first"], row["length"]
    return {
        **{name: row[name] for name in ("actor_id", "year", "agreed_fte", "hours_worked", "aid_eur_per_fte")},
        "starts_on": None if first is None else date(first, 5),
        "ends_on": None if first is None or length is None else date(first + length - 1, 20),
    }


def total(values: list[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return sum(known) if known else math.nan


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(rows_, st.sampled_from([2013, 2014, 2015]))
def test_the_metrics_are_those_of_a_loop_over_months(rows: list[dict[str, Any]], year: int) -> None:
    f = with_agreements(*map(written, rows), year=year)
    found = [one for row in rows if (one := by_hand(row, year)) is not None]
    both = [one for one in found if not math.isnan(one["done"]) and not math.isnan(one["agreed"])]
    agreed = total([one["agreed"] for one in both])
    use = total([one["done"] for one in both]) / agreed if agreed else math.nan
    assert len(insertion.agreements_table(f)) == len(found)
    assert insertion.fte_done(f) == pytest.approx(total([one["done"] for one in found]), nan_ok=True)
    assert insertion.agreement_use(f) == pytest.approx(use, nan_ok=True)
    assert insertion.planned_aid(f) == pytest.approx(total([one["aid"] for one in found]), nan_ok=True)


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(rows_, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[dict[str, Any]], random: Any) -> None:
    named: list[dict[str, Any]] = [
        {"agreement_id": f"a{place}", **written(row)} for place, row in enumerate(rows)
    ]
    mixed = list(named)
    random.shuffle(mixed)
    first, second = table(*named), table(*mixed)
    pd.testing.assert_frame_equal(first.sort_index(), second.sort_index())


def test_nothing_is_changed() -> None:
    f = with_agreements({**WHOLE, "agreed_fte": 2, "hours_worked": 10, "aid_eur_per_fte": 3})
    before = f.agreements.copy(deep=True)
    mine = insertion.agreements_table(f)
    mine["hours"] = 0.0
    insertion.planned_aid(f, reference_amounts=True)
    pd.testing.assert_frame_equal(f.agreements, before)
    assert insertion.agreements_table(f)["hours"].tolist() == [10.0]
