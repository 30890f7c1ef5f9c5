"""Medians, peaks, growth, and numbers that must agree."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks import measuring
from benchmarks.measuring import alternately, growth, machine, peak, same, set_clock, timed


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that shows these hours one after another."""
    hours: list[float] = []
    monkeypatch.setitem(measuring.CLOCKS, "wall", lambda: hours.pop(0))
    monkeypatch.setattr(measuring, "_clock", lambda: hours.pop(0))
    return hours


def test_the_median_of_some_runs_and_what_the_last_one_gave(ticking: list[float]) -> None:
    ticking += [0, 5, 10, 11, 20, 22]  # 5, 1, 2 seconds
    given = iter("abc")
    assert timed(lambda: next(given), runs=3) == (2, "c")


def test_acts_take_turns(ticking: list[float]) -> None:
    ticking += [0, 1, 1, 11, 11, 14, 14, 34]  # 1, 10, 3, 20 seconds
    order: list[str] = []
    seconds, given = alternately(
        {"one": lambda: order.append("one"), "two": lambda: order.append("two")}, runs=2, wall=True
    )
    assert order == ["one", "two", "one", "two"]
    assert seconds == {"one": 2, "two": 15}
    assert given == {"one": None, "two": None}


def test_the_clock_of_the_processor_sees_no_sleep() -> None:
    import time

    set_clock("processor")
    try:
        asleep, _ = timed(lambda: time.sleep(0.05), runs=1)
        by_wall, _ = timed(lambda: time.sleep(0.05), runs=1, wall=True)
    finally:
        set_clock("wall")
    assert asleep < 0.04
    assert by_wall >= 0.05
    with pytest.raises(KeyError):
        set_clock("moon")


def test_the_peak_is_what_was_held_at_once() -> None:
    before = np.ones(1_000_000)  # held by somebody else

    def act() -> float:
        first = float(np.ones(500_000).sum())  # 4 MB, let go
        return first + float((before[:250_000] + 1).sum())  # 2 MB

    assert 4_000_000 <= peak(act) < 5_500_000


@pytest.mark.parametrize("exponent", [0.5, 1.0, 2.0])
def test_growth_is_the_exponent(exponent: float) -> None:
    sizes = [1e4, 1e5, 1e6]
    assert growth(sizes, [3e-6 * size**exponent for size in sizes]) == pytest.approx(exponent)
    # least squares on the logs: 1, 4, 4 at 1, 2, 4 is slope 1
    assert growth([1, 2, 4], [1, 4, 4]) == pytest.approx(1.0)
    assert math.isnan(growth([1e4], [1.0]))


def test_numbers_agree_or_are_told() -> None:
    same({"a": 1.0, "b": math.nan, "c": 2}, {"a": 1.0 + 1e-12, "b": math.nan}, who="x")
    with pytest.raises(AssertionError, match="a: 1.0 here, 1.1 by networkx"):
        same({"a": 1.0}, {"a": 1.1}, who="networkx")
    with pytest.raises(AssertionError, match="b: nan here"):
        same({"b": math.nan}, {"b": 0.0}, who="networkx")
    with pytest.raises(KeyError):
        same({}, {"a": 1.0}, who="networkx")


def test_the_machine_is_told_without_a_path() -> None:
    told = machine()
    assert {"cores", "python", "numpy", "scipy", "pandas", "networkx"} <= set(told)
    assert int(told["cores"]) >= 1
    assert told["numpy"] == np.__version__
    assert not any("/" in value or "\\" in value for value in told.values())
