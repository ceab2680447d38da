"""Start a posting: a person takes up a post at an organisation."""

from dataclasses import dataclass
from datetime import date

from services.members.domain.posting import Posting, refuse_out_of_place
from services.members.domain.refusals import UnknownPlaceOfPost
from services.members.domain.trail import noted
from services.members.use_cases.access import DESK
from services.members.use_cases.ports import Ports
from shared.events.members import Post
from shared.kernel.access import Caller
from shared.kernel.creation import created_once
from shared.kernel.ids import CadreId, OrganisationId, PostingId, digest_of


@dataclass(frozen=True, slots=True)
class StartPosting:
    """Who holds which post where, since when; the day may lie in the past (history) or ahead."""

    by: Caller
    posting_id: PostingId
    cadre_id: CadreId
    organisation_id: OrganisationId
    post: Post
    starts_on: date
    ends_on: date | None
    name: str | None

    def digest(self) -> str:
        """What makes two requests the same posting."""
        return digest_of(
            {
                "cadre": self.cadre_id,
                "organisation": self.organisation_id,
                "post": self.post,
                "from": self.starts_on,
                "to": self.ends_on,
                "name": self.name,
            }
        )


async def start_posting(command: StartPosting, ports: Ports) -> Posting:
    """Store the posting once; the same request again gives the one that is there.

    Raises UnknownPlaceOfPost, NotFound, Forbidden, PostOutOfPlace, EndsBeforeItStarts, PostingOverlaps when the person
    holds this post here already, and AlreadyThere when the id names another posting.
    """
    organisation = await ports.organisations.find(command.organisation_id)
    if organisation is None:
        raise UnknownPlaceOfPost
    command.by.require(DESK, organisation.path)

    async def start() -> Posting:
        refuse_out_of_place(command.post, organisation.kind)
        posting = Posting(
            id=command.posting_id,
            cadre_id=command.cadre_id,
            organisation_id=command.organisation_id,
            path=organisation.path,
            post=command.post,
            starts_on=command.starts_on,
            made_from=command.digest(),
            ends_on=command.ends_on,
            name=command.name,
        )
        posting = noted(posting, "started", command.by, ports.clock.now())
        await ports.postings.save(posting, posting.started(today=ports.clock.today()))
        return posting

    posting = await created_once(start, lambda: ports.postings.find(command.posting_id), digest=command.digest)
    await _follow_if_moved(posting, ports)
    return posting


async def _follow_if_moved(posting: Posting, ports: Ports) -> None:
    """The organisation may have moved between reading its place and storing the posting there, or the first time."""
    organisation = await ports.organisations.find(posting.organisation_id)
    if organisation is not None and organisation.path != posting.path:
        await ports.postings.moved(posting.organisation_id, organisation.path)
