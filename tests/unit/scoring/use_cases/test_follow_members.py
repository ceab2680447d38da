"""What members' facts teach the directory, in whatever order, and whose cards are looked at again because of it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.adapters.in_memory import InMemoryCards
from services.scoring.adapters.in_memory_directory import InMemoryDirectory
from services.scoring.domain.awards import CardKey
from services.scoring.domain.card import Day, Total
from services.scoring.domain.refusals import SubjectUnknown
from services.scoring.domain.rule_book import AppliesTo
from services.scoring.use_cases.access import known_subject, require_reader
from services.scoring.use_cases.follow_members import follow_members
from shared.events import members
from shared.events.base import Event, Fact
from shared.kernel.access import Caller, Role
from shared.kernel.calendar import Period
from shared.kernel.errors import DomainError, Forbidden
from shared.testing.access import a_caller
from shared.testing.facts import a_fact
from tests.unit.scoring.facts import BRANCH, COUNTY, OTHER_BRANCH, TOWNSHIP
from tests.unit.scoring.record_world import (
    GO_LIVE,
    HERE,
    MEMBER,
    MEMBERS_PERSON,
    NEIGHBOUR,
    THERE,
    RecordWorld,
    a_calendar,
    a_span,
    an_enrolment,
    an_organisation,
)

YEAR = Period.parse("2023")
LEFT = date(2023, 3, 31)
FACTS: list[Fact[Event]] = [
    a_fact(an_organisation(BRANCH, "branch"), subject=BRANCH, path=f"{HERE}/{BRANCH}"),
    a_fact(an_organisation(BRANCH, "branch"), subject=BRANCH, path=f"{THERE}/{BRANCH}", revision=2),
    a_fact(an_enrolment(MEMBER, BRANCH, MEMBERS_PERSON), subject=MEMBER, path=f"{HERE}/{BRANCH}"),
    a_fact(
        members.MembershipEnded(member_id=MEMBER, branch_id=BRANCH, occurred_on=LEFT),
        subject=MEMBER,
        path=f"{HERE}/{BRANCH}",
        revision=2,
    ),
    a_fact(
        members.GoLiveSet(township_id=TOWNSHIP, go_live_on=GO_LIVE, occurred_on=GO_LIVE), subject=TOWNSHIP, path=HERE
    ),
    a_fact(a_span(members.HistorySpanDeclared), subject=TOWNSHIP, path=HERE, revision=2),
    a_fact(a_span(members.HistorySpanClosed), subject=TOWNSHIP, path=HERE, revision=3),
    a_fact(a_calendar(2023, date(2023, 11, 21)), subject="calendar", path=COUNTY),
    a_fact(a_calendar(2023, date(2023, 11, 22)), subject="calendar", path=COUNTY, revision=2),
]


async def knowledge(facts: list[Fact[Event]]) -> tuple[Any, ...]:
    directory = InMemoryDirectory()
    for fact in facts:
        await follow_members(fact, directory, InMemoryCards())
    member = await directory.member(MEMBER)
    assert member is not None
    here = FACTS[0].path
    return member, await directory.township(here), await directory.working_days(here)


@given(order=st.permutations(FACTS), again=st.lists(st.sampled_from(FACTS), max_size=5))
async def test_any_order_and_any_repetition_teach_the_same(order: list[Fact[Event]], again: list[Fact[Event]]) -> None:
    assert await knowledge(FACTS) == await knowledge([*order, *again])


@pytest.mark.parametrize("fact", FACTS[2:4], ids=["enrolled", "ended"])
async def test_whose_membership_is_learnt_of_has_his_cards_looked_at_again(fact: Fact[Event]) -> None:
    cards = InMemoryCards()
    mine, anothers = (CardKey("member", each, "2023") for each in (MEMBER, NEIGHBOUR))
    await cards.enter({key: {Day("voluntary", date(2023, 11, 18)): Total(1, 100, 1)} for key in (mine, anothers)})
    await cards.caught_up(await cards.behind(10))
    await follow_members(fact, InMemoryDirectory(), cards)

    assert [behind.key for behind in await cards.behind(10)] == [mine]


@pytest.mark.parametrize(
    ("reader", "answer"),
    [
        (a_caller(Role.MEMBER, BRANCH, person=MEMBERS_PERSON), None),
        (a_caller(Role.BRANCH_SECRETARY, BRANCH), None),
        (a_caller(Role.COUNTY_ORGANISER, COUNTY), None),
        (a_caller(Role.MEMBER, BRANCH), Forbidden),
        (a_caller(Role.SUPERVISOR, TOWNSHIP), Forbidden),
        (a_caller(Role.BRANCH_SECRETARY, OTHER_BRANCH), SubjectUnknown),
    ],
)
async def test_a_members_score_is_read_by_himself_and_his_overseers(
    recorded: RecordWorld, reader: Caller, answer: type[DomainError] | None
) -> None:
    book: Any = type("Book", (), {"applies_to": AppliesTo()})()
    subject = await known_subject(recorded.ports.directory, "member", MEMBER, book, YEAR)

    if answer is None:
        require_reader(reader, subject)
        return
    with pytest.raises(answer):
        require_reader(reader, subject)


async def test_who_was_no_member_in_the_period_is_not_scored_in_it(recorded: RecordWorld) -> None:
    book: Any = type("Book", (), {"applies_to": AppliesTo()})()
    await recorded.learn(FACTS[3].event, subject=MEMBER, path=f"{HERE}/{BRANCH}", revision=2)
    subject = await known_subject(recorded.ports.directory, "member", MEMBER, book, YEAR)

    assert subject.home.organisation_id == BRANCH
    for period in ("2019", "2024"):
        with pytest.raises(SubjectUnknown):
            await known_subject(recorded.ports.directory, "member", MEMBER, book, Period.parse(period))
