"""The tables of a plan: what is chosen, year by year, who pays what, what flows and who is served."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.flows.carrying.naming import names_at
from ...analysis.flows.carrying.stated import stages_of
from ...vocabulary import FundingPurpose
from .rows import EUR
from .wording import brought_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .work import Work

    Values = NDArray[np.float64]

__all__ = [
    "after_frame",
    "by_year_frame",
    "chosen_frame",
    "flows_frame",
    "funding_frame",
    "served_frame",
    "tonnes_of",
    "unspent_frame",
]

#: Tonnes under which an amount is a rounding error of the solver.
NOTHING = 1e-4


def tonnes_of(work: Work, columns: Values) -> Values:
    """Return options × years: t/year that each carries, NaN for those of which no tonnage is counted."""
    found = np.full(work.asked.size, np.nan)
    if work.chain is not None:
        part = columns[work.whole.parts["tonnes"]].reshape(-1, work.asked.size[1])
        running = _along(work, work.whole.running, columns)
        carried = part
        if work.no_chain != "unlimited":  # all that enters counts as carried, not only what viability asks
            flows = columns[work.whole.parts["flows"]].reshape(work.asked.size[1], -1)
            enters = np.asarray(work.chain.carries @ flows.T) - work.chain.today[:, None]
            alone = np.bincount(work.chain.group)[work.chain.group] == 1
            most = (
                work.chain.capacity[:, None] * _along(work, work.whole.operating, columns)[work.chain.option]
            )
            carried = np.where(alone[:, None], np.minimum(np.maximum(enters, part), most), part)
        found[work.chain.option] = np.where(running[work.chain.option] > 0.5, carried, 0.0)
    return _clean(found)


def _along(work: Work, rows: object, columns: Values) -> Values:
    values: Values = np.asarray(rows @ columns).reshape(work.asked.size)  # type: ignore[operator]
    return values


def _clean(values: Values) -> Values:
    """Return tonnes to a tenth of a kilogram: what is beyond is the solver’s."""
    return np.round(values, 4) + 0.0


def funding_frame(work: Work, columns: Values) -> pd.DataFrame:
    """Return who pays what: per year and option, uses and resources, whose sums are equal."""
    asked, model = work.asked, work.whole
    n, t = asked.size
    ids = asked.options.index.to_numpy(object)
    decided, operating = (_along(work, one, columns) for one in (model.decided, model.operating))
    purposes = asked.options["purpose"].fillna(FundingPurpose.OPERATION.value).to_numpy(object)
    uses = [
        (
            "investment",
            asked.investment[:, None] * decided,
            np.full(n, FundingPurpose.INVESTMENT.value, object),
        )
    ]
    uses.append(("running", asked.running[:, None] * operating, purposes))
    earned = np.zeros((n, t))
    if work.chain is not None:
        earned[work.chain.option] = columns[model.parts["receipts"]].reshape(-1, t) * EUR
    aid = columns[model.parts["aid"]].reshape(n, t) * EUR
    paid = np.zeros((len(asked.budgets), n, t))
    money = columns[model.parts["money"]] * EUR
    b, o, _, y = model.pays.T
    np.add.at(paid, (b, o, y), money)
    parts = []
    for item, amount, purpose in uses:  # over two uses
        parts.append(_long(work, "use", amount, item=item, purpose=purpose))
    for place, (budget, name) in enumerate(asked.budgets["name"].items()):  # over budgets
        parts.append(_long(work, "resource", paid[place], item=str(budget), budget=str(name)))
    parts += [
        _long(work, "resource", one, item=item) for item, one in (("post_aid", aid), ("receipts", earned))
    ]
    frame = pd.concat(parts, ignore_index=True)
    order = {"use": 0, "resource": 1}
    frame = frame.assign(
        _side=frame["side"].map(order).astype("int64"), _option=pd.Index(ids).get_indexer(frame["option_id"])
    )
    frame = frame.sort_values(["year", "_option", "_side"], kind="stable").drop(columns=["_side", "_option"])
    texts = ["side", "option_id", "option", "item", "budget", "purpose"]
    frame = frame.reset_index(drop=True).astype(
        dict.fromkeys(texts, "str") | {"year": "Int64", "amount_eur": "float64"}
    )
    return frame[["year", *texts, "amount_eur"]]


def _long(
    work: Work,
    side: str,
    amount: Values,
    *,
    item: str,
    purpose: Values | None = None,
    budget: str | None = None,
) -> pd.DataFrame:
    """Return the amounts above 0 of options × years as rows."""
    option, year = np.nonzero(np.abs(amount) > 1e-4)
    rows = work.asked.options
    return pd.DataFrame(
        {
            "year": np.array(work.asked.years)[year],
            "side": side,
            "option_id": rows.index.to_numpy(object)[option],
            "option": rows["name"].to_numpy(object)[option],
            "item": item,
            "budget": budget,
            "purpose": None if purpose is None else purpose[option],
            "amount_eur": np.round(
                amount[option, year], 4
            ),  # to a hundredth of a cent: beyond is the solver’s
        }
    )


def chosen_frame(work: Work, columns: Values, funding: pd.DataFrame, *, lang: str) -> pd.DataFrame:
    """Return a row per option taken, in the order in which they are decided."""
    asked, model = work.asked, work.whole
    years = np.array(asked.years)
    units = np.round(_along(work, model.decided, columns)).astype(np.int64)
    taken, when = np.nonzero(units)
    order = np.lexsort((taken, when))
    taken, when = taken[order], when[order]
    tonnes = tonnes_of(work, columns)
    ids = asked.options.index.to_numpy(object)
    rows = []
    uses = funding[funding["side"] == "use"].groupby("option_id")["amount_eur"].sum()
    budgets = funding[funding["budget"].notna()]
    paid = budgets.groupby("option_id")["amount_eur"].sum()
    who = budgets.groupby("option_id")["item"].agg(lambda part: ";".join(dict.fromkeys(part)))
    for option, at in zip(taken.tolist(), when.tolist(), strict=True):  # over options taken
        count, starts = int(units[option, at]), int(years[at] + asked.delay[option])
        carried = float(tonnes[option, -1]) if starts <= years[-1] else np.nan
        gaps = (
            [work.gaps.about[g] for g in np.flatnonzero(work.gaps.closes[:, option])]
            if work.gaps.size
            else []
        )
        asks = [asked.name(a) for a, b in asked.needs.tolist() if b == option and a in taken]
        row = asked.options.iloc[option]
        rows.append(
            {
                "option_id": ids[option], "name": row["name"], "kind": row["kind"], "actor_id": row["actor_id"],
                "stage_id": row["stage_id"], "units": count, "decided_year": int(years[at]), "starts_year": starts,
                "insertion_fte": round(float(asked.fte[option]) * count, 9),
                "jobs_fte": round(float(row["jobs_fte"]) * count, 9),
                "t_per_year": carried, "investment_eur": asked.investment[option] * count,
                "running_cost_eur_per_year": asked.running[option] * count,
                "cost_eur": float(uses.get(ids[option], 0.0)), "from_budgets_eur": float(paid.get(ids[option], 0.0)),
                "budgets": who.get(ids[option]),
                "reason": brought_text(asked, option, units=count, starts=starts,
                                       t_per_year=float(np.nan_to_num(carried)), gaps=gaps, asked_by=asks, lang=lang),
            }
        )  # fmt: skip
    kinds = {"option_id": "str", "name": "str", "kind": "str", "actor_id": "str", "stage_id": "str", "units": "Int64",
             "decided_year": "Int64", "starts_year": "Int64", "insertion_fte": "float64", "jobs_fte": "float64",
             "t_per_year": "float64", "investment_eur": "float64", "running_cost_eur_per_year": "float64",
             "cost_eur": "float64", "from_budgets_eur": "float64", "budgets": "str", "reason": "str"}  # fmt: skip
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds).set_index("option_id")


def by_year_frame(work: Work, columns: Values, funding: pd.DataFrame) -> pd.DataFrame:
    """Return a row per year."""
    asked, model = work.asked, work.whole
    years = list(asked.years)
    decided, operating, running = (
        _along(work, one, columns) for one in (model.decided, model.operating, model.running)
    )
    served = np.full(len(years), np.nan)
    if work.chain is not None and not work.no_chain:
        flows = columns[model.parts["flows"]].reshape(len(years), -1)
        served = flows[:, work.chain.program.starts["serve"]].sum(axis=1)
    closed = ((work.gaps.closes.astype(float) @ running) > 0.5).sum(axis=0)
    ids = asked.options.index.to_numpy(object)

    def sums(mask: pd.Series) -> Values:
        return (
            funding[mask].groupby("year")["amount_eur"].sum().reindex(years).fillna(0.0).to_numpy(np.float64)
        )

    return pd.DataFrame(
        {
            "year": pd.array(years, dtype="Int64"),
            "decided": pd.Series(
                [";".join(ids[decided[:, y] > 0.5]) for y in range(len(years))], dtype="str"
            ),
            "in_operation": (running > 0.5).sum(axis=0),
            "insertion_fte": np.round(np.nan_to_num(asked.fte) @ np.round(operating), 9),
            "served_t_per_year": _clean(served),
            "served_more_t_per_year": _clean(served - (work.chain.served_today if work.chain else np.nan)),
            "closed_gaps": closed.astype(np.int64),
            "cost_eur": sums(funding["side"] == "use"),
            "from_budgets_eur": sums(funding["budget"].notna()),
            "post_aid_eur": sums((funding["item"] == "post_aid") & funding["budget"].isna()),
            "receipts_eur": sums((funding["item"] == "receipts") & funding["budget"].isna()),
        }
    ).set_index("year")


def flows_frame(work: Work, columns: Values) -> pd.DataFrame:
    """Return t/year on each flow that carries something, year by year."""
    kinds = {"year": "Int64", "flow_id": "str", "source": "str", "source_stage": "str", "target": "str",
             "target_stage": "str", "material_id": "str", "t_per_year": "float64", "new": "bool"}  # fmt: skip
    if work.chain is None or work.no_chain:
        return pd.DataFrame(columns=list(kinds)).astype(kinds)
    program, t = work.chain.program, work.asked.size[1]
    f, arcs = program.system.filiere, program.system.arcs
    net = f.network
    carried = columns[work.whole.parts["flows"]].reshape(t, -1)[:, program.starts["arc"]]
    year, arc = np.nonzero((carried > NOTHING) & (arcs.flow >= 0)[None, :])
    flow = arcs.flow[arc]
    source = names_at(f, net.flow_source[flow], net.flow_source_stage[flow], arcs.material[arc])
    target = names_at(f, net.flow_target[flow], net.flow_target_stage[flow])
    ids = net.flow_ids.to_numpy(object)[flow]
    frame = pd.DataFrame(
        {"year": np.array(work.asked.years)[year], "flow_id": ids, "source": source["actor_id"],
         "source_stage": source["stage_id"], "target": target["actor_id"], "target_stage": target["stage_id"],
         "material_id": source["material_id"], "t_per_year": _clean(carried[year, arc]),
         "new": ~np.isin(ids, work.asked.filiere.network.flow_ids.to_numpy(object))}
    )  # fmt: skip
    return frame.astype(kinds)


def served_frame(work: Work, columns: Values) -> pd.DataFrame:
    """Return what each demand gets, year by year."""
    kinds = {"year": "Int64", "actor_id": "str", "stage_id": "str", "material_id": "str", "market_id": "str",
             "demand_t_per_year": "float64", "served_t_per_year": "float64"}  # fmt: skip
    if work.chain is None or work.no_chain:
        return pd.DataFrame(columns=list(kinds)).astype(kinds)
    program, years = work.chain.program, work.asked.years
    groups, places = program.demands.groups, program.demands.places
    stage = stages_of(program.demands, program.system).to_numpy()
    flows = columns[work.whole.parts["flows"]].reshape(len(years), -1)[:, program.starts["serve"]]
    at = groups.index.get_indexer(places["group"])
    own = names_at(program.system.filiere, groups["actor"].to_numpy(), stage, groups["material"].to_numpy())
    own = own.assign(market_id=[";".join(names) for names in groups["markets"]],
                     demand_t_per_year=groups["t_per_year"].to_numpy(np.float64))  # fmt: skip
    parts = []
    for place, year in enumerate(years):  # over the few years
        got = np.bincount(at, weights=flows[place], minlength=len(groups)).astype(np.float64)
        parts.append(own.assign(year=year, served_t_per_year=_clean(got)))
    return pd.concat(parts, ignore_index=True)[list(kinds)].astype(kinds)


def unspent_frame(work: Work, funding: pd.DataFrame) -> pd.DataFrame:
    """Return what is left of each budget."""
    budgets = work.asked.budgets
    paid = funding[funding["budget"].notna()]
    spent = paid.groupby("item")["amount_eur"].sum().reindex(budgets.index).fillna(0.0).to_numpy(np.float64)
    amount = budgets["amount_eur"].to_numpy(np.float64)
    frame = pd.DataFrame(
        {"budget_id": budgets.index.to_numpy(object), "name": budgets["name"].to_numpy(object),
         "amount_eur": amount, "spent_eur": spent, "unspent_eur": np.round(amount - spent, 4) + 0.0}
    )  # fmt: skip
    return frame.astype({"budget_id": "str", "name": "str"}).set_index("budget_id")


def after_frame(work: Work, columns: Values, funding: pd.DataFrame) -> pd.DataFrame:
    """Return what each option taken costs a year once the plan is over, and what remains to be paid of it.

    Aid to posts is that expected, receipts those of the last year; NaN where it starts only after the plan and
    would live on receipts too.
    """
    asked, last = work.asked, work.asked.years[-1]
    units = np.round(_along(work, work.whole.decided, columns)).sum(axis=1)
    taken = np.flatnonzero((units > 0) & (asked.running > 0))
    ids = asked.options.index.to_numpy(object)[taken]
    rows = funding[(funding["year"] == last) & (funding["item"] == "receipts") & funding["budget"].isna()]
    earned = rows.groupby("option_id")["amount_eur"].sum().reindex(ids).fillna(0.0).to_numpy(np.float64)
    runs = _along(work, work.whole.running, columns)[taken, -1] > 0.5
    earned = np.where(runs | (asked.receipts[taken] == 0), earned, np.nan)
    cost, aid = asked.running[taken] * units[taken], asked.aid[taken] * units[taken]
    rest = np.maximum(cost - np.minimum(aid, cost) - earned, 0.0)
    frame = pd.DataFrame(
        {"option_id": ids, "name": asked.options["name"].to_numpy(object)[taken], "running_cost_eur_per_year": cost,
         "post_aid_eur_per_year": np.minimum(aid, cost), "receipts_eur_per_year": earned,
         "to_pay_eur_per_year": np.round(rest, 4)}
    )  # fmt: skip
    return frame.astype({"option_id": "str", "name": "str"}).set_index("option_id")
