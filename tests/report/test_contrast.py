"""Colours of the page, of its printed form and of the map: ratios of WCAG, worked out from the style sheets."""

from __future__ import annotations

import re
from importlib import resources
from itertools import product

import pytest

#: WCAG 2.2 AA: text, and what is not text but has to be seen (borders of fields, marks of the focus).
TEXT, SIGN = 4.5, 3.0


def sheet(package: str, name: str) -> str:
    return (resources.files(package) / "templates" / name).read_text(encoding="utf-8")


REPORT = sheet("chaine_valeur.report", "report.css")
MAP = sheet("chaine_valeur.interactive", "map.css")


def colours(css: str) -> list[dict[str, str]]:
    """Return the colours that each `:root` of a style sheet gives, completed by those of the first."""
    blocks = [
        dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,6})\b", one))
        for one in re.findall(r":root\s*{([^}]*)}", css)
    ]
    return [{**blocks[0], **one} for one in blocks]


def light(colour: str) -> float:
    """Return the relative luminance of « #rrggbb » or « #rgb »."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_ratio_is_that_of_wcag() -> None:
    assert ratio("#fff", "#000000") == pytest.approx(21)
    # #767676 is the lightest grey that can be read on white
    assert ratio("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert ratio("#777777", "#ffffff") < TEXT


REPORT_TEXT = [
    *product(("ink", "soft", "accent"), ("ground", "paper", "accent-soft")),
    *product(("warn",), ("warn-soft", "paper", "ground")),
    ("ground", "accent"),  # the link that skips to the content
]
REPORT_SIGNS = [
    *product(("edge", "accent", "mark"), ("ground", "paper")),
    ("mark", "accent-soft"),
    ("warn", "ground"),
]


@pytest.mark.parametrize("form", [0, 1, 2], ids=["light", "dark", "paper"])
def test_the_report_can_be_read(form: int) -> None:
    shades = colours(REPORT)[form]
    poor = {pair: ratio(*(shades[name] for name in pair)) for pair in REPORT_TEXT}
    assert {pair: found for pair, found in poor.items() if found < TEXT} == {}
    poor = {pair: ratio(*(shades[name] for name in pair)) for pair in REPORT_SIGNS}
    assert {pair: found for pair, found in poor.items() if found < SIGN} == {}


MAP_TEXT = [
    *product(("ink", "quiet"), ("paper", "ground", "card", "column")),
    *product(("accent",), ("paper", "ground")),
    *product(("missing",), ("missing-ground", "paper", "ground")),
    ("accent-ink", "accent"),
    ("ink", "mark"),
]
MAP_SIGNS = [
    *product((f"role-{at}" for at in range(8)), ("card", "column", "ground", "paper")),
    *product(("flow", "cooperation", "group"), ("ground", "column")),
    *product(("accent", "quiet"), ("paper", "ground", "column")),
]


@pytest.mark.parametrize("form", [0, 1], ids=["light", "dark"])
def test_the_map_can_be_read(form: int) -> None:
    shades = colours(MAP)[form]
    poor = {pair: ratio(*(shades[name] for name in pair)) for pair in MAP_TEXT}
    assert {pair: found for pair, found in poor.items() if found < TEXT} == {}
    poor = {pair: ratio(*(shades[name] for name in pair)) for pair in MAP_SIGNS}
    assert {pair: found for pair, found in poor.items() if found < SIGN} == {}


@pytest.mark.parametrize("css", [REPORT, MAP], ids=["report", "map"])
def test_every_colour_is_one_of_those_looked_at(css: str) -> None:
    """A colour written into a rule would be the same in the dark, and nobody would have looked at it."""
    used = set(re.findall(r"var\(--([\w-]+)\)", css))
    given = [set(one) for one in colours(css)]
    assert used - {"font"} <= given[0]
    names = {name for pair in (*REPORT_TEXT, *REPORT_SIGNS, *MAP_TEXT, *MAP_SIGNS) for name in pair}
    assert used - names <= {"font", "line"}  # thin lines between rows say nothing
    rules = re.sub(r":root\s*{[^}]*}", "", css)
    written = set(re.findall(r"#[0-9a-fA-F]{3,6}\b(?![^{]*{)", rules)) - {"#fff"}  # figures keep white paper
    assert written <= {"#3c474c"}  # the head and foot of printed pages, which are white
    assert ratio("#3c474c", "#ffffff") >= TEXT
