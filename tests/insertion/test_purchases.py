"""FTE that purchases pay for (G10): flows or the file of a buyer, at a cost that one has to state."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from chaine_valeur import Filiere, insertion
from chaine_valeur.errors import ArgumentError, UnknownNameError
from tests.insertion.programme import plain

SIRETS = {"chantier": "12345678200010", "relais": "73282932000074"}


def trading(*rows: tuple[str | None, str | None, float | None], **more: Any) -> Filiere:
    """Return flows between a worksite, an insertion enterprise, a mill and a town hall: source, target, €."""
    flows = pd.DataFrame(list(rows), columns=["source", "target", "amount_eur_per_year"]).assign(**more)
    return Filiere.from_tables(
        actors={
            "actor_id": ["chantier", "relais", "papeterie", "mairie"],
            "name": ["Chantier", "Relais", "Papeterie", "Mairie"],
            "structure_kind": ["ACI", "EI", "company", "public_body"],
            "siret": [SIRETS["chantier"], SIRETS["relais"], None, None],
        },
        flows=flows if rows else None,
        strict=False,
    )


def test_purchases_by_hand() -> None:
    f = trading(
        ("chantier", "papeterie", 30_000.0),
        ("relais", None, 15_000.0),  # sold outside: bought from a SIAE all the same
        ("chantier", "relais", 9_000.0),  # between SIAE: paid for by what they sell
        ("papeterie", "mairie", 80_000.0),  # no SIAE sells
        ("mairie", "chantier", -5_000.0),  # the town hall pays to be rid of it: a service that it buys
        ("chantier", "mairie", None),
    )
    assert insertion.fte_bought(f, cost_per_fte=25_000) == 2.0  # (30 + 15 + 5) / 25
    found = insertion.fte_bought_measure(f, cost_per_fte=25_000, lang="en")
    assert (found.value, found.numerator, found.denominator, found.n_unknown) == (2.0, 50_000.0, 25_000.0, 1)
    assert found.low == 2.0 and math.isnan(found.high)  # what is not known can only add to it
    assert found.n_rows == 3 and found.unit == "FTE"
    assert "One FTE is taken to cost 25,000 €: an assumption." in plain(found.note)
    assert "1 amount paid to SIAE is not known." in found.note


def test_what_is_paid_in_another_year_does_not_count() -> None:
    f = trading(("chantier", "mairie", 10_000.0), ("chantier", "mairie", 40_000.0), year=[2023, 2024])
    assert insertion.fte_bought(f, cost_per_fte=10_000) == 4.0
    assert insertion.fte_bought(f.at(2023), cost_per_fte=10_000) == 1.0


def test_nothing_known_is_not_zero() -> None:
    assert math.isnan(insertion.fte_bought(trading(), cost_per_fte=1))
    assert math.isnan(insertion.fte_bought(trading(("chantier", "mairie", None)), cost_per_fte=1))
    assert insertion.fte_bought(trading(("chantier", "mairie", 0.0)), cost_per_fte=1) == 0.0
    assert "Aucun montant" in insertion.fte_bought_measure(trading(), cost_per_fte=1).note


@pytest.mark.parametrize("cost", [0, -1, float("nan"), float("inf"), None, "beaucoup"])
def test_the_cost_has_to_be_stated(cost: Any) -> None:
    with pytest.raises(ArgumentError, match="cost_per_fte"):
        insertion.fte_bought(trading(("chantier", "mairie", 1.0)), cost_per_fte=cost)
    with pytest.raises(TypeError):
        insertion.fte_bought(trading())  # type: ignore[call-arg]


# -- the file of a buyer ------------------------------------------------------------------------------


def file(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_a_file_by_hand() -> None:
    spending = file(
        SIREN=["123 456 782", "732829320", "999999999", "12345678200010", "x"],
        Dépense=[20_000, 10_000, 70_000, 5_000, 9],
        Année=[2024, 2024, 2024, 2023, 2024],
    )
    f = trading()
    assert insertion.fte_bought(f, cost_per_fte=10_000, spending=spending) == 3.0  # the latest year: 20 + 10
    assert (
        insertion.fte_bought(f.at(2023), cost_per_fte=10_000, spending=spending) == 0.5
    )  # a SIRET is read too
    found = insertion.fte_bought_measure(f, cost_per_fte=10_000, spending=spending, lang="en")
    assert found.n_unknown == 1 and "1 row of the file could not be read." in found.note
    assert found.rows == {}


def test_the_siae_of_a_listing_in_place_of_those_of_the_filiere() -> None:
    spending = file(siren=[999999999, 123456782], montant=[70_000.0, 1.0])
    assert (
        insertion.fte_bought(trading(), cost_per_fte=35_000, spending=spending, sirens=["999999999"]) == 2.0
    )
    assert math.isnan(insertion.fte_bought(trading(), cost_per_fte=1, spending=spending, sirens=[]))


def test_numbers_read_as_floats_and_amounts_that_cannot_be_read() -> None:
    spending = file(SIREN=[123456782.0, 123456782.0, float("nan")], Dépense=["100", "cent", "5"])
    assert insertion.fte_bought(trading(), cost_per_fte=100, spending=spending) == 1.0
    found = insertion.fte_bought_measure(trading(), cost_per_fte=100, spending=spending)
    assert found.n_unknown == 2 and math.isnan(
        found.low
    )  # an amount and a SIREN; the amount could be a credit note


@pytest.mark.parametrize(
    ("columns", "missing"), [(["SIREN", "Total"], "Dépense"), (["Nom", "Dépense"], "SIREN")]
)
def test_a_file_without_a_column_that_is_needed(columns: list[str], missing: str) -> None:
    with pytest.raises(UnknownNameError, match=missing):
        insertion.fte_bought(trading(), cost_per_fte=1, spending=pd.DataFrame(columns=columns))


def test_an_empty_file_and_a_file_that_is_left_as_it_was() -> None:
    empty = pd.DataFrame({"SIREN": [], "Dépense": [], "Année": []})
    assert math.isnan(insertion.fte_bought(trading(), cost_per_fte=1, spending=empty))
    spending = file(SIREN=["123456782"], Dépense=["7"])
    before = spending.copy(deep=True)
    assert insertion.fte_bought(trading(), cost_per_fte=1, spending=spending) == 7.0
    pd.testing.assert_frame_equal(spending, before)
