"""The figures of all filières of a portfolio in one pass: block-diagonal, not a loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..analysis.indicator import Indicator
from ..analysis.many import PERIMETERS
from ..diagnosis import available_indicators
from ..errors import ArgumentError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..analysis.many import Many
    from .portfolio import Portfolio

__all__ = ["FIGURE_COLUMNS", "figures_in_one_pass", "in_one_pass", "named"]

FIGURE_COLUMNS = {
    "filiere_code": "str", "indicator_id": "str", "value": "float64", "low": "float64", "high": "float64",
    "numerator": "float64", "denominator": "float64", "n_unknown": "int64", "scope": "str",
}  # fmt: skip
_NUMBERS = ("value", "low", "high", "numerator", "denominator", "n_unknown")


def in_one_pass() -> dict[str, Indicator]:
    """Return, by identifier, the indicators that are computed for all filières at once."""
    return {name: one for name, one in available_indicators().items() if one.many is not None}


def named(indicators: Iterable[str] | None) -> list[Indicator]:
    """Return indicators by identifier, all of `in_one_pass` by default."""
    known = in_one_pass()
    if indicators is None:
        return list(known.values())
    found = []
    for name in [indicators] if isinstance(indicators, str) else indicators:
        if name not in known:
            every = available_indicators()
            if name not in every:
                raise UnknownNameError.of(f"no indicator {name!r}", name, every)
            raise ArgumentError(
                f"indicator {name!r} is not computed for all filières at once: use chaine_valeur.portfolio.heavy"
            )
        found.append(known[name])
    return found


def figures_in_one_pass(portfolio: Portfolio, indicators: Iterable[Indicator]) -> pd.DataFrame:
    """Return figures of all filières: a row per filière and indicator, filière after filière.

    The same numbers as `Indicator.measure` gives of each filière. Nothing is known where the first table that an
    indicator reads has no rows.
    """
    core, codes = portfolio.core, portfolio.codes
    found: list[tuple[str, Many]] = []
    for one in indicators:
        assert one.many is not None, one.indicator_id
        there = np.diff(portfolio.offsets(one.tables[0])) > 0
        found.append((one.indicator_id, one.many(core).only_where(there)))
    n, k = len(codes), len(found)
    columns = {
        name: np.stack([getattr(many, name) for _, many in found], axis=1).ravel() if k else np.zeros(0)
        for name in _NUMBERS
    }
    perimeter = np.zeros((n, k), dtype=np.int8)
    for place, (_, many) in enumerate(found):
        perimeter[:, place] = 0 if many.perimeter is None else many.perimeter
    names = [name for name, _ in found]
    return pd.DataFrame(
        {
            "filiere_code": pd.Categorical.from_codes(np.repeat(np.arange(n), k), codes, validate=False),
            "indicator_id": pd.Categorical.from_codes(
                np.tile(np.arange(k), n), pd.Index(names, dtype="str"), validate=False
            ),
            **columns,
            "scope": pd.Categorical.from_codes(
                perimeter.ravel(), pd.Index(PERIMETERS, dtype="str"), validate=False
            ),
        }
    ).astype({"n_unknown": "int64"})
