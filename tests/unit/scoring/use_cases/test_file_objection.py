"""A subject objects to an award of his own and is answered by somebody else; upheld, the award is named to the fold."""

from datetime import date
from typing import Any

import pytest

from services.scoring.domain.awards import AwardId, CardKey
from shared.events import members
from shared.events.scoring import ObjectionFiled, ObjectionRejected, ObjectionUpheld
from shared.kernel.access import Caller, Grant, Role
from shared.kernel.ids import AccountId, PersonId, derived_id
from tests.unit.scoring.facts import BRANCH, CADRE, OTHER_BRANCH, OTHER_TOWNSHIP, TOWNSHIP
from tests.unit.scoring.record_world import (
    MEMBER,
    THERE,
    RecordWorld,
    an_award,
    an_objection,
    an_organisation,
)

OBJECTION = f"/objections/{an_objection()['id']}"
ANSWER = f"{OBJECTION}/answer"
YES, NO = {"upheld": True, "answer": "情况属实"}, {"upheld": False, "answer": "记录无误"}


def of(standard: str, subject_id: str) -> dict[str, Any]:
    """The objection of that subject to an award of the year."""
    return an_objection(
        id=derived_id("objection of", subject_id),
        standard=standard,
        subject_id=subject_id,
        period="2023",
        award_id=derived_id("award of", subject_id),
    )


async def awarded(recorded: RecordWorld) -> None:
    """The cadre, the member and the branch have an award each."""
    yearly = [
        an_award(id=AwardId(derived_id("award of", subject_id)), card=CardKey(standard, subject_id, "2023"))  # type: ignore[arg-type]
        for standard, subject_id in (("member", MEMBER), ("branch", BRANCH))
    ]
    await recorded.ledger.add([an_award(), *yearly])


async def test_a_cadre_objects_to_an_award_of_his(recorded: RecordWorld) -> None:
    await awarded(recorded)
    objection = await recorded.done("cadre", "POST", "/objections", an_objection())

    assert (objection["state"], objection["organisation_id"], objection["counts_on"]) == (
        "filed",
        TOWNSHIP,
        "2023-11-17",
    )
    [fact] = recorded.objections.facts
    assert isinstance(fact.event, ObjectionFiled)
    assert fact.key == TOWNSHIP
    assert "按期" not in fact.event.model_dump_json()


@pytest.mark.parametrize(
    ("who", "standard", "subject"),
    [("member", "member", MEMBER), ("branch secretary", "branch", BRANCH), ("cadre", "cadre", CADRE)],
)
async def test_each_subject_objects_for_himself(recorded: RecordWorld, who: str, standard: str, subject: str) -> None:
    await awarded(recorded)
    form = an_objection() if standard == "cadre" else of(standard, subject)

    assert (await recorded.done(who, "POST", "/objections", form))["subject_id"] == subject


@pytest.mark.parametrize(
    ("who", "standard", "subject", "answer"),
    [
        ("neighbour", "member", MEMBER, "403 objection.of_another"),
        ("branch secretary", "member", MEMBER, "403 objection.of_another"),
        ("member", "branch", BRANCH, "403 objection.of_another"),
        ("other branch secretary", "branch", BRANCH, "404 subject.not_found"),
        ("far member", "member", MEMBER, "404 subject.not_found"),
        ("organiser", "member", MEMBER, "403 access.forbidden"),
        ("cadre", "cadre", derived_id("nobody"), "404 subject.not_found"),
    ],
)
async def test_nobody_objects_for_another(
    recorded: RecordWorld, who: str, standard: str, subject: str, answer: str
) -> None:
    await awarded(recorded)

    assert await recorded.refused(who, "POST", "/objections", of(standard, subject)) == answer


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"award_id": derived_id("other")}, "422 objection.award_unknown"),
        ({"rule_id": "weekly-visit"}, "422 objection.award_unknown"),
        ({"period": "2023-Q3"}, "422 objection.award_unknown"),
        ({"period": "soon"}, "422 period.unclear"),
    ],
)
async def test_only_an_award_of_that_ledger_and_rule(
    recorded: RecordWorld, changed: dict[str, str], answer: str
) -> None:
    await awarded(recorded)

    assert await recorded.refused("cadre", "POST", "/objections", an_objection(**changed)) == answer


async def test_what_counts_for_nothing_needs_no_objection(recorded: RecordWorld) -> None:
    award = an_award()
    reversal = an_award(id=AwardId(derived_id("reversal")), award_id=award.id, effect="reversal", points=0)
    await recorded.ledger.add([award, reversal])
    against_the_reversal = an_objection(award_id=reversal.id)

    assert await recorded.refused("cadre", "POST", "/objections", an_objection()) == "409 objection.award_reversed"
    assert await recorded.refused("cadre", "POST", "/objections", against_the_reversal) == "422 objection.award_unknown"


