"""One suite for permits of rankings, signed grades and the feed of changes, in memory and for real."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.adapters.changes import ArchivedChanges
from services.scoring.adapters.decisions import decision_stores
from services.scoring.adapters.directory import MongoDirectory
from services.scoring.adapters.in_memory_decisions import (
    InMemoryChanges,
    InMemoryRankingPermits,
    InMemorySignedGrades,
)
from services.scoring.adapters.in_memory_directory import InMemoryDirectory
from services.scoring.domain.ranking import RankingPermit
from services.scoring.domain.signed_grade import SignedGrade, grade_id
from services.scoring.domain.subject import Organisation
from services.scoring.use_cases.decision_ports import RankingPermits, SignedGrades
from services.scoring.use_cases.directory_ports import Directory
from services.scoring.use_cases.read_changes import ChangeFeed
from shared.events.base import Event, Fact
from shared.events.recording import Recorder
from shared.events.scoring import DeedReported, ScoreChanged
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import PersonId, new_id
from shared.kernel.trail import TrailEntry
from shared.mongo.archive import MongoArchive
from shared.mongo.client import Document
from shared.testing.access import a_caller
from shared.testing.clock import StoppedClock
from shared.testing.facts import a_fact

PATH = OrganisationPath(("county", "township", "branch"))
NOON = datetime(2023, 11, 20, 4, tzinfo=UTC)
SECRETARY = a_caller(Role.SECRETARY, "township")
BRANCH = Organisation("branch", PATH, "branch", "演示党支部", "village")
MOVED = replace(BRANCH, path=OrganisationPath(("county", "elsewhere", "branch")))


@dataclass(frozen=True, slots=True)
class DecisionStores:
    """The stores under test, and a directory that moves them along."""

    permits: RankingPermits
    grades: SignedGrades
    directory: Directory


@pytest.fixture(params=["in memory", "mongodb"])
def decided(request: pytest.FixtureRequest) -> DecisionStores:
    recorder = Recorder("scoring", StoppedClock())
    if request.param == "in memory":
        kept = InMemoryRankingPermits(recorder), InMemorySignedGrades(recorder)
        return DecisionStores(*kept, InMemoryDirectory(kept))
    database: AsyncDatabase[Document] = request.getfixturevalue("database")
    stored = decision_stores(database, recorder)
    return DecisionStores(*stored, MongoDirectory(database, stored))


def a_permit() -> RankingPermit:
    return RankingPermit.grant("branch", BRANCH, basis="演组发〔2023〕12号", by=SECRETARY, at=NOON)


def a_grade(**changed: Any) -> SignedGrade:
    grade = SignedGrade(
        id=grade_id("branch", "branch", "2023"),
        standard="branch",
        subject_id="branch",
        period="2023",
        organisation_id="branch",
        path=PATH,
        grade="四星",
        reference="五星",
        points=9_473,
        reason="党委会议研究决定",
        signed_by=PersonId("person"),
        signed_on=date(2023, 11, 20),
        trail=(TrailEntry.left_by(SECRETARY, "signed", at=NOON),),
    )
    return replace(grade, **changed)


async def test_what_was_saved_is_found_as_it_was(decided: DecisionStores) -> None:
    permit, awaited = a_permit(), a_grade(id=new_id(), points=None, reason="")
    await decided.permits.save(permit)
    await decided.grades.save(a_grade())
    await decided.grades.save(awaited)
    withdrawn = permit.withdraw(by=SECRETARY, at=NOON)
    await decided.permits.save(withdrawn)

    assert await decided.permits.find(permit.id) == withdrawn
    assert await decided.grades.find(a_grade().id) == a_grade()
    assert await decided.grades.find(awaited.id) == awaited
    assert await decided.permits.find(new_id()) is None
    assert await decided.grades.find(new_id()) is None


async def test_an_id_is_taken_once_and_a_revision_written_once(decided: DecisionStores) -> None:
    await decided.permits.save(a_permit())
    await decided.grades.save(a_grade())
    withdrawn = a_permit().withdraw(by=SECRETARY, at=NOON)
    await decided.permits.save(withdrawn)

    with pytest.raises(AlreadyThere):
        await decided.permits.save(a_permit())
    with pytest.raises(AlreadyThere):
        await decided.grades.save(a_grade())
    with pytest.raises(Stale):
        await decided.permits.save(withdrawn)
    with pytest.raises(Stale):
        await decided.grades.save(a_grade(revision=3))


async def test_permits_and_grades_move_along_with_their_organisation(decided: DecisionStores) -> None:
    await decided.directory.learn_organisation(BRANCH, 1)
    await decided.permits.save(a_permit())
    await decided.grades.save(a_grade())
    await decided.directory.learn_organisation(MOVED, 2)

    kept = await decided.permits.find(a_permit().id), await decided.grades.find(a_grade().id)

    assert [None if each is None else each.path for each in kept] == [MOVED.path, MOVED.path]


@dataclass(frozen=True, slots=True)
class Feed:
    """The feed under test, and what publishes into it."""

    feed: ChangeFeed
    archive: InMemoryChanges | MongoArchive


@pytest.fixture(params=["in memory", "mongodb"])
def fed(request: pytest.FixtureRequest) -> Feed:
    if request.param == "in memory":
        changes = InMemoryChanges()
        return Feed(changes, changes)
    database: AsyncDatabase[Document] = request.getfixturevalue("database")
    return Feed(ArchivedChanges(database), MongoArchive(database))


def a_change(number: int) -> Fact[Event]:
    event = ScoreChanged(
        standard="branch",
        subject_id="branch",
        organisation_id="branch",
        period="2023",
        generation="generation",
        book_version="2023.1",
        state="live",
        card_digest=f"{number}",
        points=Decimal(number),
        items=Decimal(number),
        occurred_on=date(2023, 11, 20),
    )
    return a_fact(event, subject="card", revision=number, path=str(PATH))


def a_deed() -> Fact[Event]:
    deed = DeedReported(
        deed_id=new_id(), member_id="member", branch_id="branch", kind="voluntary", occurred_on=date(2023, 11, 18)
    )
    return a_fact(deed, subject=deed.deed_id, path=str(PATH))


async def test_changes_come_in_the_order_they_were_published_with_their_place(fed: Feed) -> None:
    facts = [a_change(1), a_deed(), a_change(2), a_change(3)]
    await fed.archive.append(facts)

    found, last = await fed.feed.after(0, 500)

    assert [(change.sequence, change.event.points) for change in found] == [
        (1, Decimal(1)),
        (3, Decimal(2)),
        (4, Decimal(3)),
    ]
    assert {change.path for change in found} == {PATH}
    assert (last, await fed.feed.newest()) == (4, 4)


async def test_who_reads_in_parts_reads_each_once(fed: Feed) -> None:
    await fed.archive.append([a_change(1), a_deed(), a_deed(), a_change(2)])
    seen, numbers, looks = 0, list[int](), 0
    while seen < await fed.feed.newest():
        found, seen = await fed.feed.after(seen, 2)
        numbers += [change.sequence for change in found]
        looks += 1

    assert (numbers, looks) == ([1, 4], 2)


async def test_after_the_newest_there_is_nothing(fed: Feed) -> None:
    assert (await fed.feed.newest(), await fed.feed.after(0, 10)) == (0, ([], 0))
    await fed.archive.append([a_change(1)])

    assert await fed.feed.after(1, 10) == ([], 1)
    assert await fed.feed.after(40, 10) == ([], 40)
