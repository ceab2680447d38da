"""A posting: a person holds a post at an organisation (联村干部, 第一书记, 党支部书记, 领导)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from services.members.domain.refusals import (
    EndsBeforeItStarts,
    PostingEndedAlready,
    PostingOverlaps,
    PostOutOfPlace,
)
from shared.events.members import OrganisationKind, Post, PostingEnded, PostingStarted
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import CadreId, OrganisationId, PostingId
from shared.kernel.trail import TrailEntry

_HELD_AT: dict[Post, frozenset[OrganisationKind]] = {
    "village_cadre": frozenset({"township", "general_branch", "branch"}),
    "first_secretary": frozenset({"general_branch", "branch"}),
    "branch_secretary": frozenset({"general_branch", "branch"}),
    "leader": frozenset({"county", "township"}),
}
"""A cadre may be the township's for several villages; a village has a general branch or a single branch."""
_TITLES: dict[OrganisationKind, str] = {
    "county": "县委",
    "township": "乡镇党委",
    "general_branch": "党总支",
    "branch": "党支部",
}


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
    trail: tuple[TrailEntry, ...] = ()

    def overlaps(self, other: "Posting") -> bool:
        """Whether both say of some day that this person holds this post here."""
        if (self.cadre_id, self.organisation_id, self.post) != (other.cadre_id, other.organisation_id, other.post):
            return False
        return self.starts_on <= (other.ends_on or date.max) and other.starts_on <= (self.ends_on or date.max)

    def refuse_overlap(self, standing: Iterable["Posting"]) -> None:
        """Raises PostingOverlaps, naming the one in the way.

        What overlapped before, as this posting itself stood, may go on: whoever shortens it is mending that.
        """
        others = {each.id: each for each in standing}
        before = others.pop(self.id, None)
        for other in others.values():
            if self.overlaps(other) and not (before is not None and before.overlaps(other)):
                field = "starts_on" if before is None else "ends_on"
                raise PostingOverlaps(field=field, posting_id=other.id, starts_on=other.starts_on)

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


def refuse_out_of_place(post: Post, kind: OrganisationKind) -> None:
    """Raises PostOutOfPlace for a post that nobody holds at such an organisation."""
    if kind not in _HELD_AT[post]:
        raise PostOutOfPlace(where="、".join(title for each, title in _TITLES.items() if each in _HELD_AT[post]))
