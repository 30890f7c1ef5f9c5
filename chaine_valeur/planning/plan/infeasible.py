"""Which budgets and rules leave no plan: taken away one after the other, those that have to stay are named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...analysis.wording import quoted
from ...errors import InfeasibleError
from ...language import clauses, enumeration, tr
from .solve import solved
from .wording import rule_text

if TYPE_CHECKING:
    from .model import Model
    from .solve import Further
    from .tables import Asked

__all__ = ["conflict", "no_plan"]


def conflict(model: Model, *, further: Sequence[Further] = ()) -> tuple[tuple[str, str], ...]:
    """Return a smallest set of rules that leave nothing: without any one of them there is something.

    A deletion filter over named rules, whole kinds first. Empty where nothing is left even without any rule: then
    nobody may pay.
    """
    rules, nothing = model.rules, model.totals["budgets"] * 0.0

    def possible(without: set[int]) -> bool:
        return solved(model, nothing, without=without, further=further) is not None

    gone: set[int] = set()
    for kind in dict.fromkeys(rule[0] for rule in rules):  # over kinds of rules, then over rules
        tried = gone | {place for place, rule in enumerate(rules) if rule[0] == kind}
        if not possible(tried):
            gone = tried
    for place in range(len(rules)):
        if place not in gone and not possible(gone | {place}):
            gone.add(place)
    return tuple(rule for place, rule in enumerate(rules) if place not in gone)


def no_plan(model: Model, *, lang: str) -> InfeasibleError:
    """Return the error of a plan that cannot be, with the budgets and rules that make it so."""
    found = conflict(model)
    told = [rule_text(model.asked, rule, lang) for rule in found]
    if all(kind in ("mandatory", "needs") for kind, _ in found):  # no other rule: the years, or nobody pays
        late = _never(model.asked, [name for kind, name in found if kind == "mandatory"], lang)
        told += late or [tr("no budget may pay for all of it in these years", lang)]
    message = tr(
        "No plan holds all of this together: {rules}. Raise a budget, or drop one of these rules.",
        lang,
        rules=clauses(told, lang) or enumeration([], lang),
    )
    return InfeasibleError(message, [f"{kind}:{name}" for kind, name in found])


def _never(asked: Asked, names: Sequence[str], lang: str) -> list[str]:
    """Return of some options in words why their years, and those of what they need, let none be decided."""
    n, t = asked.size
    never = t
    first = np.where(asked.allowed.any(axis=1), asked.allowed.argmax(axis=1), never)
    own = first.copy()
    for _ in range(n):  # as often as a chain of needs is long
        for option, needed in asked.needs.tolist():  # over the few rows of precedence
            least = max(int(first[option]), never if needed < 0 else int(first[needed]))
            later = np.flatnonzero(asked.allowed[option, least:])
            first[option] = least + int(later[0]) if len(later) else never
    told = []
    for name in names:  # over options already decided
        place = int(asked.options.index.get_loc(name))
        called = quoted(asked.name(place), lang)
        if own[place] == never:
            told.append(tr("{name} can only be decided outside the years of the plan", lang, name=called))
        elif first[place] == never:
            told.append(tr("what {name} needs cannot be decided by then", lang, name=called))
    return told
