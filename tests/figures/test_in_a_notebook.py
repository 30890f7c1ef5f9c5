"""A figure is what the last line of a cell shows, without a word on backends."""

from __future__ import annotations

import struct

import nbformat
import pytest
from nbclient import NotebookClient

from chaine_valeur import datasets, figures


def test_axes_are_shown_as_their_picture() -> None:
    ax = figures.chain(datasets.load("lin_composite"))
    drawn = ax._repr_png_()
    assert drawn.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", drawn[16:24])
    assert width > 600 and height > 200


@pytest.mark.filterwarnings("ignore")
def test_the_last_line_of_a_cell_draws_it() -> None:
    code = "import chaine_valeur as cv\ncv.figures.chain(cv.datasets.load('lin_composite'))"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    assert "image/png" in output["data"]
