"""The tonnages on and beside the ribbons of the Sankey, where they find a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..language import number, tr
from ._arrange import BACK, EXPORT, IMPORT, Arrangement
from ._bands import Band
from ._labels import Label, Space
from ._page import tonnes
from ._sankey_data import DIFFERENCE, FLOW, SankeyData

__all__ = ["ribbon_labels", "ribbon_words", "stub_words"]

#: A ribbon at least this thick says its tonnage; with no more ribbons than `_FEW`, thin ones do too.
_LARGE, _FEW = 5.5, 26


def ribbon_words(row: Any, data: SankeyData, lang: str) -> str:
    """Return the tonnage of a ribbon: « 120 t »; « 172 → 192 t » where declared and reconciled are compared."""
    declared, found = float(row.quantity_t_per_year), float(row.reconciled_t_per_year)
    if not data.is_reconciled:
        return tonnes(declared, int(row.n_unknown), lang)
    after = tonnes(found, int(row.n_free), lang)
    if row.kind != FLOW:
        return after
    before = number(declared, lang) + (" + ?" if row.n_unknown and declared == declared else "")
    if before == after.removesuffix("\u00a0t"):
        return after
    return f"{before} →\u00a0{after}"


def stub_words(row: Any, kind: str, words: str, lang: str) -> list[str]:
    """Return what is written beside an import, an export or a difference."""
    if row.kind == DIFFERENCE:  # an empty arrow, which the legend explains
        return [words]
    return [tr("import", lang) if kind == IMPORT else tr("export", lang), words]


def ribbon_labels(
    data: SankeyData,
    plan: Arrangement,
    shapes: list[Band | None],
    words: Sequence[str],
    solid: npt.NDArray[np.float64],
    size: float,
    width: float,
    bottom: float,
    lang: str,
) -> list[Label]:
    """Return the tonnages that find a place: those beside arrows first, then on ribbons, the widest first."""
    space = Space(shapes, solid, size=size, width=width, bottom=bottom)
    rows: list[Any] = list(data.ribbons.itertuples())
    drawn = sorted(
        ((number, band) for number, band in enumerate(shapes) if band is not None),
        key=lambda one: -one[1].thickness,
    )
    found: list[Label | None] = []
    shorter = [text.rpartition("→\u00a0")[2] for text in words]
    for ribbon, band in drawn:
        if band.kind in (IMPORT, EXPORT):
            for text in dict.fromkeys((words[ribbon], shorter[ribbon])):
                said = stub_words(rows[ribbon], band.kind, text, lang)
                found.append(space.beside(ribbon, band, said))
                if found[-1] is not None:
                    break
    few = len(rows) <= _FEW
    for ribbon, band in drawn:
        says = few or band.thickness >= _LARGE or band.kind == BACK
        if band.kind not in (IMPORT, EXPORT) and says and words[ribbon] != "?":
            label = space.on(ribbon, band, words[ribbon])
            if label is None and shorter[ribbon] != words[ribbon]:
                label = space.on(ribbon, band, shorter[ribbon])
            found.append(label)
    return [label for label in found if label is not None]
