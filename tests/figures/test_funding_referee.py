"""Funding, summed once more in plain Python: by perimeter, funder, purpose and state; drawn in proportion."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.insertion.money_words import amount_words, totals_words, years_words
from chaine_valeur.figures import FundingData, draw_funding, funding_alt_text, funding_data, funding_figure
from chaine_valeur.figures._funding_data import bar_label, funding_words
from chaine_valeur.vocabulary import FundingPurpose, FundingState, Scope
from tests.figures.sheets import beside, marks, outside, overlapping, said, words

pytestmark = pytest.mark.long

FUNDERS = ["Région", "EPCI", "État", "Europe"]
SCOPES, STATES, PURPOSES = ([one.value for one in kind] for kind in (Scope, FundingState, FundingPurpose))
NAN = float("nan")

MONEY = st.fixed_dictionaries(
    {
        "scope": st.sampled_from([None, *SCOPES]),
        "funder_id": st.sampled_from([None, *FUNDERS]),
        "purpose": st.sampled_from([None, *PURPOSES]),
        "state": st.sampled_from([None, *STATES]),
        "amount_eur": st.one_of(st.none(), st.integers(0, 10**6)),
        "since": st.sampled_from([None, 2022, 2023]),
        "until": st.sampled_from([None, 2024, 2026]),
    }
)


def funded(rows: list[dict[str, Any]]) -> Filiere:
    return Filiere.from_tables(actors={"name": FUNDERS}, funding=pd.DataFrame(rows))


def plain_sums(rows: list[dict[str, Any]], names: dict[str, str]) -> dict[tuple[str, ...], dict[str, Any]]:
    """Return what a loop over the rows finds for each perimeter, funder, purpose and state."""
    found: dict[tuple[str, ...], dict[str, Any]] = defaultdict(
        lambda: {"known": [], "n": 0, "unknown": 0, "since": [], "until": [], "undated": 0}
    )
    for row in rows:
        key = (
            row["scope"] or "",
            names.get(row["funder_id"] or "", ""),
            row["purpose"] or "",
            row["state"] or "",
        )
        one = found[key]
        one["n"] += 1
        if row["amount_eur"] is None:
            one["unknown"] += 1
        else:
            one["known"].append(row["amount_eur"])
        one["undated"] += row["until"] is None
        for end in ("since", "until"):
            one[end] += [] if row[end] is None else [row[end]]
    return dict(found)


@given(st.lists(MONEY, min_size=1, max_size=10))
@settings(max_examples=8)
def test_each_line_is_that_of_a_plain_loop(rows: list[dict[str, Any]]) -> None:
    f = funded(rows)
    names = {str(name): str(key) for key, name in f.actors["name"].items()}
    expected = plain_sums(rows, names)
    found = funding_data(f, most=100, lang="en").rows
    keys = [
        tuple(row[name] for name in ("scope", "funder_id", "purpose", "state"))
        for row in found.to_dict("records")
    ]
    assert sorted(keys) == sorted(expected)  # each once, none more
    for key, row in zip(keys, found.to_dict("records"), strict=True):
        one = expected[key]
        assert row["amount_eur"] == pytest.approx(
            float(sum(one["known"])) if one["known"] else NAN, nan_ok=True
        )
        assert (row["n_rows"], row["n_unknown"], row["n_undated"]) == (
            one["n"],
            one["unknown"],
            one["undated"],
        )
        assert (None if pd.isna(row["since"]) else row["since"]) == min(one["since"], default=None)
        assert (None if pd.isna(row["until"]) else row["until"]) == max(one["until"], default=None)
        assert row["funder_label"] == (f.actors["name"].get(key[1]) if key[1] else "Funder not stated")


@given(st.lists(MONEY, min_size=1, max_size=12), st.integers(2, 8))
@settings(max_examples=6)
def test_the_order_is_perimeter_money_purpose_and_state(rows: list[dict[str, Any]], most: int) -> None:
    found = funding_data(funded(rows), most=most, lang="en").rows
    scopes = list(dict.fromkeys(found["scope"]))
    assert scopes == sorted(scopes, key=["programme", "filiere", "structure", ""].index)
    for _, part in found.groupby("scope", sort=False):
        funders = list(dict.fromkeys(zip(part["n_grouped"] > 0, part["funder_id"], strict=True)))
        rest = [grouped for grouped, _ in funders]
        assert rest == sorted(rest)  # those put together come last
        total = part[part["n_grouped"] == 0].groupby("funder_id", sort=False)["amount_eur"].sum().tolist()
        assert total == sorted(total, reverse=True)
        for _, mine in part.groupby(["funder_id", "funder_label"], sort=False):
            places = [([*PURPOSES, ""].index(row["purpose"]), ["paid", "granted", "requested", ""].index(row["state"]))
                      for row in mine.to_dict("records")]  # fmt: skip
            assert places == sorted(places)
    bars = found.drop_duplicates(["scope", "funder_id", "funder_label", "purpose"])
    # a bar for each perimeter stays, were it one for all of its funders
    assert len(bars) <= max(most, len(scopes))


# -- words ----------------------------------------------------------------------------------------------


def line(state: str, amount: float, **more: Any) -> dict[str, Any]:
    plain = {"scope": "filiere", "funder_id": "region", "funder_label": "Région", "purpose": "study", "state": state,
             "amount_eur": amount, "n_rows": 1, "n_unknown": int(amount != amount), "since": None, "until": None,
             "n_undated": 0, "n_grouped": 0}  # fmt: skip
    return plain | more


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(rows).astype({"amount_eur": "float64", "since": "Int64", "until": "Int64"})


@pytest.mark.parametrize(
    ("rows", "english", "french"),
    [
        ([line("paid", 18_000)], "18,000 € granted or paid", "18 000 € (accordé ou versé)"),
        # what nobody stated counts as granted; requested stands apart
        ([line("", 5_000), line("requested", 7_000)], "5,000 € granted or paid; 7,000 € only requested", None),
        ([line("granted", 1_000), line("granted", NAN)], "1,000 € + 1 unknown amount granted or paid", None),
        ([line("requested", NAN), line("requested", NAN)], "2 unknown amounts only requested", None),
        ([line("paid", 0)], "0 € granted or paid", "0 € (accordé ou versé)"),  # none is not unknown
        ([line("paid", 0.5)], "1 € granted or paid", None),  # half up
        ([line("paid", 2_499.5)], "2,500 € granted or paid", None),
    ],
)  # fmt: skip
def test_totals_in_words(rows: list[dict[str, Any]], english: str, french: str | None) -> None:
    told = {
        lang: totals_words(frame(*rows), lang).replace("\u00a0", " ").replace("\u202f", " ")
        for lang in ("en", "fr")
    }
    assert told["en"] == english
    assert french is None or told["fr"] == french


def test_nothing_is_said_of_money_that_is_not_there() -> None:
    assert amount_words({"amount_eur": NAN, "n_unknown": 0}, "en") == ""
    assert totals_words(frame(line("paid", 1)).iloc[:0], "en") == ""
    assert years_words(frame(line("paid", 1))) == ""
    spread = frame(
        line("paid", 1, since=2022), line("paid", 1, until=2020, since=2019), line("paid", 1, until=2025)
    )
    assert years_words(spread) == "2019–2025"
    assert years_words(spread.head(1)) == "2022"


def test_a_bar_tells_each_state_then_the_years() -> None:
    rows = frame(line("paid", 40_000, since=2022, until=2023), line("granted", NAN, until=2024))
    assert (
        funding_words(rows, "en").replace("\u00a0", " ")
        == "paid: 40,000 €; granted: 1 unknown amount (2022–2024)"
    )
    assert bar_label(rows, "en") == "Région, study"
    assert bar_label(
        frame(line("paid", 1, n_grouped=3, funder_label="3 other funders", purpose="")), "en"
    ) == ("3 other funders, for all purposes")
    assert bar_label(frame(line("", 1, purpose="")), "fr") == "Région, objet non précisé"


def test_the_whole_in_words_names_every_perimeter_and_amount() -> None:
    data = FundingData(
        frame(line("paid", 40_000, scope="programme"), line("requested", 5_000), line("", NAN, scope=""))
    )
    told = funding_alt_text(data, "en").replace("\u00a0", " ")
    assert told == (
        "Programme, all filières (40,000 € granted or paid): Région, study: paid: 40,000 €. "
        "This filière (5,000 € only requested): Région, study: requested: 5,000 €. "
        "Perimeter not stated (1 unknown amount granted or paid): Région, study: state not stated: 1 unknown amount."
    )


# -- drawn ----------------------------------------------------------------------------------------------


def widths(ax: Axes, name: str) -> list[tuple[str, float]]:
    """Return the pieces of a bar from the left, each with the length that it stands for (frames stand inside)."""
    found = []
    for state, inset in (("paid", 0.0), ("granted", 0.4), ("requested", 0.4), ("state-not-stated", 0.4)):
        found += [
            (one.get_x() - inset, state, one.get_width() + 2 * inset) for one in beside(ax, state, name)
        ]
    return [(state, wide) for _, state, wide in sorted(found)]


def test_pieces_are_in_proportion_and_follow_each_other() -> None:
    first = [line("paid", 30_000), line("granted", 20_000), line("requested", 10_000), line("", 40_000)]
    other = line("paid", 25_000, scope="programme", purpose="animation")
    ax = draw_funding(FundingData(frame(other, *first)), lang="en")
    pieces = widths(ax, "Région, study")
    assert [state for state, _ in pieces] == ["paid", "granted", "requested", "state-not-stated"]
    unit = pieces[0][1] / 30
    assert [wide / unit for _, wide in pieces] == pytest.approx([30, 20, 10, 40])
    # one scale for all perimeters: 25 000 of the programme are as long as 25 000 of the filière
    ((state, wide),) = widths(ax, "Région, animation")
    assert state == "paid" and wide == pytest.approx(25 * unit)
    starts = [one.get_x() - (0.0 if state == "paid" else 0.4)
              for state, _ in pieces for one in beside(ax, state, "Région, study")]  # fmt: skip
    assert starts == pytest.approx([starts[0] + unit * known for known in (0, 30, 50, 60)])
    assert not marks(ax, "unknown")


def test_an_unknown_amount_begins_where_the_known_end() -> None:
    ax = draw_funding(FundingData(frame(line("paid", 30_000), line("granted", NAN), line("paid", NAN, purpose="other"))),
                      lang="en")  # fmt: skip
    (bar,), (sign,) = (beside(ax, kind, "Région, study") for kind in ("paid", "unknown"))
    assert sign.get_x() == pytest.approx(bar.get_x() + bar.get_width() + 1.5)
    assert not [one for one in beside(ax, "paid", "Région, other")]
    # a length that says nothing is the same everywhere
    assert len({one.get_width() for one in marks(ax, "unknown")}) == 1
    assert "amount unknown, not zero" in words(ax)


def test_zero_and_a_very_small_amount_are_seen() -> None:
    ax = draw_funding(FundingData(frame(line("paid", 0), line("paid", 3, purpose="other"),
                                        line("paid", 10**7, purpose="training"))), lang="en")  # fmt: skip
    zero, small, large = (widths(ax, f"Région, {name}")[0][1] for name in ("study", "other", "training"))
    assert zero == small == pytest.approx(1.6) and large > 50


def test_the_legend_shows_what_is_there_and_nothing_else() -> None:
    ax = draw_funding(
        FundingData(frame(line("granted", 5), line("granted", 6, purpose="animation"))), lang="en"
    )
    told = words(ax)
    assert {"granted", "Study", "Animation", "Each amount is that of its whole period."} <= {
        text.strip() for one in told for text in one.split("  ·  ")
    }
    for absent in ("paid", "requested", "state not stated", "amount unknown, not zero", "Training"):
        assert absent not in told
    assert "Perimeters are never added together." not in said(ax)
    assert "without a stated end" not in said(ax)


@pytest.mark.parametrize(("name", "lang"), [("exemple_complet", "fr"), ("textiles_usages", "en")])
def test_the_examples_stand_on_their_page(name: str, lang: str) -> None:
    ax = funding_figure(datasets.load(name), lang=lang, title="Financements")
    assert not outside(ax)
    assert not overlapping(ax)


def test_twenty_funders_of_long_names_stand_on_a_narrow_page() -> None:
    rows = [line("paid", 1000 * n, funder_id=f"f{n}", since=2022, until=2026, n_unknown=n % 2,
                 funder_label=f"Agence de la transition et de l’industrie n° {n}") for n in range(20)]  # fmt: skip
    ax = draw_funding(FundingData(frame(*rows), n_grouped=7), lang="fr", width_cm=11.0)
    assert not outside(ax) and not overlapping(ax)
    assert "Les 7 plus petits financeurs sont regroupés." in said(ax)
