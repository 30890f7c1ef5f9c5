"""What a report is told of robustness: shares of a plan worked out by hand, what would overturn it, what is skipped.

« Tri » costs 9 000 € once, known within 25 % (an estimate), and one budget holds 10 000 €: a plan takes it in the
draws in which it costs no more than that. « Guet » costs 100 €, as surely: it is always taken, and takes 100 €.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.errors import ArgumentError, InfeasibleError
from chaine_valeur.planning import plan
from chaine_valeur.planning.robustness import Cells, Examination, examine, robustness
from chaine_valeur.planning.robustness.drawing import Draws
from chaine_valeur.planning.robustness.examined import FIRM, MOST_OVERTURNED, Planned
from chaine_valeur.planning.robustness.run import can_be_drawn, default_checks
from chaine_valeur.planning.robustness.wording import drawing_notes, in_ten
from tests.planning.robust_hand import ONE_BUDGET, TWO_POSTS, filiere, large_flow, plain, silent_finding

DRAWS = 25


def one_budget(**more: Any) -> Filiere:
    return Filiere.from_tables(
        **{"actors": {"name": ["Atelier"]}, "options": TWO_POSTS, "budgets": ONE_BUDGET, **more}
    )


@cache
def looked_at() -> tuple[Filiere, Examination]:
    f = one_budget()
    return f, examine(f, draws=DRAWS, seed=3, checks=(), wishes={}, lang="en")


def costs_of(f: Filiere, seed: int) -> list[tuple[float, float]]:
    """What the two options cost in each draw, from the draws themselves."""
    draws = Draws.of(f, seed=seed)
    return [tuple(draws.draw(number).options["investment_eur"]) for number in range(DRAWS)]


def test_an_option_is_taken_in_the_draws_in_which_the_budget_pays_for_it() -> None:
    f, found = looked_at()
    rows = found.robustness.plan.set_index("option_id")
    costs = costs_of(f, 3)
    # both posts of « Tri » weigh more than the one of « Guet »: it goes first where it can be paid for at all
    assert rows.loc["tri", "n_taken"] == sum(tri <= 10_000 for tri, _ in costs) > 0
    both = sum(tri + guet <= 10_000 or tri > 10_000 for tri, guet in costs)
    assert rows.loc["guet", "n_taken"] == both
    # log-normal of mean 9 000 and 25 %: P(cost <= 10 000) = Φ((ln(10 000 / 9 000) + s²/2) / s) = 0.71, s² = ln 1.0625
    s = math.sqrt(math.log1p(0.25**2))
    share = 0.5 * math.erfc(-(math.log(10 / 9) + s**2 / 2) / s / math.sqrt(2))
    assert share == pytest.approx(0.71, abs=0.01)
    assert rows.loc["tri", "share_low"] < share < rows.loc["tri", "share_high"]


def test_what_would_overturn_an_option_is_its_own_figure() -> None:
    _, found = looked_at()
    (tri,) = [one for one in found.overturned if one.headline.identifier == "tri"]
    cost = tri.inputs.set_index("column").loc["investment_eur"]
    # 10 000 € of 9 000 €: 11 % more, found within 1 %; and within the 90 % in which it is
    assert cost["change"] == pytest.approx(1 / 9, abs=0.011)
    assert cost["overturns"] and cost["overturned_at"] == "high"
    assert set(tri.inputs["row_id"]) == {"tri"}


def test_what_is_firm_is_not_looked_at() -> None:
    _, found = looked_at()
    rows = found.robustness.plan
    firm = set(rows.loc[rows["share"] >= FIRM, "option_id"])
    assert firm.isdisjoint(one.headline.identifier for one in found.overturned)
    sure = examine(one_budget(options={**TWO_POSTS, "confidence": ["measured"] * 2, "investment_eur": [5_000, 100]}),
                   draws=5, checks=(), wishes={})  # fmt: skip
    assert sure.overturned == () and sure.not_looked_at == 0
    assert sure.robustness.plan["n_taken"].tolist() == [5, 5]


def test_no_more_headlines_than_so_many_are_looked_at_and_the_others_counted() -> None:
    limits = np.linspace(99, 101, MOST_OVERTURNED + 2)
    checks = [(_numbered(place), {"limit": float(limit)}) for place, limit in enumerate(limits)]
    found = examine(filiere(), draws=30, checks=checks, wishes=None)
    stated = found.robustness.findings
    stated = stated[stated["in_base"] & (stated["share"] < FIRM)]
    assert len(stated) == sum(limits < 100)  # the flow is of 100 t: those of a higher limit are not there
    assert len(found.overturned) == min(len(stated), MOST_OVERTURNED)
    assert found.not_looked_at == len(stated) - len(found.overturned)
    assert not found.planned
    many = examine(filiere(), draws=30, checks=[(_numbered(place), {"limit": 99.0}) for place in range(7)])
    assert (len(many.overturned), many.not_looked_at) == (5, 2)


def _numbered(place: int) -> Any:
    """A check whose finding is its own."""

    def check(f: Filiere, *, lang: str = "fr", limit: float) -> Any:
        for one in large_flow(f, lang=lang, limit=limit):
            yield type(one)(**{**vars(one), "stage_id": f"s{place}"})

    check.__name__ = f"check_{place}"
    return check


def test_a_finding_that_nothing_drawn_bears_on_is_firm() -> None:
    found = examine(filiere(), draws=3, checks=[silent_finding])
    assert found.overturned == () and found.robustness.findings["varies"].tolist() == [False]


def test_nothing_to_examine_is_refused() -> None:
    with pytest.raises(ArgumentError, match="nothing to examine"):
        examine(one_budget(), draws=5, checks=())
    with pytest.raises(ArgumentError):
        examine(one_budget(), draws=0, checks=(), wishes={})


def test_what_the_plan_as_stated_raises_is_raised() -> None:
    f = one_budget(options={**TWO_POSTS, "investment_eur": [11_000, 100], "mandatory": [True, False]})
    with pytest.raises(InfeasibleError):
        examine(f, draws=3, checks=(), wishes={})


def test_a_draw_without_a_plan_is_a_failure_and_is_left_out() -> None:
    f = one_budget(options={**TWO_POSTS, "mandatory": [True, False]})
    found = examine(f, draws=DRAWS, seed=3, checks=(), wishes={}).robustness
    dear = [number for number, (tri, _) in enumerate(costs_of(f, 3)) if tri > 10_000]
    assert found.failures["draw"].tolist() == dear and set(found.failures["what"]) == {"plan"}
    assert found.plan["n_draws"].tolist() == [DRAWS - len(dear)] * 2
    assert found.plan["share"].iloc[0] == 1.0  # what is decided is in every plan there is


# -- the plan of a draw in its year ---------------------------------------------------------------------------


def test_the_year_of_a_plan_is_worked_out_once_and_the_plan_is_the_same() -> None:
    f = datasets.load("exemple_complet")
    quick = Planned.of(f, {})
    assert quick.base is not None and quick.base.year == f.reference_year
    drawn = Draws.of(f, seed=1).draw(0)
    one, two = quick(drawn), plan(Draws.of(f, seed=1).draw(0))
    assert one.chosen.drop(columns="reason").equals(two.chosen.drop(columns="reason"))
    assert one.value == pytest.approx(two.value) and list(one.chosen["reason"]) == list(two.chosen["reason"])


def test_no_year_is_worked_out_where_there_is_none_or_options_are_given() -> None:
    f = datasets.load("exemple_complet")
    assert Planned.of(one_budget(), {}).base is None  # no figure has a year
    assert Planned.of(f.at(2024), {}).base is None  # it is in that year
    assert Planned.of(f, {"options": f.options}).base is None
    at = Planned.of(f, {"year": 2023}).base
    assert at is not None and at.year == 2023


# -- words ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "total", "french", "english"),
    [
        (0, 0, "aucun tirage", "no draw"),
        (0, 200, "aucun tirage", "no draw"),
        (0, 12, "aucun tirage", "no draw"),
        (200, 200, "tous les tirages", "every draw"),
        (7, 12, "7 des 12 tirages", "7 of 12 draws"),
        (1, 1000, "moins d’un tirage sur dix (0,1 %)", "less than 1 draw in 10 (0.1%)"),
        (8, 200, "moins d’un tirage sur dix (4 %)", "less than 1 draw in 10 (4%)"),
        (10, 200, "environ 1 tirage sur 10 (5 %)", "about 1 draw in 10 (5%)"),
        (60, 200, "environ 3 tirages sur 10 (30 %)", "about 3 draws in 10 (30%)"),
        (90, 200, "environ un tirage sur deux (45 %)", "about one draw in two (45%)"),
        (110, 200, "environ un tirage sur deux (55 %)", "about one draw in two (55%)"),
        (184, 200, "environ 9 tirages sur 10 (92 %)", "about 9 draws in 10 (92%)"),
        (190, 200, "environ 9 tirages sur 10 (95 %)", "about 9 draws in 10 (95%)"),
        (194, 200, "plus de 9 tirages sur 10 (97 %)", "more than 9 draws in 10 (97%)"),
        (199, 200, "plus de 9 tirages sur 10 (99,5 %)", "more than 9 draws in 10 (99.5%)"),
        (9999, 10000, "plus de 9 tirages sur 10 (99,99 %)", "more than 9 draws in 10 (99.99%)"),
    ],
)
def test_how_often_in_words(count: int, total: int, french: str, english: str) -> None:
    assert plain([in_ten(count, total, "fr"), in_ten(count, total, "en")]) == [french, english]


# -- where an uncertainty comes from --------------------------------------------------------------------------


def test_rows_that_state_their_uncertainty_are_counted_and_those_that_state_nothing() -> None:
    flows = {
        "flow_id": ["f1", "f2", "f3", "f4", "f5"], "source": ["a"] * 5, "target": ["b"] * 5, "material_id": ["m"] * 5,
        "quantity_t_per_year": [100.0, 40.0, 30.0, None, 0.0], "amount_eur_per_year": [1_000.0, None, None, None, 5.0],
        "uncertainty_share": [0.2, None, None, 0.1, 0.1], "confidence": ["declared", "measured", None, None, None],
    }  # fmt: skip
    f = filiere(flows=flows)
    drawn = robustness(f, draws=1, checks=[], indicators=[]).drawn.set_index(["table", "column"])
    tonnes, euros = (drawn.loc[("flows", one)] for one in ("quantity_t_per_year", "amount_eur_per_year"))
    # f1 by its row, f2 by its confidence, f3 by neither; f4 is unknown and f5 nothing: neither moves
    assert [int(tonnes[one]) for one in ("n_drawn", "n_stated", "n_unsaid", "n_exact", "n_unknown")] == [
        3,
        1,
        1,
        1,
        1,
    ]
    # its uncertainty speaks of the tonnage: the amount of f1 has that of its confidence, that of f5 of neither
    assert [int(euros[one]) for one in ("n_drawn", "n_stated", "n_unsaid")] == [2, 0, 1]
    cells = Cells.of(f)
    at = cells.positions("flows", "quantity_t_per_year")
    assert at is not None and cells.said[at].tolist() == [2, 1, 0, 2, 2]
    told = plain(drawing_notes(drawn.reset_index(), draws=1, seed=0, uncertainty={"": 0.25}, doubt={}, constant=0,
                               failed=0, lang="fr"))  # fmt: skip
    assert "celle de sa ligne (dite pour 1 des 5 chiffres tirés)" in told[2]
    assert told[2].endswith("2 chiffres ne disent ni l’une ni l’autre.")


def test_checks_that_can_be_drawn() -> None:
    assert can_be_drawn(large_flow) and not can_be_drawn("flow_imbalance")
    assert default_checks() and all(map(can_be_drawn, default_checks()))
