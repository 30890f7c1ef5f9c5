"""The table of trades: what is shipped holds together, what a user edits is checked as a whole."""

from __future__ import annotations

import csv
import warnings
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.errors import ArgumentError, DataQualityWarning, UnknownNameError, UnreadableFileError
from chaine_valeur.io.siae import sector_names
from chaine_valeur.planning.correspondence import correspondence, write_correspondence
from chaine_valeur.planning.correspondence.nomenclatures import (
    NOMENCLATURES,
    labels_of,
    naf_code,
    naf_of_another,
    sector_name,
    successors,
)
from chaine_valeur.planning.correspondence.trades import COLUMNS, NEARNESS
from chaine_valeur.text import fold, split_list


def shipped(name: str) -> list[dict[str, str]]:
    with (
        files("chaine_valeur.planning.correspondence")
        .joinpath(f"{name}.csv")
        .open(encoding="utf-8") as stream
    ):
        return list(csv.DictReader(stream))


TRADE = {"trade": "tri", "words": "tri", "nearness": "strict", "naf": "38.32Z"}


def edited(tmp_path: Path, *rows: dict[str, str], codec: str = "utf-8", separator: str = ",") -> Path:
    path = tmp_path / "metiers.csv"
    frame = pd.DataFrame([{**TRADE, **row} for row in rows])
    path.write_bytes(frame.to_csv(index=False, sep=separator).encode(codec))
    return path


# -- what is shipped ------------------------------------------------------------------------------------------


def test_the_shipped_table_is_read_without_a_fault():
    table = correspondence()
    assert list(table.columns) == list(COLUMNS)
    assert set(table.dtypes.astype("str")) == {"str"}
    assert table.index.tolist() == list(range(len(table)))
    assert not table.duplicated(["trade", "nearness"]).any()
    assert table["nearness"].isin(NEARNESS).all()
    assert table["source"].notna().all()
    # every trade that a territory of textiles, flax, paper or wood may ask about
    assert {
        "collecte", "tri", "reemploi", "effilochage", "broyage", "granulation", "plasturgie", "teillage", "peignage",
        "filature", "tissage", "confection", "composite", "papier-carton", "isolant", "pose", "conditionnement",
        "logistique", "negoce", "demontage", "bois",
    } <= set(table["trade"])  # fmt: skip


def test_the_shipped_file_is_what_is_read():
    rows = shipped("trades")
    table = correspondence().astype(object).where(correspondence().notna(), "")
    assert table.to_dict("records") == rows  # codes and sectors are in their one form already


def test_the_caller_gets_a_table_of_its_own():
    table = correspondence()
    table.loc[0, "words"] = "autre"
    assert correspondence().loc[0, "words"] != "autre"


def test_every_code_of_the_shipped_table_is_known():
    for row in correspondence().to_dict("records"):
        for nomenclature in NOMENCLATURES:
            for code in split_list(row[nomenclature]):
                assert code in labels_of(nomenclature), (row["trade"], code)
        assert set(split_list(row["unverified"])) <= set(NOMENCLATURES)
    assert set(sector_names()) == set(labels_of("siae_sectors"))


def test_what_becomes_of_a_code_is_what_insee_says():
    # each row: every NAF 2025 code is an official successor of one of its NAF codes, and each of these has one
    for row in correspondence().to_dict("records"):
        old, new = split_list(row["naf"]), set(split_list(row["naf_2025"]))
        official = {code: {successor for successor, _ in successors(code)} for code in old}
        assert new <= set().union(*official.values()) if official else not new
        assert all(official[code] & new for code in old)


def test_official_successors():
    rows = shipped("naf_2025")
    assert all(row["naf"][-1] in "ABCDEFZ" and row["naf_2025"][-1] not in "ABCDEFZ" for row in rows)
    by_code = {}
    for row in rows:
        by_code.setdefault(row["naf"], []).append(row)
    for code, successors_of in by_code.items():
        # all of a class goes somewhere only where it goes to one place
        assert {row["extent"] for row in successors_of} == (
            {"whole"} if len(successors_of) == 1 else {"part"}
        )
        assert successors(code) == tuple((row["naf_2025"], row["extent"] == "whole") for row in successors_of)
        assert len({row["naf_2025"] for row in successors_of}) == len(successors_of)
    # three lines of the table of Insee, as printed
    assert successors("38.31Z") == (("38.21Y", True),)
    assert successors("43.29A") == (("43.23Y", True),)
    assert [code for code, _ in successors("38.21Z")] == [
        "38.21Y",
        "38.22Y",
        "38.23Y",
        "38.31Y",
        "38.32Y",
        "38.33Y",
    ]
    assert labels_of("naf_2025")["38.21Y"] == "Récupération de matériaux"
    assert labels_of("rome")["K2304"] == "Revalorisation de produits industriels"


def test_a_word_means_one_family_of_trades():
    words = {}
    for row in correspondence().to_dict("records"):
        for word in split_list(row["words"]):
            assert word == word.lower() and fold(word.replace("*", "").replace("+", " ")).isascii()
            words.setdefault(word, set()).add(row["trade"])
    assert {word: trades for word, trades in words.items() if len(trades) > 1} == {}


# -- what a user edits ----------------------------------------------------------------------------------------


