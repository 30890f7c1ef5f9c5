"""The section on insertion: jobs expected and reached, money, agreements, who left, who is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..analysis import insertion
from ..diagnosis.telling import sentence_of
from ..diagnosis.wording import known, text_of
from ..language import number, percent, tr
from ..network import latest_year
from ..schema import table, unit_label
from ..vocabulary import OutcomeUnit, Scope, label
from .blocks import Block, Cell, Column, Grid, Paragraph, Picture, Rows, Section
from .insertion_agreements import agreement_blocks, need_blocks, supervision_grid
from .insertion_people import people_blocks
from .opening import essential_of, measures_table

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..filiere import Filiere

__all__ = ["insertion_section"]


def insertion_section(diagnosis: Diagnosis, picture: Picture | Paragraph | None = None) -> Section:
    """Return insertion jobs and money, perimeter by perimeter, then agreements, exits and recruitment needs."""
    f, lang = diagnosis.filiere, diagnosis.lang
    blocks: list[Block] = [
        Paragraph(_summary(f, lang), "lead"),
        Paragraph(
            tr(
                "Posts, full-time equivalents and persons are never added together; what a programme "
                "reached for "
                "all filières is not what this filière reached.",
                lang,
            ),
            "note",
        ),
    ]
    measured = essential_of(diagnosis, "G")
    if measured:
        blocks.append(
            measures_table(
                diagnosis.filiere, measured, caption=tr("Figures on insertion and funding", lang), lang=lang
            )
        )
    if picture is not None:
        blocks.append(picture)
    jobs = _jobs_by_stage(f, lang)
    if jobs is not None:
        blocks.append(jobs)
    blocks += people_blocks(f, lang)
    supervision = supervision_grid(f, lang)
    if supervision is not None:
        blocks.append(supervision)
    if len(f.outcomes):
        blocks.append(_outcomes(f, lang))
    blocks += agreement_blocks(f, lang)
    blocks += need_blocks(f, lang)
    return Section("insertion", tr("Jobs and insertion", lang), tuple(blocks))


def _summary(f: Filiere, lang: str) -> str:
    sentence = insertion.summary_sentence(f, lang=lang)
    if sentence:
        return sentence_of(sentence)
    if f.activities["insertion_fte"].notna().any():
        return tr("No target and no result are given for insertion jobs; those known by stage follow.", lang)
    return tr("Nothing is known of insertion jobs in this filière.", lang)


def _outcomes(f: Filiere, lang: str) -> Grid:
    """Return the results row by row, widest perimeter first."""
    home, names = table("outcomes"), f.actors["name"]
    order = {scope.value: place for place, scope in enumerate(Scope)}
    rows: Rows = []
    frame = f.outcomes
    for row in frame.iloc[frame["scope"].map(order).argsort(kind="stable")].to_dict("records"):
        who = text_of(names.get(row["actor_id"]))
        scope = label(row["scope"], "scope", lang)
        included = row["supervision_included"]
        unit = label(row["unit"], "outcome_unit", lang)
        if known(included):
            more = tr("supervision included", lang) if included else tr("supervision not included", lang)
            unit = f"{unit}, {more}"
        rows.append(
            [
                tr("{label}: {text}", lang, label=scope, text=who) if who else scope,
                label(row["kind"], "outcome_kind", lang),
                text_of(row["label"]),
                _result(row["target"], row["unit"], lang, missing=""),
                _result(row["reached"], row["unit"], lang, missing=tr("unknown", lang)),
                unit,
                text_of(row["year"]),
                _source(f, row),
            ]
        )
    columns = [
        Column(home["scope"].label(lang), weight=1.4),
        Column(home["kind"].label(lang), weight=1.1),
        Column(home["label"].label(lang), weight=2.4),
        Column(home["target"].label(lang), numeric=True, weight=0.6),
        Column(home["reached"].label(lang), numeric=True, weight=0.6),
        Column(home["unit"].label(lang), weight=1),
        Column(home["year"].label(lang), weight=0.4),
        Column(home["source_id"].label(lang), weight=1.2),
    ]
    return Grid.of(home.label(lang), columns, rows).filled()


def _result(value: float, unit: str, lang: str, *, missing: str) -> str:
    if not known(value):
        return missing
    return percent(value, lang) if unit == OutcomeUnit.SHARE.value else number(value, lang)


def _source(f: Filiere, row: dict[str, Any]) -> str:
    return text_of(f.sources["name"].get(row["source_id"])) or text_of(row["source_id"])


def _jobs_by_stage(f: Filiere, lang: str) -> Grid | None:
    """Return jobs and insertion jobs per stage; ``None`` where no activity says any."""
    fields = ["jobs_fte", "insertion_fte", "supervision_fte"]
    sums = insertion.jobs_by_stage(f)
    sums = sums[sums["n_activities"] > 0]
    if not sums[fields].notna().any(axis=None):
        return None
    home, stages = table("activities"), f.stages.sort_values("rank", kind="stable")
    fte = unit_label("FTE", lang)
    rows: Rows = []
    for stage_id in stages.index[stages.index.isin(sums.index)]:
        row = sums.loc[stage_id]
        cells = [number(row[one], lang) if known(row[one]) else tr("unknown", lang) for one in fields]
        name = Cell(str(stages.at[stage_id, "name"]), strong=True)
        rows.append([name, *cells, number(int(row["insertion_fte_unknown"]), lang)])
    columns = [
        Column(home["stage_id"].label(lang), weight=2.4),
        *(Column(f"{home[one].label(lang)} ({fte})", numeric=True) for one in fields),
        Column(tr("Actors whose insertion jobs are unknown", lang), numeric=True, weight=1.4),
    ]
    year = f.year if f.year is not None else latest_year(f.activities)
    title = tr("Jobs by stage", lang)
    if year is not None:
        title = tr("Jobs by stage ({year})", lang, year=year)
    note = tr("A sum leaves out what is unknown: it is then a least value.", lang)
    return Grid.of(title, columns, rows, note=note)
