"""What the page holds: one drawn line per pair and relation, places, legend, all in plain Python types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..language import quantity, tr
from .layout import CARD_HEIGHT, CARD_WIDTH, COLUMN_GAP, HEAD_HEIGHT, Placement, place
from .wording import key_entries

if TYPE_CHECKING:
    from pyvis.network import Network

__all__ = ["content"]

#: Up to so many lines with an amount, the amounts are written on the map from the start.
AMOUNTS_SHOWN = 24
#: Width of the lines that carry no tonnage; that of a flow grows with its root, as areas do.
WIDTHS = {"cooperation": 1.5, "group": 1.5, "same": 6.0}
#: What the scripts are told of a line as it is.
SAID = ("layer", "relation", "label", "directed", "amount", "width", "rows")
#: Layers from the first line of the legend to the last.
LAYERS = {"flow": 0, "cooperation": 1, "group": 2, "same": 3}


def content(
    nodes: pd.DataFrame,
    edges: pd.DataFrame,
    columns: pd.DataFrame,
    *,
    roles: Mapping[str, str],
    counted: tuple[pd.DataFrame, pd.DataFrame] | None = None,
    lang: str,
) -> dict[str, Any]:
    """Return everything that the scripts of the page read, in plain Python types (arguments as in `page`)."""
    each_node, each_edge = counted or (nodes, edges)
    position = pd.Series(np.arange(len(nodes)), index=nodes["node_id"].to_numpy())
    source = position.reindex(edges["source"]).to_numpy()
    target = position.reindex(edges["target"]).to_numpy()
    drawn = _bundles(edges.assign(source=source, target=target), lang)
    column = pd.Index(columns["column_id"]).get_indexer(nodes["column_id"])
    band = np.where(nodes["kind"] == "group", 1, 0)
    is_flow = (edges["layer"] == "flow").to_numpy(dtype=bool)
    places = columns["place"].to_numpy(dtype=int)
    placed = place(column, band, source[is_flow], target[is_flow], places=places)
    network = _container(nodes, drawn, placed)
    amounts = sum(1 for line in drawn if line["some"])
    return {
        "lang": lang,
        "card": {"width": CARD_WIDTH, "height": CARD_HEIGHT, "gap": COLUMN_GAP, "head": HEAD_HEIGHT},
        "nodes": network.nodes,
        "edges": network.edges,
        "columns": _columns(columns, placed),
        "bands": _bands(nodes, column, placed, lang),
        "bounds": dict(zip(("x0", "y0", "x1", "y1"), map(float, placed.bounds), strict=True)),
        "roles": _roles(each_node, dict(roles)),
        "relations": _relations(each_edge[each_edge["relation"].isin(edges["relation"])]),
        "key": key_entries(
            lang,
            shared=counted is not None,
            insertion=bool(nodes["is_insertion"].any()),
            doubtful=bool(nodes["is_doubtful"].any()),
            hypothesis=any(line["hypothesis"] for line in drawn),
            missing=bool(columns["missing"].any()),
            width=amounts > 1,
        ),
        "has_amounts": amounts > 0,
        "quantities": 0 < amounts <= AMOUNTS_SHOWN,
    }


def _bundles(edges: pd.DataFrame, lang: str) -> list[dict[str, Any]]:
    """Return one drawn line per pair of cards and relation, each with the rows that it stands for."""
    swap = (~edges["directed"].astype(bool) & (edges["source"] > edges["target"])).to_numpy(dtype=bool)
    ends = np.where(swap[:, None], edges[["target", "source"]], edges[["source", "target"]]).astype(int)
    edges = edges.assign(
        source=ends[:, 0],
        target=ends[:, 1],
        known=edges["quantity_t_per_year"].notna(),
        quantity=edges["quantity_t_per_year"].fillna(0.0).astype(float),
    )
    by_line = edges.groupby(["source", "target", "relation"], sort=False)
    first = {"layer": ("layer", "first"), "label": ("relation_label", "first")}
    of = {"directed": ("directed", "any"), "hypothesis": ("is_hypothesis", "all")}
    measured = {"quantity": ("quantity", "sum"), "some": ("known", "any"), "every": ("known", "all")}
    lines = by_line.agg(**first, **of, **measured).reset_index()
    pair = np.sort(lines[["source", "target"]].to_numpy(), axis=1)
    lines["beside"] = lines.groupby([pair[:, 0], pair[:, 1]]).cumcount()
    most = lines["quantity"].max()
    rows: list[list[dict[str, str]]] = [[] for _ in range(len(lines))]
    said = zip(by_line.ngroup().tolist(), edges["text"].tolist(), edges["doubt"].tolist(), strict=True)
    for at, text, doubt in said:
        rows[at].append({"text": str(text), "doubt": str(doubt)})
    drawn = lines.to_dict("records")
    for at, line in enumerate(drawn):  # a loop over what is drawn: each becomes a line of the page
        share = line["quantity"] / most if most > 0 else 0.0
        line["width"] = WIDTHS.get(line["layer"]) or round(1.8 + 6.5 * share**0.5, 2)
        line["amount"] = _amount(line, lang)
        line["rows"] = rows[at]
    return drawn


def _amount(line: dict[str, Any], lang: str) -> str:
    """Return what passes by a line in words; a part that nobody knows is said."""
    if line["layer"] != "flow":
        return ""
    if not line["some"]:
        return "?"
    # « par an » stands beside the box that switches the amounts on
    amount = quantity(line["quantity"], "t", lang)
    return amount if line["every"] else f"{amount} + ?"


def _container(nodes: pd.DataFrame, drawn: list[dict[str, Any]], placed: Placement) -> Network:
    """Return the pyvis network: whole numbers as keys (it searches lists for them), ours under ``cv``."""
    from pyvis.network import Network

    # directed: of an undirected network pyvis drops the second of two parallel edges
    network = Network(directed=True)
    subject = pd.factorize(nodes["kind"] + "\0" + nodes["actor_id"])[0]
    for at, node in enumerate(nodes.itertuples(index=False)):
        network.add_node(
            at + 1,
            # pyvis writes the key where a label is empty
            label=str(node.label) or "—",
            shape="custom",
            group=str(node.kind),
            x=round(float(placed.x[at]), 1),
            y=round(float(placed.y[at]), 1),
            cv={
                "kind": str(node.kind),
                "subject": int(subject[at]),
                "actor": str(node.actor_id) if node.kind == "actor" else "",
                "roles": [str(role) for role in node.roles],
                "badge": str(node.badge),
                "insertion": bool(node.is_insertion),
                "doubtful": bool(node.is_doubtful),
                "column": str(node.column_id),
                "details": [[str(name), str(value)] for name, value in node.details],
            },
        )
    for at, line in enumerate(drawn):
        curve = 0.1 + 0.12 * line["beside"]
        same_column = placed.x[line["source"]] == placed.x[line["target"]]
        flow_curve = {
            "enabled": True,
            "type": "cubicBezier",
            "forceDirection": "horizontal",
            "roundness": 0.5,
        }
        network.add_edge(
            line["source"] + 1,
            line["target"] + 1,
            id=at + 1,
            arrows=_ends(line),
            cv={
                **{name: line[name] for name in SAID},
                "ends": _ends(line),
                "dashes": [9, 6] if line["hypothesis"] else [2, 5] if line["layer"] == "group" else False,
                "smooth": flow_curve
                if line["layer"] == "flow" and not same_column
                else {"enabled": True, "type": "curvedCW", "roundness": round(curve, 2)},
            },
        )
    return network


def _ends(line: dict[str, Any]) -> dict[str, Any]:
    """Return the marks at the ends of a line: layers are told apart without their colour."""
    dot = {"enabled": True, "type": "circle", "scaleFactor": 0.35}
    if line["layer"] == "flow":
        return {"to": {"enabled": True, "scaleFactor": 0.8}}
    if line["layer"] in ("group", "same"):
        return {}
    return {"from": dot, "to": {"enabled": True, "scaleFactor": 0.6} if line["directed"] else dot}


def _columns(columns: pd.DataFrame, placed: Placement) -> list[dict[str, Any]]:
    shape = placed.blocks.round(1)
    return [
        {
            "id": str(column.column_id),
            "label": str(column.label),
            "missing": bool(column.missing),
            "note": str(column.note),
            "details": [[str(name), str(value)] for name, value in column.details],
            **{side: float(shape.at[at, side]) for side in ("x0", "x1", "y0", "y1")},
        }
        for at, column in enumerate(columns.itertuples(index=False))
    ]


def _bands(nodes: pd.DataFrame, column: np.ndarray, placed: Placement, lang: str) -> list[dict[str, Any]]:
    whole = bool((column >= 0).any()) or len(placed.blocks) > 0
    labels = {
        0: tr("Partners and other actors, outside the stages", lang) if whole else tr("Actors", lang),
        1: tr("Groups", lang),
    }
    return [
        {"label": labels[int(band.kind)], "x0": float(band.x0), "x1": float(band.x1), "y0": float(band.y0)}
        for band in placed.bands.itertuples(index=False)
    ]


def _roles(nodes: pd.DataFrame, roles: dict[str, str]) -> list[dict[str, Any]]:
    """Return the roles that somebody holds, with the number of actors that hold each."""
    actors = nodes[nodes["kind"] == "actor"].drop_duplicates("actor_id")
    held = actors["roles"].explode().dropna().value_counts()
    known = {**roles, **{code: code for code in sorted(held.index.difference(list(roles)))}}
    return [
        {"code": code, "label": name, "sign": sign, "count": int(held[code])}
        for sign, (code, name) in enumerate(known.items())
        if code in held.index
    ]


def _relations(edges: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the relations that occur, flows first, with their number of rows."""
    first = edges.drop_duplicates("relation")
    first = first.iloc[np.argsort(first["layer"].map(LAYERS), kind="stable")]
    count = edges["relation"].value_counts()
    return [
        {
            "code": str(row.relation),
            "label": str(row.relation_label),
            "layer": str(row.layer),
            "directed": bool(row.directed),
            "count": int(count[row.relation]),
        }
        for row in first.itertuples(index=False)
    ]
