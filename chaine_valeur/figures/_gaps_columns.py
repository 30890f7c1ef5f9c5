"""The columns of the matrix of gaps: territories, communes, filières, and who is in each of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..analysis.gaps.chain import chain_of
from ..filiere import Filiere
from ..language import tr, trn
from ..perimeter import local_codes
from ..tables import in_force
from ..text import fold
from ..vocabulary import ActorType

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Place = NDArray[np.int8]

__all__ = ["REST", "Column", "columns_of", "n_actors", "own_place"]

#: Identifier of the row or column that puts the others together.
REST = ""


@dataclass(frozen=True)
class Column:
    """A territory, commune or filière: who is there; ``grouped`` counts those that it puts together."""

    identifier: str
    label: str
    kind: str
    filiere: Filiere
    place: Place  # along the actors: 1 there, 0 elsewhere, -1 nobody knows
    grouped: int = 0


def own_place(f: Filiere) -> Place:
    """Return who is in the territory of a filière; without one all but the outside are there."""
    if f.territory_id is None:
        return np.where(f.actors["actor_type"].eq(ActorType.OUTSIDE.value).to_numpy(bool), 0, 1).astype(
            np.int8
        )
    return f.network.local


def _place_in(f: Filiere, rows: pd.DataFrame) -> Place:
    """Return who is in some communes, as `Filiere.is_local` tells it of the territory of a filière."""
    found = np.zeros(len(f.actors), dtype=np.int8)
    holders = np.unique(chain_of(f).holder_actor)  # the others are in no cell
    actors = f.actors.iloc[holders]
    found[holders] = local_codes(actors, rows)
    return found


def columns_of(f: Filiere, by: str | None, most: int, lang: str) -> list[Column]:
    """Return the columns of one filière: its territories, then the communes with most actors, the others together."""
    own, rows = f.territory_id, f.territories
    year = f.year if f.year is not None else f.reference_year
    if year is not None:
        stands = in_force(rows, year)
        lost = ~rows["territory_id"].isin(set(rows.loc[stands, "territory_id"]))  # none of them of that year
        rows = rows[stands | lost.to_numpy(bool)]
    names = [own] if own is not None else []
    names += [name for name in dict.fromkeys(rows["territory_id"]) if name != own]
    found = [] if by == "commune" else _of_territories(f, rows, names, alike=by == "territory")
    if by != "territory":
        mine = (
            rows if own is None or own not in set(rows["territory_id"]) else rows[rows["territory_id"] == own]
        )
        mine = mine.drop_duplicates("commune_code")
        # territories that leave no room for communes are not dropped for them
        if by == "commune" or (len(mine) > 1 and len(found) <= max(most - 2, 1)):
            communes = _of_communes(f, mine, most - len(found), lang)
            found += _told_apart(communes, {column.identifier for column in found})
    if not found:
        found = [Column(own or REST, f.name or tr("The filière", lang), "filiere", f, own_place(f))]
    if len(found) > most:
        rest = rows[rows["territory_id"].isin([column.identifier for column in found[most - 1 :]])]
        count = len(found) - most + 1
        label = trn("{count} other territory", "{count} other territories", count, lang)
        found = [*found[: most - 1], Column(REST, label, "territory", f, _place_in(f, rest), count)]
    return found


def _of_territories(f: Filiere, rows: pd.DataFrame, names: list[str], *, alike: bool) -> list[Column]:
    """Return a column per territory; one of the same communes as another only where `alike`."""
    found, seen = [], set()
    for name in names:  # a loop over territories
        part = rows[rows["territory_id"] == name]
        communes = frozenset(part["commune_code"])
        if part.empty and name != f.territory_id or (communes in seen and not alike):
            continue
        seen.add(communes)
        called = part["name"].dropna()
        place = own_place(f) if name == f.territory_id else _place_in(f, part)
        found.append(Column(name, str(called.iloc[0]) if len(called) else name, "territory", f, place))
    return found


def _told_apart(communes: list[Column], taken: set[str]) -> list[Column]:
    """Return communes under identifiers that no territory has: one may be called by the code of its commune."""
    return [
        replace(one, identifier=f"commune {one.identifier}") if one.identifier in taken else one
        for one in communes
    ]


def _of_communes(f: Filiere, rows: pd.DataFrame, most: int, lang: str) -> list[Column]:
    """Return a column per commune, those with most actors first, the others together."""
    holders = f.actors.iloc[np.unique(chain_of(f).holder_actor)]
    count = holders["commune_code"].value_counts()
    named = holders.loc[holders["commune_code"].isna(), "commune_name"].dropna().map(fold).value_counts()
    here = rows["commune_code"].map(count).fillna(0).to_numpy(np.float64)
    here = here + rows["commune_name"].map(fold, na_action="ignore").map(named).fillna(0).to_numpy(np.float64)
    rows = rows.iloc[np.argsort(-here, kind="stable")]
    few = len(rows) - (most - 1 if len(rows) > most else most)
    shown, rest = (rows, rows.iloc[:0]) if few <= 0 else (rows.iloc[: most - 1], rows.iloc[most - 1 :])
    # communes where nobody is say the same, each of them
    empty = int((np.sort(-here)[: len(shown)] == 0).sum())
    if empty > 1:
        shown, rest = rows.iloc[: len(shown) - empty], rows.iloc[len(shown) - empty :]
    elsewhere = own_place(f) == 0 if f.territory_id is not None else np.zeros(len(f.actors), dtype=bool)
    found = []
    for place in range(len(shown)):  # a loop over the columns shown
        row = shown.iloc[[place]]
        name = row["commune_name"].iloc[0]
        code = str(row["commune_code"].iloc[0])
        label = code if pd.isna(name) else str(name)
        found.append(
            Column(code, label, "commune", f, np.where(elsewhere, 0, _place_in(f, row)).astype(np.int8))
        )
    if len(rest):
        label = trn("{count} other commune", "{count} other communes", len(rest), lang)
        place_ = np.where(elsewhere, 0, _place_in(f, rest)).astype(np.int8)
        found.append(Column(REST, label, "commune", f, place_, len(rest)))
    return found


def n_actors(column: Column) -> int:
    """Return how many active actors that hold a stage are there."""
    holders = np.unique(chain_of(column.filiere).holder_actor)
    return int((column.place[holders] == 1).sum())
