"""Filières whose material is sorted, sold and accounted for: balances, accounts and euros in one pass as one by one."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest

from chaine_valeur.filiere import Filiere
from chaine_valeur.portfolio import Portfolio

from .drawn_trade import drawn_trade
from .side_by_side import TRADED, assert_equal, assert_of_all_kinds, one_by_one


@pytest.fixture(scope="module")
def filieres() -> Mapping[str, Filiere]:
    drawn = {f"t{seed}": drawn_trade(seed) for seed in range(26)}
    return drawn | {f"t{seed}@2022": drawn[f"t{seed}"].at(2022) for seed in (4, 8)}


@pytest.fixture(scope="module")
def expected(filieres: Mapping[str, Filiere]) -> pd.DataFrame:
    return one_by_one(filieres)


def test_the_same_numbers_as_one_by_one(filieres: Mapping[str, Filiere], expected: pd.DataFrame) -> None:
    assert_equal(Portfolio.from_filieres(filieres), expected)


def test_the_order_of_filieres_changes_none_of_them(
    filieres: Mapping[str, Filiere], expected: pd.DataFrame
) -> None:
    backwards = dict(reversed(list(filieres.items())[::2]))
    assert_equal(Portfolio.from_filieres(backwards), expected)


def test_the_drawn_filieres_leave_nothing_to_chance(filieres: Mapping[str, Filiere]) -> None:
    assert_of_all_kinds(Portfolio.from_filieres(filieres), TRADED)
