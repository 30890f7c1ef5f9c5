"""How a throughput is told: how it ended, what it takes as without limit, what it leaves aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ....language import N_, clauses, enumeration, quantity, tr, trn
from ....schema import unit_label
from ...wording import sentences
from .uncounted import capacities_not_counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ....filiere import Filiere

__all__ = ["condition_of", "limit_text", "notes_of", "place_text"]

#: Inputs without a known limit that a sentence names.
_MOST_INPUTS = 3
_NOTHING = {
    "no_flow": N_("No flow is stated: what the chain can carry is not known."),
    "no_buyer": N_("Nobody is known to ask for anything: state a demand, or a stage that is a market."),
    "no_path": N_("No path leads from a supply to those who ask."),
    "held": N_(
        "Recorded flows lead to those who ask, and yet nothing gets through: a capacity is 0, or a recipe asks for "
        "more of an input than the chain brings. The recipes and capacities on the way are to be looked at again."
    ),
    "too_large": N_(
        "Too many flows to work it out with the rest: “cv.flows.throughput” does it in a few minutes."
    ),
}
_UNLIMITED = {
    "supply": N_("Taken as without limit, as no supply is stated: {names}."),
    "supply_unknown": N_("Taken as without limit, as the supply is stated without a quantity: {names}."),
    "import": N_("Taken as without limit, as it comes from outside: {names}."),
    "input": N_("Taken as without limit, as no flow brings it: {names}."),
    "orphan": N_("Taken as without limit, as nothing tells what reaches it: {names}."),
    "demand_unknown": N_("Demand taken as without limit, as its quantity is not stated: {names}."),
    "market": N_("No demand is stated: these markets are taken as buyers without limit: {names}."),
}
#: What of those brings matter in, and where it would come from.
_BROUGHT = {
    "import": N_("from outside"),
    "supply": N_("no supply stated"),
    "supply_unknown": N_("supply without a quantity"),
    "input": N_("origin not recorded"),
    "orphan": N_("origin not recorded"),
}
_ASIDE = {
    "outlet": N_("An outlet that one pays for, or of a waste, is not counted as a demand to serve: {names}."),
    "other_level": N_(
        "Of several levels of one demand the largest counts, which contains the others: {names}."
    ),
    "passed_on": N_("What is asked only to be passed on to others who ask is not counted twice: {names}."),
    "inside": N_("A supply of what the chain itself brings there is no further source: {names}."),
    "no_passage": N_("No recorded flow reaches this demand: {names}."),
    "creating": N_("A recipe that makes more than it takes is left out: {names}."),
    "idle": N_("A process is left out, as nothing brings one of its inputs: {names}."),
}


def notes_of(
    f: Filiere,
    *,
    status: str,
    reason: str,
    served_t: float,
    served: pd.DataFrame,
    unlimited: pd.DataFrame,
    aside: pd.DataFrame,
    path: pd.DataFrame,
    lang: str,
) -> list[str]:
    """Return sentences on the parts of a throughput: first how it ended, then what it rests on."""
    if status == "nothing":
        told = [tr(_NOTHING[reason], lang)]
        if reason == "too_large":  # nothing was worked out: there is nothing that it rests on
            return told
    elif status == "unlimited":
        told = [_without_limit(f, path, lang)]
    else:
        told = [_served(f, served_t, served, lang)]
    told += [] if status == "unlimited" else capacities_not_counted(f, lang=lang)
    # a market or a demand without limit shapes the result even where nothing reaches it
    ends = unlimited["kind"].isin(["demand_unknown", "market"])
    used = unlimited[(unlimited["used"] | ends).to_numpy(bool)]
    for frame, messages in ((used, _UNLIMITED), (aside, _ASIDE)):
        for kind, message in messages.items():  # over the few kinds
            rows = frame[(frame["kind"] == kind).to_numpy(bool)]
            if len(rows):
                names = list(dict.fromkeys(place_text(f, row, lang=lang) for row in rows.to_dict("records")))
                told.append(tr(message, lang, names=enumeration(names, lang)))
    return told


def condition_of(f: Filiere, unlimited: pd.DataFrame, *, lang: str) -> str:
    """Return on which inputs without a known limit what is served depends, each with its origin; else nothing."""
    used = unlimited[(unlimited["used"] & unlimited["kind"].isin(list(_BROUGHT))).to_numpy(bool)]
    told = [
        tr(
            "{input}: {origin}",
            lang,
            input=place_text(f, row, lang=lang),
            origin=tr(_BROUGHT[row["kind"]], lang),
        )
        for row in used.head(_MOST_INPUTS + 1).to_dict("records")
    ]
    told = list(dict.fromkeys(told))
    if len(used) > _MOST_INPUTS:
        told = told[:_MOST_INPUTS]
        told.append(trn("{count} other", "{count} others", len(used) - len(told), lang))
    return clauses(told, lang)


def _without_limit(f: Filiere, path: pd.DataFrame, lang: str) -> str:
    stages = " → ".join(dict.fromkeys(_step(f, row) for row in path.to_dict("records")))
    head = tr("No known limit stands on this path: {path}.", lang, path=stages)
    lost = capacities_not_counted(f, actors=path["actor_id"].dropna(), lang=lang)
    asked = tr("A capacity, a supply or a demand stated on it would tell what the chain can carry.", lang)
    return sentences(head, *(lost or [asked]))


def _served(f: Filiere, served_t: float, served: pd.DataFrame, lang: str) -> str:
    asked = served["demand_t_per_year"]
    unit = unit_label("t/year", lang)
    amount = quantity(served_t, unit, lang)
    if asked.isna().any():  # a total without what is asked for says nothing of what it is made of
        names = [_name(f.materials, one) for one in served["material_id"].unique()]
        told = enumeration([name for name in names if name], lang, limit=3)
        if told:
            return tr("The chain can serve {amount} ({materials}).", lang, amount=amount, materials=told)
        return tr("The chain can serve {amount}.", lang, amount=amount)
    total = quantity(float(asked.sum()), unit, lang)
    return tr("The chain can serve {amount}, of {total} asked for.", lang, amount=amount, total=total)


def _step(f: Filiere, row: Mapping[str, Any]) -> str:
    stage, actor = _name(f.stages, row["stage_id"]), _name(f.actors, row["actor_id"])
    return f"{stage} ({actor})" if stage else actor


def place_text(f: Filiere, row: Mapping[str, Any], *, lang: str) -> str:
    """Return « fibre de papier (Atelier Duvet) »: material, else stage, with who and which process.

    Parameters
    ----------
    row
        With ``actor_id``, ``stage_id``, ``material_id`` and possibly ``process``.
    """
    parts = [_name(f.materials, row["material_id"]), str(row.get("process") or "")]
    parts += [_name(f.actors, row["actor_id"]) or _name(f.stages, row["stage_id"])]
    head, *rest = [part for part in parts if part] or [tr("the territory as a whole", lang)]
    return f"{head} ({', '.join(rest)})" if rest else head


def limit_text(f: Filiere, row: Mapping[str, Any], *, lang: str = "fr") -> str:
    """Return what a limit is, in words: a row of `bottlenecks`.

    It names the stage first, then who holds it; tonnages are not part of it.

    Parameters
    ----------
    row
        A row of `chaine_valeur.flows.bottlenecks` on the same filière, or a mapping with its ``kind``
        (``activity``, ``flow``, ``supply`` or ``demand``), ``actor_id``, ``stage_id``, ``material_id`` and, of a
        passage, ``to_actor_id``. What is unknown (NaN, none) is left out of the sentence, or told as outside, the
        territory as a whole, all materials.
    lang
        Language of the text.

    Returns
    -------
    str
        Part of a sentence, which begins with a small letter and has no full stop; never empty.

    Raises
    ------
    KeyError
        A row without one of these cells.

    Notes
    -----
    Wording: a convention of this library.

    Examples
    --------
    >>> from chaine_valeur import datasets, flows
    >>> f = datasets.load("exemple_complet").at(2024)
    >>> limit_text(f, flows.bottlenecks(f).iloc[0], lang="en")
    'the capacity of stage “Fabrication de la ouate” (Isolouate)'
    """
    stage, actor = _name(f.stages, row["stage_id"]), _name(f.actors, row["actor_id"])
    material = _name(f.materials, row["material_id"])
    kind = row["kind"]
    if kind == "flow":
        outside = tr("outside", lang)
        ends = (actor or outside, _name(f.actors, row["to_actor_id"]) or outside)
        return tr("the capacity of the passage {source} → {target}", lang, source=ends[0], target=ends[1])
    if kind == "activity" and stage:
        return tr("the capacity of stage “{stage}” ({actor})", lang, stage=stage, actor=actor)
    if kind == "activity":
        return tr("the capacity of {actor}", lang, actor=actor)
    where = actor or tr("the territory as a whole", lang)
    if stage:
        where = tr("stage “{stage}”", lang, stage=stage) + (f" ({actor})" if actor else "")
    what = material or tr("all materials", lang)
    if kind == "supply":
        return tr("the supply of {material}: {where}", lang, material=what, where=where)
    return tr("the demand for {material}: {where}", lang, material=what, where=where)


def _name(table: pd.DataFrame, key: Any) -> str:
    if not isinstance(key, str) or key not in table.index:
        return ""
    name = table.loc[key, "name"]
    return key if pd.isna(name) else str(name)
