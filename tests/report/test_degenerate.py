"""A report of next to nothing is still a report, and one whose figures cannot be drawn says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chaine_valeur import figures
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.diagnosis import diagnose
from chaine_valeur.report import (
    content,
    html_text,
    pictures,
    write_all,
    write_docx,
    write_figures,
    write_html,
    write_xlsx,
)
from chaine_valeur.report.blocks import Map, Paragraph
from tests.diagnosis.builders import DEGENERATE, broken, finding_always, giving, hand, indicator, lenient
from tests.report.readers import Page, book_of, docx_text, page_of, plain

pytestmark = pytest.mark.long


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", DEGENERATE)
def test_a_filiere_of_which_little_is_known_has_a_report(name: str, lang: str, tmp_path: Path) -> None:
    made = diagnose(lenient(**DEGENERATE[name]), profile="expert", lang=lang)
    told = content(made)
    page = Page(html_text(told))
    assert page.of("html")[0].attributes["lang"] == lang
    assert page.of("h1")[0].text
    ids = page.ids
    assert len(set(ids)) == len(ids)
    # every link inside the page leads somewhere
    links = [one.attributes["href"] for one in page.of("a")]
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert "nan" not in page.text.lower().split()
    assert "None" not in page.text.split() and "<NA>" not in page.text
    assert page.of("h1")[0].text in docx_text(write_docx(told, tmp_path / "r.docx"))
    book = book_of(write_xlsx(made, tmp_path / "r.xlsx"))
    assert len(book.worksheets) >= 6


#: What draws each figure of the report, and the map.
DRAWN = (
    "chain_data", "cooperation_heatmap", "groups_data", "reconciliation", "sankey_data", "network_data", "map_data",
    "jobs_data", "funding_data", "gaps_data",
)  # fmt: skip
OTHERS = ("tie_history", "map_html")


def test_figures_that_cannot_be_drawn_are_told_in_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: Any, **__: Any) -> None:
        raise ValueError("no\n room")

    for name in DRAWN:
        monkeypatch.setattr(figures, name, crash)
    for name in OTHERS:
        monkeypatch.setattr(pictures, name, crash)
    told = content(diagnose(hand(), lang="en"))
    assert told.pictures == () and told.maps == ()
    warnings = [
        one for one in told.blocks() if isinstance(one, Paragraph) and "ValueError: no room" in one.text
    ]
    # without funding there is no section for its figure
    assert len(warnings) == len(DRAWN) + len(OTHERS) - 1
    assert {one.kind for one in warnings} == {"warning"}
    page = Page(html_text(told))
    assert page.of("img", "iframe") == []
    # the directory of actors has one of its own, and no other may run
    assert len(page.of("script")) == 1


def test_a_report_without_a_map_has_no_page_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: Any, **__: Any) -> None:
        raise ValueError

    for name in DRAWN:
        monkeypatch.setattr(figures, name, crash)
    for name in OTHERS:
        monkeypatch.setattr(pictures, name, crash)
    files = write_all(diagnose(hand(), checks=[], indicators=[]), tmp_path / "new" / "folder")
    assert [path.name for path in files] == ["rapport.html", "rapport.docx", "tables.xlsx"]


def test_what_crashed_is_told_at_the_head_of_the_report() -> None:
    def crash(f: Any, *, lang: str) -> Measure:
        raise KeyError("gone")

    made = diagnose(hand(), checks=[broken], indicators=[indicator("X1", crash)], lang="en")
    told = content(made)
    assert any(notice.startswith("2 checks") for notice in told.notices)
    text = Page(html_text(told)).text
    assert "ZeroDivisionError: over nothing" in text
    assert "KeyError: 'gone'" in text


def test_figures_of_one_s_own_have_their_family_and_findings_their_row() -> None:
    wanted = [
        indicator("X1", giving(Measure(5.0, "count", rows={"actors": ("tri",)})), name="My own figure"),
        indicator("X2", giving(Measure(0.25, "share", scope="programme")), profile="expert", name="Second"),
    ]
    found = Finding(
        "mine", "low", "My own finding", quantity=12.0, unit="t/year", stage_id="tri", to_stage_id="vente",
        rows={"flows": ("f1", "f2", "f3", "f4", "f5", "f2-old")},
    )  # fmt: skip
    told = content(diagnose(hand(), checks=[finding_always(found)], indicators=wanted, lang="en"))
    page = Page(html_text(told))
    assert "My own figure" in page.text and "My own finding" in page.text
    assert "tri → vente" in page.text and "12 t/year" in page.text
    # two rows of a finding are shown, four are counted
    assert "… and 4 others" in page.text
    assert [card.attributes["id"] for card in page.marked("li", "card")] == ["card-why-X1"]


def test_existing_files_are_replaced_and_folders_made(tmp_path: Path) -> None:
    made = diagnose(hand(), checks=[], indicators=["A1"])
    path = tmp_path / "report.html"
    path.write_text("old", encoding="utf-8")
    assert write_html(made, path) == path
    assert page_of(path).of("html")
    assert write_html(made, str(path)) == path
    figures = write_figures(made, tmp_path / "a" / "b")
    assert figures and all(one.parent == tmp_path / "a" / "b" for one in figures)
    assert {one.suffix for one in figures} == {".png", ".svg"}
    for one in figures:
        head = one.read_bytes()[:8]
        assert head == b"\x89PNG\r\n\x1a\n" if one.suffix == ".png" else head.startswith(b"<?xml")


def test_no_argument_is_changed_by_writing(tmp_path: Path) -> None:
    made = diagnose(hand(), lang="en")
    before = (made.findings, made.indicators, repr(made.explain("A1")))
    told = content(made)
    write_docx(told, tmp_path / "a.docx")
    write_html(told, tmp_path / "a.html")
    write_xlsx(made, tmp_path / "a.xlsx")
    assert made.findings.equals(before[0]) and made.indicators.equals(before[1])
    assert repr(made.explain("A1")) == before[2]
    assert content(made) == told


def test_confidential_rows_are_told_before_anything_else() -> None:
    def notices(*levels: str | None) -> tuple[str, ...]:
        f = lenient(actors={"name": [f"A{n}" for n in range(len(levels))], "confidentiality": list(levels)})
        return content(diagnose(f, checks=[], indicators=[], lang="en")).notices

    assert notices(None, "public") == ()
    # two of the three rows are internal or worse
    (inside,) = notices("interne", "confidentiel", "partenaires")
    assert inside.startswith("Internal version: 2 rows")
    (partners,) = notices("partenaires", None)
    assert plain(partners).startswith("Version for the partners: 1 row ")


def test_a_map_stands_in_word_as_a_sentence(tmp_path: Path) -> None:
    told = content(diagnose(hand(), lang="en"))
    (page,) = told.maps
    assert isinstance(page, Map) and "<html" in page.html
    assert plain(page.instead) in docx_text(write_docx(told, tmp_path / "a.docx"))
