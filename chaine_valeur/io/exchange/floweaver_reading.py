"""CSV files of floweaver: flows with their dimensions, and tables of what the dimensions mean."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...filiere import Filiere
from ...language import check_language
from ...problems import Problems
from ...schema import table
from ...table_state import RawTable
from ...text import fold
from ..cells import Grid
from .attributes import attribute_name, column_name
from .files import columns_of
from .floweaver_files import ENDS, OURS, VALUE, flows_and_dimensions
from .found import Found
from .nodes_edges import OUTSIDE, free_name
from .periods import year_of
from .reading import filiere_of_elements
from .result import problems_of

__all__ = ["UNSPECIFIED", "read_floweaver"]

#: The material or time of a flow that states none.
UNSPECIFIED = "unspecified"
_TIME = ("year", "time", "temps", "annee", "date")
_MATERIAL = ("material id", "material", "matiere", "materiau", "product", "produit", "type")
_NAMES = ("name", "label", "nom", "title")
#: What a file of ours says in its column ``table`` of the rows of a part.
_TABLES = {"flows": {"flows"}, "process": {"actors", OUTSIDE}, "material": {"materials", UNSPECIFIED}}
_BARE_YEAR = re.compile(r"\d{4}(\.0*)?")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE)


def read_floweaver(path: str | os.PathLike[str], *, strict: bool = True, lang: str = "fr") -> Filiere:
    """Return the filière of the CSV files of floweaver, of `write_floweaver` or of anybody.

    A row is a flow: ``source``, ``target``, ``material`` (or ``type``), ``time`` (a year), ``value`` in tonnes per year,
    further dimensions. Tables of processes, materials and times are read where they lie beside: files whose names speak
    of a process, a material, a time. Any encoding, separator, order and case of the columns.

    The model has no place for a time that is no year (it is kept as a column, and so is a day beside its year), nor for
    what a table says of times: that is said in ``problems`` (``left_out``). A second column of one header becomes
    « Note (2) », cells beyond the headers « Colonne D », which is said too.

    Parameters
    ----------
    path
        The folder, or the file of flows.
    strict
        Raise if a row or a cell cannot be used; otherwise set it aside and go on.
    lang
        Language of the messages.

    Returns
    -------
    Filiere
        Its ``problems`` name the file where a workbook would name the sheet.

    Raises
    ------
    UnreadableFileError
        Missing, too large, no text, or no file with a source, a target and a value.
    ValidationError
        In strict mode: a value that is no number, a process that stands twice in its table.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     text = "source,target,type,value\\nferme,marché,pommes,3\\n"
    ...     _ = Path(folder, "flows.csv").write_text(text, encoding="utf-8")
    ...     f = read_floweaver(folder)
    >>> f.flows[["source", "target", "material_id", "quantity_t_per_year"]].to_numpy().tolist()
    [['ferme', 'marché', 'pommes', 3.0]]
    """
    check_language(lang)
    problems = problems_of(lang)
    flows, dimensions = flows_and_dimensions(Path(path), lang=lang)
    nodes, edges = Found(), Found()
    processes = dimensions.get("process")
    if processes is not None:
        _nodes(nodes, processes, problems)
    more, none = {}, {UNSPECIFIED}
    if (materials := dimensions.get("material")) is not None:
        more["materials"], none = _materials(materials, problems)
    listed = {node for node in nodes.ids if node is not None}
    _edges(edges, flows, none, problems)
    for place, node in _first_used(edges):
        if node not in listed:
            listed.add(node)
            nodes.add(node, edges.lines[place])
            if processes is not None:
                problems.add("created_from_use", table="actors", sheet=flows.sheet, row=edges.lines[place], value=node,
                             target=processes.sheet)  # fmt: skip
    if (times := dimensions.get("time")) is not None:
        _tell_times(times, problems)
    return filiere_of_elements(
        nodes, edges, problems, sheets=(processes.sheet if processes is not None else flows.sheet, flows.sheet),
        edges_as="flows", strict=strict, lang=lang, more=more,
    )  # fmt: skip


# -- flows and processes --------------------------------------------------------------------------------


def _is_ours(part: str, columns: Mapping[str, list[Any]]) -> bool:
    """Return whether a file is one of ours: its columns are found by their exact names, all others are the user's own."""
    if not columns.keys() >= OURS[part]:
        return False
    return {cell for cell in columns["table"] if cell is not None} <= _TABLES[part]


def _named(columns: Mapping[str, Any], words: Iterable[str], exact: str | None) -> str | None:
    """Return the column of a file of ours that has a name, or that of another file that the first of some words means."""
    if exact is not None:
        return exact if exact in columns else None
    folded = {fold(name): name for name in reversed(list(columns))}
    return next((folded[word] for word in words if word in folded), None)


def _text(cell: Any) -> str | None:
    text = "" if cell is None else str(cell).strip()
    return text or None


