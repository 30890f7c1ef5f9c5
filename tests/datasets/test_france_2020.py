"""The national textile figures of 2020: each led back to its fact, and what reconciling them says.

T7: 517 400 t sold, 204 291 t collected (39 % of sales), 156 000 t sorted by contracted centres. T8: of sorted,
56.5 % re-used, 33.3 % recycled, 9.1 % SRF, 0.7 % energy, 0.4 % eliminated. T9, another article: 32.2 % recycled
(23.4 % unravelled, 8.7 % wiping rags), 10.4 % neither re-used nor recycled, 39.5 % of sales. T10: 48 291 t are
collected and not sorted under contract.
"""

from __future__ import annotations

import math

import pytest

from chaine_valeur import datasets
from chaine_valeur.analysis.flows.uses.recovery import recovery_rate
from chaine_valeur.analysis.reconciliation import Reconciliation, reconcile
from chaine_valeur.filiere import Filiere

SOLD, COLLECTED, SORTED = 517_400, 204_291, 156_000


@pytest.fixture(scope="module")
def f() -> Filiere:
    return datasets.load("textiles_france_2020")


@pytest.fixture(scope="module")
def r(f: Filiere) -> Reconciliation:
    return reconcile(f)


def tonnes(f: Filiere, flow: str) -> float:
    return float(f.flows.loc[flow, "quantity_t_per_year"])


# -- the figures, each from its fact ------------------------------------------------------------------


def test_it_is_listed_and_loads_without_a_problem(f: Filiere) -> None:
    assert "textiles_france_2020" in datasets.available()
    assert f.problems.empty, f.problems.to_string()
    assert dict(f.set_aside) == {} and dict(f.unknown_cells) == {}
    assert f.years == [2020] and f.reference_year == 2020
    assert f.territory_id is None  # the country: what is local is not asked
    assert datasets.title("textiles_france_2020") == f.name == "Textiles usagés\u00a0: la France en 2020"


def test_tonnages_are_those_of_t7(f: Filiere) -> None:
    assert [tonnes(f, name) for name in ("ventes", "collecte", "tri")] == [SOLD, COLLECTED, SORTED]
    assert (f.flows.loc[["ventes", "collecte", "tri"], "confidence"] == "declared").all()


def test_the_two_rates_of_collection_are_one(f: Filiere) -> None:
    """204 291 / 517 400 = 39.48 %: 39 (T7) is its whole part, 39.5 (T9) its rounding."""
    rate = 100 * tonnes(f, "collecte") / tonnes(f, "ventes")
    assert math.floor(rate) == 39 and round(rate, 1) == 39.5


def test_the_sum_of_t8_is_a_hundred(f: Filiere) -> None:
    assert sum([56.5, 33.3, 9.1, 0.7, 0.4]) == pytest.approx(100.0)
    # re-use as a share, the two others in tonnes of what is sorted
    shares = [0.565, tonnes(f, "recyclage") / SORTED, tonnes(f, "autres") / SORTED]
    assert sum(shares) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("flow", "percent", "source"),
    [
        ("recyclage", 33.3, "actu-env-2021"),  # T8
        ("recyclage-t9", 32.2, "parisgoodfashion-2021"),  # T9
        ("autres", 9.1 + 0.7 + 0.4, "actu-env-2021"),  # T8
        ("autres-t9", 10.4, "parisgoodfashion-2021"),  # T9
    ],
)
def test_percentages_of_what_is_sorted_in_tonnes(f: Filiere, flow: str, percent: float, source: str) -> None:
    assert tonnes(f, flow) == pytest.approx(SORTED * percent / 100)
    row = f.flows.loc[flow]
    assert row[["source_id", "confidence"]].tolist() == [source, "estimated"]
    assert "156\u202f000\u00a0t (fait T7)" in row["hypothesis"]


@pytest.mark.parametrize(
    ("flow", "share"),
    [
        ("reemploi", 0.565),  # T8, of what is sorted
        ("effilochage", 23.4 / 32.2),  # T9, of what is recycled: 0.7267
        ("essuyage", 8.7 / 32.2),  # 0.2702
        ("csr", 9.1 / 10.2),  # T8, of what is neither re-used nor recycled: 0.8922
        ("energie", 0.7 / 10.2),  # 0.0686
        ("elimination", 0.4 / 10.2),  # 0.0392
    ],
)
def test_shares_of_what_the_sender_receives(f: Filiere, flow: str, share: float) -> None:
    row = f.flows.loc[flow]
    assert row["share"] == pytest.approx(share, abs=0.0005)
    assert row["share_of"] == "received"
    assert math.isnan(row["quantity_t_per_year"])


