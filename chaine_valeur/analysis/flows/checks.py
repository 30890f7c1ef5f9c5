"""Findings about figures that do not fit together: balances, declarations, shares, capacities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ...language import enumeration, number, percent, tr, trn
from ...quantities import with_tonnes
from ..activities import identifiers
from ..findings import Finding
from ..measure import NAN
from ..wording import flow_names, quoted, sentences, times, tonnes
from .balances.balance import Balances, balances_of
from .balances.estimate import Estimate, estimate_of
from .balances.evidence import Lookup, evidence_of
from .measures import CHECKED
from .uses.ratios import load_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from ...filiere import Filiere

    Rows = dict[str, tuple[str, ...]]

__all__ = ["CHECKS", "WRONG", "ends_of", "excess", "figures_disagree", "flow_imbalance", "over_capacity"]

#: Beyond so many times its uncertainty a figure is wrong somewhere.
WRONG = 3.0
#: Findings of one check that are worded, the worst; those beyond are counted in one more.
MOST_TOLD = 40


def flow_imbalance(
    f: Filiere, *, lang: str = "fr", checked: float = CHECKED, wrong: float = WRONG, most: int = MOST_TOLD
) -> Iterator[Finding]:
    """Yield the balances that do not add up: ``|z| > checked``, of high priority above `wrong`.

    One balance per activity; activities of one actor that passages of unknown quantity join are one. The `most` that
    are furthest off are told, the others counted.
    """
    found = balances_of(f, by="place")
    of_node = found.groups.of_node
    assert of_node is not None  # places are groups of nodes
    nodes = Lookup(of_node)
    ends = tuple(Lookup(end) for end in found.groups.ends(found.estimate.system))
    z = found.columns["z"]
    told, left = _worst(np.abs(z), checked, most)
    for place in told:  # over the few that are told
        start, end = (at([int(place)]) for at in ends)
        crossing = np.setxor1d(start, end, assume_unique=True)
        yield _imbalance(f, found, int(place), nodes([int(place)]), crossing, wrong, lang)
    if left:
        message = trn(
            "{count} further balance does not add up: the table of balances has it.",
            "{count} further balances do not add up: the table of balances has them.",
            left,
            lang,
        )
        yield Finding("flow_imbalance", "medium", message, year=f.network.year)


def _imbalance(
    f: Filiere,
    found: Balances,
    place: int,
    nodes: NDArray[np.int64],
    crossing: NDArray[np.int64],
    wrong: float,
    lang: str,
) -> Finding:
    """Return the finding about one place, its nodes, and the arcs that enter or leave it."""
    system, row = found.estimate.system, found.frame.iloc[place]
    flow = system.arcs.flow[crossing]
    flows = evidence_of(f).declarations(flow[flow >= 0])
    acts = system.nodes.activities
    held = found.groups.activities_at([place])
    named = dict.fromkeys(acts.stage[held].tolist() or system.nodes.stage[nodes].tolist())
    stages = [stage for stage in named if stage >= 0]
    residual, z = float(row["residual_t_per_year"]), float(row["z"])
    fields = {
        "where": _stages(f, stages, lang),
        "inputs": tonnes(row["inputs_t_per_year"], lang),
        "outputs": tonnes(row["outputs_t_per_year"], lang),
        "residual": tonnes(abs(residual), lang),
    }
    loss, untraced = float(row["loss_t_per_year"]), float(row["untraced_t_per_year"])
    stock = float(np.nan_to_num(row["stock_change_t_per_year"]))
    message = sentences(
        tr("{where}: {inputs} enter, {outputs} leave.", lang, **fields),
        tr("Losses that the recipes state: {loss}.", lang, loss=tonnes(loss, lang)) if loss else "",
        tr("Made, and taken away by no flow: {made}.", lang, made=tonnes(untraced, lang))
        if untraced > 0
        else "",
        tr("Taken, and brought by no flow: {taken}.", lang, taken=tonnes(-untraced, lang))
        if untraced < 0
        else "",
        tr("Change of stock: {stock}.", lang, stock=tonnes(stock, lang)) if stock else "",
        tr("{residual} are without explanation ({times}).", lang, times=_in_sigmas(z, lang), **fields)
        if residual > 0
        else tr(
            "{residual} more are accounted for than enter ({times}).",
            lang,
            times=_in_sigmas(z, lang),
            **fields,
        ),
        evidence_of(f).call_back(flows, lang),
    )
    rows: Rows = {"flows": flows, "activities": identifiers(acts.ids[held])}
    return _finding(
        f,
        "flow_imbalance",
        "high" if abs(z) > wrong else "medium",
        message,
        rows,
        quantity=abs(residual),
        stage_id=f.network.stage_ids[stages[0]] if len(stages) == 1 else None,
        actor_id=f.network.actor_ids[system.nodes.actor[nodes[0]]],
    )


def figures_disagree(
    f: Filiere, *, lang: str = "fr", checked: float = CHECKED, wrong: float = WRONG, most: int = MOST_TOLD
) -> Iterator[Finding]:
    """Yield the figures about one thing that contradict each other.

    Two declarations of a flow further apart than `checked` times the uncertainty of their difference (high
    priority above `wrong`); a minimum above a maximum of another declaration; shares of one total that make more
    than the whole. The first `most` of each are told, those furthest apart, the others counted.
    """
    estimate = estimate_of(f)
    declared = estimate.declared
    told, left = _worst(np.nan_to_num(declared.spread), checked, most)
    for flow in told:  # over the few that are told
        yield _two_figures(f, estimate, int(flow), wrong, lang)
    told, beyond = _worst(
        np.where(declared.low > declared.high, declared.low - declared.high, 0.0), 0.0, most
    )
    left += beyond
    for flow in told:
        named = flow_names(f, [str(f.network.flow_ids[flow])], lang=lang)[0]
        low, high = float(declared.low[flow]), float(declared.high[flow])
        message = sentences(
            tr(
                "{flow}: known to be at least {low}, and at most {high}.",
                lang,
                flow=named,
                low=tonnes(low, lang),
                high=tonnes(high, lang),
            ),
            evidence_of(f).call_back(flows := evidence_of(f).declarations([int(flow)]), lang),
        )
        ends = ends_of(f, int(flow))
        yield _finding(f, "figures_disagree", "high", message, {"flows": flows}, quantity=low - high, **ends)
    base = estimate.shares.base[np.isin(estimate.shares.arc, estimate.exceeding)]
    totals = np.unique(base)
    left += max(len(totals) - most, 0)
    for total in totals[:most]:
        yield _too_many_shares(f, estimate, int(total), lang)
    if left:
        message = trn(
            "{count} further contradiction between figures is not told.",
            "{count} further contradictions between figures are not told.",
            left,
            lang,
        )
        yield Finding("figures_disagree", "medium", message, year=f.network.year)


def _two_figures(f: Filiere, estimate: Estimate, flow: int, wrong: float, lang: str) -> Finding:
    declared, table = estimate.declared, with_tonnes(f, "flows")
    ends = [int(declared.lowest[flow]), int(declared.highest[flow])]
    low, high = (float(value) for value in table["quantity_t_per_year"].iloc[ends])
    flows = evidence_of(f).declarations([int(flow)])
    z = float(declared.spread[flow])
    by = [evidence_of(f).source(str(table.index[row]), lang) for row in ends]
    message = tr(
        "{flow}: {low} ({by_low}), {high} ({by_high}). The two figures are further apart than their uncertainty "
        "allows ({times}).",
        lang,
        flow=flow_names(f, [str(f.network.flow_ids[flow])], lang=lang)[0],
        low=tonnes(low, lang),
        by_low=by[0],
        high=tonnes(high, lang),
        by_high=by[1],
        times=_in_sigmas(z, lang),
    )
    severity = "high" if z > wrong else "medium"
    return _finding(
        f, "figures_disagree", severity, message, {"flows": flows}, quantity=high - low, **ends_of(f, flow)
    )


def _too_many_shares(f: Filiere, estimate: Estimate, total: int, lang: str) -> Finding:
    shares, nodes = estimate.shares, estimate.system.nodes
    node = int(shares.node[total])
    mine = shares.arc[shares.base == total]
    flows = evidence_of(f).declarations(mine)
    summed = float(max(shares.sums[total], shares.outer[total]))
    stage = int(nodes.stage[node])
    fields = {"where": _stages(f, [stage] if stage >= 0 else [], lang), "sum": percent(summed, lang)}
    receives = bool(shares.arriving[total])
    head = (
        tr("{where}: the shares of what it receives make {sum}.", lang, **fields)
        if receives
        else tr("{where}: the shares of what it sends make {sum}.", lang, **fields)
    )
    rest = "" if summed > 1 else tr("Other flows of a known tonnage come on top.", lang)
    return _finding(
        f,
        "figures_disagree",
        "high",
        sentences(head, rest, evidence_of(f).call_back(flows, lang)),
        {"flows": flows},
        quantity=NAN,
        stage_id=f.network.stage_ids[stage] if stage >= 0 else None,
        actor_id=f.network.actor_ids[nodes.actor[node]],
    )


def over_capacity(
    f: Filiere, *, lang: str = "fr", checked: float = CHECKED, wrong: float = WRONG, most: int = MOST_TOLD
) -> Iterator[Finding]:
    """Yield the activities and passages that carry more than their capacity, by `checked` uncertainties.

    Known tonnes count, so that an unknown flow hides nothing. High priority from `wrong` uncertainties on. The `most`
    that are furthest above are told, of activities and of passages, the others counted.
    """
    load, estimate = load_of(f), estimate_of(f)
    frame = estimate.system.nodes.activities.frame
    arcs, nodes = estimate.system.arcs, estimate.system.nodes
    entering_arcs = Lookup(np.where(arcs.source != arcs.target, arcs.target, -1))
    z = excess(load.known, load.capacity, load.sigma)
    told, left = _worst(z, checked, most)
    for place in told:  # over the few that are told
        entering, capacity = float(load.known[place]), float(load.capacity[place])
        stage = str(frame["stage_id"].iloc[place])
        fields = {
            "where": _stages(f, [f.network.stage_ids.get_loc(stage)], lang),
            "entering": tonnes(entering, lang),
            "capacity": tonnes(capacity, lang),
        }
        flow = arcs.flow[entering_arcs([int(nodes.activity_node[place])])]
        flows = evidence_of(f).declarations(flow[flow >= 0])
        head = tr("{where}: {entering} enter, for a capacity of {capacity}.", lang, **fields)
        yield _finding(
            f,
            "over_capacity",
            "high" if z[place] > wrong else "medium",
            sentences(head, tr("One of the two figures is to be checked.", lang)),
            {"activities": (str(frame.index[place]),), "flows": flows},
            quantity=entering - capacity,
            stage_id=stage,
            actor_id=str(frame["actor_id"].iloc[place]),
        )
    declared = estimate.declared
    z = excess(declared.t, declared.capacity, declared.sigma)
    told, beyond = _worst(z, checked, most)
    for passage in told:
        t, capacity = float(declared.t[passage]), float(declared.capacity[passage])
        head = tr(
            "{flow}: {t} pass, for a capacity of {capacity}.",
            lang,
            flow=flow_names(f, [str(f.network.flow_ids[passage])], lang=lang)[0],
            t=tonnes(t, lang),
            capacity=tonnes(capacity, lang),
        )
        yield _finding(
            f,
            "over_capacity",
            "high" if z[passage] > wrong else "medium",
            sentences(head, tr("One of the two figures is to be checked.", lang)),
            {"flows": evidence_of(f).declarations([passage])},
            quantity=t - capacity,
            **ends_of(f, passage),
        )
    if left + beyond:
        message = trn(
            "{count} further activity or passage carries more than its capacity.",
            "{count} further activities or passages carry more than their capacity.",
            left + beyond,
            lang,
        )
        yield Finding("over_capacity", "medium", message, year=f.network.year)


#: In the order in which they are told.
CHECKS: tuple[Callable[..., Iterable[Finding]], ...] = (flow_imbalance, figures_disagree, over_capacity)


def _worst(size: NDArray[np.float64], limit: float, most: int) -> tuple[list[int], int]:
    """Return the places above a limit, in order, at most so many: the largest; and how many are left out."""
    above = np.flatnonzero(size > limit)
    kept = above if len(above) <= most else np.sort(above[np.argsort(-size[above], kind="stable")[:most]])
    return kept.tolist(), len(above) - len(kept)


def excess(
    t: NDArray[np.float64], capacity: NDArray[np.float64], sigma: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return by how many uncertainties a tonnage is above a capacity, 0 where it is not."""
    above = np.nan_to_num(t - capacity)
    above[above <= 1e-9 * np.nan_to_num(capacity)] = 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(above > 0, above / sigma, 0.0)


