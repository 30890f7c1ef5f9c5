"""Who is there: the perimeter, the actors by stage, role and college."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..diagnosis.wording import text_of
from ..language import enumeration, number, tr, trn
from ..schema import table
from ..vocabulary import ActorType, Pole, Role, Status, label
from .blocks import Block, Cell, Column, Grid, Paragraph, Rows, Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np

    from ..diagnosis import Diagnosis
    from ..filiere import Filiere

__all__ = ["actors_section"]

_NAMES_SHOWN = 12


def actors_section(diagnosis: Diagnosis) -> Section:
    """Return who is there: the perimeter, then the actors by stage, role and college."""
    f, lang = diagnosis.filiere, diagnosis.lang
    blocks: list[Block] = [Paragraph(_perimeter(f, lang))]
    note = text_of(f.filiere["note"].iloc[0]) if len(f.filiere) else ""
    if note:
        blocks.append(Paragraph(note, "note"))
    names = _labelled_names(f, lang)
    if len(f.stages):
        blocks.append(_by_stage(f, names, lang))
    blocks += [*_by_role(f, names, lang), *_by_pole(f, names, lang)]
    waiting = _waiting(f, lang)
    if waiting is not None:
        blocks.append(waiting)
    return Section("actors", tr("The filière and its actors", lang), tuple(blocks))


def _perimeter(f: Filiere, lang: str) -> str:
    net = f.network
    actors = f.actors
    kinds = actors["actor_type"]
    active, partner = int(net.active.sum()), int(net.partner.sum())
    siae = int((net.siae & net.active).sum())
    diffuse = int((net.active & (kinds == ActorType.DIFFUSE.value).to_numpy(bool)).sum())
    told = [trn("{count} actor is active", "{count} actors are active", active, lang)]
    together = trn("{count} can cooperate", "{count} can cooperate", partner, lang)
    told.append(together if partner else tr("none can cooperate", lang))
    if diffuse:
        told.append(trn("{count} is a diffuse group", "{count} are diffuse groups", diffuse, lang))
    insertion = trn("{count} is an insertion structure", "{count} are insertion structures", siae, lang)
    told.append(insertion if siae else tr("none is an insertion structure", lang))
    # who is where is told in the section on the territory, where there is any
    if f.territory_id is None and f.territories.empty:
        return tr(
            "{sentence}. No territory is given: what is local cannot be told.",
            lang,
            sentence=enumeration(told, lang),
        )
    return tr("{sentence}.", lang, sentence=enumeration(told, lang))


def _labelled_names(f: Filiere, lang: str) -> dict[str, str]:
    """Return actor → name, with what a reader must see at once: insertion structure, outside."""
    net = f.network
    kinds = f.actors["structure_kind"].tolist()
    told = {}
    for place, (identifier, name) in enumerate(zip(f.actors.index, f.actors["name"], strict=True)):
        marks = []
        if net.siae[place]:
            marks.append(kinds[place])
        if net.local[place] == 0:
            marks.append(tr("outside the territory", lang))
        told[str(identifier)] = f"{name} ({', '.join(marks)})" if marks else str(name)
    return told


def _listed(identifiers: Iterable[str], names: Mapping[str, str], lang: str) -> str:
    return enumeration([names[one] for one in identifiers], lang, limit=_NAMES_SHOWN)


def _by_stage(f: Filiere, names: Mapping[str, str], lang: str) -> Grid:
    home = table("stages")
    net = f.network
    stages = f.stages.sort_values("rank", kind="stable")
    held = pd.DataFrame({"stage": net.activity_stage, "actor": net.activity_actor})
    by_stage = {int(code): part["actor"].tolist() for code, part in held.groupby("stage")}
    rows: Rows = []
    for stage_id, row in stages.iterrows():
        holders = by_stage.get(int(f.stages.index.get_loc(stage_id)), [])
        rows.append(
            [
                Cell(str(row["name"]), strong=True),
                label(row["kind"], "stage_kind", lang),
                label(row["expected_scale"], "expected_scale", lang),
                number(len(holders), lang),
                _listed((str(net.actor_ids[one]) for one in holders), names, lang) or tr("none known", lang),
            ]
        )
    columns = [
        Column(home.name_column and home["name"].label(lang), weight=1.6),
        Column(home["kind"].label(lang)),
        Column(home["expected_scale"].label(lang)),
        Column(tr("Number", lang), numeric=True, weight=0.6),
        Column(table("actors").label(lang), weight=3.2),
    ]
    note = tr("An actor that holds several stages is counted at each of them.", lang)
    return Grid.of(tr("Actors by stage", lang), columns, rows, note=note)


def _by_role(f: Filiere, names: Mapping[str, str], lang: str) -> list[Grid]:
    net = f.network
    held = [(role.label(lang), net.roles[:, place] & net.active) for place, role in enumerate(Role)]
    held.append((tr("Not given", lang), ~net.roles.any(axis=1) & net.active))
    note = tr("An actor with several roles is counted in each of them.", lang)
    return _grids(f, tr("Actors by role", lang), tr("Role", lang), held, names, note, lang)


def _by_pole(f: Filiere, names: Mapping[str, str], lang: str) -> list[Grid]:
    net = f.network
    held = [(pole.label(lang), (net.pole == place) & net.partner) for place, pole in enumerate(Pole)]
    held.append((tr("Not given", lang), (net.pole < 0) & net.partner))
    note = tr("Among those who can cooperate; a college is entered, never deduced.", lang)
    head = table("actors")["pole"].label(lang)
    return _grids(f, tr("Actors by college", lang), head, held, names, note, lang)


def _grids(
    f: Filiere,
    caption: str,
    head: str,
    held: Iterable[tuple[str, np.ndarray]],
    names: Mapping[str, str],
    note: str,
    lang: str,
) -> list[Grid]:
    """Return the table of who is in each group, without those in which nobody is; none where nobody is in any."""
    rows: Rows = [
        [
            Cell(called, strong=True),
            number(int(there.sum()), lang),
            _listed(f.actors.index[there], names, lang),
        ]
        for called, there in held
        if there.any()
    ]
    return [Grid.of(caption, _name_columns(head, lang), rows, note=note)] if rows else []


def _name_columns(first: str, lang: str) -> list[Column]:
    return [
        Column(first, weight=1.4),
        Column(tr("Number", lang), numeric=True, weight=0.6),
        Column(table("actors").label(lang), weight=4.0),
    ]


def _waiting(f: Filiere, lang: str) -> Paragraph | None:
    told = []
    for status in (Status.PLANNED, Status.CANDIDATE, Status.CLOSED):
        names = f.actors.loc[f.actors["status"] == status.value, "name"].tolist()
        if names:
            listed = enumeration(names, lang, limit=_NAMES_SHOWN)
            told.append(tr("{label}: {text}", lang, label=status.label(lang), text=listed))
    if not told:
        return None
    return Paragraph(tr("Not counted above. {listed}.", lang, listed=". ".join(told)), "note")
