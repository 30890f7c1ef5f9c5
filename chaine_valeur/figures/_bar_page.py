"""Rows of bars: a name, a bar on a scale of its group, and what is said of it; where each stands, in points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._sheet import TITLE, UNKNOWN, UNKNOWN_LINES, glued, rectangle, write, write_lines
from ._style import INK, SOFT_INK, hatch
from ._text import Words, clean, line_width, wrap, wrap_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["BAR", "SIZE", "SMALL", "STUB", "Line", "Page", "draw_lines", "stub"]

SIZE, SMALL = 7.5, 6.5
#: Thickness of a bar, and length of one of which nothing is known.
BAR, STUB = 8.0, 16.0
_HEADING, _SPACE, _RULE = 15.0, 7.0, "#E4E6E8"
_ROW, _TALLEST = 14.0, 24.0


@dataclass(frozen=True)
class Line:
    """A row of the figure.

    Attributes
    ----------
    text
        The name of the row, or of the group that begins with it.
    said
        What stands at its right end.
    row
        What is drawn; a line without is a heading, or a sentence where `sentence` says so.
    full
        What the whole length of a bar stands for.
    """

    text: str
    said: str = ""
    row: dict[str, Any] | None = None
    full: float = 1.0
    sentence: bool = False


@dataclass(frozen=True)
class Page:
    """Where the lines stand: their middles and heights, the bars between `left` and `right`, what is said after."""

    lines: Sequence[Line]
    width: float
    total: float
    left: float
    right: float
    names: list[Words]
    said: list[Words]
    middles: list[float]
    heights: list[float]
    bottom: float

    @classmethod
    def of(
        cls, lines: Sequence[Line], width: float, height: float | None, *, title: str | None, legend: float
    ) -> Page:
        """Lay out a figure `width` wide; a given `height` is shared out among the rows."""
        bars = [line for line in lines if line.row is not None]
        longest = max((line_width(clean(glued(line.text)), SIZE) for line in bars), default=0.0)
        left = min(longest + 12.0, 0.33 * width)
        widest = max((line_width(clean(line.said), SMALL) for line in bars), default=0.0)
        right = width - min(widest + 9.0, 0.31 * width)
        names, said, heights, least = [], [], [], []
        for line in lines:
            if line.row is not None:
                name = wrap_whole(glued(line.text), left - 9.0, SIZE, max_lines=3)
                after = wrap_whole(line.said, width - right - 7.0, SMALL, max_lines=3)
                tall = max(_ROW, name.height + 3.0, after.height + 3.0)
            elif line.sentence:
                name, after = (
                    Words(wrap(line.text, width - 12.0, SMALL, max_lines=4), SMALL),
                    Words([""], SMALL),
                )
                tall = name.height + 6.0
            else:
                room = min(0.6 * width, width - 12.0 - line_width(clean(line.said), SMALL))
                name = wrap_whole(line.text, max(room, 0.35 * width), SIZE, max_lines=2, bold=True)
                after = wrap_whole(line.said, width - 14.0 - _widest(name), SMALL, max_lines=2)
                tall = max(_HEADING, name.height + 4.0, after.height + 4.0)
            names.append(name)
            said.append(after)
            heights.append(tall)
            least.append(max(name.height, after.height, BAR) + 1.0)
        head = TITLE if title else 4.0
        breaks = [place > 0 and line.row is None and not line.sentence for place, line in enumerate(lines)]
        total = head + sum(heights) + _SPACE * sum(breaks) + 5.0 + legend
        if height is not None and lines:
            rows = [place for place, line in enumerate(lines) if line.row is not None]
            spare = (height - total) / max(len(rows), 1)
            for place in rows:
                wanted = min(heights[place] + spare, max(_TALLEST, heights[place]))
                heights[place] = max(wanted, least[place])
        middles, y = [], head
        for tall, first in zip(heights, breaks, strict=True):
            y += _SPACE if first else 0.0
            middles.append(y + tall / 2)
            y += tall
        return cls(lines, width, y + 5.0 + legend, left, right, names, said, middles, heights, y)

    def length(self, value: float, full: float) -> float:
        """Return how long a value is."""
        return (self.right - self.left - STUB - 4.0) * value / full if full > 0 else 0.0


def _widest(words: Words) -> float:
    return max(line_width(line, words.size, bold=True) for line in words.lines)


def draw_lines(ax: Axes, page: Page) -> None:
    """Write the names, the headings and what is said; bars are drawn by who knows what they mean."""
    for line, name, after, middle, tall in zip(
        page.lines, page.names, page.said, page.middles, page.heights, strict=True
    ):
        if line.row is None:
            style: dict[str, Any] = (
                {"color": SOFT_INK} if line.sentence else {"fontweight": "bold", "color": INK}
            )
            write_lines(ax, 4.0, middle, name, ha="left", **style)
            write_lines(ax, page.width - 4.0, middle, after, ha="right", color=SOFT_INK)
            if not line.sentence:
                bottom = middle + tall / 2 - 0.4
                rectangle(ax, (4.0, bottom), (page.width - 8.0, 0.8), facecolor=SOFT_INK, zorder=0.6)
            continue
        rectangle(ax, (4.0, middle + tall / 2 - 0.2), (page.width - 8.0, 0.4), facecolor=_RULE, zorder=0.5)
        write_lines(ax, page.left - 5.0, middle, name, ha="right")
        write_lines(ax, page.right + 4.0, middle, after, ha="left")
    for first, last in _groups(page):
        top = page.middles[first] - page.heights[first] / 2
        tall = page.middles[last] + page.heights[last] / 2 - top
        rectangle(ax, (page.left - 0.4, top), (0.8, tall), facecolor=SOFT_INK, zorder=2.8)


def _groups(page: Page) -> list[tuple[int, int]]:
    """Return the first and the last row of each run of bars."""
    found: list[tuple[int, int]] = []
    for place, line in enumerate(page.lines):
        if line.row is None:
            continue
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def stub(ax: Axes, x: float, y: float, *, wide: float = STUB, mark: str = "?", gid: str = "unknown") -> None:
    """Draw what is unknown: hatched, of a length that says nothing."""
    rectangle(ax, (x, y - BAR / 2), (wide, BAR), facecolor=UNKNOWN, zorder=2, gid=gid)
    ax.add_artist(hatch((x, y - BAR / 2), (wide, BAR), colour=UNKNOWN_LINES, zorder=2.1, step=4.0))
    chip = {"boxstyle": "round,pad=0.1", "facecolor": UNKNOWN, "edgecolor": "none"}
    write(ax, x + wide / 2, y, mark, SMALL, zorder=3, bbox=chip, va="center")


def swatch_unknown(ax: Axes, x: float, y: float, wide: float, tall: float) -> None:
    """Draw the sign of the unknown in a legend."""
    rectangle(ax, (x, y - tall / 2), (wide, tall), facecolor=UNKNOWN)
    ax.add_artist(hatch((x, y - tall / 2), (wide, tall), colour=UNKNOWN_LINES, zorder=1.5, step=4.0))
