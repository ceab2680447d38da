"""Read review marks: one, or those of one's scope."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.scoring.domain.record_refusals import ReviewUnknown
from services.scoring.domain.review import Review, review_id
from services.scoring.use_cases.access import OVERSEERS
from services.scoring.use_cases.record_ports import RecordPorts, ReviewListing
from shared.kernel.access import BUSINESS, Caller
from shared.kernel.errors import Forbidden


@dataclass(frozen=True, slots=True)
class ReadReviews:
    """Which marks in the caller's scopes."""

    by: Caller
    limit: int
    year: int | None = None
    after: tuple[str, ...] | None = None


async def read_review(branch_id: str, year: int, by: Caller, ports: RecordPorts) -> Review:
    """The mark of a branch and year. Raises ReviewUnknown, also outside every scope, and Forbidden inside."""
    review = await ports.reviews.find(review_id(branch_id, year))
    if review is None:
        raise ReviewUnknown
    if by.may(OVERSEERS, review.path):
        return review
    raise Forbidden if by.may(BUSINESS, review.path) else ReviewUnknown


async def list_reviews(wanted: ReadReviews, ports: RecordPorts) -> Sequence[Review]:
    """Marks of the scopes the reader oversees, the latest year first, each year by branch."""
    scopes = wanted.by.scopes(OVERSEERS)
    return await ports.reviews.list(ReviewListing(scopes, wanted.limit, wanted.year, wanted.after))
