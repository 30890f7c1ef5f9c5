"""The sections on cooperation and on insertion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..analysis import cooperation, insertion
from ..diagnosis.highlights import density_sentence
from ..diagnosis.wording import cell_text, known, text_of
from ..language import number, out_of, quantity, tr
from ..schema import table, unit_label
from ..vocabulary import Pole, label
from .blocks import Block, Cell, Column, Grid, Heading, Paragraph, Picture, Section
from .opening import family_of, measures_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..diagnosis import Diagnosis, Measured
    from ..filiere import Filiere

__all__ = ["cooperation_section", "insertion_section"]


def _of_family(diagnosis: Diagnosis, letter: str) -> list[Measured]:
    measured = diagnosis.measured.values()
    return [one for one in measured if family_of(one) == letter and one.indicator.profile == "essential"]


# -- cooperation --------------------------------------------------------------------------------------


def cooperation_section(diagnosis: Diagnosis, picture: Picture | Paragraph) -> Section:
    """Return who works with whom: density with its bounds, heat map, groups and their triptyque."""
    f, lang = diagnosis.filiere, diagnosis.lang
    blocks: list[Block] = [Paragraph(_asked(f, lang))]
    density = density_sentence(diagnosis)
    if density:
        blocks.append(Paragraph(density))
    blocks.append(picture)
    measured = _of_family(diagnosis, "D")
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
        "Who works with whom is known through those who were asked: {asked} of those who can cooperate. A pair "
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
    rows = []
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
                label(group["kind"], "group_kind", lang),
                text_of(names.get(group["referent_id"])),
                number(int(row["members"]), lang),
                *(number(int(row[pole.value]), lang) for pole in triptyque),
                number(int(row["without_pole"]), lang),
                state,
            ]
        )
    columns = [
        Column(home["name"].label(lang), weight=2),
        Column(home["kind"].label(lang), weight=1.3),
        Column(home["referent_id"].label(lang), weight=1.4),
        Column(tr("Members", lang), numeric=True, weight=0.8),
        Column(tr("Enterprises", lang), numeric=True, weight=0.9),
        Column(tr("Elected", lang), numeric=True, weight=0.7),
        Column(tr("ESS", lang), numeric=True, weight=0.6),
        Column(tr("College unknown", lang), numeric=True, weight=0.9),
        Column(tr("Triptyque", lang), weight=1.5),
    ]
    note = tr(
        "Seats by college. A triptyque holds at least one enterprise, one elected official and one actor of the "
        "social economy; members of unknown college may make up for what is missing.",
        lang,
    )
    return Grid.of(tr("Groups and their triptyque", lang), columns, rows, note=note)


# -- insertion ----------------------------------------------------------------------------------------


def insertion_section(diagnosis: Diagnosis) -> Section:
    """Return the insertion jobs, expected and reached, and the money, perimeter by perimeter."""
    f, lang = diagnosis.filiere, diagnosis.lang
    blocks: list[Block] = [
        Paragraph(_summary(f, lang), "lead"),
        Paragraph(
            tr(
                "Posts, full-time equivalents and persons are never added together; what a programme reached for "
                "all filières is not what this filière reached.",
                lang,
            ),
            "note",
        ),
    ]
    measured = _of_family(diagnosis, "G")
    if measured:
        blocks.append(measures_table(measured, caption=tr("Figures on insertion and funding", lang), lang=lang))
    jobs = _jobs_by_stage(f, lang)
    if jobs is not None:
        blocks.append(jobs)
    if len(f.outcomes):
        blocks.append(_rows_of(f, "outcomes", _OUTCOMES, lang))
    if len(f.funding):
        blocks.append(_rows_of(f, "funding", _FUNDING, lang))
    return Section("insertion", tr("Insertion and funding", lang), tuple(blocks))


#: Columns shown and their share of the width.
_OUTCOMES = {"scope": 1.2, "kind": 1.1, "label": 2.2, "actor_id": 1.2, "target": 0.8, "reached": 0.8, "unit": 0.8,
             "supervision_included": 0.9, "year": 0.6, "source_id": 1.3}  # fmt: skip
_FUNDING = {"scope": 1.2, "funder_id": 1.5, "beneficiary_id": 1.5, "purpose": 1, "state": 0.9, "amount_eur": 1,
            "since": 0.6, "until": 0.6, "source_id": 1.3}  # fmt: skip


def _summary(f: Filiere, lang: str) -> str:
    sentence = insertion.summary_sentence(f, lang=lang)
    return sentence or tr("Nothing is known of insertion jobs in this filière.", lang)


def _rows_of(f: Filiere, name: str, weights: dict[str, float], lang: str) -> Grid:
    """Return rows of a table as a reader reads them; columns without any value are left out."""
    from ..diagnosis.wording import named

    home, frame = table(name), f.table(name)
    shown = [column for column in weights if frame[column].notna().any()]
    names = {column: named(f, home[column]) for column in shown}
    columns = [
        Column(home[column].header(lang), numeric=home[column].is_numeric, weight=weights[column]) for column in shown
    ]
    rows = []
    for row in frame[shown].to_dict("records"):
        cells: Iterable[str] = (
            number(row[column], lang) if home[column].is_numeric and known(row[column])
            else tr("unknown", lang) if home[column].is_numeric and column != "target"
            else cell_text(row[column], home[column], names=names[column], lang=lang)
            for column in shown
        )  # fmt: skip
        rows.append(list(cells))
    return Grid.of(home.label(lang), columns, rows)


def _jobs_by_stage(f: Filiere, lang: str) -> Grid | None:
    """Return jobs and insertion jobs per stage of the year taken; ``None`` where no activity says any."""
    from ..network import latest_year

    rows = f.activities
    year = f.year if f.year is not None else latest_year(rows)
    if year is not None:
        rows = rows[(rows["year"].isna() | (rows["year"] == year)).to_numpy(bool)]
    rows = rows[rows["actor_id"].isin(f.actors.index[f.network.active])]
    fields = ["jobs_fte", "insertion_fte", "supervision_fte"]
    if not rows[fields].notna().any(axis=None):
        return None
    home = table("activities")
    by_stage = rows.groupby("stage_id", sort=False)
    sums = by_stage[fields].sum(min_count=1)
    silent = by_stage["insertion_fte"].agg(lambda part: int(part.isna().sum()))
    order = f.stages.sort_values("rank", kind="stable")
    fte = unit_label("FTE", lang)
    shown = []
    for stage_id in order.index[order.index.isin(sums.index)]:
        cells = [quantity(sums.at[stage_id, one], "", lang) if known(sums.at[stage_id, one]) else tr("unknown", lang)
                 for one in fields]  # fmt: skip
        name = Cell(str(order.at[stage_id, "name"]), strong=True)
        shown.append([name, *cells, number(int(silent[stage_id]), lang)])
    columns = [
        Column(home["stage_id"].label(lang), weight=2.4),
        *(Column(f"{home[one].label(lang)} ({fte})", numeric=True) for one in fields),
        Column(tr("Actors whose insertion jobs are unknown", lang), numeric=True, weight=1.4),
    ]
    title = tr("Jobs by stage", lang)
    if year is not None:
        title = tr("Jobs by stage ({year})", lang, year=year)
    note = tr("A sum leaves out what is unknown: it is then a least value.", lang)
    return Grid.of(title, columns, shown, note=note)
