"""What of the exits may leave the working team: nothing that tells of so few people that one could be known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...columns import columns
from ...vocabulary import OutcomeKind
from ..many import sums_of
from ..measure import NAN
from .exits import COUNTS, exit_rows, exits_table, told_exits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["FEWEST_EXITS", "agreements_shown", "exits_shown", "share_may_be_told",
           "shares_that_may_be_told", "too_few"]  # fmt: skip

#: Under so many exits a figure could tell of single people: it is not shown.
FEWEST_EXITS = 5
#: Share → what an exits table tells of it.
_SHARES = {"dynamic": ["dynamic_exits", "dynamic_share"], "lasting": ["lasting_share"]}


def exits_shown(f: Filiere, *, fewest: int = FEWEST_EXITS) -> pd.DataFrame:
    """Return the exits by structure, without those of so few people that one of them could be told.

    Parameters
    ----------
    fewest
        Structures of fewer exits than this are masked. So that none follows from the total, further ones are, those
        with the fewest exits first, until two or more are masked that have so many together.

    Returns
    -------
    pandas.DataFrame
        As `exits_table`, every count and share of a masked structure NaN, with a column `is_masked`. A share is NaN too
        where the agreements that give it, or those that do not, speak of so few people: beside the exits of the
        structure it would tell of them.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Chantier", "Atelier", "Relais"], "structure_kind": "ACI"},
    ...     agreements={"actor_id": ["Chantier", "Atelier", "Relais"], "year": 2024, "exits": [12, 3, 8]},
    ... )
    >>> exits_shown(f)[["exits", "is_masked"]].values.tolist()
    [[12.0, False], [nan, True], [nan, True]]
    """
    table, of = exits_table(f), _structures(f)
    masked = too_few(of.people, fewest)
    told = [name for name in table if name not in ("n_agreements", "n_unknown")]
    table.loc[masked, told] = NAN
    for share, thin in _thin(of.sums, fewest).items():  # a loop over the two shares
        table.loc[thin, _SHARES[share]] = NAN
    return table.assign(is_masked=masked)


def agreements_shown(f: Filiere, *, fewest: int = FEWEST_EXITS) -> pd.DataFrame:
    """Return ``f.agreements`` without the exits that tell of few people: what may leave the working team.

    Parameters
    ----------
    fewest
        As for `exits_shown`, year by year; the rows of a structure of which one has fewer are masked together. So are
        those of a structure that `exits_shown` masks: the two tables may lie side by side.

    Returns
    -------
    pandas.DataFrame
        As ``f.agreements``, `exits` and its parts unknown where they are masked.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Chantier", "Atelier", "Relais"], "structure_kind": "ACI"},
    ...     agreements={"actor_id": ["Chantier", "Atelier", "Relais"], "year": 2024, "exits": [12, 3, 8]},
    ... )
    >>> agreements_shown(f)["exits"].tolist()
    [12, <NA>, <NA>]
    """
    frame = f.agreements
    people = _people(np.column_stack([columns(f, "agreements").number(name) for name in COUNTS]))
    rows = pd.DataFrame({"year": frame["year"], "actor_id": frame["actor_id"], "people": people})
    shown, current = exits_shown(f, fewest=fewest), exit_rows(f)
    masked = current["actor_id"].isin(shown.index[shown["is_masked"]]).to_numpy(bool)
    rows["few"] = ((people > 0) & (people < fewest)) | frame.index.isin(current.index[masked])
    sums = rows.groupby(["year", "actor_id"], dropna=False, sort=False).agg({"people": "sum", "few": "any"})
    hidden = sums["few"].to_numpy(bool).copy()
    for places in sums.groupby("year", dropna=False, sort=False).indices.values():  # a loop over years
        hidden[places] |= too_few(sums["people"].to_numpy(np.float64)[places], fewest, hidden[places])
    keys = rows.groupby(["year", "actor_id"], dropna=False, sort=False).ngroup().to_numpy()
    frame = frame.copy()
    frame.loc[hidden[keys], list(COUNTS)] = pd.NA
    return frame


def share_may_be_told(f: Filiere, kind: str, *, fewest: int = FEWEST_EXITS) -> bool:
    """Return whether a share over all structures tells nothing of few people to who knows those that are shown.

    Who left under agreements that do not say all is in one share and not in another, and what is shown of a structure
    can be taken from both: of what remains, each part is of nobody or of enough people.
    """
    of = _structures(f)
    masked, alone = too_few(of.people, fewest), np.zeros(len(of.people), dtype=np.int64)
    return bool(shares_that_may_be_told(of.sums, masked, kind, of=alone, n=1, fewest=fewest)[0])


def shares_that_may_be_told(
    sums: Values, masked: Mask, kind: str, *, of: NDArray[np.integer], n: int, fewest: int = FEWEST_EXITS
) -> Mask:
    """Return `share_may_be_told` along `n` filières, from the structures of all of them.

    Parameters
    ----------
    sums
        Structures × exits under agreements that say all, lasting jobs but not all, and neither.
    masked, of
        Along the structures: which are masked, and of which filière they are.
    """
    thin = _thin(sums, fewest)

    def left(use: Mask, exits: Values) -> Values:
        return sums_of(of[use], exits[use], n)

    whole, lasting, alone = (left(masked | thin["dynamic"] | thin["lasting"], part) for part in sums.T)
    parts = [whole, lasting, lasting + alone]
    share, over = "dynamic", sums[:, 0]
    if kind == OutcomeKind.LASTING_EXITS.value:
        parts = [whole + lasting, alone]
        share, over = "lasting", sums[:, 0] + sums[:, 1]
    parts.append(left(masked | thin[share], over))  # a structure may show this share, and hide the other
    return np.logical_and.reduce([(part == 0) | (part >= fewest) for part in parts])


@dataclass(frozen=True)
class _Structures:
    """Along the structures with agreements that count, in table order.

    ``people``: of whom their agreements speak; ``sums``: who left under agreements that say all, lasting jobs but not
    all, and neither, a column each.
    """

    people: Values
    sums: Values


def _structures(f: Filiere) -> _Structures:
    return f.derived("insertion.few_people", _read)


def _read(f: Filiere) -> _Structures:
    told = told_exits(f)
    of, structure = np.unique(f.codes("agreements", "actor_id")[told.rows.at], return_inverse=True)
    known = ~np.isnan(told.counts)
    lasting, whole = known[:, COUNTS.index("lasting_exits")], known[:, 1:].all(axis=1)

    def summed(values: Values) -> Values:
        return np.bincount(structure, weights=np.nan_to_num(values), minlength=len(of)).astype(np.float64)

    exits = told.counts[:, 0]
    counts = np.column_stack([summed(column) for column in told.counts.T])
    sums = [summed(exits * use) for use in (lasting & whole, lasting & ~whole, ~lasting)]
    return _Structures(_people(counts), np.column_stack(sums))


def _people(counts: Values) -> Values:
    """Return how many people each row of `COUNTS` speaks of: those who left, else of which it says where they went."""
    exits = counts[:, 0]
    return np.where(exits > 0, exits, np.nansum(counts[:, 1:], axis=1))


def _thin(sums: Values, fewest: int) -> dict[str, Mask]:
    """Return the structures of which a share, or what it leaves out, is of few people."""
    of = {"dynamic": sums[:, 0], "lasting": sums[:, 0] + sums[:, 1]}
    rest = {share: sums.sum(axis=1) - people for share, people in of.items()}
    return {
        share: ((people > 0) & (people < fewest)) | ((rest[share] > 0) & (rest[share] < fewest))
        for share, people in of.items()
    }


def too_few(
    people: Values, fewest: int, hidden: Mask | None = None, *, of: NDArray[np.integer] | None = None
) -> Mask:
    """Return which counts are masked: those under `fewest`, and more where one would follow from the total.

    `of` says of which total each is; by default all are of one.
    """
    masked = (people > 0) & (people < fewest)
    masked = masked if hidden is None else masked | hidden
    if not masked.any():
        return masked
    of = np.zeros(len(people), dtype=np.int64) if of is None else of
    n = int(of.max()) + 1
    n_masked = np.bincount(of[masked], minlength=n)
    n_people = np.bincount(of[masked], weights=people[masked], minlength=n)
    others = np.flatnonzero(~masked & (people > 0) & (n_masked > 0)[of])
    others = others[np.lexsort((people[others], of[others]))]
    total, before = of[others], np.cumsum(people[others]) - people[others]
    first = np.searchsorted(total, total)
    rank, together = np.arange(len(others)) - first, n_people[total] + before - before[first]
    # two at least, of so many people together that neither their sum tells of one
    masked[others[~((rank + n_masked[total] >= 2) & (together >= fewest))]] = True
    return masked
