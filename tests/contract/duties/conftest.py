"""What the suites of this service's stores share: the stores, in memory and real, and things to put into them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from deploy.local.stack import Stack
from services.duties.adapters.directory import ProjectedDirectory
from services.duties.adapters.in_memory import InMemoryMeetings, InMemoryWeakOrganisations, in_memory_directory
from services.duties.adapters.mongo import MongoMeetings, MongoWeakOrganisations, mongo_directory, prepare
from services.duties.domain.attendance import Attendance
from services.duties.domain.meeting import Meeting
from services.duties.domain.weak_organisation import WeakOrganisation
from services.duties.use_cases.ports import MeetingListing, Meetings, WeakListing, WeakOrganisations
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.ids import BranchId, ListingId, MeetingId, MemberId, OrganisationId, TownshipId, new_id
from shared.testing.access import a_caller
from shared.testing.clock import StoppedClock
from tests.databases import an_empty_database

PATH = OrganisationPath.parse("county/township/branch")
TOWNSHIP = TownshipId("township")
NOON = datetime(2023, 11, 20, 4, 0, tzinfo=UTC)
DAY = date(2023, 11, 20)
SOMEBODY = a_caller(Role.ORGANISER, "township")
A, B, C = (MemberId(name) for name in "abc")


@dataclass(frozen=True, slots=True)
class Stores:
    """The ports under test."""

    meetings: Meetings
    weak_organisations: WeakOrganisations
    directory: ProjectedDirectory


@pytest.fixture(params=["in memory", "mongodb"])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    recorder = Recorder("duties", StoppedClock())
    if request.param == "in memory":
        yield Stores(InMemoryMeetings(recorder), InMemoryWeakOrganisations(recorder), in_memory_directory())
        return
    mongod: Stack = request.getfixturevalue("mongod")
    async with an_empty_database(mongod, "duties", prepare) as database:
        kept = MongoMeetings(database, recorder), MongoWeakOrganisations(database, recorder)
        yield Stores(*kept, mongo_directory(database))


def a_meeting(**changed: Any) -> Meeting:
    meeting = Meeting(
        id=MeetingId(new_id()),
        branch_id=BranchId("branch"),
        path=PATH,
        township_id=TOWNSHIP,
        kind="theme_day",
        held_on=DAY,
        attendance=an_attendance(),
        entry="live",
        made_from="digest",
        note="学习条例",
    )
    return replace(meeting, **changed)


def an_attendance(**changed: Any) -> Attendance:
    """Three were expected, one came, one was excused."""
    return replace(Attendance(expected=(A, B, C), attended=(A,), excused=(B,), present=1, needed=2), **changed)


def a_weak_organisation(**changed: Any) -> WeakOrganisation:
    weak = WeakOrganisation(
        id=ListingId(new_id()),
        organisation_id=OrganisationId("branch"),
        path=PATH,
        township_id=TOWNSHIP,
        listed_on=date(2023, 11, 1),
        ground="长期不开展组织生活",
        made_from="digest",
    )
    return replace(weak, **changed)


def meetings_listing(**changed: Any) -> MeetingListing:
    return replace(MeetingListing(scopes=frozenset({"township"}), limit=50), **changed)


def weak_listing(**changed: Any) -> WeakListing:
    return replace(WeakListing(scopes=frozenset({"township"}), limit=50), **changed)
