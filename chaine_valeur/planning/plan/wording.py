"""The words of a plan: what an option brings, why another was not taken, what the result rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...analysis.wording import euros, quoted, tonnes
from ...language import N_, clauses, enumeration, number, quantity, tr, trn
from .extended import NEW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...filiere import Filiere
    from .tables import Asked

__all__ = ["aside_texts", "brought_text", "objective_text", "rule_text", "stage_name"]

_RULES = {
    "mandatory": N_("the decision already taken on {name}"),
    "alternative": N_("the choice of one option only in “{name}”"),
    "needs": N_("what {name} needs first"),
    "budget": N_("the amount of {name}"),
    "yearly": N_("the yearly limit of {name}"),
    "share": N_("the largest share that {name} may pay"),
    "supervision": N_("the supervision ratio of {name}"),
    "viability": N_("the tonnage below which {name} cannot live"),
    "cap": N_("the limit on commercial receipts of {name}"),
    "outlet": N_("an outlet for all that is passed on or made"),
}
_ASIDE = {
    "unknown_cost": N_("Options left aside, as their cost is not known: {names}."),
    "actor_gone": N_("Options left aside, as their actor is no longer there: {names}."),
    "unknown_amount": N_("Budgets left aside, as their amount is not known: {names}."),
    "funder_gone": N_("Budgets left aside, as their funder is no longer there: {names}."),
    "unknown_fte": N_("Their insertion FTE are not known and count for nothing: {names}."),
    "no_holder": N_("What they would let pass is not counted, as nobody stands at one end: {names}."),
    "no_stage": N_("What they would let pass is not counted, as nothing says between which stages: {names}."),
    "not_apart": N_(
        "What they would let in is not counted, as the flows of their actor do not say at which stage they end: "
        "{names}."
    ),
    "unlimited": N_("Their tonnage is left aside, as nothing known limits it: {names}."),
    "unknown_supervision": N_(
        "The supervision ratio is not checked for them, as their FTE are not known: {names}."
    ),
    "unknown_today": N_(
        "The supervision ratio leaves out what they have today, which is not known: {names}."
    ),
}
_NO_CHAIN = {
    "no_flow": N_("No flow is stated: tonnages and viability are not checked."),
    "no_buyer": N_("Nobody is known to ask for anything: tonnages and viability are not checked."),
    "unlimited": N_("Nothing known limits what the chain could serve: demand served is not told."),
}


def rule_text(asked: Asked, rule: tuple[str, str], lang: str) -> str:
    """Return a rule in words: a part of a sentence."""
    kind, key = rule
    name = key if kind == "alternative" else quoted(_called(asked, kind, key), lang)
    return tr(_RULES[kind], lang, name=name)


def _called(asked: Asked, kind: str, key: str) -> str:
    """Return what a rule is about by name; identifiers may be the same in several tables."""
    tables = [asked.options]
    if kind in ("budget", "yearly", "share"):
        tables = [asked.budgets]
    elif kind == "supervision" and not key.startswith(NEW):
        tables = [asked.filiere.actors]
    key = key.removeprefix(NEW) if kind == "supervision" else key
    return next((str(table.loc[key, "name"]) for table in tables if key in table.index), key)


def objective_text(value: float, objective: str, lang: str) -> str:
    """Return an amount of what is made as large as can be, summed over the years."""
    if objective == "insertion_fte":
        return trn("{count} FTE-year", "{count} FTE-years", _round(value), lang)
    if objective == "served_t":
        return quantity(_round(value), "t", lang)
    return trn("{count} gap-year", "{count} gap-years", _round(value), lang)


def _round(value: float) -> float:
    return round(value, 3) + 0.0


def stage_name(f: Filiere, stage: str) -> str:
    """Return the name of a stage."""
    return str(f.stages["name"].get(stage, stage))


def brought_text(
    asked: Asked, option: int, *, units: int, starts: int, t_per_year: float, gaps: Sequence[tuple[str, str]],
    asked_by: Sequence[str], lang: str,
) -> str:  # fmt: skip
    """Return what an option that was taken brings, as a sentence."""
    parts = []
    fte = asked.fte[option] * units
    if fte > 0:
        parts.append(
            tr("brings {fte} from {year} on", lang,
               fte=trn("{count} insertion FTE", "{count} insertion FTE", _round(fte), lang), year=str(starts))
        )  # fmt: skip
    if t_per_year > 0:
        parts.append(tr("carries {amount}", lang, amount=tonnes(_round(t_per_year), lang)))
    for stage, to in gaps:  # over the gaps that it closes
        if to:
            passage = " → ".join(quoted(stage_name(asked.filiere, one), lang) for one in (stage, to))
            parts.append(tr("opens the expected passage {passage}", lang, passage=passage))
        else:
            parts.append(
                tr(
                    "gives stage {stage} an actor here",
                    lang,
                    stage=quoted(stage_name(asked.filiere, stage), lang),
                )
            )
    if asked.mandatory[option]:
        parts.append(tr("already decided", lang))
    if asked_by:
        parts.append(
            tr("needed by {names}", lang, names=enumeration([quoted(one, lang) for one in asked_by], lang))
        )
    if starts > asked.years[-1]:
        parts.append(tr("in service after the years of the plan", lang))
    return _sentence(clauses(parts, lang) or tr("costs nothing and is in nobody’s way", lang))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def aside_texts(rows: Mapping[str, Sequence[str]], no_chain: str, lang: str) -> list[str]:
    """Return sentences on what is left aside: code → names."""
    told = [
        tr(message, lang, names=enumeration([quoted(one, lang) for one in rows[code]], lang))
        for code, message in _ASIDE.items()
        if rows.get(code)
    ]
    if no_chain:
        told.insert(0, tr(_NO_CHAIN[no_chain], lang))
    return told


def status_text(status: str, gap: float, lang: str) -> str:
    """Return how sure it is that nothing does better."""
    if status == "optimal":
        return tr("Among the options whose cost is known, no other choice does better: this is proved.", lang)
    share = number(round(gap * 100, 2), lang)
    if status == "within_gap":
        return tr("No other choice does better by more than {share} %.", lang, share=share)
    return tr("Time ran out: another choice may do better, by {share} % at most.", lang, share=share)


def total_text(value: float, end: float, objective: str, lang: str) -> str:
    """Return what a plan reaches, summed over the years and in its last one."""
    if objective == "insertion_fte":
        last = trn("{count} insertion FTE", "{count} insertion FTE", _round(end), lang)
    elif objective == "served_t":
        last = tonnes(_round(end), lang)
    else:
        last = trn("{count} gap closed", "{count} gaps closed", _round(end), lang)
    return tr(
        "Over the years of the plan: {total}; in the last one: {end}.",
        lang, total=objective_text(value, objective, lang), end=last,
    )  # fmt: skip


def money_text(spent: float, unspent: float, lang: str) -> str:
    """Return what budgets pay and what is left of them."""
    paid, left = (euros(round(one, 2), lang, unit="EUR") for one in (spent, unspent))
    return tr("Budgets pay {spent}; {unspent} are left.", lang, spent=paid, unspent=left)


def after_text(amount: float, unknown: Sequence[str], lang: str) -> str:
    """Return what remains to pay each year once the plan is over, and for which options it is not known."""
    paid = euros(round(amount, 2), lang, unit="EUR")
    if not unknown:
        return tr("After the plan, {amount} a year remain to be paid.", lang, amount=paid)
    return tr(
        "After the plan, {amount} a year remain to be paid, without what is not known yet: {names}.",
        lang, amount=paid, names=enumeration([quoted(one, lang) for one in unknown], lang),
    )  # fmt: skip
