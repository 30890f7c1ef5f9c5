"""Which actors of several filières are the same: by SIRET, else by name and place, and what may be the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..vocabulary import ActorType
from ._stacked import folded, numbered, places_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ._stacked import Codes
    from .portfolio import Portfolio

__all__ = ["Identity", "actor_identity"]


@dataclass(frozen=True, eq=False)
class Identity:
    """Who is who along the rows of the stacked table of actors; the same number is the same actor.

    Attributes
    ----------
    sure
        The same SIRET, and nothing else.
    same
        The same SIRET, else the same folded name in the same commune: what is counted once.
    loose
        What may be the same: those of ``same``, and all that bear one name where the place of one of them is not known.
        Two establishments in two places stay two; the number says among which an ``unplaced`` one may be found.
    unplaced
        Rows of which only the name is known: each may be any of those that bear it.
    by_name
        Rows that their name and place, not a SIRET, made the same as another.
    """

    sure: Codes
    same: Codes
    loose: Codes
    unplaced: NDArray[np.bool_]
    by_name: NDArray[np.bool_]


def actor_identity(portfolio: Portfolio) -> Identity:
    """Return who is the same in several filières.

    A name in a commune that bears exactly one SIRET is that establishment wherever it is written without one; where it
    bears several, those without a SIRET are one actor of their own. A diffuse actor without a commune (households,
    farmers) is that of its territory. Two rows of one filière are never the same: a filière counts as it does alone.

    Parameters
    ----------
    portfolio
        The filières.

    Returns
    -------
    Identity
        Along the rows of ``portfolio.table("actors")``.
    """
    actors, filiere = portfolio.table("actors"), places_of(portfolio, "actors")
    rows = np.arange(len(actors))
    name = folded(actors["name"])
    siret = pd.factorize(actors["siret"])[0].astype(np.int64)
    where = _where(portfolio, actors, filiere)
    spot = numbered(name.to_numpy(), where.to_numpy())
    placed = (name.notna() & (name != "") & where.notna()).to_numpy(bool)
    spot = np.where(placed, spot, -1)
    # the establishment that a name in a commune stands for: one, or none of which one could be sure
    only = _only(spot, siret)
    own = siret.max(initial=-1) + 1
    spots = own + 1 + np.maximum(spot, -1)
    alone = spots.max(initial=own) + 1 + rows
    lent = np.where(spot >= 0, only[spot], -1)
    same = np.where(siret >= 0, siret, np.where(lent >= 0, lent, np.where(spot >= 0, spots, alone)))
    sure = np.where(siret >= 0, siret, alone)
    unplaced = ~placed & (siret < 0) & name.fillna("").ne("").to_numpy(bool)
    once = _once_each(filiere, same)
    return Identity(
        sure=_once_each(filiere, sure),
        same=once,
        loose=_loosened(once, name, unplaced),
        unplaced=unplaced,
        by_name=(siret < 0) & (np.bincount(once, minlength=1)[once] > 1),
    )


def _where(portfolio: Portfolio, actors: pd.DataFrame, filiere: Codes) -> pd.Series:
    """Return the commune of each actor: its code, that which its name has elsewhere, else its name."""
    code, name = actors["commune_code"], folded(actors["commune_name"])
    communes = portfolio.table("territories")
    known = pd.DataFrame(
        {
            "code": pd.concat([code, communes["commune_code"]], ignore_index=True),
            "name": pd.concat([name, folded(communes["commune_name"])], ignore_index=True),
        }
    ).dropna()
    known = known.drop_duplicates().drop_duplicates("name", keep=False)  # two communes may bear one name
    lent = name.map(known.set_index("name")["code"]).astype("str")
    where = code.astype("str").fillna(lent).fillna("=" + name)
    diffuse = actors["actor_type"].eq(ActorType.DIFFUSE.value).to_numpy(bool)
    territory = pd.Series(portfolio.entries["territory_id"].to_numpy()[filiere], index=actors.index)
    return where.mask(where.isna() & diffuse, "@" + territory.astype("str"))


def _only(spot: Codes, siret: Codes) -> Codes:
    """Return the SIRET of each name in a commune if it bears exactly one, else −1."""
    size = spot.max(initial=-1) + 1
    pairs = pd.DataFrame({"spot": spot, "siret": siret})
    pairs = pairs[(spot >= 0) & (siret >= 0)].drop_duplicates().drop_duplicates("spot", keep=False)
    only = np.full(size + 1, -1, dtype=np.int64)  # the last: of rows without a spot
    only[pairs["spot"].to_numpy()] = pairs["siret"].to_numpy()
    return only


def _loosened(same: Codes, name: pd.Series, unplaced: NDArray[np.bool_]) -> Codes:
    """Return numbers that actors share who are the same, or bear the name of one whose place is not known.

    An actor of two names holds what bears either of them together.
    """
    named = pd.factorize(name)[0].astype(np.int64)
    open_name = np.bincount(named[unplaced], minlength=named.max(initial=-1) + 1) > 0
    bound = np.flatnonzero((named >= 0) & np.append(open_name, False)[named])
    size = int(same.max(initial=-1)) + 1
    ends = (same[bound], size + named[bound])
    links = coo_array((np.ones(len(bound), dtype=np.int8), ends), shape=(size + len(open_name),) * 2)
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)[same]


def _once_each(filiere: Codes, number: Codes) -> Codes:
    """Return numbers that no two rows of one filière share: the second of one is the second of another."""
    turn = pd.Series(number).groupby([filiere, number]).cumcount().to_numpy()
    return numbered(number, turn)
