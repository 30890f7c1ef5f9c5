"""Comparing text, making identifiers, and errors that other code can catch."""

from __future__ import annotations

import copy
import pickle

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaine_valeur import errors
from chaine_valeur.text import fold, join_list, slug, split_list


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Quantité (t/an)", "  QUANTITE t an"),
        ("Œuvre", "oeuvre"),
        ("Groupe\u00a0de\u202ftravail", "groupe de travail"),
        ("L’Établi", "l'etabli"),
        ("LGM²B", "lgm2b"),
    ],
)
def test_fold_sees_the_same_word(first, second):
    assert fold(first) == fold(second)


def test_fold_keeps_signs_that_stand_alone():
    assert fold(" <= ") == "<="
    assert fold("≤") != fold("≥")


@given(st.text())
def test_fold_is_idempotent(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(min_size=1))
def test_slug_is_one_word(text):
    made = slug(text)
    assert made
    assert made.split() == [made]


def test_slug():
    assert slug("ICIAD / Cotexi 276") == "iciad-cotexi-276"
    assert " " not in slug("Δίκτυο Α")


@given(st.lists(st.text(alphabet="abc é", min_size=1).map(str.strip).filter(bool), unique=True))
def test_lists_round_trip(entries):
    assert split_list(join_list(entries)) == entries


def test_split_list_of_nothing():
    assert split_list(None) == []
    assert split_list(float("nan")) == []  # type: ignore[arg-type]
    assert split_list(" ; ;") == []


def test_errors_are_builtins_too():
    problems = pd.DataFrame({"code": ["x"]})
    error = errors.ValidationError("broken", problems)
    assert isinstance(error, ValueError)
    assert isinstance(error, errors.ChaineValeurError)
    back = pickle.loads(pickle.dumps(error))
    assert str(back) == "broken"
    assert back.problems.equals(problems)
    assert copy.copy(error).problems is problems
    assert isinstance(errors.UnreadableFileError("x"), OSError)
    assert issubclass(errors.MissingTableError, LookupError)
    assert str(errors.UnknownNameError("plain words")) == "plain words"  # a KeyError shows a repr
    assert str(errors.UnknownNameError()) == ""


def test_close_names():
    names = ["Cobanor Tritex", "CREPIM", "Cotexi 276"]
    assert errors.close_names("cotexi 27", names)[0] == "Cotexi 276"
    assert errors.close_names("Crepin", names) == ["CREPIM"]
    assert errors.close_names("zzzzz", names) == []
    assert len(errors.close_names("actor", ["actor1", "actor2", "actor3", "actor4"])) == 3
