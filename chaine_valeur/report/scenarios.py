"""The section on scenarios: what each supposes, what it would change, and the figures side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..diagnosis.telling import value_text
from ..differences.wording import amount_text
from ..language import tr
from .blocks import Block, Cell, Column, Grid, Heading, Paragraph, Points, Rows, Section

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..planning.scenarios import Comparisons

__all__ = ["scenarios_section"]

#: Sentences told of a scenario; the table has all figures.
MOST_TOLD = 7


def scenarios_section(found: Comparisons | None, *, why: str = "", lang: str) -> Section | None:
    """Return scenarios one after the other, then the figures that some of them changes.

    Parameters
    ----------
    found
        What `chaine_valeur.planning.compare_scenarios` gave.
    why
        Why there is nothing, where scenarios are stated that cannot be applied.
    """
    title = tr("Scenarios", lang)
    if found is None:
        return Section("scenarios", title, (Paragraph(why, "warning"),)) if why else None
    blocks: list[Block] = []
    for name, one in found.found.items():  # over the few scenarios
        blocks += [
            Heading(name),
            Paragraph(tr("Supposed:", lang)),
            Points(found.described[name]),
            Paragraph(tr("What it would change:", lang)),
            Points(tuple(one.sentences(most=MOST_TOLD))),
        ]
    grid = _grid(found, lang)
    if grid is not None:
        blocks += [Heading(tr("Side by side", lang)), grid]
    return Section("scenarios", title, tuple(blocks))


def _grid(found: Comparisons, lang: str) -> Grid | None:
    frame = found.table
    if frame.empty:
        return None
    rows: Rows = []
    for identifier in frame.index:  # over the few figures that change
        told: list[Cell | str] = [Cell(str(frame.at[identifier, "name"]), strong=True)]
        first = next(iter(found.found.values()))
        sides = {"today": first.before, **{key: one.after for key, one in found.found.items()}}
        told += [_value(one, identifier, lang) if identifier in one.measured
                 else amount_text(frame.at[identifier, key], frame.at[identifier, "unit"], lang)
                 for key, one in sides.items()]  # fmt: skip
        rows.append(told)
    columns = [
        Column(tr("Indicator", lang), weight=1.6),
        Column(tr("Today", lang), numeric=True),
        *(Column(name, numeric=True) for name in found.found),
    ]
    return Grid.of(tr("Figures that a scenario changes", lang), columns, rows)


def _value(diagnosis: Diagnosis, identifier: str, lang: str) -> str:
    return value_text(diagnosis.measured[identifier].measure, lang=lang)