def _edges(edges: Found, grid: Grid, none: set[str], problems: Problems) -> None:
    columns = columns_of(grid, problems)
    size = len(grid.rows) - 1
    ours = _is_ours("flows", columns)

    def found(words: Iterable[str], exact: str) -> str | None:
        return _named(columns, words, exact if ours else None)

    ends = {end: columns.pop(found(words, end) or "") for end, words in ENDS.items()}
    value = "quantity_t_per_year" if "quantity_t_per_year" in columns else found(VALUE, "value")
    said = {"quantity_t_per_year": columns.pop(value or "")}
    if ours:
        columns.pop("value", None)
    material, time = found(_MATERIAL, "material"), found(_TIME, "time")
    edges.lines = grid.numbers[1:]
    edges.sources, edges.targets = ([_text(cell) for cell in ends[end]] for end in ENDS)
    ids = columns.pop("flow_id", [None] * size)
    edges.ids, edges.labels = [_text(cell) for cell in ids], [None] * size
    edges.directed = [True] * size
    edges.start, edges.end = [None] * size, [None] * size
    if material is not None:
        ids = [_text(cell) for cell in columns.pop(material)]
        said["material_id"] = [None if cell in none else cell for cell in ids]
    if time is not None:
        times = [_text(cell) for cell in columns.pop(time)]
        said["year"] = [year_of(text) for text in times]
        # a day says more than its year
        said[attribute_name("time") if ours else free_name("time", columns)] = [
            text if text and text != UNSPECIFIED and not _BARE_YEAR.fullmatch(text) else None
            for text in times
        ]
    for name, cells in {**said, **columns}.items():
        _say(edges, name, cells, free=name not in table("flows").columns)


def _say(found: Found, name: str, cells: list[Any], *, free: bool) -> None:
    """Give the elements an attribute; numbers and yes/no of a column of the user's own are typed, if all of it is."""
    known = [(place, cell) for place, cell in enumerate(cells) if cell is not None]
    texts = [cell for _, cell in known]
    if free and texts and all(isinstance(cell, str) for cell in texts):
        if set(texts) <= {"true", "false"}:
            texts = [cell == "true" for cell in texts]
        elif all(_NUMBER.fullmatch(cell) for cell in texts):
            texts = [float(cell) for cell in texts] if all(map(_is_held, texts)) else texts
    found.said[name] = ([place for place, _ in known], texts)


def _is_held(cell: str) -> bool:
    """Return whether a number says what its text says; beyond 2 to the power of 53 whole ones are text in tables too."""
    if len(cell) < 16 and "e" not in cell.lower():
        return True
    value = float(cell)
    if not np.isfinite(value) or Decimal(cell) != Decimal(repr(value)):
        return False
    return not cell.lstrip("-").isdigit() or abs(value) < 2**53


def _nodes(nodes: Found, grid: Grid, problems: Problems) -> None:
    columns = columns_of(grid, problems)
    size = len(grid.rows) - 1
    ours = _is_ours("process", columns)
    ids = columns.pop(
        _named(columns, ("id", "process", "name", "nom"), "id" if ours else None) or "", [None] * size
    )
    nodes.ids, nodes.lines = [_text(cell) for cell in ids], grid.numbers[1:]
    names = columns.pop(_named(columns, _NAMES, "name" if ours else None) or "", [None] * size)
    nodes.labels = [_text(cell) for cell in names]
    nodes.start, nodes.end, nodes.parents = [None] * size, [None] * size, [None] * size
    if ours:  # told to floweaver in its own words, and by the columns of the model
        for name in ("type", "function", "location", "sector"):
            columns.pop(name, None)
    for name, cells in columns.items():
        _say(nodes, name, cells, free=name not in table("actors").columns)


def _first_used(edges: Found) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for place, ends in enumerate(zip(edges.sources, edges.targets, strict=True)):
        for node in ends:
            if node is not None and node not in seen:
                seen.add(node)
                yield place, node


def _materials(grid: Grid, problems: Problems) -> tuple[RawTable, set[str]]:
    """Return the materials, and what flows call it that they state none."""
    columns = columns_of(grid, problems)
    size = len(grid.rows) - 1
    home = table("materials")
    ours = _is_ours("material", columns)
    ids = columns.pop(
        _named(columns, ("id", "material", "matiere", "name"), "id" if ours else None) or "", [None] * size
    )
    names = columns.pop(_named(columns, _NAMES, "name" if ours else None) or "", [None] * size)
    said = columns.pop("table") if ours else [None] * size
    meaning = {} if ours else home.match_headers(columns)
    made: dict[str, Any] = {"material_id": [_text(cell) for cell in ids]}
    made["name"] = [_text(name) or one for name, one in zip(names, made["material_id"], strict=True)]
    part = Found(ids=made["material_id"])
    for name, cells in columns.items():
        target = meaning.get(name, column_name(name) if ours else name)
        _say(part, target, cells, free=target not in home.columns)
    made |= {name: values for name, values in part.attributes().items() if name not in made}
    frame = pd.DataFrame(
        {name: pd.Series(list(values), dtype=object) for name, values in made.items()}, index=range(size)
    )
    kept = np.array([one != UNSPECIFIED for one in said], dtype=bool)
    listed = set(frame["material_id"][kept]) if ours else set()
    none = {UNSPECIFIED} - listed | set(frame["material_id"][~kept].dropna())
    rows = pd.Series(np.array(grid.numbers[1:], dtype=np.int64)[kept], dtype="int64")
    frame = frame[kept].reset_index(drop=True)
    return RawTable(frame, pd.Series(grid.sheet, index=frame.index, dtype="str"), rows), none


def _tell_times(grid: Grid, problems: Problems) -> None:
    for name in list(columns_of(grid, problems))[1:]:
        problems.add("left_out", sheet=grid.sheet, column=name, value=name, count=len(grid.rows) - 1)
