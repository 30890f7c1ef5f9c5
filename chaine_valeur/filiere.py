"""The filière: frozen, validated tables. Graphs and figures are derived from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, TypeVar

import pandas as pd

from .errors import MissingTableError, UnknownNameError
from .held import Held
from .leaving import (
    DECLARED_AGAIN,
    DESCRIBING,
    DESCRIBING_IN_A_YEAR,
    NOT_YET,
    both,
    carried,
    without_references,
)
from .perimeter import in_territory
from .problems import has_errors, raise_if_errors
from .schema import table
from .spellings import cell_text
from .tables import Conformed, conform, in_force, named_as, raw_table, with_doubts

if TYPE_CHECKING:
    from .network import Network

__all__ = ["Filiere", "in_territory"]

T = TypeVar("T")


class Filiere(Held):
    """A value chain as tables: what is expected, what was observed, where each figure comes from.

    Build it with `Filiere.from_tables`, `chaine_valeur.read_workbook` or `chaine_valeur.read_csv`. Every
    table is an attribute (``f.actors``, ``f.flows``…), a shallow copy keyed by identifier: changing it does
    not change the filière. A scenario is a new filière (`with_rows`, `with_table`, `without_rows`).

    Attributes
    ----------
    problems
        Everything found while reading, one row each.
    set_aside
        Table → the rows that could not be used, as they were written, with sheet, row and reason.
    unknown_cells
        Table → number of cells that could not be read and count as unknown.
    """

    # -- building -----------------------------------------------------------------------------------

    @classmethod
    def from_tables(
        cls, *, strict: bool = True, lang: str = "fr", **frames: pd.DataFrame | Mapping[str, Any]
    ) -> Self:
        """Return the filière that these tables describe.

        Parameters
        ----------
        strict
            Raise if a row or a cell cannot be used; otherwise set it aside and go on.
        lang
            Language of the sentences in ``problems``.
        **frames
            Tables by name (``actors=…``), as frames or as anything `pandas.DataFrame` takes. Columns are
            named as in the schema, or headed as on a sheet; further ones are kept. Only ``actors`` is
            compulsory. References may be written as identifiers or as names.

        Raises
        ------
        ValidationError
            In strict mode; its ``problems`` holds them all.
        UnknownNameError
            A table that does not exist.
        MissingTableError
            No actors.

        Examples
        --------
        >>> f = Filiere.from_tables(
        ...     actors={"name": ["Relais", "Filature"]},
        ...     flows={"source": ["Relais"], "target": ["Filature"], "quantity_t_per_year": [12.5]},
        ... )
        >>> f.flows["quantity_t_per_year"].item()
        12.5
        """
        if "actors" not in frames:
            raise MissingTableError("a filière needs the table 'actors', with at least the column 'name'")
        raw = {
            name: raw_table(pd.DataFrame(frame), table(name), lang=lang)
            for name, frame in frames.items()
            if frame is not None
        }
        return cls.from_conformed(conform(raw, lang=lang), strict=strict, lang=lang)

    @classmethod
    def from_conformed(cls, conformed: Conformed, *, strict: bool = True, lang: str = "fr") -> Self:
        """Return the filière of tables that went through `chaine_valeur.tables.conform`."""
        if strict:
            raise_if_errors(conformed.problems, lang=lang)
        return cls(conformed)

    @cached_property
    def network(self) -> Network:
        """The columnar core: integer codes and edge arrays, built once."""
        from .network import Network

        return Network.of(self)

    # -- changed copies -----------------------------------------------------------------------------

    def with_table(self, name: str, frame: pd.DataFrame, *, strict: bool = True) -> Self:
        """Return a filière in which a table is another one; everything is checked again."""
        return self._rebuilt({table(name).name: frame}, changed=[table(name).name], strict=strict)

    def with_rows(self, name: str, rows: pd.DataFrame | Mapping[str, Any], *, strict: bool = True) -> Self:
        """Return a filière with further rows in a table; a row whose identifier stands replaces it."""
        home = table(name)
        old = self.table(home.name).reset_index()
        new, _ = named_as(pd.DataFrame(rows), home, others=set(old.columns) - home.columns.keys())
        if home.key in new:
            old = old[~old[home.key].isin(new[home.key].map(cell_text))]
        joined = pd.concat([with_doubts(old, home).astype(object), new.astype(object)], ignore_index=True)
        return self._rebuilt({home.name: joined}, changed=[home.name], strict=strict)

    def without_rows(self, name: str, identifiers: Any, *, strict: bool = True) -> Self:
        """Return a filière without some rows, and without the rows of other tables that refer to them.

        Raises
        ------
        UnknownNameError
            An identifier that the table does not have.
        """
        home = table(name)
        gone = [cell_text(one) for one in ([identifiers] if isinstance(identifiers, str) else identifiers)]
        frame = self.table(home.name)
        for identifier in gone:
            if identifier not in frame.index:
                raise UnknownNameError.of(f"no {identifier!r} in {home.name!r}", identifier, frame.index)
        frames = {other: self.table(other) for other in self}
        frames[home.name] = frame.drop(index=gone)
        return self._rebuilt(without_references(frames, home.name, set(gone)), strict=strict)

    def without_actors(self, *identifiers: str) -> Self:
        """Return a filière without some actors and all that refers to them."""
        return self.without_rows("actors", identifiers)

    def at(self, year: int) -> Self:
        """Return the filière in one year: rows of that year, and those that hold every year.

        Actors, cooperations, groups, members and perimeters are kept if they existed then (between
        ``since`` and ``until``, blank being open); planned and candidate actors are kept.

        A row that cannot stand in that year alone is set aside and told in `problems`: a flow of an actor to itself
        between two stages of which it held one.
        """
        frames = {name: self.table(name) for name in self}
        for name, frame in list(frames.items()):
            if name == "sources":  # the year of a source is that of its publication
                continue
            if "year" in frame:
                frames[name] = frame[(frame["year"].isna() | (frame["year"] == year)).to_numpy(bool)]
            elif "since" in frame and name != "funding":
                kept = in_force(frame, year)
                own = (
                    (frame["territory_id"] == self.territory_id).to_numpy(bool)
                    if name == "territories"
                    else kept
                )
                if not (own & kept).any():  # its own perimeter of that year is unknown: the one known stands
                    kept = kept | own
                if name == "actors":  # a project may begin later: options speak of it
                    kept = kept | frame["status"].isin(NOT_YET).to_numpy(bool)
                frames[name] = frame[kept]
        for name in ("actors", "groups", "flows"):
            lost = set(self.table(name).index) - set(frames.get(name, self.table(name)).index)
            if lost and name == "flows":  # a declaration outlives one of another year that it speaks of
                same = frames[name]["same_flow_as"]
                frames[name] = frames[name].assign(same_flow_as=same.mask(same.isin(lost)))
            if lost:
                frames = without_references(frames, name, lost, describing=DESCRIBING_IN_A_YEAR)
        return self._rebuilt(frames, strict=None, year=int(year))

    def within(self, territory: str) -> Self:
        """Return the filière seen from a territory: the same, with that territory as its own.

        Actors elsewhere stay (they may hold a stage from outside); what is local is asked with
        `is_local`. A commune code is a territory of its own.

        Raises
        ------
        UnknownNameError
            A territory that the table of territories does not have.
        """
        rows = self.table("territories")
        known = [*rows["territory_id"].unique(), *rows["commune_code"].unique()]
        if territory not in known:
            named = rows.loc[rows["name"] == territory, "territory_id"].unique()
            if len(named) != 1:
                called = [*known, *rows["name"].unique()]
                raise UnknownNameError.of(f"no territory {territory!r}", territory, called)
            territory = str(named[0])
        if territory not in set(rows["territory_id"]):
            name = rows.loc[rows["commune_code"] == territory, "commune_name"].iloc[0]
            own = {"territory_id": territory, "name": name, "kind": "commune"}
            place = {"commune_code": territory, "commune_name": name}
            return self.with_rows("territories", [own | place]).within(territory)
        filiere = self.table("filiere").reset_index()
        if filiere.empty:
            filiere = pd.DataFrame([{"name": "Filière"}])
        frames, changed = {"filiere": filiere.assign(territory_id=territory)}, ["filiere"]
        actors = self.table("actors")
        if territory != self.territory_id and actors["in_territory"].notna().any():
            # what was said of another territory says nothing of this one
            frames["actors"] = actors.reset_index().assign(
                in_territory=pd.array([pd.NA] * len(actors), dtype="boolean")
            )
            changed.append("actors")
        return self._rebuilt(frames, changed=changed, strict=True)

    def is_local(self) -> pd.Series:
        """Return, per actor, whether its commune is in the territory of the filière.

        Returns
        -------
        pandas.Series
            Nullable booleans on ``actor_id``; unknown without a territory, or without the commune of the
            actor, unless ``in_territory`` says it. An actor of type *outside* is not local, whatever its commune.
        """
        actors = self.table("actors")
        local = pd.Series(pd.NA, index=actors.index, dtype="boolean")
        territory = self.territory_id
        if territory is not None:
            rows = self.table("territories")
            rows = rows[rows["territory_id"] == territory]
            year = self._year or self.reference_year
            if year is not None:
                stands = in_force(rows, year)
                rows = rows[stands] if stands.any() else rows
            local = in_territory(actors, rows).fillna(actors["in_territory"])
        return local.mask(actors["actor_type"] == "outside", False).rename("is_local")

    def _rebuilt(
        self,
        frames: Mapping[str, pd.DataFrame],
        *,
        strict: bool | None,
        changed: Collection[str] = (),
        year: int | None = None,
    ) -> Self:
        """Check again with some tables replaced; what was set aside and where rows stood is carried over.

        Rows of the tables `changed` are read anew; those of the others are rows of this filière. Warnings were given
        when it was made: with `strict` neither true nor false they are told again only beside an error.
        """
        merged = {name: self.table(name) for name in self} | dict(frames)
        settled = [name for name in merged if name not in changed]
        raw = {
            name: raw_table(
                frame, table(name), places=self.where(name, frame.index) if name in settled else None
            )
            for name, frame in merged.items()
        }
        conformed = conform(raw, settled=settled)
        if strict:
            raise_if_errors(conformed.problems)
        places = dict(conformed.places)
        for name in changed:
            places[name] = carried(places[name], self.where(name))
        aside, cells = dict(self._conformed.set_aside), dict(self._conformed.unknown_cells)
        for name, rows in conformed.set_aside.items():
            aside[name] = pd.concat([aside[name], rows], ignore_index=True) if name in aside else rows
        for name, count in conformed.unknown_cells.items():
            cells[name] = cells.get(name, 0) + count
        problems = self._conformed.problems
        if strict is False or has_errors(conformed.problems):
            problems = both(problems, conformed.problems)
        kept = replace(conformed, places=places, problems=problems, set_aside=aside, unknown_cells=cells)
        return type(self)(kept, year=self._year if year is None else year)

    def _with_numbers(
        self,
        frames: Mapping[str, pd.DataFrame],
        *,
        without: Mapping[str, set[str]] | None = None,
        keep: frozenset[str] = frozenset(),
    ) -> Self:
        """Return the filière with other numbers in some tables, for draws by the thousand: nothing is checked again.

        The caller answers for the same rows, columns, types and bounds. Rows in `without` go, with what refers to
        them; another declaration of a flow that goes stands for itself. What `derived` holds under keys that begin
        with a word of `keep` follows from no number: it is carried over, unless rows go.
        """
        old, gone = self._conformed, {name: rows for name, rows in (without or {}).items() if rows}
        merged, places = {**old.tables, **frames}, dict(old.places)
        for name, rows in gone.items():
            merged[name] = merged[name][~merged[name].index.isin(rows)]
            merged = without_references(merged, name, rows, describing=DESCRIBING | DECLARED_AGAIN)
        for name, rows in places.items() if gone else ():
            places[name] = rows if len(rows) == len(merged[name]) else rows.loc[merged[name].index]
        codes = {} if gone else old.codes
        texts = {} if gone else {key: one for key, one in old.texts.items() if key[0] not in frames}
        changed = replace(old, tables=merged, places=places, codes=codes, texts=texts)
        made = type(self)(changed, year=self._year)
        if not gone:
            first = {key: key[0] if isinstance(key, tuple) else key for key in self._derived}
            made._derived.update({key: self._derived[key] for key, word in first.items() if word in keep})
        return made

    # -- showing ------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(self.table(name))} {name}" for name in self if name != "filiere")
        at = f" at {self._year}" if self._year is not None else ""
        out = sum(len(rows) for rows in self._conformed.set_aside.values())
        aside = f" ({out} rows set aside)" if out else ""
        return f"<Filiere {self.name!r}{at}: {counts or 'empty'}{aside}>"

    def _repr_html_(self) -> str:
        from .summary import summary_html

        return summary_html(self)
