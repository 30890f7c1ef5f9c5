"""The built site: nothing is fetched, every link leads somewhere, every card is there; opened in a browser."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from chaine_valeur import schema
from chaine_valeur.diagnosis import available_cards, available_indicators
from tests.documentation.reading import goal, is_outside, page
from tests.interactive.devtools import Browser

pytestmark = pytest.mark.long

#: Pages that a browser opens: one of each kind.
OPENED = (
    "index.html", "demarrer/index.html", "guide/notebook.html", "galerie/index.html", "indicateurs/index.html",
    "indicateurs/A2.html", "dictionnaire/flows.html", "methode.html", "reference/index.html",
    "reference/gaps/chaine_valeur.gaps.stage_coverage.html", "echange.html",
)  # fmt: skip


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_no_page_loads_anything_from_a_network(site: Path) -> None:
    asked = {
        f"{path.relative_to(site)}: {one}"
        for path in pages(site)
        for one in page(path).loads
        if is_outside(one) and not one.startswith("data:")
    }
    assert not asked
    styles = {
        f"{path.relative_to(site)}: {one}"
        for path in site.rglob("*.css")
        for one in re.findall(r"(?:@import\s+|url\(\s*)['\"]?([^'\")\s]+)", path.read_text(encoding="utf-8"))
        if is_outside(one) and not one.startswith("data:")
    }
    assert not styles


def test_every_link_inside_leads_to_a_place_that_exists(site: Path) -> None:
    broken = set()
    for path in pages(site):
        for link in page(path).links:
            if is_outside(link):
                continue
            file, place = goal(path, link)
            there = file.is_file() and (not place or file.suffix != ".html" or place in page(file).places)
            if not there and link != "#":
                broken.add(f"{path.relative_to(site)}: {link}")
    assert not broken


def test_links_outside_go_by_https_to_what_is_cited(site: Path) -> None:
    outside = {link for path in pages(site) for link in page(path).links if is_outside(link)}
    strange = {link for link in outside if not re.match(r"https://[\w.-]+/|https://[\w.-]+$|mailto:", link)}
    assert not strange


def test_every_picture_is_told_in_words(site: Path) -> None:
    silent = {
        f"{path.relative_to(site)}: {one}"
        for path in pages(site)
        for one in page(path).pictures_without_words
        if "_images" in one and "reference/" not in str(path)
    }
    assert not silent


def test_every_indicator_has_its_card_with_the_formula_of_the_code(site: Path) -> None:
    for name, card in available_cards().items():
        text = unescape((site / "indicateurs" / f"{name}.html").read_text(encoding="utf-8"))
        assert f'aria-label="{card.math}"' in text or " ".join(card.math.split()) in " ".join(text.split()), (
            name
        )
        assert "<math" in text
    listed = page(site / "indicateurs" / "index.html").links
    assert {f"{name}.html" for name in available_indicators()} <= set(listed)


def test_every_table_and_column_is_in_the_dictionary(site: Path) -> None:
    for name, table in schema.tables().items():
        text = (site / "dictionnaire" / f"{name}.html").read_text(encoding="utf-8")
        assert all(f">{column.name}<" in text for column in table), name


def test_no_formula_is_left_as_it_was_typed(site: Path) -> None:
    """A formula that the renderer could not read shows its commands."""
    for path in pages(site):
        shown = re.sub(
            r"<(script|style|pre)\b.*?</\1>|<[^>]+>", " ", path.read_text(encoding="utf-8"), flags=re.S
        )
        assert "$$" not in shown, path
        assert not re.search(r"\\(frac|sum|mathrm|left|text)\b", shown), path


@pytest.mark.browser
@pytest.mark.parametrize("name", OPENED)
def test_it_opens_without_a_complaint_and_asks_nobody(browser: Browser, site: Path, name: str) -> None:
    browser.visit((site / name).as_uri())
    browser.settle()
    # the theme says in which colours it draws
    assert [one for one in browser.complaints() if "[PST]: Changed to" not in one] == []
    strange = [one for one in browser.requests() if not one.startswith((site.as_uri(), "data:", "about:"))]
    assert strange == []
    assert browser.js("[...document.images].every(one => one.complete && one.naturalWidth > 0)")
    assert browser.js("document.querySelector('h1').textContent.length > 2")


@pytest.mark.browser
def test_a_formula_is_drawn(browser: Browser, site: Path) -> None:
    browser.visit((site / "indicateurs" / "A2.html").as_uri())
    browser.settle()
    box = "document.querySelector('div.math math').getBoundingClientRect()"
    assert browser.js(f"{box}.width") > 80
    assert browser.js(f"{box}.height") > 25  # a fraction stands on two lines
    assert browser.js("document.querySelectorAll('div.math mfrac').length") == 2


@pytest.mark.browser
@pytest.mark.parametrize(
    "name", ["index.html", "indicateurs/A2.html", "dictionnaire/flows.html", "guide/notebook.html"]
)
def test_nothing_sticks_out_on_a_telephone(browser: Browser, site: Path, name: str) -> None:
    browser.visit((site / name).as_uri(), size=(390, 800))
    browser.settle()
    assert browser.js("document.documentElement.scrollWidth") <= 391
