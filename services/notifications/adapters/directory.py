"""What this service remembers of members' facts, over any store of projections; days are kept as ISO text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter

from services.notifications.domain.township import CalendarYear, HistorySpan, Organisation, Posting, township_of
from shared.events.members import Post
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import CadreId, OrganisationId, SpanId, TownshipId
from shared.mongo.documents import storable
from shared.mongo.projections import Projection

_POSTING = TypeAdapter(Posting)
_CALENDAR = TypeAdapter(CalendarYear)
_SPAN = TypeAdapter(HistorySpan)
_JUDGING, _JUDGED = 1, 2


def as_fields(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document as the fields of the value it was made from."""
    fields = {**document, "id": document["_id"]}
    if "path" in fields:
        fields["path"] = OrganisationPath(tuple(fields["path"]))
    return fields


@dataclass(frozen=True, slots=True)
class ProjectedDirectory:
    """The Directory port over six projections."""

    organisations: Projection
    postings: Projection
    calendar_years: Projection
    go_lives: Projection
    spans: Projection
    judgements: Projection

    async def learn_organisation(self, organisation: Organisation) -> OrganisationPath:
        """Remember it; returns where it hangs, for an older revision changes nothing."""
        await self.organisations.put(organisation.id, organisation.revision, storable(organisation))
        return await self.place(organisation.id) or organisation.path

    async def place(self, organisation_id: OrganisationId) -> OrganisationPath | None:
        """Where the organisation hangs; None while it is unknown."""
        found = await self.organisations.find(organisation_id)
        return None if found is None else OrganisationPath(tuple(found["path"]))

    async def titles(self, organisation_ids: Sequence[str]) -> Mapping[str, str]:
        """The titles of those that are known."""
        found = [await self.organisations.find(organisation_id) for organisation_id in sorted(set(organisation_ids))]
        return {document["_id"]: document["title"] for document in found if document is not None}

    async def learn_posting(self, posting: Posting) -> None:
        """Remember a posting as it is now."""
        document = {**storable(posting), "township_id": township_of(posting.path)}
        await self.postings.put(posting.id, posting.revision, document)

    async def postings_of(self, cadre_id: CadreId) -> Sequence[Posting]:
        """All postings of a person."""
        found = await self.postings.list({"cadre_id": cadre_id})
        return [_POSTING.validate_python(as_fields(document)) for document in found]

    async def holders(self, township_id: TownshipId, post: Post) -> Sequence[CadreId]:
        """Whoever holds or held the post in the township."""
        found = await self.postings.list({"township_id": township_id, "post": post})
        return sorted({CadreId(document["cadre_id"]) for document in found})

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
        await self.spans.put(span.id, revision, {**document, "closed": span.closed_at is not None})

    async def spans_of(self, township_id: TownshipId) -> Sequence[HistorySpan]:
        """All history spans of a township."""
        found = []
        for document in await self.spans.list({"township_id": township_id}):
            begun = await self.judgements.find(document["_id"])
            found.append(replace(_SPAN.validate_python(as_fields(document)), judging=begun is not None))
        return found

    async def spans_to_judge(self, until: datetime) -> Sequence[HistorySpan]:
        """Spans closed by then whose judgement is not finished."""
        found = []
        for document in await self.spans.list({"closed": True}):
            judgement = await self.judgements.find(document["_id"])
            span = replace(_SPAN.validate_python(as_fields(document)), judging=judgement is not None)
            finished = judgement is not None and judgement["revision"] == _JUDGED
            if not finished and span.closed_at is not None and span.closed_at <= until:
                found.append(span)
        return found

    async def begin_judging(self, span_id: SpanId) -> None:
        """From now on whoever learns a fact of the span judges it himself."""
        await self.judgements.put(span_id, _JUDGING, {})

    async def finish_judging(self, span_id: SpanId) -> None:
        """Everything known when judging began is judged."""
        await self.judgements.put(span_id, _JUDGED, {})
