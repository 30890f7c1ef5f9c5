"""The five things to remember: five at most, each about something else, nothing that nothing supports."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from chaine_valeur import datasets
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.analysis.measure import NAN, Measure
from chaine_valeur.diagnosis import Diagnosis, diagnose, five_things
from chaine_valeur.diagnosis.highlights import density_sentence
from chaine_valeur.filiere import Filiere
from tests.diagnosis.builders import DEGENERATE, broken, finding_always, giving, hand, indicator, lenient


def bare() -> Filiere:
    return Filiere.from_tables(
        actors={"name": ["A", "B"]}, stages={"stage_id": ["c", "t"], "name": ["Collecte", "Tri"]}
    )


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def made(*found: Finding, lang: str = "en", **measures: Measure) -> Diagnosis:
    wanted = [indicator(identifier, giving(measure)) for identifier, measure in measures.items()]
    return diagnose(bare(), checks=[finding_always(*found)], indicators=wanted, lang=lang)


def held(part: float, whole: float) -> Measure:
    return Measure(part / whole if whole else NAN, "share", numerator=part, denominator=whole)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", DEGENERATE)
def test_never_more_than_five_whole_sentences(name: str, lang: str) -> None:
    told = five_things(diagnose(lenient(**DEGENERATE[name]), profile="expert", lang=lang))
    assert len(told) <= 5
    assert len(set(told)) == len(told)
    assert all(one.rstrip(")»”\u00a0").endswith((".", "!", "?", "…")) for one in told)
    assert all(one[0] == one[0].upper() for one in told)


def test_of_the_filiere_computed_by_hand() -> None:
    told = five_things(diagnose(hand(), lang="en"))
    assert len(told) == 5
    # A1 is 2 of the 4 that can be told (see test_frames), of a fifth the commune of its actor is not known;
    # no stage is without an actor
    assert told[0].startswith("Between 2 and 3 of the 5 stages expected locally are held")
    # the heaviest medium finding: collecte, 60 t/year; tri, filature and vente are like it: 3 others
    assert "“collecte”" in told[1] and "60\u00a0t/year" in told[1] and "(3 other" in told[1]
    # another kind next: tri held from outside; filature is like it: 1 other
    assert "“tri”" in told[2] and "(1 other" in told[2]
    # then cooperation: the one medium finding about it
    assert "Collecte SA and CCVS" in told[3]


def test_nothing_known_is_nothing_said() -> None:
    assert five_things(made()) == []


def test_the_chain_names_what_is_to_be_established() -> None:
    missing = Finding("missing_stage", "high", "no Tri", stage_id="t")
    (only,) = five_things(made(missing, A1=held(1, 2)))
    # the finding is not said a second time
    assert only.startswith("1 out of 2 ")
    assert only.endswith("Tri.")
    # a stage that is in no table keeps its identifier
    ghost = Finding("missing_stage", "high", "no ghost", stage_id="ghost")
    assert "ghost" in five_things(made(ghost, A1=held(1, 2)))[0]
    # what is unknown is in neither term of the figure, but in what is told: 1 + 2 unknown of 3
    partly = Measure(1.0, "share", 1 / 3, 1.0, 1.0, 1.0, n_unknown=2)
    assert five_things(made(A1=partly)) == [
        "Between 1 and 3 of the 3 stages expected locally are held, depending on what is unknown."
    ]
    many = Measure(0.5, "share", 20 / 60, 40 / 60, 20.0, 40.0, n_unknown=20)
    assert five_things(made(A1=many)) == [
        "20 out of 40 stages expected locally are held (from 33% to 67% depending on what is unknown)."
    ]
    # however many they are, stages are counted
    assert five_things(made(A1=held(40, 60)))[0].startswith("40 out of 60 ")


@pytest.mark.parametrize("a1", [None, held(0, 0), Measure(NAN, "share", numerator=1, denominator=2)])
def test_without_the_figure_the_missing_stage_is_a_finding_as_any(a1: Measure | None) -> None:
    missing = Finding("missing_stage", "high", "no Tri", stage_id="t")
    measures: dict[str, Any] = {} if a1 is None else {"A1": a1}
    assert five_things(made(missing, **measures)) == ["No Tri."]


def test_no_two_findings_of_a_kind_and_the_most_pressing_first() -> None:
    found = [
        Finding("a", "low", "a low."),
        Finding("b", "medium", "b medium.", stage_id="c"),
        Finding("b", "medium", "b other.", stage_id="t"),
        Finding("c", "high", "c high."),
    ]
    # three kinds by priority; two first, the third fills what is left
    assert five_things(made(*found)) == ["C high.", "B medium. (1 other finding is of this kind.)", "A low."]


# -- one hole, told once --------------------------------------------------------------------------------


def gap(kind: str, message: str, *, severity: str = "high", **rows: tuple[str, ...]) -> Finding:
    """A gap that rests on the stages or passages that are missing."""
    stage = rows.get("stages", (None,))[0]
    return Finding(kind, severity, message, stage_id=stage, rows=rows)


def test_a_path_broken_at_a_missing_passage_leaves_its_place_to_something_else() -> None:
    found = [
        gap("broken_path", "path broken at x.", stage_links=("x",)),
        gap("missing_passage", "passage x.", severity="medium", stage_links=("x",)),
        Finding("single_actor_stage", "medium", "to be secured."),
    ]
    assert five_things(made(*found)) == ["Path broken at x.", "To be secured."]


def test_a_path_broken_at_a_stage_that_the_chain_names_is_not_told_again() -> None:
    found = [
        gap("missing_stage", "no Tri", stages=("t",)),
        gap("broken_path", "path broken at Tri.", stages=("t",)),
        Finding("dead_end", "medium", "stuck."),
    ]
    told = five_things(made(*found, A1=held(1, 2)))
    assert told[0].endswith("to be established: Tri.")
    assert told[1:] == ["Stuck."]
    # without the sentence on the chain, the missing stage itself is told, and the path is not
    assert five_things(made(*found)) == ["No Tri.", "Stuck."]


def test_of_two_broken_paths_the_one_that_says_more_is_told() -> None:
    found = [
        gap("missing_stage", "no Tri", stages=("t",)),
        gap("broken_path", "path broken at Tri.", stages=("t",)),
        gap("broken_path", "path broken at Tri and x.", stages=("t",), stage_links=("x",)),
    ]
    told = five_things(made(*found, A1=held(1, 2)))
    # two paths are broken all the same
    assert told[1:] == ["Path broken at Tri and x. (1 other finding is of this kind.)"]


def test_holes_that_differ_are_both_told() -> None:
    found = [
        gap("broken_path", "path broken at x.", stage_links=("x",)),
        gap("missing_passage", "passage y.", severity="medium", stage_links=("y",)),
    ]
    assert five_things(made(*found)) == ["Path broken at x.", "Passage y."]
    # a stage and a passage of one identifier are two things
    found[1] = gap("missing_stage", "no Tri", stages=("x",))
    assert five_things(made(*found)) == ["Path broken at x.", "No Tri."]


def test_a_gap_that_rests_on_no_stage_and_no_passage_is_told_as_any() -> None:
    found = [
        gap("broken_path", "nothing joins the two sides."),
        gap("missing_passage", "passage y.", severity="medium", stage_links=("y",)),
    ]
    assert five_things(made(*found)) == ["Nothing joins the two sides.", "Passage y."]


def test_links_around_a_missing_stage_are_no_missing_passages() -> None:
    """A missing stage rests on the passages that it breaks; that another passage is missing is news."""
    found = [
        gap("missing_stage", "no Tri", stages=("t",), stage_links=("y",)),
        gap("missing_passage", "passage y.", severity="medium", stage_links=("y",)),
    ]
    assert five_things(made(*found)) == ["No Tri.", "Passage y."]


@pytest.mark.parametrize("name", datasets.available())
def test_no_hole_is_told_twice_of_the_shipped_examples(name: str) -> None:
    d = diagnose(datasets.load(name))
    told = five_things(d)
    starts = {"missing_stage", "missing_passage", "broken_path"}
    gaps_told = [
        one for one in d.found.values()
        if one.kind in starts and any(each.startswith(one.message) for each in told)
    ]  # fmt: skip
    holes = [set(one.rows.get("stages", ())) | set(one.rows.get("stage_links", ())) for one in gaps_told]
    assert not any(first <= second for first in holes for second in holes if first is not second)
    # of the country, little but tonnages is described
    assert len(told) == 5 or name == "textiles_france_2020"


def test_the_invented_example_has_a_place_for_each_subject() -> None:
    """The chain, what to establish, flows in one place, cooperation, insertion.

    Its broken path and its missing passage are one hole, defibrage → fabrication: the place after it is free.
    """
    told = [plain(one) for one in five_things(diagnose(datasets.load("exemple_complet")))]
    assert told[0].endswith("à établir : Effilochage du coton.")
    assert told[1].startswith("De «") and "Défibrage du papier" in told[1]
    # two makers of 240 and 40 t/year, 0.93 t of bagged wadding a tonne: 260.4 of the 400 + 220 + 70 t asked for
    assert told[2].startswith(
        "La chaîne peut servir 260 t/an, sur 690 t/an demandées ; ce qui limite d’abord : la capacité du maillon "
        "« Fabrication de la ouate ». 4 chiffres saisis sont contredits par les autres ; à revoir en premier : "
    )
    assert "Groupe de travail" in told[3]
    assert told[4].startswith("Programme, toutes filières : 26 postes")


# -- flows ----------------------------------------------------------------------------------------------


def carried(served: float, asked: float = NAN) -> Measure:
    """What the chain can serve (B8), of what is asked for."""
    return Measure(served, "t/year", numerator=served, denominator=asked)


#: tri alone limits; the flow from collecte to tri is contradicted by the others
BOTTLENECK = Finding("bottleneck", "medium", "tri limits.", stage_id="t", rows={"activities": ("at-t",)})
SUSPECT = Finding("flow_suspect", "high", "collecte to tri.", stage_id="c", to_stage_id="t", material_id="lin",
                  rows={"flows": ("f",)})  # fmt: skip
DISAGREE = Finding("figures_disagree", "medium", "they do not fit.")
UNMET = Finding("unmet_demand", "medium", "lin is asked for.", material_id="lin")
IMBALANCE = Finding("flow_imbalance", "high", "tri does not close.", stage_id="t")
TO_ASK = Finding("figure_to_ask", "low", "to ask for.")
OVER = Finding("over_capacity", "high", "beyond its capacity.")
FLOWS = (BOTTLENECK, SUSPECT, DISAGREE, UNMET, IMBALANCE, TO_ASK, OVER)


def passing() -> Filiere:
    return Filiere.from_tables(
        actors={"actor_id": ["a", "b"], "name": ["A", "B"]},
        stages={"stage_id": ["c", "t"], "name": ["Collecte", "Tri"], "rank": [1, 2]},
        materials={"material_id": ["lin"], "name": ["Lin"]},
        activities={"activity_id": ["at-c", "at-t", "b-t"], "actor_id": ["a", "a", "b"],
                    "stage_id": ["c", "t", "t"]},
        flows={"flow_id": ["f"], "source": ["a"], "source_stage": ["c"], "target": ["b"],
               "target_stage": ["t"], "material_id": ["lin"]},
        markets={"market_id": ["m"], "kind": ["gisement"], "actor_id": ["a"], "material_id": ["lin"]},
    )  # fmt: skip


def flowing(*found: Finding, lang: str = "en", **measures: Measure) -> Diagnosis:
    wanted = [indicator(identifier, giving(measure)) for identifier, measure in measures.items()]
    return diagnose(passing(), checks=[finding_always(*found)], indicators=wanted, lang=lang)


def test_what_can_be_served_and_what_limits_it_are_one_sentence() -> None:
    (only,) = five_things(flowing(BOTTLENECK, UNMET, B8=carried(40, 100)))
    assert plain(only) == (
        "The chain can serve 40 t/year, of 100 t/year asked for; what limits it first: the capacity of stage “Tri”."
    )
    french = five_things(flowing(BOTTLENECK, UNMET, lang="fr", B8=carried(40, 100)))
    assert plain(french[0]) == (
        "La chaîne peut servir 40 t/an, sur 100 t/an demandées ; ce qui limite d’abord : la capacité du maillon "
        "« Tri »."
    )


def test_without_a_known_limit_only_the_two_numbers_are_told() -> None:
    assert [plain(one) for one in five_things(flowing(B8=carried(40, 100)))] == [
        "The chain can serve 40 t/year, of 100 t/year asked for."
    ]


def test_a_demand_that_is_wholly_served_is_good_news() -> None:
    assert [plain(one) for one in five_things(flowing(BOTTLENECK, B8=carried(100, 100)))] == [
        "The chain can serve all that is asked for: 100 t/year."
    ]


@pytest.mark.parametrize(
    "b8", [carried(NAN, 100), carried(0, 100), carried(40), carried(0, 0)],
    ids=["unknown", "nothing", "of an unknown demand", "of no demand"],
)  # fmt: skip
def test_what_supplies_alone_allow_is_no_thing_to_remember(b8: Measure) -> None:
    # neither is what limits it; that nothing can be served of what is asked for is
    assert five_things(flowing(BOTTLENECK, UNMET, B8=b8)) == ["Lin is asked for."]


def test_without_the_figure_a_bottleneck_is_a_finding_as_any() -> None:
    assert five_things(flowing(BOTTLENECK)) == ["Tri limits."]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"activities": ("at-t",)}, "the capacity of stage “Tri”"),
        # two actors of one stage are one thing to remember
        ({"activities": ("at-t", "b-t")}, "the capacity of stage “Tri”"),
        ({"activities": ("at-c", "at-t")},
         "together, the capacity of stage “Collecte” and the capacity of stage “Tri”"),
        ({"flows": ("f",)}, "the capacity of the passage “Collecte” → “Tri”"),
        ({"markets": ("m",)}, "the supply of “Lin”"),
        ({"activities": ("at-t",), "markets": ("m",)},
         "together, the capacity of stage “Tri” and the supply of “Lin”"),
    ],
)  # fmt: skip
def test_what_limits_is_told_by_stage(rows: dict[str, tuple[str, ...]], words: str) -> None:
    found = Finding("bottleneck", "medium", "it limits.", rows=rows)
    (only,) = five_things(flowing(found, B8=carried(40, 100)))
    assert only.endswith(f"what limits it first: {words}.")


def test_figures_that_contradict_each_other_are_one_sentence() -> None:
    # three suspects: how many, and the first one by its stages
    others = [
        Finding("flow_suspect", "high", f"other {n}.", stage_id="c", to_stage_id="t", actor_id=f"x{n}")
        for n in (1, 2)
    ]
    (only,) = five_things(flowing(SUSPECT, *others, DISAGREE, IMBALANCE))
    assert only == (
        "3 stated figures are contradicted by the others; to be looked at first: “Lin”, “Collecte” → “Tri”."
    )
    (one,) = five_things(flowing(SUSPECT, lang="fr"))
    assert (
        plain(one)
        == "1 chiffre saisi est contredit par les autres ; à revoir : « Lin », « Collecte » → « Tri »."
    )


def test_how_many_are_contradicted_is_the_figure_where_there_are_more_than_are_told() -> None:
    # the findings are the first few: the figure counts 12
    (only,) = five_things(flowing(SUSPECT, B6=Measure(12.0, "count")))
    assert only.startswith("12 stated figures ")
    # a figure that says less, or nothing, does not hide a finding
    for value in (0.0, NAN):
        (only,) = five_things(flowing(SUSPECT, B6=Measure(value, "count")))
        assert only.startswith("1 stated figure ")


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"stage_id": "c", "to_stage_id": None}, "“Collecte” → outside"),
        ({"stage_id": None, "to_stage_id": "t"}, "outside → “Tri”"),
        # only where no stage is known an actor is named
        ({"actor_id": "a", "to_stage_id": "t"}, "“A” → “Tri”"),
        ({"stage_id": "c", "to_stage_id": "t", "actor_id": "a", "to_actor_id": "b"}, "“Collecte” → “Tri”"),
        # what stands in no table keeps its identifier
        ({"stage_id": "ghost", "to_stage_id": "t", "material_id": "mist"}, "“mist”, “ghost” → “Tri”"),
    ],
)
def test_a_flow_is_told_by_its_stages(about: dict[str, str | None], words: str) -> None:
    found = Finding("flow_suspect", "high", "suspect.", **about)  # type: ignore[arg-type]
    (only,) = five_things(flowing(found))
    assert only.endswith(f"to be looked at first: {words}.")


def test_where_no_figure_stands_out_the_disagreement_itself_is_told() -> None:
    assert five_things(flowing(DISAGREE)) == ["They do not fit."]
    # so is that there is no solution at all: it names what cannot hold
    impossible = Finding("figures_disagree", "high", "balance of tri.")
    assert five_things(flowing(impossible, IMBALANCE)) == ["Balance of tri."]


def test_never_more_than_two_sentences_about_flows() -> None:
    rest = [Finding(f"kind{place}", "low", f"said {place}.") for place in range(4)]
    told = five_things(flowing(*FLOWS, *rest, B8=carried(40, 100)))
    # one other finding first, then the two sentences, and what is left
    assert told[0] == "Said 0."
    assert told[1].startswith("The chain can serve") and told[2].startswith("1 stated figure")
    assert told[3:] == ["Said 1.", "Said 2."]
    # without what they rest on, the two most pressing kinds of finding about flows, and no third
    told = five_things(flowing(OVER, UNMET, TO_ASK, *rest))
    assert told == ["Beyond its capacity.", "Lin is asked for.", "Said 0.", "Said 1.", "Said 2."]
    # one of the two sentences leaves room for one finding
    told = five_things(flowing(OVER, TO_ASK, *rest, B8=carried(40, 100)))
    assert [one for one in told if not one.startswith("Said")] == [
        "Beyond its capacity.", told[1],
    ]  # fmt: skip
    assert told[1].startswith("The chain can serve")


def test_with_a_sentence_on_each_subject_the_two_on_flows_share_a_place() -> None:
    about = [
        Finding("dead_end", "high", "stuck."),
        Finding("cooperation_unknown", "medium", "to be asked."),
        Finding("orphan", "medium", "no supply."),
    ]
    told = five_things(flowing(*FLOWS, *about, B8=carried(40, 100), A1=held(1, 2)))
    # chain, what presses, two on flows, cooperation: five, each has its place
    assert [one.split(" ")[0] for one in told] == ["1", "Stuck.", "The", "1", "To"]
    f = passing().with_table(
        "outcomes",
        pd.DataFrame({"scope": ["programme"], "kind": ["insertion_jobs"], "target": [30], "reached": [21],
                      "unit": ["post"]}),
    )  # fmt: skip
    wanted = [indicator("B8", giving(carried(40, 100))), indicator("A1", giving(held(1, 2)))]
    told = five_things(diagnose(f, checks=[finding_always(*FLOWS, *about)], indicators=wanted, lang="en"))
    # insertion is a sixth sentence: those on flows are put together, and none is lost
    assert len(told) == 5
    assert told[1] == "Stuck."
    assert told[2].startswith("The chain can serve") and "1 stated figure is contradicted" in told[2]
    assert told[3] == "To be asked." and "21" in told[4]


# -- the rest -------------------------------------------------------------------------------------------


def test_a_check_that_crashed_is_not_a_thing_to_remember() -> None:
    crashed = diagnose(bare(), checks=[broken], indicators=[], lang="en")
    assert five_things(crashed) == []


def test_five_is_the_most() -> None:
    many = [Finding(f"kind{place}", "low", f"said {place}.") for place in range(9)]
    assert five_things(made(*many)) == [f"Said {place}." for place in range(5)]


def test_what_rests_on_hypotheses_is_said_before_further_findings() -> None:
    soft = Measure(1.0, "count", hypothesis_share=0.6)
    firm = Measure(1.0, "count", hypothesis_share=0.5)
    unknown = Measure(NAN, "count", hypothesis_share=0.9)
    many = [Finding(f"kind{place}", "low", f"said {place}.") for place in range(9)]
    told = five_things(made(*many, X1=soft, X2=firm, X3=unknown))
    # of the two figures that are known one rests mostly (more than half) on hypotheses
    assert told[2].startswith("1 out of 2 figures")
    assert told[3] == "Said 2."


def test_cooperation_comes_after_two_findings_and_prefers_what_presses() -> None:
    found = [
        Finding("a", "high", "a."), Finding("b", "high", "b."), Finding("c", "high", "c."),
        Finding("cooperation_unknown", "medium", "to be asked."),
    ]  # fmt: skip
    assert five_things(made(*found)) == ["A.", "B.", "To be asked.", "C."]


def test_cooperation_without_anything_pressing_is_its_density() -> None:
    low = Finding("open_triptyque", "low", "could close.")
    d1 = Measure(2 / 15, "share", numerator=2, denominator=15, low=2 / 15, high=5 / 15)
    (sentence,) = five_things(made(low, D1=d1))
    assert "2 known" in sentence and "15 possible" in sentence
    assert "2 out of 15" in sentence and "from 2 to 5 out of 15" in sentence
    # without the figure, what was found, even if it does not press
    assert five_things(made(low)) == ["Could close."]


def test_density_in_words() -> None:
    assert density_sentence(made()) == ""
    plain = density_sentence(made(D1=Measure(0.5, "share", numerator=1, denominator=2)))
    assert "1 known cooperation tie over 2 possible pairs" in plain
    assert "(" not in plain
    why = density_sentence(made(D1=Measure(NAN, "share", note="nobody was asked")))
    assert why.endswith("(nobody was asked).")
    # of what is unknown without a reason, something is said all the same
    assert density_sentence(made(D1=Measure(NAN, "share"))) not in ("", why)
    assert density_sentence(made(lang="fr", D1=Measure(0.5, "share", numerator=1, denominator=2))) != plain


def test_insertion_is_said_once() -> None:
    f = Filiere.from_tables(
        actors={"name": ["A"]},
        outcomes={"scope": ["programme"], "kind": ["insertion_jobs"], "target": [30], "reached": [21],
                  "unit": ["post"]},
    )  # fmt: skip
    told = five_things(diagnose(f, lang="en"))
    # 21 of the 30 posts: the sentence says it, so the finding that the target is missed does not
    assert len([one for one in told if "21" in one and "30" in one]) == 1
