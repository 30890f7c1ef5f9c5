"""Rows of the program of a plan as they are added, each with the rule that it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Codes = NDArray[np.int64]
    Values = NDArray[np.float64]
    #: Kind of a rule, and what it is about.
    Rule = tuple[str, str]

__all__ = ["EUR", "Rows"]

#: Euros in a unit of the program: tolerances of the solver are absolute.
EUR = 1000.0


@dataclass
class Rows:
    """Rows as they are added, with the number of the rule that each comes from (−1: what a plan is)."""

    width: int
    matrices: list[csr_array] = field(default_factory=list)
    low: list[Values] = field(default_factory=list)
    high: list[Values] = field(default_factory=list)
    rule: list[Codes] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    def add(
        self,
        matrix: csr_array,
        low: Values | float,
        high: Values | float,
        *,
        rule: Rule | list[Rule] | None = None,
    ) -> None:
        """Add rows ``low ≤ matrix · columns ≤ high``, of one rule, of one each, or of none."""
        count = matrix.shape[0]
        if not count:
            return
        self.matrices.append(matrix)
        self.low.append(np.broadcast_to(np.asarray(low, dtype=np.float64), count).copy())
        self.high.append(np.broadcast_to(np.asarray(high, dtype=np.float64), count).copy())
        if rule is None:
            self.rule.append(np.full(count, -1, dtype=np.int64))
            return
        named = rule if isinstance(rule, list) else [rule] * count
        known = {one: place for place, one in enumerate(self.rules)}
        for one in named:  # over rows that have a rule
            if one not in known:
                known[one] = len(self.rules)
                self.rules.append(one)
        self.rule.append(np.array([known[one] for one in named], dtype=np.int64))
