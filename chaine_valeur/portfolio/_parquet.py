"""One shard as Parquet files: a file per table, and one of the filières themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..about import library_version
from ..errors import MissingExtraError, UnreadableFileError
from ..language import tr
from .framed import frames_from, frames_to
from .memory import text_factor
from .packed import Packer, other_version, own_from, pack_texts
from .stack import PROBLEMS, Coded, Words, dtypes_of, store_of
from .version import schema_version

if TYPE_CHECKING:
    from .portfolio import Portfolio
    from .stack import Form, Shape, Store

__all__ = ["FILIERES", "arrow", "footprint", "read_files", "write_files"]

#: The file of the filières themselves: what each is, and each whole, packed.
FILIERES = "filieres"
#: The name of the file of what was found while reading.
_FILE_OF = {PROBLEMS: "problems"}
_TABLE_OF = {file: name for name, file in _FILE_OF.items()}
_KEY = b"chaine_valeur"
#: Bytes a cell by dtype; a text is a number, and each distinct one is counted beside.
_OBJECTS = 12  # what JSON becomes in Python, over what it is in a file
_BYTES = {"float64": 8, "int64": 8, "Int64": 9, "boolean": 2, "datetime64[us]": 8, "str": 4}


def arrow(lang: str = "fr") -> Any:
    """Return pyarrow, or say how to install it."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MissingExtraError(
            tr("Parquet needs pyarrow: pip install “chaine_valeur[parquet]”.", lang)
        ) from None
    return pyarrow


def _type(dtype: str) -> Any:
    pa = arrow()
    types = {
        "float64": pa.float64(), "int64": pa.int64(), "Int64": pa.int64(), "boolean": pa.bool_(),
        "datetime64[us]": pa.timestamp("us"), "str": pa.string(),
    }  # fmt: skip
    return types[dtype]


# -- writing --------------------------------------------------------------------------------------------


def write_files(portfolio: Portfolio, folder: Path, *, packed: bool) -> None:
    """Write the files of one shard into a folder that is there.

    Every file of a table has all columns of the schema, whatever is known of them, so that the files of all
    shards fit together; texts are plain texts, no categories, as other readers want them.
    """
    pa, store = arrow(), portfolio._store
    sizes = {}
    for name, stack in store.stacks.items():
        if not len(stack):
            continue
        codes = np.repeat(np.arange(len(portfolio), dtype=np.int32), np.diff(stack.offsets))
        columns = {"filiere_code": _texts(codes, portfolio.codes.array)}
        for column, dtype in dtypes_of(name).items():
            columns[column] = _values(store, stack.columns.get(column), dtype, len(stack))
        file = _FILE_OF.get(name, name)
        sizes[file] = len(stack)
        pandas = pd.DataFrame({column: pd.Series(dtype=dtype) for column, dtype in dtypes_of(name).items()})
        pandas.insert(0, "filiere_code", pd.Series(dtype="str"))
        _write(pa.table(columns), folder / f"{file}.parquet", {}, pandas)
    packer = Packer(portfolio)
    own = pd.Series([_extra(packer, store, place) for place in range(len(portfolio))], dtype="str")
    frame = portfolio.entries.reset_index().assign(asked_year=portfolio.years.array, extra=own.array)
    filieres = pa.Table.from_pandas(frame, preserve_index=False, schema=_filieres_schema())
    if packed:
        filieres = filieres.append_column("packed", pa.array(pack_texts(portfolio), type=pa.string()))
    _write(filieres, folder / f"{FILIERES}.parquet", sizes, frame)


def _filieres_schema() -> Any:
    pa = arrow()
    texts = dict.fromkeys(
        ("filiere_code", "name", "territory_id", "territory", "source", "extra"), pa.string()
    )
    order = [
        "filiere_code", "name", "territory_id", "territory", "year", "source", "n_actors", "n_flows",
        "n_set_aside", "n_unknown", "asked_year", "extra",
    ]  # fmt: skip
    return pa.schema([(name, texts.get(name, pa.int64())) for name in order])


def _write(table: Any, path: Path, sizes: Mapping[str, int], frame: pd.DataFrame) -> None:
    pa = arrow()
    # by what pandas reads nullable integers and booleans back as such
    pandas = pa.Schema.from_pandas(frame.head(0), preserve_index=False).metadata
    said = {"schema": schema_version(), "library": library_version(), "tables": dict(sizes)}
    table = table.replace_schema_metadata({**pandas, _KEY: json.dumps(said).encode()})
    pa.parquet.write_table(table, path, compression="zstd")


