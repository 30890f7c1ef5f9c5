"""OpenSankey (TerriFlux): its workbook and its JSON, read and written.

**Written**: an actor is a node, all of one level; a flow that counts is a figure of *Données*, its year a data tag, its
material and its confidence flux tags; where several materials pass between the same two actors in a year the material
is a data tag, since OpenSankey has one figure a link whatever its flux tags, and a flow without a material has a tag
that says so. Known limits are in *Min Max*. Flows of one pair, year and material are added up; if the tonnage of one of
them is unknown, so is the sum, and what is known of them is its minimum. A blank end is the node « Imports and exports ».
Levels are not written: OpenSankey holds a node to be the sum of those of the level below, which the members of a network
are not. Identifiers are not written either: they are made of the names again.

**Read**: see `chaine_valeur.io.exchange.sankey`. Of a figure and the finer ones that it is the total of (those between
nodes of a lower level) one kind counts: the finer ones where any of them is known, else the total; the others are set
aside and said, and so is a second figure of one link and tags: nothing counts twice.
"""

from __future__ import annotations

import json
import os
from numbers import Real
from pathlib import Path

from ...errors import ArgumentError
from ...filiere import Filiere
from ...language import check_language
from ..files import writable_path
from ..workbook import is_workbook
from .files import held
from .opensankey_json import sankey_of_json
from .opensankey_model import CARRIED, drawn
from .opensankey_sheets import sankey_of_workbook
from .opensankey_writing import as_json, write_sheets
from .result import Exchanged, left_out, problems_of
from .sankey import filiere_of_sankey

__all__ = ["read_opensankey", "write_opensankey"]


def write_opensankey(f: Filiere, path: str | os.PathLike[str], *, lang: str = "fr") -> Exchanged:
    """Write the flows of a filière for OpenSankey: a workbook, or its JSON if the name ends in ``.json``.

    What the format cannot carry is told in ``left_out``: flows that are planned, over or another declaration, two flows
    of one pair, year and material (added up; beside one of unknown tonnage what is known becomes the minimum), groups and
    ties, identifiers and all else that is known of an actor than name, note, type, roles, college and kind of structure.
    A « : » in a name of a material becomes « ∶ ». In JSON a flow of every year is added to the figure of each year of the
    file; it comes back as it was unless those figures are changed.

    Parameters
    ----------
    path
        The file to write.
    lang
        Language of sheets, headers and terms, French or English: OpenSankey reads both.

    Raises
    ------
    UnreadableFileError
        Nothing can be written there.

    Examples
    --------
    >>> import tempfile
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Relais", "Filature"]},
    ...     flows={"source": ["Relais"], "target": ["Filature"], "year": [2024], "quantity_t_per_year": [12.5]},
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     again = [read_opensankey(write_opensankey(f, f"{folder}/{name}")) for name in ("a.xlsx", "a.json")]
    >>> [one == f for one in again]
    [True, True]
    """
    check_language(lang)
    made = drawn(f, lang=lang)
    written = writable_path(path, lang=lang)
    if written.suffix.lower() == ".json":
        text = json.dumps(as_json(made, lang=lang), ensure_ascii=False, indent=1, allow_nan=False)
        written.write_text(text + "\n", encoding="utf-8", newline="\n")
    else:
        write_sheets(made, written, lang=lang)
    carried = {
        "actors": ["name", "note", "actor_type", "roles", "pole", "structure_kind"],
        "flows": list(CARRIED),
        **{name: ["name"] for name, count in made.used.items() if count},
    }
    return Exchanged(written, (written,), left_out(f, carried, lang=lang, used=made.used, more=made.left_out))


def read_opensankey(
    path: str | os.PathLike[str], *, t_per_unit: float = 1.0, strict: bool = True, lang: str = "fr"
) -> Filiere:
    """Return the filière of a file of OpenSankey: a workbook of the MFA of a chain, or the JSON of a diagram.

    Sheets and columns are known in French and English, any case, singular and plural, in any order; whatever is missing.
    Products and sectors are *diffuse* actors, products materials too, exchanges the outside; the level gives ``part_of``.

    Figures that would count twice are set aside, with what they say, and told in ``problems``: totals of finer ones
    (``aggregate_flow``, or ``total_not_used`` where those are less), blank parts of a total none of whose parts is known
    (``part_of_total``), second figures of a link and its tags (``same_in_file``). Of several nodes of one name in a JSON
    the later ones are called after their key too (``same_node``). The model has no place for colours and positions
    (``left_out``); constraints, conversions and results are not read (``part_not_read``).

    Parameters
    ----------
    path
        The file, .xlsx or .json; its content says which.
    t_per_unit
        Tonnes per year of one unit of its values: 1000 if they are in kilotonnes. A cell that says its own unit
        (« 12 t ») is in tonnes.
    strict
        Raise if a row or a cell cannot be used; otherwise set it aside and go on.
    lang
        Language of the messages.

    Returns
    -------
    Filiere
        Its ``problems`` name the sheet and the row; of a JSON the file and the rank of the node or link.

    Raises
    ------
    UnreadableFileError
        Missing, too large, neither a workbook nor JSON, nothing of OpenSankey in it; nodes that are parts of
        too many others.
    ArgumentError
        A factor that is no number above zero.
    ValidationError
        In strict mode: a value that is no number, a link without ends.

    Examples
    --------
    >>> import json, tempfile
    >>> content = {
    ...     "nodes": {"a": {"name": "Scieries"}, "b": {"name": "Papeterie"}},
    ...     "links": {"l": {"idSource": "a", "idTarget": "b", "value": {"data_value": 3}}},
    ... }
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "bois.json").write_text(json.dumps(content), encoding="utf-8")
    ...     f = read_opensankey(f"{folder}/bois.json", t_per_unit=1000)
    >>> f.flows[["source", "target", "quantity_t_per_year"]].to_numpy().tolist()
    [['scieries', 'papeterie', 3000.0]]
    """
    check_language(lang)
    is_number = isinstance(t_per_unit, Real) and not isinstance(t_per_unit, bool)
    if not is_number or not 0 < t_per_unit < float("inf"):
        raise ArgumentError(
            f"t_per_unit={t_per_unit!r} has to be a number above 0: tonnes per year of one unit of the file, such as 1000"
        )
    problems = problems_of(lang)
    first = held(path, "xlsx", lang=lang)[:8]
    read = (
        sankey_of_workbook
        if is_workbook(first) or Path(path).suffix.lower().startswith(".xls")
        else sankey_of_json
    )
    return filiere_of_sankey(
        read(path, problems, lang=lang), problems, t_per_unit=t_per_unit, strict=strict, lang=lang
    )
