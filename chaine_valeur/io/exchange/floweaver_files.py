"""The CSV files of floweaver in a folder: that of the flows, and the table of each dimension, by name and headers."""

from __future__ import annotations

import re
from pathlib import Path

from ...errors import UnreadableFileError
from ...language import tr
from ...text import fold
from ..cells import Grid
from .files import held, refused, table_of

__all__ = ["ENDS", "OURS", "VALUE", "flows_and_dimensions"]

#: Columns that the files of our own have, whatever else is in them.
OURS = {
    "flows": {"source", "target", "value", "table", "flow_id"},
    "process": {"id", "name", "table"},
    "material": {"id", "name", "table"},
}
#: What the columns of flows are called.
ENDS = {"source": ("source", "from", "origine", "de"), "target": ("target", "to", "destination", "vers")}
VALUE = ("value", "valeur", "quantity", "quantite", "weight", "flow", "flux")
#: Dimension → words in the name of the file that holds its table.
_DIMENSIONS = {"process": "proces|node|noeud", "material": "mater|matier", "time": "time|temps|annee"}


def flows_and_dimensions(path: Path, *, lang: str) -> tuple[Grid, dict[str, Grid]]:
    """Return the cells of the flows, and of the table of each dimension that there is."""
    if not path.is_dir():
        held(path, "csv", lang=lang)
    folder = path if path.is_dir() else path.parent
    found: dict[str, Grid] = {}
    flows = None if path.is_dir() else table_of(path, lang=lang)
    others = sorted(
        one for one in folder.iterdir() if one.suffix.lower() == ".csv" and one.is_file() and one != path
    )
    for one in others:
        words = fold(one.stem)
        dimension = next((name for name, said in _DIMENSIONS.items() if re.search(said, words)), None)
        if dimension is None and flows is not None:
            continue
        if not one.stat().st_size:
            continue
        try:
            grid = table_of(one, lang=lang)
        except UnreadableFileError:
            if dimension is None:
                continue
            raise
        if dimension is not None and dimension not in found and not _is_flows(grid):
            found[dimension] = grid
        elif flows is None and _is_flows(grid):
            flows = grid
    if flows is None or not _is_flows(flows):
        raise refused(
            path,
            tr("there are no flows in it: a row of headers with source, target and value is needed.", lang),
            lang,
        )
    return flows, found


def _is_flows(grid: Grid) -> bool:
    names = {str(cell).strip() for cell in grid.rows[0]} if grid.rows else set()
    if names >= OURS["process"]:  # whatever the columns of the user's own are called
        return False
    folded = {fold(name) for name in names}
    return all(folded & set(words) for words in (*ENDS.values(), VALUE))
