"""Matrices of a workbook of OpenSankey: which node sends to which, with or without figures."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ...problems import Problems
from ...text import fold
from ..cells import Grid
from .sankey_model import Link, Sankey

__all__ = ["matrix_links"]


def matrix_links(
    said: Sankey, grid: Grid, kind: str, _left_out: Counter[tuple[str, str]], _problems: Problems
) -> None:
    """Read a matrix: a row says where from, a column where to; of supply and use the first block says the reverse."""
    there = {(link.source, link.target) for link in said.links}
    heads: list[Any] = []
    block = 0
    before = -1
    for number, row in zip(grid.numbers, grid.rows, strict=True):
        cells = [None if cell == "" else cell for cell in row]
        first = None if cells[0] is None else str(cells[0]).strip()
        # headers come again after a blank line, over the second block
        if not heads or (
            kind == "supply and use" and number > before + 1 and block == 1 and first not in said.kinds
        ):
            heads, block = cells[1:], block + 1
            before = number
            continue
        if (
            kind == "supply and use"
            and first is None
            and [c for c in cells[1:] if c is not None] == [c for c in heads if c is not None]
        ):
            heads, block = cells[1:], 2
            before = number
            continue
        before = number
        if not first:
            continue
        for head, cell in zip(heads, cells[1:], strict=False):
            if head is None or cell is None or cell in (0, "0", "-", "non", "no"):
                continue
            source, target = (
                (str(head).strip(), first)
                if kind == "supply and use" and block == 1
                else (first, str(head).strip())
            )
            if (source, target) in there:
                continue
            there.add((source, target))
            value = (
                {"quantity_t_per_year": cell}
                if kind == "filled matrix" and not isinstance(cell, bool) and fold(str(cell)) != "x"
                else {}
            )
            said.links.append(Link(source, target, grid.sheet, number, value))
