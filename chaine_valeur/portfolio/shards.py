"""A portfolio on disk, shard by shard: folders of Parquet files that other programs read as they are."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ..errors import ArgumentError, UnreadableFileError
from ..language import check_language, tr, trn
from ._jobs import in_order
from ._parquet import FILIERES, arrow, footprint, read_files, write_files
from .failures import UNKNOWN_CODE, Failure, duplicate, reason
from .memory import check_fits
from .portfolio import Portfolio

__all__ = ["estimate_memory", "is_sharded", "read_shards", "shards_of", "write_shards"]

_SHARD = "shard-"
_FAILURES = "failures.parquet"
#: Over what was counted: what is freed is not given back at once (5000 filières: 350 MB counted, 361 MB taken).
_ROOM = 1.3


def write_shards(
    portfolio: Portfolio,
    folder: str | os.PathLike[str],
    *,
    filieres_per_shard: int = 1000,
    packed: bool = True,
    overwrite: bool = False,
    lang: str = "fr",
) -> list[Path]:
    """Write a portfolio as shards of Parquet files; `read_shards` reads it back the same.

    A shard is a folder, ``shard-00000``, with a file per table (``actors.parquet``, ``flows.parquet``…), what
    was found while reading (``problems.parquet``) and the filières themselves (``filieres.parquet``). All rows
    of a filière are in one shard, under its ``filiere_code``. It appears under its name once it is whole.

    Folders of shards, and not of tables: a shard can be moved, replaced or given to a worker alone, and one
    table of all shards is still one dataset, as both Dask and Spark take patterns:
    ``dask.dataframe.read_parquet("folder/*/flows.parquet")``, ``spark.read.parquet("folder/*/flows.parquet")``.
    Every file of a table has all columns of the schema in its types. Columns of the users' own are kept in
    ``filieres.parquet`` (``extra``), since they differ from one filière to the next.

    Parameters
    ----------
    filieres_per_shard
        The least in a shard, unless there are fewer in all; the filières are shared out evenly.
    packed
        Whether ``filieres.parquet`` also holds each filière whole, as a text: what
        `chaine_valeur.portfolio.figures_of_tables` takes.
    overwrite
        Whether shards that are in the folder already are replaced.

    Returns
    -------
    list of pathlib.Path
        The folders of the shards.

    Raises
    ------
    MissingExtraError
        pyarrow is not installed (the extra ``parquet``).
    ArgumentError
        Fewer than one filière a shard, or a folder that holds shards already.
    """
    check_language(lang)
    pa = arrow(lang)
    if filieres_per_shard < 1:
        raise ArgumentError(f"filieres_per_shard={filieres_per_shard!r} is not a positive number")
    home = Path(folder)
    old = _found(home)
    if old and not overwrite:
        raise ArgumentError(
            tr("“{folder}” holds shards already: give another folder, or overwrite=True.", lang, folder=home)
        )
    home.mkdir(parents=True, exist_ok=True)
    count = max(1, len(portfolio) // filieres_per_shard)
    ends = [len(portfolio) * (place + 1) // count for place in range(count)]
    written = []
    for number, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
        target, fresh = home / f"{_SHARD}{number:05d}", home / f".new-{number:05d}"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        write_files(portfolio._taken(range(start, end)), fresh, packed=packed)
        if target.exists():
            shutil.rmtree(target)
        fresh.rename(target)
        written.append(target)
    for path in set(old) - set(written):
        shutil.rmtree(path)
    failures = portfolio.failures
    (home / _FAILURES).unlink(missing_ok=True)
    if len(failures):
        texts = {name: pa.array(failures[name], type=pa.string(), from_pandas=True) for name in failures}
        pa.parquet.write_table(pa.table(texts), home / _FAILURES)
    return written


def _found(home: Path) -> list[Path]:
    return sorted(path for path in home.glob(f"{_SHARD}*") if path.is_dir()) if home.is_dir() else []


def is_sharded(folder: str | os.PathLike[str]) -> bool:
    """Return whether a folder holds shards."""
    return bool(_found(Path(folder)))


def shards_of(folder: str | os.PathLike[str], *, lang: str = "fr") -> list[Path]:
    """Return the shards of a folder, or the folder itself if it is one.

    Raises
    ------
    UnreadableFileError
        No such folder, or no shard in it.
    """
    home = Path(folder)
    found = [home] if (home / f"{FILIERES}.parquet").is_file() else _found(home)
    if not found:
        raise UnreadableFileError(
            tr("“{folder}” holds no shard: a folder “shard-00000” with Parquet files.", lang, folder=home)
        )
    return found


def estimate_memory(folder: str | os.PathLike[str], *, lang: str = "fr") -> int:
    """Return the bytes that reading shards takes, at most: foreseen from the footers of the files, none is read.

    Rows × bytes of each column of which something is known, and the distinct texts of each; twice, as the parts
    and the whole stand side by side while they are put together; and twice more for the largest shard, while it is
    taken out of its files; and some room. Files that cannot be read count for nothing.

    Raises
    ------
    UnreadableFileError
        No such folder, or no shard in it.
    """
    sizes = []
    for path in shards_of(folder, lang=lang):
        total = 0
        for file in sorted(path.glob("*.parquet")):
            try:
                total += footprint(file, lang=lang)
            except UnreadableFileError:
                continue
        sizes.append(total)
    return int(_ROOM * (2 * sum(sizes) + 2 * max(sizes)))


def read_shards(
    folder: str | os.PathLike[str],
    *,
    strict: bool = True,
    limit: int | None = None,
    jobs: int | None = None,
    lang: str = "fr",
) -> Portfolio:
    """Return the portfolio of a folder of shards, or of one shard; nothing is checked again.

    Parameters
    ----------
    strict
        Raise if a shard cannot be read; otherwise it is a row of ``failures``.
    limit
        Bytes of memory that reading may take; by default what is available (see `estimate_memory`).
    jobs
        Processes, by joblib; ``None``: what ``joblib.parallel_config`` says, or this one.

    Raises
    ------
    NotEnoughMemoryError
        Reading would take more; nothing was read.
    UnreadableFileError
        No shard; in strict mode one that is damaged or was written under another schema.
    MissingExtraError
        pyarrow is not installed (the extra ``parquet``).
    """
    check_language(lang)
    arrow(lang)
    paths = shards_of(folder, lang=lang)
    check_fits(str(folder), estimate_memory(folder, lang=lang), limit=limit, lang=lang)
    parts = list(in_order(_read_one, ((path, strict, lang) for path in paths), jobs=jobs))
    failures = _old_failures(Path(folder) / _FAILURES)
    return Portfolio.concat(parts, lang=lang).with_failures(failures)


def _read_one(path: Path, strict: bool, lang: str) -> Portfolio:
    try:
        store, codes, sources, strange = read_files(path, lang=lang)
    except Exception as error:
        if strict:
            raise
        return Portfolio.from_filieres({}).with_failures([Failure("", path.name, *reason(error))])
    failures = []
    if strange:
        told = trn(
            "{count} row is of no filière of this shard: it was not read.",
            "{count} rows are of no filière of this shard: they were not read.",
            strange,
            lang,
        )
        failures.append(Failure("", path.name, UNKNOWN_CODE, told))
    first: dict[str, int] = {}
    for place, code in enumerate(codes):
        if code in first:
            one, other = (f"{path.name}: {sources[at] or code}" for at in (first[code], place))
            failures.append(duplicate(code, one, other, lang))
        else:
            first[code] = place
    if len(first) < len(codes):
        store = store.take(list(first.values()))
        sources = [sources[place] for place in first.values()]
    return Portfolio(store, list(first), sources=sources, failures=failures)


def _old_failures(path: Path) -> list[Failure]:
    if not path.is_file():
        return []
    pa = arrow()
    rows = pa.parquet.read_table(path, partitioning=None).to_pylist()
    return [Failure(*(row[name] or "" for name in Failure._fields)) for row in rows]
