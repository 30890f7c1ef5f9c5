"""What is taken from the files: what is hidden or closed never, a SIRET once, every workshop named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.errors import UnknownNameError
from chaine_valeur.io.siae import read_siae
from chaine_valeur.io.siae.listing import FRAME_COLUMNS
from chaine_valeur.io.sirene.rows import COLUMNS as STOCK_COLUMNS
from chaine_valeur.planning.candidates.columns import COLUMNS, empty_frame
from chaine_valeur.planning.candidates.gathering import (
    _FROM_LISTING,
    _FROM_STOCK,
    LEFT_OUT,
    RAW,
    gathered,
    kind_mask,
)

from .candidates_hand import NEW, OTHER, THIRD, listing, siret, stock

NONE = dict.fromkeys(LEFT_OUT, 0)


def dtypes(frame: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(dtype) for name, dtype in frame.dtypes.items()}


def test_nothing_given_is_an_empty_frame_in_the_same_columns() -> None:
    table, left = gathered(None, None)
    assert len(table) == 0
    assert dtypes(table) == RAW
    assert left == NONE
    assert dtypes(empty_frame(COLUMNS)) == COLUMNS


def test_files_without_rows() -> None:
    table, left = gathered(stock().iloc[:0], listing().iloc[:0])
    assert len(table) == 0
    assert dtypes(table) == RAW
    assert left == NONE


def test_an_establishment() -> None:
    table, left = gathered(stock(), None)
    assert dtypes(table) == RAW
    assert left == NONE
    row = table.iloc[0]
    assert row[["candidate_id", "siren", "name", "origins", "naf"]].tolist() == [
        NEW, NEW[:9], "Fibres Neuves", "sirene", "13.10Z",
    ]  # fmt: skip
    assert row[["size_low", "size_high", "latitude"]].tolist() == [20.0, 49.0, 49.8]
    assert pd.isna(row["kind"]) and pd.isna(row["turnover_eur"]) and pd.isna(row["given_km"])


def test_only_the_siret_has_to_be_there() -> None:
    table, _ = gathered(pd.DataFrame({"siret": [NEW]}), None)
    assert table.loc[0, "siren"] == NEW[:9]
    assert table.loc[0].drop(["candidate_id", "siret", "siren", "origins"]).isna().all()


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("siret", None, "no_identity"),
        ("siret", "  ", "no_identity"),
        ("diffusion", "N", "not_diffusible"),
        ("active", False, "closed"),
        ("employer", False, "not_employing"),
        ("size_code", "00", "not_employing"),
        ("size_high", 0.0, "not_employing"),
    ],
)
def test_what_is_never_proposed_is_counted(column: str, value: object, reason: str) -> None:
    table, left = gathered(stock(**{column: [value]}), None)
    assert len(table) == 0
    assert left == NONE | {reason: 1}


def test_a_row_is_counted_for_its_first_reason() -> None:
    table, left = gathered(stock(active=[False], employer=[False]), None)
    assert (len(table), left["closed"], left["not_employing"]) == (0, 1, 0)


@pytest.mark.parametrize("column", ["active", "employer", "size_code", "size_high", "legal_category", "ess"])
def test_unknown_is_not_closed_nor_without_employees(column: str) -> None:
    table, left = gathered(stock(**{column: [None]}), None)
    assert len(table) == 1
    assert left == NONE


@pytest.mark.parametrize("how", [{"legal_category": ["1000"]}, {"natural_person": [True]}])
def test_natural_persons_have_no_name(how: dict[str, list[object]]) -> None:
    table, _ = gathered(stock(name=["Camille Exemple"], legal_name=["CAMILLE EXEMPLE"], **how), None)
    assert bool(table.loc[0, "natural_person"])
    assert "amille" not in table.to_csv()


def test_hidden_names_are_unknown() -> None:
    table, _ = gathered(stock(name=["[ND]"], legal_name=["[ND]"]), None)
    assert pd.isna(table.loc[0, "name"]) and pd.isna(table.loc[0, "legal_name"])


def test_the_legal_name_stands_in_for_a_name() -> None:
    table, _ = gathered(stock(name=[None]), None)
    assert table.loc[0, "name"] == "FIBRES NEUVES SAS"


@dataclass
class Read:
    frame: pd.DataFrame
    unplaced: pd.DataFrame


def test_what_a_reader_returns_with_its_unplaced_rows() -> None:
    table, _ = gathered(Read(stock(), stock(siret=[OTHER], latitude=[None])), None)
    assert table["siret"].tolist() == [NEW, OTHER]
    table, _ = gathered(Read(stock().iloc[:0], stock(siret=[OTHER])), None)
    assert table["siret"].tolist() == [OTHER]


def test_an_establishment_twice_is_one() -> None:
    table, _ = gathered(stock(siret=[NEW, NEW], name=["Un", "Deux"]), None)
    assert table["name"].tolist() == ["Un"]


def test_a_structure() -> None:
    table, left = gathered(None, listing())
    assert left == NONE
    assert dtypes(table) == RAW
    row = table.iloc[0]
    assert row[["candidate_id", "siren", "name", "origins", "kind", "sectors"]].tolist() == [
        OTHER, OTHER[:9], "Atelier Textile", "siae", "ACI", "Couture;Recyclage textiles",
    ]  # fmt: skip
    assert row[["size_low", "size_high", "turnover_eur"]].tolist() == [
        12.0,
        12.0,
        100_000.0,
    ]  # 10 + 2 persons
    assert pd.isna(row["workshops"])


def test_half_a_head_count_is_a_lower_bound() -> None:
    table, _ = gathered(None, listing(permanent_headcount=[None]))
    assert table.loc[0, "size_low"] == 10.0
    assert np.isnan(table.loc[0, "size_high"])


def test_no_head_count_is_unknown() -> None:
    table, _ = gathered(None, listing(insertion_headcount=[None], permanent_headcount=[None]))
    assert table[["size_low", "size_high"]].isna().all(axis=None)


def test_a_structure_without_siret_is_known_by_its_identifier() -> None:
    table, _ = gathered(None, listing(siret=[None, None], siae_id=["7", None]))
    assert table["candidate_id"].tolist() == ["siae:7", "siae:Atelier Textile"]
    assert table["siret"].isna().all()


def test_a_siret_whose_key_is_wrong_names_nobody() -> None:
    table, _ = gathered(None, listing(siret_valid=[False]))
    assert table.loc[0, "candidate_id"] == "siae:7"
    assert pd.isna(table.loc[0, "siret"])


def test_structures_closed_or_without_a_name_are_left_out() -> None:
    table, left = gathered(None, listing(active=[True, False, None]))
    assert (len(table), left["closed"]) == (1, 1)  # the two others are of one SIRET
    table, left = gathered(None, listing(name=[None], siret=[None], siae_id=[None]))
    assert (len(table), left["no_identity"]) == (0, 1)


def test_workshops_of_one_siret_are_one_candidate_with_all_their_names() -> None:
    table, _ = gathered(
        None,
        listing(
            siae_id=["1", "2", "3"],
            name=["Atelier Tri", "Atelier Couture", "Seule"],
            siret=[OTHER, OTHER, THIRD],
            kind=["ACI", "EI", "AI"],
            sectors=["Recyclage textiles", "Couture;Recyclage textiles", None],
            insertion_headcount=[10, 10, 5],
            permanent_headcount=[2, 4, 1],
            turnover_eur=[None, 80_000.0, None],
        ),
    )
    assert table["candidate_id"].tolist() == [OTHER, THIRD]
    shared = table.iloc[0]
    assert shared["name"] == "Atelier Tri"
    assert shared["workshops"] == "Atelier Tri;Atelier Couture"
    assert shared["sectors"] == "Recyclage textiles;Couture"
    assert shared["kind"] == "ACI;EI"
    assert shared["turnover_eur"] == 80_000.0
    # 12 and 14 persons: of which of the two nobody knows
    assert np.isnan(shared["size_low"]) and np.isnan(shared["size_high"])
    assert pd.isna(table.iloc[1]["workshops"])


def test_both_files_say_one_siret_once() -> None:
    table, _ = gathered(
        stock(siret=[OTHER, NEW], latitude=[None, 49.8]), listing(latitude=[49.7], longitude=[0.4])
    )
    assert table["candidate_id"].tolist() == [OTHER, NEW]
    both = table.iloc[0]
    assert both["origins"] == "sirene;siae"
    # activity and size of the stock, kind, sectors and turnover of the listing, its place where the stock has none
    assert both[["name", "naf", "kind", "sectors"]].tolist() == [
        "Fibres Neuves", "13.10Z", "ACI", "Couture;Recyclage textiles",
    ]  # fmt: skip
    assert both[["size_low", "size_high", "turnover_eur", "latitude", "longitude"]].tolist() == [
        20.0, 49.0, 100_000.0, 49.7, 0.4,
    ]  # fmt: skip
    assert table.iloc[1][["origins"]].tolist() == ["sirene"]
    assert pd.isna(table.iloc[1]["kind"])


def test_a_head_count_fills_an_unknown_band_and_never_half_of_one() -> None:
    unknown = stock(siret=[OTHER], size_code=["NN"], size_low=[None], size_high=[None])
    table, _ = gathered(unknown, listing())
    assert table.loc[0, ["size_low", "size_high"]].tolist() == [12.0, 12.0]
    open_band = stock(siret=[OTHER], size_low=[10_000.0], size_high=[np.inf])
    table, _ = gathered(open_band, listing())
    assert table.loc[0, ["size_low", "size_high"]].tolist() == [10_000.0, np.inf]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {"establishments": pd.DataFrame({"sirett": ["1"]}), "siae": None},
            r"establishments= has no column “siret”\. Did you mean: sirett\?",
        ),
        ({"establishments": None, "siae": pd.DataFrame({"name": ["A"]})}, "siae= has no column “kind”"),
        ({"establishments": [NEW], "siae": None}, "establishments= takes a frame"),
    ],
)
def test_what_is_not_such_a_file_is_named(files: dict[str, object], words: str) -> None:
    with pytest.raises(UnknownNameError, match=words):
        gathered(**files, lang="en")


def test_arguments_are_left_as_they_are() -> None:
    first, second = stock(siret=[OTHER]), listing(siret=[OTHER, OTHER])
    before = first.copy(), second.copy()
    gathered(first, second)
    pd.testing.assert_frame_equal(first, before[0])
    pd.testing.assert_frame_equal(second, before[1])


def test_columns_are_those_that_the_readers_give() -> None:
    # « diffusion » is of frames that somebody made from the stock by hand: the reader drops those rows itself
    assert set(_FROM_STOCK) - {"diffusion"} <= set(STOCK_COLUMNS)
    assert set(_FROM_LISTING) <= set(FRAME_COLUMNS)
    empty = pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in STOCK_COLUMNS.items()})
    row = empty.reindex([0]).astype(STOCK_COLUMNS).assign(siret=NEW, name="A")
    table, left = gathered(row, None)
    assert table["candidate_id"].tolist() == [NEW]
    assert left == NONE


def test_a_listing_as_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(
        "Raison sociale;Type de structure;SIRET;Code postal;Ville;Secteurs\n"
        f"Atelier Tri;ACI;{OTHER};76000;Rouen;Recyclage textiles\n"
        f"Atelier Couture;ACI;{OTHER};76000;Rouen;\n"
        "Sans numéro;ETTI;;76000;Rouen;\n",
        encoding="utf-8",
    )
    read = read_siae(path)
    table, left = gathered(None, read)
    assert left == NONE
    assert table["name"].tolist() == ["Atelier Tri", "Sans numéro"]
    assert table["workshops"].fillna("").tolist() == ["Atelier Tri;Atelier Couture", ""]
    assert table["kind"].tolist() == ["ACI", "ETTI"]
    assert table["candidate_id"].tolist() == [OTHER, "siae:" + read.frame["siae_id"].iloc[2]]


def test_which_cells_hold_a_kind() -> None:
    kinds = pd.Series(["ACI;EI", "EA", None, "company"], dtype="str")
    assert kind_mask(kinds, frozenset({"EI", "AI"})).tolist() == [True, False, False, False]
    assert kind_mask(kinds.iloc[:0], frozenset({"EI"})).tolist() == []


SIRETS = [siret(300 + number) for number in range(6)]


@settings(max_examples=30)
@given(
    st.lists(st.sampled_from(SIRETS), max_size=8),
    st.lists(st.sampled_from([*SIRETS, None]), max_size=8),
    st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_every_siret_is_one_candidate_with_its_origins(
    stocked: list[str], listed: list[str | None], open_: list[bool]
) -> None:
    first = stock(siret=stocked, active=open_[: len(stocked)]) if stocked else None
    second = listing(siret=listed, siae_id=[f"s{n}" for n in range(len(listed))]) if listed else None
    table, left = gathered(first, second)
    # the referee: plain sets
    alive = {one for one, up in zip(stocked, open_, strict=False) if up}
    known = {one for one in listed if one is not None}
    nameless = {f"siae:s{n}" for n, one in enumerate(listed) if one is None}
    assert left["closed"] == sum(not up for up in open_[: len(stocked)])
    assert table["candidate_id"].is_unique
    assert set(table["candidate_id"]) == alive | known | nameless
    for row in table.to_dict("records"):
        expected = [
            name for name, of in (("sirene", alive), ("siae", known | nameless)) if row["candidate_id"] in of
        ]
        assert row["origins"].split(";") == expected
