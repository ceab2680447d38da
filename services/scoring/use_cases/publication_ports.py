"""What the use cases on the way of a rule book from draft to publication need of the world."""

from dataclasses import dataclass
from typing import Protocol

from services.scoring.domain.draft import DraftId, DraftState, RuleBookDraft
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.rule_check import Fault
from services.scoring.domain.subject import Organisation
from services.scoring.domain.words import Words
from shared.events.base import Event
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class DraftListing:
    """Which drafts: of these counties, the last drafted first, so many after a sort key."""

    counties: frozenset[str]
    limit: int
    state: DraftState | None = None
    after: tuple[str, ...] | None = None

    @staticmethod
    def key(draft: RuleBookDraft) -> tuple[str, str]:
        """Where a draft stands in the list."""
        return draft.drafted_on.isoformat(), draft.id


class Drafts(Protocol):
    """The drafts, and among them what was published."""

    async def find(self, draft_id: DraftId) -> RuleBookDraft | None:
        """The draft, if there is one."""
        ...

    async def save(self, draft: RuleBookDraft, *events: Event) -> None:
        """Store it and what happened to it; raises AlreadyThere, Stale.

        Stale is also who publishes a version while another of its standard takes the same place.
        """
        ...

    async def list(self, listing: DraftListing) -> tuple[RuleBookDraft, ...]:
        """Part of the list."""
        ...

    async def published(self) -> tuple[RuleBook, ...]:
        """All books ever published, by standard and in the order of publication."""
        ...


class Books(Protocol):
    """The rule books that are in force, were, or will be."""

    async def live(self) -> tuple[RuleBook, ...]:
        """All of them, those this service is shipped with included."""
        ...


class RuleTexts(Protocol):
    """How a rule book is read out of its text."""

    async def read(self, text: str) -> tuple[RuleBook | None, tuple[Fault, ...]]:
        """The book, or None and everything that is wrong with the text."""
        ...


class Organisations(Protocol):
    """What of the directory this needs: which organisation is a county, and which lies in it."""

    async def organisation(self, organisation_id: str) -> Organisation | None:
        """The organisation; None while it is unknown."""
        ...


@dataclass(frozen=True, slots=True)
class PublicationPorts:
    """Everything these use cases may reach."""

    drafts: Drafts
    books: Books
    texts: RuleTexts
    words: Words
    directory: Organisations
    clock: Clock
