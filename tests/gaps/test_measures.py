"""The indicators: value, terms, bounds, rows and the note that a reader sees."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere, gaps
from chaine_valeur.analysis.indicator import PROFILES, Indicator
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.language import tr
from chaine_valeur.schema import tables
from tests.gaps.example import actors, chain, example, flows, holding, links, passing, stages


def measure(identifier: str, f: Filiere, *, lang: str = "en") -> Measure:
    return next(each for each in gaps.INDICATORS if each.indicator_id == identifier).measure(f, lang=lang)


def said(identifier: str, f: Filiere, *, lang: str = "en") -> str:
    return measure(identifier, f, lang=lang).note.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("identifier", "top", "bottom", "n_rows"),
    [
        # seven local stages, and the activities of active actors there: menages, relais twice, trieuse,
        # isoleur, plasturgiste, chiffonnier
        ("A1", 6, 7, 7 + 7),
        ("A1-anywhere", 7, 8, 8 + 8),
        # all required stages with their activities, and the seven required passages
        ("A2", 1 / 3, 14 / 3, 8 + 8 + 7),
        ("A3", 3, 7, 7 + 4),
        ("A4", 1, 3, 8 + 8 + 7 + 4),
        ("A5", 30, 180, 4),
        # five of the seven held stages; isolant has one actor too
        ("A12", 5, 7, 7 + 8),
    ],
)
def test_terms_and_rows(identifier: str, top: float, bottom: float, n_rows: int) -> None:
    found = measure(identifier, example())
    assert found.numerator == pytest.approx(top)
    assert found.denominator == pytest.approx(bottom)
    assert found.value == pytest.approx(top / bottom)
    assert found.low == found.high == found.value
    assert found.n_unknown == 0
    assert found.n_rows == n_rows


def test_orphans_are_counted() -> None:
    found = measure("A6", example())
    # isoleur and chiffonnier: no flow of theirs is recorded, so both may well be supplied
    assert (found.value, found.unit, found.low, found.high) == (2.0, "count", 0.0, 2.0)
    assert found.n_unknown == 2
    # those that should be supplied: relais, trieuse, granuleur, isoleur, plasturgiste, chiffonnier
    assert len(found.rows["actors"]) == 6
    assert said("A6", example()) == (
        "Among 6 actors that should be supplied. For 2 of those without supply, no flow is stated at all."
    )


def test_an_orphan_whose_flows_are_stated_is_no_doubt() -> None:
    # chiffonnier ships 5 t to the outside and gets nothing: its flows were stated; isoleur is silent
    shipped = flows().iloc[:1].assign(flow_id="f6", source="chiffonnier", target=None, target_stage=None)
    found = measure("A6", example(flows=pd.concat([flows(), shipped])))
    assert (found.value, found.low, found.high, found.n_unknown) == (2.0, 1.0, 2.0, 1)


def test_the_metrics_are_the_values() -> None:
    f = example()
    for identifier, metric in {
        "A1": gaps.stage_coverage,
        "A2": gaps.missing_stage_weight,
        "A3": gaps.missing_passage_share,
        "A4": gaps.path_completeness,
        "A5": gaps.dead_end_share,
    }.items():
        assert measure(identifier, f).value == metric(f)


def test_share_of_hypotheses() -> None:
    # one of the four flows between actors is an estimate
    assert measure("A5", example()).hypothesis_share == 0.25
    soft = example(flows=flows().assign(confidence="hypothesis"))
    assert measure("A5", soft).hypothesis_share == 1.0


def test_notes_in_french() -> None:
    f = example()
    assert said("A1", f, lang="fr") == (
        "Maillons attendus localement et tenus : 6 sur 7. "
        "Où qu’ils soient, des acteurs tiennent 7 des 8 maillons nécessaires."
    )
    assert said("A2", f, lang="fr") == "Manquants, du plus lourd au plus léger : « Effilochage »."
    assert said("A3", f, lang="fr") == "3 passages attendus sur 7 ne sont pas relevés."
    assert said("A4", f, lang="fr") == "3 chemins sont attendus d’une ressource à un débouché ; complets : 1."
    assert said("A5", f, lang="fr") == "30 t/an sur 180 t/an s’arrêtent chez 1 acteur sans débouché relevé."


def test_the_note_says_what_is_not_known() -> None:
    rows = actors()
    rows.loc[rows["actor_id"].isin(["chiffonnier", "isoleur"]), "commune_code"] = None
    assert said("A1", example(actors=rows)).startswith(
        "Stages expected locally and held: from 4 to 6 of 7. "
        "For 2 stages the commune of the actors is not given."
    )
    assert "No territory is given" in said("A1", example(filiere=None, territories=None))
    few = example(flows=flows().assign(quantity_t_per_year=[100.0, None, 40.0, None, None]))
    assert said("A5", few).endswith("2 flows of unknown quantity are left out.")
    assert math.isnan(measure("A5", few).low)
    assert measure("A5", few).n_unknown == 2


def test_the_note_says_why_there_is_nothing() -> None:
    bare = Filiere.from_tables(actors={"name": ["Relais"]})
    for identifier, reason in {
        "A1": "No stage is expected: fill in the stages.",
        "A1-anywhere": "No stage is expected: fill in the stages.",
        "A2": "No passage is expected: fill in the expected passages.",
        "A3": "No passage is expected: fill in the expected passages.",
        "A4": "No passage is expected: fill in the expected passages.",
        "A5": "No flow is described.",
        "A6": "No flow is described.",
        "A12": "No stage is expected: fill in the stages.",
    }.items():
        assert math.isnan(measure(identifier, bare).value)
        assert said(identifier, bare) == reason
    assert said("A5", example(flows=flows().assign(quantity_t_per_year=np.nan))).startswith(
        "No flow has a known"
    )
    assert (
        said("A3", example(flows=None)) == "Without a table of flows, nobody knows which passages are made."
    )
    operations = stages().assign(kind="operation")
    assert "needs a stage of kind resource" in said("A4", example(stages=operations))
    apart = chain([("r", "o"), ("p", "m")])
    assert said("A4", apart) == "No expected passage leads from a resource to a market."


def test_the_note_says_that_nothing_is_wrong() -> None:
    f = chain([("r", "m")], **holding(("a", "r"), ("c", "r"), ("b", "m"), ("d", "m")),
              **passing(("a", "b"), quantity_t_per_year=5.0))  # fmt: skip
    assert said("A2", f) == "No stage expected locally is missing."
    assert said("A5", f) == "Of 5 t/year on recorded flows, none ends at an actor from which nothing leaves."
    assert said("A12", f) == "No held stage rests on a single actor."
    assert measure("A4", f).value == 1.0


def test_what_is_made_and_recorded_nowhere_is_no_dead_end_and_is_told() -> None:
    # of 10 t that enter, 6 t of the one product leave; 4 t of the other are made, and no flow takes them away
    made = {"stage_id": ["o"] * 3, "side": ["in", "out", "out"], "material_id": ["raw", "good", "dust"],
            "t_per_t": [1.0, 0.6, 0.4]}  # fmt: skip
    f = chain(
        [("r", "o"), ("o", "m")],
        **holding(("a", "r"), ("b", "o"), ("c", "m")),
        **passing(("a", "b"), ("b", "c"), material_id=["raw", "good"], quantity_t_per_year=[10.0, 6.0]),
        materials={"name": ["raw", "good", "dust"]},
        recipes=made,
    )
    assert measure("A5", f).value == 0.0
    assert said("A5", f) == (
        "Of 16 t/year on recorded flows, none ends at an actor from which nothing leaves. Not among them: 4 t/year that "
        "recipes make and no recorded flow takes away (see the balances)."
    )


def test_undecided_passages_are_told() -> None:
    own = holding(("a", "r"), ("b", "o"), ("b", "p"), ("c", "m"))
    steps = [("r", "o"), ("r", "p"), ("o", "m"), ("p", "m")]
    f = chain(steps, **own, **passing(("a", "b"), ("b", "c")))
    assert "4 passages are undecided" in said("A3", f)
    assert said("A4", f).endswith("Undecided, for want of the stage of some flows: 2.")
    assert math.isnan(measure("A3", f).value)  # nothing is decided
    assert (measure("A4", f).low, measure("A4", f).high) == (0.0, 1.0)


def test_a_large_loop_is_told() -> None:
    size = 13
    ring = [(f"o{number}", f"o{(number + 1) % size}") for number in range(size)]
    f = chain([("r", "o0"), *ring, (f"o{size - 1}", "m")])
    assert "A large loop of stages: 1 passage back was left out of the paths." in said("A4", f)
    assert measure("A4", f).denominator == 1.0


@pytest.mark.parametrize("indicator", gaps.INDICATORS, ids=lambda each: each.indicator_id)
def test_each_indicator_can_be_told(indicator: Indicator) -> None:
    assert indicator.profile in PROFILES
    assert set(indicator.tables) <= set(tables())
    for text in (indicator.name, indicator.formula, indicator.reading):
        assert tr(text, "fr") not in ("", text)
    found = indicator.measure(example())
    assert found.unit == indicator.unit
    assert set(found.rows) <= set(indicator.tables)


def test_identifiers_are_unique_and_those_of_the_reference() -> None:
    names = [each.indicator_id for each in gaps.INDICATORS]
    assert len(set(names)) == len(names)
    assert {"A1", "A2", "A3", "A4", "A5", "A6", "A12"} <= set(names)


def test_an_indicator_of_no_profile_is_refused() -> None:
    one = gaps.INDICATORS[0]
    with pytest.raises(ValueError, match="essentiel"):
        Indicator("X", "x", "share", one.compute, ("actors",), "essentiel", "", "")


def test_passages_not_required_are_no_row() -> None:
    assert len(measure("A3", example()).rows["stage_links"]) == len(links()) - 1
    assert isinstance(measure("A3", example()).rows["flows"], tuple)
    assert pd.Series(measure("A3", example()).rows["flows"]).is_unique
