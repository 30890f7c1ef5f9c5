"""The sentence of a niche, and why a sub-score is unknown, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis.gaps.chain import chain_of
from ...analysis.markets import current_markets
from ...analysis.wording import tonnes
from ...language import N_, clauses, enumeration, number, tr, trn
from ...schema import unit_label
from ...vocabulary import StageKind, label
from ._passing import passing_of

if TYPE_CHECKING:
    from ...filiere import Filiere
    from ._carrying import Carried
    from ._ideas import Idea
    from ._jobs import Intensity
    from ._skills import Skills
    from ._weighing import Side

__all__ = ["notes_of", "sentence_of"]

_NO_RESOURCE = {
    "nothing_stated": N_("no supply is stated that leads here"),
    "no_quantity": N_("a supply is stated, without its quantity"),
    "no_material": N_("the idea names no material"),
}
_NO_DEMAND = {
    "nothing_stated": N_("no demand is stated that it would serve"),
    "no_quantity": N_("a demand is stated, without its quantity"),
    "no_product": N_("the idea names no product"),
}
_NO_SKILLS = {
    "no_counts": N_("no counts of establishments"),
    "no_naf": N_("no NAF code is stated"),
    "not_counted": N_("its NAF codes are not among the activities counted"),
    "no_relatedness": N_("no territory holds this activity, or this one has no establishment"),
}
_NO_MINIMUM = N_("the minimum viable size is not stated")
_NO_INTENSITY = N_("no activity or option at this stage says insertion jobs and tonnes")


def notes_of(
    resource: Side, demand: Side, skills: Skills, scores: dict[str, float], lang: str
) -> dict[str, str]:
    """Return why each sub-score is unknown, an empty text where it is known."""
    why = {
        "resource": _NO_RESOURCE.get(resource.reason, _NO_MINIMUM),
        "demand": _NO_DEMAND.get(demand.reason, _NO_MINIMUM),
        "skills": _NO_SKILLS.get(skills.reason, ""),
        "insertion": _NO_INTENSITY,
    }
    return {name: tr(why[name], lang) if np.isnan(scores[name]) else "" for name in why}


def sentence_of(
    f: Filiere,
    idea: Idea,
    resource: Side,
    demand: Side,
    skills: Skills,
    intensity: Intensity,
    posts: float,
    lang: str,
) -> str:
    """Return « 425 t/an mobilisées pour un seuil de 200 t/an ; débouché exprimé de 400 t/an ; … »."""
    told = clauses(
        (
            _resource(f, idea, resource, lang),
            _demand(f, demand, lang),
            _recipe(f, idea, lang),
            _skills(skills, lang),
            _insertion(intensity, lang),
            _posts(posts, lang),
        ),
        lang,
    )
    return told[:1].upper() + told[1:] + "."


def _resource(f: Filiere, idea: Idea, side: Side, lang: str) -> str:
    carried, minimum = side.carried, idea.minimum
    if side.reason:
        told = tr("resource unknown ({reason})", lang, reason=tr(_NO_RESOURCE[side.reason], lang))
    else:
        told = _level_of_resource(carried.stated, side.level, lang)
        if carried.n_unknown:
            told = tr("at least {amount}", lang, amount=told)
        if _carried(carried):
            told = tr(
                "{what}, that is {amount} entering here", lang, what=told, amount=tonnes(carried.t, lang)
            )
        if carried.complements:
            names = [str(f.materials["name"].iloc[place]) for place in carried.complements]
            bought = enumeration(names, lang)
            told = tr("{what}, what is bought besides included ({names})", lang, what=told, names=bought)
    if np.isnan(minimum):
        return tr("{what}, minimum viable size unknown", lang, what=told)
    return tr("{what} for a minimum of {minimum}", lang, what=told, minimum=tonnes(minimum, lang))


def _carried(carried: Carried) -> bool:
    """Whether what enters is another tonnage than what is stated."""
    return carried.basis == "carried" and not np.isclose(carried.t, carried.stated)


def _level_of_resource(t: float, level: str, lang: str) -> str:
    amount = tonnes(t, lang)
    if level == "mobilized":
        return trn("{amount} mobilized", "{amount} mobilized", t, lang, amount=amount)
    if level == "mobilizable":
        return trn("{amount} mobilizable", "{amount} mobilizable", t, lang, amount=amount)
    if level == "raw":
        return tr("{amount} of raw resource", lang, amount=amount)
    return tr("{amount} on offer, level not stated", lang, amount=amount)


def _recipe(f: Filiere, idea: Idea, lang: str) -> str:
    if idea.place not in passing_of(f).creating:
        return ""
    return tr(
        "the recipe of this stage makes more than it takes and is left out (an input is missing, such as a binder, or a "
        "coefficient is wrong)",
        lang,
    )


def _demand(f: Filiere, side: Side, lang: str) -> str:
    if side.reason:
        return tr("demand unknown ({reason})", lang, reason=tr(_NO_DEMAND[side.reason], lang))
    carried = side.carried
    term = label(side.level, "market_level", lang) if side.level else label("demand", "market_kind", lang)
    fields = {"what": term[:1].lower() + term[1:], "amount": tonnes(carried.stated, lang)}
    told = tr("{what} of {amount}", lang, **fields)
    if carried.n_unknown:
        told = tr("{what} of at least {amount}", lang, **fields)
    told = _nobody_asks(f, carried, told, lang)
    if _carried(carried):
        told = tr("{what}, that is {amount} entering here", lang, what=told, amount=tonnes(carried.t, lang))
    return told


def _nobody_asks(f: Filiere, carried: Carried, told: str, lang: str) -> str:
    """Return what is said of a demand, with how much of it has neither buyer nor holder: a plan cannot serve that."""
    rows = current_markets(f).reindex(list(carried.rows))
    stages = f.stages.index
    held = stages[chain_of(f).n_holders > 0]
    somewhere = f.stages.loc[held, "kind"].eq(StageKind.MARKET.value).any()
    there = rows["stage_id"].isin(held) | (rows["stage_id"].isna() & somewhere)
    nobody = (rows["actor_id"].isna() & ~there).to_numpy(bool)
    if not nobody.any():
        return told
    if nobody.all():
        return tr(
            "{what}, without a buyer by name nor an actor at the stage (a plan counts no outlet there)",
            lang,
            what=told,
        )
    t = float(rows.loc[nobody, "quantity_t_per_year"].sum())
    return tr(
        "{what}, of which {amount} without a buyer by name nor an actor at the stage (a plan counts no outlet there)",
        lang, what=told, amount=tonnes(t, lang),
    )  # fmt: skip


def _skills(skills: Skills, lang: str) -> str:
    if skills.reason:
        return tr("nearness of skills unknown ({reason})", lang, reason=tr(_NO_SKILLS[skills.reason], lang))
    near = number(skills.relatedness, lang, digits=2)
    if np.isnan(skills.count):
        return tr("nearness of skills: {value}", lang, value=near)
    held = trn("{count} establishment here", "{count} establishments here", skills.count, lang)
    return tr("nearness of skills: {value} ({held})", lang, value=near, held=held)


def _insertion(intensity: Intensity, lang: str) -> str:
    if np.isnan(intensity.fte_per_t):
        return tr("insertion jobs unknown", lang)
    planned = intensity.basis in ("planned", "options")
    if intensity.fte_per_t == 0:
        return tr("no insertion job planned", lang) if planned else tr("no insertion job today", lang)
    value = 1000 * intensity.fte_per_t
    per, fte = tonnes(1000, lang), unit_label("FTE", lang)
    told = trn(
        "{count} insertion {fte} for {per}",
        "{count} insertion {fte} for {per}",
        value,
        lang,
        fte=fte,
        per=per,
    )
    return tr("{what}, as planned", lang, what=told) if planned else told


def _posts(posts: float, lang: str) -> str:
    if not posts > 0:
        return ""
    return trn("{count} post to fill nearby", "{count} posts to fill nearby", posts, lang)
