"""A map of thousands in a real browser, and what axe-core says of a map."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from chaine_valeur.interactive.grouping import grouped
from chaine_valeur.interactive.page import page
from tests.interactive import axe
from tests.interactive.devtools import Browser
from tests.interactive.neutral import HOSTILE, column, edge, frames, node

pytestmark = [pytest.mark.browser, pytest.mark.long]

ROLES = {"supplier": "Fournisseur", "transformer": "Transformateur", "insertion": "Structure d’insertion"}
COMMUNES = ("Lille", "Roubaix", "Tourcoing", "", *HOSTILE[:4])
ACTORS = 2500


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2 500 actors of five stages and eight communes, 6 000 flows, some missing and some supposed."""
    rng = np.random.default_rng(3)
    stage, place = rng.integers(0, 5, ACTORS), rng.integers(0, len(COMMUNES), ACTORS)
    cards = [
        node(f"a{at}", f"Établi-{at:04d}", roles=(tuple(ROLES)[at % 3],), column_id=f"s{stage[at]}")
        for at in range(ACTORS)
    ]
    ends = rng.integers(0, ACTORS, (6000, 2))
    ties = [edge(f"a{a}", f"a{b}", quantity_t_per_year=float(a), is_hypothesis=a % 9 == 0) for a, b in ends]
    columns = [column(f"s{at}", at, label=f"Maillon {at}") for at in range(5)]
    columns.append(column("s5", 5, label="Maillon 5", missing=True, note="Maillon non tenu"))
    whole = frames(cards, ties, columns)
    communes = {f"a{at}": COMMUNES[place[at]] for at in range(ACTORS)}
    made = grouped(*whole, communes=communes, roles=ROLES, lang="fr")
    path = tmp_path_factory.mktemp("grouped") / "carte.html"
    text = page(
        *made, whole[2], title="Grande", subtitle="2 500 acteurs", roles=ROLES, counted=whole[:2], lang="fr"
    )
    path.write_text(text, encoding="utf-8")
    return path


def test_it_opens_at_once_and_what_it_counts_is_said(browser: Browser, many: Path) -> None:
    started = time.monotonic()
    browser.open(many)
    assert time.monotonic() - started < 4  # a second on an idle machine
    # five stages × eight communes, all of them held
    assert browser.js("document.getElementById('count').textContent") == "40 cartes sur 40"
    assert browser.js("document.querySelector('nav h2').textContent") == "Acteurs, par maillon et commune"
    assert "un maillon et d’une commune" in browser.js("document.getElementById('key').textContent")
    counts = browser.js(
        "[...document.querySelectorAll('#roles .number')].map(one => Number(one.textContent))"
    )
    assert sum(counts) == ACTORS
    assert browser.complaints() == [] and browser.dialogs() == []
    assert browser.requests() == [many.resolve().as_uri()]


def test_an_actor_is_found_on_its_card_by_its_name(browser: Browser, many: Path) -> None:
    browser.open(many)
    name = browser.js("Model.data.nodes[7].cv.details.at(-1)[1].split(', ')[0]")
    browser.js("document.getElementById('query').focus()")
    browser.write(name.replace("É", "e").lower())
    shown = browser.js(
        "[...document.querySelectorAll('#actors li:not([hidden]) button')].map(one => one.textContent)"
    )
    label = browser.js("Model.data.nodes[7].label")
    assert shown == [label]
    assert label.split(" · ")[1].startswith("Maillon ")
    browser.press("Enter")
    assert browser.js("document.querySelector('#details h2').textContent") in shown
    said = browser.js("document.getElementById('details').innerText")
    assert "Acteurs" in said and "liens" in said and "Nom" in said


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_on_a_map_with_its_panel_open(browser: Browser, many: Path, dark: bool) -> None:
    browser.open(many, dark=dark)
    assert axe.violations(browser) == []
    browser.js("document.querySelector('#heads .missing').click()")
    assert axe.violations(browser) == []
    browser.js("document.querySelector('#actors button').click()")
    assert axe.violations(browser) == []


def test_a_narrow_map_does_not_slide_sideways(browser: Browser, many: Path) -> None:
    browser.open(many, size=(360, 700))
    assert browser.js("document.documentElement.scrollWidth") <= 360
    browser.js("document.getElementById('fold').click()")
    browser.settle()
    assert browser.js("document.documentElement.scrollWidth") <= 360
    assert axe.violations(browser) == []
