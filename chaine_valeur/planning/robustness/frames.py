"""The tables of a robustness: shares of draws with their interval, quantiles of quantities, what failed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...language import tr
from .outcome import ABOUT, Found, Outcome

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...analysis.indicator import Indicator
    from ...filiere import Filiere
    from .cells import Cells

    Values = NDArray[np.float64]

__all__ = [
    "DRAWN_COLUMNS", "FAILURE_COLUMNS", "FINDING_COLUMNS", "INDICATOR_COLUMNS", "PLAN_COLUMNS", "drawn_frame",
    "failures_frame", "findings_frame", "indicators_frame", "plan_frame", "wilson",
]  # fmt: skip

QUANTILES = {"p5": 0.05, "p50": 0.50, "p95": 0.95}
FINDING_COLUMNS = {
    "finding_id": "str", "kind": "str", **dict.fromkeys(ABOUT, "str"), "in_base": "bool", "varies": "bool",
    "n_draws": "int64", "n_found": "int64", "share": "float64", "share_low": "float64", "share_high": "float64",
    "unit": "str", **{f"quantity{end}": "float64" for end in ("", "_p5", "_p50", "_p95")},
    **{f"jobs_fte{end}": "float64" for end in ("", "_p5", "_p50", "_p95")}, "message": "str",
}  # fmt: skip
INDICATOR_COLUMNS = {
    "indicator_id": "str", "name": "str", "unit": "str", "varies": "bool", "n_draws": "int64",
    **dict.fromkeys(("value", "mean", "p5", "p50", "p95", "share_unknown"), "float64"),
}  # fmt: skip
PLAN_COLUMNS = {
    "option_id": "str", "name": "str", "in_base": "bool", "n_draws": "int64", "n_taken": "int64",
    **dict.fromkeys(("share", "share_low", "share_high"), "float64"),
}  # fmt: skip
FAILURE_COLUMNS = {"draw": "int64", "what": "str", "name": "str", "error": "str"}
DRAWN_COLUMNS = {
    "table": "str", "column": "str", "n_drawn": "int64", "n_stated": "int64", "n_unsaid": "int64",
    "n_exact": "int64", "n_unknown": "int64",
    "uncertainty_low": "float64", "uncertainty_high": "float64",
}  # fmt: skip
#: Standard normal score of both ends of an interval that holds 95 times in 100.
_SCORE = 1.959963984540054
_NAN = float("nan")


def framed(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Return rows as a frame of these columns and dtypes, also where there are none."""
    return pd.DataFrame(
        {
            name: pd.array([row[name] for row in rows], dtype="str") if dtype == "str"
            else np.array([row[name] for row in rows], dtype=dtype)
            for name, dtype in columns.items()
        }
    )  # fmt: skip


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return between which values the probability lies of what happened `count` times in `total`, 95 times in 100.

    .. math:: \\frac{k + z^2/2 \\pm z \\sqrt{k (n - k) / n + z^2 / 4}}{n + z^2}

    NaN over no draw. ``scipy.stats.binomtest(k, n).proportion_ci(method="wilson")`` is the referee of the tests.
    """
    if total == 0:
        return _NAN, _NAN
    z2 = _SCORE**2
    half = _SCORE * np.sqrt(count * (total - count) / total + z2 / 4)
    middle, weight = count + z2 / 2, total + z2
    low, high = (middle - half) / weight, (middle + half) / weight
    return 0.0 if count == 0 else float(low), 1.0 if count == total else float(high)


def _shares(count: int, total: int, *, certain: bool = False) -> dict[str, float]:
    low, high = (1.0, 1.0) if certain else wilson(count, total)
    return {"share": count / total if total else _NAN, "share_low": low, "share_high": high}


def _quantiles(values: Sequence[float]) -> dict[str, float]:
    known = np.array([value for value in values if value == value])
    return {name: float(np.quantile(known, q)) if len(known) else _NAN for name, q in QUANTILES.items()}


def findings_frame(
    base: Outcome, outcomes: Sequence[Outcome], *, constant: Collection[str], appearing: float
) -> pd.DataFrame:
    """Return a row per finding of the base, in its order, then those of draws alone, most often found first.

    A finding is the same in two draws if it is about the same things. Where several of one draw are, they are told
    apart by the rows that they rest on.
    """
    records = [(-1, one) for one in base.found] + [(o.number, one) for o in outcomes for one in o.found]
    keys = _keys(records)
    by_key: dict[tuple[str, ...], dict[int, Found]] = {}
    for key, (number, one) in zip(keys, records, strict=True):
        by_key.setdefault(key, {}).setdefault(number, one)
    failed: dict[str, int] = {}
    for outcome in outcomes:
        for check in {one.name for one in outcome.failures if one.what == "check"}:
            failed[check] = failed.get(check, 0) + 1
    reached = len(outcomes) - sum(any(one.what == "draw" for one in outcome.failures) for outcome in outcomes)
    rows: list[dict[str, Any]] = []
    names: set[str] = set()
    for found in by_key.values():  # over findings
        stated, drawn = found.get(-1), [one for number, one in found.items() if number >= 0]
        one = stated or drawn[0]
        certain = one.check in constant
        if certain:
            drawn = [one] * len(outcomes)
        total = len(outcomes) if certain else reached - failed.get(one.check, 0)
        if stated is None and (not total or len(drawn) / total < appearing):
            continue
        quantity = _quantiles([each.quantity for each in drawn])
        jobs = _quantiles([each.jobs for each in drawn])
        rows.append(
            {
                "finding_id": _named(one.finding_id, names), "kind": one.kind,
                **dict(zip(ABOUT, one.about, strict=True)), "in_base": stated is not None, "varies": not certain,
                "n_draws": total, "n_found": len(drawn), **_shares(len(drawn), total, certain=certain),
                "unit": one.unit, "quantity": stated.quantity if stated else _NAN,
                **{f"quantity_{name}": value for name, value in quantity.items()},
                "jobs_fte": stated.jobs if stated else _NAN,
                **{f"jobs_fte_{name}": value for name, value in jobs.items()}, "message": one.message,
            }
        )  # fmt: skip
    told = [row for row in rows if row["in_base"]]
    apart = sorted(
        (row for row in rows if not row["in_base"]), key=lambda row: (-row["n_found"], row["finding_id"])
    )
    return framed([*told, *apart], FINDING_COLUMNS)


def _keys(records: Sequence[tuple[int, Found]]) -> list[tuple[str, ...]]:
    seen: set[tuple[int, str]] = set()
    repeated: set[str] = set()
    for number, one in records:
        if (number, one.finding_id) in seen:
            repeated.add(one.finding_id)
        seen.add((number, one.finding_id))
    return [
        (one.finding_id, one.rows) if one.finding_id in repeated else (one.finding_id,) for _, one in records
    ]


def _named(finding_id: str, taken: set[str]) -> str:
    name, again = finding_id, 1
    while name in taken:
        again += 1
        name = f"{finding_id}:{again}"
    taken.add(name)
    return name


def indicators_frame(
    indicators: Sequence[Indicator],
    base: Outcome,
    outcomes: Sequence[Outcome],
    *,
    constant: Collection[str],
    lang: str,
) -> pd.DataFrame:
    """Return a row per indicator: its value, and how it is spread over the draws in which it could be computed."""
    rows = []
    for one in indicators:
        name, certain = one.indicator_id, one.indicator_id in constant
        value = base.values.get(name, _NAN)
        drawn = [value] * len(outcomes) if certain else [o.values[name] for o in outcomes if name in o.values]
        known = [each for each in drawn if each == each]
        rows.append(
            {
                "indicator_id": name, "name": tr(one.name, lang), "unit": one.unit, "varies": not certain,
                "n_draws": len(drawn), "value": value, "mean": float(np.mean(known)) if known else _NAN,
                **_quantiles(known), "share_unknown": 1 - len(known) / len(drawn) if drawn else _NAN,
            }
        )  # fmt: skip
    return framed(rows, INDICATOR_COLUMNS)


def plan_frame(f: Filiere, base: Outcome, outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return a row per option that a plan takes, in the order of the table: how often it does."""
    plans = [set(outcome.taken) for outcome in outcomes if outcome.taken is not None]
    if base.taken is None and not plans:
        return framed([], PLAN_COLUMNS)
    named = f.table("options")["name"]
    known = [str(one) for one in named.index]
    others = sorted(set().union(base.taken or (), *plans) - set(known))
    rows = []
    for option in [*known, *others]:  # over options
        count = sum(option in plan for plan in plans)
        rows.append(
            {
                "option_id": option, "name": str(named.get(option, option)),
                "in_base": option in (base.taken or ()), "n_draws": len(plans), "n_taken": count,
                **_shares(count, len(plans)),
            }
        )  # fmt: skip
    return framed(rows, PLAN_COLUMNS)


