"""Rules that bear on several columns or tables. Each looks for rows that break it and says so.

A rule takes the states of all tables and the collector; it never raises. The lists at the end are the order
in which they run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from .flow_rules import double_declarations, ends_not_active
from .flow_stages import StageCodes, stage_codes
from .language import number
from .option_rules import (
    incomplete_changes,
    incomplete_options,
    options_in_a_circle,
    parts_of_wholes,
    spans,
)
from .problems import Problems
from .schema import reference_targets, table
from .table_state import State
from .text import TOTAL
from .tie_rules import ties_told_twice, ties_with_oneself
from .vocabulary import MarketLevel, OutcomeKind, OutcomeUnit, label, parse_term

__all__ = ["CREATED", "RULES", "TAKING_OUT", "check_rules", "take_out"]

States = Mapping[str, State]
Rule = Callable[[States, Problems], None]

#: Two statements of one quantity may differ by so much, rounding included.
SAME_QUANTITY = 0.01
#: What a process may make beyond what it takes, in rounded coefficients, before it creates matter.
CREATED = 1e-6
_SUPPLY_LEVELS = {MarketLevel.RAW.value, MarketLevel.MOBILIZABLE.value, MarketLevel.MOBILIZED.value}

#: « Total » alone, or of everything; TotalEnergies and « Somme Recyclage » are organisations.
_NAMED_TOTAL = re.compile(TOTAL.pattern + r"\s*(g[eé]n[eé]ral|generale?|:)?\s*", re.IGNORECASE)
_OF_EXITS = {OutcomeKind.POSITIVE_EXITS.value, OutcomeKind.LASTING_EXITS.value}


def _alive(states: States, name: str) -> pd.DataFrame:
    return states[name].rows_in


def _positions(mask: pd.Series) -> list[int]:
    """Return the positions of the true rows of a mask on a plain range index, unknown counting as false."""
    return mask.index[mask.to_numpy(bool, na_value=False)].tolist()


def duplicate_siret(states: States, problems: Problems) -> None:
    """One SIRET on two rows is possible, and worth a look."""
    state = states["actors"]
    known = _alive(states, "actors")["siret"].dropna()
    again = known.index[known.duplicated()]
    if not len(again):
        return
    first = {siret: position for position, siret in reversed(list(known.items()))}
    for position in again:
        siret = known[position]
        other = state.place.rows.iat[first[siret]]
        problems.at(state.place, position, "duplicate_siret", "siret", value=siret, other=other)


def periods(states: States, problems: Problems) -> None:
    """A period that ends before it begins."""
    for name in states:
        state, rows = states[name], _alive(states, name)
        if "since" not in rows or rows.empty:
            continue
        for position in _positions(rows["until"] < rows["since"]):
            fields = {"value": rows["until"][position], "limit": rows["since"][position]}
            problems.at(state.place, position, "until_before_since", "until", **fields)


def _stages(states: States) -> StageCodes:
    """Return the stage at both ends of each flow that is in, as the position of its row."""

    def rows(name: str, *columns: str) -> list[Any]:
        return [states[name].linked_in(column).astype(np.int32) for column in columns]

    source, target, source_stage, target_stage, material = rows(
        "flows", "source", "target", "source_stage", "target_stage", "material_id"
    )
    who, what = rows("activities", "actor_id", "stage_id")
    start, end, expected = rows("stage_links", "stage_id", "to_stage_id", "material_id")
    return stage_codes(
        ends=(source, target),
        given=(source_stage, target_stage),
        material=material,
        held=(who, what),
        links=(start, end, expected),
    )


def ends_of_flows(states: States, problems: Problems) -> None:
    """A flow has an end, and not the same activity at both."""
    state = states["flows"]
    if not state.alive.any():
        return
    rows, source, target = state.positions_in, *(state.linked_in(end) for end in ("source", "target"))
    endless = rows[(source < 0) & (target < 0)].tolist()
    for position in endless:
        problems.at(state.place, position, "flow_without_ends", "source")
    same_actor = (source >= 0) & (source == target)
    if same_actor.any():
        stages = _stages(states)
        loops = rows[same_actor & (stages.source == stages.target)].tolist()
        called = _names(states, "actors") if loops else {}
        for position in loops:
            named = called[state.frame["source"].iat[position]]
            problems.at(state.place, position, "self_loop", "target", value=named)
        state.set_aside_at(loops, "self_loop")
    state.set_aside_at(endless, "flow_without_ends")


def stages_to_choose(states: States, problems: Problems) -> None:
    """A flow whose actor holds several stages has to say which."""
    state, held_by = states["flows"], states["activities"].linked_in("actor_id")
    if not state.alive.any() or not pd.Series(held_by).duplicated().any():  # nobody holds two
        return
    stages, rows = _stages(states), state.positions_in
    asked = {"source": stages.source_ambiguous, "target": stages.target_ambiguous}
    if not any(ambiguous.any() for ambiguous in asked.values()):
        return
    flows, activities = state.frame, _alive(states, "activities")
    open_ = {flows[end].iat[place] for end, ambiguous in asked.items() for place in rows[ambiguous].tolist()}
    several = activities[activities["actor_id"].isin(open_)]
    held = several.groupby("actor_id", sort=False)["stage_id"].unique()
    actors, stage_names = _names(states, "actors"), _names(states, "stages")
    for end, ambiguous in asked.items():
        for position in rows[ambiguous].tolist():
            actor = flows[end].iat[position]
            choices = " ; ".join(stage_names[stage] for stage in held[actor])
            fields = {"value": actors[actor], "choices": choices}
            problems.at(state.place, position, "stage_to_choose", f"{end}_stage", **fields)


def direction_of_flows(states: States, problems: Problems) -> None:
    """A flow that jumps or goes back a stage needs a declared passage."""
    state, links, stages = states["flows"], states["stage_links"], states["stages"]
    if not state.alive.any() or not links.alive.any():
        return
    ends, rows = _stages(states), state.positions_in
    ranks = np.append(stages.frame["rank"].to_numpy(np.float64, na_value=np.nan), np.nan)  # the last: none
    step, size = ranks[ends.target] - ranks[ends.source], len(ranks)
    declared = links.linked_in("stage_id") * size + links.linked_in("to_stage_id")
    allowed = np.isin(ends.source.astype(np.int64) * size + ends.target, declared)
    called = stages.frame["name"].tolist()
    for code, wrong in (("flow_skips_stage", step > 1), ("flow_goes_back", step < 0)):
        for place in np.flatnonzero(wrong & ~allowed).tolist():
            fields = {"source": called[ends.source[place]], "target": called[ends.target[place]]}
            problems.at(state.place, int(rows[place]), code, "target", value="", **fields)


def references_to_itself(states: States, problems: Problems) -> None:
    """A row is no part, and no other declaration, of itself."""
    for name, state in states.items():
        home, rows = table(name), _alive(states, name)
        for column in home if len(rows) else ():
            if reference_targets(column) != (name, home.key):
                continue
            loops = state.positions_in[state.linked_in(column.name) == state.positions_in].tolist()
            for position in loops:
                called = rows[home.name_column or home.key][position]
                problems.at(state.place, position, "refers_to_itself", column.name, value=called)
            if loops:
                state.blank(column.name, loops)


def bounds_of_flows(states: States, problems: Problems) -> None:
    """What is known of a flow does not contradict itself."""
    state, flows = states["flows"], _alive(states, "flows")
    if flows.empty:
        return
    low, high, quantity = (flows[f"{name}_t_per_year"] for name in ("min", "max", "quantity"))
    crossed = _positions(low > high)
    for position in crossed:
        fields = {
            "value": number(low[position], problems.lang),
            "limit": number(high[position], problems.lang),
        }
        problems.at(state.place, position, "min_above_max", "min_t_per_year", **fields)
    if len(crossed):
        state.frame.loc[crossed, ["min_t_per_year", "max_t_per_year"]] = np.nan
        state.blanked += 2 * len(crossed)
    outside = ((quantity < low) | (quantity > high)) & ~(low > high)
    for position in _positions(outside):
        value = number(quantity[position], problems.lang)
        problems.at(state.place, position, "quantity_outside_bounds", "quantity_t_per_year", value=value)


def parts_of_jobs(states: States, problems: Problems) -> None:
    """The insertion jobs of an activity are among its jobs."""
    state, rows = states["activities"], _alive(states, "activities")
    if rows.empty:
        return
    for position in _positions(rows["insertion_fte"] > rows["jobs_fte"]):
        fields = {
            "value": number(rows["insertion_fte"][position], problems.lang),
            "limit": number(rows["jobs_fte"][position], problems.lang),
        }
        problems.at(state.place, position, "part_above_whole", "insertion_fte", **fields)


def levels_of_markets(states: States, problems: Problems) -> None:
    """A supply is raw, mobilizable or mobilized; a demand expressed, verified or contracted."""
    state, rows = states["markets"], _alive(states, "markets")
    if rows.empty:
        return
    supply_level = rows["level"].isin(_SUPPLY_LEVELS)
    for position in _positions(rows["level"].notna() & (supply_level != (rows["kind"] == "supply"))):
        fields = {
            "value": label(rows["level"][position], "market_level", problems.lang),
            "limit": label(rows["kind"][position], "market_kind", problems.lang),
        }
        problems.at(state.place, position, "level_of_other_kind", "level", **fields)


def two_quantities(states: States, problems: Problems) -> None:
    """A tonnage and a natural quantity on one row say the same."""
    factors = _alive(states, "materials").set_index("material_id")["t_per_unit"]
    for name in ("flows", "markets"):
        state, rows = states[name], _alive(states, name)
        if rows.empty or rows["natural_quantity_per_year"].isna().all():
            continue
        converted = rows["natural_quantity_per_year"] * rows["material_id"].map(factors).astype("float64")
        written = rows["quantity_t_per_year"]
        for position in _positions((written - converted).abs() > SAME_QUANTITY * converted.abs()):
            fields = {
                "value": number(written[position], problems.lang),
                "limit": number(converted[position], problems.lang),
            }
            problems.at(state.place, position, "quantities_disagree", "natural_quantity_per_year", **fields)


def shares_of_something(states: States, problems: Problems) -> None:
    """A share whose base cannot be read is unknown: the usual base would make another number of it."""
    state = states["flows"]
    if "share_of" not in state.raw.frame:
        return
    written = state.raw.frame["share_of"]
    asked = written.notna() & (written.astype(str).str.strip() != "") & state.frame["share"].notna()
    for position in _positions(asked):
        if parse_term(str(written[position]), "share_base") is None:
            state.frame.loc[position, "share"] = np.nan
            state.blanked += 1


def shares_of_results(states: States, problems: Problems) -> None:
    """A share of exits is at most one: « 55 » for 55 % is set aside, not fifty-five times everybody."""
    state, rows = states["outcomes"], _alive(states, "outcomes")
    of_exits = (rows["unit"] == OutcomeUnit.SHARE.value) & rows["kind"].isin(_OF_EXITS)
    for name in ("target", "reached"):
        for position in _positions(of_exits & (rows[name] > 1)):
            value = number(rows[name][position], problems.lang)
            problems.at(state.place, position, "exits_above_all", name, value=value)
            state.frame.loc[position, name] = np.nan
            state.blanked += 1


def matter_from_nothing(states: States, problems: Problems) -> None:
    """A process makes no more than it takes."""
    state, rows = states["recipes"], _alive(states, "recipes")
    if rows.empty:
        return
    process = ["stage_id", "actor_id", "process", "year"]
    of = rows.groupby(process, dropna=False, sort=False).ngroup().to_numpy()
    made, amount = (rows["side"] == "out").to_numpy(bool), rows["t_per_t"].to_numpy(float)
    out, into, inputs = (
        np.bincount(of[side], weights=weights[side], minlength=of.max() + 1)
        for side, weights in ((made, amount), (~made, amount), (~made, np.ones(len(rows))))
    )
    takes = np.where(inputs > 0, into, 1.0)  # nobody states the inputs: a tonne of whatever enters
    creating = out > takes * (1 + CREATED)  # false where a coefficient is unknown
    _, first = np.unique(of, return_index=True)
    for one in np.flatnonzero(creating):
        fields = {"value": number(out[one], problems.lang), "limit": number(takes[one], problems.lang)}
        problems.at(state.place, int(rows.index[first[one]]), "recipe_creates_matter", "t_per_t", **fields)


def expectation(states: States, problems: Problems) -> None:
    """A gap exists only against an expected chain: say so when there is none, or when nobody is there."""
    if states["actors"].frame.empty:
        named = table("actors").label(problems.lang)
        problems.add("no_actors", table="actors", sheet=named, target=named)
    if len(states["actors"].frame) and _alive(states, "stage_links").empty:
        named = table("stage_links").label(problems.lang)
        problems.add("no_expected_chain", table="stage_links", sheet=named)


def actors_called_total(states: States, problems: Problems) -> None:
    """« Total » is seldom an organisation: no reader of sheets keeps such a row, but a table that is handed over does."""
    state = states["actors"]
    names = _alive(states, "actors")["name"].dropna()
    for position, name in names[names.str.fullmatch(_NAMED_TOTAL).to_numpy(bool, na_value=False)].items():
        problems.at(state.place, int(position), "actor_called_total", "name", value=name)


def _names(states: States, name: str) -> Mapping[str, str]:
    """Return how each row of a table is called."""
    home, rows = table(name), _alive(states, name)
    return dict(zip(rows[home.key].tolist(), rows[home.name_column].tolist(), strict=True))


#: Rules that take rows out: first, so that what refers to those rows is out too when the others look.
TAKING_OUT: tuple[Rule, ...] = (ends_of_flows, ties_with_oneself, options_in_a_circle)

#: Rules that tell, or make a cell unknown.
RULES: tuple[Rule, ...] = (
    references_to_itself,
    bounds_of_flows,
    duplicate_siret,
    periods,
    stages_to_choose,
    direction_of_flows,
    ends_not_active,
    double_declarations,
    ties_told_twice,
    parts_of_jobs,
    levels_of_markets,
    shares_of_something,
    shares_of_results,
    two_quantities,
    matter_from_nothing,
    spans,
    parts_of_wholes,
    incomplete_changes,
    incomplete_options,
    actors_called_total,
    expectation,
)


def take_out(states: States, problems: Problems) -> bool:
    """Run the rules that take rows out, and return whether any went."""
    before = sum(int(state.alive.sum()) for state in states.values())
    for rule in TAKING_OUT:
        rule(states, problems)
    return before != sum(int(state.alive.sum()) for state in states.values())


def check_rules(states: States, problems: Problems) -> None:
    """Run every other rule."""
    for rule in RULES:
        rule(states, problems)
