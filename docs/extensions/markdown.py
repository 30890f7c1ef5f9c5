"""Pieces of MyST pages that several generators write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["cell", "grid", "page_of_pages"]


def cell(text: str) -> str:
    """Return a text as it stands in a cell of a table: on one line, its bars escaped."""
    return " ".join(str(text).split()).replace("|", "\\|")


def grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell(one) for one in line) + " |" for line in lines)


def page_of_pages(title: str, text: str, names: Iterable[str]) -> str:
    """Return a page that leads to others of its folder."""
    listed = "\n".join(names)
    return f"# {title}\n\n{text}\n\n```{{toctree}}\n:hidden:\n:maxdepth: 1\n\n{listed}\n```\n"
