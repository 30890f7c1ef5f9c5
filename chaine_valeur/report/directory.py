"""The directory: every actor on a line, to be searched, kept by stage, role, college and place, and sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..diagnosis.wording import text_of
from ..language import enumeration, number, tr, trn
from ..schema import table
from ..text import fold, split_list
from ..vocabulary import Pole, Role, Status, StructureKind, label
from .blocks import Block, Cell, Column, Grid, Paragraph, Search, Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..diagnosis import Diagnosis
    from ..filiere import Filiere

__all__ = ["directory_section"]

#: Where an actor is, by the code of `Network.local`.
_PLACES = (1, 0, -1)


def directory_section(diagnosis: Diagnosis) -> Section | None:
    """Return the directory of the actors: one table, in which a reader searches on a screen.

    Per actor, by name: stages, roles, college, kind of structure, commune (and whether it is outside the
    territory), status, whether it was surveyed. No SIRET, no coordinates, no contact, no figure.

    Parameters
    ----------
    diagnosis
        As the reader may see it: who must not be named has been masked before.

    Returns
    -------
    Section or None
        An annex; None where there is no actor. A cell is empty where nothing is known, and a column of which
        every cell would be is left out.

    Examples
    --------
    >>> from chaine_valeur import Filiere, diagnose
    >>> f = Filiere.from_tables(actors={"name": ["Relais", "Filature"], "roles": ["supplier", "buyer"]})
    >>> grid = directory_section(diagnose(f, lang="en")).blocks[-1]
    >>> [[cell.text for cell in row] for row in grid.rows]
    [['Filature', 'Buyer', 'Active', 'no'], ['Relais', 'Supplier', 'Active', 'no']]
    """
    f, lang = diagnosis.filiere, diagnosis.lang
    if f.actors.empty:
        return None
    grid = _grid(f, lang).filled()
    if len(grid.rows) == 1:  # nothing to search in
        grid = Grid(grid.caption, grid.columns, grid.rows, grid.note)
    about = tr("Who holds which stage, and in which role.", lang)
    blocks: tuple[Block, ...] = (Paragraph(about, "note"), grid)
    return Section("directory", tr("Directory of the actors", lang), blocks, annex=True)


def _grid(f: Filiere, lang: str) -> Grid:
    stages, held = _stages(f)
    places = _place_names(lang) if f.territory_id is not None else {}
    communes = _communes(f)
    local = f.network.local
    partner = f.network.partner | (f.actors["status"] != Status.ACTIVE.value).to_numpy(bool)
    yes, no = tr("yes", lang), tr("no", lang)
    rows = []
    for at, row in enumerate(f.actors.itertuples()):  # a loop over lines that are shown
        where = places.get(int(local[at]), "")
        outside = where if local[at] == 0 else ""
        asked = yes if pd.notna(row.surveyed_on) else no if partner[at] else ""
        rows.append(
            (
                Cell(str(row.name), strong=True),
                _several((stages[one] for one in held.get(str(row.Index), ())), lang),
                _several((label(role, "role", lang) for role in split_list(row.roles)), lang),
                _one(label(row.pole, "pole", lang)),
                _one(label(row.structure_kind, "structure_kind", lang)),
                Cell(_commune(communes[at], outside, lang), values=(where,) if where else ()),
                _one(label(row.status, "status", lang)),
                _one(asked),
            )
        )
    rows.sort(key=lambda cells: fold(cells[0].text))
    home = table("actors")
    columns = (
        Column(home["name"].label(lang), weight=1.8),
        _column(table("stages").label(lang), 1, rows, list(stages.values()), weight=1.5),
        _column(home["roles"].label(lang), 2, rows, [role.label(lang) for role in Role], weight=1.3),
        _column(home["pole"].label(lang), 3, rows, [pole.label(lang) for pole in Pole], weight=1.3),
        _column(
            home["structure_kind"].label(lang), 4, rows, [kind.label(lang) for kind in StructureKind], weight=1.3
        ),
        _column(
            home["commune_name"].label(lang), 5, rows, [places[one] for one in _PLACES if places],
            asked=tr("Territory", lang),
        ),
        _column(home["status"].label(lang), 6, rows, [status.label(lang) for status in Status], weight=0.8),
        _column(tr("Surveyed", lang), 7, rows, [yes, no], weight=0.8),
    )  # fmt: skip
    note = tr("An empty cell: not given. The college is entered, never deduced.", lang)
    caption = tr("Directory of the actors", lang)
    return Grid.of(caption, columns, rows, note=note, search=_search(len(rows), lang))


def _column(
    title: str, at: int, rows: Sequence[Sequence[Cell]], known: Sequence[str], *, weight: float = 1.0,
    asked: str = "",
) -> Column:  # fmt: skip
    """Return a column with the choices that tell rows apart: those that occur, in the order of the known ones."""
    occurring = {value for row in rows for value in row[at].values}
    choices = tuple(dict.fromkeys(value for value in known if value in occurring))
    bare = any(not row[at].values for row in rows)
    return Column(title, weight=weight, choices=choices if len(choices) + bare > 1 else (), asked=asked)


def _one(text: str) -> Cell:
    return Cell(text, values=(text,) if text else ())


def _several(texts: Iterable[str], lang: str) -> Cell:
    values = tuple(dict.fromkeys(texts))
    return Cell(enumeration(values, lang, limit=len(values) or 1), values=values)


def _stages(f: Filiere) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the names of the stages in the order of the chain, and the stages at which each actor stands."""
    stages = f.stages.sort_values("rank", kind="stable")
    order = {str(one): at for at, one in enumerate(stages.index)}
    pairs = f.activities[["actor_id", "stage_id"]].dropna().drop_duplicates()
    pairs = pairs.assign(rank=pairs["stage_id"].map(order)).dropna().sort_values("rank", kind="stable")
    held: dict[str, list[str]] = pairs.groupby("actor_id")["stage_id"].agg(list).to_dict()
    return dict(zip(order, stages["name"].astype(str), strict=True)), held


def _communes(f: Filiere) -> list[str]:
    """Return the commune of each actor: its name, that of its code in a territory, else the code."""
    known = f.territories.dropna(subset=["commune_code", "commune_name"])
    names = dict(zip(known["commune_code"], known["commune_name"], strict=True))
    pairs = zip(f.actors["commune_name"], f.actors["commune_code"], strict=True)
    return [text_of(name) or text_of(names.get(code, code)) for name, code in pairs]


def _place_names(lang: str) -> dict[int, str]:
    texts = (tr("In the territory", lang), tr("Outside the territory", lang), tr("Place unknown", lang))
    return dict(zip(_PLACES, texts, strict=True))


def _commune(name: str, outside: str, lang: str) -> str:
    if not (name and outside):
        return name or outside
    return f"{name} ({tr('outside the territory', lang)})"


def _search(total: int, lang: str) -> Search:
    # the page fills the fields in as the reader writes
    fields = {"shown": "{shown}", "total": "{total}"}
    one, many = (
        trn("{shown} actor out of {total}", "{shown} actors out of {total}", count, lang, **fields)
        for count in (1, 2)
    )
    cut = tr(
        "The first {count} actors of {total}, by name: the workbook has them all.",
        lang,
        count=number(Search.most_on_paper, lang),
        total=number(total, lang),
    )
    return Search(
        label=tr("Search", lang),
        hint=tr("Name, role, commune…", lang),
        none=tr("No actor matches.", lang),
        one=one,
        many=many,
        cut=cut,
    )
