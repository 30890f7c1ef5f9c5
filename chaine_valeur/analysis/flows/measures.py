"""The balances and ratios as the diagnosis runs them: value, bounds, terms, rows, and a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...columns import columns
from ...language import N_, number, out_of, percent, tr, trn
from ...vocabulary import MarketKind
from ..activities import flow_rows, flows_at, identifiers
from ..markets import current_markets
from ..measure import NAN, Measure, ratio
from ..wording import quoted, sentences, tonnes
from .balances.balance import balances_of
from .balances.estimate import estimate_of
from .uses.ratios import load_of, stated_demands, unmet_demand
from .uses.recovery import Rate, rates_of, sorting_stages
from .uses.used import supplies_by_level, used_of

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = [
    "CHECKED",
    "balance_measure",
    "recovery_measure",
    "unmet_measure",
    "unused_measure",
    "utilization_measure",
]

#: Beyond so many times its uncertainty a residual is to be checked.
CHECKED = 2.0


def balance_measure(f: Filiere, *, lang: str = "fr", checked: float = CHECKED) -> Measure:
    """Return the share of closed balances that add up within `checked` times their uncertainty (B1).

    One balance per activity; activities of one actor that passages of unknown quantity join are one. Those with an
    unknown flow are in neither term, and in the bounds.
    """
    found = balances_of(f, by="place")
    balances, system = found.columns, found.estimate.system
    state = balances["state"]
    closed = state == "closed"
    good = closed & (np.abs(balances["z"]) <= checked)
    n_closed, n_good = int(closed.sum()), int(good.sum())
    unknown = int((state == "unknown").sum())
    described = ~np.isnan(balances["inputs_t_per_year"]) | ~np.isnan(balances["outputs_t_per_year"])
    n_open = int(((state == "open") & described).sum())
    notes = []
    if not n_closed:
        notes.append(tr("No balance has both its sides described, without an unknown flow.", lang))
    else:
        fields = {"part": out_of(n_good, n_closed, lang), "limit": number(checked, lang)}
        notes.append(tr("Balances within {limit} times their uncertainty: {part}.", lang, **fields))
    if unknown:
        notes.append(trn("{count} has an unknown flow.", "{count} have an unknown flow.", unknown, lang))
    if n_open:
        notes.append(
            trn(
                "For {count} only one side is described, or it is an end of the chain.",
                "For {count} only one side is described, or they are ends of the chain.",
                n_open,
                lang,
            )
        )
    measure = Measure(
        ratio(n_good, n_closed),
        "share",
        ratio(n_good, n_closed + unknown),
        ratio(n_good + unknown, n_closed + unknown),
        float(n_good) if n_closed else NAN,
        float(n_closed) if n_closed else NAN,
        n_unknown=unknown,
        note=sentences(*notes),
    )
    start, end = found.groups.ends(system)
    asked = np.append(closed, False)
    touches = (asked[start] | asked[end]) & (start != end) & (system.arcs.flow >= 0)
    return measure.resting_on(f, {"flows": flow_rows(f, system.arcs.flow[touches])})


def utilization_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the highest utilization of the activities (B7)."""
    load, rows = load_of(f), estimate_of(f).system.nodes.activities
    used = load.utilization
    limited = load.capacity > 0
    unknown = int((limited & np.isnan(used)).sum())
    known = np.flatnonzero(~np.isnan(used))
    if not len(known):
        note = tr("No activity has both a capacity and a known tonnage that enters.", lang)
        return Measure(NAN, "share", n_unknown=unknown, note=note)
    top = int(known[np.argmax(used[known])])
    stage = quoted(str(columns(f, "stages").text("name")[rows.stage[top]]), lang)
    note = sentences(
        tr(
            "Highest at stage {stage}: {entering} enter, for a capacity of {capacity}.",
            lang,
            stage=stage,
            entering=tonnes(load.entering[top], lang),
            capacity=tonnes(load.capacity[top], lang),
        ),
        trn(
            "{count} activity has a capacity, and what enters is not known.",
            "{count} activities have a capacity, and what enters is not known.",
            unknown,
            lang,
        )
        if unknown
        else "",
    )
    value, lowest = float(used[top]), NAN if unknown else float(used[top])
    measure = Measure(
        value,
        "share",
        value if unknown else lowest,
        lowest,
        float(load.entering[top]),
        float(load.capacity[top]),
        n_unknown=unknown,
        note=note,
    )
    return measure.resting_on(f, {"activities": (str(rows.ids[top]),), "flows": _entering(f, top)})


def _entering(f: Filiere, activity: int) -> tuple[str, ...]:
    """Return the flows that enter an activity."""
    system = estimate_of(f).system
    node = system.nodes.activity_node[activity]
    arcs = system.arcs
    enters = (arcs.target == node) & (arcs.source != node) & (arcs.flow >= 0)
    return flows_at(f, arcs.flow[enters])