def test_two_declarations_of_one_flow(f: Filiere) -> None:
    twice = f.flows["same_flow_as"].dropna()
    assert twice.to_dict() == {"recyclage-t9": "recyclage", "autres-t9": "autres"}
    ends = ["source", "target", "material_id", "year"]
    for second, first in twice.items():
        assert f.flows.loc[second, ends].tolist() == f.flows.loc[first, ends].tolist()
    assert (f.flows.loc[twice.index, "uncertainty_share"] == 0.05).all()


def test_what_is_not_known_is_left_blank(f: Filiere) -> None:
    """T10: 48 291 t; neither a tonnage nor a destination is written."""
    rows = f.flows.loc[["hors-collecte", "hors-tri-conventionne"]]
    assert (
        rows[["quantity_t_per_year", "share", "target", "min_t_per_year", "max_t_per_year"]]
        .isna()
        .all(axis=None)
    )
    assert COLLECTED - SORTED == 48_291
    assert round(100 * SORTED / COLLECTED, 1) == 76.4


def test_every_uncertainty_is_a_stated_hypothesis(f: Filiere) -> None:
    told = f.flows[f.flows["uncertainty_share"].notna()]
    assert len(told) == len(f.flows) - 2  # all but the two blank ones
    for row in told.itertuples():
        percent = f"{100 * row.uncertainty_share:.0f}\u00a0%"
        assert f"Incertitude supposée\u00a0: {percent} (un écart-type)." in row.hypothesis


def test_nobody_is_named_and_both_sources_have_an_interest(f: Filiere) -> None:
    assert (f.actors["actor_type"] == "diffuse").all()
    assert f.sources["interested_party"].all() and len(f.sources) == 2


# -- what reconciling them says -------------------------------------------------------------------------


def test_the_reconciled_table_adds_up(r: Reconciliation) -> None:
    t = r.flows["reconciled_t_per_year"]
    assert t["ventes"] == pytest.approx(t["collecte"] + t["hors-collecte"])
    assert t["collecte"] == pytest.approx(t["tri"] + t["hors-tri-conventionne"])
    assert t["tri"] == pytest.approx(t["reemploi"] + t["recyclage"] + t["autres"])
    assert t["recyclage"] == pytest.approx(t["effilochage"] + t["essuyage"])
    assert t["autres"] == pytest.approx(t["csr"] + t["energie"] + t["elimination"])


def test_what_nothing_checks_stays_as_declared(r: Reconciliation) -> None:
    """Sales and collection: one side of their balance is unknown."""
    assert (r.flows.loc[["ventes", "collecte"], "data_class"] == "measured").all()
    assert r.flows.loc[["ventes", "collecte"], "adjustment_t"].tolist() == pytest.approx([0, 0], abs=0.01)
    assert (r.flows.loc[["tri", "recyclage", "autres"], "data_class"] == "redundant").all()


def test_the_difference_is_explained_within_the_uncertainties(f: Filiere, r: Reconciliation) -> None:
    """Recycled: 51 948 ± 1 039 and 50 232 ± 2 512, 0.63 times the uncertainty of their difference.

    Their mean is 51 697 (weights 1/1 039² and 1/2 512²); the balance of sorting moves it by some 20 t.
    """
    found = r.flows.loc["recyclage", "reconciled_t_per_year"]
    first, second = 0.02 * 51_948, 0.05 * 50_232
    mean = (51_948 / first**2 + 50_232 / second**2) / (1 / first**2 + 1 / second**2)
    assert (
        r.flows.loc["recyclage", "declared_t_per_year"] == pytest.approx(mean) == pytest.approx(51_697, abs=1)
    )
    assert (51_948 - 50_232) / math.hypot(first, second) == pytest.approx(0.63, abs=0.005)
    assert (found - 51_948) / first == pytest.approx(-0.22, abs=0.01)
    assert (found - 50_232) / second == pytest.approx(0.59, abs=0.01)
    # neither re-used nor recycled: 15 912 ± 796 and 16 224 ± 811
    assert (16_224 - 15_912) / math.hypot(0.05 * 15_912, 0.05 * 16_224) == pytest.approx(0.27, abs=0.005)


def test_the_whole_fits_and_no_figure_is_suspect(r: Reconciliation) -> None:
    """χ² = 0.63² + 0.27² between declarations, and less than 0.01 for the rest.

    Five checks: two pairs of declarations, the balance of sorting, two splits whose shares have to add up to one.
    """
    assert r.test.chi2 == pytest.approx(0.6312**2 + 0.2746**2 + 0.008, abs=0.003)
    assert r.test.dof == 5
    assert r.test.p_value > 0.9
    assert r.suspects().empty


