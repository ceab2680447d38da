"""What this service remembers of members' facts, over any store of projections; days are kept as ISO text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter

from services.notifications.domain.township import (
    CalendarYear,
    HistorySpan,
    Leave,
    Organisation,
    Posting,
    standing_leaves,
    township_of,
)
from shared.events.base import Entry
from shared.events.members import Post
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import CadreId, OrganisationId, SpanId, TownshipId
from shared.mongo.documents import storable
from shared.mongo.projections import Projection

_POSTING = TypeAdapter(Posting)
_CALENDAR = TypeAdapter(CalendarYear)
_SPAN = TypeAdapter(HistorySpan)
_ORGANISATION = TypeAdapter(Organisation)
_LEAVE = TypeAdapter(Leave)
_CLOSED, _JUDGING, _JUDGED = 0, 1, 2
"""The revisions of a span's judgement: awaited, begun, finished; whatever is done twice is done once."""


def as_fields(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document as the fields of the value it was made from."""
    fields = {**document, "id": document["_id"]}
    if "path" in fields:
        fields["path"] = OrganisationPath(tuple(fields["path"]))
    return fields


def _leave(version: Mapping[str, Any]) -> Leave:
    return _LEAVE.validate_python({**version, "id": version["leave_id"]})


@dataclass(frozen=True, slots=True)
class ProjectedDirectory:
    """The Directory port over eight projections.

    `places` keeps, one document a revision, since when an organisation hangs where, and how it stands: a set that only
    grows. So do the versions of leaves. A posting hangs where its organisation does, so nothing need be moved when a
    branch is, and no fact can move it back.
    """

    organisations: Projection
    places: Projection
    postings: Projection
    calendar_years: Projection
    go_lives: Projection
    spans: Projection
    judgements: Projection
    leaves: Projection

    async def learn_organisation(self, organisation: Organisation) -> OrganisationPath:
        """Remember it; returns where it hangs, for an older revision changes nothing."""
        await self.organisations.put(organisation.id, organisation.revision, storable(organisation))
        place = {
            **storable(organisation),
            "organisation_id": organisation.id,
            "township_id": township_of(organisation.path),
        }
        await self.places.put(f"{organisation.id}:{organisation.revision}", organisation.revision, place)
        return await self.place(organisation.id) or organisation.path

    async def place(self, organisation_id: OrganisationId) -> OrganisationPath | None:
        """Where the organisation hangs; None while it is unknown."""
        found = await self.organisations.find(organisation_id)
        return None if found is None else OrganisationPath(tuple(found["path"]))

    async def titles(self, organisation_ids: Sequence[str]) -> Mapping[str, str]:
        """The titles of those that are known."""
        found = await self.organisations.find_all(sorted(set(organisation_ids)))
        return {document["_id"]: document["title"] for document in found}

    async def learn_posting(self, posting: Posting) -> Posting | None:
        """Remember a posting as it is now, and say what was remembered before; None when this is no news."""
        before = await self.postings.find(posting.id)
        document = {**storable(posting), "township_id": township_of(posting.path)}
        is_news = await self.postings.put(posting.id, posting.revision, document)
        return _POSTING.validate_python(as_fields(before)) if is_news and before is not None else None

    async def postings_of(self, cadre_id: CadreId, day: date) -> Sequence[Posting]:
        """All postings of a person, each where its organisation hung when the day began."""
        found = await self.postings.list({"cadre_id": cadre_id})
        postings = [_POSTING.validate_python(as_fields(document)) for document in found]
        return [replace(posting, path=await self._path_on(posting, day)) for posting in postings]

    async def holders(self, township_id: TownshipId, post: Post) -> Sequence[CadreId]:
        """Whoever holds or held the post at an organisation that hangs or once hung in the township."""
        found = [*await self.postings.list({"township_id": township_id, "post": post})]
        there = {place["organisation_id"] for place in await self.places.list({"township_id": township_id})}
        for organisation_id in sorted(there):
            found += await self.postings.list({"organisation_id": organisation_id, "post": post})
        return sorted({CadreId(document["cadre_id"]) for document in found})

    async def live_since(self, cadre_id: CadreId) -> date | None:
        """Since when the first of the townships a person is or was posted in works live; None while none does."""
        townships: set[str] = set()
        for posting in await self.postings.list({"cadre_id": cadre_id}):
            places = await self.places.list({"organisation_id": posting["organisation_id"]})
            townships |= {each["township_id"] for each in (posting, *places) if each["township_id"] is not None}
        days = [await self.go_live_on(TownshipId(township_id)) for township_id in sorted(townships)]
        return min((day for day in days if day is not None), default=None)

    async def _path_on(self, posting: Posting, day: date) -> OrganisationPath:
        """As of the last change before the day, else of the first one known, else as the posting's fact said."""
        known = await self.places.list({"organisation_id": posting.organisation_id})
        places = sorted(known, key=lambda place: place["revision"])
        if not places:
            return posting.path
        before = [place for place in places if place["since"] < day.isoformat()]
        return OrganisationPath(tuple((before or places[:1])[-1]["path"]))

    async def branches(self, township_id: TownshipId, day: date, entry: Entry) -> Sequence[Organisation]:
        """The branches that hung in the township when the day began, each as it stood then."""
        there = {place["organisation_id"] for place in await self.places.list({"township_id": township_id})}
        found = [await self._standing_on(organisation_id, day, entry) for organisation_id in sorted(there)]
        return [
            branch
            for branch in found
            if branch is not None and branch.kind == "branch" and township_of(branch.path) == township_id
        ]

    async def _standing_on(self, organisation_id: str, day: date, entry: Entry) -> Organisation | None:
        """As of the last change before the day, else as it was registered."""
        places = await self.places.list({"organisation_id": organisation_id})
        known = sorted(
            (_ORGANISATION.validate_python({**as_fields(place), "id": organisation_id}) for place in places),
            key=lambda organisation: organisation.revision,
        )
        if not known or (entry != "history" and known[0].since > day):
            return None
        return ([each for each in known if each.since < day] or known[:1])[-1]

    async def learn_leave(self, leave: Leave) -> Sequence[Leave]:
        """Add a version of a leave; returns all that are known of it."""
        document = {**storable(leave), "leave_id": leave.id}
        await self.leaves.put(f"{leave.id}:{leave.revision}", leave.revision, document)
        return [_leave(version) for version in await self.leaves.list({"leave_id": leave.id})]

    async def leaves_of(self, cadre_id: CadreId) -> Sequence[Leave]:
        """All leaves of a person that stand."""
        return standing_leaves(_leave(version) for version in await self.leaves.list({"cadre_id": cadre_id}))

    async def learn_calendar(self, calendar: CalendarYear) -> None:
        """Remember a year's table of an organisation."""
        id_ = f"{calendar.organisation_id}:{calendar.year}"
        await self.calendar_years.put(id_, calendar.revision, storable(calendar))

    async def calendars(self, path: OrganisationPath) -> Sequence[CalendarYear]:
        """All tables of the organisations on the path."""
        return [
            _CALENDAR.validate_python(document)
            for segment in path.segments
            for document in await self.calendar_years.list({"organisation_id": segment})
        ]

    async def learn_go_live(self, township_id: TownshipId, go_live_on: date, revision: int) -> None:
        """Remember since when a township works live."""
        await self.go_lives.put(township_id, revision, {"go_live_on": go_live_on.isoformat()})

    async def go_live_on(self, township_id: TownshipId) -> date | None:
        """Since when a township works live."""
        found = await self.go_lives.find(township_id)
        return None if found is None else date.fromisoformat(found["go_live_on"])

    async def learn_span(self, span: HistorySpan, revision: int) -> None:
        """Remember a history span; its judgement is remembered apart."""
        document = storable(span)
        del document["judging"]
        await self.spans.put(span.id, revision, document)
        if span.closed_at is not None:
            await self.judgements.put(span.id, _CLOSED, {"is_finished": False})

    async def spans_of(self, township_id: TownshipId) -> Sequence[HistorySpan]:
        """All history spans of a township."""
        found = []
        for document in await self.spans.list({"township_id": township_id}):
            judgement = await self.judgements.find(document["_id"])
            judging = judgement is not None and judgement["revision"] >= _JUDGING
            found.append(replace(_SPAN.validate_python(as_fields(document)), judging=judging))
        return found

    async def spans_to_judge(self, until: datetime) -> Sequence[HistorySpan]:
        """Spans closed by then whose judgement is not finished."""
        found = []
        for judgement in await self.judgements.list({"is_finished": False}):
            document = await self.spans.find(judgement["_id"])
            span = _SPAN.validate_python(as_fields(document)) if document is not None else None
            if span is not None and span.closed_at is not None and span.closed_at <= until:
                found.append(replace(span, judging=judgement["revision"] >= _JUDGING))
        return found

    async def begin_judging(self, span_id: SpanId) -> None:
        """From now on whoever learns a fact of the span judges it himself."""
        await self.judgements.put(span_id, _JUDGING, {})

    async def finish_judging(self, span_id: SpanId) -> None:
        """Everything known when judging began is judged."""
        await self.judgements.put(span_id, _JUDGED, {"is_finished": True})
