"""Why an option is not in a plan: what stands against it, or what taking it would cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.wording import euros, quoted
from ...language import clauses, enumeration, tr
from .infeasible import conflict
from .rows import EUR
from .solve import PROVEN, Found, no_better
from .wording import objective_text, rule_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .work import Work

    Codes = NDArray[np.int64]

__all__ = ["NOT_TAKEN", "aside_reason", "not_taken_frame", "why_not"]

#: Columns of what is not taken.
NOT_TAKEN = {"option_id": "str", "name": "str", "code": "str", "loss": "float64", "more_eur": "float64",
             "instead_of": "str", "reason": "str"}  # fmt: skip
#: Options for which a plan is solved again to say why they are not taken; beyond, only what is plain is said.
MOST = 40
_MONEY = ("budget", "yearly", "share")


def not_taken_frame(work: Work, found: Found, units: Codes, *, lang: str) -> pd.DataFrame:
    """Return a row per option that is not taken, with why."""
    rows = [
        {"option_id": row["id"], "name": row["name"], "code": row["code"], "loss": np.nan, "more_eur": np.nan,
         "instead_of": None, "reason": aside_reason(row["code"], lang)}
        for row in work.asked.aside.to_dict("records")
        if row["table"] == "options"
    ]  # fmt: skip
    out = np.flatnonzero(units.sum(axis=1) == 0)
    for place, option in enumerate(out.tolist()):  # over options not taken
        rows.append(why_not(work, found, units, option, again=place < MOST, lang=lang))
    return pd.DataFrame(rows, columns=list(NOT_TAKEN)).astype(NOT_TAKEN).set_index("option_id")


def _unknown_cost(lang: str) -> str:
    return tr("Its cost is not known: to be asked for before anything is decided.", lang)


def _actor_gone(lang: str) -> str:
    return tr("Its actor is no longer there in the year planned from.", lang)


_ASIDE = {"unknown_cost": _unknown_cost, "decided_unknown_cost": _unknown_cost, "actor_gone": _actor_gone}


def aside_reason(code: str, lang: str) -> str:
    """Return why an option that does not count is left aside."""
    return _ASIDE[code](lang)


def why_not(
    work: Work, found: Found, units: Codes, option: int, *, again: bool, lang: str
) -> dict[str, object]:
    """Return why an option is not taken, by solving again with it in the plan.

    Codes: ``outside_years``; ``too_late`` (it would start after them); ``needs_aside`` (what it needs is left
    aside); ``viability``, ``supervision``, ``cap``, ``money``, ``needs``, ``alternative``, ``mandatory`` (the rule
    that excludes it); ``no_payer``; else it could be taken, at a loss: ``alternative`` and ``needs`` where its
    alternative is chosen, or what it needs is not, ``displaced`` where something else goes, ``no_gain`` where
    nothing is won; ``not_worked_out``.
    """
    asked = work.asked
    row: dict[str, object] = {
        "option_id": str(asked.options.index[option]), "name": asked.name(option), "loss": np.nan,
        "more_eur": np.nan, "instead_of": None,
    }  # fmt: skip

    def told(code: str, reason: str, **more: object) -> dict[str, object]:
        return row | {"code": code, "reason": reason} | more

    if not asked.allowed[option].any():
        return told("outside_years", tr("It can only be decided outside the years of the plan.", lang))
    if any(a == option and b < 0 for a, b in asked.needs.tolist()):
        return told("needs_aside", tr("What it needs is left aside.", lang))
    taken = units.sum(axis=1) > 0
    rivals = [o for members in asked.alternatives.values() if option in members for o in members if taken[o]]
    lacking = [b for a, b in asked.needs.tolist() if a == option and not taken[b]]
    if not again:
        return told("not_worked_out", tr("Not worked out: ask for this option alone.", lang))
    inside = work.in_operation(option)
    if not (inside * (work.model.upper > 0)).any():
        return told("too_late", tr("Decided within these years, it would start after them.", lang))
    # in operation before the end: what starts later dodges what it would have to reach
    forced = [(inside, 1.0, np.inf)]
    if not found.gap(work.today):
        forced.append(no_better(work.total, found))
    then = work.best(further=forced)
    if then is None:
        return told(*_excluded(work, option, lang))
    new = work.units(then)
    gone = np.flatnonzero(taken & (new.sum(axis=1) < units.sum(axis=1)))
    loss = max(0.0, found.value - then.value)  # where a gap is left, a plan with it may even reach more
    small = loss <= max(1.0, abs(found.value)) * max(PROVEN, 1e-6)
    spent = work.model.totals["budgets"]
    # what the plan itself costs is read where ties are broken alike
    more = round(float(spent @ then.columns - spent @ found.columns) * EUR, 2) + 0.0
    later = bool(gone.size == 0 and (new[taken] != units[taken]).any())
    names = [quoted(asked.name(o), lang) for o in gone.tolist()]
    parts = [_head(work, rivals, lacking, lang)]
    if not small:
        parts.append(tr("taking it would cost {loss}", lang, loss=objective_text(loss, work.objective, lang)))
        if names:
            parts.append(tr("it would take the place of {names}", lang, names=enumeration(names, lang)))
        elif later:
            parts.append(tr("other options would have to wait", lang))
    elif more > 0.5:
        parts.append(tr("it would add nothing to what is aimed at, for {cost} more from the budgets", lang,
                        cost=euros(round(more, 2), lang, unit="EUR")))  # fmt: skip
    else:
        parts.append(tr("it would add nothing to what is aimed at", lang))
    code = (
        "alternative" if rivals else "needs" if lacking and not small else "no_gain" if small else "displaced"
    )
    reason = clauses(parts, lang)
    ids = ";".join(str(asked.options.index[o]) for o in gone.tolist()) or None
    return told(
        code,
        reason[:1].upper() + reason[1:] + ".",
        loss=0.0 if small else round(loss, 9),
        more_eur=more,
        instead_of=ids,
    )


def _head(work: Work, rivals: list[int], lacking: list[int], lang: str) -> str:
    asked = work.asked
    if rivals:
        return tr("its alternative {name} is in the plan", lang, name=quoted(asked.name(rivals[0]), lang))
    if lacking:
        names = [quoted(asked.name(one), lang) for one in lacking]
        return tr("what it needs is not in the plan: {names}", lang, names=enumeration(names, lang))
    return ""


def _excluded(work: Work, option: int, lang: str) -> tuple[str, str]:
    """Return code and sentence of an option that no plan may take."""
    rules = conflict(work.model, further=[(work.in_operation(option), 1.0, np.inf)])
    kinds = [kind for kind, _ in rules]
    own = str(work.asked.options.index[option])
    if ("viability", own) in rules:
        others = [rule_text(work.asked, rule, lang) for rule in rules if rule != ("viability", own)]
        if not others:
            return "viability", tr("It would stay under the tonnage below which it cannot live.", lang)
        return "viability", tr(
            "It would stay under the tonnage below which it cannot live, because of this too: {rules}.", lang,
            rules=enumeration(others, lang),
        )  # fmt: skip
    order = ("viability", "supervision", "mandatory", "alternative", "cap", "money", "needs")
    named = {"money" if kind in _MONEY else kind for kind in kinds}
    code = next((one for one in order if one in named), "no_payer")
    if code == "no_payer":
        return code, tr("No budget may pay for all of its costs, by their purpose or their years.", lang)
    texts = [rule_text(work.asked, rule, lang) for rule in rules]
    if code == "money":
        return code, tr(
            "It costs more than what may be spent on it: {rules}.", lang, rules=enumeration(texts, lang)
        )
    return code, tr("It does not go together with {rules}.", lang, rules=enumeration(texts, lang))
