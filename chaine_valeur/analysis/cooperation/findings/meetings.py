"""Groups on paper only: those of which no meeting is recorded, or none for long. A check that returns findings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....language import date_text, enumeration, number, trn
from ....provenance import hypothesis_share
from ...findings import Finding
from ..bodies.calendar import calendar_of
from .words import Groups

if TYPE_CHECKING:
    from ....filiere import Filiere

__all__ = ["groups_on_paper"]


def groups_on_paper(f: Filiere, *, lang: str = "fr", months: int = 12) -> Iterator[Finding]:
    """Find the groups without a recorded meeting while others have met, and those that have not met for long.

    Time runs up to the latest meeting recorded, of any group: nothing depends on the day of the diagnosis.
    A group created in the year of that meeting, or later, is given time.

    Parameters
    ----------
    months
        Months between the last meeting of a group and the latest of all beyond which it is said.

    Yields
    ------
    Finding
        Kind ``group_on_paper``, one per group; or, where no meeting of any group is recorded, a single one of
        kind ``meetings_unknown``.
    """
    calendar, groups = calendar_of(f, until=True), Groups(f)
    if not groups.ids:
        return
    if not calendar.size:
        yield _nothing_recorded(f, groups, lang)
        return
    count = np.bincount(calendar.group, minlength=len(groups.ids))
    last = np.full(len(groups.ids), np.datetime64("0001-01-01"), dtype="datetime64[D]")
    np.maximum.at(last, calendar.group, calendar.day)
    latest = pd.Timestamp(calendar.day.max())
    limit = np.datetime64((latest - pd.DateOffset(months=months)).date(), "D")
    met = int((count > 0).sum())
    young = (groups.frame["since"] >= latest.year).fillna(False).to_numpy(bool)
    for place in np.flatnonzero((last < limit) & ~young).tolist():  # over groups
        severity, told = "low" if groups.loose(place) else "medium", {"group": groups.name(place)}
        if not count[place]:
            message = trn(
                "{group}: no meeting recorded, while {count} other group has met. To be convened around a first "
                "action, or its meetings to be stated.",
                "{group}: no meeting recorded, while {count} other groups have met. To be convened around a first "
                "action, or its meetings to be stated.",
                met,
                lang,
                **told,
            )
        else:
            severity = "low"
            message = trn(
                "{group}: {count} meeting recorded, on {last}, more than {months} months before the latest of "
                "the filière. To be convened again, or its meetings to be stated.",
                "{group}: {count} meetings recorded, the last on {last}, more than {months} months before the "
                "latest of the filière. To be convened again, or its meetings to be stated.",
                int(count[place]),
                lang,
                last=date_text(_day(last[place]), lang),
                months=number(months, lang),
                **told,
            )
        yield groups.finding(place, "group_on_paper", severity, message)


def _nothing_recorded(f: Filiere, groups: Groups, lang: str) -> Finding:
    rows = {"groups": groups.ids}
    message = trn(
        "{groups}: dates of the meetings to be stated, and who came.",
        "{count} groups, no meeting recorded: dates of the meetings to be stated, and who came ({groups}).",
        len(groups.ids),
        lang,
        groups=enumeration(groups.names, lang, limit=3),
    )
    share = hypothesis_share(f, rows)
    return Finding(
        "meetings_unknown", "low", message, n_unknown=len(groups.ids), hypothesis_share=share, rows=rows
    )


def _day(day: np.datetime64) -> date:
    return pd.Timestamp(day).date()
