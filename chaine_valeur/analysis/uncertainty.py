"""How uncertain a figure is, where its row does not say: by how firm it is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..columns import columns
from ..errors import ArgumentError, UnknownNameError
from ..provenance import confidences
from ..vocabulary import Confidence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..filiere import Filiere

__all__ = [
    "CONFIDENCE_UNCERTAINTY",
    "by_confidence",
    "relative_uncertainties",
    "relative_uncertainty",
    "uncertainty_table",
]

#: Relative standard uncertainty of a figure by its confidence; the empty text is one that states none.
#: A convention of this library, printed with every result that uses it. 10 % for what is declared is the
#: default of OpenSankey workbooks too.
CONFIDENCE_UNCERTAINTY: Mapping[str, float] = MappingProxyType(
    {
        Confidence.MEASURED.value: 0.05,
        Confidence.DECLARED.value: 0.10,
        Confidence.ESTIMATED.value: 0.25,
        Confidence.HYPOTHESIS.value: 0.50,
        "": 0.25,
    }
)


def uncertainty_table(changed: Mapping[str, float] | None = None) -> Mapping[str, float]:
    """Return the table of uncertainties with some entries changed.

    Raises
    ------
    UnknownNameError
        A confidence that does not exist.
    ArgumentError
        An uncertainty that is no finite number from 0 on.
    """
    given = dict(changed or {})
    for name, value in given.items():
        if name not in CONFIDENCE_UNCERTAINTY:
            raise UnknownNameError.of(f"no confidence {name!r}", name, [*CONFIDENCE_UNCERTAINTY])
        if not 0 <= value < np.inf:
            raise ArgumentError(f"uncertainty of {name!r}: {value!r} is not a finite number from 0 on")
    return {**CONFIDENCE_UNCERTAINTY, **given}


def relative_uncertainty(
    f: Filiere, name: str, column: str, *, changed: Mapping[str, float] | None = None
) -> pd.Series:
    """Return the relative standard uncertainty of a column of a table, on its identifiers.

    ``uncertainty_share`` of the row, else that of its confidence (`CONFIDENCE_UNCERTAINTY`), where
    ``cell_sources`` may give another one to that cell. 0 is an exact figure.
    """
    found = relative_uncertainties(f, name, column, changed=changed)
    return pd.Series(found, index=columns(f, name).index, name="uncertainty_share")


def relative_uncertainties(
    f: Filiere, name: str, column: str, *, changed: Mapping[str, float] | None = None
) -> NDArray[np.float64]:
    """Return `relative_uncertainty` as an array along the rows of the table."""
    rows = columns(f, name)
    stated = rows.number("uncertainty_share")
    if len(columns(f, "cell_sources")):
        taken = by_confidence(confidences(f, name, column=column), changed=changed)
    else:  # what a row says holds for all of its cells
        known = uncertainty_table(changed)
        taken = np.array([*(known[kind.value] for kind in Confidence), known[""]])[
            rows.ranks("confidence", list(Confidence))
        ]
    return np.where(np.isnan(stated), taken, stated)


def by_confidence(
    said: NDArray[np.object_], *, changed: Mapping[str, float] | None = None
) -> NDArray[np.float64]:
    """Return the relative standard uncertainty that goes with how firm figures are, ``None`` being unknown."""
    known = uncertainty_table(changed)
    of: dict[str | None, float] = dict(known.items())
    of[None] = known[""]
    return np.fromiter(map(of.__getitem__, said), np.float64, len(said))
