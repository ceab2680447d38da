"""What this service remembers of members' facts, over any store of projections."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from services.visits.domain.membership import Membership
from services.visits.domain.township import HistorySpan, Township
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import WorkingDays
from shared.kernel.ids import BranchId, CadreId, MemberId, PersonId, TownshipId
from shared.mongo.projections import Projection

_KEPT_AT_MOST = 10_000
_TOWNSHIP_DEPTH = 2


class Version(Protocol):
    """A number that grows whenever the directory changes."""

    async def current(self) -> int:
        """The number now, or a moment ago."""
        ...

    async def grow(self) -> None:
        """Something changed."""
        ...


class Remembering:
    """A projection that is read once for each version of the directory: a burst of uploads costs one read, not four."""

    def __init__(self, real: Projection, version: Version) -> None:
        self._real = real
        self._version = version
        self._memory: dict[str, tuple[int, Any]] = {}

    async def put(self, id_: str, revision: int, document: Mapping[str, Any]) -> bool:
        """Remember this for good, and let every process read again."""
        news = await self._real.put(id_, revision, document)
        await self._version.grow()
        return news

    async def find(self, id_: str) -> dict[str, Any] | None:
        """What is remembered under the id."""
        found: dict[str, Any] | None = await self._remembered(id_, lambda: self._real.find(id_))
        return found

    async def find_all(self, ids: Sequence[str]) -> Sequence[dict[str, Any]]:
        """What is remembered under any of the ids, in one read, by id."""
        found: Sequence[dict[str, Any]] = await self._remembered(repr(ids), lambda: self._real.find_all(ids))
        return found

    async def list(self, filter_: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
        """All whose fields equal the filter's."""
        found: Sequence[dict[str, Any]] = await self._remembered(repr(filter_), lambda: self._real.list(filter_))
        return found

    async def _remembered(self, key: str, read: Callable[[], Awaitable[Any]]) -> Any:
        # The version is asked for before reading: what changes meanwhile is read again at the next call.
        version = await self._version.current()
        read_at, found = self._memory.get(key, (None, None))
        if read_at == version:
            return found
        found = await read()
        if len(self._memory) >= _KEPT_AT_MOST:
            self._memory.clear()
        self._memory[key] = version, found
        return found


async def _at_once() -> None:
    """Nobody remembers anything by himself."""


