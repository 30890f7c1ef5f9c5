"""What to look for at a stage: its own codes, what they become, what the words of its name add."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chaine_valeur as cv
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.filiere import Filiere
from chaine_valeur.planning.correspondence import StageCodes, correspondence, for_stage
from chaine_valeur.planning.correspondence.nomenclatures import NOMENCLATURES
from chaine_valeur.planning.correspondence.stage import ITEM_COLUMNS
from chaine_valeur.text import fold, split_list


def chain(**columns) -> Filiere:
    sources = {"source_id": ["enquete"], "name": ["Enquête"]} if "source_id" in columns else {}
    tables = {"sources": sources} if sources else {}
    return Filiere.from_tables(actors={"name": ["A"]}, stages=columns, **tables)


def trades(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Return a table of rows (trade, words, nearness, naf)."""
    return pd.DataFrame(rows, columns=["trade", "words", "nearness", "naf"])


def named(name: str, table=None) -> StageCodes:
    f = chain(name=[name])
    return for_stage(f, f.stages.index[0], table=table)


def rows_of(found: StageCodes, *columns: str) -> list[list[str]]:
    return found.items[list(columns)].values.tolist()


def test_the_codes_of_the_stage_come_first_and_those_of_the_table_beside_them():
    f = chain(
        stage_id=["tri"], name=["Centre de tri"], naf=["3832Z;22.2"], siae_sectors=["recyclage TEXTILES;À façon"],
        source_id=["enquete"], confidence=["declared"],
    )  # fmt: skip
    found = for_stage(f, "tri")
    assert found.stage_id == "tri"
    assert found.name == "Centre de tri"
    assert found.reason == ""
    assert found.unread == ()
    # shipped table, trade « tri »: strict 38.32Z → 38.21Y, near 38.11Z → 38.11Y, three sectors near, two jobs strict.
    # 38.32Z goes to 20.16Y and 38.21Y, in part each: near; the table says 38.21Y strictly. « 22.2 » is a beginning.
    assert rows_of(found, "nomenclature", "code", "nearness", "origin") == [
        ["naf", "38.32Z", "strict", "stage"],
        ["naf", "22.2", "strict", "stage"],
        ["naf", "38.11Z", "near", "table"],
        ["naf_2025", "38.21Y", "strict", "table"],
        ["naf_2025", "20.16Y", "near", "stage"],
        ["naf_2025", "38.11Y", "near", "table"],
        ["siae_sectors", "Recyclage textiles", "strict", "stage"],
        ["siae_sectors", "À façon", "strict", "stage"],
        ["siae_sectors", "Recyclage papiers et fournitures d'entreprises", "near", "table"],
        ["siae_sectors", "Recyclage 5 flux et fournitures d'entreprise", "near", "table"],
        ["rome", "K2304", "strict", "table"],
        ["rome", "H3302", "strict", "table"],
    ]
    items = found.items.set_index("code")
    assert items.at["38.32Z", "source"] == "enquete"
    assert items.at["38.32Z", "label"] == "Récupération de déchets triés"
    assert items.at["20.16Y", "source"].startswith("Insee")
    assert pd.isna(items.at["22.2", "label"])
    assert items.at["38.11Z", "trade"] == items.at["38.11Z", "word"] == "tri"
    assert pd.isna(items.at["38.32Z", "trade"])
    # jobs rest on no source of the table; what a stage declares is no hypothesis
    assert items["hypothesis"].to_dict() == {
        "38.32Z": False, "22.2": False, "38.11Z": True, "38.21Y": False, "20.16Y": False, "38.11Y": True,
        "Recyclage textiles": False, "À façon": False, "Recyclage papiers et fournitures d'entreprises": True,
        "Recyclage 5 flux et fournitures d'entreprise": True, "K2304": True, "H3302": True,
    }  # fmt: skip
    assert found.naf == ("38.32Z", "22.2", "38.11Z")
    assert found.naf_2025 == found.codes("naf_2025") == ("38.21Y", "20.16Y", "38.11Y")
    assert found.codes("naf", nearness="near") == ("38.11Z",)
    assert found.siae_sectors[0] == "Recyclage textiles"
    assert found.rome == ("K2304", "H3302")
    assert bool(found)


