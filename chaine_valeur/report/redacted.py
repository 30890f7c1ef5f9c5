"""What a version for an audience says of itself: for whom it is, what is not in it, what is told in classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..analysis.wording import flow_names
from ..diagnosis.result import CARRYING
from ..language import number, tr, trn
from ..redaction import REMOVALS, VERSIONS, class_text
from ..schema import table
from .blocks import Block, Cell, Column, Grid, Paragraph, Rows, Section
from .sheets import Sheet

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis

__all__ = [
    "CARRYING",
    "PLANNED",
    "VERSIONS",
    "audience_notice",
    "not_told",
    "redacted_section",
    "redacted_sheets",
]

#: Tables from which it is computed what is planned, beside those of what the chain can carry.
PLANNED = (*CARRYING, "options", "option_links", "budgets", "funding", "scenarios", "costs", "actors")


def audience_notice(diagnosis: Diagnosis) -> str:
    """Return for whom a redacted version is and how many figures are not in it; empty for a whole diagnostic."""
    lang = diagnosis.lang
    if diagnosis.audience not in ("public", "partners"):
        return ""
    removed = diagnosis.removed
    figures = int(removed.loc[removed["what"].isin(["cells", "few"]), "n"].sum())
    version = tr(VERSIONS[diagnosis.audience], lang)
    if removed.empty:
        return tr("{version}: nothing had to be taken away.", lang, version=version)
    if not figures:
        return tr(
            "{version}: what is not told is counted under “What is not in this version”.",
            lang,
            version=version,
        )
    return trn(
        "{version}: {count} figure is not told; in tables and figures it counts as unknown, and totals leave it out "
        "(see “What is not in this version”).",
        "{version}: {count} figures are not told; in tables and figures they count as unknown, and totals leave them "
        "out (see “What is not in this version”).",
        figures,
        lang,
        version=version,
    )


def not_told(lang: str) -> Paragraph:
    """Return the remark that stands where a result rests on figures that are not told."""
    text = tr(
        "This part rests on figures that are not for this audience: it is in the internal version.", lang
    )
    return Paragraph(text, "note")


def redacted_section(diagnosis: Diagnosis) -> Section | None:
    """Return what is not in this version, counted, and the figures told in classes; none if nothing is missing."""
    lang = diagnosis.lang
    if diagnosis.audience not in ("public", "partners") or diagnosis.removed.empty:
        return None
    blocks: list[Block] = [
        Paragraph(
            tr(
                "Key figures and findings were computed on all data: what is hidden opens no gap that is none. A total "
                "that holds confidential figures is told if three actors or more contributed to it, none of them more "
                "than 85%, and if nobody’s figure follows from the totals told together. Tables and figures hold what "
                "this audience may read only.",
                lang,
            )
        )
    ]
    rows: Rows = [
        [Cell(tr(REMOVALS[row.what], lang), strong=True), table(row.table).label(lang) if row.table else "",
         number(row.n, lang)]
        for row in diagnosis.removed.itertuples(index=False)
    ]  # fmt: skip
    columns = [
        Column(tr("What is not told", lang), weight=3),
        Column(tr("Sheet", lang), weight=1.5),
        Column(tr("Number", lang), numeric=True, weight=0.6),
    ]
    blocks.append(Grid.of(tr("What is not in this version", lang), columns, rows))
    if len(diagnosis.classes):
        blocks.append(_classes(diagnosis))
    return Section("redacted", tr("What is not in this version", lang), tuple(blocks), annex=True)


def redacted_sheets(diagnosis: Diagnosis) -> list[Sheet]:
    """Return the sheets of the workbook on what is not in this version, and on figures told in classes."""
    lang = diagnosis.lang
    sheets = []
    section = redacted_section(diagnosis)
    for grid in [block for block in section.blocks if isinstance(block, Grid)] if section else []:
        heads = [(column.label, "integer" if column.numeric else "long") for column in grid.columns]
        about = grid.caption + "."
        removed = [row.n for row in diagnosis.removed.itertuples(index=False)]
        rows = [
            [
                removed[place] if column.numeric else cell.text
                for column, cell in zip(grid.columns, row, strict=True)
            ]
            for place, row in enumerate(grid.rows)
        ]
        name = tr("Classes", lang) if grid.columns[-1].label == tr("Class", lang) else tr("Not told", lang)
        sheets.append(Sheet(name, about, heads, rows))
    return sheets


def _classes(diagnosis: Diagnosis) -> Grid:
    lang = diagnosis.lang
    rows: Rows = [
        [
            Cell(_about(diagnosis, row.table, row.row), strong=True),
            table(row.table)[row.column].label(lang),
            class_text(row.low, row.high, row.unit, lang=lang),
        ]
        for row in diagnosis.classes.itertuples(index=False)
    ]
    columns = [
        Column(tr("About", lang), weight=3),
        Column(tr("Figure told", lang), weight=1.5),
        Column(tr("Class", lang), weight=1.2),
    ]
    note = tr("The lower end belongs to the class, the upper end does not.", lang)
    return Grid.of(
        tr("Figures told in classes, with the agreement of their source", lang), columns, rows, note=note
    )


def _about(diagnosis: Diagnosis, name: str, row: str) -> str:
    """Return what a figure is about: « Relais → Filature · fibre (Flux) »."""
    f, lang = diagnosis.filiere, diagnosis.lang
    if row not in f.table(name).index:
        told = ""
    elif name == "flows":
        told = flow_names(f, [row], lang=lang)[0]
    else:
        frame, columns = f.table(name), table(name).columns
        ends = [column for column in ("actor_id", "stage_id", "material_id") if column in columns]
        homes = {"actor_id": f.actors, "stage_id": f.stages, "material_id": f.materials}
        known = [(homes[column], frame.at[row, column]) for column in ends]
        told = " · ".join(
            str(home["name"].get(one, one)) for home, one in known if one == one and one is not None
        )
    return f"{told} ({table(name).label(lang)})" if told else table(name).label(lang)
