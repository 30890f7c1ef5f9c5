"""Names of 300 letters, from right to left, of emoji, with control characters and dollars: every figure is drawn."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

import chaine_valeur as cv
from chaine_valeur.filiere import Filiere
from chaine_valeur.report import write_all
from chaine_valeur.report.blocks import Paragraph
from tests.report.readers import docx_text, page_of, xlsx_texts

pytestmark = pytest.mark.long

LONG, RIGHT, SIGNS, CONTROL, DOLLAR = (
    "N" * 300,
    "مرحبا بالعالم",
    "🧵🧶 Fil & Co",
    "a\x07b\x0bc",
    "$x^2$ {{7}}",
)
NAMES = [LONG, RIGHT, SIGNS, CONTROL, DOLLAR]


def odd() -> Filiere:
    tables: dict[str, Any] = {
        "filiere": {"name": ["\u202eمرحبا 🧵" * 20], "territory_id": ["T"], "reference_year": [2024]},
        "territories": {"territory_id": ["T", "T"], "name": [RIGHT] * 2, "commune_code": ["76384", "76114"],
                        "commune_name": [SIGNS, LONG]},
        "actors": {
            "name": NAMES,
            "pole": ["ESS", "élus", "entreprises", None, None],
            "roles": ["insertion", "acteur territorial", "transformateur", "acheteur", "financeur"],
            "commune_code": ["76384", "76114", "76384", None, None],
            "latitude": [49.5, 49.6, None, None, 49.55],
            "longitude": [0.5, 0.6, None, None, 0.4],
        },
        "stages": {"name": ["É" * 300, "🧵", "عربى"], "rank": [1, 2, 3]},
        "stage_links": {"stage_id": ["É" * 300, "🧵"], "to_stage_id": ["🧵", "عربى"]},
        "activities": {"actor_id": [LONG, SIGNS, RIGHT], "stage_id": ["É" * 300, "🧵", "عربى"],
                       "jobs_fte": [3, 4, None], "insertion_fte": [1, None, None]},
        "flows": {"source": [LONG, SIGNS], "target": [SIGNS, RIGHT], "quantity_t_per_year": [10, None]},
        "cooperations": {"actor_id": [LONG], "to_actor_id": [RIGHT], "kind": ["recherche"]},
        "funding": {"scope": ["filiere"], "funder_id": [LONG], "amount_eur": [1000], "purpose": ["animation"],
                    "state": ["accordé"]},
        "observations": {"text": ["🧵" * 500], "kind": ["frein"]},
        "groups": {"name": ["G" * 300]},
        "memberships": {"group_id": ["G" * 300], "actor_id": [LONG]},
    }  # fmt: skip
    return Filiere.from_tables(**tables, strict=False)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_everything_is_drawn_and_written(tmp_path: Path, lang: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        files = {
            path.name: path
            for path in write_all(cv.diagnose(odd(), lang=lang), tmp_path, slides=lang == "fr")
        }
    for figure in (
        "chaine",
        "sankey",
        "reseau",
        "territoire",
        "emplois",
        "financements",
        "ruptures",
        "groupes",
    ):
        assert f"{figure}.svg" in files, figure
    page = page_of(files["rapport.html"])
    failed = "could not be drawn" if lang == "en" else "n’a pas pu être"
    assert failed not in page.text
    assert "nan" not in page.text.lower().split()
    for name in (RIGHT, SIGNS, DOLLAR):
        assert name in page.text
        assert name in docx_text(files["rapport.docx"])
        assert any(name in text for text in xlsx_texts(files["tables.xlsx"]))


def test_a_redacted_one_is_drawn_too(tmp_path: Path) -> None:
    f = odd()
    f = f.with_table(
        "actors", f.actors.assign(confidentiality=["confidential", None, None, None, None]), strict=False
    )
    told = cv.report.content(cv.redact(cv.diagnose(f), "public"))
    assert not [
        one
        for one in told.blocks()
        if isinstance(one, Paragraph) and one.kind == "warning" and "dessin" in one.text
    ]
    assert len(told.pictures) >= 6
    assert not any(LONG in picture.alt for picture in told.pictures)