def unused_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the share of the supplies without a recorded use (A8), each at the firmest level stated."""
    total = left = 0.0
    unknown, flows, markets = 0, dict[str, None](), dict[str, None]()
    for supply in supplies_by_level(f):  # a loop over materials
        _, at = supply.levels[0]
        amount, used = float(at["quantity_t_per_year"].sum()), used_of(f, at)
        total, left, unknown = total + amount, left + max(amount - used.t, 0.0), unknown + used.n_unknown
        flows.update(dict.fromkeys(used.flows))
        markets.update(dict.fromkeys(identifiers(at.index)))
    if not total:
        return Measure(NAN, "share", note=tr("No supply is stated with its quantity.", lang))
    if not f.network.has_flows[0]:
        return Measure(NAN, "share", 0.0, 1.0, NAN, total, note=tr("No flow is described.", lang))
    value = ratio(left, total)
    fields = {"left": tonnes(left, lang), "total": tonnes(total, lang)}
    note = sentences(
        tr("Without a recorded use: {left} of {total}, each supply at its firmest level.", lang, **fields),
        trn(
            "At most: {count} flow or use inside an actor is not known.",
            "At most: {count} flows or uses inside actors are not known.",
            unknown,
            lang,
        )
        if unknown
        else "",
    )
    low = 0.0 if unknown else value
    measure = Measure(value, "share", low, value, left, total, n_unknown=unknown, note=note)
    return measure.resting_on(f, {"markets": tuple(markets), "flows": tuple(flows)})


def unmet_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the share of the demands that today's flows leave unserved (A7)."""
    rows = unmet_demand(f)
    asked = rows[(rows["demand_t_per_year"] > 0).to_numpy(bool)]
    total = float(asked["demand_t_per_year"].sum())
    if not total:
        return Measure(NAN, "share", note=tr("No demand is stated with its quantity.", lang))
    if not f.network.has_flows[0]:
        return Measure(NAN, "share", 0.0, 1.0, NAN, total, note=tr("No flow is described.", lang))
    served = np.minimum(asked["served_t_per_year"], asked["demand_t_per_year"])
    least = float(asked["unmet_t_per_year"].fillna(0).sum())
    most = total - float(served.sum())
    unknown = int(asked["n_unknown"].sum())
    sure = asked["unmet_t_per_year"].notna().all()
    note = sentences(
        tr(
            "Demands that today’s flows serve: {served} of {total}.",
            lang,
            served=tonnes(total - most, lang),
            total=tonnes(total, lang),
        ),
        trn(
            "{count} flow of unknown quantity may serve more.",
            "{count} flows of unknown quantity may serve more.",
            unknown,
            lang,
        )
        if not sure
        else "",
        tr("Outlets of waste, or that one pays for, are not counted.", lang) if _outlets(f) else "",
    )
    value = ratio(most, total) if sure else NAN
    measure = Measure(
        value, "share", ratio(least, total), ratio(most, total), most if sure else NAN, total,
        n_unknown=0 if sure else unknown, note=note,
    )  # fmt: skip
    markets = current_markets(f)
    demands = markets.index[markets["kind"].eq(MarketKind.DEMAND.value).to_numpy(bool)]
    return measure.resting_on(f, {"markets": identifiers(demands), "flows": _serving(f)})


def _outlets(f: Filiere) -> bool:
    """Return whether a demand was stated that is an outlet one pays for, or of a waste."""
    aside = stated_demands(f).aside
    return bool(aside["kind"].eq("outlet").any())


def _serving(f: Filiere) -> tuple[str, ...]:
    """Return the flows that arrive where something is asked for."""
    system = estimate_of(f).system
    places = stated_demands(f).places["row"].to_numpy()
    arrives = np.isin(system.arc_in, places) & (system.arcs.flow >= 0)
    return flows_at(f, system.arcs.flow[arrives])


def recovery_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the recovery rate of what is sorted (B12); the note gives that of what is collected."""
    stages = sorting_stages(f)
    if not len(stages):
        note = tr("No stage sorts: no recipe of a stage of waste makes several materials out of one.", lang)
        return Measure(NAN, "share", note=note)
    rates = rates_of(f)
    row, other = rates["sorted"], rates["collected"]
    notes = [
        tr(text, lang, total=tonnes(part.denominator_t_per_year, lang), share=_told(part, lang))
        for text, part in (
            (N_("Of what is sorted ({total}): {share}."), row),
            (N_("Of what is collected ({total}): {share}."), other),
        )
        if part.low == part.low
    ]
    n_unknown = row.n_unknown
    if n_unknown and notes:
        notes.append(tr("For a part of what is sorted, nothing says what becomes of it.", lang))
    elif not notes:
        notes.append(tr("What sorting receives, or sends on, is not known in full.", lang))
    measure = Measure(
        row.share,
        "share",
        row.low,
        row.high,
        row.recovered_t_per_year,
        row.denominator_t_per_year,
        n_unknown=int(n_unknown),
        note=sentences(*notes),
    )
    net = f.network
    touches = np.isin(net.flow_source_stage, stages) | np.isin(net.flow_target_stage, stages)
    return measure.resting_on(f, {"flows": flow_rows(f, touches)})


def _told(row: Rate, lang: str) -> str:
    """Return a share, or its bounds."""
    low, high = row.low, row.high
    if low == high or np.isnan(low):
        return percent(low, lang)
    return tr("from {low} to {high}", lang, low=percent(low, lang), high=percent(high, lang))
