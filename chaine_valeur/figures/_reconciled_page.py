"""Where the lines, marks and words of the figure of a reconciliation stand; everything in points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..language import percent, tr
from ._reconciled import said_of, values_of
from ._text import LINE_HEIGHT, Words, line_width, wrap, wrap_whole

__all__ = ["APART", "HEADING", "SIZE", "SMALL", "Page", "ticks"]

SIZE, SMALL = 7.5, 6.5
#: Half the distance between the declared and the reconciled mark of a line.
APART = 4.0
#: A declaration as close as that to the mean of all is told by the figures alone.
_TOLD_APART = 3.0
#: Room of the words that tell the declared flows from the others.
HEADING = SMALL * LINE_HEIGHT + 8.0
#: Above this ratio between the largest and the smallest tonnage the scale is logarithmic.
_LOG_FROM = 100.0
#: What is smaller than the largest tonnage by more than this stands at the edge of a logarithmic scale.
_WIDEST = 1e6


@dataclass(frozen=True)
class Page:
    """Where the lines stand and how tonnages become places; everything in points."""

    width: float
    total: float
    head: float
    left: float
    right: float
    tops: np.ndarray
    labels: list[Words]
    values: list[list[str]]
    notes: list[list[str]]
    first_blank: int
    low: float
    high: float
    is_log: bool
    crosses: list[tuple[float, ...]]
    legend: list[list[tuple[str, str, float]]]
    left_out: int

    @classmethod
    def of(cls, data: pd.DataFrame, width: float, height: float | None, title: str | None, lang: str) -> Page:
        """Lay out a frame of `reconciliation_data`; a given `height` is shared out among the lines."""
        label, value = 0.37 * width, 0.235 * width
        rows = list(data.itertuples())
        labels = [wrap_whole(str(row.label), label - 12.0, SIZE, max_lines=4) for row in rows]
        values = [wrap(values_of(row, lang), value - 4.0, SIZE, max_lines=2) for row in rows]
        notes = [
            wrap(text, value - (10.0 if row.is_suspect else 4.0), SMALL, max_lines=3) if text else []
            for row, text in ((row, said_of(row, lang)) for row in rows)
        ]
        blank = data["declared_t_per_year"].isna().to_numpy(bool)
        first = int(np.argmax(blank)) if blank.any() else len(rows)
        # a heading of its own tells the flows without a declared tonnage apart
        tall = [
            max(
                words.height,
                len(figures) * SIZE * LINE_HEIGHT + len(said) * SMALL * LINE_HEIGHT,
                2 * APART + 7.0,
            )
            + 7.0
            for words, figures, said in zip(labels, values, notes, strict=True)
        ]
        heading = HEADING
        head = (20.0 if title else 3.0) + (heading if first else 0.0)
        left_out = int(data.attrs.get("n_left_out", 0))
        low, high, is_log = _reach(data)
        scale = ((low, high), is_log, (label, width - value - 6.0))
        crosses = [
            tuple(
                each
                for each in row.said_t_per_year
                if abs(_place(each, *scale) - _place(row.declared_t_per_year, *scale)) >= _TOLD_APART
            )
            for row in rows
        ]
        legend = _legend_lines(data, any(crosses), width, lang)
        foot = 22.0 + len(legend) * 12.0 + (11.0 if left_out else 0.0)
        gap = heading if first < len(rows) else 0.0
        if height is not None:
            spare = max((height - head - foot - gap - sum(tall)) / len(tall), -8.0)
            tall = [each + spare for each in tall]
        tops = head + np.concatenate([[0.0], np.cumsum(tall)])
        tops = np.append(tops[:first], tops[first:] + gap) if gap else tops
        return cls(
            width, float(tops[-1] + foot), head, label, width - value - 6.0, tops, labels, values, notes,
            first, low, high, is_log, crosses, legend, left_out,
        )  # fmt: skip

    def x(self, tonnes: float) -> float:
        """Return the place of a tonnage, at the edge where it lies beyond."""
        return _place(tonnes, (self.low, self.high), self.is_log, (self.left, self.right))

    def span(self, place: int) -> tuple[float, float]:
        """Return the top and the bottom of a line."""
        bottom = self.tops[place + 1]
        if place + 1 == self.first_blank < len(self.labels):
            bottom -= HEADING
        return float(self.tops[place]), float(bottom)

    def middle(self, place: int) -> float:
        """Return the height of a line's middle."""
        return sum(self.span(place)) / 2


