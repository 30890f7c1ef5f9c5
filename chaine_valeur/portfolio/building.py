"""How a portfolio comes together: from filières, from stacked tables, from one filière seen in many ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from ..errors import ArgumentError, MissingTableError
from ..filiere import Filiere
from ..io.gather import filiere_of
from ..language import check_language, tr
from ..parse import cell_text
from ..problems import Problems
from ..schema import table
from ..tables import raw_table
from ._jobs import MOST_AT_A_TIME, chunk_size, in_order
from ._splitting import Split, split_by_code
from .failures import Failure, duplicate, reason
from .portfolio import Portfolio
from .stacking import joined, stacked

if TYPE_CHECKING:
    from ..table_state import RawTable

__all__ = ["Maker", "in_year", "made", "made_of_split", "of_pairs", "of_parts", "of_tables", "of_views"]

P = TypeVar("P", bound=Portfolio)
#: Code, source, what makes the filière.
Maker = tuple[str, str, Callable[[], Filiere]]


def made(makers: Iterable[Maker]) -> Portfolio:
    """Return the portfolio of what can be made; what cannot is a failure, and no reason to stop."""
    codes, sources, filieres, failures = [], [], [], []
    for code, source, make in makers:
        try:
            filieres.append(make())
        except Exception as error:
            failures.append(Failure(code, source, *reason(error)))
            continue
        codes.append(code)
        sources.append(source)
    return Portfolio(stacked(filieres), codes, sources=sources, failures=failures)


def _as(cls: type[P], parts: Iterable[Portfolio], failures: Sequence[Failure] = (), *, lang: str) -> P:
    whole = cls.concat(parts, lang=lang)
    return whole.with_failures(failures) if failures else whole


def of_parts(cls: type[P], parts: Sequence[Portfolio], *, lang: str) -> P:
    """See `Portfolio.concat`."""
    codes: list[str] = []
    sources: list[str] = []
    failures = [row for part in parts for row in part._failures]
    stores, first = [], dict[str, str]()
    for part in parts:
        kept = []
        for place, (code, source) in enumerate(zip(part._codes, part._sources, strict=True)):
            if code in first:
                failures.append(duplicate(code, first[code] or code, source or code, lang))
                continue
            first[code] = source
            kept.append(place)
        stores.append(part._store if len(kept) == len(part) else part._store.take(kept))
        codes += [part._codes[place] for place in kept]
        sources += [part._sources[place] for place in kept]
    return cls(joined(stores), codes, sources=sources, failures=failures)


def _lots(things: Iterable[Any], size: int) -> Iterator[list[Any]]:
    waiting = iter(things)
    while lot := list(islice(waiting, size)):
        yield lot


# -- filières that are there ----------------------------------------------------------------------------


def of_pairs(
    cls: type[P], pairs: Iterable[tuple[str, Filiere]], *, sources: Mapping[str, str], lang: str
) -> P:
    """See `Portfolio.from_filieres`."""
    check_language(lang)
    first: dict[str, str] = {}
    failures: list[Failure] = []

    def fresh() -> Iterator[tuple[str, str, Filiere]]:
        for place, (code, f) in enumerate(pairs, start=1):
            if not isinstance(code, str) or not code.strip():
                raise ArgumentError(f"the code of a filière is a text that is not blank, not {code!r}")
            told = tr("{name} (place {place})", lang, name=f.name or code, place=place)
            if code in first:
                failures.append(duplicate(code, first[code], sources.get(code, "") or told, lang))
                continue
            first[code] = told
            yield code, sources.get(code, ""), f

    parts = []
    for lot in _lots(fresh(), MOST_AT_A_TIME):
        codes, told, filieres = zip(*lot, strict=True)
        parts.append(Portfolio(stacked(filieres), codes, sources=told))
    return _as(cls, parts, failures, lang=lang)


# -- stacked tables -------------------------------------------------------------------------------------


def of_tables(
    cls: type[P],
    frames: Mapping[str, pd.DataFrame | Mapping[str, Any]],
    *,
    strict: bool,
    lang: str,
    jobs: int | None,
) -> P:
    """See `Portfolio.from_tables`."""
    check_language(lang)
    given = {name: pd.DataFrame(frame) for name, frame in frames.items() if frame is not None}
    raws = {table(name).name: _raw(name, frame, lang) for name, frame in given.items()}
    if "actors" not in raws:
        raise MissingTableError(
            "a portfolio needs the table 'actors', with at least the columns 'filiere_code' and 'name'"
        )
    return of_raw(cls, raws, strict=strict, lang=lang, jobs=jobs)


def _raw(name: str, frame: pd.DataFrame, lang: str) -> RawTable:
    named = [level for level in frame.index.names if level is not None and level not in frame.columns]
    return raw_table(frame.reset_index(named) if named else frame, table(name), lang=lang)


def of_raw(cls: type[P], raws: Mapping[str, RawTable], *, strict: bool, lang: str, jobs: int | None) -> P:
    """Return the portfolio of raw tables that have a column of codes."""
    split, failures = split_by_code(raws, lang=lang)
    size, count = chunk_size(len(split.codes), jobs), len(split.codes)
    lots = (
        (split.take(range(start, min(start + size, count))), strict, lang) for start in range(0, count, size)
    )
    return _as(cls, in_order(made_of_split, lots, jobs=jobs), failures, lang=lang)


def made_of_split(split: Split, strict: bool, lang: str) -> Portfolio:
    """Return the portfolio of tables parted by code, each filière checked on its own."""

    def maker(place: int) -> Callable[[], Filiere]:
        def make() -> Filiere:
            problems = Problems(lang, list(split.notes.get(place, ())))
            return filiere_of(split.of(place), problems, strict=strict, lang=lang)

        return make

    return made((code, "", maker(place)) for place, code in enumerate(split.codes))


# -- one filière in many ways, many in one year ---------------------------------------------------------


def of_views(
    cls: type[P],
    f: Filiere,
    territories: Iterable[str] | None,
    years: Iterable[int] | None,
    *,
    lang: str,
    jobs: int | None,
) -> P:
    """See `Portfolio.across`."""
    check_language(lang)
    if isinstance(territories, str):
        raise ArgumentError(f"territories={territories!r}: give a list of territories")
    if territories is None and years is None:
        raise ArgumentError("give territories, years, or both: what should the filière be seen from?")
    places = [None] if territories is None else [cell_text(one) for one in territories]
    moments = [None] if years is None else [int(year) for year in years]
    views = [(place, moment) for place in places for moment in moments]
    size = chunk_size(len(views), jobs)
    lots = ((f, views[start : start + size]) for start in range(0, len(views), size))
    return _as(cls, in_order(_seen, lots, jobs=jobs), lang=lang)


def _seen(f: Filiere, views: Sequence[tuple[str | None, int | None]]) -> Portfolio:
    def maker(place: str | None, year: int | None) -> Callable[[], Filiere]:
        def make() -> Filiere:
            # the territory first: which perimeter of a year stands is asked of the filière's own territory
            seen = f if place is None else f.within(place)
            return seen if year is None else seen.at(year)

        return make

    parts, lot, seen = [], list[Maker](), set[str]()
    for place, year in views:
        code = "@".join(str(one) for one in (place, year) if one is not None)
        if code in seen:  # asked for twice: the second is told when the parts are put together
            parts.append(made(lot))
            lot, seen = [], set()
        seen.add(code)
        lot.append((code, "", maker(place, year)))
    return Portfolio.concat([*parts, made(lot)])


def in_year(portfolio: P, year: int, *, lang: str, jobs: int | None) -> P:
    """See `Portfolio.at`."""
    lots = ((part, year) for part in portfolio.chunks(chunk_size(len(portfolio), jobs)))
    parts = list(in_order(_at, lots, jobs=jobs))
    return _as(type(portfolio), parts, portfolio.select([])._failures, lang=lang)


def _at(part: Portfolio, year: int) -> Portfolio:
    sources = part.entries["source"].fillna("")

    def maker(code: str) -> Callable[[], Filiere]:
        return lambda: part[code].at(year)

    return made((code, source, maker(code)) for code, source in zip(part, sources, strict=True))
