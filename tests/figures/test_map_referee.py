"""The map checked by a second hand: haversine, sums in plain Python, pixels inside of holes, nothing over anything."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from math import cos, dist, hypot, pi, radians, sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from chaine_valeur import Filiere
from chaine_valeur.earth import EARTH_RADIUS_KM, distance_km
from chaine_valeur.figures import MapData, draw_map, map_alt_text, map_data, territory_map
from chaine_valeur.figures._labels import touching
from chaine_valeur.figures._map_data import project
from chaine_valeur.figures._map_page import BEND, LARGEST, MapPage, _apart, _box, _sides, round_length
from chaine_valeur.figures._map_signs import LAND, TERRITORY, flow_style, legend_of, notes_of, role_style
from chaine_valeur.figures._outlines import read_outlines
from chaine_valeur.figures._paint import LINES
from chaine_valeur.figures._style import PAPER
from chaine_valeur.vocabulary import Role
from tests.figures.builders import HOSTILE, check_on_sheet, written

pytestmark = pytest.mark.long

NB, NAN = "\u00a0", float("nan")
ROLES = [role.value for role in Role]


def ring(west: float, south: float, side: float, *, clockwise: bool = False) -> list[list[float]]:
    """A closed square."""
    east, north = west + side, south + side
    points = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return points[::-1] if clockwise else points


def outline(*polygons: list[Any], **properties: Any) -> dict[str, Any]:
    """A commune of one polygon or several, each a list of rings."""
    several = len(polygons) > 1
    geometry = {"type": "MultiPolygon", "coordinates": list(polygons)} if several else {
        "type": "Polygon", "coordinates": polygons[0],
    }  # fmt: skip
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def filiere(actors: dict[str, Any], **tables: Any) -> Filiere:
    """Actors where they are; other tables as given."""
    given = {"actors": actors} | tables
    return Filiere.from_tables(**{name: pd.DataFrame(rows) for name, rows in given.items()})


def placed(places: list[tuple[float, float] | None], **more: Any) -> dict[str, Any]:
    """Actors a0, a1 … at latitude and longitude."""
    return {
        "actor_id": [f"a{number}" for number in range(len(places))],
        "name": [f"Structure {number}" for number in range(len(places))],
        "latitude": [None if at is None else at[0] for at in places],
        "longitude": [None if at is None else at[1] for at in places],
    } | more


def artists(ax: Axes, prefix: str = "") -> dict[str, Any]:
    found = [*ax.patches, *ax.collections, *ax.lines, *ax.artists]
    return {str(each.get_gid()): each for each in found if str(each.get_gid() or "").startswith(prefix)}


# -- distances ------------------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(
    st.floats(42.5, 50.5), st.floats(-4.0, 7.5),
    st.floats(-0.6, 0.6), st.floats(-0.8, 0.8), st.floats(-0.6, 0.6), st.floats(-0.8, 0.8),
)  # fmt: skip
def test_distances_on_the_map_are_those_of_the_sphere_within_two_percent(
    latitude: float, longitude: float, north: float, east: float, further: float, aside: float
) -> None:
    one, other = (latitude + north, longitude + east), (latitude + further, longitude + aside)
    x, y = project([one[0], other[0]], [one[1], other[1]], (latitude, longitude))
    found = hypot(x[1] - x[0], y[1] - y[0])
    assert found == pytest.approx(float(distance_km(*one, *other)), rel=0.02, abs=0.01)


def test_a_degree_by_hand() -> None:
    x, y = project([45.0, 46.0], [3.0, 4.0], (45.0, 3.0))
    degree = EARTH_RADIUS_KM * pi / 180
    assert x.tolist() == pytest.approx([0.0, degree * cos(radians(45))])
    assert y.tolist() == pytest.approx([0.0, degree])


def test_what_has_no_place_has_no_kilometres() -> None:
    data = map_data(filiere(placed([(49.5, 0.5), None, (49.6, 0.5)])))
    assert data.actors["x_km"].isna().tolist() == data.actors["y_km"].isna().tolist() == [False, True, False]
    assert data.actors["is_on_map"].tolist() == [True, False, True]


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.floats(49.0, 50.0), st.floats(0.0, 1.5)), min_size=1, max_size=9))
def test_the_scale_bar_measures_what_lies_between_marks(places: list[tuple[float, float]]) -> None:
    data = map_data(filiere(placed(list(places))), value=None)
    page = MapPage.of(data, width=440.0, height=None)
    x, y = page.at(data.actors["x_km"], data.actors["y_km"])  # before marks are moved apart
    for a, b in combinations(range(len(places)), 2):
        km = dist((x[a], y[a]), (x[b], y[b])) / page.scale
        assert km == pytest.approx(float(distance_km(*places[a], *places[b])), rel=0.02, abs=0.02)
    assert x.min() >= 0 and x.max() <= page.width and y.min() >= 0 and y.max() <= page.height
    left, right, top, bottom = page.foot
    assert 0 <= left < right <= page.width and 0 <= top < bottom <= page.height


# -- outlines -------------------------------------------------------------------------------------------


def area(points: list[list[float]]) -> float:
    """Signed area of a closed ring, by the shoelace."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points[:-1], points[1:], strict=True)) / 2


