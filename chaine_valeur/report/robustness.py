"""The section on robustness: what comes back when figures are drawn again, and which figure would overturn the rest.

Somebody who votes has to know whether a plan hangs on figures that nobody measured: how often is told in words.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import ChaineValeurError
from ..language import number, percent, tr, trn
from ..planning.robustness.examined import FIRM, RARE
from ..planning.robustness.tornado_words import input_of, signed
from ..planning.robustness.wording import amount, between, finding_name, in_ten
from ..text import one_line
from .blocks import Block, Cell, Column, Grid, Heading, Paragraph, Points, Rows, Section, anchor_of
from .robustness_words import (
    firm_options,
    headline_name,
    how_told,
    lead_text,
    no_figure,
    plan_text,
    reading_of,
    summary,
)  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd

    from ..diagnosis import Diagnosis
    from ..planning.robustness.examined import Examination

__all__ = ["examined", "robustness_section", "with_robustness"]


def examined(
    diagnosis: Diagnosis, *, draws: int, wishes: dict[str, Any] | None, progress: bool | None = None
) -> tuple[Examination | None, str]:
    """Return what draws say of the findings of a diagnostic and of the plan, or why nothing can be said.

    Parameters
    ----------
    wishes
        Arguments of `chaine_valeur.planning.plan`; None where there is no plan.
    """
    from ..planning.robustness.examined import examine
    from ..planning.robustness.run import can_be_drawn

    asked: Any = diagnosis.asked.get("checks")
    checks = None if asked is None else [one for one in asked if can_be_drawn(one)]
    if checks == [] and wishes is None:
        return None, ""
    lang = diagnosis.lang
    try:
        return examine(
            diagnosis.filiere, draws=draws, checks=checks, wishes=wishes, progress=progress, lang=lang
        ), ""
    except ChaineValeurError as error:
        return None, tr("Robustness could not be examined: {reason}", lang, reason=one_line(error))


def robustness_section(
    diagnosis: Diagnosis, found: Examination | None, *, why: str = "", lang: str
) -> Section | None:
    """Return options and findings with how often draws confirm them, what would overturn them, how it was done.

    Parameters
    ----------
    diagnosis
        The one whose findings are numbered in the report.
    found
        What `chaine_valeur.planning.robustness.examine` gave.
    why
        Why there is nothing, where it was asked for.
    """
    title = tr("Robustness", lang)
    if found is None:
        return Section("robustness", title, (Paragraph(why, "warning"),)) if why else None
    blocks: list[Block] = [Paragraph(lead_text(found, lang), "lead"), Points(tuple(summary(found, lang)))]
    if found.planned:
        blocks += _options(found, lang)
    blocks += _findings(diagnosis, found, lang)
    blocks += _overturned(found, lang)
    blocks += [Heading(tr("How this was worked out", lang)), Points(tuple(how_told(diagnosis, found, lang)))]
    return Section("robustness", title, tuple(blocks))


def with_robustness(
    plan: Section | None, found: Examination | None, *, asked: bool, lang: str
) -> Section | None:
    """Return the section on the plan with a sentence on how firm it is, or on how to find out; behind what it reaches.

    Parameters
    ----------
    plan
        The section on the plan; one without a plan is left as it is.
    asked
        Whether draws were asked for.
    """
    if plan is None:
        return None
    place = next((at for at, block in enumerate(plan.blocks) if isinstance(block, Points)), None)
    if place is None or (asked and (found is None or not found.planned)):
        return plan
    if found is None:
        told = Paragraph(
            tr("Whether this plan holds when its figures change was not examined in this version.", lang),
            "note",
        )
    else:
        firm, count = firm_options(found)
        told = Paragraph(plan_text(found, lang), "body" if firm == count else "warning")
    return replace(plan, blocks=(*plan.blocks[: place + 1], told, *plan.blocks[place + 1 :]))


def _options(found: Examination, lang: str) -> list[Block]:
    frame = found.robustness.plan
    rows: Rows = [
        [
            Cell(str(row["name"]), strong=True),
            tr("yes", lang) if row["in_base"] else tr("no", lang),
            in_ten(row["n_taken"], row["n_draws"], lang),
            reading_of(row, lang),
        ]
        for row in frame.to_dict("records")
    ]
    columns = [
        Column(tr("Option", lang), weight=2.4),
        Column(tr("In the plan", lang), weight=0.7),
        Column(tr("Taken in", lang), weight=1.7),
        Column(tr("Reading", lang), weight=1.2),
    ]
    note = tr(
        "In the plan: firm from {firm} of the draws on, to be confirmed from half of them on, else fragile. Not in the "
        "plan: to be reconsidered from half of the draws on, possible from {rare} on, else discarded.",
        lang,
        firm=percent(FIRM, lang),
        rare=percent(RARE, lang),
    )
    return [
        Heading(tr("The options of the plan", lang)),
        Grid.of(tr("Options, and in how many draws a plan takes them", lang), columns, rows, note=note),
    ]


def _findings(diagnosis: Diagnosis, found: Examination, lang: str) -> list[Block]:
    """Return the findings that rest on drawn figures: not firm, firm, shown by draws alone."""
    told = diagnosis.findings
    numbers = {name: place for place, name in enumerate(told["finding_id"], 1)}
    linked = set(told.loc[told["n_rows"] > 0, "finding_id"])
    frame = found.robustness.findings
    frame = frame[frame["varies"]]
    order = frame["finding_id"].map(numbers).fillna(len(numbers) + 1).argsort(kind="stable")
    frame = frame.iloc[order.to_numpy()]
    stated, firm = frame["in_base"], frame["share"] >= FIRM
    parts = (
        (tr("Findings to be confirmed", lang), frame[stated & ~firm]),
        (tr("Findings that hold", lang), frame[stated & firm]),
        (tr("Findings that only draws show", lang), frame[~stated]),
    )
    grids = [
        _findings_grid(diagnosis, rows, caption, numbers, linked, lang)
        for caption, rows in parts
        if len(rows)
    ]
    return [Heading(tr("The findings", lang)), *grids] if grids else []


def _findings_grid(
    diagnosis: Diagnosis,
    frame: pd.DataFrame,
    caption: str,
    numbers: dict[str, int],
    linked: set[str],
    lang: str,
) -> Grid:
    rows: Rows = []
    for row in frame.to_dict("records"):
        identifier = row["finding_id"]
        anchor = anchor_of("finding", identifier) if identifier in linked else ""
        rows.append(
            [
                number(numbers[identifier], lang) if identifier in numbers else "",
                Cell(finding_name(diagnosis.filiere, row, lang=lang), strong=True, anchor=anchor),
                in_ten(row["n_found"], row["n_draws"], lang),
                between(row["quantity_p5"], row["quantity_p95"], row["unit"], lang),
            ]
        )
    columns = [
        Column(tr("No.", lang), weight=0.4),
        Column(tr("Finding", lang), weight=3.0),
        Column(tr("Found in", lang), weight=1.7),
        Column(tr("At stake, in 9 draws in 10", lang), weight=1.4),
    ]
    return Grid.of(caption, columns, rows).filled()


def _overturned(found: Examination, lang: str) -> list[Block]:
    """Return the figures that alone would overturn what is not firm, those within their uncertainty first."""
    rows: Rows = []
    for one in found.overturned:  # over the few headlines
        inputs = one.inputs[one.inputs["change"].notna()]
        for row in inputs.to_dict("records"):
            told = amount(row["change_to"], row["unit"], lang)
            rows.append(
                [
                    Cell(headline_name(one, lang), strong=True),
                    input_of(one.filiere, one.headline, row, lang=lang),
                    amount(row["stated"], row["unit"], lang),
                    f"{told} ({signed(row['change'], lang)})",
                    tr("yes", lang) if row["overturns"] else tr("no", lang),
                ]
            )
        if inputs.empty:
            rows.append([Cell(headline_name(one, lang), strong=True), no_figure(one, lang), "", "", ""])
    if not rows:
        return []
    columns = [
        Column(tr("Finding or option", lang), weight=1.9),
        Column(tr("Figure to measure", lang), weight=2.1),
        Column(tr("As stated", lang), numeric=True),
        Column(tr("Overturned at", lang), numeric=True, weight=1.2),
        Column(tr("Plausible", lang), weight=0.7),
    ]
    note = tr(
        "Each figure is moved alone, the others as stated. “Overturned at”: the nearest value at which the finding "
        "goes, or at which the option enters the plan or leaves it. “Plausible”: that value lies where the figure is "
        "9 times in 10. These are the figures to measure first.",
        lang,
    )
    left = (
        [Paragraph(trn("{count} other is not firm either; what would overturn it was not looked for.",
                       "{count} others are not firm either; what would overturn them was not looked for.",
                       found.not_looked_at, lang), "note")]
        if found.not_looked_at else []
    )  # fmt: skip
    return [
        Heading(tr("What would overturn them", lang)),
        Grid.of(tr("Figures that alone would overturn what is not firm", lang), columns, rows, note=note),
        *left,
    ]
