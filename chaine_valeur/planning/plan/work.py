"""What a plan is worked out from, kept so that it can be asked again under other conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import ArgumentError, MissingTableError, NotSolvedError
from .chain_rows import Chain, chain_of_options
from .choosing import best_of, settled
from .gaps import Gaps, gaps_of
from .model import Model, model_of
from .rules import Rules
from .solve import Found
from .tables import Asked, asked_of, check_objective

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ...filiere import Filiere
    from .solve import Further

    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Work", "work_of"]


@dataclass(frozen=True)
class Work:
    """The programs of a plan.

    Attributes
    ----------
    asked, chain, gaps
        Options and budgets; the chain (``None``: `no_chain` says why); gaps that options close.
    model
        The program that is solved: without the flows where they decide nothing.
    whole
        The program with the flows, in which a plan is settled once it is decided.
    objective
        What is made as large as can be.
    """

    asked: Asked
    chain: Chain | None
    no_chain: str
    gaps: Gaps
    model: Model
    whole: Model
    objective: str
    gap: float
    time_limit_s: float
    rules: Rules

    @property
    def total(self) -> Values:
        """The objective over the columns of `model`."""
        return self.model.totals[self.objective]

    @property
    def today(self) -> float:
        """What the objective is without any option, summed over the years."""
        if self.objective != "served_t" or self.chain is None:
            return 0.0
        return self.chain.served_today * self.asked.size[1]

    def best(self, *, further: Sequence[Further] = (), model: Model | None = None) -> Found | None:
        """Return the best plan, ``None`` where there is none, with further rows or in a changed program."""
        own = self.model if model is None else model
        return best_of(
            own, self.total, gap=self.gap, time_limit_s=self.time_limit_s, further=further, today=self.today
        )

    def units(self, found: Found) -> Codes:
        """Return options × years: units decided."""
        return np.round(found.columns[self.model.parts["units"]]).astype(np.int64).reshape(self.asked.size)

    def settle(self, units: Codes) -> Found:
        """Return what money and flows do for some decisions."""
        found = settled(self.whole, units.astype(np.float64), self.whole.totals[self.objective])
        if found is None:
            raise NotSolvedError(
                "the plan that was found does not hold once its numbers are made whole; look for costs, tonnages or "
                "budgets of very different sizes"
            )
        return found

    def with_budgets(self, kept: Mask) -> Work:
        """Return the programs of the same plan with some of its budgets only."""
        asked = replace(self.asked, budgets=self.asked.budgets[kept], may_pay=self.asked.may_pay[kept])
        return self._again(asked, self.rules)

    def with_outlets(self) -> Work:
        """Return the programs of the same plan in which all that is passed on or made has to find a taker."""
        return self._again(self.asked, replace(self.rules, outlets=True))

    def _again(self, asked: Asked, rules: Rules) -> Work:
        whole = model_of(asked, self.chain, self.gaps, rules)
        model = whole if self.model is self.whole else model_of(asked, None, self.gaps, rules)
        return replace(self, asked=asked, model=model, whole=whole, rules=rules)

    def in_operation(self, option: int) -> Values:
        """Return the columns that say whether an option is in operation in the last year: their sum is 0 or 1."""
        t = self.asked.size[1]
        row = self.model.running[[option * t + t - 1]]
        return np.asarray(row.sum(axis=0), dtype=np.float64).ravel()

    def taken(self, option: int) -> Values:
        """Return the columns that say whether an option is taken: their sum is 0 or 1."""
        t = self.asked.size[1]
        rows = self.model.started[option * t : (option + 1) * t]
        return np.asarray(rows.sum(axis=0), dtype=np.float64).ravel()


def work_of(
    f: Filiere,
    options: pd.DataFrame | Mapping[str, Any] | None,
    budgets: pd.DataFrame | Mapping[str, Any] | None,
    *,
    years: Iterable[int] | None,
    objective: str,
    commercial_cap: float,
    supervision_ratio: float | None,
    gap: float,
    time_limit_s: float,
    year: int | None,
    free_money: bool = False,
    all_flows: bool = False,
    outlets: bool = False,
    lang: str = "en",
) -> Work:
    """Return the programs of a plan, its arguments checked first.

    Parameters
    ----------
    free_money
        One budget without limit instead of those stated.
    all_flows
        Solve with the flows even where they decide nothing.
    lang
        As for `asked_of`.
    """
    check_objective(objective)
    for name, value, low, high in (
        ("commercial_cap", commercial_cap, 0.0, 1.0),
        ("supervision_ratio", 0.0 if supervision_ratio is None else supervision_ratio, 0.0, np.inf),
        ("gap", gap, 0.0, 1.0),
    ):  # over three numbers
        if not low <= value <= high:
            raise ArgumentError(f"{name}={value} has to be from {low:g} to {high:g}")
    if not time_limit_s > 0:
        raise ArgumentError(f"time_limit_s={time_limit_s} has to be above 0")
    asked = asked_of(f, options, budgets, years=years, year=year, free_money=free_money, lang=lang)
    # the chain follows from the options alone, which are those of the filière itself
    chain = asked.filiere.derived("plan_chain", lambda _: chain_of_options(asked))
    no_chain = chain if isinstance(chain, str) else "" if chain.limited else "unlimited"
    own = None if isinstance(chain, str) else chain
    if objective == "served_t" and no_chain:
        raise MissingTableError(
            f"what the chain serves is not known ({no_chain}): state flows, and capacities, supplies or demands, or "
            "choose another objective"
        )
    gaps = asked.filiere.derived("plan_gaps", lambda _: gaps_of(asked))
    rules = Rules(commercial_cap, supervision_ratio, outlets)
    whole = model_of(asked, own, gaps, rules)
    matters = all_flows or objective == "served_t" or (own is not None and _matters(asked, own))
    model = whole if matters or own is None else model_of(asked, None, gaps, rules)
    return Work(asked, own, no_chain, gaps, model, whole, objective, gap, time_limit_s, rules)


def _matters(asked: Asked, chain: Chain) -> bool:
    """Return whether flows decide anything but what is served: receipts, or a tonnage to reach."""
    earns = (asked.receipts[chain.option] > 0).any()
    return bool(earns or (chain.viable > 0).any() or (chain.viable_in_all > 0).any())
