"""Deeds, review marks and objections in memory: for tests, held to the same suite as the real stores."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.scoring.adapters.procedures import read_deed_procedure
from services.scoring.domain.deed import Deed
from services.scoring.domain.objection import Objection
from services.scoring.domain.record_refusals import AwardObjectedAlready
from services.scoring.domain.review import Review
from services.scoring.use_cases.directory_ports import Directory
from services.scoring.use_cases.ports import Ledger
from services.scoring.use_cases.record_ports import (
    OTHERS,
    OWN,
    DeedListing,
    ObjectionListing,
    RecordPorts,
    ReviewListing,
)
from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.clock import Clock
from shared.testing.in_memory_store import InMemoryAggregates


class InMemoryDeeds(InMemoryAggregates[Deed]):
    """The deeds in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="deeds")

    async def list(self, listing: DeedListing) -> Sequence[Deed]:
        """Deeds, one's own first, each by the day they were done, latest first."""
        found = [deed for deed in self.things.values() if _is_wanted(deed, listing)]
        found.sort(key=lambda deed: _latest_first(listing.key(deed)))
        if listing.after is not None:
            seen = _latest_first(listing.after)
            found = [deed for deed in found if _latest_first(listing.key(deed)) > seen]
        return found[: listing.limit]

    async def over(self, today: date, limit: int) -> Sequence[Deed]:
        """Confirmed deeds whose notice ended before today, longest over first."""
        found = [
            (deed.notice.until, deed.id, deed)
            for deed in self.things.values()
            if deed.state == "confirmed" and deed.notice is not None and deed.notice.is_over(today)
        ]
        return [deed for _, _, deed in sorted(found, key=lambda each: each[:2])[:limit]]

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its deeds with it."""
        self.things.update(
            {id_: replace(deed, path=path) for id_, deed in self.things.items() if deed.branch_id == organisation_id}
        )


class InMemoryReviews(InMemoryAggregates[Review]):
    """The review marks in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="reviews")

    async def list(self, listing: ReviewListing) -> Sequence[Review]:
        """Marks, the latest year first, each year by branch."""

        def order(key: tuple[str, ...]) -> tuple[int, str]:
            year, branch_id = key
            return -int(year), branch_id

        found = [
            review
            for review in self.things.values()
            if not listing.scopes.isdisjoint(review.path.segments) and listing.year in {None, review.year}
        ]
        if listing.after is not None:
            seen = order(listing.after)
            found = [review for review in found if order(listing.key(review)) > seen]
        return sorted(found, key=lambda review: order(listing.key(review)))[: listing.limit]

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its marks with it."""
        self.things.update(
            {id_: replace(each, path=path) for id_, each in self.things.items() if each.branch_id == organisation_id}
        )


class InMemoryObjections(InMemoryAggregates[Objection]):
    """The objections in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="objections")

    async def save(self, thing: Objection, *events: Event) -> None:
        """Write the objection and what happened to it; an award has one open objection at most."""
        open_ones = {each.award_id for each in self.things.values() if each.state == "filed"}
        if thing.revision == 1 and thing.id not in self.things and thing.award_id in open_ones:
            raise AwardObjectedAlready
        await super().save(thing, *events)

    async def list(self, listing: ObjectionListing) -> Sequence[Objection]:
        """Objections, one's own first, each by the day they were filed, latest first."""
        found = [
            each
            for each in self.things.values()
            if (each.filed_by == listing.own or not listing.scopes.isdisjoint(each.path.segments))
            and (each.filed_by == listing.own or not listing.own_only)
            and listing.standard in {None, each.standard}
            and listing.state in {None, each.state}
        ]
        found.sort(key=lambda each: _latest_first(listing.key(each)))
        if listing.after is not None:
            seen = _latest_first(listing.after)
            found = [each for each in found if _latest_first(listing.key(each)) > seen]
        return found[: listing.limit]

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and the objections at home there with it."""
        self.things.update(
            {
                id_: replace(each, path=path)
                for id_, each in self.things.items()
                if each.organisation_id == organisation_id
            }
        )


def in_memory_records(directory: Directory, ledger: Ledger, clock: Clock) -> RecordPorts:
    """Empty stores beside a directory and a ledger that others fill."""
    recorder = Recorder("scoring", clock)
    return RecordPorts(
        deeds=InMemoryDeeds(recorder),
        reviews=InMemoryReviews(recorder),
        objections=InMemoryObjections(recorder),
        directory=directory,
        ledger=ledger,
        procedure=read_deed_procedure(),
        clock=clock,
    )


def _is_wanted(deed: Deed, listing: DeedListing) -> bool:
    is_own = listing.key(deed)[0] == OWN
    return (
        (is_own or (not listing.own_only and not listing.scopes.isdisjoint(deed.path.segments)))
        and listing.member_id in {None, deed.member_id}
        and listing.branch_id in {None, deed.branch_id}
        and listing.state in {None, deed.state}
        and (listing.period is None or deed.done_on in listing.period)
    )


def _latest_first(key: tuple[str, ...]) -> tuple[str, int, str]:
    rank, on, id_ = key
    return (OWN if rank == OWN else OTHERS), -date.fromisoformat(on).toordinal(), id_
