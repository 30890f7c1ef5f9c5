"""Which actors are in the territory of their filière, of many filières at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..text import fold
from ..vocabulary import ActorType
from .positions import NO_YEAR, distinct, is_among, whole_years
from .tables import filiere_of_rows, reference_years

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ..spellings import Texts
    from .tables import Tables

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

__all__ = ["local_of_many", "shared_texts"]


def local_of_many(tables: Tables) -> NDArray[np.int8]:
    """Return `Filiere.is_local` along the actors of many filières: 1 in the territory, 0 elsewhere, −1 unknown."""
    actors, n = filiere_of_rows(tables, "actors"), tables.n_filieres
    rows = _own_communes(tables)
    of_row = filiere_of_rows(tables, "territories")[rows]
    code, row_code, n_codes = shared_texts(tables, "commune_code", rows)
    name, row_name, n_names = shared_texts(tables, "commune_name", rows, folded=True)
    by_code = _among(actors, code, of_row, row_code, n_codes)
    uncoded = row_code < 0
    by_name = _among(actors, name, of_row, row_name, n_names) & (
        (code < 0) | _among(actors, name, of_row[uncoded], row_name[uncoded], n_names)
    )
    every_code, every_name = (_all(of_row, part >= 0, n)[actors] for part in (row_code, row_name))
    inside = by_code | by_name
    known = inside | ((code >= 0) & every_code) | ((name >= 0) & every_name)
    told = tables.column("actors", "in_territory").to_numpy(np.int8, na_value=-1)
    local = np.where(known, inside.astype(np.int8), told)
    bounded = np.zeros(n, dtype=bool)
    said = tables.texts("filiere", "territory_id").known
    bounded[filiere_of_rows(tables, "filiere")[said]] = True
    local = np.where(bounded[actors], local, -1)
    outside = tables.texts("actors", "actor_type").among(ActorType.OUTSIDE)
    return np.where(outside, 0, local).astype(np.int8)


def _own_communes(tables: Tables) -> NDArray[np.int64]:
    """Return the rows of territories that make up the territory of their filière, in its year if any stands then."""
    filiere = filiere_of_rows(tables, "territories")
    own, given, _ = _as_one_list(
        tables.texts("territories", "territory_id"), tables.texts("filiere", "territory_id")
    )
    asked = np.full(tables.n_filieres, -2, dtype=np.int64)
    known = np.flatnonzero(given >= 0)[::-1]  # backwards: the first one that is known wins
    asked[filiere_of_rows(tables, "filiere")[known]] = given[known]
    rows = np.flatnonzero(own == asked[filiere])
    years = reference_years(tables)[filiere[rows]]
    since, until = (whole_years(tables.column("territories", name))[rows] for name in ("since", "until"))
    stands = ((since == NO_YEAR) | (since <= years)) & ((until == NO_YEAR) | (until >= years))
    stands |= years == NO_YEAR
    some = np.zeros(tables.n_filieres, dtype=bool)
    some[filiere[rows[stands]]] = True
    return rows[stands | ~some[filiere[rows]]]


def shared_texts(
    tables: Tables, column: str, rows: NDArray[np.int64], *, folded: bool = False
) -> tuple[Codes, Codes, int]:
    """Return a text of actors, and of some rows of territories, as numbers of one list, −1 unknown; its length."""
    mine, theirs, size = _as_one_list(
        tables.texts("actors", column), tables.texts("territories", column), spelled=fold if folded else str
    )
    return mine, theirs[rows], size


def _as_one_list(
    one: Texts, other: Texts, *, spelled: Callable[[str], str] = str
) -> tuple[Codes, Codes, int]:
    """Return two columns of text as numbers of one list of what they are `spelled` as, −1 unknown; its length and one."""
    place: dict[str, int] = {}
    first, second = (
        texts.told(lambda cell: place.setdefault(spelled(cell), len(place)), unknown=-1, dtype=np.int32)
        for texts in (one, other)
    )
    return first, second, len(place) + 1


def _among(of: Codes, cells: Codes, of_other: Codes, others: Codes, size: int) -> Mask:
    """Return which cells are known and one of the others of the same filière."""
    keys = of_other[others >= 0].astype(np.int64) * size + others[others >= 0]
    return (cells >= 0) & is_among(of.astype(np.int64) * size + cells, distinct(keys))


def _all(of: Codes, mask: Mask, n: int) -> Mask:
    """Return, per filière, whether all of its rows are true."""
    found = np.ones(n, dtype=bool)
    found[of[~mask]] = False
    return found
