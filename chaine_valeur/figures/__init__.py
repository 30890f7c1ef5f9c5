"""Figures: functions that take a filière, draw on Axes and return them; the data stands beside as frames.

``cv.figures.chain(f)``, ``cv.figures.chain_data(f)``, ``cv.figures.chain_alt_text(data)``,
``cv.figures.cooperation_heatmap(f)``, ``cv.figures.groups_figure(f)``, ``cv.figures.evolution_figure(f)``,
``cv.figures.reconciliation(r)``, ``cv.figures.jobs_figure(f)``, ``cv.figures.funding_figure(f)``,
``cv.figures.gaps_matrix(f)``, ``cv.figures.sankey(f)``, ``cv.figures.network_figure(f)``,
``cv.figures.territory_map(f, outlines="communes.geojson")``, ``cv.figures.save(ax.figure, "chaine")``.
No window is opened and pyplot is not needed; matplotlib is loaded by the first figure.
"""

from ._chain_data import chain_data
from ._evolution_data import evolution_alt_text
from ._funding_data import FundingData, funding_alt_text, funding_data
from ._gaps_data import GapsData, gaps_alt_text, gaps_data
from ._groups_data import groups_alt_text, groups_data
from ._jobs_data import JobsData, jobs_data
from ._jobs_words import jobs_alt_text
from ._map_data import MapData, map_data
from ._map_words import map_alt_text
from ._network_data import NetworkData, network_data, network_positions
from ._network_words import network_alt_text
from ._reconciled import reconciliation_alt_text, reconciliation_data
from ._sankey_data import SankeyData, sankey_data
from ._sankey_words import sankey_alt_text
from ._style import save
from ._words import chain_alt_text
from .chain_figure import chain, draw_chain
from .evolution_figure import draw_evolution, evolution_figure
from .frames import ChainData, GroupsData
from .funding_figure import draw_funding, funding_figure
from .gaps_matrix import draw_gaps, gaps_matrix
from .groups_figure import draw_groups, groups_figure
from .heatmap import cooperation_heatmap
from .jobs_figure import draw_jobs, jobs_figure
from .multiples_data import SmallMultiplesData, small_multiples_alt_text, small_multiples_data
from .network_figure import draw_network, network_figure
from .reconciliation_figure import draw_reconciliation, reconciliation
from .sankey_figure import draw_sankey, sankey
from .small_multiples import draw_small_multiples, small_multiples
from .territory_map import draw_map, territory_map

__all__ = [
    "ChainData",
    "FundingData",
    "GapsData",
    "GroupsData",
    "JobsData",
    "MapData",
    "NetworkData",
    "SankeyData",
    "SmallMultiplesData",
    "chain",
    "chain_alt_text",
    "chain_data",
    "cooperation_heatmap",
    "draw_chain",
    "draw_evolution",
    "draw_funding",
    "draw_gaps",
    "draw_groups",
    "draw_jobs",
    "draw_map",
    "draw_network",
    "draw_reconciliation",
    "draw_sankey",
    "draw_small_multiples",
    "evolution_alt_text",
    "evolution_figure",
    "funding_alt_text",
    "funding_data",
    "funding_figure",
    "gaps_alt_text",
    "gaps_data",
    "gaps_matrix",
    "groups_alt_text",
    "groups_data",
    "groups_figure",
    "jobs_alt_text",
    "jobs_data",
    "jobs_figure",
    "map_alt_text",
    "map_data",
    "network_alt_text",
    "network_data",
    "network_figure",
    "network_positions",
    "reconciliation",
    "reconciliation_alt_text",
    "reconciliation_data",
    "sankey",
    "sankey_alt_text",
    "sankey_data",
    "save",
    "small_multiples",
    "small_multiples_alt_text",
    "small_multiples_data",
    "territory_map",
]
