"""Throughput: the most demand that the chain can serve, as a linear program on its processes (A7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .carried import Carried, carried
from .frames import (
    aside_frame,
    flow_series,
    path_frame,
    process_frame,
    served_frame,
    unlimited_frame,
)
from .program import program_of
from .told import condition_of, notes_of

if TYPE_CHECKING:
    from ....filiere import Filiere

__all__ = ["Throughput", "served_t", "throughput", "too_large"]


@dataclass(frozen=True, eq=False)
class Throughput:
    """What a chain can carry: the answer of `throughput`, which makes it.

    Attributes
    ----------
    filiere
        The filière asked about.
    status
        ``solved``; ``unlimited``: a path without any known limit leads to a buyer (`path`); ``nothing``: nobody
        asks, or no path leads to those who do (`reason`).
    reason
        ``no_flow`` (no flow is stated), ``no_buyer``, ``no_path``, ``held`` (flows lead there, and a recipe
        or a capacity lets nothing through), ``too_large`` (not worked out by the diagnostic:
        see `too_large`), or an empty text.
    served_t_per_year
        Tonnes of demand served per year, 0 or more. NaN where there is no known limit, no flow or no buyer; 0 where
        no path leads to the buyers.
    served
        A row per buyer, stage and material: ``actor_id``, ``stage_id``, ``material_id`` (unknown where several),
        ``level``, ``demand_t_per_year`` (NaN: without a stated quantity), ``served_t_per_year``, ``unmet_share``
        (``1 − served / demand``, 0 to 1), ``market_id``. Only the total is unique: the split between buyers may be
        another one.
    flows
        t/year on the flows that count (``flow_id``), for the least moved in all; NaN unless solved.
    processes
        A row per process that runs: ``actor_id``, ``stage_id``, ``process``, ``level_t_per_year``.
    unlimited
        What was taken as without limit: ``kind`` (``supply``: a resource of which no supply is stated;
        ``supply_unknown``: one stated without a quantity; ``import``; ``input``: taken by a recipe, brought by no
        flow; ``orphan``: a sender that nothing reaches; ``demand_unknown``; ``market``: a market, where no demand
        is stated), identifiers, ``t_per_year`` at the optimum, ``used``: whether the optimum, or the path without
        limit, draws on it.
    aside
        What was stated and does not count: ``kind`` (``outlet``: one that is paid for, or of a waste;
        ``other_level``: contained in a less firm level of the same demand; ``passed_on``: asked by one who passes
        it on to others who ask; ``inside``: a supply of what the chain itself brings there; ``no_passage``: a
        demand that no flow reaches; ``creating``: a recipe that makes more than it takes; ``idle``: a process with
        an input that nothing brings, where another one has all of its own), identifiers.
    path
        The way that nothing limits: ``actor_id``, ``stage_id``, ``material_id``, from source to buyer.

    Notes
    -----
    Status, reasons and kinds are a convention of this library: an unbounded or empty program is told as such, and
    raises nothing.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(actors={"name": ["A", "B"]}, flows={"source": ["A"], "target": ["B"]})
    >>> found = throughput(f)
    >>> found.status, found.reason, found.notes(lang="en")[0]
    ('nothing', 'no_buyer', 'Nobody is known to ask for anything: state a demand, or a stage that is a market.')
    """

    filiere: Filiere = field(repr=False)
    status: str
    reason: str
    served_t_per_year: float
    served: pd.DataFrame = field(repr=False)
    flows: pd.Series = field(repr=False)
    processes: pd.DataFrame = field(repr=False)
    unlimited: pd.DataFrame = field(repr=False)
    aside: pd.DataFrame = field(repr=False)
    path: pd.DataFrame = field(repr=False)

    def notes(self, *, lang: str = "fr") -> list[str]:
        """Return in plain sentences how it ended and what it rests on.

        Parameters
        ----------
        lang
            Language of the sentences.

        Returns
        -------
        list of str
            First how it ended, then what was taken as without limit, then what was left aside.
        """
        return notes_of(
            self.filiere,
            status=self.status,
            reason=self.reason,
            served_t=self.served_t_per_year,
            served=self.served,
            unlimited=self.unlimited,
            aside=self.aside,
            path=self.path,
            lang=lang,
        )

    def condition(self, *, lang: str = "fr") -> str:
        """Return which inputs of no known limit what is served depends on, each with its origin.

        A stage that is missing may stand behind them: what it should make is then taken to come from elsewhere, as
        much as needed. A reader who is told what the chain can serve must be told so.

        Parameters
        ----------
        lang
            Language of the text.

        Returns
        -------
        str
            Part of a sentence; empty where every input has a limit, or none is drawn on.

        Examples
        --------
        >>> from chaine_valeur import Filiere
        >>> f = Filiere.from_tables(
        ...     stages={"name": ["Vente"], "kind": ["market"]},
        ...     actors={"name": ["V"]},
        ...     materials={"name": ["panneau"]},
        ...     activities={"actor_id": ["V"], "stage_id": ["vente"]},
        ...     markets={"actor_id": ["V"], "material_id": ["panneau"], "kind": ["demand"],
        ...              "quantity_t_per_year": [60]},
        ...     flows={"source": [None], "target": ["V"], "material_id": ["panneau"]},
        ... )
        >>> throughput(f).condition(lang="en")
        'panneau (V): from outside'
        """
        if self.status != "solved" or not self.served_t_per_year > 0:
            return ""
        return condition_of(self.filiere, self.unlimited, lang=lang)


def throughput(
    f: Filiere,
    *,
    supply_level: str = "firmest",
    materials: Sequence[str] | None = None,
    imports: bool = True,
) -> Throughput:
    """Return the most demand that the chain can serve, in t/year, with what it rests on.

    ``max Σ served`` over flows, levels of processes, draws of supplies, such that at each node and for each
    material ``what arrives + what is made + what is drawn ≥ what leaves + what is taken + what is served`` (the
    rest is left over), ``Σ entering ≤ capacity_t_per_year`` of an activity, ``flow ≤ capacity_t_per_year`` of a
    flow, draws ≤ supply, served ≤ demand. Recipes tie what a process takes and makes to its level. A linear
    program: with yields of 1 and one material it is a maximum flow.

    Declared quantities, minimums, maximums and shares of flows are knowledge of today, no limits: they are not
    used. A blank capacity is none.

    Parameters
    ----------
    supply_level
        ``firmest``: each supply at the firmest level stated for it; or ``raw``, ``mobilizable``, ``mobilized``:
        at that level, where it is stated.
    materials
        Count demands of these materials only.
    imports
        Whether flows from outside, and actors that stand for the outside, may bring anything.

    Returns
    -------
    Throughput
        With a status, never an infinite figure.

    Raises
    ------
    UnknownNameError
        An unknown level or material.

    Notes
    -----
    An unknown coefficient of a recipe is taken at best: matter is kept, nothing more. Solved by HiGHS (interior
    point) through `scipy.optimize.linprog`.

    References
    ----------
    Ford and Fulkerson (1956) for the case without processes (unverified).

    Examples
    --------
    A workshop makes panels out of 30 % fibre and 70 % polymer, and takes 50 t a year in all.

    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Fibre", "Polymère", "Panneau", "Vente"],
    ...             "kind": ["resource", "resource", "operation", "market"], "rank": [1, 1, 2, 3]},
    ...     materials={"name": ["fibre", "polymere", "panneau"]},
    ...     recipes={"stage_id": ["panneau"] * 3, "side": ["in", "in", "out"],
    ...              "material_id": ["fibre", "polymere", "panneau"], "t_per_t": [0.3, 0.7, 0.9]},
    ...     actors={"name": ["F", "P", "A", "V"]},
    ...     activities={"actor_id": ["F", "P", "A", "V"], "stage_id": ["fibre", "polymere", "panneau", "vente"],
    ...                 "capacity_t_per_year": [None, None, 50, None]},
    ...     markets={"actor_id": ["F", "V"], "material_id": ["fibre", "panneau"], "kind": ["supply", "demand"],
    ...              "quantity_t_per_year": [12, 60]},
    ...     flows={"source": ["F", "P", "A"], "target": ["A", "A", "V"],
    ...            "material_id": ["fibre", "polymere", "panneau"]},
    ... )
    >>> found = throughput(f)

    The fibre would do for 12 / 0.3 = 40 t, of which 36 t of panels are made.

    >>> found.status, round(found.served_t_per_year, 6)
    ('solved', 36.0)
    >>> found.flows.round(6).to_list()
    [12.0, 28.0, 36.0]
    >>> found.notes(lang="en")[0].replace("\\u00a0", " ")
    'The chain can serve 36 t/year, of 60 t/year asked for.'
    """
    done = carried(f, supply_level=supply_level, materials=materials, imports=imports)
    return _told(f, done)


def too_large(f: Filiere) -> Throughput:
    """Return the answer that is given instead of a throughput that would take long: nothing, and why."""
    nobody = np.zeros(0, dtype=np.int32)
    program = program_of(f, supply_level="firmest", materials=None, imports=True, without=nobody)
    return _told(f, Carried(program, "nothing", "too_large", None))


def _told(f: Filiere, done: Carried) -> Throughput:
    return Throughput(
        filiere=f,
        status=done.status,
        reason=done.reason,
        served_t_per_year=done.served,
        served=served_frame(done),
        flows=flow_series(done),
        processes=process_frame(done),
        unlimited=unlimited_frame(done),
        aside=aside_frame(done),
        path=path_frame(done),
    )


def served_t(
    f: Filiere,
    *,
    supply_level: str = "firmest",
    materials: Sequence[str] | None = None,
    imports: bool = True,
    without: Sequence[str] = (),
) -> float:
    """Return the tonnes of demand that the chain can serve per year: `throughput` without its tables.

    Parameters
    ----------
    supply_level, materials, imports
        As for `throughput`.
    without
        Actors that are taken out, with all that they carry, offer and ask for.

    Returns
    -------
    float
        t/year, 0 or more. NaN where there is no known limit, no flow, or no buyer.

    Raises
    ------
    UnknownNameError
        An unknown level, material or actor.

    Examples
    --------
    >>> from chaine_valeur import datasets
    >>> round(served_t(datasets.load("exemple_complet").at(2024)), 1)
    260.4
    """
    return carried(f, supply_level=supply_level, materials=materials, imports=imports, without=without).served
