"""Words and figures for readers: both languages alike, nothing ambiguous, nothing missing."""

from __future__ import annotations

import gettext
import re
import string
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import chaine_valeur
from chaine_valeur import language, schema
from chaine_valeur.errors import UnknownNameError, close_names
from chaine_valeur.text import fold, join_list, slug, split_list
from chaine_valeur.vocabulary import VOCABULARIES, Term, label, labels, parse_term, vocabulary

NB, NNB = "\u00a0", "\u202f"


# -- figures --------------------------------------------------------------------------------------------


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_rounded_half_up_on_the_decimal_that_is_shown(value, digits):
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    french = language.number(value, "fr", digits=digits)
    assert Decimal(french.replace(NNB, "").replace(",", ".")) == exact
    english = language.number(value, "en", digits=digits)
    assert english.translate(str.maketrans({",": NNB, ".": ","})) == french  # the same figure, other signs
    assert not re.fullmatch(r"-0([.,]0*)?", english)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (0.001234, "0,001"), (0.0999, "0,1"), (0.1, "0,1"), (0.126, "0,13"), (1.005, "1,01"), (9.999, "10"),
     (12.34, "12,3"), (99.94, "99,9"), (99.95, "100"), (100.4, "100"), (-12.34, "-12,3"), (1e6, f"1{NNB}000{NNB}000"),
     (1200, f"1{NNB}200")],
)  # fmt: skip
def test_about_three_figures_that_carry_meaning(value, shown):
    assert language.number(value) == shown


@pytest.mark.parametrize("unknown", [None, float("nan")])
def test_the_unknown_is_told_as_such_by_every_teller(unknown):
    for lang in language.LANGUAGES:
        assert language.number(unknown, lang) == language.percent(unknown, lang) == "?"
        assert language.quantity(unknown, "t", lang) == f"?{NB}t"
        assert language.out_of(unknown, 3, lang) == language.out_of(3, unknown, lang) == "?"
        assert language.date_text(None, lang) == "?"
        assert "?" in language.interval(unknown, 5, lang)
        assert "5" in language.interval(unknown, 5, lang)


@pytest.mark.parametrize(
    ("share", "digits", "french", "english"),
    [(0.005, 0, f"1{NB}%", "1%"), (0.0049, 0, f"0{NB}%", "0%"), (1, 0, f"100{NB}%", "100%"), 
     (0.285, 1, f"28,5{NB}%", "28.5%"), (12.5, 0, f"1{NNB}250{NB}%", "1,250%"), (-0.1, 0, f"-10{NB}%", "-10%")],
)  # fmt: skip
def test_percentages(share, digits, french, english):
    assert language.percent(share, "fr", digits=digits) == french
    assert language.percent(share, "en", digits=digits) == english


@given(st.integers(0, 200), st.integers(1, 200), st.sampled_from(language.LANGUAGES))
def test_a_ratio_over_few_is_never_a_percentage(part, whole, lang):
    told = language.out_of(part, whole, lang)
    assert ("%" in told) == (whole >= language.SMALL_NUMBER)
    if whole < language.SMALL_NUMBER:
        assert re.findall(r"\d+", told) == [str(part), str(whole)]
    assert language.out_of(part, whole, lang, small=1) == language.percent(part / whole, lang)


def test_a_ratio_at_the_threshold():
    assert language.out_of(7, 29) == "7 sur 29"
    assert language.out_of(7, 30) == f"23{NB}%"
    assert language.out_of(7, 29, "en") == "7 out of 29"
    assert language.out_of(0.5, 12) == "0,5 sur 12"


@pytest.mark.parametrize(
    ("count", "limit", "french", "english"),
    [(0, 6, "", ""), (1, 6, "a", "a"), (2, 6, "a et b", "a and b"), (6, 6, "a, b, c, d, e et f", "a, b, c, d, e and f"),
     (7, 6, "a, b, c, d, e, f et 1 autre", "a, b, c, d, e, f and 1 other"),
     (9, 2, "a, b et 7 autres", "a, b and 7 others")],
)  # fmt: skip
def test_enumerations(count, limit, french, english):
    items = list("abcdefghi")[:count]
    assert language.enumeration(items, "fr", limit=limit) == french
    assert language.enumeration(items, "en", limit=limit) == english


def test_intervals_and_dates():
    assert language.interval(40, 90, "en", unit="t") == f"from 40 to 90{NB}t"
    assert language.interval(1200, 1200, unit="t") == f"1{NNB}200{NB}t"
    assert language.date_text(date(2024, 12, 31)) == "31 décembre 2024"
    assert language.date_text(datetime(2024, 8, 15, 10), "en") == "15 August 2024"


# -- the catalogue --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["de", "FR", "", "fr_FR"])
def test_a_language_that_we_do_not_speak(lang):
    for tell in (
        lambda: language.tr("x", lang),
        lambda: language.number(3, lang),
        lambda: language.check_language(lang),
        lambda: language.date_text(date(2024, 1, 1), lang),
    ):
        with pytest.raises(UnknownNameError, match="fr, en"):
            tell()


