"""`for_stage`: what to look for at a stage, its own codes first, then those of the trades that its name speaks of."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...errors import ArgumentError, UnknownNameError
from ...language import check_language, enumeration, tr
from ...provenance import provenance, rests_on_hypothesis
from ...schema import table as schema_table
from ...text import fold, split_list
from .nomenclatures import NOMENCLATURES, labels_of, naf_code, naf_of_another, sector_name, successors
from .trades import correspondence

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["ITEM_COLUMNS", "StageCodes", "for_stage"]

#: Column of `StageCodes.items` → its dtype.
ITEM_COLUMNS = {
    "nomenclature": "str", "code": "str", "label": "str", "nearness": "str", "origin": "str", "trade": "str",
    "word": "str", "source": "str", "hypothesis": "bool",
}  # fmt: skip
_INSEE = "Insee, table NAF rév. 2 – NAF 2025 (janvier 2026)"


@dataclass(frozen=True, eq=False)
class StageCodes:
    """What to look for at a stage.

    Attributes
    ----------
    stage_id, name
        The stage.
    items
        A row per code; see `for_stage`.
    reason
        Why there is nothing, or an empty text.
    unread
        Codes of the stage that are none of NAF.
    """

    stage_id: str
    name: str
    items: pd.DataFrame = field(repr=False)
    reason: str
    unread: tuple[str, ...] = ()

    def codes(self, nomenclature: str, *, nearness: str | None = None) -> tuple[str, ...]:
        """Return the codes of a nomenclature, strict ones first; of one nearness where asked.

        Raises
        ------
        UnknownNameError
            No such nomenclature: ``naf``, ``naf_2025``, ``siae_sectors``, ``rome``.
        """
        if nomenclature not in NOMENCLATURES:
            raise UnknownNameError.of(f"no nomenclature {nomenclature!r}", nomenclature, NOMENCLATURES)
        rows = self.items[self.items["nomenclature"] == nomenclature]
        rows = rows if nearness is None else rows[rows["nearness"] == nearness]
        return tuple(rows["code"])

    @property
    def naf(self) -> tuple[str, ...]:
        """Codes of NAF rév. 2, or beginnings of codes, strict ones first."""
        return self.codes("naf")

    @property
    def naf_2025(self) -> tuple[str, ...]:
        """Codes of NAF 2025, or beginnings of codes, strict ones first."""
        return self.codes("naf_2025")

    @property
    def siae_sectors(self) -> tuple[str, ...]:
        """Names of sectors of the « marché de l’inclusion », strict ones first."""
        return self.codes("siae_sectors")

    @property
    def rome(self) -> tuple[str, ...]:
        """Codes of ROME, strict ones first."""
        return self.codes("rome")

    def __bool__(self) -> bool:
        return len(self.items) > 0


def for_stage(
    f: Filiere,
    stage_id: str,
    *,
    table: str | os.PathLike[str] | pd.DataFrame | None = None,
    lang: str = "fr",
) -> StageCodes:
    """Return what to look for at a stage: activities, sectors of insertion, jobs.

    First what the stage says itself (columns ``naf`` and ``siae_sectors`` of the table ``stages``), with what its
    codes of NAF rév. 2 become in NAF 2025; then the trades of the table of correspondence whose words stand in the
    name of the stage. Where the stage says its own codes of a nomenclature, others that the table adds are near.

    Parameters
    ----------
    stage_id
        Stage.
    table
        A table as `correspondence` gives or reads it; by default the one that the library ships.
    lang
        Language of the reason.

    Returns
    -------
    StageCodes
        ``items`` has a row per code, once each: ``nomenclature`` (``naf``, ``naf_2025``, ``siae_sectors``, ``rome``,
        in this order), ``code``, ``label`` (its title in French, missing where not known), ``nearness`` (``strict``
        before ``near``), ``origin`` (``stage`` or ``table``), ``trade`` and ``word`` (which of the table, and the word
        that it was known by), ``source`` (identifier of the source of the stage, or what the table says),
        ``hypothesis`` (it rests on an estimate of the stage, or on no source of the table).
        Also ``naf``, ``naf_2025``, ``siae_sectors``, ``rome``: their codes. Nothing found: no row, and ``reason``.

    Raises
    ------
    UnknownNameError
        No such stage.
    ArgumentError
        Faults in the table.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> stages = {"name": ["Ensachage", "Gisement"], "naf": ["8292Z", None]}
    >>> f = Filiere.from_tables(actors={"name": ["A"]}, stages=stages)
    >>> found = for_stage(f, "ensachage")
    >>> found.naf, found.naf_2025, found.siae_sectors, found.items["origin"].tolist()[:3]
    (('82.92Z',), ('82.92Y',), ('Logistique, conditionnement',), ['stage', 'stage', 'table'])
    >>> bool(for_stage(f, "gisement")), for_stage(f, "gisement", lang="en").reason[:44]
    (False, 'Nothing says what to look for at “Gisement”:')
    """
    check_language(lang)
    stages = f.stages
    if stage_id not in stages.index:
        raise UnknownNameError.of(f"no stage {stage_id!r}", stage_id, [*stages.index, *stages["name"]])
    name = str(stages.at[stage_id, "name"])
    trades = correspondence(table, lang=lang)
    own, unread = _own(f, stage_id)
    found = [*own, *_of_table(name, trades, _by_nomenclature(own))]
    items = _items(found)
    return StageCodes(stage_id, name, items, "" if len(items) else _reason(name, unread, lang), unread)


def _own(f: Filiere, stage_id: str) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Return the codes that a stage says itself, and those among them that are none."""
    row = f.stages.loc[stage_id]
    found: list[dict[str, Any]] = []
    unread: list[str] = []
    for column in ("naf", "siae_sectors"):
        said = {
            "nearness": "strict",
            "origin": "stage",
            "source": provenance(f, "stages", column=column).at[stage_id, "source_id"],
            "hypothesis": bool(rests_on_hypothesis(f, "stages", column=column).at[stage_id]),
        }
        for entry in split_list(row[column]):
            if column == "siae_sectors":
                found.append({**said, "nomenclature": column, "code": sector_name(entry) or entry})
                continue
            try:
                codes = naf_code(entry, "naf")
            except ArgumentError:
                unread.append(entry)
                continue
            found += [item for code in codes for item in _naf_items(code, said)]
    return found, tuple(unread)


