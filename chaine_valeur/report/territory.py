"""The territory and the perimeters: seen from where, in which year, who is in which commune."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..diagnosis.telling import sentence_of
from ..diagnosis.wording import text_of
from ..language import enumeration, number, tr, trn
from ..perimeter import local_codes
from ..schema import table
from ..tables import in_force
from ..text import fold
from ..vocabulary import label
from .blocks import Block, Cell, Column, Grid, Paragraph, Rows, Section
from .opening import territory_name

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..filiere import Filiere
    from .blocks import Picture

__all__ = ["territory_section"]

_COMMUNES, _STAGES = 40, 6


def territory_section(
    diagnosis: Diagnosis,
    picture: Picture | Paragraph | None = None,
    places: Picture | Paragraph | None = None,
) -> Section | None:
    """Return from where the filière is seen, its perimeters, and who is where; ``None`` without any territory.

    Parameters
    ----------
    picture
        The matrix of stages by territory, or what is said in its place.
    places
        The map of the actors.
    """
    f, lang = diagnosis.filiere, diagnosis.lang
    if f.territory_id is None and f.territories.empty:
        return None
    year = f.year if f.year is not None else f.reference_year
    rows = _in_force(f, year)
    blocks: list[Block] = [
        Paragraph(text) for text in (_seen_from(f, rows, year, lang), _perimeters(f, lang)) if text
    ]
    blocks.append(_territories(f, rows, year, lang))
    if picture is not None:
        blocks.append(picture)
    communes = _communes(f, rows, lang)
    if communes is not None:
        blocks.append(communes)
    if places is not None:
        blocks.append(places)
    return Section("territory", tr("Territory and perimeters", lang), tuple(blocks))


def _in_force(f: Filiere, year: int | None) -> pd.DataFrame:
    """Return the communes of each territory in a year; all of them where none is of that year."""
    rows = f.territories
    stands = in_force(rows, year)
    lost = ~rows["territory_id"].isin(set(rows.loc[stands, "territory_id"])).to_numpy(bool)
    return rows[stands | lost]


def _seen_from(f: Filiere, rows: pd.DataFrame, year: int | None, lang: str) -> str:
    if f.territory_id is None:
        return tr("No territory is given as that of the filière: what is local cannot be told.", lang)
    mine = rows[rows["territory_id"] == f.territory_id]
    kind = mine["kind"].dropna()
    named = territory_name(f)
    if len(kind):
        named = f"{named}, {label(kind.iloc[0], 'territory_kind', lang)}"
    count = mine["commune_code"].nunique()
    communes = trn("{count} commune", "{count} communes", count, lang)
    told = tr("The filière is seen from {territory}: {communes}", lang, territory=named, communes=communes)
    if not count:
        told = tr(
            "The filière is seen from {territory}, the communes of which are not stated",
            lang,
            territory=named,
        )
    elif year is not None:
        told = tr("{sentence} in {year}", lang, sentence=told, year=year)
    return " ".join([sentence_of(told), *_changes(f, year, lang)])


def _changes(f: Filiere, year: int | None, lang: str) -> list[str]:
    """Return how the territory changed up to a year: communes that joined after the first, and those that left."""
    rows = f.territories[f.territories["territory_id"].eq(f.territory_id).to_numpy(bool)]
    since, until = rows["since"], rows["until"].dropna()
    since = since[(since > since.min()).fillna(False)]
    if year is not None:
        since, until = since[since <= year], until[until < year]
    joined, left = (years.value_counts().sort_index() for years in (since, until))
    told = []
    if len(joined):
        years = enumeration([str(int(when)) for when in joined.index], lang)
        text = trn(
            "{count} commune joined it ({years})", "{count} communes joined it ({years})", int(joined.sum()), lang,
            years=years,
        )  # fmt: skip
        told.append(sentence_of(text))
    if len(left):
        years = enumeration([str(int(when)) for when in left.index], lang)
        text = trn(
            "{count} commune left it (last year: {years})", "{count} communes left it (last year: {years})",
            int(left.sum()), lang, years=years,
        )  # fmt: skip
        told.append(sentence_of(text))
    return told


def _perimeters(f: Filiere, lang: str) -> str:
    """Return what the programme is, and that it is another perimeter than the filière."""
    programme = text_of(f.filiere["programme"].iloc[0]) if len(f.filiere) else ""
    if not programme:
        return ""
    return tr(
        "The filière belongs to the programme “{programme}”, which bears on all of its filières: jobs and money of the "
        "programme are told apart from those of the filière, and never added to them.",
        lang,
        programme=programme,
    )


def _there(f: Filiere, rows: pd.DataFrame) -> np.ndarray:
    """Return who is active in some communes: 1 there, 0 elsewhere, -1 nobody knows; the others are left out."""
    actors = f.actors[f.network.active]
    return local_codes(actors, rows)


def _territories(f: Filiere, rows: pd.DataFrame, year: int | None, lang: str) -> Grid:
    home = table("territories")
    shown: Rows = []
    names = list(
        dict.fromkeys(
            [name for name in (f.territory_id,) if name is not None] + rows["territory_id"].tolist()
        )
    )
    for name in names:  # a loop over territories
        part = rows[rows["territory_id"] == name]
        own = name == f.territory_id
        there = f.network.local[f.network.active] if own else _there(f, part)
        called = part["name"].dropna()
        kind = part["kind"].dropna()
        text = str(called.iloc[0]) if len(called) else str(name)
        shown.append(
            [
                Cell(text, strong=True),
                label(kind.iloc[0], "territory_kind", lang) if len(kind) else "",
                tr("that of the filière", lang) if own else "",
                number(part["commune_code"].nunique(), lang),
                *(number(int((there == code).sum()), lang) for code in (1, 0, -1)),
            ]
        )
    columns = [
        Column(home["territory_id"].label(lang), weight=2.4),
        Column(home["kind"].label(lang)),
        Column(tr("Perimeter", lang)),
        Column(tr("Communes", lang), numeric=True, weight=0.7),
        Column(tr("Active actors there", lang), numeric=True, weight=0.8),
        Column(tr("Elsewhere", lang), numeric=True, weight=0.7),
        Column(tr("Place unknown", lang), numeric=True, weight=0.8),
    ]
    title = tr("Territories and actors", lang)
    if year is not None:
        title = tr("Territories and actors (communes of {year})", lang, year=year)
    return Grid.of(title, columns, shown).filled()


def _communes(f: Filiere, rows: pd.DataFrame, lang: str) -> Grid | None:
    """Return the communes of the territory where somebody is, those with most actors first; the others are counted."""
    mine = rows[rows["territory_id"] == f.territory_id] if f.territory_id is not None else rows
    mine = mine.drop_duplicates("commune_code")
    if mine.empty:
        return None
    actors = f.actors[f.network.active]
    own = f.network.local[f.network.active]
    siae = f.network.siae[f.network.active]
    stages = _stages_of(f)
    found: list[tuple[str, int, int, list[str]]] = []
    likely = _likely(mine, actors)
    for place in np.flatnonzero(likely):  # over the communes where somebody may be
        row = mine.iloc[[int(place)]]
        there = (_there(f, row) == 1) & (own != 0)
        if there.any():
            name = row["commune_name"].iloc[0]
            held = stages.reindex(actors.index[there]).dropna()
            named = list(dict.fromkeys(stage for each in held for stage in each))
            called = str(row["commune_code"].iloc[0]) if pd.isna(name) else str(name)
            found.append((called, int(there.sum()), int((there & siae).sum()), named))
    if not found:
        return None
    found.sort(key=lambda one: -one[1])
    shown: Rows = [
        [
            Cell(name, strong=True),
            number(count, lang),
            number(insertion, lang),
            enumeration(named, lang, limit=_STAGES),
        ]
        for name, count, insertion, named in found[:_COMMUNES]
    ]
    rest = len(mine) - min(len(found), _COMMUNES)
    if rest:
        others = found[_COMMUNES:]
        text = trn("{count} other commune", "{count} other communes", rest, lang)
        counts = [number(sum(one[at] for one in others), lang) for at in (1, 2)]  # type: ignore[misc]
        shown.append([Cell(text), *counts, ""])
    columns = [
        Column(tr("Commune", lang), weight=1.4),
        Column(tr("Active actors", lang), numeric=True, weight=0.7),
        Column(tr("Of which insertion structures", lang), numeric=True, weight=0.9),
        Column(table("stages").label(lang), weight=3.0),
    ]
    return Grid.of(tr("Actors by commune of the territory", lang), columns, shown)


def _likely(communes: pd.DataFrame, actors: pd.DataFrame) -> np.ndarray:
    """Return the communes of which an actor bears the code or the name."""
    codes = set(actors["commune_code"].dropna())
    names = set(actors["commune_name"].dropna().map(fold))
    called = communes["commune_name"].map(fold, na_action="ignore")
    return (communes["commune_code"].isin(codes) | called.isin(names)).to_numpy(bool)


def _stages_of(f: Filiere) -> Any:
    """Return the names of the stages that each actor holds."""
    net = f.network
    names = f.stages["name"].to_numpy(dtype=object)
    frame = pd.DataFrame({"actor": net.actor_ids[net.activity_actor], "stage": names[net.activity_stage]})
    return frame.groupby("actor", sort=False)["stage"].agg(list)
