"""Who may read whose score, and who may do what with deeds, review marks and objections."""

from services.scoring.domain.deed import Deed
from services.scoring.domain.objection import Objection
from services.scoring.domain.record_refusals import (
    DeedOfAnother,
    DeedUnknown,
    ObjectionOfAnother,
    ObjectionUnknown,
)
from services.scoring.domain.refusals import SubjectUnknown
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.subject import Subject, branch_subject, cadre_subject, member_subject
from services.scoring.use_cases.directory_ports import Directory
from services.scoring.use_cases.record_ports import RecordPorts
from shared.events.scoring import Standard
from shared.kernel.access import BUSINESS, Caller, OrganisationPath, Role
from shared.kernel.calendar import Period
from shared.kernel.errors import Forbidden, NotFound

OVERSEERS = (Role.SECRETARY, Role.ORGANISER, Role.COUNTY_ORGANISER, Role.BRANCH_SECRETARY)
"""Who reads the scores and the records of everyone in scope."""
READERS: dict[Standard, tuple[Role, ...]] = {
    "branch": (*OVERSEERS, Role.SUPERVISOR),
    "cadre": OVERSEERS,
    "member": OVERSEERS,
}
"""Who reads the scores of a standard in scope; a cadre and a member read their own besides."""
DESK = (Role.ORGANISER, Role.SECRETARY)
"""Who answers objections."""
BRANCH_OR_DESK = (Role.BRANCH_SECRETARY, *DESK)
"""Who puts deeds on record for members (代填), confirms and refuses them."""
MARKERS = (*DESK, Role.COUNTY_ORGANISER)
"""Who enters what a review gave."""
OBJECTORS = (Role.CADRE, Role.MEMBER, Role.BRANCH_SECRETARY)
"""Who may be a subject, or speak for one."""


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
    else:
        member = await directory.member(subject_id)
        if member is not None and member.touches(period):
            subject = member_subject(member)
    if subject is None:
        raise SubjectUnknown
    return subject


def require_reader(caller: Caller, subject: Subject) -> None:
    """Refuse who may not read the score: SubjectUnknown outside every scope, Forbidden inside with another role."""
    if caller.is_person(subject.person_id):
        return
    if any(caller.may(READERS[subject.standard], home) for home in subject.homes):
        return
    _refuse(caller, subject, Forbidden())


async def own_subject(
    directory: Directory, caller: Caller, standard: Standard, subject_id: str, period: Period
) -> Subject:
    """The subject for which the caller may object, whatever book scored it.

    A cadre and a member for themselves, a branch secretary for his branch. Raises SubjectUnknown outside every scope,
    ObjectionOfAnother inside.
    """
    subject = None
    if standard == "branch":
        organisation = await directory.organisation(subject_id)
        subject = None if organisation is None else branch_subject(organisation)
    elif standard == "cadre":
        subject = cadre_subject(subject_id, await directory.postings(subject_id), period)
    else:
        member = await directory.member(subject_id)
        subject = None if member is None else member_subject(member)
    if subject is None:
        raise SubjectUnknown
    speaks_for_it = standard == "branch" and caller.may((Role.BRANCH_SECRETARY,), subject.home)
    if not speaks_for_it and not caller.is_person(subject.person_id):
        _refuse(caller, subject, ObjectionOfAnother())
    return subject


def _refuse(caller: Caller, subject: Subject, inside: Forbidden) -> None:
    """Refuse with these words who may know that the subject is there. Raises them, or SubjectUnknown."""
    if any(caller.may(BUSINESS, home) for home in subject.homes):
        raise inside
    raise SubjectUnknown


async def owns_deed(ports: RecordPorts, caller: Caller, member_id: str) -> bool:
    """Whether the deeds of this member are the caller's own."""
    member = await ports.directory.member(member_id)
    return member is not None and caller.is_person(member.person_id)


def require_reporter(caller: Caller, path: OrganisationPath, *, own: bool) -> None:
    """Only the member himself, or his branch and the desk for him.

    Raises NotFound outside every scope, DeedOfAnother inside.
    """
    if own or caller.may(BRANCH_OR_DESK, path):
        return
    if caller.may(BUSINESS, path):
        raise DeedOfAnother
    raise NotFound


async def visible_deed(ports: RecordPorts, caller: Caller, deed_id: str) -> Deed:
    """The deed: whole to whom it is about, to who reported it and to who oversees it.

    During the notice all of the branch read it too, without its words (公示).

    Raises DeedUnknown outside every scope of his, Forbidden inside.
    """
    deed = await ports.deeds.find(deed_id)
    if deed is None:
        raise DeedUnknown
    if caller.may(OVERSEERS, deed.path) or caller.is_person(deed.reported_by):
        return deed
    if await owns_deed(ports, caller, deed.member_id):
        return deed
    if deed.state == "confirmed" and caller.may((Role.MEMBER,), deed.path):
        return deed.on_notice()
    raise Forbidden if caller.may(BUSINESS, deed.path) else DeedUnknown


async def visible_objection(ports: RecordPorts, caller: Caller, objection_id: str) -> Objection:
    """The objection, if the caller filed it or oversees the subject's home.

    Raises ObjectionUnknown outside every scope of his, Forbidden inside.
    """
    objection = await ports.objections.find(objection_id)
    if objection is None:
        raise ObjectionUnknown
    if caller.is_person(objection.filed_by) or caller.may(OVERSEERS, objection.path):
        return objection
    raise Forbidden if caller.may(BUSINESS, objection.path) else ObjectionUnknown
