"""What of the exits may leave the working team: nothing that tells of so few people that one could be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...vocabulary import OutcomeKind
from ..measure import NAN
from .exits import COUNTS, PARTS, exit_rows, exits_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["FEWEST_EXITS", "agreements_shown", "exits_shown", "share_may_be_told", "too_few"]

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
    table = exits_table(f)
    masked = too_few(_people(table), fewest)
    told = [name for name in table if name not in ("n_agreements", "n_unknown")]
    table.loc[masked, told] = NAN
    for share, thin in _thin(_by_completeness(f, table.index), fewest).items():  # a loop over the two shares
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
    counts = frame[list(COUNTS)].astype(dict.fromkeys(COUNTS, "Float64")).astype("float64")
    people = _people(counts)
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
    table = exits_shown(f, fewest=fewest)
    sums = _by_completeness(f, table.index)
    thin = _thin(sums, fewest)
    masked = table["is_masked"].to_numpy(bool)
    whole, lasting, alone = sums[masked | thin["dynamic"] | thin["lasting"]].sum(axis=0)
    parts = [whole, lasting, lasting + alone]
    share, over = "dynamic", sums[:, 0]
    if kind == OutcomeKind.LASTING_EXITS.value:
        parts = [whole + lasting, alone]
        share, over = "lasting", sums[:, 0] + sums[:, 1]
    parts.append(over[masked | thin[share]].sum())  # a structure may show this share, and hide the other
    return all(part == 0 or part >= fewest for part in parts)


def _people(counts: pd.DataFrame) -> Values:
    """Return how many people each row speaks of: those who left, else those of which it says where they went."""
    exits, parts = counts["exits"], counts[list(PARTS)].sum(axis=1)
    return exits.where((exits > 0).to_numpy(bool), parts).to_numpy(np.float64)


def _by_completeness(f: Filiere, actors: pd.Index) -> Values:
    """Return the exits by structure under agreements that say all, lasting jobs but not all, and neither."""
    rows = exit_rows(f)
    lasting = rows["lasting_exits"].notna()
    whole = lasting & rows[list(PARTS)].notna().all(axis=1)
    split = pd.DataFrame({"whole": whole, "lasting": lasting & ~whole, "alone": ~lasting})
    people = split.mul(rows["exits"].fillna(0), axis=0)
    return people.groupby(rows["actor_id"], sort=False).sum().reindex(actors).to_numpy(np.float64)


def _thin(sums: Values, fewest: int) -> dict[str, Mask]:
    """Return the structures of which a share, or what it leaves out, is of few people."""
    of = {"dynamic": sums[:, 0], "lasting": sums[:, 0] + sums[:, 1]}
    rest = {share: sums.sum(axis=1) - people for share, people in of.items()}
    return {
        share: ((people > 0) & (people < fewest)) | ((rest[share] > 0) & (rest[share] < fewest))
        for share, people in of.items()
    }


def too_few(people: Values, fewest: int, hidden: Mask | None = None) -> Mask:
    """Return which counts are masked: those under `fewest`, and more where one would follow from the total."""
    masked = (people > 0) & (people < fewest)
    masked = masked if hidden is None else masked | hidden
    if not masked.any():
        return masked
    others = np.flatnonzero(~masked & (people > 0))
    others = others[np.argsort(people[others], kind="stable")]
    # two at least, of so many people together that neither their sum tells of one
    enough = (np.arange(len(others) + 1) + masked.sum() >= 2) & (
        people[masked].sum() + np.append(0.0, np.cumsum(people[others])) >= fewest
    )
    masked[others[: int(np.argmax(enough)) if enough.any() else len(others)]] = True
    return masked
