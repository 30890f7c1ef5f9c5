"""Sheets of a workbook of OpenSankey: known by their names, columns by their headers, French or English, any order."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...amounts import parse_number
from ...language import tr
from ...problems import Problems
from ...schema import table
from ...text import fold
from ..cells import Grid
from ..sheets import is_ours
from .files import columns_of, refused, workbook_grids
from .opensankey_matrices import matrix_links
from .opensankey_words import is_outside
from .sankey import kind_of, parts_of_cell
from .sankey_model import Link, Sankey

__all__ = ["sankey_of_workbook", "sheet_kind"]

#: What a sheet is, by its name without case and accents; the first that fits.
_SHEETS = tuple(
    (re.compile(words), kind)
    for words, kind in (
        (r"e?tiquettes?|tags?", "tags"),
        (
            r"analyses?.*|resultats?.*|results?.*|contraintes?.*|constraints?.*|conversions?.*|unites?.*|units?.*",
            "not read",
        ),
        (r"n(o|oe)uds?.*|nodes?", "nodes"),
        (r"(dim )?produits?.*|products?", "product"),
        (r"(dim )?secteurs?.*|sectors?", "sector"),
        (r"liste des flux|flux list|flows? list", "list"),
        (
            r"(table )?entrees? sorties? avec donn.*|.*input output.* with d.*|tes .*donnees",
            "filled matrix",
        ),
        (r"tes.*|table entrees? sorties?.*|.*input output.*", "matrix"),
        (r"ter.*|structure.*|flux.*|table emplois ressources.*|supply use table.*", "supply and use"),
        (r"(dim )?echanges?.*|exchanges?", "exchange"),
        (r"valeurs?|donnees.*|data|values?", "data"),
        (r"min ?max.*", "limits"),
    )
)
_NAME = r"n(o|oe)uds?|nodes?|produits?|products?|secteurs?|sectors?|echanges?|exchanges?|noms?|names?"
#: Columns of nodes that say how a diagram looks or how it is balanced.
_DRAWN = (
    r"equilibre.*|input output balance|contraintes? de conservation.*|affichage.*|sankey|couleurs?|colou?rs?"
)
_ORIGIN, _DESTINATION = r"origines?|origins?|sources? node|from", r"destinations?|targets?|to"
_OF_FLOWS = {
    r"valeurs?|values?": "quantity_t_per_year",
    r"incertitude relative|relative uncertainty|incertitude|uncertainty": "uncertainty_share",
    r"sources?": "source_id",
    r"hypotheses?|hypothesis": "hypothesis",
    r"minimum|min": "min_t_per_year",
    r"maximum|max": "max_t_per_year",
    r"quantite naturelle|quantity|natural quantity": "@quantity",
    r"facteur de conversion|factor|conversion factor": "@factor",
    r"unite naturelle|unit|natural unit": "@unit",
    r"(minimum|maximum) en quantite naturelle|natural (minimum|maximum).*": "@limit",
}


def sheet_kind(name: str) -> str:
    """Return what a sheet of that name holds, or an empty text.

    Examples
    --------
    >>> sheet_kind("Nœuds"), sheet_kind("DONNEES"), sheet_kind("Flux list"), sheet_kind("Table emplois ressources")
    ('nodes', 'data', 'list', 'supply and use')
    """
    folded = fold(name)
    return next((kind for words, kind in _SHEETS if words.fullmatch(folded)), "")


def sankey_of_workbook(path: str | os.PathLike[str], problems: Problems, *, lang: str) -> Sankey:
    """Return what a workbook says; see `chaine_valeur.io.exchange.opensankey.read_opensankey`."""

    def wanted(names: Sequence[str]) -> list[str]:
        for name in names:
            kind = sheet_kind(name)
            if kind == "not read":
                why = tr("the model works out, or states elsewhere, what stands there.", lang)
                problems.add("part_not_read", sheet=name, value=name, why=why)
            elif not kind and not is_ours(name):
                problems.add("unknown_sheet", sheet=name, value=name, close="")
        return [name for name in names if sheet_kind(name) not in ("", "not read")]

    grids = [grid for grid in workbook_grids(path, wanted, lang=lang) if grid.rows]
    if not grids:
        raise refused(
            path, tr("no sheet of OpenSankey is in it (Noeuds, Produits, Secteurs, Données…).", lang), lang
        )
    kinds = [(sheet_kind(grid.sheet), grid) for grid in grids]
    said = Sankey(Path(path).name)
    left_out: Counter[tuple[str, str]] = Counter()
    for wanted_kind, read in _READERS.items():
        for kind, grid in kinds:
            if kind == wanted_kind:
                read(said, grid, kind, left_out, problems)
    for (sheet, column), count in left_out.items():
        problems.add("left_out", sheet=sheet, column=column, value=column, count=count)
    return said


def _column(columns: dict[str, list[Any]], words: str) -> str | None:
    return next((name for name in columns if re.fullmatch(words, fold(name))), None)


def _tags(
    said: Sankey, grid: Grid, _kind: str, _left_out: Counter[tuple[str, str]], problems: Problems
) -> None:
    columns = dict(columns_of(grid, problems))
    group = _column(columns, r"nom du groupe d etiquettes?|tags? group name|nom|name")
    tags = _column(columns, r"e?tiquettes?|tags?")
    if group is None or tags is None:
        return
    for name, cell in zip(columns[group], columns[tags], strict=True):
        if name is not None:
            said.groups[str(name).strip()] = parts_of_cell(cell)


def _nodes(
    said: Sankey, grid: Grid, kind: str, left_out: Counter[tuple[str, str]], problems: Problems
) -> None:
    columns = dict(columns_of(grid, problems))
    name_column = _column(columns, _NAME)
    if name_column is None:
        return
    names = columns.pop(name_column)
    level_column = _column(columns, r"niveaux? d agregation|niveaux?|aggregation levels?|levels?")
    levels = columns.pop(level_column) if level_column else [None] * len(names)
    home = table("actors")
    kept: dict[str, list[Any]] = {}
    meaning = home.match_headers(columns)
    for header, cells in columns.items():
        if re.fullmatch(_DRAWN, fold(header)):
            left_out[grid.sheet, header] += sum(cell is not None for cell in cells)
        elif re.fullmatch(r"definitions?", fold(header)):
            kept["note"] = cells
        else:
            kept[meaning.get(header, header)] = cells
    above: list[tuple[int, str]] = []
    for place, cell in enumerate(names):
        name = None if cell is None else str(cell).strip()
        if not name:
            continue
        own = {column: cells[place] for column, cells in kept.items() if cells[place] is not None}
        own = {column: cell if column == "note" else _several(cell) for column, cell in own.items()}
        told = own.pop("Type de noeud", None) or own.pop("Type de nœud", None) or own.pop("Node type", None)
        what = "exchange" if is_outside(own.get("actor_type")) else kind if kind != "nodes" else kind_of(told)
        said.add(name, what, grid.sheet, grid.numbers[place + 1], **own)
        level = _whole(levels[place])
        if level is None:
            continue
        while above and above[-1][0] >= level:
            above.pop()
        if above:
            said.parents.append((name, above[-1][1]))
        above.append((level, name))


def _whole(cell: Any) -> int | None:
    try:
        return int(float(cell))
    except (TypeError, ValueError, OverflowError):
        return None


def _several(cell: Any) -> Any:
    return " ; ".join(parts_of_cell(cell)) if isinstance(cell, str) and ":" in cell else cell


def _links(
    said: Sankey, grid: Grid, kind: str, left_out: Counter[tuple[str, str]], problems: Problems
) -> None:
    columns = dict(columns_of(grid, problems))
    ends = [_column(columns, words) for words in (_ORIGIN, _DESTINATION)]
    if None in ends:
        return
    origins, destinations = (columns.pop(str(end)) for end in ends)
    of_flows: dict[str, list[Any]] = {}
    for header in list(columns):
        name = next((name for words, name in _OF_FLOWS.items() if re.fullmatch(words, fold(header))), None)
        if name is not None and name not in of_flows:
            of_flows[name] = columns.pop(header)
    there = {(link.source, link.target) for link in said.links} if kind == "list" else set()
    for place, (origin, destination) in enumerate(zip(origins, destinations, strict=True)):
        if origin is None and destination is None:
            continue
        source, target = (str(cell).strip() if cell is not None else "" for cell in (origin, destination))
        if kind == "list" and (source, target) in there:
            continue
        own = {name: cells[place] for name, cells in of_flows.items() if cells[place] is not None}
        tags = {
            header: parts_of_cell(cells[place])
            for header, cells in columns.items()
            if cells[place] is not None
        }
        said.links.append(
            Link(
                source,
                target,
                grid.sheet,
                grid.numbers[place + 1],
                _converted(own, grid.sheet, left_out),
                tags,
            )
        )


def _converted(own: dict[str, Any], sheet: str, left_out: Counter[tuple[str, str]]) -> dict[str, Any]:
    """Return the columns of a figure, its value worked out of a natural quantity where only that is given."""
    natural, factor = own.pop("@quantity", None), own.pop("@factor", None)
    for name in ("@unit", "@limit"):
        if own.pop(name, None) is not None:
            left_out[sheet, name[1:]] += 1
    try:
        worked_out = parse_number(natural) * parse_number(factor)
    except ValueError:
        worked_out = None
    if "quantity_t_per_year" not in own and worked_out is not None:
        own["quantity_t_per_year"] = worked_out
    elif natural is not None:
        left_out[sheet, "quantity"] += 1
    return own


#: What sheets hold → how they are read, in this order: nodes before figures, figures before what has none.
_READERS = {
    "tags": _tags,
    **dict.fromkeys(("nodes", "product", "sector", "exchange"), _nodes),
    **dict.fromkeys(("data", "limits"), _links),
    **dict.fromkeys(("filled matrix", "matrix", "supply and use"), matrix_links),
    "list": _links,
}