def ends_of(f: Filiere, flow: int) -> dict[str, str | None]:
    """Return what a finding about a flow is about."""
    net = f.network
    ids = {
        "stage_id": (net.stage_ids, net.flow_source_stage),
        "to_stage_id": (net.stage_ids, net.flow_target_stage),
        "actor_id": (net.actor_ids, net.flow_source),
        "to_actor_id": (net.actor_ids, net.flow_target),
        "material_id": (net.material_ids, net.flow_material),
    }
    return {name: index[codes[flow]] if codes[flow] >= 0 else None for name, (index, codes) in ids.items()}


def _stages(f: Filiere, stages: list[int], lang: str) -> str:
    """Return « maillon « Tri » », « l’un des 3 acteurs du maillon « Tri » », or that the stage is not known."""
    if not stages:
        return tr("Stage not stated", lang)
    names = [quoted(str(f.stages["name"].iloc[stage]), lang) for stage in stages]
    told = enumeration(names, lang)
    holders = int(f.network.holders[stages].min())
    if holders > 1:  # what is said of one of them is not said of the stage
        return trn(
            "One of the {holders} actors of stage {names}",
            "One of the {holders} actors of stages {names}",
            len(names),
            lang,
            names=told,
            holders=number(holders, lang),
        )
    return trn("Stage {names}", "Stages {names}", len(names), lang, names=told)


def _in_sigmas(z: float, lang: str) -> str:
    """Return « 3,4 fois l’incertitude »."""
    if np.isinf(z):
        return tr("the figures are stated as exact", lang)
    return tr("{times} times the uncertainty", lang, times=times(abs(z), lang))


def _finding(
    f: Filiere,
    kind: str,
    severity: str,
    message: str,
    rows: Rows,
    *,
    quantity: float,
    stage_id: str | None = None,
    to_stage_id: str | None = None,
    actor_id: str | None = None,
    to_actor_id: str | None = None,
    material_id: str | None = None,
) -> Finding:
    return Finding(
        kind=kind,
        severity=severity,
        message=message,
        stage_id=stage_id,
        to_stage_id=to_stage_id,
        actor_id=actor_id,
        to_actor_id=to_actor_id,
        material_id=material_id,
        year=f.network.year,
        quantity=quantity,
        unit="t/year",
        hypothesis_share=evidence_of(f).hypothesis_share(rows),
        rows={name: found for name, found in rows.items() if found},
    )
