"""A territory of two communes, and filières made of a few lists."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from chaine_valeur import Filiere
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.analysis.territory import INDICATORS

HERE, THERE, AWAY = "76384", "76114", "76758"
#: One degree of latitude, or of longitude at the equator: π R / 180.
DEGREE_KM = math.pi * 6371.0088 / 180


def valley(
    actors: dict[str, Any], flows: dict[str, Any] | pd.DataFrame | None = None, **more: Any
) -> Filiere:
    """Return a filière of the territory « val »: the communes `HERE` and `THERE`."""
    own: dict[str, Any] = {
        "filiere": {"name": ["Laine"], "territory_id": ["val"]},
        "territories": {
            "territory_id": "val",
            "commune_code": [HERE, THERE],
            "commune_name": ["Lillebonne", "Bolbec"],
        },
    }
    if flows is not None:
        own["flows"] = flows
    return Filiere.from_tables(**(own | {"actors": actors} | more))


def equator(**longitudes: float | None) -> dict[str, Any]:
    """Return actors on the equator: between two of them, degrees × `DEGREE_KM`."""
    return {
        "actor_id": list(longitudes),
        "name": list(longitudes),
        "latitude": [None if place is None else 0.0 for place in longitudes.values()],
        "longitude": list(longitudes.values()),
    }


def indicator(f: Filiere, identifier: str, lang: str = "en") -> Measure:
    """Return an indicator of the room, measured."""
    return next(one for one in INDICATORS if one.indicator_id == identifier).measure(f, lang=lang)


def same(first: float, second: float) -> bool:
    """Whether two figures are one, unknown being unknown."""
    return bool(np.isclose(first, second, rtol=1e-9, atol=1e-12, equal_nan=True))


def plain(text: str) -> str:
    """Return a sentence with ordinary spaces, as one types it."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")
