"""The gap metrics as the diagnosis runs them: value, bounds, rows, what is unknown, and a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...columns import Rows, columns
from ...language import N_, enumeration, interval, number, tr, trn
from ..activities import flow_rows
from ..flows.balances.balance import balances_of
from ..measure import NAN, Measure, ratio
from ..system.processes import current_recipes
from ..wording import tonnes
from ._actors import places_of
from ._build import activity_rows, every_link, stage_rows
from ._counts import into, rests_on_one
from ._reference import reference_of
from ._wording import unit_name
from .chain import chain_of
from .metrics import (
    coverage_counts,
    dead_end_tonnes,
    missing_units,
    passage_counts,
    path_counts,
)

if TYPE_CHECKING:
    from ...filiere import Filiere
__all__ = [
    "completeness_measure",
    "coverage_measure",
    "dead_end_measure",
    "fragility_measure",
    "missing_passage_measure",
    "missing_weight_measure",
    "orphan_measure",
    "single_units",
    "wide_coverage_measure",
]


def coverage_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the stage coverage (A1) of the territory, its bounds where places are unknown."""
    covered, undecided, expected = coverage_counts(f)
    wide, _, required = coverage_counts(f, anywhere=True)
    notes, bounded = [], bool(f.network.bounded[0])
    if expected:
        told = interval(covered, covered + undecided, lang) if undecided else number(covered, lang)
        fields = {"covered": told, "expected": number(expected, lang)}
        notes.append(tr("Stages expected locally and held: {covered} of {expected}.", lang, **fields))
        if not bounded:
            notes.append(tr("No territory is given: where the actors are was not looked at.", lang))
    if undecided:
        notes.append(
            trn(
                "For {count} stage the commune of the actors is not given.",
                "For {count} stages the commune of the actors is not given.",
                undecided,
                lang,
            )
        )
    if required:
        notes.append(
            tr(
                "Wherever they are, actors hold {wide} of the {required} required stages.",
                lang,
                wide=number(wide, lang),
                required=number(required, lang),
            )
        )
    else:
        notes.append(_no_stages(lang))
    chain = chain_of(f)
    scope = "territory" if bounded else "filiere"
    measure = _share_of(covered, undecided, expected, scope=scope, note=" ".join(notes))
    return measure.resting_on(f, _stage_rows(f, chain.unit_local))


def wide_coverage_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the stage coverage (A1) by anybody, wherever: the regional companion."""
    covered, _, required = coverage_counts(f, anywhere=True)
    value = ratio(covered, required)
    note = tr("Every required stage counts, whatever its scale.", lang) if required else _no_stages(lang)
    measure = Measure(value, "share", value, value, float(covered), float(required), note=note)
    return measure.resting_on(f, _stage_rows(f, chain_of(f).unit_required))


def missing_weight_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the weight of the missing stages (A2)."""
    reference, chain, missing = reference_of(f), chain_of(f), missing_units(f)
    weight = np.array(reference.weights)
    known = len(weight) > 0 and not np.isnan(weight).any()
    top, bottom = (float(weight[missing].sum()), float(weight.sum())) if known else (NAN, NAN)
    undecided = chain.unit_local & ~missing & ~chain.any_member(chain.here)
    value, more = ratio(top, bottom), float(weight[undecided].sum()) if known else NAN
    heaviest = sorted(np.flatnonzero(missing).tolist(), key=lambda unit: -weight[unit]) if known else []
    if not known:
        note = _no_paths(f, lang)
    elif heaviest:
        names = [unit_name(f, unit, lang) for unit in heaviest]
        note = tr("Missing, from the heaviest: {names}.", lang, names=enumeration(names, lang))
    else:
        note = tr("No stage expected locally is missing.", lang)
    note = _with_cut(note, reference.graph.n_cut, lang)
    rows = {**_stage_rows(f, chain.unit_required), **every_link(f)}
    high, n_unknown = ratio(top + more, bottom), int(undecided.sum())
    measure = Measure(value, "share", value, high, top, bottom, n_unknown=n_unknown, note=note)
    return measure.resting_on(f, rows)


