"""The section on cooperation, read as those who receive it would: what is said, what is left out, in every form.

Expected cells of the complete example are those of its workbook: 25 actors who can cooperate (300 pairs), 6 of them
asked. Their answers document 6·5/2 pairs among them and 6·19 with the others, 15 + 114 = 129; 25 pairs are tied, 16 of
them with the inter-municipal body, so that 9 remain without it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

from chaine_valeur import datasets, figures
from chaine_valeur.diagnosis import Diagnosis, available_checks, diagnose
from chaine_valeur.filiere import Filiere
from chaine_valeur.report import (
    Content,
    content,
    cooperation_sentences,
    html_text,
    without_persons,
    write_docx,
    write_xlsx,
)
from chaine_valeur.report import cooperation_tables as tables_
from chaine_valeur.report.blocks import Block, Cell, Grid, Heading, Paragraph, Picture, Points, Section
from chaine_valeur.report.cooperation import MOST_TOLD, cooperation_section
from chaine_valeur.report.word_widths import SIZES, column_widths
from tests.core.hand import TABLES, by_hand
from tests.report.builders import (
    FORMULA,
    PERSONS,
    QUOTE,
    SCRIPT,
    grid,
    hostile,
    paragraphs,
    texts_of,
    with_persons,
)
from tests.report.conftest import Written
from tests.report.readers import (
    Page,
    book_of,
    docx_tables,
    docx_text,
    page_of,
    plain,
    sheet_rows,
    xlsx_texts,
)

pytestmark = pytest.mark.long

BODY = "Communauté de communes du Val-de-Brume"
HEADINGS = {
    "en": [
        "Who meets, who does not yet",
        "What rests on the animation",
        "Triptyques: whom to bring together first",
        "What nobody knows yet, and whom to ask",
        "Groups and triptyques",
        "Over the years",
        "From cooperation to exchange, and back",
        "In figures",
    ],
    "fr": [
        "Qui se rencontre, qui ne se rencontre pas encore",
        "Ce qui repose sur l’animation",
        "Triptyques : qui rapprocher d’abord",
        "Ce que personne ne sait encore, et à qui le demander",
        "Groupes et triptyques",
        "Au fil des années",
        "De la coopération à l’échange, et retour",
        "En chiffres",
    ],
}
MEETS, RESTS, FIRST, ASKS, BODIES, YEARS, TRADES, COUNTS = HEADINGS["en"]


def drawn(name: str) -> Picture:
    return Picture(name, f"Figure {name}", "", b"", b"")


FIGURES = tuple(drawn(name) for name in ("colleges", "groups", "years"))


#: The checks of the room of cooperation: the section tells the findings of no other.
CHECKS = [name for name, check in available_checks().items() if ".cooperation." in check.__module__]


def of(f: Filiere, lang: str = "en", profile: str = "essential", **asked: Any) -> Section:
    """Return the section of a filière with figures that nobody has to draw."""
    made = diagnose(f, lang=lang, profile=profile, **({"checks": CHECKS} | asked))
    return cooperation_section(without_persons(made), *FIGURES)


@cache
def example_of(lang: str = "en", profile: str = "essential") -> Section:
    return of(datasets.load("exemple_complet"), lang, profile)


@cache
def dataset(name: str, lang: str = "en") -> Section:
    return of(datasets.load(name), lang)


def actors(*poles: str | None, asked: int = 0) -> dict[str, list[Any]]:
    """Return the table of actors A, B, C… of some colleges, the first of which were asked."""
    day = "12/03/2022"
    return {
        "name": [chr(ord("A") + place) for place in range(len(poles))],
        "pole": list(poles),
        "surveyed_on": [day if place < asked else None for place in range(len(poles))],
    }


def tied(*pairs: str, **columns: Any) -> dict[str, list[Any]]:
    """Return the rows of cooperation between « AB », « BC »…"""
    rows = {"actor_id": [pair[0] for pair in pairs], "to_actor_id": [pair[1] for pair in pairs],
            "kind": ["appui"] * len(pairs)}  # fmt: skip
    return rows | columns


def headings(section: Section) -> list[str]:
    return [plain(one.text) for one in section.blocks if isinstance(one, Heading)]


def captions(section: Section) -> list[str]:
    return [plain(one.caption) for one in section.blocks if isinstance(one, Grid)]


def points(section: Section) -> list[str]:
    return [plain(item) for one in section.blocks if isinstance(one, Points) for item in one.items]


def under(section: Section, heading: str) -> list[Block]:
    """Return what stands below a heading, up to the next one."""
    start = next(
        place
        for place, one in enumerate(section.blocks)
        if isinstance(one, Heading) and plain(one.text) == heading
    )
    rest = list(section.blocks[start + 1 :])
    ends = [place for place, one in enumerate(rest) if isinstance(one, Heading)]
    return rest[: ends[0]] if ends else rest


def note(section: Section, caption: str) -> str:
    (found,) = [one for one in section.blocks if isinstance(one, Grid) and plain(one.caption) == caption]
    return plain(found.note)


def said(section: Section) -> str:
    return plain(" ".join(texts_of(section)))


def sixty() -> Filiere:
    """Return 60 actors with long names of three colleges in 42 groups, 20 of whom were asked."""
    names = [f"Établissement numéro {place:02d} de la vallée" for place in range(60)]
    rows = [(one, other) for one in range(20) for other in (one + 7, one + 13, one + 26)]
    groups = [f"Groupe {place:02d}" for place in range(tables_.MOST_BODIES + 2)]
    return Filiere.from_tables(
        actors={
            "name": names,
            "pole": [("enterprise", "elected", "ess")[place % 3] for place in range(60)],
            "surveyed_on": ["12/03/2022"] * 20 + [None] * 40,
        },
        cooperations={
            "actor_id": [names[one] for one, _ in rows],
            "to_actor_id": [names[other] for _, other in rows],
            "kind": ["appui"] * len(rows),
        },
        groups={"name": groups},
        memberships={"group_id": [groups[place % len(groups)] for place in range(60)], "actor_id": names},
    )


@cache
def hand() -> Section:
    return of(by_hand(), profile="expert")


@cache
def evil() -> Section:
    return of(hostile(), "fr", "expert")


@cache
def people() -> Section:
    return of(with_persons(), "fr", "expert")


@cache
def many() -> Section:
    return of(sixty(), profile="expert")


# -- what stands where --------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_example_reads_from_who_meets_to_whom_to_ask(lang: str) -> None:
    section = example_of(lang)
    assert (section.anchor, section.annex) == ("cooperation", False)
    assert headings(section) == HEADINGS[lang]


def test_each_figure_stands_with_what_it_shows() -> None:
    section = example_of()
    places = {
        block.name: heading for heading in HEADINGS["en"] for block in under(section, heading)
        if isinstance(block, Picture)
    }  # fmt: skip
    assert places == {"colleges": MEETS, "groups": BODIES, "years": YEARS}


def test_figures_that_there_are_not_leave_nothing_behind() -> None:
    section = cooperation_section(diagnose(datasets.load("exemple_complet"), lang="en"), None)
    assert headings(section) == HEADINGS["en"]
    assert not [one for one in section.blocks if isinstance(one, Picture)]


#: Households are counted together: they sit in no group and sign no agreement.
NOBODY: dict[str, Any] = {"actors": {"name": ["ménages"], "actor_type": ["diffus"]}}
SITUATIONS: dict[str, Callable[[], Section]] = {
    "example": lambda: example_of(),
    "example in the expert profile": lambda: example_of("fr", "expert"),
    "textiles": lambda: dataset("textiles_usages", "fr"),
    "flax": lambda: dataset("lin_composite"),
    "by hand": lambda: hand(),
    "nobody": lambda: of(Filiere.from_tables(**NOBODY)),
    "one": lambda: of(Filiere.from_tables(actors=actors("ess")), profile="expert"),
    "two": lambda: of(Filiere.from_tables(actors=actors("ess", "elected")), profile="expert"),
    "all asked": lambda: of(Filiere.from_tables(actors=actors("ess", "elected", "enterprise", asked=3))),
    "sixty": many,
    "hostile": lambda: evil(),
    "people": lambda: people(),
}


@pytest.fixture(params=list(SITUATIONS), scope="module")
def situation(request: pytest.FixtureRequest) -> Section:
    made: Section = SITUATIONS[request.param]()
    return made


def test_no_heading_stands_over_nothing(situation: Section) -> None:
    assert not isinstance(situation.blocks[-1], Heading)
    assert not [
        one
        for one, after in pairwise(situation.blocks)
        if isinstance(one, Heading) and isinstance(after, Heading)
    ]
    assert all(one.text.strip() for one in situation.blocks if isinstance(one, Heading | Paragraph))
    assert len(set(headings(situation))) == len(headings(situation))


def test_no_sentence_is_said_twice(situation: Section) -> None:
    told = [*points(situation), *(plain(text) for text in paragraphs(situation))]
    notes = [plain(one.note) for one in situation.blocks if isinstance(one, Grid) and one.note]
    sentences = [one for text in told + notes for one in re.split(r"(?<=[.!?]) ", text)]
    assert [one for one in set(sentences) if sentences.count(one) > 1] == []


def test_every_table_has_as_many_cells_as_columns_and_none_is_empty(situation: Section) -> None:
    for one in situation.blocks:
        if isinstance(one, Grid):
            assert one.rows and {len(row) for row in one.rows} == {len(one.columns)}
            assert all(any(row[place].text for row in one.rows) for place in range(len(one.columns)))
            assert [row[0].strong for row in one.rows] == [True] * len(one.rows)
            assert not [cell for row in one.rows for cell in row[1:] if cell.strong]  # heads one row, not two
            assert all(cell.text.lower() not in ("nan", "none", "<na>") for row in one.rows for cell in row)


def test_no_table_is_wider_than_a_page_of_word(situation: Section) -> None:
    """Word cuts words where the longest of each column do not fit side by side."""
    for one in situation.blocks:
        if isinstance(one, Grid):
            assert column_widths([one], 17.0).size == SIZES[0], one.caption
            assert len(one.columns) <= 8


def test_nobody_is_blamed_and_nothing_is_judged(situation: Section) -> None:
    harsh = r"\b(?:blame\w*|fail\w*|fault|weak\w*|bad|worst|defic\w*|faute|faibl\w*|défaill\w*|mauvais\w*|reproch\w*)\b"
    assert re.findall(harsh, said(situation).lower()) == []


# -- who was asked ------------------------------------------------------------------------------------


def test_the_first_sentence_tells_whose_answers_it_rests_on() -> None:
    assert paragraphs(example_of())[0].startswith(
        "Who works with whom is known through those who were asked: 6 out of 25 of those who can cooperate."
    )
    assert paragraphs(example_of("fr"))[0].startswith(
        "Ce que l’on sait de qui travaille avec qui vient de ceux qui ont été interrogés : 6 sur 25 parmi les acteurs"
    )


def test_answers_are_counted_however_many_were_asked() -> None:
    assert "20 out of 60 of those" in paragraphs(many())[0]  # not « 33 % »
    assert grid(many(), "Who was asked") == [
        ["All partners", "60", "20 out of 60"],
        ["Enterprises", "20", "7 out of 20"],  # 0, 3, … 18
        ["Elected officials", "20", "7 out of 20"],  # 1, 4, … 19
        ["Social and solidarity economy", "20", "6 out of 20"],  # 2, 5, … 17
    ]


def test_who_was_asked_by_college() -> None:
    assert grid(example_of(), "Who was asked") == [
        ["All partners", "25", "6 out of 25"],
        ["Enterprises", "11", "2 out of 11"],
        ["Elected officials", "1", "1 out of 1"],
        ["Social and solidarity economy", "6", "3 out of 6"],
        ["Expertise and training", "2", "0 out of 2"],
        ["Institutions and funders", "3", "0 out of 3"],
        ["Other college", "1", "0 out of 1"],
        ["Not stated", "1", "0 out of 1"],
    ]


def test_where_all_were_asked_there_is_nobody_left_to_ask() -> None:
    section = SITUATIONS["all asked"]()
    assert (
        paragraphs(section)[0]
        == "All actors who could cooperate were asked: who works with whom is fully known."
    )
    assert ASKS not in headings(section) and captions(section).count("Who was asked") == 0


def test_rows_without_anyone_asked_are_told_as_such() -> None:
    section = of(Filiere.from_tables(actors=actors("ess", "elected", "ess"), cooperations=tied("AB")))
    assert paragraphs(section)[0].startswith(
        "Nobody is said to have been asked; who works with whom is known through"
    )
    assert "neither a tie nor its absence" in paragraphs(section)[0]
    assert "Who was asked" not in captions(section)


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (NOBODY, "No actor who could cooperate is described."),
        (
            {"actors": actors("ess")},
            "A single actor who could cooperate is described, A: those it works with are to be added.",
        ),
    ],
)
def test_of_nobody_or_one_actor_a_sentence_is_enough(made: dict[str, Any], sentence: str) -> None:
    section = of(Filiere.from_tables(**made), profile="expert")
    assert [plain(text) for text in texts_of(section)] == ["Cooperation", sentence]


def test_two_actors_are_asked_in_the_singular() -> None:
    section = SITUATIONS["two"]()
    assert "of the 1 pair of actors who could cooperate nothing is known" in paragraphs(section)[0]
    assert grid(section, "Whom to ask first") == [["A", "Social and solidarity economy", "1", "1", "100%"]]
    # an order of one is none
    assert note(section, "Whom to ask first") == "Two questions do: with whom do you work, and with whom not?"


# -- a filière of which no cooperation is known -------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "pairs", "first"),
    [
        ("textiles_usages", 136, "Communauté de communes Caux vallée de Seine"),  # 17 actors: 17·16/2
        ("lin_composite", 28, "Communauté de communes Caux vallée de Seine"),  # 8 actors: 8·7/2
    ],
)
def test_where_nothing_is_known_it_goes_straight_to_whom_to_ask(name: str, pairs: int, first: str) -> None:
    section = dataset(name)
    assert paragraphs(section)[0] == (
        f"Nobody was asked who works with whom, and no row tells it: of the {pairs} pairs of actors who could "
        "cooperate nothing is known, neither a tie nor its absence."
    )
    assert headings(section)[:2] == [ASKS, BODIES]
    assert paragraphs(section)[1].startswith(
        "To be asked of each: with whom it works, and with whom it does not."
    )
    asked = grid(section, "Whom to ask first")
    assert asked[0][0] == first and len(asked) == tables_.MOST_ASKED


def test_a_figure_of_question_marks_and_of_unknown_figures_is_spared() -> None:
    section = dataset("lin_composite", "fr")
    assert "colleges" not in [one.name for one in section.blocks if isinstance(one, Picture)]
    assert not {"En chiffres", "Qui se rencontre, qui ne se rencontre pas encore"} & set(headings(section))
    assert "inconnu, inconnu" not in said(section)


def test_each_answer_adds_the_pairs_that_nobody_documented_before() -> None:
    # the first of 8 documents 7 of 28 pairs, the next 6, then 5, 4, 3, 2: 27 of 28
    rows = grid(dataset("lin_composite"), "Whom to ask first")
    assert [row[2] for row in rows] == ["7", "6", "5", "4", "3", "2"]
    assert [row[3] for row in rows] == ["25%", "46%", "64%", "79%", "89%", "96%"]
    assert "With the answers of the 6 below, 96% of the pairs would be documented." in paragraphs(
        dataset("lin_composite")
    )[1]  # fmt: skip


def test_the_answers_that_tell_most_of_the_triptyque_come_first() -> None:
    # of each of the ESS: with the nine enterprises that were not asked; then the enterprises, each with all others
    assert grid(example_of(), "Whom to ask first") == [
        ["Boutique Seconde Brume", "Social and solidarity economy", "18", "9", "49%"],  # (129 + 18) / 300
        ["Atelier Duvet", "Social and solidarity economy", "17", "9", "55%"],
        ["Intérim Tremplin", "Social and solidarity economy", "16", "9", "60%"],
        ["Réseau des imprimeurs du Val", "Enterprises", "15", "0", "65%"],
        ["Imprimerie des Trois Moulins", "Enterprises", "14", "0", "70%"],
        ["Confection Bellerive", "Enterprises", "13", "0", "74%"],
    ]
    assert note(example_of(), "Whom to ask first").startswith(
        "First those whose answer tells most of the triptyque"
    )
    # where no answer would tell of it the column would hold zeros: it is left out
    assert "colleges of the triptyque" not in said(dataset("lin_composite"))
    assert note(dataset("lin_composite"), "Whom to ask first").startswith("In this order: each adds most")


def test_colleges_that_are_not_stated_are_asked_for_by_name() -> None:
    assert paragraphs(dataset("lin_composite"))[1].endswith(
        "College to be stated too, without which nobody can tell which worlds meet: Association animatrice (non "
        "nommée), Site de teillage de Raffetot, Site de teillage de Baons-le-Comte and Site de teillage de Goderville."
    )
    section = of(Filiere.from_tables(actors=actors("ess", *[None] * 7)))
    assert "worlds meet: B, C, D, E and 3 others." in paragraphs(section)[1]
    assert "College to be stated" not in said(of(Filiere.from_tables(actors=actors("ess", "elected"))))


# -- who meets ----------------------------------------------------------------------------------------


def test_density_and_the_colleges_that_meet_most() -> None:
    # elected with ESS 4 of 6, enterprises with elected 7 of 11; 3 of 3 funders are too few to conclude
    assert plain(paragraphs(example_of())[1]) == (
        "25 known cooperation ties over 300 possible pairs of actors, a density of 8% (from 8% to 65% depending on "
        "what is unknown). Those who meet most, of colleges with at least 4 documented pairs of actors between them: "
        "“Elected officials” with “Social and solidarity economy” (tied: 4 of 6 documented pairs) "
        "and “Enterprises” with “Elected officials” (tied: 7 of 11 documented pairs)."
    )


def test_colleges_of_which_too_little_is_known_are_not_said_to_meet() -> None:
    poles = ("ess", "elected", "elected", "elected")
    few = of(Filiere.from_tables(actors=actors(*poles, asked=1), cooperations=tied("AB")))
    assert "Those who meet most" not in said(few)  # 3 pairs
    enough = of(Filiere.from_tables(actors=actors(*poles, "elected", asked=1), cooperations=tied("AB")))
    assert "Those who meet most: “" in said(enough)  # nobody else meets: no more has to be said
    assert "(tied: 1 of 4 documented pairs)." in said(enough)
    # 1 of 4 with the elected officials, 1 of 1 with the enterprise, which the figure shows and the sentence leaves out
    more = actors("ess", "elected", "elected", "elected", "elected", "enterprise", asked=1)
    both = said(of(Filiere.from_tables(actors=more, cooperations=tied("AB", "AF"))))
    assert "of colleges with at least 4 documented pairs of actors between them: “" in both
    assert "Enterprises” (tied" not in both and "“Enterprises” with" not in both
    assert cooperation_sentences.FEWEST == 4


def test_a_pair_of_colleges_apart_is_told_without_a_list_of_one() -> None:
    told = [plain(one.text) for one in under(example_of(), MEETS) if isinstance(one, Paragraph)]
    assert told[1].startswith(
        "“Enterprises” and “Institutions and funders”: 6 of the 33 pairs of actors documented"
    )
    assert "To be met first: Réseau des imprimeurs du Val" in told[1] and not points_under(
        example_of(), MEETS
    )


def points_under(section: Section, heading: str) -> list[str]:
    return [item for one in under(section, heading) if isinstance(one, Points) for item in one.items]


def test_several_pairs_of_colleges_apart_are_listed_up_to_a_few() -> None:
    poles = [pole for pole in ("enterprise", "elected", "ess", "expertise", "institution") for _ in range(4)]
    within = [(4 * k + i, 4 * k + j) for k in range(5) for i, j in combinations(range(4), 2)]
    letters = [chr(ord("A") + place) for place in range(20)]
    rows = tied(*(letters[one] + letters[other] for one, other in within))
    section = of(Filiere.from_tables(actors=actors(*poles, asked=20), cooperations=rows))
    listed = points_under(section, MEETS)
    # ten pairs of five colleges, none with a tie
    assert len(listed) == MOST_TOLD
    assert plain(listed[-1]) == "And 5 others: see “Findings, by priority”."
    assert "What does not meet yet, or what nobody knows:" in paragraphs(section)


# -- what rests on the animation ----------------------------------------------------------------------


def test_what_remains_without_the_animation_is_counted() -> None:
    told = next(one for one in under(example_of(), RESTS) if isinstance(one, Paragraph)).text
    assert f"16 of the 25 known ties go through {BODY}" in plain(told)
    assert grid(example_of(), f"What would remain of cooperation without {BODY}") == [
        # 25 ties less 16; of the 171 pairs unknown at most all are tied: (9 + 171) / (25 + 171) = 92 %
        ["Known cooperations", "25", "9", "36%", "from 36% to 92%"],
        ["Density", "8%", "3%", "", ""],  # 25 / 300 and 9 / 276
        ["Actors of the largest connected set", "18", "8", "44%", "from 32% to 100%"],
        ["Separate sets of the other actors", "8", "15", "", ""],
        ["Closed triptyques", "3", "0", "0%", ""],
        ["Pairs linked directly or through others", "153", "31", "20%", "from 10% to 94%"],  # 18·17/2
        ["Of these, pairs of the other actors", "136", "31", "23%", "from 11% to 100%"],  # 17·16/2
    ]


def test_a_few_ties_are_no_animation() -> None:
    mayor = actors("elected", "ess", "enterprise", "ess", asked=1) | {
        "roles": ["acteur territorial", None, None, None]
    }
    two = of(Filiere.from_tables(actors=mayor, cooperations=tied("AB", "AC")))
    assert RESTS not in headings(two)
    three = of(Filiere.from_tables(actors=mayor, cooperations=tied("AB", "AC", "AD")))
    assert RESTS in headings(three)
    rows = grid(three, "What would remain of cooperation without A")
    assert rows[0][:4] == ["Known cooperations", "3", "0", "0%"]


def test_another_actor_at_the_centre_is_told_apart_and_without_a_table() -> None:
    """How critical one named actor is stays internal: a table is for the animation alone."""
    poles = ("enterprise", "ess", "ess", "enterprise", "enterprise")
    section = of(
        Filiere.from_tables(actors=actors(*poles, asked=5), cooperations=tied("AB", "AC", "AD", "AE"))
    )
    assert "What rests on a few" in headings(section) and RESTS not in headings(section)
    assert not [one for one in captions(section) if "without A" in one]


def test_without_a_body_nor_a_centre_nothing_rests_on_it() -> None:
    poles = ("enterprise", "ess", "enterprise", "ess")
    section = of(
        Filiere.from_tables(actors=actors(*poles, asked=4), cooperations=tied("AB", "BC", "CD", "AD"))
    )
    assert not {RESTS, "What rests on a few"} & set(headings(section))


# -- triptyques ---------------------------------------------------------------------------------------


def test_the_first_pairs_with_who_could_introduce_them() -> None:
    lead, shown = under(example_of(), FIRST)
    assert isinstance(lead, Paragraph) and isinstance(shown, Grid)
    assert lead.text.endswith("Closed today: 3; 26 more need a single tie.")
    ess = "(Social and solidarity economy)"
    rows = grid(example_of(), "The first pairs to bring together")
    assert [row[:2] for row in rows] == [
        ["Réseau des imprimeurs du Val (Enterprises)", f"La Boucle Verte {ess}"],
        ["Imprimerie des Trois Moulins (Enterprises)", f"Brume Collecte {ess}"],
        ["Confection Bellerive (Enterprises)", f"{BODY} (Elected officials)"],
        ["Tri-Val (Enterprises)", f"Les Bâtisseurs Solidaires {ess}"],
        ["Papeterie du Vieux Bac (Enterprises)", f"Intérim Tremplin {ess}"],
    ]
    assert [row[2:] for row in rows] == [
        ["1", BODY if place != 2 else "La Boucle Verte", "do not cooperate yet"] for place in range(5)
    ]


def test_nobody_is_named_twice_among_the_first_pairs() -> None:
    rows = grid(many(), "The first pairs to bring together")
    named = [cell for row in rows for cell in row[:2]]
    assert len(set(named)) == len(named) == 2 * tables_.MOST_PAIRS


def test_a_pair_of_which_nothing_is_known_is_asked_first() -> None:
    # B works with A and with C; nobody asked A or C
    made = Filiere.from_tables(
        actors={"name": ["A", "B", "C"], "pole": ["enterprise", "elected", "ess"],
                "surveyed_on": [None, "12/03/2022", None]},
        cooperations=tied("AB", "BC"),
    )  # fmt: skip
    section = of(made)
    assert grid(section, "The first pairs to bring together") == [
        ["A (Enterprises)", "C (Social and solidarity economy)", "1", "B", "to be asked first"]
    ]
    assert note(section, "The first pairs to bring together") == ""
    assert "Closed today: 0; 1 more needs a single tie." in said(section)


def test_no_pair_to_bring_together_where_the_triptyque_is_closed() -> None:
    made = Filiere.from_tables(
        actors=actors("enterprise", "elected", "ess", asked=3), cooperations=tied("AB", "BC", "AC")
    )
    assert FIRST not in headings(of(made))


# -- groups -------------------------------------------------------------------------------------------


def test_the_seats_of_each_group() -> None:
    assert grid(example_of(), "Groups and their triptyque") == [
        ["Comité de pilotage", "7", "3", "1", "1", "2", "", "complete"],
        ["Comité technique", "6", "1", "0", "1", "3", "1", "cannot be told"],
        ["Groupe de travail « Ouate »", "7", "3", "0", "3", "1", "", "missing: Elected officials"],
        ["Groupe de travail « Collecte et tri »", "6", "3", "1", "2", "0", "", "complete"],
        # nobody is stated to sit there: that is unknown, and not zero
        ["Groupe de travail « Pose »", "unknown", "", "", "", "", "", "members to be stated"],
        ["Forum annuel des filières", "8", "2", "1", "2", "2", "1", "complete"],
    ]


def test_who_leads_when_they_meet_and_who_comes() -> None:
    assert grid(example_of(), "Who leads the groups, when they meet, who comes") == [
        ["Comité de pilotage", BODY, "2, the last on 20 June 2024", "71%"],
        ["Comité technique", "Bureau d’études Passerelle", "none recorded", ""],
        ["Groupe de travail « Ouate »", BODY, "2, the last on 16 May 2024", "50%"],
        ["Groupe de travail « Collecte et tri »", BODY, "1, on 28 March 2024", "67%"],
        ["Groupe de travail « Pose »", "to be named, or to be stated", "none recorded", ""],
        ["Forum annuel des filières", BODY, "1, on 30 November 2023", "unknown"],
    ]
    assert note(example_of(), "Who leads the groups, when they meet, who comes").startswith(
        "Present: mean share"
    )


def test_attendance_is_told_with_its_figure() -> None:
    # 7 seats of the steering committee, 7 of « Ouate », 6 of « Collecte et tri »: (5 + 3.5 + 4) / 20
    told = [plain(one.text) for one in under(example_of(), BODIES) if isinstance(one, Paragraph)]
    assert told[0].startswith("Attendance: 63% (mean of 20 seats, 21 presences of 34 known;")


def test_without_meetings_nothing_is_said_of_who_comes() -> None:
    section = dataset("textiles_usages")
    assert "Present" not in said(section) and "Attendance" not in said(section)
    assert grid(section, "Who leads the groups") == [
        ["Communauté d’acteurs « Textiles usagés »", "Communauté de communes Caux vallée de Seine"],
        ["Groupe de travail « Textiles usagés »", "Communauté de communes Caux vallée de Seine"],
    ]
    assert "dates of the meetings to be stated, and who came" in said(section)


def test_several_groups_to_convene_are_told_in_one_sentence() -> None:
    """« Pose » and the technical committee have not met; the finding of each would say the same twice."""
    assert [one for one in points(example_of()) if "convened" in one] == [
        "To be convened around a first action, or their meetings to be stated: Groupe de travail « Pose » and Comité "
        "technique."
    ]
    groups = {"name": ["G1", "G2"]}
    met = {"group_id": ["G1"], "met_on": ["12/03/2022"]}
    section = of(Filiere.from_tables(actors=actors("ess", "elected"), groups=groups, meetings=met))
    assert any(
        one.startswith("G2: no meeting recorded, while 1 other group has met.") for one in points(section)
    )


def test_groups_without_any_referent_are_told_in_one_sentence() -> None:
    groups = {"name": ["G1", "G2"]}
    section = of(Filiere.from_tables(actors=actors("ess", "elected"), groups=groups))
    assert [one for one in points(section) if "referent" in one] == [
        "2 groups without a stated referent: to be named, or to be stated."
    ]
    assert not [one for one in captions(section) if one.startswith("Who leads")]
    assert note(section, "Groups and their triptyque") == ""  # no seat to be explained
    one = of(Filiere.from_tables(actors=actors("ess", "elected"), groups={"name": ["G1"]}))
    assert "G1: referent to be named, or to be stated." in points(one)


def test_without_groups_there_is_no_heading_for_them() -> None:
    section = of(Filiere.from_tables(actors=actors("ess", "elected")))
    assert BODIES not in headings(section)
    assert "groups" not in [one.name for one in section.blocks if isinstance(one, Picture)]


def test_what_a_table_leaves_out_is_in_the_workbook() -> None:
    assert len(grid(many(), "Groups and their triptyque")) == tables_.MOST_BODIES
    assert note(many(), "Groups and their triptyque").endswith("2 others are in the workbook “tables.xlsx”.")
    assert len(grid(many(), "Whom to ask first")) == tables_.MOST_ASKED
    assert all(len(one.rows) <= tables_.MOST_BODIES for one in many().blocks if isinstance(one, Grid))
    assert all(len(one.items) <= MOST_TOLD for one in many().blocks if isinstance(one, Points))


# -- years and exchanges ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "Known cooperations, from 2023 to 2024: 25 kept, none new and 1 come to an end."),
        ("fr", "Coopérations connues, de 2023 à 2024 : 25 maintenues, aucune nouvelle et 1 terminée."),
    ],
)
def test_what_changed_in_the_last_year(lang: str, sentence: str) -> None:
    (told,) = [one.text for one in under(example_of(lang), HEADINGS[lang][5]) if isinstance(one, Paragraph)]
    assert plain(told) == sentence


def test_cooperations_without_a_period_are_to_be_dated() -> None:
    # c1 to c3 bear no year: the ties Tri – Collecte and CCVS – Tri; c4 ended in 2020
    (told,) = [one.text for one in under(hand(), YEARS) if isinstance(one, Paragraph)]
    assert plain(told) == "Of 2 known cooperations it is to be asked since when, and whether they go on."


def test_years_are_not_told_of_cooperations_that_bear_none() -> None:
    section = of(Filiere.from_tables(actors=actors("ess", "elected", asked=1), cooperations=tied("AB")))
    assert YEARS not in headings(section)


def test_beginnings_are_counted() -> None:
    rows = tied("AB", "AC", "BC", since=[2020, 2021, 2021], until=[2020, None, None])
    section = of(Filiere.from_tables(actors=actors("ess", "elected", "ess", asked=3), cooperations=rows))
    assert "Known cooperations, from 2020 to 2021: none kept, 2 new and 1 come to an end." in paragraphs(
        section
    )


def test_exchanges_with_and_without_cooperation() -> None:
    assert [plain(item) for item in points_under(example_of(), TRADES)] == [
        "Cooperations between actors who exchange material too: 3 of 26. Not every cooperation is meant to: an expert "
        "or a funder exchanges none.",
        # 13 = 3 + 7 + 3
        "13 pairs of actors exchange material: another cooperation is known for 3, not reported for 7 and not documented "
        "for 3.",
    ]


def test_a_single_sentence_on_exchanges_is_no_list() -> None:
    # Collecte → Tri cooperate; Tri → Filature, Filature → Atelier: one absent as Tri was asked, one unknown
    (told,) = under(hand(), TRADES)
    assert isinstance(told, Paragraph) and plain(told.text) == (
        "3 pairs of actors exchange material: another cooperation is known for 1, not reported for 1 and not documented "
        "for 1."
    )


# -- figures ------------------------------------------------------------------------------------------


def test_the_essential_figures_close_the_section() -> None:
    rows = grid(example_of(), "Figures on cooperation")
    assert [row[:2] for row in rows] == [
        ["Cooperation density", "8%"],
        ["Groups with the whole triptyque", "3 out of 6, 2 unknown"],
        ["Closed triptyques", "5%"],  # 3 of 11 · 1 · 6
    ]
    assert "The network as a whole" not in captions(example_of())
    assert headings(example_of())[-1] == COUNTS


def test_the_network_as_a_whole_is_for_experts_with_numbers_as_they_are_read() -> None:
    section = example_of("fr", "expert")
    rows = {row[0]: row[1:] for row in grid(section, "Le réseau dans son ensemble")}
    assert len(rows) == 20
    assert rows["Liens"] == ["25", "de 25 à 196", ""]  # not « 25,00 »; 25 + 171 unknown
    assert rows["Composantes"] == ["8", "de 1 à 8", ""]
    assert rows["Acteurs de la plus grande composante"] == ["18", "de 18 à 25", ""]
    assert rows["Diamètre"][0] == "3"
    assert rows["Densité"] == ["0,08", "de 0,08 à 0,65", ""]
    assert rows["Connexité"][0] == "0,51"  # 153 / 300
    # the remark that most figures share is told once, below
    assert note(section, "Le réseau dans son ensemble") == "129 des 300 paires d’acteurs documentées."
    assert rows["Paires sans lien"][2] == "258 des 600 paires d’acteurs documentées"


def test_figures_that_were_not_asked_for_are_not_told() -> None:
    section = of(datasets.load("exemple_complet"), indicators=[], checks=[])
    assert COUNTS not in headings(section)
    assert headings(section)[:3] == [MEETS, RESTS, FIRST]  # tables need no finding


# -- languages ----------------------------------------------------------------------------------------


def test_both_languages_say_the_same() -> None:
    french, english = example_of("fr"), example_of("en")
    assert [type(one) for one in french.blocks] == [type(one) for one in english.blocks]
    for one, other in zip(french.blocks, english.blocks, strict=True):
        if isinstance(one, Grid) and isinstance(other, Grid):
            assert (len(one.rows), len(one.columns)) == (len(other.rows), len(other.columns))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_sentence_is_in_the_language_of_the_report(lang: str) -> None:
    f = Filiere.from_tables(
        actors=actors("enterprise", "elected", "ess", "enterprise", None, asked=2),
        cooperations=tied("AB", "BC", "BD", since=[2020, 2021, None]),
        groups={"name": ["G1", "G2"], "referent_id": ["A", None]},
        memberships={"group_id": ["G1", "G1"], "actor_id": ["A", "B"]},
        lang=lang,
    )  # fmt: skip
    other = {
        "fr": r"\b(?:the|of|with|who|known|pairs?|ties)\b",
        "en": r"\b(?:les|des|une|qui|est|sont|aux|paires?)\b",
    }
    assert re.findall(other[lang], said(of(f, lang, "expert"))) == []


# -- persons, names, trust ----------------------------------------------------------------------------


def only(told: Content) -> Content:
    """Return a report of nothing but its section on cooperation."""
    sections = tuple(one for one in told.sections if one.anchor == "cooperation")
    return replace(told, facts=(), notices=(), sections=sections)


def test_a_natural_person_is_nowhere_in_the_section() -> None:
    for lang in ("fr", "en"):
        assert "Camille Exemple" not in said(example_of(lang))
    assert "Personne 1" in said(example_of("fr"))
    # « Marcel Quibel SARL » is an organisation and keeps its name
    assert not [name for name in PERSONS if re.search(rf"{name}(?! SARL)", said(people()))]
    assert ["GT", "Personne 1"] in grid(people(), "Qui anime les groupes")


def test_hostile_names_are_text_in_every_form(tmp_path: Path) -> None:
    blocks = tuple(one for one in evil().blocks if not isinstance(one, Picture))
    told = Content("fr", SCRIPT, "", (), (), (replace(evil(), blocks=blocks),))
    page = Page(html_text(told))
    assert page.of("script", "img") == []
    assert not {"onerror", "onload"} & {name for one in page.elements for name in one.attributes}
    shown = [cell for one in blocks if isinstance(one, Grid) for row in one.rows for cell in row]
    assert {SCRIPT, FORMULA, QUOTE} <= {cell.text for cell in shown} | {
        cell.text.split(" (")[0] for cell in shown
    }
    assert not [cell.url for cell in shown if cell.url]
    document = docx_text(write_docx(told, tmp_path / "r.docx"))
    for text in (SCRIPT, FORMULA, QUOTE):
        assert text in page.text and text in document


def trusting(score: int | None) -> Filiere:
    rows = tied("AB", "BA", "BC", confidentiality=["confidentiel", "interne", None])
    if score is not None:
        rows |= {"trust": [score, score, score], "value_score": [score, score, score]}
    return Filiere.from_tables(actors=actors("ess", "elected", "enterprise", asked=3), cooperations=rows)


def test_trust_changes_nothing_in_the_section() -> None:
    low, high, none = (of(trusting(score), profile="expert") for score in (1, 4, None))
    assert low == high == none
    for lang, word in (("fr", "confiance"), ("en", "trust")):
        assert word not in said(example_of(lang, "expert")).lower()


def test_no_form_of_the_report_holds_a_score(tmp_path: Path) -> None:
    """Two filières that differ by the scores alone give the same page, document and workbook."""
    found = []
    for score in (1.25, 3.75):
        told = diagnose(trusting(score), profile="expert")
        book, document = (
            write_xlsx(told, tmp_path / f"{score}.xlsx"),
            write_docx(told, tmp_path / f"{score}.docx"),
        )
        found.append((html_text(content(told)), docx_text(document), docx_tables(document), xlsx_texts(book)))
    assert found[0] == found[1]
    page, words, _, cells = found[0]
    assert not {"Confiance", "Valeur perçue"} & {cell.strip() for cell in cells}
    assert any("elles n’y sont pas" in cell for cell in cells)
    for spelled in ("3,75", "3.75", "1,25"):
        assert spelled not in page and spelled not in words and spelled not in " ".join(cells)


# -- the three forms ----------------------------------------------------------------------------------


def test_word_has_headings_captions_and_whole_tables(example: Written, tmp_path: Path) -> None:
    from docx import Document

    path = write_docx(only(example.content), tmp_path / "r.docx")
    document = Document(str(path))
    styled = [
        (str(one.style and one.style.name), plain(one.text))
        for one in document.paragraphs
        if one.text.strip()
    ]
    assert [text for style, text in styled if style == "Heading 1"] == ["Coopération"]
    assert [text for style, text in styled if style == "Heading 2"] == HEADINGS["fr"]
    captions_ = [text for style, text in styled if style == "Caption"]
    tables = [text for text in captions_ if text.startswith("Tableau")]
    assert tables == [
        f"Tableau {n} : {text}" for n, text in enumerate(captions(only(example.content).sections[0]), 1)
    ]
    assert [text.split(" : ", 1)[0] for text in captions_ if text.startswith("Figure")] == [
        "Figure 1", "Figure 2", "Figure 3", "Figure 4",
    ]  # fmt: skip
    assert [len(table[0]) for table in docx_tables(path)] == [
        len(one.columns) for one in only(example.content).blocks() if isinstance(one, Grid)
    ]


def test_the_page_tells_it_all_under_its_anchor(example: Written) -> None:
    page = page_of(example.html)
    assert "cooperation" in page.ids
    text = page.text
    assert all(heading in text for heading in HEADINGS["fr"])
    for one in only(example.content).blocks():
        if isinstance(one, Grid):
            assert plain(one.caption) in text and all(
                plain(cell.text) in text for row in one.rows for cell in row
            )


def test_the_workbook_holds_the_figures_and_the_findings_of_the_section(tmp_path: Path) -> None:
    made = diagnose(datasets.load("lin_composite"), lang="en")
    book = book_of(write_xlsx(made, tmp_path / "r.xlsx"))
    indicators = {row["Reference"]: row for row in sheet_rows(book["Indicators"])}
    assert {name for name in indicators if name.startswith("D")} >= {"D1", "D6"}
    assert indicators["D1"]["Value"] is None  # unknown is an empty cell, not a zero
    kinds = [row["Kind"] for row in sheet_rows(book["Findings"])]
    assert "Cooperation little known" in kinds and "Meetings to be stated" in kinds


@pytest.mark.parametrize(
    ("broken", "heading"),
    [("cooperation_heatmap", MEETS), ("draw_groups", BODIES), ("draw_evolution", YEARS)],
)
def test_a_figure_that_crashes_is_told_in_its_place(
    broken: str, heading: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("no\n room")

    for name in ("chain_picture", "actor_map"):  # slow, and not what is looked at
        monkeypatch.setattr(sys.modules[content.__module__], name, lambda *_, **__: Paragraph("spared"))
    monkeypatch.setattr(figures, broken, crash)
    made: Diagnosis = diagnose(by_hand(), lang="en", indicators=[], checks=CHECKS)
    (section,) = only(content(made)).sections
    (warning,) = [one for one in section.blocks if isinstance(one, Paragraph) and one.kind == "warning"]
    assert warning.text.endswith("could not be drawn (ZeroDivisionError: no room).")
    assert warning in under(section, heading)
    assert len([one for one in section.blocks if isinstance(one, Picture)]) == 3


def test_what_the_section_says_does_not_depend_on_the_order_of_the_rows() -> None:
    rows = TABLES["cooperations"]
    turned = {name: list(reversed(values)) for name, values in rows.items()}
    assert of(by_hand(cooperations=turned), profile="expert") == hand()


def test_cells_are_plain_text_without_links() -> None:
    for one in example_of().blocks:
        if isinstance(one, Grid) and one.caption != "Figures on cooperation":
            assert all(cell == Cell(cell.text, strong=cell.strong) for row in one.rows for cell in row)
