"""What holds of every plan, checked on its tables against those it was made of: nothing of the library is used."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd
import pytest

#: Cents that rounding may take.
CENT = 0.02


def records(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return rows by identifier, ``None`` for what is blank."""
    plain = frame.astype(object).where(frame.notna(), None)
    return {str(key): row for key, row in zip(plain.index, plain.to_dict("records"), strict=True)}


def sums(rows: list[dict[str, Any]], *keys: str) -> dict[Any, float]:
    found: dict[Any, float] = defaultdict(float)
    for row in rows:
        found[tuple(row[key] for key in keys)] += row["amount_eur"]
    return found


def sound(found: Any, f: Any, *, commercial_cap: float = 0.3) -> None:
    """Check decisions, money and totals of a plan against the options and budgets of its filière."""
    options, budgets, chosen = records(f.options), records(f.budgets), records(found.chosen)
    _decisions(found, f, options, chosen)
    rows = found.funding.to_dict("records")
    uses = [row for row in rows if row["side"] == "use"]
    resources = [row for row in rows if row["side"] == "resource"]
    assert len(uses) + len(resources) == len(rows) and all(row["amount_eur"] > 0 for row in rows)
    # what is to be paid follows from the decisions
    wanted: dict[Any, float] = {}
    for name, row in chosen.items():
        option, units = options[name], row["units"]
        if option["investment_eur"] and row["decided_year"] in found.years:
            wanted[row["decided_year"], name, "investment"] = option["investment_eur"] * units
        for year in found.years:
            if year >= row["starts_year"] and option["running_cost_eur_per_year"]:
                wanted[year, name, "running"] = option["running_cost_eur_per_year"] * units
    assert sums(uses, "year", "option_id", "item") == pytest.approx(wanted, abs=CENT)
    # each option and year is paid for, to the cent
    assert sums(resources, "year", "option_id") == pytest.approx(sums(uses, "year", "option_id"), abs=CENT)
    _budgets(found, options, budgets, [row for row in resources if isinstance(row["budget"], str)], uses)
    others = [row for row in resources if not isinstance(row["budget"], str)]
    assert {row["item"] for row in others} <= {"post_aid", "receipts"}
    kinds = f.actors["structure_kind"].astype(object).to_dict()
    for (year, name, item), amount in sums(others, "year", "option_id", "item").items():
        option, units = options[name], chosen[name]["units"]
        running = (option["running_cost_eur_per_year"] or 0.0) * units
        assert year >= chosen[name]["starts_year"] and amount <= running + CENT
        if item == "post_aid":
            assert amount <= (option["post_aid_eur_per_year"] or 0.0) * units + CENT
            continue
        assert option["receipts_eur_per_t"]
        if (option["structure_kind"] or kinds.get(option["actor_id"])) == "ACI":
            assert amount <= commercial_cap * running + CENT
        if year == found.years[-1]:
            assert amount <= option["receipts_eur_per_t"] * chosen[name]["t_per_year"] + CENT
    _totals(found, options, chosen, rows)


def _decisions(found: Any, f: Any, options: dict[str, Any], chosen: dict[str, Any]) -> None:
    taken_in: dict[str, list[str]] = defaultdict(list)
    for name, row in chosen.items():
        option, year = options[name], row["decided_year"]
        assert year in found.years and 1 <= row["units"] <= (option["units_max"] or 1)
        assert (option["earliest_year"] or year) <= year <= (option["latest_year"] or year)
        assert row["starts_year"] == year + (option["delay_years"] or 0)
        if option["alternative_group"]:
            taken_in[option["alternative_group"]].append(name)
    assert all(len(names) == 1 for names in taken_in.values())
    for link in f.option_links.to_dict("records"):
        if link["option_id"] in chosen:
            needed = chosen[link["needs_option_id"]]
            waits = chosen[link["option_id"]]
            assert needed["decided_year"] <= waits["decided_year"]
            assert needed["starts_year"] <= waits["starts_year"]
    assert all(name in chosen for name, row in options.items() if row["mandatory"])
    order = [row["decided_year"] for row in chosen.values()]
    assert order == sorted(order)


