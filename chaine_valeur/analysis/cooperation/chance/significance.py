"""Where a figure stands among what chance alone would give: observed, expected, interval and p, never a bare p."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import asdict, fields
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from ....errors import ArgumentError
from ....language import SMALL_NUMBER
from .draws import SWAPS
from .outcome import Significance
from .trial import Layer, name_of, tested

if TYPE_CHECKING:
    from ..ties.layer import Source
    from .trial import Measured

__all__ = ["significance", "significance_table"]


def significance(
    source: Source,
    measure: Measured,
    *,
    model: str = "density",
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
    swaps: float = SWAPS,
    fewest: int = SMALL_NUMBER,
    show_small: bool = False,
    weight: str | None = None,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
    **options: Any,
) -> Significance:
    """Return where a measure stands among random networks: could chance alone have given it?

    Parameters
    ----------
    source
        A filière or any networkx graph.
    measure
        A function of a graph that returns a number, of this room or one's own: it is called on the observed
        layer (collapsed, as `null_models` writes it) and on each draw. Or a name, counted in all draws at
        once: ``"ei_index"`` (pairs) and ``"ei_index_arcs"``, ``"ties_between"`` blocks, ``"block_density"``
        (options ``block``, ``to_block``), ``"mutual_dyads"``, ``"closed_triptyques"`` and
        ``"triptyque_closure"`` (option ``poles``).
    model, draws, seed, swaps, weight
        See `chaine_valeur.analysis.cooperation.chance.null_models.null_models`.
    level
        Share of the draws that ``low`` and ``high`` hold.
    fewest, show_small
        With fewer actors than `fewest`, every p is NaN unless `show_small`: they would say little.
    by, group
        What makes the blocks, given to a measure that takes ``group``; of a filière the role where a measure
        needs one, the college for triptyques. What labels are permuted, with ``"labels"``.
    year, kind, directed, actors
        As for `chaine_valeur.analysis.cooperation.ties.layer.ties_of`. The measure sees the layer.
    **options
        Given to the measure. (One that has its own ``by``: ``functools.partial(measure, by=…)``.)

    Returns
    -------
    Significance
        Of *known* ties. Where the measure is undefined on what is observed, or in every draw, all is NaN
        with the reason; where no draw can differ from what is observed, p is NaN.

    Notes
    -----
    Named measures take 10 000 permutations of labels on 200 actors well within a second, in batches of a
    million ties (some 150 MB at work). With ``"degrees"``, 1000 draws of 200 actors and 800 ties take two
    seconds, and one of a hundred thousand actors and 5e5 ties some ten. A function is called once a draw, on
    a graph built for it: the slow way, meant for a few thousand actors.

    Raises
    ------
    UnknownNameError
        No such named measure, model, column, attribute or block.
    ArgumentError
        Less than one draw, a level outside 0–1, or mutual dyads without direction.

    References
    ----------
    ``(1 + count) / (1 + draws)``: Phipson and Smyth (2010), unverified.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.disjoint_union(nx.complete_graph(16), nx.complete_graph(16))
    >>> nx.set_node_attributes(graph, {node: node < 16 for node in graph}, "team")
    >>> found = significance(graph, "ties_between", group="team", model="labels", draws=199)
    >>> found.observed, found.low > 0, found.p
    (0.0, True, 0.01)
    >>> significance(graph, nx.transitivity, draws=19).p_higher
    0.05
    """
    layer = Layer.of(
        source, by=by, group=group, year=year, kind=kind, directed=directed, actors=actors, weight=weight
    )
    return tested(
        layer,
        {name_of(measure): partial(measure, **options) if callable(measure) else measure},
        options={} if callable(measure) else options,
        model=model,
        draws=draws,
        seed=seed,
        level=level,
        swaps=swaps,
        fewest=fewest,
        show_small=show_small,
        lang=lang,
    )[0]


def significance_table(
    source: Source,
    measures: Mapping[str, Measured] | Sequence[Measured],
    *,
    model: str = "density",
    draws: int = 1000,
    seed: int = 0,
    level: float = 0.95,
    swaps: float = SWAPS,
    fewest: int = SMALL_NUMBER,
    show_small: bool = False,
    weight: str | None = None,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return where several measures stand among the same random networks.

    Parameters
    ----------
    measures
        Functions and names as for `significance`, in a list or under names of one's own; options of a
        function by ``functools.partial``. With many measures some fall outside by chance: of twenty, one.
    model, draws, seed, level, swaps, fewest, show_small, weight
        As for `significance`.
    by, group, year, kind, directed, actors
        As for `significance`; without a name, the labels of an actor move together.

    Returns
    -------
    pandas.DataFrame
        Index ``measure``, in the order given; columns as the attributes of `Significance`.

    Raises
    ------
    ArgumentError
        Two measures of the same name.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.disjoint_union(nx.complete_graph(16), nx.complete_graph(16))
    >>> measures = {"transitivity": nx.transitivity, "components": nx.number_connected_components}
    >>> significance_table(graph, measures, draws=99)[["observed", "expected", "p"]].round(2)
                  observed  expected     p
    measure
    transitivity       1.0      0.48  0.02
    components         2.0      1.00  0.02
    """
    if not isinstance(measures, Mapping):
        names = [name_of(measure) for measure in measures]
        if len(set(names)) < len(names):
            raise ArgumentError("two measures have the same name: give a mapping of names to measures")
        measures = dict(zip(names, measures, strict=True))
    layer = Layer.of(
        source, by=by, group=group, year=year, kind=kind, directed=directed, actors=actors, weight=weight
    )
    rows = tested(
        layer,
        measures,
        model=model,
        draws=draws,
        seed=seed,
        level=level,
        swaps=swaps,
        fewest=fewest,
        show_small=show_small,
        lang=lang,
    )
    columns = [field.name for field in fields(Significance)]
    return pd.DataFrame([asdict(row) for row in rows], columns=columns).set_index("measure")
