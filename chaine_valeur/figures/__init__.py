"""Figures: functions that take a filière, draw on Axes and return them; the data stands beside as frames.

``cv.figures.chain(f)``, ``cv.figures.chain_data(f)``, ``cv.figures.chain_alt_text(data)``,
``cv.figures.cooperation_heatmap(f)``, ``cv.figures.groups_figure(f)``, ``cv.figures.evolution_figure(f)``,
``cv.figures.reconciliation(r)``, ``cv.figures.save(ax.figure, "chaine")``.
No window is opened and pyplot is not needed; matplotlib is loaded by the first figure.
"""

from ._chain_data import chain_data
from ._evolution_data import evolution_alt_text
from ._groups_data import groups_alt_text, groups_data
from ._reconciled import reconciliation_alt_text, reconciliation_data
from ._style import save
from ._words import chain_alt_text
from .chain_figure import chain, draw_chain
from .evolution_figure import draw_evolution, evolution_figure
from .frames import ChainData, GroupsData
from .groups_figure import draw_groups, groups_figure
from .heatmap import cooperation_heatmap
from .reconciliation_figure import draw_reconciliation, reconciliation

__all__ = [
    "ChainData",
    "GroupsData",
    "chain",
    "chain_alt_text",
    "chain_data",
    "cooperation_heatmap",
    "draw_chain",
    "draw_evolution",
    "draw_groups",
    "draw_reconciliation",
    "evolution_alt_text",
    "evolution_figure",
    "groups_alt_text",
    "groups_data",
    "groups_figure",
    "reconciliation",
    "reconciliation_alt_text",
    "reconciliation_data",
    "save",
]
