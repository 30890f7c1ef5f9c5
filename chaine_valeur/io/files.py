"""Files as they are on people's disks: a sentence for each way of being unreadable, a way round a locked one."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from ..errors import UnreadableFileError, close_names
from ..language import enumeration, tr

__all__ = ["decode_text", "read_bytes", "removed", "writable_path"]

#: Names tried for an output that is locked: « rapport (2).xlsx » and on.
_MOST_NAMES = 99
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_bytes(path: str | os.PathLike[str], *, lang: str = "fr") -> bytes:
    """Return what a file holds.

    It is read in one go and let go of: a workbook that is open in Excel is read wherever the system lets
    others read it.

    Raises
    ------
    UnreadableFileError
        The file is missing, a folder, locked or empty; the message is a sentence in the language.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise UnreadableFileError(tr("“{file}” is a folder: give the file itself.", lang, file=path))
        content = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFileError(_missing(path, lang)) from None
    except PermissionError:
        raise UnreadableFileError(
            tr("“{file}” is locked: close it in Excel, or save a copy and use that.", lang, file=path)
        ) from None
    except UnreadableFileError:
        raise
    except (OSError, ValueError) as error:  # a name that the system refuses, a disk that is gone
        reason = getattr(error, "strerror", None) or error
        raise UnreadableFileError(
            tr("“{file}” cannot be read: {reason}.", lang, file=path, reason=reason)
        ) from None
    if not content:
        raise UnreadableFileError(tr("“{file}” is empty: there is nothing to read in it.", lang, file=path))
    return content


def decode_text(content: bytes, path: str | os.PathLike[str], *, lang: str = "fr") -> str:
    """Return the text of a file: UTF-8 with or without mark, UTF-16, or what Windows writes (cp1252).

    Parameters
    ----------
    content
        What the file holds.
    path
        Its name, for the message.

    Raises
    ------
    UnreadableFileError
        It is no text.

    Examples
    --------
    >>> decode_text("Étoupe".encode("cp1252"), "matieres.csv")
    'Étoupe'
    """
    encodings = [name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)] or ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableFileError(tr("“{file}” is no text: save it as CSV (UTF-8).", lang, file=Path(path).name))


def _missing(path: Path, lang: str) -> str:
    told = tr("“{file}” does not exist: check its name and its folder.", lang, file=path)
    if not path.parent.is_dir():
        return told
    close = close_names(path.name, (entry.name for entry in path.parent.iterdir()))
    if not close:
        return told
    told = tr("“{file}” does not exist.", lang, file=path)
    return told + " " + tr("Did you mean: {names}?", lang, names=enumeration(close, lang))


def writable_path(path: str | os.PathLike[str], *, lang: str = "fr") -> Path:
    """Return a path that can be written: the one asked for, or another name beside it if that one is locked.

    The folder is made if it does not exist. Whoever writes a file asks here first and returns the path that
    came out.

    Parameters
    ----------
    path
        Where one would like to write.

    Returns
    -------
    pathlib.Path
        `path`, or « name (2).ext » (the first free number) where somebody has it open; a `UserWarning`
        then says so.

    Raises
    ------
    UnreadableFileError
        The path is a folder, or its folder cannot be written.
    """
    wanted = Path(path)
    try:
        wanted.parent.mkdir(parents=True, exist_ok=True)
        if wanted.is_dir():
            raise UnreadableFileError(tr("“{file}” is a folder: give the name of a file.", lang, file=wanted))
        if _can_write(wanted):
            return wanted
    except UnreadableFileError:
        raise
    except (OSError, ValueError) as error:
        raise _closed_folder(wanted, lang) from error
    for number in range(2, _MOST_NAMES + 1):
        other = wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
        if not other.exists() and _can_write(other):
            told = tr(
                "“{file}” is open elsewhere: written as “{other}”.", lang, file=wanted.name, other=other.name
            )
            warnings.warn(told, UserWarning, stacklevel=3)
            return other
    raise _closed_folder(wanted, lang)


def removed(path: str | os.PathLike[str], *, lang: str = "fr") -> bool:
    """Remove a file, if it is there and no folder; return whether it was.

    Raises
    ------
    UnreadableFileError
        It cannot be removed: somebody has it open, or its folder is closed.
    """
    old = Path(path)
    if not old.is_file():
        return False
    try:
        old.unlink()
    except OSError:
        message = tr(
            "“{file}” is out of date and cannot be removed: close it, or remove it yourself.", lang, file=old
        )
        raise UnreadableFileError(message) from None
    return True


def _can_write(path: Path) -> bool:
    """Whether the file can be opened for writing; it is left as it was, there or not."""
    existed = path.exists()
    try:
        with path.open("ab"):
            pass
    except PermissionError:
        if existed:
            return False
        raise
    if not existed:
        path.unlink()
    return True


def _closed_folder(path: Path, lang: str) -> UnreadableFileError:
    return UnreadableFileError(
        tr("Nothing can be written in “{folder}”: choose another folder.", lang, folder=path.parent)
    )
