"""The matrix of gaps, told once more in plain Python: who is where, which state follows, what is put together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes

from chaine_valeur import Filiere, datasets
from chaine_valeur.figures import GapsData, draw_gaps, gaps_alt_text, gaps_data, gaps_matrix
from chaine_valeur.figures._gaps_columns import REST, columns_of
from chaine_valeur.figures._gaps_data import held_words
from chaine_valeur.figures.gaps_matrix import SIGNS
from tests.figures.sheets import boxes, marks, outside, overlapping, said, words

pytestmark = pytest.mark.long

CODES = ["76001", "76002", "76003", "75056"]
VAL, BASSIN = CODES[:2], CODES[:3]
STAGES = ["Collecte", "Tri", "Tri fin", "Filature", "Négoce", "Musée"]
ALTERNATIVE = {"Tri": "tri", "Tri fin": "tri"}
SCALE = {"Filature": "regional", "Négoce": "any"}
OPTIONAL = {"Musée"}


def chain(actors: list[tuple[str, str | None, str]], **changes: Any) -> Filiere:
    """A chain of six stages seen from the Val, two communes of the three of the basin; actor: name, commune, stage."""
    rows = [("val", "Val", code) for code in VAL] + [("bassin", "Bassin", code) for code in BASSIN]
    tables: dict[str, Any] = {
        "filiere": {"name": ["Laine"], "territory_id": ["val"]},
        "territories": {
            "territory_id": [key for key, _, _ in rows],
            "name": [name for _, name, _ in rows],
            "commune_code": [code for _, _, code in rows],
        },
        "stages": {
            "name": STAGES,
            "rank": range(1, 7),
            "alternative_group": [ALTERNATIVE.get(name) for name in STAGES],
            "expected_scale": [SCALE.get(name, "local") for name in STAGES],
            "required": [name not in OPTIONAL for name in STAGES],
        },
        "actors": {"name": [name for name, *_ in actors], "commune_code": [code for _, code, _ in actors]},
        "activities": {
            "actor_id": [name for name, *_ in actors],
            "stage_id": [stage for *_, stage in actors],
        },
    }
    return Filiere.from_tables(**(tables | changes))


def plain_state(stage: str, actors: list[tuple[str, str | None, str]], communes: list[str]) -> str:
    """Return the state of a stage in some communes, read off the table of states one after the other."""

    def places(name: str) -> list[str]:
        found = [code for _, code, held in actors if held == name]
        return ["?" if code is None else "here" if code in communes else "away" for code in found]

    mine = places(stage)
    others = [
        name for name in STAGES if name != stage and ALTERNATIVE.get(name, "") == ALTERNATIVE.get(stage, "-")
    ]
    if "here" in mine:
        return "present"
    if "?" in mine:
        return "unknown"
    if any("here" in places(name) for name in others):
        return "covered"
    if "away" in mine and SCALE.get(stage) != "regional":
        return "outside"
    if stage in OPTIONAL:
        return "optional"
    return {"regional": "regional", "any": "anywhere"}.get(SCALE.get(stage, ""), "missing")


ACTORS = st.lists(
    st.tuples(st.sampled_from([*CODES, None]), st.sampled_from(STAGES)), min_size=1, max_size=7
).map(lambda rows: [(f"A{n}", code, stage) for n, (code, stage) in enumerate(rows)])


@given(ACTORS)
@settings(max_examples=6)
def test_each_cell_is_that_of_a_plain_table_of_states(actors: list[tuple[str, str | None, str]]) -> None:
    f = chain(actors)
    data = gaps_data(f, by="territory")
    for cell in data.cells.to_dict("records"):
        stage = f.stages["name"][cell["stage_id"]]
        communes = {"val": VAL, "bassin": BASSIN}[cell["territory_id"]]
        held = [code for _, code, name in actors if name == stage]
        assert cell["state"] == plain_state(stage, actors, communes), (stage, cell["territory_id"])
        assert cell["n_here"] == sum(code in communes for code in held)
        assert cell["n_unplaced"] == held.count(None)
        assert cell["n_outside"] == len(held) - cell["n_here"] - cell["n_unplaced"]
    told = data.territories.set_index("territory_id")["n_actors"]
    assert told["val"] == sum(code in VAL for _, code, _ in actors)


@given(ACTORS, st.integers(2, 6), st.integers(2, 6))
@settings(max_examples=4)
def test_what_is_put_together_is_counted_and_every_cell_has_its_column(
    actors: list[tuple[str, str | None, str]], rows: int, columns: int
) -> None:
    f = chain(actors)
    data = gaps_data(f, most_stages=rows, most_territories=columns)
    keys = list(zip(data.cells["stage_id"], data.cells["territory_id"], strict=True))
    wanted = [
        (stage, place) for place in data.territories["territory_id"] for stage in data.stages["stage_id"]
    ]
    assert keys == wanted  # column by column, each once
    assert data.territories["territory_id"].is_unique and data.stages["stage_id"].is_unique
    several = data.cells[data.cells["state"] == "several"]
    assert (several["n_present"] <= several["n_all"]).all() and (several["n_all"] > 0).all()
    whole = gaps_data(f, most_stages=20, most_territories=columns).cells
    for name in ("n_here", "n_outside", "n_unplaced", "n_present", "n_all"):
        assert data.cells[name].sum() == whole[name].sum()
    # what is missing everywhere stays a row of its own as long as there is room
    missing = whole.groupby("stage_id")["state"].agg(lambda states: (states == "missing").all())
    missing = set(missing.index[missing.to_numpy(bool)])
    if len(missing) < rows:
        assert missing <= set(data.stages["stage_id"])


# -- columns --------------------------------------------------------------------------------------------


def many_territories(count: int, **changes: Any) -> Filiere:
    """A filière of one stage, seen from the first of many territories, of two communes each."""
    names = [f"t{n}" for n in range(count) for _ in range(2)]
    codes = [f"{10_000 + n}" for n in range(2 * count)]
    tables: dict[str, Any] = {
        "filiere": {"name": ["Laine"], "territory_id": ["t0"]},
        "territories": {"territory_id": names, "commune_code": codes},
        "stages": {"name": ["Tri"]},
        "actors": {"name": [f"a{n}" for n in range(count)], "commune_code": codes[::2]},
        "activities": {"actor_id": [f"a{n}" for n in range(count)], "stage_id": ["Tri"] * count},
    }
    return Filiere.from_tables(**(tables | changes))


@pytest.mark.parametrize("most", [2, 3, 5, 8, 15])
def test_no_territory_is_lost_for_the_sake_of_communes(most: int) -> None:
    f = many_territories(7)
    columns = columns_of(f, None, most, "en")
    assert len(columns) <= most
    territories = [column for column in columns if column.kind == "territory"]
    assert sum(max(column.grouped, 1) for column in territories) == 7
    # communes are shown where two columns at least are left for them
    assert any(column.kind == "commune" for column in columns) == (most >= 7 + 2)
    keys = [column.identifier for column in columns]
    assert len(set(keys)) == len(keys)


def test_a_territory_called_by_the_code_of_a_commune_is_no_commune() -> None:
    # « 10000 » is a commune of t0, and the name that somebody gave to another territory
    rows = {"territory_id": ["t0", "t0", "10000"], "commune_code": ["10000", "10001", "20000"]}
    f = many_territories(1, territories=rows)
    data = gaps_data(f, lang="en")
    assert data.territories["territory_id"].is_unique
    told = data.territories.set_index("territory_id")
    assert told["kind"].to_dict() == {"t0": "territory", "10000": "territory", "commune 10000": "commune",
                                      "10001": "commune"}  # fmt: skip
    assert told.loc["commune 10000", "territory_label"] == "10000"
    states = dict(zip(data.cells["territory_id"], data.cells["state"], strict=True))
    assert states == {"t0": "present", "10000": "outside", "commune 10000": "present", "10001": "outside"}
    assert len(marks(draw_gaps(data, lang="en"), "present")) == 2


def test_communes_alone_fill_the_page() -> None:
    columns = columns_of(many_territories(7), "commune", 4, "en")
    assert [(column.label, column.kind) for column in columns] == [("10000", "commune"), ("10001", "commune")]
    # without a territory of its own, those of all of them
    free = many_territories(7, filiere={"name": ["Laine"]})
    columns = columns_of(free, "commune", 4, "en")
    assert [column.label for column in columns] == ["10000", "10002", "10004", "11 other communes"]
    assert columns[-1].identifier == REST and int((columns[-1].place == 1).sum()) == 4


# -- drawn ----------------------------------------------------------------------------------------------


def made(states: list[list[str]], *, label: str = "Maillon", **counts: int) -> GapsData:
    """Return frames of so many stages (rows) and territories (columns) in given states."""
    import pandas as pd

    numbers = {"n_here": 1, "n_outside": 0, "n_unplaced": 0, "n_present": 3, "n_all": 5} | counts
    cells = pd.DataFrame(
        [
            {"stage_id": f"s{row}", "territory_id": f"t{column}", "state": state} | numbers
            for column in range(len(states[0]))
            for row, state in enumerate(each[column] for each in states)
        ]
    )
    stages = pd.DataFrame({"stage_id": [f"s{n}" for n in range(len(states))]})
    stages["stage_label"], stages["n_grouped"] = [f"{label} {n}" for n in range(len(states))], 0
    territories = pd.DataFrame({"territory_id": [f"t{n}" for n in range(len(states[0]))]})
    territories = territories.assign(
        territory_label=[f"Territoire {n}" for n in range(len(states[0]))],
        kind="territory",
        n_actors=7,
        n_grouped=0,
    )
    return GapsData(cells, stages, territories)


def cells_of(ax: Axes) -> list[tuple[float, float, float, float]]:
    return [
        (one.get_x(), one.get_y(), one.get_width(), one.get_height())
        for state in SIGNS
        for one in marks(ax, state)
    ]


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (3, 2), (15, 15), (2, 15)])
def test_cells_are_alike_and_keep_out_of_each_other(rows: int, columns: int) -> None:
    kinds = list(SIGNS)
    states = [[kinds[(r * columns + c) % len(kinds)] for c in range(columns)] for r in range(rows)]
    ax = draw_gaps(made(states), lang="fr", title="Titre")
    found = cells_of(ax)
    assert len(found) == rows * columns
    assert len({(round(wide, 6), round(tall, 6)) for _, _, wide, tall in found}) == 1
    lefts = sorted({round(x, 3) for x, *_ in found})
    tops = sorted({round(y, 3) for _, y, *_ in found})
    assert (len(lefts), len(tops)) == (columns, rows)
    wide, tall = found[0][2:]
    assert all(b - a >= wide for a, b in zip(lefts[:-1], lefts[1:], strict=True))
    assert all(b - a >= tall for a, b in zip(tops[:-1], tops[1:], strict=True))
    assert not outside(ax)


@pytest.mark.parametrize("state", list(SIGNS))
def test_each_state_says_its_sign_in_the_middle_of_its_cell(state: str) -> None:
    ax = draw_gaps(made([[state]]), lang="en")
    (cell,) = marks(ax, state)
    inside = [text.get_text() for text in ax.texts
              if cell.get_bbox().contains(*text.get_position())]  # fmt: skip
    assert inside == [{"present": "1", "several": "3/5"}.get(state, SIGNS[state])]
    assert len(marks(ax, f"legend-{state}")) == 1


def test_a_number_that_does_not_fit_its_cell_is_not_cut_into_another() -> None:
    # twenty columns of 12 points at most: « 13/15 » does not fit, and « 1 » would be another number
    data = made([["several"] * 20], n_present=13, n_all=15)
    ax = draw_gaps(data, lang="en", width_cm=9.0)
    row = marks(ax, "several")[0]
    y = row.get_y() + row.get_height() / 2
    assert not [
        text.get_text()
        for text in ax.texts
        if abs(text.get_position()[1] - y) < 3 and text.get_horizontalalignment() != "right"
    ]
    assert held_words({"n_present": 13, "n_all": 15}, "en") == "13/15"
    # a count of those elsewhere that does not fit leaves its sign
    away = draw_gaps(made([["outside"] * 20], n_outside=1234), lang="en", width_cm=9.0)
    assert words(away).count("↗") >= 20


def test_the_note_on_numbers_stands_where_there_are_numbers() -> None:
    note = "Beside “↗” and “R”: number of actors elsewhere."
    assert note in said(draw_gaps(made([["outside"]], n_outside=2), lang="en"))
    assert note not in said(draw_gaps(made([["outside"]]), lang="en"))
    assert note not in said(draw_gaps(made([["present"]], n_outside=2), lang="en"))
    unplaced = "The place of some actors is not known: what they hold may be here."
    assert unplaced in said(draw_gaps(made([["unknown"]], n_unplaced=1), lang="en"))
    assert unplaced not in said(draw_gaps(made([["missing"]]), lang="en"))


@pytest.mark.parametrize(("name", "lang"), [("exemple_complet", "fr"), ("textiles_usages", "en")])
def test_the_examples_stand_on_their_page(name: str, lang: str) -> None:
    ax = gaps_matrix(datasets.load(name), lang=lang, title="Maillons")
    assert not outside(ax)
    assert not [pair for pair in overlapping(ax) if all(len(text) > 3 for text in pair)]
    # every name of a stage stands whole at the left of its row
    right = min(x for x, *_ in cells_of(ax))
    names = [box for text, box in zip([t for t in ax.texts if t.get_text().strip()], boxes(ax), strict=True)
             if text.get_horizontalalignment() == "right" and text.get_position()[0] < right]  # fmt: skip
    assert names and all(max(box.x0, box.x1) < right for box in names)


def test_long_names_stand_on_a_narrow_page() -> None:
    label = "Préparation, effilochage et défibrage des textiles usagés en mélange"
    ax = draw_gaps(made([["present", "missing", "several"]] * 12, label=label), lang="fr", width_cm=10.0)
    assert not outside(ax)
    assert len(cells_of(ax)) == 36


def test_the_whole_in_words_tells_every_cell_once() -> None:
    kinds = list(SIGNS)
    data = made([[kind] for kind in kinds])
    told = gaps_alt_text(data, "en")
    for n, kind in enumerate(kinds):
        assert told.count(f"Maillon {n}") == 1, kind
    assert told.startswith("Territoire 0: held here (number of actors): Maillon 0 (1)")
    assert "3/5" in told
    french = gaps_alt_text(data, "fr")
    assert french != told and french.count("Maillon") == len(kinds)


def test_of_a_commune_only_what_is_held_there_is_told() -> None:
    data = made([["present", "outside"], ["missing", "missing"], ["unknown", "outside"]])
    communes = data.territories.assign(kind="commune")
    told = gaps_alt_text(GapsData(data.cells, data.stages, communes), "en")
    assert told == (
        "Territoire 0: held here (number of actors): Maillon 0 (1); held, nobody knows whether here: Maillon 2. "
        "Territoire 1: no stage is held there."
    )


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_words_of_an_example_are_short_enough_to_be_listened_to(lang: str) -> None:
    # a document cuts a text that stands for a picture after 2 000 characters
    assert len(gaps_alt_text(gaps_data(datasets.load("exemple_complet"), lang=lang), lang)) < 2_000


def test_place_codes_are_three_and_no_more() -> None:
    for column in columns_of(datasets.load("exemple_complet"), None, 15, "fr"):
        assert set(np.unique(column.place)) <= {-1, 0, 1}
