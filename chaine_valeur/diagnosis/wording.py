"""Rows in plain words: labels of columns, names of what is referred to, numbers with their units."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..language import clauses, date_text, percent, quantity, tr
from ..schema import Column, reference_targets, table, unit_label
from ..text import split_list
from ..vocabulary import label

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["cell_text", "known", "named", "row_contents", "text_of"]

#: Columns that an explanation tells apart, or that say nothing to a reader.
_ASIDE = {"source_id", "confidence", "hypothesis", "confidentiality", "note", "year"}
#: What may be of few people: a report tells it by structure, and hides these.
_FEW_PEOPLE = {"exits", "lasting_exits", "transition_exits", "positive_exits"}
_CODES = {"siret", "naf", "rome", "commune"}


def known(value: Any) -> bool:
    """Whether a cell holds something."""
    return value is not None and str(value) not in ("<NA>", "NaT") and value == value


def text_of(value: Any) -> str:
    """Return a text cell, empty where it is unknown."""
    return str(value) if known(value) else ""


def row_contents(f: Filiere, name: str, identifiers: Iterable[str], *, lang: str) -> list[str]:
    """Return rows of a table in plain words: the columns that say something, with their labels."""
    home = table(name)
    frame = f.table(name).loc[list(identifiers)]
    columns = [
        column for column in home
        if column.need != "key" and column.name not in _ASIDE | _FEW_PEOPLE and column.type not in _CODES
        and not column.internal and column.unit != "degree" and column.name in frame
    ]  # fmt: skip
    names = {column.name: named(f, column) for column in columns}
    texts: list[list[str]] = [[] for _ in range(len(frame))]
    for column in columns:
        for place, value in enumerate(frame[column.name].tolist()):
            told = cell_text(value, column, names=names[column.name], exact=True, lang=lang)
            if not told or (column.default and str(value).lower() == column.default):
                continue
            is_name = column.need == "name"
            texts[place].append(
                told if is_name else tr("{label}: {text}", lang, label=column.label(lang), text=told)
            )
    return [clauses(parts, lang) for parts in texts]


def _decimals(value: float, shift: int = 0) -> int:
    """Return how many decimals a number needs, six at most, once the point has moved to the right."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return min(6, max(0, -int(exponent) - shift)) if math.isfinite(value) else 0


def named(f: Filiere, column: Column) -> Mapping[str, str]:
    """Return identifier → name of what a column refers to; empty where it refers to nothing with a name."""
    target = reference_targets(column)
    if target is None or not table(target[0]).name_column or target[1] != table(target[0]).key:
        return {}
    frame = f.table(target[0])
    return dict(zip(frame.index, frame[table(target[0]).name_column].fillna(""), strict=True))


def cell_text(
    value: Any,
    column: Column,
    *,
    names: Mapping[str, str] | None = None,
    exact: bool = False,
    lang: str = "fr",
) -> str:
    """Return one cell as a reader writes it, with its unit; unknown is empty.

    Parameters
    ----------
    names
        Identifier → name, for a column that refers to another table.
    exact
        Whether a figure has all of its decimals, as the row that it comes from, rather than those that mean something.
    """
    if not known(value):
        return ""
    if column.type == "share":
        return percent(float(value), lang, digits=_decimals(float(value), 2) if exact else 0)
    if column.is_numeric:
        digits = _decimals(float(value)) if exact else None
        return quantity(float(value), unit_label(column.unit, lang), lang, digits=digits)
    if column.type == "year":
        return str(int(value))
    if column.type == "boolean":
        return tr("yes", lang) if value else tr("no", lang)
    if column.type == "date":
        return date_text(value, lang)
    if column.type in ("category", "list"):
        entries = split_list(str(value)) if column.type == "list" else [str(value)]
        words = [label(entry, column.vocabulary, lang) if column.terms else entry for entry in entries]
        return ", ".join((names or {}).get(word, word) for word in words)
    return (names or {}).get(str(value), str(value))
