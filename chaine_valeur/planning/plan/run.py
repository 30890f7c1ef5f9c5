"""The plan: what to do first with what there is, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ...language import check_language, tr
from .infeasible import no_plan
from .progress import Progress, telling
from .result import Plan, told
from .work import work_of

if TYPE_CHECKING:
    import pandas as pd

    from ...filiere import Filiere

__all__ = ["plan"]


def plan(
    f: Filiere,
    options: pd.DataFrame | Mapping[str, Any] | None = None,
    budgets: pd.DataFrame | Mapping[str, Any] | None = None,
    *,
    years: Iterable[int] | None = None,
    objective: str = "insertion_fte",
    commercial_cap: float = 0.30,
    supervision_ratio: float | None = None,
    outlets: bool = False,
    gap: float = 0.01,
    time_limit_s: float = 60.0,
    progress: Progress | bool | None = None,
    year: int | None = None,
    lang: str = "fr",
) -> Plan:
    """Return which options to decide in which year, so as to reach the most with the budgets there are.

    ``max Σ_t objective_t`` over units ``x[o, t]`` decided (at most one year per option), money and flows, such that

    - an option is in operation from its delay on: ``a[o, t] = Σ_{s ≤ t − delay} x[o, s]``;
    - of alternatives one at most, a precedence first or in the same year, what is already decided in any case;
    - each year each option is paid for: ``investment · x + running · a = budgets + aid to posts + receipts``, aid
      and receipts for the yearly cost only, budgets within amount, yearly limit, years, purposes, largest share;
    - receipts of an ACI count up to `commercial_cap` of its yearly cost;
    - an option in operation carries its minimum viable tonnage, within what the chain lets through that year: the
      balances, recipes, capacities, supplies and demands of `throughput`, with the options in operation.

    Of several plans as good, the cheapest for the budgets; of these, the one decided earliest, then in the order of
    the table. Solved with HiGHS.

    Parameters
    ----------
    options, budgets
        By default those of the filière; frames are checked as its tables are.
    years
        Years to plan, one after the other; by default those of the budgets, else the three after the reference year.
    objective
        ``insertion_fte``: FTE-years of insertion; ``served_t``: demand served beyond today; ``closed_gaps``: missing
        stages and missing required passages that an option in operation closes.
    commercial_cap
        Share of the yearly cost of an ACI that receipts may cover: 0.30 of costs, 0.50 by derogation (secondary
        source, (unverified)).
    supervision_ratio
        FTE of supervision per FTE of insertion that each insertion structure with an option has to reach; by
        default no such rule.
    outlets
        Whether all that is passed on or made has to be used or taken by somebody, up to who asks for it, where the
        chain expects it to go on. By default some may be left over, and `Plan.assumptions` says how much.
    gap
        Distance to the best that is accepted, as a share; up to 40 options a plan is solved to the end anyway.
    time_limit_s
        Seconds for one solve.
    progress
        Called with the phase and the seconds so far; ``True``: a line of rich on the standard error.
    year
        Year of the chain planned from; by default that of `Filiere.at`, else the reference year.
    lang
        Language of the reasons.

    Returns
    -------
    Plan

    Raises
    ------
    ValidationError
        Options or budgets that cannot be used: an unknown actor, a negative cost.
    ArgumentError
        Options that wait for one another; an argument out of its range.
    MissingTableError
        No option; `served_t` asked for where nothing tells what the chain serves.
    InfeasibleError
        No plan: `rows` names the budgets and rules that make it so.
    NotSolvedError
        Nothing found within the time limit.

    Notes
    -----
    Conventions of this library: what an option of unknown cost or a budget of unknown amount would do is left aside
    and told; unknown FTE count for nothing and are told; a new activity without a declared flow towards a stage next
    to it is joined to all that stand there; what an extension carries is what enters beyond today’s optimum; aid and
    receipts are of the years of the plan alone; what is not needed may be left over, so that a tonnage reached is
    not yet one that is sold. Flows of one year do not depend on those before.

    References
    ----------
    Facility location with budgets, (unverified). HiGHS: Huangfu and Hall 2018, (unverified).

    Examples
    --------
    >>> import pandas as pd
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Atelier"]},
    ...     options={"name": ["Deux postes", "Trois postes"], "kind": "posts", "insertion_fte": [2, 3],
    ...              "investment_eur": 0, "running_cost_eur_per_year": [10_000, 25_000]},
    ...     budgets={"name": ["Enveloppe"], "amount_eur": [30_000]},
    ... )
    >>> found = plan(f, years=[2025])
    >>> found.chosen["insertion_fte"].to_dict(), found.value
    ({'trois-postes': 3.0}, 3.0)
    """
    check_language(lang)
    with telling(progress) as tell:
        tell.phase(tr("building", lang))
        work = work_of(
            f, options, budgets, years=years, objective=objective, commercial_cap=commercial_cap,
            supervision_ratio=supervision_ratio, outlets=outlets, gap=gap, time_limit_s=time_limit_s, year=year,
            lang=lang,
        )  # fmt: skip
        tell.phase(tr("solving", lang))
        found = work.best()
        if found is None:
            raise no_plan(work.model, lang=lang)
        tell.phase(tr("telling", lang))
        return told(work, found, lang=lang)
