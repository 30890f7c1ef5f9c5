"""No loop over rows in Python: eight times the actors run the same Python."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis import cooperation as co
from chaine_valeur.analysis.indicator import Indicator
from tests.gaps.counting import fresh, grown, steps

SMALL, LARGE = 200, 1600
ROOMS = ("analysis/cooperation", "analysis/activities.py", "network")


@pytest.fixture(scope="module")
def pair() -> tuple[Filiere, Filiere]:
    return grown(SMALL), grown(LARGE)


def assert_flat(act: Callable[[Filiere], Any], pair: tuple[Filiere, Filiere], *, slack: float = 1.02) -> None:
    first, second = (steps(partial(act, fresh(each)), rooms=ROOMS) for each in pair)
    assert first > 0
    assert second <= slack * first, f"{first} bytecodes at {SMALL} actors, {second} at {LARGE}"


#: The search for the best core makes moves as long as they improve it: more actors, more moves.
SEARCHED = [one for one in co.INDICATORS if one.indicator_id == "D12"]
FLAT = [one for one in co.INDICATORS if one not in SEARCHED]


@pytest.mark.parametrize("indicator", FLAT, ids=lambda one: one.indicator_id)
def test_no_indicator_loops_over_rows(indicator: Indicator, pair: tuple[Filiere, Filiere]) -> None:
    assert_flat(indicator.measure, pair)


@pytest.mark.parametrize("check", co.CHECKS, ids=lambda check: check.__name__)
def test_no_check_loops_over_rows(check: Callable[..., Any], pair: tuple[Filiere, Filiere]) -> None:
    assert len(list(check(fresh(pair[0])))) == len(list(check(fresh(pair[1]))))
    assert_flat(lambda f: list(check(f)), pair)


@pytest.mark.parametrize("by", ["role", "pole", "stage"])
def test_block_densities_do_not_loop_over_rows(by: str, pair: tuple[Filiere, Filiere]) -> None:
    assert_flat(lambda f: co.block_density(f, by=by), pair)


def test_what_is_expected_and_not_seen_is_aggregated_without_a_loop(pair: tuple[Filiere, Filiere]) -> None:
    assert_flat(co.expected_ties, pair)
    # aggregated: one row per group and per passage, however many pairs they stand for
    assert len(co.expected_ties(pair[0])) == len(co.expected_ties(pair[1]))


@pytest.mark.parametrize("indicator", SEARCHED, ids=lambda one: one.indicator_id)
def test_a_search_grows_no_faster_than_the_actors(
    indicator: Indicator, pair: tuple[Filiere, Filiere]
) -> None:
    first, second = (steps(partial(indicator.measure, fresh(each)), rooms=ROOMS) for each in pair)
    assert 0 < first < second < 1.5 * first * LARGE / SMALL
