"""floweaver: a CSV of flows, and a table each of its processes, materials and times.

A process is an actor, its ``function`` the stages that it holds; a material and a time (a year) are dimensions of a flow,
and so are the stages at its ends. The other columns are named as in the schema, as in
`chaine_valeur.io.exchange.nodes_edges`. Values are tonnes per year. floweaver adds up the rows of a ribbon, so only
those that count are written, once each; and it drops rows with a blank in a dimension, so that a blank end is the
process ``outside``, and a material or year that is not stated is called ``unspecified``, or with a « _ » behind it where
a material has that identifier; the table of materials says which.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...filiere import Filiere
from ...language import check_language, tr
from ..csv import text_cell
from ..files import removed, writable_path
from .attributes import attribute_name
from .floweaver_reading import UNSPECIFIED, read_floweaver
from .nodes_edges import carried, elements, free_name
from .objects import and_last, blank_column, objects
from .quantities import counting_flows
from .result import Exchanged, left_out

if TYPE_CHECKING:
    from .objects import Objects

__all__ = ["read_floweaver", "write_floweaver"]

#: What floweaver is told about a process in its own words.
_OF_PROCESS = ("type", "function", "location", "sector")
#: Files that are not there where nothing is to be said in them.
_DIMENSIONS = ("dim_material", "dim_time")


def write_floweaver(f: Filiere, folder: str | os.PathLike[str], *, lang: str = "fr") -> Exchanged:
    """Write the flows of a filière for floweaver: ``flows.csv``, and a ``dim_*.csv`` of processes, materials and times.

    ``floweaver.Dataset.from_csv("flows.csv", "dim_process.csv", "dim_material.csv", "dim_time.csv")`` reads them. The
    format carries flows that count and have a tonnage, actors and materials; what it cannot carry is told in
    ``left_out``: flows that would be added to another declaration of theirs, that are planned or over, or of unknown
    tonnage, and every other table. Lists of a cell stay joined by ``;``.

    A ``dim_material.csv`` or ``dim_time.csv`` that lies in the folder and is not written anew, as no flow states a
    material or a year, is removed: it would be read with these flows. No other file is touched.

    Parameters
    ----------
    folder
        Where to write; made if it does not exist.
    lang
        Language of ``left_out`` and of the name of what is not specified.

    Raises
    ------
    UnreadableFileError
        Nothing can be written there.

    Examples
    --------
    >>> import tempfile
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Relais", "Filature"]},
    ...     materials={"name": ["Laine"]},
    ...     flows={"source": ["Relais"], "target": ["Filature"], "material_id": ["Laine"], "quantity_t_per_year": [12.5]},
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write_floweaver(f, folder)
    ...     lines = (written.path / "flows.csv").read_text(encoding="utf-8").splitlines()
    ...     again = read_floweaver(folder)
    >>> [line.rpartition(",flows,")[0] for line in lines[1:]], again == f
    (['relais,filature,laine,12.5'], True)
    """
    check_language(lang)
    home = Path(folder)
    nodes, edges = elements(f, tables=("flows",), lang=lang)
    counting = counting_flows(f, known=True)
    rows = f.flows.index.get_indexer(counting.flows.index)
    none = free_name(UNSPECIFIED, f.materials.index)
    material = _dimension(edges.attributes.get("material_id"), rows, none)
    time = _dimension(edges.attributes.get("year"), rows, UNSPECIFIED)
    flows: dict[str, Objects] = {"source": edges.source[rows], "target": edges.target[rows]}
    if material is not None:
        flows["material"] = material
    if time is not None:
        flows["time"] = time
    flows |= {"value": counting.tonnes.to_numpy(object), "table": np.full(len(rows), "flows", dtype=object)}
    flows["flow_id"] = counting.flows.index.to_numpy(object)
    told = {"table", "directed", "material_id", "material", "year", "identifier", "same_flow_as"}
    if counting.flows["quantity_t_per_year"].notna().all():
        told.add("quantity_t_per_year")
    flows |= {name: one.values[rows] for name, one in edges.attributes.items() if name not in told}
    processes: dict[str, Objects] = {
        "id": nodes.ids,
        "name": nodes.labels,
        "table": nodes.attributes["table"].values,
    }
    processes |= _in_its_words(f, len(nodes))
    processes |= {name: one.values for name, one in nodes.attributes.items() if name not in processes}
    made = {"flows": flows, "dim_process": processes}
    if material is not None:
        made["dim_material"] = _materials(f, none if none in material else None, lang)
    if time is not None:
        made["dim_time"] = {"id": objects(sorted(set(time), key=str))}
    files = [_written(home / f"{name}.csv", columns, lang) for name, columns in made.items()]
    for name in _DIMENSIONS:
        if name not in made:
            removed(home / f"{name}.csv", lang=lang)
    columns, used = carried(f, ("flows",), flows=counting.flows)
    columns["flows"].remove("same_flow_as")
    columns["materials"] = [str(column) for column in f.materials.columns] if material is not None else []
    used.pop("materials", None)
    if material is not None:
        cited = [frame["source_id"].dropna() for frame in (counting.flows, f.actors, f.materials)]
        used["sources"] = pd.concat(cited).nunique()
        columns["sources"] = ["name"]
    lost = left_out(f, columns, lang=lang, used=used, more=counting.left_out)
    return Exchanged(home, tuple(files), lost)


def _dimension(attribute: Any, rows: Any, none: str) -> Objects | None:
    """Return a dimension of the flows, with a word for those that do not state it; ``None`` where none of them does."""
    if attribute is None:
        return None
    values: Objects = attribute.values[rows]
    if all(value is None for value in values):
        return None
    return objects(none if value is None else value for value in values)


def _in_its_words(f: Filiere, size: int) -> dict[str, Objects]:
    """Return what a Sankey diagram is usually cut up by: the type, stages, place and college of each actor."""
    actors, held = f.actors, f.activities[["actor_id", "stage_id"]].dropna()
    names = f.stages["name"].reindex(held["stage_id"]).to_numpy(object)
    stages = pd.Series(names, index=held["actor_id"].to_numpy(object), dtype=object).dropna()
    joined = stages.groupby(level=0, sort=False).agg(lambda part: ";".join(dict.fromkeys(part)))
    places = actors["commune_name"].fillna(actors["commune_code"])
    found = {}
    for name, column in zip(
        _OF_PROCESS, (actors["actor_type"], joined.reindex(actors.index), places, actors["pole"]), strict=True
    ):
        values = blank_column(size)
        values[: len(actors)] = column.astype(object).where(column.notna(), None)
        if any(value is not None for value in values):
            found[name] = values
    return found


def _materials(f: Filiere, none: str | None, lang: str) -> dict[str, Objects]:
    """Return the table of the materials, and of what is called `none`, if some flow states no material."""
    frame = f.materials
    columns: dict[str, Any] = {
        "id": frame.index.to_numpy(object),
        "table": np.full(len(frame), "materials", dtype=object),
    }
    for column in frame.columns:
        name = (
            str(column) if column in {"name", "kind", "unit", "t_per_unit"} else attribute_name(str(column))
        )
        if column == "name" or frame[column].notna().any():
            columns[name] = frame[column].astype(object).where(frame[column].notna(), None).to_numpy()
    if "source_id" in columns:
        columns["source_name"] = and_last(f.sources["name"], None)[f.codes("materials", "source_id")]
    if none is not None:
        last = {"id": none, "table": UNSPECIFIED, "name": tr("Not specified", lang)}
        columns = {name: and_last(values, last.get(name)) for name, values in columns.items()}
    return columns


def _written(path: Path, columns: dict[str, Objects], lang: str) -> Path:
    written = writable_path(path, lang=lang)
    with written.open("w", encoding="utf-8", newline="") as stream:
        stream.write(",".join(text_cell(name, ",") for name in columns) + "\n")
        cells: Sequence[Iterable[str]] = [[_cell(value) for value in values] for values in columns.values()]
        stream.writelines(",".join(row) + "\n" for row in zip(*cells, strict=True))
    return written


def _cell(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    return repr(float(value)) if isinstance(value, (float, np.floating)) else text_cell(str(value), ",")
