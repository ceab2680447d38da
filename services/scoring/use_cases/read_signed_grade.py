"""Read a signed grade: whoever may read the score may read it, whom it is about included."""

from services.scoring.domain.decision_refusals import GradeUnsigned
from services.scoring.domain.periods import asked_period
from services.scoring.domain.signed_grade import SignedGrade, grade_id
from services.scoring.use_cases.access import known_subject, require_reader
from services.scoring.use_cases.decision_ports import DecisionPorts
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.read_score import ReadScore


async def read_signed_grade(query: ReadScore, decisions: DecisionPorts, ports: Ports) -> SignedGrade:
    """The grade of one subject and period. Raises SubjectUnknown, Forbidden, GradeUnsigned, the period's faults."""
    asked = asked_period(ports.generation, query.standard, query.period, ports.clock.today())
    subject = await known_subject(ports.directory, query.standard, query.subject_id, asked.parts[-1][1], asked.period)
    require_reader(query.by, subject)
    signed = await decisions.grades.find(grade_id(query.standard, subject.id, asked.period.name))
    if signed is None:
        raise GradeUnsigned
    return signed
