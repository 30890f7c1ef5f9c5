"""Robustness as a sheet of a workbook: options, how often draws take them, the figure that would overturn each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..language import tr
from .robustness_words import overturning, reading_of
from .sheets import Sheet

if TYPE_CHECKING:
    from ..planning.robustness.examined import Examination

__all__ = ["robustness_sheets"]


def robustness_sheets(found: Examination, *, lang: str) -> list[Sheet]:
    """Return the options with their shares of the draws, then how these were worked out."""
    told = {one.headline.identifier: one for one in found.overturned}
    heads = [
        (tr("Option", lang), "text"), (tr("In the plan", lang), "text"), (tr("Draws", lang), "integer"),
        (tr("Taken in", lang), "integer"), (tr("Share of the draws", lang), "share"),
        (tr("At least", lang), "share"), (tr("At most", lang), "share"), (tr("Reading", lang), "text"),
        (tr("What would overturn it", lang), "long"),
    ]  # fmt: skip
    rows = []
    for row in found.robustness.plan.to_dict("records"):
        one = told.get(row["option_id"])
        said = [] if one is None else overturning(one, lang)
        rows.append(
            [
                row["name"], tr("yes", lang) if row["in_base"] else tr("no", lang), row["n_draws"], row["n_taken"],
                row["share"], row["share_low"], row["share_high"], reading_of(row, lang), " ".join(said),
            ]
        )  # fmt: skip
    about = tr(
        "In how many draws a plan takes each option; “at least” and “at most”: what other draws would give.",
        lang,
    )
    how = tr("How it was drawn", lang)
    notes = [(note,) for note in found.robustness.notes(lang)]
    return [
        Sheet(tr("Robustness", lang), about, heads, rows),
        Sheet(how, tr("Draws, seed, what was drawn and how.", lang), [(how, "long")], notes),
    ]
