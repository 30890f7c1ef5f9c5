"""The tables on flows, whole, for the workbook: balances, reconciled flows, limits, accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..analysis import accounts
from ..analysis import flows as flow_room
from ..analysis.flows.carrying.findings import MOST_FLOWS_LIMITED
from ..analysis.reconciliation.measures import reconciliation_of
from ..diagnosis.wording import known
from ..language import N_, tr
from ..schema import table, unit_label
from .flows import CLASS_NAMES
from .value import ACCOUNT_TITLES, missing_text

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["FlowTable", "flow_tables"]

#: Free flows of which the range is worked out for the workbook (each costs two linear programs), and flows whose
#: uncertainty once reconciled is (each costs a system of equations): the first ones.
MOST_RANGES, MOST_DETAILED = 200, 2_000

_BALANCE_TITLES = {
    "inputs_t_per_year": N_("Enters"), "outputs_t_per_year": N_("Leaves"), "made_t_per_year": N_("Made"),
    "taken_t_per_year": N_("Taken"), "loss_t_per_year": N_("Lost (recipes)"),
    "untraced_t_per_year": N_("Untraced"), "stock_change_t_per_year": N_("Change of stock"),
    "residual_t_per_year": N_("Unexplained"),
    "residual_low_t": N_("Unexplained, at least"), "residual_high_t": N_("Unexplained, at most"),
    "sigma_t": N_("Its uncertainty"), "z": N_("Times the uncertainty"), "n_unknown": N_("Unknown"),
    "state": N_("State"),
}  # fmt: skip
_STATES = {
    "closed": N_("both sides known"),
    "open": N_("one side not described"),
    "unknown": N_("a tonnage is missing"),
}
_FLOW_TITLES = {
    "declared_t_per_year": N_("Declared"), "declared_sd_t": N_("Uncertainty of what is declared"),
    "reconciled_t_per_year": N_("Reconciled"), "adjustment_t": N_("Adjustment"), "data_class": N_("Reading"),
    "reconciled_sd_t": N_("Uncertainty once reconciled"), "low_t_per_year": N_("At least"),
    "high_t_per_year": N_("At most"),
    "standardised_adjustment": N_("Times the gap that chance explains"),
}  # fmt: skip
_LIMIT_TITLES = {
    "limit_t_per_year": N_("Limit"), "used_t_per_year": N_("Used"), "gain_t_per_t": N_("One more tonne serves"),
    "group": N_("Only together (group)"), "next_served_t_per_year": N_("Served once lifted"),
}  # fmt: skip


@dataclass(frozen=True)
class FlowTable:
    """A table of the workbook: heads with their kind, and rows."""

    name: str
    about: str
    heads: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Any]]

    def filled(self) -> FlowTable:
        """Return the table without the columns that are empty in every row."""
        kept = [
            place
            for place in range(len(self.heads))
            if any(known(row[place]) and row[place] != "" for row in self.rows)
        ]
        heads = [self.heads[place] for place in kept]
        return replace(self, heads=heads, rows=[[row[place] for place in kept] for row in self.rows])


def flow_tables(f: Filiere, *, whole: bool = True, lang: str) -> list[FlowTable]:
    """Return the tables on flows and accounts that have something to say.

    Where figures are not told, and `whole` is false, nothing is reconciled: it would come close to them.
    """
    found = []
    if len(f.flows):
        found.append(_balances(f, lang))
        found += [_reconciled(f, lang), _limits(f, lang)] if whole else []
    found.append(_accounts(f, lang))
    return [one.filled() for one in found if one is not None]


def _balances(f: Filiere, lang: str) -> FlowTable | None:
    frame = flow_room.balance(f, by="activity")
    if frame.empty:
        return None
    names = [_activity_name(f, str(one)) for one in frame.index]
    states = [tr(_STATES[one], lang) for one in frame["state"]]
    kinds = {"n_unknown": "integer", "state": "text"}
    heads = [(table("activities").label(lang), "text")]
    heads += [
        (_with_unit(name, title, lang), kinds.get(name, "number")) for name, title in _BALANCE_TITLES.items()
    ]
    columns = [frame.assign(state=states)[name].tolist() for name in _BALANCE_TITLES]
    about = tr("What enters and leaves each activity, and what is left without explanation.", lang)
    return FlowTable(tr("Balances", lang), about, heads, list(zip(names, *columns, strict=True)))


def _activity_name(f: Filiere, identifier: str) -> str:
    """Return « La Boucle Verte · Tri », or what the balance calls a place that is no one activity."""
    if identifier in f.activities.index:
        row = f.activities.loc[identifier]
        return f"{f.actors['name'][row['actor_id']]} · {f.stages['name'][row['stage_id']]}"
    return str(f.actors["name"].get(identifier, identifier))


def _reconciled(f: Filiere, lang: str) -> FlowTable | None:
    r = reconciliation_of(f)
    if r is None or r.flows.empty:
        return None
    flows = r.flows
    free = flows.index[(flows["data_class"] == "free").to_numpy(bool)]
    asked = flows.index[~flows.index.isin(free[MOST_RANGES:])]
    details = r.details(asked[:MOST_DETAILED]).reindex(flows.index)
    frame = details.assign(**{name: flows[name] for name in flows})  # what costs nothing is told of all
    frame["data_class"] = [tr(CLASS_NAMES[one], lang) for one in flows["data_class"]]
    ends = f.flows.loc[flows.index]
    actors, materials = f.actors["name"], f.materials["name"]
    outside = tr("outside", lang)
    home = table("flows")
    names = [
        # a name each: a column of which all is unknown is no text to pandas
        [actors.get(one, outside) for one in ends["source"]],
        [actors.get(one, outside) for one in ends["target"]],
        [materials.get(one, "") for one in ends["material_id"]],
    ]
    heads = [(home["flow_id"].label(lang), "text")]
    heads += [(home[name].label(lang), "text") for name in ("source", "target", "material_id")]
    heads += [
        (_with_unit(name, title, lang), "long" if name == "data_class" else "number")
        for name, title in _FLOW_TITLES.items()
    ]
    columns = [flows.index.tolist(), *names, *(_finite(frame[name]) for name in _FLOW_TITLES)]
    about = tr("Every flow as declared, and as all figures together have it.", lang)
    return FlowTable(tr("Reconciled flows", lang), about, heads, list(zip(*columns, strict=True)))


def _limits(f: Filiere, lang: str) -> FlowTable | None:
    if flow_room.throughput_of(f).status != "solved" or len(f.network.flow_row) > MOST_FLOWS_LIMITED:
        return None
    frame = flow_room.bottlenecks(f)
    if frame.empty:
        return None
    records = frame.to_dict("records")
    heads = [(tr("What limits", lang), "long")]
    heads += [(_with_unit(name, title, lang), "integer" if name == "group" else "number")
              for name, title in _LIMIT_TITLES.items()]  # fmt: skip
    heads.append((tr("Once lifted", lang), "long"))
    rows = [
        [
            flow_room.limit_text(f, row, lang=lang),
            *(row[name] for name in _LIMIT_TITLES),
            flow_room.next_limit_text(f, row, lang=lang),
        ]
        for row in records
    ]
    about = tr("What limits the tonnes that the chain can serve, and what one more tonne gains.", lang)
    return FlowTable(tr("Bottlenecks", lang), about, heads, rows)


def _accounts(f: Filiere, lang: str) -> FlowTable | None:
    frame = accounts.operating_account(f, by="actor", lang=lang)
    numbers = frame.select_dtypes("number").drop(columns="n_accounts")
    # an account without any amount is an actor of whom only the flows are known
    said = frame[numbers.fillna(0.0).ne(0).any(axis=1).to_numpy(bool)]
    if said.empty:
        return None
    heads = [(table("actors").label(lang), "text")]
    heads += [(tr(ACCOUNT_TITLES[name], lang), _account_kind(name, numbers)) for name in said.columns]
    names = said.index.map(f.actors["name"]).tolist()
    said = said.assign(missing=[missing_text(str(one), lang) for one in said["missing"]])
    columns = [said[name].tolist() for name in said.columns]
    about = tr("Production and operating account of each actor, in €/year; what is missing is named.", lang)
    return FlowTable(tr("Accounts", lang), about, heads, list(zip(names, *columns, strict=True)))


def _account_kind(name: str, numbers: pd.DataFrame) -> str:
    return "integer" if name == "n_accounts" else "number" if name in numbers else "long"


def _with_unit(name: str, title: str, lang: str) -> str:
    """Return a head with its unit, where its column has one."""
    text = tr(title, lang)
    if name.endswith(("_t_per_year", "_sd_t", "_t", "_low_t", "_high_t")) and name != "gain_t_per_t":
        return f"{text} ({unit_label('t/year', lang)})"
    return text


def _finite(column: pd.Series) -> list[Any]:
    """Return a column, what is infinite being without a bound: an empty cell."""
    if column.dtype.kind != "f":
        return column.tolist()
    return column.where(column.abs() < float("inf")).tolist()
