"""The directory of the filières of a portfolio, one line each, and how the report was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ...language import enumeration, number, tr, trn
from ...portfolio.coverage import MISSING
from ...portfolio.figured import figures_of, indicator_name, told_values
from ..blocks import Cell, Column, Grid, Paragraph, Points, Search, Section

if TYPE_CHECKING:
    from .view import View

__all__ = ["filieres_section", "limits_section"]

#: Choices offered in a list; with more, one searches.
_MOST_CHOICES = 40


def filieres_section(view: View) -> Section | None:
    """Return one line per filière, by territory then name: its size, what is missing, its main figures; searchable.

    A filière without a territory, or that territory, name and year do not tell from another, has its code.
    """
    entries, lang = view.entries, view.lang
    if entries.empty:
        return None
    shown = view.main[:4]
    told = {
        one: pd.Series(
            told_values(one, figures_of(view.portfolio, one, view.figures), lang=lang),
            index=view.portfolio.codes,
        )
        for one in shown
    }
    gaps = _gaps(view)
    told_apart = {one: entries[one].nunique(dropna=False) > 1 for one in ("name", "year")}
    placed = bool(entries["territory"].notna().any())
    alike = entries[["territory", "name", "year"]].duplicated(keep=False) | entries["territory"].isna()
    coded = alike.to_dict()
    rows = []
    for code, row in zip(
        entries.index.astype("str"), entries.to_dict("records"), strict=True
    ):  # over lines shown
        name, territory = (str(row[one]) if row[one] == row[one] else "" for one in ("name", "territory"))
        year = "" if pd.isna(row["year"]) else str(row["year"])
        rows.append(
            [
                Cell(territory, strong=True, values=(territory,)) if placed else "",
                Cell(code, strong=not territory) if coded[code] else "",
                Cell(name, values=(name,)) if told_apart["name"] else "",
                Cell(year, values=(year,)) if told_apart["year"] else "",
                number(row["n_actors"], lang),
                *(told[one][code] for one in shown),
                enumeration(gaps.get(code, []), lang, limit=3),
            ]
        )
    columns = [
        Column(tr("Territory", lang), weight=1.8, choices=_choices(rows, 0)),
        Column(tr("Code", lang), weight=1.0),
        Column(tr("Filière", lang), weight=1.8, choices=_choices(rows, 2)),
        Column(tr("Year", lang), weight=0.6, choices=_choices(rows, 3)),
        Column(tr("Actors", lang), numeric=True, weight=0.6),
        *(Column(indicator_name(one, lang)) for one in shown),
        Column(tr("Missing stages", lang), weight=1.8),
    ]
    fields = {"shown": "{shown}", "total": "{total}"}
    one, many = (
        trn("{shown} filière out of {total}", "{shown} filières out of {total}", count, lang, **fields)
        for count in (1, 2)
    )
    search = Search(
        label=tr("Search", lang),
        hint=tr("Territory, filière, stage…", lang),
        none=tr("No filière matches.", lang),
        one=one,
        many=many,
        cut=tr(
            "The first {count} of {total}: the workbook has them all.", lang,
            count=number(Search.most_on_paper, lang), total=number(len(rows), lang),
        ),
    )  # fmt: skip
    grid = Grid.of(tr("The filières", lang), columns, rows, search=search if len(rows) > 1 else None).filled()
    about = tr("By territory, then by filière: the order says nothing of them.", lang)
    return Section(
        "filieres", tr("The filières, one by one", lang), (Paragraph(about, "note"), grid), annex=True
    )


def _choices(rows: list[list[Cell | str]], at: int) -> tuple[str, ...]:
    cells = [row[at] for row in rows]
    found = tuple(dict.fromkeys(cell.text for cell in cells if isinstance(cell, Cell) and cell.text))
    return found if 1 < len(found) <= _MOST_CHOICES else ()


def _gaps(view: View) -> dict[str, list[str]]:
    """Return the names of the stages that each filière lacks."""
    found: dict[str, list[str]] = {}
    for _, chain in view.chains:
        missing = chain.cells[chain.cells["state"] == MISSING]
        names = missing["stage"].map(chain.stages["name"])
        for code, part in names.groupby(missing["filiere_code"], sort=False):
            found[str(code)] = part.astype("str").tolist()
    return found


def limits_section(view: View) -> Section:
    """Return how the report was made, and what it cannot say."""
    lang = view.lang
    told = (
        tr("An actor is the same in two filières by its SIRET, else by its name and commune, which is a hypothesis and "
           "counted as one; the same name without a commune may be the same: it widens what is open.", lang),
        tr("A group is the same by its name, its territory and its referent or members; a programme row by programme, "
           "subject, year and funder.", lang),
        tr("Of two amounts for one thing the firmest is taken, then the first written; the other is told.", lang),
        tr("What a programme, a filière and a structure reached are never added together.", lang),
        tr("Of each filière in each territory the latest year counts.", lang),
        tr("Stages are compared by their name, or by their identifier within one expected chain.", lang),
        tr("Figures are comparable as far as the filières were surveyed alike: look at what is unknown first.", lang),
        tr("Densities are comparable between filières of similar size only.", lang),
    )  # fmt: skip
    return Section("limits", tr("Method and limits", lang), (Points(told),), annex=True)
