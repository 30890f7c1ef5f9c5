"""What a plan rests on that nobody stated: a reader who votes on it has to see it beside the figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .chain_rows import activity_nodes
from .extended import NEW
from .frames import tonnes_of
from .outlets import outlet_rows, reached_from
from .stated import BEGUN
from .tables import spending_years

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere
    from .work import Work

    Values = NDArray[np.float64]
    Row = tuple[str, str, str, str, str, float, float]

__all__ = ["ASSUMED", "NOTHING_EUR", "assumed_frame"]

#: Columns of what a plan rests on; `detail` and the two numbers are what `wording` puts into its sentence.
ASSUMED = {"code": "str", "table": "str", "id": "str", "name": "str", "detail": "str", "amount": "float64",
           "other": "float64"}  # fmt: skip
#: Tonnes and euros under which an amount is a rounding error of the solver.
NOTHING_T, NOTHING_EUR = 1e-3, 0.5


def assumed_frame(work: Work, columns: Values, funding: pd.DataFrame) -> pd.DataFrame:
    """Return what a plan rests on: a row each, in the order in which it is told.

    Codes: ``unread`` (a cell or row that could not be read), ``decided_unknown_cost``, ``begun_then`` (decided in
    the year of its action), ``begun_not_said`` (an action is under way, the option is not said to be decided),
    ``requested`` (money that is asked for only), ``no_budget_in`` (years that no budget covers), ``surplus`` (aid and
    receipts beyond the yearly cost), ``joined`` (a new activity is joined to its neighbours by passages that nobody
    stated), ``no_taker`` (part of what it takes in or makes goes nowhere), ``unlimited`` (what enters from nobody
    knows where counts without limit).
    """
    rows = [
        *_stated(work),
        *_money(work, columns, funding),
        *(_chain(work, columns, funding) if work.chain is not None and not work.no_chain else ()),
    ]
    return pd.DataFrame(rows, columns=list(ASSUMED)).astype(ASSUMED)


def _stated(work: Work) -> Iterator[Row]:
    asked = work.asked
    for row in asked.unread.itertuples():
        place = f"{row.sheet}|{'' if pd.isna(row.row) else row.row}|{row.column}"
        yield "unread", str(row.table), place, str(row.value), str(row.message), np.nan, np.nan
    gone = asked.aside[asked.aside["code"] == "decided_unknown_cost"]
    for row in gone.itertuples():
        yield "decided_unknown_cost", "options", str(row.id), str(row.name), "", np.nan, np.nan
    for name, year in asked.fixed.items():
        yield "begun_then", "options", name, str(asked.options["name"][name]), str(year), np.nan, np.nan
    actions = asked.filiere.actions
    begun = actions[actions["state"].isin(BEGUN) & actions["option_id"].isin(asked.options.index)]
    free = set(asked.options.index[~asked.mandatory])
    for action, option in zip(begun["name"], begun["option_id"], strict=True):  # over the few actions
        if option in free:
            name = str(asked.options["name"][option])
            yield "begun_not_said", "options", str(option), name, str(action), np.nan, np.nan


def _money(work: Work, columns: Values, funding: pd.DataFrame) -> Iterator[Row]:
    asked = work.asked
    paid = funding[funding["budget"].notna()].groupby("item")["amount_eur"].sum()
    for name, row in asked.budgets[asked.requested].iterrows():  # over the few budgets
        yield (
            "requested",
            "budgets",
            str(name),
            str(row["name"]),
            "",
            float(row["amount_eur"]),
            float(paid.get(name, 0.0)),
        )
    if len(asked.budgets):
        covered = np.any(spending_years(asked.budgets, np.array(asked.years)), axis=0).tolist()
        bare = [str(year) for year, any_ in zip(asked.years, covered, strict=True) if not any_]
        if bare:
            yield "no_budget_in", "budgets", "", "", ";".join(bare), float(len(bare)), np.nan
    for option, left in enumerate(_surplus(work, columns, funding).tolist()):  # over options
        if left > NOTHING_EUR:
            yield "surplus", "options", str(asked.options.index[option]), asked.name(option), "", left, np.nan


def _surplus(work: Work, columns: Values, funding: pd.DataFrame) -> Values:
    """Return per option aid stated, and receipts that its tonnage would bring, beyond what its yearly cost takes."""
    asked = work.asked
    units = np.asarray(work.whole.operating @ columns).reshape(asked.size)
    brings = asked.aid[:, None] * units
    price = asked.receipts[:, None] * np.nan_to_num(tonnes_of(work, columns))
    capped = work.rules.commercial_cap * asked.running[:, None] * units
    brings = brings + np.where(asked.aci[:, None], np.minimum(price, capped), price)
    rows = funding[funding["budget"].isna() & (funding["side"] == "resource")]
    used = rows.groupby("option_id")["amount_eur"].sum().reindex(asked.options.index).fillna(0.0)
    return np.maximum(brings.sum(axis=1) - used.to_numpy(np.float64), 0.0)


def _chain(work: Work, columns: Values, funding: pd.DataFrame) -> Iterator[Row]:
    """Yield what is supposed of the chain in the last year of the plan."""
    asked, chain = work.asked, work.chain
    assert chain is not None
    program, extended = chain.program, chain.extended
    system = program.system
    flows = columns[work.whole.parts["flows"]].reshape(asked.size[1], -1)[-1]
    runs = np.asarray(work.whole.running @ columns).reshape(asked.size)[:, -1] > 0.5
    taken = [name for name in asked.options.index[runs] if name in extended.new]
    net, arcs = system.filiere.network, system.arcs
    carried = flows[program.starts["arc"]]
    ids = np.append(net.flow_ids.to_numpy(object), "")[arcs.flow]
    supposed = np.isin(ids, extended.supposed) & (carried > NOTHING_T)
    # the balances come first; what follows bounds the unknown coefficients of recipes
    left = np.maximum(np.asarray(program.balances @ flows)[: system.n_rows], 0.0)
    open_ = outlet_rows(chain)
    earned = funding[
        (funding["item"] == "receipts") & funding["budget"].isna() & (funding["year"] == asked.years[-1])
    ]
    receipts = earned.groupby("option_id")["amount_eur"].sum()
    at, seen = activity_nodes(program), set()
    for name in taken:  # over new activities in operation
        node = at.get(extended.activity[name], -1)
        if node < 0 or node in seen:
            continue
        seen.add(node)
        called = str(asked.options["name"][name])
        near = supposed & ((arcs.source == node) | (arcs.target == node))
        if near.any():
            other = np.where(arcs.source[near] == node, arcs.target[near], arcs.source[near])
            names = [
                str(net.actor_ids[a]) for a in dict.fromkeys(system.nodes.actor[other].tolist()) if a >= 0
            ]
            told = ";".join(_called(work, extended.filiere, one) for one in names)
            yield "joined", "options", str(name), called, told, float(carried[near].sum()), float(near.sum())
        mine = reached_from(chain, node, np.where(carried > NOTHING_T, carried, 0.0))[system.row_node] & open_
        open_ &= ~mine  # told once
        over = float(left[mine].sum())
        if over > NOTHING_T:
            yield "no_taker", "options", str(name), called, "", over, float(receipts.get(name, 0.0))
    yield from _unlimited(work, flows)
    if work.objective == "served_t":
        asks = program.demands.groups["t_per_year"].sum(min_count=1)
        if chain.served_today > NOTHING_T or asks > NOTHING_T:
            yield "served_today", "", "", "", "", chain.served_today, float(asks)


def _called(work: Work, f: Filiere, actor: str) -> str:
    """Return the name of an actor; of one that an option would create, that of the option."""
    options = work.asked.options["name"]
    made = actor.removeprefix(NEW)
    return str(options[made]) if actor != made and made in options.index else str(f.actors["name"][actor])


def _unlimited(work: Work, flows: Values) -> Iterator[Row]:
    """Yield per stage and material what enters without a limit that anybody stated."""
    chain = work.chain
    assert chain is not None
    program = chain.program
    system = program.system
    net = system.filiere.network
    enters = flows[program.starts["fill"]]
    totals: dict[tuple[int, int], float] = {}
    for row, amount in zip(program.fill_row.tolist(), enters.tolist(), strict=True):  # over entries
        if amount > NOTHING_T:
            key = (int(system.nodes.stage[system.row_node[row]]), int(system.row_material[row]))
            totals[key] = totals.get(key, 0.0) + amount
    for (stage, material), amount in totals.items():
        where = str(net.stage_ids[stage]) if stage >= 0 else ""
        what = str(net.material_ids[material]) if material >= 0 else ""
        called = str(system.filiere.stages["name"].get(where, ""))
        told = str(system.filiere.materials["name"].get(what, ""))
        yield "unlimited", "stages", where, called, told, amount, np.nan
