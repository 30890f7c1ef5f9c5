"""Synthetic files of the SIRENE stock: the real columns in their published order, no real enterprise.

`write_stock` makes any number of rows inside duckdb (5 million in some seconds); `write_rows` writes those of a
test by hand. The key of every SIREN made here is wrong on purpose: none can be that of an enterprise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

_ADDRESS = """
    complementAdresse numeroVoie indiceRepetition typeVoie libelleVoie codePostal libelleCommune
    libelleCommuneEtranger distributionSpeciale codeCommune codeCedex libelleCedex codePaysEtranger libellePaysEtranger
""".split()
_HEAD = """
    siren nic siret statutDiffusionEtablissement dateCreationEtablissement trancheEffectifsEtablissement
    anneeEffectifsEtablissement activitePrincipaleRegistreMetiersEtablissement dateDernierTraitementEtablissement
    etablissementSiege nombrePeriodesEtablissement
""".split()
_TAIL = """
    dateDebut etatAdministratifEtablissement enseigne1Etablissement enseigne2Etablissement enseigne3Etablissement
    denominationUsuelleEtablissement activitePrincipaleEtablissement nomenclatureActivitePrincipaleEtablissement
    caractereEmployeurEtablissement
""".split()
_FIRST = [f"{name}Etablissement" for name in _ADDRESS]
_SECOND = [f"{name}2Etablissement" for name in _ADDRESS]
#: The columns of before December 2025.
OLD_COLUMNS = [*_HEAD, *_FIRST, *_SECOND, *_TAIL]
#: Those since: five more in the first address, the second nomenclature last.
NEW_COLUMNS = [
    *_HEAD, *_FIRST[:3], "dernierNumeroVoieEtablissement", "indiceRepetitionDernierNumeroVoieEtablissement",
    *_FIRST[3:], "identifiantAdresseEtablissement", "coordonneeLambertAbscisseEtablissement",
    "coordonneeLambertOrdonneeEtablissement", *_SECOND, *_TAIL, "activitePrincipaleNAF25Etablissement",
]  # fmt: skip
UNIT_COLUMNS = """
    siren statutDiffusionUniteLegale unitePurgeeUniteLegale dateCreationUniteLegale sigleUniteLegale sexeUniteLegale
    prenom1UniteLegale prenomUsuelUniteLegale pseudonymeUniteLegale identifiantAssociationUniteLegale
    trancheEffectifsUniteLegale anneeEffectifsUniteLegale dateDernierTraitementUniteLegale nombrePeriodesUniteLegale
    categorieEntreprise anneeCategorieEntreprise dateDebut etatAdministratifUniteLegale nomUniteLegale
    nomUsageUniteLegale denominationUniteLegale denominationUsuelle1UniteLegale categorieJuridiqueUniteLegale
    activitePrincipaleUniteLegale nomenclatureActivitePrincipaleUniteLegale nicSiegeUniteLegale
    economieSocialeSolidaireUniteLegale societeMissionUniteLegale caractereEmployeurUniteLegale
    activitePrincipaleNAF25UniteLegale
