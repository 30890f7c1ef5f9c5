"""The page in a real browser: no complaint, no dialog, nobody asked, light and dark; the map inside is alive."""

from __future__ import annotations

import pytest

from tests.interactive.devtools import Browser
from tests.report.builders import SCRIPT
from tests.report.conftest import REPORTS, Written

pytestmark = [pytest.mark.browser, pytest.mark.long]


def opened(browser: Browser, report: Written, *, dark: bool = False, width: int = 1280) -> None:
    """Open a report and wait until its page and the frame of its map are there."""
    browser.visit(report.html.resolve().as_uri(), dark=dark, size=(width, 800))
    browser.wait("document.querySelector('iframe.map')")
    browser.settle()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", REPORTS)
def test_it_opens_without_a_word_and_asks_nobody(
    browser: Browser, name: str, dark: bool, request: pytest.FixtureRequest
) -> None:
    report: Written = request.getfixturevalue(name)
    opened(browser, report, dark=dark)
    assert browser.complaints() == []
    assert browser.dialogs() == []
    asked = browser.requests()
    assert report.html.resolve().as_uri() in asked
    own = (report.html.resolve().as_uri(), "data:", "about:")
    assert [one for one in asked if not one.startswith(own)] == []
    assert browser.js("document.title") == " ".join(report.content.title.split())
    # every picture was drawn
    assert browser.js("[...document.images].every(one => one.complete && one.naturalWidth > 50)")
    assert browser.js("document.images.length") == len(report.content.pictures)


def test_light_and_dark_are_two_papers_and_words_can_be_read_on_both(
    browser: Browser, english: Written
) -> None:
    contrast = """(() => {
        const light = (text) => {
            const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map(v => v / 255)
                .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const paper = light(getComputedStyle(document.body).backgroundColor);
        const ink = light(getComputedStyle(document.querySelector('main p')).color);
        return (Math.max(paper, ink) + 0.05) / (Math.min(paper, ink) + 0.05);
    })()"""
    papers = []
    for dark in (False, True):
        opened(browser, english, dark=dark)
        papers.append(browser.js("getComputedStyle(document.body).backgroundColor"))
        # WCAG AA asks for 4.5
        assert browser.js(contrast) >= 4.5
    assert papers[0] != papers[1]


def test_a_script_in_a_name_is_shown_and_not_run(browser: Browser, evil: Written) -> None:
    opened(browser, evil)
    assert browser.dialogs() == []
    assert SCRIPT in browser.js("document.querySelector('h1').textContent")
    assert browser.js("document.querySelectorAll('main img').length") == len(evil.content.pictures)


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_sticks_out_of_the_page(browser: Browser, english: Written, width: int) -> None:
    opened(browser, english, width=width)
    assert browser.js("document.documentElement.scrollWidth") <= width


def test_a_card_leads_to_its_rows_by_keyboard(browser: Browser, english: Written) -> None:
    opened(browser, english)
    browser.js("document.querySelector('.card a').focus()")
    browser.press("Enter")
    assert browser.js("location.hash") == "#why-A1"
    # the page glides there
    browser.wait("Math.abs(document.getElementById('why-A1').getBoundingClientRect().top) < 400")


def test_the_map_in_its_frame_is_drawn_and_cannot_reach_the_page(browser: Browser, english: Written) -> None:
    opened(browser, english)
    browser.js("document.querySelector('iframe.map').scrollIntoView()")
    browser.wait("document.querySelector('iframe.map').contentDocument === null")
    assert browser.js("self.origin", frame=0) == "null"
    reach = "(() => { try { return parent.document.title } catch (error) { return error.name } })()"
    assert browser.js(reach, frame=0) == "SecurityError"
    assert browser.js("document.querySelectorAll('canvas').length", frame=0) >= 1
