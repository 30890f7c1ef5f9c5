"""The page as it is read: searched and sorted by keyboard, on a small screen, on paper, by those who hear it."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from chaine_valeur import datasets
from chaine_valeur.diagnosis import diagnose
from chaine_valeur.report import content
from chaine_valeur.report.blocks import Content, Grid
from chaine_valeur.report.directory import directory_section
from chaine_valeur.report.html import html_text
from tests.interactive import axe
from tests.interactive.devtools import Browser
from tests.report.conftest import Written

pytestmark = [pytest.mark.browser, pytest.mark.long]

NAMES = """[...document.querySelectorAll('#directory tbody tr')].filter(row => row.offsetParent !== null)
    .map(row => row.cells[0].textContent)"""
COUNT = "document.querySelector('#directory .count').textContent.replace(/\\u202f/g, ' ')"
ORDER = "document.querySelector('#directory .order').textContent"
SORTED = """[...document.querySelectorAll('#directory th[aria-sort]')]
    .map(one => [one.textContent, one.getAttribute('aria-sort')])"""
SELECTS = "[...document.querySelectorAll('#directory .tools select')]"
FOCUS = "document.activeElement.closest('label, th')?.firstChild.textContent.trim()"


def saved(told: Content, folder: Path, name: str) -> Path:
    path = folder / f"{name}.html"
    path.write_text(html_text(told), encoding="utf-8")
    return path


def searched(told: Content) -> Grid:
    """Return the table of the directory, which is the last section."""
    (grid,) = [block for block in told.sections[-1].blocks if isinstance(block, Grid)]
    assert grid.search is not None
    return grid


@pytest.fixture(scope="module")
def told(example: Written) -> Content:
    """The report of the complete example with its directory, dated and for somebody."""
    directory = directory_section(example.diagnosis)
    assert directory is not None
    sections = [*(one for one in example.content.sections if one.anchor != "directory"), directory]
    return replace(example.content, sections=tuple(sections), running=("3 mai 2026", "Diffusion interne"))


@pytest.fixture(scope="module")
def page(told: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(told, tmp_path_factory.mktemp("reading"), "complet")


@pytest.fixture
def directory(browser: Browser, page: Path) -> Browser:
    """A browser at the directory, whose tools have the focus next."""
    if browser.js("location.href") != page.resolve().as_uri():
        browser.visit(page.resolve().as_uri())
    browser.js("document.querySelector('#directory .reset').click()")
    assert browser.js(FOCUS) == "Rechercher"
    return browser


def test_it_is_searched_by_words_whatever_their_accents(directory: Browser) -> None:
    assert directory.js(COUNT) == "30 acteurs sur 30"
    directory.write("EFFILO-brume")
    assert directory.js(NAMES) == ["Effilo-Brume"]
    assert directory.js(COUNT) == "1 acteur sur 30"
    directory.js("document.querySelector('#directory input').select()")
    directory.write("economie sociale brume")  # words of several cells
    shown = directory.js(NAMES)
    assert 1 < len(shown) < 30 and "Brume Collecte" in shown
    assert directory.js(COUNT) == f"{len(shown)} acteurs sur 30"
    directory.js("document.querySelector('#directory input').select()")
    directory.write("<script>zzz")
    assert directory.js(NAMES) == []
    assert directory.js(COUNT) == "Aucun acteur ne correspond."
    # what says so is heard
    assert directory.js("document.querySelector('#directory .count').getAttribute('role')") == "status"


def test_it_is_kept_by_stage_role_college_and_territory(directory: Browser, told: Content) -> None:
    labels = directory.js(f"{SELECTS}.map(one => one.parentElement.firstChild.textContent.trim())")
    assert labels[:3] == ["Maillons", "Rôles", "Collège"] and "Territoire" in labels
    grid = searched(told)
    for label in ("Maillons", "Rôles", "Collège", "Territoire"):
        select = f"document.querySelectorAll('#directory .tools select')[{labels.index(label)}]"
        column = next(at for at, one in enumerate(grid.columns) if (one.asked or one.label) == label)
        wanted = grid.columns[column].choices[1]
        # by keyboard: the second choice after « Tous »
        directory.js(f"{select}.focus()")
        directory.press("ArrowDown")
        directory.press("ArrowDown")
        assert directory.js(f"{select}.selectedOptions[0].textContent") == wanted
        expected = [row[0].text for row in grid.rows if wanted in row[column].values]
        assert directory.js(NAMES) == expected and 0 < len(expected) < 30
        # those of whom it is not known
        bare = [row[0].text for row in grid.rows if not row[column].values]
        assert directory.js(f"Boolean({select}.querySelector('.bare'))") == bool(bare)
        if bare:
            directory.js(f"{select}.value = '-'; {select}.dispatchEvent(new Event('change'))")
            assert directory.js(NAMES) == bare
        # everything again, by keyboard
        directory.js("document.querySelector('#directory .reset').focus()")
        directory.press("Enter")
        assert directory.js(COUNT) == "30 acteurs sur 30" and directory.js(FOCUS) == "Rechercher"


def test_choices_add_up(directory: Browser) -> None:
    keep = """(() => { for (const [at, value] of [[1, '0'], [2, '0']]) {
        const one = document.querySelectorAll('#directory .tools select')[at];
        one.value = value; one.dispatchEvent(new Event('change')); } })()"""
    directory.js(keep)
    both = """[...document.querySelectorAll('#directory tbody tr:not([hidden])')].every(row =>
        row.cells[2].dataset.of.split(' ').includes('0') && row.cells[3].dataset.of === '0')"""
    assert directory.js(both) is True
    assert 0 < len(directory.js(NAMES)) < 15


def test_it_is_sorted_by_keyboard_and_says_so(directory: Browser, told: Content) -> None:
    grid = searched(told)
    first = [row[0].text for row in grid.rows]
    assert directory.js(NAMES) == first and directory.js(SORTED) == []
    directory.js("document.querySelectorAll('#directory th button')[1].focus()")
    directory.press("Enter")
    assert directory.js(SORTED) == [["Maillons", "ascending"]]
    assert directory.js(ORDER) == "Trié par Maillons, ordre croissant"
    # in the order of the chain, those without a stage last in both directions
    places = {name: at for at, name in enumerate(grid.columns[1].choices)}
    held = {row[0].text: min((places[one] for one in row[1].values), default=99) for row in grid.rows}
    assert [held[name] for name in directory.js(NAMES)] == sorted(held.values())
    directory.press(" ")
    assert directory.js(SORTED) == [["Maillons", "descending"]]
    known = sorted((at for at in held.values() if at < 99), reverse=True)
    assert [held[name] for name in directory.js(NAMES)] == known + [99] * (30 - len(known))
    directory.press("Enter")
    assert directory.js(SORTED) == [] and directory.js(NAMES) == first
    assert directory.js(ORDER) == "Dans l\u2019ordre du rapport"
    # the next stop of the keyboard is the next column; it sorts what is kept only
    directory.js("document.querySelector('#directory input').focus()")
    directory.write("brume")
    kept = set(directory.js(NAMES))
    directory.js("document.querySelectorAll('#directory th button')[0].focus()")
    directory.press("Tab")
    assert (
        directory.js(FOCUS) == "Maillons" or directory.js("document.activeElement.textContent") == "Maillons"
    )
    directory.press("Enter")
    assert set(directory.js(NAMES)) == kept and len(kept) > 1
    assert directory.complaints() == []


def test_what_has_the_focus_is_seen_and_what_need_not_scroll_is_no_stop(directory: Browser) -> None:
    directory.press("Tab")
    outline = "(s => [s.outlineStyle, parseFloat(s.outlineWidth)])(getComputedStyle(document.activeElement))"
    style, width = directory.js(outline)
    assert style == "solid" and width >= 2
    stops = """[...document.querySelectorAll('.scroll')]
        .map(one => [one.tabIndex === 0, one.scrollWidth > one.clientWidth + 1])"""
    assert all(stop == wide for stop, wide in directory.js(stops))
    # the first stop of the page leads to the content
    directory.js(
        "document.activeElement.blur(); window.scrollTo(0, 0); document.body.tabIndex = -1; document.body.focus()"
    )
    directory.press("Tab")
    assert directory.js("document.activeElement.className") == "skip"
    directory.press("Enter")
    assert directory.js("document.activeElement.id") == "main"


def test_on_a_telephone_the_page_does_not_slide_sideways(browser: Browser, page: Path) -> None:
    browser.visit(page.resolve().as_uri(), size=(360, 740))
    assert browser.js("document.documentElement.scrollWidth") <= 360
    # tables that are wider slide by themselves, and can be reached
    wide = """[...document.querySelectorAll('.scroll')]
        .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.tabIndex)"""
    assert len(browser.js(wide)) > 3 and set(browser.js(wide)) == {0}
    fields = """[...document.querySelectorAll('.tools input, .tools select, .tools button')]
        .every(one => one.getBoundingClientRect().right <= 360)"""
    assert browser.js(fields) is True


def test_without_scripts_the_whole_table_is_there(browser: Browser, page: Path) -> None:
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.call("Page.navigate", url=page.resolve().as_uri())
        browser.wait("document.readyState === 'complete' && document.querySelector('footer')")
        assert len(browser.js(NAMES)) == 30
        assert browser.js("document.querySelector('.tools').offsetParent === null") is True
        assert browser.js("document.querySelectorAll('th button').length") == 0
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)
        browser.call("Page.navigate", url="about:blank")
        browser.wait("location.href === 'about:blank'")


def test_on_paper_each_page_says_of_what_it_is_and_nothing_is_lost(
    directory: Browser, told: Content, tmp_path: Path
) -> None:
    directory.write("effilo-brume")
    assert len(directory.js(NAMES)) == 1
    pdf = tmp_path / "page.pdf"
    pdf.write_bytes(directory.printed())
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True).stdout.decode()
    pages = text.removesuffix("\f").split("\f")
    assert len(pages) > 20
    total = len(pages)
    for number, one in enumerate(pages, 1):
        assert f"{number} / {total}" in one
        # the first page bears the title itself
        head = one.strip().splitlines()[0]
        assert ("3 mai 2026 · Diffusion interne" in head) is (number > 1)
        assert (told.title[:25] in head) is (number > 1) or number == 1
    # kept or not on the screen, every actor is on paper, and no tool of the screen is
    listed = "".join(
        pages[
            next(at for at, one in enumerate(pages) if "Annuaire des acteurs" in one and "Maillons" in one) :
        ]
    )
    grid = searched(told)
    for row in grid.rows:
        assert row[0].text.split()[0] in listed
    assert "Rechercher" not in text and "acteurs sur 30" not in text
    # no heading stands alone at the foot of a page
    for one in pages:
        last = [line for line in one.strip().splitlines() if line.strip()][-2].strip()
        assert last not in {section.title for section in told.sections}


def test_nothing_is_too_wide_for_paper(browser: Browser, page: Path) -> None:
    """One table that is would make the browser print the whole report smaller: 178 mm are 673 pixels."""
    browser.visit(page.resolve().as_uri())
    browser.look(size=(673, 900), media="print")
    assert browser.js("document.documentElement.scrollWidth") <= 673
    broken = "[...document.querySelectorAll('table')].filter(one => one.getBoundingClientRect().right > 674).length"
    assert browser.js(broken) == 0
    asked = {"tbody tr": "breakInside", "figure": "breakInside", "h2": "breakAfter", "thead": "display",
             ".card": "printColorAdjust"}  # fmt: skip
    found = [
        browser.js(f"getComputedStyle(document.querySelector('{tag}')).{name}") for tag, name in asked.items()
    ]
    assert found == ["avoid", "avoid", "avoid", "table-header-group", "exact"]


# -- axe-core ---------------------------------------------------------------------------------------------

#: Rows of a table are alike: a few of each are looked at.
FEW_ROWS = (
    "document.querySelectorAll('tbody').forEach(one => [...one.rows].slice(3).forEach(row => row.remove()))"
)


def looked_at(browser: Browser, path: Path) -> list[str]:
    """Return what axe-core finds in a report, in light and dark, and in the map in it."""
    found = []
    for dark in (False, True):
        rule = "color-contrast" if dark else ""  # all but the colours is the same
        browser.visit(path.resolve().as_uri(), dark=dark)
        browser.js("document.querySelector('iframe.map').scrollIntoView({behavior: 'instant'})")
        browser.wait("document.querySelector('iframe.map').contentDocument === null")
        browser.js(FEW_ROWS)
        found += axe.violations(browser, rule=rule)
        browser.js("document.querySelector('#actors button').click()", frame=0)
        found += axe.violations(browser, frame=0, rule=rule)
    return found


def test_axe_sees_what_is_wrong(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "poor.html"
    path.write_text(
        "<!DOCTYPE html><title>x</title><main><h1>x</h1><img src='data:,'><p style='color:#aaa'>grey on white</p></main>"
    )
    browser.visit(path.resolve().as_uri())
    assert {one.split(" ")[0] for one in axe.violations(browser)} == {
        "html-has-lang",
        "image-alt",
        "color-contrast",
    }


def test_axe_finds_nothing_in_the_complete_example(browser: Browser, page: Path) -> None:
    assert looked_at(browser, page) == []


@pytest.mark.parametrize("name", ["textiles_usages", "lin_composite", "textiles_france_2020"])
def test_axe_finds_nothing_in_the_other_examples(browser: Browser, name: str, tmp_path: Path) -> None:
    diagnosis = diagnose(datasets.load(name))
    told = content(diagnosis, on=date(2026, 5, 3))
    assert looked_at(browser, saved(told, tmp_path, name)) == []