def test_without_codes_of_its_own_the_table_is_strict():
    found = named("Filature")
    assert rows_of(found, "nomenclature", "code", "nearness")[:2] == [
        ["naf", "13.10Z", "strict"], ["naf", "13.94Z", "near"],
    ]  # fmt: skip
    assert found.items["origin"].eq("table").all()


def test_an_estimate_of_the_stage_stays_a_hypothesis():
    f = chain(name=["Gisement"], naf=["01.16Z"], confidence=["hypothesis"])
    assert for_stage(f, "gisement").items[["code", "hypothesis"]].values.tolist() == [
        ["01.16Z", True], ["01.16Y", True],
    ]  # fmt: skip


def test_a_stage_may_say_naf_2025_already():
    found = for_stage(chain(name=["X"], naf=["38.21Y"]), "x")
    assert rows_of(found, "nomenclature", "code", "nearness") == [["naf_2025", "38.21Y", "strict"]]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_nothing_found_says_so(lang):
    f = chain(name=["Gisement de plumes"], naf=["plume;38.32ZZ"])
    found = for_stage(f, "gisement-de-plumes", lang=lang)
    assert not found
    assert found.items.empty
    assert {name: str(dtype) for name, dtype in found.items.dtypes.items()} == ITEM_COLUMNS
    assert found.unread == ("plume", "38.32ZZ")
    assert all(getattr(found, name) == () for name in NOMENCLATURES)
    expected = {
        "fr": ["Rien ne dit que chercher pour «\u00a0Gisement de plumes\u00a0»", "Codes NAF", "Pas un code NAF"],
        "en": ["Nothing says what to look for at “Gisement de plumes”", "NAF codes", "“plume” and “38.32ZZ”."],
    }[lang]  # fmt: skip
    for part in expected:
        assert part in found.reason


def test_an_unreadable_code_hides_nothing():
    found = for_stage(chain(name=["Ensachage"], naf=["?!;82.92Z"]), "ensachage")
    assert found.unread == ("?!",)
    assert found.naf == ("82.92Z",)
    assert found.reason == ""


def test_what_does_not_exist():
    f = chain(name=["Tri", "Collecte"])
    with pytest.raises(UnknownNameError, match=r"no stage 'collect'; did you mean: collecte"):
        for_stage(f, "collect")
    with pytest.raises(UnknownNameError, match=r"naf_2025"):
        for_stage(f, "tri").codes("naf25")
    with pytest.raises(UnknownNameError):
        for_stage(Filiere.from_tables(actors={"name": ["A"]}), "tri")
    with pytest.raises(ArgumentError, match=r"no nearness"):
        for_stage(f, "tri", table=trades(("tri", "tri", "?", "38.32Z")), lang="en")


@pytest.mark.parametrize(
    ("words", "name", "stands"),
    [
        ("tri", "Tri", True),
        ("tri", "Centre de TRI.", True),
        ("tri", "Tricotage", False),
        ("tri", "Tri-sélectif", True),
        ("tri*", "Tricotage", True),
        ("tri*", "Le retri", False),
        ("effiloch*", "Effilochage du coton", True),
        ("porte a porte", "Collecte en porte-à-porte", True),
        ("porte a porte", "Porte automatique à porte", False),
        ("collect*+textile*", "Collecte séparée des textiles", True),
        ("collect*+textile*", "Textiles collectés", True),
        ("collect*+textile*", "Collecte des papiers", False),
        ("collect* + linge", "Collecte du linge", True),
        ("oeuvre", "Mise en œuvre", True),
        ("mise en oeuvre", "Mise en œuvre", True),
        ("non tisse*", "Non-tissés", True),
        ("rien;tri", "Tri", True),
    ],
)
def test_words_stand_in_names(words, name, stands):
    assert bool(named(name, trades(("metier", words, "strict", "38.32Z")))) is stands


