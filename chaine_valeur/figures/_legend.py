"""The legend and the notes of the chain figure: a running text of signs, broken over lines by its width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ._style import INK, SOFT_INK
from ._text import LINE_HEIGHT, clean, line_width, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Entry", "Laid", "draw_legend", "lay_out"]

_HANDLE = 15.0
_SPACE = 11.0


@dataclass(frozen=True)
class Entry:
    """One sign and its meaning; without a sign, the heading of those that follow."""

    label: str
    sign: Callable[[Axes, float, float, float, float], None] | None = None


@dataclass(frozen=True)
class Laid:
    """A legend broken over lines."""

    entries: list[tuple[Entry, float, float]]  # with their left edge and their middle height
    notes: list[str]
    height: float
    size: float


def lay_out(groups: Sequence[Sequence[Entry]], notes: Sequence[str], *, width: float, size: float) -> Laid:
    """Break the entries over lines no wider than `width` points; a group begins a line if it does not fit."""
    line = size * LINE_HEIGHT + 3.0
    x, y = 0.0, line / 2
    placed: list[tuple[Entry, float, float]] = []
    for named in groups:
        group = [replace(entry, label=clean(entry.label)) for entry in named]
        if not group:
            continue
        total = sum(_wide(entry, size) for entry in group)
        if x > 0 and x + total > width:
            x, y = 0.0, y + line
        for entry in group:
            if x > 0 and x + _wide(entry, size) - _SPACE > width:
                x, y = 0.0, y + line
            placed.append((entry, x, y))
            x += _wide(entry, size)
    below = y + line / 2 if placed else 0.0
    text = "  ·  ".join(notes)
    # a long line of small type comes out wider on a screen, where each glyph is fitted to whole pixels
    lines = wrap(text, 0.98 * width, size, max_lines=6) if text else []
    return Laid(placed, lines, below + len(lines) * size * LINE_HEIGHT + (2.0 if lines else 0.0), size)


def _wide(entry: Entry, size: float) -> float:
    heading = entry.sign is None
    return (
        (0.0 if heading else _HANDLE + 3.5)
        + line_width(entry.label, size, bold=heading)
        + (5.0 if heading else _SPACE)
    )


def draw_legend(ax: Axes, laid: Laid, *, left: float, top: float) -> None:
    """Draw a legend whose upper left corner stands there."""
    for entry, x, y in laid.entries:
        if entry.sign is not None:
            entry.sign(ax, left + x, top + y, _HANDLE, 0.8 * laid.size)
        ax.text(
            left + x + (0.0 if entry.sign is None else _HANDLE + 3.5),
            top + y + 0.38 * laid.size,
            entry.label,
            fontsize=laid.size,
            fontweight="bold" if entry.sign is None else "normal",
            fontfamily="DejaVu Sans",
            color=INK,
            va="baseline",  # the middle of a line would depend on its accents
            parse_math=False,
        )
    step = laid.size * LINE_HEIGHT
    for place, line in enumerate(laid.notes):  # in the order in which they are read
        ax.text(
            left,
            top + laid.height - (len(laid.notes) - 1 - place) * step,
            line,
            fontsize=laid.size,
            fontfamily="DejaVu Sans",
            color=SOFT_INK,
            va="bottom",
            parse_math=False,
        )
