"""The network by college checked by a second hand: pairs one by one, places by trigonometry, signs off the artists."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import atan2, cos, dist, hypot, pi, sin
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

from chaine_valeur import Filiere
from chaine_valeur.figures import NetworkData, draw_network, network_alt_text, network_data, network_positions
from chaine_valeur.figures._groups_signs import pole_colour
from chaine_valeur.figures._network_data import _angles, _length, _order
from chaine_valeur.figures._network_page import MOST_NAMED, STRIP, NetworkPage, curves, named
from chaine_valeur.figures._network_poles import draw_poles
from chaine_valeur.figures._network_signs import GREY, WIDTHS, legend_of, notes_of
from chaine_valeur.figures._sheet import open_sheet
from chaine_valeur.figures._style import INK, PAPER, SOFT_INK
from chaine_valeur.figures._text import line_width
from chaine_valeur.vocabulary import Intensity, Pole
from tests.figures.builders import HOSTILE, check_on_sheet, written

pytestmark = pytest.mark.long

NB, NAN = "\u00a0", float("nan")
POLES = [pole.value for pole in Pole]
LEVELS = [term.value for term in Intensity]
IDS = [f"a{number}" for number in range(8)]
#: A row: from, to, intensity (None: not stated), state, first year (None: always).
Row = tuple[int, int, str | None, str, int | None]


def network(poles: list[str | None], asked: list[bool], rows: list[Row], **changes: Any) -> Filiere:
    """Actors a0, a1 … of these colleges, and rows that speak of their cooperation."""
    count = len(poles)
    tables: dict[str, Any] = {
        "actors": {
            "actor_id": [f"a{number}" for number in range(count)],
            "name": [f"Acteur {number}" for number in range(count)],
            "pole": poles,
            "surveyed_on": ["2024-01-01" if one else None for one in asked],
        }
    }
    if rows:
        tables["cooperations"] = {
            "actor_id": [f"a{row[0]}" for row in rows],
            "to_actor_id": [f"a{row[1]}" for row in rows],
            "kind": ["training"] * len(rows),
            "intensity": [row[2] for row in rows],
            "state": [row[3] for row in rows],
            "since": [row[4] for row in rows],
        }
    tables |= changes
    return Filiere.from_tables(
        **{name: pd.DataFrame(rows) for name, rows in tables.items() if rows is not None}
    )


ROWS = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.integers(0, 7),
        st.sampled_from([None, *LEVELS]),
        st.sampled_from(["observed", "observed", "absent"]),
        st.sampled_from([None, 2020, 2024]),
    ).filter(lambda row: row[0] != row[1]),
    max_size=16,
)
COLLEGES = st.lists(st.sampled_from([*POLES, None]), min_size=8, max_size=8)
ASKED = st.lists(st.booleans(), min_size=8, max_size=8)


def pair(a: int, b: int) -> frozenset[str]:
    return frozenset({f"a{a}", f"a{b}"})


# -- pairs, one by one ----------------------------------------------------------------------------------


@settings(max_examples=6, deadline=None)
@given(COLLEGES, ASKED, ROWS)
def test_ties_and_unknown_pairs_are_those_counted_one_by_one(
    poles: list[str | None], asked: list[bool], rows: list[Row]
) -> None:
    data = network_data(network(poles, asked, [(*row[:4], None) for row in rows]))
    tied: dict[frozenset[str], list[str | None]] = {}
    for a, b, level, state, _ in rows:
        if state == "observed":
            tied.setdefault(pair(a, b), []).append(level)
    spoken = {pair(a, b) for a, b, _, _, _ in rows}
    documented = {pair(a, b) for a, b in combinations(range(8), 2) if asked[a] or asked[b]} | spoken
    assert (data.possible, data.documented) == (28, len(documented))
    found = {frozenset({row.actor_id, row.to_actor_id}): row.intensity for row in data.ties.itertuples()}
    assert found.keys() == tied.keys() and len(found) == len(data.ties)
    for key, levels in tied.items():
        stated = [1 + LEVELS.index(level) for level in levels if level is not None]
        assert np.isnan(found[key]) if not stated else found[key] == max(stated), key
    for row in data.nodes.itertuples():
        others = {frozenset({row.actor_id, other}) for other in IDS if other != row.actor_id}
        assert row.n_ties == len(others & tied.keys())
        assert row.n_unknown == len(others - documented)
        assert row.is_present and row.is_asked == asked[int(row.actor_id[1:])]
        assert (None if pd.isna(row.pole) else row.pole) == poles[int(row.actor_id[1:])]


@settings(max_examples=6, deadline=None)
@given(COLLEGES, ROWS)
def test_places_hold_whatever_the_year_and_ties_are_those_of_the_year(
    poles: list[str | None], rows: list[Row]
) -> None:
    rows = [(*row[:3], "observed", row[4]) for row in rows]
    f = network(poles, [False] * 8, rows)
    places = network_positions(f)
    for year in (2019, 2024):
        data = network_data(f, year=year)
        assert data.nodes.set_index("actor_id")[["x", "y"]].equals(places[["x", "y"]])
        expected = {pair(a, b) for a, b, _, _, since in rows if since is None or since <= year}
        found = {frozenset(each) for each in data.ties[["actor_id", "to_actor_id"]].itertuples(index=False)}
        assert found == expected, year
        assert data.nodes["is_present"].all() and data.year == year


# -- places ---------------------------------------------------------------------------------------------


@settings(max_examples=6, deadline=None)
@given(COLLEGES, ROWS)
def test_colleges_are_sectors_of_equal_steps(poles: list[str | None], rows: list[Row]) -> None:
    places = network_positions(network(poles, [False] * 8, rows))
    order = [*POLES, None]
    rank = [order.index(None if pd.isna(pole) else pole) for pole in places["pole"]]
    assert rank == sorted(rank) and sorted(places.index) == IDS
    sectors = len(set(rank))
    whole = 8 + 1.5 * sectors if sectors > 1 else 8  # room between colleges, also across the top
    step = 2 * pi / whole
    angles = [atan2(x, y) % (2 * pi) for x, y in zip(places["x"], places["y"], strict=True)]
    for (first, second), (low, high) in zip(pairwise(rank), pairwise(angles), strict=True):
        assert high - low == pytest.approx(step if first == second else 2.5 * step)
    last = angles[0] + 2 * pi - angles[-1]
    assert last == pytest.approx(2.5 * step if sectors > 1 else step)


def test_the_order_of_rows_in_the_tables_moves_no_college() -> None:
    poles: list[str | None] = ["ess", "elected", "ess", None, "enterprise", "ess", "elected", "ess"]
    rows: list[Row] = [(0, 1, None, "observed", None), (2, 4, None, "observed", None)]
    f = network(poles, [False] * 8, rows)
    turned = f.with_table("actors", f.actors.iloc[::-1])
    first, second = network_positions(f), network_positions(turned)
    assert first["pole"].tolist() == second["pole"].tolist()
    assert first["x"].tolist() == pytest.approx(second["x"].tolist())


def chords(order: list[int], block: list[int], ties: list[tuple[int, int]]) -> float:
    """Half the squares of the chords of all ties, from the angles of places."""
    angle = dict(zip(order, _angles(np.array(block)[order]).tolist(), strict=True))
    at = {node: (sin(turn), cos(turn)) for node, turn in angle.items()}
    return sum(dist(at[a], at[b]) ** 2 for a, b in ties) / 2


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(0, 2), min_size=7, max_size=7),
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda each: each[0] != each[1]), max_size=10
    ),
)
def test_the_order_found_is_no_longer_than_the_given_one(
    block: list[int], ties: list[tuple[int, int]]
) -> None:
    a, b = (np.array([each[side] for each in ties], dtype=np.int32) for side in (0, 1))
    blocks = np.array(block)
    order = _order(blocks, a, b)
    given_order = np.argsort(blocks, kind="stable")
    for each in (order, given_order):
        assert _length(each, blocks, a, b) == pytest.approx(chords(each.tolist(), block, ties), abs=1e-9)
    assert chords(order.tolist(), block, ties) <= chords(given_order.tolist(), block, ties) + 1e-9


def test_of_four_actors_the_two_that_are_tied_to_one_side_stand_there() -> None:
    # college 0: 0 to 3; college 1: 4; college 2: 5. Who is tied to 4 stands after who is tied to 5
    block = np.array([0, 0, 0, 0, 1, 2])
    a, b = np.array([0, 1, 2, 3], dtype=np.int32), np.array([4, 5, 4, 5], dtype=np.int32)
    order = _order(block, a, b).tolist()
    assert set(order[:2]) == {1, 3} and set(order[2:4]) == {0, 2}
    assert order[4:] == [4, 5]


@pytest.mark.parametrize(
    ("block", "turns"),
    [
        ([], []),
        ([0], [0.5]),
        ([0, 0], [0.25, 0.75]),
        # two colleges: (1 + 1.25) and (1 + 1.5 + 1.25 + …) of 2 + 2 · 1.5 = 5 places
        ([0, 1], [1.25 / 5, 3.75 / 5]),
        # 3 + 2 · 1.5 = 6 places
        ([0, 0, 3], [1.25 / 6, 2.25 / 6, 4.75 / 6]),
    ],
)
def test_angles_by_hand(block: list[int], turns: list[float]) -> None:
    assert (_angles(np.array(block, dtype=np.int64)) / (2 * pi)).tolist() == pytest.approx(turns)


# -- the page -------------------------------------------------------------------------------------------


def crowd(count: int, *, ties: int = 0, seed: int = 4, name: str = "Structure de coopération") -> NetworkData:
    """Actors of every college in turn, tied at random."""
    random = np.random.default_rng(seed)
    poles = [[*POLES, None][number % 7] for number in range(count)]
    rows: list[Row] = []
    for a, b in random.integers(0, count, (ties, 2)).tolist():
        if a != b:
            rows.append((a, b, [None, *LEVELS][(a + b) % 5], "observed", None))
    f = network(poles, [number % 3 == 0 for number in range(count)], rows)
    actors = f.actors.assign(name=[f"{name} {number}" for number in range(count)])
    return network_data(f.with_table("actors", actors), lang="en")


@pytest.fixture(scope="module")
def data() -> NetworkData:
    return crowd(24, ties=40)


@pytest.fixture(scope="module")
def ax(data: NetworkData) -> Axes:
    return draw_network(data, lang="en", title="Réseau")


@pytest.mark.parametrize("count", [1, 2, 3, 7, 24, 59, 90])
@pytest.mark.parametrize("height", [None, 260.0])
def test_names_cover_neither_one_another_nor_the_circle_nor_the_edge(
    count: int, height: float | None
) -> None:
    data = crowd(count)
    page = NetworkPage.of(data, width=450.0, height=height)
    assert len(page.names) == min(count, MOST_NAMED)
    assert page.height == height if height is not None and count <= 24 else page.height > 0
    x0, y0 = page.middle
    boxes = []
    for name in page.names:
        wide = max(line_width(line, name.words.size) for line in name.words.lines)
        left = name.x if name.is_right else name.x - wide
        assert left >= 0.0 and left + wide <= 450.0
        half = name.words.height / 2
        assert name.y - half >= -1e-6 and name.y + half <= page.height + 1e-6
        # the nearest corner of the words stands outside of the strip
        near = name.x
        level = max(abs(name.y - y0) - half, 0.0)
        assert hypot(near - x0, level) >= page.radius + STRIP - 1.0 or level > page.radius
        boxes.append((name.is_right, name.y - half, name.y + half))
    for side in (True, False):
        mine = sorted((top, bottom) for right, top, bottom in boxes if right is side)
        assert all(low >= high - 1e-6 for (_, high), (low, _) in pairwise(mine))


def test_names_stand_in_the_order_of_their_actors(data: NetworkData) -> None:
    page = NetworkPage.of(data, width=450.0, height=None)
    for side in (True, False):
        mine = sorted((name for name in page.names if name.is_right is side), key=lambda name: name.y)
        levels = [page.y[name.node] for name in mine]
        assert levels == sorted(levels)  # no two leaders cross
        for name in mine:
            assert name.is_right == (data.nodes["x"][name.node] >= 0)


def test_nodes_stand_on_the_circle_of_the_page(data: NetworkData) -> None:
    page = NetworkPage.of(data, width=450.0, height=None)
    for x, y, at_x, at_y in zip(page.x, page.y, data.nodes["x"], data.nodes["y"], strict=True):
        assert (x, y) == pytest.approx(
            (page.middle[0] + page.radius * at_x, page.middle[1] - page.radius * at_y)
        )
    assert page.pitch == pytest.approx(2 * pi * page.radius / 24)
    assert page.middle[0] == 225.0


def test_leaders_lead_from_the_circle_to_their_name(data: NetworkData) -> None:
    page = NetworkPage.of(data, width=450.0, height=None)
    drawn = [name for name in page.names if name.leader is not None]
    assert drawn
    for name in drawn:
        assert name.leader is not None
        start, end = name.leader
        assert dist(start, page.middle) == pytest.approx(page.radius + STRIP + 3.0)
        assert end[1] == pytest.approx(name.y) and abs(end[0] - name.x) == pytest.approx(1.5)
        assert dist(start, end) > 5.0  # a shorter one says nothing


def test_those_with_most_ties_bear_their_name() -> None:
    data = crowd(80, ties=200)
    shown = set(named(data).tolist())
    ties = data.nodes["n_ties"]
    assert len(shown) == 60
    least = min(ties[node] for node in shown)
    assert all(ties[node] <= least for node in range(80) if node not in shown)


def test_curves_bend_towards_the_middle_and_end_at_their_actors(data: NetworkData) -> None:
    page = NetworkPage.of(data, width=450.0, height=None)
    lines = curves(page, data.ties, data.nodes)
    assert lines.shape == (len(data.ties), 17, 2)
    at = dict(zip(data.nodes["actor_id"], zip(page.x, page.y, strict=True), strict=True))
    for line, row in zip(lines, data.ties.itertuples(), strict=True):
        p, q = at[row.actor_id], at[row.to_actor_id]
        assert line[0] == pytest.approx(p) and line[-1] == pytest.approx(q)
        half = ((p[0] + q[0]) / 2 - page.middle[0], (p[1] + q[1]) / 2 - page.middle[1])
        share = 0.25 + 0.35 * hypot(*half) / page.radius
        # a parabola is halfway between its chord and its control point in the middle
        expected = [page.middle[side] + half[side] * (1 + share) / 2 for side in (0, 1)]
        assert line[8] == pytest.approx(expected)
        assert all(dist(point, page.middle) <= page.radius + 1e-6 for point in line.tolist())


# -- the artists ----------------------------------------------------------------------------------------


def collections(ax: Axes, kind: Any, prefix: str) -> dict[str, Any]:
    return {
        str(each.get_gid()): each
        for each in ax.collections
        if isinstance(each, kind) and str(each.get_gid()).startswith(prefix)
    }


def test_every_tie_is_one_line_of_its_strength_and_colour(data: NetworkData, ax: Axes) -> None:
    pole = data.nodes.set_index("actor_id")["pole"]
    expected: dict[str, int] = {}
    for row in data.ties.itertuples():
        ends = [pole[row.actor_id], pole[row.to_actor_id]]
        own = ends[0] if not pd.isna(ends[0]) and ends[0] == ends[1] else "between"
        level = 0 if np.isnan(row.intensity) else int(row.intensity)
        gid = f"ties-{level}-{own}"
        expected[gid] = expected.get(gid, 0) + 1
    drawn = collections(ax, LineCollection, "ties-")
    assert {gid: len(lot.get_segments()) for gid, lot in drawn.items()} == expected
    thin = float(np.clip(12.0 / np.sqrt(len(data.ties)), 0.35, 1.0))
    for gid, lot in drawn.items():
        _, strength, own = gid.split("-", 2)
        assert lot.get_linewidths()[0] == pytest.approx(thin * WIDTHS[int(strength)])
        assert to_hex(lot.get_edgecolors()[0]) == (GREY if own == "between" else pole_colour(own)).lower()
        broken = lot.get_linestyles()[0][1] is not None
        assert broken == (strength == "0")


def test_marks_are_full_where_asked_hollow_else_and_larger_with_more_ties(
    data: NetworkData, ax: Axes
) -> None:
    drawn = collections(ax, PathCollection, "actors-")
    counts = data.nodes.groupby([data.nodes["pole"].fillna("unknown"), "is_asked"]).size()
    assert len(drawn) == len(counts)
    for (pole, asked), count in counts.items():
        lot = drawn[f"actors-{pole}-{'asked' if asked else 'not-asked'}"]
        assert len(lot.get_offsets()) == count
        face, edge = (to_hex(each[0]) for each in (lot.get_facecolors(), lot.get_edgecolors()))
        assert edge == pole_colour(None if pole == "unknown" else pole).lower()
        assert face == (edge if asked else PAPER.lower())
        rows = data.nodes[(data.nodes["pole"].fillna("unknown") == pole) & (data.nodes["is_asked"] == asked)]
        order = np.argsort(rows["n_ties"].to_numpy(), kind="stable")
        assert (np.diff(np.asarray(lot.get_sizes())[order]) >= -1e-9).all()


def test_each_college_has_a_strip_that_covers_its_actors_only(data: NetworkData, ax: Axes) -> None:
    strips = {str(line.get_gid()): line for line in ax.lines if str(line.get_gid()).startswith("strip-")}
    assert set(strips) == {f"strip-{pole}" for pole in [*POLES, "unknown"]}
    page = NetworkPage.of(data, width=16.0 * 72 / 2.54, height=None)
    middle = (page.middle[0], page.middle[1] + 20.0)  # below the title
    turn = {row.actor_id: atan2(row.x, row.y) % (2 * pi) for row in data.nodes.itertuples()}
    for pole in [*POLES, None]:
        line = strips[f"strip-{pole or 'unknown'}"]
        xs, ys = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
        reach = np.hypot(xs - middle[0], ys - middle[1])
        assert reach == pytest.approx(np.full(60, page.radius + STRIP))
        along = np.arctan2(xs - middle[0], middle[1] - ys) % (2 * pi)
        for row in data.nodes.itertuples():
            mine = pd.isna(row.pole) if pole is None else row.pole == pole
            inside = along.min() <= turn[row.actor_id] <= along.max()
            assert inside == mine, (pole, row.actor_id)


def test_a_sector_that_lies_across_the_top_has_one_strip() -> None:
    alone = crowd(5)
    nodes = alone.nodes.assign(
        pole="ess",
        x=np.sin(np.radians([-20.0, -10, 0, 10, 20])),
        y=np.cos(np.radians([-20.0, -10, 0, 10, 20])),
    )
    ax = draw_network(NetworkData(nodes, alone.ties, alone.poles, 10, 0))
    (strip,) = [line for line in ax.lines if str(line.get_gid()).startswith("strip-")]
    xs = np.asarray(strip.get_xdata())
    middle = (xs.min() + xs.max()) / 2
    assert (np.diff(xs) > 0).all()  # from left to right over the top, not around the bottom
    assert xs.max() - middle < 0.6 * float(np.ptp(ax.get_xlim()))


def test_who_is_without_a_tie_is_named_in_a_lighter_ink(data: NetworkData, ax: Axes) -> None:
    inks = {
        str(text.get_gid()): to_hex(str(text.get_color()))
        for text in ax.texts
        if str(text.get_gid()).startswith("name-")
    }
    for number, ties in enumerate(data.nodes["n_ties"]):
        assert inks[f"name-{number + 1}"] == (INK if ties else SOFT_INK).lower()


def test_everything_stands_on_the_sheet(ax: Axes) -> None:
    check_on_sheet(ax)
    assert "Réseau" in written(ax)


# -- colleges in place of actors --------------------------------------------------------------------------


def poles_of(
    rows: list[tuple[str | None, str | None, int, int, int]], present: dict[str | None, int]
) -> NetworkData:
    """Frames of colleges: group, other, ties, possible, documented; and how many actors each has."""
    table = pd.DataFrame(rows, columns=["group", "to_group", "ties", "possible", "documented"])
    poles = [pole for pole, count in present.items() for _ in range(count)]
    nodes = pd.DataFrame(
        {"actor_id": [f"a{number}" for number in range(len(poles))], "label": "", "pole": poles, "x": 0.0,
         "y": 1.0, "is_present": True, "is_asked": True, "n_ties": 1, "n_unknown": 0}
    )  # fmt: skip
    return NetworkData(nodes, crowd(2).ties, table, 0, 0)


def drawn_poles(data: NetworkData, lang: str = "en") -> Axes:
    ax = open_sheet(None, width=450.0, total=300.0)
    draw_poles(ax, data, corner=(0.0, 0.0), size=(450.0, 300.0), lang=lang)
    return ax


def test_discs_have_areas_in_proportion_to_actors_and_lines_widths_to_ties() -> None:
    rows: list[tuple[str | None, str | None, int, int, int]] = [
        ("enterprise", "enterprise", 7, 3, 3),
        ("enterprise", "ess", 12, 40, 40),
        ("enterprise", None, 3, 9, 9),
        ("ess", None, 0, 9, 0),
        ("ess", "elected", 0, 4, 4),
    ]
    ax = drawn_poles(poles_of(rows, {"enterprise": 36, "ess": 9, None: 9, "elected": 1}))
    discs: list[Any] = [each for each in ax.patches if str(each.get_gid()).startswith("pole-")]
    radius = {disc.get_gid(): disc.get_radius() for disc in discs}
    # 36 to 9 actors: twice the radius; the most have 0.11 of the lower side
    assert radius["pole-enterprise"] == pytest.approx(33.0)
    assert radius["pole-ess"] == radius["pole-unknown"] == pytest.approx(16.5)
    assert radius["pole-elected"] == pytest.approx(33.0 / 6)
    tied = [line for line in ax.lines if line.get_gid() == "poles-tied"]
    unknown = [line for line in ax.lines if line.get_gid() == "poles-unknown"]
    # 12 and 3 ties; what nobody was asked of is broken; what is documented and none is not drawn
    assert [line.get_linewidth() for line in tied] == pytest.approx([12.0, 3.0])
    assert len(unknown) == 1 and unknown[0].get_linestyle() not in ("-", "solid")
    assert {"12", "3", "?", "within it: 7", "36 actors", "1 actor"} <= set(written(ax))


def test_figures_on_lines_that_cross_do_not_meet() -> None:
    # four colleges on a cross: both diagonals pass through the middle of the page
    names: list[str | None] = ["enterprise", "elected", "ess", None]
    rows: list[tuple[str | None, str | None, int, int, int]] = []
    for number, (a, b) in enumerate(combinations(names, 2)):
        rows.append((a, b, 370 + number, 1, 1))
    ax = drawn_poles(poles_of(rows, dict.fromkeys(names, 250)))
    told = [text for text in ax.texts if text.get_text().startswith("37")]
    assert len(told) == 6
    FigureCanvasAgg(ax.figure).draw()  # type: ignore[arg-type]
    for one, two in combinations(told, 2):
        assert not one.get_window_extent().overlaps(two.get_window_extent())


def test_discs_bear_the_names_of_colleges_and_the_legend_does_not_repeat_them() -> None:
    data = crowd(301)
    assert data.is_by_pole
    laid = legend_of(data, width=440.0, lang="fr")
    assert not laid.entries and any("301 acteurs" in line for line in laid.notes)
    said = written(draw_network(data, lang="fr"))
    assert said.count("43 acteurs") == 7  # 301 actors of seven colleges in turn
    assert [text for text in said if text.startswith("Élus")] == ["Élus"]


def test_within_a_college_nobody_was_asked_of_stands_a_question() -> None:
    ax = drawn_poles(poles_of([("ess", "ess", 0, 6, 0)], {"ess": 4}))
    assert "within it: ?" in written(ax)
    known = drawn_poles(poles_of([("ess", "ess", 0, 6, 6)], {"ess": 4}))
    assert "within it: 0" in written(known)  # a measured none


def test_discs_stand_apart_within_their_frame() -> None:
    names: list[str | None] = [*POLES, None]
    rows = [(a, b, 1, 1, 1) for a, b in combinations(names, 2)]
    ax = drawn_poles(poles_of(rows, dict.fromkeys(names, 60)), lang="fr")
    discs: list[Any] = [each for each in ax.patches if str(each.get_gid()).startswith("pole-")]
    for one, two in combinations(discs, 2):
        assert dist(one.center, two.center) > 1.5 * (one.get_radius() + two.get_radius())
    for disc in discs:
        (x, y), radius = disc.center, disc.get_radius()
        assert radius <= x <= 450 - radius and radius <= y <= 300 - radius
    FigureCanvasAgg(ax.figure).draw()  # type: ignore[arg-type]
    for text in ax.texts:
        box = text.get_window_extent()
        assert box.x0 >= 0 and box.x1 <= ax.figure.bbox.x1
    assert (
        "60 acteurs" in written(ax)
        and len([line for line in ax.lines if line.get_gid() == "poles-tied"]) == 21
    )


# -- words ----------------------------------------------------------------------------------------------


def test_notes_tell_what_is_known_and_what_is_not() -> None:
    f = network(["ess", "elected", None, None], [True, False, False, False], [(0, 1, None, "observed", None)])
    data = network_data(f)
    # a0 was asked: its three pairs; three others are unknown; a2 and a3 are without a tie
    assert notes_of(data, "en") == [
        "1 known cooperation among 6 possible pairs",
        "3 pairs are not documented: without a line, they may cooperate all the same",
        "2 actors without a known tie",
    ]
    french = notes_of(data, "fr")
    assert french[0] == "1 coopération connue sur 6 paires possibles" and "2 acteurs" in french[2]
    assert notes_of(network_data(f, year=2024), "en")[0].endswith("(2024)")


def test_where_everyone_was_asked_nothing_is_unknown() -> None:
    f = network(["ess", "ess"], [True, True], [(0, 1, "contract", "observed", None)])
    assert notes_of(network_data(f), "en") == ["1 known cooperation among 1 possible pair"]
    labels = [entry.label for entry, _, _ in legend_of(network_data(f), width=400.0, lang="en").entries]
    assert "asked" in labels and not any("not asked" in text for text in labels)
    assert "intensity not stated" not in labels and "not there that year" not in labels


def test_the_legend_counts_each_college_once_in_the_order_of_the_vocabulary(data: NetworkData) -> None:
    labels = [entry.label for entry, _, _ in legend_of(data, width=400.0, lang="en").entries]
    counts = [int(text.rsplit("(", 1)[1].rstrip(")")) for text in labels if text.endswith(")")]
    # 24 actors of seven colleges in turn: three each, one more of the first three
    assert counts == [4, 4, 4, 3, 3, 3, 3] and labels[0] == "College"


def test_the_words_name_those_with_most_ties_first(data: NetworkData) -> None:
    said = network_alt_text(data, "en")
    most = data.nodes.sort_values("n_ties", ascending=False, kind="stable").head(5)
    places = [
        said.index(f"{name} ({ties} ties)") for name, ties in zip(most["label"], most["n_ties"], strict=True)
    ]
    assert places == sorted(places) and len(places) == 5
    assert f"{len(data.ties)} known cooperations among 276 possible pairs" in said  # 24 · 23 / 2
    assert "Réseau" in network_alt_text(data, "fr")


def test_names_of_anything_are_drawn_as_they_are() -> None:
    f = network(["ess"] * 6, [True] * 6, [(0, 5, None, "observed", None)])
    f = f.with_table("actors", f.actors.assign(name=HOSTILE))
    ax = draw_network(network_data(f), lang="en", title=HOSTILE[0])
    check_on_sheet(ax)
    assert {HOSTILE[0], HOSTILE[1]} <= set(written(ax))
    assert network_alt_text(network_data(f), "fr")
