"""Funding by funder and purpose: perimeters apart, states told apart by more than colour, the unknown counted."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.insertion import funding_table
from chaine_valeur.analysis.insertion.money_words import (
    amount_words,
    purpose_name,
    scope_words,
    state_words,
    years_words,
)
from chaine_valeur.errors import ArgumentError
from chaine_valeur.figures import FundingData, draw_funding, funding_alt_text, funding_data, funding_figure
from chaine_valeur.figures.funding_figure import PURPOSE_COLOURS
from chaine_valeur.vocabulary import FundingPurpose

NB = "\u00a0"

MONEY: dict[str, Any] = {
    "scope": ["filiere", "programme", "programme", "programme", "filiere", None],
    "funder_id": ["Région", "EPCI", "Région", "Région", "EPCI", None],
    "purpose": ["study", "animation", "animation", "animation", "post_aid", None],
    "state": ["requested", "granted", "paid", "granted", "paid", None],
    "amount_eur": [20_000, 40_000, 60_000, None, None, 500],
    "since": [2025, 2022, 2022, 2024, None, None],
    "until": [2026, 2024, 2023, 2025, None, None],
}


def small(**money: Any) -> Filiere:
    return Filiere.from_tables(actors={"name": ["EPCI", "Région"]}, funding=MONEY | money)


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def said(ax: Axes) -> str:
    return " ".join(words(ax)).replace(NB, " ")


def bars(ax: Axes, gid: str, name: str) -> list[Rectangle]:
    """The bars of a state in the row of a name."""
    y = next(float(text.get_position()[1]) for text in ax.texts if text.get_text() == name)
    return [
        patch
        for patch in ax.patches
        if isinstance(patch, Rectangle)
        and patch.get_gid() == gid
        and abs(patch.get_y() + patch.get_height() / 2 - y) < 3
    ]


@pytest.fixture(scope="module")
def data() -> FundingData:
    return funding_data(small(), lang="en")


@pytest.fixture(scope="module")
def ax(data: FundingData) -> Axes:
    return draw_funding(data, lang="en")


# -- the frame ------------------------------------------------------------------------------------------


def test_perimeters_funders_purposes_and_states_in_order(data: FundingData) -> None:
    # programme first; there Région, 60 000 €, before EPCI, 40 000 €; paid before granted; what nobody said is last
    expected = pd.DataFrame(
        {
            "scope": pd.Series(["programme"] * 3 + ["filiere"] * 2 + [""], dtype="str"),
            "funder_id": pd.Series(["region", "region", "epci", "region", "epci", ""], dtype="str"),
            "funder_label": pd.Series(
                ["Région", "Région", "EPCI", "Région", "EPCI", "Funder not stated"], dtype="str"
            ),
            "purpose": pd.Series(["animation"] * 3 + ["study", "post_aid", ""], dtype="str"),
            "state": pd.Series(["paid", "granted", "granted", "requested", "paid", ""], dtype="str"),
            "amount_eur": [60_000.0, None, 40_000.0, 20_000.0, None, 500.0],
            "n_rows": [1] * 6,
            "n_unknown": [0, 1, 0, 0, 1, 0],
            "since": pd.array([2022, 2024, 2022, 2025, None, None], dtype="Int64"),
            "until": pd.array([2023, 2025, 2024, 2026, None, None], dtype="Int64"),
            "n_undated": [0, 0, 0, 0, 1, 1],
            "n_grouped": [0] * 6,
        }
    )
    pd.testing.assert_frame_equal(data.rows, expected)


def test_the_sums_are_those_of_the_table() -> None:
    f = datasets.load("exemple_complet")
    table, rows = funding_table(f), funding_data(f).rows
    assert rows["amount_eur"].sum() == table["amount_eur"].sum()
    assert rows["n_unknown"].sum() == table["n_unknown"].sum() == 2
    by_scope = table.groupby("scope")["amount_eur"].sum()
    assert rows.groupby("scope")["amount_eur"].sum().to_dict() == by_scope.to_dict()


def test_too_many_funders_are_put_together_in_their_perimeter_and_counted() -> None:
    names = [f"F{place}" for place in range(30)]
    f = Filiere.from_tables(
        actors={"name": names},
        funding={
            "scope": ["programme", "filiere"] * 15,
            "funder_id": names,
            "purpose": "study",
            "state": "paid",
            "amount_eur": [100 - place for place in range(30)],
        },
    )
    found = funding_data(f, most=10, lang="en")
    bars_ = found.rows.drop_duplicates(["scope", "funder_id", "purpose"])
    assert len(bars_) == 10  # 8 funders, and the others of each perimeter
    rest = found.rows[found.rows["n_grouped"] > 0].set_index("scope")
    # F0 … F7 are shown: 100 … 93. Of the programme F8, F10 … F28 remain: 92 + 90 + … + 72 = 11 × 82 = 902
    assert rest["funder_label"].to_dict() == {"programme": "11 other funders", "filiere": "11 other funders"}
    assert rest["amount_eur"].to_dict() == {"programme": 902.0, "filiere": 891.0}
    assert found.n_grouped == 22
    drawn = draw_funding(found, lang="en")
    assert "11 other funders, for all purposes" in words(drawn)
    assert "The 22 smallest funders are put together." in said(drawn)
    with pytest.raises(ArgumentError, match="two bars"):
        funding_data(f, most=1)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["programme", "filiere", "structure", None]),
            st.sampled_from(["EPCI", "Région", "État", None]),
            st.sampled_from(["study", "animation", None]),
            st.sampled_from(["paid", "granted", "requested", None]),
            st.one_of(st.none(), st.integers(0, 10**6)),
        ),
        min_size=1,
        max_size=12,
    ),
    st.integers(2, 6),
)
@settings(max_examples=15, deadline=None)
def test_grouping_loses_no_euro_and_no_row(rows: list[tuple[Any, ...]], most: int) -> None:
    scope, funder, purpose, state, amount = (list(column) for column in zip(*rows, strict=True))
    f = Filiere.from_tables(
        actors={"name": ["EPCI", "Région", "État"]},
        funding={
            "scope": scope,
            "funder_id": funder,
            "purpose": purpose,
            "state": state,
            "amount_eur": amount,
        },
    )
    whole, found = funding_data(f, most=100).rows, funding_data(f, most=most).rows
    keys = ["scope", "state"]
    sums = ["amount_eur", "n_rows", "n_unknown", "n_undated"]
    pd.testing.assert_frame_equal(
        whole.groupby(keys)[sums].sum().sort_index(), found.groupby(keys)[sums].sum().sort_index()
    )
    assert whole["n_rows"].sum() == len(rows)
    assert found["n_unknown"].sum() == amount.count(None)
    assert (
        found["amount_eur"].isna().sum() >= 0
        and (found["amount_eur"].isna() <= (found["n_unknown"] > 0)).all()
    )


def test_the_order_of_the_rows_changes_nothing_but_ties(data: FundingData) -> None:
    turned = {name: values[::-1] for name, values in MONEY.items()}
    found = funding_data(small(**turned), lang="en")
    pd.testing.assert_frame_equal(found.rows, data.rows)


def test_a_year_takes_no_money_away() -> None:
    # an amount is that of its whole period: it cannot be cut by year
    f = datasets.load("exemple_complet")
    pd.testing.assert_frame_equal(funding_data(f.at(2024)).rows, funding_data(f).rows)


@pytest.mark.parametrize(
    ("amount", "unknown", "told"),
    [
        (40_000.0, 0, "40,000 €"),
        (40_000.0, 2, "40,000 € + 2 unknown amounts"),
        (float("nan"), 1, "1 unknown amount"),
        (0.0, 0, "0 €"),
    ],
)
def test_amounts_in_words(amount: float, unknown: int, told: str) -> None:
    assert amount_words({"amount_eur": amount, "n_unknown": unknown}, "en").replace(NB, " ") == told


def test_what_nobody_stated_has_words_of_its_own() -> None:
    assert purpose_name("", "en") == "Purpose not stated"
    assert state_words("", "en") == "State not stated"
    assert scope_words("", "en") == "Perimeter not stated"
    assert scope_words("structure", "fr") == "Structures"
    years = pd.DataFrame({"since": pd.array([None, 2020], "Int64"), "until": pd.array([None, 2020], "Int64")})
    assert (years_words(years), years_words(years.head(1))) == ("2020", "")


# -- the figure -----------------------------------------------------------------------------------------


def test_states_are_told_apart_by_more_than_colour(ax: Axes) -> None:
    (paid,) = bars(ax, "paid", "Région, animation")
    (granted,) = bars(ax, "granted", "EPCI, animation")
    (requested,) = bars(ax, "requested", "Région, study")
    assert to_hex(paid.get_facecolor()) == PURPOSE_COLOURS["animation"].lower()
    assert {to_hex(one.get_facecolor()) for one in (granted, requested)} == {"#ffffff"}
    assert granted.get_linestyle() == "-" and isinstance(requested.get_linestyle(), tuple)  # dashes
    lines = [one for one in ax.collections if isinstance(one, LineCollection)]
    inside = [
        one
        for one in lines
        if abs(one.get_segments()[0][0][1] - granted.get_y()) < granted.get_height() + 1
        and len(one.get_segments()) > 5
    ]
    assert inside  # the granted one is hatched
    dotted = [one for one in ax.patches if one.get_gid() == "state-not-stated"]
    assert [one.get_linestyle() for one in dotted] == [":", ":"]  # the bar, and the legend


def test_bars_share_one_scale(ax: Axes) -> None:
    (paid,) = bars(ax, "paid", "Région, animation")
    (granted,) = bars(ax, "granted", "EPCI, animation")
    (requested,) = bars(ax, "requested", "Région, study")
    # 60 : 40 : 20, the frames being drawn a little inside
    assert granted.get_width() + 0.8 == pytest.approx(paid.get_width() * 40 / 60, abs=0.1)
    assert requested.get_width() + 0.8 == pytest.approx(paid.get_width() * 20 / 60, abs=0.1)


def test_an_unknown_amount_is_hatched_and_counted_never_zero(ax: Axes) -> None:
    assert len(bars(ax, "unknown", "Région, animation")) == 1
    assert len(bars(ax, "unknown", "EPCI, aid per post")) == 1
    assert not bars(ax, "unknown", "EPCI, animation")
    assert "1 unknown amount" in said(ax)


def test_headings_total_each_perimeter_apart(ax: Axes) -> None:
    # programme: 60 000 + 40 000 and one unknown; filière: one unknown, 20 000 only requested
    told = said(ax)
    assert "100,000 € + 1 unknown amount granted or paid" in told
    assert "1 unknown amount granted or paid; 20,000 € only requested" in told
    assert "120,000" not in told and "Perimeters are never added together." in told
    assert "2 fundings without a stated end." in told


def test_years_stand_beside_the_bar(ax: Axes) -> None:
    told = said(ax)
    assert "(2022–2025)" in told  # the two rows of Région for animation
    assert "requested: 20,000 € (2025–2026)" in told


def test_every_purpose_has_a_colour_of_its_own() -> None:
    assert list(PURPOSE_COLOURS) == [purpose.value for purpose in FundingPurpose]
    assert len(set(PURPOSE_COLOURS.values())) == len(PURPOSE_COLOURS)


def test_the_same_in_words(data: FundingData) -> None:
    told = funding_alt_text(data, "en").replace(NB, " ")
    assert "EPCI, animation: granted: 40,000 € (2022–2024)" in told
    assert "Perimeter not stated" in told
    french = funding_alt_text(funding_data(small())).replace(NB, " ")
    assert "Région, étude : sollicité : 20\u202f000 € (2025–2026)" in french


def test_nothing_described_says_what_to_ask() -> None:
    f = Filiere.from_tables(actors={"name": ["EPCI"]})
    assert funding_data(f).rows.empty
    assert "who pays for what" in said(funding_figure(f, lang="en")).replace("\n", " ")
    assert funding_alt_text(funding_data(f), "en") == "No funding is described."


def test_all_amounts_unknown_and_names_that_try_something() -> None:
    name = "$x$ <script> \u202eمر 😀 " + "très long " * 30
    f = Filiere.from_tables(actors={"name": [name]}, funding={"funder_id": [name], "scope": "filiere"})
    given = Figure(figsize=(3, 2)).add_subplot()
    assert funding_figure(f, ax=given, title="$t$") is given
    assert len([one for one in given.patches if one.get_gid() == "unknown"]) == 1
    assert "$t$" in words(given)
