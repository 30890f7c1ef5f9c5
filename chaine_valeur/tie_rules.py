"""Rules that bear on the rows of cooperations: a tie with oneself, told twice, both ways, seen and denied.

Nothing is dropped but a tie with oneself: the layer counts each pair once anyway, and one who says yes is
believed before one who says no. What a reader has to know is which rows say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .problems import Problems
from .table_state import State
from .vocabulary import CooperationKind, CooperationState

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]

    States = Mapping[str, State]

__all__ = ["ties_told_twice", "ties_with_oneself"]

_ONE_WAY = [kind.value for kind in CooperationKind if kind.directed]


def ties_with_oneself(states: States, problems: Problems) -> None:
    """A cooperation joins two actors."""
    state = states["cooperations"]
    if not state.alive.any():
        return
    first, second = (state.linked_in(end) for end in ("actor_id", "to_actor_id"))
    loops = state.positions_in[(first >= 0) & (first == second)].tolist()
    called = _called(states) if loops else {}
    for position in loops:
        named = called[state.frame["actor_id"].iat[position]]
        problems.at(state.place, position, "self_tie", "to_actor_id", value=named)
    state.set_aside_at(loops, "self_tie")


def ties_told_twice(states: States, problems: Problems) -> None:
    """A tie told again, the other way round though it has none, or denied on another row.

    Rows speak of the same years if a year belongs to both periods; a blank end is open.
    """
    state = states["cooperations"]
    rows = _Rows.of(state)
    if rows is None:
        return
    found = [("duplicate_tie", *_again(rows)), ("tie_and_absence", *_denied(rows))]
    here, other = _other_way_round(rows)
    scored = rows.scored[here] & rows.scored[other]
    found += [
        ("tie_rated_by_both", here[scored], other[scored]),
        ("tie_both_ways", here[~scored], other[~scored]),
    ]
    if not any(len(here) for _, here, _ in found):
        return
    called, first, second = _called(states), state.frame["actor_id"], state.frame["to_actor_id"]
    for code, told, others in found:
        for position, place in zip(rows.position[told].tolist(), rows.position[others].tolist(), strict=True):
            ends = called[first.iat[position]], called[second.iat[position]]
            fields = {"value": " – ".join(ends), "other": state.place.rows.iat[place]}
            problems.at(state.place, position, code, "to_actor_id", **fields)


def _called(states: States) -> Mapping[str, str]:
    actors = states["actors"].rows_in
    return dict(zip(actors["actor_id"].tolist(), actors["name"].tolist(), strict=True))


def _ends(state: State) -> tuple[Codes, Codes]:
    """Return the two actors of each row that is in: rows of actors, or numbers where nobody looked them up."""
    if {"actor_id", "to_actor_id"} <= state.links.keys():
        a, b = (state.linked_in(end).astype(np.int64) for end in ("actor_id", "to_actor_id"))
        return a, b
    ties = state.rows_in
    ends, _ = pd.factorize(pd.concat([ties["actor_id"], ties["to_actor_id"]], ignore_index=True))
    return ends[: len(ties)].astype(np.int64), ends[len(ties) :].astype(np.int64)


@dataclass(frozen=True)
class _Rows:
    """The rows whose pair of actors stands on more than one, as integers.

    Attributes
    ----------
    position
        Of each row in the table.
    pair
        The same for both directions.
    forth
        Whether the row goes from the actor of lower code to the other.
    kind
        −1 where it is not given; `directed` says whether it has a direction.
    absent, scored
        Whether the tie is denied; whether its actor gave a score.
    first, last
        Ranks of the years in which it begins and ends, an open end being beyond them all.
    """

    position: Codes
    pair: Codes
    forth: Mask
    kind: Codes
    directed: Mask
    absent: Mask
    scored: Mask
    first: Codes
    last: Codes

    @classmethod
    def of(cls, state: State) -> _Rows | None:
        a, b = _ends(state)
        if len(a) < 2:
            return None
        pair = np.minimum(a, b) * (max(a.max(), b.max()) + 1) + np.maximum(a, b)
        several = pd.Series(pair).duplicated(keep=False).to_numpy()
        if not several.any():
            return None
        a, b, pair = a[several], b[several], pair[several]
        ties = state.frame.iloc[state.positions_in[several]]
        since = ties["since"].to_numpy(np.float64, na_value=-np.inf)
        until = ties["until"].to_numpy(np.float64, na_value=np.inf)
        # a period that ends before it begins is told elsewhere: here it is read the other way round
        _, ranks = np.unique(
            np.concatenate([np.minimum(since, until), np.maximum(since, until)]), return_inverse=True
        )
        return cls(
            position=ties.index.to_numpy(np.int64),
            pair=pd.factorize(pair)[0].astype(np.int64),
            forth=a < b,
            kind=pd.factorize(ties["kind"])[0].astype(np.int64),
            directed=ties["kind"].isin(_ONE_WAY).to_numpy(bool),
            absent=(ties["state"] == CooperationState.ABSENT.value).to_numpy(bool, na_value=False),
            scored=ties[["trust", "value_score"]].notna().any(axis=1).to_numpy(bool),
            first=ranks[: len(ties)].astype(np.int64),
            last=ranks[len(ties) :].astype(np.int64),
        )

    def grouped(self, *by: Codes | Mask) -> Codes:
        """Return one number per pair of actors and combination of codes."""
        group = self.pair
        for codes in by:  # over the few columns
            shifted = codes.astype(np.int64) + 1
            group = group * (shifted.max() + 1) + shifted
        return pd.factorize(group)[0].astype(np.int64)


def _again(rows: _Rows) -> tuple[Codes, Codes]:
    """Rows that say what another row says that begins earlier, or stands above; with that row."""
    group = rows.grouped(rows.kind, rows.absent, rows.forth)
    order = np.lexsort((rows.first, group))
    longest = _longest(group[order], rows.last[order])
    here, before = order[1:], order[longest[:-1]]
    same = (group[here] == group[before]) & (rows.last[before] >= rows.first[here])
    return _in_order(here[same], before[same])


def _other_way_round(rows: _Rows) -> tuple[Codes, Codes]:
    """Rows of a kind without direction written against the first row of their tie; with one written like it."""
    group = rows.grouped(rows.kind, rows.absent)
    heads = np.unique(group, return_index=True)[1]
    against = rows.forth != rows.forth[heads][group]
    usable = ~rows.directed
    return _meeting(rows, group, usable & against, usable & ~against)


def _denied(rows: _Rows) -> tuple[Codes, Codes]:
    """Rows that deny a tie which another row tells; with that row.

    Of a kind with a direction, the tie back is another one. An absence without a kind denies every kind.
    """
    way = np.where(rows.directed, rows.forth, False)
    of_a_kind = _meeting(rows, rows.grouped(rows.kind, way), rows.absent, ~rows.absent)
    blank = rows.absent & (rows.kind < 0)
    of_any = _meeting(rows, rows.pair, blank, ~rows.absent)
    here, other = (np.concatenate(part) for part in zip(of_a_kind, of_any, strict=True))
    keep = np.unique(here, return_index=True)[1]  # of its own kind first
    return here[keep], other[keep]


def _meeting(rows: _Rows, group: Codes, asking: Mask, offered: Mask) -> tuple[Codes, Codes]:
    """Rows of `asking` that share a group and a year with a row of `offered`; with the longest of those."""
    asks, offers = np.flatnonzero(asking), np.flatnonzero(offered)
    if not len(asks) or not len(offers):
        return asks[:0], offers[:0]
    offers = offers[np.lexsort((rows.first[offers], group[offers]))]
    longest = _longest(group[offers], rows.last[offers])
    years = int(rows.last.max()) + 1
    # of those that begin by the end of the row that asks, the one that lasts longest: it meets it, or none does
    begun = group[offers] * years + rows.first[offers]
    place = np.searchsorted(begun, group[asks] * years + rows.last[asks], side="right") - 1
    best = offers[longest[np.maximum(place, 0)]]
    met = (place >= 0) & (group[best] == group[asks]) & (rows.last[best] >= rows.first[asks])
    return asks[met], best[met]


def _longest(group: Codes, last: Codes) -> Codes:
    """Return, at each place of an order by group, the place up to there of the row of its group that ends last."""
    reach = group * (int(last.max(initial=0)) + 1) + last
    record = np.append(True, reach[1:] > np.maximum.accumulate(reach)[:-1]) if len(reach) else reach > 0
    return np.maximum.accumulate(np.where(record, np.arange(len(reach)), 0))


def _in_order(here: Codes, other: Codes) -> tuple[Codes, Codes]:
    order = np.argsort(here)
    return here[order], other[order]
