"""Options and budgets as arrays on the years of a plan, and what of them has to be left aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...errors import ArgumentError, MissingTableError, UnknownNameError
from ...language import N_, enumeration, tr
from ...network import latest_year
from ...text import split_list
from ...vocabulary import FundingPurpose, FundingState, StructureKind
from .extended import NEW
from .stated import begun_in, unread_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["ASIDE_COLUMNS", "OBJECTIVES", "Asked", "asked_of", "check_objective", "spending_years"]

#: What a plan may be asked to make as large as can be.
OBJECTIVES = ("insertion_fte", "served_t", "closed_gaps")
#: What is left aside, and why (`code`).
ASIDE_COLUMNS = ("table", "id", "name", "code")
#: Years planned where neither budgets nor an argument say: those after the reference year.
YEARS_AHEAD = 3


@dataclass(frozen=True)
class Asked:
    """Options × years and budgets × years; positions stand for identifiers.

    Attributes
    ----------
    filiere
        The filière of the year whose chain is planned from.
    options, budgets
        Rows that count, in table order.
    years
        Years of the plan.
    units, delay
        Units at most; years between decision and start.
    allowed
        Options × years: whether it may be decided then.
    investment, running, aid, receipts, fte, supervision
        Of one unit: EUR, EUR/year, EUR/year, EUR/t, FTE; a blank aid or receipt is 0, an unknown FTE is NaN.
    aci
        Options whose receipts are capped.
    payer
        Per option what its rule of supervision is about: an actor, the one that it would create, or an empty text
        where it is no insertion structure.
    needs
        Pairs of positions, (option, what it needs); −1: left aside, so that it can never be decided.
    alternatives
        Name → positions of the options of which one only may be taken.
    may_pay
        Budgets × options × (investment, yearly cost) × years.
    aside
        Rows that do not count, with a code.
    fixed
        Option → year in which an action that is decided, under way or done begins it: decided then if at all.
    unread
        Problems of cells and rows of the tables that a plan is made of, as in `Filiere.problems`: errors alone.
    """

    filiere: Filiere
    options: pd.DataFrame
    budgets: pd.DataFrame
    years: tuple[int, ...]
    units: Codes
    delay: Codes
    allowed: Mask
    investment: Values
    running: Values
    aid: Values
    receipts: Values
    fte: Values
    supervision: Values
    aci: Mask
    payer: tuple[str, ...]
    needs: Codes
    alternatives: Mapping[str, tuple[int, ...]]
    mandatory: Mask
    may_pay: Mask
    aside: pd.DataFrame
    fixed: Mapping[str, int]
    unread: pd.DataFrame

    @property
    def size(self) -> tuple[int, int]:
        """Number of options, number of years."""
        return len(self.options), len(self.years)

    @property
    def requested(self) -> Mask:
        """Along the budgets, whether they are asked for only."""
        return self.budgets["state"].eq(FundingState.REQUESTED.value).to_numpy(bool, na_value=False)

    def name(self, option: int) -> str:
        """Return the name of an option."""
        return str(self.options["name"].iloc[option])


def asked_of(
    f: Filiere,
    options: pd.DataFrame | Mapping[str, Any] | None,
    budgets: pd.DataFrame | Mapping[str, Any] | None,
    *,
    years: Iterable[int] | None,
    year: int | None,
    free_money: bool = False,
    lang: str = "en",
) -> Asked:
    """Return what is asked, checked as tables are.

    Parameters
    ----------
    free_money
        Leave the budgets out: one without limit pays for anything.
    lang
        Language of what is said of the tables where they leave no plan.

    Raises
    ------
    ValidationError
        Options or budgets that cannot be used as they are: an unknown actor, a negative cost.
    ArgumentError
        Options that wait for one another, years that do not follow one another.
    MissingTableError
        No option.
    """
    unread = unread_of(
        f, given=[name for name, rows in (("options", options), ("budgets", budgets)) if rows is not None]
    )
    f = _with_frames(f, options, budgets)
    if f.options.empty:
        raise MissingTableError("a plan chooses among options: give `options`, or fill the table 'options'")
    _no_circle(f.option_links)
    span = _years(f, years, lang)
    at = year if year is not None else f.year or f.reference_year
    base = f if at is None or f.year == at else f.derived(("plan_at", at), lambda f: f.at(at))
    rows, costs = base.options, ["investment_eur", "running_cost_eur_per_year"]
    unknown = rows[costs].isna().any(axis=1).to_numpy(bool)
    decided = rows["mandatory"].fillna(False).to_numpy(bool)
    known = _known_budgets(base, free_money)
    aside = [
        *_aside("options", f.options.drop(index=rows.index), "actor_gone"),
        *_aside("options", rows[unknown & ~decided], "unknown_cost"),
        *_aside("options", rows[unknown & decided], "decided_unknown_cost"),
        *_aside("budgets", f.budgets.drop(index=base.budgets.index), "funder_gone"),
        *(_aside("budgets", base.budgets[base.budgets["amount_eur"].isna()], "unknown_amount") if not free_money else ()),
    ]  # fmt: skip
    kept = rows[~unknown]
    if kept.empty:
        names = enumeration([str(name) for name in f.options["name"]], lang)
        told = N_("no option can be counted: the cost of each, or its actor, is not known ({names})")
        raise MissingTableError(tr(told, lang, names=names))
    kinds = _kinds(base, kept)
    siae = {kind.value for kind in StructureKind if kind.is_siae}
    payer = tuple(
        "" if kind not in siae else actor if isinstance(actor, str) else f"{NEW}{name}"
        for name, actor, kind in zip(kept.index, kept["actor_id"].to_numpy(object), kinds, strict=True)
    )
    first, last = (kept[c].astype("float64").to_numpy() for c in ("earliest_year", "latest_year"))
    grid = np.array(span, dtype=np.float64)
    allowed = (grid >= np.nan_to_num(first, nan=-np.inf)[:, None]) & (
        grid <= np.nan_to_num(last, nan=np.inf)[:, None]
    )

    fixed = begun_in(base, kept, span)
    for name, when in fixed.items():  # over options that an action has begun
        allowed[kept.index.get_loc(name)] &= grid == when

    def numbers(column: str, blank: float = np.nan) -> Values:
        return np.nan_to_num(kept[column].to_numpy(np.float64), nan=blank)

    found = Asked(
        filiere=base,
        options=kept,
        budgets=known,
        years=span,
        units=kept["units_max"].fillna(1).to_numpy(np.int64),
        delay=kept["delay_years"].fillna(0).to_numpy(np.int64),
        allowed=allowed,
        investment=numbers("investment_eur"),
        running=numbers("running_cost_eur_per_year"),
        aid=numbers("post_aid_eur_per_year", 0.0),
        receipts=numbers("receipts_eur_per_t", 0.0),
        fte=numbers("insertion_fte"),
        supervision=numbers("supervision_fte"),
        aci=np.array([kind == StructureKind.ACI.value for kind in kinds], dtype=bool),
        payer=payer,
        needs=_needs(base.option_links, kept.index),
        alternatives=_groups(kept["alternative_group"]),
        mandatory=kept["mandatory"].fillna(False).to_numpy(bool),
        may_pay=_may_pay(known, kept, grid),
        aside=pd.DataFrame(aside, columns=list(ASIDE_COLUMNS), dtype="str"),
        fixed=fixed,
        unread=unread,
    )
    return found


def _with_frames(f: Filiere, options: Any, budgets: Any) -> Filiere:
    """Return the filière with other options and budgets; what refers to options that are gone goes with them."""
    if options is None and budgets is None:
        return f
    links, money = f.option_links, f.budgets
    if options is not None:
        for name in ("option_links", "budgets", "actions"):  # over the tables that speak of options
            if len(f.table(name)):
                f = f.with_table(name, f.table(name).iloc[:0])
        f = f.with_table("options", _frame(options, "option_id"))
        ids = f.options.index
        kept = links[links["option_id"].isin(ids) & links["needs_option_id"].isin(ids)]
        f = f.with_table("option_links", kept) if len(kept) else f
        money = money[money["option_id"].isna() | money["option_id"].isin(ids)]
        if budgets is None and len(money):
            f = f.with_table("budgets", money)
    if budgets is not None:
        f = f.with_table("budgets", _frame(budgets, "budget_id"))
    return f


def _frame(rows: Any, key: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    return frame.reset_index() if frame.index.name == key and key not in frame else frame


def _no_circle(links: pd.DataFrame) -> None:
    graph: dict[str, list[str]] = {}
    for option, needed in zip(links["option_id"], links["needs_option_id"], strict=True):  # over links
        graph.setdefault(option, []).append(needed)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise ArgumentError(
            f"options that wait for one another can never begin: {circle}; take out a row of 'option_links'"
        ) from None


def _years(f: Filiere, years: Iterable[int] | None, lang: str) -> tuple[int, ...]:
    if years is not None:
        given = list(years) if isinstance(years, Iterable) else [years]
        whole = all(isinstance(one, int | float | np.number) and float(one).is_integer() for one in given)
        span = tuple(int(one) for one in given) if whole else ()
        if not span or list(span) != list(range(span[0], span[0] + len(span))):
            raise ArgumentError(f"years={given} have to follow one another, as in range(2025, 2028)")
        return span
    first, last = f.budgets["first_year"].dropna(), f.budgets["last_year"].dropna()
    if len(first) and len(last) and int(first.min()) <= int(last.max()):
        return tuple(range(int(first.min()), int(last.max()) + 1))
    start = f.reference_year or f.year or latest_year(f.flows) or latest_year(f.activities)
    if start is None:
        raise ArgumentError(
            tr("nothing says which years to plan: state those of the budgets, or give `years`", lang)
        )
    return tuple(range(start + 1, start + 1 + YEARS_AHEAD))


def _known_budgets(f: Filiere, free_money: bool) -> pd.DataFrame:
    if not free_money:
        return f.budgets[f.budgets["amount_eur"].notna().to_numpy(bool)]
    return f.budgets.iloc[:0].reindex(["*"]).assign(amount_eur=np.inf)


def _aside(table: str, rows: pd.DataFrame, code: str) -> list[tuple[str, str, str, str]]:
    return [(table, str(key), str(name), code) for key, name in zip(rows.index, rows["name"], strict=True)]


def _kinds(f: Filiere, rows: pd.DataFrame) -> list[str | None]:
    """Return the structure kind of each option: stated, else that of its actor."""
    own = rows["actor_id"].map(f.actors["structure_kind"].astype(object).to_dict())
    kinds = rows["structure_kind"].astype(object).where(rows["structure_kind"].notna(), own)
    return [kind if isinstance(kind, str) else None for kind in kinds]


def _needs(links: pd.DataFrame, options: pd.Index) -> Codes:
    who, what = (options.get_indexer(links[c]) for c in ("option_id", "needs_option_id"))
    pairs = np.column_stack([who, what])[who >= 0].astype(np.int64)
    return np.unique(pairs, axis=0) if len(pairs) else pairs.reshape(0, 2)


def _groups(names: pd.Series) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for place, name in enumerate(names.to_numpy(object)):  # over options
        if isinstance(name, str):
            found.setdefault(name, []).append(place)
    return {name: tuple(places) for name, places in found.items() if len(places) > 1}


def spending_years(budgets: pd.DataFrame, years: Values) -> Mask:
    """Return budgets × years: whether a budget may be spent then."""
    first, last = (budgets[c].astype("float64").to_numpy()[:, None] for c in ("first_year", "last_year"))
    return (np.nan_to_num(first, nan=-np.inf) <= years) & (years <= np.nan_to_num(last, nan=np.inf))


def _may_pay(budgets: pd.DataFrame, options: pd.DataFrame, years: Values) -> Mask:
    """Return budgets × options × (investment, yearly cost) × years."""
    asks = [
        np.full(len(options), FundingPurpose.INVESTMENT.value, dtype=object),
        options["purpose"].fillna(FundingPurpose.OPERATION.value).to_numpy(object),
    ]
    found = np.zeros((len(budgets), len(options), 2, len(years)), dtype=bool)
    open_years = spending_years(budgets, years)
    for place, row in enumerate(budgets.to_dict("records")):  # over the few budgets
        listed, own = row["purposes"], row["option_id"]
        purposes = set(split_list(listed)) if isinstance(listed, str) else set()
        when = open_years[place]
        whose = (options.index == own) if isinstance(own, str) else np.ones(len(options), dtype=bool)
        for kind, asked in enumerate(asks):  # over two kinds of cost
            fits = np.isin(asked, list(purposes)) if purposes else np.ones(len(options), dtype=bool)
            found[place, :, kind] = (whose & fits)[:, None] & when
    return found


def check_objective(objective: str, known: Sequence[str] = OBJECTIVES) -> None:
    """Raise where nobody knows what to make as large as can be."""
    if objective not in known:
        raise UnknownNameError.of(f"no objective {objective!r}", objective, known)
