"""What of the tables one actor may see on its own sheet: its rows, and who stated them.

The sheet of an actor holds nothing that others said in confidence. Of what it shares with another (a flow, money, a
tie) it knows what passed between them; the rest of a guarded row is told only to who stated it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...diagnosis.wording import named
from ...provenance import provenance
from ...redaction.naming import natural_persons, new_names, renamed
from ...redaction.persons import PERSON
from ...schema import table, tables
from ...text import fold
from ...vocabulary import Confidentiality

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Places = NDArray[np.intp]

__all__ = ["Records", "View", "owners_of_sources"]

#: Levels above which only the team reads.
GUARDED = frozenset((Confidentiality.INTERNAL.value, Confidentiality.CONFIDENTIAL.value))
_RANKS = {level.value: place for place, level in enumerate(Confidentiality)}
_LEVELS = np.array([level.value for level in Confidentiality], dtype=object)
#: Tables whose rows are about two actors: table → the columns that name them.
ENDS: Mapping[str, tuple[str, str]] = {
    "flows": ("source", "target"),
    "funding": ("funder_id", "beneficiary_id"),
    "cooperations": ("actor_id", "to_actor_id"),
}


def owners_of_sources(f: Filiere) -> dict[str, str]:
    """Return source → the one actor whose own statement it is.

    A source is that of an actor where its publisher or its title names it, and no other actor whose name is not part
    of that name: a series of interviews is nobody’s.
    """
    names = {fold(str(name)): str(key) for key, name in f.actors["name"].items() if fold(str(name))}
    longest_first = sorted(names, key=len, reverse=True)
    found = {}
    for key, row in f.sources[["publisher", "name"]].iterrows():  # dozens of sources
        for said in (row["publisher"], row["name"]):
            rest, owners = f" {fold(str(said))} " if isinstance(said, str) else "", []
            for name in longest_first:
                if f" {name} " in rest:
                    owners.append(names[name])
                    rest = rest.replace(f" {name} ", "  ")
            if len(owners) == 1:
                found[str(key)] = owners[0]
            if owners:
                break
    return found


class Records:
    """The rows about each actor, by their places in the tables; who stated them, and how guarded they are."""

    def __init__(self, f: Filiere) -> None:
        self.f = f
        self.owner = owners_of_sources(f)
        self._places: dict[tuple[str, str], dict[str, Places]] = {}
        self._levels: dict[str, pd.DataFrame] = {}
        self._stated: dict[str, NDArray[np.object_]] = {}
        self._beside: dict[str, NDArray[np.bool_]] = {}
        self._ends: dict[str, NDArray[np.object_]] = {}

    def places(self, name: str, column: str, actor: str) -> Places:
        """Return the places of the rows of a table that name an actor in a column, in the order of the table."""
        if (name, column) not in self._places:
            grouped = self.f.table(name).reset_index(drop=True).groupby(column, sort=False).indices
            self._places[name, column] = {str(key): np.sort(at) for key, at in grouped.items()}
        return self._places[name, column].get(actor, np.zeros(0, np.intp))

    def levels(self, name: str) -> pd.DataFrame:
        """Return, by place, ``level`` (who may read the row), ``stated`` (whether it says so itself) and ``said``.

        ``said``: the row, or one of its cells, says that only the team may read it. A row that says nothing is as
        guarded as the actors that it is about.
        """
        if name not in self._levels:
            self._levels[name] = self._level_frame(name)
        return self._levels[name]

    def _level_frame(self, name: str) -> pd.DataFrame:
        frame = self.f.table(name)
        own = provenance(self.f, name)["confidentiality"].map(_RANKS).fillna(-1).astype("int64").to_numpy()
        actors = provenance(self.f, "actors")["confidentiality"].map(_RANKS).fillna(-1)
        about = np.full(len(frame), 0, dtype="int64")
        columns = ENDS.get(name) or tuple(
            one for one in ("actor_id", "funder_id", "owner_id") if one in frame
        )
        for column in columns if name != "actors" else ():
            ranks = frame[column].map(actors).fillna(-1).to_numpy(dtype="int64")
            about = np.maximum(about, ranks)
        rank = np.where(own >= 0, own, about)
        guarded = np.isin(own, [_RANKS[level] for level in GUARDED])
        return pd.DataFrame(
            {
                "level": _LEVELS[rank],
                "stated": own >= 0,
                "said": guarded | frame.index.isin(list(self._guarded_cells(name))),
            }
        )

    def beside(self, name: str) -> NDArray[np.bool_]:
        """Return, by place and end of a row about two actors, whether that end is an actor only the team may know of.

        Of rows that say themselves who may read them, neither is.
        """
        if name not in self._beside:
            said = self.levels("actors")["said"].to_numpy(bool)
            hidden = list(self.f.actors.index[said])
            ends = self.f.table(name)[list(ENDS[name])].isin(hidden).to_numpy(bool)
            self._beside[name] = ends & ~self.levels(name)["stated"].to_numpy(bool)[:, None]
        return self._beside[name]

    def ends(self, name: str) -> NDArray[np.object_]:
        """Return, by place, the two ends of the rows of a table about two actors."""
        if name not in self._ends:
            self._ends[name] = self.f.table(name)[list(ENDS[name])].to_numpy(dtype=object)
        return self._ends[name]

    def _guarded_cells(self, name: str) -> set[str]:
        cells = self.f.cell_sources
        mine = cells["table"].map(fold).isin(table(name).spellings) & cells["confidentiality"].isin(GUARDED)
        return set(cells.loc[mine.to_numpy(bool), "row_id"].astype(str)) if len(cells) else set()

    def stated_by(self, name: str) -> NDArray[np.object_]:
        """Return, by place, the actor whose own statement a row is; empty where it is nobody’s."""
        if name not in self._stated:
            said = [self.owner.get(str(one), "") for one in provenance(self.f, name)["source_id"]]
            self._stated[name] = np.array(said, dtype=object)
        return self._stated[name]

    @cached_property
    def persons(self) -> list[str]:
        """The natural persons."""
        return natural_persons(self.f)

    def view(self, actor: str | None, *, lang: str) -> View:
        """Return the tables as an actor may see them: natural persons without name, but for itself."""
        numbered = new_names(self.f, self.persons, PERSON, lang=lang)
        others = {key: new for key, new in numbered.items() if key != actor}
        return View(renamed(self.f, others, lang=lang) if others else self.f, lang)


class View:
    """The tables under the names that one actor may read; rows are at the same places as in the filière."""

    def __init__(self, f: Filiere, lang: str) -> None:
        self.f, self.lang = f, lang
        self._names: dict[tuple[str, str], Mapping[str, str]] = {}
        self._rows: dict[str, list[tuple[str, dict[Any, Any]]]] = {}

    def row(self, name: str, place: int) -> tuple[str, dict[Any, Any]]:
        """Return a row of a table by its place: its identifier, column → value."""
        if name not in self._rows:
            frame = self.f.table(name)
            self._rows[name] = list(zip(map(str, frame.index), frame.to_dict("records"), strict=True))
        return self._rows[name][place]

    def names(self, name: str, column: str) -> Mapping[str, str]:
        """Return identifier → name of what a column refers to."""
        if (name, column) not in self._names:
            self._names[name, column] = named(self.f, table(name)[column])
        return self._names[name, column]

    @cached_property
    def sources(self) -> pd.DataFrame:
        """The sources."""
        return self.f.sources

    @cached_property
    def cells(self) -> dict[tuple[str, str], list[dict[str, object]]]:
        """What is said apart of single cells: (table, row) → the rows of ``cell_sources``."""
        found: dict[tuple[str, str], list[dict[str, object]]] = {}
        homes = {spelling: home.name for home in tables().values() for spelling in home.spellings}
        for row in self.f.cell_sources.to_dict("records"):  # what somebody wrote by hand
            home = homes.get(fold(str(row["table"])))
            if home is not None:
                found.setdefault((home, str(row["row_id"])), []).append(row)
        return found
