"""A sheet to draw on, in points from its upper left corner, and what figures made of rows and columns share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._style import CM, INK, blank_axes
from ._text import LINE_HEIGHT, Words, clean, line_width, wrap_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["TITLE", "UNKNOWN", "UNKNOWN_LINES", "Heads"]
__all__ += ["draw_heads", "glued", "open_sheet", "rectangle", "shifts", "size_of", "write", "write_lines"]

#: Of what nothing is known: hatched, never blank as none would be.
UNKNOWN, UNKNOWN_LINES = "#F1F1EE", "#B4B8BD"
#: Room of a title above a figure.
TITLE = 20.0
_TITLE_SIZE = 10.5
#: Heads of columns narrower than this stand upright, and take at most so much height; more on a single line.
_UPRIGHT, _TALLEST, _TALLEST_LINE = 40.0, 88.0, 130.0
_UPRIGHT_SIZE = 6.5


def size_of(ax: Axes | None, width_cm: float) -> tuple[float, float | None]:
    """Return the width of a sheet in points, and its height where the Axes are given."""
    if ax is None:
        return width_cm * CM, None
    box = ax.get_window_extent()
    return box.width / ax.figure.dpi * 72, box.height / ax.figure.dpi * 72


def open_sheet(ax: Axes | None, *, width: float, total: float, title: str | None = None) -> Axes:
    """Return Axes whose units are points, downwards; given Axes lower than `total` are drawn smaller."""
    height = None if ax is None else size_of(ax, 0.0)[1]
    if ax is None:
        ax = blank_axes(width=width, height=total)
    ax.set_axis_off()
    ax.set_xlim(0.0, width)
    ax.set_ylim(max(total, height or 0.0), 0.0)
    if title:
        write(ax, 3.0, 9.0, clean(title), _TITLE_SIZE, ha="left", fontweight="bold")
    return ax


def rectangle(ax: Axes, corner: tuple[float, float], size: tuple[float, float], **style: Any) -> None:
    """Draw a rectangle from its upper left corner, without a border unless one is asked for."""
    from matplotlib.patches import Rectangle

    ax.add_artist(Rectangle(corner, *size, **{"linewidth": 0.0, **style}))


def write(ax: Axes, x: float, y: float, text: str, size: float, **style: Any) -> None:
    """Write one line, its middle there."""
    style = {"ha": "center", "va": "center_baseline", "color": INK, **style}
    ax.text(x, y, text, fontsize=size, fontfamily="DejaVu Sans", parse_math=False, **style)


def write_lines(ax: Axes, x: float, middle: float, words: Words, **style: Any) -> None:
    """Write lines below each other, around a middle."""
    for shift, line in shifts(words):
        write(ax, x, middle + shift, line, words.size, **style)


def shifts(words: Words) -> list[tuple[float, str]]:
    """Return the lines with their distance from the middle."""
    step = words.size * LINE_HEIGHT
    return [((place - (len(words.lines) - 1) / 2) * step, line) for place, line in enumerate(words.lines)]


def glued(name: str) -> str:
    """Return a name whose guillemets hold to what they enclose, however its author typed the spaces."""
    return name.replace("« ", "«\u00a0").replace(" »", "\u00a0»")


@dataclass(frozen=True)
class Heads:
    """The heads of columns of one width: wrapped, or upright where they are narrow."""

    words: list[Words]
    upright: bool
    height: float

    @classmethod
    def of(cls, names: Sequence[str], width: float, *, size: float) -> Heads:
        """Wrap the names of columns that are `width` points wide."""
        names = [glued(name) for name in names]
        if width < _UPRIGHT:
            longest = max((line_width(clean(name), size) for name in names), default=0.0)
            lines = max(1, int((width - 2.0) / (_UPRIGHT_SIZE * LINE_HEIGHT)))
            room = min(longest + 4.0, _TALLEST if lines > 1 else _TALLEST_LINE)
            return cls(_alike(names, room, size, lines), True, room)
        words = _alike(names, width - 2.0, size, 4)
        return cls(words, False, max((each.height for each in words), default=0.0))


def _alike(names: Sequence[str], width: float, size: float, lines: int) -> list[Words]:
    """Wrap names at one size, the largest of a few at which all of them fit."""
    words = [wrap_whole(name, width, size, max_lines=lines) for name in names]
    smallest = min((each.size for each in words), default=size)
    return [wrap_whole(name, width, smallest, max_lines=lines) for name in names]


def draw_heads(ax: Axes, heads: Heads, *, left: float, width: float, bottom: float) -> None:
    """Write the heads of columns that begin at `left`, standing on `bottom`."""
    for place, words in enumerate(heads.words):
        x = left + (place + 0.5) * width
        for shift, line in shifts(words):
            if heads.upright:
                write(ax, x + shift, bottom, line, words.size, va="bottom", rotation=90)
            else:
                write(ax, x, bottom - words.height / 2 + shift, line, words.size)
