"""The balances of a filière as sparse equations: places, what passes between them, processes.

Balances, throughput and reconciliation read the same equations; what is open or closed is decided here.
"""

from __future__ import annotations

from .arcs import Arcs
from .balances import System, system_of
from .nodes import Nodes, nodes_of
from .processes import Processes, processes_of, recipe_rows

__all__ = ["Arcs", "Nodes", "Processes", "System", "nodes_of", "processes_of", "recipe_rows", "system_of"]
