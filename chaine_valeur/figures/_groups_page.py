"""Where the rows, columns and words of the figure of actors and groups stand; everything in points."""

from __future__ import annotations

from dataclasses import dataclass

from ..language import tr
from ._groups_data import pole_name, told
from ._sheet import TITLE, Heads, glued
from ._text import LINE_HEIGHT, Words, clean, line_width, wrap_whole
from .frames import GroupsData

__all__ = ["BAR", "LOW_ROW", "SIZE", "SMALL", "SQUARE", "STRIP", "Page", "covered_words", "foot_labels"]

SIZE, SMALL = 7.5, 6.5
#: Height of the bar of a seat; side of the square of a pole of the triptyque.
BAR, SQUARE = 6.5, 6.5
#: The longest bar, and the shortest beside which figures are still written.
_LONGEST, _SHORTEST = 38.0, 16.0
#: The least height of a row; with many actors names are smaller: forty take about a page.
ROW, LOW_ROW, _MANY = 12.5, 10.5, 24
_HEADING, _FOOT_ROW = 13.0, 12.5
#: Between the names and the cells: the colour of the pole.
STRIP = 3.0


@dataclass(frozen=True)
class Page:
    """Where things stand.

    Attributes
    ----------
    left, cell
        Where the first column begins, and how wide each is.
    head
        Where the heads of the columns end.
    poles, labels, middles, heights
        Of each actor's row: its pole in words, its name, where it stands.
    headings
        Of each pole: the middle of its heading, the first and the last row below it.
    bottom
        Where the rows end and what stands below the columns begins; it takes `foot`.
    bar, widest
        Length of a bar, and of the figures beside it where `figures` says that there are any.
    squares
        Height of the poles of the triptyque, which stand below each other if `squares_upright`.
    says_covered
        Whether a word below them fits into a column.
    """

    width: float
    total: float
    left: float
    cell: float
    head: float
    heads: Heads
    poles: list[str]
    labels: list[Words]
    middles: list[float]
    heights: list[float]
    headings: list[tuple[float, int, int]]
    bottom: float
    foot: float
    bar: float
    widest: float
    figures: bool
    squares: float
    squares_upright: bool
    says_covered: bool

    @classmethod
    def of(
        cls,
        data: GroupsData,
        width: float,
        height: float | None,
        *,
        title: str | None,
        legend: float,
        lang: str,
    ) -> Page:
        """Lay out a figure `width` wide; a given `height` is shared out among the rows."""
        names = [glued(str(name)) for name in data.actors["actor_label"]]
        poles = [pole_name(pole, lang) for pole in data.actors["pole"]]
        words = [*names, *poles, *foot_labels(lang)]
        size, row = (SIZE, ROW) if len(names) <= _MANY else (SMALL, LOW_ROW)
        longest = max(line_width(clean(name), size) for name in words)
        left = min(longest + STRIP + 12.0, 0.38 * width)
        cell = (width - left - 4.0) / len(data.groups)
        heads = Heads.of([str(name) for name in data.groups["group_label"]], cell, size=SIZE)
        labels = [wrap_whole(name, left - STRIP - 12.0, size, max_lines=3) for name in names]
        heights = [max(row, each.height + 0.3 * row) for each in labels]
        firsts = [place for place, pole in enumerate(poles) if place == 0 or pole != poles[place - 1]]
        upright = cell < 3 * (SQUARE + 2.0) + 2.0
        squares = 3 * (SQUARE + 2.0) - 2.0 if upright else SQUARE
        says = not upright and cell >= _foot_width(lang)
        foot = 2 * _FOOT_ROW + squares + (SMALL * LINE_HEIGHT + 1.0 if says else 0.0) + 9.0
        head = (TITLE if title else 4.0) + heads.height + 8.0
        total = head + sum(heights) + len(firsts) * _HEADING + 4.0 + foot + legend
        if height is not None and heights:
            spare = max((height - total) / len(heights), -3.0)
            heights = [each + spare for each in heights]
            total += spare * len(heights)
        middles, headings, y = [], [], head
        ends = [*[first - 1 for first in firsts[1:]], len(names) - 1]
        for place, tall in enumerate(heights):
            if place in firsts:
                headings.append((y + _HEADING / 2, place, ends[firsts.index(place)]))
                y += _HEADING
            middles.append(y + tall / 2)
            y += tall
        widest = _widest(data, lang)
        beside = cell - widest - 9.0 >= _SHORTEST
        bar = cell - (widest + 9.0 if beside else 8.0)
        return cls(
            width=width, total=total, left=left, cell=cell, head=head, heads=heads, poles=poles, labels=labels,
            middles=middles, heights=heights, headings=headings, bottom=y + 4.0, foot=foot,
            bar=min(max(bar, 3.0), _LONGEST), widest=widest, figures=beside, squares=squares,
            squares_upright=upright, says_covered=says,
        )  # fmt: skip

    def column(self, place: int) -> float:
        """Return the middle of a column."""
        return self.left + (place + 0.5) * self.cell

    @property
    def right(self) -> float:
        """Where the last column ends."""
        return self.width - 4.0


def foot_labels(lang: str) -> list[str]:
    """Return what stands below the columns, in order."""
    return [tr("Members", lang), tr("Recorded meetings", lang), tr("Triptyque", lang)]


def covered_words(state: str, lang: str) -> str:
    """Return whether the triptyque of a group is complete, in a word."""
    said = {
        "present": tr("complete", lang),
        "missing": tr("incomplete", lang),
        "unknown": tr("undetermined", lang),
    }
    return said[state]


def _foot_width(lang: str) -> float:
    return (
        max(line_width(covered_words(state, lang), SMALL) for state in ("present", "missing", "unknown"))
        + 2.0
    )


def _widest(data: GroupsData, lang: str) -> float:
    """Return the width of the widest figures that stand beside a bar."""
    seats = data.seats[["attended", "held", "unknown"]].drop_duplicates()
    cells = zip(*(seats[name].tolist() for name in seats), strict=True)
    texts = [f"{told(attended, held, unknown, lang)}*" for attended, held, unknown in cells]
    return max((line_width(text, SMALL) for text in texts), default=0.0)
