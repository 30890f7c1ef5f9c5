"""Graph kernels: pure functions on arrays of integers, for one filière or for thousands side by side.

Nodes are numbered from 0, −1 is « none » (the outside, not known). Many graphs at once are one graph whose
nodes are numbered one graph after the other (block-diagonal); nothing here loops over graphs, and each gets
the numbers that it gets alone. Only numpy, and scipy inside functions: no pandas, no networkx.

============ ==========================================================================================
`csr`        `Graph`: neighbours in compressed rows, from a list of edges; turned round, degrees, lookup
`components` `weak_components`, `strong_components`, `condensed`
`cuts`       `cut_elements` (articulation points, bridges), `separations` (what the rest falls into)
`reach`      `reached`, `depths`: what a set of nodes reaches, in how many steps
`layering`   `layers` (longest way to each node, loops condensed), `path_counts` (exact, of any size)
`blocks`     `group_counts` (edges between groups, by block), `sum_at`, `count_at`, `max_at`,
             `distinct_at`, `herfindahl`: by place, NaN and −1 left out
`choice`     `using`, `mode`: which of the two versions runs
============ ==========================================================================================

Two versions of each kernel give the same integers in the same order, and the same floats bit for bit: a plain
one, and one of compiled loops (numba, extra ``[fast]``) that takes less time and memory. numba is imported by
the first kernel that runs compiled, never before.

A new kernel is written twice. Plain first, with numpy and scipy and without a loop over nodes or edges; then
as a `choice.loop` in the ``_loops_…`` module of its subject: loops over arrays that its caller made, one
signature, no call of another loop, temporary memory by node and not by edge. The public function
checks its arguments, asks `choice.compiles`, and fixes what is left open (components are numbered by their
first nodes, sums follow the order of the rows), so that no result depends on the way it was found. Its tests
stand in ``tests/kernels``: networkx as referee, shapes without a node or an edge, long paths, stars, blocks
against one by one, and every result the same in three runs: plain, compiled, and the loop as plain Python,
where an index out of bounds is an error and not a wrong number.

Examples
--------
>>> graph = Graph.of([0, 1, 2, 3], [1, 2, 0, 4], size=6)
>>> strong_components(graph).label.tolist(), reached(graph, [3]).tolist()
([0, 0, 0, 1, 2, 3], [False, False, False, True, True, False])
"""

from __future__ import annotations

from .blocks import count_at, distinct_at, group_counts, herfindahl, max_at, sum_at
from .choice import mode, using
from .components import Components, condensed, strong_components, weak_components
from .csr import Graph
from .cuts import CutElements, Separations, cut_elements, separations
from .layering import Paths, layers, path_counts
from .reach import depths, reached

__all__ = [
    "Components",
    "CutElements",
    "Graph",
    "Paths",
    "Separations",
    "condensed",
    "count_at",
    "cut_elements",
    "depths",
    "distinct_at",
    "group_counts",
    "herfindahl",
    "layers",
    "max_at",
    "mode",
    "path_counts",
    "reached",
    "separations",
    "strong_components",
    "sum_at",
    "using",
    "weak_components",
]
