"""Attendance (D7): of the meetings held since it joined, how many a member came to."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....filiere import Filiere
from ....language import clauses, number, tr, trn
from ...measure import NAN, Measure
from ..ties.layer import seen_in
from ..ties.rows import identifiers
from .presences import Presences, presences_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["attendance", "attendance_by_group", "attendance_measure", "by_group", "frame_of"]


def attendance(
    source: Source,
    *,
    group: str = "group",
    pole: str = "pole",
    kinds: Collection[str] | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """Return, for each member of each group, how many of the meetings held since it joined it came to.

    ``share = attended / (attended + absent)``, over the meetings of which it is known; bounds
    ``attended / held`` and ``(attended + unknown) / held``, whatever the others were.

    Parameters
    ----------
    source
        A filière; or a two-mode graph (see `group_table`) whose edges count meetings in ``invited`` and
        ``attended``. Without these, or in a graph whose nodes name their groups, no meeting is known.
    group, pole
        Of a graph: the node attributes that hold group and pole.
    kinds
        Only groups of these kinds.
    year
        The filière in that year: its members then, and the meetings of that year.

    Returns
    -------
    pandas.DataFrame
        A row per group and member (an actor that sits for two poles has one), group by group. Columns
        ``group_id``, ``actor_id``, ``held`` (meetings of the group since it joined: its first and last year
        included), ``invited`` (of these, those where a row speaks of it), ``attended``, ``absent``,
        ``unknown`` (held, and not known whether it came: nobody kept a list, or it is not on it), ``share``
        in [0, 1] (NaN where nothing is known), ``low`` and ``high`` (NaN where no meeting was held).

    Raises
    ------
    ArgumentError
        Of a graph: an edge with ``attended`` above ``invited``, below 0, or without ``invited``.

    References
    ----------
    Participation in two-mode (bipartite) data: own convention; most tools know membership only.

    Examples
    --------
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Filature", "Mairie"]},
    ...     groups={"name": ["GT"]},
    ...     memberships={"group_id": ["GT"] * 2, "actor_id": ["Filature", "Mairie"], "since": [2022, 2024]},
    ...     meetings={
    ...         "group_id": ["GT"] * 4,
    ...         "met_on": ["2023-03-12", "2024-03-12", "2024-03-12", "2024-06-04"],
    ...         "actor_id": ["Filature", "Filature", "Mairie", None],
    ...         "attended": [True, False, True, None],
    ...     },
    ... )
    >>> attendance(f)[["actor_id", "held", "attended", "absent", "unknown", "share", "low", "high"]].round(2)
       actor_id  held  attended  absent  unknown  share   low  high
    0  filature     3         1       1        1    0.5  0.33  0.67
    1    mairie     2         1       0        1    1.0  0.50  1.00
    """
    return frame_of(presences_of(seen_in(source, year), group=group, pole=pole, kinds=kinds))


def frame_of(found: Presences) -> pd.DataFrame:
    """Return presences as the frame of `attendance`."""
    share, low, high = found.shares()
    return pd.DataFrame(
        {
            "group_id": found.members.group_ids.take(found.group),
            "actor_id": found.members.actor_ids.take(found.actor),
            "held": found.held,
            "invited": found.invited,
            "attended": found.attended,
            "absent": found.absent,
            "unknown": found.unknown,
            "share": share,
            "low": low,
            "high": high,
        }
    )


def attendance_by_group(
    source: Source,
    *,
    group: str = "group",
    pole: str = "pole",
    kinds: Collection[str] | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """Return how often each group met, and the mean share of its meetings that its members came to.

    Parameters
    ----------
    source, group, pole, kinds, year
        As for `attendance`.

    Returns
    -------
    pandas.DataFrame
        Index ``group_id``; columns ``members``, ``meetings`` (recorded; of a graph, the most that a member
        was invited to), ``first_met``, ``last_met`` (NaT if unknown), ``attended``, ``absent`` and
        ``unknown`` (member × meeting), ``share`` (mean of the shares of `attendance` that are known, NaN if
        none is), ``low`` and ``high`` (mean over all members who could have come to a meeting, NaN if there
        is none).

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph()
    >>> graph.add_nodes_from(["Filature", "Mairie"], bipartite=0)
    >>> graph.add_nodes_from(["COPIL", "Forum"], bipartite=1)
    >>> graph.add_edge("Filature", "COPIL", invited=4, attended=1)
    >>> graph.add_edge("Mairie", "COPIL", invited=4, attended=4)
    >>> graph.add_edge("Mairie", "Forum")
    >>> attendance_by_group(graph)[["members", "meetings", "attended", "absent", "share"]]
              members  meetings  attended  absent  share
    group_id
    COPIL           2         4         5       3  0.625
    Forum           1         0         0       0    NaN
    """
    return by_group(presences_of(seen_in(source, year), group=group, pole=pole, kinds=kinds))


def by_group(found: Presences) -> pd.DataFrame:
    """Return presences as the frame of `attendance_by_group`."""
    count = found.members.n_groups

    def total(values: NDArray[Any], use: Mask | slice = slice(None)) -> Values:
        summed: Values = np.bincount(found.group[use], weights=values[use], minlength=count).astype(
            np.float64
        )
        return summed

    frame = pd.DataFrame(index=found.members.group_ids.rename("group_id"))
    frame["members"], frame["meetings"] = found.members.size, found.meetings
    frame["first_met"], frame["last_met"] = (
        pd.Series(day.astype("datetime64[us]"), index=frame.index)
        for day in (found.first_met, found.last_met)
    )
    for name, counts in (("attended", found.attended), ("absent", found.absent), ("unknown", found.unknown)):
        frame[name] = total(counts).astype(np.int64)
    for name, shares in zip(("share", "low", "high"), found.shares(), strict=True):
        use = ~np.isnan(shares)
        with_any = total(use)
        frame[name] = total(shares, use) / np.where(with_any > 0, with_any, NAN)
    return frame


def attendance_measure(
    source: Source,
    *,
    group: str = "group",
    pole: str = "pole",
    kinds: Collection[str] | None = None,
    year: int | None = None,
    lang: str = "fr",
) -> Measure:
    """Return attendance (D7): the mean, over members, of the share of meetings they came to.

    Each seat of an actor in a group counts the same, whatever the number of meetings: see `attendance`. The
    value is over the members of whom something is known; ``low`` and ``high`` are over all those who could
    have come to a meeting, each at its own bound. ``n_unknown`` counts member × meeting. NaN, with the
    reason, if no meeting is recorded, if no member is stated, or if nobody knows who came (then between 0
    and 1).

    Parameters
    ----------
    source, group, pole, kinds, year
        As for `attendance`.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("Filature", "COPIL"), ("Mairie", "COPIL")])
    >>> nx.set_node_attributes(graph, {"Filature": 0, "Mairie": 0, "COPIL": 1}, "bipartite")
    >>> nx.set_edge_attributes(graph, {("Filature", "COPIL"): {"invited": 4, "attended": 1}})
    >>> attendance_measure(graph, lang="en").value
    0.25
    >>> attendance_measure(Filiere.from_tables(actors={"name": ["Filature"]}), lang="en").note
    'no group'
    """
    source = seen_in(source, year)
    found = presences_of(source, group=group, pole=pole, kinds=kinds)
    value, low, high = (
        float(each[~np.isnan(each)].mean()) if (~np.isnan(each)).any() else NAN for each in found.shares()
    )
    unknown = int(found.unknown.sum())
    measure = Measure(value, "ratio", low, high, n_unknown=unknown, note=_note(found, lang))
    if not isinstance(source, Filiere):
        return measure
    counted = np.zeros(found.members.n_groups, dtype=bool)
    counted[found.group[found.held > 0]] = True
    members = found.members
    return measure.resting_on(
        source,
        {
            "meetings": found.rows,
            "memberships": identifiers(members.rows[counted[members.group]]),
        },
    )


def _note(found: Presences, lang: str) -> str:
    """Return why the measure is unknown, or what it is the mean of and what is left out."""
    if not found.members.n_groups:
        return tr("no group", lang)
    if not found.meetings.any():
        return tr("no meeting recorded", lang)
    if not (found.held > 0).any():
        return tr("no member stated in the groups that met", lang)
    known = found.attended + found.absent
    if not known.any():
        return tr("who came to the meetings is not known", lang)
    parts = [
        trn(
            "mean of {count} seat, {attended} presences of {known} known",
            "mean of {count} seats, {attended} presences of {known} known",
            int((known > 0).sum()),
            lang,
            attended=number(int(found.attended.sum()), lang),
            known=number(int(known.sum()), lang),
        )
    ]
    never = int((found.meetings == 0).sum())
    if never:
        parts.append(
            trn(
                "{count} group without a recorded meeting is left out",
                "{count} groups without a recorded meeting are left out",
                never,
                lang,
            )
        )
    return clauses(parts, lang)
