"""What must be reached, at least and as an aim, and whether it is: the table that `make bench` prints."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from .measuring import Figure
from .reconciliation import UNCERTAINTIES

__all__ = ["AIMS", "Aim", "table_of_aims"]


class Found:
    """What was measured, looked up by what it is; NaN where it was not."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self.figures = list(figures)

    def __call__(
        self, part: str, what: str, by: str, *, size: int | None = None, quantity: str = "seconds"
    ) -> float:
        """Return the value of the last figure whose description begins with `what`."""
        values = [
            one.value
            for one in self.figures
            if one.part == part
            and one.what.startswith(what)
            and one.by.startswith(by)
            and one.quantity == quantity
            and size in (None, one.size)
        ]
        return values[-1] if values else math.nan


@dataclass(frozen=True)
class Aim:
    """A line of the table: the plain installation reaches at least this, the compiled kernels aim at that.

    `measured` takes what was found and ``plain`` or ``compiled``. `higher`: more is better.
    """

    work: str
    measured: Callable[[Found, str], float]
    at_least: float
    aim: float
    unit: str = "×"
    higher: bool = True

    def holds(self, value: float, wanted: float) -> str:
        """Return ``yes``, ``no``, or nothing where it was not measured."""
        if math.isnan(value) or math.isnan(wanted):
            return ""
        return "yes" if (value >= wanted if self.higher else value <= wanted) else "no"


def _against_networkx(found: Found, kernels: str) -> float:
    ours = found("structure", "diagnostic", kernels, size=100_000)
    return _ratio(found("structure", "diagnostic", "networkx", size=100_000), ours)


def _memory(found: Found, kernels: str) -> float:
    both = ("extra memory, core built", "extra memory, building included")
    values = [found("structure", what, kernels, size=1_000_000, quantity="times the arrays") for what in both]
    return math.nan if any(map(math.isnan, values)) else max(values)


def _batch(found: Found, kernels: str) -> float:
    unit = "microseconds per filière"
    ours = found("batch", "figures, breaks and structure", kernels, quantity=unit)
    return _ratio(found("batch", "the same numbers", "networkx", quantity=unit), ours)


def _two(count: str) -> Callable[[Found, str], float]:
    def measured(found: Found, _: str) -> float:
        one, two = (
            [
                one.value
                for one in found.figures
                if one.part == "processes" and count in one.what and one.by == by
            ]
            for by in ("one process", "two processes")
        )
        return _ratio(one[-1], two[-1]) if one and two else math.nan

    return measured


def _parquet(found: Found, _: str) -> float:
    ours = found("reading", "Parquet to", "ours", size=1_000_000)
    return _ratio(ours, found("reading", "Parquet to", "pyarrow", size=1_000_000))


def _osqp(found: Found, _: str) -> float:
    """Return the smaller of the two ratios: uncertainties of 10 %, and over six orders of magnitude."""
    ratios = [
        _ratio(*(found("flows", f"reconciliation, {name}", by, size=100_000) for by in ("OSQP", "ours")))
        for name in UNCERTAINTIES
    ]
    return math.nan if any(map(math.isnan, ratios)) else min(ratios)


def _ratio(more: float, less: float) -> float:
    return more / less if less else math.nan


AIMS: Sequence[Aim] = (
    Aim("diagnostic, 1e5 actors: times faster than networkx", _against_networkx, 60, 300),
    Aim(
        "diagnostic, 1e6 actors",
        lambda found, kernels: found("structure", "diagnostic", kernels, size=1_000_000),
        10, 3, unit=" s", higher=False,
    ),
    Aim("  extra memory over the arrays of the core", _memory, 4, 1.5, higher=False),
    Aim("batch of filières of 50 actors: times faster than networkx", _batch, 30, 240),
    Aim(
        "one filière of 50 actors, all indicators, warm",
        lambda found, kernels: 1e3 * found("latency", "all", kernels),
        20, 5, unit=" ms", higher=False,
    ),
    Aim("two processes against one: reports", _two("reports"), 1.8, 1.95),
    Aim("two processes against one: reconciliations", _two("reconciliations"), 1.8, 1.95),
    Aim(
        "growth from 1e4 to 1e6 actors: exponent",
        lambda found, kernels: found("structure", "growth", kernels, size=1_000_000, quantity="exponent"),
        1.15, 1.05, unit="", higher=False,
    ),
    Aim("Parquet of 1e6 actors to a checked filière, over pyarrow and joins", _parquet, 3, 1.5, higher=False),
    Aim("reconciliation of 1e5 flows: times faster than OSQP", _osqp, 100, 500),
    Aim(
        "workbook to a checked filière, over calamine alone",
        lambda found, _: _ratio(found("reading", "workbook", "ours"), found("reading", "workbook", "calamine")),
        4, math.nan, higher=False,
    ),
    Aim(
        "import chaine_valeur, over import pandas",
        lambda found, _: _ratio(
            found("reading", "import chaine_valeur", "ours"), found("reading", "import chaine_valeur", "import pandas")
        ),
        1, math.nan, higher=False,
    ),
)  # fmt: skip


def table_of_aims(figures: Iterable[Figure], *, judged: bool = True) -> pd.DataFrame:
    """Return the table: work, measured plain, at least, holds, measured compiled, aim, reached.

    Blank is not measured. A run that is small on purpose is not judged: its sizes are not those of the aims.
    """
    found = Found(figures)
    rows = []
    for one in AIMS:
        plain, compiled = (one.measured(found, kernels) for kernels in ("plain", "compiled"))
        sign = "≥" if one.higher else "≤"
        rows.append(
            {
                "work": one.work,
                "plain": _told(plain, one.unit),
                "at least": f"{sign} {_told(one.at_least, one.unit)}",
                "holds": one.holds(plain, one.at_least) if judged else "",
                "[fast]": _told(compiled, one.unit),
                "aim": f"{sign} {_told(one.aim, one.unit)}" if not math.isnan(one.aim) else "",
                "reached": one.holds(compiled, one.aim) if judged else "",
            }
        )
    return pd.DataFrame(rows)


def _told(value: float, unit: str) -> str:
    return "" if math.isnan(value) else f"{value:.3g}{unit}"
