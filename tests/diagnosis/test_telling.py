"""How a measure is told: few cases as « 7 sur 12 », many as a percentage, unknown as unknown, bounds in words."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaine_valeur.analysis.measure import NAN, Measure
from chaine_valeur.diagnosis import diagnose
from chaine_valeur.diagnosis.telling import bounds_text, firmness_text, sentence_of, terms_text, value_text
from chaine_valeur.diagnosis.wording import cell_text, known, named, row_contents, text_of
from chaine_valeur.filiere import Filiere
from chaine_valeur.schema import table
from tests.diagnosis.builders import hand


def share(part: float, whole: float, **more: float) -> Measure:
    return Measure(part / whole, "share", numerator=part, denominator=whole, **more)  # type: ignore[arg-type]


# -- the value ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "english", "french"),
    [
        (share(7, 12), "7 out of 12", "7 sur 12"),
        (share(0, 29), "0 out of 29", "0 sur 29"),
        # of three cases one is known to be so and two are unknown: never told as « 1 sur 1 »
        (share(1, 1, low=1 / 3, high=1, n_unknown=2), "1 out of 3, 2 unknown", "1 sur 3, 2 inconnus"),
        (share(5, 6, low=5 / 7, high=6 / 7, n_unknown=1), "5 out of 7, 1 unknown", "5 sur 7, 1 inconnu"),
        # 14 cases and 16 unknown are thirty: too many to be told as 0 to 8 out of 15
        (share(0, 14, low=0.0, high=16 / 30, n_unknown=16), "0 out of 14", "0 sur 14"),
        # what is unknown is among the 15 already
        (share(2, 15, low=2 / 15, high=5 / 15, n_unknown=3), "2 out of 15", "2 sur 15"),
        # from 30 cases on: 21/30 = 70 %
        (share(21, 30), "70%", "70\u00a0%"),
        # terms that are tonnes are no cases: 1.5/12 = 12.5 %, rounded half up
        (share(1.5, 12), "13%", "13\u00a0%"),
        (share(3, 10.5), "29%", "29\u00a0%"),
        (Measure(0.256, "share"), "26%", "26\u00a0%"),
        (Measure(NAN, "share", numerator=0, denominator=0), "unknown", "inconnu"),
        (Measure(NAN, "t/year"), "unknown", "inconnu"),
        (Measure(1234.0, "count"), "1,234", "1\u202f234"),
        (Measure(0.0, "count"), "0", "0"),
        (Measure(1234.6, "t/year"), "1,235\u00a0t/year", "1\u202f235\u00a0t/an"),
        # a ratio has no unit to be told
        (Measure(0.4, "ratio"), "0.4", "0,4"),
    ],
)
def test_value(measure: Measure, english: str, french: str) -> None:
    assert value_text(measure, lang="en") == english
    assert value_text(measure, lang="fr") == french


def test_money_is_told_without_cents_from_ten_on() -> None:
    assert value_text(Measure(10952.38, "EUR/post"), lang="en").startswith("10,952\u00a0")
    assert value_text(Measure(10.4, "EUR"), lang="en").startswith("10\u00a0")
    assert value_text(Measure(3.25, "EUR"), lang="en").startswith("3.25\u00a0")


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (share(14, 300), "14 out of 300"),
        # below 30 the value says it already; tonnes, other units and unknown values say nothing
        (share(14, 29), ""),
        (share(14.5, 300), ""),
        (Measure(NAN, "share", numerator=14, denominator=300), ""),
        (Measure(2.0, "ratio", numerator=14, denominator=300), ""),
        (Measure(0.5, "share"), ""),
    ],
)
def test_terms(measure: Measure, said: str) -> None:
    assert terms_text(measure, lang="en") == said


# -- bounds -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "begins"),
    [
        # 2 of 4 known, 1 unknown: 2/5 = 0.4 and 3/5 = 0.6 are cases over 5, not over 4
        (share(2, 4, low=0.4, high=0.6, n_unknown=1), "from 2 to 3 out of 5"),
        # 4/12 and 8/12 are also 3/9 and 6/9, but four are known: not told as three
        (share(4, 8, low=4 / 12, high=8 / 12, n_unknown=4), "from 4 to 8 out of 12"),
        (share(2, 15, low=2 / 15, high=5 / 15), "from 2 to 5 out of 15"),
        (share(60, 100, low=0.5, high=0.75), "from 50% to 75%"),
        # bounds that are cases over nothing small stay percentages
        (share(2, 4, low=0.33, high=0.6), "from 33% to 60%"),
        (Measure(12.0, "t/year", low=10.0, high=20.0), "from 10 to 20\u00a0t/year"),
        # 0 to 2 of 4 is also 0 to 1 of 2, but two were left out
        (share(0, 2, low=0.0, high=0.5, n_unknown=2), "from 0 to 2 out of 4"),
    ],
)
def test_bounds(measure: Measure, begins: str) -> None:
    said = bounds_text(measure, lang="en")
    assert said.startswith(begins + " "), said
    assert bounds_text(measure, lang="fr").startswith("de ")


@pytest.mark.parametrize("unit", ["ratio", "count"])
def test_a_ratio_and_a_count_are_bare_numbers(unit: str) -> None:
    """Neither « 0,28 ratio » nor « 4 nombre »."""
    measure = Measure(3.0, unit, low=0.5, high=4.0, n_unknown=2)
    assert value_text(measure, lang="fr") == "3"
    assert bounds_text(measure, lang="fr") == "de 0,5 à 4 selon ce qui reste inconnu"
    assert bounds_text(measure, lang="en") == "from 0.5 to 4 depending on what is unknown"


def test_no_unit_of_a_real_indicator_is_told_as_a_ratio() -> None:
    d = diagnose(hand(), profile="expert")
    told = [value_text(one.measure, lang="fr") for one in d.measured.values()]
    told += [bounds_text(one.measure, lang="fr") for one in d.measured.values()]
    assert {one.measure.unit for one in d.measured.values()} >= {"ratio", "count", "share"}
    assert not [text for text in told if "ratio" in text or "nombre" in text]


@pytest.mark.parametrize(
    "measure",
    [
        share(2, 4),
        share(2, 4, low=0.5, high=0.5),
        share(2, 4, low=0.5),
        share(2, 4, high=0.5),
        # everything is possible: nothing is said
        share(2, 4, low=0.0, high=1.0),
    ],
)
def test_no_bounds_to_tell(measure: Measure) -> None:
    assert bounds_text(measure, lang="en") == ""


# -- how firm -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("soft", "said"),
    [(NAN, None), (0.0, None), (-0.1, None), (0.5, "50%"), (0.99, "99%"), (0.001, "1%")],
)
def test_firmness(soft: float, said: str | None) -> None:
    told = firmness_text(soft, lang="en")
    assert told == "" if said is None else said in told


def test_what_rests_on_hypotheses_alone_is_no_percentage() -> None:
    assert firmness_text(1.0, lang="en") == firmness_text(0.996, lang="en") != ""
    assert "%" not in firmness_text(1.0, lang="en")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a remark", "A remark."),
        ("Said.", "Said."),
        ("really?", "Really?"),
        ("(see below.)", "(see below.)"),
        ("« c’est dit. »", "« c’est dit. »"),
        ("“said”", "“said”."),
        ("and so on…", "And so on…"),
        ("x", "X."),
    ],
)
def test_a_sentence_has_a_capital_and_an_end(text: str, sentence: str) -> None:
    assert sentence_of(text.replace(" »", "\u00a0»")) == sentence.replace(" »", "\u00a0»")


@given(part=st.integers(0, 60), more=st.integers(0, 60), unknown=st.integers(0, 40))
def test_whatever_the_cases_value_and_bounds_are_told(part: int, more: int, unknown: int) -> None:
    whole = part + more
    if not whole:
        return
    low, high = part / (whole + unknown), (part + unknown) / (whole + unknown)
    measure = share(part, whole, low=low, high=high, n_unknown=unknown)
    told = value_text(measure, lang="en")
    if whole + unknown < 30:
        left_out = f", {unknown} unknown" if unknown else ""
        assert told == f"{part} out of {whole + unknown}{left_out}"
    elif whole < 30:
        assert told == f"{part} out of {whole}"
    else:
        assert told.endswith("%")
    said = bounds_text(measure, lang="en")
    assert bool(said) is (unknown > 0 and not (low <= 0 and high >= 1))
    if said and whole + unknown < 30:
        # what is known to be so is the lower end, as a number of cases
        assert said.startswith(f"from {part} to "), said


# -- rows in words ------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, float("nan"), pd.NA, pd.NaT])
def test_what_is_unknown_is_empty(value: object) -> None:
    assert not known(value)
    assert text_of(value) == ""
    for column in table("flows"):
        assert cell_text(value, column) == ""


@pytest.mark.parametrize("value", [0, False, "", 0.0])
def test_zero_no_and_empty_are_known(value: object) -> None:
    assert known(value)
    assert text_of(value) == str(value)


@pytest.mark.parametrize(
    ("where", "name", "value", "english", "french"),
    [
        ("flows", "quantity_t_per_year", 1200.0, "1,200\u00a0t/year", "1\u202f200\u00a0t/an"),
        ("flows", "year", 2022, "2022", "2022"),
        ("flows", "confidence", "measured", "Measured", "Mesuré"),
        ("sources", "interested_party", True, "yes", "oui"),
        ("sources", "interested_party", False, "no", "non"),
        ("actors", "surveyed_on", pd.Timestamp(2022, 3, 12), "12 March 2022", "12 mars 2022"),
    ],
)
def test_a_cell_as_a_reader_writes_it(
    where: str, name: str, value: object, english: str, french: str
) -> None:
    column = table(where)[name]
    assert cell_text(value, column, lang="en") == english
    assert cell_text(value, column, lang="fr") == french


def test_lists_terms_and_references_are_told_by_their_names() -> None:
    roles = table("actors")["roles"]
    assert cell_text("supplier;transformer", roles, lang="fr") == "Fournisseur, Transformateur"
    source = table("flows")["source"]
    assert cell_text("tri", source, names={"tri": "Centre de tri"}) == "Centre de tri"
    assert cell_text("tri", source, names={}) == "tri"
    assert named(hand(), source)["collecte-sa"] == "Collecte SA"
    assert named(hand(), table("flows")["note"]) == {}


def test_contents_leave_out_keys_codes_defaults_and_what_has_its_own_column() -> None:
    f = Filiere.from_tables(
        actors={
            "actor_id": ["a-1"], "name": ["Relais"], "commune_code": ["76384"], "latitude": [49.5],
            "longitude": [0.5], "status": ["actif"], "note": ["à voir"], "roles": ["acheteur"],
        },
    )  # fmt: skip
    (said,) = row_contents(f, "actors", ["a-1"], lang="en")
    assert said.startswith("Relais; ")
    assert "Buyer" in said
    for hidden in ("a-1", "76384", "49", "à voir", "Active"):
        assert hidden not in said
    assert row_contents(f, "actors", [], lang="en") == []


@pytest.mark.parametrize(
    ("written", "told"),
    [(310.5, "310.5"), (1234.125, "1,234.125"), (120, "120"), (0.1, "0.1"), (1 / 3, "0.333333"), (1e-9, "0.000000")],
)  # fmt: skip
def test_contents_give_a_figure_as_it_was_written(written: float, told: str) -> None:
    """A row that a figure rests on is found again in the workbook: 310.5 there, not 311."""
    f = Filiere.from_tables(
        actors={"name": ["A"]}, flows={"source": ["A"], "quantity_t_per_year": [written], "share": [0.565]}
    )
    (said,) = row_contents(f, "flows", list(f.flows.index), lang="en")
    assert f"Quantity: {told}\u00a0t/year" in said
    assert "Share: 56.5%" in said


def test_contents_in_the_order_asked_for() -> None:
    said = row_contents(hand(), "stages", ["tri", "collecte"], lang="en")
    assert [one.split(";")[0] for one in said] == ["tri", "collecte"]
