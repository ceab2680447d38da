"""Ledger, cards, announcements and directory in memory: for tests, held to the same suite as the real store."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.scoring.domain.awards import Award, AwardId, CardKey
from services.scoring.domain.card import Card, Day, Total, enter, totals
from services.scoring.domain.subject import Organisation, Posting, Subject, branch_subject, cadre_subject
from services.scoring.use_cases.ports import Announcement, Behind, Listing, Touched
from shared.events.base import Event, Fact
from shared.events.scoring import Standard


@dataclass(slots=True)
class InMemoryLedger:
    """The set of entries in a dictionary."""

    kept: dict[AwardId, Award] = field(default_factory=dict)

    async def add(self, entries: Sequence[Award]) -> None:
        """Put the entries into the set."""
        for entry in entries:
            self.kept.setdefault(entry.id, entry)

    async def totals(self, touched: Collection[Touched]) -> Mapping[CardKey, Mapping[Day, Total]]:
        """What the set holds for these rules and days now."""
        wanted = set(touched)
        return {
            key: {day: total for day, total in days.items() if Touched(key, day) in wanted}
            for key, days in totals(self.kept.values()).items()
            if any(each.card == key for each in wanted)
        }

    async def entries(self, key: CardKey) -> Sequence[Award]:
        """All entries of one card."""
        return [entry for entry in self.kept.values() if entry.card == key]


@dataclass(slots=True)
class InMemoryCards:
    """The cards in a dictionary."""

    kept: dict[CardKey, Card] = field(default_factory=dict)
    touches: dict[CardKey, int] = field(default_factory=dict)
    announced: dict[CardKey, int] = field(default_factory=dict)

    async def enter(self, totals: Mapping[CardKey, Mapping[Day, Total]]) -> None:
        """Let each total into its card unless a larger count is there."""
        for key, days in totals.items():
            self.kept[key] = enter(self.kept.get(key, Card(key)), days)
            self.touches[key] = self.touches.get(key, 0) + 1

    async def get(self, keys: Collection[CardKey]) -> Mapping[CardKey, Card]:
        """The cards of these keys."""
        return {key: self.kept.get(key, Card(key)) for key in keys}

    async def behind(self) -> AsyncIterator[Behind]:
        """Every card touched since it was announced."""
        for key, touches in list(self.touches.items()):
            if touches != self.announced.get(key):
                yield Behind(self.kept[key], touches)

    async def caught_up(self, cards: Sequence[Behind]) -> None:
        """Nobody need look at these cards; those touched again meanwhile stay behind."""
        self.announced.update({behind.card.key: behind.touches for behind in cards})

    async def look_again(self, standard: Standard, subject_id: str) -> None:
        """Put all cards of a subject behind."""
        for key in self.touches:
            if (key.standard, key.subject_id) == (standard, subject_id):
                self.touches[key] += 1


@dataclass(slots=True)
class InMemoryAnnouncements:
    """What was announced, and every fact of it in order."""

    sizes: dict[CardKey, int] = field(default_factory=dict)
    facts: list[Fact[Event]] = field(default_factory=list)

    async def announce(self, announcements: Sequence[Announcement]) -> None:
        """Record each unless the same state or a later one was announced before."""
        for announcement in announcements:
            if announcement.size > self.sizes.get(announcement.key, 0):
                self.sizes[announcement.key] = announcement.size
                self.facts.append(announcement.fact)


@dataclass(slots=True)
class InMemoryDirectory:
    """Organisations and postings in dictionaries."""

    known_organisations: dict[str, tuple[int, Organisation]] = field(default_factory=dict)
    known_postings: dict[str, tuple[int, Posting]] = field(default_factory=dict)

    async def learn_organisation(self, organisation: Organisation, revision: int) -> None:
        """Remember what an organisation is, and let its postings hang where it hangs."""
        known = self.known_organisations.get(organisation.id)
        if known is None or known[0] < revision:
            self.known_organisations[organisation.id] = (revision, organisation)
        self.known_postings.update(
            {id_: (held, self._hung(posting)) for id_, (held, posting) in self.known_postings.items()}
        )

    async def learn_posting(self, posting: Posting, revision: int) -> None:
        """Remember who holds a post, hanging where its organisation hangs if that is known."""
        known = self.known_postings.get(posting.id)
        if known is None or known[0] < revision:
            self.known_postings[posting.id] = (revision, self._hung(posting))

    async def organisation(self, organisation_id: str) -> Organisation | None:
        """The organisation; None while it is unknown."""
        known = self.known_organisations.get(organisation_id)
        return None if known is None else known[1]

    async def postings(self, cadre_id: str) -> tuple[Posting, ...]:
        """All posts a person holds or held."""
        return tuple(posting for _, posting in self.known_postings.values() if posting.cadre_id == cadre_id)

    async def branches(self, listing: Listing) -> Sequence[Subject]:
        """Branches by id."""
        found = [
            branch_subject(organisation)
            for _, organisation in self.known_organisations.values()
            if organisation.kind in listing.applies_to.kinds
            and not listing.scopes.isdisjoint(organisation.path.segments)
        ]
        return _page(found, listing)

    async def cadres(self, listing: Listing) -> Sequence[Subject]:
        """Persons by id who held one of the posts in the period."""
        held: dict[str, tuple[Posting, ...]] = {}
        for _, posting in self.known_postings.values():
            if (
                posting.post in listing.applies_to.posts
                and posting.touches(listing.period)
                and not listing.scopes.isdisjoint(posting.path.segments)
            ):
                held[posting.cadre_id] = (*held.get(posting.cadre_id, ()), posting)
        found = [cadre_subject(cadre_id, postings, listing.period) for cadre_id, postings in held.items()]
        return _page([subject for subject in found if subject is not None], listing)

    def _hung(self, posting: Posting) -> Posting:
        known = self.known_organisations.get(posting.organisation_id)
        return posting if known is None else replace(posting, path=known[1].path)


def _page(subjects: list[Subject], listing: Listing) -> list[Subject]:
    wanted = [
        subject
        for subject in subjects
        if subject.id != listing.besides and (listing.after is None or subject.id > listing.after)
    ]
    return sorted(wanted, key=lambda subject: subject.id)[: listing.limit]