def missing_passage_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the share of missing passages (A3)."""
    missing, undecided, expected = passage_counts(f)
    chain = chain_of(f)
    told = chain.has_flows or not undecided
    if not expected:
        note = tr("No passage is expected: fill in the expected passages.", lang)
    elif not told:
        note = tr("Without a table of flows, nobody knows which passages are made.", lang)
    elif not missing:
        every = N_("All expected passages are seen: {expected}.")
        none = N_("None of the expected passages ({expected}) is known to be missing.")
        note = tr(none if undecided else every, lang, expected=number(expected, lang))
    else:
        note = trn(
            "{count} of the {expected} expected passages is not seen.",
            "{count} of the {expected} expected passages are not seen.",
            missing,
            lang,
            expected=number(expected, lang),
        )
    if told and undecided:
        note += " " + trn(
            "{count} passage is undecided: a flow does not say which stages it joins.",
            "{count} passages are undecided: flows do not say which stages they join.",
            undecided,
            lang,
        )
    measure = _share_of(missing, undecided, expected, told=told, note=note)
    return measure.resting_on(f, {**every_link(f), "flows": flow_rows(f)})


def completeness_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the path completeness (A4)."""
    total, complete, undecided = path_counts(f)
    chain = chain_of(f)
    told = chain.has_flows or not undecided
    if not total:
        note = _no_paths(f, lang)
    else:
        note = trn(
            "{count} path is expected from a resource to a market, {complete} complete.",
            "{count} paths are expected from a resource to a market, {complete} complete.",
            total,
            lang,
            complete=number(complete, lang),
        )
        if undecided and told:
            note += " " + tr("Undecided, for want of the stage of some flows: {count}.", lang,
                             count=number(undecided, lang))  # fmt: skip
        if not told:
            note += " " + tr("Without a table of flows, nobody knows which passages are made.", lang)
    note = _with_cut(note, reference_of(f).graph.n_cut, lang)
    measure = _share_of(complete, undecided, total, told=told, note=note)
    rows = {**_stage_rows(f, np.ones(chain.n_units, dtype=bool)), **every_link(f)}
    return measure.resting_on(f, {**rows, "flows": flow_rows(f)})


def dead_end_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the dead-end volume (A5)."""
    net, places = f.network, places_of(f)
    stuck, total = dead_end_tonnes(f)
    unknown = places.between & np.isnan(net.flow_t)
    n_unknown = int(unknown.sum())
    ends = int((places.dead_end & (places.n_in > 0)).sum())
    if not chain_of(f).has_flows:
        note = tr("No flow is described.", lang)
    elif total != total:
        note = tr("No flow has a known quantity.", lang)
    elif not ends:
        text = N_("Of {total} on recorded flows, none ends at an actor from which nothing leaves.")
        note = tr(text, lang, total=tonnes(total, lang))
    else:
        note = trn(
            "{stuck} of {total} stop at {count} actor without a recorded outlet.",
            "{stuck} of {total} stop at {count} actors without a recorded outlet.",
            ends,
            lang,
            stuck=tonnes(stuck, lang),
            total=tonnes(total, lang),
        )
    if n_unknown:
        note += " " + trn(
            "{count} flow of unknown quantity is left out.",
            "{count} flows of unknown quantity are left out.",
            n_unknown,
            lang,
        )
    untraced = 0.0
    if chain_of(f).has_flows and len(current_recipes(f)):  # without a recipe nothing is made that could leave
        untraced = np.nansum(np.maximum(balances_of(f, by="place").columns["untraced_t_per_year"], 0)).item()
    if untraced > 0:
        text = N_(
            "Not among them: {untraced} that recipes make and no recorded flow takes away (see the balances)."
        )
        note += " " + tr(text, lang, untraced=tonnes(untraced, lang))
    value = ratio(stuck, total)
    exact = NAN if n_unknown else value
    rows = {"flows": flow_rows(f, places.between)}
    measure = Measure(value, "share", exact, exact, stuck, total, n_unknown=n_unknown, note=note)
    return measure.resting_on(f, rows)


def orphan_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the number of orphans (A6)."""
    net, places, known = f.network, places_of(f), chain_of(f).has_flows
    count, asked = int(places.orphan.sum()), int(places.should_be_fed.sum())
    note = trn(
        "Among {count} actor that should be supplied.",
        "Among {count} actors that should be supplied.",
        asked,
        lang,
    )
    silent = int((places.orphan & places.silent).sum())
    if silent:
        note += " " + trn(
            "For {count} of those without supply, no flow is stated at all.",
            "For {count} of those without supply, no flow is stated at all.",
            silent,
            lang,
        )
    if not known:
        note = tr("No flow is described.", lang)
    value = float(count) if known else NAN
    fed = into(net.flow_target, places.should_be_fed) & places.between
    rows = {
        "actors": Rows.where(columns(f, "actors"), places.should_be_fed),
        "flows": flow_rows(f, fed),
    }
    low, high = (value - silent, value) if known else (0.0, float(asked))
    measure = Measure(value, "count", low, high, n_unknown=silent if known else asked, note=note)
    return measure.resting_on(f, rows)


