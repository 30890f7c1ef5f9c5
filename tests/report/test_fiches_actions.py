"""The sheet of an action: what is known of it, what is to be filled in, what it costs and who pays."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chaine_valeur import datasets
from chaine_valeur.diagnosis import Diagnosis, aimed_findings, diagnose
from chaine_valeur.errors import ArgumentError, UnreadableFileError
from chaine_valeur.filiere import Filiere
from chaine_valeur.planning.plan import plan
from chaine_valeur.redaction import redact, without_persons
from chaine_valeur.report.fiches import write_action_sheets
from chaine_valeur.report.fiches.actions import action_sheets
from chaine_valeur.report.fiches.files import Made
from chaine_valeur.report.fiches.form import Blank, Choice, Entries, Fiche, Part, Table
from tests.report.fiche_builders import all_of, named
from tests.report.payloads import PAYLOADS
from tests.report.readers import docx_tables, docx_text, page_of, plain

ACTORS = {
    "name": ["Relais", "Filature", "Mairie", "Camille Exemple", "Cachottiers"],
    "natural_person": [False, False, False, True, False],
    "confidentiality": [None, None, None, None, "confidential"],
}


def filiere(**more: Any) -> Filiere:
    """A chain of which the middle is missing, an action that answers it, another of which nothing is known."""
    tables: dict[str, Any] = {
        "filiere": {"name": ["Laine"]},
        "stages": {"name": ["Collecte", "Tri", "Filage"], "rank": [1, 2, 3]},
        "stage_links": {"stage_id": ["Collecte", "Tri"], "to_stage_id": ["Tri", "Filage"]},
        "actors": ACTORS,
        "activities": {"actor_id": ["Relais", "Filature"], "stage_id": ["Collecte", "Filage"]},
        "actions": {
            "name": ["Ouvrir un tri", "Réfléchir"],
            "finding_kind": ["missing_stage", None],
            "stage_id": ["Tri", None],
            "owner_id": ["Mairie", None],
            "partners": ["Relais;Camille Exemple;Cachottiers;Un tiers", None],
            "objective": ["Un tri sur place", None],
            "means": ["Un local", None],
            "starts_on": ["2025-03-01", None],
            "ends_on": ["2025-09-30", None],
            "cost_eur": [12000.0, None],
            "state": ["decided", None],
            "indicator": ["Postes", None],
            "target": [3.0, None],
            "reached": [1.0, None],
            "unit": ["post", None],
        },
    }
    return Filiere.from_tables(**(tables | more))


def with_options() -> Filiere:
    """The action carries out an option; another option is carried by nobody's action."""
    return filiere(
        options={
            "name": ["Tri porté par la Mairie", "Former"],
            "kind": ["posts", "posts"],
            "actor_id": ["Mairie", "Relais"],
            "stage_id": ["Collecte", "Collecte"],
            "insertion_fte": [2.0, 1.0],
            "investment_eur": [5000.0, 1000.0],
            "running_cost_eur_per_year": [10000.0, 0.0],
            "post_aid_eur_per_year": [4000.0, 0.0],
            "latest_year": [2025, 2025],
        },
        budgets={
            "name": ["Enveloppe", "Promesse"],
            "amount_eur": [90000.0, None],
            "first_year": [2025, 2025],
            "last_year": [2026, 2026],
            "state": ["granted", "requested"],
            "option_id": [None, "Tri porté par la Mairie"],
        },
        actions={"name": ["Ouvrir un tri"], "option_id": ["Tri porté par la Mairie"], "cost_eur": [12000.0]},
    )


def made_of(f: Filiere, **more: Any) -> list[Made]:
    return list(action_sheets(quick(f), **more))


def quick(f: Filiere, lang: str = "fr") -> Diagnosis:
    """A diagnostic without its checks."""
    return diagnose(f, checks=(), indicators=(), lang=lang)


@pytest.fixture(scope="module")
def whole() -> Diagnosis:
    return diagnose(filiere(), indicators=())


@pytest.fixture(scope="module")
def sheets(whole: Diagnosis) -> list[Fiche]:
    return [one.fiche for one in action_sheets(whole, on=date(2025, 6, 2))]


