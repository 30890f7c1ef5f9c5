"""What a notebook shows of a filière: its name and how much each table knows. Everything is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from .language import number, tr, trn
from .schema import tables

if TYPE_CHECKING:
    from .filiere import Filiere

__all__ = ["summary_html"]


def summary_html(f: Filiere, *, lang: str = "fr") -> str:
    """Return a small HTML table: rows per table, and how many were set aside."""
    head = escape(f.name or tr("Filière without a name", lang))
    if f.year is not None:
        head += f" ({f.year})"
    rows = "".join(
        f"<tr><th style='text-align:left'>{escape(home.label(lang))}</th>"
        f"<td style='text-align:right'>{number(len(f.table(name)), lang)}</td>"
        f"<td style='text-align:left'>{escape(_aside(f, name, lang))}</td></tr>"
        for name, home in tables().items()
        if len(f.table(name)) or name in f.set_aside
    )
    errors = int((f.problems["severity"] == "error").sum())
    told = trn(
        "{count} error while reading: see problems",
        "{count} errors while reading: see problems",
        errors,
        lang,
    )
    foot = f"<p>{escape(told)}</p>" if errors else ""
    return f"<div><strong>{head}</strong><table>{rows}</table>{foot}</div>"


def _aside(f: Filiere, name: str, lang: str) -> str:
    count = len(f.set_aside.get(name, ()))
    return trn("{count} row set aside", "{count} rows set aside", count, lang) if count else ""
