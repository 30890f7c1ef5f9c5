"""What holds of any filière: a slow and plain reading of the definitions is the referee."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis import accounts
from chaine_valeur.analysis.accounts._book import ITEMS, book_of
from chaine_valeur.analysis.accounts.metrics import bought_from_others, sold_to_others
from tests.accounts.referee import FEW, MANY, Referee, Tables, filiere, same, tables


def accounts_are_those_of_the_definitions(f: Filiere, made: Tables) -> None:
    referee, table = Referee(made), accounts.operating_account(f)
    for actor in table.index:
        assert table.loc[actor, "n_accounts"] == referee.has_account(actor), actor
        if referee.has_account(actor):
            for line, expected in referee.account(actor).items():
                assert same(float(table.loc[actor, line]), expected), (actor, line)


def what_is_unknown_is_always_named(f: Filiere) -> None:
    """An account without anything missing is known from end to end, one with something has an unknown line."""
    table = accounts.operating_account(f, lang="en")
    table = table[table["n_accounts"] == 1]
    lines = ["value_added", "gross_operating_surplus", "rent", "interest", "depreciation", "net_result"]
    whole = table[lines].notna().all(axis=1)
    assert (whole == (table["missing"] == "")).all(), table[["missing", *lines]]


def value_added_is_final_output_less_what_is_bought_from_others(f: Filiere) -> None:
    """Whatever the known accounts trade among themselves cancels out, and shares sum to one."""
    added = accounts.value_added(f)
    known = added.notna().to_numpy()
    output, bought = sold_to_others(f, known)[known].sum(), bought_from_others(f, known)[known].sum()
    total = accounts.total_value_added(f)
    assert same(total, added.sum()) if known.any() else math.isnan(total)
    assert same(output - bought, added.sum())
    shares = accounts.value_added_shares(f)
    if added.sum() > 0:
        assert math.isclose(shares.sum(), 1)
        assert shares.notna().equals(added.notna())
    else:
        assert shares.isna().all()


def accounts_put_together_add_up(f: Filiere) -> None:
    actors, whole = accounts.operating_account(f), accounts.operating_account(f, by="filiere")
    kept = actors[actors["n_accounts"] == 1]
    assert whole["n_accounts"].item() == len(kept)
    for line in ITEMS:
        expected = kept[line].sum(skipna=False) if len(kept) else math.nan
        assert same(float(whole[line].item()), float(expected)), line
    staged = accounts.operating_account(f, by="stage")
    held = kept.index.isin(f.activities["actor_id"])
    assert staged["n_accounts"].sum() == held.sum()


@FEW
@given(tables(), st.randoms(use_true_random=False))
def test_renaming_actors_renames_results(made: Tables, random: Any) -> None:
    names = made["actors"]["actor_id"].tolist()
    others = [f"z{number}" for number in range(len(names))]
    random.shuffle(others)
    rename = dict(zip(names, others, strict=True))
    changed = {
        name: frame.replace({column: rename for column in {"actor_id", "source", "target"} & set(frame)})
        for name, frame in made.items()
    }
    first, second = filiere(made), filiere(changed)
    before = accounts.operating_account(first).rename(index=rename)
    pd.testing.assert_frame_equal(before, accounts.operating_account(second))
    for metric in (accounts.margin_per_t, accounts.value_added_shares):
        pd.testing.assert_series_equal(metric(first).rename(index=rename), metric(second))
    for metric in (accounts.total_value_added, accounts.value_added_gini):
        assert same(metric(first), metric(second))


@FEW
@given(tables(), st.sampled_from([0.5, 3.0, 1000.0]))
def test_euros_scale_euros_and_leave_ratios_and_tonnages(made: Tables, factor: float) -> None:
    changed = {
        name: frame.assign(
            **{column: frame[column].astype(float) * factor for column in frame if "_eur_" in f"_{column}"}
        )
        for name, frame in made.items()
    }
    first, second = filiere(made), filiere(changed)
    lines = list(ITEMS)
    before, after = (accounts.operating_account(f)[lines] for f in (first, second))
    np.testing.assert_allclose(after, before * factor)
    np.testing.assert_allclose(accounts.margin_per_t(second), accounts.margin_per_t(first) * factor)
    np.testing.assert_allclose(accounts.value_added_shares(second), accounts.value_added_shares(first))
    np.testing.assert_allclose(accounts.break_even(second), accounts.break_even(first))
    assert same(accounts.value_added_gini(second), accounts.value_added_gini(first))
    assert same(accounts.territorial_integration(second), accounts.territorial_integration(first))


def ranges_and_rows_of_every_indicator(f: Filiere) -> None:
    for indicator in accounts.INDICATORS:
        measure = indicator.measure(f, lang="en")
        assert measure.unit == indicator.unit
        assert math.isnan(measure.hypothesis_share) or 0 <= measure.hypothesis_share <= 1
        assert measure.n_unknown >= 0
        assert measure.note
        for name, rows in measure.rows.items():
            assert set(rows) <= set(f.table(name).index)
            assert len(rows) == len(set(rows))
        if not math.isnan(measure.low) and not math.isnan(measure.value):
            assert measure.low - 1e-9 <= measure.value <= measure.high + 1e-9
        if not math.isnan(measure.denominator) and not math.isnan(measure.value):
            assert same(measure.value, measure.numerator / measure.denominator)
    gini = accounts.value_added_gini(f)
    assert math.isnan(gini) or -1e-12 <= gini < 1
    assert (accounts.break_even(f).dropna() >= 0).all()
    assert (accounts.jobs_per_t(f).dropna() >= 0).all()


def findings_rest_on_rows_that_exist_and_nothing_changes_the_filiere(f: Filiere) -> None:
    before = {name: f.table(name).copy() for name in f}
    for check in accounts.CHECKS:
        for one in check(f, lang="en"):
            assert one.n_rows > 0
            for name, rows in one.rows.items():
                assert set(rows) <= set(f.table(name).index)
            assert book_of(f).has_account[f.actors.index.get_loc(one.actor_id)]
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, f.table(name))


@MANY
@given(tables())
def test_what_holds_of_any_filiere(made: Tables) -> None:
    """One filière for all of them: building it takes longer than reading its accounts."""
    f = filiere(made)
    accounts_are_those_of_the_definitions(f, made)
    what_is_unknown_is_always_named(f)
    value_added_is_final_output_less_what_is_bought_from_others(f)
    accounts_put_together_add_up(f)
    ranges_and_rows_of_every_indicator(f)
    findings_rest_on_rows_that_exist_and_nothing_changes_the_filiere(f)