def part(fiche: Fiche, title: str) -> Part:
    return next(one for one in fiche.parts if one.title == title)


def entries_of(fiche: Fiche) -> dict[str, str]:
    (block,) = (item for item in fiche.items() if isinstance(item, Entries))
    return {one.label: plain(one.text) for one in block.entries}


def grid_of(fiche: Fiche, title: str) -> list[list[str]]:
    (block,) = (item for item in part(fiche, title).items if isinstance(item, Table))
    return [[plain(cell.text) for cell in row] for row in block.grid.rows]


def test_the_head_says_who_when_how_much_and_how_far(sheets):
    strip = {name: plain(value) for name, value in sheets[0].strip}
    assert strip == {
        "Porteur": "Mairie", "Quand": "du 1er mars 2025 au 30 septembre 2025", "Coût": "12 000 €", "État": "Décidée",
    }  # fmt: skip
    assert sheets[0].kind == "Fiche action" and sheets[0].title == "Ouvrir un tri"


def test_the_finding_is_told_as_the_diagnostic_tells_it(sheets, whole):
    told = all_of(part(sheets[0], "Constat auquel elle répond").items)
    (found,) = aimed_findings(whole, "ouvrir-un-tri")
    assert told.startswith("Maillon manquant : Tri.")
    assert plain(whole.found[found].message) in told
    assert aimed_findings(whole, "reflechir") == []


def test_what_is_stated_stands_there(sheets):
    assert entries_of(sheets[0]) == {
        "Objectif": "Un tri sur place",
        "Pour qui": "maillon : Tri",
        "Publics visés": "",
        "Moyens": "Un local",
        "Partenaires": "Relais, Personne 1, Cachottiers, Un tiers",
    }
    assert grid_of(sheets[0], "Comment elle sera jugée") == [["Postes", "3 postes", "1 poste", ""]]
    assert grid_of(sheets[0], "Étapes") == [
        ["Début", "Mairie", "1er mars 2025"], ["Fin", "Mairie", "30 septembre 2025"],
    ]  # fmt: skip


def test_the_state_is_ticked(sheets):
    (choice,) = (item for item in sheets[0].items() if isinstance(item, Choice))
    assert choice.options == ("Proposée", "Décidée", "Engagée", "Faite", "Abandonnée")
    assert choice.ticked == (1,)


def test_what_is_not_known_is_a_place_to_write_in(sheets):
    empty = sheets[1]
    assert [value for _, value in empty.strip] == ["", "", "", ""]
    assert set(entries_of(empty).values()) == {""}
    assert part(empty, "Constat auquel elle répond").items == (Blank(2),)
    (follow,) = part(empty, "Comment elle sera jugée").items
    assert follow.grid.rows == () and follow.empty == 3
    (choice,) = (item for item in empty.items() if isinstance(item, Choice))
    assert choice.ticked == ()
    assert grid_of(empty, "Coût et financement") == [[""] * 4] * 3 + [["Total", "", "Total", ""]]


def test_zero_is_no_unknown():
    f = filiere(actions={"name": ["Gratuit"], "cost_eur": [0.0], "target": [0.0], "unit": ["post"]})
    (one,) = made_of(f)
    assert plain(dict(one.fiche.strip)["Coût"]) == "0 €"
    assert grid_of(one.fiche, "Coût et financement")[0] == ["Coût", "0", "", ""]
    assert grid_of(one.fiche, "Comment elle sera jugée") == [["Indicateur de suivi", "0 poste", "", ""]]


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2025-03-01", None, "à partir du 1er mars 2025"),
        (None, "2025-03-02", "jusqu’au 2 mars 2025"),
        (None, None, ""),
    ],
)
def test_a_calendar_of_one_end(start, end, told):
    (one,) = made_of(filiere(actions={"name": ["a"], "starts_on": [start], "ends_on": [end]}))
    assert plain(dict(one.fiche.strip)["Quand"]) == told


def test_money_that_is_stated_without_a_plan():
    (one,) = made_of(with_options())
    rows = grid_of(one.fiche, "Coût et financement")
    # the budget kept for the option is named, what it gives is not known: so is the sum of the resources
    assert rows[0] == ["Coût", "12 000", "Promesse (sollicité)", ""]
    assert rows[-1] == ["Total", "12 000", "Total", ""]
    note = all_of(part(one.fiche, "Coût et financement"))
    assert "De l’option : Investissement : 5 000 € ; Coût annuel : 10 000 €/an" in note


