"""What the figure of cooperation over time shows of a frame of `tie_history`, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..language import check_language, clauses, enumeration, percent, tr, trn

__all__ = ["columns_of", "evolution_alt_text", "is_unknown", "nothing_to_draw", "parts_of", "rows_of"]

#: Beyond so many years without a row between the first and the last, years are not spaced by their distance.
_MOST_GAPS = 40


def rows_of(history: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of all ties of a frame of `tie_history`, one per year, in its order."""
    if history.empty or "kind" not in history:
        return history
    return history[history["kind"] == history["kind"].iloc[0]]


def columns_of(years: Sequence[Any]) -> list[Any]:
    """Return the columns of a figure: the years, and those between them that have no row."""
    whole = [isinstance(year, int | np.integer) for year in years]
    if not years or not all(whole):
        return list(years)
    first, last = int(min(years)), int(max(years))
    if last - first + 1 - len(set(years)) > _MOST_GAPS:
        return list(years)
    return list(range(first, last + 1))


def nothing_to_draw(rows: pd.DataFrame, lang: str) -> str:
    """Return why there is no figure to draw, empty if there is one."""
    if rows.empty or not rows["ties"].any() and not rows["ended"].fillna(0.0).any():
        return tr("No cooperation that bears a year is described: there is no evolution to show.", lang)
    if (rows["undated"] == rows["ties"]).all() and not rows["ended"].fillna(0.0).any():
        return tr("No known cooperation bears a year: since when each exists is still to be asked.", lang)
    return ""


def is_unknown(row: dict[str, Any]) -> bool:
    """Whether nothing is known of a year, or fewer than two actors could cooperate in it."""
    return bool(pd.isna(row["density"])) and not row["ties"]


def parts_of(row: dict[str, Any]) -> list[tuple[str, float]]:
    """Return what the ties of a year are made of, from the axis upwards."""
    kept, born = (0.0 if pd.isna(row[name]) else float(row[name]) for name in ("kept", "born"))
    undated = float(row["undated"])
    rest = max(float(row["ties"]) - kept - born - undated, 0.0)
    return [("kept", kept), ("before-unknown", rest), ("born", born), ("undated", undated)]


def evolution_alt_text(history: pd.DataFrame, lang: str = "fr") -> str:
    """Return the alternative text of the figure: ties and density of each year, what began and ended.

    Parameters
    ----------
    history
        The frame behind the figure (`tie_history`).
    lang
        ``"fr"`` or ``"en"``.
    """
    check_language(lang)
    rows = rows_of(history)
    if nothing := nothing_to_draw(rows, lang):
        return nothing
    records = rows.to_dict("records")
    known = [row for row in records if not is_unknown(row)]
    unknown = [str(row["year"]) for row in records if is_unknown(row)]
    said = [_year_words(row, lang) for row in ([known[0], known[-1]] if len(known) > 1 else known)]
    heading = tr("Cooperation over the years", lang)
    parts = [tr("{heading}: {content}.", lang, heading=heading, content=clauses(said, lang))]
    born, ended = (int(rows[name].fillna(0.0).sum()) for name in ("born", "ended"))
    between = [
        trn("{count} began", "{count} began", born, lang),
        trn("{count} ended", "{count} ended", ended, lang),
    ]
    heading = tr("In between", lang)
    parts.append(tr("{heading}: {content}.", lang, heading=heading, content=enumeration(between, lang)))
    if unknown:
        heading = tr("Nothing known of", lang)
        parts.append(tr("{heading}: {content}.", lang, heading=heading, content=enumeration(unknown, lang)))
    return " ".join(parts)


def _year_words(row: dict[str, Any], lang: str) -> str:
    ties = trn("{count} known cooperation", "{count} known cooperations", row["ties"], lang)
    density = tr("density {share}", lang, share=percent(row["density"], lang, digits=1))
    return tr("in {year}, {ties}, {density}", lang, year=row["year"], ties=ties, density=density)
