"""Chains to draw: short notations for the frames of a figure, and filières to read them from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from chaine_valeur import Filiere
from chaine_valeur.figures import ChainData
from chaine_valeur.figures.frames import frame

#: What users may have typed into the cell of a name.
HOSTILE = [
    "$\\frac{a}{b}$",
    "<script>alert(1)</script>",
    "\u202eabc\u202c",
    "a\x00b\x1bc\n\td",
    "🧵" * 5,
    "x" * 300,
]
#: a stage: name, column, state; an actor: name, stage, changes; a flow: from, to, material, t, changes
Stage = tuple[Any, ...]
Actor = tuple[Any, ...]
Flow = tuple[Any, ...]

_BOX: dict[str, Any] = {
    "n_unknown": 0,
    "role": "transformer",
    "actor_type": "organisation",
    "structure_kind": None,
    "is_siae": False,
    "is_outside": False,
    "status": "active",
    "is_hypothesis": False,
}


def chain_of(
    stages: Sequence[Stage], actors: Sequence[Actor], flows: Sequence[Flow] = (), **more: Any
) -> ChainData:
    """Return the frames of a small chain; an actor stands at one stage, a flow without an end is outside."""
    held = {stage for _, stage, *_ in actors}
    rows = [
        {
            "stage_id": name,
            "label": name,
            "kind": "operation",
            "rank": column,
            "column": column,
            "state": state[0] if state else "present" if name in held else "missing",
            "n_actors": sum(actor[1] == name for actor in actors),
        }
        for name, column, *state in stages
    ]
    place = {row["stage_id"]: row["column"] for row in rows}
    box = {name: f"{name}@{stage}" for name, stage, *_ in actors}
    ribbons = []
    for number, (source, target, material, quantity, *changes) in enumerate(flows):
        known = quantity is not None
        row: dict[str, Any] = {
            "ribbon_id": f"r{number}",
            "source_box": box.get(source),
            "target_box": box.get(target),
            "material_id": material,
            "material": material,
            "quantity_t_per_year": float(quantity) if known else np.nan,
            "n_rows": 1,
            "n_unknown": int(not known),
            "status": "active",
            "is_hypothesis": False,
            "passes": (),
            "flow_ids": (f"f{number}",),
        }
        ribbons.append(row | (changes[0] if changes else {}))
    table = frame("ribbons", ribbons)
    sums = [table.groupby(end)["quantity_t_per_year"].sum() for end in ("source_box", "target_box")]
    touched = {*table["source_box"].dropna(), *table["target_box"].dropna()}
    boxes = []
    for name, stage, *changes in actors:
        most = max(float(side.get(box[name], 0.0)) for side in sums)
        about = {"box_id": box[name], "actor_id": name, "stage_id": stage, "column": place[stage]}
        about |= {"label": name, "has_flow": box[name] in touched, "quantity_t_per_year": most or np.nan}
        boxes.append(_BOX | about | (changes[0] if changes else {}))
    return ChainData(
        stages=frame("stages", rows),
        boxes=frame("boxes", boxes),
        ribbons=table,
        others=frame("others", []),
        **{"name": "Essai", "year": 2024, **more},
    )


def textile() -> ChainData:
    """Eight actors, every sign of the legend: what a page of Word has to hold."""
    used, again, fibre = "Textiles usagés", "Réemploi", "Fibres synthétiques"
    stages = [
        ("Gisement", 0),
        ("Collecte", 1),
        ("Tri", 2),
        ("Effilochage", 3, "missing"),
        ("Compoundage polymère", 4, "regional"),
        ("Débouchés", 5),
    ]
    actors = [
        ("Ménages du territoire", "Gisement", {"role": "supplier", "actor_type": "diffuse"}),
        ("Relais Enfants", "Collecte", {"role": "insertion", "is_siae": True, "structure_kind": "EI"}),
        ("ICIAD / Cotexi 276", "Collecte"),
        ("Atelier textile", "Tri", {"role": "insertion", "is_siae": True, "structure_kind": "ACI"}),
        ("Nouveau tri", "Tri", {"status": "planned"}),
        ("Réseau d’acheteurs", "Débouchés", {"role": "buyer", "is_hypothesis": True}),
        ("Marché de la fripe", "Débouchés", {"role": "buyer", "is_outside": True}),
        ("Friperie sans flux", "Débouchés", {"role": "buyer"}),
    ]
    flows = [
        ("Ménages du territoire", "Relais Enfants", used, 70),
        ("Ménages du territoire", "ICIAD / Cotexi 276", used, 37),
        ("Relais Enfants", "Atelier textile", used, 55),
        ("ICIAD / Cotexi 276", "Atelier textile", used, 30),
        ("ICIAD / Cotexi 276", "Nouveau tri", used, 7, {"status": "planned"}),
        ("Atelier textile", "Marché de la fripe", again, 48),
        ("Atelier textile", "Réseau d’acheteurs", fibre, 12, {"is_hypothesis": True}),
        ("Atelier textile", "Réseau d’acheteurs", again, None),
        ("Atelier textile", None, "Refus", 9),
        ("Relais Enfants", None, used, 15),
        (None, "Atelier textile", used, 6),
        ("Réseau d’acheteurs", "Relais Enfants", again, 2),
    ]
    return chain_of(stages, actors, flows)


def crowd(seed: int = 3, sizes: Sequence[int] = (14, 12, 16, 0, 10)) -> ChainData:
    """Fifty actors in layers, drawn at random, one stage missing: what an A4 page has to hold."""
    random = np.random.default_rng(seed)
    stages = [(f"Maillon {number}", number) for number in range(len(sizes))]
    actors = [
        (f"Acteur {stage}.{number}", f"Maillon {stage}")
        for stage, size in enumerate(sizes)
        for number in range(size)
    ]
    held = [stage for stage, size in enumerate(sizes) if size]
    flows = []
    for here, there in zip(held[:-1], held[1:], strict=True):
        for number in range(sizes[here]):
            for other in random.choice(sizes[there], size=int(random.integers(1, 4)), replace=False):
                tonnes = float(np.round(np.exp(random.normal(7, 1.2))))
                flows.append(
                    (f"Acteur {here}.{number}", f"Acteur {there}.{other}", f"Matière {here}", tonnes)
                )
    return chain_of(stages, actors, flows)


def filiere(**changes: Any) -> Filiere:
    """Return a filière of four stages and six actors; each table can be replaced (``None`` leaves it out).

    Collecte (Relais), Tri (Tri Nord, Atelier ACI), Effilochage (nobody), Débouché (Acheteur).
    """
    tables: dict[str, Any] = {
        "stages": {
            "stage_id": ["collecte", "tri", "effilochage", "debouche"],
            "name": ["Collecte", "Tri", "Effilochage", "Débouché"],
            "kind": ["resource", "operation", "operation", "market"],
            "rank": [1, 2, 3, 4],
        },
        "stage_links": {
            "stage_id": ["collecte", "tri", "effilochage"],
            "to_stage_id": ["tri", "effilochage", "debouche"],
        },
        "materials": {"material_id": ["textile", "fibre"], "name": ["Textile", "Fibre"]},
        "actors": {
            "actor_id": ["relais", "nord", "aci", "acheteur", "epci", "ancien"],
            "name": ["Relais", "Tri Nord", "Atelier", "Acheteur", "Communauté", "Ancien"],
            "roles": [
                "supplier",
                "transformer",
                "insertion;transformer",
                "buyer",
                "territorial",
                "transformer",
            ],
            "structure_kind": [None, "company", "ACI", None, None, None],
            "status": ["active", "active", "active", "active", "active", "closed"],
        },
        "activities": {
            "actor_id": ["relais", "nord", "aci", "acheteur", "ancien"],
            "stage_id": ["collecte", "tri", "tri", "debouche", "tri"],
        },
        "flows": {
            "flow_id": ["f1", "f2", "f3", "f4"],
            "source": ["relais", "relais", "nord", "aci"],
            "target": ["nord", "aci", "acheteur", None],
            "material_id": ["textile", "textile", "fibre", "fibre"],
            "quantity_t_per_year": [100.0, 40.0, 60.0, None],
            "confidence": ["measured", "declared", "hypothesis", "declared"],
        },
    }
    tables |= changes
    return Filiere.from_tables(
        **{name: pd.DataFrame(rows) for name, rows in tables.items() if rows is not None}
    )


def written(ax: Axes) -> list[str]:
    """All texts of a picture, in the order in which they were written."""
    return [text.get_text() for text in ax.texts]


def check_on_sheet(ax: Axes) -> None:
    """Draw a figure, and check that no text leaves it, is too small to be read, or is taken for a formula."""
    figure = ax.figure
    assert isinstance(figure, Figure)
    FigureCanvasAgg(figure).draw()
    for text in ax.texts:
        box = text.get_window_extent()
        assert box.x0 >= -1 and box.x1 <= figure.bbox.x1 + 1, text.get_text()
        assert box.y0 >= -1 and box.y1 <= figure.bbox.y1 + 1, text.get_text()
        assert float(text.get_fontsize()) >= 6.0 and not text.get_parse_math(), text.get_text()
        assert not any(ord(char) < 32 for char in text.get_text()) and len(text.get_text()) < 200