""".split()

_DEFAULTS: dict[str, Any] = {
    "statutDiffusionEtablissement": "O", "etatAdministratifEtablissement": "A", "etablissementSiege": "true",
    "dateCreationEtablissement": "2010-01-01", "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
    "activitePrincipaleEtablissement": "38.32Z", "codeCommuneEtablissement": "76114",
    "libelleCommuneEtablissement": "BOLBEC", "codePostalEtablissement": "76210",
    "trancheEffectifsEtablissement": "NN",
}  # fmt: skip
_UNIT_DEFAULTS: dict[str, Any] = {
    "statutDiffusionUniteLegale": "O", "etatAdministratifUniteLegale": "A", "categorieJuridiqueUniteLegale": "5710",
    "nomUniteLegale": "NOM-À-NE-PAS-LIRE", "prenom1UniteLegale": "PRÉNOM-À-NE-PAS-LIRE",
}  # fmt: skip


def siret(number: int, nic: int = 1) -> str:
    """Return the SIRET of the synthetic unit of a number."""
    return f"{number:08d}0{nic:05d}"


def stock_rows(rows: Iterable[Mapping[str, Any]], columns: Iterable[str] = NEW_COLUMNS) -> pd.DataFrame:
    """Return rows of establishments as text; what a row does not say is that of an open one in Bolbec."""
    made = []
    for number, row in enumerate(rows, 1):
        own = {"siret": siret(number)} | dict(row)
        made.append(_DEFAULTS | {"siren": own["siret"][:9], "nic": own["siret"][9:]} | own)
    return pd.DataFrame(made, columns=list(columns), dtype="str")


def unit_rows(rows: Iterable[Mapping[str, Any]], columns: Iterable[str] = UNIT_COLUMNS) -> pd.DataFrame:
    """Return rows of legal units as text."""
    return pd.DataFrame([_UNIT_DEFAULTS | dict(row) for row in rows], columns=list(columns), dtype="str")


def write_table(table: pd.DataFrame, path: Path, *, separator: str = ",", encoding: str = "utf-8") -> Path:
    """Write a table as its suffix says: Parquet or CSV."""
    if path.suffix != ".parquet":
        table.to_csv(path, sep=separator, index=False, encoding=encoding)
        return path
    import duckdb

    with duckdb.connect() as connection:
        # a column that is all blank has no type of its own
        connection.register("given", table.astype(object).where(table.notna(), None))
        chosen = ", ".join(f'CAST("{name}" AS VARCHAR) AS "{name}"' for name in table.columns)
        connection.execute(f"COPY (SELECT {chosen} FROM given) TO '{path}' (FORMAT parquet)")
    return path


def write_rows(
    path: Path, rows: Iterable[Mapping[str, Any]], *, columns: Iterable[str] = NEW_COLUMNS, **form: Any
) -> Path:
    """Write establishments given row by row; what a row does not say is that of an open one in Bolbec."""
    return write_table(stock_rows(rows, columns), path, **form)


def write_units(path: Path, rows: Iterable[Mapping[str, Any]], **form: Any) -> Path:
    """Write legal units given row by row."""
    return write_table(unit_rows(rows), path, **form)


# -- any number of rows ---------------------------------------------------------------------------------

_BANDS = ("00", "01", "01", "01", "02", "02", "03", "11", "12", "21", "22", "32", "41", "NN")
_WAYS = ("RUE", "AVENUE", "CHEMIN", "PLACE")


def _made(seed: int, per_unit: int) -> dict[str, str]:
    """Return column → SQL over ``i``, the number of the row, and what else the query names."""

    def share(k: int) -> str:
        """Return a number in [0, 1] that differs from row to row."""
        return f"((hash(i * 64 + {k}, {seed}) % 1000003) / 1000003.0)"

    def below(k: int, count: int) -> str:
        """Return a whole number in [0, count]."""
        return f"CAST(floor({share(k)} * {count}) AS INT)"

    def text(number: str, width: int = 0) -> str:
        return f"lpad(CAST({number} AS VARCHAR), {width}, '0')" if width else f"CAST({number} AS VARCHAR)"

    def one_of(k: int, entries: Iterable[str]) -> str:
        listed = [f"'{entry}'" for entry in entries]
        return f"[{', '.join(listed)}][1 + {below(k, len(listed))} % {len(listed)}]"

    def day(k: int, first: str, days: int) -> str:
        return text(f"DATE '{first}' + {below(k, days)}")

    def shown(sql: str) -> str:
        return f"CASE WHEN hidden THEN '[ND]' ELSE {sql} END"

    def metres(k: int, least: int, overseas: float) -> str:
        """Return a coordinate: a commune has its place, its establishments stand within six kilometres."""
        place = f"{least} + hash(codeCommuneEtablissement, {k}) % 800000 + 6000 * {share(k)}"
        here = f"CASE WHEN overseas THEN '{overseas}' ELSE {text(f'round({place}, 2)')} END"
        return shown(f"CASE WHEN {share(13)} >= 0.04 THEN {here} END")

    digit = "CAST(body[k] AS INT)"
    key = f"CASE WHEN k % 2 = 1 THEN {digit} ELSE ({digit} * 2) // 10 + ({digit} * 2) % 10 END"
    total = f"list_sum(list_transform([1, 2, 3, 4, 5, 6, 7, 8], lambda k: {key}))"
    # about 35 000 communes in 95 departments, unevenly filled, and 24 of La Réunion
    commune = (
        f"{text(f'1 + {below(1, 94)}', 2)} || {text(f'1 + CAST(floor({share(8)} ** 2 * 368) AS INT)', 3)}"
    )
    overseas = f"'974' || {text(f'1 + {below(8, 23)}', 2)}"
    employs = "caractereEmployeurEtablissement = 'O'"
    division = f"1 + CAST(floor({share(17)} ** 1.5 * 97) AS INT)"
    activity = (
        f"{text(division, 2)} || '.' || {text(f'1 + {below(18, 3)}')} || {text(f'1 + {below(19, 4)}')} || 'Z'"
    )
    return {
        "unit": f"i // {per_unit}",
        "body": text("unit", 8),
        # the last digit is the Luhn key plus one: no such SIREN exists
        "siren": f"body || {text(f'(11 - {total} % 10) % 10')}",
        "nic": text(f"10 * (1 + i % {per_unit}) + unit % 10", 5),
        "siret": "siren || nic",
        "is_open": f"{share(2)} < 0.38",
        "statutDiffusionEtablissement":
            f"CASE WHEN {share(3)} < 0.01 THEN 'N' WHEN {share(3)} < 0.12 THEN 'P' ELSE 'O' END",
        "hidden": "statutDiffusionEtablissement = 'P'",
        "etatAdministratifEtablissement": "CASE WHEN is_open THEN 'A' ELSE 'F' END",
        "caractereEmployeurEtablissement": f"CASE WHEN {share(4)} < 0.15 THEN 'O' WHEN {share(4)} < 0.97 THEN 'N' END",
        "trancheEffectifsEtablissement": f"CASE WHEN {employs} THEN {one_of(5, _BANDS)} ELSE 'NN' END",
        "anneeEffectifsEtablissement": f"CASE WHEN {employs} THEN '2023' END",
        "etablissementSiege": f"CASE WHEN i % {per_unit} = 0 THEN 'true' ELSE 'false' END",
        "nombrePeriodesEtablissement": text(f"1 + {below(6, 6)}"),
        "dateCreationEtablissement": day(7, "1980-01-01", 16_000),
        "dateDernierTraitementEtablissement": day(7, "2020-01-01", 2_000) + " || 'T10:00:00'",
        "dateDebut": day(10, "1985-01-01", 14_000),
        "codeCommuneEtablissement": f"CASE WHEN {share(9)} < 0.03 THEN {overseas} ELSE {commune} END",
        "overseas": "starts_with(codeCommuneEtablissement, '97')",
        "libelleCommuneEtablissement": "'COMMUNE D’EXEMPLE ' || codeCommuneEtablissement",
        "codePostalEtablissement": shown("left(codeCommuneEtablissement, 3) || '00'"),
        "numeroVoieEtablissement": shown(text(f"1 + {below(11, 120)}")),
        "typeVoieEtablissement": shown(one_of(11, _WAYS)),
        "libelleVoieEtablissement": shown(f"'DE L’EXEMPLE ' || {text(below(12, 90_000))}"),
        "identifiantAdresseEtablissement": shown(f"codeCommuneEtablissement || '_' || {text(below(12, 90_000))}"),
        "coordonneeLambertAbscisseEtablissement": metres(14, 200_000, 339_000.5),
        "coordonneeLambertOrdonneeEtablissement": metres(15, 6_200_000, 7_650_000.5),
        "enseigne1Etablissement": f"CASE WHEN {share(16)} < 0.15 THEN 'ENSEIGNE ' || {text('i')} END",
        "denominationUsuelleEtablissement": f"CASE WHEN {share(16)} > 0.85 THEN 'ATELIER ' || {text('i')} END",
        "activitePrincipaleEtablissement": activity,
        "nomenclatureActivitePrincipaleEtablissement": "'NAFRev2'",
        "activitePrincipaleNAF25Etablissement":
            f"CASE WHEN is_open AND {share(6)} < 0.95 THEN left(activitePrincipaleEtablissement, 5) || 'Y' END",
    }  # fmt: skip


def write_stock(
    path: Path, rows: int, *, columns: Iterable[str] = NEW_COLUMNS, seed: int = 1, per_unit: int = 2, separator: str = ","
) -> Path:  # fmt: skip
    """Write a synthetic stock of so many establishments, Parquet or CSV as the suffix says.

    Of them 38 % are open, 15 % employ, 1 % are closed to publication, 11 % hide their address; about 35 000
    communes and 1 900 activities, both unevenly filled. Same seed, same rows.
    """
    import duckdb

    made = _made(seed, per_unit)
    columns = list(columns)
    steps = ", ".join(f"{sql} AS {name}" for name, sql in made.items())
    chosen = ", ".join(name if name in made else f"CAST(NULL AS VARCHAR) AS {name}" for name in columns)
    form = "FORMAT parquet" if path.suffix == ".parquet" else f"FORMAT csv, HEADER, DELIMITER '{separator}'"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT {chosen} FROM (SELECT {steps} FROM range({rows}) AS given(i))) TO '{path}' ({form})"
        )
    return path


def write_stock_units(path: Path, establishments: Path) -> Path:
    """Write the legal units of a synthetic Parquet stock: half of them persons, a tenth of the social economy."""
    import duckdb

    made = {
        "siren": "siren", "statutDiffusionUniteLegale": "'O'", "etatAdministratifUniteLegale": "'A'",
        "denominationUniteLegale": "CASE WHEN n % 2 = 0 THEN 'SOCIÉTÉ D’EXEMPLE ' || CAST(n AS VARCHAR) END",
        "categorieJuridiqueUniteLegale": "CASE WHEN n % 2 = 1 THEN '1000' WHEN n % 10 = 0 THEN '9220' ELSE '5710' END",
        "nomUniteLegale": "CASE WHEN n % 2 = 1 THEN 'NOM-À-NE-PAS-LIRE' END",
        "economieSocialeSolidaireUniteLegale": "CASE WHEN n % 10 = 0 THEN 'O' WHEN n % 2 = 0 THEN 'N' END",
        "categorieEntreprise": "'PME'",
    }  # fmt: skip
    chosen = ", ".join(f"{made.get(name, 'CAST(NULL AS VARCHAR)')} AS {name}" for name in UNIT_COLUMNS)
    source = f"SELECT siren, CAST(left(siren, 8) AS BIGINT) AS n FROM '{establishments}' GROUP BY siren"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT {chosen} FROM ({source}) ORDER BY siren) TO '{path}' (FORMAT parquet)"
        )
    return path
