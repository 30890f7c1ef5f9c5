"""Rows of the chain in a plan: what flows each year, what options carry, what they have to carry and earn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .outlets import outlet_rows
from .rows import EUR

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from .chain_rows import Chain
    from .rows import Rows
    from .rules import Rules
    from .tables import Asked

__all__ = ["add_chain"]


def add_chain(
    rows: Rows,
    asked: Asked,
    chain: Chain,
    parts: dict[str, slice],
    operating: csr_array,
    running: csr_array,
    rules: Rules,
) -> None:
    """Add the rows of a chain, year by year the same; where rules ask for it, all that enters finds a taker."""
    from scipy.sparse import coo_array, csr_array, diags_array, kron
    from scipy.sparse import eye_array as eye

    _, t = asked.size
    size, width = len(chain.option), rows.width
    program = chain.program
    every = eye(t, format="csr")

    def placed(matrix: csr_array, part: str) -> csr_array:
        """Return a matrix over one part of the columns as one over all of them."""
        coo = matrix.tocoo()
        at = (coo.coords[0], coo.coords[1] + parts[part].start)
        return coo_array((coo.data, at), shape=(matrix.shape[0], width)).tocsr()

    def by_year(matrix: csr_array) -> csr_array:
        return placed(kron(every, matrix, format="csr"), "flows")

    # options × years, as rows of operation, in the order year by option for the limits
    own = (chain.option[:, None] * t + np.arange(t)).ravel()
    turned = np.arange(size * t).reshape(size, t).T.ravel()
    in_use, runs = operating[own], running[own]
    rows.add(by_year(program.balances), 0.0, np.inf)
    finite = np.flatnonzero(np.isfinite(program.limit))
    added = (chain.opens @ diags_array(chain.capacity))[finite] if size else csr_array((len(finite), 0))
    opened = (kron(every, added, format="csr") @ in_use[turned]) if size else 0
    limited = by_year(program.limits[finite])
    rows.add((limited - opened).tocsr() if size else limited, -np.inf, np.tile(program.limit[finite], t))
    if not size:
        return
    if rules.outlets:
        nothing_left = by_year(program.balances[np.flatnonzero(outlet_rows(chain))])
        rows.add(nothing_left, -np.inf, 0.0, rule=("outlet", ""))
    tonnes = placed(eye(size * t, format="csr"), "tonnes")
    earned = placed(eye(size * t, format="csr"), "receipts")

    def each(values: np.ndarray) -> csr_array:
        return diags_array(np.repeat(values, t)).tocsr()

    carried = by_year(chain.carries)[np.argsort(turned, kind="stable")]
    rows.add((tonnes - each(chain.capacity) @ in_use).tocsr(), -np.inf, 0.0)
    together = csr_array((chain.group[:, None] == chain.group[None, :]).astype(np.float64))
    shared = (kron(together, every, format="csr") @ tonnes).tocsr()
    rows.add((shared - carried + each(chain.today) @ runs).tocsr(), -np.inf, 0.0)
    several = np.flatnonzero(np.repeat(np.isfinite(chain.joint), t))
    wide = (kron(together, every, format="csr") @ each(chain.capacity) @ in_use).tocsr()
    rows.add((carried - wide).tocsr()[several], -np.inf, np.repeat(chain.joint, t)[several])
    names = np.repeat(asked.options.index[chain.option].to_numpy(object), t)

    def viable(minimum: np.ndarray, what: csr_array, of: csr_array) -> None:
        use = np.flatnonzero(np.repeat(minimum > 0, t))
        row = (what - each(minimum) @ of).tocsr()[use]
        rows.add(row, 0.0, np.inf, rule=[("viability", str(names[one])) for one in use])

    viable(chain.viable, tonnes, in_use)
    viable(chain.viable_in_all, carried, runs)
    price = asked.receipts[chain.option]
    rows.add((earned - each(price / EUR) @ tonnes).tocsr(), -np.inf, 0.0)
    capped = np.flatnonzero(np.repeat(asked.aci[chain.option] & (price > 0), t))
    most = each(rules.commercial_cap * asked.running[chain.option] / EUR) @ in_use
    rows.add((earned - most).tocsr()[capped], -np.inf, 0.0, rule=[("cap", str(names[one])) for one in capped])
