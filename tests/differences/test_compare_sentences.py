"""What a council reads of a comparison: of what it is, what left with an actor, what is not over the same figures."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from chaine_valeur import Filiere, compare, datasets
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.analysis.indicator import Indicator
from chaine_valeur.analysis.measure import NAN, Measure
from chaine_valeur.diagnosis import Diagnosis, diagnose
from chaine_valeur.differences import Comparison
from tests.differences.test_compare import TABLES, filiere, hand, said, told
from tests.project.test_catalogue import TYPOGRAPHY
from tests.report.readers import plain

pytestmark = pytest.mark.long


def bare(f: Filiere) -> Diagnosis:
    return diagnose(f, checks=[], indicators=[], lang="en")


def differing(one: Filiere, two: Filiere) -> list[str]:
    rows = compare(bare(one), bare(two)).perimeter
    return rows.loc[rows["differs"], "subject"].tolist()


# -- perimeters -----------------------------------------------------------------------------------------------


def test_as_many_communes_are_not_the_same_communes():
    other = filiere(territories={**TABLES["territories"], "commune_code": ["76384", "76758"]})
    assert differing(hand(), other) == ["communes"]
    found = compare(bare(hand()), bare(other))
    assert not found.same_perimeter
    assert said(found) == ["Not of the same thing: communes of the territory, as many but not the same."]
    french = compare(hand(), other).sentences()[0]
    assert plain(french) == "Périmètres différents (communes du territoire) : autant, mais pas les mêmes."


def test_communes_in_another_order_are_the_same():
    order = {name: list(reversed(cells)) for name, cells in TABLES["territories"].items()}
    found = compare(bare(hand()), bare(filiere(territories=order)))
    assert found.same_perimeter and not found.perimeter["differs"].any()


def test_a_stage_whose_name_holds_a_semicolon_is_one_stage():
    names = ["collecte", "tri\u202f; lavage", "vente"]
    links = {"stage_id": names[:2], "to_stage_id": names[1:]}
    acts = {**TABLES["activities"], "stage_id": names}
    one = filiere(stages={**TABLES["stages"], "name": names}, stage_links=links, activities=acts)
    found = compare(bare(one), bare(hand()), names=("un", "deux"))
    assert said(found)[:2] == [
        "Expected stages are not the same: in “un” only: tri ; lavage; in “deux” only: tri.",
        "Expected passages are not the same: in “un” only: collecte → tri ; lavage, tri ; lavage → vente; "
        "in “deux” only: collecte → tri, tri → vente.",
    ]


def test_a_passage_for_two_materials_is_one_passage():
    links = {"stage_id": ["collecte", "collecte", "tri"], "to_stage_id": ["tri", "tri", "vente"],
             "material_id": ["coton", "lin", None]}  # fmt: skip
    one = filiere(stage_links=links, materials={"name": ["coton", "lin"]})
    assert "passages" not in differing(one, hand())


def test_other_figures_asked_for_are_not_another_perimeter():
    one = told(1.0)
    two = diagnose(hand(), checks=[], indicators=[], lang="en")
    found = compare(one, two)
    assert found.same_perimeter  # same filière, territory, year and chain: what was asked is another matter
    assert said(found) == ["Asked for in one of the two only: Figure X1."]


def test_a_territory_that_nobody_named():
    nowhere = filiere(filiere={"name": ["Essai"], "reference_year": [2024]})
    found = compare(bare(nowhere), bare(hand()), names=("sans", "avec"))
    assert said(found)[:2] == [
        "Not of the same thing: territory is unknown in “sans”, Val in “avec”.",
        "Not of the same thing: communes of the territory is unknown in “sans”, 2 in “avec”.",
    ]


def test_two_territories_of_one_filiere():
    """Seen from either commune, the same flows: what differs is said to be there, not to have become."""
    places = {"territory_id": ["val", "val", "haut"], "name": ["Val", "Val", "Haut"], "kind": ["epci"] * 3,
              "commune_code": ["76384", "76114", "76758"]}  # fmt: skip
    f = filiere(territories=places)
    found = compare(f.within("val"), f.within("haut"), names=("Val", "Haut"), lang="en")
    sentences = said(found)
    assert sentences[:2] == [
        "Not of the same thing: territory is Val in “Val”, Haut in “Haut”.",
        "Not of the same thing: communes of the territory is 2 in “Val”, 1 in “Haut”.",
    ]
    assert not any(" now" in one or "then" in one or "longer" in one for one in sentences)
    coverage = found.indicators.set_index("indicator_id").loc["A1"]
    # all of A, B and C are in the Val: three stages of three, and none seen from Haut
    assert (coverage["before"], coverage["after"]) == (1, 0)
    assert any("3 out of 3 in “Val”, 0 out of 3 in “Haut”" in one for one in sentences)
    assert found.tables["table"].unique().tolist() == ["filiere"]


# -- what left with an actor ----------------------------------------------------------------------------------


def of_flow(flow: str, **about: Any) -> Finding:
    return Finding(
        "purchases_outside", "medium", f"Bought outside: {flow}.", rows={"flows": (flow,)}, **about
    )


def stopped(*names: str) -> Filiere:
    status = ["closed" if name in names else "active" for name in ("A", "B", "C")]
    return filiere(actors={**TABLES["actors"], "status": status})


def test_a_finding_that_rested_on_flows_of_one_who_stopped():
    # flow-1 is A → B, flow-2 is B → C: C stops, so that what rested on flow-2 is not solved
    keys = hand().flows.index
    one = told(None, of_flow(keys[0], stage_id="tri"), of_flow(keys[1], stage_id="vente"))
    sentences = said(compare(one, told(None, f=stopped("C"))))
    first = "No longer found: " + sentences[0].removeprefix("No longer found: ")
    assert sentences[0] == first and "(tri)" in first and "(vente)" not in first
    assert sentences[1].startswith("No longer found, but it rested on actors that no longer count (C): ")
    assert "(vente)" in sentences[1]
    assert sentences[2:] == ["Active actors: 3, then 2."]


def test_several_who_left_are_named_once_each():
    keys = hand().flows.index
    one = told(None, of_flow(keys[0], stage_id="tri"), of_flow(keys[1], stage_id="vente"))
    sentences = said(compare(one, told(None, f=stopped("B", "C"))))
    assert sentences[0].startswith("Insertion jobs at the stages: 3 FTE, then 1 FTE.")  # those of A are left
    assert sentences[1].startswith(
        "No longer found, but it rested on actors that no longer count (B and C): "
    )
    assert not any(each.startswith("No longer found: ") for each in sentences)


@pytest.mark.parametrize(
    ("table", "rows", "left"),
    [
        ("actors", ("c",), True),
        ("actors", ("a",), False),
        ("activities", ("c",), True),
        ("activities", ("b",), False),
        ("markets", ("m",), True),
        ("cooperations", ("ac",), True),
        ("cooperations", ("ab",), False),
        ("memberships", ("mc",), True),
        ("stages", ("tri",), False),
        ("flows", ("gone-already",), False),
    ],
)
def test_whatever_table_speaks_of_the_one_who_left(table: str, rows: tuple[str, ...], left: bool):
    more: dict[str, Any] = {
        "activities": {**TABLES["activities"], "activity_id": ["a", "b", "c"]},
        "markets": {"market_id": ["m"], "actor_id": ["C"], "material_id": ["coton"], "kind": ["demand"]},
        "cooperations": {"cooperation_id": ["ab", "ac"], "actor_id": ["A", "A"], "to_actor_id": ["B", "C"]},
        "groups": {"group_id": ["g"], "name": ["Club"]},
        "memberships": {"membership_id": ["mc"], "group_id": ["g"], "actor_id": ["C"]},
    }
    status = {**TABLES["actors"], "status": ["active", "active", "closed"]}
    one = told(None, Finding("orphan", "low", "Said.", stage_id="tri", rows={table: rows}), f=filiere(**more))
    two = told(None, f=filiere(**more, actors=status))
    (first, *_) = said(compare(one, two))
    assert first.startswith("No longer found, but it rested on") == left


def test_an_actor_taken_out_of_the_tables_has_left_too():
    keys = hand().flows.index
    one = told(None, of_flow(keys[1], stage_id="vente"))
    (first, *_) = said(compare(one, told(None, f=hand().without_actors("c"))))
    assert first.startswith("No longer found, but it rested on actors that no longer count (C)")


def test_one_who_was_closed_before_has_not_left():
    f = stopped("C")
    one = told(None, of_flow(f.flows.index[1], stage_id="vente"), f=f)
    assert said(compare(one, told(None, f=f)))[0].startswith("No longer found: ")


# -- names of findings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "where"),
    [
        ({"stage_id": "tri"}, "(tri)"),
        ({"stage_id": "collecte", "to_stage_id": "tri"}, "(collecte → tri)"),
        ({"actor_id": "a"}, "(A)"),
        ({"actor_id": "a", "to_actor_id": "b"}, "(A → B)"),
        ({"group_id": "club"}, "(Club du tri)"),
        ({"material_id": "coton"}, "(coton)"),
        ({"stage_id": "tri", "actor_id": "a", "material_id": "coton"}, "(tri)"),
        ({"group_id": "unheard-of"}, "(unheard-of)"),
        ({}, ""),
    ],
)
def test_findings_are_called_by_what_they_are_about(about: dict[str, str], where: str):
    f = filiere(groups={"group_id": ["club"], "name": ["Club du tri"]})
    one = told(None, Finding("dead_end", "low", "Nothing leaves.", **about), f=f)
    (sentence,) = said(compare(one, told(None, f=f)))
    assert sentence == f"No longer found: Step without an outlet{f' {where}' if where else ''}."


# -- jobs -----------------------------------------------------------------------------------------------------


def jobs(*fte: float | None, **more: Any) -> Diagnosis:
    return bare(filiere(activities={**TABLES["activities"], "insertion_fte": list(fte)}, **more))


def test_jobs_that_add_up_in_another_order_have_not_changed():
    # 0.1 + 0.2 + 0.3 and 0.3 + 0.2 + 0.1 are not the same number, and the same jobs
    assert said(compare(jobs(0.1, 0.2, 0.3), jobs(0.3, 0.2, 0.1))) == ["Nothing that was looked at differs."]


def test_jobs_that_are_known_of_more_activities_have_not_grown_by_as_much():
    # 1 + 2, C unknown; then 1 + 2 + 9: nobody hired nine
    assert said(compare(jobs(1, 2, None), jobs(1, 2, 9))) == [
        "Insertion jobs at the stages: 3 FTE, then 12 FTE. Not over the same known figures: 1 unknown, then 0."
    ]


def test_jobs_of_as_many_unknown_activities_are_compared():
    assert said(compare(jobs(1, 2, None), jobs(1, 4, None))) == [
        "Insertion jobs at the stages: 3 FTE, then 5 FTE (+2 FTE)."
    ]
    assert said(compare(jobs(1, 2, None), jobs(0, 0, None))) == [
        "Insertion jobs at the stages: 3 FTE, then 0 FTE (-3 FTE)."
    ]


def test_jobs_that_become_unknown():
    assert said(compare(jobs(1, 2, None), jobs(None, None, None))) == [
        "Insertion jobs at the stages: 3 FTE before, no longer known."
    ]


# -- what a sum is over ---------------------------------------------------------------------------------------


def of_known(
    value: float, unknown: int, low: float = NAN, high: float = NAN, unit: str = "EUR/year"
) -> Diagnosis:
    def measure(f: Filiere, *, lang: str = "fr") -> Measure:
        return Measure(value, unit, low=low, high=high, n_unknown=unknown)

    one = Indicator("F1", "Value added", unit, measure, (), "expert", "how", "reading")
    return diagnose(hand(), checks=[], indicators=[one], lang="en")


def test_a_sum_over_fewer_accounts_says_so():
    # a new actor has no accounts yet, and those of whoever sells to it are no longer whole
    found = compare(of_known(287_263.0, 4), of_known(225_425.0, 6))
    assert said(found) == [
        "Value added: 287,263 €/year, then 225,425 €/year. Not over the same known figures: 4 unknown, then 6."
    ]
    assert found.indicators[["unknown_before", "unknown_after"]].values.tolist() == [[4, 6]]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ((100.0, 4), (200.0, 4)),  # as much is unknown on both sides
        ((100.0, 1, 90.0, 110.0), (200.0, 0, 200.0, 200.0)),  # bounds say what the unknown may do
    ],
)
def test_a_sum_over_as_many_does_not(one: tuple[float, ...], two: tuple[float, ...]):
    assert said(compare(of_known(*one), of_known(*two))) == ["Value added: 100 €/year, then 200 €/year."]


def test_a_figure_that_became_known_needs_no_doubt():
    assert said(compare(of_known(NAN, 4), of_known(200.0, 1))) == [
        "Value added: not known before, 200 €/year now."
    ]


# -- how it is written ----------------------------------------------------------------------------------------


class _Items(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.items: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "li":
            self.items.append("")

    def handle_data(self, data: str) -> None:
        if self.items:
            self.items[-1] += data


def test_a_page_says_the_sentences_and_nothing_else():
    evil = '<img src=x onerror=alert(1)> & "co"'
    other = filiere(filiere={**TABLES["filiere"], "name": [evil]})
    found = compare(bare(hand()), bare(other), names=("<b>avant</b>", "a & b"))
    page = _Items(found._repr_html_())
    assert set(page.tags) == {"div", "strong", "ul", "li"}
    assert page.items == found.sentences() and evil in page.items[0]


@pytest.fixture(scope="module")
def examples() -> list[Comparison]:
    full, small = datasets.load("exemple_complet"), datasets.load("textiles_usages")
    before, after = (diagnose(full.at(year)) for year in (2023, 2024))
    expert = diagnose(full.at(2024), profile="expert")
    return [
        compare(before, after, names=("2023", "2024")),
        compare(expert, full.at(2024).without_actors("papeterie-du-vieux-bac")),
        compare(after, small, names=("Brume", "Caux")),
    ]


def test_french_sentences_are_typeset(examples: list[Comparison]):
    wrong = [
        f"{name}: {sentence!r}"
        for found in examples
        for sentence in found.sentences()
        for name, pattern in TYPOGRAPHY.items()
        if re.search(pattern, sentence)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_sentence_is_one_and_is_said_once(examples: list[Comparison]):
    for found in examples:
        sentences = found.sentences()
        assert len(sentences) == len(set(sentences)) > 5
        for sentence in sentences:
            assert sentence[0].isupper() or sentence[0] in "«"
            assert sentence.endswith((".", "!", "?")) and ".." not in sentence
            assert "nan" not in sentence.lower().split() and "{" not in sentence and "  " not in sentence


def test_expert_figures_are_those_of_the_diagnoses(examples: list[Comparison]):
    found = examples[1]
    for side, one in (("before", found.before), ("after", found.after)):
        stated = one.indicators.set_index("indicator_id")["value"]
        frame = found.indicators.set_index("indicator_id")[side]
        assert frame.loc[stated.index].equals(stated.rename(side))
    # a paper mill leaves: nothing of what rested on it is told as an achievement
    gone = [one for one in found.sentences() if one.startswith("Ne se constate plus\u00a0:")]
    assert not any("hors du territoire" in one for one in gone)


def test_two_filieres_are_told_side_by_side(examples: list[Comparison]):
    sentences = [plain(one) for one in examples[2].sentences()]
    assert any("« Brume »" in one and "« Caux »" in one for one in sentences)
    assert not any(
        "Nouveau constat" in one or "Ne se constate plus" in one or ", puis " in one for one in sentences
    )


def test_a_comparison_costs_two_diagnoses():
    """Counted, not timed: each filière is diagnosed once, a diagnosis not at all."""
    calls = []

    def check(f: Filiere, *, lang: str) -> list[Finding]:
        calls.append(f)
        return []

    one = diagnose(hand(), checks=[check], indicators=[], lang="en")
    assert len(calls) == 1
    found = compare(one, hand())
    assert len(calls) == 2 and found.before is one
    found.sentences(), found._repr_html_(), repr(found)
    compare(found.before, found.after)
    assert len(calls) == 2


def test_what_is_compared_stays_as_it_is():
    one, two = told(1.0), told(2.0)
    frames = [one.indicators, one.findings, two.indicators, two.findings]
    copies = [frame.copy(deep=True) for frame in frames]
    compare(one, two).sentences()
    for frame, copy in zip(frames, copies, strict=True):
        assert frame.equals(copy) and frame.index.equals(copy.index)
