"""Several filières as a portfolio, with figures given by hand where a test knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from chaine_valeur import Filiere
from chaine_valeur.portfolio.portfolio import Portfolio

NUMBERS = ["value", "low", "high", "numerator", "denominator"]


def Several(filieres: Mapping[str, Filiere], given: pd.DataFrame | None = None) -> Portfolio:  # noqa: N802
    """A portfolio; `given` stands for what it would compute of each indicator."""
    portfolio = Portfolio.from_filieres(filieres)
    if given is not None:
        portfolio.__dict__["figures"] = lambda: given
    return portfolio


def figures(**values: Any) -> pd.DataFrame:
    """Figures of one indicator each: ``A1={"a": 0.5, "b": (0.2, 0.1, 0.9)}``, by code, with or without bounds."""
    rows = []
    for identifier, by_code in values.items():
        for code, said in by_code.items():
            value, low, high = said if isinstance(said, tuple) else (said, np.nan, np.nan)
            rows.append((code, identifier, value, low, high, np.nan, np.nan, 0))
    columns = ["filiere_code", "indicator_id", *NUMBERS, "n_unknown"]
    kinds = {"filiere_code": "str", "indicator_id": "str", "n_unknown": "int64"} | dict.fromkeys(
        NUMBERS, "float64"
    )
    return pd.DataFrame(rows, columns=columns).astype(kinds)


def named(
    *codes: str, territory: bool = True, name: str = "Laine", year: int | None = None
) -> dict[str, Filiere]:
    """Filières of one name and of a territory each, with one actor, under codes."""
    return {
        code: Filiere.from_tables(
            filiere={
                "name": [name or "Laine"],
                "territory_id": [code if territory else None],
                "reference_year": [year],
            },
            territories={"territory_id": [code], "name": [f"Pays de {code}"], "commune_code": ["76384"]},
            actors={"name": ["Relais"]},
        )
        for code in codes
    }
