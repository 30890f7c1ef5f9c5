"""Workbooks, CSV files and blueprints of Kumu: elements and connections, whatever else is in them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ...filiere import Filiere
from ...language import check_language, tr
from ...schema import table
from ...text import LIST_SEPARATOR
from ...vocabulary import parse_term
from .files import refused
from .found import Found
from .kumu_files import Row, parts_of
from .reading import check_edges, filiere_of_elements
from .result import problems_of

__all__ = ["LISTS", "read_kumu"]

#: Fields of ours that hold several entries.
LISTS = frozenset(column.name for name in ("actors", "groups", "flows", "cooperations", "memberships")
                  for column in table(name) if column.type == "list")  # fmt: skip
#: Fields of which Kumu makes a picture, and that of an address: no part of the model.
_LOOKS = frozenset({"image", "color", "colour", "shape", "size", "x", "y", "email"})
_SHOWN = ("type", "description", "tags")
#: What Kumu calls the type where it exports both kinds of things in one list.
_SAME = {"element type": "type", "connection type": "type"}


def read_kumu(
    path: str | os.PathLike[str], *, edges: str = "auto", strict: bool = True, lang: str = "fr"
) -> Filiere:
    """Return the filière of a map of Kumu: a workbook, a blueprint, or a CSV file of connections.

    An element is an actor, a connection a flow, a cooperation or a membership, see ``chaine_valeur.io.exchange``; fields
    that are headers of the model are taken, others are kept. Connections refer to elements by ID or label; a cell *To*
    that names several (``|``) is several connections, an element that only a connection names is made. Of an element
    that comes from elsewhere a *Type* or *Tags* that are terms of the model (a type of actor, roles) become such.

    The model has no place for images, loops and views, for objects in attributes, nor for the direction of a cooperation
    of unknown kind: each is said in ``problems`` (``left_out``, ``direction_left_out``). A second column of one header
    becomes « Note (2) », cells beyond the headers « Colonne D », which is said too. Sheets whose name ends in “(ignore)”
    are passed over, as in Kumu.

    Parameters
    ----------
    path
        The file, .xlsx, .json or .csv; its content says which.
    edges
        What connections are that do not say it: ``"auto"``, ``"flows"`` or ``"cooperations"``.
    strict
        Raise if a row or a cell cannot be used; otherwise set it aside and go on.
    lang
        Language of the messages.

    Returns
    -------
    Filiere
        Its ``problems`` name the sheet and the row; of a blueprint the list and the rank in it.

    Raises
    ------
    UnreadableFileError
        Missing, too large, no elements and no connections in it.
    ValidationError
        In strict mode: an element that stands twice, a connection without an end, an entry of a blueprint that is no
        object.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     text = '{"connections": [{"from": "Relais", "to": "Filature", "direction": "mutual"}]}'
    ...     _ = Path(folder, "carte.json").write_text(text, encoding="utf-8")
    ...     f = read_kumu(f"{folder}/carte.json")
    >>> f.actors["name"].tolist(), len(f.cooperations)
    (['Relais', 'Filature'], 1)
    """
    check_language(lang)
    problems = problems_of(lang)
    parts, sheets = parts_of(path, problems, lang=lang)
    if not parts:
        raise refused(
            path, tr("no elements and no connections of Kumu are in it (Label; From, To).", lang), lang
        )
    nodes, found = Found(), Found()
    lost: Counter[str] = Counter()
    known = _elements(nodes, parts.get("elements", []), lost)
    _connections(found, parts.get("connections", []), known, nodes, lost)
    for one in (nodes, found):
        one.check(path, lang=lang)
    for name, count in lost.items():
        problems.add("left_out", sheet=sheets[0], value=name, count=count)
    return filiere_of_elements(
        nodes,
        found,
        problems,
        sheets=sheets,
        edges_as=check_edges(edges),
        strict=strict,
        lang=lang,
    )


def _split(row: Mapping[str, Any], names: Iterable[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what Kumu knows itself, in small letters, and the other fields; ours keep their names."""
    wanted = set(names)
    own: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for name, value in row.items():
        short = _SAME.get(name.strip().lower(), name.strip().lower())
        if short in wanted and short not in own and (name not in rest):
            own[short] = value
        elif value is not None and value != "":
            rest[name] = value
    return own, rest


