"""What to secure and what to diversify: checks, each a function that returns findings.

They speak of the stage, never of an actor that fails, and leave out what `chaine_valeur.gaps` tells: a
stage that one single actor holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ...language import number, percent, tr, trn
from ...provenance import hypothesis_share
from ..activities import current_activities, flows_at, identifiers
from ..findings import Finding
from ..measure import NAN
from ..wording import tonnes
from ._supply import Stages, single_actors, stages_of, supply_of
from ._wording import jobs_sentence, stage_title
from .suppliers import shares_of_suppliers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]
    Rows = dict[str, tuple[str, ...]]

__all__ = ["CHECKS", "steps_to_secure", "supplies_to_diversify"]

#: Concentration of the suppliers of a stage from which it is told.
CONCENTRATION = 0.8
#: Known tonnes below which nothing is said of the supply of a stage.
FEWEST_T = 2.0
#: Share of the supplied buyers from which a step is told.
BUYERS_SHARE = 0.25


def supplies_to_diversify(
    f: Filiere, *, lang: str = "fr", concentration: float = CONCENTRATION, fewest_t: float = FEWEST_T
) -> Iterator[Finding]:
    """Find the required stages whose known supply rests on one supplier.

    ``Σ_u s_u² ≥ concentration``, *s_u* the share of supplier *u* in the known tonnes that the stage receives from
    others (C1, of a stage). Households, networks and the outside stand for several suppliers. Nothing is said
    of a stage whose actor may supply itself without a flow that says so, nor where the supplier is the only
    actor of its own stage: that stage is told already.

    Parameters
    ----------
    lang
        Language of the messages.
    concentration
        Sum of the squared shares of the suppliers of the stage from which it is told, 0 to 1.
    fewest_t
        Known tonnes per year below which nothing is said.

    Yields
    ------
    Finding
        Kind ``supply_to_diversify``, one per stage in table order: `quantity` is the t/year of the largest supplier,
        `jobs_at_stake_fte` the insertion FTE at the stage (NaN if none is known), `n_unknown` the flows and jobs
        of unknown figure. Nothing is found where no tonnes are known, and nothing is raised.

    Notes
    -----
    Both thresholds are a convention of this library: one supplier of 90 % and one of 10 % make 0.82.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Tri", "Filature"], "kind": ["operation", "market"]},
    ...     actors={"name": ["Relais", "Trieur", "Usine"]},
    ...     activities={"actor_id": ["Relais", "Trieur", "Usine"], "stage_id": ["Tri", "Tri", "Filature"]},
    ...     flows={"source": ["Relais", "Trieur"], "target": ["Usine", "Usine"], "quantity_t_per_year": [9, 1]},
    ... )
    >>> [(found.stage_id, found.quantity) for found in supplies_to_diversify(f)]
    [('filature', 9.0)]
    """
    net, stages = f.network, stages_of(f)
    unit = np.append(stages.unit, -1)
    into, out_of = unit[net.flow_target_stage], unit[net.flow_source_stage]
    use = (into >= 0) & ((net.flow_source != net.flow_target) | (out_of != into))
    single = np.append(single_actors(f), False)
    supplier = np.where(single[net.flow_source], net.flow_source, -1).astype(np.int64)
    shares = shares_of_suppliers(supplier[use], into[use], net.flow_t[use], net.n_actors, stages.size)
    told = (shares.named >= concentration) & (shares.known_t >= fewest_t) & stages.required
    told &= ~_may_supply_itself(f, stages) & ~stages.told[_own_unit(f, stages, shares.largest)]
    for each in np.flatnonzero(told).tolist():  # a loop over stages
        share = float(shares.largest_t[each] / shares.known_t[each])
        message = tr(
            "Stage {stage}: a supply to be diversified. Of {total} known, {share} comes from one supplier "
            "(concentration {value}, said from {threshold} and {fewest}).",
            lang,
            stage=stage_title(f, stages.members[each], lang),
            total=tonnes(float(shares.known_t[each]), lang),
            share=percent(share, lang),
            value=number(float(shares.named[each]), lang, digits=2),
            threshold=number(concentration, lang, digits=2),
            fewest=tonnes(fewest_t, lang),
        )
        n_unknown = int(shares.n_unknown[each])
        if n_unknown:
            message += " " + trn(
                "{count} flow of unknown quantity is left out.",
                "{count} flows of unknown quantity are left out.",
                n_unknown,
                lang,
            )
        at_stage = stages.held[:, each]
        jobs, unknown_jobs, held = _jobs(f, np.ones(net.n_actors, dtype=bool), unit=(stages, each))
        flows = use & (into == each)
        yield _finding(
            f, "supply_to_diversify", message, stages, each, flows, held,
            actor=None if at_stage.sum() != 1 else int(np.flatnonzero(at_stage)[0]),
            quantity=float(shares.largest_t[each]), jobs=jobs, n_unknown=n_unknown + unknown_jobs, lang=lang,
        )  # fmt: skip


def steps_to_secure(f: Filiere, *, lang: str = "fr", buyers_share: float = BUYERS_SHARE) -> Iterator[Finding]:
    """Find the stages of which one single actor's stop would leave buyers without any recorded supply.

    ``buyers cut / supplied buyers ≥ buyers_share``: see `chaine_valeur.resilience.cut_actors`. Households,
    networks and the outside do not stop as one. A required stage that one single actor holds is told already
    (`chaine_valeur.gaps`).

    Parameters
    ----------
    lang
        Language of the messages.
    buyers_share
        Share of the supplied buyers from which it is told, 0 to 1.

    Yields
    ------
    Finding
        Kind ``step_to_secure``, one per stage, with the actor where there is one alone: `quantity` is the known
        t/year that reach the buyers in question (NaN if none is known), `jobs_at_stake_fte` the insertion FTE of the
        actors whose supply passes there (NaN too), `n_unknown` the flows and jobs of unknown figure. Nothing is found
        without a table of flows, and nothing is raised.

    Notes
    -----
    The threshold is a convention of this library.

    Examples
    --------
    Each of two sorters supplies one of two buyers, alone:

    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Gisement", "Tri", "Vente"], "kind": ["resource", "operation", "market"]},
    ...     actors={"name": ["Ménages", "Relais", "Trieur", "Boutique", "Usine"],
    ...             "actor_type": ["diffuse", None, None, None, None]},
    ...     activities={"actor_id": ["Ménages", "Relais", "Trieur", "Boutique", "Usine"],
    ...                 "stage_id": ["Gisement", "Tri", "Tri", "Vente", "Vente"]},
    ...     flows={"source": ["Ménages", "Ménages", "Relais", "Trieur"],
    ...            "target": ["Relais", "Trieur", "Boutique", "Usine"], "quantity_t_per_year": [9, 1, 9, 1]},
    ... )
    >>> [(found.stage_id, found.quantity) for found in steps_to_secure(f)]
    [('tri', 10.0)]
    """
    supply, net, stages = supply_of(f), f.network, stages_of(f)
    total = int(supply.supplied.sum())
    cutting = (supply.cut > 0) & (supply.cut >= buyers_share * total) & single_actors(f)
    actors = np.flatnonzero(cutting)
    at = _own_unit(f, stages, np.arange(net.n_actors))[actors]
    tree, nodes = supply.tree, np.arange(net.n_actors)
    for each in np.unique(at):  # a loop over stages
        if each >= 0 and stages.told[each]:
            continue
        those = actors[at == each]
        behind = np.zeros(net.n_actors, dtype=bool)
        for actor in those:  # over the actors of a stage on which a good share of the buyers rests: a few
            behind |= (tree.first[nodes] >= tree.first[actor]) & (tree.first[nodes] < tree.last[actor])
        worst = int(supply.cut[those].max())
        where = tr("Stage not stated", lang)
        if each >= 0:
            where = tr("Stage {stage}", lang, stage=stage_title(f, stages.members[each], lang))
        message = trn(
            "{where}: a step to be secured. Should one of its actors stop, {count} of the {total} supplied "
            "buyers would have no recorded supply left (said from {threshold} of them).",
            "{where}: a step to be secured. Should one of its actors stop, {count} of the {total} supplied "
            "buyers would have no recorded supply left (said from {threshold} of them).",
            worst,
            lang,
            where=where,
            total=number(total, lang),
            threshold=percent(buyers_share, lang),
        )
        lost = np.append(behind & supply.supplied, False)
        reaching = lost[net.flow_target] & (net.flow_source != net.flow_target)
        t = net.flow_t[reaching]
        known = ~np.isnan(t)
        jobs, unknown_jobs, held = _jobs(f, behind)
        touching = np.append(behind, False)
        flows = touching[net.flow_source] | touching[net.flow_target]
        yield _finding(
            f, "step_to_secure", message, stages, int(each), flows, held,
            actor=int(those[0]) if len(those) == 1 else None,
            quantity=float(t[known].sum()) if known.any() else NAN,
            jobs=jobs, n_unknown=int((~known).sum()) + unknown_jobs, lang=lang,
        )  # fmt: skip


#: In the order in which they are told.
CHECKS = (steps_to_secure, supplies_to_diversify)


def _own_unit(f: Filiere, stages: Stages, actors: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the unit from which most flows of an actor leave, else that of its first activity; −1: none."""
    net = f.network
    leaving = (net.flow_source >= 0) & (net.flow_source_stage >= 0) & (net.flow_source != net.flow_target)
    found = np.append(stages.unit, -1)[net.stage]
    if leaving.any():
        keys = (
            net.flow_source[leaving].astype(np.int64) * stages.size
            + stages.unit[net.flow_source_stage[leaving]]
        )
        pairs, counts = np.unique(keys, return_counts=True)
        order = np.lexsort((-pairs, counts))  # the most frequent comes last and is written last
        found[pairs[order] // stages.size] = pairs[order] % stages.size
    return np.append(found, -1)[actors]


def _may_supply_itself(f: Filiere, stages: Stages) -> Mask:
    """Return the units of which an actor also holds a stage before, without a flow between the two."""
    net = f.network
    found = np.zeros(stages.size, dtype=bool)
    before, after = stages.unit[net.link_from], stages.unit[net.link_to]
    own = (net.flow_source == net.flow_target) & (net.flow_source_stage >= 0) & (net.flow_target_stage >= 0)
    for start, end in {
        (int(a), int(b)) for a, b in zip(before, after, strict=True) if a != b
    }:  # over passages
        both = stages.held[:, start] & stages.held[:, end]
        declared = (
            own & (stages.unit[net.flow_source_stage] == start) & (stages.unit[net.flow_target_stage] == end)
        )
        both[net.flow_source[declared]] = False
        found[end] |= bool(both.any())
    return found


def _jobs(
    f: Filiere, actors: Mask, *, unit: tuple[Stages, int] | None = None
) -> tuple[float, int, tuple[str, ...]]:
    """Return the known insertion FTE of some actors (at a unit), how many are unknown, the activities."""
    activities = current_activities(f)
    use = actors[activities.actor]
    if unit is not None:
        use &= unit[0].unit[activities.stage] == unit[1]
    values = activities.values("insertion_fte")[use]
    known = ~np.isnan(values)
    fte = float(values[known].sum()) if known.any() else NAN
    return fte, int((~known).sum()), identifiers(activities.ids[use])


def _finding(
    f: Filiere,
    kind: str,
    message: str,
    stages: Stages,
    unit: int,
    flows: Mask,
    activities: tuple[str, ...],
    *,
    actor: int | None,
    quantity: float,
    jobs: float,
    n_unknown: int,
    lang: str,
) -> Finding:
    net, members = f.network, stages.members[unit] if unit >= 0 else ()
    rows: Rows = {
        "stages": identifiers(net.stage_ids[list(members)]),
        "activities": activities,
        "flows": flows_at(f, flows),
    }
    rows = {name: found for name, found in rows.items() if found}
    return Finding(
        kind=kind,
        severity="medium",
        message=" ".join(part for part in (message, jobs_sentence(jobs, lang)) if part),
        stage_id=net.stage_ids[members[0]] if members else None,
        actor_id=None if actor is None else net.actor_ids[actor],
        year=net.year,
        quantity=quantity,
        unit="t/year",
        jobs_at_stake_fte=jobs,
        n_unknown=n_unknown,
        hypothesis_share=hypothesis_share(f, rows),
        rows=rows,
    )
