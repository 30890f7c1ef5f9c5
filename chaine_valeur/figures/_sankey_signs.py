"""The signs of the Sankey: how ribbons and nodes are filled and lined, and the legend of those in use."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..language import tr, trn
from ._legend import Entry, Laid, lay_out
from ._paint import LINES, ribbon_style
from ._sankey_data import DIFFERENCE, FLOW, SankeyData
from ._sankey_page import BAR, SankeyPage, key_of
from ._sheet import rectangle, write
from ._style import ABSENT, ELSEWHERE, INK, INTERNAL_LINE, OTHER_COLOUR, OUTSIDE_FILL, PAPER, SOFT_INK, hatch
from ._text import LEGIBLE, brief
from .frames import INTERNAL, MISSING, PRESENT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["DECLARED", "NEUTRAL", "draw_node", "legend_of", "ribbon_style_of"]

NEUTRAL = "#6B7280"
_DARK = "#3B444D"
#: The outline of what was declared, where it is compared with what was reconciled.
DECLARED: dict[str, Any] = {"facecolor": "none", "edgecolor": INK, "linewidth": 0.7}


def ribbon_style_of(row: Any, known: bool, colour: str, *, is_reconciled: bool) -> dict[str, Any]:
    """How a ribbon is filled and lined: as in the chain figure, the less is known of it the lighter."""
    if row.kind == DIFFERENCE:
        return {"facecolor": PAPER, "edgecolor": SOFT_INK, "linewidth": 0.8, "linestyle": (0, (3.0, 1.6))}
    if row.kind == INTERNAL and known:
        beads = {"edgecolor": INTERNAL_LINE, "linewidth": 1.4, "linestyle": LINES["internal"]}
        return {"facecolor": colour, "alpha": 0.30, "capstyle": "round", **beads}
    status = INTERNAL if row.kind == INTERNAL else "active"
    style = ribbon_style(status=status, is_hypothesis=row.is_hypothesis, known=known, colour=colour)
    if status == INTERNAL:
        style["capstyle"] = "round"
    elif known and is_reconciled and not row.is_hypothesis and np.isnan(row.quantity_t_per_year):
        style["alpha"] = 0.34
    return style


def draw_node(
    ax: Axes, corner: tuple[float, float], size: tuple[float, float], row: Any, **more: Any
) -> None:
    """Draw a node: full, grey outside, hatched where the stage is missing, dashed where nothing passes."""
    if row.state == MISSING:
        rectangle(ax, corner, size, facecolor=PAPER, edgecolor=ABSENT, linewidth=0.9, zorder=3, **more)
        ax.add_artist(hatch(corner, size, colour=ABSENT, zorder=3.1, step=3.0))
    elif row.state != PRESENT:
        line = {"edgecolor": ELSEWHERE, "linewidth": 0.9, "linestyle": (0, (1.0, 1.6))}
        rectangle(ax, corner, size, facecolor=PAPER, zorder=3, **line, **more)
    elif not row.has_flow:
        line = {"edgecolor": _DARK, "linewidth": 0.8, "linestyle": LINES["no flow"]}
        rectangle(ax, corner, size, facecolor=PAPER, zorder=3, **line, **more)
    elif row.is_outside:
        rectangle(ax, corner, size, facecolor=OUTSIDE_FILL, edgecolor=_DARK, linewidth=0.8, zorder=3, **more)
    else:
        rectangle(ax, corner, size, facecolor=_DARK, zorder=3, **more)


def legend_of(
    data: SankeyData, page: SankeyPage | None, colours: dict[str, str], width: float, lang: str
) -> Laid:
    """Return the signs that the figure uses, and what it does not show."""
    groups = [_materials(colours, lang), _lines(data, lang), _stages(data, lang)]
    if page is not None and page.keyed:
        pairs = zip(key_of(data.nodes), data.nodes["label"], strict=True)
        named = [Entry(brief(name), partial(_numbered, text=key)) for key, name in pairs]
        groups.insert(0, [Entry(tr("Stages", lang)), *named])
    return lay_out(groups, _notes(data, page, lang), width=width, size=LEGIBLE + 0.5)


def _materials(colours: dict[str, str], lang: str) -> list[Entry]:
    own = [name for name, colour in colours.items() if name and colour != OTHER_COLOUR]
    shared = [name for name, colour in colours.items() if name and colour == OTHER_COLOUR]
    entries = [
        Entry(brief(name), partial(_swatch, style={"facecolor": colours[name], "alpha": 0.52}))
        for name in own
    ]
    if shared:
        name = shared[0] if len(shared) == 1 else tr("other materials", lang)
        entries.append(Entry(brief(name), partial(_swatch, style={"facecolor": OTHER_COLOUR, "alpha": 0.52})))
    return [Entry(tr("Materials", lang)), *entries] if entries else []


def _lines(data: SankeyData, lang: str) -> list[Entry]:
    rows = data.ribbons
    known = rows[data.value].notna()
    flow, guess = rows["kind"].eq(FLOW), rows["is_hypothesis"]
    declared = rows["quantity_t_per_year"].notna()
    compared = data.is_reconciled
    plain = {"facecolor": NEUTRAL, "alpha": 0.52}
    said: list[tuple[Any, str, Any]] = [
        (compared & flow & known & declared, tr("reconciled, and what was declared", lang), _compared),
        (
            compared & flow & known & ~declared & ~guess,
            tr("reconciled, without a declared tonnage", lang),
            partial(_swatch, style=plain | {"alpha": 0.34}),
        ),
        (flow & guess & known, tr("hypothesis", lang), partial(_swatch, style=_shown(FLOW, True, True))),
        (
            flow & ~guess & ~known,
            tr("quantity unknown", lang),
            partial(_swatch, style=_shown(FLOW, False, False)),
        ),
        (
            flow & guess & ~known,
            tr("hypothesis, quantity unknown", lang),
            partial(_swatch, style=_shown(FLOW, True, False)),
        ),
        (flow & rows["source"].isna(), tr("import", lang), partial(_arrow, inwards=True)),
        (flow & rows["target"].isna(), tr("export", lang), partial(_arrow, inwards=False)),
        (
            rows["kind"].eq(INTERNAL) & ~known,
            tr("within one actor", lang),
            partial(_swatch, style=_shown(INTERNAL, False, False)),
        ),
        (
            rows["kind"].eq(INTERNAL) & known,
            tr("within one actor", lang),
            partial(_swatch, style=_shown(INTERNAL, False, True)),
        ),
        (
            rows["kind"].eq(DIFFERENCE),
            tr("difference between what enters and what leaves: loss, stock or flow not described", lang),
            partial(_swatch, style=_shown(DIFFERENCE, False, True)),
        ),
    ]
    entries = [Entry(text, sign) for there, text, sign in said if np.any(there)]
    unique = list({entry.label: entry for entry in reversed(entries)}.values())[::-1]
    return [Entry(tr("Flows", lang)), *unique] if unique else []


def _shown(kind: str, is_hypothesis: bool, known: bool) -> dict[str, Any]:
    row = pd.Series({"kind": kind, "is_hypothesis": is_hypothesis, "quantity_t_per_year": 1.0})
    return ribbon_style_of(row, known, NEUTRAL, is_reconciled=False)


def _stages(data: SankeyData, lang: str) -> list[Entry]:
    nodes = data.nodes
    said = [
        (
            nodes["is_outside"],
            tr("outside the territory", lang),
            {"is_outside": True, "state": PRESENT, "has_flow": True},
        ),
        (nodes["state"].eq(MISSING), tr("missing stage", lang), {"is_outside": False, "state": MISSING}),
        (
            ~nodes["state"].isin([MISSING, PRESENT]),
            tr("stage held by nobody, not expected here", lang),
            {"is_outside": False, "state": ""},
        ),
    ]
    entries = [Entry(text, partial(_bar, row=pd.Series(row))) for there, text, row in said if there.any()]
    return [Entry(tr("Stages", lang)), *entries] if entries else []


def _notes(data: SankeyData, page: SankeyPage | None, lang: str) -> list[str]:
    said = []
    flows = data.ribbons[data.ribbons["kind"].eq(FLOW)]
    unknown = int(flows[data.blank].sum())
    if flows[data.value].notna().any():
        told = tr("Width of the ribbons: tonnes per year", lang)
        if data.year is not None:
            latest = tr("latest year: {year}", lang, year=data.year)
            told += f" ({latest if data.several_years else data.year})"
        said.append(told)
        if unknown:
            said.append(
                trn("{count} flow of unknown quantity", "{count} flows of unknown quantity", unknown, lang)
            )
    else:
        said.append(tr("No quantity is known: the width of the ribbons says nothing", lang))
    if data.idle:
        said.append(data.idle)
    if page is not None and page.at.capped.any():
        said.append(tr("return loops are drawn thinner than the scale", lang))
    if data.n_set_aside:
        aside = data.n_set_aside
        said.append(
            trn("{count} row set aside is not drawn", "{count} rows set aside are not drawn", aside, lang)
        )
    return said


def _swatch(ax: Axes, x: float, y: float, wide: float, tall: float, *, style: dict[str, Any]) -> None:
    from matplotlib.lines import Line2D

    style = {"edgecolor": "none", "linewidth": 0.0, "linestyle": "-", "alpha": None, **style}
    cap = style.pop("capstyle", "butt")
    if style["facecolor"] == "none":
        line = {"color": style["edgecolor"], "linewidth": style["linewidth"], "linestyle": style["linestyle"]}
        ax.add_artist(Line2D([x, x + wide], [y, y], dash_capstyle=cap, **line))
        return
    corner, size = (x, y - tall / 2), (wide, tall)
    rectangle(ax, corner, size, facecolor=style["facecolor"], alpha=style["alpha"])
    if style["linewidth"]:
        line = {name: style[name] for name in ("edgecolor", "linewidth", "linestyle")}
        rectangle(ax, corner, size, facecolor="none", capstyle=cap, **line)


def _compared(ax: Axes, x: float, y: float, wide: float, tall: float) -> None:
    rectangle(ax, (x, y - 0.3 * tall), (wide, 0.6 * tall), facecolor=NEUTRAL, alpha=0.52)
    rectangle(ax, (x, y - tall / 2), (wide, tall), **DECLARED)


def _arrow(ax: Axes, x: float, y: float, wide: float, tall: float, *, inwards: bool) -> None:
    from matplotlib.patches import Polygon

    half, tip = tall / 2, x + wide
    tail = [(x + half, y)] if inwards else []  # the notch of what comes from elsewhere
    body = [(x, y - half), (tip - half, y - half), (tip, y), (tip - half, y + half), (x, y + half)]
    ax.add_artist(Polygon([*tail, *body], facecolor=NEUTRAL, alpha=0.52, linewidth=0))


def _bar(ax: Axes, x: float, y: float, wide: float, tall: float, *, row: pd.Series) -> None:
    draw_node(ax, (x + wide - BAR, y - tall / 2 - 1.0), (BAR, tall + 2.0), row)


def _numbered(ax: Axes, x: float, y: float, wide: float, tall: float, *, text: str) -> None:
    write(ax, x + wide, y, text, LEGIBLE + 0.5, ha="right", fontweight="bold")