def test_believed_to_their_decimal_they_contradict_each_other(f: Filiere) -> None:
    """A uniform error of rounding, ± 0.05 point, has a standard deviation of 0.029 point: 1.1 points are 27 of them."""
    rounding = 0.05 / math.sqrt(3)
    flows = f.flows.copy()
    for name, percent in (("recyclage", 33.3), ("recyclage-t9", 32.2)):
        flows.loc[name, "uncertainty_share"] = rounding / percent
    found = reconcile(f.with_table("flows", flows))
    assert found.test.chi2 > (1.1 / (rounding * math.sqrt(2))) ** 2 > 700
    assert found.test.p_value < 1e-6


def test_equal_trust_meets_halfway(f: Filiere, r: Reconciliation) -> None:
    """Means of 51 076 and 16 065 t with 88 140 t of re-use leave some 720 t of what is sorted to share out."""
    flows = f.flows.copy()
    flows.loc[["recyclage", "autres"], "uncertainty_share"] = 0.05
    found = reconcile(f.with_table("flows", flows)).flows["reconciled_t_per_year"]
    halfway = (51_948 + 50_232) / 2
    assert halfway < found["recyclage"] < halfway + 720 / 2
    assert found["recyclage"] < r.flows.loc["recyclage", "reconciled_t_per_year"]


@pytest.mark.parametrize(
    ("reading", "percent"),
    [
        (51_948 / COLLECTED, 25.4),  # of what is collected
        (51_948 / SOLD, 10.0),  # of what is sold
        (15_912 / (51_948 / 0.322), 9.9),  # the rest, if only more had been sorted (161 329 t)
        (1 - 0.322 - 0.104, 57.4),  # re-use that T9 leaves
    ],
)
def test_the_readings_that_the_readme_weighs(f: Filiere, reading: float, percent: float) -> None:
    assert round(100 * reading, 1) == percent
    assert f"{percent:.1f}".replace(".", ",") + "\u00a0%" in readme("fr")
    assert f"{percent:.1f}" in readme("en")


def test_recovery_by_each_denominator(r: Reconciliation) -> None:
    """Re-used and recycled, 139 907 t: 89.7 % of sorted, 68.5 % of collected, 27.0 % of sold."""
    t = r.flows["reconciled_t_per_year"]
    rates = recovery_rate(
        r.to_filiere(),
        sorted_at="tri",
        collected_at="collecte",
        recovered=["reemploi", "recyclage"],
        put_on_market_t=SOLD,
    )
    kept = t["reemploi"] + t["recyclage"]
    assert rates["recovered_t_per_year"].tolist() == pytest.approx([kept] * 3)
    assert rates["share"].tolist() == pytest.approx([kept / t["tri"], kept / COLLECTED, kept / SOLD])
    assert (100 * rates["share"]).round(1).tolist() == [89.7, 68.5, 27.0]


# -- the pages say the same -----------------------------------------------------------------------------


def readme(lang: str) -> str:
    name = {"fr": "README.md", "en": "README.en.md"}[lang]
    return (datasets._folder("textiles_france_2020") / name).read_text(encoding="utf-8")


def test_the_readmes_print_the_reconciled_table(r: Reconciliation) -> None:
    t = r.flows["reconciled_t_per_year"]
    for name in ("reemploi", "recyclage", "autres", "tri"):
        english = f"{t[name]:,.0f}"
        assert f"{english} t" in readme("en"), name
        assert english.replace(",", "\u202f") + "\u00a0t" in readme("fr"), name
    for name in ("reemploi", "recyclage", "autres"):
        assert f"{100 * t[name] / t['tri']:.1f}%" in readme("en")


def test_the_code_of_the_readme_runs() -> None:
    code = readme("fr").split("```python\n")[1].split("```")[0]
    space: dict[str, object] = {}
    exec(code.replace("\ncv.flows.recovery_rate", "\nrates = cv.flows.recovery_rate"), space)
    assert [round(100 * share, 1) for share in space["rates"]["share"]] == [89.7, 68.5, 27.0]  # type: ignore[index]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_first_paragraph_says_what_is_supposed(lang: str) -> None:
    paragraph = datasets.describe("textiles_france_2020", lang=lang).split("\n\n")[1]
    assert "hypothes" in paragraph.replace("è", "e") and len(paragraph) > 100
