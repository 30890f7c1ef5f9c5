"""The section on flows: what the chain can carry, whether the figures add up, what to ask for next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..analysis import flows as flow_room
from ..analysis.flows.carrying.findings import MOST_FLOWS_LIMITED, throughput_lead
from ..analysis.measure import NAN
from ..analysis.reconciliation.measures import SUSPECT, reconciliation_of, suspects_of
from ..analysis.wording import flow_names, times, tonnes
from ..language import N_, enumeration, interval, number, out_of, percent, tr, trn
from ..schema import table, unit_label
from ..vocabulary import FindingKind
from .blocks import Block, Cell, Column, Grid, Heading, Paragraph, Picture, Points, Rows, Section
from .redacted import CARRYING, not_told

if TYPE_CHECKING:
    import pandas as pd

    from ..analysis.reconciliation import Reconciliation
    from ..diagnosis import Diagnosis
    from ..filiere import Filiere

__all__ = ["CLASS_NAMES", "flows_section", "idle_note"]

#: Rows of a table that a reader goes through; the workbook has them all.
MOST_ROWS = 40
#: Capacities exceeded that the section names; the findings have them all.
MOST_OVER = 8
CLASS_NAMES = {
    "measured": N_("declared; nothing checks it"),
    "redundant": N_("declared; others check it"),
    "determined": N_("not declared; the others tell it"),
    "free": N_("only known to lie in a range"),
}


def flows_section(
    diagnosis: Diagnosis, picture: Picture | Paragraph | None, tonnes: Picture | Paragraph | None = None
) -> Section:
    """Return the tonnes by stage, throughput and what limits it, balances, and declared against reconciled flows."""
    f, lang = diagnosis.filiere, diagnosis.lang
    title = tr("Flows", lang)
    if f.flows.empty:
        text = tr("No flow is described: fill the sheet “{sheet}”, even without tonnages.", lang,
                  sheet=table("flows").label(lang))  # fmt: skip
        return Section("flows", title, (Paragraph(text, "warning"),))
    guarded = [not_told(lang)] if diagnosis.lacks(*CARRYING) else None
    blocks: list[Block] = [tonnes] if tonnes is not None else []
    blocks += [Heading(tr("What the chain can carry", lang)), *(guarded or _throughput(f, lang))]
    blocks += [Heading(tr("Do the figures add up?", lang)), *_balances(f, lang)]
    blocks += [Heading(tr("Declared and reconciled", lang)), *(guarded or _reconciled(diagnosis, picture))]
    return Section("flows", title, tuple(blocks))


# -- throughput ---------------------------------------------------------------------------------------


def _throughput(f: Filiere, lang: str) -> list[Block]:
    found = flow_room.throughput_of(f)
    rest = found.notes(lang=lang)[1:]
    blocks: list[Block] = [Paragraph(" ".join(throughput_lead(found, lang=lang)), "lead")]
    few = len(f.network.flow_row) <= MOST_FLOWS_LIMITED  # of very many it is not sought, as in the findings
    limits = flow_room.bottlenecks(f) if found.status == "solved" and few else None
    if limits is not None and len(limits):
        blocks.append(_limits(f, limits, lang))
    if len(found.served) and found.status == "solved":
        blocks.append(_served(f, found.served, lang))
    if rest:
        blocks += [Paragraph(tr("What this rests on:", lang)), Points(tuple(rest))]
    return blocks


def _limits(f: Filiere, limits: pd.DataFrame, lang: str) -> Grid:
    rows: Rows = []
    for row in limits.to_dict("records"):
        gain = tr("{gain} t more", lang, gain=number(row["gain_t_per_t"], lang))
        if row["joint"]:
            gain = tr("{gain}, all limits of group {group} lifted", lang, gain=gain, group=row["group"])
        what = flow_room.limit_text(f, row, lang=lang)
        rows.append(
            [
                Cell(what[:1].upper() + what[1:], strong=True),
                tonnes(row["limit_t_per_year"], lang),
                gain,
                flow_room.next_limit_text(f, row, lang=lang),
            ]
        )
    columns = [
        Column(tr("What limits", lang), weight=3),
        Column(tr("Limit", lang), numeric=True),
        Column(tr("One more tonne serves", lang), weight=1.4),
        Column(tr("Once lifted", lang), weight=2.6),
    ]
    return Grid.of(tr("What limits the chain", lang), columns, rows)


def _served(f: Filiere, served: pd.DataFrame, lang: str) -> Grid:
    """Return what is asked for and what can be served, by stage and material.

    Buyers are named together: how the chain would split what it serves between them is not unique.
    """
    names, materials, stages = f.actors["name"], f.materials["name"], f.stages["name"]
    keys = [
        served[name].astype(object).where(served[name].notna(), "") for name in ("stage_id", "material_id")
    ]
    rows: Rows = []
    for (stage, material), part in served.groupby(keys, sort=False):  # over stages and materials
        asked = part["demand_t_per_year"]
        buyers = [str(names.get(one, one)) for one in part["actor_id"].dropna().unique()]
        rows.append(
            [
                Cell(str(stages.get(stage, "")), strong=True),
                str(materials.get(material, "")),
                enumeration(buyers, lang),
                tr("unknown", lang) if asked.isna().any() else tonnes(float(asked.sum()), lang),
                tonnes(float(part["served_t_per_year"].sum()), lang),
            ]
        )
    home = table("activities")
    columns = [
        Column(home["stage_id"].label(lang), weight=1.4),
        Column(table("flows")["material_id"].label(lang), weight=1.4),
        Column(tr("Buyers", lang), weight=2),
        Column(tr("Asked for", lang), numeric=True),
        Column(tr("Can be served", lang), numeric=True),
    ]
    note = ""
    if len(rows) > 1:
        note = tr("Only the total is certain: the split between materials may be another one.", lang)
    return Grid.of(tr("What the chain can serve", lang), columns, rows[:MOST_ROWS], note=note).filled()


# -- balances -----------------------------------------------------------------------------------------


def _balances(f: Filiere, lang: str) -> list[Block]:
    frame = flow_room.balance(f, by="actor")
    closed = frame[(frame["state"] == "closed").to_numpy(bool)]
    blocks: list[Block] = [Paragraph(_balance_lead(frame, closed, lang))]
    shown = frame[(frame["state"] != "open").to_numpy(bool)]
    if shown.empty:
        return blocks
    order = shown["z"].abs().sort_values(ascending=False, kind="stable", na_position="last").index
    names = f.actors["name"]
    losing, untraced = (
        shown[name].fillna(0.0).ne(0).any() for name in ("loss_t_per_year", "untraced_t_per_year")
    )
    rows: Rows = []
    for row in shown.loc[order[:MOST_ROWS]].itertuples():
        rows.append(
            [
                Cell(str(names.get(row.Index, row.Index)), strong=True),
                _tonnes(row.inputs_t_per_year, lang),
                _tonnes(row.outputs_t_per_year, lang),
                # a column of noughts says nothing: it is left empty, and out
                _tonnes(row.loss_t_per_year if losing else NAN, lang),
                _tonnes(row.untraced_t_per_year if untraced else NAN, lang),
                _tonnes(row.stock_change_t_per_year, lang),
                _tonnes(row.residual_t_per_year, lang),
                _reading(row, lang),
            ]
        )
    columns = [
        Column(table("activities")["actor_id"].label(lang), weight=2),
        Column(tr("Enters", lang), numeric=True),
        Column(tr("Leaves", lang), numeric=True),
        Column(tr("Lost (recipes)", lang), numeric=True),
        Column(tr("Untraced", lang), numeric=True),
        Column(table("activities")["stock_change_t_per_year"].label(lang), numeric=True),
        Column(tr("Unexplained", lang), numeric=True),
        Column(tr("Reading", lang), weight=2),
    ]
    notes = []
    if shown["residual_t_per_year"].notna().any():
        notes.append(
            tr(
                "Unexplained: what enters, less what leaves, what recipes lose, what is untraced and what goes "
                "into stock. Up to twice the uncertainty it says nothing.",
                lang,
            )
        )
    if untraced:
        notes.append(
            tr(
                "Untraced: what recipes make and no flow takes away, less what they take and no flow brings.",
                lang,
            )
        )
    title = tr("Balances by actor, t/year", lang)
    return [*blocks, Grid.of(title, columns, rows, note=" ".join(notes)).filled()]


def _balance_lead(frame: pd.DataFrame, closed: pd.DataFrame, lang: str) -> str:
    if closed.empty:
        return tr(
            "No balance can be drawn: of no actor are all tonnages known, on both sides. State what enters and "
            "what leaves, even roughly.",
            lang,
        )
    fine = int((closed["z"].abs() <= SUSPECT).sum())
    told = tr(
        "Balances within {limit} times their uncertainty: {part}.",
        lang,
        limit=number(SUSPECT, lang),
        part=out_of(fine, len(closed), lang),
    )
    unknown = int((frame["state"] == "unknown").sum())
    if unknown:
        told += " " + trn(
            "For {count} actor, a tonnage is missing.",
            "For {count} actors, a tonnage is missing.",
            unknown,
            lang,
        )
    return told


def _reading(row: object, lang: str) -> str:
    state, z = row.state, row.z  # type: ignore[attr-defined]
    if state == "unknown":
        return tr("a tonnage is missing", lang)
    if z != z:
        return ""
    if abs(z) <= SUSPECT:
        return tr("closes", lang)
    if abs(z) == float("inf"):
        return tr("exact figures do not meet", lang)
    return tr("to be checked: {times} times the uncertainty", lang, times=times(abs(z), lang))


def _tonnes(value: float, lang: str) -> str:
    return number(value, lang) if value == value else ""


def idle_note(f: Filiere, lang: str) -> list[str]:
    """Return the sentence on the flows that do not count, and why; none if all do."""
    said = flow_room.idle_text(flow_room.idle_flows(f), lang=lang)
    return [f"{said}."] if said else []


# -- reconciliation -----------------------------------------------------------------------------------


def _reconciled(diagnosis: Diagnosis, picture: Picture | Paragraph | None) -> list[Block]:
    f, lang = diagnosis.filiere, diagnosis.lang
    r = reconciliation_of(f)
    if r is None:
        text = tr("The figures cannot hold together, whatever the flows: see the findings.", lang)
        return [Paragraph(text, "warning")]
    said = [*_verdict(r, lang), *idle_note(f, lang)]
    blocks: list[Block] = [Paragraph(text) for text in said]
    findings = diagnosis.findings
    asked = findings.loc[findings["kind"] == FindingKind.FIGURE_TO_ASK.value, "message"]
    blocks += [Paragraph(str(message), "lead") for message in asked.head(1)]
    over = findings.loc[findings["kind"] == FindingKind.OVER_CAPACITY.value, "message"]
    if len(over):
        blocks.append(
            Paragraph(tr("Capacities are not part of these equations; they are exceeded here:", lang))
        )
        blocks.append(Points(tuple(map(str, over.head(MOST_OVER)))))
    if picture is not None:
        blocks.append(picture)
    return [*blocks, _flow_grid(r, lang)]


def _verdict(r: Reconciliation, lang: str) -> list[str]:
    """Return what the figures say taken together, in sentences."""
    explained = tr(
        "All declared figures were brought together: balances, recipes and relations have to hold, and each "
        "figure moves as little as its uncertainty allows.",
        lang,
    )
    counts = r.flows["data_class"].value_counts()
    if not counts.get("redundant", 0):
        return [
            explained,
            tr(
                "Nothing checks the figures: no activity has both what enters and what leaves it, in tonnes.",
                lang,
            ),
        ]
    suspects = suspects_of(r.filiere, r)
    if suspects.count:
        told = trn(
            "{count} figure moves by twice the gap that chance explains, or more.",
            "{count} figures move by twice the gap that chance explains, or more.",
            suspects.count,
            lang,
        )
    else:
        told = tr("The declared figures fit together within their uncertainties.", lang)
    known = trn(
        "{checked} of {count} flow is checked by others.",
        "{checked} of {count} flows are checked by others.",
        len(r.flows), lang, checked=number(int(counts.get("redundant", 0)), lang),
    )  # fmt: skip
    return [explained, f"{told} {known}"]


def _flow_grid(r: Reconciliation, lang: str) -> Grid:
    """Return flows declared and reconciled: those that move most first."""
    flows = r.flows
    size = (flows["adjustment_t"] / flows["declared_sd_t"].where(flows["declared_sd_t"] > 0)).abs()
    order = size.sort_values(ascending=False, kind="stable", na_position="last").index[:MOST_ROWS]
    table_ = r.details(order)
    suspects = set(suspects_of(r.filiere, r).table.index)
    unit = unit_label("t/year", lang)
    names = flow_names(r.filiere, list(order), lang=lang)
    declarations = flow_room.several_declarations(r.filiere)
    rows: Rows = []
    for name, row in zip(names, table_.itertuples(), strict=True):
        declared = tr("unknown", lang)
        if row.declared_t_per_year == row.declared_t_per_year:
            share = row.declared_sd_t / row.declared_t_per_year if row.declared_t_per_year > 0 else 0.0
            said = declarations.get(row.Index, [])
            several = len(said) > 1
            declared = (
                " / ".join(number(each, lang) for each in said)
                if several
                else number(row.declared_t_per_year, lang)
            )
            if share > 0:
                declared += f" ± {percent(share, lang)}"
        suspect = row.Index in suspects
        reading = tr(CLASS_NAMES[row.data_class], lang)
        if suspect:
            reading = tr(
                "to be checked: {times} times the gap that chance explains",
                lang,
                times=times(abs(row.standardised_adjustment), lang),
            )
        known = row.data_class != "free"
        between = (
            interval(row.low_t_per_year, row.high_t_per_year, lang)
            if row.high_t_per_year < float("inf")
            else tr("at least {low}", lang, low=number(row.low_t_per_year, lang))
        )
        rows.append(
            [
                Cell(name, strong=suspect),
                declared,
                number(row.reconciled_t_per_year, lang) if known else "",
                between,
                reading,
            ]
        )
    columns = [
        Column(table("flows").label(lang), weight=3),
        Column(tr("Declared", lang), numeric=True, weight=1.2),
        Column(tr("Reconciled", lang), numeric=True),
        Column(tr("Lies", lang), weight=1.5),
        Column(tr("Reading", lang), weight=2),
    ]
    note = tr(
        "“Lies”: 1.96 standard deviations on either side; for a flow that nothing tells, the range that balances "
        "and bounds leave. Uncertainty: that of the row, else of its confidence (measured 5%, declared 10%, "
        "estimated 25%, hypothesis 50%, not stated 25%); of several declarations of one flow (“a / b”), that of "
        "their mean.",
        lang,
    )
    if suspects & set(order):
        note += " " + tr(
            "The gap that chance explains: √(σ² − σ̂²), σ being the uncertainty of what is declared and σ̂ what is "
            "left of it once reconciled (both are in the workbook). It is smaller than σ, as the other figures "
            "leave little play.",
            lang,
        )
    if len(flows) > MOST_ROWS:
        note = (
            tr("The {count} flows that move most; the workbook has them all.", lang, count=MOST_ROWS)
            + " "
            + note
        )
    title = tr("Flows, declared and reconciled, {unit}", lang, unit=unit)
    return Grid.of(title, columns, rows, note=note).filled()
