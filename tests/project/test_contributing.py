"""What a contributor is told is so: names, forms, code; and the pages of conventions say what the code does."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from chaine_valeur.schema import tables
from chaine_valeur.vocabulary import VOCABULARIES
from tests.project.test_readme import blocks, make_targets

ROOT = Path(__file__).resolve().parents[2]
FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"
#: element of a form → the attributes that GitHub asks of it
ELEMENTS = {
    "markdown": {"value"}, "textarea": {"label"}, "input": {"label"}, "dropdown": {"label", "options"},
    "checkboxes": {"label", "options"},
}  # fmt: skip
#: … and those that it allows beside them
FURTHER = {
    "markdown": set(), "textarea": {"description", "placeholder", "value", "render"},
    "input": {"description", "placeholder", "value"}, "dropdown": {"description", "multiple", "default"},
    "checkboxes": {"description"},
}  # fmt: skip
#: places of the house that stand for any file in them
ANY = re.compile(r"[<>*]")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# -- CONTRIBUTING.md -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def guide() -> str:
    return text("CONTRIBUTING.md")


def without_fences(page: str) -> str:
    return re.sub(r"^```.*?^```", "", page, flags=re.M | re.S)


def paths_named(page: str) -> set[str]:
    """The paths of the project in a page: in back ticks, and as arguments of its shell commands."""
    tops = {path.name for path in ROOT.iterdir()} - {".git", ".venv"}
    named = re.findall(r"`([^`\s]+)`", without_fences(page))
    named += re.findall(r"[\w./\\-]+", " ".join(body for _, body in blocks(page, "bash", "bat")))
    named = [word.replace("\\", "/").rstrip("/.") for word in named]
    return {word for word in named if word.split("/")[0] in tops and "/" in word and not ANY.search(word)}


def test_the_paths_that_the_guide_names_exist(guide: str) -> None:
    named = paths_named(guide)
    assert len(named) > 30
    assert not sorted(name for name in named if not (ROOT / name).exists())


def test_the_reader_of_paths_sees_what_is_missing() -> None:
    page = "`docs/nowhere.md` and `chaine_valeur/schema/<table>.csv`\n```bat\npytest tests\\nowhere\n```\n"
    assert paths_named(page) == {"docs/nowhere.md", "tests/nowhere"}


def test_the_files_named_at_the_root_exist(guide: str) -> None:
    named = set(re.findall(r"`([A-Z]\w+(?:\.en)?\.md)`", guide)) - {"README.en.md"}  # that of a dataset
    assert {"CHANGELOG.md", "README.md"} <= named
    assert not [name for name in named if not (ROOT / name).is_file()]
    assert "## [Unreleased]" in text("CHANGELOG.md"), "where a change is to be said"


def test_the_targets_that_the_guide_names_exist(guide: str) -> None:
    named = set(re.findall(r"\bmake ([a-z]+)`", guide)) | {
        word for _, body in blocks(guide, "bash") for word in re.findall(r"^make (\w+)", body, re.M)
    }
    assert {"diagnostic", "test", "catalogue"} <= named
    assert named <= make_targets()


def test_the_code_of_the_guide_runs(guide: str) -> None:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    code = blocks(guide, "python")
    assert len(code) >= 4
    for line, body in code:
        exec(compile("\n" * (line - 1) + body, "CONTRIBUTING.md", "exec"), namespace)
    assert (
        namespace["doubled"].indicator_id
        not in importlib.import_module("chaine_valeur.diagnosis").available_indicators()
    ), "the example is an indicator that is not there yet"
    f = namespace["cv"].Filiere.from_tables(
        stages={"name": ["Collecte", "Tri", "Vente"]},
        actors={"name": ["A", "B"]},
        activities={"actor_id": ["A", "B", "A"], "stage_id": ["Collecte", "Collecte", "Tri"]},
    )
    assert namespace["doubled_stage_share"](f) == 0.5  # collection, of collection and sorting; nobody sells


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("chaine_valeur.analysis.indicator", "Indicator"),
        ("chaine_valeur.analysis.measure", "Measure"),
        ("chaine_valeur.analysis.card", "Card"),
        ("chaine_valeur.analysis.findings", "Finding"),
        ("chaine_valeur.vocabulary", "FindingKind"),
        ("chaine_valeur.io", "Exchanged"),
        ("chaine_valeur.schema", "VERSION"),
    ],
)
def test_the_names_that_the_guide_uses_exist(guide: str, module: str, name: str) -> None:
    assert name in guide
    assert getattr(importlib.import_module(module), name) is not None


def test_each_room_has_what_the_guide_says_that_it_has() -> None:
    rooms = [path.parent for path in (ROOT / "chaine_valeur" / "analysis").glob("*/indicators.py")]
    assert len(rooms) >= 8
    for room in rooms:
        inner = f"chaine_valeur.analysis.{room.name}"
        listed = {one.indicator_id for one in importlib.import_module(f"{inner}.indicators").INDICATORS}
        # one of the flows is listed by the face of its room
        listed |= {one.indicator_id for one in importlib.import_module(inner).INDICATORS}
        assert listed == set(importlib.import_module(f"{inner}.cards").CARDS), room.name
        assert importlib.import_module(inner).CHECKS is not None


# -- the forms -----------------------------------------------------------------------------------------


def forms() -> list[Path]:
    return [path for path in sorted(FORMS.glob("*.yml")) if path.name != "config.yml"]


def test_there_is_a_form_for_each_thing_and_a_template_for_changes() -> None:
    assert len(forms()) == 5
    config = yaml.safe_load((FORMS / "config.yml").read_text(encoding="utf-8"))
    assert config["blank_issues_enabled"] is False
    assert set(config) <= {"blank_issues_enabled", "contact_links"}
    request = text(".github/PULL_REQUEST_TEMPLATE.md")
    assert "## " in request and "- [ ] " in request


def problems_of(form: dict[str, Any]) -> list[str]:
    """What GitHub would refuse of an issue form."""
    allowed = {"name", "description", "body", "title", "labels", "assignees", "projects", "type"}
    found = [f"unknown key {key}" for key in form if key not in allowed]
    found += [f"no {key}" for key in ("name", "description", "body") if not form.get(key)]
    ids = [one["id"] for one in form["body"] if "id" in one]
    found += [f"{one}: twice" for one in set(ids) if ids.count(one) > 1]
    found += [f"{one}: a sign that an id cannot have" for one in ids if not re.fullmatch(r"[\w-]+", one)]
    labels = [one["attributes"].get("label") for one in form["body"] if one["type"] != "markdown"]
    found += [f"{one}: label twice" for one in set(labels) if labels.count(one) > 1]
    if not labels:
        found.append("nothing to fill in")
    for one in form["body"]:
        kind, attributes = one["type"], one["attributes"]
        if kind not in ELEMENTS:
            found.append(f"unknown type {kind}")
            continue
        found += [
            f"{kind}: unknown key {key}" for key in set(one) - {"type", "id", "attributes", "validations"}
        ]
        found += [f"{kind}: no {key}" for key in ELEMENTS[kind] - set(attributes)]
        found += [f"{kind}: unknown {key}" for key in set(attributes) - ELEMENTS[kind] - FURTHER[kind]]
        required = one.get("validations", {}).get("required", False)
        if not isinstance(required, bool) or set(one.get("validations", {})) - {"required"}:
            found.append(f"{kind}: validations")
        if kind in ("markdown", "checkboxes") and "validations" in one:
            found.append(f"{kind} has no validations")
        options = attributes.get("options", [])
        told = [option["label"] if kind == "checkboxes" else option for option in options]
        if "options" in attributes and (not told or len(told) != len(set(told))):
            found.append(f"{kind}: options")
        if kind == "dropdown" and not all(isinstance(option, str) for option in options):
            found.append("dropdown: an option that is no text")  # yes and no are truth values in YAML
    return found


@pytest.mark.parametrize("path", forms(), ids=lambda path: path.stem)
def test_a_form_is_one_that_github_takes(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert not problems_of(form)
    assert not [label for label in form["labels"] if "," in label or len(label) > 50]


def test_what_github_would_refuse_is_seen() -> None:
    form = {
        "name": "x",
        "body": [
            {"type": "input", "id": "a", "attributes": {"label": "A"}, "validations": {"required": "yes"}},
            {"type": "dropdown", "id": "a", "attributes": {"label": "B", "options": [True, "non"]}},
            {"type": "slider", "id": "b c", "attributes": {"label": "C"}},
        ],
    }
    told = " · ".join(problems_of(form))
    for word in ("no description", "a: twice", "b c: a sign", "validations", "no text", "type slider"):
        assert word in told


@pytest.mark.parametrize("path", forms(), ids=lambda path: path.stem)
def test_a_form_asks_for_nothing_personal_and_says_so_in_both_languages(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    opening, boxes = form["body"][0], form["body"][-1]
    assert opening["type"] == "markdown" and boxes["type"] == "checkboxes"
    for told in (opening["attributes"]["value"], boxes["attributes"]["options"][-1]["label"]):
        assert re.search(r"personnel(le)?s?\b.*confidentiel", told), told
        assert re.search(r"personal\b.*confidential", told), told
    assert all(option["required"] is True for option in boxes["attributes"]["options"])
    asked = " ".join(str(one["attributes"].get("label", "")) for one in form["body"])
    assert not re.search(r"courriel|e-?mail|téléphone|phone|votre nom|your name|SIRET", asked, re.I)
    for one in form["body"][1:]:
        label = one["attributes"]["label"]
        assert " / " in label or label in ("Version", "Sources"), f"{label}: in one language"


# -- the pages that say what the code does ---------------------------------------------------------------


def rows_of(page: str) -> list[list[str]]:
    """The rows of all tables of a page, their heads left out."""
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in lines]
    heads = {place for place, row in enumerate(cells) if set("".join(row)) <= set("- |:")}
    return [row for place, row in enumerate(cells) if place not in heads and place + 1 not in heads]


def test_the_thresholds_of_the_page_are_those_of_the_code() -> None:
    constants = [
        (row[0], found[1], found[2])
        for row in rows_of(text("docs/conventions.md"))
        if len(row) == 3 and (found := re.fullmatch(r"`(chaine_valeur[\w.]+)\.([A-Z_]+)`", row[1]))
    ]
    assert len(constants) >= 25
    wrong = [
        f"{module}.{name}: {value}, the code has {held}"
        for value, module, name in constants
        if float(re.sub(r"\s", "", value).replace(",", "."))
        != float(held := getattr(importlib.import_module(module), name))
    ]
    assert not wrong, "\n".join(wrong)


def test_the_uncertainties_of_the_pages_are_those_of_the_code() -> None:
    from chaine_valeur.analysis.uncertainty import CONFIDENCE_UNCERTAINTY as SHARES

    words = {"mesuré": "measured", "déclaré": "declared", "estimé": "estimated", "hypothèse": "hypothesis",
             "non précisée": ""}  # fmt: skip
    for name in ("docs/conventions.md", "docs/methode.md"):
        page = re.sub(r"\s+", " ", text(name))
        for word, confidence in words.items():
            (told,) = set(re.findall(rf"\b{word} (\d+) %", page))
            assert int(told) == round(100 * SHARES[confidence]), (name, word)


@pytest.mark.parametrize("page", ["docs/conventions.md", "docs/methode.md", "docs/echange.md"])
def test_modules_files_and_objects_that_a_page_names_exist(page: str) -> None:
    content = text(page)
    named = set(re.findall(r"`~?(chaine_valeur(?:\.\w+)+)`", content))
    for name in named:
        parts = name.split(".")
        for size in range(len(parts), 0, -1):
            try:
                found: Any = importlib.import_module(".".join(parts[:size]))
            except ModuleNotFoundError:
                continue
            break
        for part in parts[size:]:
            found = getattr(found, part)
    files = set(re.findall(r"`(tests/[\w/]+\.py)`", content))
    assert not [name for name in files if not (ROOT / name).is_file()]
    assert named or files


def test_pages_link_to_pages_that_exist() -> None:
    for page in ("conventions", "methode", "glossaire", "echange", "citer"):
        linked = re.findall(r"\]\(([\w./-]+\.md)", text(f"docs/{page}.md"))
        assert not [name for name in linked if not (ROOT / "docs" / name).is_file()], page


def test_the_glossary_does_not_contradict_the_catalogue() -> None:
    """A French term that is a label of the vocabulary, or a sheet, has its English label beside it."""
    labels: dict[str, set[str]] = {}
    for kind in VOCABULARIES.values():
        for term in kind:
            labels.setdefault(term.label_fr.casefold(), set()).add(term.label_en.casefold())
    for home in tables().values():
        labels.setdefault(home.label_fr.casefold(), set()).add(home.label_en.casefold())

    def plain(cell: str) -> str:
        return cell.replace("’", "'").replace("\u00a0", " ").casefold()

    known = {plain(label): {plain(one) for one in english} for label, english in labels.items()}
    wrong, compared = [], 0
    for french, english, _ in rows_of(text("docs/glossaire.md")):
        for term in {french, *french.split(", ")}:
            for label in known.get(plain(term), ()):
                compared += 1
                if label not in plain(english):
                    wrong.append(f"{term}: {english}, the label is {label}")
    assert compared > 90
    assert not wrong, "\n".join(wrong)


def test_how_to_cite_is_what_the_citation_file_says() -> None:
    page = re.sub(r"\n> ?", " ", text("docs/citer.md"))
    cited = yaml.safe_load(text("CITATION.cff"))
    (author,) = cited["authors"]
    (entry,) = re.findall(r"```bibtex\n(.*?)```", page, re.S)
    fields = dict(re.findall(r"(\w+)\s*= \{+(.*?)\}+,?\n", entry))
    plain = {key: value.replace("\\_", "_") for key, value in fields.items()}
    assert plain == {
        "author": author["name"],
        "title": cited["title"],
        "version": cited["version"],
        "license": cited["license"],
    }
    quoted = page.split("```")[0].replace("\u00a0", " ")
    for said in (author["name"], cited["title"], f"version {cited['version']}", cited["license"]):
        assert said in re.sub(r"\s+", " ", quoted)
    assert importlib.import_module("chaine_valeur").__version__ == cited["version"]
