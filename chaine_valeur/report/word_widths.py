"""Widths of the columns of a Word table: no word is cut, and the rows are as low as the room allows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .blocks import Grid

__all__ = ["Widths", "column_widths", "text_cm"]

#: Sizes of the text of a table in points, the second where the words of the first are too wide for the page.
SIZES = (8.0, 7.0)
#: What stands beside the text of a cell, and the width beyond which a word may be cut, in centimetres.
ROOM_CM, LONGEST_CM = 0.36, 3.6
#: Rows that are looked at: a table of thousands is no wider than its first ones tell.
MOST_ROWS = 400
_STEPS = 96
_POINT_CM = 2.54 / 72
_BOLD = 1.12
# design widths of Arial and its metric twins, in thousandths of the font size
_ADVANCES = {
    222: "ijl’‘'|", 278: "ft./:;,! I\u00a0\u202f\\[]", 333: "r()-{}*°“”", 389: '"', 500: "ckJsvxyz_",
    556: "abdeghnopquL0123456789$€«»?–#", 584: "+=<>~±×−", 611: "FTZ", 667: "ABEKPSVXY&", 722: "CDHNRUw",
    778: "GOQ", 833: "Mm", 889: "%", 944: "W", 1000: "—…→",
}  # fmt: skip
_ADVANCE = {char: width for width, chars in _ADVANCES.items() for char in chars}
_BREAK = re.compile(r"[ \t\n]+|(?<=[\w)]-)(?=\w)")


@dataclass(frozen=True)
class Widths:
    """Widths of columns in centimetres, which add up to the room; ``size`` is that of their text in points."""

    cm: tuple[float, ...]
    size: float


@lru_cache(maxsize=4_096)
def _advance(char: str) -> int:
    if char in _ADVANCE:
        return _ADVANCE[char]
    bare = unicodedata.normalize("NFD", char)[0]
    if bare in _ADVANCE:
        return _ADVANCE[bare]
    return 1000 if unicodedata.east_asian_width(char) in "WF" else 620


def text_cm(text: str, *, size: float, bold: bool = False) -> float:
    """Return the width of one line of text in centimetres, as Arial sets it.

    Parameters
    ----------
    text
        What is written; a letter that Arial lacks counts as a wide one.
    size
        In points.

    Returns
    -------
    float
        Not negative; 0 of an empty text.

    Examples
    --------
    Four digits, each 0.556 of the size, at 10 points (0.353 cm):

    >>> round(text_cm("2024", size=10), 3)
    0.785
    """
    return sum(map(_advance, text)) / 1000 * size * _POINT_CM * (_BOLD if bold else 1.0)


def column_widths(grids: Iterable[Grid], room: float) -> Widths:
    """Return the widths that tables of the same columns share.

    Each column gets its longest word; what is left goes, slice by slice, where it lowers the rows most, high ones
    above all: the sum of the squares of their heights. The height of a row is that of its highest cell, smoothed so
    that two high cells both count: ``(1 + Σ (text / width) ** 4) ** (1 / 4)``.

    Parameters
    ----------
    grids
        Tables with as many columns each; alike tables get alike widths.
    room
        Width of the text of the page, in centimetres.

    Returns
    -------
    Widths
        One for each column. Their sum is the room; a word wider than `LONGEST_CM` may be cut, and every word where
        there are too many columns for the page.

    Examples
    --------
    >>> grid = Grid.of("", ["Name", "What is known of it"], [["Tri", "a long story, " * 20]])
    >>> widths = column_widths([grid], 17.0)
    >>> round(sum(widths.cm), 6), widths.cm[1] > 14
    (17.0, True)
    """
    grids = list(grids)
    for size in SIZES:
        lines, least = _measured(grids, size)
        if least.sum() <= room:
            break
    if least.sum() > room:
        return Widths(tuple((least * room / least.sum()).tolist()), size)
    return Widths(tuple(_shared_out(lines, least, room).tolist()), size)


def _measured(grids: Sequence[Grid], size: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the width of each text on one line (rows × columns), and the least width of each column."""
    rows: list[list[float]] = []
    least = np.full(len(grids[0].columns), ROOM_CM)
    for grid in grids:
        texts = [([column.label for column in grid.columns], [True] * len(grid.columns))]
        each = max(MOST_ROWS // len(grids), 8)
        texts += [([cell.text for cell in row], [cell.strong for cell in row]) for row in grid.rows[:each]]
        for row, strong in texts:
            rows.append([text_cm(text, size=size, bold=b) for text, b in zip(row, strong, strict=True)])
            words = [
                max((text_cm(word, size=size, bold=b) for word in _BREAK.split(text)), default=0.0)
                for text, b in zip(row, strong, strict=True)
            ]
            least = np.maximum(least, np.minimum(words, LONGEST_CM) + ROOM_CM)
    return np.array(rows), least


def _shared_out(lines: np.ndarray, least: np.ndarray, room: float) -> np.ndarray:
    """Return the least widths and the rest of the room, each slice where it lowers the rows most."""
    widths, slice_ = least.copy(), (room - least.sum()) / _STEPS
    for _ in range(_STEPS):
        now = (lines / (widths - ROOM_CM + 0.05)) ** 4
        then = (lines / (widths + slice_ - ROOM_CM + 0.05)) ** 4
        whole = 1.0 + now.sum(axis=1, keepdims=True)
        gain = (whole**0.5 - (whole - now + then) ** 0.5).sum(axis=0)
        widths[int(gain.argmax())] += slice_
    return widths
