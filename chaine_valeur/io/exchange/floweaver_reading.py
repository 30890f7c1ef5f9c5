"""CSV files of floweaver: flows with their dimensions, and tables of what the dimensions mean."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
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
from .files import columns_of
from .floweaver_files import ENDS, VALUE, flows_and_dimensions
from .found import Found
from .periods import year_of
from .reading import filiere_of_elements
from .result import problems_of

__all__ = ["UNSPECIFIED", "read_floweaver"]

#: The material or time of a flow that states none.
UNSPECIFIED = "unspecified"
_TIME = ("time", "year", "temps", "annee", "date")
_NAMES = ("name", "label", "nom", "title")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE)


def read_floweaver(path: str | os.PathLike[str], *, strict: bool = True, lang: str = "fr") -> Filiere:
    """Return the filière of the CSV files of floweaver, of `write_floweaver` or of anybody.

    A row is a flow: ``source``, ``target``, ``material`` (or ``type``), ``time`` (a year), ``value`` in tonnes per year,
    further dimensions. Tables of processes, materials and times are read where they lie beside: files whose names speak
    of a process, a material, a time. Any encoding, separator, order and case of the columns.

    The model has no place for a time that is no year (it is kept as a column), nor for what a table says of times: that
    is said in ``problems`` (``left_out``).

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
        _nodes(nodes, processes)
    listed = {node for node in nodes.ids if node is not None}
    _edges(edges, flows)
    for place, node in _first_used(edges):
        if node not in listed:
            listed.add(node)
            nodes.add(node, edges.lines[place])
            if processes is not None:
                problems.add("created_from_use", table="actors", sheet=flows.sheet, row=edges.lines[place], value=node,
                             target=processes.sheet)  # fmt: skip
    more = {}
    if (materials := dimensions.get("material")) is not None:
        more["materials"] = _materials(materials)
    if (times := dimensions.get("time")) is not None:
        _tell_times(times, problems)
    return filiere_of_elements(
        nodes, edges, problems, sheets=(processes.sheet if processes is not None else flows.sheet, flows.sheet),
        edges_as="flows", strict=strict, lang=lang, more=more,
    )  # fmt: skip


# -- flows and processes --------------------------------------------------------------------------------


def _named(columns: dict[str, Any], words: tuple[str, ...]) -> str | None:
    folded = {fold(name): name for name in reversed(columns)}
    return next((folded[word] for word in words if word in folded), None)


def _text(cell: Any) -> str | None:
    text = "" if cell is None else str(cell).strip()
    return text or None


def _edges(edges: Found, grid: Grid) -> None:
    columns = dict(columns_of(grid))
    size = len(grid.rows) - 1
    ends = {end: columns.pop(_named(columns, words) or "") for end, words in ENDS.items()}
    value = columns.pop(_named(columns, VALUE) or "")
    material = _named(columns, ("material", "matiere", "materiau", "product", "produit", "type"))
    time = _named(columns, _TIME)
    edges.lines = grid.numbers[1:]
    edges.sources, edges.targets = ([_text(cell) for cell in ends[end]] for end in ENDS)
    ids = columns.pop("flow_id", [None] * size)
    edges.ids, edges.labels = [_text(cell) for cell in ids], [None] * size
    edges.directed = [True] * size
    edges.start, edges.end = [None] * size, [None] * size
    said = {"quantity_t_per_year": value}
    if "quantity_t_per_year" in columns and "table" in columns:
        said["quantity_t_per_year"] = columns.pop("quantity_t_per_year")
    if material is not None:
        said["material_id"] = [
            None if _text(cell) == UNSPECIFIED else _text(cell) for cell in columns.pop(material)
        ]
    if time is not None:
        times = [_text(cell) for cell in columns.pop(time)]
        said["year"] = [year_of(text) for text in times]
        odd = [
            None if year or text == UNSPECIFIED else text
            for text, year in zip(times, said["year"], strict=True)
        ]
        said["time"] = odd
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
            numbers = [float(cell) for cell in texts]
            texts = numbers if all(np.isfinite(numbers)) else texts
    found.said[name] = ([place for place, _ in known], texts)


def _nodes(nodes: Found, grid: Grid) -> None:
    columns = dict(columns_of(grid))
    size = len(grid.rows) - 1
    ids = columns.pop(_named(columns, ("id", "process", "name", "nom")) or "", [None] * size)
    nodes.ids, nodes.lines = [_text(cell) for cell in ids], grid.numbers[1:]
    names = columns.pop(_named(columns, _NAMES) or "", [None] * size)
    nodes.labels = [_text(cell) for cell in names]
    nodes.start, nodes.end, nodes.parents = [None] * size, [None] * size, [None] * size
    if "table" in columns:  # told to floweaver in its own words, and by the columns of the model
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


def _materials(grid: Grid) -> RawTable:
    columns = dict(columns_of(grid))
    size = len(grid.rows) - 1
    home = table("materials")
    ids = columns.pop(_named(columns, ("id", "material", "matiere", "name")) or "", [None] * size)
    ours = columns.pop("table", None)
    names = columns.pop(_named(columns, _NAMES) or "", [None] * size)
    meaning = {} if ours else home.match_headers(columns)
    made: dict[str, Any] = {"material_id": [_text(cell) for cell in ids]}
    made["name"] = [_text(name) or one for name, one in zip(names, made["material_id"], strict=True)]
    part = Found(ids=made["material_id"])
    for name, cells in columns.items():
        target = meaning.get(name, name[1:] if ours and name.startswith("_") else name)
        _say(part, target, cells, free=target not in home.columns)
    made |= {name: values for name, values in part.attributes().items() if name not in made}
    frame = pd.DataFrame(
        {name: pd.Series(list(values), dtype=object) for name, values in made.items()}, index=range(size)
    )
    kept = np.array([said != UNSPECIFIED for said in ours] if ours else np.ones(size), dtype=bool)
    rows = pd.Series(np.array(grid.numbers[1:], dtype=np.int64)[kept], dtype="int64")
    frame = frame[kept].reset_index(drop=True)
    return RawTable(frame, pd.Series(grid.sheet, index=frame.index, dtype="str"), rows)


def _tell_times(grid: Grid, problems: Problems) -> None:
    for name in list(columns_of(grid))[1:]:
        problems.add("left_out", sheet=grid.sheet, column=name, value=name, count=len(grid.rows) - 1)
