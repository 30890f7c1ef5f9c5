"""A change of the schema is a decision: are tables that were validated before it still good?"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from chaine_valeur import schema
from chaine_valeur.schema import Table, tables
from chaine_valeur.vocabulary import vocabulary

#: Version → what the schema says under it. Where a column, type, unit, bound, default, term, reference or key is
#: another one, this test fails: count `schema.VERSION` up and write the new mark beside it; or, if all tables that
#: were validated before would pass now as they are (a further column, a further term), put it in place of the old.
MARKS = {1: "66bed1ba86ae94ff"}


def lines_of(home: Table) -> list[str]:
    """What a table says that a validated table has to hold to; labels, meanings and other spellings are not of it."""
    lines = [f"{home.name} {home.unique}"]
    for column in home:
        bounds = (column.type, column.unit, column.need, column.default, column.minimum, column.maximum)
        terms = [term.value for term in vocabulary(column.vocabulary)] if column.terms else column.vocabulary
        lines.append(f"{home.name}.{column.name} {bounds} {column.references} {terms}")
    return lines


def mark(homes: list[Table]) -> str:
    lines = sorted(line for home in homes for line in lines_of(home))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def test_the_schema_is_that_of_its_version() -> None:
    assert list(MARKS) == list(range(1, schema.VERSION + 1))
    assert mark(list(tables().values())) == MARKS[schema.VERSION]


def test_the_mark_sees_what_matters_and_nothing_else() -> None:
    """Another bound, and a column more, are seen; another label, and the order of the columns, are not."""
    home = tables()["flows"]
    share = home["share"]

    def changed(**columns: schema.Column) -> str:
        return mark([replace(home, columns={**home.columns, **columns})])

    before = mark([home])
    assert changed(share=replace(share, maximum=2.0)) != before
    assert changed(more=replace(share, name="more")) != before
    assert mark([replace(home, unique=("source",))]) != before
    assert changed(share=replace(share, label_fr="Autre", meaning_en="Other", aliases=("x",))) == before
    backwards = dict(reversed(home.columns.items()))
    assert mark([replace(home, columns=backwards)]) == before
