"""Shapes: ribbons start and end at their boxes, keep their thickness, and say where they go."""

from __future__ import annotations

import numpy as np
import pytest

from chaine_valeur.figures._arrange import ARC, BACK, EXPORT, FORWARD, IMPORT, Arrangement, arrange
from chaine_valeur.figures._bands import Band, Shape, _level, bands
from chaine_valeur.figures._layout import Columns, Placement, Sizes, columns, place


def drawn(
    source: list[int], target: list[int], quantity: list[float]
) -> tuple[Arrangement, Placement, Columns, list[Band | None]]:
    """Three columns; boxes 0, 1 in the first, 2 in the second, 3, 4 in the third."""
    plan = arrange(
        block_column=[0, 1, 2], box_block=[0, 0, 1, 2, 2], source=source, target=target, quantity=quantity
    )
    sizes = Sizes(np.full(5, 20.0), np.full(3, 12.0), np.full(3, 30.0), stub_height=15.0)
    at = place(plan, sizes, height=300, scale=1.0)
    page = columns(450, shares=[1, 1, 1], needs=[50, 50, 50, 50])
    return plan, at, page, bands(plan, at, page)


def band(source: int, target: int, quantity: float = 12.0) -> tuple[Placement, Columns, Band]:
    _, at, page, found = drawn([source], [target], [quantity])
    assert found[0] is not None
    return at, page, found[0]


@pytest.mark.parametrize(
    ("ends", "kind"),
    [((0, 2), FORWARD), ((0, 4), FORWARD), ((4, 0), BACK), ((3, 4), ARC), ((2, 2), ARC)],
)
def test_every_outline_is_closed_and_on_the_page(ends: tuple[int, int], kind: str) -> None:
    _, page, found = band(*ends)
    assert found.kind == kind
    for shape in (found.outline, found.centre):
        assert len(shape.points) == len(shape.codes)
        assert shape.codes[0] == 1
        assert np.isfinite(np.array(shape.points)).all()
    assert found.outline.codes[-1] == 79
    assert found.outline.points[-1] == found.outline.points[0]
    xs = [x for x, _ in found.outline.points]
    assert min(xs) >= 0
    assert max(xs) <= page.width


def test_a_ribbon_without_ends_is_not_drawn() -> None:
    assert drawn([-1], [-1], [3.0])[3] == [None]


def test_a_forward_ribbon_joins_the_facing_sides() -> None:
    at, page, found = band(0, 2)
    (x0, y0), (x1, y1) = found.centre.points[0], found.centre.points[-1]
    assert (x0, y0) == pytest.approx((page.right[0], at.out_y[0]))
    assert (x1, y1) == pytest.approx((page.left[1], at.in_y[0]))
    assert found.thickness == 12.0


def heights(found: Band, share: float) -> np.ndarray:
    """The drawn thickness of each swing of a ribbon at a share of its width, from its outline alone."""
    points = np.array(found.outline.points)
    n = (len(points) - 3) // 6  # swings along the upper edge: a move, three points each
    upper = points[: 1 + 3 * n]
    lower = points[1 + 3 * n : 2 + 6 * n][::-1]
    s = share
    y = [
        (1 - s) ** 3 * edge[:-1:3, 1] + 3 * s * (1 - s) ** 2 * edge[1::3, 1]
        + 3 * s**2 * (1 - s) * edge[2::3, 1] + s**3 * edge[3::3, 1]
        for edge in (upper, lower)
    ]  # fmt: skip
    return y[1] - y[0]


@pytest.mark.parametrize("ends", [(0, 2), (1, 4), (0, 3)])
def test_a_forward_ribbon_keeps_its_thickness(ends: tuple[int, int]) -> None:
    found = band(*ends)[2]
    for share in (0.0, 0.3, 0.5, 1.0):
        assert heights(found, share) == pytest.approx(12.0)


@pytest.mark.parametrize("ends", [(0, 2), (0, 4), (4, 0), (3, 4), (2, -1), (-1, 2)])
def test_what_a_label_should_not_cover_holds_the_whole_ribbon(ends: tuple[int, int]) -> None:
    found = band(*ends)[2]
    # on the outline of a bend or a swing the middle of a curve bulges less than its control points
    on_curve = [
        point for point, code in zip(found.outline.points, found.outline.codes, strict=True) if code < 3
    ]
    slack = 0.5
    for x, y in on_curve[:-1]:
        left, right, top, bottom = found.cover.T
        inside = (left - slack <= x) & (x <= right + slack) & (top - slack <= y) & (y <= bottom + slack)
        assert inside.any()
    assert (found.cover[:, 0] <= found.cover[:, 1]).all()
    assert (found.cover[:, 2] <= found.cover[:, 3]).all()