@pytest.mark.parametrize("outer", [False, True])
@pytest.mark.parametrize("inner", [False, True])
def test_edges_turn_one_way_and_holes_the_other_however_they_were_given(outer: bool, inner: bool) -> None:
    shape = outline(
        [ring(0.4, 49.5, 0.1, clockwise=outer), ring(0.43, 49.53, 0.04, clockwise=inner)], code="76001"
    )
    found = read_outlines(shape)
    edge, hole = (each.tolist() for each in found.rings[0])
    assert area(edge) == pytest.approx(0.01) and area(hole) == pytest.approx(-0.0016)
    assert sorted(map(tuple, edge)) == sorted(map(tuple, ring(0.4, 49.5, 0.1)))
    assert found.communes[["longitude", "latitude"]].values[0] == pytest.approx([0.45, 49.55])


def pixel(ax: Axes, latitude: float, longitude: float, data: MapData, page: MapPage) -> str:
    """The colour drawn at a place."""
    figure = ax.figure
    assert isinstance(figure, Figure)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    at = page.at(*project(latitude, longitude, data.origin))
    across, up = ax.transData.transform((float(at[0]), float(at[1])))
    image = np.asarray(canvas.buffer_rgba())
    red, green, blue = (image[len(image) - 1 - int(up), int(across), :3] / 255).tolist()
    return to_hex((red, green, blue))


@pytest.mark.parametrize("clockwise", [False, True])
def test_a_hole_is_left_open_whichever_way_it_turns(clockwise: bool) -> None:
    shape = outline(
        [ring(0.4, 49.5, 0.1), ring(0.42, 49.52, 0.06, clockwise=clockwise)], code="76001", nom="B"
    )
    data = map_data(filiere(placed([None])), outlines=shape)
    ax = draw_map(data, width_cm=6.0)
    page = MapPage.of(data, width=6.0 / 2.54 * 72 - 8.0, height=None)
    assert pixel(ax, 49.56, 0.43, data, page) == to_hex(to_rgb(PAPER))
    assert pixel(ax, 49.51, 0.45, data, page) == LAND.lower()


def test_an_island_in_the_lake_of_a_commune_is_land() -> None:
    # a square of 0.1, its lake of 0.06, an island of 0.02 in it: 0.01 − 0.0036 + 0.0004
    lake = [ring(0.4, 49.5, 0.1), ring(0.42, 49.52, 0.06)]
    found = read_outlines(outline(lake, [ring(0.44, 49.54, 0.02)], code="76001"))
    assert sum(area(each.tolist()) for each in found.rings[0]) == pytest.approx(0.0068)


def test_the_centre_of_a_horseshoe_by_hand() -> None:
    # a square of 3 × 3 less its upper middle of 1 × 1 … left out as a hole by 2: (9 · 1.5 − 1 · 2.25) / 8
    hole = [[1.0, 1.75], [2.0, 1.75], [2.0, 2.75], [1.0, 2.75], [1.0, 1.75]]
    row = read_outlines(outline([ring(0.0, 0.0, 3.0), hole])).communes.iloc[0]
    assert (row["longitude"], row["latitude"]) == pytest.approx((1.5, (9 * 1.5 - 2.25) / 8))