def fragility_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the share of the held required stages that rest on one actor (from A12)."""
    chain = chain_of(f)
    single, held = single_units(f)
    names = [unit_name(f, unit, lang) for unit in np.flatnonzero(single).tolist()]
    if not chain.unit_required.any():
        note = _no_stages(lang)
    elif names:
        note = tr("To be secured: {names}.", lang, names=enumeration(names, lang))
    else:
        note = tr("No held stage rests on a single actor.", lang)
    value = ratio(int(single.sum()), int(held.sum()))
    measure = Measure(value, "share", value, value, float(single.sum()), float(held.sum()), note=note)
    return measure.resting_on(f, _stage_rows(f, held))


def single_units(f: Filiere) -> tuple[np.ndarray, np.ndarray]:
    """Return the required units that one single actor holds, and those that anybody holds."""
    return rests_on_one(chain_of(f))


# -- rows and words ---------------------------------------------------------------------------------


def _share_of(
    part: int, undecided: int, whole: int, *, note: str, scope: str = "filiere", told: bool = True
) -> Measure:
    """Return the share of some cases; those undecided are in neither term, and in its bounds.

    Where nothing can be told (`told`), the bounds alone are given.
    """
    decided = whole - undecided
    return Measure(
        value=ratio(part, decided) if told else NAN,
        unit="share",
        low=ratio(part, whole),
        high=ratio(part + undecided, whole),
        numerator=float(part) if told else NAN,
        denominator=float(decided) if told else NAN,
        n_unknown=undecided,
        scope=scope,
        note=note,
    )


def _stage_rows(f: Filiere, units: np.ndarray) -> dict[str, Rows]:
    """Return the stages of some units and the activities of active actors at them."""
    stages = np.flatnonzero(units[chain_of(f).unit])
    return {**stage_rows(f, stages), **activity_rows(f, stages)}


def _no_stages(lang: str) -> str:
    return tr("No stage is expected: fill in the stages.", lang)


def _no_paths(f: Filiere, lang: str) -> str:
    chain = chain_of(f)
    if not len(chain.link_row):
        return tr("No passage is expected: fill in the expected passages.", lang)
    if not chain.resource.any() or not chain.market.any():
        return tr("The expected chain needs a stage of kind resource and one of kind market.", lang)
    return tr("No expected passage leads from a resource to a market.", lang)


def _with_cut(note: str, n_cut: int, lang: str) -> str:
    if not n_cut:
        return note
    told = trn(
        "A large loop of stages: {count} passage back was left out of the paths.",
        "A large loop of stages: {count} passages back were left out of the paths.",
        n_cut,
        lang,
    )
    return f"{note} {told}"