def test_every_message_is_translated_with_the_same_fields():
    domain = Path(chaine_valeur.__file__).parent / "locale"
    catalogue = gettext.translation("chaine_valeur", domain, languages=["fr"])
    entries = catalogue._catalog  # type: ignore[attr-defined]
    assert len(entries) > 200

    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for message, translation in entries.items():
        source = message[0] if isinstance(message, tuple) else message
        if source:  # the empty one is the header of the catalogue
            assert translation, source
            if isinstance(message, tuple):  # a singular may leave out what its plural says
                assert fields(source) | fields(translation) <= fields(entries[source, 1]) | {"count"}, source
            else:
                assert fields(source) == fields(translation), source


def test_a_message_that_nobody_translated_is_told_as_it_stands():
    assert language.tr("no such message {n}", "fr", n=3) == "no such message 3"
    assert language.tr("plain {braces}", "en") == "plain {braces}"  # without values nothing is filled in


# -- terms ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_vocabulary_is_told_in_two_languages_without_doubles(name):
    terms = list(vocabulary(name))
    assert terms
    for lang in language.LANGUAGES:
        told = list(labels(name, lang).values())
        assert len(set(told)) == len({fold(word) for word in told}) == len(told)
        assert all(word == word.strip() and word for word in told)
        assert lang == "en" or "'" not in "".join(told)
    for term in terms:
        assert isinstance(term, Term)
        assert term == str(term) == term.value
        assert re.fullmatch(r"[A-Za-z][A-Za-z_0-9]*", term.value), "a stored value is one plain word"
        assert label(term.value, name, "en") == term.label_en
    assert vocabulary(name).__doc__


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_word_means_one_term_after_folding(name):
    """Labels and values of a term never mean another; an alias means its own term, or is shadowed by a label."""
    owners: dict[str, set[str]] = {}
    for term in vocabulary(name):
        for alias in term.aliases:
            owners.setdefault(fold(alias), set()).add(term.value)
            meant = parse_term(alias, name)
            labelled = vocabulary(name)(meant)
            own_words = {fold(word) for word in (meant, labelled.label_fr, labelled.label_en)}
            assert meant == term.value or fold(alias) in own_words
    assert {word: found for word, found in owners.items() if len(found) > 1} == {}


@given(st.sampled_from(sorted(VOCABULARIES)), st.text(max_size=8))
def test_what_is_no_word_of_a_list_means_nothing(name, text):
    terms = vocabulary(name)
    known = {fold(word) for t in terms for word in (t.value, t.label_fr, t.label_en, *t.aliases)}
    assert (parse_term(text, name) is not None) == (fold(text) in known)


# -- headers, names, lists ------------------------------------------------------------------------------


@pytest.mark.parametrize("table", schema.tables().values(), ids=lambda table: table.name)
def test_each_alias_of_a_column_leads_to_it_when_alone(table):
    for column in table:
        for alias in (column.name, *column.aliases):
            assert (
                column.name in table.match_headers([alias]).values()
                or len(table.header_index[fold(alias)]) > 1
            )


@given(st.lists(st.text(max_size=10), max_size=6, unique=True))
def test_no_header_is_taken_twice(headers):
    for table in (schema.table("flows"), schema.table("actors")):
        found = table.match_headers(headers)
        assert list(found) == [header for header in headers if header in found]
        assert len(set(found.values())) == len(found)
        assert set(found.values()) <= set(table.columns)


def test_units_behind_headers():
    flows = schema.table("flows")
    assert flows.match_headers(["Quantité (t/an)"]) == {"Quantité (t/an)": "quantity_t_per_year"}
    assert flows.match_headers(["Quantité en tonnes par an", "Année (civile)"])["Année (civile)"] == "year"
    assert (
        flows.match_headers(["Quantité (kg)"]) == {}
    )  # kilograms read as tonnes would be a thousand times too many
    assert schema.unit_label("t/year") in schema.unit_spellings("t/year")


latin = st.text(alphabet="aàÂbcçÇeéÈêiïoôœŒuÙ 12-’'.(²", max_size=12)


@given(latin, latin)
def test_folding_is_about_letters_and_figures(a, b):
    assert fold(a) == fold(f" {a} ")
    assert fold(a.upper()) == fold(a.lower())
    assert re.fullmatch(r"[a-z0-9]+( [a-z0-9]+)*", fold(a)) or fold(a) == a.strip()
    if fold(a) == fold(b):
        assert slug(a) == slug(b)


@given(st.lists(st.text(max_size=5), max_size=5))
def test_lists_keep_each_entry_once_in_order(entries):
    got = split_list(join_list(entries))
    assert len(set(got)) == len(got)
    assert got == list(dict.fromkeys(p.strip() for e in entries for p in e.split(";") if p.strip()))
    assert split_list(join_list(got)) == got


@given(st.text(max_size=8), st.lists(st.text(max_size=8), max_size=6), st.integers(1, 4))
def test_close_names_are_names_and_few(name, names, limit):
    found = close_names(name, names, limit=limit)
    assert len(found) <= limit
    assert set(found) <= set(names)
    assert len(set(found)) == len(found)
    if len(name) >= 1 and name in names:
        assert found[0].casefold() == name.casefold()
