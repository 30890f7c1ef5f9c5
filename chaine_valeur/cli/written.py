"""What a command says, in a file as well: plain text, or a list in Markdown."""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import UnreadableFileError
from ..language import tr

__all__ = ["text_path", "write_lines"]

_ENDINGS = (".txt", ".md")
#: What Markdown would read as something else than the character.
_MARKS = re.compile(r"([\\`*_\[\]<>#|])")


def text_path(name: str | None, *, lang: str) -> Path | None:
    """Return the text file to write, or complain before anything is read."""
    if name is None:
        return None
    path = Path(name)
    if path.is_dir():
        raise UnreadableFileError(tr("“{file}” is a folder: give the name of a file.", lang, file=path))
    if path.suffix.lower() in _ENDINGS:
        return path
    if path.suffix[1:].isalpha():
        told = tr("“{file}” must end in .txt or .md: what is written is a text.", lang, file=path.name)
        raise UnreadableFileError(told)
    return path.with_name(f"{path.name}.txt")


def write_lines(lines: list[str], path: Path, *, lang: str) -> Path:
    """Write lines as they are, or as a list in a Markdown file; return the file that was written."""
    from ..io.files import writable_path

    if path.suffix.lower() == ".md":
        lines = [_item(line) for line in lines]
    written = writable_path(path, lang=lang)
    written.write_text("\n".join(lines).rstrip("\n") + "\n", encoding="utf-8", errors="replace")
    return written


def _item(line: str) -> str:
    text = line.lstrip(" ")
    return " " * (len(line) - len(text)) + "- " + _MARKS.sub(r"\\\1", text) if text else ""
