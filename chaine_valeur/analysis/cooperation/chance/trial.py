"""Measures run on what is observed and on every draw: those counted by batches, and functions of a graph."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from functools import partial
from inspect import signature
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from ....errors import UnknownNameError
from ....filiere import Filiere
from ....language import tr
from ....network import Ties
from ...measure import NAN
from ..ties.layer import seen_in, ties_of
from ..ties.partition import partition_named
from .documented import DocumentedPairs
from .draws import Draws, check, draws_of
from .kernels import BY_POLE, KERNELS, NO_BLOCKS, Prepared
from .null_models import GraphMaker, labelled_of
from .outcome import Question, Significance, judged

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Values = NDArray[np.float64]

#: The name of one that is counted by batches, or a function of a graph.
Measured = str | Callable[..., Any]

__all__ = ["Layer", "Measured", "name_of", "stuck", "tested"]


@dataclass(frozen=True)
class Layer:
    """What was observed: the ties, and what makes the blocks if it was said."""

    source: Source
    ties: Ties
    named: str | None
    kind: str | Collection[str] | None
    weight: str | None

    @classmethod
    def of(
        cls,
        source: Source,
        *,
        by: str | None,
        group: str | None,
        year: int | None,
        kind: str | Collection[str] | None,
        directed: bool | None,
        actors: Collection[Hashable] | None,
        weight: str | None = None,
    ) -> Self:
        """Return the layer of a filière or a graph."""
        source = seen_in(source, year)
        ties = ties_of(source, directed=directed, kind=kind, actors=actors)
        named = None if by is None and group is None else partition_named(source, by, group)
        return cls(source, ties, named, kind, weight)


@dataclass(frozen=True)
class _Ready:
    """A measure with what makes its blocks: counted by batches, or called with a graph.

    ``reason`` says why there is no such figure, of draws or of what is observed.
    """

    group: str | None
    batches: Prepared | None = None
    call: Callable[[nx.Graph], float] | None = None
    reason: str = ""


def tested(
    layer: Layer,
    measures: Mapping[str, Measured],
    *,
    model: str,
    draws: int,
    seed: int,
    level: float,
    swaps: float,
    fewest: int,
    show_small: bool,
    lang: str,
    options: Mapping[str, Any] | None = None,
) -> list[Significance]:
    """Return where each measure stands, on the same draws; `options` are those of a named measure."""
    check(model, draws, swaps)
    ready = {name: _ready(layer, one, options or {}, lang) for name, one in measures.items()}
    groups = {one.group for one in ready.values()}
    moved = layer.named if layer.named is not None or len(groups) != 1 else groups.pop()
    why_stuck = stuck(layer, model, lang)
    question = Question(model, draws, seed, level, layer.ties.size, fewest, show_small, lang, why_stuck)
    observed, values = _values(layer, ready, moved, model=model, draws=draws, seed=seed, swaps=swaps)
    undocumented = "" if DocumentedPairs.of(layer.ties).count else tr("no pair of actors documented", lang)
    results = []
    for place, (name, one) in enumerate(ready.items()):  # over the few measures
        reason = undocumented or one.reason
        found = NAN if reason else float(observed[place])
        results.append(
            judged(question, name, found, values[place], group=one.group or "", reason=reason or why_stuck)
        )
    return results


def name_of(measure: Measured) -> str:
    """Return what a measure is called."""
    if isinstance(measure, str):
        return measure
    while isinstance(measure, partial):  # a partial of a partial
        measure = measure.func
    return str(getattr(measure, "__name__", type(measure).__name__))


def _ready(layer: Layer, measure: Measured, options: Mapping[str, Any], lang: str) -> _Ready:
    if callable(measure):
        taken, group = _group_taken(measure, layer)
        call = partial(measure, group=group) if taken else measure
        labelled = labelled_of(layer.source, layer.ties, group)
        nobody = labelled is not None and not labelled.any()
        reason = tr("no actor whose category is known", lang) if nobody else ""
        return _Ready(group, call=lambda graph: float(call(graph)), reason=reason)
    if measure not in KERNELS:
        raise UnknownNameError.of(f"no named measure {measure!r}", measure, KERNELS)
    named = layer.named
    if measure in NO_BLOCKS:
        named = None
    elif named is None:
        named = "pole" if measure in BY_POLE else partition_named(layer.source, None, None)
    prepared = KERNELS[measure](layer.source, layer.ties, named, lang, **options)
    return _Ready(named, batches=prepared, reason=prepared.reason)


def _group_taken(measure: Callable[..., Any], layer: Layer) -> tuple[bool, str | None]:
    """Return whether a function is to be given its blocks, and what makes them."""
    try:
        parameter = signature(measure).parameters.get("group")
    except (TypeError, ValueError):  # some functions written in C have no signature
        return False, None
    if parameter is None:
        return False, None
    if layer.named is not None:
        return True, layer.named
    if isinstance(parameter.default, str):
        try:
            labelled_of(layer.source, layer.ties, parameter.default)
        except UnknownNameError:  # the function may mean something else by it, and knows what to say if not
            return False, None
        return False, parameter.default
    if isinstance(layer.source, Filiere):
        return True, partition_named(layer.source, None, None)
    return False, None


def _values(
    layer: Layer,
    ready: Mapping[str, _Ready],
    moved: str | None,
    *,
    model: str,
    draws: int,
    seed: int,
    swaps: float,
) -> tuple[Values, Values]:
    """Return each measure on the observed ties, and on each draw (measures × draws)."""
    ties = layer.ties
    observed, values = np.full(len(ready), NAN), np.full((len(ready), draws), NAN)
    usable = [(place, one) for place, one in enumerate(ready.values()) if not one.reason]
    if not usable:
        return observed, values
    labelled = labelled_of(layer.source, ties, moved)
    calls = [(place, one.call) for place, one in usable if one.call is not None]
    counted = [(place, one.batches.count) for place, one in usable if one.batches is not None]
    maker = None
    if calls:
        maker = GraphMaker(layer.source, ties, named=moved, weight=layer.weight, kind=layer.kind, seed=seed)
        graph = maker.observed()
        for place, call in calls:
            observed[place] = call(graph)
    for place, count in counted:
        observed[place] = count(Draws.observed(ties))[0]
    done = 0
    for batch in draws_of(ties, model=model, draws=draws, seed=seed, swaps=swaps, labelled=labelled):
        for place, count in counted:
            values[place, done : done + batch.count] = count(batch)
        if maker is not None:
            for draw, graph in enumerate(maker.graphs(batch)):  # a function takes one graph at a time
                for place, call in calls:
                    values[place, done + draw] = call(graph)
        done += batch.count
    return observed, values


def stuck(layer: Layer, model: str, lang: str) -> str:
    """Return why no draw can differ from what is observed, where that is plain."""
    n_ties, pairs = len(layer.ties.a), DocumentedPairs.of(layer.ties).count
    if n_ties == 0:
        return tr("no known tie", lang)
    if model != "labels" and n_ties == pairs:
        return tr("every documented pair is tied: no other network is possible", lang)
    if model == "labels" and n_ties == layer.ties.possible:
        return tr("everyone is tied to everyone: labels make no difference", lang)
    return ""
