"""Declared against reconciled: which flows, in which order, with which marks and words; the same in words."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import chaine_valeur as cv
from chaine_valeur import Filiere
from chaine_valeur.analysis.reconciliation import Reconciliation, reconcile
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.figures._reconciled import _share, values_of
from chaine_valeur.figures._reconciled_page import Page, ticks
from chaine_valeur.figures.reconciliation_figure import draw_reconciliation

NB = "\u00a0"
NAN = math.nan


def sorter(**changes: Any) -> Filiere:
    """A sorter told to receive 130 t and, weighed, 100 t; to send 60 t to a shop, the rest to two others."""
    flows = {
        "flow_id": ["in", "in-said", "shop", "mill", "abroad"],
        "source": ["menages", "menages", "relais", "relais", "relais"],
        "target": ["relais", "relais", "boutique", "filature", None],
        "target_stage": [None, None, None, None, "vente"],
        "quantity_t_per_year": [100.0, 130.0, 60.0, None, None],
        "uncertainty_share": [0.05, 0.2, 0.1, None, None],
        "same_flow_as": [None, "in", None, None, None],
        "min_t_per_year": [None, None, None, 5.0, None],
    }
    return Filiere.from_tables(
        stages={
            "stage_id": ["gisement", "tri", "vente"],
            "name": ["Gisement", "Tri", "Vente"],
            "kind": ["resource", "operation", "market"],
        },
        actors={
            "actor_id": ["menages", "relais", "boutique", "filature"],
            "name": ["Ménages", "Relais", "Boutique", "Filature"],
        },
        activities={
            "actor_id": ["menages", "relais", "boutique", "filature"],
            "stage_id": ["gisement", "tri", "vente", "vente"],
        },
        flows=pd.DataFrame(flows | changes),
    )


def contradicting() -> Filiere:
    """100 t enter, 60 t and 20 t leave, 5 % each: 20 t are missing, 3.5 times their uncertainty.

    σ² = 25 + 9 + 1 = 35, 20 / √35 = 3.38, the same for the three (one equation). Adjustments are in proportion
    to the variances: −20 · 25/35 = −14.29, +20 · 9/35 = 5.14, +20 / 35 = 0.57.
    """
    return sorter(
        flow_id=["in", "shop", "mill", "x", "y"],
        source=["menages", "relais", "relais", "boutique", None],
        target=["relais", "boutique", "filature", None, "filature"],
        target_stage=[None] * 5,
        quantity_t_per_year=[100.0, 60.0, 20.0, 7.0, 0.0],
        uncertainty_share=[0.05] * 5,
        same_flow_as=[None] * 5,
        min_t_per_year=[None] * 5,
    )


@pytest.fixture(scope="module")
def r() -> Reconciliation:
    return reconcile(sorter())


@pytest.fixture(scope="module")
def suspicious() -> Reconciliation:
    return reconcile(contradicting())


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def marks(ax: Axes, gid: str) -> list[Any]:
    return [line for line in ax.lines if line.get_gid() == gid] + [
        artist for artist in ax.artists if artist.get_gid() == gid
    ]


def row(**values: Any) -> dict[str, Any]:
    """A line of the frame: 100 t declared ± 10, 100 t reconciled between 90 and 110."""
    usual = {
        "label": "A →\u00a0B",
        "declared_t_per_year": 100.0,
        "declared_sd_t": 10.0,
        "reconciled_t_per_year": 100.0,
        "adjustment_t": 0.0,
        "data_class": "redundant",
        "reconciled_sd_t": 5.0,
        "low_t_per_year": 90.0,
        "high_t_per_year": 110.0,
        "standardised_adjustment": 0.0,
        "share": NAN,
        "share_of": "sent",
        "said_t_per_year": (100.0,),
        "is_suspect": False,
    }
    return usual | values


def frame(*rows: dict[str, Any], left_out: int = 0) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), index=pd.Index([f"f{n}" for n in range(len(rows))], name="flow_id"))
    table.attrs["n_left_out"] = left_out
    return table


FREE = {"declared_t_per_year": NAN, "declared_sd_t": NAN, "data_class": "free", "said_t_per_year": ()}
TOLD = FREE | {"data_class": "determined"}


# -- the frame ------------------------------------------------------------------------------------------


def test_declared_flows_first_then_those_of_which_a_range_is_known(r: Reconciliation) -> None:
    data = cv.figures.reconciliation_data(r)
    assert data.index.tolist() == ["in", "shop", "mill", "abroad"]
    assert data.index.name == "flow_id"
    assert data["declared_t_per_year"].notna().tolist() == [True, True, False, False]
    assert data["data_class"].tolist() == ["measured", "measured", "free", "free"]
    assert data.attrs["n_left_out"] == 0
    assert data["said_t_per_year"].tolist() == [(100.0, 130.0), (60.0,), (), ()]
    assert data.loc["mill", "low_t_per_year"] == pytest.approx(5.0)


def test_labels_say_what_passes_from_whom_to_whom(r: Reconciliation) -> None:
    labels = cv.figures.reconciliation_data(r)["label"]
    # no line may end with the arrow: the space after it does not break
    assert labels["in"] == f"Ménages →{NB}Relais"
    assert labels["abroad"] == f"Relais →{NB}Vente (extérieur)"
    assert cv.figures.reconciliation_data(r, lang="en")["label"]["abroad"] == f"Relais →{NB}Vente (outside)"


def test_a_material_is_named_and_two_flows_of_one_name_are_told_apart() -> None:
    tables = {
        "materials": {"material_id": ["papier"], "name": ["papier trié"]},
        "actors": {"actor_id": ["a", "b"], "name": ["La Boucle Verte", "Papeterie"]},
        "flows": {
            "flow_id": ["f", "g", "h"],
            "source": ["a", "a", "b"],
            "target": ["b", "b", None],
            "material_id": ["papier", "papier", None],
            "quantity_t_per_year": [2.0, 1.0, 3.0],
        },
    }
    labels = cv.figures.reconciliation_data(reconcile(Filiere.from_tables(**tables)))["label"]
    assert labels["f"] == f"papier trié, La Boucle Verte →{NB}Papeterie (f)"
    assert labels["g"].endswith("(g)")
    assert labels["h"] == f"Papeterie →{NB}extérieur"


def test_the_largest_adjustments_come_first(suspicious: Reconciliation) -> None:
    data = cv.figures.reconciliation_data(suspicious)
    assert data.index[:3].tolist() == ["in", "shop", "mill"]
    assert data["adjustment_t"][:3].tolist() == pytest.approx([-14.286, 5.143, 0.571], abs=0.001)
    assert data["is_suspect"].tolist() == [True, True, True, False, False]
    assert data["standardised_adjustment"][:3].abs().tolist() == pytest.approx([3.381] * 3, abs=0.001)


def test_suspects_are_never_left_out(suspicious: Reconciliation) -> None:
    data = cv.figures.reconciliation_data(suspicious, most=1)
    assert data.index.tolist() == ["in", "shop", "mill"]
    assert data.attrs["n_left_out"] == 2


def test_a_third_of_the_lines_is_for_flows_without_a_tonnage(r: Reconciliation) -> None:
    shown = cv.figures.reconciliation_data(r, most=3)
    assert shown.index.tolist() == ["in", "shop", "mill"]
    assert shown.attrs["n_left_out"] == 1
    assert cv.figures.reconciliation_data(r, most=1).index.tolist() == ["in"]


@pytest.mark.parametrize("most", [0, -3])
def test_at_least_one_flow_is_asked_for(r: Reconciliation, most: int) -> None:
    with pytest.raises(ArgumentError, match="at least one flow"):
        cv.figures.reconciliation_data(r, most=most)


def test_an_unknown_language_is_refused(r: Reconciliation) -> None:
    with pytest.raises(UnknownNameError):
        cv.figures.reconciliation_data(r, lang="de")
    with pytest.raises(UnknownNameError):
        draw_reconciliation(frame(row()), lang="de")


# -- the words of a line --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "french", "english"),
    [
        ({"reconciled_t_per_year": 92.4}, f"100 →{NB}92,4{NB}t/an", f"100 →{NB}92.4{NB}t/year"),
        ({"reconciled_t_per_year": 100.04}, f"100{NB}t/an, inchangé", f"100{NB}t/year, unchanged"),
        ({"said_t_per_year": (130.0, 98.0)}, f"130 / 98 →{NB}100{NB}t/an", f"130 / 98 →{NB}100{NB}t/year"),
        (TOLD, f"? →{NB}100{NB}t/an", f"? →{NB}100{NB}t/year"),
        (TOLD | {"share": 0.565}, f"56,5{NB}% →{NB}100{NB}t/an", f"56.5% →{NB}100{NB}t/year"),
        (FREE, f"de 90 à 110{NB}t/an", f"from 90 to 110{NB}t/year"),
        (FREE | {"high_t_per_year": math.inf}, f"au moins 90{NB}t/an", f"at least 90{NB}t/year"),
        (FREE | {"low_t_per_year": 0.0, "high_t_per_year": math.inf}, "inconnu", "unknown"),
        ({"declared_t_per_year": 0.0, "said_t_per_year": (0.0,), "reconciled_t_per_year": 0.0},
         f"0{NB}t/an, inchangé", f"0{NB}t/year, unchanged"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_line(values: dict[str, Any], french: str, english: str) -> None:
    line = next(frame(row(**values)).itertuples())
    assert values_of(line, "fr") == french
    assert values_of(line, "en") == english


@pytest.mark.parametrize(("share", "said"), [(0.565, "56.5%"), (0.3, "30%"), (0.29, "29%"), (1.0, "100%")])
def test_a_share_is_written_as_it_was_printed(share: float, said: str) -> None:
    assert _share(share, "en") == said


# -- the picture ----------------------------------------------------------------------------------------


def test_every_mark_of_a_line(r: Reconciliation) -> None:
    """Two declared flows (bar, dot, found dot and interval), two crosses, two ranges."""
    ax = cv.figures.reconciliation(r)
    counts = {
        gid: len(marks(ax, gid)) for gid in ("declared-bar", "declared", "reconciled", "interval", "range")
    }
    assert counts == {"declared-bar": 2, "declared": 2, "reconciled": 2, "interval": 2, "range": 2}
    # 130 t stands away from the mean of 101.1 t, 100 t does not: one cross, and one in the legend
    assert len(marks(ax, "declaration")) == 1 + 1
    assert all(dot.get_markerfacecolor() == "#FFFFFF" for dot in marks(ax, "declared"))
    assert all(dot.get_markerfacecolor() != "#FFFFFF" for dot in marks(ax, "reconciled"))


def test_declarations_that_no_eye_tells_apart_have_no_cross() -> None:
    near = draw_reconciliation(frame(row(said_t_per_year=(100.5, 99.5))), lang="en")
    assert not marks(near, "declaration")
    assert "2 declarations" in words(near)
    assert not any(text.startswith("one of several") for text in words(near))


def test_marks_stand_where_the_tonnages_are() -> None:
    """A linear scale: 150 t is halfway between 100 and 200; the bar reaches one deviation on either side."""
    ax = draw_reconciliation(
        frame(
            row(reconciled_t_per_year=150.0, low_t_per_year=140.0, high_t_per_year=200.0),
            row(declared_t_per_year=200.0, declared_sd_t=0.0, said_t_per_year=(200.0,)),
        )
    )
    first, second = (dot.get_xdata()[0] for dot in marks(ax, "declared"))
    found = marks(ax, "reconciled")[0].get_xdata()[0]
    assert found == pytest.approx((first + second) / 2)
    left, right = marks(ax, "declared-bar")[0].get_xdata()
    assert (left + right) / 2 == pytest.approx(first)
    assert right - left == pytest.approx(0.2 * (second - first))  # ± 10 t, of 100 t
    ends = marks(ax, "interval")[0].get_xdata()
    assert ends[1] == pytest.approx(second)


def test_declared_above_reconciled_and_lines_from_top_to_bottom(suspicious: Reconciliation) -> None:
    ax = cv.figures.reconciliation(suspicious)
    declared = [dot.get_ydata()[0] for dot in marks(ax, "declared")]
    found = [dot.get_ydata()[0] for dot in marks(ax, "reconciled")]
    assert declared == sorted(declared)  # the axis runs downwards
    assert all(up < down for up, down in zip(declared, found, strict=True))
    assert ax.get_ylim()[0] > ax.get_ylim()[1]


def test_suspects_carry_a_sign_and_a_word(suspicious: Reconciliation) -> None:
    ax = cv.figures.reconciliation(suspicious)
    assert words(ax).count("▲") == 3 + 1  # one in the legend
    said = " ".join(words(ax))
    assert said.count("à vérifier\u00a0: 3,4") == 3
    assert "à vérifier auprès de la source" in said
    bold = [text.get_text() for text in ax.texts if text.get_fontweight() == "bold"]
    assert f"Ménages →{NB}Relais" in bold
    assert f"Boutique →{NB}extérieur" not in bold


def test_without_suspects_there_is_no_sign(r: Reconciliation) -> None:
    said = words(cv.figures.reconciliation(r))
    assert "▲" not in said
    assert not any("vérifier" in text for text in said)


def test_the_legend_explains_what_is_drawn_and_nothing_else() -> None:
    said = words(draw_reconciliation(frame(row(**FREE)), lang="en"))
    assert "range that is left to an unknown flow" in said
    assert not any(text.startswith(("declared and", "reconciled,")) for text in said)
    said = words(draw_reconciliation(frame(row()), lang="en"))
    assert "declared and its uncertainty (± 1 standard deviation)" in said
    assert "reconciled, interval at 95%" in said
    assert "range that is left to an unknown flow" not in said
    assert not any("declarations" in text for text in said)


def test_flows_without_a_tonnage_have_a_heading_of_their_own() -> None:
    both = words(draw_reconciliation(frame(row(), row(**TOLD)), lang="en"))
    assert both.index("With a declared tonnage") < both.index("Without a declared tonnage")
    assert "follows from the others" in both
    alone = words(draw_reconciliation(frame(row(**TOLD | {"share": 0.3, "share_of": "received"})), lang="en"))
    assert "With a declared tonnage" not in alone
    assert " ".join(alone).count("share of what the source receives") == 1


def test_a_range_without_an_upper_end_is_an_arrow() -> None:
    ax = draw_reconciliation(frame(row(), row(**FREE | {"high_t_per_year": math.inf})))
    ends = [line.get_marker() for line in ax.lines if line.get_marker() in ("|", ">")]
    assert ends == ["|", ">"]
    assert len(marks(ax, "reconciled")) == 1  # a free flow has no value of its own


def test_the_scale_is_logarithmic_beyond_two_orders_of_magnitude() -> None:
    def page(least: float) -> Page:
        small = row(reconciled_t_per_year=least, declared_t_per_year=least, declared_sd_t=0.0)
        small |= {"low_t_per_year": least, "high_t_per_year": least}
        return Page.of(frame(row(), small), 450.0, None, None, "fr")

    assert not page(1.0).is_log  # 100 : 1
    logarithmic = page(0.9)
    assert logarithmic.is_log
    steps = [logarithmic.x(value) for value in (1.0, 10.0, 100.0)]
    assert steps[1] - steps[0] == pytest.approx(steps[2] - steps[1])
    assert {1.0, 10.0, 100.0} <= set(ticks(logarithmic))
    assert any("échelle logarithmique" in text for text in words(draw_reconciliation(frame(row(), row(
        declared_t_per_year=0.5, reconciled_t_per_year=0.5)))))  # fmt: skip


def test_what_is_nothing_beside_the_rest_does_not_stretch_the_scale() -> None:
    """A range from 3e-15 t (a rounded 0) to 40 t: no fifteen decades."""
    page = Page.of(frame(row(), row(**FREE | {"low_t_per_year": 3e-15, "high_t_per_year": 40.0})), 450.0, None,
                   None, "fr")  # fmt: skip
    assert not page.is_log
    assert page.low == 0.0


def test_zero_and_beyond_stand_at_the_edges() -> None:
    low = row(declared_t_per_year=0.0, said_t_per_year=(0.0,), declared_sd_t=0.0, reconciled_t_per_year=0.01)
    page = Page.of(frame(row(), low), 450.0, None, None, "fr")
    assert page.is_log
    assert page.x(0.0) == page.x(-5.0) == page.left + 6.0
    assert page.x(1e12) == page.right - 8.0


def test_all_zero_is_drawn() -> None:
    zero = row(declared_t_per_year=0.0, declared_sd_t=0.0, reconciled_t_per_year=0.0, said_t_per_year=(0.0,))
    ax = draw_reconciliation(frame(zero | {"low_t_per_year": 0.0, "high_t_per_year": 0.0}))
    assert len(marks(ax, "reconciled")) == 1


def test_how_many_are_not_shown_is_written() -> None:
    assert "1 other flow is not shown." in words(draw_reconciliation(frame(row(), left_out=1), lang="en"))
    assert "4 autres flux ne sont pas montrés." in words(draw_reconciliation(frame(row(), left_out=4)))
    assert not any("not shown" in text for text in words(draw_reconciliation(frame(row()), lang="en")))


def test_long_names_are_wrapped_and_nothing_leaves_the_page() -> None:
    long = "Textiles non réemployables en mélange, Collecteurs et trieurs (non nommés) →\u00a0Autres valorisations"
    suspect = {"is_suspect": True, "standardised_adjustment": -12.3, "reconciled_t_per_year": 61_234.5}
    ax = draw_reconciliation(frame(row(label=long, **suspect), row(label=long, **FREE), left_out=3))
    assert isinstance(ax.figure, Figure)
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    width, height = ax.get_xlim()[1], ax.get_ylim()[0]
    for text in ax.texts:
        box = text.get_window_extent(renderer).transformed(ax.transData.inverted())
        assert box.x0 >= 0 and box.x1 <= width + 1, text.get_text()
        assert min(box.y0, box.y1) >= -1 and max(box.y0, box.y1) <= height + 1, text.get_text()
        assert float(text.get_fontsize()) >= 6.0
    assert long not in words(ax)  # over several lines
    assert "".join(words(ax)).replace(" ", "").count("Collecteurs") == 2


def test_names_are_no_formulas() -> None:
    ax = draw_reconciliation(frame(row(label="$x$ →\u00a0B\n")), title="$t$")
    assert {"$x$ →\u00a0B", "$t$"} <= set(words(ax))
    assert not any(text.get_parse_math() for text in ax.texts)
    FigureCanvasAgg(ax.figure).draw()  # type: ignore[arg-type]


def test_axes_that_are_given_are_used(r: Reconciliation) -> None:
    figure = Figure(figsize=(7, 5))
    ax = figure.add_subplot()
    assert cv.figures.reconciliation(r, ax=ax, lang="en", title="Essai") is ax
    box = ax.get_window_extent()
    assert ax.get_xlim()[1] == pytest.approx(box.width / figure.dpi * 72)
    assert ax.get_ylim()[0] == pytest.approx(box.height / figure.dpi * 72)
    assert "Essai" in words(ax)
    FigureCanvasAgg(figure).draw()


def test_a_filiere_without_flows_says_so() -> None:
    empty = reconcile(Filiere.from_tables(actors={"name": ["A"]}))
    ax = cv.figures.reconciliation(empty)
    said = " ".join(words(ax)).replace("\n", " ")
    assert said == "Aucun flux n’est décrit\u00a0: il n’y a rien à rapprocher."
    assert not ax.lines
    assert cv.figures.reconciliation_alt_text(empty, lang="en").startswith("No flow is described")


def test_the_frame_is_not_changed() -> None:
    data = frame(row(), row(**FREE))
    before = data.copy()
    draw_reconciliation(data)
    pd.testing.assert_frame_equal(data, before)


# -- the same in words ----------------------------------------------------------------------------------


def test_the_alternative_text_tells_suspects_adjustments_and_the_unknown(
    r: Reconciliation, suspicious: Reconciliation
) -> None:
    text = cv.figures.reconciliation_alt_text(suspicious, lang="en")
    assert text.startswith("Declared and reconciled flows: 5 flows. To be checked: ")
    assert f"Ménages →{NB}Relais (100 →{NB}85.7{NB}t/year)" in text
    assert text.index("To be checked") < text.index("Declared → reconciled")
    assert "Without a declared tonnage" not in text
    french = cv.figures.reconciliation_alt_text(r)
    assert "À vérifier" not in french
    assert f"Tonnage non déclaré\u00a0: Relais →{NB}Filature (" in french


def test_many_flows_are_counted_rather_than_named() -> None:
    flows = {"source": ["a"] * 20, "target": [None] * 20, "quantity_t_per_year": np.arange(1.0, 21.0)}
    found = reconcile(Filiere.from_tables(actors={"actor_id": ["a"], "name": ["A"]}, flows=flows))
    text = cv.figures.reconciliation_alt_text(found, lang="en")
    assert "15 flows" in text and text.endswith("9 others.")


@pytest.mark.parametrize("name", cv.datasets.available())
def test_an_example_is_legible(name: str) -> None:
    ax = cv.figures.reconciliation(reconcile(cv.datasets.load(name)))
    assert isinstance(ax.figure, Figure)
    assert ax.figure.get_figwidth() * 2.54 == pytest.approx(16.0)
    assert ax.figure.get_figheight() * 2.54 <= 20.0
    assert min(float(text.get_fontsize()) for text in ax.texts) >= 6.0
    FigureCanvasAgg(ax.figure).draw()
