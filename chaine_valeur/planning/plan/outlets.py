"""Where what enters the chain has to go on: the balances in which an outlet leaves nothing over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .chain_rows import Chain

    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["outlet_rows", "reached_from"]


def outlet_rows(chain: Chain) -> Mask:
    """Return along the balances in which of them nothing should be left over.

    Where a recipe takes the material, where the chain expects it to be passed on, where somebody asks for some of it.
    Of what nobody is expected to take (an end of the chain whose demand is unknown, a residue) anything may be left.
    """
    program = chain.program
    system = program.system
    net, made = system.filiere.network, system.processes
    node, material = system.row_node, system.row_material
    stage = system.nodes.stage[node]
    found = np.zeros(system.n_rows, dtype=bool)
    found[program.demands.places["row"].to_numpy()] = True
    for start, what in zip(
        net.link_from.tolist(), net.link_material.tolist(), strict=True
    ):  # over expected passages
        found |= (stage == start) & ((material == what) | (what < 0) | (material < 0))
    size = int(material.max(initial=-1)) + 2
    used = made.node[made.process[~made.made]].astype(np.int64) * size + made.material[~made.made] + 1
    found |= np.isin(node.astype(np.int64) * size + material + 1, used)
    return found


def reached_from(chain: Chain, node: int, carried: Values) -> Mask:
    """Return the nodes that something passes to from a node, itself included, along arcs that carry something."""
    arcs = chain.program.system.arcs
    use = (carried > 0) & (arcs.target >= 0) & (arcs.source >= 0)
    source, target = arcs.source[use], arcs.target[use]
    found = np.zeros(chain.program.system.nodes.size, dtype=bool)
    found[node] = True
    while True:  # once per step of the longest way
        new = np.zeros_like(found)
        new[target[found[source]]] = True
        if not (new & ~found).any():
            return found
        found |= new
