"""Asking a plan again: what more money buys, what would do almost as well, what jobs, tonnes and euros trade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...errors import ArgumentError, MissingTableError
from .choosing import in_order
from .progress import Progress, telling
from .result import Plan
from .rows import EUR
from .solve import Found, held_to, no_better, solved
from .work import Work, work_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere
    from .model import Model

    Codes = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["alternatives", "pareto", "what_more_buys"]

#: Gains and distances under which nothing is gained: rounding of the solver.
NOTHING = 1e-6
_MORE = {"budget_id": "str", "name": "str", "more_eur": "float64", "gain": "float64", "gain_within_year": "float64",
         "added": "str", "dropped": "str"}  # fmt: skip
_OTHER = {"rank": "Int64", "value": "float64", "loss": "float64", "from_budgets_eur": "float64", "options": "str",
          "added": "str", "dropped": "str"}  # fmt: skip
_FRONT = {
    "insertion_fte": "float64",
    "served_t": "float64",
    "budgets_eur": "float64",
    "options": "str",
    "proved": "bool",
}


def what_more_buys(plan: Plan, *, amount_eur: float = 10_000) -> pd.DataFrame:
    """Return what more money of each budget would let a plan reach, each by solving again.

    ``gain = value(amount + more) − value``, of the objective summed over the years. A yearly limit is raised by as
    much, so that it is the money that counts; ``gain_within_year`` is the gain where it stays.

    Parameters
    ----------
    plan
        A plan, as `plan` returns it.
    amount_eur
        Euros more, above 0.

    Returns
    -------
    pandas.DataFrame
        Per ``budget_id``: ``name``, ``more_eur``, ``gain`` (0 or more), ``gain_within_year``, ``added`` and
        ``dropped`` (identifiers of options, joined by ``;``).

    Raises
    ------
    ArgumentError
        `amount_eur` not above 0.

    Notes
    -----
    Definition: a convention of this library; a dual price would say what one more euro does, not ten thousand.

    Examples
    --------
    >>> from chaine_valeur import datasets
    >>> from chaine_valeur.planning.plan import plan
    >>> found = what_more_buys(plan(datasets.load("exemple_complet")), amount_eur=10_000)
    >>> found.index.tolist(), bool((found["gain"] >= 0).all())
    (['epci', 'region'], True)
    """
    if not (np.isfinite(amount_eur) and amount_eur > 0):
        raise ArgumentError(f"amount_eur={amount_eur} has to be a number of euros above 0")
    work = plan.work
    names = work.asked.options.index.to_numpy(object)
    before = plan.units.sum(axis=1) > 0
    rows = []
    for budget in work.asked.budgets.index:  # over the few budgets
        gains, taken = [0.0], before
        for kinds in (("budget",), ("budget", "yearly")):  # the yearly limit kept, then raised
            more = work.best(model=_richer(work.model, str(budget), kinds, amount_eur))
            assert more is not None  # what was possible stays so
            gain = more.value - plan.found.value
            if gain > max(
                gains[-1], NOTHING * max(1.0, abs(plan.found.value))
            ):  # what a gap hides is not lost
                taken = work.units(more).sum(axis=1) > 0
                gains.append(gain)
            else:
                gains.append(gains[-1])
        rows.append(
            {"budget_id": str(budget), "name": str(work.asked.budgets["name"][budget]), "more_eur": float(amount_eur),
             "gain": gains[2], "gain_within_year": gains[1], "added": ";".join(names[taken & ~before]),
             "dropped": ";".join(names[before & ~taken])}
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(_MORE)).astype(_MORE).set_index("budget_id")


def _richer(model: Model, budget: str, kinds: tuple[str, ...], amount: float) -> Model:
    rules = [place for place, rule in enumerate(model.rules) if rule[0] in kinds and rule[1] == budget]
    high = model.high + np.where(np.isin(model.rule, rules), amount / EUR, 0.0)
    return replace(model, high=high)


def alternatives(plan: Plan, *, within: float = 0.05, most: int = 5) -> pd.DataFrame:
    """Return other sets of options that reach almost as much as a plan, best first.

    Each is the best that lacks at least one option of every set found before: ``Σ_{o ∈ S} (1 − u_o) ≥ 1``. A set
    that only adds to one of these is none: the best is reached without what it adds.

    Parameters
    ----------
    plan
        A plan, as `plan` returns it.
    within
        Share of what the plan reaches that one may lose, 0 to 1. Of demand served it is that beyond today.
    most
        Sets to return at most.

    Returns
    -------
    pandas.DataFrame
        ``rank`` (from 1), ``value`` (the objective, summed over the years), ``loss``, ``from_budgets_eur``,
        ``options`` taken, ``added`` and ``dropped`` (against the plan; identifiers joined by ``;``). Without a row
        where nothing else comes near.

    Raises
    ------
    ArgumentError
        `within` outside of 0 to 1, `most` under 1.

    Notes
    -----
    No-good cuts: a usual device, (unverified).

    Examples
    --------
    >>> from chaine_valeur import datasets
    >>> from chaine_valeur.planning.plan import plan
    >>> first = plan(datasets.load("exemple_complet"))
    >>> found = alternatives(first, within=0.5, most=2)
    >>> bool((found["value"] <= first.value + 1e-6).all())
    True
    """
    if not 0 <= within <= 1 or most < 1:
        raise ArgumentError(f"within={within} has to be from 0 to 1, and most={most} 1 or more")
    work = plan.work
    n = len(work.asked.options)
    names = work.asked.options.index.to_numpy(object)
    taken = np.array([work.taken(one) for one in range(n)])
    before = plan.units.sum(axis=1) > 0
    spare = max(1e-9, NOTHING * abs(plan.found.value))
    floor = (work.total, plan.found.value - within * abs(plan.value) - spare, np.inf)
    cuts = [floor, _other_than(taken, before)]
    if not plan.found.gap(work.today):
        cuts.append(no_better(work.total, plan.found))
    rows = []
    for rank in range(1, most + 1):  # one after the other
        found = work.best(further=cuts)
        if found is None:
            break
        chosen = work.units(found).sum(axis=1) > 0
        rows.append(
            {"rank": rank, "value": plan.value - _loss(plan, found), "loss": _loss(plan, found),
             "from_budgets_eur": round(float(work.model.totals["budgets"] @ found.columns) * EUR, 2),
             "options": ";".join(names[chosen]), "added": ";".join(names[chosen & ~before]),
             "dropped": ";".join(names[before & ~chosen])}
        )  # fmt: skip
        cuts.append(_other_than(taken, chosen))
    return pd.DataFrame(rows, columns=list(_OTHER)).astype(_OTHER)


def _loss(plan: Plan, found: Found) -> float:
    return round(max(0.0, plan.found.value - found.value), 6)


def _other_than(taken: Values, chosen: Values) -> tuple[Values, float, float]:
    """Return the row that something of a set of options is not taken; that of an empty set holds for nothing."""
    return taken[chosen].sum(axis=0), -np.inf, float(chosen.sum()) - 1.0


def pareto(
    f: Filiere,
    options: pd.DataFrame | Mapping[str, Any] | None = None,
    budgets: pd.DataFrame | Mapping[str, Any] | None = None,
    *,
    points: int = 5,
    years: Iterable[int] | None = None,
    commercial_cap: float = 0.30,
    supervision_ratio: float | None = None,
    time_limit_s: float = 60.0,
    progress: Progress | bool | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """Return plans of which none is better than another in insertion FTE, tonnes served and euros at once.

    Levels of euros from the least to the most that budgets can usefully pay, and of FTE at each: the most served,
    then the most FTE, then the fewest euros (ε-constraints, ties broken by the other goals, so that each point is
    proved not to be dominated by any plan).

    Parameters
    ----------
    points
        Levels of euros, and of FTE at each, 2 or more: at most ``points²`` plans.
    options, budgets, years, commercial_cap, supervision_ratio, time_limit_s, progress, year
        As for `plan`.

    Returns
    -------
    pandas.DataFrame
        ``insertion_fte`` (FTE-years), ``served_t`` (tonnes beyond today, over the years), ``budgets_eur``,
        ``options`` (identifiers joined by ``;``), ``proved``; fewest euros first.

    Raises
    ------
    ArgumentError
        `points` under 2.
    MissingTableError
        Nothing tells what the chain serves.
    InfeasibleError
        No plan at all.

    References
    ----------
    Augmented ε-constraint method, Mavrotas 2009, (unverified).

    Examples
    --------
    >>> from chaine_valeur import datasets
    >>> found = pareto(datasets.load("exemple_complet"), points=2)
    >>> bool(found["budgets_eur"].is_monotonic_increasing), bool(found["proved"].all())
    (True, True)
    """
    from .infeasible import no_plan

    if points < 2:
        raise ArgumentError(f"points={points} has to be 2 or more")
    with telling(progress) as tell:
        tell.phase("building")
        work = work_of(
            f, options, budgets, years=years, objective="served_t", commercial_cap=commercial_cap,
            supervision_ratio=supervision_ratio, gap=0.0, time_limit_s=time_limit_s, year=year, all_flows=True,
        )  # fmt: skip
        if work.chain is None:
            raise MissingTableError(
                "what the chain serves is not known: there is nothing to trade jobs against"
            )
        totals = work.model.totals
        jobs, served, spent = totals["insertion_fte"], totals["served_t"], -totals["budgets"]
        tell.phase("solving")
        cheapest = solved(work.model, spent, time_limit_s=time_limit_s)
        if cheapest is None:
            raise no_plan(work.model, lang="fr")
        dearest = 0.0
        for first, second in (
            (jobs, served),
            (served, jobs),
        ):  # the most of each, then of the other, at least cost
            end = _efficient(work, [first, second, spent], ())
            dearest = max(dearest, float(-spent @ end.columns)) if end is not None else dearest
        found: list[Found] = []
        for level in np.linspace(-cheapest.value, dearest, points):  # over levels of euros
            paid = (totals["budgets"], -np.inf, float(level) + NOTHING)
            most = _efficient(work, [jobs, served, spent], [paid])
            least = _efficient(work, [served, jobs, spent], [paid])
            if most is None or least is None:
                continue
            found += [most, least]
            ends = float(jobs @ least.columns), float(jobs @ most.columns)
            for wanted in np.linspace(*ends, points)[1:-1]:  # over levels of FTE between both ends
                enough = (jobs, float(wanted) - NOTHING, np.inf)
                one = _efficient(work, [served, jobs, spent], [paid, enough])
                found += [one] if one is not None else []
        return _front(work, found)


def _efficient(work: Work, wishes: list[Values], further: Iterable[Any]) -> Found | None:
    """Return a plan that no other dominates: the most of each wish, one after the other."""
    rows = list(further)
    found = None
    for wish in [*wishes, -in_order(work.model)]:  # over the few wishes
        then = solved(work.model, wish, time_limit_s=work.time_limit_s, further=rows)
        if then is None:
            return found
        found = replace(then, in_time=then.in_time and (found is None or found.in_time))
        rows.append(held_to(wish, then.value))
    return found


def _front(work: Work, found: list[Found]) -> pd.DataFrame:
    """Return the distinct points, those that rounding lets another dominate taken out."""
    assert work.chain is not None
    names, totals = work.asked.options.index.to_numpy(object), work.model.totals
    today = work.chain.served_today * work.asked.size[1]
    rows = [
        {"insertion_fte": round(float(totals["insertion_fte"] @ one.columns), 4) + 0.0,
         "served_t": round(float(totals["served_t"] @ one.columns) - today, 3) + 0.0,
         "budgets_eur": round(float(totals["budgets"] @ one.columns) * EUR, 1) + 0.0,
         "options": ";".join(names[work.units(one).sum(axis=1) > 0]), "proved": one.in_time}
        for one in found
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(_FRONT)).astype(_FRONT)
    goals = ["insertion_fte", "served_t", "budgets_eur"]
    frame = frame.sort_values(
        [*goals[2:], *goals[:2], "options"], ascending=[True, False, False, True], kind="stable"
    )
    frame = frame.drop_duplicates(goals)
    better = frame[goals].to_numpy(np.float64) * np.array([1.0, 1.0, -1.0])
    near = np.array([1e-3, 0.05, 1.0])
    above = (better[None] >= better[:, None] - near).all(axis=2) & (
        better[None] > better[:, None] + near
    ).any(axis=2)
    return frame[~above.any(axis=1)].reset_index(drop=True)
