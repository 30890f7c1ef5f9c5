"""The map of the territory: outlines as users have them, places, sizes, distances, and who is not on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

import chaine_valeur as cv
from chaine_valeur import Filiere
from chaine_valeur.earth import EARTH_RADIUS_KM, distance_km
from chaine_valeur.errors import ArgumentError, UnknownNameError, UnreadableFileError
from chaine_valeur.figures import MapData, _outlines, draw_map, map_alt_text, map_data, save, territory_map
from chaine_valeur.figures._map_data import project
from chaine_valeur.figures._map_page import LARGEST, MapPage, _apart, _box, _sides, round_length
from chaine_valeur.figures._map_signs import LAND, TERRITORY, off_map_words, role_style
from chaine_valeur.figures._outlines import read_outlines
from chaine_valeur.vocabulary import Role

NB = "\u00a0"
NAN = float("nan")


def square(west: float, south: float, side: float = 0.1) -> list[list[float]]:
    """A closed ring, counter-clockwise."""
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(rings: Any, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": rings}}


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


#: Bourg with a hole, Port of two parts, and a commune that is not of the territory.
OUTLINES = collection(
    feature([square(0.4, 49.5), square(0.44, 49.54, 0.02)], INSEE_COM="76001", NOM_COM="Bourg"),
    feature([[square(0.5, 49.5)], [square(0.62, 49.5, 0.02)]], "MultiPolygon", CODE=76002, Nom="Port"),
    feature([square(0.4, 49.6)], code="76003", nom="Ailleurs"),
)


def near(**changes: Any) -> Filiere:
    """Six actors: two addresses, two at a commune with an outline or a centre, one far away, one nowhere."""
    tables: dict[str, Any] = {
        "filiere": {"name": ["F"], "territory_id": ["t"]},
        "territories": {
            "territory_id": ["t"] * 3,
            "commune_code": ["76001", "76002", "76004"],
            "commune_name": ["Bourg", "Port", "Plaine"],
            "latitude": [None, None, 49.58],
            "longitude": [None, None, 0.58],
        },
        "stages": {"stage_id": ["tri", "vente"], "name": ["Tri", "Vente"]},
        "actors": {
            "actor_id": ["a", "b", "c", "d", "loin", "nulle"],
            "name": ["Atelier", "Boutique", "Chantier", "Dépôt", "Lointain", "Nulle part"],
            "roles": ["transformer", "buyer", "insertion", "supplier", None, "expert"],
            "commune_code": ["76001", None, "76001", "76004", None, None],
            "latitude": [49.52, 49.56, None, None, 48.85, None],
            "longitude": [0.42, 0.47, None, None, 2.35, None],
            "status": ["active", "active", "active", "planned", "active", "active"],
        },
        "activities": {
            "actor_id": ["a", "c", "c"],
            "stage_id": ["tri", "tri", "vente"],
            "insertion_fte": [None, 4.0, 2.0],
        },
        "flows": {
            "source": ["a", "c", "a", "loin", None],
            "target": ["b", "b", "c", "a", "a"],
            "quantity_t_per_year": [30.0, 10.0, None, 50.0, 20.0],
        },
    }
    tables |= changes
    return Filiere.from_tables(
        **{name: pd.DataFrame(rows) for name, rows in tables.items() if rows is not None}
    )


@pytest.fixture(scope="module")
def f() -> Filiere:
    return near()


@pytest.fixture(scope="module")
def data(f: Filiere) -> MapData:
    return map_data(f, outlines=OUTLINES, lang="en")


@pytest.fixture(scope="module")
def ax(data: MapData) -> Axes:
    return draw_map(data, flows=True, lang="en")


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def notes(ax: Axes) -> str:
    """What is written, lines joined: the notes below are broken to fit."""
    return " ".join(text.get_text() for text in sorted(ax.texts, key=lambda text: text.get_position()[1]))


def by_gid(ax: Axes) -> dict[str, Any]:
    found = [*ax.patches, *ax.collections, *ax.lines, *ax.artists]
    return {str(each.get_gid()): each for each in found if each.get_gid()}


# -- outlines -------------------------------------------------------------------------------------------


def test_properties_are_recognised_whatever_their_case() -> None:
    communes = read_outlines(OUTLINES).communes
    assert communes["code"].tolist() == ["76001", "76002", "76003"]
    assert communes["name"].tolist() == ["Bourg", "Port", "Ailleurs"]
    assert communes.dtypes.astype(str).tolist() == ["str", "str", "float64", "float64"]


@pytest.mark.parametrize("key", ["code", "INSEE", "Code_INSEE", "insee_com", "CODGEO", "code-commune"])
def test_codes_of_every_publisher(key: str) -> None:
    communes = read_outlines(feature([square(0, 0)], **{key: "01004"})).communes
    assert communes["code"].tolist() == ["01004"] and communes["name"].isna().all()


def test_a_code_that_lost_its_zero_gets_it_back() -> None:
    assert read_outlines(feature([square(0, 0)], code=1004)).communes["code"].tolist() == ["01004"]


def test_the_centre_of_gravity_leaves_holes_out_and_takes_islands_in() -> None:
    communes = read_outlines(OUTLINES).communes
    # Bourg: 0.1² at (0.45, 49.55) less 0.02² there: it stays
    assert communes.loc[0, ["longitude", "latitude"]].tolist() == pytest.approx([0.45, 49.55])
    # Port: 0.1² at (0.55, 49.55) and 0.02² at (0.63, 49.51): weights 25 to 1
    centre = [(25 * 0.55 + 0.63) / 26, (25 * 49.55 + 49.51) / 26]
    assert communes.loc[1, ["longitude", "latitude"]].tolist() == pytest.approx(centre)


def test_a_hole_moves_the_centre_away_whichever_way_it_turns() -> None:
    # a square of 4 less one of 1 in its south-west: (4 · 1 − 1 · 0.5) / 3 = 3.5 / 3 from the corner
    outer, hole = square(0, 0, 2.0), square(0, 0, 1.0)
    for ring in (hole, hole[::-1]):
        inside = [[x + 0.0001, y + 0.0001] for x, y in ring]
        communes = read_outlines(feature([outer, inside])).communes
        assert communes.loc[0, "longitude"] == pytest.approx(3.5 / 3, abs=1e-3)


@settings(max_examples=20, deadline=None)
@given(st.floats(-150, 150), st.floats(-60, 60), st.floats(0.001, 5.0), st.integers(3, 30))
def test_the_centre_of_a_regular_polygon_is_its_middle(x: float, y: float, size: float, count: int) -> None:
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    ring = np.column_stack([x + size * np.cos(angle), y + size * np.sin(angle)]).tolist()
    row = read_outlines({"type": "Polygon", "coordinates": [ring]}).communes.iloc[0]
    assert (row["longitude"], row["latitude"]) == pytest.approx((x, y), abs=1e-6)


def test_rings_are_closed_and_heights_left_out() -> None:
    ring = [[0, 0, 12.0], [1, 0], [1, 1, 3], [0, 1]]
    found = read_outlines({"type": "Polygon", "coordinates": [ring]})
    assert found.rings[0][0].tolist() == [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    assert found.bounds == (0.0, 0.0, 1.0, 1.0)


def test_a_file_is_read_with_or_without_a_mark_at_its_beginning(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig"):
        path = tmp_path / f"{encoding}.geojson"
        path.write_text(json.dumps(OUTLINES), encoding=encoding)
        assert read_outlines(str(path)).communes.equals(read_outlines(path).communes)
        assert len(read_outlines(path).rings) == 3


def test_a_geodataframe_is_brought_to_degrees_without_importing_anything() -> None:
    class Frame:
        """What a GeoDataFrame shows of itself."""

        def __init__(self, found: Any, crs: str) -> None:
            self.__geo_interface__, self.crs = found, crs

        def to_crs(self, code: int) -> Frame:
            assert code == 4326
            return Frame(OUTLINES, "EPSG:4326")

    metres = Frame(collection(feature([square(500_000, 6_900_000, 1_000)])), "EPSG:2154")
    assert read_outlines(metres).communes["name"].tolist() == ["Bourg", "Port", "Ailleurs"]


def test_a_commune_without_a_shape_is_left_out() -> None:
    bare = {"type": "Feature", "properties": {"code": "76009"}, "geometry": None}
    assert read_outlines(collection(bare, OUTLINES["features"][0])).communes["code"].tolist() == ["76001"]


@pytest.mark.parametrize(
    ("outlines", "said"),
    [
        (collection(), "no outline"),
        ({"type": "FeatureCollection"}, "without a list of features"),
        (collection("x"), "feature 1: a GeoJSON object is expected, not a str"),
        ({"type": "Topology"}, "TopoJSON: convert it"),
        ({}, "of type None"),
        (feature([0.4, 49.5], "Point", nom="Bourg"), r"feature 1 \('Bourg'\) is of type 'Point'"),
        (feature([square(0, 0)], "LineString"), "only Polygon and MultiPolygon"),
        (feature([square(500_000, 6_900_000, 1000)]), "not in metres"),
        (feature([square(0.0, 95.0)]), "no degrees of longitude and latitude"),
        (feature([[[0, 0], [1, 1]]]), "at least three points"),
        (feature([[[0, 0], [1, NAN], [1, 1]]]), "not a finite number"),
        (feature([[["0", "0"], ["1", "0"], ["1", "1"]]]), "list of at least three points"),
        (feature([[0, 1, 2, 3]]), "list of at least three points"),
        (feature([None]), "list of at least three points"),
        (feature([{"x": 1}]), "list of at least three points"),
        (feature([[[0, 0], [1, None], [1, 1]]]), "list of at least three points"),
        (feature([]), "without a ring"),
        (feature(None), "without a ring"),
        (feature(None, "MultiPolygon"), "no coordinates"),
        (feature([], "MultiPolygon"), "no ring"),
        (12, "outlines= is a int: give the path"),
    ],
)
def test_what_is_no_outline_is_refused_with_what_to_do(outlines: Any, said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        read_outlines(outlines)


@pytest.mark.parametrize("text", ["", "{", "<html>", "[" * 100_000, "\x00"])
def test_a_file_that_is_no_geojson_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=r"x\.geojson"):
        read_outlines(path)


def test_files_that_are_missing_binary_or_a_list_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="cannot be read"):
        read_outlines(tmp_path / "none.geojson")
    (tmp_path / "shape.shp").write_bytes(b"\x00\x00\x27\x0a\xff\xfe\x80")
    with pytest.raises(UnreadableFileError, match="cannot be read"):
        read_outlines(tmp_path / "shape.shp")
    (tmp_path / "list.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(ArgumentError, match="not a list"):
        read_outlines(tmp_path / "list.json")


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(_outlines, "MOST_POINTS", 19)
    with pytest.raises(ArgumentError, match="more than 19 points: simplify it"):
        read_outlines(OUTLINES)  # Bourg has ten, Port ten
    path = tmp_path / "large.geojson"
    path.write_text(json.dumps(OUTLINES), encoding="utf-8")
    monkeypatch.setattr(_outlines, "MOST_BYTES", 100)
    with pytest.raises(UnreadableFileError, match="simplify the outlines"):
        read_outlines(path)


# -- the frames -----------------------------------------------------------------------------------------


def test_an_actor_stands_at_its_address_then_at_the_centre_then_at_the_outline(data: MapData) -> None:
    actors = data.actors.set_index("actor_id")
    assert actors["precision"].fillna("").to_dict() == {
        "a": "address", "b": "address", "c": "commune", "d": "commune", "loin": "address", "nulle": "",
    }  # fmt: skip
    # c: the outline of Bourg; d: the centre of Plaine in the table of territories
    assert actors.loc["c", ["latitude", "longitude"]].tolist() == pytest.approx([49.55, 0.45])
    assert actors.loc["d", ["latitude", "longitude"]].tolist() == pytest.approx([49.58, 0.58])
    assert data.without_place["label"].tolist() == ["Nulle part"]


def test_a_centre_that_is_stated_comes_before_an_outline() -> None:
    rows = near().territories.reset_index(drop=True)
    rows = rows[["territory_id", "commune_code", "commune_name"]].assign(latitude=49.51, longitude=0.41)
    found = map_data(near(territories=rows.to_dict("list")), outlines=OUTLINES).actors.set_index("actor_id")
    assert found.loc["c", "latitude"] == 49.51


def test_a_commune_is_found_by_its_name_where_its_code_is_not_known() -> None:
    actors = {"name": ["Relais"], "commune_name": ["bourg"]}
    f = Filiere.from_tables(actors=actors)
    found = map_data(f, outlines=feature([square(0.4, 49.5)], nom="Bourg")).actors
    assert found["precision"].tolist() == ["commune"]
    assert found["longitude"].tolist() == pytest.approx([0.45])


def test_kilometres_from_the_middle_are_those_of_the_sphere(data: MapData) -> None:
    # the bounds: outlines from 0.4 to 0.64 E and 49.5 to 49.7 N
    assert data.origin == pytest.approx((49.6, 0.52))
    actors = data.actors.set_index("actor_id")
    a, b = actors.loc["a"], actors.loc["b"]
    flat = float(np.hypot(a["x_km"] - b["x_km"], a["y_km"] - b["y_km"]))
    round_ = distance_km(a["latitude"], a["longitude"], b["latitude"], b["longitude"])
    assert flat == pytest.approx(round_, rel=0.002)
    # one degree northwards is R π / 180
    assert project(50.6, 0.52, data.origin)[1] == pytest.approx(EARTH_RADIUS_KM * np.pi / 180)
    assert project(49.6, 1.52, data.origin)[0] == pytest.approx(
        EARTH_RADIUS_KM * np.pi / 180 * np.cos(np.radians(49.6))
    )


def test_who_is_too_far_is_off_the_map_and_told_how_far(data: MapData) -> None:
    assert data.off_map["label"].tolist() == ["Lointain"]
    km = distance_km(*data.origin, 48.85, 2.35)
    told = off_map_words(data, "en")[0]
    assert told.startswith("Lointain (1") and told.endswith("km, south-east)")
    assert float(told.split("(")[1].split(NB)[0]) == pytest.approx(km, rel=0.02)


@pytest.mark.parametrize(
    ("north", "east", "way"),
    [
        (3, 0, "north"), (3, 3, "north-east"), (0, 3, "east"), (-3, 3, "south-east"),
        (-3, 0, "south"), (-3, -3, "south-west"), (0, -3, "west"), (3, -3, "north-west"),
    ],
)  # fmt: skip
def test_ways_are_those_of_the_compass(data: MapData, north: int, east: int, way: str) -> None:
    rows = data.actors.assign(x_km=east * 50.0, y_km=north * 50.0)
    told = off_map_words(MapData(**{**data.__dict__, "actors": rows}), "en")
    assert told[0].endswith(f"{way})")


def test_without_a_territory_everyone_is_on_the_map() -> None:
    f = Filiere.from_tables(actors={"name": ["A", "B"], "latitude": [49.5, 43.3], "longitude": [0.5, 5.4]})
    data = map_data(f)
    assert data.actors["is_on_map"].all() and data.off_map.empty


def test_closed_actors_are_not_there() -> None:
    f = Filiere.from_tables(
        actors={
            "name": ["A", "B"],
            "latitude": [49.5, 49.6],
            "longitude": [0.5] * 2,
            "status": ["active", "closed"],
        }
    )
    assert map_data(f).actors["label"].tolist() == ["A"]


def test_the_size_is_what_passes_through(data: MapData) -> None:
    # a: 20 + 50 enter, 30 leaves; b: 40 enters; c: 10 leaves; loin: 50 leaves; the unknown a → c counts for nothing
    values = data.actors.set_index("actor_id")["value"]
    assert values.fillna(-1).to_dict() == {
        "a": 70.0, "b": 40.0, "c": 10.0, "d": -1.0, "loin": 50.0, "nulle": -1.0,
    }  # fmt: skip
    assert "tonnes per year" in data.value_label


def test_jobs_are_summed_over_activities_and_unknown_is_not_zero(f: Filiere) -> None:
    data = map_data(f, value="insertion_fte")
    values = data.actors.set_index("actor_id")["value"]
    assert values["c"] == 6.0 and np.isnan(values["a"]) and np.isnan(values["b"])
    assert data.value_label == "Dont insertion (ETP)"


def test_numbers_of_the_user_size_actors(f: Filiere) -> None:
    data = map_data(f, value=pd.Series({"b": 3.0, "a": 0.0}, name="Postes"))
    assert data.actors.set_index("actor_id")["value"].fillna(-1).tolist() == [
        0.0,
        3.0,
        -1.0,
        -1.0,
        -1.0,
        -1.0,
    ]
    assert data.value_label == "Postes"
    assert map_data(f, value={"b": 3.0}).value_label == "valeur"
    assert map_data(f, value=None).value_label == ""


@pytest.mark.parametrize(
    ("value", "error", "said"),
    [
        ("jobs", UnknownNameError, "did you mean: jobs_fte"),
        ({"zz": 1.0}, UnknownNameError, "'zz'"),
        ({"a": -1.0}, ArgumentError, "0 or more"),
        ({"a": float("inf")}, ArgumentError, "0 or more"),
        (12, ArgumentError, "is a int"),
    ],
)
def test_what_sizes_nothing_is_refused(f: Filiere, value: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        map_data(f, value=value)


def test_communes_say_whether_they_are_of_the_territory(data: MapData) -> None:
    rows = data.communes[["code", "name", "is_in_territory", "outline"]].values.tolist()
    assert rows == [
        ["76001", "Bourg", True, 0],
        ["76002", "Port", True, 1],
        ["76003", "Ailleurs", False, 2],
        ["76004", "Plaine", True, -1],
    ]


def test_flows_are_added_up_by_pair_and_those_that_lead_off_counted(data: MapData) -> None:
    assert data.flows[["source", "target", "n_unknown"]].values.tolist() == [
        ["a", "b", 0], ["c", "b", 0], ["a", "c", 1],
    ]  # fmt: skip
    assert data.flows["quantity_t_per_year"].fillna(-1).tolist() == [30.0, 10.0, -1.0]
    assert data.n_flows_without_place == 2  # from far away, from outside


def test_frames_of_nobody_have_the_same_columns(data: MapData) -> None:
    empty = map_data(Filiere.from_tables(actors={"name": []}))
    for name in ("actors", "communes", "flows"):
        assert (
            getattr(empty, name).dtypes.astype(str).to_dict()
            == getattr(data, name).dtypes.astype(str).to_dict()
        )


# -- the page -------------------------------------------------------------------------------------------


def test_areas_are_in_proportion_to_values() -> None:
    side = _sides(np.array([100.0, 25.0, 0.0, NAN]))
    assert side[:2].tolist() == [LARGEST, LARGEST / 2]
    assert 0 < side[2] < side[1]  # a measured zero is small, not absent
    assert _sides(np.array([NAN, NAN])).tolist() == _sides(np.array([0.0, 0.0])).tolist()  # one size


def test_marks_of_one_place_are_moved_apart_the_largest_in_the_middle() -> None:
    x, y, side = np.zeros(12), np.zeros(12), np.array([15.0, *[8.0] * 11])
    at = _apart(x, y, side)
    apart = np.hypot(at[0][:, None] - at[0][None, :], at[1][:, None] - at[1][None, :])
    least = (side[:, None] + side[None, :]) / 2
    np.fill_diagonal(apart, np.inf)
    assert (apart >= least - 0.5).all()
    assert np.hypot(at[0][0], at[1][0]) <= np.hypot(at[0][1:], at[1][1:]).min()
    far = _apart(np.array([0.0, 200.0]), np.array([0.0, 0.0]), np.array([8.0, 8.0]))
    assert far[0].tolist() == [0.0, 200.0]  # who stands alone stays


def test_the_scale_is_the_same_both_ways(data: MapData) -> None:
    page = MapPage.of(data, width=440.0, height=None)
    x, y = page.at([0.0, 3.0, 0.0], [0.0, 0.0, 3.0])
    assert x[1] - x[0] == pytest.approx(3 * page.scale)
    assert y[0] - y[2] == pytest.approx(3 * page.scale)  # north is up
    marks = page.marks
    assert marks[:, 0].min() >= 0 and marks[:, 1].max() <= page.width
    assert marks[:, 2].min() >= 0 and marks[:, 3].max() <= page.height


def test_names_cover_neither_marks_nor_one_another() -> None:
    random = np.random.default_rng(2)
    f = Filiere.from_tables(
        actors={
            "name": [f"Structure du bocage {place}" for place in range(80)],
            "latitude": 49.5 + 0.2 * random.random(80),
            "longitude": 0.5 + 0.3 * random.random(80),
        }
    )
    data = map_data(f, value=None, lang="en")
    page = MapPage.of(data, width=440.0, height=None)
    assert 40 <= len(page.names) <= 60 and page.n_unnamed == 80 - len(page.names)
    assert f"{page.n_unnamed} actors are drawn without their names, for want of room" in notes(
        draw_map(data, lang="en")
    )
    boxes = np.array([_box(name) for name in page.names])
    for place, name in enumerate(page.names):
        left, right, top, bottom = boxes[place]
        own = int(np.flatnonzero(page.rows == name.row)[0])
        rest: Any = np.concatenate([np.delete(boxes, place, axis=0), np.delete(page.marks, own, axis=0)])
        clear = (rest[:, 0] >= right) | (rest[:, 1] <= left) | (rest[:, 2] >= bottom) | (rest[:, 3] <= top)
        assert clear.all()


@given(st.floats(1e-3, 1e6))
@settings(max_examples=25, deadline=None)
def test_round_lengths_are_one_two_or_five(most: float) -> None:
    found = round_length(most)
    assert found <= most * (1 + 1e-6) and found > most / 2.51
    assert round(found / 10 ** np.floor(np.log10(found * (1 + 1e-9))), 6) in (1.0, 2.0, 5.0)


# -- the drawing ----------------------------------------------------------------------------------------


def test_outlines_are_drawn_with_their_holes_and_parts(ax: Axes) -> None:
    shapes = [
        patch for patch in ax.patches if isinstance(patch, PathPatch) and "commune" in str(patch.get_gid())
    ]
    assert [str(patch.get_gid()) for patch in shapes] == ["commune-1", "commune-2", "commune-3"]
    for patch in shapes[:2]:  # a hole, two parts: two rings each
        codes: Any = patch.get_path().codes
        assert (codes == 1).sum() == 2 and (codes == 79).sum() == 2
    colours = [to_hex(patch.get_facecolor()) for patch in shapes]
    assert colours == [TERRITORY.lower(), TERRITORY.lower(), LAND.lower()]


def test_roles_differ_in_shape_and_in_colour(ax: Axes) -> None:
    styles = [role_style(role.value) for role in Role] + [role_style(None)]
    assert len({marker for marker, _, _ in styles}) == len({colour for _, colour, _ in styles}) == 9
    assert {"Transformer (1)", "Buyer (1)", "Insertion structure (1)", "Supplier (1)"} <= set(words(ax))
    assert not any("Expert" in text for text in words(ax))  # who is not on the map


def test_known_values_are_full_unknown_and_planned_hollow(ax: Axes) -> None:
    shown = by_gid(ax)
    full, hollow = shown["actors-transformer-known"], shown["actors-supplier-planned"]
    assert to_hex(full.get_facecolor()[0]) == role_style("transformer")[1].lower()
    assert to_hex(hollow.get_facecolor()[0]) == "#ffffff"
    assert hollow.get_linestyles()[0][1] is not None  # dashed
    assert {"planned or candidate", "unknown"} <= set(words(ax))


def test_flows_are_arcs_as_wide_as_their_tonnes(ax: Axes) -> None:
    shown = by_gid(ax)
    wide = [shown[f"flow-{place}"].get_linewidth() for place in (1, 2, 3)]
    assert wide[0] / wide[1] == pytest.approx(3.0)  # 30 t, 10 t
    assert shown["flow-3"].get_linestyle() not in ("-", "solid")
    assert {"flow, as wide as its tonnes", "flow of unknown quantity"} <= set(words(ax))
    assert "2 flows with an end that is not on the map are not drawn" in notes(ax)


def test_flows_are_drawn_only_if_asked_for(data: MapData) -> None:
    assert not [gid for gid in by_gid(draw_map(data)) if gid.startswith("flow-")]


def test_the_scale_bar_is_as_long_as_it_says(data: MapData, ax: Axes) -> None:
    bar = by_gid(ax)["scale"].get_xdata()
    told = next(text for text in words(ax) if text.endswith(f"{NB}km"))
    page = MapPage.of(data, width=ax.get_xlim()[1] - ax.get_xlim()[0] - 8.0, height=None)
    assert (max(bar) - min(bar)) / page.scale == pytest.approx(float(told.split(NB)[0]), rel=1e-6)


def test_who_is_not_on_the_map_is_named(ax: Axes) -> None:
    said = notes(ax)
    assert "2 actors stand at or around the centre of their commune, for want of an address" in said
    assert "1 actor of unknown place (Nulle part)" in said
    assert "off the map: Lointain" in said
    assert {"Atelier", "Boutique", "Chantier", "Dépôt"} <= set(words(ax))
    assert {"Bourg", "Port", "Ailleurs", "Plaine"} & set(words(ax))


def test_where_no_place_is_known_it_says_what_to_state() -> None:
    ax = territory_map(Filiere.from_tables(actors={"name": ["A"]}), lang="en")
    assert "state the commune or the coordinates of the actors" in notes(ax).replace("\n", " ")


def test_outlines_alone_are_a_map() -> None:
    ax = territory_map(Filiere.from_tables(actors={"name": ["A"]}), outlines=OUTLINES, lang="en")
    assert "commune-1" in by_gid(ax) and "1 actor of unknown place (A)" in notes(ax)


@pytest.mark.parametrize("size", [(6.3, 4.0), (1.0, 1.0)])
def test_given_axes_are_taken_over_whole(data: MapData, size: tuple[float, float]) -> None:
    figure = Figure(figsize=size)
    ax = figure.add_axes((0, 0, 1, 1))
    assert draw_map(data, ax=ax, flows=True, title="$x$") is ax
    FigureCanvasAgg(figure).draw()
    assert all(not text.get_parse_math() for text in ax.texts)


def test_names_from_anywhere_are_drawn_as_text() -> None:
    names = ["$x^{$", "A" * 300, "\u0645\u0631\u062d\u0628\u0627", "🏭 <script>", "a\x00b\nc"]
    f = Filiere.from_tables(
        actors={"name": names, "latitude": np.linspace(49.5, 49.6, 5), "longitude": np.linspace(0.5, 0.6, 5)}
    )
    ax = territory_map(f, outlines=feature([square(0.5, 49.5)], nom="$" * 200))
    assert isinstance(ax.figure, Figure)
    FigureCanvasAgg(ax.figure).draw()
    assert all(not text.get_parse_math() for text in ax.texts)


def test_the_same_filiere_gives_the_same_bytes(ax: Axes, tmp_path: Path) -> None:
    again = territory_map(near(), outlines=OUTLINES, flows=True, lang="en")
    first = [path.read_bytes() for path in save(ax, tmp_path / "a")]
    second = [path.read_bytes() for path in save(again, tmp_path / "b")]
    assert first == second


def test_nothing_given_is_changed(f: Filiere) -> None:
    outlines = json.dumps(OUTLINES)
    actors = f.actors.copy()
    map_data(f, outlines=OUTLINES)
    assert json.dumps(OUTLINES) == outlines
    pd.testing.assert_frame_equal(f.actors, actors)


# -- in words -------------------------------------------------------------------------------------------


def test_the_words_tell_roles_sizes_and_who_is_not_on_it(data: MapData) -> None:
    said = map_alt_text(data, "en")
    assert said.startswith("Map of the territory: 4 actors; 2 actors stand at or around the centre")
    assert "Roles: Supplier (1), Transformer (1), Insertion structure (1) and Buyer (1)." in said
    assert said.endswith("Atelier (70), Boutique (40) and Chantier (10).")


def test_the_example_is_legible_in_french() -> None:
    ax = territory_map(cv.datasets.load("exemple_complet"))
    assert min(float(text.get_fontsize()) for text in ax.texts) >= 6.0
    assert "Tonnes par an, le plus grand de ce qui entre et de ce qui sort" in words(ax)
