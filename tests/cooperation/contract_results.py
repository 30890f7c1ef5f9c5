"""What functions give, as plain lists, dicts and scalars: to be compared, renamed, put in an order of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

UNKNOWN = "unknown"


def plain(result: Any) -> Any:
    """Return a result as plain lists, dicts and scalars, all that is unknown as one and the same."""
    if isinstance(result, pd.DataFrame):
        numbered = result.index.names == [None]
        listed = result.reset_index(drop=numbered, names=None if numbered else "index")
        values = {
            str(name): listed.iloc[:, place].astype(object).tolist() for place, name in enumerate(listed)
        }
        return [dict(zip(values, map(_leaf, row), strict=True)) for row in zip(*values.values(), strict=True)]
    if isinstance(result, pd.Series):
        return [{"index": _leaf(key), "value": _leaf(value)} for key, value in result.items()]
    if type(result).__name__ == "Ties":
        return _plain_ties(result)
    if is_dataclass(result) and not isinstance(result, type):
        shown = [one.name for one in fields(result) if one.repr]
        return {name: plain(getattr(result, name)) for name in shown}
    if isinstance(result, nx.Graph):
        edges = [[_leaf(u), _leaf(v), plain(data)] for u, v, data in result.edges(data=True)]
        return {"nodes": [_leaf(node) for node in result], "edges": edges}
    if isinstance(result, Mapping):
        # rows of tables: a node that is a tuple is never by itself in a mapping
        listed = {
            str(key): list(value) if isinstance(value, tuple) else value for key, value in result.items()
        }
        return {key: plain(value) for key, value in listed.items()}
    if isinstance(result, pd.Index | np.ndarray | list):
        return [plain(value) for value in result]
    if hasattr(result, "__next__"):
        return [plain(value) for value in result]
    return _leaf(result)


def _plain_ties(ties: Any) -> Any:
    def ends(a: Any, b: Any) -> list[list[Any]]:
        return [[ties.nodes[one], ties.nodes[other]] for one, other in zip(a, b, strict=True)]

    asked = [
        {"index": node, "value": bool(asked)} for node, asked in zip(ties.nodes, ties.asked, strict=True)
    ]
    return {
        "tied": ends(ties.a, ties.b),
        "absent": ends(ties.absent_a, ties.absent_b),
        "asked": asked,
        "directed": ties.directed,
    }


def _leaf(value: Any) -> Any:
    if isinstance(value, str | tuple | bool) or value is None:
        return UNKNOWN if value is None else value
    if isinstance(value, np.bool_):
        return bool(value)
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return UNKNOWN
    return float(value) if isinstance(value, float | np.floating) else value


def same(one: Any, other: Any, where: str = "", *, rtol: float = 1e-9) -> str:
    """Return where two plain results differ, nothing if they are the same."""
    if isinstance(one, dict) and isinstance(other, dict):
        if list(one) != list(other):
            return f"{where}: {list(one)} / {list(other)}"
        return next(
            (said for key in one if (said := same(one[key], other[key], f"{where}.{key}", rtol=rtol))), ""
        )
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return f"{where}: {len(one)} / {len(other)} of them: {one} / {other}"
        each = enumerate(zip(one, other, strict=True))
        return next(
            (said for place, pair in each if (said := same(*pair, f"{where}[{place}]", rtol=rtol))), ""
        )
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    if numbers and not isinstance(one, bool) and not isinstance(other, bool):
        return "" if np.isclose(one, other, rtol=rtol, atol=1e-12) else f"{where}: {one} / {other}"
    return (
        ""
        if one == other and isinstance(one, bool) == isinstance(other, bool)
        else f"{where}: {one!r} / {other!r}"
    )


def renamed(result: Any, names: Mapping[str, Any], key: str = "") -> Any:
    """Return a plain result with actors called otherwise; words that name them too."""
    if isinstance(result, dict):
        return {name: renamed(value, names, name) for name, value in result.items()}
    if isinstance(result, list):
        return [renamed(value, names, key) for value in result]
    if not isinstance(result, str):
        return result
    if result in names and not key.endswith(("label", "name")):
        return names[result]
    return re.sub("|".join(names) or "^$", lambda found: str(names.get(found[0], found[0])), result)


def unordered(result: Any) -> Any:
    """Return a plain result in an order of its own; ends of pairs in theirs, and what goes with each."""
    if isinstance(result, dict):
        swapped = {name: _other_end(name, result) for name in result}
        if any(other != name for name, other in swapped.items()):
            turned = {name: unordered(result[swapped[name]]) for name in result}
            kept = {name: unordered(value) for name, value in result.items()}
            return min(kept, turned, key=_text)
        # the poles of a graph, which are columns, come as they are met
        return {name: unordered(result[name]) for name in sorted(result)}
    if isinstance(result, list):
        return sorted((unordered(value) for value in result), key=_text)
    return result


def _other_end(name: str, row: Mapping[str, Any]) -> str:
    if f"to_{name}" in row:
        return f"to_{name}"
    return name[3:] if name.startswith("to_") and name[3:] in row else name


def _text(value: Any) -> str:
    """Return a text to sort by, in which sums in another order are the same."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{name}:{_text(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_text, value)) + "]"
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f"{value:.6g}"
    return repr(value)


def shape_of(frame: pd.DataFrame | pd.Series) -> dict[str, Any]:
    """Return columns, kinds of columns and names of the index."""
    if isinstance(frame, pd.Series):
        return {"index": list(frame.index.names), "value": str(frame.dtype), "name": frame.name}
    kinds = {str(name): str(kind) for name, kind in frame.dtypes.items()}
    return {"index": list(frame.index.names), "columns": kinds}
