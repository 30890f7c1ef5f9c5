"""What a notebook shows of a portfolio. Everything is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..language import number, tr, trn
from ..schema import table

if TYPE_CHECKING:
    from .portfolio import Portfolio

__all__ = ["summary_html"]

#: Filières that are shown; the others are counted.
_SHOWN = 12


def summary_html(portfolio: Portfolio, *, lang: str = "fr") -> str:
    """Return a small HTML table: the first filières, how many there are, how many did not come in."""
    shown = portfolio.entries.head(_SHOWN)
    heads = [
        tr("Code", lang), tr("Filière", lang), table("filiere")["territory_id"].label(lang), tr("Year", lang),
        table("actors").label(lang), table("flows").label(lang),
    ]  # fmt: skip
    head = "".join(f"<th style='text-align:left'>{escape(one)}</th>" for one in heads)
    body = ""
    for code, row in zip(shown.index, shown.itertuples(), strict=True):
        cells = (
            f"<td style='text-align:{side}'>{escape(cell)}</td>"
            for side, cell in _cells(str(code), row, lang)
        )
        body += f"<tr>{''.join(cells)}</tr>"
    count = trn("{count} filière", "{count} filières", len(portfolio), lang)
    more, failed = len(portfolio) - len(shown), len(portfolio.failures)
    notes = [
        trn("… and {count} other", "… and {count} others", more, lang) if more else "",
        trn("{count} failure: see failures", "{count} failures: see failures", failed, lang)
        if failed
        else "",
    ]
    foot = "".join(f"<p>{escape(one)}</p>" for one in notes if one)
    return f"<div><strong>{escape(count)}</strong><table><tr>{head}</tr>{body}</table>{foot}</div>"


def _cells(code: str, row: Any, lang: str) -> list[tuple[str, str]]:
    territory = row.territory if isinstance(row.territory, str) else row.territory_id
    left = [("left", one if isinstance(one, str) else "") for one in (code, row.name, territory)]
    year = "" if row.year is pd.NA else str(row.year)
    return [
        *left, ("right", year), ("right", number(row.n_actors, lang)), ("right", number(row.n_flows, lang)),
    ]  # fmt: skip
