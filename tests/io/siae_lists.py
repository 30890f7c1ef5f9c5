"""Lists of insertion structures as people leave them: an excerpt of a real one, and a made-up one with its oddities."""

from __future__ import annotations

from pathlib import Path

#: Encodings in which an administration, a browser or Excel writes a list: name → codec.
ENCODINGS = {"cp1252": "cp1252", "utf8": "utf-8", "utf8_bom": "utf-8-sig"}

#: Rows of siae67.csv (Bas-Rhin, 2019), as published in github.com/gip-inclusion/les-emplois,
#: itou/siae/management/commands/data/siae67.csv, commit da3ac7870f37; telephone and e-mail blanked.
REAL = """\
type;nom;Secteur d'activités;Adresse;Code postal;Ville;Téléphone;email;SIRET
AI;ENTRAIDE EMPLOI;Mise à disposition de personnel;1 Rue de Steinbourg;67700;MONSWILLER;;;350 584 769 00029
EI;INDUSTRIE SERVICE;Sous-traitance industrielle, services aux entreprises, échafaudages, stockage, préparation de commandes. http://www.echafaudage-industrie-service.com;2 rue de la Zinsel;67590;SCHWEIGHOUSE/MODER;;;420 203 135 00033
EI;ENTRAIDE EMPLOI INDUSTRIE ENVIRONNEMENT;Sous-traitance industrielle;Rte de saverne - B.P.60221 STEINBOURG;67708;SAVERNE CEDEX;;;382 445 864 00020
EI;SCOPROBAT;Régie de quartier, entretien nettoyage, atelier et magasin de quartier, second œuvre bâtiment,peinture, laverie, blanchisserie;7 rue des Eyzies - BP 30051;67020;STRASBOURG CEDEX 01;;;389 505 439 00023
ACI;ENTRAIDE EMPLOI;Entretien des espaces verts, entretien et nettoyage de locaux;1 Rue de Steinbourg;67700;MONSWILLER;;;350 584 769 00029
ACI;les JMV - DISTRIBUTION;Cultures maraîchères, bio et transformation;5 avenue du Cimetière;67200;STRASBOURG;;;440 687 630 00051
ACI;les JMV - EXPL. AGRICOLE;Cultures maraîchères, bio et transformation;5 avenue du Cimetière;67200;STRASBOURG;;;440 687 630 00051
ACI;les JMV - TRANSFORMATION;Cultures maraîchères, bio et transformation;5 avenue du Cimetière;67200;STRASBOURG;;;44068763000051
ACI;SAVOIR ET COMPETENCE - ATLAS;Rénovation de matériel médical et petits travaux mécaniques et d’assemblage;5 rue Denis Papin;67400;ILLKIRCH GRAFFENSTADEN;;;478 977 879 00020
"""  # noqa: E501

#: The counts of that list as a whole: rows by kind, and how many structures share one SIRET.
KINDS = {"ACI": 29, "EI": 23, "AI": 9, "ETTI": 4}
SHARED = (3, 3, 2, 2, 2, 2)
CEDEX = 7
HEADER = (
    "type",
    "nom",
    "Secteur d'activités",
    "Adresse",
    "Code postal",
    "Ville",
    "Téléphone",
    "email",
    "SIRET",
)


def with_key(start: str) -> str:
    """Return a SIRET that begins with twelve digits and a zero, and has the right key."""

    def total(digits: str) -> int:
        doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
        return sum(value - 9 if value > 9 else value for value in doubled)

    return next(f"{start}0{key}" for key in range(10) if total(f"{start}0{key}") % 10 == 0)


def made_up() -> list[list[str]]:
    """Return 65 rows with the traits of the real list: 57 SIRET, spaces in all but one, CEDEX, slashes, œ and ’."""
    kinds = [kind for kind, count in KINDS.items() for _ in range(count)]
    owners = [owner for owner, count in enumerate(SHARED) for _ in range(count)]
    owners += range(len(SHARED), len(SHARED) + len(kinds) - len(owners))
    rows = []
    for place, (kind, owner) in enumerate(zip(kinds, owners, strict=True)):
        siret = with_key(f"9{owner:011d}")
        spaced = siret if place == 12 else f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}"
        city = f"VILLE {place % 31:02d}"
        city += " CEDEX" + " 01" * (place % 2) if place < CEDEX else "/MODER" if place == 30 else ""
        name = (
            f"Structure {place}, « second œuvre » d’ici"
            if place != 1
            else "Structure 0, « second œuvre » d’ici"
        )
        row = [kind, name, "Tri, collecte et vente", f"{place} rue du Port", f"67{place:03d}", city]
        rows.append([*row, "03 00 00 00 00", "accueil@exemple.fr", spaced])
    return rows


def write_list(path: Path, rows: list[list[str]], *, codec: str = "utf-8", separator: str = ";") -> Path:
    """Write a list as an administration does, Windows ends of lines included."""
    lines = [separator.join(row) for row in [list(HEADER), *rows]]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(codec))
    return path
