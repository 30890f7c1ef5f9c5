"""What the figures share: signs, files, the sentence that stands in for a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from chaine_valeur.figures import save
from chaine_valeur.figures._style import ROLE_MARKERS, blank_axes, hatch, sentence
from chaine_valeur.vocabulary import Role


def test_every_role_has_a_shape_of_its_own() -> None:
    assert set(ROLE_MARKERS) == set(Role)
    assert len(set(ROLE_MARKERS.values())) == len(Role)


def test_blank_axes_fill_a_figure_of_their_size() -> None:
    ax = blank_axes(width=144, height=72)
    assert isinstance(ax.figure, Figure)
    assert ax.figure.get_size_inches().tolist() == [2, 1]
    assert ax.get_position().bounds == (0, 0, 1, 1)


def test_a_hatch_fills_its_rectangle_and_no_more() -> None:
    lines = np.array(hatch((10, 20), (30, 50), colour="#000000", zorder=1, step=5).get_segments())
    assert lines[:, :, 0].min() >= 10
    assert lines[:, :, 0].max() <= 40
    assert lines[:, :, 1].min() >= 20
    assert lines[:, :, 1].max() <= 70
    # slanting at 45 degrees
    assert np.allclose(np.abs(np.diff(lines[:, :, 0])), np.abs(np.diff(lines[:, :, 1])))


def test_a_sentence_is_wrapped_to_the_axes() -> None:
    ax = sentence(blank_axes(width=120, height=80), "Une phrase assez longue pour deux lignes au moins")
    assert len(ax.texts[0].get_text().split("\n")) >= 2
    assert not ax.axison


def test_save_writes_both_formats_beside_each_other(tmp_path: Path) -> None:
    for name in ("chaîne", "chaîne.png", "chaîne.svg"):
        assert save(Figure(figsize=(1, 1)), tmp_path / name) == [
            tmp_path / "chaîne.png",
            tmp_path / "chaîne.svg",
        ]
    assert save(Figure(figsize=(1, 1)), tmp_path / "lin 2.0")[0].name == "lin 2.0.png"


def test_axes_are_saved_with_their_figure(tmp_path: Path) -> None:
    figure = Figure(figsize=(1, 1))
    part: Any = figure.subfigures()
    for thing in (figure, part, part.add_subplot()):
        assert save(thing, tmp_path / "f")[0].stat().st_size > 0


def test_files_carry_words_and_no_date(tmp_path: Path) -> None:
    png, svg = save(Figure(figsize=(1, 1)), tmp_path / "f", alt_text="Deux < trois", title="Titre & co")
    text = svg.read_text(encoding="utf-8")
    assert "Deux &lt; trois" in text
    assert "<title>Titre &amp; co</title>" in text
    assert "<dc:date>" not in text
    with Image.open(png) as image:
        assert image.info["Description"] == "Deux < trois"
        assert "Software" not in image.info


def test_options_of_matplotlib_are_left_alone(tmp_path: Path) -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    save(Figure(figsize=(1, 1)), tmp_path / "f")
    assert dict(mpl.rcParams) == before
