"""The territorial metrics as the diagnosis runs them: value, bounds, rows, what is unknown, and a note."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ...columns import Rows, columns
from ...language import N_, percent, tr, trn
from ...network.positions import any_at
from ...provenance import soft_mask
from ..activities import flow_rows, identifiers
from ..costs import current_costs
from ..measure import NAN, Measure
from ..wording import euros, sentences, tonnes
from ._money import spending_of
from .haulage import distances_of, whole_haulage
from .multiplier import rounds_of
from .places import places_of
from .purchases import purchases_of, whole_sourcing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere
    from .purchases import Purchases

    Mask = NDArray[np.bool_]

__all__ = ["haul_measure", "leakage_measure", "lm3_measure", "local_share_measure", "tonne_km_measure"]

_NO_TERRITORY = N_("No territory is given: where the actors are was not looked at.")
_NO_FLOW = N_("No flow is described.")


# -- purchases --------------------------------------------------------------------------------------


def local_share_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the local share of purchases (E5), in euros."""
    return _sourcing(f, "local", lang)


def leakage_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the leakage rate (A10), in euros."""
    return _sourcing(f, "outside", lang)


def _sourcing(f: Filiere, part: str, lang: str) -> Measure:
    row, bought = whole_sourcing(f), purchases_of(f)
    total = row["local"] + row["outside"]
    share, low, high = (row[name] for name in ("local_share", "low", "high"))
    if part == "outside":
        share, low, high = 1 - share, 1 - high, 1 - low
    if row["n_unknown"]:  # an amount that nobody knows may move the share anywhere
        low = high = NAN
    known = ~np.isnan(bought.weight)
    vague = (bought.ours & known & bought.unplaced) | (bought.perhaps & known)
    measure = Measure(
        share,
        "share",
        low,
        high,
        numerator=row[part],
        denominator=total,
        n_unknown=int(row["n_unknown"]) + int(vague.sum()),
        scope="territory",
        note=_sourcing_note(f, bought, part, row[part], total, lang),
    )
    rows = bought.row[bought.ours]
    measure = measure.resting_on(f, {"flows": Rows(columns(f, "flows"), rows)})
    # the amounts are what the figure is made of, not the tonnes that the rows are there for
    soft = soft_mask(f, "flows", column="amount_eur_per_year")[rows]
    return replace(measure, hypothesis_share=float(soft.mean()) if len(soft) else NAN)


def _sourcing_note(f: Filiere, bought: Purchases, part: str, amount: float, total: float, lang: str) -> str:
    if not f.network.bounded[0]:
        return tr(_NO_TERRITORY, lang)
    if not f.network.flow_row.size:
        return tr(_NO_FLOW, lang)
    if not bought.ours.any():
        return tr("No purchase of an actor of the territory is described.", lang)
    known = ~np.isnan(bought.weight)
    local = part == "local"
    here = N_("Purchases of the actors of the territory: {part} of {total} made in it.")
    away = N_("Purchases of the actors of the territory: {part} of {total} made outside.")
    fields = {"part": euros(amount, lang), "total": euros(total, lang)}
    in_tonnes = whole_sourcing(f, weight="t")["local_share"]
    in_tonnes = 1 - in_tonnes if part == "outside" else in_tonnes
    other_here = N_("Of the tonnes that they receive, {share} come from the territory.")
    other_away = N_("Of the tonnes that they receive, {share} come from outside the territory.")
    return sentences(
        *[
            tr(here if local else away, lang, **fields) if total > 0 else "",
            _if_any(
                n := int((bought.ours & ~known).sum()),
                trn(
                    "{count} purchase of unknown amount is left out.",
                    "{count} purchases of unknown amount are left out.",
                    n,
                    lang,
                ),
            ),
            _if_any(
                n := int((bought.ours & known & bought.unplaced).sum()),
                trn(
                    "For {count} purchase nobody knows where the supplier is.",
                    "For {count} purchases nobody knows where the supplier is.",
                    n,
                    lang,
                ),
            ),
            _if_any(
                n := int((bought.perhaps & known).sum()),
                trn(
                    "For {count} purchase nobody knows whether the buyer is in the territory.",
                    "For {count} purchases nobody knows whether the buyer is in the territory.",
                    n,
                    lang,
                ),
            ),
            tr(other_here if local else other_away, lang, share=percent(in_tonnes, lang))
            if in_tonnes == in_tonnes
            else "",
        ]
    )


def _if_any(count: int, sentence: str) -> str:
    return sentence if count else ""


# -- distances --------------------------------------------------------------------------------------


def haul_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the mean haul (E6), in straight lines."""
    row = whole_haulage(f)
    value, n_unknown = row["mean_haul_km"], int(row["n_unknown"])
    exact = NAN if n_unknown else value
    numerator, denominator = row["tonne_km_per_year"], row["located_t_per_year"]
    note = _haul_note(f, lang)
    measure = Measure(value, "km", exact, exact, numerator, denominator, n_unknown=n_unknown, note=note)
    return measure.resting_on(f, _haul_rows(f))