def test_several_trades_and_rows_give_each_code_once_the_nearest_first():
    table = trades(
        ("a", "tri", "near", "13.10Z;38.11Z"),
        ("b", "centre", "strict", "22.21Z;13.10Z"),
        ("c", "", "near", "46.77Z"),
        ("c", "de", "strict", "46.76Z"),
        ("d", "absent", "strict", "01.16Z"),
    )
    found = named("Centre de tri", table)
    assert rows_of(found, "code", "nearness", "trade", "word") == [
        ["22.21Z", "strict", "b", "centre"],
        ["13.10Z", "strict", "b", "centre"],
        ["46.76Z", "strict", "c", "de"],
        ["38.11Z", "near", "a", "tri"],
        ["46.77Z", "near", "c", "de"],
    ]
    # a table without sources is the judgement of who wrote it
    assert found.items["hypothesis"].all()


def test_a_table_given_as_a_file(tmp_path):
    path = tmp_path / "metiers.csv"
    path.write_text("trade;words;nearness;naf\nplume;plume*;strict;13.99Z\n", encoding="cp1252")
    assert named("Plumes", path).naf == ("13.99Z",)
    assert named("Tri", path).naf == ()


def test_the_stages_of_the_examples_are_known_by_their_names():
    trades_of = {}
    for name in ("exemple_complet", "lin_composite", "textiles_france_2020"):
        f = cv.datasets.load(name)
        for stage_id in f.stages.index:
            trades_of[name, stage_id] = sorted(for_stage(f, stage_id).items["trade"].dropna().unique())
    assert trades_of["exemple_complet", "pose"] == ["negoce", "pose"]
    assert trades_of["exemple_complet", "porte-a-porte"] == ["collecte"]
    assert trades_of["exemple_complet", "effilochage"] == ["effilochage"]
    assert trades_of["exemple_complet", "defibrage"] == ["pate-papier"]
    assert trades_of["lin_composite", "preparation"] == ["peignage"]
    assert trades_of["lin_composite", "compoundage"] == ["composite", "granulation"]
    assert trades_of["textiles_france_2020", "recyclage"] == ["recyclage"]
    # a deposit is no trade: nothing is guessed
    assert trades_of["exemple_complet", "gisement-coton"] == []


# -- a plain referee ------------------------------------------------------------------------------------------


def by_hand(name: str, table: pd.DataFrame) -> dict[str, set[str]]:
    """Return nomenclature → codes, word by word, without a regular expression that spans words."""
    said = fold(name).split()

    def stands(part: str) -> bool:
        asked = fold(part.rstrip("*")).split()
        for start in range(len(said) - len(asked) + 1):
            here = said[start : start + len(asked)]
            last = here[-1].startswith(asked[-1]) if part.endswith("*") else here[-1] == asked[-1]
            if here[:-1] == asked[:-1] and last:
                return True
        return False

    met = set()
    for row in table.to_dict("records"):
        for word in split_list(row["words"]):
            if all(stands(part) for part in word.split("+")):
                met.add(row["trade"])
    rows = table[table["trade"].isin(met)]
    return {name: {code for cell in rows[name] for code in split_list(cell)} for name in NOMENCLATURES}


vocabulary = sorted(
    {part for cell in correspondence()["words"].dropna() for part in re.findall(r"[a-z]+", cell)}
)
names = st.lists(
    st.sampled_from([*vocabulary, "de", "du", "gisement", "atelier"]), min_size=1, max_size=6
).map(" ".join)


@settings(max_examples=25, deadline=None)
@given(names, st.booleans())
def test_the_words_of_a_name_are_found_as_by_hand(name, upper):
    written = name.upper() if upper else name
    found = named(written)
    expected = by_hand(name, correspondence())
    assert {name: set(found.codes(name)) for name in NOMENCLATURES} == expected
    assert bool(found) == any(expected.values()) == (found.reason == "")
    for nomenclature in NOMENCLATURES:
        codes = found.codes(nomenclature)
        assert len(set(codes)) == len(codes)
        strict = found.codes(nomenclature, nearness="strict")
        assert codes[: len(strict)] == strict
