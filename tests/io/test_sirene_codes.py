"""Codes of activity and bands of employees: what may be asked, and what it comes to."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.io.sirene.bands import SIZE_BANDS, band_bounds, bands_asked
from chaine_valeur.io.sirene.naf import SECTIONS, code_ranges, dotted, naf_prefixes, section_of


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (None, ()),
        ("38.32Z", ("38.32Z",)),
        ("3832z", ("38.32Z",)),
        (" 38.3 ", ("38.3",)),
        ("383", ("38.3",)),
        ("3832", ("38.32",)),
        ("38", ("38",)),
        ("22.21Z; 38", ("22.21Z", "38")),
        (["38", "38", "13.9"], ("38", "13.9")),
        ("E", ("36", "37", "38", "39")),
        (["e", "38"], ("36", "37", "38", "39")),
        ([], ()),
    ],
)
def test_what_codes_begin_with(asked: object, found: tuple[str, ...]) -> None:
    assert naf_prefixes(asked) == found  # type: ignore[arg-type]


@pytest.mark.parametrize("asked", ["1.11Z", "3", "38.3Z", "38.321", "W", "22-21Z", "tri", ["38.32Z", ""]])
def test_what_is_no_code(asked: object) -> None:
    with pytest.raises(ArgumentError, match="is no NAF code: give text such as"):
        naf_prefixes(asked, lang="en")  # type: ignore[arg-type]


def test_a_number_is_no_code_as_it_may_have_lost_a_zero() -> None:
    with pytest.raises(ArgumentError, match=r"“38\.3” is no NAF code"):
        naf_prefixes([38.30], lang="en")  # type: ignore[list-item]


def test_sections_differ_between_the_nomenclatures() -> None:
    # publishing to computing is J until 2025; it is then J (58 to 60) and K (61 to 63)
    assert naf_prefixes("J") == ("58", "59", "60", "61", "62", "63")
    assert naf_prefixes("J", nomenclature="2025") == ("58", "59", "60")
    assert naf_prefixes("K", nomenclature="2025") == ("61", "62", "63")
    with pytest.raises(ArgumentError):
        naf_prefixes("V")
    assert naf_prefixes("V", nomenclature="2025") == ("99",)


@pytest.mark.parametrize("nomenclature", SECTIONS)
def test_each_division_is_in_one_section(nomenclature: str) -> None:
    divisions = [one for several in SECTIONS[nomenclature].values() for one in several]
    assert len(divisions) == len(set(divisions)) == {"rev2": 88, "2025": 87}[nomenclature]
    assert section_of(pd.Series(["38", "04"]), nomenclature=nomenclature).fillna("?").tolist() == ["E", "?"]


codes = st.from_regex(r"[0-9]{2}\.[0-9]{2}[A-Z]", fullmatch=True)


@settings(max_examples=40)
@given(st.lists(codes, min_size=1, max_size=6), codes, st.sampled_from([2, 4, 5, 6]), st.booleans())
def test_ranges_hold_what_begins_with_the_code_and_nothing_else(
    stock: list[str], asked: str, length: int, bare: bool
) -> None:
    prefix = asked[:length]
    ranges = code_ranges([prefix])
    for code in [*stock, asked]:
        stored = code.replace(".", "") if bare else code
        within = any(low <= stored < high for low, high in ranges)
        assert within == code.startswith(prefix)


def test_dotted_codes_and_those_of_other_nomenclatures() -> None:
    given_ = pd.Series(["3832Z", "38.32z", "52.4C", "7415", None, ""], index=list("abcdef"), dtype="str")
    found = dotted(given_)
    assert found.index.tolist() == list("abcdef")
    assert found.fillna("?").tolist() == ["38.32Z", "38.32Z", "?", "?", "?", "?"]


def test_bands_follow_one_another() -> None:
    lows = [low for low, _ in SIZE_BANDS.values()]
    highs = [high for _, high in SIZE_BANDS.values()]
    assert lows[1:] == [high + 1 for high in highs[:-1]]
    assert highs[-1] == np.inf


def test_the_ends_of_bands() -> None:
    found = band_bounds(pd.Series(["00", "12", "53", "NN", None, "99"], dtype="str"))
    assert found["low"].tolist() == pytest.approx([0, 20, 10_000, np.nan, np.nan, np.nan], nan_ok=True)
    assert found["high"].tolist() == pytest.approx([0, 49, np.inf, np.nan, np.nan, np.nan], nan_ok=True)
    assert band_bounds(pd.Series(dtype="str")).dtypes.astype(str).tolist() == ["float64", "float64"]


def test_bands_asked_for() -> None:
    assert bands_asked(None) is None
    assert bands_asked("41") == ["41", "42", "51", "52", "53"]
    assert bands_asked(1) == list(SIZE_BANDS)[1:]
    assert bands_asked(["12", "1"]) == ["12", "01"]


def test_bands_that_do_not_exist() -> None:
    with pytest.raises(UnknownNameError, match="“13” is not the code of a band of employees.*11, 12, 21"):
        bands_asked("13", lang="en")
    with pytest.raises(ArgumentError, match="sizes= est une liste vide"):
        bands_asked([])
