"""The section on niches: what the territory's own resources could carry, each side by side, the unknown said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..analysis.wording import quoted
from ..language import N_, enumeration, number, tr, trn
from ..schema import unit_label
from .blocks import Block, Cell, Column, Grid, Paragraph, Rows, Section
from .sheets import Sheet

if TYPE_CHECKING:
    import pandas as pd

    from ..filiere import Filiere
    from ..planning.sources import Sources

__all__ = ["niches_grid", "niches_section", "niches_sheet"]

#: Niches shown; `chaine-valeur niches -o` writes them all.
MOST_SHOWN = 8
SUB_SCORES = ("resource", "demand", "skills", "insertion")
#: Column of the workbook → its title, kind of cell and unit; the sentence says on what level or basis a figure is.
_HEADS: Mapping[str, tuple[str, str, str]] = {
    "name": (N_("Stage or idea"), "text", ""),
    "resource": (N_("Resource"), "number", ""),
    "demand": (N_("Outlet"), "number", ""),
    "skills": (N_("Skills"), "number", ""),
    "insertion": (N_("Insertion"), "number", ""),
    "n_known": (N_("Marks known, of 4"), "integer", ""),
    "n_holders": (N_("Actors that hold it"), "integer", ""),
    "minimum_viable_t_per_year": (N_("Smallest viable size"), "number", "t/year"),
    "resource_t_per_year": (N_("Resource at its entry"), "number", "t/year"),
    "demand_t_per_year": (N_("Outlet at its entry"), "number", "t/year"),
    "establishments": (N_("Establishments here"), "integer", ""),
    "location_quotient": (N_("Location quotient"), "number", ""),
    "insertion_fte_per_t": (N_("Insertion FTE per t/year"), "number", ""),
    "open_posts": (N_("Posts open to insertion"), "integer", ""),
    "no_diploma_posts": (N_("Posts without a diploma"), "integer", ""),
    "hypothesis_share": (N_("Share of hypotheses"), "share", ""),
    "sentence": (N_("What is behind"), "long", ""),
}
#: Digits of the figures behind, which are no better known than that.
_DIGITS = {
    "minimum_viable_t_per_year": 1, "resource_t_per_year": 1, "demand_t_per_year": 1, "location_quotient": 2,
    "insertion_fte_per_t": 4, "hypothesis_share": 3,
}  # fmt: skip


def niches_section(f: Filiere, sources: Sources | None, lang: str) -> Section | None:
    """Return the niches of which one sub-score is known at least; none where nothing is."""
    from ..planning.niches import niches

    if f.stages.empty:
        return None
    known = sources if sources is not None and sources.territory_code else None
    frame = niches(
        f, counts=known.counts if known else None, territory_code=known.territory_code if known else None, lang=lang
    )  # fmt: skip
    told = frame[(frame["n_known"] > 0).to_numpy(bool)]
    if told.empty:
        return None
    lead = tr(
        "What the territory’s own resources could carry. Each idea has four marks from 0 to 1, side by side: none makes "
        "up for another, and a mark that is not known is not a zero.",
        lang,
    )
    blocks: list[Block] = [Paragraph(lead), niches_grid(told.head(MOST_SHOWN), lang)]
    left = [str(name) for name in frame["name"][~frame.index.isin(told.index)]]
    if left:
        blocks.append(
            Paragraph(
                trn(
                    "Of {count} stage nothing is known that would tell: {names}.",
                    "Of {count} stages nothing is known that would tell: {names}.",
                    len(left), lang, names=enumeration([quoted(name, lang) for name in left], lang),
                ),
                "note",
            )
        )  # fmt: skip
    blocks += [Paragraph(note, "note") for note in (sources.counts_notes if sources else ())]
    return Section("niches", tr("Niches", lang), tuple(blocks))


def niches_sheet(frame: pd.DataFrame, lang: str) -> Sheet:
    """Return all niches as a sheet of a workbook: marks, then the figures behind; an empty cell is not known."""
    about = tr(
        "Marks from 0 to 1, side by side; an empty cell is not known. Skills: nearness of the activity to those that "
        "the territory has already.",
        lang,
    )
    heads = [
        (f"{tr(title, lang)} ({unit_label(unit, lang)})" if unit else tr(title, lang), kind)
        for title, kind, unit in _HEADS.values()
    ]
    shown = frame[[*_HEADS]].round(dict.fromkeys(SUB_SCORES, 2) | _DIGITS)
    return Sheet(tr("Niches", lang), about, heads, shown.itertuples(index=False, name=None))


def niches_grid(frame: pd.DataFrame, lang: str) -> Grid:
    """Return the table of niches: sub-scores, then what is behind them in a sentence."""
    rows: Rows = [
        [
            Cell(str(row["name"]), strong=True),
            *(number(row[name], lang, digits=2) if row[name] == row[name] else "?" for name in SUB_SCORES),
            str(row["sentence"]),
        ]
        for row in frame.to_dict("records")
    ]
    columns = [
        Column(tr("Stage or idea", lang), weight=1.4),
        Column(tr("Resource", lang), numeric=True, weight=0.8),
        Column(tr("Outlet", lang), numeric=True, weight=0.8),
        Column(tr("Skills", lang), numeric=True, weight=0.8),
        Column(tr("Insertion", lang), numeric=True, weight=0.8),
        Column(tr("What is behind", lang), weight=6.0),
    ]
    note = tr(
        "“?” is not known. Skills: nearness of the activity to those that the territory has already.", lang
    )
    return Grid.of(tr("Niches, by what is known of them", lang), columns, rows, note=note)
