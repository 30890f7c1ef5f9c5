"""Which finding is which: numbered ones are told apart by their rows, never by the order in which they were found."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import datasets
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.differences import compare
from chaine_valeur.differences.pairing import paired
from tests.differences.test_compare import NAN, said, told
from tests.report.readers import plain


def missed(quantity: float, *rows: str, unit: str = "FTE", **about: Any) -> Finding:
    """A target that was missed: about nothing in particular, so that several have the same identifier."""
    return Finding("target_missed", "low", f"Missed by {quantity:g}: {', '.join(rows)}.", quantity=quantity,
                   unit=unit, rows={"outcomes": rows}, **about)  # fmt: skip


def changes(first: tuple[Finding, ...], last: tuple[Finding, ...]) -> dict[str, tuple[str, float, float]]:
    frame = compare(told(None, *first), told(None, *last)).findings
    assert frame["finding_id"].is_unique
    return {
        row["finding_id"]: (row["change"], row["quantity_before"], row["quantity_after"])
        for row in frame.fillna({"quantity_before": -1, "quantity_after": -1}).to_dict("records")
    }


def test_two_alike_that_change_places_are_the_same():
    # found in another order, target_missed and target_missed:2 are each other
    one, two = missed(5.0, "a"), missed(2.0, "b")
    assert changes((one, two), (two, one)) == {
        "target_missed": ("same", 5, 5),
        "target_missed:2": ("same", 2, 2),
    }


def test_one_of_two_that_goes_takes_no_other_with_it():
    # a goes; b, second before and alone now, is still b
    found = changes((missed(5.0, "a"), missed(2.0, "b")), (missed(3.0, "b"),))
    assert found == {"target_missed": ("solved", 5, -1), "target_missed:2": ("changed", 2, 3)}


def test_a_new_one_before_another_takes_an_identifier_that_nobody_has():
    # c comes first; a keeps the identifier that it had, c gets the next one
    found = changes((missed(5.0, "a"),), (missed(9.0, "c"), missed(5.0, "a")))
    assert found == {"target_missed": ("same", 5, 5), "target_missed:2": ("new", -1, 9)}


def test_none_of_several_that_shares_no_row_is_another_one():
    found = changes((missed(5.0, "a"),), (missed(9.0, "c"), missed(1.0, "d")))
    assert found == {
        "target_missed": ("solved", 5, -1),
        "target_missed:2": ("new", -1, 9),
        "target_missed:3": ("new", -1, 1),
    }


def test_most_rows_in_common_decide():
    # x shares one row with p and two with q: it is q, and y, which shares one with both, is p
    p, q = missed(1.0, "1", "2"), missed(2.0, "3", "4", "5")
    x, y = missed(7.0, "1", "3", "4"), missed(8.0, "2", "5")
    found = changes((p, q), (x, y))
    assert found == {"target_missed": ("changed", 1, 8), "target_missed:2": ("changed", 2, 7)}


def test_alone_on_both_sides_it_may_rest_on_other_rows():
    # an identifier that says what it is about is enough: the rows of another year are other rows
    assert changes((missed(5.0, "2023"),), (missed(4.0, "2024"),)) == {"target_missed": ("changed", 5, 4)}


def test_posts_are_no_full_time_equivalents():
    found = changes((missed(5.0, "a"),), (missed(14.0, "a", unit="post"),))
    assert found == {"target_missed": ("solved", 5, -1), "target_missed:2": ("new", -1, 14)}
    both = changes((missed(5.0, "a"), missed(1.0, "b")), (missed(14.0, "a", unit="post"), missed(1.0, "b")))
    assert [change for change, *_ in both.values()].count("same") == 1
    assert ("changed", 5, 14) not in both.values()


def test_what_is_found_again_otherwise_is_not_said_to_be_gone():
    sentences = said(compare(told(None, missed(5.0, "a")), told(None, missed(14.0, "a", unit="post"))))
    assert sentences == ["Newly found: Missed by 14: a."]


def test_two_of_one_name_that_go_are_named_once():
    one, two = missed(5.0, "a"), missed(2.0, "b")
    assert said(compare(told(None, one, two), told(None))) == ["No longer found: Target not reached."]


def test_the_targets_of_two_years_are_not_taken_for_one_another():
    """In 2023 one target is missed, of 5 FTE; in 2024 five are, the first of which counts posts of a programme."""
    f = datasets.load("exemple_complet")
    found = compare(f.at(2023), f.at(2024), lang="en")
    rows = found.findings[found.findings["kind"] == "target_missed"]
    changed = rows[rows["change"] == "changed"]
    assert changed.empty or (changed["message_before"].str[:20] == changed["message_after"].str[:20]).all()
    assert len(rows[rows["change"] != "solved"]) == 5
    assert not any("Target not reached" in sentence for sentence in found.sentences())
    assert any("26" in plain(one) and one.startswith("Newly found") for one in found.sentences())


# -- as a function --------------------------------------------------------------------------------------------

some = st.lists(
    st.builds(
        missed,
        st.sampled_from([1.0, 2.0, NAN]),
        st.sampled_from(["a", "b", "c", "d"]),
        st.sampled_from(["a", "b", "e"]),
        unit=st.sampled_from(["FTE", "post"]),
        stage_id=st.sampled_from([None, "tri"]),
    ),
    max_size=5,
)


def numbered(found: list[Finding]) -> dict[str, Finding]:
    listed: dict[str, Finding] = {}
    for one in found:
        name, again = one.finding_id, 1
        while name in listed:
            again += 1
            name = f"{one.finding_id}:{again}"
        listed[name] = one
    return listed


@settings(max_examples=60, deadline=None)
@given(before=some, after=some)
def test_everything_is_paired_at_most_once_and_with_its_like(
    before: list[Finding], after: list[Finding]
) -> None:
    ones, twos = numbered(before), numbered(after)
    names = list(paired(ones, twos, twos))
    assert len(names) == len(twos) == len(set(names))
    for name, two in zip(names, twos.values(), strict=True):
        if name in ones:
            assert ones[name].finding_id == two.finding_id and ones[name].unit == two.unit
    left = [name for name in ones if name not in names]
    for name, two in zip(names, twos.values(), strict=True):
        if name in ones:
            continue
        for other in left:  # nothing is left over on both sides that shares a row
            one = ones[other]
            if one.finding_id == two.finding_id and one.unit == two.unit:
                assert not set(one.rows["outcomes"]) & set(two.rows["outcomes"])


@settings(max_examples=40, deadline=None)
@given(found=some)
def test_the_same_findings_are_each_themselves(found: list[Finding]) -> None:
    ones = numbered(found)
    names = dict(zip(ones, paired(ones, ones, ones), strict=True))
    for name, other in names.items():  # two that say the same on the same rows may change places
        assert ones[other].rows == ones[name].rows and ones[other].unit == ones[name].unit


@settings(max_examples=15, deadline=None)
@given(
    found=st.lists(st.sampled_from("abcd"), unique=True, max_size=4), order=st.randoms(use_true_random=False)
)
def test_the_order_in_which_findings_are_found_does_not_matter(found: list[str], order: Any) -> None:
    first = [missed(float(ord(name)), name) for name in found]
    last = list(first)
    order.shuffle(last)
    frame = compare(told(None, *first), told(None, *last)).findings
    assert frame["change"].tolist() == ["same"] * len(found)
    assert frame["quantity_before"].equals(frame["quantity_after"].rename("quantity_before"))


def test_an_order_is_kept():
    ones = {"target_missed": missed(1.0, "a"), "target_missed:2": missed(2.0, "b")}
    assert list(paired(ones, ones, ["target_missed:2", "target_missed"])) == [
        "target_missed:2",
        "target_missed",
    ]
    assert list(paired({}, {}, [])) == []
    assert list(paired({}, ones, ones)) == list(ones)


def test_columns_of_what_it_is_about():
    group = Finding("group_to_gather", "low", "A group.", group_id="club")
    other = Finding("unused_supply", "low", "Cotton.", material_id="coton")
    frame = compare(told(None, group), told(None, other)).findings.set_index("change")
    assert frame.loc["solved", "group_id"] == "club" and pd.isna(frame.loc["solved", "material_id"])
    assert frame.loc["new", "material_id"] == "coton" and pd.isna(frame.loc["new", "group_id"])
