"""The section on candidates: who could hold a stage that is missing or rests on one alone, why, and what to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..analysis.wording import quoted
from ..language import number, tr
from .blocks import Block, Cell, Column, Grid, Heading, Paragraph, Points, Rows, Section

if TYPE_CHECKING:
    import pandas as pd

    from ..filiere import Filiere
    from ..planning.sources import Sources

__all__ = ["candidates_section"]

#: Candidates shown per stage.
MOST_SHOWN = 5


def candidates_section(f: Filiere, sources: Sources | None, lang: str) -> Section | None:
    """Return the candidates of each gap, a table per stage; none where nobody was found and nothing was looked at."""
    from ..planning.candidates import candidates_for_gaps, shown

    if f.stages.empty:
        return None
    found = candidates_for_gaps(
        f, establishments=sources.establishments if sources else None, siae=sources.siae if sources else None,
        most=MOST_SHOWN, lang=lang,
    )  # fmt: skip
    if found.frame.empty and sources is None:
        return None
    blocks: list[Block] = [
        Paragraph(
            tr(
                "Who might be approached for the stages that are missing, held from outside or by one operator alone. "
                "To stand below does not mean to have been asked, and nobody enters the filière by this.",
                lang,
            )
        )
    ]
    for stage, rows in found.frame.groupby("stage_id", sort=False):  # over the few stages
        name = quoted(str(f.stages["name"].get(stage, stage)), lang)
        blocks.append(
            _grid(shown(rows, f, lang=lang), tr("Candidates for stage {stage}", lang, stage=name), lang)
        )
    if found.frame.empty:
        blocks.append(Paragraph(tr("Nobody was found.", lang)))
    notes = (*found.notes, *(sources.notes if sources else ()))
    if notes:
        blocks += [Heading(tr("How they were looked for", lang)), Points(notes)]
    return Section("candidates", tr("Candidates", lang), tuple(blocks))


def _grid(frame: pd.DataFrame, caption: str, lang: str) -> Grid:
    """Return a table as it is shown: the stage is in its caption, the name stands out, marks are numbers."""
    _, _, name, why, *others = frame.columns
    marks = [column for column in others if frame[column].dtype == "float64"]
    rows: Rows = [
        [
            Cell(str(row[name]), strong=True),
            str(row[why]),
            *(_mark(row[column], lang) if column in marks else _text(row[column]) for column in others),
        ]
        for row in frame.to_dict("records")
    ]
    columns = [
        Column(str(name), weight=1.6),
        Column(str(why), weight=2.2),
        *(Column(str(one), numeric=one in marks, weight=0.7 if one in marks else 1.3) for one in others),
    ]
    return Grid.of(caption, columns, rows).filled()


def _mark(value: float, lang: str) -> str:
    return number(value, lang, digits=2) if value == value else "?"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
