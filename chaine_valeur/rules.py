"""Rules that bear on several columns or tables. Each looks for rows that break it and says so.

A rule takes the states of all tables and the collector; it never raises. The lists at the end are the order
in which they run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from .flow_stages import same_flow_groups, stages_of_flows
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
from .tie_rules import ties_told_twice, ties_with_oneself
from .vocabulary import MarketLevel, label, parse_term

__all__ = ["CREATED", "RULES", "TAKING_OUT", "check_rules", "take_out"]

States = Mapping[str, State]
Rule = Callable[[States, Problems], None]

#: Two statements of one quantity may differ by so much, rounding included.
SAME_QUANTITY = 0.01
#: What a process may make beyond what it takes, in rounded coefficients, before it creates matter.
CREATED = 1e-6
_SUPPLY_LEVELS = {MarketLevel.RAW.value, MarketLevel.MOBILIZABLE.value, MarketLevel.MOBILIZED.value}


def _alive(states: States, name: str) -> pd.DataFrame:
    return states[name].rows_in


def _positions(mask: pd.Series) -> list[int]:
    """Return the positions of the true rows of a mask on a plain range index, unknown counting as false."""
    return mask.index[mask.to_numpy(bool, na_value=False)].tolist()


def duplicate_siret(states: States, problems: Problems) -> None:
    """One SIRET on two rows is possible, and worth a look."""
    state = states["actors"]
    known = _alive(states, "actors")["siret"].dropna()
    first = {siret: position for position, siret in reversed(list(known.items()))}
    for position in known.index[known.duplicated()]:
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


def ends_of_flows(states: States, problems: Problems) -> None:
    """A flow has an end, and not the same activity at both."""
    state, flows = states["flows"], _alive(states, "flows")
    if flows.empty:
        return
    endless = _positions(flows["source"].isna() & flows["target"].isna())
    for position in endless:
        problems.at(state.place, position, "flow_without_ends", "source")
    state.set_aside_at(endless, "flow_without_ends")
    same_actor = flows["source"].notna() & (flows["source"] == flows["target"])
    if not same_actor.any():
        return
    stages = stages_of_flows(flows, _alive(states, "activities"), _alive(states, "stage_links"))
    same_stage = (stages.source == stages.target) | (stages.source.isna() & stages.target.isna())
    loops, called = _positions(same_actor & same_stage), _names(states, "actors")
    for position in loops:
        named = called[flows["source"][position]]
        problems.at(state.place, position, "self_loop", "target", value=named)
    state.set_aside_at(loops, "self_loop")


def stages_to_choose(states: States, problems: Problems) -> None:
    """A flow whose actor holds several stages has to say which."""
    state, flows = states["flows"], _alive(states, "flows")
    activities = _alive(states, "activities")
    if flows.empty or not activities["actor_id"].duplicated().any():  # nobody holds two
        return
    stages = stages_of_flows(flows, activities, _alive(states, "stage_links"))
    if not (stages.source_ambiguous.any() or stages.target_ambiguous.any()):
        return
    asked = {*flows["source"][stages.source_ambiguous], *flows["target"][stages.target_ambiguous]}
    several = activities[activities["actor_id"].isin(asked)]
    held = several.groupby("actor_id", sort=False)["stage_id"].unique()
    actors, stage_names = _names(states, "actors"), _names(states, "stages")
    for end, ambiguous in (("source", stages.source_ambiguous), ("target", stages.target_ambiguous)):
        for position in _positions(ambiguous):
            actor = flows[end][position]
            choices = " ; ".join(stage_names[stage] for stage in held[actor])
            fields = {"value": actors[actor], "choices": choices}
            problems.at(state.place, position, "stage_to_choose", f"{end}_stage", **fields)


def direction_of_flows(states: States, problems: Problems) -> None:
    """A flow that jumps or goes back a stage needs a declared passage."""
    state, flows = states["flows"], _alive(states, "flows")
    links, stages = _alive(states, "stage_links"), _alive(states, "stages")
    if flows.empty or links.empty:
        return
    ends = stages_of_flows(flows, _alive(states, "activities"), links)
    ranks = stages.set_index("stage_id")["rank"].astype("float64")
    step = ends.target.map(ranks) - ends.source.map(ranks)
    declared = pd.MultiIndex.from_frame(links[["stage_id", "to_stage_id"]])
    allowed = pd.MultiIndex.from_arrays([ends.source, ends.target]).isin(declared)
    called = _names(states, "stages")
    for code, wrong in (("flow_skips_stage", step > 1), ("flow_goes_back", step < 0)):
        for position in _positions(wrong & ~allowed):
            fields = {"source": called[ends.source[position]], "target": called[ends.target[position]]}
            problems.at(state.place, position, code, "target", value="", **fields)


def references_to_itself(states: States, problems: Problems) -> None:
    """A row is no part, and no other declaration, of itself."""
    for name, state in states.items():
        home, rows = table(name), _alive(states, name)
        for column in home if len(rows) else ():
            if reference_targets(column) != (name, home.key):
                continue
            loops = _positions(rows[column.name] == rows[home.key])
            for position in loops:
                called = rows[home.name_column or home.key][position]
                problems.at(state.place, position, "refers_to_itself", column.name, value=called)
            if loops:
                state.frame.loc[loops, column.name] = None
                state.blanked += len(loops)


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


def double_declarations(states: States, problems: Problems) -> None:
    """Two rows with the same ends, material and year are one flow said twice, unless linked."""
    state, flows = states["flows"], _alive(states, "flows")
    if flows.empty:
        return
    same = ["source", "source_stage", "target", "target_stage", "material_id", "year"]
    twice = flows.duplicated(same, keep=False)
    if twice.any():
        groups = same_flow_groups(flows.set_index("flow_id")).to_numpy()
        parts = flows[twice].assign(_group=groups[twice.to_numpy()])
        for _, part in parts.groupby(same, dropna=False, sort=False):
            if part["_group"].nunique() > 1:
                rows = ", ".join(str(state.place.rows.iat[position]) for position in part.index[:8])
                problems.at(state.place, part.index[0], "double_declaration", "same_flow_as", other=rows)
    linked = flows[flows["same_flow_as"].notna()]
    if linked.empty:
        return
    others = flows.set_index("flow_id").loc[linked["same_flow_as"]]
    differs = np.zeros(len(linked), dtype=bool)
    for column in ("source", "target", "material_id", "year"):
        mine, theirs = linked[column].to_numpy(object), others[column].to_numpy(object)
        both = ~(pd.isna(mine) | pd.isna(theirs))
        differs[both] |= mine[both] != theirs[both]
    rows_of = pd.Series(flows.index, index=flows["flow_id"])
    for position in linked.index[differs]:
        other = state.place.rows.iat[int(rows_of[linked["same_flow_as"][position]])]
        problems.at(state.place, position, "same_flow_differs", "same_flow_as", other=other)


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
    double_declarations,
    ties_told_twice,
    parts_of_jobs,
    levels_of_markets,
    shares_of_something,
    two_quantities,
    matter_from_nothing,
    spans,
    parts_of_wholes,
    incomplete_changes,
    incomplete_options,
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
