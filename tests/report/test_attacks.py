"""Every payload in every cell of text of every table, in one page, in a real browser: nothing of it runs."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from chaine_valeur.diagnosis import Diagnosis, diagnose
from chaine_valeur.filiere import Filiere
from chaine_valeur.interactive import map_html
from chaine_valeur.report import content, pictures
from chaine_valeur.report.blocks import (
    Block,
    Card,
    Cards,
    Cell,
    Column,
    Content,
    Grid,
    Heading,
    Map,
    Paragraph,
    Picture,
    Points,
    Search,
    Section,
)
from chaine_valeur.report.directory import directory_section
from chaine_valeur.report.html import html_text
from chaine_valeur.report.quality import aside_rows
from chaine_valeur.schema import tables
from tests.interactive.devtools import Browser
from tests.report.payloads import PAYLOADS, everywhere
from tests.report.readers import Page, plain

pytestmark = [pytest.mark.browser, pytest.mark.long]

PIXEL = b"<svg xmlns='http://www.w3.org/2000/svg' width='60' height='60'/>"
ALL = " ".join(PAYLOADS)
#: Columns of text that say which cell a source is for: another text there is no row.
POINTERS = {("cell_sources", "table"), ("cell_sources", "column")}


def of_every_kind() -> list[Block]:
    """Each kind of block, each of its texts every payload."""
    cells = [
        [Cell(text, url=text, values=(text,)), Cell(text, anchor="of-every-kind", strong=True)]
        for text in PAYLOADS
    ]
    search = Search(ALL, ALL, ALL, ALL, ALL, cut=ALL)
    blocks: list[Block] = [Paragraph(text, text) for text in PAYLOADS]
    blocks += [Heading(text, back="of-every-kind") for text in PAYLOADS]
    blocks.append(Points(PAYLOADS))
    blocks.append(Cards(tuple(Card(text, text, text, (text,), text) for text in PAYLOADS)))
    columns = [Column(ALL, choices=PAYLOADS, asked=ALL), Column(ALL, numeric=True)]
    blocks.append(Grid.of(ALL, columns, cells, note=ALL, search=search))
    blocks.append(Picture(ALL, ALL, ALL, b"", PIXEL))
    return blocks


def as_grids(f: Filiere) -> list[Block]:
    """Every table of a filière, whole, and the rows that were set aside."""
    grids: list[Block] = []
    for name in tables():
        frame = f.table(name).reset_index().astype(object)
        texts = frame.where(frame.notna(), "").astype(str).to_numpy().tolist()
        grids.append(Grid.of(name, [str(one) for one in frame.columns], texts))
    rows = [list(row.values()) for row in aside_rows(f, lang="fr")]
    grids.append(Grid.of("aside", [""] * len(rows[0]), [[str(cell) for cell in row] for row in rows]))
    return grids


@pytest.fixture(scope="module")
def large() -> Diagnosis:
    """Each column of text holds each payload."""
    return diagnose(everywhere(), checks=[], indicators=[])


@pytest.fixture(scope="module")
def told(large: Diagnosis) -> Content:
    """The sections of a report on a few rows, and every cell of the tables of many."""
    with pytest.MonkeyPatch.context() as patch:
        # pictures run nothing: they are data, and `test_hostile` reads theirs
        patch.setattr(pictures, "or_remark", lambda draw, what, lang: Paragraph(what))
        made = content(diagnose(everywhere(4)))
    directory = directory_section(large)
    assert directory is not None
    sections = [
        *made.sections,
        replace(directory, anchor="all-actors"),
        Section("every-table", "Tables", tuple(as_grids(large.filiere))),
        Section("of-every-kind", ALL, tuple(of_every_kind())),
        Section("map", "Map", (Map(ALL, map_html(large.filiere), ALL),)),
    ]
    facts = tuple((text, text) for text in PAYLOADS)
    return replace(
        made, title=ALL, subtitle=ALL, facts=facts, notices=PAYLOADS, sections=tuple(sections), closing=ALL,
        running=PAYLOADS[:3],
    )  # fmt: skip


@pytest.fixture(scope="module")
def page(told: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("attacks") / "rapport.html"
    path.write_text(html_text(told), encoding="utf-8", errors="replace")
    return path


def test_there_are_many_and_each_is_in_each_column_of_text(large: Diagnosis) -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60
    f = large.filiere
    looked_at = set()
    for name, home in tables().items():
        if name == "filiere":
            continue
        for column in home:
            if column.type == "text" and not column.vocabulary and (name, column.name) not in POINTERS:
                cells = " ".join(f.table(name)[column.name].dropna().astype(str))
                found = {
                    at for at in range(1, 60) if re.search(rf"(hit=|\(){at}\b|evil.invalid/{at}\b", cells)
                }
                assert len(found) >= 50, (name, column.name)
                looked_at.add(name)
    assert {"actors", "stages", "materials", "sources", "options", "actions", "observations"} <= looked_at
    assert f.filiere["name"].iloc[0].count("hit=") > 50
    assert len(f.set_aside["activities"]) == 1


def test_nothing_of_it_runs_opens_asks_or_leads_out(browser: Browser, page: Path) -> None:
    address = page.resolve().as_uri()
    browser.visit(address)
    browser.js("document.querySelector('iframe.map').scrollIntoView({behavior: 'instant'})")
    browser.wait("document.querySelector('iframe.map').contentDocument === null")
    browser.settle()
    hit = "[typeof hit, typeof window.hit, document.documentElement.dataset.ready]"
    assert browser.js(hit)[:2] == ["undefined", "undefined"]
    assert browser.js(hit, frame=0)[:2] == ["undefined", "undefined"]
    # the map is there, and so are all actors
    assert browser.js("document.querySelectorAll('#actors button').length", frame=0) == len(PAYLOADS)
    # a reader touches everything that a name could have made alive
    browser.js("""(() => { for (const one of document.querySelectorAll('main td, main th, main p, main h3'))
        for (const kind of ['mouseover', 'focus', 'click'])
            one.dispatchEvent(new MouseEvent(kind, {bubbles: true})); })()""")
    for key in ("Tab",) * 5:
        browser.press(key)
    assert browser.js(hit)[:2] == ["undefined", "undefined"]
    assert browser.dialogs() == []
    assert browser.complaints() == []
    assert [one for one in browser.requests() if not one.startswith((address, "data:", "about:"))] == []
    assert browser.js("location.href.split('#')[0]") == address


def test_the_page_is_made_of_our_elements_only(browser: Browser, page: Path, told: Content) -> None:
    browser.visit(page.resolve().as_uri())
    tags = set(browser.js("[...new Set([...document.querySelectorAll('*')].map(one => one.localName))]"))
    assert tags == {
        "html", "head", "meta", "title", "style", "script", "body", "a", "header", "p", "h1", "h2", "h3", "dl", "div",
        "dt", "dd", "nav", "ol", "ul", "li", "main", "section", "table", "caption", "thead", "tbody", "tr", "th", "td",
        "label", "input", "select", "option", "button", "figure", "img", "figcaption", "iframe", "footer", "wbr",
    }  # fmt: skip
    assert browser.js("document.scripts.length") == browser.js("document.styleSheets.length") == 1
    assert browser.js("document.querySelectorAll('iframe').length") == 1
    assert browser.js("document.images.length") == len(told.pictures) == 1
    names = set(
        browser.js(
            "[...new Set([...document.querySelectorAll('*')].flatMap(one => one.getAttributeNames()))]"
        )
    )
    assert not {name for name in names if name.startswith("on")}
    assert not names & {"action", "formaction", "srcset", "background", "ping", "poster", "data"}
    links = browser.js("[...document.querySelectorAll('[href]')].map(one => one.getAttribute('href'))")
    # nothing of the list is an address that a report may lead to: one has a quote in it, the others no http
    assert {link[:1] for link in links} == {"#"}


def test_every_payload_is_read_as_it_was_written(page: Path) -> None:
    text = Page(page.read_text(encoding="utf-8")).text
    lost = [one for one in PAYLOADS if plain(one) not in text and "\u0000" not in one]
    assert lost == []