def _reach(data: pd.DataFrame) -> tuple[float, float, bool]:
    """Return the ends of the scale and whether it is logarithmic."""
    free = data["data_class"] == "free"
    # a free flow reaches as far as its range; its tonnage is one among those possible
    dots = [data["declared_t_per_year"], data["reconciled_t_per_year"][~free]]
    dots += [data[side][free] for side in ("low_t_per_year", "high_t_per_year")]
    marks = pd.concat(dots).to_numpy(float)
    ends = [marks, data["high_t_per_year"].to_numpy(float)]
    ends.append((data["declared_t_per_year"] + data["declared_sd_t"]).to_numpy(float))
    reach = np.concatenate(ends)
    top = float(np.max(reach[np.isfinite(reach)], initial=0.0)) or 1.0
    positive = marks[np.isfinite(marks) & (marks > top / _WIDEST)]
    if len(positive) and positive.max() / positive.min() > _LOG_FROM:
        return float(positive.min()) / 2, top * 1.15, True
    return 0.0, top * 1.02, False


def _place(tonnes: float, span: tuple[float, float], is_log: bool, sides: tuple[float, float]) -> float:
    (low, high), (left, right) = span, (sides[0] + 6.0, sides[1] - 8.0)
    if is_log:
        share = np.log(max(tonnes, low) / low) / np.log(high / low)
    else:
        share = (tonnes - low) / (high - low)
    return float(left + (right - left) * min(max(share, 0.0), 1.0))


def ticks(page: Page) -> list[float]:
    """Return the tonnages that the scale is marked with."""
    from matplotlib.ticker import LogLocator, MaxNLocator

    if page.is_log:
        room = (page.right - page.left) / 30.0
        decades = np.log10(page.high / page.low)
        found = LogLocator(base=10.0, numticks=max(3, int(room))).tick_values(page.low, page.high)
        if decades < 1.5:
            found = LogLocator(base=10.0, subs=(1.0, 3.0)).tick_values(page.low, page.high)
    else:
        found = MaxNLocator(nbins=4, steps=[1, 2, 5, 10]).tick_values(page.low, page.high)
    return [float(each) for each in found if page.low <= each <= page.high]


def _legend_entries(data: pd.DataFrame, crosses: bool, lang: str) -> list[tuple[str, str]]:
    entries = []
    if data["declared_t_per_year"].notna().any():
        entries.append(("declared", tr("declared and its uncertainty (± 1 standard deviation)", lang)))
    if crosses:
        entries.append(("several", tr("one of several declarations, of which the dot is the mean", lang)))
    if (data["data_class"] != "free").any():
        entries.append(("reconciled", tr("reconciled, interval at {share}", lang, share=percent(0.95, lang))))
    if (data["data_class"] == "free").any():
        entries.append(("range", tr("range that is left to an unknown flow", lang)))
    if data["is_suspect"].any():
        entries.append(("suspect", tr("to be checked with its source", lang)))
    return entries


def _legend_lines(
    data: pd.DataFrame, crosses: bool, width: float, lang: str
) -> list[list[tuple[str, str, float]]]:
    """Return the lines of the legend: kind, words and place of each entry."""
    lines: list[list[tuple[str, str, float]]] = [[]]
    x = 4.0
    for kind, text in _legend_entries(data, crosses, lang):
        need = 20.0 + line_width(text, SMALL) + 14.0
        if x + need > width and lines[-1]:
            lines.append([])
            x = 4.0
        lines[-1].append((kind, text, x))
        x += need
    return lines
