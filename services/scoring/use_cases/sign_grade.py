"""Sign a grade (等次审定): a person decides, the platform's grade is his reference."""

from dataclasses import dataclass

from services.scoring.domain.decision_refusals import GradeSignedAlready, PeriodNotSealed
from services.scoring.domain.periods import asked_period
from services.scoring.domain.refusals import SubjectUnknown
from services.scoring.domain.signed_grade import SignedGrade, grade_id
from services.scoring.use_cases.access import known_subject
from services.scoring.use_cases.decision_ports import DecisionPorts
from services.scoring.use_cases.follow_if_moved import follow_if_moved
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.reckon_scores import SubjectScore, reckon_scores
from shared.events.scoring import Standard
from shared.kernel.access import BUSINESS, Caller, Role
from shared.kernel.errors import AlreadyThere, Forbidden, Stale

SIGNERS: dict[Standard, tuple[Role, ...]] = {
    "branch": (Role.SECRETARY, Role.COUNTY_ORGANISER),
    "cadre": (Role.SECRETARY,),
    "member": (Role.SECRETARY,),
}
"""Who signs: the secretary where the subject is at home, for branches the county organisation department as well."""
ALL_SIGNERS = SIGNERS["branch"]


@dataclass(frozen=True, slots=True)
class SignGrade:
    """The grade of a subject for a period; the first time nothing was seen yet."""

    by: Caller
    standard: Standard
    subject_id: str
    period: str
    grade: str
    reason: str = ""
    seen_revision: int | None = None


async def sign_grade(command: SignGrade, decisions: DecisionPorts, ports: Ports) -> SignedGrade:
    """Store the grade; saying again what stands changes nothing.

    Raises SubjectUnknown, Forbidden, PeriodNotSealed, GradeSignedAlready without a revision seen, Stale, what is wrong
    with the period, and what `SignedGrade.sign` refuses.
    """
    try:
        return await _sign(command, decisions, ports)
    except (AlreadyThere, Stale):  # perhaps by an earlier try of this very request
        return await _sign(command, decisions, ports)


async def _sign(command: SignGrade, decisions: DecisionPorts, ports: Ports) -> SignedGrade:
    found = await _sealed(command, ports)
    standing = await decisions.grades.find(grade_id(command.standard, command.subject_id, found.score.key.period))
    now = ports.clock.now()
    if standing is None:
        if command.seen_revision is not None:
            raise Stale
        signed = SignedGrade.sign(
            found.subject, found.score, grade=command.grade, reason=command.reason, by=command.by, at=now
        )
    else:
        if (standing.grade, standing.reason) == (command.grade, command.reason):
            return standing
        if command.seen_revision is None:
            raise GradeSignedAlready
        if command.seen_revision != standing.revision:
            raise Stale
        signed = standing.correct(
            found.subject, found.score, grade=command.grade, reason=command.reason, by=command.by, at=now
        )
    await decisions.grades.save(signed)
    await follow_if_moved(signed.path, decisions.grades, ports.directory)
    return signed


async def _sealed(command: SignGrade, ports: Ports) -> SubjectScore:
    """The subject's score, if the caller may sign its grade and nothing can change it any more."""
    asked = asked_period(ports.generation, command.standard, command.period, ports.clock.today())
    book = asked.parts[-1][1]
    subject = await known_subject(ports.directory, command.standard, command.subject_id, book, asked.period)
    if not command.by.may(SIGNERS[command.standard], subject.home):
        inside = any(command.by.may(BUSINESS, home) for home in subject.homes)
        raise Forbidden if inside else SubjectUnknown
    [found] = await reckon_scores([subject], asked, ports)
    if found.state != "sealed":
        raise PeriodNotSealed(period=asked.period.name)
    return found
