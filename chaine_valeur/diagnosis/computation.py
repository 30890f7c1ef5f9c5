"""How a figure is computed, down to the rows: its formula, its terms, and what the rows add up to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from ..language import number, quantity, tr, trn
from ..schema import Column, table, unit_label
from .aside import of_table
from .telling import value_text

if TYPE_CHECKING:
    from ..analysis.measure import Measure
    from ..filiere import Filiere
    from .measured import Measured

__all__ = ["computation"]

_CLOSE = 1e-9
#: Units of what is added up, and columns that never are.
_ADDED = frozenset(("t/year", "EUR", "EUR/year", "FTE", "person", "post", "-"))
_NOT_ADDED = frozenset(
    ("stock_change_t_per_year", "min_t_per_year", "max_t_per_year", "minimum_viable_t_per_year", "rank")
)


def computation(f: Filiere, one: Measured, *, lang: str) -> tuple[str, ...]:
    """Return how an indicator is computed, in sentences: the formula, its terms, what the rows give.

    A term is led back to its rows where it counts them, or is in the unit of one of their columns and its sum; of a term
    that is computed from them in another way the rows that it rests on are listed, and nothing is claimed.
    """
    measure = one.measure
    formula = tr("{label}: {text}", lang, label=tr("Formula", lang), text=tr(one.indicator.formula, lang))
    if measure.value != measure.value:
        return (formula,)
    told = [formula]
    if _is_ratio(measure):
        told.append(
            tr(
                "Computed: {part} ÷ {whole} = {value}.",
                lang,
                part=number(measure.numerator, lang),
                whole=number(measure.denominator, lang),
                value=value_text(measure, lang=lang),
            )
        )
        terms = list(zip((measure.numerator, measure.denominator), _units(measure.unit), strict=True))
    else:
        terms = [(measure.value, measure.unit)]
    told += [sentence for term, unit in terms if (sentence := _term(f, one, term, unit, lang))]
    return tuple(dict.fromkeys(told))


def _units(unit: str) -> tuple[str, str]:
    """Return the units of the two terms of a ratio; empty where it says nothing of them."""
    part, _, whole = unit.partition("/")
    return (part, whole) if whole and whole != "year" else ("", "")


def _is_in(column: Column, unit: str) -> bool:
    """Whether what a column adds up can be a term: tonnes are no FTE, whatever the figures."""
    return not unit or column.unit in ("-", unit) or column.unit == f"{unit}/year"


def _is_ratio(measure: Measure) -> bool:
    """Whether the two terms of a measure give its value."""
    part, whole, value = measure.numerator, measure.denominator, measure.value
    return part == part and whole == whole and whole != 0 and bool(np.isclose(part / whole, value, rtol=1e-6))


def _term(f: Filiere, one: Measured, term: float, unit: str, lang: str) -> str:
    """Return which rows a term is the sum, or the number, of; empty where it is neither."""
    if term == 0:
        return ""
    counted = one.indicator.counts
    if counted:  # what is counted is the sum of nothing, whatever adds up to it
        if len(one.measure.rows.get(counted, ())) != term:
            return ""
        of, value = of_table(counted, lang=lang), number(term, lang)
        return tr(
            "{value} is the number of rows {of_table} that it rests on.", lang, value=value, of_table=of
        )
    for name, ids in one.measure.rows.items():
        of = of_table(name, lang=lang)
        for column in _summed(f, name, ids, term, unit):
            return tr(
                "{value} is the sum of “{column}” over {rows}.",
                lang,
                value=quantity(term, unit_label(column.unit, lang), lang),
                column=column.label(lang),
                rows=trn("{count} row {of_table}", "{count} rows {of_table}", len(ids), lang, of_table=of),
            )
    return ""


def _summed(f: Filiere, name: str, ids: Iterable[str], term: float, unit: str) -> Iterator[Column]:
    """Yield the columns of which the rows add up to a term; most rows have a figure in it, or it is by chance."""
    frame = f.table(name)
    frame = frame.loc[[one for one in ids if one in frame.index]]
    for column in table(name):
        if not column.is_numeric or column.unit not in _ADDED or column.name in _NOT_ADDED:
            continue
        if not _is_in(column, unit):
            continue
        values = frame[column.name].astype("Float64").astype("float64")
        if 2 * values.notna().sum() >= len(values) > 0 and np.isclose(
            values.sum(), term, rtol=_CLOSE, atol=0
        ):
            yield column
