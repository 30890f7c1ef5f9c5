"""What a notebook shows of a diagnostic: its figures and what was found first. Everything is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ..analysis.findings import PRIORITIES
from ..language import N_, number, tr, trn
from .telling import shown_value

if TYPE_CHECKING:
    from .result import Diagnosis

__all__ = ["PRIORITY_NAMES", "diagnosis_html"]

#: How a severity is called in front of a reader.
PRIORITY_NAMES = {"high": N_("High priority"), "medium": N_("Medium priority"), "low": N_("Low priority")}
_SHOWN = 12


def diagnosis_html(diagnosis: Diagnosis) -> str:
    """Return a small page: the figures, then the first findings."""
    lang = diagnosis.lang
    figures = "".join(
        f"<tr><th style='text-align:left'>{escape(tr(one.indicator.name, lang))}</th>"
        f"<td style='text-align:left'>{escape(shown_value(one, lang=lang))}</td>"
        f"<td style='text-align:left'>{escape(one.measure.note)}</td></tr>"
        for one in diagnosis.measured.values()
    )
    parts = []
    findings = diagnosis.findings
    for priority in PRIORITIES:
        rows = findings[findings["severity"] == priority]
        if rows.empty:
            continue
        items = "".join(f"<li>{escape(message)}</li>" for message in rows["message"].head(_SHOWN))
        if len(rows) > _SHOWN:
            more = trn("… and {count} other", "… and {count} others", len(rows) - _SHOWN, lang)
            items += f"<li>{escape(more)}</li>"
        head = f"{tr(PRIORITY_NAMES[priority], lang)} ({number(len(rows), lang)})"
        parts.append(f"<p><strong>{escape(head)}</strong></p><ul>{items}</ul>")
    title = escape(diagnosis.filiere.name or tr("Filière without a name", lang))
    return f"<div><strong>{title}</strong><table>{figures}</table>{''.join(parts)}</div>"
