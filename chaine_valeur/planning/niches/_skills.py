"""Nearness of the skills that a stage needs: the relatedness of its NAF codes to the territory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.measure import NAN
from ...analysis.territory.relatedness import relatedness
from ...errors import ArgumentError, UnknownNameError

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["COUNTING", "Skills", "skills_of", "table_of"]

#: Which of the codes of a stage counts: the nearest, or their mean.
COUNTING = ("best", "mean")


@dataclass(frozen=True)
class Skills:
    """Relatedness and location quotient of a stage; the codes that count, establishments of them; why it is unknown.

    ``reason`` is empty where the relatedness is known, else ``no_counts``, ``no_naf``, ``not_counted`` (no code is
    among the activities counted) or ``no_relatedness`` (nobody holds it, or the territory has nothing).
    """

    relatedness: float = NAN
    location_quotient: float = NAN
    count: float = NAN
    naf: tuple[str, ...] = ()
    reason: str = "no_counts"


def table_of(
    f: Filiere, counts: pd.DataFrame | None, territory_code: str | None, value: str
) -> pd.DataFrame | None:
    """Return the relatedness of every activity to the territory, on codes without dots; ``None`` without counts.

    Raises
    ------
    ArgumentError
        Counts without the code of the territory in them.
    """
    if counts is None:
        return None
    code = territory_code or f.territory_id
    if "territory" not in counts:
        raise UnknownNameError.of("counts has no column 'territory'", "territory", counts.columns)
    if code is None or (territory_code is None and code not in set(counts["territory"].astype("str"))):
        raise ArgumentError(
            "territory_code=: say which territory of counts this one is (the code of its EPCI)"
        )
    found = relatedness(counts, territory=code, value=value)
    return found.assign(bare=found["naf"].map(_bare))


def skills_of(table: pd.DataFrame | None, codes: Sequence[str], *, counting: str) -> Skills:
    """Return the nearness of some NAF codes; one that is the beginning of others stands for all of them.

    Where activities were counted by coarser codes, that of which a code is part counts.
    """
    if table is None:
        return Skills()
    wanted = tuple(_bare(code) for code in codes if _bare(code))
    if not wanted:
        return Skills(reason="no_naf")
    bare = table["bare"]
    finer, coarser = (
        bare.str.startswith(wanted),
        bare.map(lambda code: any(one.startswith(code) for one in wanted)),
    )
    rows = table[(finer | coarser).to_numpy(bool)]
    if rows.empty:
        return Skills(reason="not_counted")
    density = rows["relatedness"].to_numpy(np.float64)
    counted = rows["count"].to_numpy(np.float64)
    total = float(np.nansum(counted)) if (~np.isnan(counted)).any() else NAN
    if np.isnan(density).all():
        return Skills(count=total, naf=tuple(rows["naf"]), reason="no_relatedness")
    quotients = rows["location_quotient"].to_numpy(np.float64)
    if counting == "best":
        best = int(np.nanargmax(density))
        return Skills(
            float(density[best]),
            float(quotients[best]),
            float(counted[best]),
            (str(rows["naf"].iloc[best]),),
            "",
        )
    quotient = float(np.nanmean(quotients)) if (~np.isnan(quotients)).any() else NAN
    return Skills(float(np.nanmean(density)), quotient, total, tuple(rows["naf"]), "")


def _bare(code: str) -> str:
    return "".join(str(code).split()).replace(".", "").upper()
