"""What the reconciliation says in the diagnosis: contradictions, figures to be checked, the one to ask for, figures.

A sorter B receives from M and sends to V and W. With one balance x1 − x2 − x3 = 0 and standard deviations s, each flow
moves by s² r / S, where r = x1 − x2 − x3 and S = s1² + s2² + s3²; each is then r / √S standard deviations off.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.analysis.reconciliation import CHECKS, INDICATORS
from chaine_valeur.analysis.reconciliation import checks as room
from chaine_valeur.analysis.reconciliation.checks import contradictions, figure_to_ask, suspect_figures
from chaine_valeur.analysis.reconciliation.measures import (
    checked_measure,
    known_measure,
    reconciliation_of,
    suspects_measure,
)
from chaine_valeur.diagnosis import diagnose
from tests.flows.making import flow, made

ACTORS = {"m": "gisement", "b": "tri", "v": "vente", "w": "vente"}


def sorter(into: float | None, *out: float | None, share: float = 0.05, **more: Any) -> Filiere:
    """B receives `into` and sends the others to V, then W, each with an uncertainty of `share`."""
    rows = [flow("m", "b", into, uncertainty_share=share)]
    rows += [flow("b", to, t, uncertainty_share=share) for to, t in zip("vw", out, strict=False)]
    return made(ACTORS, rows, **more)


def off() -> Filiere:
    """100 t in, 60 and 10 t out, each 5 % uncertain: r = 30 t, S = 25 + 9 + 0.25 = 34.25 t²."""
    return sorter(100, 60, 10)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def one(found: Any) -> Finding:
    (only,) = found
    assert isinstance(only, Finding)
    return only


S = 34.25


def told(f: Filiere, **more: Any) -> list[Finding]:
    """The suspects, by falling adjustment: those of one balance share their distance, and have no order of their own."""
    found = suspect_figures(f, **({"lang": "en"} | more))
    return sorted(found, key=lambda each: -each.quantity)


# -- figures to be checked ----------------------------------------------------------------------------


def test_a_suspect_with_its_numbers() -> None:
    # 25 × 30 / 34.25 = 21.9 t less of what enters, 9 × 30 / 34.25 = 7.9 t more for V; 30 / √34.25 = 5.1
    found = told(off())
    assert [plain(each.message) for each in found] == [
        "M → B: 100 t/year declared, 78.1 t/year once all figures are brought together (5.1 times the gap "
        "that chance explains). To be looked at again with M and B.",
        "B → V: 60 t/year declared, 67.9 t/year once all figures are brought together (5.1 times the gap "
        "that chance explains). To be looked at again with B and V.",
    ]
    assert [each.quantity for each in found] == pytest.approx([25 * 30 / S, 9 * 30 / S], rel=1e-6)
    assert {(each.kind, each.severity, each.unit) for each in found} == {("flow_suspect", "high", "t/year")}


def test_what_hardly_moves_is_no_suspect() -> None:
    # W moves by 0.25 × 30 / 34.25 = 0.22 t, 0.44 of its own 0.5 t: less than half a standard deviation
    names = [each.to_actor_id for each in told(off())]
    assert names == ["b", "v"]


def test_a_suspect_says_where_it_is() -> None:
    first = told(off())[0]
    assert (first.actor_id, first.to_actor_id) == ("m", "b")
    assert (first.stage_id, first.to_stage_id) == ("gisement", "tri")
    assert first.material_id is None
    assert first.rows == {"flows": ("m-b",)}


def test_a_suspect_names_its_material_and_the_outside() -> None:
    f = made(
        ACTORS,
        [flow("m", "b", 100, uncertainty_share=0.05, material_id="coton"),
         flow("b", None, 60, uncertainty_share=0.05, material_id="coton", flow_id="out")],
    )  # fmt: skip
    # r = 40 t, S = 25 + 9: 40 / √34 = 6.9
    first, second = told(f)
    assert first.message.startswith("coton, M → B: ")
    assert second.message.startswith("coton, B → outside: ")
    assert second.message.endswith("To be looked at again with B.")
    assert (second.material_id, second.to_actor_id, second.to_stage_id) == ("coton", None, None)
    assert "6.9 times" in second.message


def test_sources_stand_beside_the_actors() -> None:
    f = off()
    sources = pd.DataFrame({"source_id": ["e", "r"], "name": ["Entretien", "Rapport"]})
    flows = f.flows.assign(source_id=["e", None, "r"])
    f = f.with_table("sources", sources).with_table("flows", flows.reset_index())
    first, second = told(f)
    assert first.message.endswith("To be looked at again with M and B (source: “Entretien”).")
    assert second.message.endswith("To be looked at again with B and V.")
    french = told(f, lang="fr")[0]
    assert plain(french.message).endswith("À revoir avec M et B (source : « Entretien »).")


def test_each_declaration_of_a_flow_is_a_row_and_its_source_named() -> None:
    rows = [
        flow("m", "b", 100, uncertainty_share=0.05, flow_id="x", source_id="e"),
        flow("m", "b", 104, uncertainty_share=0.05, flow_id="y", source_id="r", same_flow_as="x"),
        flow("b", "v", 60, uncertainty_share=0.05),
    ]
    f = made(ACTORS, rows, sources={"source_id": ["e", "r"], "name": ["Entretien", "Rapport"]})
    first = next(each for each in suspect_figures(f, lang="en") if each.to_actor_id == "b")
    assert first.rows == {"flows": ("x", "y")}
    assert "(source: “Entretien” and “Rapport”)" in first.message


def test_severity_grows_with_the_distance() -> None:
    # 100 in, 60 and 26 out: r = 14 t, S = 25 + 9 + 1.69 = 35.69, 14 / √35.69 = 2.34: beyond 2, not beyond 3
    found = list(suspect_figures(sorter(100, 60, 26), lang="en"))
    assert {each.severity for each in found} == {"medium"}
    assert all("(2.3 times" in plain(each.message) for each in found)
    assert len(found) == 3  # W moves by 1.69 × 14 / 35.69 = 0.66 t, 0.51 of its own 1.3 t
    # 100, 60, 36: r = 4 t, S = 37.24, 4 / √37.24 = 0.66
    assert list(suspect_figures(sorter(100, 60, 36))) == []


def test_the_threshold_is_an_argument_and_so_is_how_many() -> None:
    assert list(suspect_figures(off(), threshold=5.2)) == []
    assert len(list(suspect_figures(off(), threshold=5.1))) == 2
    assert len(list(suspect_figures(off(), most=1))) == 1


def test_what_rests_on_a_hypothesis_says_so() -> None:
    flows = off().flows.assign(confidence=["hypothesis", "measured", "measured"]).reset_index()
    first, second = told(off().with_table("flows", flows))
    assert (first.hypothesis_share, second.hypothesis_share) == (1.0, 0.0)


# -- all figures together -----------------------------------------------------------------------------


def test_a_contradiction_with_its_numbers() -> None:
    # χ² = r² / S = 900 / 34.25 = 26.3 with one degree of freedom
    f = off()
    found = one(contradictions(f, lang="en"))
    assert plain(found.message) == (
        "Taken together, the declared tonnages do not fit within their uncertainties (global test, threshold 5%). "
        "2 figures are to be checked first."
    )
    assert (found.kind, found.severity, found.unit) == ("figures_disagree", "medium", "t/year")
    assert found.quantity == pytest.approx((25 + 9) * 30 / S, rel=1e-6)
    assert found.rows == {"flows": ("m-b", "b-v", "b-w")}
    assert found.n_unknown == 0
    r = reconciliation_of(f)
    assert r is not None
    assert r.test.chi2 == pytest.approx(900 / S, rel=1e-6) and r.test.dof == 1


def test_figures_that_fit_are_no_contradiction() -> None:
    # 100, 60 and 36: χ² = 16 / 37.24 = 0.43
    assert list(contradictions(sorter(100, 60, 36))) == []


def test_the_probability_is_an_argument() -> None:
    # 100, 60, 26: χ² = 196 / 35.69 = 5.49, probability 0.019
    f = sorter(100, 60, 26)
    assert len(list(contradictions(f))) == 1
    assert list(contradictions(f, significant=0.01)) == []
    assert "threshold 2%" in plain(one(contradictions(f, lang="en", significant=0.02)).message)


def test_where_none_stands_out_that_is_said() -> None:
    # six sorters, each 100 t in and 87.4 t out: 12.6 / √(25 + 4.37²) = 1.90 each, χ² = 6 × 3.6 = 21.6 of 6, 0.0014
    names = range(6)
    actors = {f"{kind}{n}": stage for n in names for kind, stage in ACTORS.items() if kind != "w"}
    rows = [flow(f"m{n}", f"b{n}", 100, uncertainty_share=0.05) for n in names]
    rows += [flow(f"b{n}", f"v{n}", 87.4, uncertainty_share=0.05) for n in names]
    f = made(actors, rows)
    assert list(suspect_figures(f)) == []
    found = one(contradictions(f, lang="en"))
    assert found.message.endswith(
        "No single figure stands out: several are a little off, or uncertainties are too narrow."
    )
    assert found.quantity == 0.0


def test_an_unknown_flow_is_counted_as_unknown() -> None:
    rows = [
        flow("m", "b", 100, uncertainty_share=0.05), flow("b", "v", 60, uncertainty_share=0.05),
        flow("w", None, None, flow_id="lost"),
    ]  # fmt: skip
    assert one(contradictions(made(ACTORS, rows))).n_unknown == 1


# -- no solution --------------------------------------------------------------------------------------


def impossible() -> Filiere:
    """At least 90 t enter, at most 80 t leave, and nothing is lost."""
    rows = [flow("m", "b", 95, min_t_per_year=90), flow("b", "v", 75, max_t_per_year=80)]
    return made(ACTORS, rows)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_figures_that_cannot_hold_are_named(lang: str) -> None:
    found = one(contradictions(impossible(), lang=lang))
    assert (found.kind, found.severity) == ("figures_disagree", "high")
    assert found.rows == {"flows": ("m-b", "b-v")}
    message = plain(found.message)
    assert "\n" not in found.message
    for words in (
        "M → B",
        "B → V",
        "90 t/",
        "80 t/",
        "Balance of B (Tri)" if lang == "en" else "Bilan de B (Tri)",
    ):
        assert words in message
    assert message.endswith(".") and not message.endswith("..")
    assert ("\u202f; " in found.message) is (lang == "fr")


def test_without_a_solution_nothing_else_is_told() -> None:
    f = impossible()
    assert reconciliation_of(f) is None
    assert list(suspect_figures(f)) == []
    assert list(figure_to_ask(f)) == []
    for measure in (
        suspects_measure(f, lang="en"),
        known_measure(f, lang="en"),
        checked_measure(f, lang="en"),
    ):
        assert math.isnan(measure.value)
        assert measure.note.startswith("The figures cannot hold together")
        assert measure.rows["flows"] == ("m-b", "b-v")


# -- the figure to ask for ----------------------------------------------------------------------------


def test_the_figure_to_ask_with_its_numbers() -> None:
    # 100 ± 10 in, 60 ± 6 to V, nothing known of W: variances 100, 36 and 136 (its own, of the difference), 272 in all.
    # Measured at 5 %, W takes (136² + 100² + 36²) / (136 + 2²) = 212.8 away, 78 %; M → B only (2 × 100²) / 125 = 160.
    # W lies within 40 ± 1.96 √136 = 22.9
    found = one(figure_to_ask(sorter(100, 60, None, share=0.1), lang="en"))
    assert plain(found.message) == (
        "First figure to ask for: B → W. Today it is known to lie from 17.1 to 62.9 t/year. "
        "Measured, it would take away 78% of the uncertainty of the flows."
    )
    assert (found.kind, found.severity) == ("figure_to_ask", "low")
    assert (found.actor_id, found.to_actor_id) == ("b", "w")
    assert (found.stage_id, found.to_stage_id) == ("tri", "vente")
    assert found.rows == {"flows": ("b-w",)}


def test_in_french_with_its_material() -> None:
    rows = [
        flow("m", "b", 100, uncertainty_share=0.1, material_id="coton"),
        flow("b", "v", 60, uncertainty_share=0.1, material_id="coton"),
        flow("b", "w", None, material_id="coton"),
    ]
    found = one(figure_to_ask(made(ACTORS, rows), lang="fr"))
    assert plain(found.message).startswith(
        "Premier chiffre à demander : coton, B → W. Aujourd’hui, on le situe de 17,1 à 62,9 t/an."
    )
    assert found.material_id == "coton"


def test_what_is_known_already_is_not_asked_for() -> None:
    # each flow is known to 4 %, a new measurement would be of 5 %
    assert list(figure_to_ask(sorter(100, 60, 40, share=0.04))) == []
    assert list(figure_to_ask(Filiere.from_tables(actors={"name": ["A"]}))) == []


def test_what_is_hardly_worth_it_is_not_asked_for() -> None:
    f = sorter(100, 60, None, share=0.1)
    assert list(figure_to_ask(f, worth=0.79)) == []
    assert len(list(figure_to_ask(f, worth=0.78))) == 1


def test_of_what_an_actor_passes_on_to_itself_the_stages_are_named() -> None:
    found = one(figure_to_ask(datasets.load("textiles_usages"), lang="en"))
    assert found.message.startswith("First figure to ask for: what passes from “Collecte” to “Tri” within ")
    assert len(found.rows["flows"]) == 3  # all flows: no row is about it
    assert found.stage_id != found.to_stage_id


def test_of_very_many_flows_it_is_not_sought_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_FLOWS", 2)
    found = one(figure_to_ask(off(), lang="en"))
    assert "Beyond 2 flows" in found.message and "next_measurements" in found.message


# -- measures -----------------------------------------------------------------------------------------


def test_how_many_are_to_be_checked() -> None:
    measure = suspects_measure(off(), lang="en")
    assert (measure.value, measure.low, measure.high, measure.unit) == (2.0, 2.0, 2.0, "count")
    start, end = "Among 3 flows that others check. First: ", "."
    named = measure.note.removeprefix(start).removesuffix(end).split(" and ")
    assert sorted(named) == ["“B → V”", "“M → B”"]
    assert measure.rows["flows"] == ("m-b", "b-v", "b-w")
    fine = suspects_measure(sorter(100, 60, 36), lang="en")
    assert (fine.value, fine.note) == (0.0, "Among 3 flows that others check.")


def test_only_the_first_three_are_named() -> None:
    # two sorters that are off: four figures to be checked, of six flows
    actors = {f"{name}{n}": stage for n in (1, 2) for name, stage in ACTORS.items()}
    rows = [
        flow(f"{source}{n}", f"{target}{n}", t, uncertainty_share=0.05)
        for n in (1, 2)
        for source, target, t in (("m", "b", 100), ("b", "v", 60), ("b", "w", 10))
    ]
    measure = suspects_measure(made(actors, rows), lang="en")
    assert measure.value == 4.0
    assert measure.note.endswith("and 1 other.")
    assert measure.note.count("→") == 3


def test_nothing_checks_a_single_side() -> None:
    f = made(ACTORS, [flow("m", "b", 100)])
    measure = suspects_measure(f, lang="en")
    assert math.isnan(measure.value)
    assert measure.note.startswith("Nothing checks the figures")
    # it is declared, and nobody else says anything of it
    assert known_measure(f).value == 1.0
    checked = checked_measure(f, lang="en")
    assert (checked.value, checked.numerator, checked.denominator) == (0.0, 0.0, 1.0)
    assert checked.note.startswith("Nothing checks the figures")


def test_what_is_known_and_what_is_checked() -> None:
    # 100 in, 60 to V, W told by the difference: all three known, none checked
    told = sorter(100, 60, None)
    measure = known_measure(told, lang="en")
    assert (measure.value, measure.numerator, measure.denominator) == (1.0, 3.0, 3.0)
    assert measure.note == "1 flow is told by the others."
    assert checked_measure(told).value == 0.0
    # W and V unknown: of them only the sum is known
    free = known_measure(sorter(100, None, None), lang="en")
    assert (free.value, free.numerator, free.n_unknown) == (pytest.approx(1 / 3), 1.0, 2)
    assert free.note.endswith("Of 2 flows only a range is known.")
    # all three declared: each checks the others
    assert checked_measure(off()).value == 1.0
    assert checked_measure(off()).note == ""


def test_of_nothing_nothing_is_known() -> None:
    f = Filiere.from_tables(actors={"name": ["A"]})
    for measure in (
        known_measure(f, lang="en"),
        checked_measure(f, lang="en"),
        suspects_measure(f, lang="en"),
    ):
        assert math.isnan(measure.value)
        assert measure.note == "No flow is described."


# -- in the diagnosis ---------------------------------------------------------------------------------


def test_the_list_of_checks_and_indicators() -> None:
    assert [check.__name__ for check in CHECKS] == [
        "contradictions", "suspect_figures", "reconciled_over_capacity", "figure_to_ask",
    ]  # fmt: skip
    profiles = {each.indicator_id: each.profile for each in INDICATORS}
    assert profiles == {"B6": "essential", "B3": "expert", "B3-checked": "expert"}


def test_each_crosses_the_diagnosis_with_its_rows() -> None:
    made_ = diagnose(off(), lang="en", checks=list(CHECKS), indicators=["B6", "B3", "B3-checked"])
    kinds = made_.findings["kind"].tolist()
    assert kinds == ["flow_suspect", "flow_suspect", "figures_disagree"]  # by priority
    assert made_.indicators["value"].tolist() == [2.0, 1.0, 1.0]
    for identifier in made_.found:
        assert made_.explain(identifier).n_rows == made_.found[identifier].n_rows


def test_nothing_is_changed_and_all_is_made_once() -> None:
    f = off()
    before = f.flows.copy()
    for check in CHECKS:
        list(check(f, lang="fr"))
    assert reconciliation_of(f) is reconciliation_of(f)
    pd.testing.assert_frame_equal(f.flows, before)


def test_the_complete_example() -> None:
    """The papermaker says 173 t ± 3 %, its balance and its neighbours more: it is the first to be looked at."""
    f = datasets.load("exemple_complet").at(2024)
    first = next(iter(suspect_figures(f)))
    assert (first.stage_id, first.to_stage_id) == ("tri", "defibrage")
    assert first.severity == "high"
    assert len(list(suspect_figures(f))) == suspects_measure(f).value == 4
    assert one(contradictions(f)).severity == "medium"
    asked = one(figure_to_ask(f))
    (row,) = asked.rows["flows"]
    assert row in f.flows.index and "lèverait" in asked.message
