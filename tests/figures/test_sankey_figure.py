"""The Sankey: flows added up by stage and material, each once; declared against reconciled; what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

import chaine_valeur as cv
from chaine_valeur import Filiere
from chaine_valeur.analysis.reconciliation import Reconciliation, reconcile
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.figures import (
    SankeyData,
    draw_sankey,
    sankey,
    sankey_alt_text,
    sankey_data,
    save,
)
from chaine_valeur.figures._sankey_labels import ribbon_words
from chaine_valeur.figures._sankey_page import lay_out_page
from chaine_valeur.figures._style import ABSENT, INK, OUTSIDE_FILL
from chaine_valeur.figures._text import brief

NAN, NB, THIN = float("nan"), "\u00a0", "\u202f"


FLOWS: dict[str, list[Any]] = {
    "flow_id": ["a", "b", "in", "sold", "guess", "out", "back"],
    "source": ["nord", "sud", None, "tri", "tri", "tri", "tri"],
    "target": ["tri", "tri", "tri", "boutique", "boutique", None, "nord"],
    "material_id": ["textile", "textile", "textile", "fibre", "fibre", "fibre", "textile"],
    "quantity_t_per_year": [100.0, 40.0, 10.0, 60.0, 30.0, 20.0, 15.0],
    "confidence": [
        "measured",
        "declared",
        "declared",
        "declared",
        "hypothesis",
        "declared",
        "declared",
    ],
}


def chain(**changes: Any) -> Filiere:
    """Gisement → Tri → Vente, with what a Sankey has to tell apart.

    Tri receives 100 + 40 t of textile (two suppliers) and 10 t from outside; it sells 90 t of fibre, 30 t of them a
    hypothesis, loses sight of 20 t that leave for outside, and sends 15 t back to one supplier. 25 t are missing.
    """
    tables: dict[str, Any] = {
        "stages": {
            "stage_id": ["gisement", "tri", "filature", "vente"],
            "name": ["Gisement", "Tri", "Filature", "Vente"],
            "kind": ["resource", "operation", "operation", "market"],
            "rank": [1, 2, 3, 4],
        },
        "stage_links": {
            "stage_id": ["gisement", "tri", "filature"],
            "to_stage_id": ["tri", "filature", "vente"],
        },
        "materials": {"material_id": ["textile", "fibre"], "name": ["Textile", "Fibre"]},
        "actors": {
            "actor_id": ["nord", "sud", "tri", "boutique"],
            "name": ["Nord", "Sud", "Trieur", "Boutique"],
            "roles": ["supplier", "supplier", "transformer", "buyer"],
        },
        "activities": {
            "actor_id": ["nord", "sud", "tri", "boutique"],
            "stage_id": ["gisement", "gisement", "tri", "vente"],
        },
        "flows": FLOWS,
    }
    tables |= changes
    return Filiere.from_tables(
        **{name: pd.DataFrame(rows) for name, rows in tables.items() if rows is not None}
    )


def flows_of(**changes: Any) -> dict[str, Any]:
    """The flows of `chain`, some columns replaced."""
    return {name: list(values) for name, values in (FLOWS | changes).items()}


@pytest.fixture(scope="module")
def f() -> Filiere:
    return chain()


@pytest.fixture(scope="module")
def data(f: Filiere) -> SankeyData:
    return sankey_data(f, lang="en")


@pytest.fixture(scope="module")
def ax(data: SankeyData) -> Axes:
    return draw_sankey(data, lang="en")


@pytest.fixture(scope="module")
def example() -> Filiere:
    return cv.datasets.load("exemple_complet")


@pytest.fixture(scope="module")
def found(example: Filiere) -> Reconciliation:
    return reconcile(example)


@pytest.fixture(scope="module")
def compared(example: Filiere, found: Reconciliation) -> SankeyData:
    return sankey_data(example, reconciled=found, lang="en")


def rows_of(data: SankeyData, kind: str = "flow") -> list[tuple[Any, ...]]:
    """Source, target, material and tonnage of the ribbons of a kind; blank ends as None."""
    rows = data.ribbons[data.ribbons["kind"] == kind]
    ends = [rows[name].astype(object).where(rows[name].notna(), None) for name in ("source", "target")]
    return list(zip(*ends, rows["material"], rows[data.value], strict=True))


def node(data: SankeyData, name: str) -> Any:
    return data.nodes.set_index("node_id").loc[name]


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def patches(ax: Axes, prefix: str) -> dict[str, Any]:
    """The patches whose gid begins so, by gid."""
    found = [patch for patch in ax.patches if isinstance(patch, PathPatch)]
    return {str(p.get_gid()): p for p in found if str(p.get_gid()).startswith(prefix)}


def tall(patch: PathPatch) -> float:
    """Thickness of a ribbon where it begins: its first and its last corner stand on one upright line."""
    points: Any = np.asarray(patch.get_path().vertices)
    first = points[np.isclose(points[:, 0], points[0, 0])]
    return float(first[:, 1].max() - first[:, 1].min())


# -- the frames -----------------------------------------------------------------------------------------


def test_flows_between_two_stages_are_added_up_by_material_and_certainty(data: SankeyData) -> None:
    # a and b are one ribbon of 100 + 40 t; what is sold stays apart from the hypothesis
    assert rows_of(data) == [
        ("gisement", "tri", "Textile", 140.0),
        (None, "tri", "Textile", 10.0),
        ("tri", "gisement", "Textile", 15.0),
        ("tri", "vente", "Fibre", 60.0),
        ("tri", "vente", "Fibre", 30.0),
        ("tri", None, "Fibre", 20.0),
    ]
    assert data.ribbons["is_hypothesis"].tolist() == [False, False, False, False, True, False, False]
    assert data.ribbons["flow_ids"].tolist()[:2] == [("a", "b"), ("in",)]


def test_what_enters_an_operation_and_is_not_found_leaving_it_is_told_apart(data: SankeyData) -> None:
    # 140 + 10 enter, 60 + 30 + 20 + 15 leave: 25 t are missing
    assert rows_of(data, "difference") == [("tri", None, "difference", 25.0)]
    assert (node(data, "tri")["in_t_per_year"], node(data, "tri")["out_t_per_year"]) == (150.0, 125.0)


def test_more_that_leaves_than_enters_comes_in_from_nowhere() -> None:
    f = chain(flows=flows_of(quantity_t_per_year=[50.0, 40.0, 10.0, 60.0, 30.0, 20.0, 15.0]))
    # 50 + 40 + 10 enter, 125 leave
    assert rows_of(sankey_data(f), "difference") == [(None, "tri", "écart", 25.0)]


@pytest.mark.parametrize(
    ("quantities", "why"),
    [
        ([100.0, 40.0, 10.0, 60.0, 30.0, 20.0, 40.0], "it is balanced"),
        ([100.0, 40.0, 10.0, 60.0, 30.0, 20.0, 39.5], "half a tonne in 150 is rounding"),
        ([100.0, 40.0, 10.0, 60.0, 30.0, None, 15.0], "one of its flows is unknown"),
    ],
)
def test_no_difference_is_drawn_where(quantities: list[float | None], why: str) -> None:
    assert not rows_of(sankey_data(chain(flows=flows_of(quantity_t_per_year=quantities))), "difference"), why


def test_an_unknown_tonnage_is_counted_and_never_a_zero() -> None:
    f = chain(flows=flows_of(quantity_t_per_year=[100.0, None, 10.0, 0.0, None, None, 15.0]))
    ribbons = sankey_data(f).ribbons
    assert ribbons["quantity_t_per_year"].tolist()[0] == 100.0  # what is known of the two
    assert ribbons["n_unknown"].tolist() == [1, 0, 0, 0, 1, 1]
    assert ribbons["quantity_t_per_year"].tolist()[3] == 0.0  # measured
    assert np.isnan(ribbons["quantity_t_per_year"].tolist()[4:]).all()


def test_two_declarations_of_one_flow_are_never_added_up() -> None:
    rows = flows_of()
    rows = {name: [*values, values[0]] for name, values in rows.items()}
    rows["flow_id"][-1], rows["quantity_t_per_year"][-1], rows["confidence"][-1] = "a2", 130.0, "estimated"
    rows["same_flow_as"] = [None] * 7 + ["a"]
    first = sankey_data(chain(flows=rows)).ribbons.iloc[0]
    assert (first["quantity_t_per_year"], first["flow_ids"]) == (140.0, ("a", "b"))  # the measured one, and b


def test_two_years_are_never_added_up() -> None:
    rows = flows_of(year=[2023] * 7)
    later = flows_of(year=[2024] * 7, flow_id=[f"n{place}" for place in range(7)])
    both = {name: [*rows[name], *later[name]] for name in rows}
    f = chain(flows=both)
    data = sankey_data(f)
    assert (data.year, data.several_years) == (2024, True)
    assert data.ribbons["quantity_t_per_year"].tolist()[0] == 140.0
    assert sankey_data(f, year=2023).ribbons["flow_ids"].tolist()[0] == ("a", "b")


def test_a_stage_that_nobody_holds_keeps_its_place_and_says_why(data: SankeyData, ax: Axes) -> None:
    assert data.nodes["node_id"].tolist() == ["gisement", "tri", "filature", "vente"]
    assert data.nodes["column"].tolist() == [0, 1, 2, 3]
    assert node(data, "filature")["state"] == "missing"
    assert {"Filature", "held by nobody"} <= {*words(ax), *(text[-14:] for text in words(ax))}
    missing = [p for p in ax.patches if p.get_gid() == "node-3"]
    assert to_hex(missing[0].get_edgecolor()) == ABSENT.lower()


def test_what_is_held_outside_stands_apart_from_what_is_local() -> None:
    actors = {
        "actor_id": ["nord", "sud", "tri", "boutique", "loin"],
        "name": ["Nord", "Sud", "Trieur", "Boutique", "Marché lointain"],
        "actor_type": ["organisation"] * 4 + ["outside"],
    }
    held = {
        "actor_id": ["nord", "sud", "tri", "boutique", "loin"],
        "stage_id": ["gisement", "gisement", "tri", "vente", "vente"],
    }
    rows = flows_of(target=["tri", "tri", "tri", "boutique", "loin", None, "nord"])
    data = sankey_data(chain(actors=actors, activities=held, flows=rows))
    assert rows_of(data)[3:5] == [
        ("tri", "vente", "Fibre", 60.0),
        ("tri", "vente@outside", "Fibre", 30.0),
    ]
    away = node(data, "vente@outside")
    assert (away["label"], away["is_outside"], away["n_actors"]) == ("Vente (extérieur)", True, 1)
    drawn = [patch for patch in draw_sankey(data).patches if patch.get_gid() == "node-5"]
    assert to_hex(drawn[0].get_facecolor()) == OUTSIDE_FILL.lower()


def test_planned_flows_are_counted_and_not_drawn() -> None:
    data = sankey_data(chain(flows=flows_of(status=["active"] * 6 + ["planned"])))
    assert len(rows_of(data)) == 5
    said = f"1 flux, 15{NB}t/an, ne compte pas{NB}: un flux en projet"
    assert data.idle == said and said in " ".join(words(draw_sankey(data)))


def test_what_an_actor_passes_on_to_itself_is_no_flow_and_leaves_its_stages_open() -> None:
    held = {
        "actor_id": ["nord", "sud", "tri", "tri"],
        "stage_id": ["gisement", "gisement", "tri", "filature"],
    }
    links = {"stage_id": ["tri"], "to_stage_id": ["filature"]}
    rows = {"source": ["nord"], "target": ["tri"], "target_stage": ["tri"], "quantity_t_per_year": [100.0]}
    data = sankey_data(chain(activities=held, stage_links=links, flows=rows))
    inside = data.ribbons[data.ribbons["kind"] == "internal"]
    assert inside[["source", "target", "n_unknown"]].values.tolist() == [["tri", "filature", 0]]
    assert node(data, "tri")["n_unknown"] == 1
    assert not rows_of(data, "difference")
    assert "au sein d’un même acteur" in words(draw_sankey(data))


def test_by_role_the_columns_go_from_suppliers_to_buyers(f: Filiere) -> None:
    data = sankey_data(f, by="role", lang="en")
    assert data.nodes[["node_id", "label", "column", "n_actors"]].values.tolist() == [
        ["supplier", "Supplier", 0, 2],
        ["transformer", "Transformer", 1, 1],
        ["buyer", "Buyer", 2, 1],
    ]
    assert rows_of(data)[0] == ("supplier", "transformer", "Textile", 140.0)
    assert "3 roles" in sankey_alt_text(data, "en")


def test_frames_have_the_same_columns_and_dtypes_full_or_empty(data: SankeyData) -> None:
    empty = sankey_data(chain(flows=None))
    for name in ("nodes", "ribbons"):
        full, none = getattr(data, name), getattr(empty, name)
        assert full.dtypes.astype(str).to_dict() == none.dtypes.astype(str).to_dict()
        assert full.index.tolist() == list(range(len(full)))
    assert empty.ribbons.empty and len(empty.nodes) == 4


def test_nothing_given_is_changed(f: Filiere) -> None:
    before = f.flows.copy()
    sankey_data(f)
    pd.testing.assert_frame_equal(f.flows, before)


def test_what_cannot_be_added_up_by_is_refused(f: Filiere) -> None:
    with pytest.raises(UnknownNameError, match="did you mean: stage"):
        sankey_data(f, by="stages")
    with pytest.raises(UnknownNameError, match="lang"):
        sankey(f, lang="de")


@settings(max_examples=5, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.one_of(st.none(), st.floats(0, 1e6))), max_size=12
    )
)
def test_every_flow_is_in_one_ribbon_and_no_tonne_is_lost(rows: list[tuple[int, int, float | None]]) -> None:
    names = ["nord", "sud", "tri", "boutique"]
    rows = [row for row in rows if row[0] != row[1]]
    flows = {
        "source": [names[a] for a, _, _ in rows],
        "target": [names[b] for _, b, _ in rows],
        "quantity_t_per_year": [value for _, _, value in rows],
    }
    f = chain(flows=flows if rows else None)
    ribbons = sankey_data(f).ribbons
    drawn = ribbons[ribbons["kind"] == "flow"]
    ids = [flow for each in drawn["flow_ids"] for flow in each]
    assert sorted(ids) == sorted(f.network.flow_ids)
    assert drawn["quantity_t_per_year"].sum() == pytest.approx(np.nansum(f.network.flow_t))
    assert drawn["n_unknown"].sum() == np.isnan(f.network.flow_t).sum()


# -- flows that do not say at which stage of an actor ------------------------------------------------------

_TWO_STAGES: dict[str, Any] = {
    "activities": {
        "actor_id": ["nord", "tri", "tri", "boutique"],
        "stage_id": ["gisement", "tri", "filature", "vente"],
    },
    "stage_links": {
        "stage_id": ["gisement", "tri", "filature"],
        "to_stage_id": ["tri", "filature", "vente"],
    },
}


def two_stages(last: str | None, *, passed: float | None = None) -> Filiere:
    """Tri and filature of one actor: 100 t enter the first, 60 t leave the second, 40 t leave one or the other."""
    rows: dict[str, Any] = {
        "source": ["nord", "tri", "tri"],
        "source_stage": [None, "filature", last],
        "target": ["tri", "boutique", None],
        "target_stage": ["tri", None, None],
        "material_id": ["textile"] * 3,
        "quantity_t_per_year": [100.0, 60.0, 40.0],
    }
    if passed is not None:
        own = ("tri", "tri", "tri", "filature", "textile", passed)
        rows = {name: [*values, new] for (name, values), new in zip(rows.items(), own, strict=True)}
    return chain(flows=rows, **_TWO_STAGES)


@pytest.mark.parametrize("last", [None, "filature"])
def test_what_an_actor_of_two_stages_may_pass_on_to_itself_is_no_loss(last: str | None) -> None:
    f = two_stages(last)
    data = sankey_data(f, reconciled=reconcile(f))
    # of the stage it leaves from, the balance knows what passes within: 60 + 40; without, only that something may
    expected = [100.0] if last else [NAN]
    assert [row[:2] for row in rows_of(data, "internal")] == [("tri", "filature")]
    assert [row[3] for row in rows_of(data, "internal")] == pytest.approx(expected, nan_ok=True)
    assert not rows_of(data, "difference")
    assert "au sein d’un même acteur" in words(draw_sankey(data))


@pytest.mark.parametrize("by_balance", [False, True])
def test_no_difference_is_told_of_a_stage_whose_flows_may_be_of_another(by_balance: bool) -> None:
    # drawn at tri, its main stage, the 40 t would make it send 100 + 40 t of 100, and filature lose 40 of 100
    f = two_stages(None, passed=100.0)
    data = sankey_data(f, reconciled=reconcile(f) if by_balance else None)
    assert not rows_of(data, "difference") and not rows_of(data, "internal")
    at_filature = two_stages("filature", passed=80.0)
    told = [row[:2] + row[3:] for row in rows_of(sankey_data(at_filature), "difference")]
    assert told == [("tri", None, 20.0), (None, "filature", 20.0)]


# -- declared against reconciled ------------------------------------------------------------------------


def test_reconciled_ribbons_add_up_what_was_found_of_their_flows(
    compared: SankeyData, found: Reconciliation
) -> None:
    rows = compared.ribbons[compared.ribbons["kind"] == "flow"]
    for row in rows.itertuples():
        own = found.flows.loc[list(row.flow_ids)]
        assert row.reconciled_t_per_year == pytest.approx(own["reconciled_t_per_year"].sum())
        declared = own["declared_t_per_year"].sum(min_count=1)
        assert row.quantity_t_per_year == pytest.approx(declared, nan_ok=True)


def test_what_actors_keep_is_found_by_the_balances(compared: SankeyData, found: Reconciliation) -> None:
    inside = compared.ribbons[compared.ribbons["kind"] == "internal"]
    assert inside["reconciled_t_per_year"].sum() == pytest.approx(found.inside["reconciled_t_per_year"].sum())
    assert inside["quantity_t_per_year"].isna().all() and not inside["n_unknown"].any()


def test_once_reconciled_nodes_are_balanced_but_for_what_is_told(compared: SankeyData) -> None:
    gaps = compared.ribbons[compared.ribbons["kind"] == "difference"]
    lost = gaps.groupby("source")["reconciled_t_per_year"].sum()
    operations = compared.nodes[(compared.nodes["kind"] == "operation") & ~compared.nodes["is_outside"]]
    passing = operations[operations["in_t_per_year"].gt(0) & operations["out_t_per_year"].gt(0)]
    more = gaps.groupby("target")["reconciled_t_per_year"].sum()
    for row in passing.itertuples():
        enters = row.in_t_per_year + more.get(row.node_id, 0.0)
        leaves = row.out_t_per_year + lost.get(row.node_id, 0.0)
        assert enters == pytest.approx(leaves, rel=0.006)


def test_a_free_flow_has_no_reconciled_tonnage() -> None:
    # the only input is unknown, and so are both outputs but their sum: nothing determines them
    rows = flows_of(quantity_t_per_year=[None, 40.0, 10.0, 60.0, 30.0, None, None])
    f = chain(flows=rows)
    r = reconcile(f)
    free = set(r.flows.index[r.flows["data_class"] == "free"])
    assert free
    ribbons = sankey_data(f, reconciled=r).ribbons
    for row in ribbons[ribbons["kind"] == "flow"].itertuples():
        assert row.n_free == len(free & set(row.flow_ids))
        if set(row.flow_ids) <= free:
            assert np.isnan(row.reconciled_t_per_year)


def test_a_reconciliation_of_other_flows_is_refused(f: Filiere, found: Reconciliation) -> None:
    with pytest.raises(ArgumentError, match="that of other flows"):
        sankey_data(f, reconciled=found)


def test_a_ribbon_says_declared_then_reconciled() -> None:
    plain = SankeyData(pd.DataFrame(), pd.DataFrame())
    both = replace(plain, is_reconciled=True)

    def row(declared: float, after: float, kind: str = "flow", n_unknown: int = 0, n_free: int = 0) -> Any:
        values = {"quantity_t_per_year": declared, "reconciled_t_per_year": after, "kind": kind}
        return pd.Series(values | {"n_unknown": n_unknown, "n_free": n_free})

    assert ribbon_words(row(172.0, NAN), plain, "fr") == f"172{NB}t"
    assert ribbon_words(row(172.0, NAN, n_unknown=1), plain, "fr") == f"172{NB}t + ?"
    assert ribbon_words(row(172.0, 192.2), both, "fr") == f"172 →{NB}192{NB}t"
    assert ribbon_words(row(172.0, 172.3), both, "fr") == f"172{NB}t"  # as the reader sees it, the same
    assert ribbon_words(row(NAN, 41.9), both, "fr") == f"? →{NB}41,9{NB}t"
    assert ribbon_words(row(NAN, 41.9, "internal"), both, "fr") == f"41,9{NB}t"
    assert ribbon_words(row(NAN, NAN, n_unknown=1, n_free=1), both, "fr") == "?"
    assert ribbon_words(row(10.0, 12.0, n_unknown=1), both, "en") == f"10 + ? →{NB}12{NB}t"


# -- the drawing ----------------------------------------------------------------------------------------


def test_ribbons_are_as_wide_as_their_tonnes(data: SankeyData, ax: Axes) -> None:
    shown = patches(ax, "ribbon-")
    forward = {place: tall(shown[f"ribbon-{place + 1}"]) for place in (0, 3, 4)}
    # 140, 60 and 30 t on one scale
    assert forward[0] / forward[3] == pytest.approx(140 / 60, rel=0.01)
    assert forward[3] / forward[4] == pytest.approx(2.0, rel=0.01)


def test_a_hypothesis_is_lighter_and_has_an_edge(ax: Axes) -> None:
    shown = patches(ax, "ribbon-")
    sold, guess = shown["ribbon-4"], shown["ribbon-5"]
    assert (guess.get_alpha() or 1.0) < (sold.get_alpha() or 1.0)
    assert "ribbon-5-edge" in shown and "ribbon-4-edge" not in shown
    assert to_hex(sold.get_facecolor()) == to_hex(guess.get_facecolor())  # of one material


def test_materials_have_colours_of_their_own(ax: Axes) -> None:
    shown = patches(ax, "ribbon-")
    assert to_hex(shown["ribbon-1"].get_facecolor()) != to_hex(shown["ribbon-4"].get_facecolor())
    assert {"Textile", "Fibre", "Materials"} <= set(words(ax))


def test_what_goes_back_runs_below_the_columns(data: SankeyData, ax: Axes) -> None:
    back: Any = patches(ax, "ribbon-")["ribbon-3"].get_path().vertices
    nodes = [patch for patch in ax.patches if str(patch.get_gid()).startswith("node-")]
    lowest = max(patch.get_y() + patch.get_height() for patch in nodes)  # type: ignore[attr-defined]
    assert np.asarray(back)[:, 1].max() > lowest
    assert "ribbon-3-head" in patches(ax, "ribbon-")


def test_what_enters_and_leaves_the_territory_says_so(ax: Axes) -> None:
    assert words(ax).count("import") >= 1 and words(ax).count("export") >= 1
    assert f"25{NB}t" in words(ax)  # the difference


def test_an_unknown_flow_is_a_thin_broken_line_and_counted() -> None:
    f = chain(flows=flows_of(quantity_t_per_year=[100.0, 40.0, 10.0, None, 30.0, 20.0, 15.0]))
    ax = sankey(f, lang="en")
    line = patches(ax, "ribbon-")["ribbon-4"]
    assert line.get_facecolor()[3] == 0.0 and line.get_linewidth() < 2.0
    assert line.get_linestyle() not in ("-", "solid")
    assert any("1 flow of unknown quantity" in text for text in words(ax))
    assert "quantity unknown" in words(ax)


def test_where_no_tonnage_is_known_widths_say_nothing_and_that_is_said() -> None:
    ax = sankey(chain(flows=flows_of(quantity_t_per_year=[None] * 7)), lang="en")
    assert any("the width of the ribbons says nothing" in text for text in words(ax))
    assert not any(f"{NB}t" in text for text in words(ax))


def test_the_declared_tonnage_is_an_outline_as_wide_as_it_was(compared: SankeyData) -> None:
    ax = draw_sankey(compared, lang="en")
    drawn, said = patches(ax, "ribbon-"), patches(ax, "declared-")
    rows = compared.ribbons
    known = {
        f"declared-{place + 1}" for place, value in enumerate(rows["quantity_t_per_year"]) if value == value
    }
    assert set(said) == known
    place = int(rows.index[rows["material_id"].eq("papier-trie")][0])
    ratio = rows["quantity_t_per_year"][place] / rows["reconciled_t_per_year"][place]
    assert ratio < 0.95
    assert tall(said[f"declared-{place + 1}"]) / tall(drawn[f"ribbon-{place + 1}"]) == pytest.approx(
        ratio, rel=0.01
    )
    outline = said[f"declared-{place + 1}"]
    assert to_hex(outline.get_edgecolor()) == INK.lower() and outline.get_facecolor()[3] == 0.0
    assert {"reconciled, and what was declared", "reconciled, without a declared tonnage"} <= set(words(ax))


def test_names_and_tonnages_cover_neither_nodes_nor_one_another(compared: SankeyData) -> None:
    page = lay_out_page(compared, width=450.0, height=None, tallest=420.0, lang="fr")
    boxes: Any = np.array([label.rectangle for label in page.labels])
    assert len(boxes) >= 12
    for place, (left, right, top, bottom) in enumerate(boxes):
        others = np.delete(boxes, place, axis=0)
        apart = (
            (others[:, 0] >= right)
            | (others[:, 1] <= left)
            | (others[:, 2] >= bottom)
            | (others[:, 3] <= top)
        )
        assert apart.all()
        assert left >= 0.0 and right <= page.width


def test_names_stay_on_the_page_and_off_one_another(compared: SankeyData) -> None:
    page = lay_out_page(compared, width=450.0, height=None, tallest=420.0, lang="fr")
    spans = []
    for place, head in enumerate(page.heads):
        x, top = page.head_x[place], float(page.at.box_top[place]) - 3.0 - head.height
        assert x - head.width / 2 >= -0.5 and x + head.width / 2 <= page.width + 0.5
        spans.append((x - head.width / 2, x + head.width / 2, top, top + head.height))
    for one in range(len(spans)):
        for other in range(one):
            a, b = spans[one], spans[other]
            assert a[1] <= b[0] + 0.5 or b[1] <= a[0] + 0.5 or a[3] <= b[2] + 0.5 or b[3] <= a[2] + 0.5


def test_the_title_stands_above_everything(data: SankeyData) -> None:
    ax = draw_sankey(data, title="Flux $x$")
    title = next(text for text in ax.texts if text.get_text() == "Flux $x$")
    assert title.get_position()[1] <= min(text.get_position()[1] for text in ax.texts)
    assert title.get_parse_math() is False


def long_chain(count: int) -> Filiere:
    """A stage a column, each flow of its own material."""
    stages = [f"Maillon de transformation {place}" for place in range(count)]
    actors = [f"Acteur {place}" for place in range(count)]
    materials = [f"M{place}" for place in range(count)]
    return Filiere.from_tables(
        stages={"name": stages, "rank": list(range(1, count + 1))},
        actors={"name": actors},
        activities={"actor_id": actors, "stage_id": stages},
        materials={"material_id": [name.lower() for name in materials], "name": materials},
        flows={
            "source": actors[:-1],
            "target": actors[1:],
            "material_id": [f"m{place}" for place in range(count - 1)],
            "quantity_t_per_year": [float(10 + place) for place in range(count - 1)],
        },
    )  # fmt: skip


def test_twenty_stages_are_numbered_and_named_in_the_legend() -> None:
    ax = sankey(long_chain(20), lang="en")
    assert isinstance(ax.figure, Figure)
    assert ax.figure.get_figwidth() * 2.54 == pytest.approx(27.7)
    written = words(ax)
    assert {str(place) for place in range(1, 21)} <= set(written)
    assert {f"Maillon de transformation {place}" for place in range(20)} <= set(written)
    assert min(float(text.get_fontsize()) for text in ax.texts) >= 6.0
    assert "other materials" in written  # seven colours, nineteen materials


def test_one_stage_with_what_enters_stays_and_leaves() -> None:
    f = Filiere.from_tables(
        stages={"name": ["Tri"]},
        actors={"name": ["A", "B"]},
        activities={"actor_id": ["A", "B"], "stage_id": ["Tri", "Tri"]},
        flows={"source": ["A", None, "B"], "target": ["B", "A", None], "quantity_t_per_year": [10, 12, None]},
    )
    ax = sankey(f, lang="en")
    assert {"Tri", f"12{NB}t + ?", "import"} <= set(words(ax))
    assert any("drawn thinner than the scale" in text for text in words(ax))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"flows": None}, "No flow is described"),
        ({"stages": None, "stage_links": None, "activities": None}, "the stages are not described"),
    ],
)
def test_without_flows_or_stages_it_says_what_is_missing(changes: dict[str, Any], said: str) -> None:
    ax = sankey(chain(**changes), lang="en")
    assert said in " ".join(words(ax))
    assert not patches(ax, "ribbon-")


@pytest.fixture
def hostile() -> Iterator[Filiere]:
    names = ["$x^{$", "A" * 300, "\u0645\u0631\u062d\u0628\u0627", "🏭 <script>", "a\x00b\nc"]
    yield Filiere.from_tables(
        stages={"name": names, "rank": [1, 2, 3, 4, 5]},
        actors={"name": [f"{name}!" for name in names]},
        activities={"actor_id": [f"{name}!" for name in names], "stage_id": names},
        materials={"name": names},
        flows={
            "source": [f"{name}!" for name in names[:-1]],
            "target": [f"{name}!" for name in names[1:]],
            "material_id": names[:-1],
            "quantity_t_per_year": [1e12, 1e-9, 0.0, None],
        },
    )


def test_names_from_anywhere_are_drawn_as_text(hostile: Filiere) -> None:
    figure = Figure(figsize=(3, 2))
    ax = sankey(hostile, ax=figure.add_axes((0, 0, 1, 1)), title="$y$")
    FigureCanvasAgg(figure).draw()
    assert all(not text.get_parse_math() for text in ax.texts)
    assert max(len(text) for text in words(ax)) < 200  # what no figure would hold is cut


def test_the_same_filiere_gives_the_same_bytes(ax: Axes, tmp_path: Path) -> None:
    first = [path.read_bytes() for path in save(ax, tmp_path / "a")]
    second = [path.read_bytes() for path in save(sankey(chain(), lang="en"), tmp_path / "b")]
    assert first == second


# -- in words -------------------------------------------------------------------------------------------


def test_the_words_tell_the_flows_the_outside_and_the_unknown() -> None:
    f = chain(flows=flows_of(quantity_t_per_year=[100.0, 40.0, 10.0, 60.0, None, 20.0, 15.0]))
    said = sankey_alt_text(sankey_data(f, lang="en"), "en")
    assert said.startswith("Value chain: 4 stages and 7 flows.")
    assert f"Gisement → Tri, 140{NB}t (Textile); Tri → Vente, 60{NB}t (Fibre)" in said
    assert f"From outside: 10{NB}t." in said and f"To the outside: 20{NB}t." in said
    assert "Stages held by nobody: Filature." in said
    assert said.endswith("1 flow of unknown quantity.")


def test_the_words_tell_declared_and_reconciled(compared: SankeyData) -> None:
    said = sankey_alt_text(compared, "en")
    assert "Main flows per year, declared → reconciled:" in said
    assert f"173 →{NB}192{NB}t" in said
    assert "6 others" in said


def test_without_flows_the_words_say_so() -> None:
    assert sankey_alt_text(sankey_data(chain(flows=None))).startswith("Aucun flux n’est décrit")


def test_brief_cuts_what_no_figure_would_hold() -> None:
    assert brief("A" * 300) == "A" * 89 + "…"
    assert brief("court") == "court"


@pytest.mark.parametrize("name", ["textiles_usages", "lin_composite"])
def test_the_examples_are_legible(name: str) -> None:
    ax = sankey(cv.datasets.load(name))
    assert min(float(text.get_fontsize()) for text in ax.texts) >= 6.0
    assert isinstance(ax.figure, Figure)
    assert ax.figure.get_figheight() * 2.54 <= 20
