"""What of the exits may leave the working team: nothing that tells of so few people that one could be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..measure import NAN
from .exits import COUNTS, PARTS, exits_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["FEWEST_EXITS", "agreements_shown", "exits_shown"]

#: Under so many exits a figure could tell of single people: it is not shown.
FEWEST_EXITS = 5


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
        As `exits_table`, every count and share of a masked structure NaN, with a column `is_masked`.

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
    known = table[list(PARTS)].sum(axis=1).to_numpy(np.float64)
    masked = _too_few(np.where(table["exits"].isna(), known, table["exits"]), fewest)
    told = [name for name in table if name not in ("n_agreements", "n_unknown")]
    table.loc[masked, told] = NAN
    return table.assign(is_masked=masked)


def agreements_shown(f: Filiere, *, fewest: int = FEWEST_EXITS) -> pd.DataFrame:
    """Return ``f.agreements`` without the exits that tell of few people: what may leave the working team.

    Parameters
    ----------
    fewest
        As for `exits_shown`, year by year; the rows of a structure of which one has fewer are masked together.

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
    people = counts["exits"].fillna(counts[list(PARTS)].sum(axis=1))
    rows = pd.DataFrame({"year": frame["year"], "actor_id": frame["actor_id"], "people": people})
    rows["few"] = ((people > 0) & (people < fewest)).to_numpy(bool)
    sums = rows.groupby(["year", "actor_id"], dropna=False, sort=False).agg({"people": "sum", "few": "any"})
    hidden = sums["few"].to_numpy(bool).copy()
    for places in sums.groupby("year", dropna=False, sort=False).indices.values():  # a loop over years
        hidden[places] |= _too_few(sums["people"].to_numpy(np.float64)[places], fewest, hidden[places])
    keys = rows.groupby(["year", "actor_id"], dropna=False, sort=False).ngroup().to_numpy()
    frame = frame.copy()
    frame.loc[hidden[keys], list(COUNTS)] = pd.NA
    return frame


def _too_few(people: Values, fewest: int, hidden: Mask | None = None) -> Mask:
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
