"""What is known of each body in one table, and which seem to be on paper only: what the report shows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....filiere import Filiere
from ....language import percent, tr
from ....vocabulary import label
from ..ties.layer import seen_in
from ..triptyques.triads import TRIPTYQUE
from .attendance import by_group
from .calendar import calendar_of
from .graphs import pole_if_named
from .groups import table_of
from .members import Members, members_of, names_of
from .presences import presences_of

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = ["bodies_table"]


def bodies_table(
    source: Source,
    *,
    poles: Sequence[str] = TRIPTYQUE,
    idle_years: int = 2,
    threshold: float = 0.25,
    group: str = "group",
    pole: str = "pole",
    kinds: Collection[str] | None = None,
    year: int | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return what is known of each body: who sits there, whether it meets, who comes, what it lacks.

    Parameters
    ----------
    source
        A filière, or a graph whose nodes name their groups, or of two modes (see `group_table`).
    poles
        The poles that a group should have.
    idle_years
        A group of which no meeting is recorded in so many years is told to be on paper.
    threshold
        So is one at whose meetings fewer than this share of members was there, on average.
    group, pole, kinds
        As for `group_table`.
    year
        The filière in that year: its groups and members then, and the meetings of that year.

    Returns
    -------
    pandas.DataFrame
        Index ``group_id``; columns ``label``; ``kind`` and ``kind_label`` (missing if unknown); ``members``,
        one per pole of `poles`, ``other_poles``, ``without_pole`` and ``covered`` as in `group_table`;
        ``referent_id`` and ``referent_label`` (missing if none is stated); ``meetings``; ``last_met`` (the
        last meeting recorded, earlier years too; NaT if there is none); ``share``, ``low`` and ``high`` as
        in `attendance_by_group`; ``on_paper`` (nullable boolean) and ``reason``, which says why it is, or
        why it cannot be told (empty where the group is not on paper).

    Notes
    -----
    On paper is a group of which no meeting is recorded while those of others are, of which the last one was
    `idle_years` before the year of the filière (else its reference year, else the latest meeting), or whose
    attendance is below `threshold` whatever the unknown part of it. It cannot be told where no meeting of
    any group is recorded, of a group set up in that year, where no member is stated, or where not enough is
    known of who came.

    Examples
    --------
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Filature", "Mairie"], "pole": ["enterprise", "elected"]},
    ...     groups={"name": ["COPIL", "GT"], "kind": ["steering", "working_group"]},
    ...     memberships={"group_id": ["GT", "COPIL", "GT"], "actor_id": ["Filature", "Mairie", "Mairie"]},
    ...     meetings={
    ...         "group_id": ["GT"] * 2,
    ...         "met_on": ["2024-03-12"] * 2,
    ...         "actor_id": ["Mairie", "Filature"],
    ...     },
    ... )
    >>> table = bodies_table(f, lang="en")
    >>> table[["label", "members", "meetings", "share", "on_paper"]]
              label  members  meetings  share  on_paper
    group_id
    copil     COPIL        1         0    NaN      True
    gt           GT        2         1    1.0     False
    >>> table.loc["copil", "reason"]
    'no meeting recorded, while those of other groups are'
    """
    source = seen_in(source, year)
    members = members_of(source, group=group, pole=pole_if_named(source, pole), kinds=kinds)
    came = by_group(presences_of(source, group=group, pole=pole, kinds=kinds))
    frame = table_of(members, poles)
    _, names = names_of(source, members)
    frame.insert(0, "label", names.to_numpy())
    frame.insert(1, "kind", pd.Series(_kinds(source, members), dtype="str").to_numpy())
    words = {kind: label(kind, "group_kind", lang) for kind in frame["kind"].dropna().unique()}
    frame.insert(2, "kind_label", frame["kind"].map(words).astype("str"))
    referent = pd.Series([None] * len(frame), index=frame.index, dtype="str")
    frame["referent_id"], frame["referent_label"] = referent, referent
    if isinstance(source, Filiere):
        frame["referent_id"] = source.groups["referent_id"].loc[members.group_ids].to_numpy()
        frame["referent_label"] = frame["referent_id"].map(source.actors["name"]).astype("str")
    frame["meetings"], frame["last_met"] = came["meetings"], _last_met(source, came, kinds)
    for name in ("share", "low", "high"):
        frame[name] = came[name]
    told = _Paper(source, came, idle_years, threshold, lang)
    said = [told.about(row) for row in frame.itertuples()]  # over the groups
    frame["on_paper"] = pd.array([flag for flag, _ in said], dtype="boolean")
    frame["reason"] = pd.array([reason for _, reason in said], dtype="str")
    return frame


def _kinds(source: Source, members: Members) -> list[Any]:
    if isinstance(source, Filiere):
        return source.groups["kind"].loc[members.group_ids].tolist()
    return [source.nodes[key].get("kind") if key in source else None for key in members.group_ids]


def _last_met(source: Source, came: pd.DataFrame, kinds: Collection[str] | None) -> pd.Series:
    """Return the last day on which each group met, in earlier years too."""
    if not isinstance(source, Filiere):
        return came["last_met"]
    calendar = calendar_of(source, kinds=kinds, until=True)
    last = np.full(len(came), np.datetime64("NaT", "us"))
    last[calendar.group] = calendar.day  # the meetings of a group ascend: the last one written stays
    return pd.Series(last, index=came.index)


class _Paper:
    """Tells which groups are on paper, and why."""

    def __init__(
        self, source: Source, came: pd.DataFrame, idle_years: int, threshold: float, lang: str
    ) -> None:
        self.idle_years, self.threshold, self.lang = idle_years, threshold, lang
        self.since: dict[Any, int] = {}
        self.year: int | None = None
        self.recorded = bool(came["meetings"].any())
        if isinstance(source, Filiere):
            met = source.meetings["met_on"]
            by_then = met if source.year is None else met[(met.dt.year <= source.year).to_numpy(bool)]
            self.recorded = len(by_then) > 0
            self.since = source.groups["since"].dropna().astype(int).to_dict()
            latest = int(met.max().year) if len(met) else None
            self.year = source.year or source.reference_year or latest

    def about(self, row: Any) -> tuple[bool | None, str]:
        """Return whether a group, a row of the table, is on paper (``None``: it cannot be told), and why."""
        if not self.recorded:
            return None, tr("no meeting of any group is recorded", self.lang)
        unmet = row.last_met is pd.NaT and not row.meetings
        if unmet and self.year is not None and self.since.get(row.Index, self.year - 1) >= self.year:
            return None, tr(
                "set up in {year}, no meeting recorded yet", self.lang, year=self.since[row.Index]
            )
        if unmet:
            return True, tr("no meeting recorded, while those of other groups are", self.lang)
        if self.year is not None and row.last_met is not pd.NaT:
            if self.year - row.last_met.year >= self.idle_years:
                return True, tr("no meeting recorded since {year}", self.lang, year=row.last_met.year)
            if not row.meetings:  # a filière in a year in which it did not meet, but has lately
                return False, ""
        if not row.members:
            return None, tr("members to be stated", self.lang)
        if row.high < self.threshold:
            return True, tr(
                "at most {share} of its members at its meetings (said below {threshold})",
                self.lang,
                share=percent(row.high, self.lang),
                threshold=percent(self.threshold, self.lang),
            )
        if row.low >= self.threshold:
            return False, ""
        return None, tr("who came to its meetings is not known enough", self.lang)