def failures_frame(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return what could not be computed, a row each; draw −1 is the filière as it is stated."""
    rows = [
        {"draw": outcome.number, "what": one.what, "name": one.name, "error": one.error}
        for outcome in outcomes
        for one in outcome.failures
    ]
    return framed(rows, FAILURE_COLUMNS)


def drawn_frame(cells: Cells) -> pd.DataFrame:
    """Return how many figures of each column were drawn, are exact, are unknown, and how uncertain they are."""
    rows = []
    for block in cells.blocks:  # over columns
        value, spread = (part[block.start : block.stop] for part in (cells.value, cells.uncertainty))
        unknown, moves = np.isnan(value), spread > 0
        said = cells.said[block.start : block.stop][moves]
        rows.append(
            {
                "table": block.table, "column": block.column, "n_drawn": int(moves.sum()),
                "n_stated": int((said == 2).sum()), "n_unsaid": int((said == 0).sum()),
                "n_exact": int((~unknown & ~moves).sum()), "n_unknown": int(unknown.sum()),
                "uncertainty_low": float(spread[moves].min()) if moves.any() else _NAN,
                "uncertainty_high": float(spread[moves].max()) if moves.any() else _NAN,
            }
        )  # fmt: skip
    return framed(rows, DRAWN_COLUMNS)
