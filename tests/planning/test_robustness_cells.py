"""The figures that are drawn: their distribution, what they owe to one another, what draws depend on."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, datasets
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.planning.robustness import DRAWN, Cells
from chaine_valeur.planning.robustness._philox import philox, row_keys, stream_key, uniforms
from chaine_valeur.planning.robustness.drawing import Draws
from chaine_valeur.schema import tables
from tests.planning.robust_hand import filiere, spread


def words(*numbers: int) -> tuple[np.ndarray, ...]:
    return tuple(np.array([number], dtype=np.uint64) for number in numbers)


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [  # known answers of Random123 (kat_vectors, philox4x32 10)
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_known_answers(counter: tuple, key: tuple, answer: tuple) -> None:
    assert tuple(int(word[0]) for word in philox(words(*counter), words(*key))) == answer


def test_uniforms_are_uniform_and_independent_of_place() -> None:
    rows = row_keys(pd.Index([f"r{number}" for number in range(20_000)]))
    streams = np.full(len(rows), stream_key(0, "flows", "share"))
    at = uniforms(streams, rows, 3)
    assert at.min() > 0 and at.max() < 1
    counts = np.histogram(at, bins=20, range=(0, 1))[0]
    # each class expects 1 000 of 20 000, variance 950: chi-squared of 19 degrees, 43.8 is its 99.9 % point
    assert ((counts - 1000) ** 2 / 1000).sum() < 43.8
    assert abs(np.corrcoef(at, uniforms(streams, rows, 4))[0, 1]) < 0.03
    shuffled = np.random.default_rng(0).permutation(len(rows))
    np.testing.assert_array_equal(uniforms(streams, rows[shuffled], 3), at[shuffled])


def test_every_drawn_column_is_a_quantity_of_the_schema() -> None:
    for name, columns in DRAWN.items():
        for column in columns:
            assert tables()[name][column].type in ("number", "share"), (name, column)


def many(cells: Cells, draws: int) -> np.ndarray:
    return np.array([cells.draw(number) for number in range(draws)])


def test_mean_and_deviation_are_those_stated_and_unknown_stays_unknown() -> None:
    cells = Cells.of(filiere(), drawn={"flows": ["quantity_t_per_year"]})
    np.testing.assert_array_equal(cells.uncertainty, [0.2, 0.05, 0.0, 0.0])  # of the row, of « measured »
    drawn = many(cells, 3000)
    # standard error of the mean 100 · 0.2 / √3000 = 0.37, of that of 40 · 0.05 / √3000 = 0.04
    assert drawn[:, 0].mean() == pytest.approx(100, abs=1.2) and drawn[:, 1].mean() == pytest.approx(
        40, abs=0.12
    )
    np.testing.assert_allclose(drawn[:, :2].std(axis=0), [20, 2], rtol=0.06)
    assert (drawn[:, :2] > 0).all() and np.isnan(drawn[:, 2]).all() and (drawn[:, 3] == 0).all()
    # the logarithm is normal: its median is ln 100 − s² / 2
    assert np.median(drawn[:, 0]) == pytest.approx(100 * math.exp(-(spread(0.2) ** 2) / 2), abs=1.2)


def test_quantiles_by_hand() -> None:
    cells = Cells.of(filiere(), drawn={"flows": ["quantity_t_per_year"]})
    low, high = (cells.quantiles(np.full(2, score))[0] for score in (-1.64, 1.64))
    s = math.sqrt(math.log(1.04))  # 20 %: 1 + 0.2² = 1.04
    assert low == pytest.approx(100 * math.exp(-1.64 * s - s * s / 2))
    assert high == pytest.approx(100 * math.exp(1.64 * s - s * s / 2))


def test_a_negative_amount_keeps_its_sign() -> None:
    f = filiere(flows={"flow_id": ["f"], "source": ["a"], "target": ["b"], "amount_eur_per_year": [-4000.0]})
    drawn = many(Cells.of(f), 500)
    at = Cells.of(f).positions("flows", "amount_eur_per_year")
    assert at is not None and (drawn[:, at] < 0).all()
    assert drawn[:, at].mean() == pytest.approx(-4000, rel=0.04)  # 25 % / √500 = 1.1 %


def test_shares_keep_their_mean_and_stay_shares() -> None:
    f = filiere(
        flows={
            "flow_id": ["a", "b", "c", "d"], "source": ["a"] * 4, "target": ["b"] * 4,
            "share": [0.3, 0.9, 1.0, 0.0], "uncertainty_share": [0.2, 1.0, 0.5, 0.5],
        }
    )  # fmt: skip
    cells = Cells.of(f, drawn={"flows": ["share"]})
    np.testing.assert_array_equal(cells.uncertainty > 0, [True, True, False, False])
    drawn = many(cells, 4000)
    np.testing.assert_allclose(drawn.mean(axis=0), [0.3, 0.9, 1, 0], atol=0.01)
    assert drawn[:, 0].std() == pytest.approx(0.06, rel=0.06)  # 20 % of 0.3
    # of 0.9 a deviation of 0.9 is out of reach: α + β = 2 gives √(0.9 · 0.1 / 3) = 0.173
    assert drawn[:, 1].std() == pytest.approx(0.1732, rel=0.06)
    assert drawn.min() >= 0 and drawn.max() <= 1


def test_what_is_known_of_a_flow_holds_in_every_draw() -> None:
    f = filiere(
        flows={
            "flow_id": ["a", "b"], "source": ["a"] * 2, "target": ["b"] * 2, "quantity_t_per_year": [100.0, 50.0],
            "min_t_per_year": [95.0, 50.0], "max_t_per_year": [None, 50.0], "uncertainty_share": [0.3, 0.3],
        }
    )  # fmt: skip
    cells = Cells.of(f)
    at = cells.positions("flows", "quantity_t_per_year")
    assert at is not None and (cells.uncertainty[at] > 0).tolist() == [True, False]
    drawn = many(cells, 200)[:, at]
    assert (drawn[:, 0] >= 95).all() and (drawn[:, 0] == 95).any() and (drawn[:, 1] == 50).all()


def recipes(**columns: list) -> Filiere:
    rows = {"stage_id": ["s"] * 3, "material_id": ["m", "n", "o"], "side": ["in", "out", "out"], **columns}
    return filiere(
        materials={"material_id": ["m", "n", "o"], "name": ["M", "N", "O"]},
        stages={"stage_id": ["s"], "name": ["S"]},
        recipes={"recipe_id": ["i", "p", "q"], **rows},
    )


def test_a_recipe_without_loss_only_trades_its_outputs() -> None:
    cells = Cells.of(
        recipes(t_per_t=[1.0, 0.88, 0.12], confidence=["estimated"] * 3), drawn={"recipes": ["t_per_t"]}
    )
    np.testing.assert_array_equal(
        cells.uncertainty, [0, 0.25, 0.25]
    )  # alone on its side, the input cannot move
    drawn = many(cells, 300)
    assert (drawn[:, 0] == 1).all()
    np.testing.assert_allclose(drawn[:, 1:].sum(axis=1), 1.0)
    assert drawn[:, 1].std() > 0.01


def test_a_recipe_with_loss_never_makes_more_than_it_takes() -> None:
    cells = Cells.of(
        recipes(t_per_t=[1.0, 0.5, 0.4], uncertainty_share=[0.25] * 3), drawn={"recipes": ["t_per_t"]}
    )
    drawn = many(cells, 2000)
    assert (drawn[:, 1:].sum(axis=1) <= 1 + 1e-12).all() and (drawn[:, 1:].sum(axis=1) < 0.9).any()
    # 0.9 ± 0.16 is above 1 in one draw of four; cut there, the mean is a little lower, not another one
    assert 0.84 < drawn[:, 1:].sum(axis=1).mean() < 0.9
    single = recipes(t_per_t=[1.0, 0.6, None], uncertainty_share=[0.0, 0.3, 0.3])
    drawn = many(Cells.of(single, drawn={"recipes": ["t_per_t"]}), 2000)
    assert drawn[:, 1].mean() == pytest.approx(0.6, abs=0.015) and drawn[:, 1].max() <= 1
    assert np.isnan(drawn[:, 2]).all()


def test_a_recipe_that_creates_matter_as_stated_is_not_mended() -> None:
    cells = Cells.of(
        recipes(t_per_t=[1.0, 0.9, 0.3], confidence=["estimated"] * 3), drawn={"recipes": ["t_per_t"]}
    )
    np.testing.assert_allclose(many(cells, 50)[:, 1:].sum(axis=1), 1.2)


def test_the_jobs_of_a_row_move_together() -> None:
    f = filiere(
        stages={"stage_id": ["s"], "name": ["S"]},
        activities={
            "activity_id": ["x", "y"], "actor_id": ["a", "b"], "stage_id": ["s", "s"], "jobs_fte": [5.0, None],
            "insertion_fte": [4.0, 3.0], "supervision_fte": [1.0, None], "confidence": ["hypothesis"] * 2,
        },
    )  # fmt: skip
    cells = Cells.of(f)
    places = [cells.positions("activities", one) for one in ("jobs_fte", "insertion_fte", "supervision_fte")]
    drawn = many(cells, 400)
    jobs, insertion, supervision = (drawn[:, place] for place in places)
    np.testing.assert_allclose(insertion[:, 0] / jobs[:, 0], 0.8)
    np.testing.assert_allclose(supervision[:, 0] / jobs[:, 0], 0.2)
    assert np.isnan(jobs[:, 1]).all() and insertion[:, 1].std() > 1


def test_parts_are_cut_to_their_whole_where_uncertainties_differ() -> None:
    f = filiere(
        stages={"stage_id": ["s"], "name": ["S"]},
        activities={
            "activity_id": ["x"], "actor_id": ["a"], "stage_id": ["s"], "jobs_fte": [5.0], "insertion_fte": [5.0],
            "confidence": ["hypothesis"],
        },
        cell_sources={"table": ["activities"], "row_id": ["x"], "column": ["jobs_fte"], "confidence": ["measured"]},
    )  # fmt: skip
    cells = Cells.of(f)
    at = [int(cells.positions("activities", one)[0]) for one in ("jobs_fte", "insertion_fte")]
    np.testing.assert_array_equal(cells.uncertainty[at], [0.05, 0.5])  # a cell may be firmer than its row
    drawn = many(cells, 300)[:, at]
    assert (drawn[:, 1] <= drawn[:, 0] + 1e-12).all() and (drawn[:, 1] < drawn[:, 0] * 0.9).any()


def test_one_weighing_in_two_units_is_drawn_once_two_declarations_twice() -> None:
    f = filiere(
        materials={"material_id": ["m"], "name": ["Papier"], "unit": ["sac"], "t_per_unit": [0.0125]},
        flows={
            "flow_id": ["a", "b"], "source": ["a"] * 2, "target": ["b"] * 2, "material_id": ["m"] * 2,
            "quantity_t_per_year": [5.0, 5.2], "natural_quantity_per_year": [400.0, None], "same_flow_as": [None, "a"],
        },
    )  # fmt: skip
    cells = Cells.of(f)
    tonnes, bags = (
        cells.positions("flows", one) for one in ("quantity_t_per_year", "natural_quantity_per_year")
    )
    drawn = many(cells, 200)
    np.testing.assert_allclose(drawn[:, bags[0]] / drawn[:, tonnes[0]], 80.0)
    assert abs(np.corrcoef(drawn[:, tonnes[0]], drawn[:, tonnes[1]])[0, 1]) < 0.25
    assert cells.uncertainty[cells.positions("materials", "t_per_unit")].item() == 0.25


def test_a_tonne_weighs_a_tonne() -> None:
    f = filiere(materials={"material_id": ["m"], "name": ["Papier"], "unit": ["t"], "t_per_unit": [1.0]})
    assert Cells.of(f).tables == {"flows"}


def test_the_table_of_confidence_may_be_changed_and_what_is_drawn_chosen() -> None:
    cells = Cells.of(filiere(), uncertainty={"measured": 0.3}, drawn={"flows": "quantity_t_per_year"})
    np.testing.assert_array_equal(cells.uncertainty, [0.2, 0.3, 0, 0])
    with pytest.raises(UnknownNameError, match="declared"):
        Cells.of(filiere(), uncertainty={"declare": 0.3})
    with pytest.raises(UnknownNameError, match="quantity_t_per_year"):
        Cells.of(filiere(), drawn={"flows": ["quantity"]})
    with pytest.raises(ArgumentError, match="'year' of 'flows'"):
        Cells.of(filiere(), drawn={"flows": ["year"]})


def by_row(cells: Cells, number: int) -> dict[tuple[str, str, str], float]:
    drawn = cells.draw(number)
    return {cells.where(int(place)): float(drawn[place]) for place in cells.moving}


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(4)), kept=st.integers(1, 4), number=st.integers(0, 10**12))
def test_a_figure_of_a_draw_depends_on_its_row_alone(order: list[int], kept: int, number: int) -> None:
    f = filiere()
    rows = f.flows.reset_index().iloc[list(order)[:kept]]
    other = filiere(flows=rows)
    whole, part = by_row(Cells.of(f), number), by_row(Cells.of(other), number)
    assert part == {place: whole[place] for place in part}
    assert len(part) == sum(place < 2 for place in order[:kept])


def test_seeds_draws_and_columns_differ() -> None:
    cells = Cells.of(filiere())
    assert by_row(cells, 0) == by_row(Cells.of(filiere()), 0)
    assert by_row(cells, 0) != by_row(cells, 1)
    assert by_row(cells, 0) != by_row(Cells.of(filiere(), seed=1), 0)


def test_a_drawn_filiere_differs_in_its_figures_alone_and_the_first_is_not_touched() -> None:
    f = datasets.load("exemple_complet")
    before = pickle.loads(
        pickle.dumps(f)
    )  # not its bytes: arrays of pandas remember whether they have unknown cells
    draws = Draws.of(f)
    g = draws.draw(5)
    for name in f:
        pd.testing.assert_frame_equal(f.table(name), before.table(name), check_exact=True)
    pd.testing.assert_frame_equal(f.problems, before.problems)
    for name in f:
        old, new = f.table(name), g.table(name)
        same = [column for column in old if column not in DRAWN.get(name, ())]
        pd.testing.assert_frame_equal(new[same], old[same])
        pd.testing.assert_frame_equal(new.isna(), old.isna())
        assert (new.dtypes == old.dtypes).all()
    assert not g.flows["quantity_t_per_year"].equals(f.flows["quantity_t_per_year"])
    assert g == draws.draw(5) and g != draws.draw(6)
    # what the schema asks of a table still holds: read again, nothing is refused
    assert Filiere.from_tables(**{name: g.table(name) for name in g}).flows.shape == f.flows.shape


def test_rows_in_doubt_are_absent_with_their_probability() -> None:
    f = filiere(
        flows={
            "flow_id": [f"f{n}" for n in range(4)], "source": ["a"] * 4, "target": ["b"] * 4,
            "same_flow_as": [None, "f0", None, None],
            "confidence": ["hypothesis", "measured", "hypothesis", "estimated"],
        },
        constraints={"constraint_id": ["c", "c"], "flow_id": ["f2", "f3"], "coefficient": [1.0, -1.0]},
    )  # fmt: skip
    draws = Draws.of(f, doubt={"hypothesis": 0.3})
    seen = [draws.draw(number) for number in range(200)]
    kept = pd.DataFrame({row: [row in g.flows.index for g in seen] for row in f.flows.index})
    # a share of 200 at 0.7 has a standard error of 0.032
    assert kept.mean().round(3).between(0.58, 0.82).tolist() == [True, False, True, False]
    assert kept[["f1", "f3"]].all(axis=None) and kept["f0"].corr(kept["f2"].astype(float)) < 0.2
    g = next(g for g in seen if "f0" not in g.flows.index and "f2" not in g.flows.index)
    assert g.flows["same_flow_as"].isna().all()  # the other declaration stands for itself
    assert g.constraints["flow_id"].tolist() == ["f3"]  # what is absent counts 0 in a relation
    assert g.where("flows").index.equals(g.flows.index)


@pytest.mark.parametrize(("doubt", "error"), [(1.5, ArgumentError), ({"guess": 0.1}, UnknownNameError)])
def test_a_doubt_that_is_none(doubt: object, error: type) -> None:
    with pytest.raises(error):
        Draws.of(filiere(), doubt=doubt)


def test_nothing_to_draw() -> None:
    f = Filiere.from_tables(actors={"name": ["A"]})
    cells = Cells.of(f)
    assert len(cells.draw(0)) == 0 and cells.tables == frozenset() and cells.frames(f, cells.draw(0)) == {}
    assert Draws.of(f).draw(3) == f