@pytest.fixture(scope="module")
def planned() -> list[Fiche]:
    f = with_options()
    found = plan(f, years=range(2025, 2027))
    assert set(found.chosen.index) == {"tri-porte-par-la-mairie", "former"}
    return [one.fiche for one in made_of(f, plan=found)]


def test_money_of_a_plan_is_balanced(planned):
    rows = grid_of(planned[0], "Coût et financement")
    # 5 000 to begin with, then 10 000 in each of 2025 and 2026; aid of 4 000 a year, the envelope pays the rest
    assert rows[0][:2] == ["Investissement", "5 000"] and rows[1][:2] == ["Coûts annuels", "20 000"]
    resources = {row[2]: row[3] for row in rows}
    assert resources["Aides au poste"] == "8 000" and resources["Enveloppe (accordé)"] == "17 000"
    assert rows[-1] == ["Total", "25 000", "Total", "25 000"]
    note = all_of(part(planned[0], "Coût et financement"))
    assert "Sur 2025–2026" in note and "Indiqué pour l’action : 12 000 €." in note


def test_an_option_that_no_action_carries_out_has_a_sheet(planned):
    assert [one.title for one in planned] == ["Ouvrir un tri", "Former"]
    strip = {name: plain(value) for name, value in planned[1].strip}
    assert strip["Porteur"] == "Relais" and strip["Quand"] == "décidée en 2025"
    assert strip["État"] == "Proposée par le plan" and strip["Coût sur le plan"] == "1 000 €"
    assert ["Postes d’insertion", "1 ETP", "", ""] in grid_of(planned[1], "Comment elle sera jugée")
    assert all_of(part(planned[1], "Constat auquel elle répond").items).startswith("Postes à financer.")


def test_a_plan_of_another_filiere_is_refused():
    found = plan(with_options(), years=range(2025, 2027))
    with pytest.raises(ArgumentError, match="autre filière"):
        made_of(filiere(), plan=found)


def test_a_plan_may_not_be_told_with_figures_that_are_not():
    f = datasets.load("exemple_complet")
    diagnosis = quick(f)
    found = plan(without_persons(diagnosis).filiere, years=range(2025, 2026))
    with pytest.raises(ArgumentError, match="sans lui"):
        list(action_sheets(redact(diagnosis, "public"), plan=found))


# -- who reads ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", ["public", "partners"])
def test_partners_of_a_redacted_sheet_are_those_who_may_be_named(audience):
    diagnosis = quick(filiere())
    first = next(iter(action_sheets(redact(diagnosis, audience)))).fiche
    told = entries_of(first)["Partenaires"]
    assert "Camille" not in all_of(first) and "Cachottiers" not in all_of(first)
    assert told.replace("\u00a0", " ") == "Relais, Personne 1, Acteur confidentiel 1, 1 autre, non nommé"
    assert any("Version" in one for one in first.running)


def test_a_guarded_action_has_no_redacted_sheet_and_a_guarded_cost_is_said_so():
    tables = {
        "actions": {"action_id": ["a", "b"], "name": ["Ouverte", "Tue"], "cost_eur": [5.0, 7.0],
                    "confidentiality": [None, "internal"]},
        "cell_sources": {"table": ["actions"], "row_id": ["a"], "column": ["cost_eur"], "confidentiality": ["internal"]},
    }  # fmt: skip
    diagnosis = quick(filiere(**tables))
    assert [one.name for one in action_sheets(diagnosis)] == ["Ouverte", "Tue"]
    (one,) = action_sheets(redact(diagnosis, "public"))
    assert dict(one.fiche.strip)["Coût"] == "inconnu, ou non diffusé dans cette version"


# -- files --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(whole: Diagnosis, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_action_sheets(whole, tmp_path_factory.mktemp("a"), on=date(2025, 6, 2))