def test_a_ribbon_is_level_while_it_crosses_a_column() -> None:
    _, page, found = band(0, 4)
    inside = (found.cover[:, 0] >= page.left[1] - 1e-6) & (found.cover[:, 1] <= page.right[1] + 1e-6)
    assert inside.sum() >= 2
    assert np.ptp(found.cover[inside, 2]) == pytest.approx(0, abs=1e-6)
    assert found.cover[inside, 3] - found.cover[inside, 2] == pytest.approx(12.0)


def test_anchors_lie_on_the_ribbon_between_columns_first() -> None:
    _, page, found = band(0, 4)
    x, _ = found.anchors[0]
    assert page.right[0] < x < page.left[1]
    for x, y in found.anchors:
        here = found.cover[(found.cover[:, 0] <= x + 1e-6) & (found.cover[:, 1] >= x - 1e-6)]
        assert here[:, 2].min() <= y <= here[:, 3].max()


def test_level_inverts_the_curve_that_is_drawn() -> None:
    """Points of the cubic x(s) = 1.5 s(1 − s) + s³, y(s) = 3 s² − 2 s³ (control points at half the width)."""
    s = np.linspace(0, 1, 21)
    x = 3 * s * (1 - s) ** 2 * 0.5 + 3 * s**2 * (1 - s) * 0.5 + s**3
    y = 3 * s**2 * (1 - s) + s**3
    assert _level(x) == pytest.approx(y, abs=1e-6)


def test_an_import_points_at_its_box_an_export_away_from_it() -> None:
    at, page, found = band(-1, 2, 30.0)
    assert found.kind == IMPORT
    assert max(x for x, _ in found.outline.points) == pytest.approx(page.left[1])
    assert found.anchors[0][0] < page.left[1]
    at, page, found = band(2, -1, 30.0)
    assert found.kind == EXPORT
    assert min(x for x, _ in found.outline.points) == pytest.approx(page.right[1])
    assert found.anchors[0] == pytest.approx((found.anchors[0][0], at.out_y[0]))
    assert found.anchors[0][0] > page.right[1]


def test_a_thin_stub_still_has_a_head() -> None:
    _, _, found = band(2, -1, 0.001)
    ys = [y for _, y in found.outline.points]
    assert max(ys) - min(ys) > 4


def test_a_bend_leaves_and_returns_on_the_right() -> None:
    at, page, found = band(3, 4)
    assert found.arrow is not None
    tip = found.arrow.points[1]
    assert tip == pytest.approx((page.right[2], at.in_y[0]))
    assert all(x >= page.right[2] - 1e-6 for x, _ in found.outline.points)


def test_a_return_loop_runs_below_everything_and_enters_on_the_left() -> None:
    at, page, found = band(4, 0)
    assert found.arrow is not None
    assert found.arrow.points[1] == pytest.approx((page.left[0], at.in_y[0]))
    assert max(y for _, y in found.outline.points) > at.floor
    # it leaves on the right of the last column and comes up on the left of the first
    assert max(x for x, _ in found.centre.points) > page.right[2]
    assert min(x for x, _ in found.centre.points) < page.left[0]
    assert found.anchors[0][1] == pytest.approx(at.lane_y[0])


def test_two_return_loops_keep_apart() -> None:
    _, _, _, found = drawn([3, 4], [0, 1], [4.0, 4.0])
    lanes = []
    for each in found:
        assert each is not None
        lane = each.cover[2]  # out, down, along below the columns, up, in
        lanes.append((lane[2], lane[3], max(x for x, _ in each.centre.points)))
    (low, high, x), (other_low, other_high, other_x) = sorted(lanes)
    assert high < other_low
    assert low < other_high
    assert x != other_x


def test_shapes_are_built_piece_by_piece() -> None:
    shape = Shape().move(0, 0).line((1, 0)).quadratic((2, 0), (2, 1)).swing(4, 3).close()
    assert shape.codes == [1, 2, 3, 3, 4, 4, 4, 79]
    assert shape.points[-1] == (0, 0)
    assert shape.points[4:7] == [(3.0, 1), (3.0, 3), (4, 3)]
