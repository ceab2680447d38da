"""Who may read whose score."""

from services.scoring.domain.refusals import SubjectUnknown
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.subject import Subject, branch_subject, cadre_subject
from services.scoring.use_cases.ports import Directory
from shared.events.scoring import Standard
from shared.kernel.access import BUSINESS, Caller, Role
from shared.kernel.calendar import Period
from shared.kernel.errors import Forbidden

OVERSEERS = (Role.SECRETARY, Role.ORGANISER, Role.COUNTY_ORGANISER, Role.BRANCH_SECRETARY)
"""Who reads the scores of everyone in scope."""
READERS: dict[Standard, tuple[Role, ...]] = {"branch": (*OVERSEERS, Role.SUPERVISOR), "cadre": OVERSEERS}
"""Who reads the scores of a standard in scope; a cadre reads his own besides."""


async def known_subject(
    directory: Directory, standard: Standard, subject_id: str, book: RuleBook, period: Period
) -> Subject:
    """The subject the standard scores in the period. Raises SubjectUnknown."""
    subject = None
    if standard == "branch":
        organisation = await directory.organisation(subject_id)
        if organisation is not None and organisation.kind in book.applies_to.kinds:
            subject = branch_subject(organisation)
    elif standard == "cadre":
        postings = await directory.postings(subject_id)
        posted = tuple(posting for posting in postings if posting.post in book.applies_to.posts)
        subject = cadre_subject(subject_id, posted, period)
    if subject is None:
        raise SubjectUnknown
    return subject


def require_reader(caller: Caller, subject: Subject) -> None:
    """Refuse who may not read the score: SubjectUnknown outside every scope, Forbidden inside with another role."""
    if subject.standard == "cadre" and caller.is_person(subject.id):
        return
    if any(caller.may(READERS[subject.standard], home) for home in subject.homes):
        return
    if any(caller.may(BUSINESS, home) for home in subject.homes):
        raise Forbidden
    raise SubjectUnknown