def test_written_edited_and_read_again(tmp_path):
    path = write_correspondence(tmp_path / "dossier" / "métiers.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")  # by which Excel knows UTF-8
    pd.testing.assert_frame_equal(correspondence(path), correspondence())
    pd.testing.assert_frame_equal(correspondence(correspondence()), correspondence())
    text = path.read_text(encoding="utf-8-sig").replace("ensachage", "ensachage;mise en sac")
    path.write_text(text, encoding="cp1252", errors="replace")
    words = correspondence(path).set_index("trade").at["conditionnement", "words"]
    assert "mise en sac" in split_list(words)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_encoding_and_separator(tmp_path, codec, separator):
    table = correspondence(edited(tmp_path, {"label_fr": "Tri à façon"}, codec=codec, separator=separator))
    assert table[["trade", "label_fr", "naf"]].values.tolist() == [["tri", "Tri à façon", "38.32Z"]]


def test_codes_get_their_one_form(tmp_path):
    row = {"naf": "3832z; 22.2;38.32Z", "naf_2025": "3821Y", "rome": "k2304;K 2304", "nearness": "Proche",
           "siae_sectors": "RECYCLAGE TEXTILES", "words": "tri;triage"}  # fmt: skip
    table = correspondence(edited(tmp_path, row))
    found = table.loc[0, ["nearness", *NOMENCLATURES]].tolist()
    assert found == ["near", "38.32Z;22.2", "38.21Y", "Recyclage textiles", "K2304"]
    assert list(table.columns) == list(COLUMNS)
    assert table["source"].isna().all()


def test_every_fault_is_named_at_once(tmp_path):
    path = edited(
        tmp_path,
        {"naf": "38.32X1"},
        {"naf": "38.21Y", "rome": "2304"},
        {"naf": "", "naf_2025": "38.32Z"},
        {"trade": "", "nearness": "loin", "unverified": "naf;words"},
        {"trade": "vide", "words": "", "naf": ""},
        {"words": "*;tri+;t*i"},
    )
    with pytest.raises(ArgumentError) as caught:
        correspondence(path, lang="en")
    told = str(caught.value).splitlines()
    assert told[0] == "“metiers.csv” has 12 faults:"
    assert told[1].startswith("- row 2: naf: “38.32X1” is no NAF code")
    assert told[2:] == [
        "- row 3: naf: “38.21Y” is a code of NAF 2025: write it under naf_2025",
        "- row 3: rome: “2304” is no ROME code: a letter and four digits, like K2304",
        "- row 4: naf_2025: “38.32Z” is a code of NAF rév. 2: write it under naf",
        "- row 5: the trade has no name",
        "- row 5: “loin” is no nearness: strict or near",
        "- row 5: unverified: “words” is none of naf, naf_2025, siae_sectors and rome",
        "- row 6: no word says which stages “vide” is about",
        "- row 6: “vide” has no code and no sector",
        "- row 7: “*” is no word to look for",
        "… and 2 others",
    ]


def test_words_may_stand_on_another_row_of_the_trade(tmp_path):
    table = correspondence(edited(tmp_path, {}, {"nearness": "near", "words": "", "naf": "38.11Z"}))
    assert table["words"].isna().tolist() == [False, True]


def test_a_missing_column_is_named_with_the_close_one(tmp_path):
    path = tmp_path / "metiers.csv"
    path.write_text("trade;word;nearness;naf\ntri;tri;strict;38.32Z\n", encoding="utf-8")
    with pytest.raises(UnknownNameError, match=r"has no column “words”\. Did you mean: word\?"):
        correspondence(path, lang="en")
    with pytest.raises(UnreadableFileError):
        correspondence(tmp_path / "rien.csv")


def test_a_table_without_rows_is_one(tmp_path):
    path = tmp_path / "metiers.csv"
    path.write_text("trade;words;nearness\n", encoding="utf-8")
    table = correspondence(path)
    assert list(table.columns) == list(COLUMNS)
    assert table.empty
    assert set(table.dtypes.astype("str")) == {"str"}


def test_a_sector_that_is_not_listed_is_kept_and_warned_of(tmp_path):
    path = edited(tmp_path, {"siae_sectors": "Recyclages textile;Plasturgie"})
    with pytest.warns(DataQualityWarning, match=r"“Recyclages textile”\. Did you mean: Recyclage textiles\?"):
        table = correspondence(path, lang="en")
    assert table["siae_sectors"].tolist() == ["Recyclages textile;Plasturgie"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        correspondence(edited(tmp_path, {"siae_sectors": "Plasturgie"}))


def test_arguments_are_not_changed():
    given_frame = pd.DataFrame([TRADE | {"naf": "3832Z"}], index=[7])
    before = given_frame.copy(deep=True)
    table = correspondence(given_frame)
    assert table["naf"].tolist() == ["38.32Z"]
    assert table.index.tolist() == [0]
    pd.testing.assert_frame_equal(given_frame, before)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(sorted(labels_of("naf")) + sorted(labels_of("naf_2025"))), st.booleans(), st.booleans()
)
def test_a_code_of_naf_is_of_one_nomenclature(code, dotted, upper):
    written = code if dotted else code.replace(".", "")
    written = written if upper else written.lower()
    of = [
        name
        for name in ("naf", "naf_2025")
        if naf_code(written, name) == (code,) and not naf_of_another(code, name)
    ]
    assert of == ["naf" if code in labels_of("naf") else "naf_2025"]


def test_names_of_sectors():
    assert sector_name("  couture, REPRISAGE, retouches ") == "Couture, reprisage, retouches"
    assert sector_name("Autres") is None
