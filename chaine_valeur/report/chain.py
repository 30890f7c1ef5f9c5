"""The sections on the filière and its actors, its chain, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..analysis.findings import PRIORITIES
from ..diagnosis.showing import PRIORITY_NAMES
from ..diagnosis.telling import firmness_text
from ..diagnosis.wording import text_of
from ..language import enumeration, number, percent, quantity, tr, trn
from ..schema import table, unit_label
from ..vocabulary import ActorType, Pole, Role, Status, StructureKind, label
from .blocks import Block, Cell, Column, Grid, Heading, Paragraph, Picture, Section, anchor_of
from .opening import territory_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..diagnosis import Diagnosis
    from ..filiere import Filiere

__all__ = ["actors_section", "chain_section", "findings_section"]

_NAMES_SHOWN = 12


# -- the filière and its actors ------------------------------------------------------------------------


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
    blocks.append(_by_role(f, names, lang))
    blocks.append(_by_pole(f, names, lang))
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
    told.append(trn("{count} can cooperate", "{count} can cooperate", partner, lang))
    if diffuse:
        told.append(trn("{count} is a diffuse group", "{count} are diffuse groups", diffuse, lang))
    told.append(trn("{count} is an insertion structure", "{count} are insertion structures", siae, lang))
    sentence = enumeration(told, lang)
    place = territory_name(f)
    if place:
        local = int(((net.local == 1) & net.active).sum())
        unknown = int(((net.local == -1) & net.active).sum())
        sentence = tr(
            "{sentence}. In the territory ({territory}): {local}; place unknown: {unknown}.",
            lang,
            sentence=sentence,
            territory=place,
            local=number(local, lang),
            unknown=number(unknown, lang),
        )
        return sentence
    return tr("{sentence}. No territory is given: what is local cannot be told.", lang, sentence=sentence)


def _labelled_names(f: Filiere, lang: str) -> dict[str, str]:
    """Return actor → name, with what a reader must see at once: insertion structure, outside."""
    net = f.network
    kinds = f.actors["structure_kind"].tolist()
    told = {}
    for place, (identifier, name) in enumerate(zip(f.actors.index, f.actors["name"], strict=True)):
        marks = []
        if net.siae[place]:
            marks.append(StructureKind(kinds[place]).value)
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
    rows = []
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


def _by_role(f: Filiere, names: Mapping[str, str], lang: str) -> Grid:
    net = f.network
    rows = []
    for place, role in enumerate(Role):
        holders = f.actors.index[net.roles[:, place] & net.active]
        if len(holders):
            rows.append([role.label(lang), number(len(holders), lang), _listed(holders, names, lang)])
    silent = f.actors.index[~net.roles.any(axis=1) & net.active]
    if len(silent):
        rows.append([tr("Not given", lang), number(len(silent), lang), _listed(silent, names, lang)])
    columns = _name_columns(tr("Role", lang), lang)
    note = tr("An actor with several roles is counted in each of them.", lang)
    return Grid.of(tr("Actors by role", lang), columns, [[Cell(a, strong=True), b, c] for a, b, c in rows], note=note)


def _by_pole(f: Filiere, names: Mapping[str, str], lang: str) -> Grid:
    net = f.network
    rows = []
    for place, pole in enumerate(Pole):
        holders = f.actors.index[(net.pole == place) & net.partner]
        if len(holders):
            rows.append([pole.label(lang), number(len(holders), lang), _listed(holders, names, lang)])
    silent = f.actors.index[(net.pole < 0) & net.partner]
    if len(silent):
        rows.append([tr("Not given", lang), number(len(silent), lang), _listed(silent, names, lang)])
    columns = _name_columns(table("actors")["pole"].label(lang), lang)
    note = tr("Among those who can cooperate; a college is entered, never deduced.", lang)
    return Grid.of(tr("Actors by college", lang), columns, [[Cell(a, strong=True), b, c] for a, b, c in rows], note=note)


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


# -- the chain ----------------------------------------------------------------------------------------


def chain_section(diagnosis: Diagnosis, picture: Picture | Paragraph, reading: tuple[Block, ...] = ()) -> Section:
    """Return the chain figure, with what the pictured map of actors adds where a form can show it."""
    lang = diagnosis.lang
    return Section("chain", tr("The chain", lang), (picture, *reading))


# -- findings -----------------------------------------------------------------------------------------


def findings_section(diagnosis: Diagnosis) -> Section:
    """Return the findings by priority, then what was heard."""
    f, lang = diagnosis.filiere, diagnosis.lang
    blocks: list[Block] = []
    if f.stages.empty:
        blocks.append(
            Paragraph(
                tr(
                    "No expected chain is described: without it nothing can be called missing. Fill the sheets "
                    "“{stages}” and “{links}”, or start from one of the examples.",
                    lang,
                    stages=table("stages").label(lang),
                    links=table("stage_links").label(lang),
                ),
                "warning",
            )
        )
    findings = diagnosis.findings
    if findings.empty:
        blocks.append(Paragraph(tr("No finding: nothing that was looked for was found.", lang)))
    else:
        blocks.append(Paragraph(_findings_lead(findings, lang)))
    numbered = findings.assign(number=range(1, len(findings) + 1))
    for priority in PRIORITIES:
        rows = numbered[numbered["severity"] == priority]
        if len(rows):
            blocks.append(_findings_grid(f, rows, tr(PRIORITY_NAMES[priority], lang), lang))
    if len(f.observations):
        blocks += [Heading(tr("What was heard", lang)), _observations(f, lang)]
    return Section("findings", tr("Findings, by priority", lang), tuple(blocks))


def _findings_lead(findings: pd.DataFrame, lang: str) -> str:
    counts = findings["severity"].value_counts()
    told = [
        f"{tr(PRIORITY_NAMES[name], lang).lower()}\u00a0: {number(int(counts[name]), lang)}"
        if lang == "fr"
        else f"{tr(PRIORITY_NAMES[name], lang).lower()}: {number(int(counts[name]), lang)}"
        for name in PRIORITIES
        if name in counts
    ]
    return tr(
        "{findings} ({details}). A finding speaks of a stage and of what to secure, not of the worth of an actor.",
        lang,
        findings=trn("{count} finding", "{count} findings", len(findings), lang),
        details=", ".join(told),
    )


def _findings_grid(f: Filiere, rows: pd.DataFrame, title: str, lang: str) -> Grid:
    stages = f.stages["name"]
    shown = []
    for row in rows.itertuples():
        places = [text_of(stages.get(one, one)) for one in (row.stage_id, row.to_stage_id) if text_of(one)]
        stake = [quantity(row.quantity, unit_label(row.unit, lang), lang)] if row.quantity == row.quantity else []
        if row.jobs_at_stake_fte == row.jobs_at_stake_fte:
            stake.append(
                tr("{fte} in insertion", lang, fte=quantity(row.jobs_at_stake_fte, unit_label("FTE", lang), lang))
            )
        support = trn("{count} row", "{count} rows", row.n_rows, lang)
        soft = firmness_text(row.hypothesis_share, lang=lang)
        if soft:
            support += f" · {percent(row.hypothesis_share, lang)}"
        shown.append(
            [
                Cell(number(row.number, lang), strong=True),
                row.message,
                " → ".join(places),
                ", ".join(stake),
                Cell(support, anchor=anchor_of("finding", row.finding_id)) if row.n_rows else "",
            ]
        )
    columns = [
        Column(tr("No.", lang), weight=0.35),
        Column(tr("Finding", lang), weight=4.4),
        Column(table("stages").label(lang), weight=1.3),
        Column(tr("At stake", lang), weight=1.1),
        Column(tr("Rests on", lang), weight=0.9),
    ]
    note = tr("“Rests on”: number of rows, then the share of estimates and hypotheses among them.", lang)
    return Grid.of(title, columns, shown, note=note)


def _observations(f: Filiere, lang: str) -> Grid:
    home = table("observations")
    stages, sources = f.stages["name"], f.sources["name"]
    rows = [
        [
            label(row["kind"], "observation_kind", lang),
            text_of(stages.get(row["stage_id"])),
            text_of(row["text"]),
            text_of(sources.get(row["source_id"])),
        ]
        for row in f.observations.to_dict("records")
    ]
    columns = [
        Column(home["kind"].label(lang), weight=0.7),
        Column(home["stage_id"].label(lang)),
        Column(home["text"].label(lang), weight=3.5),
        Column(home["source_id"].label(lang), weight=1.3),
    ]
    return Grid.of(home.label(lang), columns, rows)
