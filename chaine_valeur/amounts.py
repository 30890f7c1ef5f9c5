"""Numbers as people type them, with the unit behind them: read for what they say, or refused with what to write.

Nothing is guessed: « ~ 40 » is no number, and the reader is told to write 40 and to say that it is estimated.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

import numpy as np

from .language import tr
from .schema import unit_label, unit_names, unit_spellings

__all__ = ["advice_on", "decimal_signs", "parse_number", "takes_percent", "without_separator"]

_SPACES = re.compile(r"[^\S\r\n]+")
# digits in one piece, or in groups of three; then decimals, a power of ten, « % » or a unit
_NUMBER = re.compile(
    r"(?P<sign>[+-]?) ?"
    r"(?:(?P<whole>\d+|\d{1,3}(?: \d{3})+)(?:[.,](?P<part>\d*))?|[.,](?P<only>\d+)"
    r"|(?P<points>\d{1,3}(?:\.\d{3})+),(?P<comma_part>\d*)|(?P<commas>\d{1,3}(?:,\d{3})+)\.(?P<point_part>\d*))"
    r"(?P<power>e[+-]?\d+)? ?(?P<unit>[^\W\d_].*|[%€].*)?",
    re.IGNORECASE,
)
_GROUPED = re.compile(
    r"\+?(?P<minus>-?) ?(?P<whole>[1-9]\d{0,2})(?P<dot>[.,])(?P<part>\d{3}) ?(?P<unit>(?![eE][+-]?\d)[^\W\d_].*|€.*)?"
)
# « k€ », « M€ »: thousands and millions of money; « m€ » could be either, or a thousandth
_SCALED = re.compile(r"(?P<scale>[kKM]) ?(?=€|[eE][uU][rR])")
_SCALES = {"k": 3, "M": 6}
#: Units without dimension, in which « 35 % » says 0.35.
_WITHOUT_DIMENSION = frozenset({"share", "t/t", "ratio"})
_ROUGH = re.compile(
    r"(?:[~∼≈±]|(?:environ|env|approx|circa|ca|about|presque|autour de|à peu près)\b\.?)\s*(?P<before>.+)"
    r"|(?P<after>.+?)\s*(?:environ|env\.?|approx\.?|\?+)",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?:entre |de |from |between )?(?P<low>.+?)\s*(?:-|–|—|/|\bà|\bet|\bou|\bto|\band|\bor)\s*(?P<high>.+)",
    re.IGNORECASE,
)


def parse_number(cell: Any, *, unit: str | None = None) -> float:
    """Return the number that a cell means; ``ValueError`` where it means none.

    Spaces of every kind group digits by three, comma or point is the decimal sign (the last of the two where
    both stand), « 12 % » is 0.12. What follows the number has to spell `unit` (of the schema; by default any
    of them): « 300 €/t » is no tonnage. Of a unit in euros per something the bare € is enough, and thousands and
    millions of euros are read: « 38 k€ », « 1,2 M€/an ».

    Examples
    --------
    >>> parse_number("1 234,5"), parse_number("12 %"), parse_number("1,234.5"), parse_number("300 t/an")
    (1234.5, 0.12, 1234.5, 300.0)
    >>> parse_number("8 000 €", unit="EUR/t"), parse_number("1,2 M€", unit="EUR")
    (8000.0, 1200000.0)
    """
    if isinstance(cell, (int, float, np.integer, np.floating)) and not isinstance(cell, bool):
        return _finite(cell)
    found = _NUMBER.fullmatch(_spaced(cell).replace("\u2212", "-"))
    if found is None:
        raise ValueError(cell)
    parts = {name: part or "" for name, part in found.groupdict().items()}
    shift = _shift(parts["unit"], unit)
    if shift is None:
        raise ValueError(cell)
    whole = re.sub(r"\D", "", parts["whole"] or parts["points"] or parts["commas"]) or "0"
    part = parts["part"] or parts["only"] or parts["comma_part"] or parts["point_part"] or "0"
    # as an exponent, so that 28,5 % is the float nearest to 0.285
    return _finite(f"{parts['sign']}{whole}.{part}e{int(parts['power'][1:] or 0) + shift}")


def takes_percent(unit: str) -> bool:
    """Return whether « 35 % » may stand in a column of a unit: a share, or another one without dimension."""
    return unit in _WITHOUT_DIMENSION


def without_separator(cell: Any, unit: str, signs: Collection[str] = ()) -> str:
    """Return the digits of a figure read as decimals of which the sign may group thousands; else an empty text.

    That is a text cell with one to three digits, a comma or a point, and exactly three digits, in a column of tonnes,
    euros or jobs. Where the sign is a decimal one elsewhere in the column, among `signs`, only three digits of which
    the last is 0 are doubtful: nobody, and no program, has to write « 1,250 » for 1.25.

    Examples
    --------
    >>> without_separator("1,250 t", "t/year"), without_separator("0.250", "t/year"), without_separator(1.25, "t/year")
    ('1250', '', '')
    >>> without_separator("1.234", "FTE", decimal_signs(["1.234", "2.5"]))
    ''
    """
    if not isinstance(cell, str) or not _may_run_to_thousands(unit):
        return ""
    found = _GROUPED.fullmatch(_spaced(cell))
    if found is None or _SCALED.match(found["unit"] or ""):
        return ""
    part = found["part"]
    return "" if found["dot"] in signs and part[-1] != "0" else f"{found['minus']}{found['whole']}{part}"


def decimal_signs(cells: Iterable[Any]) -> frozenset[str]:
    """Return the signs, comma or point, that the texts of a column use as decimal ones beyond doubt.

    Examples
    --------
    >>> sorted(decimal_signs(["310,5", "1.250", 2.5]))
    [',']
    """
    found: set[str] = set()
    for cell in cells:
        text = _spaced(cell) if isinstance(cell, str) else ""
        number = _NUMBER.fullmatch(text) if "." in text or "," in text else None
        if number is not None and _GROUPED.fullmatch(text) is None:
            groups = ("part", "only", "comma_part", "point_part")
            found |= {text[number.start(group) - 1] for group in groups if number[group]}
    return frozenset(found)


@cache
def _may_run_to_thousands(unit: str) -> bool:
    return unit in ("t/year", "FTE") or unit.startswith("EUR")


def _spaced(cell: Any) -> str:
    return _SPACES.sub(" ", str(cell)).strip()


def _finite(number: Any) -> float:
    try:
        value = float(number)
    except OverflowError:
        value = math.inf
    if math.isinf(value):
        raise ValueError(number)
    return value


def _shift(spelled: str, unit: str | None) -> int | None:
    """Return the power of ten that what follows a number stands for; ``None`` where it is another unit."""
    if not spelled:
        return 0
    if spelled == "%":
        return -2
    if _unit_key(spelled) in _unit_keys(unit):
        return 0
    scaled = _SCALED.match(spelled)
    if scaled and _unit_key(spelled[scaled.end() :]) in _unit_keys(unit):
        return _SCALES[scaled["scale"] if scaled["scale"] == "M" else "k"]
    return None


def _unit_key(spelled: str) -> str:
    return spelled.casefold().replace(" ", "")


@cache
def _unit_keys(unit: str | None) -> frozenset[str]:
    asked = set(unit_names() if unit is None else (unit,))
    if any(name.startswith("EUR/") for name in asked):
        asked.add("EUR")  # « 8 000 € » in a column of €/t
    return frozenset(_unit_key(spelled) for name in asked for spelled in unit_spellings(name))


def advice_on(cell: Any, unit: str, *, lang: str = "fr") -> str:
    """Return what to write in place of a cell that is no number, in a sentence.

    Parameters
    ----------
    unit
        Of the column, in the schema.

    Examples
    --------
    >>> advice_on("~ 40", "FTE", lang="en")
    'Write “40” alone, and choose “Estimated” under Confidence.'
    >>> advice_on("300 kg", "t/year", lang="en")
    'The unit of this column is t/year: convert the figure, and write it alone.'
    """
    text = _spaced(cell)
    rough = _ROUGH.fullmatch(text)
    figure = (rough["before"] or rough["after"] or "") if rough else ""
    if figure and _is_number(figure, unit):
        return tr("Write “{figure}” alone, and choose “Estimated” under Confidence.", lang, figure=figure)
    ends = _RANGE.fullmatch(text)
    if ends and _is_number(ends["low"], unit) and _is_number(ends["high"], unit):
        return tr("These are two figures: write one, and choose “Estimated” under Confidence.", lang)
    closed = re.sub(r"(?<=\d) (?=\d)", "", text)
    if closed != text and _is_number(closed, unit):
        return tr(
            "A space groups digits by three: if {figure} is meant, write “{figure}”.", lang, figure=closed
        )
    known = unit_label(unit, lang)
    found = _NUMBER.fullmatch(text)
    if found and found["unit"] and known:
        return tr(
            "The unit of this column is {unit}: convert the figure, and write it alone.", lang, unit=known
        )
    return tr(
        "Write the figure alone; if it is rough, write it and choose “Estimated” under Confidence.", lang
    )


def _is_number(text: str, unit: str) -> bool:
    try:
        parse_number(text, unit=unit)
    except ValueError:
        return False
    return True
