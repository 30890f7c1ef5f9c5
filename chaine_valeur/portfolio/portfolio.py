"""Many filières × territories × years in one set of tables, each row with the code of its filière."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from ..errors import ArgumentError, UnknownNameError
from ..filiere import Filiere
from ..schema import reference_targets, table, tables
from ._entries import entries_of
from .failures import Failure, failures_frame
from .rebuilt import conformed_of, frame_of, problems_of, rows_referred_to
from .stack import PROBLEMS, Store

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..network import Core

__all__ = ["Portfolio"]

#: Cells up to which a table of all filières is kept once it was put together.
_KEPT = 2_000_000


class Portfolio:
    """Many filières in one set of tables: each row bears the code of its filière.

    Build it with `Portfolio.from_filieres`, `Portfolio.from_tables`, `Portfolio.across` or
    `chaine_valeur.portfolio.read_portfolio`. Rows of one filière stand together, filières in the order of
    `codes`; identifiers are those of the filière itself, so they repeat from one to the next. Frozen, like a
    `chaine_valeur.Filiere`: `select`, `concat` and `at` make another one.

    A filière that cannot be read is a row of `failures`, and no reason to stop.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> one = Filiere.from_tables(actors={"name": ["Relais", "Filature"]})
    >>> two = Filiere.from_tables(actors={"name": ["Ressourcerie"]})
    >>> p = Portfolio.from_filieres({"Caux": one, "Bray": two})
    >>> p.table("actors")[["filiere_code", "actor_id"]].to_numpy().tolist()
    [['Caux', 'relais'], ['Caux', 'filature'], ['Bray', 'ressourcerie']]
    >>> p.offsets("actors").tolist(), p["Bray"] == two
    ([0, 2, 3], True)
    """

    _store: Store
    _codes: pd.Index
    _sources: tuple[str, ...]
    _failures: tuple[Failure, ...]

    def __init__(
        self,
        store: Store,
        codes: Sequence[str],
        *,
        sources: Sequence[str] = (),
        failures: Iterable[Failure] = (),
    ) -> None:
        index = pd.Index(codes, dtype="str", name="filiere_code")
        if len(index) != store.n or index.has_duplicates or index.hasnans:
            raise ArgumentError(f"a portfolio of {store.n} filières needs as many codes, each another one")
        own = tuple(sources) if len(sources) else ("",) * store.n
        self.__dict__.update(_store=store, _codes=index, _sources=own, _failures=tuple(failures))

    # -- building -----------------------------------------------------------------------------------

    @classmethod
    def from_filieres(
        cls,
        filieres: Mapping[str, Filiere] | Iterable[tuple[str, Filiere]],
        *,
        sources: Mapping[str, str] | None = None,
        lang: str = "fr",
    ) -> Self:
        """Return the portfolio of filières that are there already.

        Parameters
        ----------
        filieres
            Code → filière, or pairs of them; they may come one by one, and are not kept. Of two with one
            code the first is taken, and the other is a row of `failures`.
        sources
            Code → where a filière comes from, told in `entries` and `failures`.
        lang
            Language of the sentences in `failures`.

        Raises
        ------
        ArgumentError
            A code that is no text, or blank.
        """
        from .building import of_pairs

        pairs = filieres.items() if isinstance(filieres, Mapping) else filieres
        return of_pairs(cls, pairs, sources=sources or {}, lang=lang)

    @classmethod
    def from_tables(
        cls,
        *,
        strict: bool = False,
        lang: str = "fr",
        jobs: int | None = None,
        **frames: pd.DataFrame | Mapping[str, Any],
    ) -> Self:
        """Return the portfolio that stacked tables describe, each with a column ``filiere_code``.

        Each filière is checked on its own: names and identifiers are looked up among its own rows.

        Parameters
        ----------
        strict
            A filière of which a row or a cell cannot be used is a row of `failures`; by default such rows
            are set aside, as in `Filiere.from_tables`.
        lang
            Language of problems and failures.
        jobs
            Processes, by joblib; ``None``: what ``joblib.parallel_config`` says, or this one.
        **frames
            Tables by name. The column may be called « Code de la filière » too. Codes are those of the table
            ``filiere``, if it is given, else those of ``actors``, in the order of their rows. Rows without a
            code, or with another one, are counted in `failures`.

        Raises
        ------
        UnknownNameError
            A table that does not exist.
        MissingTableError
            No actors.
        ArgumentError
            A table without the column.

        Examples
        --------
        >>> p = Portfolio.from_tables(
        ...     actors={"filiere_code": ["a", "b", None], "name": ["Relais", "Relais", "Tri"]}, lang="en"
        ... )
        >>> p.codes.tolist(), p.failures["error"].tolist()
        (['a', 'b'], ['no_code'])
        """
        from .building import of_tables

        return of_tables(cls, frames, strict=strict, lang=lang, jobs=jobs)

    @classmethod
    def across(
        cls,
        f: Filiere,
        *,
        territories: Iterable[str] | None = None,
        years: Iterable[int] | None = None,
        lang: str = "fr",
        jobs: int | None = None,
    ) -> Self:
        """Return one filière as it is seen from many territories, in many years.

        Parameters
        ----------
        territories
            As in `Filiere.within`; ``None``: its own.
        years
            As in `Filiere.at`; ``None``: all at once.
        jobs
            As in `from_tables`.

        Returns
        -------
        Portfolio
            Codes « territory@year », or one of the two where the other is not asked for; territories in the
            order given, years within them. One that cannot be made is a row of `failures`.

        Raises
        ------
        ArgumentError
            Neither territories nor years.

        Examples
        --------
        >>> f = Filiere.from_tables(
        ...     actors={"name": ["Relais"]}, territories={"territory_id": ["T"], "commune_code": ["76384"]}
        ... )
        >>> Portfolio.across(f, territories=["T", "76384"], years=[2023, 2024]).codes.tolist()
        ['T@2023', 'T@2024', '76384@2023', '76384@2024']
        """
        from .building import of_views

        return of_views(cls, f, territories, years, lang=lang, jobs=jobs)

    @classmethod
    def concat(cls, portfolios: Iterable[Portfolio], *, lang: str = "fr") -> Self:
        """Return several portfolios as one; of two filières with one code the first is taken, the other told."""
        from .building import of_parts

        return of_parts(cls, list(portfolios), lang=lang)

    # -- reading ------------------------------------------------------------------------------------

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Portfolio is frozen: make another one rather than change {name!r}")

    def __len__(self) -> int:
        """Number of filières."""
        return self._store.n

    def __iter__(self) -> Iterator[str]:
        """Iterate over the codes."""
        return iter(self._codes.tolist())

    def __contains__(self, code: object) -> bool:
        return code in self._codes

    def __getitem__(self, code: str) -> Filiere:
        """Return one filière, with its problems and what was set aside; nothing is checked again."""
        return self._filiere(self._place(code))

    def _filiere(self, place: int) -> Filiere:
        return Filiere(conformed_of(self._store, place), year=self._store.years[place])

    def _place(self, code: str) -> int:
        if not isinstance(code, str) or code not in self._codes:
            raise UnknownNameError.of(f"no filière {code!r} in the portfolio", code, self._codes)
        return int(self._codes.get_loc(code))

    def items(self) -> Iterator[tuple[str, Filiere]]:
        """Iterate over codes and filières; each filière is put together when its turn comes."""
        return ((code, self._filiere(place)) for place, code in enumerate(self._codes))

    def __eq__(self, other: object) -> bool:
        """Whether both hold equal filières under the same codes in the same order (see `Filiere`)."""
        if not isinstance(other, Portfolio):
            return NotImplemented
        if not self._codes.equals(other._codes) or self._store.years != other._store.years:
            return False
        if any(not np.array_equal(self.offsets(name), other.offsets(name)) for name in tables()):
            return False
        return all(mine == other[code] for code, mine in self.items())

    __hash__ = None  # type: ignore[assignment]

    @property
    def codes(self) -> pd.Index:
        """The code of each filière, named ``filiere_code``."""
        return self._codes

    @property
    def years(self) -> pd.Series:
        """The year asked for by `Filiere.at`, per code; missing where none was."""
        return pd.Series(pd.array(self._store.years, dtype="Int64"), index=self._codes, name="year")

    @cached_property
    def entries(self) -> pd.DataFrame:
        """What each filière is, on `codes`.

        ``name``, ``territory_id``, ``territory`` (its name), ``year`` (that asked for, else the one that the
        filière says it describes), ``source``, ``n_actors``, ``n_flows``, ``n_set_aside`` (rows) and
        ``n_unknown`` (cells that could not be read).
        """
        return entries_of(self._store, self._codes, self._sources)

    @property
    def failures(self) -> pd.DataFrame:
        """What did not come in: ``filiere_code``, ``source``, ``error`` (its kind) and ``message``."""
        return failures_frame(self._failures)

    @property
    def problems(self) -> pd.DataFrame:
        """Everything found while reading: ``filiere_code``, then the columns of `Filiere.problems`."""
        return self._with_codes(PROBLEMS, problems_of(self._store))

    def table(
        self, name: str, *, columns: Sequence[str] | None = None, compact: bool = False
    ) -> pd.DataFrame:
        """Return a table of all filières, one under another.

        Parameters
        ----------
        name
            A table of the schema.
        columns
            Those wanted; all by default. ``filiere_code`` always comes first.
        compact
            Texts as categories. Each text is held once, so that millions of rows take little memory; the key
            of a table and the columns that refer to it have the same categories.

        Returns
        -------
        pandas.DataFrame
            On a plain range index: ``filiere_code`` (categories: `codes`), the key, the columns of the schema
            in its dtypes, those of the users' own (unknown where a filière lacks them; text where they are of
            several kinds).

        Raises
        ------
        UnknownNameError
            A table, or a column, that does not exist.
        """
        home = table(name)
        asked = None if columns is None else [column for column in columns if column != "filiere_code"]
        stack = self._store.stacks.get(home.name)
        for column in asked or ():
            known = [*home.columns, *(own for own, _ in (stack.own if stack else ()))]
            if column not in known:
                raise UnknownNameError.of(f"table {home.name!r} has no column {column!r}", column, known)
        wanted = home.name, None if asked is None else tuple(asked), compact
        if wanted not in self._frames:
            frame = frame_of(self._store, home.name, columns=asked, compact=compact)
            frame = self._with_codes(home.name, frame)
            if frame.size > _KEPT:
                return frame
            self._frames[wanted] = frame
        return self._frames[wanted].copy(deep=False)

    @cached_property
    def _frames(self) -> dict[Any, pd.DataFrame]:
        return {}

    def _with_codes(self, name: str, frame: pd.DataFrame) -> pd.DataFrame:
        codes = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self._store.offsets(name)))
        frame.insert(0, "filiere_code", pd.Categorical.from_codes(codes, self._codes, validate=False))
        return frame

    def offsets(self, name: str) -> NDArray[np.int64]:
        """Return where the rows of each filière stand in a table: ``offsets[i]:offsets[i + 1]``, n + 1 of them."""
        return self._store.offsets(table(name).name).copy()

    def rows_referred_to(self, name: str, column: str) -> NDArray[np.int32]:
        """Return, per row of a table, the row (counted through the whole of the other) that a column refers to.

        −1 where it refers to none.

        Raises
        ------
        ArgumentError
            A column that refers to no table.
        """
        target = reference_targets(table(name)[column])
        if target is None:
            raise ArgumentError(f"column {column!r} of table {name!r} refers to no other table")
        return rows_referred_to(self._store, name, column, *target)

    @cached_property
    def core(self) -> Core:
        """The columnar core of all filières: positions run through them, no edge joins two of them."""
        from ..network import Core
        from .as_tables import Stacked

        return Core.of_tables(Stacked(self))

    def figures(self, indicators: Iterable[str] | None = None) -> pd.DataFrame:
        """Return indicators of all filières, computed in one pass over them (block-diagonal, no loop).

        Parameters
        ----------
        indicators
            Identifiers of `chaine_valeur.portfolio.in_one_pass`; all of those by default. The others are
            computed filière by filière: `chaine_valeur.portfolio.heavy`.

        Returns
        -------
        pandas.DataFrame
            A row per filière and indicator, filière after filière: ``filiere_code``, ``indicator_id`` (categories),
            ``value``, ``low``, ``high`` (NaN: unknown), ``numerator``, ``denominator`` (NaN where the figure is
            no ratio), ``n_unknown``, ``scope`` (category: ``filiere``, ``programme``, ``structure``,
            ``territory``; figures of two perimeters are never compared). The numbers are those that
            `chaine_valeur.diagnose` gives of each filière; rows set aside, which it adds to ``n_unknown``, are
            in `entries`.

        Raises
        ------
        UnknownNameError
            An indicator that does not exist.
        ArgumentError
            One that is not computed in one pass.

        Examples
        --------
        >>> f = Filiere.from_tables(
        ...     stages={"name": ["Collecte", "Tri"]},
        ...     actors={"name": ["Relais"]},
        ...     activities={"actor_id": ["Relais"], "stage_id": ["Collecte"]},
        ... )
        >>> Portfolio.from_filieres({"a": f, "b": f}).figures(["A1"])["value"].tolist()
        [0.5, 0.5]
        """
        from .many import figures_in_one_pass, named

        return figures_in_one_pass(self, named(indicators))

    # -- changed copies -----------------------------------------------------------------------------

    def select(self, codes: Iterable[str]) -> Self:
        """Return some of the filières, in the order asked for; the failures stay.

        Raises
        ------
        UnknownNameError
            A code that is not there.
        ArgumentError
            A code asked for twice.
        """
        places = [self._place(code) for code in codes]
        if len(set(places)) < len(places):
            raise ArgumentError("select() was asked for a code twice")
        return self._taken(places)

    def _taken(self, places: Sequence[int]) -> Self:
        store = self._store.take(places)
        return type(self)(
            store,
            [self._codes[place] for place in places],
            sources=[self._sources[place] for place in places],
            failures=self._failures,
        )

    def at(self, year: int, *, lang: str = "fr", jobs: int | None = None) -> Self:
        """Return every filière in one year (see `Filiere.at`); one that cannot be made is a row of `failures`."""
        from .building import in_year

        return in_year(self, int(year), lang=lang, jobs=jobs)

    def with_failures(self, failures: Iterable[Failure]) -> Self:
        """Return the same filières with further failures."""
        further = [*self._failures, *failures]
        return type(self)(self._store, self._codes, sources=self._sources, failures=further)

    def chunks(self, size: int) -> Iterator[Self]:
        """Iterate over portfolios of at most `size` filières, which hold nothing of the others; no failures."""
        for start in range(0, len(self), size):
            part = self._taken(range(start, min(start + size, len(self))))
            yield type(self)(part._store, part._codes, sources=part._sources)

    def __getstate__(self) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in ("_store", "_codes", "_sources", "_failures")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    # -- showing ------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        rows = ", ".join(
            f"{len(stack)} {name}" for name, stack in self._store.stacks.items() if name != PROBLEMS
        )
        failed = f" ({len(self._failures)} failures)" if self._failures else ""
        return f"<Portfolio of {len(self)} filières: {rows or 'empty'}{failed}>"

    def _repr_html_(self, lang: str = "fr") -> str:
        from ._showing import summary_html

        return summary_html(self, lang=lang)
