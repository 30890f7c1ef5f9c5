"""Which checks and indicators are run, in which order, and what becomes of those that crash."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pytest

from chaine_valeur.analysis import (
    accounts,
    cooperation,
    flows,
    gaps,
    insertion,
    reconciliation,
    resilience,
    territory,
)
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.diagnosis import available_checks, available_indicators, diagnose
from chaine_valeur.errors import ChaineValeurError, MissingTableError, UnknownNameError
from chaine_valeur.filiere import Filiere
from tests.diagnosis.builders import broken, finding_always, giving, hand, indicator


def few(f: Filiere, *, lang: str, fewest: int = 3) -> Iterable[Finding]:
    if len(f.actors) < fewest:
        yield Finding("few", "low", f"{len(f.actors)} < {fewest} [{lang}]")


# -- what there is ------------------------------------------------------------------------------------

#: In the order in which a reader meets them: the chain, its figures, what it hangs on, who works with whom.
ROOMS = (gaps, flows, reconciliation, resilience, territory, accounts, cooperation, insertion)


def test_the_checks_are_those_of_the_rooms_and_no_two_share_a_name() -> None:
    rooms = [check for room in ROOMS for check in room.CHECKS]
    assert list(available_checks().values()) == rooms
    assert all(name == check.__name__ for name, check in available_checks().items())


def test_the_indicators_of_a_profile_hold_those_of_the_lighter_one_first() -> None:
    essential, expert = (list(available_indicators(profile=one)) for one in ("essential", "expert"))
    assert expert[: len(essential)] == essential
    assert len(expert) > len(essential)
    assert list(available_indicators()) == expert
    listed = [one.indicator_id for room in ROOMS for one in room.INDICATORS]
    assert len(set(listed)) == len(listed)
    assert sorted(listed) == sorted(expert)


def test_essential_are_about_a_dozen() -> None:
    # about twelve figures come first, of every subject; what flows carry and whether they fit is among them
    essential = available_indicators(profile="essential")
    assert 9 <= len(essential) <= 15
    assert {"B8", "A7", "B6", "E5"} <= set(essential)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_profile_runs_its_indicators_in_their_order(lang: str) -> None:
    for profile in ("essential", "expert"):
        made = diagnose(hand(), profile=profile, lang=lang, checks=[])
        assert made.indicators["indicator_id"].tolist() == list(available_indicators(profile=profile))
        assert (made.profile, made.lang) == (profile, lang)


def test_unknown_names_are_refused_with_the_nearest_ones() -> None:
    f = hand()
    with pytest.raises(UnknownNameError, match="profil"):
        available_indicators(profile="expertise")
    with pytest.raises(UnknownNameError, match="profil"):
        diagnose(f, profile="expertise")
    with pytest.raises(UnknownNameError, match="missing_stages"):
        diagnose(f, checks=["missing_stage"])
    with pytest.raises(UnknownNameError, match="A12"):
        diagnose(f, indicators=["A-12"])
    with pytest.raises(UnknownNameError, match="no check 'qqqqqq'"):
        diagnose(f, checks=["qqqqqq"])
    with pytest.raises(UnknownNameError, match="no indicator 'qqqqqq'"):
        diagnose(f, indicators=["qqqqqq"])
    with pytest.raises(UnknownNameError, match="42"):
        diagnose(f, checks=[42])  # type: ignore[list-item]
    with pytest.raises(UnknownNameError, match="42"):
        diagnose(f, checks=[(42, {})])  # type: ignore[list-item]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ChaineValeurError, match="de"):
        diagnose(hand(), lang="de")


# -- checks of a user ---------------------------------------------------------------------------------


def test_a_check_is_a_function_or_a_pair_with_its_thresholds() -> None:
    f = Filiere.from_tables(actors={"name": ["A", "B"]})
    # 2 actors: fewer than 3 (default), not fewer than 2, fewer than 5
    checks: list[Any] = [few, (few, {"fewest": 2}), (few, {"fewest": 5})]
    made = diagnose(f, checks=checks, indicators=[], lang="en")
    assert made.findings["message"].tolist() == ["2 < 3 [en]", "2 < 5 [en]"]
    assert made.findings["finding_id"].tolist() == ["few", "few:2"]
    assert list(made.found) == ["few", "few:2"]


def test_a_name_and_a_name_with_arguments_find_what_the_library_finds() -> None:
    f = hand()
    whole = diagnose(f, indicators=[])
    only = diagnose(f, checks=["single_actor_stages"], indicators=[])
    kind = whole.findings["kind"] == "single_actor_stage"
    # collecte, tri, filature and vente each rest on one actor (see tests/core/hand.py)
    assert only.findings["stage_id"].tolist() == ["collecte", "tri", "filature", "vente"]
    assert only.findings["finding_id"].tolist() == whole.findings.loc[kind, "finding_id"].tolist()
    pair = diagnose(f, checks=[("single_actor_stages", {})], indicators=[])
    assert pair.findings.equals(only.findings)


def test_a_lambda_an_object_and_a_method_are_checks_too() -> None:
    class Rule:
        def __call__(self, f: Filiere, *, lang: str) -> list[Finding]:
            return [Finding("rule", "high", "by an object")]

        def method(self, f: Filiere, *, lang: str) -> list[Finding]:
            return [Finding("method", "medium", "by a method")]

    anonymous = lambda f, *, lang: [Finding("anonymous", "low", "by a lambda")]  # noqa: E731
    made = diagnose(hand(), checks=[anonymous, Rule(), Rule().method], indicators=[])
    assert made.findings["kind"].tolist() == ["rule", "method", "anonymous"]


def test_no_check_and_no_indicator_is_an_empty_diagnostic() -> None:
    made = diagnose(hand(), checks=[], indicators=[])
    assert made.findings.empty
    assert made.indicators.empty
    assert (dict(made.found), dict(made.measured)) == ({}, {})


def test_findings_come_by_priority_then_tonnage_then_in_the_order_found() -> None:
    found = [
        Finding("a", "low", "a"),
        Finding("b", "high", "b", quantity=5.0, unit="t/year"),
        Finding("c", "high", "c", quantity=50.0, unit="t/year"),
        Finding("d", "high", "d"),
        Finding("e", "medium", "e"),
        Finding("f", "high", "f"),
    ]
    made = diagnose(hand(), checks=[finding_always(*found)], indicators=[])
    # high: 50 t before 5 t before the two without a quantity, as found; then medium, then low
    assert made.findings["kind"].tolist() == ["c", "b", "d", "f", "e", "a"]
    assert list(made.found) == made.findings["finding_id"].tolist()


# -- what crashes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_check_that_crashes_is_a_row_and_the_others_run(lang: str) -> None:
    checks = [broken, finding_always(Finding("fine", "low", "fine"))]
    made = diagnose(hand(), checks=checks, indicators=[], lang=lang)
    assert made.findings["kind"].tolist() == ["check_failed", "fine"]
    row = made.findings.iloc[0]
    assert row["finding_id"] == "check_failed:broken"
    assert row["severity"] == "high"
    # the name, the kind of error and its text on one line; what it yielded before is left out
    assert "broken" in row["message"]
    assert "ZeroDivisionError: over nothing" in row["message"]
    assert "\n" not in row["message"]


def test_two_checks_that_crash_stay_apart_and_a_long_reason_is_cut() -> None:
    def longwinded(f: Filiere, *, lang: str) -> Iterable[Finding]:
        raise RuntimeError("x" * 5000)

    made = diagnose(hand(), checks=[broken, longwinded, broken], indicators=[])
    assert made.findings["finding_id"].tolist() == [
        "check_failed:broken", "check_failed:longwinded", "check_failed:broken:2",
    ]  # fmt: skip
    assert made.findings["message"].str.len().max() < 500


@pytest.mark.parametrize(
    "returned", [None, 3, ["text"], [None]], ids=["nothing", "a number", "texts", "nothings"]
)
def test_a_check_that_returns_something_else_is_a_row_too(returned: Any) -> None:
    def odd(f: Filiere, *, lang: str) -> Any:
        return returned

    made = diagnose(hand(), checks=[odd], indicators=[])
    assert made.findings["finding_id"].tolist() == ["check_failed:odd"]
    assert "TypeError" in made.findings["message"].iloc[0]


def test_a_priority_that_does_not_exist_is_a_row_and_not_a_finding_lost_later() -> None:
    made = diagnose(hand(), checks=[finding_always(Finding("mine", "critical", "!"))], indicators=[])
    assert made.findings["kind"].tolist() == ["check_failed"]
    assert "severity='critical'" in made.findings["message"].iloc[0]


def test_arguments_that_a_check_does_not_take_are_a_row() -> None:
    made = diagnose(hand(), checks=[("missing_stages", {"nonsense": 1})], indicators=[])
    assert made.findings["finding_id"].tolist() == ["check_failed:missing_stages"]
    assert "nonsense" in made.findings["message"].iloc[0]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_an_indicator_that_crashes_is_unknown_with_its_reason_and_a_row(lang: str) -> None:
    def crash(f: Filiere, *, lang: str) -> Measure:
        raise KeyError("gone")

    wanted = [indicator("X1", crash), indicator("X2", giving(Measure(7.0, "count")))]
    made = diagnose(hand(), checks=[], indicators=wanted, lang=lang)
    assert math.isnan(made.indicators["value"][0])
    assert "KeyError: 'gone'" in made.indicators["note"][0]
    assert made.indicators["value"][1] == 7.0
    assert made.indicators["note"][1] == ""
    assert made.findings["kind"].tolist() == ["check_failed"]
    assert "Figure X1" in made.findings["message"].iloc[0]


def test_an_indicator_that_returns_something_else_is_unknown() -> None:
    made = diagnose(hand(), checks=[], indicators=[indicator("X1", giving(3.5))])  # type: ignore[arg-type]
    assert math.isnan(made.indicators["value"][0])
    assert "TypeError" in made.indicators["note"][0]
    assert made.findings["kind"].tolist() == ["check_failed"]


def test_what_stops_the_program_is_not_swallowed() -> None:
    def stop(f: Filiere, *, lang: str) -> Iterable[Finding]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        diagnose(hand(), checks=[stop], indicators=[])


# -- missing tables -----------------------------------------------------------------------------------


def test_without_a_row_in_its_first_table_an_indicator_is_not_computed_and_is_no_crash() -> None:
    def never(f: Filiere, *, lang: str) -> Measure:
        raise AssertionError("not to be called")

    wanted = [indicator("X1", never, tables=("funding", "actors"), unit="EUR")]
    made = diagnose(hand(), checks=[], indicators=wanted, lang="en")
    row = made.indicators.iloc[0]
    assert math.isnan(row["value"])
    assert row["unit"] == "EUR"
    assert "Funding" in row["note"]
    assert "Actors" not in row["note"]
    assert made.findings.empty


def test_a_table_missed_while_computing_is_named() -> None:
    def needs(f: Filiere, *, lang: str) -> Measure:
        raise MissingTableError("no funding")

    f = hand()
    wanted = [
        indicator("X1", needs, tables=("actors", "funding", "outcomes")),
        indicator("X2", needs, tables=("actors",)),
    ]
    made = diagnose(f, checks=[], indicators=wanted, lang="en")
    # of the three tables two have no row; for X2 none is empty, so all that it reads are named
    assert "Funding" in made.indicators["note"][0]
    assert "Outcomes" in made.indicators["note"][0]
    assert "Actors" not in made.indicators["note"][0]
    assert "Actors" in made.indicators["note"][1]
    assert made.indicators["value"].isna().all()
    assert made.findings.empty