def _texts(codes: Any, texts: Any) -> Any:
    pa = arrow()
    numbers = pa.array(codes, mask=codes < 0)
    return pa.DictionaryArray.from_arrays(numbers, pa.array(texts, type=pa.string())).cast(pa.string())


def _values(store: Store, values: Any, dtype: str, size: int) -> Any:
    pa = arrow()
    if values is None:
        return pa.nulls(size, type=_type(dtype))
    if isinstance(values, Coded):
        texts = store.texts.get(values.space)
        return pa.nulls(size, type=pa.string()) if texts is None else _texts(values.codes, texts)
    return pa.array(values, type=_type(dtype), from_pandas=True)


def _extra(packer: Packer, store: Store, place: int) -> str | None:
    """Return what a filière has beside the tables of the schema, as JSON."""
    own = {name: packer.own(stack, place) for name, stack in store.stacks.items() if stack.own}
    content = {
        "own": {name: columns for name, columns in own.items() if columns},
        "aside": frames_to(store.aside.get(place, {})),
        "refused": {name: int(count) for name, count in store.refused.get(place, {}).items()},
    }
    return json.dumps(content, ensure_ascii=False) if any(content.values()) else None


# -- reading --------------------------------------------------------------------------------------------


def said_of(path: Path, *, lang: str) -> tuple[Any, dict[str, Any]]:
    """Return the footer of a Parquet file, and what the library wrote there.

    Raises
    ------
    UnreadableFileError
        No Parquet file, not one of ours, or one that was written under another schema.
    """
    pa = arrow(lang)
    where = f"{path.parent.name}/{path.name}"
    try:
        footer = pa.parquet.read_metadata(path)
    except (OSError, pa.ArrowException) as error:
        raise UnreadableFileError(
            tr("“{file}” cannot be read: {reason}.", lang, file=where, reason=str(error).strip().rstrip("."))
        ) from None
    said = json.loads((footer.metadata or {}).get(_KEY, b"{}"))
    if "schema" not in said:
        raise UnreadableFileError(
            tr("“{file}” was not written by write_shards: its schema is not known.", lang, file=where)
        )
    if said["schema"] != schema_version():
        raise UnreadableFileError(other_version(where, said["schema"], said.get("library"), lang))
    return footer, said


def footprint(path: Path, *, lang: str) -> int:
    """Return the bytes that a file takes in memory once it is read, at most."""
    footer, _ = said_of(path, lang=lang)
    name = _TABLE_OF.get(path.stem, path.stem)
    dtypes = {"filiere_code": "str", **(dtypes_of(name) if name != FILIERES else {})}
    factor, total = text_factor(), 0.0
    for group in range(footer.num_row_groups):
        rows = footer.row_group(group)
        for place in range(rows.num_columns):
            column = rows.column(place)
            if column.path_in_schema == "packed":  # it is not read
                continue
            dtype = dtypes.get(column.path_in_schema, "str" if name == FILIERES else "float64")
            if _is_blank(rows, place):
                continue
            total += _BYTES[dtype] * rows.num_rows
            if column.path_in_schema == "extra":
                total += _OBJECTS * column.total_uncompressed_size
            elif dtype == "str":
                total += factor * column.total_uncompressed_size
    return int(total)


def read_files(folder: Path, *, lang: str) -> tuple[Store, list[str], list[str], int]:
    """Return what a shard holds: tables, codes, sources, and how many rows are of no filière in it.

    Raises
    ------
    UnreadableFileError
        A file that is missing, damaged, or written under another schema.
    """
    _, said = said_of(folder / f"{FILIERES}.parquet", lang=lang)
    filieres = _table(folder / f"{FILIERES}.parquet", ["filiere_code", "source", "asked_year", "extra"])
    codes = pd.Index(filieres["filiere_code"].to_pylist(), dtype="str")
    extras = [json.loads(one) if one else {} for one in filieres["extra"].to_pylist()]
    columns: dict[str, dict[Any, Any]] = {}
    shapes: dict[str, Shape] = {}
    strange = 0
    for file in said["tables"]:
        path, name = folder / f"{file}.parquet", _TABLE_OF.get(file, file)
        said_of(path, lang=lang)
        table = _table(path, known_columns(path))
        places, mine = _own_rows(table["filiere_code"], codes)
        strange += len(table) - len(mine)
        found = {
            key: _read(table[key], dtype, mine)
            for key, dtype in dtypes_of(name).items()
            if key in table.column_names
        }
        columns[name] = {key: values for key, values in found.items() if values is not None}
        sizes = np.bincount(places, minlength=len(codes))
        own, forms, form = _own([one.get("own", {}).get(name, []) for one in extras], sizes)
        columns[name] |= own
        shapes[name] = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), forms, form
    aside = {place: frames_from(one["aside"]) for place, one in enumerate(extras) if one.get("aside")}
    refused = {place: one["refused"] for place, one in enumerate(extras) if one.get("refused")}
    store = store_of(columns, shapes, filieres["asked_year"].to_pylist(), aside, refused)
    return store, codes.tolist(), [one or "" for one in filieres["source"].to_pylist()], strange


