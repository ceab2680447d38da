"""Everything in memory: for tests, with the same behaviour as the real store (one port suite holds both)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from services.notifications.adapters.acts import ProjectedActs
from services.notifications.adapters.directory import ProjectedDirectory
from services.notifications.domain.obligation import Obligation
from services.notifications.domain.township import Agenda
from services.notifications.use_cases.ports import Listing
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import CadreId, ObligationId, OrganisationId, TownshipId
from shared.testing.in_memory_store import InMemoryAggregates, InMemoryProjection


class InMemoryObligations(InMemoryAggregates[Obligation]):
    """The obligations in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="obligations")
        self._reads: dict[tuple[str, str], int] = {}

    async def due(self, until: datetime, limit: int) -> Sequence[tuple[ObligationId, datetime]]:
        """Those whose next step is due by then, with its instant, earliest first."""
        steps = [(thing.next_step.at, thing.id) for thing in self.things.values() if thing.next_step is not None]
        return [(id_, at) for at, id_ in sorted(steps) if at <= until][:limit]

    async def weeks_of(self, cadre_id: CadreId, since: date, until: date = date.max) -> Sequence[ObligationId]:
        """A cadre's weekly obligations due between the days."""
        return sorted(
            thing.id
            for thing in self.things.values()
            if thing.terms.subject_kind == "cadre"
            and thing.terms.cadre_id == cadre_id
            and since <= thing.terms.due_on <= until
        )

    async def weeks_below(self, organisation_id: OrganisationId, first: date, last: date) -> Sequence[ObligationId]:
        """Weekly obligations at or below an organisation, due between the days."""
        return sorted(
            thing.id
            for thing in self.things.values()
            if thing.terms.subject_kind == "cadre"
            and organisation_id in thing.path.segments
            and first <= thing.terms.due_on <= last
        )

    async def moved(self, organisation_id: OrganisationId, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now: a new revision, so that nobody saves the old place over it."""
        for id_, thing in self.things.items():
            if thing.terms.organisation_id == organisation_id and thing.path != path:
                self.things[id_] = replace(thing, path=path, revision=thing.revision + 1)

    async def list(self, listing: Listing) -> Sequence[Obligation]:
        """Part of the obligations, the last due first."""
        found = sorted(
            (thing for thing in self.things.values() if _is_wanted(thing, listing)),
            key=lambda thing: (-thing.terms.due_on.toordinal(), thing.id),
        )
        if listing.after is not None:
            due_on, id_ = date.fromisoformat(listing.after[0]), listing.after[1]
            found = [t for t in found if t.terms.due_on < due_on or (t.terms.due_on == due_on and t.id > id_)]
        return found[: listing.limit]

    async def unread(self, listing: Listing, reader: str) -> int:
        """How many of the listing the reader has news of that he has not read."""
        return sum(
            thing.noticed is not None and self._reads.get((thing.id, reader), 0) < thing.noticed
            for thing in self.things.values()
            if _is_wanted(thing, listing)
        )

    async def read_by(self, reader: str, obligation_ids: Sequence[ObligationId]) -> Mapping[ObligationId, int]:
        """The revision up to which the reader has read each."""
        return {id_: self._reads[id_, reader] for id_ in obligation_ids if (id_, reader) in self._reads}

    async def mark_read(self, obligation_id: ObligationId, reader: str, revision: int) -> None:
        """The reader has read it as it was in that revision; an earlier one changes nothing."""
        if obligation_id in self.things:
            self._reads[obligation_id, reader] = max(revision, self._reads.get((obligation_id, reader), 0))


_Whose = tuple[str, str, str]


class InMemoryAgendas:
    """Agendas in a dictionary."""

    def __init__(self) -> None:
        self._agendas: dict[_Whose, Agenda] = {}

    async def ask(self, township_id: TownshipId, open_from: date) -> None:
        """Have the township's weeks from this Monday on looked at (again)."""
        self._ask(Agenda(open_from, 0, township_id=township_id))

    async def ask_months(self, township_id: TownshipId, open_from: date) -> None:
        """Have the periods of the township's branches from this first of a month on looked at (again)."""
        self._ask(Agenda(open_from, 0, township_id=township_id, pace="month"))

    async def ask_for(self, cadre_id: CadreId, open_from: date) -> None:
        """Have one cadre's weeks from this Monday up to the present one looked at (again)."""
        self._ask(Agenda(open_from, 0, cadre_id=cadre_id))

    def _ask(self, agenda: Agenda) -> None:
        known = self._agendas.get(_whose(agenda), agenda)
        open_from = min(known.open_from, agenda.open_from)
        self._agendas[_whose(agenda)] = replace(known, open_from=open_from, asked=known.asked + 1)

    async def due(self, until: date) -> Sequence[Agenda]:
        """Those that go on on or before the day."""
        return [agenda for _, agenda in sorted(self._agendas.items()) if agenda.open_from <= until]

    async def advance(self, agenda: Agenda, open_from: date) -> None:
        """Go on from this day, unless somebody asked again since the agenda was read; `date.max` ends it."""
        known = self._agendas.get(_whose(agenda))
        if known is not None and known.asked == agenda.asked and known.open_from < open_from:
            self._agendas[_whose(agenda)] = replace(known, open_from=open_from)


def _whose(agenda: Agenda) -> _Whose:
    return agenda.pace, agenda.township_id or "", agenda.cadre_id or ""


def in_memory_directory() -> ProjectedDirectory:
    """An empty directory."""
    return ProjectedDirectory(*(InMemoryProjection() for _ in range(8)))


def in_memory_acts() -> ProjectedActs:
    """Nothing visited, nothing asked for, nobody met."""
    return ProjectedActs(*(InMemoryProjection() for _ in range(4)))


def _is_wanted(thing: Obligation, listing: Listing) -> bool:
    terms = thing.terms
    if listing.owner is not None:
        mine = terms.cadre_id == listing.owner
    else:
        of_branch = terms.subject_kind == "branch"
        of_another = listing.not_of is None or terms.cadre_id != listing.not_of
        told_already = of_branch and not listing.not_below.isdisjoint(thing.path.segments)
        below = not listing.scopes.isdisjoint(thing.path.segments)
        mine = of_another and below and not told_already and (of_branch or not listing.of_branches)
    return (
        mine
        and (not listing.states or thing.state in listing.states)
        and listing.regulation_id in {None, terms.regulation_id}
        and (listing.organisation_id is None or listing.organisation_id in thing.path.segments)
        and (thing.noticed is not None or not listing.noticed)
        and (thing.escalated is not None or not listing.escalated)
    )
