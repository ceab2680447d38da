"""A posting: a person holds a post at an organisation (联村干部, 第一书记, 党支部书记, 领导)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from services.members.domain.refusals import EndsBeforeItStarts, PostingEndedAlready
from shared.events.members import Post, PostingEnded, PostingStarted
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import CadreId, OrganisationId, PostingId


@dataclass(frozen=True, slots=True)
class Posting:
    """A post held from `starts_on`, to `ends_on` if that is known; the name stays in this service."""

    id: PostingId
    cadre_id: CadreId
    organisation_id: OrganisationId
    path: OrganisationPath
    post: Post
    starts_on: date
    made_from: str
    ends_on: date | None = None
    name: str | None = None
    revision: int = 1

    def started(self, *, today: date) -> PostingStarted:
        """The fact that begins it; a post announced ahead is a fact of the day it was announced.

        Raises EndsBeforeItStarts.
        """
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise EndsBeforeItStarts(starts_on=self.starts_on)
        return PostingStarted(
            posting_id=self.id,
            cadre_id=self.cadre_id,
            organisation_id=self.organisation_id,
            post=self.post,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            occurred_on=min(self.starts_on, today),
        )

    def end(self, on: date, *, today: date) -> tuple[Self, PostingEnded]:
        """The post ends with that day, which may be ahead. Raises PostingEndedAlready, EndsBeforeItStarts."""
        if self.ends_on is not None and self.ends_on <= today:
            raise PostingEndedAlready(ends_on=self.ends_on)
        if on < self.starts_on:
            raise EndsBeforeItStarts(starts_on=self.starts_on)
        return replace(self, ends_on=on, revision=self.revision + 1), PostingEnded(
            posting_id=self.id,
            cadre_id=self.cadre_id,
            organisation_id=self.organisation_id,
            post=self.post,
            starts_on=self.starts_on,
            ends_on=on,
            occurred_on=min(on, today),
        )
