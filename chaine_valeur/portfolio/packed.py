"""A filière in a few kilobytes that say everything: compressed JSON, which runs nothing when it is read."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..about import library_version
from ..errors import UnreadableFileError
from ..language import tr
from .framed import frames_from, frames_to
from .portfolio import Portfolio
from .stack import Coded, dtypes_of, store_of
from .version import schema_version

if TYPE_CHECKING:
    from .stack import Form, Shape, Stack

__all__ = ["Packer", "own_from", "pack", "pack_texts", "unpack"]

#: Of zlib: most of what there is to gain, at a tenth of the time of the best.
_LEVEL = 3


def pack(portfolio: Portfolio) -> list[bytes]:
    """Return each filière as bytes: its tables, problems, what was set aside, where rows were read.

    The same filière gives the same bytes. Columns of which nothing is known are left out.
    """
    packer = Packer(portfolio)
    return [packer.one(place) for place in range(len(portfolio))]


def pack_texts(portfolio: Portfolio) -> list[str]:
    """Return each filière as text, for tables in which bytes do not travel."""
    return [b64encode(one).decode("ascii") for one in pack(portfolio)]


class Packer:
    """Packs the filières of a portfolio one by one; see `pack`."""

    def __init__(self, portfolio: Portfolio) -> None:
        self._portfolio = portfolio
        self._words: dict[str, Any] = {}

    def one(self, place: int) -> bytes:
        """Return the filière at a place as bytes."""
        portfolio, store = self._portfolio, self._portfolio._store
        filled = {name: self._table(stack, place) for name, stack in store.stacks.items()}
        content = {
            "schema": schema_version(),
            "library": library_version(),
            "code": portfolio._codes[place],
            "source": portfolio._sources[place],
            "year": store.years[place],
            "tables": {name: filled[name] for name in sorted(filled) if filled[name]["rows"]},
            "aside": frames_to(store.aside.get(place, {})),
            "refused": {name: int(count) for name, count in store.refused.get(place, {}).items()},
        }
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)

    def own(self, stack: Stack, place: int) -> list[list[Any]]:
        """Return the columns of the user's own in one table of one filière: name, dtype, cells."""
        rows = slice(int(stack.offsets[place]), int(stack.offsets[place + 1]))
        form = stack.forms[stack.form[place]] if len(stack.form) else ()
        return [[name, dtype, self._cells(stack.own[name, dtype], rows)] for name, dtype in form]

    def _table(self, stack: Stack, place: int) -> dict[str, Any]:
        rows = slice(int(stack.offsets[place]), int(stack.offsets[place + 1]))
        if rows.start == rows.stop:
            return {"rows": 0}
        columns = {name: _shortened(self._cells(values, rows)) for name, values in stack.columns.items()}
        return {
            "rows": rows.stop - rows.start,
            "columns": {name: cells for name, cells in columns.items() if cells is not None},
            "own": self.own(stack, place),
        }

    def _cells(self, values: Any, rows: slice) -> list[Any]:
        if isinstance(values, Coded):
            cells: list[Any] = self._texts(values.space)[values.codes[rows]].tolist()
            return cells
        part = values[rows]
        if isinstance(part, np.ndarray):
            numbers: list[Any] = part.tolist()
            return numbers if part.dtype.kind == "i" else [None if cell != cell else cell for cell in numbers]
        if str(part.dtype).startswith("datetime64"):
            moments = np.asarray(part, dtype="datetime64[us]")
            return [None if cell == _NAT else cell for cell in moments.view(np.int64).tolist()]
        known = ~part.isna()
        return [
            cell if there else None for cell, there in zip(part.astype(object).tolist(), known, strict=True)
        ]

    def _texts(self, space: str) -> Any:
        """Return the texts of a space as Python holds them, and None behind them, where −1 leads."""
        if space not in self._words:
            texts = self._portfolio._store.texts.get(space, ())
            self._words[space] = np.array([*texts, None], dtype=object)
        return self._words[space]


def _shortened(cells: list[Any]) -> Any:
    """Return the cells of a column, or what says them in short; None if nothing is known of it."""
    first = cells[0]
    if cells.count(first) == len(cells):
        return None if first is None else {"each": first}
    if type(first) is int and cells == list(range(first, first + len(cells))):
        return {"from": first}
    return cells


