"""Actions that aim at a finding which the diagnostic does not have: mistaken, or answered already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..language import clauses, tr
from ..vocabulary import ActionState, label
from .run import available_checks, check_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from .result import Diagnosis

__all__ = ["aimed_findings", "aimless_actions"]

#: What an action says of its finding → the table that names it.
_ABOUT = {"stage_id": "stages", "to_stage_id": "stages", "actor_id": "actors"}
_OVER = {ActionState.DONE.value, ActionState.DROPPED.value}
#: Close findings named.
MOST_CLOSE = 3


def aimless_actions(diagnosis: Diagnosis) -> list[str]:
    """Return a sentence for each action that aims at a finding of another kind, or about something else, than today's.

    An action names the kind of its finding and, where it wants, a stage, a next stage, an actor: it aims at a finding
    of that kind about one of these at least, and about none else. Actions done or dropped, and those that name no kind,
    are not looked at; nor is any where some of the checks of the library were not run, since what they would have found
    is not known.

    Returns
    -------
    list of str
        In the order of the table; each names the row, and the findings of that kind, else about that stage or actor.

    Examples
    --------
    >>> from chaine_valeur import Filiere, diagnose
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Tri", "Broyage"]},
    ...     actors={"name": ["Relais"]},
    ...     activities={"actor_id": ["Relais"], "stage_id": ["Tri"]},
    ...     actions={"name": ["Créer le tri"], "finding_kind": ["missing_stage"], "stage_id": ["Tri"]},
    ... )
    >>> aimless_actions(diagnose(f, lang="en"))[0].split(". ")[1]
    'Close ones: Missing stage (Broyage).'
    """
    f, lang = diagnosis.filiere, diagnosis.lang
    actions = f.actions
    told = actions["finding_kind"].notna() & ~actions["state"].isin(_OVER)
    rows = actions[told.to_numpy(bool)]
    run = {check_name(one) for one in diagnosis.asked.get("checks", ())}  # type: ignore[attr-defined]
    if rows.empty or not run.issuperset(available_checks()):
        return []
    findings = diagnosis.findings
    return [
        sentence
        for key, row in rows.iterrows()  # the few actions of a plan
        for sentence in _aimless(diagnosis, findings, str(key), row, lang)
    ]


def aimed_findings(diagnosis: Diagnosis, action_id: str) -> list[str]:
    """Return the findings of today that an action aims at, by identifier, in the order of the diagnostic.

    None where it names no kind of finding, or where none of that kind is about what it names.
    """
    row = diagnosis.filiere.actions.loc[action_id]
    if pd.isna(row["finding_kind"]):
        return []
    findings = diagnosis.findings
    _, near, fits = _aim(findings, row)
    return [str(one) for one in findings.loc[(fits & near).to_numpy(bool), "finding_id"]]


def _aimless(
    diagnosis: Diagnosis, findings: pd.DataFrame, key: str, row: pd.Series, lang: str
) -> Iterator[str]:
    f = diagnosis.filiere
    of_kind, near, fits = _aim(findings, row)
    if (fits & near).any():
        return
    named = [name for name in _ABOUT if pd.notna(row[name])]
    about = ", ".join(str(f.table(_ABOUT[name])["name"].get(row[name], row[name])) for name in named)
    close = findings[of_kind] if of_kind.any() else findings[near.to_numpy(bool) & bool(named)]
    names = list(dict.fromkeys(_called(diagnosis, one, lang) for one in close.to_dict("records")))[
        :MOST_CLOSE
    ]
    sentence = tr(
        "{place}: “{action}” aims at the finding “{finding}”{about}, which is not among today’s findings.",
        lang,
        place=_place(diagnosis, key, lang),
        action=row["name"],
        finding=label(row["finding_kind"], "finding_kind", lang),
        about=f" ({about})" if about else "",
    )
    if names:
        sentence += " " + tr("Close ones: {names}.", lang, names=clauses(names, lang))
    yield sentence


def _aim(findings: pd.DataFrame, row: pd.Series) -> tuple[NDArray[np.bool_], pd.Series, pd.Series]:
    """Return which findings are of the kind that an action names, near what it names, and fit all that it says."""
    of_kind = (findings["kind"] == row["finding_kind"]).to_numpy(bool)
    named = [name for name in _ABOUT if pd.notna(row[name])]
    near = pd.Series(not named, index=findings.index)
    fits = pd.Series(of_kind, index=findings.index)
    for name in named:
        mine = findings[name].eq(row[name]).fillna(False).astype(bool)
        near |= mine
        fits &= mine | findings[name].isna()  # a finding about a whole stage names no actor
    return of_kind, near, fits


def _place(diagnosis: Diagnosis, key: str, lang: str) -> str:
    """Return the sheet and row of an action."""
    where = diagnosis.filiere.where("actions", key).iloc[0]
    return tr("{sheet}, row\u00a0{row}", lang, sheet=where["sheet"], row=where["row"])


def _called(diagnosis: Diagnosis, finding: dict[str, object], lang: str) -> str:
    """Return « Maillon manquant (Broyage) »."""
    f = diagnosis.filiere
    names = [
        str(f.table(home)["name"].get(finding[name], finding[name]))
        for name, home in _ABOUT.items()
        if pd.notna(finding[name])
    ]
    kind = label(str(finding["kind"]), "finding_kind", lang)
    return f"{kind} ({', '.join(names)})" if names else kind
