"""Text as it will stand on the page: its measured width, and lines broken to fit a width.

Widths come from matplotlib's own glyph metrics, unhinted, so that a layout does not depend on the
resolution or on the file format. Everything is in points (1/72 inch).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

__all__ = ["LEGIBLE", "LINE_HEIGHT", "Words", "brief", "clean", "font", "line_width", "wrap", "wrap_whole"]

#: No text is smaller, in points, unless the picture is too small for what it holds.
LEGIBLE = 6.0
#: Distance between two lines, in font sizes.
LINE_HEIGHT = 1.2
#: Hinted glyphs (PNG) come out up to this much wider than their design width.
_HINTING = 1.03
_ELLIPSIS, _SQUARE = "…", "□"
_SOFT = "\u00ad"  # where a word may be cut: shown as a hyphen at the end of a line only
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u2028\u2029]+")
_SPACES = re.compile(" +")
# U+00A0 and U+202F are there to hold a number and its unit together: no break at them
_BREAKS = re.compile(r"(?<= )|(?<=\w[-–—/])(?=\w)")
_VOWELS = "aeiouy"


@dataclass(frozen=True)
class Words:
    """A name or a sentence broken over lines, at a size of its own."""

    lines: list[str]
    size: float

    @property
    def height(self) -> float:
        """Height of the lines in points."""
        return len(self.lines) * self.size * LINE_HEIGHT


def clean(text: object) -> str:
    """Return `text` on one line, without control characters: what a name becomes in a picture.

    Letters that the typeface lacks become an empty square, as they would on the page, without a warning each.
    """
    line = _SPACES.sub(" ", _CONTROL.sub(" ", "" if text is None else str(text))).strip()
    return line if line.isascii() else "".join(c if ord(c) in _glyphs() else _SQUARE for c in line)


def brief(text: object, most: int = 90) -> str:
    """Return `text` on one line of at most so many characters: what no figure would hold is cut before it is laid out.

    Examples
    --------
    >>> brief("Menuiserie d’insertion", 11)
    'Menuiserie…'
    """
    line = clean(text)
    return line if len(line) <= most else line[: most - 1].rstrip(" \u00a0\u202f-–—/,") + _ELLIPSIS


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    """The characters that every face of the typeface has."""
    from matplotlib.font_manager import findfont, get_font

    faces = [font(bold=bold, italic=italic) for bold in (False, True) for italic in (False, True)]
    maps = [frozenset(get_font(findfont(face)).get_charmap()) for face in faces]
    return frozenset.intersection(*maps)


@lru_cache(maxsize=8)
def font(*, bold: bool = False, italic: bool = False) -> FontProperties:
    """Return the typeface of the figures: DejaVu Sans, which matplotlib brings along everywhere."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(
        family="DejaVu Sans",
        weight="bold" if bold else "normal",
        style="italic" if italic else "normal",
        size=10,
    )


@lru_cache(maxsize=8_192)
def _advance(char: str, bold: bool, italic: bool) -> float:
    """How far a glyph moves the pen, in font sizes: its design width, which hinting leaves alone.

    Kerning is left out: it only brings letters closer.
    """
    from matplotlib.font_manager import findfont, get_font

    face = get_font(findfont(font(bold=bold, italic=italic)))
    face.set_size(100, 72)
    return face.load_char(ord(char)).linearHoriAdvance / 65_536 / 100


def line_width(text: str, size: float, *, bold: bool = False, italic: bool = False) -> float:
    """Return the width of one line of text in points."""
    return sum(_advance(char, bold, italic) for char in text) * size * _HINTING


def wrap(
    text: str, width: float, size: float, *, max_lines: int = 3, bold: bool = False, italic: bool = False
) -> list[str]:
    """Return `text` broken into lines no wider than `width` points, as even as the words allow.

    Lines break at ordinary spaces, after a hyphen or a slash, and inside a word only when the word alone is
    too wide. What does not fit in `max_lines` ends with « … ».

    Examples
    --------
    >>> wrap("Menuiserie d’insertion L’Établi", 90, 7)
    ['Menuiserie', 'd’insertion L’Établi']
    """

    def measure(line: str) -> float:
        return line_width(_shown(line), size, bold=bold, italic=italic)

    pieces = [part for word in _BREAKS.split(clean(text)) if word for part in _cut(word, width, measure)]
    if not pieces:
        return [""]
    lines = _fill(pieces, width, measure)
    if len(lines) <= max_lines:
        return [_shown(line) for line in _even(pieces, lines, width, measure)]
    last = "".join(lines[max_lines - 1 :]).replace(_SOFT, "")
    while last and measure(last.rstrip() + _ELLIPSIS) > width:
        last = last[:-1]
    return [*map(_shown, lines[: max_lines - 1]), last.rstrip(" \u00a0\u202f-–—/,") + _ELLIPSIS]


def wrap_whole(text: str, width: float, size: float, *, max_lines: int = 6, bold: bool = False) -> Words:
    """Return `text` at the largest size, of a few below `size`, that cuts no word and leaves nothing out."""
    sizes = [size, *(step for step in (size - 0.5, size - 1.0, size - 1.5) if step >= LEGIBLE)]
    for step in sizes:
        lines = wrap(text, width, step, max_lines=max_lines, bold=bold)
        if "".join(lines).replace(" ", "") == clean(text).replace(" ", ""):
            return Words(lines, step)
    return Words(wrap(text, width, sizes[-1], max_lines=max_lines, bold=bold), sizes[-1])


def _shown(line: str) -> str:
    line = line.rstrip(" ")
    return line.replace(_SOFT, "") + "-" if line.endswith(_SOFT) else line.replace(_SOFT, "")


def _cut(word: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """A word in parts that fit: cut before a syllable where one begins near the edge."""
    parts: list[str] = []
    while measure(word) > width and len(word.rstrip()) > 4:
        longest = len(word.rstrip()) - 2
        fitting = [n for n in range(2, longest + 1) if measure(word[:n] + _SOFT) <= width]
        if not fitting:
            break
        at = next((n for n in fitting[:-5:-1] if _begins_syllable(word, n)), fitting[-1])
        parts.append(word[:at] + _SOFT)
        word = word[at:]
    return [*parts, word]


def _begins_syllable(word: str, at: int) -> bool:
    """Whether a consonant followed by a vowel stands there, not the second letter of ch, gn, tr, bl…"""
    before, first, second = (unicodedata.normalize("NFD", char)[0].lower() for char in word[at - 1 : at + 2])
    if not (first.isalpha() and first not in _VOWELS and second in _VOWELS):
        return False
    return not (first == "h" or (first in "lr" and before in "bcdfgptv") or before + first == "gn")


def _fill(pieces: list[str], width: float, measure: Callable[[str], float]) -> list[str]:
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if measure(lines[-1] + piece) <= width:
            lines[-1] += piece
        else:
            lines.append(piece)
    return lines


def _even(pieces: list[str], lines: list[str], width: float, measure: Callable[[str], float]) -> list[str]:
    """The same number of lines, the longest as short as possible."""
    low, high = max(measure(piece) for piece in pieces), width
    while high - low > 1:
        middle = (low + high) / 2
        tried = _fill(pieces, middle, measure)
        if len(tried) <= len(lines):
            lines, high = tried, middle
        else:
            low = middle
    return lines
