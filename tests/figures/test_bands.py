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


def test_a_forward_ribbon_keeps_its_thickness() -> None:
    for _, _, found in (band(0, 2), band(1, 4)):
        assert np.allclose(found.reach[:, 2] - found.reach[:, 1], 12.0)


def test_a_ribbon_is_level_while_it_crosses_a_column() -> None:
    _, page, found = band(0, 4)
    inside = (found.reach[:, 0] >= page.left[1] - 1e-6) & (found.reach[:, 0] <= page.right[1] + 1e-6)
    assert inside.sum() >= 2
    assert np.ptp(found.reach[inside, 1]) == pytest.approx(0, abs=1e-6)


def test_anchors_lie_on_the_ribbon_between_columns_first() -> None:
    _, page, found = band(0, 4)
    x, _ = found.anchors[0]
    assert page.right[0] < x < page.left[1]
    for x, y in found.anchors:
        near = found.reach[np.argsort(np.abs(found.reach[:, 0] - x))[:2]]
        assert near[:, 1].min() - 2 <= y <= near[:, 2].max() + 2


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
        lanes.append((each.reach[0, 1], each.reach[0, 2], max(x for x, _ in each.centre.points)))
    (low, high, x), (other_low, other_high, other_x) = sorted(lanes)
    assert high < other_low
    assert low < other_high
    assert x != other_x


def test_shapes_are_built_piece_by_piece() -> None:
    shape = Shape().move(0, 0).line((1, 0)).quadratic((2, 0), (2, 1)).swing(4, 3).close()
    assert shape.codes == [1, 2, 3, 3, 4, 4, 4, 79]
    assert shape.points[-1] == (0, 0)
    assert shape.points[4:7] == [(3.0, 1), (3.0, 3), (4, 3)]
