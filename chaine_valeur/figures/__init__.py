"""Figures: functions that take a filière, draw on Axes and return them; the data stands beside as frames.

``cv.figures.chain(f)``, ``cv.figures.chain_data(f)``, ``cv.figures.chain_alt_text(data)``,
``cv.figures.cooperation_heatmap(f)``, ``cv.figures.reconciliation(r)``, ``cv.figures.save(ax.figure, "chaine")``.
No window is opened and pyplot is not needed; matplotlib is loaded by the first figure.
"""

from ._chain_data import chain_data
from ._reconciled import reconciliation_alt_text, reconciliation_data
from ._style import save
from ._words import chain_alt_text
from .chain_figure import chain, draw_chain
from .frames import ChainData
from .heatmap import cooperation_heatmap
from .reconciliation_figure import draw_reconciliation, reconciliation

__all__ = [
    "ChainData",
    "chain",
    "chain_alt_text",
    "chain_data",
    "cooperation_heatmap",
    "draw_chain",
    "draw_reconciliation",
    "reconciliation",
    "reconciliation_alt_text",
    "reconciliation_data",
    "save",
]