def _in_full(cells: Any, size: int) -> list[Any]:
    if isinstance(cells, dict):
        return [cells["each"]] * size if "each" in cells else list(range(cells["from"], cells["from"] + size))
    return cells or [None] * size


def own_from(cells: Sequence[Any], dtype: str) -> Any:
    """Return cells, as JSON holds them, as values of a dtype."""
    if dtype == "float64":
        return np.array(cells, dtype=np.float64)
    if dtype == "int64":
        return np.array(cells, dtype=np.int64)
    if dtype.startswith("datetime64"):
        moments = np.array([0 if cell is None else cell for cell in cells], dtype=np.int64).view(
            "datetime64[us]"
        )
        moments[[cell is None for cell in cells]] = np.datetime64("NaT")
        return pd.array(moments, dtype="datetime64[us]")
    return pd.array(cells, dtype=dtype)


_NAT = np.iinfo(np.int64).min


# -- reading --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Gathered:
    """The cells of one table through many filières."""

    sizes: list[int]
    columns: dict[str, list[Any]]
    own: dict[tuple[str, str], list[Any]]
    forms: list[Form]


def unpack(packed: Iterable[bytes], *, lang: str = "fr") -> Portfolio:
    """Return the portfolio of packed filières, in their order; nothing is checked again.

    Raises
    ------
    UnreadableFileError
        Bytes that are no packed filière, or one that was packed under another schema.
    """
    contents = [_content(one, lang) for one in packed]
    names = dict.fromkeys(name for content in contents for name in content["tables"])
    columns: dict[str, dict[Any, Any]] = {}
    shapes: dict[str, Shape] = {}
    for name in names:
        found = _gathered([content["tables"].get(name) for content in contents])
        dtypes = dtypes_of(name)
        columns[name] = {
            key: own_from(found.columns[key], dtypes[key]) for key in dtypes if key in found.columns
        }
        columns[name] |= {key: own_from(cells, key[1]) for key, cells in found.own.items()}
        forms = tuple(dict.fromkeys([(), *found.forms]))
        number = {form: place for place, form in enumerate(forms)}
        offsets = np.concatenate([[0], np.cumsum(found.sizes)]).astype(np.int64)
        shapes[name] = offsets, forms, np.array([number[form] for form in found.forms], dtype=np.int32)
    store = store_of(
        columns,
        shapes,
        [content["year"] for content in contents],
        {place: frames_from(one["aside"]) for place, one in enumerate(contents) if one["aside"]},
        {place: dict(one["refused"]) for place, one in enumerate(contents) if one["refused"]},
    )
    codes, sources = ([content[key] for content in contents] for key in ("code", "source"))
    return Portfolio(store, codes, sources=sources)


def _gathered(parts: Sequence[Any]) -> _Gathered:
    parts = [part or {"rows": 0, "columns": {}, "own": []} for part in parts]
    sizes = [part["rows"] for part in parts]
    columns: dict[str, list[Any]] = {name: [] for part in parts for name in part["columns"]}
    forms = [tuple((name, dtype) for name, dtype, _ in part["own"]) for part in parts]
    own: dict[tuple[str, str], list[Any]] = {pair: [] for form in forms for pair in form}
    for part, size in zip(parts, sizes, strict=True):
        for name, cells in columns.items():
            cells += _in_full(part["columns"].get(name), size)
        said = {(name, dtype): cells for name, dtype, cells in part["own"]}
        for pair, cells in own.items():
            cells += said.get(pair) or [None] * size
    return _Gathered(sizes, columns, own, forms)


def _content(packed: bytes, lang: str) -> dict[str, Any]:
    try:
        content = json.loads(zlib.decompress(packed))
        found = str(content["schema"])
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise UnreadableFileError(
            tr("These bytes are no packed filière: {reason}.", lang, reason=error)
        ) from None
    if found != schema_version():
        raise UnreadableFileError(
            other_version(str(content.get("code", "?")), found, content.get("library"), lang)
        )
    return dict(content)


def other_version(what: str, found: object, library: object, lang: str) -> str:
    """Return what is said of something that was written under another schema."""
    return tr(
        "“{what}” was written under the schema {found} (version {library} of the library); this is {own}. Write it "
        "anew from the workbooks or tables that it was made from, or read it with that version.",
        lang,
        what=what,
        found=found,
        library=library or "?",
        own=schema_version(),
    )
