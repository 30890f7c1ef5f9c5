"""The Sankey checked by a second hand: sums in plain Python, thicknesses read off the page, signs off the artists."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch, Rectangle

from chaine_valeur import Filiere
from chaine_valeur.figures import SankeyData, draw_sankey, sankey, sankey_alt_text, sankey_data
from chaine_valeur.figures._arrange import ARC, BACK, EXPORT, FORWARD, IMPORT, arrange
from chaine_valeur.figures._layout import LOOP_THICKNESS, Sizes, best_scale, place
from chaine_valeur.figures._sankey_labels import ribbon_labels, ribbon_words
from chaine_valeur.figures._sankey_page import SankeyPage, lay_out_page
from chaine_valeur.figures._sankey_signs import NEUTRAL
from chaine_valeur.figures._style import ABSENT, ELSEWHERE, MATERIAL_COLOURS, OTHER_COLOUR, PAPER
from chaine_valeur.figures._text import LEGIBLE, line_width
from tests.figures.builders import HOSTILE, check_on_sheet, written

pytestmark = pytest.mark.long

NB, THIN, NAN = "\u00a0", "\u202f", float("nan")

STAGES = ["gisement", "collecte", "tri", "vente"]
KINDS = ["resource", "operation", "operation", "market"]
#: Who holds what; « loin » is outside the territory, « vide » holds nothing.
HELD = {
    "source": "gisement", "ramasse": "collecte", "tour": "collecte", "trieur": "tri", "magasin": "vente",
    "loin": "vente",
}  # fmt: skip
ROLES = {
    "source": "supplier", "ramasse": "insertion", "tour": "transformer", "trieur": "transformer",
    "magasin": "buyer", "loin": "buyer",
}  # fmt: skip
ACTORS = list(HELD)
#: A flow: from, to (None: the outside), material, tonnes, confidence.
Flow = tuple[str | None, str | None, str | None, float | None, str]


def filiere(flows: list[Flow], **changes: Any) -> Filiere:
    """Four stages in a row, six actors with one stage each, and these flows."""
    names = ("source", "target", "material_id", "quantity_t_per_year", "confidence")
    tables: dict[str, Any] = {
        "stages": {"stage_id": STAGES, "name": [name.title() for name in STAGES], "kind": KINDS, "rank": [1, 2, 3, 4]},
        "materials": {"material_id": ["laine", "lin"], "name": ["Laine", "Lin"]},
        "actors": {
            "actor_id": ACTORS,
            "name": [name.title() for name in ACTORS],
            "roles": [ROLES[name] for name in ACTORS],
            "actor_type": ["organisation"] * 5 + ["outside"],
        },
        "activities": {"actor_id": list(HELD), "stage_id": list(HELD.values())},
    }  # fmt: skip
    if flows:
        tables["flows"] = {
            name: list(values) for name, values in zip(names, zip(*flows, strict=True), strict=True)
        }
        tables["flows"]["flow_id"] = [f"f{number}" for number in range(len(flows))]
    tables |= changes
    return Filiere.from_tables(
        **{name: pd.DataFrame(rows) for name, rows in tables.items() if rows is not None}
    )


def node_of(actor: str | None, by: str) -> str | None:
    """The node of an actor, as the docstring tells it: its stage or role, apart where it is outside."""
    if actor is None:
        return None
    node = HELD[actor] if by == "stage" else ROLES[actor]
    return f"{node}@outside" if actor == "loin" else node


def told(flows: list[Flow], by: str) -> dict[tuple[Any, ...], tuple[float | None, int, tuple[str, ...]]]:
    """The ribbons of `flows` by a loop over rows: known tonnes (None: of none), unknown ones, identifiers."""
    found: dict[tuple[Any, ...], list[tuple[float | None, str]]] = defaultdict(list)
    for number, (source, target, material, tonnes, confidence) in enumerate(flows):
        key = (node_of(source, by), node_of(target, by), material, confidence == "hypothesis")
        found[key].append((tonnes, f"f{number}"))
    ribbons = {}
    for key, rows in found.items():
        known = [tonnes for tonnes, _ in rows if tonnes is not None]
        ids = tuple(flow for _, flow in rows)
        ribbons[key] = (sum(known) if known else None, len(rows) - len(known), ids)
    return ribbons


def shown(data: SankeyData) -> dict[tuple[Any, ...], tuple[float | None, int, tuple[str, ...]]]:
    """The same, read from the frame."""
    rows = data.ribbons[data.ribbons["kind"] == "flow"]
    found = {}
    for row in rows.itertuples():
        ends = [None if pd.isna(end) else end for end in (row.source, row.target, row.material_id)]
        tonnes = None if np.isnan(row.quantity_t_per_year) else row.quantity_t_per_year
        found[(*ends, row.is_hypothesis)] = (tonnes, row.n_unknown, row.flow_ids)
    assert len(found) == len(rows)  # no two ribbons for one key
    return found


TONNES = st.one_of(st.none(), st.just(0.0), st.integers(1, 900).map(float))
FLOWS = st.lists(
    st.tuples(
        st.sampled_from([None, *ACTORS]),
        st.sampled_from([None, *ACTORS]),
        st.sampled_from(["laine", "lin", None]),
        TONNES,
        st.sampled_from(["measured", "declared", "hypothesis"]),
    ).filter(lambda flow: flow[0] != flow[1]),
    min_size=1,
    max_size=14,
    unique_by=lambda flow: flow[:3],
)


# -- the frames, by a loop over rows ---------------------------------------------------------------------


@settings(max_examples=4, deadline=None)
@given(FLOWS)
def test_frames_are_those_of_a_loop_over_rows_by_stage_and_by_role(flows: list[Flow]) -> None:
    f = filiere(flows)
    for by in ("stage", "role"):
        data = sankey_data(f, by=by)
        ribbons_are_told(data, flows, by)
        nodes_add_up(data, flows, by)
        differences_are_told(data)


def ribbons_are_told(data: SankeyData, flows: list[Flow], by: str) -> None:
    """Each ribbon adds up its flows, each once; what is not known stays so."""
    found, expected = shown(data), told(flows, by)
    assert found.keys() == expected.keys()
    for key, (tonnes, unknown, ids) in expected.items():
        assert found[key][1:] == (unknown, ids), key
        # a sum of nothing known is unknown, a sum of zeros is zero
        assert (found[key][0] is None) == (tonnes is None), key
        assert tonnes is None or found[key][0] == pytest.approx(tonnes)


def nodes_add_up(data: SankeyData, flows: list[Flow], by: str) -> None:
    """Nodes tell what enters and leaves them, but not what stays."""
    enters: dict[str, list[float]] = defaultdict(list)
    leaves: dict[str, list[float]] = defaultdict(list)
    unknown: dict[str, int] = defaultdict(int)
    for source, target, _, tonnes, _ in flows:
        start, end = node_of(source, by), node_of(target, by)
        for node in (start, end):
            if node is not None and tonnes is None:
                unknown[node] += 1  # at both its ends, even where they are one node
        if start != end and tonnes is not None:
            for node, side in ((start, leaves), (end, enters)):
                if node is not None:
                    side[node].append(tonnes)
    for row in data.nodes.itertuples():
        for total, side in ((row.in_t_per_year, enters), (row.out_t_per_year, leaves)):
            rows = side[row.node_id]
            assert np.isnan(total) if not rows else total == pytest.approx(sum(rows)), (by, row.node_id)
        assert row.n_unknown == unknown[row.node_id], (by, row.node_id)


def differences_are_told(data: SankeyData) -> None:
    """A difference stands where all is known on both sides, and only there."""
    gaps = data.ribbons[data.ribbons["kind"] == "difference"]
    assert gaps["quantity_t_per_year"].gt(0).all() and gaps["is_hypothesis"].eq(False).all()
    assert gaps["flow_ids"].map(len).eq(0).all() and gaps["n_unknown"].eq(0).all()
    expected = {}
    for row in data.nodes.itertuples():
        gap = row.in_t_per_year - row.out_t_per_year
        least = max(0.005 * max(row.in_t_per_year, row.out_t_per_year), 1e-6)
        is_open = row.n_unknown or np.isnan(gap)
        if row.kind == "operation" and not row.is_outside and not is_open and abs(gap) > least:
            expected[(row.node_id, gap > 0)] = abs(gap)
    found = {}
    for row in gaps.itertuples():
        lost = not pd.isna(row.source)  # what is lost leaves, what comes from nowhere enters
        assert pd.isna(row.target) if lost else pd.isna(row.source)
        found[(row.source if lost else row.target, lost)] = row.quantity_t_per_year
    assert found == pytest.approx(expected)


def test_a_stage_from_which_nothing_is_told_to_leave_has_no_difference() -> None:
    # of collecte nobody said what leaves: that is unknown, not a loss of 50 t
    data = sankey_data(filiere([("source", "ramasse", "laine", 50.0, "measured")]))
    collecte = data.nodes.set_index("node_id").loc["collecte"]
    assert collecte["in_t_per_year"] == 50.0 and np.isnan(collecte["out_t_per_year"])
    assert data.ribbons["kind"].tolist() == ["flow"]


def test_a_measured_zero_that_leaves_makes_all_that_enters_a_difference() -> None:
    flows: list[Flow] = [
        ("source", "ramasse", "laine", 50.0, "measured"),
        ("ramasse", "trieur", "laine", 0.0, "measured"),
    ]
    data = sankey_data(filiere(flows))
    gaps = data.ribbons[data.ribbons["kind"] == "difference"]
    # tri: 0 t enter, nothing is told to leave; collecte: 50 − 0
    assert gaps[["source", "quantity_t_per_year"]].values.tolist() == [["collecte", 50.0]]


def test_markets_and_resources_keep_what_they_get() -> None:
    flows: list[Flow] = [
        ("trieur", "magasin", "lin", 40.0, "measured"),
        ("magasin", "source", "lin", 5.0, "measured"),
        (None, "trieur", "lin", 40.0, "measured"),
    ]
    # vente gets 40 t and gives 5, gisement gets 5 and gives none: neither is an operation; tri is balanced
    assert sankey_data(filiere(flows)).ribbons["kind"].tolist() == ["flow"] * 3


def test_rows_in_another_order_give_the_same_ribbons() -> None:
    flows: list[Flow] = [
        ("source", "ramasse", "laine", 30.0, "measured"),
        ("source", "tour", "laine", 20.0, "declared"),
        ("ramasse", "trieur", "laine", None, "declared"),
        ("tour", "trieur", "laine", 18.0, "hypothesis"),
    ]
    plain, turned = (told(rows, "stage") for rows in (flows, flows[::-1]))
    first, second = (shown(sankey_data(filiere(rows))) for rows in (flows, flows[::-1]))
    assert first.keys() == second.keys() == plain.keys()
    assert {key: value[:2] for key, value in first.items()} == {
        key: value[:2] for key, value in second.items()
    }
    assert {key: value[:2] for key, value in turned.items()} == {
        key: value[:2] for key, value in plain.items()
    }


def test_an_actor_without_a_stage_leads_to_a_node_without_a_name_of_a_stage() -> None:
    held = {"actor_id": ["source", "trieur"], "stage_id": ["gisement", "tri"]}
    f = filiere(
        [("source", "trieur", "lin", 4.0, "measured"), ("trieur", "tour", "lin", 3.0, "measured")],
        activities=held,
    )
    data = sankey_data(f)
    rows = data.ribbons[data.ribbons["kind"] == "flow"]
    assert rows["quantity_t_per_year"].tolist() == [4.0, 3.0]
    assert rows["target"].iloc[1] not in STAGES and not pd.isna(rows["target"].iloc[1])
    assert rows["target"].iloc[1] in data.nodes["node_id"].tolist()


# -- thicknesses ----------------------------------------------------------------------------------------


CHAIN: list[Flow] = [
    ("source", "ramasse", "laine", 120.0, "measured"),
    ("source", "tour", "lin", 60.0, "declared"),
    ("ramasse", "trieur", "laine", 90.0, "measured"),
    ("ramasse", None, "laine", 30.0, "declared"),
    ("tour", "trieur", "lin", 30.0, "hypothesis"),
    ("trieur", "magasin", "laine", 45.0, "declared"),
    ("trieur", "loin", "lin", 15.0, "measured"),
    ("trieur", "magasin", "lin", None, "declared"),
    (None, "magasin", "lin", 75.0, "declared"),
    ("magasin", "ramasse", "laine", 3.0, "declared"),
]


@pytest.fixture(scope="module")
def data() -> SankeyData:
    return sankey_data(filiere(CHAIN), lang="en")


@pytest.fixture(scope="module")
def page(data: SankeyData) -> SankeyPage:
    return lay_out_page(data, width=440.0, height=None, tallest=400.0, lang="en")


@pytest.fixture(scope="module")
def ax(data: SankeyData) -> Axes:
    return draw_sankey(data, lang="en")


def patches(ax: Axes, prefix: str) -> dict[str, Any]:
    return {str(each.get_gid()): each for each in ax.patches if str(each.get_gid()).startswith(prefix)}


def test_known_ribbons_are_as_thick_as_their_tonnes_at_one_scale(data: SankeyData, page: SankeyPage) -> None:
    tonnes = data.ribbons["quantity_t_per_year"].to_numpy()
    known = np.isfinite(tonnes)
    assert (~known).sum() == 1
    expected = tonnes[known] * page.at.scale
    assert (expected > 0.9).all()  # none is so thin that it had to be drawn thicker
    assert page.at.thickness[known] == pytest.approx(expected)
    assert page.at.thickness[~known] == pytest.approx(np.array([1.2]))  # a line, whatever the scale


def test_bands_are_as_thick_as_they_were_measured(page: SankeyPage) -> None:
    for band, thickness in zip(page.bands, page.at.thickness, strict=True):
        assert band is not None and band.thickness == pytest.approx(thickness)


def test_nodes_hold_their_ribbons_side_by_side(data: SankeyData, page: SankeyPage) -> None:
    """On each side of a node, ribbons stand within it, and none on another."""
    ends = {"right": (page.plan.source, page.at.out_y), "left": (page.plan.target, page.at.in_y)}
    for nodes, middle in ends.values():
        for node in range(len(data.nodes)):
            mine = np.flatnonzero(nodes == node)
            order = mine[np.argsort(middle[mine])]
            half = page.at.thickness / 2
            top, height = page.at.box_top[node], page.at.box_height[node]
            if len(mine):
                assert (middle[mine] - half[mine]).min() >= top - 1e-6
                assert (middle[mine] + half[mine]).max() <= top + height + 1e-6
            below, above = order[1:], order[:-1]
            assert (middle[below] - half[below] >= middle[above] + half[above] - 1e-6).all()


def test_a_node_is_as_tall_as_the_larger_of_its_sides(page: SankeyPage, data: SankeyData) -> None:
    # gisement sends 120 + 60 t and gets nothing; only two points stand above and below
    node = data.nodes["node_id"].tolist().index("gisement")
    assert page.at.box_height[node] == pytest.approx(180.0 * page.at.scale + 2.0)


@settings(max_examples=4, deadline=None)
@given(FLOWS)
@example([("source", "ramasse", "laine", 0.0, "measured")])
def test_nothing_stands_on_another_nor_outside_of_the_page(flows: list[Flow]) -> None:
    data = sankey_data(filiere(flows))
    page = lay_out_page(data, width=440.0, height=None, tallest=400.0, lang="fr")
    assert page.header + page.bottom <= 400.0 * 1.35  # a crowded page may take a little more, never twice
    boxes = [label.rectangle for label in page.labels]
    for left, right, top, bottom in boxes:
        assert left >= -1e-6 and right <= page.width + 1e-6
        assert bottom <= page.bottom + 1e-6 and bottom > top and right > left
    for number, (left, right, top, bottom) in enumerate(boxes):
        for other in boxes[number + 1 :]:
            apart = other[0] >= right or other[1] <= left or other[2] >= bottom or other[3] <= top
            assert apart, (boxes[number], other)
    for column in set(data.nodes["column"]):  # nodes of one column, with their heads
        mine = np.flatnonzero(data.nodes["column"].to_numpy() == column)
        order = mine[np.argsort(page.at.box_top[mine])]
        heads = np.array([page.heads[node].height for node in order])
        floors = page.at.box_top[order] + page.at.box_height[order]
        assert (page.at.box_top[order][1:] - heads[1:] >= floors[:-1]).all()
    for x, head in zip(page.head_x, page.heads, strict=True):
        assert x - head.width / 2 >= -1.0 and x + head.width / 2 <= page.width + 1.0


@pytest.mark.parametrize("height", [150.0, 500.0])
def test_a_page_of_a_given_height_stays_within_it(data: SankeyData, height: float) -> None:
    page = lay_out_page(data, width=600.0, height=height, tallest=400.0, lang="fr")
    assert page.header + page.bottom <= height + 30.0
    assert (page.at.box_top + page.at.box_height <= page.bottom + 1e-6).all()


def test_the_larger_the_page_the_larger_the_scale(data: SankeyData) -> None:
    scales = [
        lay_out_page(data, width=440.0, height=tall, tallest=0.0, lang="fr").at.scale
        for tall in (200.0, 300.0, 450.0)
    ]
    assert scales[0] < scales[1] < scales[2]


def test_twice_the_tonnes_make_the_same_picture(data: SankeyData) -> None:
    double: list[Flow] = [(a, b, m, None if t is None else 2 * t, c) for a, b, m, t, c in CHAIN]
    pages = [
        lay_out_page(each, width=440.0, height=300.0, tallest=0.0, lang="fr")
        for each in (data, sankey_data(filiere(double)))
    ]
    assert pages[1].at.scale == pytest.approx(pages[0].at.scale / 2)
    assert pages[1].at.thickness == pytest.approx(pages[0].at.thickness)
    assert pages[1].at.box_top == pytest.approx(pages[0].at.box_top)


def test_a_plan_found_once_serves_pages_of_every_size(data: SankeyData, page: SankeyPage) -> None:
    sizes: list[dict[str, Any]] = [
        {"width": 300.0, "height": None, "tallest": 200.0},
        {"width": 700.0, "height": 420.0, "tallest": 0.0},
    ]
    for size in sizes:
        anew = lay_out_page(data, **size, lang="en")
        again = lay_out_page(data, **size, lang="en", plan=page.plan)
        assert again.plan is page.plan
        assert again.at.box_top.tolist() == anew.at.box_top.tolist()
        assert again.at.out_y.tolist() == pytest.approx(anew.at.out_y.tolist(), nan_ok=True)
        assert again.labels == anew.labels


# -- what a box passes on to itself ---------------------------------------------------------------------


def plan_of(source: list[int], target: list[int], quantity: list[float]) -> Any:
    """Two boxes in two columns."""
    return arrange(block_column=[0, 1], box_block=[0, 1], source=source, target=target, quantity=quantity)


def test_a_loop_of_one_box_is_thin_and_makes_its_box_no_taller() -> None:
    sizes = Sizes(box_height=np.full(2, 5.0), block_header=np.zeros(2), block_label=np.zeros(2))
    plan = plan_of([0, 0], [1, 0], [100.0, 5000.0])
    assert plan.kind == (FORWARD, ARC)
    at = place(plan, sizes, height=300.0, scale=1.0)
    assert at.thickness.tolist() == [100.0, LOOP_THICKNESS]
    assert at.capped.tolist() == [False, True]
    # 100 of the ribbon; both ends of the loop with two points on either side each; a point above and below
    assert at.box_height[0] == pytest.approx(100.0 + 2 * (LOOP_THICKNESS + 4.0) + 2.0)
    assert not place(plan, sizes, height=300.0, scale=0.001).capped.any()


def test_the_scale_is_that_of_what_passes_on() -> None:
    sizes = Sizes(box_height=np.full(2, 5.0), block_header=np.zeros(2), block_label=np.zeros(2))
    plain = best_scale(plan_of([0], [1], [100.0]), sizes, height=1e6, largest=120.0)
    looped = best_scale(plan_of([0, 0], [1, 0], [100.0, 5000.0]), sizes, height=1e6, largest=120.0)
    assert plain == looped == pytest.approx(1.2)
    # where there is nothing else, the loop has a scale all the same
    alone = best_scale(plan_of([0], [0], [50.0]), sizes, height=1e6, largest=120.0)
    assert alone == pytest.approx(2.4)


def test_what_one_role_keeps_does_not_dwarf_the_rest() -> None:
    flows: list[Flow] = [
        ("tour", "trieur", "laine", 5000.0, "measured"),  # both transformers
        ("source", "tour", "laine", 100.0, "measured"),
        ("trieur", "magasin", "laine", 80.0, "measured"),
    ]
    data = sankey_data(filiere(flows), by="role", lang="en")
    page = lay_out_page(data, width=440.0, height=None, tallest=400.0, lang="en")
    loop = data.ribbons["source"].eq(data.ribbons["target"]).to_numpy(bool)
    assert page.at.thickness[loop].tolist() == [LOOP_THICKNESS]
    assert page.at.thickness[~loop].max() > 60.0
    said = written(draw_sankey(data, lang="en"))
    assert any("return loops are drawn thinner than the scale" in text for text in said)
    assert f"5,000{NB}t" in said  # its tonnage is told, whatever its thickness


# -- the artists ----------------------------------------------------------------------------------------


def test_each_ribbon_is_one_patch_in_the_colour_of_its_material(data: SankeyData, ax: Axes) -> None:
    drawn = patches(ax, "ribbon-")
    of_ribbon = {gid: each for gid, each in drawn.items() if gid.count("-") == 1}
    assert len(of_ribbon) == len(data.ribbons)
    colours: dict[str, set[str]] = defaultdict(set)
    for number, row in enumerate(data.ribbons.itertuples()):
        patch = drawn[f"ribbon-{number + 1}"]
        colour = patch.get_facecolor() if patch.get_facecolor()[3] else patch.get_edgecolor()
        if row.kind == "flow":
            colours[row.material].add(to_hex(colour))
    assert {name: len(each) for name, each in colours.items()} == {"Laine": 1, "Lin": 1}
    assert set.union(*colours.values()) <= {colour.lower() for colour in MATERIAL_COLOURS}
    # the heavier the material the earlier its colour: 120 + 90 + 30 + 45 + 3 of wool, 60 + 30 + 15 + 75 of flax
    assert colours["Laine"] == {MATERIAL_COLOURS[0].lower()}


def test_patches_stand_where_the_page_says(data: SankeyData, ax: Axes) -> None:
    for number in range(len(data.nodes)):
        (box,) = [each for each in ax.patches if each.get_gid() == f"node-{number + 1}"]
        assert isinstance(box, Rectangle) and box.get_width() == 10.0
    left, right = ax.get_xlim()
    bottom, top = ax.get_ylim()
    assert bottom > top  # downwards
    for patch in ax.patches:
        if isinstance(patch, PathPatch):
            points: Any = np.asarray(patch.get_path().vertices)
            assert points[:, 0].min() >= left - 1e-6 and points[:, 0].max() <= right + 1e-6
            assert points[:, 1].min() >= top - 1e-6 and points[:, 1].max() <= bottom + 1e-6


def test_every_text_stands_on_the_sheet(ax: Axes) -> None:
    check_on_sheet(ax)


def test_thin_ribbons_lie_on_thick_ones(data: SankeyData, ax: Axes) -> None:
    names = [str(each.get_gid()) for each in ax.patches if str(each.get_gid()).startswith("ribbon-")]
    numbers = [int(name.split("-")[1]) - 1 for name in names if name.count("-") == 1]
    tonnes = data.ribbons["quantity_t_per_year"].iloc[numbers].dropna().tolist()
    assert tonnes == sorted(tonnes, reverse=True)


def test_a_difference_is_empty_and_broken(data: SankeyData, ax: Axes) -> None:
    # collecte: 180 + 3 enter, 90 + 30 + 30 leave; of tri a flow is unknown
    gaps = data.ribbons[data.ribbons["kind"] == "difference"]
    assert gaps[["source", "quantity_t_per_year"]].values.tolist() == [["collecte", 33.0]]
    patch = patches(ax, "ribbon-")[f"ribbon-{gaps.index[0] + 1}"]
    assert to_hex(patch.get_facecolor()) == PAPER.lower() and patch.get_linestyle() not in ("-", "solid")
    assert f"33{NB}t" in written(ax)


def test_a_stage_that_is_missing_one_that_is_optional_and_one_without_flow() -> None:
    changes = {
        "stages": {
            "stage_id": [*STAGES, "teinture", "location"],
            "name": [*STAGES, "Teinture", "Location"],
            "kind": [*KINDS, "operation", "operation"],
            "rank": [1, 2, 3, 4, 3, 4],
            "expected_scale": ["local"] * 4 + ["local", "regional"],
        },
        "stage_links": {"stage_id": ["tri", "tri"], "to_stage_id": ["teinture", "location"]},
    }
    f = filiere([("source", "ramasse", "laine", 5.0, "measured")], **changes)
    data = sankey_data(f, lang="en")
    ax = draw_sankey(data, lang="en")
    state = dict(zip(data.nodes["node_id"], data.nodes["state"], strict=True))
    assert (state["teinture"], state["location"], state["tri"]) == ("missing", "regional", "present")
    boxes = {
        node: patches(ax, "node-")[f"node-{place + 1}"] for place, node in enumerate(data.nodes["node_id"])
    }
    assert to_hex(boxes["teinture"].get_edgecolor()) == ABSENT.lower()
    assert to_hex(boxes["location"].get_edgecolor()) == ELSEWHERE.lower()
    assert to_hex(boxes["tri"].get_facecolor()) == PAPER.lower()  # held, and nothing passes
    assert to_hex(boxes["gisement"].get_facecolor()) != PAPER.lower()
    said = " ".join(written(ax))
    for words in ("missing stage", "stage held by nobody, not expected here", "no known flow", "Expected at"):
        assert words in said


def test_more_materials_than_colours_share_the_last_one_and_the_legend_says_so() -> None:
    names = [f"Matière {number}" for number in range(12)]
    flows: list[Flow] = [
        ("source", "ramasse", f"m{number}", 100.0 - number, "measured") for number in range(12)
    ]
    materials = {"material_id": [f"m{number}" for number in range(12)], "name": names}
    data = sankey_data(filiere(flows, materials=materials), lang="en")
    ax = draw_sankey(data, lang="en")
    drawn = [to_hex(patches(ax, "ribbon-")[f"ribbon-{number + 1}"].get_facecolor()) for number in range(12)]
    own = [name for name in names if name in written(ax)]
    assert own == names[: len(own)] and 4 <= len(own) < 12  # the heaviest
    assert set(drawn[len(own) :]) == {OTHER_COLOUR.lower()} and "other materials" in written(ax)
    assert len(set(drawn[: len(own)])) == len(own)


def test_a_material_that_is_not_stated_is_told_so_and_has_a_colour() -> None:
    data = sankey_data(filiere([("source", "ramasse", None, 9.0, "measured")]), lang="en")
    assert data.ribbons["material"].tolist() == ["material not stated"]
    assert data.ribbons["material_id"].isna().all()
    ax = draw_sankey(data, lang="en")
    assert "material not stated" in written(ax)
    assert to_hex(patches(ax, "ribbon-1")["ribbon-1"].get_facecolor()) != NEUTRAL.lower()


# -- words ----------------------------------------------------------------------------------------------


def test_french_and_english_say_the_same_in_their_own_signs() -> None:
    flows: list[Flow] = [
        ("source", "ramasse", "laine", 12345.5, "measured"),
        ("ramasse", None, "laine", None, "declared"),
    ]
    f = filiere(flows)
    french, english = (written(sankey(f, lang=lang)) for lang in ("fr", "en"))
    # half a tonne is rounded up, and each language groups its thousands
    assert f"12{THIN}346{NB}t" in french and f"12,346{NB}t" in english
    assert "quantité inconnue" in french and "quantity unknown" in english
    assert "Matières" in french and "Materials" in english
    assert len(french) == pytest.approx(len(english), abs=2)  # lines may break elsewhere


@pytest.mark.parametrize(
    ("tonnes", "unknown", "said"),
    [
        (12.0, 0, f"12{NB}t"),
        (0.0, 0, f"0{NB}t"),
        (12.0, 2, f"12{NB}t + ?"),
        (NAN, 1, "?"),
        (1234567.0, 0, f"1,234,567{NB}t"),
    ],
)
def test_a_tonnage_says_what_is_known_and_that_more_is_not(tonnes: float, unknown: int, said: str) -> None:
    row = pd.Series(
        {
            "quantity_t_per_year": tonnes,
            "n_unknown": unknown,
            "reconciled_t_per_year": NAN,
            "n_free": 0,
            "kind": "flow",
        }
    )
    data = sankey_data(filiere([]))
    assert ribbon_words(row, data, "en") == said


def test_labels_that_find_no_place_are_left_out_the_thinnest_first(data: SankeyData) -> None:
    page = lay_out_page(data, width=440.0, height=None, tallest=400.0, lang="en")
    words = [ribbon_words(row, data, "en") for row in data.ribbons.itertuples()]
    everything = np.array([[-10.0, 1000.0, -10.0, 1000.0]])
    none = ribbon_labels(data, page.plan, page.bands, words, everything, LEGIBLE, 440.0, page.bottom, "en")
    assert none == []
    free = ribbon_labels(
        data, page.plan, page.bands, words, np.zeros((0, 4)), LEGIBLE, 440.0, page.bottom, "en"
    )
    assert len(free) >= len(page.labels) > 0
    for label in free:
        wide = max(line_width(line, label.size) for line in label.lines)
        assert label.rectangle[1] - label.rectangle[0] >= wide - 1e-6


def test_imports_and_exports_are_named_beside_their_arrows(data: SankeyData, page: SankeyPage) -> None:
    kinds = dict(zip(range(len(page.plan.kind)), page.plan.kind, strict=True))
    assert [kind for kind in kinds.values() if kind not in (FORWARD,)] == [EXPORT, BACK, IMPORT, EXPORT]
    for label in page.labels:
        if kinds[label.ribbon] == IMPORT:
            assert label.lines[0].startswith("import") and label.side == "right"
        elif kinds[label.ribbon] == EXPORT and data.ribbons["kind"][label.ribbon] == "flow":
            assert label.lines[0].startswith("export") and label.side == "left"


def test_the_words_of_the_figure_add_up_what_the_referee_does(data: SankeyData) -> None:
    said = sankey_alt_text(data, "en")
    # in from outside: 75 t; out: 30 t
    assert f"From outside: 75{NB}t." in said and f"To the outside: 30{NB}t." in said
    assert f"Collecte (33{NB}t)" in said
    assert "10 flows" in said and "1 flow of unknown quantity." in said[0].upper() + said[1:]
    assert said.index(f"120{NB}t") < said.index(f"60{NB}t")  # the largest first


def test_names_of_anything_are_drawn_as_they_are() -> None:
    changes = {
        "materials": {"material_id": ["laine", "lin"], "name": [HOSTILE[0], HOSTILE[5]]},
        "stages": {"stage_id": STAGES, "name": HOSTILE[1:5], "kind": KINDS, "rank": [1, 2, 3, 4]},
    }
    f = filiere(CHAIN, **changes)
    ax = draw_sankey(sankey_data(f), title=HOSTILE[0])
    check_on_sheet(ax)
    assert HOSTILE[0] in written(ax)  # the title and the material, never a fraction
    assert sankey_alt_text(sankey_data(f))
