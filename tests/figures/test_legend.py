"""The legend: only what is used, over as many lines as it takes, within the width."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaine_valeur.figures import ChainData
from chaine_valeur.figures._legend import Entry, draw_legend, lay_out
from chaine_valeur.figures._paint import ribbon_style
from chaine_valeur.figures._signs import legend_groups, notes
from chaine_valeur.figures._style import blank_axes
from chaine_valeur.figures._text import LINE_HEIGHT, line_width
from tests.figures.builders import chain_of, textile


def sign(*_: Any) -> None:
    """Draw nothing."""


def labels(data: ChainData, lang: str = "fr") -> list[list[str]]:
    names = dict.fromkeys(data.ribbons["material"], "#0072B2")
    return [[entry.label for entry in group] for group in legend_groups(data, colours=names, lang=lang)]


def two(flow: dict[str, Any], quantity: float | None = 5.0) -> ChainData:
    return chain_of([("A", 0), ("B", 1)], [("x", "A"), ("y", "B")], [("x", "y", "m", quantity, flow)])


# ------------------------------------------------------------------------------------------- laying out


def test_entries_follow_each_other_on_a_line() -> None:
    laid = lay_out([[Entry("Rôles"), Entry("Acheteur", sign)]], [], width=400, size=7)
    (first, x0, y0), (second, x1, y1) = laid.entries
    assert (first.label, second.label) == ("Rôles", "Acheteur")
    assert x0 == 0
    assert x1 == pytest.approx(line_width("Rôles", 7, bold=True) + 5)
    assert y0 == y1


def test_a_group_that_does_not_fit_begins_a_line() -> None:
    group = [Entry("Matières"), Entry("Textiles", sign), Entry("Fibres", sign)]
    laid = lay_out([group, group], [], width=200, size=7)
    assert [x for _, x, _ in laid.entries].count(0.0) == 2
    assert len({y for _, _, y in laid.entries}) == 2


def test_an_empty_group_takes_no_room() -> None:
    assert lay_out([[], []], [], width=200, size=7).height == 0
    assert lay_out([], ["une note"], width=200, size=7).height == pytest.approx(7 * LINE_HEIGHT + 2)


def test_notes_stand_below_the_signs_and_are_wrapped() -> None:
    laid = lay_out([[Entry("a", sign)]], ["une première note assez longue", "une autre"], width=100, size=7)
    assert len(laid.notes) >= 2
    assert all(line_width(line, 7) <= 100 for line in laid.notes)
    assert laid.height > laid.entries[-1][2] + len(laid.notes) * 7


def test_letters_that_the_typeface_lacks_do_not_warn() -> None:
    laid = lay_out([[Entry("纺织", sign)]], [], width=100, size=7)
    assert laid.entries[0][0].label == "□□"


@given(st.lists(st.lists(st.text("abc é", max_size=12), max_size=6), max_size=5), st.floats(120, 600))
def test_no_sign_leaves_the_width(groups: list[list[str]], width: float) -> None:
    laid = lay_out([[Entry(name, sign) for name in group] for group in groups], [], width=width, size=7)
    for entry, x, y in laid.entries:
        assert x >= 0
        assert x + 15 + 3.5 + line_width(entry.label, 7) <= width + 1e-6 or x == 0
        assert y < laid.height


def test_every_entry_is_written() -> None:
    ax = blank_axes(width=300, height=100)
    drawn: list[tuple[float, float]] = []

    def mark(ax: Any, x: float, y: float, wide: float, tall: float) -> None:
        drawn.append((x, y))

    laid = lay_out([[Entry("Rôles"), Entry("Acheteur", mark)]], ["Note $x$"], width=290, size=7)
    draw_legend(ax, laid, left=3, top=10)
    assert [text.get_text() for text in ax.texts] == ["Rôles", "Acheteur", "Note $x$"]
    assert not any(text.get_parse_math() for text in ax.texts)
    assert drawn[0][1] == laid.entries[1][2] + 10


# ----------------------------------------------------------------------------------------------- signs


def test_groups_in_use() -> None:
    materials, roles, actors, flows = labels(textile())
    assert materials[0] == "Matières"
    assert roles == ["Rôles", "Fournisseur", "Transformateur", "Structure d’insertion", "Acheteur"]
    assert actors == [
        "Acteurs",
        "structure d’insertion (SIAE)",
        "sans flux connu",
        "présence supposée",
        "en projet ou pressenti",
        "acteur diffus",
        "hors du territoire",
    ]
    assert flows == ["Flux", "hypothèse", "en projet ou possible", "quantité inconnue", "import", "export"]


def test_a_plain_chain_needs_materials_and_roles_only() -> None:
    assert labels(two({})) == [["Matières", "m"], ["Rôles", "Transformateur"], [], []]


@pytest.mark.parametrize(
    ("flow", "quantity", "sign_of_it"),
    [
        ({"is_hypothesis": True}, 5.0, "hypothesis"),
        ({"is_hypothesis": True}, None, "hypothesis, quantity unknown"),
        ({"status": "planned"}, 5.0, "planned or possible"),
        ({"status": "candidate"}, None, "planned, quantity unknown"),
        ({}, None, "quantity unknown"),
        ({"status": "internal", "n_rows": 0}, None, "within one actor"),
    ],
)
def test_each_certainty_has_its_sign(flow: dict[str, Any], quantity: float | None, sign_of_it: str) -> None:
    assert labels(two(flow, quantity), "en")[3] == ["Flows", sign_of_it]


def test_a_chain_without_ribbons_has_no_materials() -> None:
    assert labels(chain_of([("A", 0)], [("x", "A")]))[0] == []


def test_less_is_known_lighter_it_is() -> None:
    plain: dict[str, Any] = {"status": "active", "is_hypothesis": False, "known": True, "colour": "#0072B2"}

    def style(**changes: Any) -> dict[str, Any]:
        return ribbon_style(**(plain | changes))

    observed, guessed, planned = style(), style(is_hypothesis=True), style(status="planned")
    assert observed["alpha"] > guessed["alpha"] > planned["alpha"]
    assert observed["linewidth"] == 0
    lines = [guessed["linestyle"], planned["linestyle"], style(known=False)["linestyle"]]
    assert len({str(line) for line in lines}) == 3
    assert style(known=False)["facecolor"] == "none"
    # what is planned stays so even where its quantity is unknown
    assert style(known=False, status="planned")["linestyle"] == planned["linestyle"]


# ----------------------------------------------------------------------------------------------- notes


def test_the_note_of_the_year() -> None:
    assert notes(two({}), lang="fr") == ["Largeur des rubans\u00a0: tonnes par an (2024)"]
    data = two({})
    undated = ChainData(data.stages, data.boxes, data.ribbons, data.others)
    assert notes(undated, lang="en") == ["Width of the ribbons: tonnes per year"]


def test_nothing_is_said_of_widths_where_nothing_is_drawn() -> None:
    assert notes(chain_of([("A", 0)], [("x", "A")]), lang="fr") == []


def test_capped_loops_are_owned_up_to() -> None:
    assert "return loops are drawn thinner than the scale" in notes(two({}), lang="en", capped=True)


def test_a_few_names_around_the_chain_then_how_many_more() -> None:
    data = two({})
    others = chain_of([("A", 0)], [(f"n{k}", "A") for k in range(13)]).boxes[["actor_id", "label", "role"]]
    said = notes(ChainData(data.stages, data.boxes, data.ribbons, others), lang="fr")[-1]
    assert said.startswith("Autour de la chaîne, sans maillon\u00a0: n0, n1")
    assert said.endswith("et 3 autres")


def test_unknown_quantities_are_counted_by_row() -> None:
    data = two({"n_unknown": 3}, 5.0)
    assert "3 flux de quantité inconnue" in notes(data, lang="fr")
    assert np.isfinite(data.ribbons["quantity_t_per_year"]).all()
