"""The blocks that actors, or the nodes of a graph, fall into: by role, pole, stage, commune or any column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....columns import columns
from ....errors import UnknownNameError
from ....filiere import Filiere
from ....language import tr
from ....network import codes_of
from ....schema import table
from ....vocabulary import Pole, Role, label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .layer import Source

    Codes = NDArray[np.int32]

__all__ = ["Blocks", "blocks_of", "partition_named"]


@dataclass(frozen=True)
class Blocks:
    """A partition of the nodes of some `Ties`: the block of each, and key and label of each block.

    Nodes of which the block is unknown make one of their own, the last, of key ``None``.
    """

    codes: Codes
    keys: list[Any]
    labels: list[str]

    def code(self, key: Any) -> int:
        """Return the code of a block, −1 if nobody is in it."""
        return self.keys.index(key) if key in self.keys else -1


def blocks_of(source: Source, nodes: pd.Index, *, by: str, lang: str = "fr") -> Blocks:
    """Return the blocks that nodes fall into.

    Parameters
    ----------
    by
        Of a filière: ``"role"`` and ``"stage"`` (the first that an actor has), ``"pole"``, ``"commune"``, or
        any column of its actors. Of a graph: a node attribute.

    Raises
    ------
    UnknownNameError
        No such column of actors, or no node with such an attribute.
    """
    if not isinstance(source, Filiere):
        values = pd.Series([source.nodes[node].get(by) for node in nodes], dtype=object)
        if len(values) and values.isna().all():
            named = {str(name) for _, data in source.nodes(data=True) for name in data}
            raise UnknownNameError.of(f"no node has an attribute {by!r}", by, sorted(named))
        return _blocks_of_values(values, str, lang)
    network = source.network
    rows: NDArray[Any] = np.flatnonzero(
        network.partner
    )  # nodes are partners, in table order: all of them, or some
    if len(rows) != len(nodes):
        rows = codes_of(pd.Series(nodes), network.actor_ids)
    if by in ("role", "pole"):
        codes, terms = (network.role, Role) if by == "role" else (network.pole, Pole)
        return _blocks(codes[rows], [term.value for term in terms], lambda key: label(key, by, lang), lang)
    if by == "stage":
        stages = columns(source, "stages")
        names = dict(zip(stages.ids.tolist(), stages.text("name").tolist(), strict=True))
        return _blocks(network.stage[rows], list(names), lambda key: str(names[key]), lang)
    actors = source.actors
    if by == "commune":
        code, name = actors["commune_code"].iloc[rows], actors["commune_name"].iloc[rows]
        values = code.where(code.notna(), name)
        names = name.groupby(values, sort=False).first().dropna()
        return _blocks_of_values(values, lambda key: str(names.get(key, key)), lang)
    if by not in actors:
        known = ["role", "pole", "stage", "commune", *actors]
        raise UnknownNameError.of(f"actors have no column {by!r}", by, known)
    column = table("actors").columns.get(by)
    listed = column.vocabulary if column is not None else ""
    return _blocks_of_values(
        actors[by].iloc[rows], (lambda key: label(key, listed, lang)) if listed else str, lang
    )


def _blocks_of_values(values: pd.Series, word: Callable[[Any], str], lang: str) -> Blocks:
    codes, order = pd.factorize(values)
    return _blocks(codes, list(order), word, lang)


def _blocks(codes: Codes, order: list[Any], word: Callable[[Any], str], lang: str) -> Blocks:
    """Return the blocks in that order, those that nobody is in left out."""
    kept = np.flatnonzero(np.bincount(codes[codes >= 0], minlength=len(order)))
    narrow = np.full(len(order) + 1, len(kept), dtype=np.int32)  # the last place is what −1 looks at
    narrow[kept] = np.arange(len(kept), dtype=np.int32)
    keys, labels = [order[place] for place in kept], [word(order[place]) for place in kept]
    if (codes < 0).any():
        keys, labels = [*keys, None], [*labels, tr("Not stated", lang)]
    return Blocks(narrow[codes], keys, labels)


def partition_named(source: Source, by: str | None, group: str | None) -> str:
    """Return what makes the blocks: `by` or `group`, which say the same thing; of a filière, the role.

    Raises
    ------
    ValueError
        The two differ, or a graph without either.
    """
    if by is not None and group is not None and by != group:
        raise ValueError("by= and group= say the same thing: give one of them")
    chosen = by if by is not None else group
    if chosen is None and not isinstance(source, Filiere):
        raise ValueError("name the node attribute that holds the block of a graph: group=")
    return chosen if chosen is not None else "role"
