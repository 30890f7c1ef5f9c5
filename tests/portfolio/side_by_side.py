"""Figures one by one beside those of one pass: the same numbers, and draws that leave nothing to chance."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from chaine_valeur.diagnosis.run import measured_by
from chaine_valeur.filiere import Filiere
from chaine_valeur.portfolio import Portfolio
from chaine_valeur.portfolio.many import FIGURE_COLUMNS, in_one_pass

NUMBERS = list(FIGURE_COLUMNS)[2:-1]
#: Figures of which the unknown leaves an interval; those of which nothing is ever unknown; those that are no ratio.
WITH_BOUNDS = """A1 A2 A3 A4 A6 A7 A8 A10 B1 B12 C1 D1 D2 D3 D4 D5 D6 D7 D8 D11 D15 D16 D17 E4 E5 E7 F2 F5
                 G6 G7""".split()  # fmt: skip
NEVER_UNKNOWN = ("A1-anywhere", "A12", "C3", "C6")
NO_RATIO = ("A6", "C1", "C4", "C5", "D7", "D8", "E6-tonne-km", "F1", "F2", "G3")
#: What only filières that trade (`drawn_trade`) describe well enough.
TRADED = "A7 B1 B7 B12 D9 E4 E7 F1 F2 F3 F5 F6".split()


def one_by_one(filieres: Mapping[str, Filiere]) -> pd.DataFrame:
    """Return what the indicators give of each filière, as `Portfolio.figures` lays it out."""
    rows = [
        (code, name, *(getattr(measure, number) for number in NUMBERS), measure.scope)
        for code, f in filieres.items()
        for name, indicator in in_one_pass().items()
        for measure in [measured_by(f, indicator, "en")]
    ]
    return pd.DataFrame(rows, columns=list(FIGURE_COLUMNS)).astype(FIGURE_COLUMNS)


def assert_equal(p: Portfolio, expected: pd.DataFrame) -> None:
    """Assert that the figures of a portfolio are those expected of its filières."""
    found = p.figures()
    assert list(found.columns) == list(FIGURE_COLUMNS)
    keys = ["filiere_code", "indicator_id"]
    expected = (
        expected.set_index(keys)
        .loc[pd.MultiIndex.from_product([p.codes, in_one_pass()])]
        .reset_index(names=keys)
    )
    assert found[keys].astype("str").equals(expected[keys])
    assert found["scope"].tolist() == expected["scope"].tolist()
    for name in NUMBERS:
        wrong = ~np.isclose(found[name], expected[name], rtol=1e-12, atol=0, equal_nan=True)
        told = expected[wrong][[*keys, name]].assign(found=found.loc[wrong, name])
        assert not wrong.any(), told.to_string()


def assert_of_all_kinds(p: Portfolio, indicators: Collection[str]) -> None:
    """Assert that each figure is known, unknown, of many values, and with bounds that differ if it has any."""
    for name, rows in p.figures(indicators).groupby("indicator_id", observed=True):
        assert rows["value"].notna().sum() > 5, name
        assert rows["value"].nunique() > 2, name
        assert rows["value"].isna().any(), name
        assert (rows["low"] < rows["high"]).any() == (name in WITH_BOUNDS), name
        assert (rows["n_unknown"] > 0).any() == (name not in NEVER_UNKNOWN), name
        assert rows["numerator"].notna().any() == (name not in NO_RATIO), name
        # whatever the bounds are, a value that is known lies between them
        known = rows.dropna(subset=["value", "low", "high"])
        assert (known["low"] <= known["value"] + 1e-12).all(), name
        assert (known["value"] <= known["high"] + 1e-12).all(), name
