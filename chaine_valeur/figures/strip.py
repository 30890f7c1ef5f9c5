"""A strip that shows how a figure is spread: a dot per filière, the quartiles, and how many are not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..language import number, percent, quantity, tr, trn
from ..schema import unit_label
from ._sheet import rectangle, write, write_lines
from ._style import INK, MATERIAL_COLOURS, PAPER, SOFT_INK
from ._text import line_width, wrap_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

__all__ = ["STRIP", "draw_strip", "stacked", "told_value"]

#: Height of a strip, and of the room in which its dots are piled up.
STRIP, _PILE = 38.0, 19.0
_SIZE, _SMALL, _DOT = 7.5, 6.5, 3.6
_BOX = "#C9D6E0"


def told_value(value: float, unit: str, lang: str) -> str:
    """Return a value of a scale: a percentage for a share, else the number with its unit."""
    if unit == "share":
        return percent(value, lang)
    if unit in ("", "ratio", "count"):
        return number(value, lang)
    digits = 0 if unit.startswith("EUR") and abs(value) >= 10 else None
    return quantity(value, unit_label(unit, lang), lang, digits=digits)


def draw_strip(
    ax: Axes,
    row: dict[str, Any],
    values: NDArray[np.float64],
    *,
    top: float,
    width: float,
    label: float,
    lang: str,
) -> None:
    """Draw one strip whose upper edge is at `top`: its name, its dots between the ends of its scale, its counts."""
    words = wrap_whole(row["name"], label - 8.0, _SIZE, max_lines=3)
    write_lines(ax, 4.0, top + _PILE / 2 + 4.0, words, ha="left")
    told = (
        trn("{count} unknown", "{count} unknown", row["n_unknown"], lang)
        if row["n_unknown"]
        else tr("all known", lang)
    )
    aside = max(line_width(told, _SMALL) + 8.0, 44.0)
    left, right = label, width - aside
    base = top + _PILE + 4.0
    write(ax, width - 3.0, base - _PILE / 2, told, _SMALL, ha="right", color=SOFT_INK)
    rectangle(ax, (left, base), (right - left, 0.7), facecolor=SOFT_INK, gid="scale")
    ends = (row["from_value"], row["to_value"])
    for x, end, ha in ((left, ends[0], "left"), (right, ends[1], "right")):
        write(ax, x, base + 6.5, told_value(end, row["unit"], lang), _SMALL, ha=ha, color=SOFT_INK)
    if not len(values):
        return
    span = right - left - _DOT

    def at(value: float) -> float:
        return left + _DOT / 2 + (value - ends[0]) / (ends[1] - ends[0]) * span

    first, middle, last = at(row["q1"]), at(row["median"]), at(row["q3"])
    rectangle(
        ax, (first, base - _PILE), (max(last - first, 1.0), _PILE), facecolor=_BOX, gid="box", zorder=0.5
    )
    rectangle(
        ax, (middle - 0.7, base - _PILE - 1.5), (1.4, _PILE + 1.5), facecolor=INK, gid="median", zorder=1.5
    )
    spots = np.array([at(value) for value in np.sort(values).tolist()])
    height = stacked(spots, _DOT)
    step = min(_DOT, (_PILE - _DOT) / max(float(height.max()), 1.0))
    ax.scatter(
        spots, base - _DOT / 2 - 0.5 - height * step, s=(_DOT) ** 2, facecolor=MATERIAL_COLOURS[0], edgecolor=PAPER,
        linewidth=0.35, zorder=2, gid="dots", clip_on=False,
    )  # fmt: skip
    text = tr("median {value}", lang, value=told_value(row["median"], row["unit"], lang))
    half = line_width(text, _SMALL) / 2
    room = [line_width(told_value(end, row["unit"], lang), _SMALL) + 6.0 for end in ends]
    if right - left > sum(room) + 2 * half:
        write(ax, min(max(middle, left + room[0] + half), right - room[1] - half), base + 6.5, text, _SMALL)


def stacked(x: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    """Return how many dots stand below each, of dots along a line: those that would cover it are piled up.

    Examples
    --------
    >>> stacked(np.array([0.0, 0.1, 9.0]), 3.0).tolist()
    [0.0, 1.0, 0.0]
    """
    place = np.round(x / size).astype(np.int64)
    _, first, counts = np.unique(place, return_index=True, return_counts=True)
    return (np.arange(len(place)) - np.repeat(first, counts)).astype(np.float64)
