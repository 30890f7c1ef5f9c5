"""The numbers that the library and the referee both compute: which they are, and under which names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from chaine_valeur.analysis.gaps.many import BREAKS

__all__ = ["SHARED", "our_numbers", "renamed"]

#: What the referee calls the value of an indicator, and the number of the breaks of a kind.
_INDICATORS = {
    "stages at home": "A1", "stages anywhere": "A1-anywhere", "weight of what is missing": "A2",
    "passages not made": "A3", "tonnes at a dead end": "A5", "held by one": "A12", "density": "D1", "E-I": "D3",
    "enterprises with ESS": "D2", "centralisation": "D4", "reciprocity": "D11",
}  # fmt: skip
_BREAKS = {
    "missing stages": "missing_stage", "missing passages": "missing_passage", "dead ends": "dead_end",
    "orphans": "orphan", "stages of one actor": "single_actor_stage",
}  # fmt: skip
#: The indicators of which both sides compute the terms: those compared are computed, and no others.
SHARED = (*_INDICATORS.values(), "A4", "A6")


def our_numbers(found: tuple[dict[str, Any], Any, pd.DataFrame]) -> dict[str, float]:
    """Return, of the only filière of a diagnostic, the numbers that networkx computes too, under the same names."""
    measured, breaks, structure = found
    kinds = np.bincount(breaks.kind, minlength=len(BREAKS)).tolist()
    return renamed(
        {name: (many.value[0], many.numerator[0], many.denominator[0]) for name, many in measured.items()},
        {str(kind): count for kind, count in zip(BREAKS, kinds, strict=True)},
        structure.iloc[0],
    )


def renamed(
    terms: Mapping[str, tuple[float, float, float]], breaks: Mapping[str, int], structure: pd.Series
) -> dict[str, float]:
    """Return numbers under the names that the referee gives them.

    Parameters
    ----------
    terms
        Indicator → value, numerator, denominator.
    breaks
        Kind → how many.
    structure
        A row of `structure_of`.
    """
    _, external, ties = terms["D3"]
    _, complete, paths = terms["A4"]
    return {
        **{theirs: float(terms[mine][0]) for theirs, mine in _INDICATORS.items()},
        **{theirs: float(breaks[mine]) for theirs, mine in _BREAKS.items()},
        **{str(name): float(count) for name, count in structure.items()},
        "paths": float(paths),
        "complete paths": float(complete),
        "ties between colleges": float((external + ties) / 2),
    }