def known_columns(path: Path) -> list[str]:
    """Return the columns of which a file says that something is known, or does not say that nothing is."""
    footer = arrow().parquet.read_metadata(path)
    blank = [[_is_blank(footer.row_group(group), place) for group in range(footer.num_row_groups)]
             for place in range(footer.num_columns)]  # fmt: skip
    names = footer.schema.names
    return [
        name for name, groups in zip(names, blank, strict=True) if name == "filiere_code" or not all(groups)
    ]


def _is_blank(rows: Any, place: int) -> bool:
    stated = rows.column(place).statistics
    return bool(stated is not None and stated.has_null_count and stated.null_count == rows.num_rows)


def _table(path: Path, columns: Sequence[str] | None) -> Any:
    pa = arrow()
    schema = pa.parquet.read_schema(path)
    texts = [field.name for field in schema if field.type == pa.string()]
    return pa.parquet.read_table(path, columns=columns, read_dictionary=texts, partitioning=None)


def _words(column: Any) -> Words:
    pa = arrow()
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    whole = column.unify_dictionaries().combine_chunks()
    parts = whole.chunks if isinstance(whole, pa.ChunkedArray) else [whole]
    if not parts:
        return Words(np.zeros(0, dtype=np.int32), pd.array([], dtype="str"))
    texts = pd.array(parts[0].dictionary.to_pylist(), dtype="str")
    codes = [part.indices.fill_null(-1).to_numpy(zero_copy_only=False) for part in parts]
    return Words(np.concatenate(codes).astype(np.int32), texts)


def _own_rows(column: Any, codes: pd.Index) -> tuple[Any, Any]:
    """Return the filière of each row, and the rows in the order of the filières, those of none left out."""
    words = _words(column)
    first = np.flatnonzero(~codes.duplicated())
    place = np.append(first, -1)[codes[first].get_indexer(words.texts)]
    place = np.append(place, -1)[words.codes]
    rows = np.argsort(place, kind="stable")[int((place < 0).sum()) :]
    return place[rows], rows


def _read(column: Any, dtype: str, rows: Any) -> Any:
    if column.null_count == len(column):
        return None
    if dtype == "str":
        words = _words(column)
        return Words(words.codes[rows], words.texts)
    if dtype in ("float64", "int64"):
        return column.to_numpy()[rows]
    return pd.Series(column.to_pandas(types_mapper=_NULLABLE.get)).astype(dtype).array[rows]


class _Nullable:
    def get(self, kind: Any) -> Any:
        return {"int64": pd.Int64Dtype(), "bool": pd.BooleanDtype()}.get(str(kind))


_NULLABLE = _Nullable()


def _own(
    parts: Sequence[Sequence[Any]], sizes: Any
) -> tuple[dict[tuple[str, str], Any], tuple[Form, ...], Any]:
    """Return the columns of the users' own through a whole table, and which of them each filière has."""
    found = [tuple((name, dtype) for name, dtype, _ in part) for part in parts]
    forms = tuple(dict.fromkeys([(), *found]))
    number = {form: place for place, form in enumerate(forms)}
    cells: dict[tuple[str, str], list[Any]] = {pair: [] for form in forms for pair in form}
    if cells:
        for part, size in zip(parts, sizes.tolist(), strict=True):
            said = {(name, dtype): one for name, dtype, one in part}
            for pair, all_of in cells.items():
                own = said.get(pair, [])
                all_of += own if len(own) == size else [None] * size  # rows were taken out by another program
    form = np.array([number[one] for one in found], dtype=np.int32)
    return {pair: own_from(all_of, pair[1]) for pair, all_of in cells.items()}, forms, form