def test_a_line_that_encloses_nothing_has_the_middle_of_its_points() -> None:
    flat = [[0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [0.0, 1.0]]
    row = read_outlines(outline([flat])).communes.iloc[0]
    assert (row["longitude"], row["latitude"]) == pytest.approx((0.75, 1.0))  # of the four, the first twice


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("76001", "76001"),
        (1001, "01001"),
        (1001.0, "01001"),
        ("2A004", "2A004"),
        (" 76001 ", "76001"),
        ("  ", None),
        (1.5, None),
        (None, None),
    ],
)
def test_codes_as_tables_have_them(value: Any, code: str | None) -> None:
    found = read_outlines(outline([ring(0, 0, 1)], code=value)).communes["code"].iloc[0]
    assert (None if pd.isna(found) else found) == code


def test_a_property_that_is_blank_leaves_its_place_to_the_next() -> None:
    shape = outline([ring(0, 0, 1)], code="", insee="76005", nom=None, libelle="Bourg")
    row = read_outlines(shape).communes.iloc[0]
    assert (row["code"], row["name"]) == ("76005", "Bourg")


TERRITORIES = {
    "filiere": {"name": ["F"], "territory_id": ["t"]},
    "territories": {
        "territory_id": ["t"] * 3 + ["u"],
        "commune_code": ["76001", "76002", "76003", "76009"],
        "commune_name": ["Bourg-l’Évêque", "Port", "Port", "Loin"],
        "latitude": [49.55, None, None, None],
        "longitude": [0.45, None, None, None],
    },
}


def test_an_outline_without_a_code_is_known_by_its_name() -> None:
    shapes = collection(
        outline([ring(0.4, 49.5, 0.1)], nom="BOURG L'EVEQUE"),
        outline([ring(0.5, 49.5, 0.1)], nom="Port"),  # two communes bear it: which one?
        outline([ring(0.6, 49.5, 0.1)], nom="Loin"),  # of another territory
    )
    data = map_data(filiere(placed([None]), **TERRITORIES), outlines=shapes)
    rows = data.communes.assign(code=data.communes["code"].fillna(""))
    assert rows[["code", "name", "is_in_territory", "outline"]].values.tolist() == [
        ["76001", "BOURG L'EVEQUE", True, 0],
        ["", "Port", False, 1],
        ["", "Loin", False, 2],
    ]  # the centre of the first is not drawn beside its outline
    patches = artists(draw_map(data), "commune-")
    assert [to_hex(patches[f"commune-{number}"].get_facecolor()) for number in (1, 2, 3)] == [
        TERRITORY.lower(), LAND.lower(), LAND.lower(),
    ]  # fmt: skip


def test_an_actor_known_by_the_name_of_its_commune_stands_in_the_outline_of_that_name() -> None:
    actors = placed([None, None], commune_name=["Bourg l'Évêque", "Ailleurs"])
    shapes = outline([ring(0.4, 49.5, 0.1)], nom="Bourg-l’Evêque")
    data = map_data(filiere(actors), outlines=shapes)
    assert data.actors["is_on_map"].tolist() == [True, False]
    assert data.actors[["latitude", "longitude"]].values[0] == pytest.approx([49.55, 0.45])
    assert data.without_place["actor_id"].tolist() == ["a1"]


# -- values and flows -----------------------------------------------------------------------------------


FLOWS = st.lists(
    st.tuples(
        st.sampled_from([None, 0, 1, 2, 3, 4]),
        st.sampled_from([None, 0, 1, 2, 3, 4]),
        st.one_of(st.none(), st.just(0.0), st.integers(1, 500).map(float)),
        st.sampled_from(["measured", "hypothesis"]),
    ).filter(lambda row: row[0] != row[1]),
    min_size=1,
    max_size=10,
    unique_by=lambda row: row[:2],
)
#: a4 is nowhere.
PLACES: list[tuple[float, float] | None] = [(49.5, 0.5), (49.55, 0.5), (49.5, 0.6), (49.6, 0.62), None]


def with_flows(rows: list[tuple[int | None, int | None, float | None, str]]) -> Filiere:
    ends = [[None if row[side] is None else f"a{row[side]}" for row in rows] for side in (0, 1)]
    flows = {
        "source": ends[0], "target": ends[1], "quantity_t_per_year": [row[2] for row in rows],
        "confidence": [row[3] for row in rows],
    }  # fmt: skip
    return filiere(placed(PLACES), flows=flows)