def _text(value: Any) -> str | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value).strip()
    return text or None


def _say(found: Found, rest: Mapping[str, Any], lost: Counter[str], *, ours: bool) -> None:
    for name, value in rest.items():
        if not ours and name.lower() in _LOOKS:
            lost[name] += 1
            continue
        several = isinstance(value, str) and "|" in value and (not ours or name in LISTS)
        found.say(name, value.replace("|", f" {LIST_SEPARATOR} ") if several else value)


def _elements(nodes: Found, rows: list[Row], lost: Counter[str]) -> dict[str, str]:
    """Add the elements; return the id of each id and label by which connections may call them."""
    known: dict[str, str] = {}
    labels: dict[str, str] = {}
    for line, row in rows:
        own, rest = _split(row, ("id", "label", *_SHOWN))
        node = _text(own.get("id")) or _text(own.get("label"))
        if node is None and not rest:
            continue
        nodes.add(node, line, label=_text(own.get("label")))
        if node is not None:
            known.setdefault(node, node)
            labels.setdefault(_text(own.get("label")) or node, node)
        ours = "table" in rest
        if not ours:
            rest = {**_terms(own), **rest}
        _say(nodes, rest, lost, ours=ours)
    return {**labels, **known}


def _terms(own: Mapping[str, Any]) -> dict[str, Any]:
    """Return what type, tags and description say of an element from elsewhere, by column."""
    found: dict[str, Any] = {}
    kind = _text(own.get("type"))
    if kind:
        term = parse_term(kind, "actor_type")
        found["actor_type" if term else "Type"] = term or kind
    tags = _text(own.get("tags"))
    if tags:
        roles = [parse_term(tag, "role") for tag in tags.split("|")]
        known = [role for role in roles if role]
        found["roles" if len(known) == len(roles) else "Tags"] = (
            LIST_SEPARATOR.join(known) if len(known) == len(roles) else tags
        )
    if note := _text(own.get("description")):
        found["note"] = note
    return found


def _connections(
    found: Found, rows: list[Row], known: dict[str, str], nodes: Found, lost: Counter[str]
) -> None:
    for line, row in rows:
        own, rest = _split(row, ("from", "to", "direction", "id", "label", *_SHOWN))
        ours = "table" in rest
        source, cell = _text(own.get("from")), _text(own.get("to"))
        whole = cell is None or cell in known or "|" not in cell
        targets: list[str | None] = (
            [cell] if whole or cell is None else [part.strip() or None for part in cell.split("|")]
        )
        if not ours:
            kind = _text(own.get("type"))
            term = parse_term(kind, "cooperation_kind") if kind else None
            rest = {**({"kind" if term else "Type": term or kind} if kind else {}), **rest}
            rest |= {"note": own["description"]} if own.get("description") else {}
            rest |= {"Tags": own["tags"]} if own.get("tags") else {}
        for number, target in enumerate(targets):
            ends: list[str | None] = []
            for end in (source, target):
                if end is not None and end not in known:
                    known[end] = end
                    nodes.add(end, line, label=end)
                ends.append(None if end is None else known[end])
            identifier = _text(own.get("id"))
            found.add(
                identifier if number == 0 or identifier is None else f"{identifier}-{number + 1}",
                line,
                label=_text(own.get("label")),
                ends=(ends[0], ends[1]),
                directed=(_text(own.get("direction")) or "undirected").lower() == "directed",
            )
            _say(found, rest, lost, ours=ours)