@dataclass(frozen=True, slots=True)
class ProjectedDirectory:
    """The Directory port over its projections; days are kept as ISO text.

    A membership's beginning and its end are two facts that may come in any order, so each has a projection of its own.
    `all_know` returns once no process goes by what a projection held before it was changed.
    """

    organisations: Projection
    postings: Projection
    calendars: Projection
    go_lives: Projection
    spans: Projection
    enrolments: Projection
    membership_ends: Projection
    all_know: Callable[[], Awaitable[None]] = field(default=_at_once, kw_only=True)

    async def branch(self, branch_id: BranchId) -> OrganisationPath | None:
        """Where the branch hangs; None while it is unknown, and for what is no branch: a county, a township."""
        place = await self._place(branch_id)
        return place if place is not None and len(place.segments) > _TOWNSHIP_DEPTH else None

    async def knows_cadre(self, cadre_id: CadreId, path: OrganisationPath, *, on: date | None = None) -> bool:
        """Whether the person was posted in the township the path lies in, or above it: on that day, or ever."""
        for posting in await self.postings.list({"cadre_id": cadre_id}):
            if on is not None and not _was_held(posting, on):
                continue
            place = await self.organisations.find(posting["organisation_id"])
            if place is not None and (path.township_id in place["path"] or place["path"][-1] in path.segments):
                return True
        return False

    async def membership(self, member_id: MemberId) -> Membership | None:
        """Since when the member belongs to which branch; None while he, or where the branch hangs, is unknown."""
        enrolled, ended = await self.enrolments.find(member_id), await self.membership_ends.find(member_id)
        place = None if enrolled is None else await self._place(enrolled["branch_id"])
        if enrolled is None or place is None:
            return None
        return Membership(
            member_id=member_id,
            path=place,
            person_id=enrolled["person_id"],
            joined_on=date.fromisoformat(enrolled["joined_on"]),
            ended_on=None if ended is None else date.fromisoformat(ended["ended_on"]),
        )

    async def township(self, township_id: TownshipId) -> Township:
        """The township's times; without a go-live day while none is known."""
        went_live = await self.go_lives.find(township_id)
        spans = await self.spans.list({"township_id": township_id})
        return Township(
            None if went_live is None else date.fromisoformat(went_live["go_live_on"]),
            tuple(
                HistorySpan(date.fromisoformat(span["from_on"]), date.fromisoformat(span["to_on"]), span["closed"])
                for span in spans
            ),
        )

    async def working_days(self, path: OrganisationPath) -> WorkingDays:
        """The calendar that holds at the path: the county's, overlaid by nearer ones."""
        days = WorkingDays()
        for segment in path.segments:
            for table in await self.calendars.list({"organisation_id": segment}):
                days = days.overlaid(
                    WorkingDays(
                        frozenset(date.fromisoformat(day) for day in table["days_off"]),
                        frozenset(date.fromisoformat(day) for day in table["working_days"]),
                        frozenset({table["year"]}),
                    )
                )
        return days

    async def learn_organisation(self, organisation_id: str, revision: int, path: OrganisationPath) -> OrganisationPath:
        """Remember where an organisation hangs; returns where it does, once every process knows if it moved."""
        before = await self._place(organisation_id)
        await self.organisations.put(organisation_id, revision, {"path": list(path.segments)})
        place = await self._place(organisation_id) or path
        if before not in {None, place}:
            await self.all_know()
        return place

    async def learn_posting(
        self,
        posting_id: str,
        revision: int,
        cadre_id: CadreId,
        organisation_id: str,
        *,
        starts_on: date,
        ends_on: date | None,
    ) -> None:
        """Remember from when to when a person holds or held a post at an organisation."""
        posting = {
            "cadre_id": cadre_id,
            "organisation_id": organisation_id,
            "starts_on": starts_on.isoformat(),
            "ends_on": None if ends_on is None else ends_on.isoformat(),
        }
        await self.postings.put(posting_id, revision, posting)

    async def learn_enrolment(
        self, member_id: MemberId, revision: int, branch_id: BranchId, *, person_id: PersonId | None, joined_on: date
    ) -> None:
        """Remember who belongs to which branch since when."""
        enrolment = {"branch_id": branch_id, "person_id": person_id, "joined_on": joined_on.isoformat()}
        await self.enrolments.put(member_id, revision, enrolment)

    async def learn_membership_end(self, member_id: MemberId, revision: int, *, ended_on: date) -> None:
        """Remember with which day a membership ended, also before its beginning is learnt."""
        await self.membership_ends.put(member_id, revision, {"ended_on": ended_on.isoformat()})

    async def learn_calendar(self, organisation_id: str, year: int, revision: int, days: WorkingDays) -> None:
        """Remember a year's table of an organisation."""
        table = {
            "organisation_id": organisation_id,
            "year": year,
            "days_off": sorted(day.isoformat() for day in days.days_off),
            "working_days": sorted(day.isoformat() for day in days.working_days),
        }
        await self.calendars.put(f"{organisation_id}:{year}", revision, table)

    async def learn_go_live(self, township_id: str, revision: int, go_live_on: date) -> None:
        """Remember since when a township works live."""
        await self.go_lives.put(township_id, revision, {"go_live_on": go_live_on.isoformat()})

    async def learn_span(
        self, township_id: str, span_id: str, revision: int, *, from_on: date, to_on: date, closed: bool
    ) -> None:
        """Remember a history span of a township."""
        span = {
            "township_id": township_id,
            "from_on": from_on.isoformat(),
            "to_on": to_on.isoformat(),
            "closed": closed,
        }
        await self.spans.put(span_id, revision, span)

    async def _place(self, organisation_id: str) -> OrganisationPath | None:
        found = await self.organisations.find(organisation_id)
        return None if found is None else OrganisationPath(tuple(found["path"]))


def _was_held(posting: Mapping[str, Any], day: date) -> bool:
    """Whether a posting covers the day; one learnt before days were kept covers every day."""
    starts_on, ends_on = posting.get("starts_on"), posting.get("ends_on")
    on = day.isoformat()
    return (starts_on is None or starts_on <= on) and (ends_on is None or on <= ends_on)
