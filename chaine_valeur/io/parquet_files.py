"""Parquet files as such: pyarrow where it is installed, bytes and what they sign for, text in and out of Arrow."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..about import library_version
from ..errors import MissingExtraError, UnreadableFileError
from ..language import tr
from ..schema import VERSION
from .files import read_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "MARK",
    "arrow",
    "digest",
    "metadata_of",
    "open_parquet",
    "refuse_later",
    "sealed",
    "text_cells",
    "unreadable",
    "whole",
]

#: Under this key the footer of a file says what wrote it.
MARK = b"chaine_valeur"


def arrow(lang: str = "fr") -> Any:
    """Return pyarrow with its Parquet module.

    Raises
    ------
    MissingExtraError
        It is not installed.
    """
    try:
        import pyarrow
        import pyarrow.compute
        import pyarrow.parquet
    except ImportError:
        raise MissingExtraError(
            tr("Parquet needs pyarrow: pip install “chaine_valeur[parquet]”.", lang)
        ) from None
    return pyarrow


def digest(content: bytes) -> str:
    """Return what a file signs for.

    Examples
    --------
    >>> digest(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(content).hexdigest()[:32]


def open_parquet(path: Path, *, lang: str) -> tuple[Any, str]:
    """Return a Parquet file, opened, and the digest of its content.

    Raises
    ------
    UnreadableFileError
        A file that is missing, locked, empty, or no Parquet.
    """
    pa, content = arrow(lang), read_bytes(path, lang=lang)
    try:
        opened = pa.parquet.ParquetFile(pa.BufferReader(content))
    except (OSError, ValueError, pa.ArrowException) as error:
        raise unreadable(path, error, lang) from None
    return opened, digest(content)


def whole(opened: Any, path: Path, *, lang: str) -> Any:
    """Return all that an opened file holds, as a table.

    Raises
    ------
    UnreadableFileError
        Its pages are damaged.
    """
    pa = arrow(lang)
    try:
        return opened.read()
    except (OSError, ValueError, pa.ArrowException) as error:
        raise unreadable(path, error, lang) from None


def unreadable(path: Path, error: Exception, lang: str) -> UnreadableFileError:
    """Return the error of a file that Parquet cannot make sense of."""
    reason = (str(error).strip().splitlines() or ["?"])[0].rstrip(".")
    return UnreadableFileError(tr("“{file}” cannot be read: {reason}.", lang, file=path.name, reason=reason))


def metadata_of(opened: Any) -> dict[str, Any]:
    """Return what the library wrote into the footer of a file; nothing if it did not write it."""
    said = (opened.metadata.metadata or {}).get(MARK)
    try:
        found = json.loads(said) if said else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def refuse_later(path: Path, said: Mapping[str, Any], *, lang: str) -> None:
    """Refuse what a later version of the library wrote; `said` is what it wrote of it.

    Raises
    ------
    UnreadableFileError
        Its schema is one that is not known here.
    """
    found = said.get("schema")
    if isinstance(found, int) and found > VERSION:
        raise UnreadableFileError(
            tr(
                "“{file}” was written by a later version of the library ({library}), under schema {found}; this one "
                "knows the schemas up to {own}. Install that version or a newer one.",
                lang,
                file=path,
                library=said.get("library", "?"),
                found=found,
                own=VERSION,
            )
        )


def sealed(table: Any, name: str) -> Any:
    """Return an Arrow table that says in its footer which table it is, and under which schema."""
    said = {"schema": VERSION, "library": library_version(), "table": name}
    return table.replace_schema_metadata({MARK: json.dumps(said).encode()})


def text_cells(texts: Any, codes: NDArray[np.int32] | None = None) -> Any:
    """Return the cells of a column of text as pandas stores them here.

    Parameters
    ----------
    texts
        An Arrow array of text, or the cells of another column.
    codes
        Of each cell which of the texts it is, -1 where unknown; without them the texts are the cells.
    """
    if not isinstance(texts, pd.api.extensions.ExtensionArray):
        texts = pd.StringDtype(na_value=np.nan).__from_arrow__(texts)
    return texts if codes is None else texts.take(codes, allow_fill=True)