def _naf_items(code: str, said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a code of the stage in the NAF that it is of, and what it becomes in the other."""
    if naf_of_another(code, "naf"):  # analysts may write NAF 2025 already
        yield {**said, "nomenclature": "naf_2025", "code": code}
        return
    yield {**said, "nomenclature": "naf", "code": code}
    for successor, whole in successors(code):
        nearness = "strict" if whole else "near"
        yield {**said, "nomenclature": "naf_2025", "code": successor, "nearness": nearness, "source": _INSEE}


def _by_nomenclature(items: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for item in items:
        found.setdefault(item["nomenclature"], set()).add(item["code"])
    return found


def _of_table(name: str, trades: pd.DataFrame, own: Mapping[str, set[str]]) -> Iterator[dict[str, Any]]:
    """Yield the codes of the trades whose words stand in a name; beside codes of the stage's own, others are near."""
    words = _words(trades)
    folded = fold(name)
    met = {
        trade: next((word for word in asked if _stands_in(word, folded)), None)
        for trade, asked in words.items()
    }
    for row in trades.to_dict("records"):  # some dozens
        word = met[row["trade"]]
        if word is None:
            continue
        for column in NOMENCLATURES:
            for code in split_list(row[column]):
                yield {
                    "nomenclature": column,
                    "code": code,
                    "nearness": row["nearness"] if code in own.get(column, {code}) else "near",
                    "origin": "table",
                    "trade": row["trade"],
                    "word": word,
                    "source": row["source"],
                    "hypothesis": column in split_list(row["unverified"]) or row["source"] != row["source"],
                }


def _words(trades: pd.DataFrame) -> dict[str, list[str]]:
    """Return trade → the words of all of its rows."""
    words: dict[str, list[str]] = {}
    for trade, cell in zip(trades["trade"], trades["words"], strict=True):
        known = words.setdefault(str(trade), [])
        known += [word for word in split_list(cell) if word not in known]
    return words


def _stands_in(word: str, folded: str) -> bool:
    """Whether every part of an entry stands in a folded name as whole words, or as the beginning of one (« * »)."""
    for part in word.split("+"):
        begins = part.strip().endswith("*")
        wanted = re.escape(fold(part.strip().removesuffix("*")))
        if not re.search(rf"(?<![^ ]){wanted}{'' if begins else '(?![^ ])'}", folded):
            return False
    return True


def _items(found: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the codes once each, strict ones first: the nearest, then the stage's own, then the order of the table."""
    frame = pd.DataFrame(found, columns=[name for name in ITEM_COLUMNS if name != "label"])
    order = pd.DataFrame(
        {
            "nomenclature": frame["nomenclature"].map(
                {name: place for place, name in enumerate(NOMENCLATURES)}
            ),
            "near": frame["nearness"] != "strict",
            "table": frame["origin"] != "stage",
        },
        index=frame.index,
    )
    frame = frame.loc[order.sort_values([*order.columns], kind="stable").index]
    frame = frame.drop_duplicates(["nomenclature", "code"]).reset_index(drop=True)
    titles = [labels_of(row.nomenclature).get(row.code) for row in frame.itertuples()]
    frame.insert(2, "label", pd.Series(titles, index=frame.index, dtype="str"))
    return frame.astype(ITEM_COLUMNS)


def _reason(name: str, unread: tuple[str, ...], lang: str) -> str:
    home = schema_table("stages")
    told = tr(
        "Nothing says what to look for at “{stage}”: write codes under “{naf}” or sectors under “{sectors}” ({sheet}), "
        "or add a trade with a word of that name to the table of correspondence.",
        lang, stage=name, naf=home["naf"].label(lang), sectors=home["siae_sectors"].label(lang),
        sheet=home.label(lang),
    )  # fmt: skip
    if unread:
        codes = enumeration([tr("“{name}”", lang, name=code) for code in unread], lang)
        told += " " + tr("No code of NAF: {codes}.", lang, codes=codes)
    return told