@settings(max_examples=8, deadline=None)
@given(FLOWS)
def test_sizes_and_arcs_are_those_of_a_loop_over_rows(
    rows: list[tuple[int | None, int | None, float | None, str]],
) -> None:
    data = map_data(with_flows(rows))
    sides: list[dict[int, list[float]]] = [defaultdict(list), defaultdict(list)]
    for source, target, tonnes, _ in rows:
        for side, end in zip(sides, (source, target), strict=True):
            if end is not None and tonnes is not None:
                side[end].append(tonnes)
    for number, value in enumerate(data.actors["value"]):
        known = [sum(side[number]) for side in sides if side[number]]
        assert np.isnan(value) if not known else value == pytest.approx(max(known))
    drawn = [row for row in rows if {row[0], row[1]} <= {0, 1, 2, 3}]
    expected = [
        (f"a{row[0]}", f"a{row[1]}", row[2], int(row[2] is None), row[3] == "hypothesis") for row in drawn
    ]
    plain = data.flows.astype(object).where(data.flows.notna(), None)
    found = [tuple(row) for row in plain.values.tolist()]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert data.n_flows_without_place == len(rows) - len(drawn)


def test_two_flows_of_a_pair_are_one_arc_and_a_hypothesis_shows() -> None:
    flows = {
        "source": ["a0", "a0", "a1"], "target": ["a1", "a1", "a2"], "material_id": ["m", "n", "m"],
        "quantity_t_per_year": [30.0, 20.0, 10.0], "confidence": ["measured", "hypothesis", "measured"],
    }  # fmt: skip
    f = filiere(placed(PLACES), flows=flows, materials={"material_id": ["m", "n"], "name": ["M", "N"]})
    data = map_data(f, lang="en")
    assert data.flows.values.tolist() == [["a0", "a1", 50.0, 0, True], ["a1", "a2", 10.0, 0, False]]
    ax = draw_map(data, flows=True, lang="en")
    guess, plain = (artists(ax)[f"flow-{number}"] for number in (1, 2))
    assert guess.get_linewidth() / plain.get_linewidth() == pytest.approx(5.0)
    assert plain.get_linestyle() in ("-", "solid") and guess.get_linestyle() not in ("-", "solid")
    assert guess.get_alpha() < plain.get_alpha()
    assert "hypothesis" in written(ax)
    without = draw_map(map_data(with_flows([(0, 1, 5.0, "measured")]), lang="en"), flows=True, lang="en")
    assert "hypothesis" not in written(without)


def test_what_is_known_of_an_arc_is_told_by_its_line() -> None:
    styles = {
        (known, guess): flow_style(known=known, is_hypothesis=guess)
        for known in (True, False)
        for guess in (True, False)
    }
    assert styles[True, False]["linestyle"] == "-"
    assert styles[True, True]["linestyle"] == LINES["hypothesis"]
    assert styles[False, False]["linestyle"] == styles[False, True]["linestyle"] == LINES["unknown"]


def test_arcs_are_no_thinner_than_can_be_seen_and_unknown_ones_of_one_width() -> None:
    ax = territory_map(
        with_flows(
            [
                (0, 1, 1000.0, "measured"),
                (1, 2, 1.0, "measured"),
                (2, 3, None, "measured"),
                (3, 0, 0.0, "measured"),
            ]
        ),
        flows=True,
    )
    widths = [artists(ax)[f"flow-{number}"].get_linewidth() for number in (1, 2, 3, 4)]
    assert widths == pytest.approx([4.0, 0.7, 0.8, 0.7])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(st.just(NAN), st.floats(0, 1e6)), min_size=1, max_size=12))
def test_areas_are_in_proportion_to_values_but_for_the_least(values: list[float]) -> None:
    side = _sides(np.array(values))
    known = [value for value in values if value == value]
    for value, found in zip(values, side.tolist(), strict=True):
        if not known or max(known) <= 0:
            assert found == 7.5  # nothing to compare
        elif value != value:
            assert found == 6.5
        else:
            assert found == pytest.approx(max(LARGEST * sqrt(value / max(known)), 5.0))


