"""What a comparison holds, before it is told."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ..diagnosis import Diagnosis

__all__ = ["Compared"]


@dataclass(frozen=True, eq=False, repr=False)
class Compared:
    """The two diagnoses and the tables of what differs; see `chaine_valeur.differences.Comparison`."""

    before: Diagnosis
    after: Diagnosis
    names: tuple[str, str]
    perimeter: pd.DataFrame = field(repr=False)
    indicators: pd.DataFrame = field(repr=False)
    findings: pd.DataFrame = field(repr=False)
    tables: pd.DataFrame = field(repr=False)
    lang: str = "fr"
