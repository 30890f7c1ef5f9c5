"""No loop over rows in Python: six times the rows run the same Python."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis import resilience
from chaine_valeur.analysis.indicator import Indicator
from tests.gaps.counting import fresh, grown, steps

SMALL, LARGE = 60, 360
SLACK = 1.02
ROOMS = ("analysis/resilience", "analysis/flows", "analysis/_activities.py")


@pytest.fixture(scope="module")
def pair() -> tuple[Filiere, Filiere]:
    return grown(SMALL), grown(LARGE)


def assert_flat(
    act: Callable[[Filiere], Any], pair: tuple[Filiere, Filiere], *, slack: float = SLACK
) -> None:
    first, second = (steps(partial(act, fresh(each)), rooms=ROOMS) for each in pair)
    assert first > 0
    assert second <= slack * first, f"{first} bytecodes at {SMALL} actors, {second} at {LARGE}"


@pytest.mark.parametrize("indicator", resilience.INDICATORS, ids=lambda one: one.indicator_id)
def test_no_indicator_loops_over_rows(indicator: Indicator, pair: tuple[Filiere, Filiere]) -> None:
    assert_flat(indicator.measure, pair)


@pytest.mark.parametrize("check", resilience.CHECKS, ids=lambda check: check.__name__)
def test_no_check_loops_over_rows(check: Callable[..., Any], pair: tuple[Filiere, Filiere]) -> None:
    assert_flat(lambda f: list(check(f)), pair)


@pytest.mark.parametrize(
    "metric",
    [resilience.cut_actors, resilience.cut_passages, resilience.supplier_table, resilience.disjoint_paths,
     resilience.network_indices, resilience.cycles],
    ids=lambda metric: metric.__name__,
)  # fmt: skip
def test_no_metric_loops_over_rows(metric: Callable[[Filiere], Any], pair: tuple[Filiere, Filiere]) -> None:
    assert_flat(metric, pair)


def test_removal_loops_over_draws_only(pair: tuple[Filiere, Filiere]) -> None:
    assert_flat(partial(resilience.supply_availability, draws=5), pair)
