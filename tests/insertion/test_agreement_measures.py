"""G1, G2 and G3 as the diagnosis runs them, what their notes tell, and the agreed posts that are left to fill."""

from __future__ import annotations

import math
from typing import Any

import pytest

from chaine_valeur import Filiere, diagnose, insertion
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.analysis.insertion.agreement_checks import agreements_to_fill
from chaine_valeur.analysis.insertion.agreement_measures import planned_aid_measure
from tests.insertion.agreements_of import with_agreements
from tests.insertion.programme import measure, plain

DATES = {"starts_on": "2024-01-01", "ends_on": "2024-12-31"}


def note(identifier: str, f: Filiere, lang: str = "en") -> str:
    return plain(measure(identifier, f, lang=lang).note)


def to_fill(f: Filiere, **thresholds: Any) -> list[Finding]:
    return list(agreements_to_fill(f, lang="en", **thresholds))


# -- what is listed -----------------------------------------------------------------------------------


def test_the_indicators_of_the_room() -> None:
    profiles = {one.indicator_id: one.profile for one in insertion.INDICATORS}
    assert list(profiles) == ["G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9"]
    assert [name for name, profile in profiles.items() if profile == "essential"] == ["G4", "G5", "G9"]
    units = {one.indicator_id: one.unit for one in insertion.INDICATORS}
    assert (units["G1"], units["G2"], units["G3"], units["G6"], units["G8"]) == (
        "FTE",
        "share",
        "EUR",
        "share",
        "ratio",
    )


def test_the_diagnosis_tells_them_all() -> None:
    f = with_agreements({**DATES, "agreed_fte": 4, "hours_worked": 5460, "aid_eur_per_fte": 20_000})
    told = diagnose(f, profile="expert", lang="en").indicators.set_index("indicator_id")
    assert told.loc[["G1", "G2", "G3"], "value"].tolist() == [3.0, 0.75, 80_000.0]
    assert told.loc[["G6", "G7", "G8"], "value"].isna().all()
    assert (diagnose(f, lang="en").findings["kind"] == "agreement_underused").sum() == 1
    assert (diagnose(f).findings["kind"] == "check_failed").sum() == 0
    # a share among the results is told where there is no agreement at all
    alone = with_agreements(
        outcomes={"scope": ["structure"], "kind": ["lasting_exits"], "unit": ["share"], "reached": [0.3]}
    )
    assert diagnose(alone, profile="expert").indicators.set_index("indicator_id").loc["G7", "value"] == 0.3


# -- notes --------------------------------------------------------------------------------------------


def test_what_is_left_out_is_counted_in_the_measure() -> None:
    f = with_agreements(
        {"agreement_id": "a", "year": 2024, "hours_worked": 1820, "agreed_fte": 2},
        {"agreement_id": "b", "actor_id": "relais", "year": 2024, "agreed_fte": 2},
        {"agreement_id": "c", "actor_id": "atelier", "year": 2024},
        {"agreement_id": "d", "actor_id": "geiq", "year": 2024},
        {"agreement_id": "e", "actor_id": "amicale", "year": 2024},
    )
    found = measure("G1", f, lang="en")
    assert (found.value, found.low, found.n_unknown) == (1.0, 1.0, 2)  # b without hours, e of unknown kind
    assert math.isnan(found.high)
    assert found.rows == {"agreements": ("a",)}
    told = plain(found.note)
    assert told.startswith("Perimeter: this filière. Known for 1 of 2 agreements in 2024.")
    assert "Hours of one FTE taken from the table of references: ACI DC 1,820 h." in told
    assert "2 agreements of structures that are no SIAE (EA, ESAT, GEIQ…) are left out." in told
    assert "The kind of 1 agreement is not known: it is left out." in told


def test_hours_that_no_source_gives_are_told() -> None:
    assert "Those in prison (MP) are not verified." in note(
        "G1", with_agreements({"year": 2024, "hours_worked": 9, "in_prison": True})
    )
    own = with_agreements({"year": 2024, "hours_worked": 9, "in_prison": True, "hours_per_fte": 1500})
    assert "verified" not in note("G1", own) and "references" not in note("G1", own)


def test_the_use_tells_its_terms_and_what_was_assumed() -> None:
    f = with_agreements(
        {"year": 2024, "hours_worked": 1820, "agreed_fte": 4},
        {"year": 2024, "hours_worked": 0, "agreed_fte": 1},
    )
    found = measure("G2", f, lang="en")
    assert (found.value, found.numerator, found.denominator, found.low, found.high) == (0.2, 1, 5, 0.2, 0.2)
    told = plain(found.note)
    assert "1 FTE worked for 5 FTE agreed." in told
    assert "2 agreements without dates are taken over the whole year." in told
    assert "2 agreements share months with another one of the same structure" in told
    assert "1 convention" not in told and "2 conventions sans dates" in note("G2", f, "fr")


