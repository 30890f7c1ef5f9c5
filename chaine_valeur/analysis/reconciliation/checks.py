"""Findings of the reconciliation: figures to go back to their source with, and the next one to ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ...errors import InfeasibleError
from ...language import N_, clauses, enumeration, interval, number, percent, tr, trn
from ...provenance import hypothesis_share
from ...schema import unit_label
from ..activities import identifiers
from ..findings import Finding
from ..flows.balances.declared import several_declarations
from ..wording import flow_names, quoted, sentences, times, tonnes
from .capacities import reconciled_over_capacity
from .measures import SUSPECT, reconciliation_of, suspects_of
from .reconcile import reconcile

if TYPE_CHECKING:
    from ...filiere import Filiere
    from .result import Reconciliation

__all__ = ["CHECKS", "contradictions", "figure_to_ask", "suspect_figures"]

#: Standard deviations from which a figure is told first of all.
GRAVE = 3.0
#: Share of what was declared from which an adjustment is large.
LARGE = 0.05
#: Probability under which declared figures do not fit together.
SIGNIFICANT = 0.05
#: Figures told one by one; the others are in the table of flows.
MOST_TOLD = 8
#: Flows beyond which it takes long to find which one to ask for.
MOST_FLOWS = 2_000
#: Share of what is uncertain that a new figure has to take away before it is asked for.
WORTH_ASKING = 0.05


def contradictions(f: Filiere, *, lang: str = "fr", significant: float = SIGNIFICANT) -> Iterator[Finding]:
    """Yield that the figures cannot hold together, or not within their uncertainties (B5).

    Parameters
    ----------
    significant
        Probability of the global test under which it is told.
    """
    r = reconciliation_of(f)
    rows = {"flows": identifiers(f.network.flow_ids)}
    share = hypothesis_share(f, rows)
    if r is None:
        try:
            reconcile(f, lang=lang)
        except InfeasibleError as error:
            head, *parts = str(error).split("\n")
            message = f"{head} {clauses(parts, lang)}."
            yield Finding("figures_disagree", "high", message, rows=rows, hypothesis_share=share)
        return
    if not r.test.dof or not r.test.p_value < significant:
        return
    found = suspects_of(f, r)
    head = tr(
        "Taken together, the declared tonnages do not fit within their uncertainties "
        "(global test, threshold {threshold}).",
        lang,
        threshold=percent(significant, lang),
    )
    rest = (
        trn(
            "{count} figure is to be checked first.",
            "{count} figures are to be checked first.",
            found.count,
            lang,
        )
        if found.count
        else tr(
            "No single figure stands out: several are a little off, or uncertainties are too narrow.", lang
        )
    )
    yield Finding(
        "figures_disagree", "medium", sentences(head, rest), rows=rows, hypothesis_share=share,
        quantity=found.adjustment_t, unit="t/year",
        n_unknown=int(r.flows["declared_t_per_year"].isna().sum()), year=f.network.year,
    )  # fmt: skip


def suspect_figures(
    f: Filiere, *, lang: str = "fr", threshold: float = SUSPECT, most: int = MOST_TOLD
) -> Iterator[Finding]:
    """Yield the flows that the others contradict, worst first, with whom to go back to (B6).

    Parameters
    ----------
    threshold
        Standard deviations from which an adjustment is told.
    most
        Number of flows told one by one.
    """
    r = reconciliation_of(f)
    if r is None:
        return
    suspects = suspects_of(f, r, threshold=threshold)
    table = suspects.table.head(most)
    names = flow_names(f, table.index.tolist(), lang=lang)
    for name, row in zip(names, table.itertuples(), strict=True):
        rows = _declarations(f, row.Index)
        head = tr(
            N_(
                "{flow}: {declared} declared, {reconciled} once all figures are brought together "
                "({times} times the gap that chance explains)."
            )
            if suspects.count == suspects.possible
            else N_(
                "{flow}: {declared} declared, {reconciled} once all figures are brought together "
                "(at least {times} times the gap that chance explains)."
            ),
            lang,
            flow=name,
            declared=_declared(f, row, lang),
            reconciled=tonnes(row.reconciled_t_per_year, lang),
            times=times(abs(row.standardised_adjustment), lang),
        )
        grave = (
            abs(row.standardised_adjustment) >= GRAVE
            and abs(row.adjustment_t) >= LARGE * row.declared_t_per_year
        )
        severity = "high" if grave else "medium"
        about = _about(f, row.Index)
        yield Finding(
            "flow_suspect", severity, sentences(head, _whom(f, rows["flows"], lang)), **about,
            quantity=abs(row.adjustment_t), unit="t/year", rows=rows, year=f.network.year,
            hypothesis_share=hypothesis_share(f, rows),
        )  # fmt: skip


def figure_to_ask(f: Filiere, *, lang: str = "fr", worth: float = WORTH_ASKING) -> Iterator[Finding]:
    """Yield the one figure that would narrow the picture of the flows most; not looked for beyond `MOST_FLOWS` flows.

    Parameters
    ----------
    worth
        Share of the variance of the flows that it has to take away before it is told.
    """
    r = reconciliation_of(f)
    if r is None or r.flows.empty:
        return
    if len(r.flows) > MOST_FLOWS:
        message = tr(
            "Beyond {count} flows, which figure to ask for first is not looked for here; "
            "“Reconciliation.next_measurements” does it.",
            lang,
            count=number(MOST_FLOWS, lang),
        )
        yield Finding("figure_to_ask", "low", message, year=f.network.year)
        return
    best = r.next_measurements(most=1)
    if best.empty or not best["reduction_share"].iloc[0] >= worth:
        return
    row = best.iloc[0]
    flow = row["flow_id"] if row["flow_id"] == row["flow_id"] else None
    name = flow_names(f, [flow], lang=lang)[0] if flow else _inside_name(f, row, lang)
    head = tr("First figure to ask for: {flow}.", lang, flow=name)
    today = _today(r, flow, row, lang)
    gain = tr(
        "Measured, it would take away {share} of the uncertainty of the flows.",
        lang,
        share=percent(float(row["reduction_share"]), lang),
    )
    rows = {"flows": identifiers(f.network.flow_ids)} if flow is None else _declarations(f, flow)
    about = {
        "stage_id": row["stage_id"], "to_stage_id": row["to_stage_id"], "actor_id": row["actor_id"],
        "to_actor_id": row["to_actor_id"], "material_id": row["material_id"],
    }  # fmt: skip
    about = {key: value if value == value else None for key, value in about.items()}
    yield Finding(
        "figure_to_ask", "low", sentences(head, today, gain), **about, rows=rows, year=f.network.year,
        hypothesis_share=hypothesis_share(f, rows),
    )  # fmt: skip


def _today(r: Reconciliation, flow: str | None, row: Any, lang: str) -> str:
    """Return what is known of it today."""
    unit = unit_label("t/year", lang)
    if flow is not None:
        known = r.details([flow]).iloc[0]
        low, high = float(known["low_t_per_year"]), float(known["high_t_per_year"])
    else:
        low = max(float(row["value_t_per_year"]) - 1.96 * float(row["sd_t"]), 0.0)
        high = float(row["value_t_per_year"]) + 1.96 * float(row["sd_t"])
    if not high < float("inf"):
        return tr("Today nothing bounds it.", lang)
    if number(low, lang) == number(high, lang):
        return ""
    return tr("Today it is known to lie {between}.", lang, between=interval(low, high, lang, unit=unit))


def _inside_name(f: Filiere, row: Any, lang: str) -> str:
    names = f.stages["name"]
    return tr(
        "what passes from {stage} to {to_stage} within {actor}",
        lang,
        stage=quoted(str(names[row["stage_id"]]), lang),
        to_stage=quoted(str(names[row["to_stage_id"]]), lang),
        actor=str(f.actors["name"][row["actor_id"]]),
    )


def _declarations(f: Filiere, flow: str) -> dict[str, tuple[str, ...]]:
    """Return every declaration of a flow."""
    net = f.network
    place = net.flow_ids.get_loc(flow)
    return {"flows": tuple(f.flows.index[net.declared_row[net.declared_flow == place]].tolist())}


def _declared(f: Filiere, row: Any, lang: str) -> str:
    """Return what is declared of a flow: « 180 / 172 t/an » where there are several declarations."""
    said = several_declarations(f).get(row.Index)
    if said is None:
        return tonnes(row.declared_t_per_year, lang)
    *others, last = said
    return " / ".join([*(number(each, lang) for each in others), tonnes(last, lang)])


def _about(f: Filiere, flow: str) -> dict[str, Any]:
    net = f.network
    place = net.flow_ids.get_loc(flow)
    codes = {
        "stage_id": (net.stage_ids, net.flow_source_stage), "to_stage_id": (net.stage_ids, net.flow_target_stage),
        "actor_id": (net.actor_ids, net.flow_source), "to_actor_id": (net.actor_ids, net.flow_target),
        "material_id": (net.material_ids, net.flow_material),
    }  # fmt: skip
    return {
        name: str(index[code[place]]) if code[place] >= 0 else None for name, (index, code) in codes.items()
    }


def _whom(f: Filiere, declarations: tuple[str, ...], lang: str) -> str:
    """Return whom to go back to: the sources of the figure, else the actors at its ends."""
    rows = f.flows.loc[list(declarations)]
    sources = [
        quoted(str(f.sources["name"].get(one, one)), lang) for one in rows["source_id"].dropna().unique()
    ]
    ends = [*rows["source"].dropna().unique(), *rows["target"].dropna().unique()]
    actors = enumeration([str(f.actors["name"][one]) for one in dict.fromkeys(ends)], lang)
    if not sources:
        return tr("To be looked at again with {actors}.", lang, actors=actors)
    return tr("To be looked at again with {actors} (source: {sources}).", lang, actors=actors,
              sources=enumeration(sources, lang))  # fmt: skip


#: ``(f, *, lang) -> findings``; thresholds have defaults.
CHECKS: tuple[Callable[..., Iterable[Finding]], ...] = (
    contradictions,
    suspect_figures,
    reconciled_over_capacity,
    figure_to_ask,
)
