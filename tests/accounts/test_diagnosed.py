"""The room as the diagnosis runs it: by name of an indicator or a check, in a report that traces every figure."""

from __future__ import annotations

import pickle

import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.analysis import accounts
from chaine_valeur.analysis.findings import findings_frame
from chaine_valeur.language import tr
from chaine_valeur.vocabulary import FindingKind
from tests.accounts.village import costs, flows, frames, village

IDENTIFIERS = [one.indicator_id for one in accounts.INDICATORS]


@pytest.fixture(scope="module")
def diagnosis() -> cv.Diagnosis:
    return cv.diagnose(village(), checks=accounts.CHECKS, indicators=accounts.INDICATORS, lang="en")


def test_every_indicator_is_computed(diagnosis: cv.Diagnosis) -> None:
    table = diagnosis.indicators
    assert table["indicator_id"].tolist() == IDENTIFIERS
    assert table["value"].notna().all()
    assert (table["n_rows"] > 0).all()
    values = table.set_index("indicator_id")["value"]
    assert values["F1"] == 152_000
    assert values["F6"] == pytest.approx(15_800 / 460)
    assert values["E7"] == pytest.approx(102 / 292)


def test_every_finding_is_of_a_known_kind(diagnosis: cv.Diagnosis) -> None:
    table = diagnosis.findings
    assert table["kind"].tolist() == ["under_break_even", "figures_disagree"]
    assert FindingKind.UNDER_BREAK_EVEN.family == "accounts"
    assert set(table["kind"]) <= {kind.value for kind in FindingKind}
    assert table["severity"].tolist() == ["medium", "low"]
    assert table["finding_id"].tolist() == ["under_break_even:tissage:tisseur", "figures_disagree:tri:relais"]


def test_findings_name_a_stage_and_no_actor() -> None:
    names = frames()["actors"]["name"]
    for lang in ("fr", "en"):
        for check in accounts.CHECKS:
            for one in check(village(), lang=lang):
                assert one.stage_id
                assert not [name for name in names if name in one.message]


def test_findings_become_a_frame_of_the_usual_columns() -> None:
    found = [one for check in accounts.CHECKS for one in check(village(), lang="en")]
    frame = findings_frame(found)
    assert frame["quantity"].notna().all()
    assert frame["unit"].tolist() == ["t/year", "EUR/year"]
    assert frame["hypothesis_share"].between(0, 1).all()
    assert frame["year"].tolist() == [2024, 2024]


def test_rows_of_the_indicators_lead_back_to_the_tables(diagnosis: cv.Diagnosis) -> None:
    f = village()
    for measured in diagnosis.measured.values():
        for name, rows in measured.measure.rows.items():
            assert name in ("flows", "markets", "costs", "activities")
            assert set(rows) <= set(f.table(name).index), (measured.indicator.indicator_id, name)


def test_every_text_of_an_indicator_has_its_french() -> None:
    for one in accounts.INDICATORS:
        for text in (one.name, one.formula, one.reading):
            french = tr(text, "fr")
            assert french
            assert french != text


def test_tables_that_an_indicator_reads_are_those_that_it_names() -> None:
    for one in accounts.INDICATORS:
        assert set(one.measure(village()).rows) <= set(one.tables), one.indicator_id


def test_without_flows_the_diagnosis_says_which_sheet_is_missing() -> None:
    f = village(flows=None, markets=None)
    table = cv.diagnose(f, checks=[], indicators=accounts.INDICATORS, lang="en").indicators
    notes = table.set_index("indicator_id")["note"]
    assert table["value"].isna().all()
    assert "Flows" in notes["F1"]


def test_a_cost_that_could_not_be_read_is_told_with_the_figure() -> None:
    bad = costs().astype({"amount_eur_per_year": object})
    bad.loc[bad["cost_id"] == "relais-wages", "amount_eur_per_year"] = "beaucoup"
    f = cv.Filiere.from_tables(strict=False, **{**frames(), "costs": bad})
    assert f.unknown_cells == {"costs": 1}
    table = cv.diagnose(f, checks=[], indicators=accounts.INDICATORS, lang="en").indicators
    assert "1 cell of Costs and income could not be read" in table.set_index("indicator_id")["note"]["F1"]
    assert (
        accounts.operating_account(f).loc["relais", "net_result"]
        == 51_500 + 30_000 + 140_000 - 12_000 - 121_500
    )


def test_pickled_and_changed_copies_give_the_same_accounts() -> None:
    f = pickle.loads(pickle.dumps(village()))
    expected = accounts.operating_account(village())
    pd.testing.assert_frame_equal(accounts.operating_account(f), expected)
    same = village().with_table("flows", flows())
    pd.testing.assert_frame_equal(accounts.operating_account(same), expected)
