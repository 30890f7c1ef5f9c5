"""The insertion metrics (G4, G5, G9): plain functions of a filière.

Each speaks of one perimeter: the programme (all filières), this filière, or structures. By default it is the
widest of which a result is known. What is unknown is left out, counted, and never taken for 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...columns import columns
from ...vocabulary import FundingPurpose, OutcomeKind, OutcomeUnit
from ..measure import ratio
from .results import SCOPES, check_term, money_of, result_of, widest_scope

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["ANIMATION", "cost_per_post", "leverage", "target_reached"]

ANIMATION = (FundingPurpose.ANIMATION.value,)


def target_reached(
    f: Filiere,
    *,
    scope: str | None = None,
    unit: str = OutcomeUnit.POST.value,
    kind: str = OutcomeKind.INSERTION_JOBS.value,
) -> float:
    """Return the share of the target that was reached (G9): ``reached / target``.

    Rows that give both are compared row by row, and a row of unknown result leaves its target out; where no
    row gives both, all that was reached is compared with all that was expected.

    Parameters
    ----------
    scope
        ``programme``, ``filiere`` or ``structure``; by default the widest of which something is known.
    unit
        ``post``, ``fte``, ``person``…: units are never added together.
    kind
        What the result is about; ``insertion_jobs`` by default.

    Returns
    -------
    float
        0 or more, 1 being the target; NaN if either term is unknown, or the target is 0.

    Raises
    ------
    UnknownNameError
        A scope, unit or kind that does not exist.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Relais"]},
    ...     outcomes={"scope": "programme", "unit": "post", "target": [30, None], "reached": [None, 21]},
    ... )
    >>> target_reached(f)
    0.7
    """
    unit, kind = check_term(unit, "outcome_unit"), check_term(kind, "outcome_kind")
    result = result_of(f, scope=scope_of(f, scope, unit=unit, kind=kind), unit=unit, kind=kind)
    return ratio(result.compared, result.aim)


def cost_per_post(
    f: Filiere,
    *,
    scope: str | None = None,
    purposes: Iterable[str] = ANIMATION,
    unit: str = OutcomeUnit.POST.value,
) -> float:
    """Return the public cost of a post or FTE (G4): ``Σ funding(perimeter) / posts``.

    Money granted or paid, of the same perimeter as the posts, for the purposes asked for; requests do not
    count.

    Parameters
    ----------
    scope
        As in `target_reached`.
    purposes
        What the money is for; by default ``animation`` alone: aid per post, investment… are other perimeters.
    unit
        ``post`` or ``fte``.

    Returns
    -------
    float
        In € per post (or FTE); NaN without a known amount or a known, positive number of posts. A lower bound
        where an amount is unknown.

    Raises
    ------
    UnknownNameError
        A scope, purpose or unit that does not exist or is no job.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["SIAE"]},
    ...     outcomes={"scope": ["programme"], "unit": ["post"], "reached": [21]},
    ...     funding={"scope": ["programme"] * 2, "purpose": ["animation"] * 2, "state": ["granted", "requested"],
    ...              "amount_eur": [210_000, 50_000]},
    ... )  # fmt: skip
    >>> cost_per_post(f)
    10000.0
    """
    unit = job_unit(unit)
    scope = scope_of(f, scope, unit=unit)
    return ratio(
        money_of(f, scope=scope, purposes=purposes).total, result_of(f, scope=scope, unit=unit).reached
    )


def leverage(f: Filiere, *, scope: str | None = None, purposes: Iterable[str] = ANIMATION) -> float:
    """Return the leverage of the territorial body (G5): funds attracted over its own funds.

    ``Σ_{funder not territorial} € / Σ_{funder territorial} €``, in one perimeter, for the purposes asked for.

    Returns
    -------
    float
        0 or more; NaN without a known amount on both sides.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["EPCI", "Région"], "roles": ["territorial", "funder"]},
    ...     funding={"scope": ["programme"] * 2, "purpose": ["animation"] * 2, "state": ["paid", "granted"],
    ...              "funder_id": ["EPCI", "Région"], "amount_eur": [40_000, 100_000]},
    ... )  # fmt: skip
    >>> leverage(f)
    2.5
    """
    money = money_of(f, scope=scope_of_money(f, scope), purposes=purposes)
    return ratio(money.attracted, money.own)


def job_unit(unit: str) -> str:
    """Return a unit in which a cost can be given."""
    from ...errors import UnknownNameError

    if unit not in (OutcomeUnit.POST.value, OutcomeUnit.FTE.value):
        raise UnknownNameError(f"unit={unit!r}: a cost is per 'post' or per 'fte'")
    return unit


def scope_of(
    f: Filiere, scope: str | None, *, unit: str, kind: str = OutcomeKind.INSERTION_JOBS.value
) -> str:
    """Return the perimeter asked for, or the widest of which a result is known."""
    return widest_scope(f, unit=unit, kind=kind) if scope is None else check_term(scope, "scope")


def scope_of_money(f: Filiere, scope: str | None) -> str:
    """Return the perimeter asked for, or the widest of which money is known."""
    if scope is not None:
        return check_term(scope, "scope")
    known = set(columns(f, "funding").text("scope").tolist())
    return next((each for each in SCOPES if each in known), SCOPES[0])
