"""What was expected, reached and spent: perimeters and units stay apart, the unknown is counted."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, UnknownNameError, datasets, insertion
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.analysis.indicator import Indicator
from chaine_valeur.analysis.insertion.results import money_of
from chaine_valeur.analysis.insertion.wording import cost_words
from chaine_valeur.language import tr
from tests.insertion.programme import actors, funding, measure, outcomes, plain, programme, with_outcomes

SENTENCE = (
    "Programme, toutes filières : 21 postes créés, encadrement compris, pour une trentaine attendus (70 %) ; "
    "10 952 € d’animation par poste, hors aides aux SIAE ; part de la filière non renseignée"
)


def missed(f: Filiere, *, lang: str = "fr") -> list[Finding]:
    return [one for check in insertion.CHECKS for one in check(f, lang=lang)]


# -- the sentence -----------------------------------------------------------------------------------


def test_the_sentence_of_the_programme() -> None:
    assert plain(insertion.summary_sentence(programme())) == SENTENCE
    assert plain(insertion.summary_sentence(programme(), lang="en")) == (
        "Programme, all filières: 21 posts created, supervision included, for about thirty expected (70%); "
        "10,952 € of animation per post, excluding aid to the SIAE; share of this filière not stated"
    )


def test_the_sentence_of_the_shipped_example() -> None:
    assert plain(insertion.summary_sentence(datasets.load("textiles_usages"))) == SENTENCE


def test_the_sentence_has_the_spaces_of_a_typesetter() -> None:
    said = insertion.summary_sentence(programme())
    assert "filières\u00a0: 21" in said
    assert "(70\u00a0%)\u202f; 10\u202f952\u00a0€" in said


def test_the_sentence_follows_the_rows() -> None:
    rows = outcomes()
    rows.loc[rows["outcome_id"] == "batiment", "reached"] = 9.0
    money = funding()
    money.loc[money["funding_id"] == "epci", "amount_eur"] = 190_000.0
    said = plain(insertion.summary_sentence(programme(outcomes=rows, funding=money)))
    # 24 posts of 30; 240 000 / 24
    assert (
        "24 postes créés, encadrement compris, pour une trentaine attendus (80 %) ; 10 000 € d’animation"
        in said
    )


def test_the_part_of_the_filiere_is_told_where_it_is_known() -> None:
    own = pd.DataFrame(
        [{"scope": "filiere", "kind": "insertion_jobs", "unit": "post", "reached": 4.0, "outcome_id": "own"}]
    )
    said = plain(insertion.summary_sentence(programme(outcomes=pd.concat([outcomes(), own]))))
    assert said.endswith("; dont cette filière : 4 postes créés")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{"target": 12, "reached": 7}], "7 postes créés pour 12 attendus"),
        ([{"target": 1, "reached": 1}], "1 poste créé pour 1 attendu"),
        ([{"target": 40, "reached": 20, "supervision_included": False}],
         "20 postes créés, hors encadrement, pour 40 attendus (50 %)"),
        ([{"reached": 7}], "7 postes créés"),
        ([{"target": 12}], "attendu : 12 postes, résultat non connu"),
        ([{"target": 12, "confidence": "estimated"}], "attendu : environ 12 postes, résultat non connu"),
        ([{"target": 35, "reached": 7, "confidence": "estimated"}],
         "7 postes créés pour environ 35 attendus (20 %)"),
        ([{"target": 20, "reached": 7, "confidence": "hypothesis"}],
         "7 postes créés pour une vingtaine attendus"),
        ([{"target": 10, "reached": 7, "unit": "fte"}], "7 ETP d’insertion pour 10 attendus"),
        ([{"target": 10, "reached": 7, "unit": "person"}], "7 personnes en insertion pour 10 attendues"),
        ([{"reached": 7}, {"reached": None}], "au moins 7 postes créés"),
        ([{"reached": 7}, {"reached": 4.5, "unit": "fte"}], "7 postes créés ; 4,5 ETP d’insertion"),
    ],
)  # fmt: skip
def test_words_of_a_result(rows: list[dict[str, object]], sentence: str) -> None:
    f = with_outcomes(*({"scope": "filiere", **row} for row in rows))
    said = plain(insertion.summary_sentence(f.with_table("funding", funding().iloc[:0])))
    assert said == f"Cette filière : {sentence}"


def test_nothing_is_said_of_nothing() -> None:
    assert insertion.summary_sentence(Filiere.from_tables(actors={"name": ["Relais"]})) == ""
    only = outcomes()[outcomes()["outcome_id"].isin(["chantier", "aci"])]
    assert insertion.summary_sentence(programme(outcomes=only)) == ""


def test_an_amount_unknown_makes_a_lower_bound() -> None:
    money = funding()
    money.loc[money["funding_id"] == "etat", "purpose"] = "animation"
    said = plain(insertion.summary_sentence(programme(funding=money)))
    assert "; au moins 10 952 € d’animation par poste ; part" in said


# -- the metrics ------------------------------------------------------------------------------------


def test_the_numbers_of_the_programme() -> None:
    f = programme()
    assert insertion.target_reached(f) == 21 / 30
    assert insertion.cost_per_post(f) == pytest.approx(230_000 / 21)
    assert insertion.leverage(f) == pytest.approx(50_000 / 180_000)


def test_money_that_was_only_asked_for_does_not_count() -> None:
    paid = funding().assign(state="paid")
    # 50 000 + 180 000 + 70 000
    assert insertion.cost_per_post(programme(funding=paid)) == pytest.approx(300_000 / 21)
    assert insertion.leverage(programme(funding=paid)) == pytest.approx(120_000 / 180_000)


def test_a_cost_for_other_purposes_names_them() -> None:
    money = money_of(programme(), scope="programme", purposes=["animation", "study"])
    assert plain(cost_words(money, 21, "post", "fr")) == (
        "10 952 € par poste (animation et études), hors aides aux SIAE"
    )


def test_the_purposes_are_the_perimeter_of_a_cost() -> None:
    f = programme()
    assert math.isnan(insertion.cost_per_post(f, purposes=["post_aid"]))  # unknown, not 0
    both = insertion.cost_per_post(f, purposes=["animation", "post_aid"])
    assert both == pytest.approx(230_000 / 21)
    money = funding()
    money.loc[money["funding_id"] == "etat", "amount_eur"] = 190_000.0
    assert insertion.cost_per_post(programme(funding=money), purposes=["animation", "post_aid"]) == 20_000.0


def test_money_and_posts_are_of_one_perimeter() -> None:
    f = programme()
    assert math.isnan(insertion.cost_per_post(f, scope="filiere"))
    assert math.isnan(insertion.target_reached(f, scope="structure"))
    assert math.isnan(insertion.leverage(f, scope="filiere"))
    extra = pd.DataFrame(
        {"funding_id": ["x"], "scope": ["filiere"], "purpose": ["animation"], "amount_eur": [1e6]}
    )
    f = programme(funding=pd.concat([funding(), extra]))
    assert insertion.cost_per_post(f) == pytest.approx(230_000 / 21)


def test_units_are_never_added() -> None:
    f = with_outcomes(
        {"target": 10, "reached": 5},
        {"target": 4, "reached": 4, "unit": "fte"},
        {"reached": 100, "unit": "person"},
    )
    assert insertion.target_reached(f) == 0.5
    assert insertion.target_reached(f, unit="fte") == 1.0
    assert math.isnan(insertion.target_reached(f, unit="person"))
    assert insertion.cost_per_post(f, unit="fte") == pytest.approx(230_000 / 4)


def test_kinds_are_never_added() -> None:
    f = with_outcomes(
        {"target": 10, "reached": 5, "kind": "insertion_jobs"}, {"reached": 3, "kind": "supervision"},
        {"target": 20, "reached": 12, "kind": "training", "unit": "person"},
    )  # fmt: skip
    assert insertion.target_reached(f) == 0.5
    assert insertion.target_reached(f, unit="person", kind="training") == 0.6


def test_rows_that_give_both_are_compared_row_by_row() -> None:
    # the second result is unknown: its target is left out
    f = with_outcomes({"target": 10, "reached": 7}, {"target": 5, "reached": None})
    assert insertion.target_reached(f) == 0.7
    found = measure("G9", f)
    assert (found.n_unknown, found.low) == (1, 7 / 15)
    assert math.isnan(found.high)
    assert (found.numerator, found.denominator) == (7.0, 10.0)


def test_the_latest_year_counts_for_each_term() -> None:
    f = with_outcomes(
        {"target": 10, "year": 2008}, {"target": 12, "year": 2009},
        {"reached": 5, "year": 2008}, {"reached": 6, "year": 2010}, {"reached": 3},
    )  # fmt: skip
    # the row without a year holds every year
    assert insertion.target_reached(f) == 9 / 12
    assert "Années : 2009, 2010." in plain(measure("G9", f).note)


def test_zero_is_not_unknown() -> None:
    assert insertion.target_reached(with_outcomes({"target": 10, "reached": 0})) == 0.0
    assert math.isnan(insertion.target_reached(with_outcomes({"target": 0, "reached": 3})))
    assert math.isnan(insertion.cost_per_post(with_outcomes({"target": 10, "reached": 0})))


def test_funding_without_a_named_funder_is_on_neither_side() -> None:
    extra = pd.DataFrame({"scope": ["programme"], "purpose": ["animation"], "amount_eur": [9e6]})
    assert insertion.leverage(programme(funding=pd.concat([funding(), extra]))) == pytest.approx(5 / 18)


def test_names_that_do_not_exist() -> None:
    f = programme()
    for call in (
        lambda: insertion.target_reached(f, scope="program"),
        lambda: insertion.target_reached(f, unit="posts"),
        lambda: insertion.target_reached(f, kind="jobs"),
        lambda: insertion.cost_per_post(f, unit="person"),
        lambda: insertion.cost_per_post(f, purposes=["animations"]),
        lambda: insertion.leverage(f, scope="x"),
    ):
        with pytest.raises(UnknownNameError):
            call()
    with pytest.raises(UnknownNameError, match="programme"):
        insertion.target_reached(f, scope="program")


# -- the measures -----------------------------------------------------------------------------------


def test_target_measure() -> None:
    found = measure("G9", programme())
    assert (found.value, found.numerator, found.denominator, found.scope) == (0.7, 21.0, 30.0, "programme")
    assert (found.low, found.high, found.n_unknown) == (0.7, 0.7, 0)
    assert found.rows == {"outcomes": ("cible", "batiment", "lin", "environnement")}
    assert plain(found.note) == (
        "Périmètre : programme, toutes filières. "
        "21 postes créés, encadrement compris, pour une trentaine attendus (70 %)."
    )


def test_cost_measure() -> None:
    found = measure("G4", programme())
    assert found.unit == "EUR/post"
    assert (found.numerator, found.denominator, found.scope) == (230_000.0, 21.0, "programme")
    assert set(found.rows["funding"]) == {"region", "epci"}
    assert plain(found.note) == (
        "Périmètre : programme, toutes filières. Financements comptés : animation, hors aides aux SIAE. "
        "230 000 € pour 21 postes."
    )


def test_cost_measure_with_what_is_unknown() -> None:
    money = funding()
    money.loc[money["funding_id"] == "region", "amount_eur"] = None
    found = measure("G4", programme(funding=money))
    assert found.value == found.low == pytest.approx(180_000 / 21)
    assert math.isnan(found.high)
    assert found.n_unknown == 1
    assert "1 montant inconnu n’est pas compté." in found.note
    # a result unknown as well: no bound on either side
    rows = pd.concat([outcomes(), outcomes().iloc[[1]].assign(outcome_id="autre", reached=None)])
    found = measure("G4", programme(funding=money, outcomes=rows))
    assert math.isnan(found.low)
    assert found.n_unknown == 2


def test_cost_per_fte_where_posts_are_not_known() -> None:
    found = measure("G4", with_outcomes({"reached": 10, "unit": "fte"}))
    assert (found.value, found.unit) == (23_000.0, "EUR/FTE")


def test_rows_without_a_perimeter_or_a_purpose_are_counted_as_unknown() -> None:
    extra = pd.DataFrame(
        {"funding_id": ["u", "v", "w"], "scope": [None, "programme", "filiere"],
         "purpose": ["animation", None, "animation"], "amount_eur": [1.0, 1.0, 1.0]}
    )  # fmt: skip
    found = measure("G4", programme(funding=pd.concat([funding(), extra])))
    assert found.value == pytest.approx(230_000 / 21)
    assert found.n_unknown == 2


def test_leverage_measure() -> None:
    found = measure("G5", programme())
    assert (found.numerator, found.denominator, found.unit) == (50_000.0, 180_000.0, "ratio")
    assert found.rows == {"funding": ("region", "epci")}
    assert math.isnan(measure("G5", programme(funding=funding().iloc[:1])).value)


@pytest.mark.parametrize("indicator", insertion.INDICATORS, ids=lambda each: each.indicator_id)
def test_each_indicator_can_be_told(indicator: Indicator) -> None:
    for text in (indicator.name, indicator.formula, indicator.reading):
        assert tr(text, "fr") not in ("", text)
    bare = indicator.measure(Filiere.from_tables(actors={"name": ["Relais"]}))
    assert math.isnan(bare.value)
    assert bare.rows == {}
    assert bare.note.startswith("Périmètre")


# -- the check --------------------------------------------------------------------------------------


def test_a_target_missed() -> None:
    (found,) = missed(programme())
    assert (found.kind, found.severity, found.quantity, found.unit) == (
        "target_missed",
        "medium",
        9.0,
        "post",
    )
    assert math.isnan(found.jobs_at_stake_fte)  # posts are no FTE
    assert plain(found.message) == (
        "Programme, toutes filières : 21 postes créés, encadrement compris, pour une trentaine attendus "
        "(70 %). Reste à trouver : environ 9 postes."
    )
    assert found.rows == {"outcomes": ("cible", "batiment", "lin", "environnement")}


def test_at_most_one_finding_per_perimeter_and_unit() -> None:
    f = with_outcomes(
        {"target": 10, "reached": 5, "kind": "training"},
        {"target": 10, "reached": 6, "kind": "insertion_jobs"},
        {"target": 8, "reached": 6.5, "unit": "fte"}, {"target": 4, "reached": 1, "scope": "filiere"},
    )  # fmt: skip
    found = missed(f)
    assert [(one.quantity, one.unit) for one in found] == [(4.0, "post"), (1.5, "FTE"), (3.0, "post")]
    assert [one.jobs_at_stake_fte for one in found][1] == 1.5
    assert plain(found[1].message).endswith("Reste à trouver : 1,5 ETP.")


def test_a_target_reached_is_no_finding() -> None:
    assert not missed(with_outcomes({"target": 10, "reached": 10}))
    assert not missed(with_outcomes({"target": 10, "reached": None}))
    # 28 of « une trentaine » is one; 28 of 30 is not
    assert not missed(with_outcomes({"target": 30, "reached": 28, "confidence": "estimated"}))
    assert len(missed(with_outcomes({"target": 30, "reached": 28}))) == 1


def test_other_results_are_told_in_their_unit() -> None:
    f = with_outcomes({"target": 0.6, "reached": 0.45, "unit": "share", "kind": "positive_exits"})
    (found,) = missed(f)
    assert (found.severity, found.unit) == ("low", "share")
    assert plain(found.message) == (
        "Programme, toutes filières : Sorties dynamiques, 45 % pour 60 % attendus. Il s’en faut de 15 points."
    )
    f = with_outcomes({"target": 3, "reached": 1, "unit": "structure", "kind": "structures"},
                      {"target": 2, "reached": 1, "unit": "event", "kind": "event"})  # fmt: skip
    assert [plain(one.message).split(" : ", 1)[1] for one in missed(f)] == [
        "Structures créées, 1 structure pour 3 attendues. Reste à trouver : 2 structures.",
        "Événement, dynamique, 1 événement pour 2 attendus. Reste à trouver : 1 événement.",
    ]


# -- the tables -------------------------------------------------------------------------------------


def test_outcomes_by() -> None:
    found = insertion.outcomes_by(programme())
    assert found[["scope", "kind", "unit"]].values.tolist() == [
        ["programme", "insertion_jobs", "post"],
        ["programme", "training", "person"],
        ["structure", "insertion_jobs", "post"],
    ]
    assert found["reached"].tolist()[:2] == [21.0, 12.0]
    assert math.isnan(found["reached"][2])
    assert found["n_unknown"].tolist() == [0, 0, 1]
    assert found["share"][0] == 0.7
    assert found["is_approximate"].tolist() == [True, False, False]
    assert found["supervision_included"].tolist() == [True, pd.NA, pd.NA]
    empty = insertion.outcomes_by(Filiere.from_tables(actors={"name": ["Relais"]}))
    assert list(empty.columns) == list(found.columns)
    assert empty.dtypes.equals(found.dtypes)


def test_funding_table() -> None:
    found = insertion.funding_table(programme())
    assert found["funder_id"].tolist() == ["region", "epci", "etat", "region"]
    assert found["amount_eur"].fillna(-1).tolist() == [50_000.0, 180_000.0, -1, 70_000.0]
    assert found["n_unknown"].tolist() == [0, 0, 1, 0]
    empty = insertion.funding_table(Filiere.from_tables(actors={"name": ["Relais"]}))
    assert list(empty.columns) == list(found.columns)


def test_funding_is_summed_by_funder_and_purpose() -> None:
    more = funding().iloc[[0]].assign(funding_id="encore")
    blank = funding().iloc[[2]].assign(funding_id="inconnu", scope=None, purpose=None)
    found = insertion.funding_table(programme(funding=pd.concat([funding(), more, blank])))
    assert found["amount_eur"][0] == 100_000.0
    assert found["n_rows"].tolist() == [2, 1, 1, 1, 1]
    assert found["scope"].isna().tolist() == [False] * 4 + [True]


def test_jobs_by_stage() -> None:
    f = Filiere.from_tables(
        stages={"name": ["Collecte", "Tri", "Vente"]},
        actors={"name": ["A", "B", "C"], "status": ["active", "active", "closed"]},
        activities=pd.DataFrame(
            [
                ("A", "Tri", 2009, 10.0, 4.0, 1.0),
                ("A", "Tri", 2010, 12.0, 5.0, None),
                ("A", "Collecte", None, 3.0, None, None),
                ("B", "Tri", None, None, 2.0, None),
                ("C", "Tri", 2010, 99.0, 99.0, 99.0),
            ],
            columns=["actor_id", "stage_id", "year", "jobs_fte", "insertion_fte", "supervision_fte"],
        ),
    )
    found = insertion.jobs_by_stage(f)
    assert list(found.index) == ["collecte", "tri", "vente"]
    assert found["n_activities"].tolist() == [1, 2, 0]
    # 2010 is the latest year; B's row holds every year
    assert found["jobs_fte"].fillna(-1).tolist() == [3.0, 12.0, -1]
    assert found["jobs_fte_unknown"].tolist() == [0, 1, 0]
    assert found["insertion_fte"].fillna(-1).tolist() == [-1, 7.0, -1]
    assert found["insertion_fte_unknown"].tolist() == [1, 0, 0]
    assert found["supervision_fte"].isna().all()
    assert insertion.jobs_by_stage(f.at(2009)).loc["tri", "insertion_fte"] == 6.0


def test_a_row_of_the_year_stands_before_one_of_every_year() -> None:
    f = Filiere.from_tables(
        stages={"name": ["Tri"]},
        actors={"name": ["A"]},
        activities={"actor_id": ["A", "A"], "stage_id": ["Tri", "Tri"], "year": [None, 2010],
                    "insertion_fte": [1.0, 8.0]},
    )  # fmt: skip
    assert insertion.jobs_by_stage(f)["insertion_fte"].tolist() == [8.0]


def test_a_filiere_that_is_nearly_empty() -> None:
    f = Filiere.from_tables(actors={"name": []})
    assert math.isnan(insertion.target_reached(f))
    assert math.isnan(insertion.cost_per_post(f))
    assert math.isnan(insertion.leverage(f))
    assert insertion.jobs_by_stage(f).empty
    assert not missed(f)


# -- what holds of any ------------------------------------------------------------------------------

AMOUNTS = st.one_of(st.none(), st.integers(0, 50).map(float))


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(AMOUNTS, AMOUNTS, st.sampled_from(["post", "fte"])), min_size=1, max_size=6))
def test_results_are_the_sums_of_what_is_known(rows: list[tuple[float | None, float | None, str]]) -> None:
    f = with_outcomes(
        *({"target": target, "reached": reached, "unit": unit} for target, reached, unit in rows)
    )
    for unit in ("post", "fte"):
        own = [(target, reached) for target, reached, each in rows if each == unit]
        both = [(t, r) for t, r in own if t is not None and r is not None]
        terms = both or own
        aim = sum(t for t, _ in terms if t is not None)
        known = any(t is not None for t, _ in terms) and any(r is not None for _, r in terms)
        expected = sum(r for _, r in terms if r is not None) / aim if known and aim else math.nan
        found = insertion.target_reached(f, unit=unit, scope="programme")
        assert found == expected or (math.isnan(found) and math.isnan(expected))
    table = insertion.outcomes_by(f)
    assert table[["scope", "kind", "unit"]].duplicated().sum() == 0
    assert table["n_rows"].sum() == len(rows)


def test_nothing_is_changed() -> None:
    f = programme()
    before = {name: f.table(name).copy(deep=True) for name in f}
    insertion.summary_sentence(f)
    insertion.outcomes_by(f)
    insertion.funding_table(f)
    missed(f)
    for each in insertion.INDICATORS:
        each.measure(f)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(f.table(name), frame)
    assert list(actors().columns) == ["actor_id", "name", "roles"]
