"""The network by college: places that stay, ties by strength, what nobody was asked, who is not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

import chaine_valeur as cv
from chaine_valeur import Filiere
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.figures import (
    NetworkData,
    draw_network,
    network_alt_text,
    network_data,
    network_figure,
    network_positions,
    save,
)
from chaine_valeur.figures._groups_signs import pole_colour
from chaine_valeur.figures._network_data import MOST_DRAWN, _order
from chaine_valeur.figures._network_page import MOST_NAMED, NetworkPage, curves
from chaine_valeur.figures._network_signs import WIDTHS, marker_of
from chaine_valeur.vocabulary import Pole

NAN = float("nan")
NAMES = ["Filature", "Mairie", "Atelier", "Chantier", "Labo", "Voisin"]
ACTORS: dict[str, list[Any]] = {
    "actor_id": ["fil", "mairie", "atelier", "chantier", "labo", "voisin"],
    "name": NAMES,
    "pole": ["enterprise", "elected", "ess", "ess", "expertise", None],
    "surveyed_on": [None, "2024-01-01", None, None, None, None],
    "since": [None, None, None, 2023, None, None],
}


def network(**changes: Any) -> Filiere:
    """Six actors, the town hall asked: Mairie–Atelier (contract), Mairie–Filature, Atelier–Chantier from 2023.

    Labo and Voisin have no known tie; Labo said nothing, Chantier is there from 2023 on.
    """
    tables: dict[str, Any] = {
        "actors": ACTORS,
        "cooperations": {
            "actor_id": ["mairie", "mairie", "fil", "atelier"],
            "to_actor_id": ["atelier", "fil", "mairie", "chantier"],
            "kind": ["training", "information", "joint_project", "shared_means"],
            "intensity": ["contract", "information", "joint_action", None],
            "since": [2020, 2020, 2021, 2023],
        },
    }
    tables |= changes
    return Filiere.from_tables(
        **{name: pd.DataFrame(rows) for name, rows in tables.items() if rows is not None}
    )


def crowd(count: int, ties: int, seed: int = 1) -> Filiere:
    """Actors of three colleges and of none, tied at random."""
    random = np.random.default_rng(seed)
    ids = [f"a{place}" for place in range(count)]
    a, b = random.integers(0, count, ties), random.integers(0, count, ties)
    apart = a != b
    poles = ["enterprise", "elected", "ess", None]
    return Filiere.from_tables(
        actors={
            "actor_id": ids,
            "name": [f"Acteur {place}" for place in range(count)],
            "pole": [poles[place] for place in random.integers(0, 4, count)],
        },
        cooperations={
            "actor_id": [ids[place] for place in a[apart]],
            "to_actor_id": [ids[place] for place in b[apart]],
            "kind": ["training"] * int(apart.sum()),
        },
    )


@pytest.fixture(scope="module")
def f() -> Filiere:
    return network()


@pytest.fixture(scope="module")
def data(f: Filiere) -> NetworkData:
    return network_data(f, lang="en")


@pytest.fixture(scope="module")
def ax(data: NetworkData) -> Axes:
    return draw_network(data, lang="en")


@pytest.fixture(scope="module")
def many() -> NetworkData:
    return network_data(crowd(70, 160))


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def notes(ax: Axes) -> str:
    """What is written, lines joined: the notes below are broken to fit."""
    return " ".join(text.get_text() for text in sorted(ax.texts, key=lambda text: text.get_position()[1]))


def lines(ax: Axes) -> dict[str, Any]:
    found = [each for each in ax.collections if isinstance(each, LineCollection)]
    return {str(each.get_gid()): each for each in found}


def marks(ax: Axes) -> dict[str, Any]:
    found = [each for each in ax.collections if isinstance(each, PathCollection)]
    return {str(each.get_gid()): each for each in found}


# -- places ---------------------------------------------------------------------------------------------


def test_every_college_has_a_sector_in_the_order_of_the_vocabulary(f: Filiere) -> None:
    places = network_positions(f)
    assert places.index.tolist()[:2] == ["fil", "mairie"]
    assert set(places.index[2:4]) == {"atelier", "chantier"}
    assert places.index.tolist()[4:] == ["labo", "voisin"]  # who has no college comes last
    assert places["pole"].fillna("").tolist() == ["enterprise", "elected", "ess", "ess", "expertise", ""]
    assert places.index.name == "actor_id"
    assert places.dtypes.astype(str).to_dict() == {"pole": "str", "x": "float64", "y": "float64"}


def test_places_stand_on_a_circle_clockwise_with_room_between_colleges(f: Filiere) -> None:
    places = network_positions(f)
    assert np.hypot(places["x"], places["y"]).to_numpy() == pytest.approx(np.ones(6))
    angle = np.arctan2(places["x"], places["y"]).to_numpy() % (2 * np.pi)
    steps = np.diff(angle)
    # six actors, five gaps of 1.5 places, one of them across the top: 6 + 5 · 1.5 = 13.5 places
    place = 2 * np.pi / 13.5
    assert steps == pytest.approx(np.array([2.5, 2.5, 1.0, 2.5, 2.5]) * place)
    assert angle[0] == pytest.approx(1.25 * place)  # half a place, half a gap


def test_places_do_not_depend_on_the_year_asked_for(f: Filiere) -> None:
    places = network_positions(f)
    for year in (2020, 2024):
        nodes = network_data(f, year=year).nodes
        assert nodes["actor_id"].tolist() == places.index.tolist()
        assert nodes["x"].tolist() == places["x"].tolist() and nodes["y"].tolist() == places["y"].tolist()


def test_places_given_make_two_frozen_years_comparable(f: Filiere) -> None:
    places = network_positions(f)
    then, now = (network_data(f.at(year), positions=places) for year in (2020, 2024))
    assert then.nodes[["actor_id", "x", "y", "pole"]].equals(now.nodes[["actor_id", "x", "y", "pole"]])
    present = dict(zip(then.nodes["actor_id"], then.nodes["is_present"], strict=True))
    assert not present["chantier"] and sum(present.values()) == 5
    assert (then.year, now.year) == (2020, 2024)
    # the place of who is not there keeps its college, not its name
    absent = then.nodes[~then.nodes["is_present"]].iloc[0]
    assert (absent["pole"], absent["label"], absent["n_ties"]) == ("ess", "", 0)


def test_ties_of_every_year_count_for_places(f: Filiere) -> None:
    # without the tie that only began in 2023, the places of all years would not be found in 2020
    assert network_positions(f).equals(network_positions(network()))
    ended = network().cooperations.reset_index(drop=True)
    rows = ended[["actor_id", "to_actor_id", "kind", "intensity"]].assign(until=[2021] * 4)
    assert network_positions(network(cooperations=rows.to_dict("list"))).equals(network_positions(f))


def test_who_is_tied_stands_near_within_its_college() -> None:
    # two colleges of four, each tied to its mirror: the other way round no two lines cross
    block = np.repeat([0, 1], 4)
    a, b = np.arange(4, dtype=np.int32), np.array([4, 5, 6, 7], dtype=np.int32)
    order = _order(block, a, b)
    left, right = order[:4].tolist(), (order[4:] - 4).tolist()
    assert sorted(left) == [0, 1, 2, 3]
    assert left == right[::-1]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30),
    st.lists(st.integers(0, 3), min_size=12, max_size=12),
)
def test_an_order_holds_each_actor_once_and_colleges_together(
    pairs: list[tuple[int, int]], blocks: list[int]
) -> None:
    block = np.array(blocks)
    a = np.array([x for x, y in pairs if x != y], dtype=np.int32)
    b = np.array([y for x, y in pairs if x != y], dtype=np.int32)
    order = _order(block, a, b)
    assert sorted(order.tolist()) == list(range(12))
    assert (np.diff(block[order]) >= 0).all()
    assert order.tolist() == _order(block, a, b).tolist()


def test_places_that_are_none_are_refused(f: Filiere) -> None:
    places = network_positions(f)
    with pytest.raises(ArgumentError, match="no place for the actor 'labo'"):
        network_data(f, positions=places.drop("labo"))
    with pytest.raises(UnknownNameError, match="'y'"):
        network_data(f, positions=places.drop(columns="y"))
    with pytest.raises(ArgumentError, match="one place"):
        network_data(f, positions=places.assign(x=NAN))
    with pytest.raises(ArgumentError, match="one place"):
        network_data(f, positions=pd.concat([places, places.iloc[:1]]))


# -- the frames -----------------------------------------------------------------------------------------


def test_a_pair_is_one_tie_as_strong_as_its_strongest(data: NetworkData) -> None:
    # Mairie–Filature is told twice: information (1) and joint action (2)
    # Atelier–Chantier states no intensity: unknown
    assert data.ties.fillna({"intensity": -1.0}).values.tolist() == [
        ["fil", "mairie", 2.0],
        ["mairie", "atelier", 4.0],
        ["atelier", "chantier", -1.0],
    ]
    assert data.ties.dtypes.astype(str).to_dict() == {
        "actor_id": "str", "to_actor_id": "str", "intensity": "float64",
    }  # fmt: skip


def test_what_nobody_was_asked_is_counted(data: NetworkData) -> None:
    # 15 pairs; the 5 of the town hall are documented, and Atelier–Chantier by its row
    assert (data.possible, data.documented) == (15, 6)
    nodes = data.nodes.set_index("actor_id")
    assert nodes["n_ties"].to_dict() == {
        "fil": 1, "mairie": 2, "atelier": 2, "chantier": 1, "labo": 0, "voisin": 0,
    }  # fmt: skip
    # five unasked: four pairs each, less Atelier–Chantier for these two
    assert nodes["n_unknown"].to_dict() == {
        "fil": 4, "mairie": 0, "atelier": 3, "chantier": 3, "labo": 4, "voisin": 4,
    }  # fmt: skip
    assert nodes["is_asked"].to_dict() == {name: name == "mairie" for name in nodes.index}


def test_colleges_come_with_their_pairs(data: NetworkData) -> None:
    rows = data.poles.set_index(["group", "to_group"])
    assert rows.loc[("elected", "ess"), ["ties", "possible", "documented"]].tolist() == [1, 2, 2]
    assert rows.loc[("ess", "ess"), ["ties", "possible"]].tolist() == [1, 1]


def test_who_cannot_cooperate_is_not_there() -> None:
    actors = ACTORS | {"actor_type": ["organisation"] * 4 + ["diffuse", "outside"]}
    data = network_data(network(actors=actors))
    assert data.nodes["actor_id"].isin(["labo", "voisin"]).sum() == 0


def test_frames_of_nobody_have_the_same_columns(data: NetworkData) -> None:
    empty = network_data(Filiere.from_tables(actors={"name": []}))
    assert empty.nodes.dtypes.astype(str).to_dict() == data.nodes.dtypes.astype(str).to_dict()
    assert (len(empty.nodes), len(empty.ties), empty.possible) == (0, 0, 0)


# -- the drawing ----------------------------------------------------------------------------------------


def test_everyone_is_named_and_those_without_a_tie_too(ax: Axes) -> None:
    assert set(NAMES) <= set(words(ax))


def test_colleges_differ_in_colour_and_in_shape() -> None:
    poles = [*(pole.value for pole in Pole), None]
    assert len({marker_of(pole)[0] for pole in poles}) == len(poles)
    assert len({pole_colour(pole) for pole in poles}) == len(poles)


def test_who_was_asked_is_full_who_was_not_hollow(ax: Axes) -> None:
    shown = marks(ax)
    assert set(shown) == {
        "actors-enterprise-not-asked",
        "actors-elected-asked",
        "actors-ess-not-asked",
        "actors-expertise-not-asked",
        "actors-unknown-not-asked",
    }
    assert to_hex(shown["actors-elected-asked"].get_facecolor()[0]) == pole_colour("elected").lower()
    assert to_hex(shown["actors-ess-not-asked"].get_facecolor()[0]) == "#ffffff"
    assert to_hex(shown["actors-ess-not-asked"].get_edgecolor()[0]) == pole_colour("ess").lower()


def test_the_more_ties_the_larger_the_mark(ax: Axes) -> None:
    sizes = marks(ax)["actors-ess-not-asked"].get_sizes()
    assert sorted(sizes.tolist())[0] < sorted(sizes.tolist())[1]  # one tie, two ties


def test_ties_are_as_wide_as_they_are_strong_and_broken_where_it_is_not_stated(ax: Axes) -> None:
    shown = lines(ax)
    assert set(shown) == {"ties-2-between", "ties-4-between", "ties-0-ess", "leaders"}
    assert shown["ties-4-between"].get_linewidths()[0] == pytest.approx(WIDTHS[4])
    assert shown["ties-2-between"].get_linewidths()[0] == pytest.approx(WIDTHS[2])
    dashes = shown["ties-0-ess"].get_linestyles()[0]
    assert dashes[1] is not None and shown["ties-4-between"].get_linestyles()[0][1] is None
    assert to_hex(shown["ties-0-ess"].get_edgecolor()[0]) == pole_colour("ess").lower()


def test_ties_lead_from_actor_to_actor_within_the_circle(data: NetworkData) -> None:
    page = NetworkPage.of(data, width=450.0, height=None)
    bent = curves(page, data.ties, data.nodes)
    place = dict(zip(data.nodes["actor_id"], range(6), strict=True))
    for line, row in zip(bent, data.ties.itertuples(), strict=True):
        a, b = place[row.actor_id], place[row.to_actor_id]
        assert line[0] == pytest.approx([page.x[a], page.y[a]])
        assert line[-1] == pytest.approx([page.x[b], page.y[b]])
        assert np.hypot(*(line - np.array(page.middle)).T).max() <= page.radius + 1e-6


def test_the_legend_tells_only_what_is_there(ax: Axes) -> None:
    written = words(ax)
    assert {
        "Enterprises (1)",
        "Unknown college (1)",
        "Contract",
        "Joint action",
        "intensity not stated",
    } <= set(written)
    assert "Agreement" not in written and "not there that year" not in written
    assert {"asked", "not asked: its other ties are unknown"} <= set(written)


def test_what_is_not_known_is_told_in_words(ax: Axes) -> None:
    said = notes(ax)
    assert "3 known cooperations among 15 possible pairs" in said
    assert "9 pairs are not documented: without a line, they may cooperate all the same" in said
    assert "2 actors without a known tie" in said


def test_who_is_not_there_leaves_its_place_empty(f: Filiere) -> None:
    ax = network_figure(f, year=2020, lang="en")
    empty = marks(ax)["empty"]
    place = network_data(f, year=2020).nodes
    assert len(np.asarray(empty.get_offsets())) == int((~place["is_present"]).sum()) == 1
    assert "Chantier" not in words(ax) and "not there that year" in words(ax)
    assert "(2020)" in notes(ax)
    # everybody else stands where they stand in the figure of all years
    whole = np.asarray(marks(network_figure(f, lang="en"))["actors-elected-asked"].get_offsets())
    assert np.asarray(marks(ax)["actors-elected-asked"].get_offsets())[0, 0] == pytest.approx(
        whole[0, 0], abs=12
    )


def test_sixty_names_and_no_two_on_one_another(many: NetworkData) -> None:
    page = NetworkPage.of(many, width=450.0, height=None)
    assert len(page.names) == MOST_NAMED
    for side in (True, False):
        own = sorted((name for name in page.names if name.is_right == side), key=lambda name: name.y)
        for above, below in zip(own[:-1], own[1:], strict=True):
            assert above.y + above.words.height / 2 <= below.y - below.words.height / 2 + 1e-6
    tops = [name.y - name.words.height / 2 for name in page.names]
    ends = [name.y + name.words.height / 2 for name in page.names]
    assert min(tops) >= -1e-6 and max(ends) <= page.height + 1e-6
    assert min(name.words.size for name in page.names) >= 6.0


def test_names_stand_outside_of_the_circle(many: NetworkData) -> None:
    page = NetworkPage.of(many, width=450.0, height=None)
    for name in page.names:
        across = abs(name.x - page.middle[0])
        nearest = max(abs(name.y - page.middle[1]) - name.words.height / 2, 0.0)
        assert np.hypot(across, nearest) >= page.radius


def test_above_sixty_the_most_tied_are_named_and_that_is_said(many: NetworkData) -> None:
    named = {name.node for name in NetworkPage.of(many, width=450.0, height=None).names}
    ties = many.nodes["n_ties"]
    left_out = [place for place in range(len(ties)) if place not in named]
    assert ties[left_out].max() <= ties[sorted(named)].min()
    assert "seuls les 60 acteurs les plus liés sont nommés, sur 70" in notes(draw_network(many))


@pytest.fixture(scope="module")
def hundreds() -> NetworkData:
    return network_data(crowd(MOST_DRAWN + 1, 900), lang="en")


def test_above_three_hundred_colleges_stand_for_actors_and_that_is_said(hundreds: NetworkData) -> None:
    assert hundreds.is_by_pole
    ax = draw_network(hundreds, lang="en")
    assert "301 actors: too many for each to be drawn" in notes(ax)
    assert not marks(ax)
    discs: dict[str, Any] = {str(patch.get_gid()): patch for patch in ax.patches}
    assert {"pole-enterprise", "pole-elected", "pole-ess", "pole-unknown"} <= set(discs)
    counts = hundreds.present["pole"].fillna("unknown").value_counts()
    radii = {name: discs[f"pole-{name}"].get_radius() for name in counts.index}
    for name in counts.index:  # areas in proportion to actors
        assert radii[name] ** 2 / radii["ess"] ** 2 == pytest.approx(counts[name] / counts["ess"])


def test_lines_between_colleges_are_as_wide_as_their_ties(hundreds: NetworkData) -> None:
    ax = draw_network(hundreds, lang="en")
    found: list[Any] = [line for line in [*ax.lines, *ax.artists] if line.get_gid() == "poles-tied"]
    between = hundreds.poles[hundreds.poles["group"].fillna("").ne(hundreds.poles["to_group"].fillna(""))]
    assert len(found) == int(between["ties"].gt(0).sum()) == 6
    widths = sorted(float(line.get_linewidth()) for line in found)
    ties = sorted(between["ties"])
    assert widths[0] / widths[-1] == pytest.approx(ties[0] / ties[-1])
    inside = hundreds.poles[hundreds.poles["group"].eq("ess") & hundreds.poles["to_group"].eq("ess")]
    assert f"within it: {inside['ties'].iloc[0]}" in words(ax)


def test_between_colleges_nobody_was_asked_of_stands_a_question() -> None:
    ax = draw_network(network_data(crowd(MOST_DRAWN + 10, 0), lang="en"), lang="en")
    unknown = [line for line in [*ax.lines, *ax.artists] if line.get_gid() == "poles-unknown"]
    assert len(unknown) == 6 and "?" in words(ax) and "within it: ?" in words(ax)


def test_with_nobody_it_says_so() -> None:
    empty = Filiere.from_tables(actors={"name": []})
    assert "Aucun acteur susceptible de coopérer n’est décrit." in notes(network_figure(empty)).replace(
        "\n", " "
    )
    assert network_alt_text(network_data(empty)) == "Aucun acteur susceptible de coopérer n’est décrit."


def test_one_actor_is_drawn() -> None:
    ax = network_figure(Filiere.from_tables(actors={"name": ["Seul"]}), lang="en")
    assert "Seul" in words(ax) and "0 known cooperations among 0 possible pairs" in notes(ax)


@pytest.mark.parametrize("size", [(6.3, 4.0), (10.0, 5.6), (1.0, 1.0)])
def test_given_axes_are_taken_over_whole(data: NetworkData, size: tuple[float, float]) -> None:
    figure = Figure(figsize=size)
    ax = figure.add_axes((0, 0, 1, 1))
    assert draw_network(data, ax=ax, lang="en", title="$x$") is ax
    FigureCanvasAgg(figure).draw()
    assert ax.get_xlim() == pytest.approx((0.0, 72 * size[0]))


def test_names_from_anywhere_are_drawn_as_text() -> None:
    names = ["$x^{$", "A" * 300, "\u0645\u0631\u062d\u0628\u0627", "🏭 <script>", "a\x00b\nc", "=1+1"]
    ax = network_figure(network(actors=ACTORS | {"name": names}))
    assert isinstance(ax.figure, Figure)
    FigureCanvasAgg(ax.figure).draw()
    assert all(not text.get_parse_math() for text in ax.texts)


def test_the_same_filiere_gives_the_same_bytes(ax: Axes, tmp_path: Path) -> None:
    first = [path.read_bytes() for path in save(ax, tmp_path / "a")]
    second = [path.read_bytes() for path in save(network_figure(network(), lang="en"), tmp_path / "b")]
    assert first == second


# -- in words -------------------------------------------------------------------------------------------


def test_the_words_tell_the_ties_who_has_most_and_who_is_not_there(f: Filiere) -> None:
    said = network_alt_text(network_data(f, year=2020, lang="en"), "en")
    # in 2020: Mairie–Atelier and Mairie–Filature, five actors, ten pairs of which four are documented
    assert said.startswith(
        "Network of cooperation by college: 5 actors; 2 known cooperations among 10 possible pairs (2020); "
        "6 pairs are not documented"
    )
    assert "Most tied: Mairie (2 ties), Filature (1 tie) and Atelier (1 tie)." in said
    assert "Colleges that meet most: Enterprises – Elected officials, 1 tie; " in said
    assert said.endswith("1 place is empty: its actor is not there in 2020.")


def test_the_example_is_legible() -> None:
    ax = network_figure(cv.datasets.load("exemple_complet"))
    assert min(float(text.get_fontsize()) for text in ax.texts) >= 6.0
    assert isinstance(ax.figure, Figure)
    assert ax.figure.get_figheight() * 2.54 <= 20
