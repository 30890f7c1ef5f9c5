"""A folder that the library wrote: verified, and put together again without being read anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..column_checks import failing_columns
from ..errors import UnreadableFileError
from ..language import tr
from ..problems import CODES, PROBLEM_COLUMNS, SEVERITIES, Problems, empty_problems
from ..references import refers_to_rows, targets_of
from ..rules import take_out
from ..schema import VERSION, tables
from ..table_state import Links, RawTable, State
from ..tables import Conformed, empty_table, no_codes, nowhere
from .gather import copied_tables, tables_called
from .parquet_cells import aside_from
from .parquet_checks import Doubt, doubt_if
from .parquet_files import metadata_of, open_parquet, whole
from .parquet_frames import Read, frame_of, keys_of, read_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = Mapping[tuple[str, str], NDArray[np.int32]]

__all__ = ["FOUND", "read_known"]

#: The folder, beside the tables, of what was found while reading.
FOUND = "_found"


def read_known(
    home: Path, said: Mapping[str, Any], files: Sequence[Path], *, lang: str
) -> tuple[Conformed, int | None] | None:
    """Return what a folder holds and the year that was asked for; ``None`` where something does not verify.

    Parameters
    ----------
    said
        What the library wrote of the folder.
    files
        The Parquet files that are there.

    Raises
    ------
    UnreadableFileError
        A file that it wrote is not there, or damaged beyond reading.
    """
    try:
        listed, beside = _signed(home, said["tables"]), _signed(home / FOUND, said["found"])
        unknown = {str(name): int(count) for name, count in dict(said["unknown_cells"]).items()}
        year = None if said["year"] is None else int(said["year"])
    except (KeyError, TypeError, ValueError):
        return None
    for path, _ in (*listed.values(), *beside.values()):
        if not path.is_file():
            raise UnreadableFileError(_missing(home, path, lang))
    try:
        _verify_names(listed, beside, unknown, files)
        read = {name: _read(path, mark, name, lang) for name, (path, mark) in listed.items()}
        found = {name: _read(path, mark, name, lang) for name, (path, mark) in beside.items()}
        return _put_together(read, found, unknown), year
    except Doubt:
        return None


def _signed(folder: Path, said: Any) -> dict[str, tuple[Path, str]]:
    """Return the files of a folder by table, each with what it signed for."""
    found = {str(name): (folder / str(file), str(mark)) for name, (file, mark) in dict(said).items()}
    if any(path.parent != folder for path, _ in found.values()):
        raise ValueError("a file that stands elsewhere")
    return found


def _missing(home: Path, path: Path, lang: str) -> str:
    return tr(
        "“{file}” is missing from “{folder}”, of which it is a part: copy the folder again, whole, or delete “{found}” "
        "in it so that the rest is read as it is.",
        lang,
        file=path.relative_to(home).as_posix(),
        folder=home,
        found=FOUND,
    )


def _verify_names(
    listed: Mapping[str, Any], beside: Mapping[str, Any], unknown: Mapping[str, int], files: Sequence[Path]
) -> None:
    doubt_if(not {*listed, *unknown} <= set(tables()), "a table that there is not")
    doubt_if(set(beside) != {"problems", "places", "set_aside"}, "not all that was found")
    named = {path for path in files if tables_called(path.stem) or copied_tables(path.stem)}
    doubt_if(named != {path for path, _ in listed.values()}, "a table that was put there")


def _read(path: Path, mark: str, name: str, lang: str) -> Any:
    opened, signed = open_parquet(path, lang=lang)
    said = metadata_of(opened)
    doubt_if(
        signed != mark or (said.get("table"), said.get("schema")) != (name, VERSION), f"another {path.name}"
    )
    return whole(opened, path, lang=lang)


def _put_together(read: Mapping[str, Any], found: Mapping[str, Any], unknown: dict[str, int]) -> Conformed:
    keys = {name: keys_of(table, tables()[name]) for name, table in read.items()}
    columns = {name: read_columns(table, tables()[name], keys) for name, table in read.items()}
    frames = {name: frame_of(columns[name], tables()[name], keys[name]) for name in columns}
    codes = {
        **no_codes(),
        **{(name, c): codes for name, one in columns.items() for c, codes in one.codes.items()},
    }
    for name, frame in frames.items():
        given = [c.name for c in tables()[name] if c.compulsory or c.name in columns[name].values]
        doubt_if(
            bool(failing_columns(frame, tables()[name], given)), "a cell that is blank, or out of bounds"
        )
    _verify_territories(frames)
    places = _places(found["places"], frames)
    done = {name: frames[name] if name in frames else empty_table(home) for name, home in tables().items()}
    there = {name: places[name] if name in places else nowhere(name) for name in tables()}
    _verify_rules(done, there, codes, columns)
    return Conformed(done, there, _problems(found["problems"]), _aside(found["set_aside"]), unknown, codes)


def _verify_territories(frames: Mapping[str, pd.DataFrame]) -> None:
    """Doubt references to what is no key: a territory is made of several rows."""
    for name, frame in frames.items():
        for column, (target, key) in targets_of(name).items():
            if column not in refers_to_rows(name):
                there = set(frames[target][key].unique()) if target in frames else set()
                doubt_if(not set(frame[column].dropna().unique()) <= there, "a reference to nothing")


def _verify_rules(
    frames: Mapping[str, pd.DataFrame],
    places: Mapping[str, pd.DataFrame],
    codes: Codes,
    columns: Mapping[str, Read],
) -> None:
    """Doubt rows that the checks would set aside: told twice, without ends, with themselves, in a circle."""
    states: dict[str, State] = {}
    for name, frame in frames.items():
        rows = frame.reset_index()  # as the checks see them: keyed by their place
        raw = RawTable(rows, places[name]["sheet"], places[name]["row"])
        state = states[name] = State.of(name, rows, raw)
        for column in refers_to_rows(name) if name in columns else ():
            there = np.arange(len(frames[targets_of(name)[column][0]]), dtype=np.intp)
            state.links[column] = Links(codes[name, column].astype(np.intp), [], there)
            if targets_of(name)[column][0] == name:
                itself = codes[name, column] == np.arange(len(frame), dtype=np.int32)
                doubt_if(bool(itself.any()), "a row that refers to itself")
        unique = tables()[name].unique
        if unique and len(frame):
            twice = pd.Series(state.numbered_in(*unique)).duplicated()
            doubt_if(bool(twice.any()), "a row that says again what another says")
    doubt_if(take_out(states, Problems()), "a row that is to be set aside")


def _places(runs: Any, frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return where the rows of each table stand, from runs of rows that follow one another."""
    doubt_if(runs.column_names != ["table", "sheet", "row", "count"], "places of another form")
    frame = runs.to_pandas()
    found = {}
    for name, table in frames.items():
        mine = frame[frame["table"] == name]
        counts = mine["count"].to_numpy(np.int64)
        doubt_if(bool((counts < 1).any()) or counts.sum() != len(table), "places of other rows")
        begins = np.cumsum(counts) - counts
        rows = np.repeat(mine["row"].to_numpy(np.int64) - begins, counts) + np.arange(len(table))
        sheets = mine["sheet"].astype("str").array.take(np.repeat(np.arange(len(mine)), counts))
        found[name] = pd.DataFrame({"sheet": sheets, "row": rows}, index=table.index)
    return found


def _problems(table: Any) -> pd.DataFrame:
    doubt_if(table.column_names != PROBLEM_COLUMNS, "problems of another form")
    frame = table.to_pandas().astype({name: "Int64" if name == "row" else "str" for name in PROBLEM_COLUMNS})
    known = set(frame["code"].unique()) <= set(CODES) and set(frame["severity"].unique()) <= set(SEVERITIES)
    doubt_if(not known, "a problem that there is not")
    return frame if len(frame) else empty_problems()


def _aside(table: Any) -> dict[str, pd.DataFrame]:
    doubt_if(table.column_names != ["table", "column", "dtype", "cells"], "rows set aside of another form")
    try:
        found = aside_from(table.to_pylist())
    except (ValueError, TypeError, KeyError) as error:
        raise Doubt(str(error)) from None
    doubt_if(not set(found) <= set(tables()), "rows set aside of a table that there is not")
    return found