@pytest.mark.parametrize("most", [0.07, 1.0, 8.1, 9.8, 9.99, 10.0, 40.0, 73.0, 98.0, 123456.0])
def test_the_legend_has_two_sizes_that_differ(most: float) -> None:
    data = map_data(filiere(placed([(49.5, 0.5), (49.6, 0.5)])), value={"a0": most, "a1": 0.0}, lang="en")
    labels = [
        entry.label for entry, _, _ in legend_of(data, None, flows=False, width=440.0, lang="en").entries
    ]
    start = labels.index("Value")
    large, small = labels[start + 1 : start + 3]
    assert large != small
    assert most / 5.01 <= float(large.replace(",", "")) <= most / 2 * 1.0001
    assert float(small.replace(",", "")) == round_length(float(large.replace(",", "")) / 2)


# -- the page -------------------------------------------------------------------------------------------


def scattered(count: int, *, width: float = 0.3, seed: int = 7, **more: Any) -> Filiere:
    random = np.random.default_rng(seed)
    places: list[tuple[float, float] | None] = [
        (49.5 + width * 0.6 * a, 0.5 + width * b) for a, b in random.random((count, 2)).tolist()
    ]
    return filiere(placed(places, roles=[ROLES[number % 8] for number in range(count)], **more))


@pytest.mark.parametrize(("count", "width"), [(1, 0.0), (12, 0.0), (40, 0.05), (70, 0.3)])
@pytest.mark.parametrize("height", [None, 240.0])
def test_names_and_marks_are_within_the_map_and_names_on_nothing(
    count: int, width: float, height: float | None
) -> None:
    data = map_data(scattered(count, width=width), value=None)
    page = MapPage.of(data, width=440.0, height=height)
    assert page.width == 440.0 and (height is None or page.height == height)
    assert len(page.rows) == count and page.n_unnamed == count - len(page.names)
    boxes: Any = np.array([_box(name) for name in page.names]).reshape(-1, 4)
    assert (boxes[:, [0, 2]] >= 0).all()
    assert (boxes[:, 1] <= page.width).all() and (boxes[:, 3] <= page.height).all()
    for place, name in enumerate(page.names):
        own = int(np.flatnonzero(page.rows == name.row)[0])
        others = np.concatenate([np.delete(boxes, place, axis=0), np.delete(page.marks, own, axis=0)])
        assert not touching(tuple(boxes[place].tolist()), others).any()
        assert touching(tuple(boxes[place].tolist()), page.marks[[own]] + np.array([-90, 90, -90, 90])).all()
    assert len({name.row for name in page.names}) == len(page.names)


@pytest.mark.parametrize("count", [2, 5, 20, 60])
def test_marks_of_one_place_stand_apart_around_it(count: int) -> None:
    side = np.linspace(15.0, 5.0, count)
    x, y = _apart(np.full(count, 100.0), np.full(count, 50.0), side)
    for a, b in combinations(range(count), 2):
        assert dist((x[a], y[a]), (x[b], y[b])) >= (side[a] + side[b]) / 2 - 0.5
    assert hypot(x.mean() - 100.0, y.mean() - 50.0) < 15.0
    # they take no more room than a disc a few times as large as their own areas
    assert np.hypot(x - 100.0, y - 50.0).max() <= 1.6 * sqrt(((side + 3.0) ** 2).sum() / pi) + 8.0


def test_marks_apart_already_stay_where_they_are() -> None:
    x, y = np.array([0.0, 40.0, 80.0]), np.array([0.0, 3.0, 0.0])
    at = _apart(x, y, np.full(3, 10.0))
    assert at[0].tolist() == x.tolist() and at[1].tolist() == y.tolist()


def test_of_two_marks_that_meet_the_smaller_moves_farther() -> None:
    x, _ = _apart(np.array([0.0, 4.0]), np.zeros(2), np.array([15.0, 5.0]))
    moved = [0.0 - x[0], x[1] - 4.0]
    assert moved[1] > moved[0] > 0
    assert moved[1] / moved[0] == pytest.approx(9.0, rel=0.01)  # by area: 15² to 5²


def test_names_keep_off_the_arcs_where_they_can() -> None:
    # a0 and a1 one above the other, the arc between them; without flows the name stands to the right
    f = filiere(
        placed([(49.5, 0.5), (49.6, 0.5), (49.55, 0.505)]),
        flows={"source": ["a0"], "target": ["a1"], "quantity_t_per_year": [5.0]},
    )
    data = map_data(f, value=None)
    page = MapPage.of(data, width=440.0, height=None, flows=True)
    arcs = page.arcs(data)
    assert arcs.shape == (25, 4)
    for name in page.names:
        assert not touching(_box(name), arcs).any()
    plain = MapPage.of(data, width=440.0, height=None)
    assert page.x.tolist() == plain.x.tolist() and page.y.tolist() == plain.y.tolist()


