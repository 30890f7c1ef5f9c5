"""« campnet », the running example of Borgatti, Everett and Johnson, *Analyzing Social Networks*.

Each of 18 people of the 1992 camp names the three with whom they interacted most: 54 arcs. Gender is coded 1
and 2, role 1 (participant) or 2 (instructor). Data retyped from ``inst/schema/campnet-example.uci`` of the
repository StephenBorgatti/xucinet; published values from the UCINET output in the same repository
(``inst/goldens/density/log_make_goldens.txt``, ``tests/testthat/_snaps/xcohesion.md`` and ``xmixing.md``).
"""

from __future__ import annotations

import networkx as nx

#: who → the three named
NAMED = {
    "HOLLY": "PAM PAT DON",
    "BRAZEY": "LEE STEVE BERT",
    "CAROL": "PAM PAT PAULINE",
    "PAM": "JENNIE PAULINE ANN",
    "PAT": "HOLLY CAROL JENNIE",
    "JENNIE": "PAM PAT ANN",
    "PAULINE": "CAROL PAM PAT",
    "ANN": "PAM JENNIE PAULINE",
    "MICHAEL": "HOLLY DON HARRY",
    "BILL": "MICHAEL DON HARRY",
    "LEE": "BRAZEY STEVE BERT",
    "DON": "HOLLY MICHAEL HARRY",
    "JOHN": "PAULINE GERY RUSS",
    "HARRY": "HOLLY MICHAEL DON",
    "GERY": "MICHAEL STEVE RUSS",
    "STEVE": "LEE BERT RUSS",
    "BERT": "LEE STEVE RUSS",
    "RUSS": "GERY STEVE BERT",
}
WOMEN = {"HOLLY", "BRAZEY", "CAROL", "PAM", "PAT", "JENNIE", "PAULINE", "ANN"}
INSTRUCTORS = {"GERY", "STEVE", "BERT", "RUSS"}

#: UCINET, cohesion (single precision: seven figures hold)
PUBLISHED = {
    "ties": 54,
    "density": 0.17647059,
    "deg_centralization_undirected": 0.07352941,
    "out_centralization": 0.0,
    "in_centralization": 0.12456747,
    "arc_reciprocity": 0.7037037,
    "dyad_reciprocity": 0.54285717,
    "mutuals": 0.12418301,
    "asymmetrics": 0.10457516,
}
#: UCINET, mixing by gender: arcs observed, and their density to three decimals
MIXING = [[20, 4], [5, 25]]
MIXING_DENSITY = [[0.357, 0.05], [0.062, 0.278]]


def campnet() -> nx.DiGraph:
    """Return the network, with its attributes ``Gender`` and ``Role``."""
    graph: nx.DiGraph = nx.DiGraph()
    for name in NAMED:
        graph.add_node(name, Gender=1 if name in WOMEN else 2, Role=2 if name in INSTRUCTORS else 1)
    graph.add_edges_from((name, other) for name, others in NAMED.items() for other in others.split())
    return graph
