"""What the equations say of each variable: checked, taken as given, computable, or open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ._problem import Problem
from ._structure import Structure, structure

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DETERMINED", "FREE", "MEASURED_NONREDUNDANT", "REDUNDANT", "classes", "degrees_of_freedom"]

#: Measured, and no other measurement bears on it.
MEASURED_NONREDUNDANT = 0
#: Measured, and the equations could compute it from the other measurements: it can be checked.
REDUNDANT = 1
#: Unmeasured, and the equations compute it.
DETERMINED = 2
#: Unmeasured, and only an interval is known.
FREE = 3


def classes(problem: Problem) -> NDArray[np.int8]:
    """Return the class of each variable (B3).

    With ``A = [A_m | A_u]`` split into measured and unmeasured columns: an unmeasured variable is determined when
    every v with ``A_u v = 0`` is zero there; a measured one is redundant when some w with ``wᵀ A_u = 0`` has
    ``wᵀ A_m`` different from zero there. Inequalities, and bounds that differ, are left aside; a variable whose two
    bounds are equal is known.

    Parameters
    ----------
    problem
        What was measured and what has to hold; the values themselves do not matter.

    Returns
    -------
    array of int8
        MEASURED_NONREDUNDANT (0), REDUNDANT (1), DETERMINED (2) or FREE (3), one per variable.

    Examples
    --------
    ``a = b + c`` with a and b measured, and ``c = d``: c and d are computed; nothing is checked.

    >>> from scipy.sparse import csr_array
    >>> nan, none = np.nan, np.full(4, np.inf)
    >>> problem = Problem(np.array([10.0, 4.0, nan, nan]), np.ones(4),
    ...                   csr_array([[1.0, -1.0, -1.0, 0.0], [0.0, 0.0, 1.0, -1.0]]), np.zeros(2), -none, none)
    >>> classes(problem).tolist()
    [0, 0, 2, 2]
    """
    return problem.derived("classes", lambda: _classes(problem)).copy()


def _classes(problem: Problem) -> NDArray[np.int8]:
    unmeasured, found = np.flatnonzero(_unmeasured(problem)), _of_unmeasured(problem)
    coded = np.full(problem.size, DETERMINED, dtype=np.int8)
    coded[unmeasured[(found.right != 0).any(axis=1)]] = FREE
    checked = problem.A.T @ found.left
    size = abs(problem.A.T) @ np.abs(found.left)
    coded[problem.is_measured] = MEASURED_NONREDUNDANT
    coded[problem.is_measured & (np.abs(checked) > 1e-9 * size).any(axis=1)] = REDUNDANT
    return coded


def degrees_of_freedom(problem: Problem) -> int:
    """Return how many independent equations bear on what was measured, the unmeasured being eliminated.

    ``rank [A_m | A_u] − rank A_u`` over the variables that can move.
    """
    mobile = np.flatnonzero(~problem.is_exact)
    return structure(problem.A.tocsc()[:, mobile].tocsr()).rank - _of_unmeasured(problem).rank


def _unmeasured(problem: Problem) -> NDArray[np.bool_]:
    """Return the variables that nothing but the equations tells."""
    return ~problem.is_measured & (problem.lower != problem.upper)


def _of_unmeasured(problem: Problem) -> Structure:
    """Return the structure of the columns of what was not measured, found once."""

    def found() -> Structure:
        return structure(problem.A.tocsc()[:, np.flatnonzero(_unmeasured(problem))].tocsr())

    return problem.derived("unmeasured", found)
