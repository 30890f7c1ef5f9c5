"""The annexes: method, and the rows behind each figure and each finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..analysis.indicator import PROFILES
from ..diagnosis.explanation import Explanation
from ..diagnosis.telling import sentence_of
from ..diagnosis.wording import known, text_of
from ..language import N_, number, tr, trn
from ..vocabulary import label
from .blocks import Block, Cell, Column, Grid, Heading, Paragraph, Rows, Section, anchor_of
from .opening import FAMILIES, family_of
from .quality import rest_note

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis

__all__ = ["figures_section", "findings_rows_section", "method_section"]

#: Rows shown of each figure and each finding; the workbook has them all.
ROWS_PER_FIGURE, ROWS_PER_FINDING = 5, 2

CONVENTIONS = (
    N_(
        "A gap exists only against an expectation: what the sheets of stages and passages say the chain "
        "should be."
    ),
    N_(
        "Unknown is not absent. What nobody could say is left out of both terms of a ratio, and gives bounds."
    ),
    N_("Two declarations of one flow count once; quantities of two years are never added."),
    N_(
        "Only active actors and flows count; a diffuse group or the outside carries material but is no "
        "partner."
    ),
    N_("A ratio over fewer than 30 cases is told as “7 out of 12”, from 30 on as a percentage."),
    N_(
        "The share of estimates and hypotheses is that of the value for sums, of the rows for counts "
        "and ratios."
    ),
)


def method_section(diagnosis: Diagnosis) -> Section:
    """Return how each figure is computed, and the conventions that all of them keep."""
    lang = diagnosis.lang
    paragraphs = [Paragraph(tr(text, lang)) for text in CONVENTIONS]
    rows: Rows = []
    for profile in PROFILES:
        for identifier, one in diagnosis.measured.items():
            if one.indicator.profile != profile:
                continue
            name = Cell(tr(one.indicator.name, lang), anchor=anchor_of("why", identifier), strong=True)
            rows.append([name, identifier, tr(one.indicator.formula, lang), tr(one.indicator.reading, lang)])
    columns = [
        Column(tr("Indicator", lang), weight=1.4),
        Column(tr("Reference", lang), weight=0.7),
        Column(tr("How it is computed", lang), weight=2.6),
        Column(tr("How to read it", lang), weight=2.2),
    ]
    grid = Grid.of(tr("Formulas", lang), columns, rows)
    return Section("method", tr("Method", lang), (*paragraphs, grid), annex=True)


def figures_section(diagnosis: Diagnosis) -> Section:
    """Return, figure by figure, the rows and sources that it rests on."""
    lang = diagnosis.lang
    blocks: list[Block] = []
    families = [*FAMILIES, ""]  # in the order of the cards
    order = sorted(diagnosis.measured.items(), key=lambda pair: families.index(family_of(pair[1])))
    for identifier, one in order:
        told = diagnosis.explain(identifier, most=ROWS_PER_FIGURE)
        anchor = anchor_of("why", identifier)
        back = f"card-{anchor}" if one.indicator.profile == "essential" else ""
        blocks.append(Heading(told.title, anchor=anchor, back=back))
        remarks = [told.summary, told.note]
        blocks.append(Paragraph(" ".join(sentence_of(text) for text in remarks if text)))
        if told.computation[1:]:  # the formulas stand in the section on method
            blocks.append(Paragraph(" ".join(told.computation[1:]), "note"))
        if told.n_rows:
            blocks.append(_rows_grid(told, lang))
    title = tr("Where the figures come from", lang)
    return Section("sources-of-figures", title, tuple(blocks), annex=True)


def _rows_grid(told: Explanation, lang: str) -> Grid:
    rows = [_explained(row, lang) for row in told.rows.to_dict("records")]
    caption = tr("Rows behind “{name}”", lang, name=told.title)
    return Grid.of(caption, _explained_columns(lang), rows, note=rest_note(told.n_rows, len(rows), lang))


def _explained(row: dict[str, Any], lang: str) -> list[Cell | str]:
    year = text_of(row["source_year"])
    source = f"{row['source']} ({year})" if row["source"] and year else text_of(row["source"])
    firm = [label(row["confidence"] or None, "confidence", lang), text_of(row["hypothesis"])]
    return [
        tr("{sheet}, row\u00a0{row}", lang, sheet=row["sheet"], row=row["row"]),
        row["content"] + (f" ({row['year']})" if known(row["year"]) else ""),
        source,
        ". ".join(part for part in firm if part),
    ]


def _explained_columns(lang: str) -> list[Column]:
    return [
        Column(tr("Sheet and row", lang), weight=0.8),
        Column(tr("Content of the row", lang), weight=2.8),
        Column(tr("Source", lang), weight=1.2),
        Column(tr("Confidence and hypothesis", lang), weight=2.6),
    ]


def findings_rows_section(diagnosis: Diagnosis) -> Section | None:
    """Return, finding by finding, the rows that it rests on; ``None`` if none rests on any."""
    lang = diagnosis.lang
    rows: Rows = []
    anchors: list[str] = []
    for place, identifier in enumerate(diagnosis.found, 1):
        told = diagnosis.explain(identifier, most=ROWS_PER_FINDING)
        for line, row in enumerate(told.rows.to_dict("records")):
            first = number(place, lang) if line == 0 else ""
            rows.append([Cell(first, strong=True), *_explained(row, lang)])
            anchors.append(anchor_of("finding", identifier) if line == 0 else "")
        if told.n_rows > len(told.rows):
            more = trn("… and {count} other", "… and {count} others", told.n_rows - len(told.rows), lang)
            rows.append(["", "", more, "", ""])
            anchors.append("")
    if not rows:
        return None
    columns = [Column(tr("No.", lang), weight=0.4), *_explained_columns(lang)]
    grid = Grid.of(tr("Rows behind the findings", lang), columns, rows)
    grid = Grid(grid.caption, grid.columns, grid.rows, grid.note, tuple(anchors))
    return Section("sources-of-findings", tr("Where the findings come from", lang), (grid,), annex=True)