def test_files_and_their_list(written):
    assert [path.name for path in written] == [
        "action-ouvrir-un-tri.html", "action-ouvrir-un-tri.docx", "action-reflechir.html", "action-reflechir.docx",
        "index.html",
    ]  # fmt: skip
    page = page_of(written[-1])
    assert page.of("h1")[0].text == "2 fiches action"
    cells = [one.text for one in page.of("td", "th")]
    assert "Mairie" in cells and "Décidée" in cells and "à désigner" in cells


def test_page_and_word_say_the_same(written, sheets):
    page, text = page_of(named(written, "tri.html")).text, docx_text(named(written, "tri.docx"))
    for said in (plain(one) for one in _visible(sheets[0])):
        assert said in page, said
        assert said in text, said
    assert "Fiche du 2 juin 2025." in text


def _visible(fiche: Fiche) -> list[str]:
    strip = [one for pair in fiche.strip for one in pair]
    parts = [one.title for one in fiche.parts]
    cells = [
        cell.text
        for item in fiche.items()
        if isinstance(item, Table)
        for row in item.grid.rows
        for cell in row
    ]
    return [fiche.title, fiche.closing, *strip, *parts, *cells, *entries_of(fiche).values()]


def test_lines_to_write_on_are_there_in_both_forms(written):
    page = page_of(named(written, "reflechir.html"))
    assert len(page.marked("span", "line")) >= 4 + 7 + 2 + 1  # the head, the entries, the finding, the state
    assert [one.text for one in page.marked("span", "todo")] == ["à compléter"] * 9
    tables = docx_tables(named(written, "reflechir.docx"))
    assert ["", "", "", ""] in tables[3]
    raw = named(written, "reflechir.docx").read_bytes()
    assert raw[:2] == b"PK"


def test_the_same_diagnostic_gives_the_same_bytes(tmp_path: Path):
    first, second = (write_action_sheets(quick(filiere()), tmp_path / name) for name in "ab")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_english(tmp_path: Path):
    paths = write_action_sheets(quick(filiere(), lang="en"), tmp_path, form="html")
    page = page_of(named(paths, "tri"))
    assert page.of("html")[0].attributes["lang"] == "en"
    assert "from 1 March 2025 to 30 September 2025" in page.text
    assert not any(word in page.text for word in ("Porteur", "Étapes", "Coût"))


def test_a_folder_that_is_a_file_and_a_wrong_form(tmp_path: Path):
    (tmp_path / "x").write_text("x")
    with pytest.raises(UnreadableFileError, match="dossier"):
        write_action_sheets(quick(filiere()), tmp_path / "x")
    with pytest.raises(ArgumentError, match="pdf"):
        write_action_sheets(quick(filiere()), tmp_path / "y", form="pdf")


def test_without_actions_there_is_an_empty_list(tmp_path: Path):
    (index,) = write_action_sheets(quick(Filiere.from_tables(actors={"name": ["a"]})), tmp_path)
    page = page_of(index)
    assert page.of("h1")[0].text == "0 fiche action" and not page.of("table")


def test_hostile_texts_stay_texts(tmp_path: Path):
    odd = ["\u202eabc שלום", "🧶" * 40, "\x1b[31m\x00", "x" * 300, "{{ 7*7 }}", "=1+1"]
    texts = [*PAYLOADS[::7], *odd]
    f = filiere(
        actions={
            "name": [f"{place} {text}" for place, text in enumerate(texts)],
            "objective": texts, "means": texts, "partners": texts, "indicator": texts,
        }
    )  # fmt: skip
    paths = write_action_sheets(quick(f), tmp_path)
    pages = [page_of(path) for path in paths if path.suffix == ".html"]
    assert len(pages) == len(texts) + 1
    for page in pages:
        assert not page.of("script", "img", "iframe", "svg", "object", "form", "base")
        assert not any(name.startswith("on") for one in page.elements for name in one.attributes)
        for link in page.of("a"):
            assert link.attributes["href"].startswith("action-")
    for page, text in zip(pages, texts, strict=False):
        if text.isprintable() and "\u202e" not in text:
            assert plain(text) in page.text.replace("\u200b", "")
    assert "<script>window.hit=1</script>" in docx_text(
        next(path for path in paths if path.suffix == ".docx")
    )
