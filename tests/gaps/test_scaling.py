"""No loop over rows in Python: eight times the rows run the same Python, and little more time."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import pytest

from chaine_valeur import Filiere, gaps
from chaine_valeur.analysis.indicator import Indicator
from tests.gaps.counting import core, fresh, grown, steps

SMALL, LARGE = 200, 1600
#: What may grow: the few bytecodes that depend on how many digits a count has, one more step of a search.
SLACK = 1.02


@pytest.fixture(scope="module")
def pair() -> tuple[Filiere, Filiere]:
    return grown(SMALL), grown(LARGE)


def assert_flat(act: Callable[[Filiere], Any], pair: tuple[Filiere, Filiere], *rooms: str) -> None:
    first, second = (steps(partial(act, fresh(each)), rooms=rooms) for each in pair)
    assert first > 0
    assert second <= SLACK * first, f"{first} bytecodes at {SMALL} actors, {second} at {LARGE}"


def test_the_counter_sees_loops_comprehensions_and_mapped_functions() -> None:
    """The test of the test: counted in this file's own folder, a loop over rows is seen to grow."""
    from tests.gaps import counting

    values = {size: pd.Series(range(size)) for size in (10, 100)}

    def looped(size: int) -> Callable[[], Any]:
        return lambda: [value for value in values[size].tolist()]

    def mapped(size: int) -> Callable[[], Any]:
        return lambda: values[size].map(lambda value: value + 1)

    def whole(size: int) -> Callable[[], Any]:
        return lambda: values[size] + 1

    package, counting.PACKAGE = counting.PACKAGE, counting.Path(__file__).parent
    try:
        for act in (looped, mapped):
            assert steps(act(100), rooms=[""]) > 4 * steps(act(10), rooms=[""])
        assert steps(whole(100), rooms=[""]) == steps(whole(10), rooms=[""])
    finally:
        counting.PACKAGE = package


def test_the_core_has_no_loop_over_rows(pair: tuple[Filiere, Filiere]) -> None:
    assert_flat(core, pair, "network", "flow_stages.py")
    assert_flat(
        lambda f: (f.network.ties(), f.network.ties(directed=True), f.network.flow_matrix), pair, "network"
    )


@pytest.mark.parametrize("indicator", gaps.INDICATORS, ids=lambda one: one.indicator_id)
def test_no_indicator_loops_over_rows(indicator: Indicator, pair: tuple[Filiere, Filiere]) -> None:
    assert_flat(indicator.measure, pair, "analysis/gaps", "analysis/activities.py", "network")


@pytest.mark.parametrize("check", gaps.CHECKS, ids=lambda check: check.__name__)
def test_no_check_loops_over_rows(check: Callable[..., Any], pair: tuple[Filiere, Filiere]) -> None:
    """Beyond five actors of a stage in one case, one finding tells them all: findings do not grow either."""
    found = [list(check(fresh(each))) for each in pair]
    assert len(found[0]) == len(found[1])
    assert_flat(lambda f: list(check(f)), pair, "analysis/gaps", "analysis/activities.py", "network")


@pytest.mark.parametrize(
    "metric",
    [gaps.orphans, gaps.dead_ends, gaps.stage_fragility, gaps.expected_paths],
    ids=lambda f: f.__name__,
)
def test_no_metric_along_actors_loops_over_rows(
    metric: Callable[[Filiere], Any], pair: tuple[Filiere, Filiere]
) -> None:
    assert_flat(metric, pair, "analysis/gaps", "analysis/activities.py", "network")


def test_something_is_found_in_what_was_counted(pair: tuple[Filiere, Filiere]) -> None:
    """The counts are of real work: findings about actors of several stages, the same kinds at both sizes."""
    found = [gaps.find(each) for each in pair]
    assert found[0][["kind", "stage_id"]].equals(found[1][["kind", "stage_id"]])
    assert {"dead_end", "orphan", "unused_resource"} <= set(found[0]["kind"])
    # eight times the actors: eight times what each finding rests on, within the ends of the table
    rows = found[1].loc[found[1]["kind"] == "dead_end", "n_rows"].sum()
    assert rows == pytest.approx(8 * found[0].loc[found[0]["kind"] == "dead_end", "n_rows"].sum(), rel=0.05)


def test_time_grows_no_faster_than_the_rows(pair: tuple[Filiere, Filiere]) -> None:
    """Eight times the rows take far less than eight times as long: at these sizes calls weigh, not rows."""

    def best(f: Filiere) -> float:
        taken = []
        for again in (fresh(f) for _ in range(3)):
            again.network  # noqa: B018 (built before the clock starts)
            start = time.perf_counter()
            gaps.find(again)
            taken.append(time.perf_counter() - start)
        return min(taken)

    assert best(pair[1]) < 8 * best(pair[0])