def test_the_aid_tells_who_pays_and_what_was_funded_otherwise() -> None:
    aid = {"agreed_fte": 6, "aid_eur_per_fte": 20_000}
    f = with_agreements(
        {"starts_on": "2014-01-01", "ends_on": "2014-12-31", "cofinanced_share": 0.1, **aid},
        {"starts_on": "2014-01-01", "ends_on": "2014-06-30", **aid},
        {"actor_id": "relais", "starts_on": "2014-01-01", "ends_on": "2014-12-31", **aid},
        {"actor_id": "interim", "starts_on": "2014-01-01", "ends_on": "2014-12-31", "agreed_fte": 2},
    )
    found = measure("G3", f, lang="en")
    # 60 000 of the six months since July, and 120 000; that of the worksite before July is no unknown amount
    assert (found.value, found.low, found.n_unknown) == (180_000.0, 180_000.0, 1)
    assert math.isnan(found.high)
    told = plain(found.note)
    assert "State 54,000 €, département 6,000 €." in told
    assert "Who pays what is not told for 1 agreement." in told
    assert "1 agreement is of a time when its measure had no aid per post (an ACI before July 2014)" in told
    assert "1 agreement began before the aid per post of its measure: only the months since count." in told
    assert "1 agreement does not say enough and is left out." in told


def test_an_aid_that_is_all_of_another_time_is_unknown_with_the_reason() -> None:
    f = with_agreements({"year": 2012, "agreed_fte": 6, "aid_eur_per_fte": 20_000})
    found = measure("G3", f, lang="fr")
    assert math.isnan(found.value) and found.n_unknown == 0
    assert "financée autrement" in found.note


def test_base_amounts_are_a_hypothesis_in_the_measure() -> None:
    f = with_agreements(
        {"year": 2016, "agreed_fte": 1, "aid_eur_per_fte": 19_200, "confidence": "declared"},
        {"year": 2016, "agreed_fte": 3, "confidence": "declared"},
    )
    assert measure("G3", f).hypothesis_share == 0.0
    found = planned_aid_measure(f, lang="en", reference_amounts=True)
    assert found.value == 4 * 19_200
    assert found.hypothesis_share == 0.75
    assert "Hypothesis: 1 agreement without an amount" in found.note and "2022" in found.note


@pytest.mark.parametrize("identifier", ["G1", "G2", "G3", "G6", "G7", "G8"])
def test_nothing_is_known_of_nothing(identifier: str) -> None:
    for f in (with_agreements(), with_agreements({"year": 2024})):
        found = measure(identifier, f, lang="en")
        assert math.isnan(found.value) and found.rows == {}
        assert found.note.startswith("Perimeter: ") and "nan" not in found.note.lower().replace("finan", "")


# -- posts to fill ------------------------------------------------------------------------------------


def test_posts_to_fill_by_hand() -> None:
    # chantier 5 of 8; relais 1 of 4 over two agreements; interim 9.5 of 10 is used enough
    f = with_agreements(
        {"agreement_id": "a", **DATES, "agreed_fte": 8, "hours_worked": 9100},
        {"agreement_id": "b", "actor_id": "relais", "year": 2024, "agreed_fte": 2, "hours_worked": 1505},
        {"agreement_id": "c", "actor_id": "relais", "year": 2024, "agreed_fte": 3, "hours_worked": 0},
        {"agreement_id": "d", "actor_id": "relais", "year": 2024, "agreed_fte": 3},
        {"agreement_id": "e", "actor_id": "interim", "year": 2024, "agreed_fte": 10, "hours_worked": 15_200},
    )
    first, second = to_fill(f)
    assert [(one.actor_id, one.quantity, one.jobs_at_stake_fte, one.n_unknown) for one in (first, second)] == [
        ("relais", 4.0, 4.0, 1), ("chantier", 3.0, 3.0, 0),
    ]  # fmt: skip
    assert (first.kind, first.severity, first.unit, first.year) == ("agreement_underused", "low", "FTE", 2024)
    assert first.rows == {"agreements": ("b", "c")} and second.rows == {"agreements": ("a",)}
    assert plain(second.message) == (
        "Insertion posts to fill at Chantier: 3 FTE agreed and funded for 2024 were open (5 FTE worked for 8 FTE, 63%; "
        "told below 90%)."
    )


def test_the_thresholds_are_arguments_and_printed() -> None:
    f = with_agreements({**DATES, "agreed_fte": 10, "hours_worked": 9.5 * 1820})  # 9.5 of 10
    assert to_fill(f) == []
    (one,) = to_fill(f, least_use=0.96)
    assert "told below 96%" in one.message and one.quantity == pytest.approx(0.5)
    assert to_fill(f, least_use=0.96, least_fte=0.6) == []
    assert to_fill(f, least_use=0.95) == []  # at the threshold nothing is said


def test_what_is_not_known_is_nothing_to_fill() -> None:
    assert to_fill(with_agreements()) == []
    assert to_fill(with_agreements({"year": 2024, "agreed_fte": 9})) == []
    assert to_fill(with_agreements({"year": 2024, "hours_worked": 0})) == []
    assert to_fill(with_agreements({"year": 2024, "agreed_fte": 0, "hours_worked": 0})) == []
    assert (
        to_fill(with_agreements({"actor_id": "atelier", "year": 2024, "agreed_fte": 9, "hours_worked": 0}))
        == []
    )


def test_without_any_year_the_sentence_names_none() -> None:
    (one,) = to_fill(with_agreements({"agreed_fte": 4, "hours_worked": 1820}))
    assert one.year is None
    assert "3 FTE agreed and funded are open" in plain(one.message)


def test_the_sentence_is_french_where_french_is_spoken() -> None:
    f = with_agreements({**DATES, "agreed_fte": 8, "hours_worked": 9100})
    (one,) = agreements_to_fill(f)
    assert plain(one.message).startswith("Postes d’insertion à pourvoir chez Chantier : 3 ETP conventionnés")
