"""Findings about stages, passages and paths: what is expected and not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ...language import tr, trn
from ...vocabulary import label
from ..activities import identifiers
from ..findings import Finding
from ..wording import sentences
from ._build import activity_rows, joined_rows, link_rows, planned_holders, stage_finding, stage_rows
from ._reference import reference_of
from ._stakes import Jobs, Waiting, stakes_of
from ._wording import (
    at_stake,
    counted,
    jobs_at_stake,
    listed,
    moving,
    stage_names,
    unit_name,
)
from .chain import chain_of
from .measures import single_units
from .metrics import missing_units, passage_states

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["broken_paths", "missing_passages", "missing_stages", "outside_stages", "single_actor_stages"]


def missing_stages(f: Filiere, *, lang: str = "fr") -> Iterator[Finding]:
    """Yield the required stages expected locally that no active actor holds, here or elsewhere.

    At stake: the supply upstream (else what enters or leaves the stage before, else the demand downstream) and the
    insertion FTE at the stages that have no other way than this one.
    """
    chain, stakes = chain_of(f), stakes_of(f)
    for unit in np.flatnonzero(
        missing_units(f) & ~chain.any_member(chain.held)
    ).tolist():  # a loop over stages
        members = chain.members[unit]
        name = unit_name(f, unit, lang)
        head = (
            tr("Stage {stage}: no active actor in the territory.", lang, stage=name)
            if f.territory_id is not None
            else tr("Stage {stage}: no active actor known.", lang, stage=name)
        )
        planned, activities = planned_holders(f, members)
        coming = planned and trn(
            "{count} planned or candidate actor could hold it.",
            "{count} planned or candidate actors could hold it.",
            planned,
            lang,
        )
        waiting, jobs = stakes.around_unit(int(unit)), stakes.jobs_on_unit(int(unit))
        rows = joined_rows(
            stage_rows(f, members), {"activities": activities}, link_rows(f, members), waiting.rows, jobs.rows
        )
        message = sentences(head, coming or "", at_stake(waiting, lang), jobs_at_stake(jobs.fte, lang))
        yield stage_finding(f, "missing_stage", "high", message, rows, waiting, jobs, stage=members[0])


def outside_stages(f: Filiere, *, lang: str = "fr") -> Iterator[Finding]:
    """Yield the required stages expected locally that are served only from outside the territory."""
    chain, stakes = chain_of(f), stakes_of(f)
    for unit in np.flatnonzero(
        missing_units(f) & chain.any_member(chain.held)
    ).tolist():  # a loop over stages
        members = chain.members[unit]
        holders = np.unique(chain.holder_actor[np.isin(chain.holder_stage, members)])
        name = unit_name(f, unit, lang)
        head = (
            tr(
                "Stage {stage}: held only from outside the territory ({actors}); a local actor is expected.",
                lang,
                stage=name,
                actors=counted(len(holders), lang),
            )
            if len(holders)
            else tr(
                "Stage {stage}: served only by flows with the outside; a local actor is expected.",
                lang,
                stage=name,
            )
        )
        passing, jobs = stakes.throughput(members), stakes.jobs_on_unit(int(unit))
        rows = joined_rows(stage_rows(f, members), activity_rows(f, members), passing.rows, jobs.rows)
        message = sentences(head, moving(passing, lang), jobs_at_stake(jobs.fte, lang))
        yield stage_finding(f, "stage_outside_only", "medium", message, rows, passing, jobs, stage=members[0])


def single_actor_stages(f: Filiere, *, lang: str = "fr") -> Iterator[Finding]:
    """Yield the required stages that one single actor holds; the actor is not named.

    At stake: the tonnes that pass the stage, and the insertion FTE of the stages that have no other way.
    """
    chain, stakes = chain_of(f), stakes_of(f)
    for unit in np.flatnonzero(single_units(f)[0]).tolist():  # a loop over stages
        members = chain.members[unit]
        head = tr(
            "Stage {stage}: a step resting on a single operator, to be secured.",
            lang,
            stage=unit_name(f, unit, lang),
        )
        passing, jobs = stakes.throughput(members), stakes.jobs_on_unit(int(unit))
        rows = joined_rows(stage_rows(f, members), activity_rows(f, members), passing.rows, jobs.rows)
        message = sentences(head, moving(passing, lang), jobs_at_stake(jobs.fte, lang))
        yield stage_finding(f, "single_actor_stage", "medium", message, rows, passing, jobs, stage=members[0])


def missing_passages(f: Filiere, *, lang: str = "fr") -> Iterator[Finding]:
    """Yield the expected passages between two held stages that no active flow makes.

    A passage next to a stage that nobody holds is that stage's gap; without a table of flows, or while a flow
    could be it, nothing is said.
    """
    chain, stakes, net = chain_of(f), stakes_of(f), f.network
    passage, seen, open_ = passage_states(f)
    settled = np.isin(passage, passage[seen | open_])
    both = chain.held[chain.link_from] & chain.held[chain.link_to]
    candidates = np.flatnonzero(~settled & both)
    _, first = np.unique(passage[candidates], return_index=True)
    for link in candidates[np.sort(first)]:  # a loop over passages
        start, end, material = (
            int(chain.link_from[link]),
            int(chain.link_to[link]),
            int(chain.link_material[link]),
        )
        fields = {"start": stage_names(f, [start], lang), "end": stage_names(f, [end], lang)}
        if material >= 0:
            head = tr(
                "Passage {start} → {end} ({material}): no exchange recorded, though both stages have actors.",
                lang,
                material=str(f.materials["name"].iloc[material]),
                **fields,
            )
        else:
            head = tr(
                "Passage {start} → {end}: no exchange recorded, though both stages have actors.",
                lang,
                **fields,
            )
        waiting = stakes.before_links([int(link)])
        jobs = stakes.jobs_on_passage(int(chain.unit[start]), int(chain.unit[end]))
        rows = joined_rows(
            {"stage_links": (f.stage_links.index[chain.link_row[link]],)},
            activity_rows(f, (start, end)),
            waiting.rows,
            jobs.rows,
        )
        message = sentences(head, at_stake(waiting, lang, at="passage"), jobs_at_stake(jobs.fte, lang))
        yield stage_finding(
            f,
            "missing_passage",
            "medium",
            message,
            rows,
            waiting,
            jobs,
            stage=start,
            to_stage=end,
            material=net.material_ids[material] if material >= 0 else None,
        )


def broken_paths(f: Filiere, *, lang: str = "fr") -> Iterator[Finding]:
    """Yield the pairs of a resource and a market between which an expected path is not complete.

    At stake: what waits at the first break that the material of that resource meets. Paths that only
    something unknown leaves open are not broken.
    """
    reference = reference_of(f)
    for source in reference.graph.sources:  # a loop over resources and markets
        for market, (total, whole) in sorted(reference.counts(open_too=True, source=source).items()):
            if whole == total:
                continue
            units, links = _breaks(f, source, market)
            own = _on_the_way(f, source, units, links)
            if own == ([], []) and (units or links):
                continue  # whole for this resource: what is missing waits for another material
            units, links = own
            fields = {"start": unit_name(f, source, lang), "end": unit_name(f, market, lang)}
            if whole:
                head = trn(
                    "From {start} to {end}: {count} of the {total} expected paths is not complete.",
                    "From {start} to {end}: {count} of the {total} expected paths are not complete.",
                    total - whole,
                    lang,
                    total=total,
                    **fields,
                )
            else:
                head = trn(
                    "From {start} to {end}: the expected path is not complete.",
                    "From {start} to {end}: none of the {count} expected paths is complete.",
                    total,
                    lang,
                    **fields,
                )
            waiting, jobs = _at_first_break(f, units, links)
            rows = joined_rows(
                stage_rows(f, [stage for unit in units for stage in reference.chain.members[unit]]),
                {"stage_links": identifiers(f.stage_links.index[reference.chain.link_row[links]])},
                waiting.rows,
                jobs.rows,
            )
            message = sentences(
                head,
                _to_establish(f, units, links, lang),
                at_stake(waiting, lang, at="path"),
                jobs_at_stake(jobs.fte, lang),
            )
            start, end = reference.chain.members[source][0], reference.chain.members[market][0]
            severity = "medium" if whole else "high"
            yield stage_finding(
                f, "broken_path", severity, message, rows, waiting, jobs, stage=start, to_stage=end
            )


def _breaks(f: Filiere, source: int, market: int) -> tuple[list[int], list[int]]:
    """Return the units that nobody holds and the passages known to be missing between two units."""
    chain, reach = chain_of(f), reference_of(f).graph.reach
    between = reach[source] & reach[:, market]
    units = np.flatnonzero(between & ~chain.any_member(chain.held))
    passage, seen, open_ = passage_states(f)
    settled = np.isin(passage, passage[seen | open_])
    both = chain.held[chain.link_from] & chain.held[chain.link_to]
    on_path = between[chain.unit[chain.link_from]] & between[chain.unit[chain.link_to]]
    candidates = np.flatnonzero(~settled & both & on_path)
    # by stages, not by rows: in a loop of stages all are as far down, and the order of rows must not show
    candidates = candidates[np.lexsort((chain.link_to[candidates], chain.link_from[candidates]))]
    _, first = np.unique(passage[candidates], return_index=True)
    level = reach.sum(axis=0)
    links = candidates[np.sort(first)]
    units = units[np.argsort(level[units], kind="stable")]
    links = links[np.argsort(level[chain.unit[chain.link_to[links]]], kind="stable")]
    return units.tolist(), links.tolist()


def _on_the_way(f: Filiere, source: int, units: list[int], links: list[int]) -> tuple[list[int], list[int]]:
    """Return those of some breaks that what leaves a resource meets, as materials and recipes say."""
    chain, trace = chain_of(f), stakes_of(f).trace
    reached = trace.reached(np.flatnonzero(chain.unit[chain.link_from] == source).tolist())
    met = {source, *(int(chain.unit[chain.link_to[link]]) for link in reached)}
    return [unit for unit in units if unit in met], [link for link in links if link in reached]


def _at_first_break(f: Filiere, units: list[int], links: list[int]) -> tuple[Waiting, Jobs]:
    """Return what is at stake at the break furthest upstream."""
    chain, stakes, reach = chain_of(f), stakes_of(f), reference_of(f).graph.reach
    level = reach.sum(axis=0)
    if not units and not links:  # each part is there, but no actor of an alternative joins the two sides
        return Waiting(), stakes.jobs_at_stages([])
    at_link = level[chain.unit[chain.link_to[links[0]]]] if links else np.inf
    if units and level[units[0]] <= at_link:
        return stakes.around_unit(units[0]), stakes.jobs_on_unit(units[0])
    start, end = int(chain.unit[chain.link_from[links[0]]]), int(chain.unit[chain.link_to[links[0]]])
    return stakes.before_links(links[:1]), stakes.jobs_on_passage(start, end)


def _to_establish(f: Filiere, units: list[int], links: list[int], lang: str) -> str:
    chain = chain_of(f)
    scales = f.stages["expected_scale"]
    parts = []
    for unit in units:  # a loop over stages
        stage = chain.members[unit][0]
        name = unit_name(f, unit, lang)
        if not chain.local_expected[stage]:
            scale = label(scales.iloc[stage], "expected_scale", lang).lower()
            name = tr("{stage} (expected scale: {scale})", lang, stage=name, scale=scale)
        parts.append(name)
    for link in links:  # a loop over passages
        ends = (chain.link_from[link], chain.link_to[link])
        parts.append(" → ".join(stage_names(f, [int(end)], lang) for end in ends))
    return tr("To be established: {names}.", lang, names=listed(parts, lang)) if parts else ""
