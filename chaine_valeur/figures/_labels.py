"""Where the tonnages and the words « import » and « export » stand: on or beside their own ribbon, nothing else.

A label keeps clear of every other ribbon, of boxes, of the names and sentences of stages, and of the other
labels. One that finds no such place is not written: boxes and the workbook say the quantity too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ._arrange import BACK, EXPORT, IMPORT
from ._bands import Band
from ._page import Page, stub_lines, tonnes
from ._text import LINE_HEIGHT, line_width
from .frames import ChainData

__all__ = ["BADGE_SIZE", "Label", "Space", "badge_width", "ribbon_labels"]

Rectangle = tuple[float, float, float, float]  # left, right, top, bottom
Rectangles = npt.NDArray[np.float64]

#: The letters on the border of a box are no larger than this.
BADGE_SIZE = 6.5
#: A ribbon at least this thick says its quantity; with no more ribbons than `_FEW`, thin ones do too.
_LARGE, _FEW = 6.0, 24
#: How far the words of an import or an export may stand from their place beside the arrow, in steps of so
#: many points: farther off they would be taken for those of another arrow.
_FARTHEST, _STEP = 18.0, 2.0
#: What it costs, in points of distance, to write them on one line, or the quantity alone.
_ONE_LINE, _ALONE = 2.0, 8.0
#: What the mark of a role and a badge take above and below the border of a box.
_OVER = 4.5
#: Half the height of a line of text that is all digits and small letters, in font sizes.
_HALF_LINE = 0.5


@dataclass(frozen=True)
class Label:
    """A few words on the page, beside or on a ribbon."""

    ribbon: int
    lines: tuple[str, ...]
    x: float
    y: float  # the middle of the lines
    side: str  # which side of the words stands at x: left, center, right
    size: float
    rectangle: Rectangle


def badge_width(text: str, size: float, strong: bool) -> float:
    """Return the width of a badge in points."""
    return line_width(text, min(size, BADGE_SIZE), bold=strong) + 5.0


def ribbon_labels(data: ChainData, page: Page, lang: str) -> list[Label]:
    """Return the labels of the ribbons that find a place, those of imports and exports first."""
    solid = np.concatenate([_boxes(page, data), _sentences(page), _headers(page)])
    space = Space(page.bands, solid, size=page.text.small, width=page.width, bottom=page.bottom)
    drawn = [(number, band) for number, band in enumerate(page.bands) if band is not None]
    stubs = [(number, band) for number, band in drawn if band.kind in (IMPORT, EXPORT)]
    found = []
    for number, band in sorted(stubs, key=lambda one: -one[1].thickness):
        found.append(space.beside(number, band, stub_lines(data.ribbons.iloc[number], band.kind, lang)))
    quantity = data.ribbons["quantity_t_per_year"].to_numpy(float)
    unknown = data.ribbons["n_unknown"].to_numpy(int)
    few = len(data.ribbons) <= _FEW
    for number, band in sorted(drawn, key=lambda one: -one[1].thickness):
        large = band.thickness >= _LARGE or band.kind == BACK
        if band.kind in (IMPORT, EXPORT) or not np.isfinite(quantity[number]) or not (large or few):
            continue
        found.append(space.on(number, band, tonnes(quantity[number], int(unknown[number]), lang)))
    return [label for label in found if label is not None]


class Space:
    """What the page is already full of, ribbons and solid rectangles, and the places that are left."""

    def __init__(
        self, bands: Sequence[Band | None], solid: Rectangles, *, size: float, width: float, bottom: float
    ) -> None:
        self.size, self.solid, self.right, self.bottom = size, solid, width, bottom
        parts = [
            (number, piece) for number, band in enumerate(bands) if band is not None for piece in band.cover
        ]
        self.owner = np.array([number for number, _ in parts], dtype=np.int64)
        self.ribbons = np.array([piece for _, piece in parts], dtype=float).reshape(-1, 4)

    def is_free(self, rectangle: Rectangle, number: int) -> bool:
        """Whether nothing but the ribbon itself stands there."""
        left, right, top, bottom = rectangle
        if left < 0 or right > self.right or top < -2.0 or bottom > self.bottom + 2.0:
            return False
        others = self.ribbons[self.owner != number]
        return not (touching(rectangle, self.solid).any() or touching(rectangle, others).any())

    def on(self, number: int, band: Band, text: str) -> Label | None:
        """Return the label of a ribbon that carries its words."""
        wide, tall = line_width(text, self.size) / 2 + 1.0, self.size * _HALF_LINE
        for x, y in band.anchors:
            rectangle = (x - wide, x + wide, y - tall, y + tall)
            if self.is_free(rectangle, number):
                return self._taken(Label(number, (text,), x, y, "center", self.size, rectangle))
        return None

    def beside(self, number: int, band: Band, lines: list[str]) -> Label | None:
        """Return the label of an import or an export: beside its arrow, else as near to it as can be."""
        x, y = band.anchors[0]
        way = -1.0 if band.kind == IMPORT else 1.0
        steps = np.arange(-_FARTHEST, _FARTHEST + _STEP, _STEP)
        wordings = ((0.0, tuple(lines)), (_ONE_LINE, (" ".join(lines),)), (_ALONE, (lines[-1],)))
        tried = [
            (abs(dx) + abs(dy) + cost, cost, dy, dx, words)
            for cost, words in wordings
            for dx in steps[steps >= -4 * _STEP].tolist()
            for dy in steps.tolist()
            if abs(dx) + abs(dy) <= _FARTHEST
        ]
        for _, _, dy, dx, words in sorted(tried):
            wide = max(line_width(line, self.size) for line in words)
            tall = ((len(words) - 1) * LINE_HEIGHT / 2 + _HALF_LINE) * self.size
            near, middle = x + way * dx, y + dy
            far = near + way * wide
            rectangle = (min(near, far), max(near, far), middle - tall, middle + tall)
            own = touching(rectangle, self.ribbons[self.owner == number]).any()
            if not own and self.is_free(rectangle, number):
                side = "right" if way < 0 else "left"
                return self._taken(Label(number, words, near, middle, side, self.size, rectangle))
        return None

    def _taken(self, label: Label) -> Label:
        self.solid = np.concatenate([self.solid, [label.rectangle]])
        return label


def touching(rectangle: Rectangle, others: Rectangles) -> npt.NDArray[np.bool_]:
    """Return which of the other rectangles share room with one."""
    left, right, top, bottom = rectangle
    return (others[:, 0] < right) & (others[:, 1] > left) & (others[:, 2] < bottom) & (others[:, 3] > top)


def _boxes(page: Page, data: ChainData) -> Rectangles:
    """The boxes, with what stands on their borders."""
    column, top, tall = page.plan.box_column, page.at.box_top, page.at.box_height
    badges = [bool(words.badge) for words in page.box_texts]
    marked = data.boxes["role"].notna().to_numpy(bool) | np.array(badges, dtype=bool)
    over = np.where(marked, _OVER, 1.0)
    left, right = page.columns.left[column] - 1.0, page.columns.right[column] + 1.0
    return np.column_stack([left, right, top - over, top + tall + over])


def _sentences(page: Page) -> Rectangles:
    """The sentences in stages without boxes."""
    shown = np.isfinite(page.at.label_top) & np.array([bool(words.lines) for words in page.sentences], bool)
    column = page.plan.block_column[shown]
    tall = np.array([words.height for words in page.sentences])[shown] + 8.0
    top = page.at.label_top[shown]
    return np.column_stack([page.columns.left[column], page.columns.right[column], top, top + tall])


def _headers(page: Page) -> Rectangles:
    """The names of the stages."""
    found = []
    for block, words in enumerate(page.headers):
        x, y = page.header_at(block)
        half = max(line_width(line, words.size, bold=True) for line in words.lines) / 2 + 1.0
        found.append((x - half, x + half, y - words.height / 2, y + words.height / 2))
    return np.array(found, dtype=float).reshape(-1, 4)
