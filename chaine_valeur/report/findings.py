"""The chain as a figure, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..analysis.findings import PRIORITIES
from ..analysis.insertion.wording import amount_of
from ..diagnosis import aimless_actions
from ..diagnosis.showing import PRIORITY_NAMES
from ..diagnosis.telling import firmness_text
from ..diagnosis.wording import text_of
from ..language import number, percent, quantity, tr, trn
from ..schema import table, unit_label
from ..vocabulary import labels
from .blocks import Block, Cell, Column, Grid, Heading, Paragraph, Picture, Points, Rows, Section, anchor_of
from .notes import is_soft, soft_note

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..filiere import Filiere

__all__ = ["by_priority", "chain_section", "findings_section"]


def chain_section(
    diagnosis: Diagnosis, picture: Picture | Paragraph, reading: tuple[Block, ...] = ()
) -> Section:
    """Return the chain figure, with what the pictured map of actors adds where a form can show it."""
    lang = diagnosis.lang
    return Section("chain", tr("The chain", lang), (picture, *reading))


def findings_section(diagnosis: Diagnosis) -> Section:
    """Return the findings by priority."""
    f, lang = diagnosis.filiere, diagnosis.lang
    blocks: list[Block] = []
    if f.stages.empty:
        blocks.append(
            Paragraph(
                tr(
                    "No expected chain is described: without it nothing can be called missing. Fill the "
                    "sheets "
                    "“{stages}” and “{links}”, or start from one of the examples.",
                    lang,
                    stages=table("stages").label(lang),
                    links=table("stage_links").label(lang),
                ),
                "warning",
            )
        )
    findings = diagnosis.findings
    if findings.empty:
        blocks.append(Paragraph(tr("No finding: nothing that was looked for was found.", lang)))
    else:
        blocks.append(Paragraph(_findings_lead(findings, lang)))
    numbered = findings.assign(number=range(1, len(findings) + 1))
    for priority in PRIORITIES:
        rows = numbered[numbered["severity"] == priority]
        if len(rows):
            blocks.append(_findings_grid(f, rows, tr(PRIORITY_NAMES[priority], lang), lang))
    aimless = aimless_actions(diagnosis)
    if aimless:
        blocks += [Heading(tr("Actions without their finding", lang)), Points(tuple(aimless))]
    return Section("findings", tr("Findings, by priority", lang), tuple(blocks))


def by_priority(findings: pd.DataFrame, lang: str) -> str:
    """Return how many findings there are of each priority: « forte : 2, moyenne : 5 »."""
    counts = findings["severity"].value_counts()
    told = [
        tr(
            "{label}: {text}",
            lang,
            label=tr(PRIORITY_NAMES[name], lang).lower(),
            text=number(int(counts[name]), lang),
        )
        for name in PRIORITIES
        if name in counts
    ]
    return ", ".join(told)


def _findings_lead(findings: pd.DataFrame, lang: str) -> str:
    return tr(
        "{findings} ({details}). A finding speaks of a stage and of what to secure, not of the worth of "
        "an actor.",
        lang,
        findings=trn("{count} finding", "{count} findings", len(findings), lang),
        details=by_priority(findings, lang),
    )


def _findings_grid(f: Filiere, rows: pd.DataFrame, title: str, lang: str) -> Grid:
    stages = f.stages["name"]
    shown: Rows = []
    for row in rows.itertuples():
        places = [text_of(stages.get(one, one)) for one in (row.stage_id, row.to_stage_id) if text_of(one)]
        stake = [_amount(row.quantity, row.unit, lang)] if row.quantity == row.quantity else []
        if row.jobs_at_stake_fte > 0 and row.unit != "FTE":
            stake.append(
                tr(
                    "{fte} in insertion",
                    lang,
                    fte=quantity(row.jobs_at_stake_fte, unit_label("FTE", lang), lang),
                )
            )
        support = trn("{count} row", "{count} rows", row.n_rows, lang)
        soft = firmness_text(row.hypothesis_share, lang=lang)
        if soft:
            support += f" · {percent(row.hypothesis_share, lang)}"
        if is_soft(row.hypothesis_share):
            support += f" · {tr('Hypothesis', lang).lower()}"
        shown.append(
            [
                Cell(number(row.number, lang), strong=True),
                row.message,
                " → ".join(places),
                ", ".join(stake),
                Cell(support, anchor=anchor_of("finding", row.finding_id)) if row.n_rows else "",
            ]
        )
    columns = [
        Column(tr("No.", lang), weight=0.35),
        Column(tr("Finding", lang), weight=4.4),
        Column(table("stages").label(lang), weight=1.3),
        Column(tr("At stake", lang), weight=1.1),
        Column(tr("Rests on", lang), weight=0.9),
    ]
    note = tr("“Rests on”: number of rows, then the share of estimates and hypotheses among them.", lang)
    note += " " + soft_note(lang)
    return Grid.of(title, columns, shown, note=note)


def _amount(value: float, unit: str, lang: str) -> str:
    """Return what is at stake with its unit: tonnes, or a result in the unit of the outcomes."""
    if unit in labels("outcome_unit"):
        return amount_of(value, unit, lang)
    return quantity(value, unit_label(unit, lang), lang)