def _budgets(
    found: Any, options: dict[str, Any], budgets: dict[str, Any], paid: list[Any], uses: list[Any]
) -> None:
    by_kind = sums(uses, "year", "option_id", "item")
    for name, budget in budgets.items():
        mine = [row for row in paid if row["item"] == name]
        assert all(row["budget"] == budget["name"] for row in mine)
        total = sum(row["amount_eur"] for row in mine)
        if budget["amount_eur"] is None:
            assert not mine and name not in found.unspent.index
            continue
        assert total <= budget["amount_eur"] + CENT
        assert found.unspent.loc[name, ["spent_eur", "unspent_eur"]].tolist() == pytest.approx(
            [total, budget["amount_eur"] - total], abs=CENT
        )
        for (year,), amount in sums(mine, "year").items():
            assert (
                amount
                <= (
                    budget["yearly_limit_eur_per_year"]
                    if budget["yearly_limit_eur_per_year"] is not None
                    else amount
                )
                + CENT
            )
            assert (budget["first_year"] or year) <= year <= (budget["last_year"] or year)
        asked = set(budget["purposes"].split(";")) if budget["purposes"] else None
        for (year, option), amount in sums(mine, "year", "option_id").items():
            assert budget["option_id"] in (None, option)
            # what it pays that year is no more than what is asked there for its purposes
            most = sum(
                by_kind.get((year, option, kind), 0.0)
                for kind, purpose in (
                    ("investment", "investment"),
                    ("running", options[option]["purpose"] or "operation"),
                )
                if asked is None or purpose in asked
            )
            assert amount <= most + CENT
        if budget["largest_share"] is not None:
            span = [budget["first_year"] or found.years[0], budget["last_year"] or found.years[-1]]
            for (option,), amount in sums(mine, "option_id").items():
                purposes = {"investment": "investment", "running": options[option]["purpose"] or "operation"}
                eligible = sum(
                    cost
                    for (year, of, kind), cost in by_kind.items()
                    if of == option
                    and span[0] <= year <= span[1]
                    and (asked is None or purposes[kind] in asked)
                )
                assert amount <= budget["largest_share"] * eligible + CENT
    assert {row["item"] for row in paid} <= set(budgets)


def _totals(found: Any, options: dict[str, Any], chosen: dict[str, Any], rows: list[Any]) -> None:
    by_year = found.by_year
    assert by_year.index.tolist() == list(found.years)
    for year in found.years:
        line, now = by_year.loc[year], [row for row in rows if row["year"] == year]
        used = sum(row["amount_eur"] for row in now if row["side"] == "use")
        assert line["cost_eur"] == pytest.approx(used, abs=CENT)
        parts = line[["from_budgets_eur", "post_aid_eur", "receipts_eur"]].astype(float).sum()
        assert parts == pytest.approx(used, abs=CENT)
        on = [name for name, row in chosen.items() if row["starts_year"] <= year]
        assert line["in_operation"] == len(on)
        fte = sum((options[name]["insertion_fte"] or 0.0) * chosen[name]["units"] for name in on)
        assert line["insertion_fte"] == pytest.approx(fte)
        decided = [name for name in options if name in chosen and chosen[name]["decided_year"] == year]
        assert line["decided"] == ";".join(decided)
    column = {"insertion_fte": "insertion_fte", "served_t": "served_more_t_per_year"}.get(
        found.objective, "closed_gaps"
    )
    assert found.value == pytest.approx(by_year[column].sum(), abs=1e-4)
    assert found.value_at_end == pytest.approx(by_year[column].iloc[-1], abs=1e-4)
    for name, row in chosen.items():
        mine = [one for one in rows if one["option_id"] == name]
        assert row["cost_eur"] == pytest.approx(
            sum(o["amount_eur"] for o in mine if o["side"] == "use"), abs=CENT
        )
        budgets = [one for one in mine if isinstance(one["budget"], str)]
        assert row["from_budgets_eur"] == pytest.approx(sum(o["amount_eur"] for o in budgets), abs=CENT)
        assert set((row["budgets"] or "").split(";")) - {""} == {one["item"] for one in budgets}