async def test_an_award_has_one_open_objection_at_a_time(recorded: RecordWorld) -> None:
    await awarded(recorded)
    first = await recorded.done("cadre", "POST", "/objections", an_objection())
    second = an_objection(id=derived_id("second"))

    assert first == await recorded.done("cadre", "POST", "/objections", an_objection())
    assert await recorded.refused("cadre", "POST", "/objections", second) == "409 objection.open"
    changed = an_objection(text="另一理由")
    assert await recorded.refused("cadre", "POST", "/objections", changed) == "409 object.already_there"
    await recorded.done("organiser", "PUT", ANSWER, NO, seen=1)
    assert (await recorded.done("cadre", "POST", "/objections", second))["state"] == "filed"


@pytest.mark.parametrize("who", ["organiser", "secretary"])
async def test_an_upheld_objection_names_the_award_its_rule_and_day(recorded: RecordWorld, who: str) -> None:
    await awarded(recorded)
    await recorded.done("cadre", "POST", "/objections", an_objection())
    objection = await recorded.done(who, "PUT", ANSWER, YES, seen=1)

    assert (objection["state"], objection["answer"], objection["answered_on"]) == ("upheld", "情况属实", "2023-11-20")
    [*_, event] = recorded.objections.events
    assert isinstance(event, ObjectionUpheld)
    assert (event.award_id, event.rule_id, event.counts_on) == (an_award().id, "problem-late", date(2023, 11, 17))
    assert "属实" not in event.model_dump_json()


async def test_an_answer_stands(recorded: RecordWorld) -> None:
    await awarded(recorded)
    await recorded.done("cadre", "POST", "/objections", an_objection())
    stale = await recorded.refused("organiser", "PUT", ANSWER, NO, seen=2)
    first = await recorded.done("organiser", "PUT", ANSWER, NO, seen=1)

    assert stale == "412 object.stale"
    assert isinstance(recorded.objections.events[-1], ObjectionRejected)
    assert first == await recorded.done("organiser", "PUT", ANSWER, NO, seen=1)
    assert await recorded.refused("organiser", "PUT", ANSWER, YES, seen=2) == "409 objection.answered"


async def test_who_objected_does_not_answer(recorded: RecordWorld) -> None:
    await awarded(recorded)
    grants = (Grant(Role.CADRE, TOWNSHIP), Grant(Role.ORGANISER, TOWNSHIP))
    recorded.callers.callers["cadre at the desk"] = Caller(AccountId(derived_id("both")), PersonId(CADRE), grants)
    await recorded.done("cadre", "POST", "/objections", an_objection())

    assert await recorded.refused("cadre at the desk", "PUT", ANSWER, YES, seen=1) == "403 objection.own_not_answered"
    assert await recorded.refused("desk of nobody", "PUT", ANSWER, YES, seen=1) == "403 access.forbidden"
    assert await recorded.refused("branch secretary", "PUT", ANSWER, YES, seen=1) == "403 access.forbidden"
    assert await recorded.refused("stranger", "PUT", ANSWER, YES, seen=1) == "404 objection.unknown"


async def test_ones_own_objections_are_first_and_overseers_read_their_scope(recorded: RecordWorld) -> None:
    await awarded(recorded)
    for who, form in (
        ("cadre", an_objection()),
        ("member", of("member", MEMBER)),
        ("branch secretary", of("branch", BRANCH)),
    ):
        await recorded.done(who, "POST", "/objections", form)

    async def subjects(who: str, query: str = "") -> list[str]:
        page = await recorded.done(who, "GET", f"/objections{query}")
        return [each["subject_id"] for each in page["items"]]

    assert await subjects("cadre") == [CADRE]
    assert await subjects("member") == [MEMBER]
    assert await subjects("branch secretary") == [BRANCH, MEMBER]
    assert sorted(await subjects("organiser")) == sorted([CADRE, MEMBER, BRANCH])
    assert await subjects("organiser", "?standard=member&state=filed") == [MEMBER]
    assert await subjects("organiser", "?state=upheld") == []
    assert await subjects("branch secretary", "?mine=true") == [BRANCH]
    assert await subjects("stranger") == []
    assert await recorded.refused("neighbour", "GET", f"/objections/{of('member', MEMBER)['id']}") == (
        "403 access.forbidden"
    )
    assert (await recorded.done("county", "GET", OBJECTION))["trail"][0]["what"] == "filed"


async def test_objections_move_with_their_home(recorded: RecordWorld) -> None:
    await awarded(recorded)
    await recorded.done("member", "POST", "/objections", of("member", MEMBER))
    await recorded.learn(an_organisation(BRANCH, "branch"), subject=BRANCH, path=f"{THERE}/{BRANCH}", revision=2)
    [objection] = recorded.objections.things.values()

    assert objection.path.segments[1] == OTHER_TOWNSHIP
    assert OTHER_BRANCH not in objection.path.segments


async def test_a_subject_objects_also_after_he_left(recorded: RecordWorld) -> None:
    await awarded(recorded)
    ended = members.MembershipEnded(member_id=MEMBER, branch_id=BRANCH, occurred_on=date(2022, 12, 31))
    await recorded.learn(ended, subject=MEMBER, path="county/township/branch", revision=2)

    assert (await recorded.done("member", "POST", "/objections", of("member", MEMBER)))["state"] == "filed"
