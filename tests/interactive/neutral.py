"""Frames for the page as the adapter makes them, small and from no filière."""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd

from chaine_valeur.interactive.page import COLUMN_FIELDS, EDGE_FIELDS, NODE_FIELDS

#: Names that came from a spreadsheet: each must be read, by people, exactly as it was written.
HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "</script><script>alert(2)</script>",
    "<!--<script>",
    "]]><img src=x onerror=alert(3)>",
    '"><svg onload=alert(4)>',
    "'; alert(5); '",
    "{{ 7 * 7 }}{% raw %}",
    "${alert(6)}`",
    "\u2028alert(7)\u2029",
    "&lt;b&gt; &amp; co",
    "javascript:alert(8)",
    "https://example.org/x.js",
    "evil\u202egnp.exe",
)


def node(node_id: str, label: str = "", **given: Any) -> dict[str, Any]:
    plain = {
        "node_id": node_id, "actor_id": node_id, "kind": "actor", "label": label or node_id, "roles": (),
        "badge": "", "is_insertion": False, "is_doubtful": False, "column_id": "", "details": (),
    }  # fmt: skip
    return plain | given


def edge(source: str, target: str, **given: Any) -> dict[str, Any]:
    plain = {
        "source": source, "target": target, "layer": "flow", "relation": "flow", "relation_label": "Flux",
        "directed": True, "quantity_t_per_year": float("nan"), "is_hypothesis": False, "text": "ligne",
        "doubt": "",
    }  # fmt: skip
    return plain | given


def column(column_id: str, place: int, **given: Any) -> dict[str, Any]:
    plain = {
        "column_id": column_id, "label": column_id, "place": place, "missing": False, "note": "",
        "details": (),
    }  # fmt: skip
    return plain | given


def frames(
    nodes: list[dict[str, Any]],
    edges: list[dict[str, Any]] | None = None,
    columns: list[dict[str, Any]] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    edge_frame = pd.DataFrame(edges or [], columns=list(EDGE_FIELDS))
    types = {"quantity_t_per_year": "float64", "directed": "bool", "is_hypothesis": "bool"}
    column_frame = pd.DataFrame(columns or [], columns=list(COLUMN_FIELDS))
    return (
        pd.DataFrame(nodes, columns=list(NODE_FIELDS)),
        edge_frame.astype(types),
        column_frame.astype({"place": "int64", "missing": "bool"}),
    )


def data_of(page: str) -> dict[str, Any]:
    """Return what the scripts of a page will read."""
    found = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, flags=re.DOTALL)
    assert len(found) == 1
    data: dict[str, Any] = json.loads(found[0])
    return data
