"""A folder read as a portfolio: what cannot be read is told, what was read is kept, and a run that stopped goes on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UnreadableFileError
from ..io.csv import csv_grid, read_csv
from ..io.gather import read_grids
from ..io.workbook import read_workbook
from ..language import check_language, tr
from ..problems import Problems
from ._jobs import chunk_size, in_order
from ._kept import Kept, Lot
from ._sources import Source, code_of, found_sources, home_of, signature, stacked_files
from ._splitting import Split, split_by_code
from .building import made, made_of_split
from .failures import Failure, duplicate, reason
from .portfolio import Portfolio
from .progress import Progress, telling
from .shards import is_sharded, read_shards

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["read_portfolio"]

#: Files that are read in one go, by one process, and kept together.
_AT_A_TIME = 40


def read_portfolio(
    folder: str | os.PathLike[str],
    *,
    strict: bool = False,
    jobs: int | None = None,
    resume: str | os.PathLike[str] | None = None,
    progress: Progress | bool | None = None,
    lang: str = "fr",
) -> Portfolio:
    """Return the portfolio of a folder.

    The folder holds workbooks, or folders of CSV files, one a filière (both may stand side by side); or CSV
    tables of many filières, with a column ``filiere_code`` (« Code de la filière »); or shards
    (`chaine_valeur.portfolio.write_shards`). Files that begin with ``~$`` or a dot are passed over.

    The code of a filière is the identifier that its sheet « Filière » gives, else the name of its file or
    folder. Filières stand in the order of these names (2 before 10), those of stacked tables in that of the
    rows.

    Parameters
    ----------
    strict
        A filière of which a row or a cell cannot be used is a failure; by default such rows are set aside.
    jobs
        Processes, by joblib; ``None``: what ``joblib.parallel_config`` says, or this one.
    resume
        A folder in which what was read is kept, lot by lot. The next run reads only what is new, what has
        changed (size or time of a file) and what failed; one that was stopped in the middle goes on. Lots are
        archives of compressed JSON: no further library is needed, and nothing is run by reading them. They
        are no shards: `write_shards` writes those, from the portfolio that comes out.
    progress
        Called with how many are done, of how many, and the last one; ``True``: a bar on the error stream,
        where somebody watches it.
    lang
        Language of problems and failures.

    Returns
    -------
    Portfolio
        With what could not be read in ``failures``: files that are damaged, locked or no workbooks, filières
        that cannot be used, and those whose code is that of another one (the first one, in order, is taken).

    Raises
    ------
    UnreadableFileError
        No such folder, or nothing in it that could be read at all; `resume` is a file.
    NotEnoughMemoryError
        Shards that would not fit into memory.

    Examples
    --------
    >>> import tempfile
    >>> import chaine_valeur as cv
    >>> f = cv.Filiere.from_tables(actors={"name": ["Relais"]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = cv.write_workbook(f, f"{folder}/Caux.xlsx")
    ...     _ = Path(folder, "Bray.xlsx").write_text("no workbook", encoding="utf-8")
    ...     p = read_portfolio(folder, lang="en")
    >>> p.codes.tolist(), p.failures[["filiere_code", "error"]].to_numpy().tolist()
    (['Caux'], [['Bray', 'UnreadableFileError']])
    """
    check_language(lang)
    home = home_of(folder, lang=lang)
    if is_sharded(home):
        return read_shards(home, strict=False, jobs=jobs, lang=lang)
    if resume is not None and Path(resume).is_file():
        raise UnreadableFileError(tr("“{file}” is a file: give a folder.", lang, file=Path(resume)))
    kept = Kept(resume, way=f"{lang}/{'strict' if strict else 'lenient'}") if resume is not None else None
    stacked = stacked_files(home, lang=lang)
    with telling(progress) as tell:
        if stacked:
            return _of_tables(stacked, strict=strict, lang=lang, jobs=jobs, kept=kept, tell=tell)
        sources = {one.name: one for one in found_sources(home, lang=lang)}

        def lots(names: Sequence[str], marks: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
            size = chunk_size(len(names), jobs, most=_AT_A_TIME)
            for start in range(0, len(names), size):
                part = [sources[name] for name in names[start : start + size]]
                yield part, strict, lang, kept

        marks = {name: one.mark for name, one in sources.items()}
        return _read(_read_sources, lots, marks, lang=lang, jobs=jobs, kept=kept, tell=tell)


def _read(
    work: Callable[..., Lot],
    lots: Callable[[Sequence[str], Mapping[str, str]], Iterator[tuple[Any, ...]]],
    marks: Mapping[str, str],
    *,
    lang: str,
    jobs: int | None,
    kept: Kept | None,
    tell: Progress,
) -> Portfolio:
    """Return the portfolio of sources: those that are kept, and the others, which are read."""
    known: dict[Path, list[str]] = {}
    if kept is not None:
        kept.clear()
        known = kept.known(marks)
    done = sum(map(len, known.values()))
    there = {name for names in known.values() for name in names}
    missing = [name for name in marks if name not in there]
    found = []
    if kept is not None and known:
        tell(0, len(marks), "")
        again = ((kept, path, names, lang) for path, names in known.items())
        found += list(in_order(_read_again, again, jobs=jobs))
        tell(done, len(marks), "")
    for lot in in_order(work, lots(missing, marks), jobs=jobs):
        found.append(lot)
        done += len(lot.portfolio) + len(lot.portfolio.failures)
        tell(done, len(marks), next(iter(reversed(list(lot.portfolio))), ""))
    return _in_order_of(list(marks), found, lang)


def _read_again(kept: Kept, path: Path, names: Sequence[str], lang: str) -> Lot:
    return kept.read(path, names, lang=lang)


def _in_order_of(names: Sequence[str], lots: Sequence[Lot], lang: str) -> Portfolio:
    """Return what was read in the order of its sources, under the codes that it claims, each once."""
    claimed = {name: code for lot in lots for name, code in lot.codes.items()}
    failures = [row for lot in lots for row in lot.portfolio._failures]
    first: dict[str, str] = {}
    kept = []
    for name in names:
        code = claimed.get(name)
        if code is None:
            continue
        if code in first:
            failures.append(duplicate(code, first[code], name, lang))
            continue
        first[code] = name
        kept.append(name)
    whole = Portfolio.concat([lot.portfolio for lot in lots], lang=lang).select(kept)
    place = {name: number for number, name in enumerate(names)}
    failures.sort(key=lambda row: place.get(row.source, -1))
    return Portfolio(whole._store, list(first), sources=whole._sources, failures=failures)


# -- a file or folder each ------------------------------------------------------------------------------


def _read_sources(sources: Sequence[Source], strict: bool, lang: str, kept: Kept | None) -> Lot:
    codes = {}

    def maker(source: Source) -> Callable[[], Filiere]:
        def make() -> Filiere:
            read = read_workbook if source.is_workbook else read_csv
            f = read(source.path, strict=strict, lang=lang)
            codes[source.name] = code_of(f, source)
            return f

        return make

    found = made((one.name, one.name, maker(one)) for one in sources)
    called = {one.name: one.code for one in sources}
    failures = [row._replace(filiere_code=called[row.source]) for row in found._failures]
    lot = Lot(Portfolio(found._store, found.codes, sources=found._sources, failures=failures), codes)
    if kept is not None:
        kept.write(lot, {one.name: one.mark for one in sources})
    return lot


# -- tables of many filières ----------------------------------------------------------------------------


def _of_tables(
    files: Sequence[Path], *, strict: bool, lang: str, jobs: int | None, kept: Kept | None, tell: Progress
) -> Portfolio:
    problems, grids, unread = Problems(lang), [], []
    for path in files:
        if not path.stat().st_size:
            continue
        try:
            grids.append(csv_grid(path, lang=lang))
        except Exception as error:
            unread.append(Failure("", path.name, *reason(error)))
    raws, _ = read_grids(grids, problems, unknown="unknown_file")
    split, failures = split_by_code(raws, lang=lang, notes=problems._rows)
    mark = signature(files)
    place = {code: number for number, code in enumerate(split.codes)}

    def lots(names: Sequence[str], marks: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
        size = chunk_size(len(names), jobs)
        for start in range(0, len(names), size):
            yield split.take([place[name] for name in names[start : start + size]]), strict, lang, mark, kept

    marks = dict.fromkeys(split.codes, mark)
    found = _read(_read_split, lots, marks, lang=lang, jobs=jobs, kept=kept, tell=tell)
    return found.with_failures([*unread, *failures])


def _read_split(split: Split, strict: bool, lang: str, mark: str, kept: Kept | None) -> Lot:
    found = made_of_split(split, strict, lang)
    lot = Lot(found, {code: code for code in found})
    if kept is not None:
        kept.write(replace(lot), dict.fromkeys(split.codes, mark))
    return lot
