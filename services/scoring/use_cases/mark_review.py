"""Mark a review: enter what the review of a branch gave for a year (评议)."""

from dataclasses import dataclass
from decimal import Decimal

from services.scoring.domain.record_refusals import ReviewMarkedAlready, YearNotBegun
from services.scoring.domain.refusals import SubjectUnknown
from services.scoring.domain.review import Review, review_id
from services.scoring.use_cases.access import MARKERS
from services.scoring.use_cases.follow_if_moved import follow_if_moved
from services.scoring.use_cases.record_ports import RecordPorts
from shared.events.members import OrganisationKind
from shared.kernel.access import BUSINESS, Caller
from shared.kernel.errors import AlreadyThere, Forbidden, Stale

_REVIEWED: tuple[OrganisationKind, ...] = ("branch", "general_branch")
"""Which organisations are reviewed: those that are branches."""


@dataclass(frozen=True, slots=True)
class MarkReview:
    """The mark of a branch for a year and how it came about; the first time nothing was seen yet."""

    by: Caller
    branch_id: str
    year: int
    seen_revision: int | None
    mark: Decimal
    basis: str


async def mark_review(command: MarkReview, ports: RecordPorts) -> Review:
    """Store the mark; saying again what stands changes nothing.

    Of two who enter the first mark at once the second is answered as if he had come a moment later. Raises
    SubjectUnknown, Forbidden, YearNotBegun, ReviewMarkedAlready without a revision seen, Stale.
    """
    try:
        return await _mark(command, ports)
    except (AlreadyThere, Stale):  # perhaps by an earlier try of this very request
        return await _mark(command, ports)


async def _mark(command: MarkReview, ports: RecordPorts) -> Review:
    branch = await ports.directory.organisation(command.branch_id)
    if branch is None or branch.kind not in _REVIEWED or not command.by.may(BUSINESS, branch.path):
        raise SubjectUnknown
    if not command.by.may(MARKERS, branch.path):
        raise Forbidden
    if command.year > ports.clock.today().year:
        raise YearNotBegun(year=command.year)
    standing = await ports.reviews.find(review_id(branch.id, command.year))
    if standing is None:
        standing = Review(branch.id, command.year, branch.path)
    elif (standing.mark, standing.basis) == (command.mark, command.basis):
        return standing
    elif command.seen_revision is None:
        raise ReviewMarkedAlready
    if command.seen_revision not in {None, standing.revision}:
        raise Stale
    review, marked = standing.marked(mark=command.mark, basis=command.basis, by=command.by, at=ports.clock.now())
    await ports.reviews.save(review, marked)
    await follow_if_moved(review.path, ports.reviews, ports.directory)
    return review
