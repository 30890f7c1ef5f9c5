"""The section on cooperation: who works with whom, who does not yet, what rests on the animation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..analysis import cooperation
from ..diagnosis.highlights import density_sentence
from ..diagnosis.wording import known, text_of
from ..language import number, out_of, tr
from ..schema import table
from ..vocabulary import Pole
from .blocks import Block, Cell, Column, Grid, Heading, Paragraph, Picture, Rows, Section
from .opening import essential_of, measures_table

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..filiere import Filiere

__all__ = ["cooperation_section"]


def cooperation_section(diagnosis: Diagnosis, picture: Picture | Paragraph) -> Section:
    """Return who works with whom: density with its bounds, heat map, groups and their triptyque."""
    f, lang = diagnosis.filiere, diagnosis.lang
    blocks: list[Block] = [Paragraph(_asked(f, lang))]
    density = density_sentence(diagnosis)
    if density:
        blocks.append(Paragraph(density))
    blocks.append(picture)
    measured = essential_of(diagnosis, "D")
    if measured:
        blocks.append(measures_table(measured, caption=tr("Figures on cooperation", lang), lang=lang))
    if len(f.groups):
        blocks += [Heading(tr("Groups and triptyques", lang)), _groups(f, lang)]
    return Section("cooperation", tr("Cooperation", lang), tuple(blocks))


def _asked(f: Filiere, lang: str) -> str:
    ties = f.network.ties()
    asked = int(ties.asked.sum())
    if not ties.size:
        return tr("No actor who could cooperate is described.", lang)
    return tr(
        "Who works with whom is known through those who were asked: {asked} of those who can cooperate. "
        "A pair "
        "of actors is documented when one of the two was asked, or when a row speaks of it; of the others "
        "nothing is known, which is neither a tie nor its absence.",
        lang,
        asked=out_of(asked, ties.size, lang) if asked else tr("none", lang),
    )


def _groups(f: Filiere, lang: str) -> Grid:
    home = table("groups")
    seats = cooperation.group_table(f)
    triptyque = [Pole.ENTERPRISE, Pole.ELECTED, Pole.ESS]
    names = f.actors["name"]
    rows: Rows = []
    for group_id, row in seats.iterrows():
        group = f.groups.loc[group_id]
        missing = [pole.label(lang) for pole in triptyque if not row[pole.value]]
        if not known(row["covered"]):
            state = tr("cannot be told", lang)
        elif row["covered"]:
            state = tr("complete", lang)
        else:
            state = tr("missing: {poles}", lang, poles=", ".join(missing))
        rows.append(
            [
                Cell(str(group["name"]), strong=True),
                text_of(names.get(group["referent_id"])),
                number(int(row["members"]), lang),
                *(number(int(row[pole.value]), lang) for pole in triptyque),
                number(int(row["without_pole"]), lang),
                state,
            ]
        )
    columns = [
        Column(home["name"].label(lang), weight=2),
        Column(home["referent_id"].label(lang), weight=1.4),
        Column(tr("Members", lang), numeric=True, weight=0.8),
        Column(tr("Enterprises", lang), numeric=True, weight=0.9),
        Column(tr("Elected", lang), numeric=True, weight=0.7),
        Column(tr("ESS", lang), numeric=True, weight=0.6),
        Column(tr("College unknown", lang), numeric=True, weight=0.9),
        Column(tr("Triptyque", lang), weight=1.5),
    ]
    note = tr(
        "Seats by college. A triptyque holds at least one enterprise, one elected official and one "
        "actor of the "
        "social economy; members of unknown college may make up for what is missing.",
        lang,
    )
    return Grid.of(tr("Groups and their triptyque", lang), columns, rows, note=note)
