"""Where the years, scales and words of the figure of cooperation over time stand; everything in points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..language import number, percent
from ._sheet import TITLE
from ._text import clean, line_width

__all__ = ["SIZE", "SMALL", "Page", "Panel"]

SIZE, SMALL = 7.5, 6.5
_COUNTS, _DENSITY, _LABEL, _YEARS = 150.0, 66.0, 14.0, 14.0


@dataclass(frozen=True)
class Panel:
    """A scale that ascends from `bottom` to `top`, with its marks and what they say."""

    top: float
    bottom: float
    low: float
    high: float
    ticks: list[tuple[float, str]]

    def y(self, value: float) -> float:
        """Return the height of a value."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom + (self.top - self.bottom) * share


@dataclass(frozen=True)
class Page:
    """Where things stand: a column per year, counts above, density below."""

    width: float
    total: float
    left: float
    step: float
    labels: list[str]
    shown: list[bool]
    counts: Panel
    density: Panel

    @classmethod
    def of(
        cls,
        rows: pd.DataFrame,
        columns: Sequence[Any],
        width: float,
        height: float | None,
        *,
        title: str | None,
        legend: float,
        lang: str,
    ) -> Page:
        """Lay out the years of `columns`; a given `height` is shared out between the two panels."""
        head = TITLE + 2.0 if title else 4.0
        fixed = head + 2 * _LABEL + _YEARS + legend + 8.0
        room = _COUNTS + _DENSITY if height is None else max(height - fixed, 90.0)
        tall = room * _COUNTS / (_COUNTS + _DENSITY)
        most, least = _reach(rows)
        counts = _panel(head + _LABEL, tall, -least, most, whole=True, lang=lang)
        top = counts.bottom + _YEARS + _LABEL
        drawn = rows.loc[rows["density"].notna(), ["density", "high"]]
        high = float(np.nanmax(drawn.to_numpy(float), initial=0.0)) or 1.0
        density = _panel(top, room - tall, 0.0, high, whole=False, lang=lang)
        texts = [text for panel in (counts, density) for _, text in panel.ticks]
        left = max(line_width(text, SMALL) for text in texts) + 9.0
        step = (width - left - 6.0) / len(columns)
        labels = [clean(column) for column in columns]
        widest = max(line_width(label, SIZE) for label in labels) + 4.0
        each = max(1, math.ceil(widest / step))
        # the last year always has its label
        shown = [(len(labels) - 1 - place) % each == 0 for place in range(len(labels))]
        return cls(
            width, density.bottom + legend + 8.0, left, step, labels, shown, counts, density
        )  # fmt: skip

    def x(self, place: int) -> float:
        """Return the middle of a column."""
        return self.left + (place + 0.5) * self.step

    @property
    def right(self) -> float:
        """Where the last column ends."""
        return self.width - 6.0

    @property
    def bar(self) -> float:
        """Width of a bar."""
        return min(0.68 * self.step, 30.0)


def _reach(rows: pd.DataFrame) -> tuple[float, float]:
    """Return how many ties stand above the axis at most, and how many below."""
    ended = rows["ended"].to_numpy(float)
    return float(rows["ties"].max()) or 1.0, float(np.nanmax(ended, initial=0.0))


def _panel(top: float, tall: float, low: float, high: float, *, whole: bool, lang: str) -> Panel:
    from matplotlib.ticker import MaxNLocator

    margin = 0.09 * (high - low)  # the figures that stand on the bars
    ends = (low - (margin if low < 0 else 0.0), high + margin)
    found = MaxNLocator(nbins=5 if whole else 3, steps=[1, 2, 5, 10], integer=whole).tick_values(low, high)
    marks = [float(each) for each in found if ends[0] <= each <= ends[1]]
    shown = [
        number(abs(each), lang) if whole else percent(each, lang, digits=_digits(high)) for each in marks
    ]
    return Panel(top, top + tall, *ends, list(zip(marks, shown, strict=True)))


def _digits(high: float) -> int:
    return 0 if high >= 0.05 else 1 if high >= 0.005 else 2