def test_with_too_many_arcs_names_stand_as_without_them() -> None:
    count = 20
    pairs = list(combinations(range(count), 2))[:151]
    rows = pd.DataFrame({"source": [f"a{a}" for a, _ in pairs], "target": [f"a{b}" for _, b in pairs]})
    pages = {}
    for number in (150, 151):
        data = map_data(scattered(count).with_table("flows", rows.head(number)))
        for flows in (False, True):
            pages[number, flows] = MapPage.of(data, width=440.0, height=None, flows=flows).names
    assert pages[151, True] == pages[151, False] == pages[150, False]
    assert pages[150, True] != pages[150, False]


def test_arcs_of_the_page_lie_on_those_that_are_drawn() -> None:
    data = map_data(with_flows([(0, 3, 5.0, "measured"), (2, 1, 7.0, "measured")]))
    width = 16.0 / 2.54 * 72 - 8.0
    page = MapPage.of(data, width=width, height=None, flows=True)
    ax = draw_map(data, flows=True)
    arcs = page.arcs(data).reshape(2, 25, 4)
    for number in (1, 2):
        points = np.column_stack([arcs[number - 1, :, :2].mean(axis=1), arcs[number - 1, :, 2:].mean(axis=1)])
        a, b = points[0], points[-1]
        # the top of a parabola is half as far as its control point
        way, middle = b - a, points[12] - (a + b) / 2
        offset = float(np.hypot(*middle))
        assert offset == pytest.approx(BEND * float(np.hypot(*way)) / 2)
        # on the same side as the patch bends
        path: Any = artists(ax)[f"flow-{number}"].get_path().vertices
        spine = path[:3]
        turn = [float(way[0] * (each - a)[1] - way[1] * (each - a)[0]) for each in (points[12], spine[1])]
        assert turn[0] * turn[1] > 0


@pytest.mark.parametrize(("km", "is_on_map"), [(9.0, True), (11.0, False)])
def test_around_the_centre_of_one_commune_stand_those_within_ten_kilometres(
    km: float, is_on_map: bool
) -> None:
    one = {
        "filiere": {"name": ["F"], "territory_id": ["t"]},
        "territories": {
            "territory_id": ["t"], "commune_code": ["76001"], "latitude": [49.5], "longitude": [0.5],
        },
    }  # fmt: skip
    north = 49.5 + km / (EARTH_RADIUS_KM * pi / 180)
    data = map_data(filiere(placed([(north, 0.5)], commune_code=["76009"]), **one))
    assert data.actors["is_on_map"].tolist() == [is_on_map]
    assert data.bounds[3] == pytest.approx(9.0 if is_on_map else 2.0, abs=1e-6)


def test_few_roles_share_no_sign_and_all_sizes_look_alike() -> None:
    styles = {role: role_style(role) for role in [*ROLES, None, "no such role"]}
    assert styles[None] == styles["no such role"]
    assert len({style[:2] for style in styles.values()}) == 9
    assert all(0.5 < style[2] < 1.5 for style in styles.values())


# -- the drawing ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def data() -> MapData:
    places = [(49.5, 0.5), (49.52, 0.55), (49.54, 0.5), (49.5, 0.6), None, (43.3, 5.4)]
    f = filiere(
        placed(places, roles=["transformer", "buyer", "transformer", None, "expert", "buyer"],
               status=["active", "active", "planned", "active", "active", "active"],
               commune_code=[None] * 4 + ["76009", None]),
        flows={"source": ["a0", "a5", "a1"], "target": ["a1", "a0", "a3"],
               "quantity_t_per_year": [90.0, 10.0, None]},
        filiere={"name": ["F"], "territory_id": ["t"]},
        territories={"territory_id": ["t"], "commune_code": ["76001"], "commune_name": ["Bourg"],
                     "latitude": [49.51], "longitude": [0.52]},
    )  # fmt: skip
    return map_data(f, lang="en")


@pytest.fixture(scope="module")
def ax(data: MapData) -> Axes:
    return draw_map(data, flows=True, lang="en", title="Carte")


