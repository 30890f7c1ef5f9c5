"""The answer of a plan: what is taken, when, with whose money, what it rests on, and why not the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...errors import UnknownNameError
from ...language import tr, trn
from ...vocabulary import ActionState
from .assumed_words import assumed_texts, with_outlets_text, without_requested_text
from .assumptions import assumed_frame
from .frames import (
    after_frame,
    by_year_frame,
    chosen_frame,
    flows_frame,
    funding_frame,
    served_frame,
    unspent_frame,
)
from .reasons import aside_reason, not_taken_frame, why_not
from .rules import not_checked
from .solve import Found
from .wording import after_text, aside_texts, money_text, status_text, total_text
from .work import Work

if TYPE_CHECKING:
    pass

__all__ = ["Plan", "told"]


@dataclass(frozen=True, eq=False)
class Plan:
    """What to decide in which year, with whose money: the answer of `plan`, which makes it.

    Attributes
    ----------
    years
        Years of the plan.
    objective, value
        What was made as large as can be, and how large, summed over the years: FTE-years, tonnes beyond today, or
        gap-years.
    value_at_end
        The same in the last year alone.
    status, gap
        ``optimal`` (proved), ``within_gap``, ``time_limit``; the proven distance to the best that could be, as a
        share of `value`, 0 or more.
    chosen
        A row per option taken (``option_id``), in the order decided: ``name``, ``kind``, ``actor_id``, ``stage_id``,
        ``units``, ``decided_year``, ``starts_year``, ``insertion_fte``, ``jobs_fte`` (once in operation; NaN
        unknown), ``t_per_year`` (in the last year; NaN where no tonnage is counted, or not yet in operation),
        ``investment_eur``, ``running_cost_eur_per_year`` (of all units), ``cost_eur`` (over the plan),
        ``from_budgets_eur``, ``budgets`` (identifiers), ``reason``: what it brings.
    by_year
        A row per ``year``: ``decided`` (options), ``in_operation`` (how many), ``insertion_fte``,
        ``served_t_per_year``, ``served_more_t_per_year`` (than today; NaN where the chain is not known),
        ``closed_gaps``, ``cost_eur``, ``from_budgets_eur``, ``post_aid_eur``, ``receipts_eur``.
    funding
        Balanced: ``year``, ``side`` (``use`` or ``resource``), ``option_id``, ``option``, ``item``
        (``investment``, ``running``; a budget, ``post_aid``, ``receipts``), ``budget`` (its name), ``purpose`` (of
        a use), ``amount_eur``. Of each option and year, uses and resources have the same sum.
    flows
        What the chain carries: ``year``, ``flow_id``, ``source``, ``source_stage``, ``target``, ``target_stage``,
        ``material_id``, ``t_per_year``, ``new`` (a passage that stands nowhere today).
    served
        ``year``, ``actor_id``, ``stage_id``, ``material_id``, ``market_id``, ``demand_t_per_year`` (NaN: not
        stated), ``served_t_per_year``.
    unspent
        ``amount_eur``, ``spent_eur``, ``unspent_eur`` per ``budget_id``.
    after
        What each option costs a year once the plan is over (``option_id``): ``running_cost_eur_per_year``,
        ``post_aid_eur_per_year``, ``receipts_eur_per_year`` (those of the last year), ``to_pay_eur_per_year``.
    aside
        ``table``, ``id``, ``name``, ``code``: options and budgets that do not count, and what of an option does not.
    assumed
        What the plan rests on that nobody stated: ``code``, ``table``, ``id``, ``name``, ``detail``, ``amount``,
        ``other``; `assumptions` says it in sentences.

    Notes
    -----
    Shapes and codes: a convention of this library.

    Examples
    --------
    >>> from chaine_valeur import datasets
    >>> from chaine_valeur.planning.plan import plan
    >>> found = plan(datasets.load("exemple_complet"), lang="en")
    >>> found.status, bool((found.unspent["unspent_eur"] >= 0).all())
    ('optimal', True)
    """

    years: tuple[int, ...]
    objective: str
    value: float
    value_at_end: float
    status: str
    gap: float
    chosen: pd.DataFrame = field(repr=False)
    by_year: pd.DataFrame = field(repr=False)
    funding: pd.DataFrame = field(repr=False)
    flows: pd.DataFrame = field(repr=False)
    served: pd.DataFrame = field(repr=False)
    unspent: pd.DataFrame = field(repr=False)
    after: pd.DataFrame = field(repr=False)
    aside: pd.DataFrame = field(repr=False)
    assumed: pd.DataFrame = field(repr=False)
    lang: str = field(repr=False)
    work: Work = field(repr=False)
    found: Found = field(repr=False)
    units: np.ndarray = field(repr=False)

    @cached_property
    def not_taken(self) -> pd.DataFrame:
        """Options not taken, and why; worked out when first asked for, by solving again with each of them.

        Returns
        -------
        pandas.DataFrame
            Per ``option_id``: ``name``, ``code``, ``loss`` (of the objective, were it taken; NaN where it cannot
            be), ``more_eur`` (from the budgets, were it taken), ``instead_of`` (options that would go),
            ``reason``. Codes are those of `why_not`, and ``unknown_cost``, ``actor_gone``. Beyond the first 40
            options only what is plain is said: ``not_worked_out`` else.
        """
        return not_taken_frame(self.work, self.found, self.units, lang=self.lang)

    def why_not(self, option_id: str, *, lang: str | None = None) -> str:
        """Return in a sentence why an option is not in the plan; an empty text where it is.

        Codes of `not_taken`: ``outside_years``, ``too_late`` (to start within them); ``needs_aside``;
        ``viability``, ``supervision``, ``cap``, ``money``, ``needs``, ``alternative``, ``mandatory``,
        ``no_payer`` (no plan may take it, because of that);
        ``alternative``, ``needs``, ``displaced``, ``no_gain`` (it could be taken, at a loss or for nothing).

        Raises
        ------
        UnknownNameError
            No such option.
        """
        options, own = self.work.asked.options.index, self.lang if lang is None else lang
        if option_id in self.chosen.index:
            return ""
        if option_id not in options:
            gone = self.aside[(self.aside["table"] == "options") & (self.aside["id"] == option_id)]
            if len(gone):
                return aside_reason(str(gone["code"].iloc[0]), own)
            raise UnknownNameError.of(f"no option {option_id!r}", option_id, [*options])
        place = int(options.get_loc(option_id))
        return str(why_not(self.work, self.found, self.units, place, again=True, lang=own)["reason"])

    def notes(self, *, lang: str | None = None) -> list[str]:
        """Return in plain sentences what the plan reaches, how sure it is, what it rests on and leaves aside.

        Parameters
        ----------
        lang
            Language of the sentences, by default that of the plan.
        """
        own = self.lang if lang is None else lang
        told = [
            total_text(self.value, self.value_at_end, self.objective, own),
            status_text(self.status, self.gap, own),
        ]
        left = float(self.unspent["unspent_eur"].sum())
        told.append(money_text(float(self.unspent["spent_eur"].sum()), left, own))
        rest = self.after["to_pay_eur_per_year"]
        if len(rest):
            told.append(after_text(float(rest.sum()), self.after["name"][rest.isna()].tolist(), own))
        groups = {str(code): rows["name"].tolist() for code, rows in self.aside.groupby("code", sort=False)}
        return told + aside_texts(groups, self.work.no_chain, own)

    def assumptions(self, *, lang: str | None = None) -> list[str]:
        """Return in plain sentences what the plan supposes: cells not read, money not granted, passages nobody stated.

        Parameters
        ----------
        lang
            Language of the sentences, by default that of the plan.
        """
        own = self.lang if lang is None else lang
        return assumed_texts(self.assumed, own)

    @cached_property
    def without_requested(self) -> Plan | None:
        """The best plan while the budgets that are only requested are not granted; solved when first asked for.

        Returns
        -------
        Plan or None
            The plan itself where no budget is requested; ``None`` where there is none without that money.
        """
        firm = ~self.work.asked.requested
        if firm.all():
            return self
        return self._again(self.work.with_budgets(firm))

    @cached_property
    def with_outlets(self) -> Plan | None:
        """The best plan in which all that is passed on or made finds a taker; solved when first asked for.

        Returns
        -------
        Plan or None
            The plan itself where nothing is left over in it; ``None`` where there is none then.
        """
        if not self.assumed["code"].eq("no_taker").any():
            return self
        return self._again(self.work.with_outlets())

    def _again(self, work: Work) -> Plan | None:
        found = work.best()
        return None if found is None else told(work, found, lang=self.lang)

    def otherwise(self, *, lang: str | None = None) -> list[str]:
        """Return in sentences what the plan becomes without the money that is only requested, and with outlets for all.

        Nothing where neither changes anything. Solves again when first asked for.
        """
        own = self.lang if lang is None else lang
        asked, here, said = self.work.asked, (self.value, self.chosen), []
        for other, words in (
            (self.without_requested, partial(without_requested_text, asked.budgets["name"][asked.requested])),
            (self.with_outlets, with_outlets_text),
        ):  # over two conditions
            if other is not self:
                then = None if other is None else (other.value, other.chosen)
                said.append(words(self.objective, here, then, own))
        return said

    def to_actions(self) -> pd.DataFrame:
        """Return the plan as rows of the table of actions: one per option taken, proposed.

        Returns
        -------
        pandas.DataFrame
            Columns of `Filiere.actions` that follow from the plan; ``f.with_rows("actions", …)`` takes them.
            ``cost_eur`` is that over the plan; the objective is what the option brings, in words.
        """
        rows = self.chosen.reset_index()
        start = pd.to_datetime([f"{year}-01-01" for year in rows["decided_year"]])
        end = pd.to_datetime([f"{year}-12-31" for year in rows[["starts_year", "decided_year"]].max(axis=1)])
        fte = rows["insertion_fte"].where(rows["insertion_fte"] > 0)
        indicator = [tr("Insertion FTE", self.lang) if known else None for known in fte.notna()]
        unit = ["fte" if known else None for known in fte.notna()]
        return pd.DataFrame(
            {
                "action_id": "plan-" + rows["option_id"], "name": rows["name"], "option_id": rows["option_id"],
                "stage_id": rows["stage_id"], "owner_id": rows["actor_id"], "objective": rows["reason"],
                "starts_on": start, "ends_on": end, "cost_eur": rows["cost_eur"],
                "state": ActionState.PROPOSED.value, "indicator": pd.Series(indicator, dtype="str"), "target": fte,
                "unit": pd.Series(unit, dtype="str"),
            }
        )  # fmt: skip

    def __repr__(self) -> str:
        head = f"<Plan {self.years[0]}–{self.years[-1]}, {self.objective} {self.value:g}, {self.status}"
        lines = [
            f"  {row['decided_year']}  {row['name']}" + (f" × {row['units']}" if row["units"] > 1 else "")
            for row in self.chosen.to_dict("records")
        ]
        return "\n".join([f"{head}: {len(lines)} of {len(self.work.asked.options)} options>", *lines])

    def _repr_html_(self) -> str:
        count = trn("{count} option taken", "{count} options taken", len(self.chosen), self.lang)
        rows = "".join(
            f"<tr><td>{row['decided_year']}</td><td>{escape(str(row['name']))}</td>"
            f"<td>{escape(str(row['reason']))}</td></tr>"
            for row in self.chosen.to_dict("records")
        )
        told = "".join(f"<p>{escape(note)}</p>" for note in self.notes())
        return f"<div><strong>{escape(count)}</strong><table>{rows}</table>{told}</div>"


def told(work: Work, found: Found, *, lang: str) -> Plan:
    """Return a solution as a plan."""
    asked = work.asked
    units = work.units(found)
    columns = work.settle(units).columns
    funding = funding_frame(work, columns)
    by_year = by_year_frame(work, columns, funding)
    column = {
        "insertion_fte": "insertion_fte",
        "served_t": "served_more_t_per_year",
        "closed_gaps": "closed_gaps",
    }
    reached = by_year[column[work.objective]]
    gap = found.gap(work.today)
    status = "optimal" if not gap else "within_gap" if found.in_time else "time_limit"
    return Plan(
        years=asked.years,
        objective=work.objective,
        value=float(np.round(reached.sum(), 6)),
        value_at_end=float(reached.iloc[-1]),
        status=status,
        gap=gap,
        chosen=chosen_frame(work, columns, funding, lang=lang),
        by_year=by_year,
        funding=funding,
        flows=flows_frame(work, columns),
        served=served_frame(work, columns),
        unspent=unspent_frame(work, funding),
        after=after_frame(work, columns, funding),
        aside=_aside(work),
        assumed=assumed_frame(work, columns, funding),
        lang=lang,
        work=work,
        found=found,
        units=units,
    )


def _aside(work: Work) -> pd.DataFrame:
    """Return what does not count: rows, unknown FTE, tonnages."""
    asked = work.asked
    silent = np.flatnonzero(
        np.isnan(asked.fte) & asked.options["kind"].isin(["activity", "posts"]).to_numpy(bool)
    )
    more = [
        ("options", str(asked.options.index[one]), asked.name(one), "unknown_fte") for one in silent.tolist()
    ]
    if work.chain is not None:
        names = asked.options["name"]
        more += [("options", one, str(names[one]), code) for one, code in sorted(work.chain.told.items())]
    if work.rules.supervision_ratio is not None:
        more += not_checked(asked)
    rows = pd.DataFrame(more, columns=asked.aside.columns, dtype="str")
    return pd.concat([asked.aside, rows], ignore_index=True)
