"""Values as the text of an XML file, many at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .attributes import Attribute

__all__ = ["OUTSIDE_XML", "escaped", "harmed", "pieces", "typed", "values_as_text", "written_rows"]

#: What no XML file may hold, however it is written.
OUTSIDE_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SIGNS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_SPECIAL = re.compile(r'[&<>"\n\r\t]')
_ROWS_AT_ONCE = 10_000


def escaped(text: str) -> str:
    """Return a text as it may stand in an element or in quotes; characters outside XML become U+FFFD.

    Examples
    --------
    >>> escaped('Tri & "vente"')
    'Tri &amp; &quot;vente&quot;'
    """
    text = OUTSIDE_XML.sub("\ufffd", text)
    return _SPECIAL.sub(lambda found: _SIGNS[found[0]], text)


def values_as_text(attribute: Attribute) -> list[str | None]:
    """Return the values of an attribute as XML writes them, ``None`` where unknown; each text is made once."""
    codes, distinct = pd.factorize(attribute.values, use_na_sentinel=True)
    texts: list[str | None] = [_as_text(value, attribute.kind) for value in distinct]
    texts.append(None)
    return [texts[code] for code in codes.tolist()]


def _as_text(value: Any, kind: str) -> str:
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "long":
        return str(int(value))
    return repr(float(value)) if kind == "double" else escaped(str(value))


def typed(text: str, kind: str) -> Any:
    """Return the value of a text of an XML file, by the kind that the file gives it; the text where it is none of that.

    Examples
    --------
    >>> typed("12", "integer"), typed("true", "boolean"), typed("douze", "double"), typed("a|b", "liststring")
    (12, True, 'douze', 'a|b')
    """
    try:
        if kind in ("double", "float", "bigdecimal"):
            value = float(text)
            return value if value - value == 0 else text
        if kind in ("integer", "int", "long", "short", "byte", "biginteger"):
            return int(text)
    except (ValueError, OverflowError):
        return text
    if kind == "boolean" and text.strip().lower() in ("true", "false", "1", "0"):
        return text.strip().lower() in ("true", "1")
    return text


def harmed(attributes: Mapping[str, Iterable[Any]]) -> int:
    """Return how many texts hold characters that XML cannot."""
    return sum(
        isinstance(value, str) and OUTSIDE_XML.search(value) is not None
        for values in attributes.values()
        for value in values
    )


def pieces(values: Iterable[Any], form: Callable[[Any], str]) -> list[str]:
    """Return what stands for each value: made once each, nothing where unknown."""
    made: dict[Any, str] = {None: ""}
    return [made[value] if value in made else made.setdefault(value, form(value)) for value in values]


def written_rows(columns: list[list[str]]) -> Iterator[str]:
    """Yield the text of many rows at a time, each row the pieces of all columns side by side."""
    size = len(columns[0]) if columns else 0
    for start in range(0, size, _ROWS_AT_ONCE):
        part = [column[start : start + _ROWS_AT_ONCE] for column in columns]
        yield "".join(map("".join, zip(*part, strict=True)))


def checked(values: NDArray[Any]) -> list[str]:
    """Return texts, escaped."""
    return pieces(values, lambda value: escaped(str(value)))
