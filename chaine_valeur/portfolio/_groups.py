"""Which groups of several filières are one body: by name and territory, unless what is known denies it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ._stacked import folded, numbered, places_of
from .keys import who_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ._stacked import Codes
    from .identity import Identity
    from .portfolio import Portfolio

__all__ = ["BY_MEMBERS", "BY_NAME", "BY_REFERENT", "group_numbers"]

BY_REFERENT, BY_MEMBERS, BY_NAME = "name_referent", "name_members", "name"


def group_numbers(portfolio: Portfolio, identity: Identity) -> tuple[Codes, NDArray[np.object_]]:
    """Return a number per row of the stacked table of groups, the same for one body, and by what it is taken as one.

    Two groups of one folded name in one territory are one body if their referents are one actor (`BY_REFERENT`), if a
    member of one is a member of the other (`BY_MEMBERS`), or if nothing is known against it (`BY_NAME`, a hypothesis).
    Two known referents that differ, or two lists of members without a common one, deny it.
    """
    groups, place = portfolio.table("groups"), places_of(portfolio, "groups")
    rows = np.arange(len(groups))
    name, territory = folded(groups["name"]), pd.factorize(portfolio.entries["territory_id"])[0][place]
    bare = (name.isna() | (name == "")).to_numpy(bool) | (territory < 0)
    base = numbered(np.where(bare, rows, -1), np.where(bare, -1, territory), name.to_numpy())
    referent = who_of(portfolio, identity.same, "groups", "referent_id")
    base = _split(base, referent)
    component = _components(portfolio, identity, base)
    unheaded = ~(np.bincount(base[referent >= 0], minlength=base.max(initial=-1) + 1) > 0)[base]
    base = _split(base, np.where(unheaded, component, -1))
    number = numbered(base, pd.Series(base).groupby([place, base]).cumcount().to_numpy())
    size = number.max(initial=-1) + 1
    count = np.bincount(number, minlength=size)
    headed = np.bincount(number[referent >= 0], minlength=size) == count
    peopled = (np.bincount(number[component >= 0], minlength=size) == count) & _one_each(
        number, component, size
    )
    by = np.select([headed, peopled], [BY_REFERENT, BY_MEMBERS], default=BY_NAME).astype(object)
    return number, by[number] if len(rows) else np.zeros(0, dtype=object)


def _split(base: Codes, mark: Codes) -> Codes:
    """Part numbers by a mark; rows without one (−1) go with the only mark of their number, else by themselves."""
    pairs = pd.DataFrame({"base": base, "mark": mark})
    known = pairs[mark >= 0].drop_duplicates().drop_duplicates("base", keep=False)
    only = np.full(base.max(initial=-1) + 1, -1, dtype=np.int64)
    only[known["base"].to_numpy()] = known["mark"].to_numpy()
    return numbered(base, np.where(mark >= 0, mark, only[base] if len(base) else mark))


def _components(portfolio: Portfolio, identity: Identity, base: Codes) -> Codes:
    """Return a number that groups of one name share if a chain of common members joins them; −1 without a member."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    found = np.full(len(base), -1, dtype=np.int64)
    at = portfolio.rows_referred_to("memberships", "group_id").astype(np.int64)
    who = who_of(portfolio, identity.same, "memberships", "actor_id")
    known = (at >= 0) & (who >= 0)
    if not known.any():
        return found
    at = at[known]
    seat = numbered(base[at], who[known])
    size = len(base) + int(seat.max()) + 1
    graph = coo_array((np.ones(len(at), dtype=np.int8), (at, len(base) + seat)), shape=(size, size))
    part = connected_components(graph, directed=False)[1]
    found[at] = part[at]
    return found


def _one_each(number: Codes, mark: Codes, size: int) -> NDArray[np.bool_]:
    """Return the numbers all of whose rows bear one mark."""
    pairs = pd.DataFrame({"number": number, "mark": mark}).drop_duplicates()
    return np.bincount(pairs["number"].to_numpy(), minlength=size) == 1
