"""Which constraints and bounds cannot hold together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from ._problem import Problem, Standard

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Values = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["Conflict", "infeasible_rows"]

Kind = Literal["equality", "inequality", "lower", "upper", "exact"]

#: Members of a contradiction beyond which it is told as found, not reduced: each member costs a linear program.
REDUCED = 200
#: Imbalance, relative to the usual size of the figures, that counts as none.
NOTHING = 1e-7


@dataclass(frozen=True, order=True)
class Conflict:
    """One member of a contradiction.

    Attributes
    ----------
    kind
        ``equality`` (a row of A), ``inequality`` (a row of C), ``lower`` or ``upper`` (a bound), ``exact`` (a
        value measured with a zero uncertainty).
    index
        Row of A or of C, or position of the variable.
    """

    kind: Kind
    index: int


def infeasible_rows(problem: Problem) -> list[Conflict]:
    """Return a few constraints and bounds that cannot hold together, such that any one fewer could.

    A linear program looks for the least total violation; its multipliers (Farkas) name a contradiction, which is
    then reduced by leaving out one member after the other.

    Parameters
    ----------
    problem
        What has to hold; measured values matter only where they are exact.

    Returns
    -------
    list of Conflict
        Empty where everything can hold. One contradiction at a time: others may appear once it is repaired.
        Irreducible up to 200 members; beyond, as found.

    Examples
    --------
    What enters is what leaves, but at most 5 enter and at least 8 leave:

    >>> from scipy.sparse import csr_array
    >>> problem = Problem(np.array([4.0, 9.0, np.nan]), np.ones(3), csr_array([[1.0, -1.0, 0.0]]), np.zeros(1),
    ...                   np.array([0.0, 8.0, 0.0]), np.array([5.0, np.inf, np.inf]))
    >>> [(one.kind, one.index) for one in infeasible_rows(problem)]
    [('equality', 0), ('lower', 1), ('upper', 0)]
    """
    outside = problem.is_measured & (problem.sigma == 0)
    for kind, beyond in (
        ("lower", problem.measured < problem.lower),
        ("upper", problem.measured > problem.upper),
    ):
        at = np.flatnonzero(outside & beyond)
        if len(at):
            return [Conflict("exact", int(at[0])), Conflict(kind, int(at[0]))]  # type: ignore[arg-type]
    system = _System.of(problem)
    found = system.contradiction(system.everything())
    if found is None:
        return []
    if sum(int(side.sum()) for side in found) <= REDUCED:
        found = _reduced(system, found)
    return system.named(problem, *found)


def _reduced(system: _System, members: tuple[Mask, Mask, Mask]) -> tuple[Mask, Mask, Mask]:
    """Return the members without those that the contradiction does not need."""
    for side in (1, 2, 0):  # bounds first: a reader understands a contradiction of equations better
        for place in np.flatnonzero(members[side]):
            if not members[side][place]:
                continue
            fewer = tuple(mask.copy() for mask in members)
            fewer[side][place] = False
            smaller = system.contradiction(fewer)  # type: ignore[arg-type]
            if smaller is not None:
                # a smaller contradiction stays within what is left, and may need even less
                members = tuple(a & b for a, b in zip(fewer, smaller, strict=True))  # type: ignore[assignment]
    return members


@dataclass(frozen=True)
class _System:
    """Equalities (slacks included) and bounds, in units of the usual size."""

    A: csr_array
    b: Values
    lower: Values
    upper: Values
    limited: NDArray[np.intp]

    @classmethod
    def of(cls, problem: Problem) -> _System:
        s = Standard.of(problem)
        figures = np.abs(np.concatenate([s.b, s.lower, s.upper]))
        figures = figures[np.isfinite(figures) & (figures > 0)]
        usual = float(np.median(figures)) if len(figures) else 1.0
        A = s.A.copy()
        A.eliminate_zeros()
        return cls(A, s.b / usual, s.lower / usual, s.upper / usual, s.limited)

    def everything(self) -> tuple[Mask, Mask, Mask]:
        """Return all rows, all lower and all upper bounds, as masks."""
        return np.ones(len(self.b), dtype=bool), np.isfinite(self.lower), np.isfinite(self.upper)

    def contradiction(self, members: tuple[Mask, Mask, Mask]) -> tuple[Mask, Mask, Mask] | None:
        """Return the members that the multipliers of the least violation name; None if all members can hold."""
        from scipy.optimize import linprog
        from scipy.sparse import eye_array, hstack

        rows = np.flatnonzero(members[0])
        part = self.A[rows]
        columns = np.unique(part.indices)
        if not len(columns) or not len(rows):
            wrong = members[0] & (np.abs(self.b) > NOTHING)
            wrong[np.flatnonzero(wrong)[1:]] = False
            nothing = np.zeros(len(self.lower), dtype=bool)
            return (wrong, nothing, nothing) if wrong.any() else None
        part, m = part[:, columns], len(rows)
        lower = np.where(members[1], self.lower, -np.inf)[columns]
        upper = np.where(members[2], self.upper, np.inf)[columns]
        bounds = np.concatenate([np.stack([lower, upper], axis=1), np.tile([0.0, np.inf], (2 * m, 1))])
        done = linprog(
            np.concatenate([np.zeros(len(columns)), np.ones(2 * m)]),
            A_eq=hstack([part, eye_array(m), -eye_array(m)]).tocsr(),
            b_eq=self.b[rows],
            bounds=bounds,
            method="highs",
        )
        if done.status != 0 or done.fun <= NOTHING:
            return None
        named, pull = np.zeros(len(self.b), dtype=bool), part.T @ done.eqlin.marginals
        named[rows] = np.abs(done.eqlin.marginals) > 1e-7
        low, high = np.zeros(len(self.lower), dtype=bool), np.zeros(len(self.lower), dtype=bool)
        low[columns], high[columns] = pull < -1e-7, pull > 1e-7
        return named, low & members[1], high & members[2]

    def named(self, problem: Problem, rows: Mask, low: Mask, high: Mask) -> list[Conflict]:
        """Return the members by kind and position."""
        m, n = problem.A.shape[0], problem.size
        exact = problem.is_measured & (problem.sigma == 0)
        kinds: list[tuple[Kind, NDArray[np.intp]]] = [
            ("equality", np.flatnonzero(rows[:m])),
            ("inequality", self.limited[rows[m:]]),
            ("exact", np.flatnonzero(exact & (low[:n] | high[:n]))),
            ("lower", np.flatnonzero(low[:n] & ~exact)),
            ("upper", np.flatnonzero(high[:n] & ~exact)),
        ]
        return [Conflict(kind, int(one)) for kind, places in kinds for one in places]
