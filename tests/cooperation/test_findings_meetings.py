"""Groups on paper only: those that never met, or not for long; dates that nobody recorded."""

from __future__ import annotations

from typing import Any

import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.cooperation.findings.meetings import groups_on_paper
from chaine_valeur.analysis.findings import Finding
from tests.gaps.counting import fresh, grown, steps

GROUPS = {"name": ["GT", "COPIL", "Forum"], "kind": ["working_group", "steering", "forum"]}
MEMBERS = {"group_id": ["GT", "GT", "COPIL"], "actor_id": ["A", "B", "A"]}


def met(*meetings: tuple[str, str], **tables: Any) -> Filiere:
    """Three groups, and their meetings: a group and a day."""
    held = {"group_id": [one for one, _ in meetings], "met_on": [day for _, day in meetings]}
    return Filiere.from_tables(**{
        "actors": {"name": ["A", "B"]},
        "groups": GROUPS,
        "memberships": MEMBERS,
        "meetings": {**held, "actor_id": ["A"] * len(meetings)} if meetings else None,
        **tables,
    })  # fmt: skip


def found_in(f: Filiere, **options: Any) -> list[Finding]:
    return list(groups_on_paper(f, **options))


def test_never_met_while_another_did() -> None:
    gt, forum = found_in(met(("COPIL", "2024-03-12"), ("COPIL", "2024-06-04")))
    assert (gt.kind, gt.severity, gt.group_id) == ("group_on_paper", "medium", "gt")
    assert gt.message == (
        "GT\u00a0: aucune réunion recensée, alors que 1 autre groupe s’est réuni. À réunir autour d’une première "
        "action, ou réunions à renseigner."
    )
    assert gt.rows["groups"] == ("gt",) and len(gt.rows["memberships"]) == 2
    assert gt.hypothesis_share == 0
    assert (forum.severity, forum.group_id, forum.rows) == ("low", "forum", {"groups": ("forum",)})


def test_not_for_long() -> None:
    f = met(("COPIL", "2024-06-04"), ("GT", "2023-06-03"), ("Forum", "2022-01-01"), ("Forum", "2023-06-04"))
    # twelve months before 4 June 2024: 4 June 2023, on which the forum met
    (gt,) = found_in(f)
    assert gt.message == (
        "GT\u00a0: 1 réunion recensée, le 3 juin 2023, plus de 12\u00a0mois avant la dernière de la filière. À "
        "réunir de nouveau, ou réunions à renseigner."
    )
    assert gt.severity == "low"
    assert found_in(f, months=13) == []
    first, second = found_in(f, months=6, lang="en")
    assert second.message.startswith(
        "Forum: 2 meetings recorded, the last on 4 June 2023, more than 6 months"
    )
    assert first.group_id == "gt"


def test_nothing_recorded_is_one_finding() -> None:
    (found,) = found_in(met())
    assert (found.kind, found.severity, found.group_id) == ("meetings_unknown", "low", None)
    assert found.message == (
        "3 groupes, aucune réunion recensée\u00a0: dates des réunions à renseigner, et qui était présent (GT, "
        "COPIL et Forum)."
    )
    assert found.rows == {"groups": ("gt", "copil", "forum")} and found.n_unknown == 3
    (alone,) = found_in(met(groups={"name": ["GT"]}, memberships=None), lang="en")
    assert alone.message == "GT: dates of the meetings to be stated, and who came."
    many = {"name": [f"G{place}" for place in range(9)]}
    (found,) = found_in(met(groups=many, memberships=None), lang="en")
    assert "9 groups, no meeting recorded" in found.message and "G0, G1, G2 and 6 others" in found.message
    assert found_in(Filiere.from_tables(actors={"name": ["A"]})) == []


def test_groups_that_ended_or_have_just_begun_are_left_in_peace() -> None:
    groups = {**GROUPS, "until": [2020, None, None], "since": [None, None, 2024]}
    f = met(("COPIL", "2024-06-04"), groups=groups, filiere={"name": ["F"], "reference_year": [2024]})
    assert found_in(f) == []
    older = met(("COPIL", "2024-06-04"), groups={**GROUPS, "since": [None, None, 2023]})
    assert [one.group_id for one in found_in(older)] == ["gt", "forum"]
    # in a group that ended a meeting was held: nothing is recorded of those that have not
    ended = met(("GT", "2019-06-04"), groups=groups, filiere={"name": ["F"], "reference_year": [2024]})
    assert [one.kind for one in found_in(ended)] == ["meetings_unknown"]


def test_in_a_year_later_meetings_are_not_known_yet() -> None:
    f = met(("COPIL", "2022-06-04"), ("GT", "2022-03-01"), ("Forum", "2022-05-01"), ("COPIL", "2024-06-04"))
    assert [one.group_id for one in found_in(f)] == ["gt", "forum"]
    assert found_in(f.at(2022)) == []


def test_a_meeting_of_which_nobody_knows_who_came_is_one() -> None:
    f = met(("GT", "2024-01-01"), ("COPIL", "2024-01-01"), ("Forum", "2024-01-01"))
    assert found_in(f) == []
    assert found_in(f.with_table("meetings", f.meetings.assign(actor_id=None))) == []


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_form(lang: str) -> None:
    for f in (met(), met(("COPIL", "2024-03-12")), met(("COPIL", "2024-03-12"), ("GT", "2020-03-12"))):
        for one in found_in(f, lang=lang):
            assert one.message.endswith((".", ").")) and "{" not in one.message
            assert one.rows and all(one.rows.values())
            for table, ids in one.rows.items():
                assert set(ids) <= set(f.table(table).index)


def test_it_does_not_loop_over_rows() -> None:
    def full(size: int) -> Filiere:
        f = grown(size)
        return f.with_rows("meetings", [{"group_id": "g", "met_on": f"{2000 + day}-01-01", "actor_id": f"a{day:06d}"}
                                        for day in range(size // 80)])  # fmt: skip

    few, many = (
        steps(lambda f=f: found_in(fresh(f)), rooms=("analysis/cooperation",)) for f in map(full, (200, 1600))
    )
    assert few > 0 and many <= 1.02 * few