def test_every_actor_on_the_map_is_one_mark(data: MapData, ax: Axes) -> None:
    marks = artists(ax, "actors-")
    assert {gid: len(lot.get_offsets()) for gid, lot in marks.items()} == {
        "actors-transformer-known": 1, "actors-buyer-known": 1,
        "actors-transformer-planned": 1, "actors-unknown-unknown": 1,
    }  # fmt: skip
    assert data.off_map["actor_id"].tolist() == ["a5"]
    assert data.without_place["actor_id"].tolist() == ["a4"]
    # a0: 10 enter, 90 leave; a1: 90 enter: as large
    sizes = [
        marks[f"actors-{role}-known"].get_sizes()[0] / role_style(role)[2] ** 2
        for role in ("transformer", "buyer")
    ]
    assert sizes == pytest.approx([LARGEST**2, LARGEST**2])


def test_marks_stand_at_their_place_on_the_sheet(data: MapData, ax: Axes) -> None:
    page = MapPage.of(data, width=16.0 / 2.54 * 72 - 8.0, height=None, flows=True)
    row = data.actors.iloc[0]
    x, y = page.at(row["x_km"], row["y_km"])
    assert artists(ax)["actors-transformer-known"].get_offsets()[0].tolist() == pytest.approx(
        (float(x), float(y)), abs=0.01
    )
    centre = artists(ax)["centres"]
    assert len(centre.get_xdata()) == 1
    bourg = data.communes.iloc[0]
    at = page.at(bourg["x_km"], bourg["y_km"])
    assert (centre.get_xdata()[0], centre.get_ydata()[0]) == pytest.approx((float(at[0]), float(at[1])))


def test_everything_stands_on_the_sheet(ax: Axes) -> None:
    check_on_sheet(ax)
    assert {"Carte", "N", "Bourg"} <= set(written(ax))


def test_notes_tell_who_is_not_there_in_both_languages(data: MapData) -> None:
    english, french = (notes_of(data, None, flows=True, lang=lang) for lang in ("en", "fr"))
    assert english[0] == "1 actor of unknown place (Structure 4)"
    # 49.5, 0.5 to 43.3, 5.4 is some 790 km to the south-east; far enough from all others
    km = round(float(distance_km(*data.origin, 43.3, 5.4)))
    told = english[1].removeprefix("off the map: Structure 5 (")
    assert abs(int(told.split(NB)[0]) - km) <= 0.03 * km and told.endswith("south-east)")
    assert english[2] == "1 flow with an end that is not on the map is not drawn"
    assert "sud-est" in french[1] and len(french) == 3
    assert "flow" not in " ".join(notes_of(data, None, flows=False, lang="en"))


def test_the_words_count_roles_and_name_the_largest_first(data: MapData) -> None:
    said = map_alt_text(data, "en")
    assert "4 actors" in said and "Buyer (1)" in said and "Transformer (2)" in said
    assert said.index("Structure 0 (90)") < said.index("Structure 1 (90)")
    assert "Expert" not in said  # nobody knows its place
    assert "acteur" in map_alt_text(data, "fr")


def test_where_no_value_is_known_no_mark_is_hollow_for_want_of_it() -> None:
    ax = territory_map(scattered(5), lang="en")
    assert all("unknown" not in gid for gid in artists(ax, "actors-"))
    assert not any("Tonnes" in text for text in written(ax))


def test_names_of_anything_are_drawn_as_they_are() -> None:
    f = scattered(6)
    f = f.with_table("actors", f.actors.assign(name=HOSTILE))
    shape = outline([ring(0.5, 49.5, 0.3)], code=HOSTILE[1], nom=HOSTILE[0])
    ax = territory_map(
        f, outlines=shape, lang="en", title=HOSTILE[0], value=pd.Series({"a0": 1.0}, name=HOSTILE[5])
    )
    check_on_sheet(ax)
    assert HOSTILE[0] in written(ax) and HOSTILE[1] in "".join(written(ax)).replace("-", "")


@pytest.mark.parametrize("count", [0, 1])
def test_a_map_of_nobody_or_of_one(count: int) -> None:
    ax = territory_map(scattered(count) if count else filiere(placed([])), lang="en", flows=True)
    assert ("Structure 0" in written(ax)) == bool(count)
    assert bool(artists(ax, "scale")) == bool(count)
