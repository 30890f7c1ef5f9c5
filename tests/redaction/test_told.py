"""What is told of figures and findings: computed on all data, and only what follows from what may be read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.analysis.indicator import Indicator
from chaine_valeur.analysis.measure import NAN, Measure
from chaine_valeur.filiere import Filiere
from chaine_valeur.redaction import class_text
from chaine_valeur.redaction.blanking import telling_words
from chaine_valeur.redaction.classes import class_bounds
from tests.redaction.builders import Hidden, guarded_filiere


def jobs(f: Filiere, *, lang: str) -> Measure:
    """Jobs of all activities: a plain total."""
    known = f.activities["jobs_fte"].dropna()
    unknown = int(f.activities["jobs_fte"].isna().sum())
    rows = {"activities": tuple(map(str, known.index))}
    return Measure(
        float(known.sum()) if len(known) else NAN, "FTE", rows=rows, n_unknown=unknown, note=f"{len(known)}"
    )


def share_known(f: Filiere, *, lang: str) -> Measure:
    """Share of actors whose SIRET is known, with bounds."""
    known, whole = int(f.actors["siret"].notna().sum()), len(f.actors)
    low, high = known / whole, 1.0
    return Measure(known / whole, "share", low=low, high=high, numerator=known, denominator=whole)


def own(identifier: str, compute: Any, unit: str) -> Indicator:
    return Indicator(identifier, name="Own", unit=unit, compute=compute, tables=(), profile="essential",
                     formula="f", reading="r")  # fmt: skip


def with_jobs(*jobs_fte: float, **more: Any) -> Filiere:
    """As many workshops as figures, all of them given in confidence; and one of 10 FTE that is public."""
    names = [f"Atelier {place}" for place in range(len(jobs_fte))]
    tables: dict[str, Any] = {
        "stages": {"name": ["tri"]},
        "actors": {"name": ["Relais", *names]},
        "activities": {
            "actor_id": ["Relais", *names],
            "stage_id": ["tri"] * (len(names) + 1),
            "jobs_fte": [10, *jobs_fte],
            "confidentiality": [None, *["interne"] * len(names)],
        },
    }
    return Filiere.from_tables(**(tables | more))


def told(f: Filiere, audience: str = "public", **rules: Any) -> Any:
    made = cv.diagnose(f, checks=(), indicators=[own("jobs", jobs, "FTE")])
    return cv.redact(made, audience, **rules).measured["jobs"]


def test_a_total_of_three_is_told_with_what_it_holds() -> None:
    # 10 + 4 + 5 + 6
    one = told(with_jobs(4, 5, 6))
    assert one.measure.value == 25
    assert one.told
    assert "confidentielles comprises" in one.measure.note


def test_a_total_of_two_goes() -> None:
    one = told(with_jobs(4, 5))
    assert np.isnan(one.measure.value)
    assert not one.told
    assert one.measure.note == "non diffusé\u00a0: repose sur des chiffres réservés"
    assert one.measure.rows == {}


def test_a_total_that_one_fills_goes() -> None:
    # 40 of 45 confidential FTE: 89 %; the public 10 do not count, everybody can take them off
    assert not told(with_jobs(40, 2, 3)).told
    assert told(with_jobs(40, 2, 3), largest=0.9).told


def test_what_is_public_is_told_as_it_is() -> None:
    f = with_jobs(4, 5).with_table("activities", with_jobs(4, 5).activities.assign(confidentiality=None))
    assert told(f).measure == jobs(f, lang="fr")


def test_a_share_of_cases_stays_between_its_bounds() -> None:
    # 1 of 6 SIRET is known and may not be told: 0 of 6, up to 6 of 6
    made = cv.diagnose(guarded_filiere(), checks=(), indicators=[own("known", share_known, "share")])
    one = cv.redact(made, "public").measured["known"]
    assert (one.measure.value, one.measure.low, one.measure.high) == (0.0, 0.0, 1.0)


def test_hiding_an_actor_opens_no_gap() -> None:
    f = guarded_filiere()
    whole = cv.diagnose(f, indicators=["A1", "A3", "A12"])
    public = cv.redact(whole, "public")
    numbers = ["value", "numerator", "denominator"]
    assert public.indicators[numbers].equals(whole.indicators[numbers])
    gaps = {"missing_stage", "stage_outside_only", "missing_passage", "broken_path", "single_actor_stage"}
    ours, theirs = (made.findings[made.findings["kind"].isin(gaps)] for made in (public, whole))
    assert sorted(ours["finding_id"]) == sorted(theirs["finding_id"])
    # the chain figure shows the stage as held too, by an actor of another name
    boxes = cv.figures.chain_data(public.filiere).boxes
    assert "Acteur confidentiel 1" in boxes["label"].str.replace("\u00a0", " ").tolist()


def test_a_hidden_actor_keeps_what_it_is_in_the_chain_and_nothing_of_who() -> None:
    f = guarded_filiere()
    shown = cv.redact(cv.diagnose(f, checks=(), indicators=()), "public").filiere
    before, after = f.actors.loc[f.actors["name"] == Hidden().name].iloc[0], shown.actors.iloc[2]
    for column in ("roles", "pole", "structure_kind", "actor_type", "status"):
        assert after[column] == before[column] or (pd.isna(after[column]) and pd.isna(before[column]))
    assert after[["siret", "commune_code", "commune_name", "latitude", "longitude", "note"]].isna().all()
    assert shown.is_local().equals(f.is_local().set_axis(shown.actors.index))
    assert "Suivi" not in shown.actors
    # where it lies stays right from another territory: nobody says it
    assert shown.within("76114").is_local().iloc[2] is pd.NA


def finding(message: str, **about: Any) -> Any:
    def check(f: Filiere, *, lang: str) -> list[Finding]:
        known = f.flows["quantity_t_per_year"].sum()
        actor = str(f.actors.index[about["actor"]]) if "actor" in about else None
        stage = about.get("stage")
        return [Finding("dead_end", "high", message.format(known=known), stage_id=stage, actor_id=actor, quantity=known,
                        unit="t/year")]  # fmt: skip

    return check


def found(check: Any, f: Filiere | None = None) -> pd.DataFrame:
    return cv.redact(cv.diagnose(f or guarded_filiere(), checks=[check], indicators=()), "public").findings


def test_a_finding_that_says_the_same_to_all_is_told_as_it_is() -> None:
    shown = found(finding("Rien", actor=1))
    assert shown["message"].tolist() == ["Rien"]
    assert shown["actor_id"].tolist() == ["collecte-sa"]


def test_a_finding_whose_figures_differ_is_told_without_them() -> None:
    shown = found(finding("{known} t", stage="tissage"))
    (message,) = shown["message"].str.replace("\u00a0", " ")
    assert (
        message == "Étape sans débouché : tissage. Les chiffres sur lesquels ce constat repose sont réservés."
    )
    assert shown[["quantity", "jobs_at_stake_fte"]].isna().all(axis=None)
    assert shown["n_rows"].tolist() == [0]


def only_where_known(f: Filiere, *, lang: str) -> list[Finding]:
    known = f.flows["quantity_t_per_year"].notna().all()
    actor = str(f.actors.index[1])
    return (
        [Finding("dead_end", "high", "Lui", actor_id=actor), Finding("orphan", "low", "Là")] if known else []
    )


def test_a_finding_about_somebody_that_only_what_is_hidden_makes_is_counted() -> None:
    made = cv.redact(cv.diagnose(guarded_filiere(), checks=[only_where_known], indicators=()), "public")
    assert made.findings["kind"].tolist() == ["orphan"]
    counts = made.removed.set_index("what")["n"]
    assert counts["findings"] == 1


def only_where_unknown(f: Filiere, *, lang: str) -> list[Finding]:
    return [] if f.flows["quantity_t_per_year"].notna().all() else [Finding("dead_end", "high", "Faux")]


def test_a_gap_that_only_hiding_makes_is_none() -> None:
    assert found(only_where_unknown).empty


def test_who_is_critical_is_told_to_the_team_only() -> None:
    def named(f: Filiere, *, lang: str) -> list[Finding]:
        return [
            Finding("supply_to_diversify", "high", "Un seul fournisseur", actor_id=str(f.actors.index[0]))
        ]

    assert found(named, with_jobs(1)).empty
    whole = cv.diagnose(with_jobs(1), checks=[named], indicators=())
    assert len(cv.redact(whole, "internal").findings) == 1


def test_everything_taken_away_is_counted() -> None:
    """By hand, of `guarded_filiere`."""
    removed = cv.redact(cv.diagnose(guarded_filiere(), checks=(), indicators=()), "public").removed
    counts = {(row.what, row.table): row.n for row in removed.itertuples()}
    assert counts[("actors", "actors")] == 1
    # capacity and jobs of Collecte SA (said) and of the weaver (about it)
    assert counts[("cells", "activities")] == 4
    # the flow to it: tonnes and euros; the flow from it: tonnes
    assert counts[("cells", "flows")] == 3
    # what the weaver receives
    assert counts[("cells", "funding")] == 1
    # a tie that is internal, two scores of trust
    assert counts[("cells", "cooperations")] == 3
    # what it said
    assert counts[("rows", "observations")] == 1
    # the note on it (the one that names it says « Acteur confidentiel 1 » now); that of the activity of Collecte SA
    assert counts[("texts", "actors")] == 1
    assert counts[("texts", "activities")] == 1
    assert counts[("columns", "actors")] == 1
    assert "persons" not in removed["what"].tolist()


def test_head_counts_of_few_people_go_with_what_would_give_them_back() -> None:
    outcomes = {
        "scope": ["structure"] * 4 + ["filiere"],
        "actor_id": ["Relais", "Atelier 0", "Atelier 1", "Atelier 2", None],
        "kind": ["formation"] * 5,
        "unit": ["personne"] * 4 + ["poste"],
        "reached": [3, 6, 8, 20, 2],
        "year": [2024] * 5,
    }
    f = with_jobs(4, 5, 6, outcomes=outcomes)
    shown = cv.redact(cv.diagnose(f, checks=(), indicators=()), "public").filiere.outcomes["reached"]
    # 3 is too few; with 6, the next, nobody can be told from a total; posts are no people
    assert shown.isna().tolist() == [True, True, False, False, False]
    kept = cv.redact(cv.diagnose(f, checks=(), indicators=()), "public", fewest_people=3).filiere.outcomes[
        "reached"
    ]
    assert kept.notna().all()


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        (0, 0, 1),
        (0.99, 0, 1),
        (1, 1, 5),
        (4.999, 1, 5),
        (5, 5, 10),
        (49.9, 10, 50),
        (50, 50, 100),
        (1e6, 1e6, 5e6),
    ],
)
def test_classes_hold_what_they_say(value: float, low: float, high: float) -> None:
    below, above = class_bounds(np.array([value]))
    assert (below[0], above[0]) == (low, high)


def test_classes_are_told_where_the_source_agreed_and_only_there() -> None:
    f = guarded_filiere(
        sources={
            "name": ["Pesées", f"Entretien avec {Hidden().name}"],
            "classes_agreed_on": [None, "02/05/2024"],
        }
    )
    made = cv.redact(cv.diagnose(f, checks=(), indicators=()), "public")
    shown = made.classes.set_index("column")
    # 1 237,25 t and 98 761 € of the one flow that this source tells
    assert shown.index.tolist() == ["quantity_t_per_year", "amount_eur_per_year"]
    assert shown[["low", "high"]].values.tolist() == [[1000, 5000], [50000, 100000]]
    assert set(shown["row"]) <= set(made.filiere.flows.index)
    assert made.filiere.flows["quantity_t_per_year"].isna().sum() == 2
    told = class_text(1000, 5000, "t/year", lang="fr").replace("\u202f", " ").replace("\u00a0", " ")
    assert told == "de 1 000 à 5 000 t/an"
    assert class_text(0, 1, "FTE", lang="en").replace("\u00a0", " ") == "less than 1 FTE"


def test_words_that_others_bear_too_tell_nobody() -> None:
    assert telling_words(["Filature Dupont & Cie", "Le Fil"], ["Filature du Val"]) == {"dupont"}
    assert telling_words([], ["A"]) == set()