def tonne_km_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the tonne-kilometres of a year, in straight lines; what is left out only adds to them."""
    row = whole_haulage(f)
    value, n_unknown = row["tonne_km_per_year"], int(row["n_unknown"])
    high, note = NAN if n_unknown else value, _haul_note(f, lang)
    measure = Measure(value, "t.km/year", value, high, n_unknown=n_unknown, note=note)
    measure = measure.resting_on(f, _haul_rows(f))
    work = np.nan_to_num(distances_of(f) * f.network.flow_t)
    soft, total = float(work[f.network.flow_hypothesis].sum()), float(work.sum())
    return replace(measure, hypothesis_share=soft / total) if total > 0 else measure


def _haul_rows(f: Filiere) -> dict[str, Rows]:
    """Return the flows that travel a known distance, the actors at their ends, the centres that place them."""
    net, places = f.network, places_of(f)
    use = ~np.isnan(distances_of(f)) & ~np.isnan(net.flow_t)
    ends = np.concatenate([net.flow_source[use], net.flow_target[use]])
    at = np.flatnonzero(any_at(ends, net.n_actors))
    perimeters = np.unique(places.perimeter[at])
    return {
        "flows": flow_rows(f, use),
        "actors": Rows(columns(f, "actors"), at),
        "territories": Rows(columns(f, "territories"), perimeters[perimeters >= 0]),
    }


def _haul_note(f: Filiere, lang: str) -> str:
    net, row = f.network, whole_haulage(f)
    if not len(net.flow_row):
        return tr(_NO_FLOW, lang)
    if not row["known_t_per_year"] > 0:
        return tr("No flow has a known quantity.", lang)
    start, end, places = net.flow_source, net.flow_target, places_of(f)
    known = ~np.isnan(net.flow_t)
    far = np.isnan(distances_of(f)) & known
    blank = (start < 0) | (end < 0)
    lost = np.flatnonzero(any_at(np.concatenate([start[far], end[far]]), net.n_actors))
    placed = np.append(places.known, False)
    near = far & placed[start] & placed[end]
    some = N_("In straight lines, over {located} of which the journey is known, of {known} in all.")
    none = N_("Of {known}, no journey is known.")
    fields = {
        "located": tonnes(float(np.nan_to_num(row["located_t_per_year"])), lang),
        "known": tonnes(row["known_t_per_year"], lang),
    }
    return sentences(
        *[
            tr(some if row["located_t_per_year"] > 0 else none, lang, **fields),
            _if_any(
                n := int((~places.known[lost]).sum()),
                trn(
                    "{count} actor has neither coordinates nor a commune whose centre is known.",
                    "{count} actors have neither coordinates nor a commune whose centre is known.",
                    n,
                    lang,
                ),
            ),
            _if_any(
                n := int((far & blank).sum()),
                trn(
                    "{count} flow from or to the outside has no known distance.",
                    "{count} flows from or to the outside have no known distance.",
                    n,
                    lang,
                ),
            ),
            _if_any(
                n := int((near).sum()),
                trn(
                    "{count} flow within one commune has no known distance: addresses are missing.",
                    "{count} flows within one commune have no known distance: addresses are missing.",
                    n,
                    lang,
                ),
            ),
            _if_any(
                n := int((~known).sum()),
                trn(
                    "{count} flow of unknown quantity is left out.",
                    "{count} flows of unknown quantity are left out.",
                    n,
                    lang,
                ),
            ),
        ]
    )


# -- multiplier -------------------------------------------------------------------------------------


def lm3_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the local multiplier LM3 (E4) of the actors of the territory, without any hypothesis."""
    net, spent, rounds = f.network, spending_of(f), rounds_of(f)
    local = net.active & (net.local == 1)
    used = local & (np.nan_to_num(rounds.income) > 0)
    value, low, high = rounds.total(local)
    first = float(rounds.income[used].sum()) if used.any() else NAN
    costs = current_costs(f)
    paying = used[f.codes("costs", "actor_id")[costs.at]]
    touched = np.append(used, False)[net.flow_source] | np.append(used, False)[net.flow_target]
    rows = {
        "costs": identifiers(costs.ids[paying]),
        "flows": identifiers(columns(f, "flows").ids[np.unique(purchases_of(f).row[touched])]),
    }
    measure = Measure(
        value,
        "ratio",
        low,
        high,
        numerator=value * first,
        denominator=first,
        n_unknown=int(spent.n_unknown[local].sum()),
        scope="territory",
        note=_lm3_note(f, used, local & np.isnan(rounds.income), bool(value == value), lang),
    )
    return measure.resting_on(f, rows)


def _lm3_note(f: Filiere, used: Mask, unknown: Mask, exact: bool, lang: str) -> str:
    if not f.network.bounded[0]:
        return tr(_NO_TERRITORY, lang)
    spent = spending_of(f)
    some = spent.n_income_unknown > 0
    if not used.any():
        return tr(
            "No actor of the territory has a known income: give the amount of each flow (0 where nothing is "
            "paid) and the costs and income.",
            lang,
        )
    told = trn(
        "Over {count} actor of the territory whose income is known.",
        "Over {count} actors of the territory whose income is known.",
        int(used.sum()),
        lang,
    )
    out = _if_any(
        n := int((unknown & some).sum()),
        trn(
            "For {count} other, an amount of its income is unknown.",
            "For {count} others, an amount of their income is unknown.",
            n,
            lang,
        ),
    )
    wages = _if_any(
        n := int((used & (spent.open | (spent.perhaps > 0))).sum()),
        trn(
            "For {count} of them the sums paid in the territory are not all known.",
            "For {count} of them the sums paid in the territory are not all known.",
            n,
            lang,
        ),
    )
    bounds = tr(
        "How much of what they receive the inhabitants and the other suppliers spend in the territory is not "
        "known: the bounds go from nothing to all of it.",
        lang,
    )
    return sentences(told, out, wages, "" if exact else bounds)
