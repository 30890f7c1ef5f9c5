"""The bands in which SIRENE gives numbers of employees."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ...errors import ArgumentError, UnknownNameError
from ...language import tr

__all__ = ["SIZE_BANDS", "band_bounds", "bands_asked"]

#: Code of the band → fewest and most employees; the last one has no upper bound. ``NN`` is not filled.
SIZE_BANDS: dict[str, tuple[float, float]] = {
    "00": (0, 0), "01": (1, 2), "02": (3, 5), "03": (6, 9), "11": (10, 19), "12": (20, 49), "21": (50, 99),
    "22": (100, 199), "31": (200, 249), "32": (250, 499), "41": (500, 999), "42": (1000, 1999),
    "51": (2000, 4999), "52": (5000, 9999), "53": (10_000, np.inf),
}  # fmt: skip


def band_bounds(codes: pd.Series) -> pd.DataFrame:
    """Return the fewest and the most employees of bands, ``low`` and ``high``, on the index of `codes`.

    NaN for ``NN`` and blanks; infinite at the top of the last band.

    Examples
    --------
    >>> import pandas as pd
    >>> band_bounds(pd.Series(["12", "NN"]))
        low  high
    0  20.0  49.0
    1   NaN   NaN
    """
    ends = {
        name: codes.map({code: float(band[place]) for code, band in SIZE_BANDS.items()}).astype("float64")
        for place, name in enumerate(("low", "high"))
    }
    return pd.DataFrame(ends, index=codes.index)


def bands_asked(sizes: str | int | Iterable[str | int] | None, *, lang: str = "fr") -> list[str] | None:
    """Return the codes of the bands asked for: from one band up, or those of a list; ``None``: all.

    Raises
    ------
    UnknownNameError
        No such band.
    ArgumentError
        An empty list.

    Examples
    --------
    >>> bands_asked("42"), bands_asked(["00", 1])
    (['42', '51', '52', '53'], ['00', '01'])
    """
    if sizes is None:
        return None
    asked = [_code(sizes, lang)] if isinstance(sizes, (str, int)) else [_code(one, lang) for one in sizes]
    if not asked:
        raise ArgumentError(tr("sizes= is an empty list: leave it out, or name a band.", lang))
    return [code for code in SIZE_BANDS if code >= asked[0]] if isinstance(sizes, (str, int)) else asked


def _code(size: str | int, lang: str) -> str:
    code = str(size).strip().zfill(2)
    if code not in SIZE_BANDS:
        raise UnknownNameError(
            tr("“{code}” is not the code of a band of employees: give one of {codes}.", lang,
               code=size, codes=", ".join(SIZE_BANDS))
        )  # fmt: skip
    return code
