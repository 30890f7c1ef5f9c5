"""Colours told apart by those who see red and green alike, measured by simulation on the paper of the figure.

Simulation: Machado, Oliveira and Fernandes (2009), severity 1, in linear RGB; difference: CIE 1976 L*a*b*.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from chaine_valeur.figures._paint import LINES, ribbon_style
from chaine_valeur.figures._style import (
    ABSENT,
    ELSEWHERE,
    INK,
    MATERIAL_COLOURS,
    OTHER_COLOUR,
    OUTSIDE_FILL,
    PANEL,
    PAPER,
    SOFT_INK,
    material_colours,
)
from chaine_valeur.figures.heatmap import _colour, _ink

#: How a pixel in linear RGB is seen.
SIGHT = {
    "usual": np.eye(3),
    "protanopia": np.array([
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ]),
    "deuteranopia": np.array([
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
    ]),
}  # fmt: skip
#: A difference that is seen at a glance between two areas that do not touch; 2.3 is the least one can see.
PLAIN, LEAST = 10.0, 2.3


def linear(colour: str | tuple[float, float, float]) -> np.ndarray:
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of a colour in linear sRGB, white point D65."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    ratio = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: np.ndarray, other: np.ndarray, sight: str) -> float:
    return float(np.linalg.norm(lab(SIGHT[sight] @ one) - lab(SIGHT[sight] @ other)))


def on_paper(colour: str, alpha: float) -> np.ndarray:
    """A ribbon as it comes out: programs mix colours by their stored values, not by their light."""
    mixed = alpha * np.array(to_rgb(colour)) + (1 - alpha) * np.array(to_rgb(PAPER))
    return linear(tuple(mixed))  # type: ignore[arg-type]


def contrast(one: str | tuple[float, float, float], other: str | tuple[float, float, float]) -> float:
    """The ratio of WCAG, from 1 to 21."""
    light = sorted(float(np.array([0.2126, 0.7152, 0.0722]) @ linear(colour)) for colour in (one, other))
    return (light[1] + 0.05) / (light[0] + 0.05)


def test_the_measure_knows_what_is_known() -> None:
    white, black = linear("#ffffff"), linear("#000000")
    assert lab(white) == pytest.approx([100, 0, 0], abs=0.02)
    assert lab(black) == pytest.approx([0, 0, 0], abs=1e-9)
    # pure red: L* 53.24, a* 80.09, b* 67.20 (the usual table of sRGB)
    assert lab(linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)
    # a red and a green that a deuteranope takes for one another, and others do not
    red, green = linear("#a05a28"), linear("#787d28")
    assert difference(red, green, "usual") > 3 * difference(red, green, "deuteranopia")
    assert contrast("#ffffff", "#000000") == pytest.approx(21)


@pytest.mark.parametrize("sight", SIGHT)
def test_any_two_materials_are_told_apart_as_ribbons(sight: str) -> None:
    alpha = ribbon_style(status="active", is_hypothesis=False, known=True, colour=INK)["alpha"]
    seen = {colour: on_paper(colour, alpha) for colour in (*MATERIAL_COLOURS, OTHER_COLOUR)}
    least = {(one, other): difference(seen[one], seen[other], sight) for one, other in combinations(seen, 2)}
    worst = min(least, key=lambda pair: least[pair])
    # three times the least that can be seen; the green and a middle grey would be at 3.8 for a deuteranope
    assert least[worst] >= 3 * LEAST, (worst, least[worst])


@pytest.mark.parametrize("sight", SIGHT)
def test_a_ribbon_stands_out_from_paper_and_panel(sight: str) -> None:
    alpha = ribbon_style(status="active", is_hypothesis=False, known=True, colour=INK)["alpha"]
    for colour in (*MATERIAL_COLOURS, OTHER_COLOUR):
        for ground in (PAPER, PANEL):
            assert difference(on_paper(colour, alpha), linear(ground), sight) >= PLAIN


def test_words_have_the_contrast_that_small_text_needs() -> None:
    for ink in (INK, SOFT_INK, ABSENT, ELSEWHERE):
        assert contrast(ink, PAPER) >= 4.5
    for ground in (PANEL, OUTSIDE_FILL):
        assert contrast(INK, ground) >= 4.5
        assert contrast(SOFT_INK, ground) >= 4.5


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25, 0.5, 0.75, 1.0])
def test_counts_are_read_on_every_shade_of_the_heat_map(share: float) -> None:
    shade = _colour(share, 1.0)
    assert contrast(_ink(shade), shade) >= 4.5


def test_shades_of_the_heat_map_grow_darker_for_everybody() -> None:
    for sight in SIGHT:
        light = [lab(SIGHT[sight] @ linear(_colour(share, 1.0)))[0] for share in np.linspace(0, 1, 9)]
        assert (np.diff(light) < 0).all()


def test_what_a_line_means_is_said_by_its_form_too() -> None:
    """Two certainties never share a line style: print in grey keeps them apart."""
    forms = [str(line) for line in LINES.values()]
    assert len(set(forms)) == len(forms)


def test_the_heaviest_materials_get_a_colour_of_their_own() -> None:
    names = [f"m{number}" for number in range(10)]
    colours = material_colours(names, weights=[1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    own = [name for name, colour in colours.items() if colour != OTHER_COLOUR]
    assert own == names[3:]  # seven colours, the three lightest share the grey
    assert [colours[name] for name in own] == list(MATERIAL_COLOURS)


def test_of_two_materials_as_heavy_the_first_of_the_table_is_coloured() -> None:
    names = [f"m{number}" for number in range(8)]
    colours = material_colours(names, weights=[1.0] * 8)
    assert colours["m7"] == OTHER_COLOUR
    assert colours["m0"] == MATERIAL_COLOURS[0]
