"""The arguments of `read_sirene`, checked before any file is opened."""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Real
from typing import Any

import pandas as pd

from ...errors import ArgumentError, UnknownNameError
from ...language import tr
from ..communes import checked_communes, commune_codes, communes_of
from .asked import Near

__all__ = ["check_not_empty", "communes_asked", "departments_asked", "place_asked"]


def check_not_empty(*, lang: str, **asked: Any) -> None:
    """Raise `ArgumentError` where a list is empty: it asks for nothing, and must not answer with the country."""
    for name, codes in asked.items():  # the arguments of a question
        if codes is not None and not (codes.strip() if isinstance(codes, str) else codes):
            raise ArgumentError(
                tr("{argument}= is empty: leave it out, or give a code.", lang, argument=name)
            )


def communes_asked(
    communes: str | Iterable[str] | None,
    epci: str | Iterable[str] | None,
    table: pd.DataFrame | None,
    *,
    lang: str,
) -> list[str] | None:
    """Return the codes of all communes asked for, by themselves or by EPCI; ``None``: anywhere."""
    if communes is None and epci is None:
        return None
    found = checked_communes(communes, table, lang=lang) if communes is not None else []
    if epci is not None:
        if table is None:
            raise ArgumentError(tr("epci= needs the list of communes: give communes_table=.", lang))
        found += checked_communes(communes_of(table, epci=epci, lang=lang), None, lang=lang)
    return sorted(set(found))


def departments_asked(departments: str | Iterable[str] | None, *, lang: str) -> list[str] | None:
    """Return the codes of departments, in two or three characters; ``None``: anywhere."""
    if departments is None:
        return None
    asked = [departments] if isinstance(departments, str) else list(departments)
    codes = [str(one).strip().upper().zfill(2) for one in asked]
    for typed, code in zip(asked, codes, strict=True):
        if not (len(code) == 2 and (code.isdigit() or code in ("2A", "2B"))) and not (
            len(code) == 3 and code.isdigit() and code.startswith(("97", "98"))
        ):
            raise ArgumentError(
                tr("“{code}” is not the code of a department (76, 2A, 974).", lang, code=typed)
            )
    return codes


def place_asked(near: Any, within_km: float | None, centres: pd.DataFrame, *, lang: str) -> Near | None:
    """Return the place from which distances are taken, given by its degrees or by a commune of `centres`."""
    distance = _distance(within_km, lang)
    if near is None:
        if distance is not None:
            raise ArgumentError(
                tr("within_km= needs a place: give near=(latitude, longitude) or a commune.", lang)
            )
        return None
    known = centres[["latitude", "longitude"]].dropna()
    if isinstance(near, str):
        code = commune_codes([near]).iloc[0]
        if code not in known.index:
            raise UnknownNameError(
                tr("The centre of the commune {code} is not known: give near=(latitude, longitude), or "
                   "communes_table= with its centre.", lang, code=near)
            )  # fmt: skip
        place = known.loc[code]
        return Near(float(place["latitude"]), float(place["longitude"]), distance, known)
    try:
        latitude, longitude = map(float, near)
    except (TypeError, ValueError):
        latitude = longitude = math.nan
    if math.isnan(latitude + longitude):
        raise ArgumentError(
            tr("near={given} is no place: give (latitude, longitude) in degrees, or the code of a commune.", lang,
               given=near)
        )  # fmt: skip
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise ArgumentError(
            tr("near={given} is on no globe: give (latitude, longitude) in degrees, the latitude first.", lang,
               given=near)
        )  # fmt: skip
    return Near(latitude, longitude, distance, known)


def _distance(within_km: float | None, lang: str) -> float | None:
    if within_km is None:
        return None
    if not isinstance(within_km, Real) or not 0 < within_km < math.inf:
        raise ArgumentError(
            tr("within_km={given} is no distance: give kilometres above 0.", lang, given=within_km)
        )
    return float(within_km)
