"""The artists of the chain figure: stages, ribbons, boxes, labels; they read the page and move nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..vocabulary import ActorType, Role, Status
from ._arrange import EXPORT, IMPORT
from ._bands import Shape
from ._labels import BADGE_SIZE, badge_width, ribbon_labels
from ._page import BoxText, Page
from ._style import (
    ABSENT,
    ABSENT_HATCH,
    ELSEWHERE,
    INK,
    INTERNAL_LINE,
    OUTSIDE_FILL,
    PANEL,
    PAPER,
    ROLE_MARKERS,
    SOFT_INK,
    hatch,
)
from ._text import LINE_HEIGHT, line_width
from .frames import INTERNAL, MISSING, OUTSIDE, PRESENT, ChainData

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LINES", "box_patch", "paint", "ribbon_style", "role_mark"]

# painter's order
_PANEL, _HATCH, _RIBBON, _EDGE, _BOX, _WORDS, _BADGE = 0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0
#: Line styles by what they mean: no material passes, hypothesis, planned, quantity unknown, within one actor.
LINES: dict[str, Any] = {
    "no flow": (0, (4.5, 2.5)),
    "hypothesis": (0, (1.0, 1.6)),
    "planned": (0, (6.0, 1.6, 1.2, 1.6)),
    "unknown": (0, (3.0, 1.8)),
    # with round ends: beads, as no ribbon of a material looks
    "internal": (0, (0.01, 1.7)),
}


def paint(ax: Axes, data: ChainData, page: Page, *, colours: dict[str, str], lang: str) -> None:
    """Draw the chain on Axes whose coordinates are those of the page."""
    _stages(ax, data, page)
    _ribbons(ax, data, page, colours)
    for number, row in enumerate(data.boxes.itertuples()):
        _box(ax, page, number, row, page.box_texts[number])
    _labels(ax, data, page, lang)


def _write(ax: Axes, x: float, y: float, text: str, size: float, **style: Any) -> Any:
    style = {"ha": "center", "va": "center_baseline", "color": INK, "zorder": _WORDS, **style}
    return ax.text(x, y, text, fontsize=size, fontfamily="DejaVu Sans", parse_math=False, **style)


def _lines(ax: Axes, x: float, middle: float, lines: list[str], size: float, **style: Any) -> None:
    step, gid = size * LINE_HEIGHT, style.pop("gid", None)
    for number, line in enumerate(lines):
        name = {} if gid is None else {"gid": f"{gid}-{number + 1}"}
        _write(ax, x, middle + (number - (len(lines) - 1) / 2) * step, line, size, **style, **name)


def _path(shape: Shape) -> Any:
    from matplotlib.path import Path

    return Path(np.array(shape.points, dtype=float), shape.codes)


def _halo(width: float = 1.8) -> list[Any]:
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=width, foreground=PAPER)]


# ---------------------------------------------------------------------------------------------- stages


def _stages(ax: Axes, data: ChainData, page: Page) -> None:
    from matplotlib.patches import Rectangle

    pad = 3.0
    for block, row in enumerate(data.stages.itertuples()):
        left, box = float(page.columns.left[row.column]), float(page.columns.widths[row.column])
        top, bottom = float(page.at.block_top[block]), float(page.at.block_bottom[block])
        inner = float(page.inner_header[block]) if top > 0 else 0.0
        absent = row.state in (MISSING, OUTSIDE)
        colour = ABSENT if absent else INK if row.state == PRESENT else ELSEWHERE
        words = page.headers[block]
        centre, middle = page.header_at(block)
        _lines(ax, centre, middle, words.lines, words.size, fontweight="bold", color=colour)
        start, end = (top + inner if top > 0 else -pad), bottom + (-2.0 if bottom < page.at.floor else pad)
        corner, size = (left - pad, start), (box + 2 * pad, max(end - start, 0.0))
        if row.state == PRESENT:
            ax.add_artist(Rectangle(corner, *size, facecolor=PANEL, edgecolor="none", zorder=_PANEL))
            continue
        edge = ABSENT_HATCH if absent else ELSEWHERE
        style = "-" if absent else (0, (1.0, 2.2))
        ax.add_artist(
            Rectangle(
                corner, *size, facecolor=PAPER, edgecolor=edge, linewidth=0.9, linestyle=style, zorder=_PANEL
            )
        )
        if absent:
            ax.add_artist(hatch(corner, size, colour=ABSENT_HATCH, zorder=_HATCH))
        if page.sentences[block].lines:
            _sentence(ax, page, block, left + box / 2, box, colour, absent)


def _sentence(ax: Axes, page: Page, block: int, x: float, room: float, colour: str, absent: bool) -> None:
    from matplotlib.patches import FancyBboxPatch

    words = page.sentences[block]
    tall = words.height
    middle = float(page.at.label_top[block]) + (tall + 8.0) / 2
    wide = max(line_width(line, words.size) for line in words.lines)
    wide = min(wide, room - 4)
    if absent:
        frame = FancyBboxPatch(
            (x - wide / 2 - 2, middle - tall / 2 - 2.5),
            wide + 4,
            tall + 5,
            boxstyle="round,pad=0,rounding_size=2.5",
            facecolor=PAPER,
            edgecolor=ABSENT,
            linewidth=0.8,
            zorder=_BOX,
        )
        ax.add_artist(frame)
    _lines(ax, x, middle, words.lines, words.size, color=colour, fontstyle="normal" if absent else "italic")


# --------------------------------------------------------------------------------------------- ribbons


def ribbon_style(*, status: str, is_hypothesis: bool, known: bool, colour: str) -> dict[str, Any]:
    """Return how a ribbon is filled and lined: the less is known of it, the lighter.

    Observed: filled. Hypothesis: light, dotted outline. Planned: empty, dash-dotted outline. A ribbon whose
    quantity is unknown is a line, dashed or in the style of what it is.
    """
    planned = status in (Status.PLANNED, Status.CANDIDATE)
    line = LINES["planned"] if planned else LINES["hypothesis"] if is_hypothesis else LINES["unknown"]
    if status == INTERNAL:
        return {
            "facecolor": "none",
            "edgecolor": INTERNAL_LINE,
            "linewidth": 2.4,
            "linestyle": LINES["internal"],
            "alpha": None,
        }
    if not known:
        return {"facecolor": "none", "edgecolor": colour, "linewidth": 1.4, "linestyle": line, "alpha": None}
    if planned:
        return {"facecolor": colour, "edgecolor": colour, "linewidth": 0.9, "linestyle": line, "alpha": 0.10}
    if is_hypothesis:
        return {"facecolor": colour, "edgecolor": colour, "linewidth": 0.9, "linestyle": line, "alpha": 0.20}
    return {"facecolor": colour, "edgecolor": "none", "linewidth": 0.0, "linestyle": "-", "alpha": 0.52}


def _ribbons(ax: Axes, data: ChainData, page: Page, colours: dict[str, str]) -> None:
    from matplotlib.patches import PathPatch

    order = np.argsort(-page.at.thickness, kind="stable")  # thin ones on top
    rows = list(data.ribbons.itertuples())
    for number in order.tolist():
        band, row = page.bands[number], rows[number]
        if band is None:
            continue
        name, known = f"ribbon-{number + 1}", bool(np.isfinite(row.quantity_t_per_year))
        style = ribbon_style(
            status=row.status, is_hypothesis=row.is_hypothesis, known=known, colour=colours[row.material]
        )
        line = {key: style[key] for key in ("edgecolor", "linewidth", "linestyle")}
        cap: Any = "round" if row.status == INTERNAL else "butt"
        if known:
            fill = PathPatch(
                _path(band.outline),
                facecolor=style["facecolor"],
                alpha=style["alpha"],
                linewidth=0,
                zorder=_RIBBON,
                gid=name,
            )
            ax.add_artist(fill)
            if line["linewidth"]:
                ax.add_artist(
                    PathPatch(_path(band.outline), facecolor="none", zorder=_EDGE, gid=f"{name}-edge", **line)
                )
        else:
            ax.add_artist(
                PathPatch(_path(band.centre), facecolor="none", capstyle=cap, zorder=_EDGE, gid=name, **line)
            )
        if (
            band.arrow is not None
            and row.status != INTERNAL
            and (not known or band.kind not in (IMPORT, EXPORT))
        ):
            ax.add_artist(
                PathPatch(
                    _path(band.arrow),
                    facecolor=colours[row.material],
                    linewidth=0,
                    zorder=_EDGE,
                    gid=f"{name}-head",
                )
            )


def _labels(ax: Axes, data: ChainData, page: Page, lang: str) -> None:
    for label in ribbon_labels(data, page, lang):
        colour = SOFT_INK if page.bands[label.ribbon].kind in (IMPORT, EXPORT) else INK  # type: ignore[union-attr]
        style = {"ha": label.side, "color": colour, "path_effects": _halo()}
        _lines(ax, label.x, label.y, list(label.lines), label.size, gid=f"label-{label.ribbon + 1}", **style)


# ----------------------------------------------------------------------------------------------- boxes


def box_patch(x: float, y: float, width: float, height: float, row: Any, **more: Any) -> Any:
    """Return the outline of an actor: its shape says what it is, its line what is known of it."""
    from matplotlib.patches import FancyBboxPatch

    kind = str(row.actor_type)
    rounding = min(height / 2, 9.0) if kind == ActorType.DIFFUSE else 0.01 if row.is_outside else 2.5
    planned = row.status in (Status.PLANNED, Status.CANDIDATE)
    ink = SOFT_INK if planned or row.is_hypothesis else INK
    if planned:
        line = LINES["planned"]
    elif not row.has_flow:
        line = LINES["no flow"]
    else:
        line = LINES["hypothesis"] if row.is_hypothesis else "-"
    return FancyBboxPatch(
        (x, y),
        width,
        height,
        boxstyle=f"round,pad=0,rounding_size={rounding:.2f}",
        facecolor=OUTSIDE_FILL if row.is_outside else PAPER,
        edgecolor=ink,
        linewidth=2.3 if row.is_siae else 0.8,
        linestyle=line,
        capstyle="butt",
        **{"zorder": _BOX, **more},
    )


def _box(ax: Axes, page: Page, number: int, row: Any, words: BoxText) -> None:
    x, width = float(page.columns.left[row.column]), page.columns.box_width
    y, height = float(page.at.box_top[number]), float(page.at.box_height[number])
    ax.add_artist(box_patch(x, y, width, height, row, gid=f"actor-{number + 1}"))
    text = page.text
    below = bool(words.quantity) and not words.inline
    tall = len(words.lines) * text.name * LINE_HEIGHT + (text.small * LINE_HEIGHT if below else 0.0)
    pale = row.status in (Status.PLANNED, Status.CANDIDATE) or row.is_hypothesis
    organised = row.actor_type != ActorType.DIFFUSE and not row.is_outside
    start = y + height / 2 - tall / 2 + (1.0 if words.badge and height < tall + 12 else 0.0)
    middle = x + width / 2
    beside = 5.0 + line_width(words.quantity, text.small) if words.inline else 0.0
    _lines(
        ax,
        middle - beside / 2,
        start + len(words.lines) * text.name * LINE_HEIGHT / 2,
        words.lines,
        text.name,
        color=SOFT_INK if pale else INK,
        fontstyle="normal" if organised else "italic",
        gid=f"name-{number + 1}",
    )
    if below:
        _write(
            ax,
            middle,
            start + tall - text.small * LINE_HEIGHT / 2,
            words.quantity,
            text.small,
            color=SOFT_INK,
        )
    elif words.quantity:
        right = middle + (line_width(words.lines[0], text.name) + beside) / 2
        _write(
            ax,
            right,
            start + tall / 2,
            words.quantity,
            text.small,
            color=SOFT_INK,
            ha="right",
            va="center_baseline",
        )
    marker = ROLE_MARKERS.get(row.role) if row.role in set(Role) else None
    if marker:
        role_mark(ax, x + 2.0, y + 1.0, marker)
    if words.badge:
        # on the lower border where it would cover the mark of the role
        low = marker is not None and badge_width(words.badge, text.small, row.is_siae) > width - 9.0
        _badge(ax, x + width - 2.0, y + height if low else y, words.badge, text.small, row.is_siae)


def role_mark(ax: Axes, x: float, y: float, marker: str) -> None:
    """Draw the mark of a role, in a disc that keeps it apart from the border that it stands on."""
    from matplotlib.lines import Line2D

    size = {"*": 5.4, "s": 3.3, "D": 3.1, "o": 3.6}.get(marker, 3.9)
    style: dict[str, Any] = {"linestyle": "none", "zorder": _BADGE}
    disc: dict[str, Any] = {
        "markersize": 7.9,
        "markerfacecolor": PAPER,
        "markeredgecolor": INK,
        "markeredgewidth": 0.6,
    }
    ax.add_artist(Line2D([x], [y], marker="o", **disc, **style))
    ax.add_artist(Line2D([x], [y], marker=marker, markersize=size, color=INK, markeredgewidth=0, **style))


def _badge(ax: Axes, right: float, y: float, text: str, size: float, strong: bool) -> None:
    """Draw the few letters that stand on the border of a box."""
    from matplotlib.patches import FancyBboxPatch

    wide, size = badge_width(text, size, strong), min(size, BADGE_SIZE)
    tall = size * 1.15
    chip = FancyBboxPatch(
        (right - wide, y - tall / 2),
        wide,
        tall,
        boxstyle="round,pad=0,rounding_size=2",
        facecolor=INK if strong else PAPER,
        edgecolor=INK if strong else SOFT_INK,
        linewidth=0.6,
        zorder=_BADGE,
    )
    ax.add_artist(chip)
    _write(
        ax,
        right - wide / 2,
        y,
        text,
        size,
        color=PAPER if strong else SOFT_INK,
        fontweight="bold" if strong else "normal",
        zorder=_BADGE,
    )
