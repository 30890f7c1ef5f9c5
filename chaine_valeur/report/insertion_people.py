"""Where the jobs are and who holds them: by commune, by public and sex, never so few people that one could be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..analysis import insertion
from ..diagnosis.wording import known, text_of
from ..language import number, percent, tr, trn
from ..schema import table, unit_label
from ..vocabulary import label
from .blocks import Block, Cell, Column, Grid, Rows
from .notes import of_year

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["people_blocks"]

_JOBS = ("jobs_fte", "insertion_fte")
#: Communes shown; the rest is told together.
_MOST = 25


def people_blocks(f: Filiere, lang: str) -> list[Block]:
    """Return the jobs by commune, then whom insertion employs; neither where nothing of it is stated."""
    return [block for block in (_by_commune(f, lang), _publics(f, lang)) if block is not None]


def _by_commune(f: Filiere, lang: str) -> Grid | None:
    frame = insertion.jobs_by_commune(f)
    placed = frame["commune_code"].notna() | frame["commune_name"].notna()
    if not placed.any() or not frame[list(_JOBS)].notna().any(axis=None):
        return None
    shown = frame[frame[list(_JOBS)].notna().any(axis=1)]
    rows: Rows = []
    for row in shown.head(_MOST).itertuples(index=False):
        place = text_of(row.commune_name) or text_of(row.commune_code) or tr("Commune not known", lang)
        where = (
            {True: tr("yes", lang), False: tr("no", lang)}.get(row.is_local, "")
            if known(row.is_local)
            else ""
        )
        cells = [
            number(value, lang) if known(value) else tr("unknown", lang)
            for value in (row.jobs_fte, row.insertion_fte)
        ]
        unknown = number(int(row.insertion_fte_unknown), lang)
        rows.append([Cell(place, strong=True), where, number(int(row.n_actors), lang), *cells, unknown])
    home, fte = table("activities"), unit_label("FTE", lang)
    columns = [
        Column(table("actors")["commune_name"].label(lang), weight=2.2),
        Column(tr("In the territory", lang)),
        Column(table("actors").label(lang), numeric=True, weight=0.7),
        *(Column(f"{home[one].label(lang)} ({fte})", numeric=True) for one in _JOBS),
        Column(tr("Activities of which insertion jobs are unknown", lang), numeric=True, weight=1.4),
    ]
    notes = [tr("A sum leaves out what is unknown: it is then a least value.", lang)]
    if len(shown) > _MOST:
        left = len(shown) - _MOST
        notes.append(
            trn(
                "{count} other commune is in the workbook.",
                "{count} other communes are in the workbook.",
                left,
                lang,
            )
        )
    return Grid.of(
        of_year(tr("Jobs by commune", lang), f, "activities", lang=lang), columns, rows, note=" ".join(notes)
    ).filled()


def _publics(f: Filiere, lang: str) -> Grid | None:
    frame = insertion.publics_shown(f)
    if frame.empty:
        return None
    few, stated = tr("few people", lang), insertion.publics_table(f)["of_known_sex"].notna()
    rows: Rows = []
    for row, both in zip(frame.itertuples(index=False), stated, strict=True):  # a row per public
        name = label(row.public or None, "public", lang) or tr("Everybody", lang)
        if known(row.persons):
            told = number(row.persons, lang)
        else:
            told = few if row.is_masked else tr("unknown", lang)
        sexes = ["", "", ""]
        if known(row.of_known_sex) and row.of_known_sex > 0:
            share = percent(row.women / row.of_known_sex, lang)
            sexes = [number(row.women, lang), number(row.men, lang), share]
        elif row.is_masked and both:
            sexes = [few, few, ""]
        rows.append([Cell(name, strong=True), told, *sexes, number(int(row.n_structures), lang)])
    home = table("publics")
    columns = [
        Column(home["public"].label(lang), weight=2.4),
        Column(home["persons"].label(lang), numeric=True),
        Column(label("women", "sex", lang), numeric=True),
        Column(label("men", "sex", lang), numeric=True),
        Column(tr("Share of women", lang), numeric=True),
        Column(tr("Structures that state it", lang), numeric=True, weight=1.2),
    ]
    note = tr(
        "One person may belong to several publics: they are not added together. Numbers under {count} people are not "
        "shown, nor what would give them. Women and men are those of the structures that state both.",
        lang,
        count=number(insertion.FEWEST_EXITS, lang),
    )
    title = of_year(tr("Who is employed in insertion", lang), f, "publics", lang=lang)
    return Grid.of(title, columns, rows, note=note).filled()
