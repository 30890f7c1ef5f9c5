"""The meetings of the groups: when each was held, who was invited, who came, and which poles were there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....filiere import Filiere
from ....vocabulary import Pole
from ..ties.layer import seen_in
from ..triptyques.triads import TRIPTYQUE
from .calendar import calendar_of
from .groups import covered_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["meeting_table"]


def meeting_table(
    source: Source,
    *,
    poles: Sequence[str] = TRIPTYQUE,
    kinds: Collection[str] | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """Return each meeting of the groups: who was invited, who came, and whether the triptyque was there.

    Parameters
    ----------
    source
        A filière. A graph knows no days: it has no meeting here (see `attendance` for the counts that the
        edges of a two-mode graph may hold).
    poles
        The poles that should be there.
    kinds
        Only groups of these kinds.
    year
        The filière in that year: the meetings of that year.

    Returns
    -------
    pandas.DataFrame
        A row per meeting of a group that has not ended, group by group and day by day. Columns
        ``group_id``, ``met_on``; ``invited`` (actors of whom a row speaks), of which ``attended`` and
        ``absent`` (of the others a cell could not be read); ``guests`` (of those who came, those who did
        not sit there then, or have closed since); ``unknown`` (members then, or invited, of whom it is not
        known whether they came); ``listed`` (false where a row says that who came is not known); one per
        pole of `poles` (actors who came and sit there for it; guests count for their own),
        ``without_pole`` (came, pole unknown) and ``covered`` (nullable boolean: all `poles` were there;
        unknown where those of whom nothing is known may make up for what is missing).

    Notes
    -----
    A member sits there from the first to the last year of its membership, both included: membership is
    known by year, meetings by day.

    Examples
    --------
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Filature", "Mairie", "Relais"], "pole": ["enterprise", "elected", "ess"]},
    ...     groups={"name": ["GT"]},
    ...     memberships={"group_id": ["GT"] * 3, "actor_id": ["Filature", "Mairie", "Relais"]},
    ...     meetings={
    ...         "group_id": ["GT"] * 3,
    ...         "met_on": ["2024-03-12", "2024-03-12", "2024-06-04"],
    ...         "actor_id": ["Filature", "Mairie", None],
    ...         "attended": [True, False, None],
    ...     },
    ... )
    >>> meeting_table(f)[["met_on", "invited", "attended", "absent", "unknown", "covered"]]
          met_on  invited  attended  absent  unknown  covered
    0 2024-03-12        2         1       1        1    False
    1 2024-06-04        0         0       0        3     <NA>
    """
    source = seen_in(source, year)
    if not isinstance(source, Filiere):
        source = Filiere.from_tables(actors={"name": []})
    calendar = calendar_of(source, kinds=kinds, ever=True)
    seat, own = _one_hot(calendar.seat_pole, poles), _one_hot(source.network.pole, poles)
    size, width = calendar.size, len(poles) + 2
    member = calendar.row_spell >= 0
    came, told = calendar.row_came == 1, calendar.row_came >= 0

    def by_meeting(rows: Mask) -> Counts:
        return np.bincount(calendar.row_meeting[rows], minlength=size)

    here, may = np.zeros((size, width), dtype=np.int64), np.zeros((size, width), dtype=np.int64)
    for k in range(width):  # over the few poles
        seats, sits = calendar.sitting(seat[:, k])
        of_pole = np.where(member, sits, own[calendar.row_actor, k])
        here[:, k] = by_meeting(came & of_pole)
        may[:, k] = seats - by_meeting(member & told & of_pole) + by_meeting(~member & ~told & of_pole)
    n = len(poles)
    frame = pd.DataFrame(
        {
            "group_id": calendar.group_ids.take(calendar.group),
            "met_on": pd.Series(calendar.day, dtype="datetime64[us]"),
            "invited": by_meeting(np.ones(len(member), dtype=bool)),
            "attended": by_meeting(came),
            "absent": by_meeting(calendar.row_came == 0),
            "guests": by_meeting(came & ~member),
            "unknown": calendar.members - by_meeting(member & told) + by_meeting(~member & ~told),
            "listed": ~calendar.silent,
        }
    )
    for k, name in enumerate(poles):  # over the few poles
        frame[name] = here[:, k]
    frame["without_pole"] = here[:, -1]
    frame["covered"] = covered_by(
        here[:, :n] > 0, may[:, :n] > 0, here[:, -1] + may[:, -1], told=~calendar.silent
    )
    return frame


def _one_hot(pole: Codes, poles: Sequence[str]) -> Mask:
    """Return, by row, which of `poles` a code of `Pole` is; the last two columns: another one, unknown."""
    names = [term.value for term in Pole]
    column = np.array(
        [poles.index(name) if name in poles else len(poles) for name in names] + [len(poles) + 1]
    )
    hot = np.zeros((len(pole), len(poles) + 2), dtype=bool)
    hot[np.arange(len(pole)), column[pole]] = True  # −1, unknown, looks at the last
    return hot
