"""Answer an objection: it is right (成立) or not (不成立)."""

from dataclasses import dataclass

from services.scoring.domain.objection import Objection
from services.scoring.use_cases.access import DESK, visible_objection
from services.scoring.use_cases.record_ports import RecordPorts
from shared.kernel.access import Caller
from shared.kernel.errors import Stale
from shared.kernel.repeatable import repeatable


@dataclass(frozen=True, slots=True)
class AnswerObjection:
    """Whether it is right, and the words for the subject."""

    by: Caller
    objection_id: str
    seen_revision: int
    upheld: bool
    answer: str


@repeatable
async def answer_objection(command: AnswerObjection, ports: RecordPorts) -> Objection:
    """Store the answer; giving it again changes nothing. What is upheld counts for nothing from now on.

    Raises ObjectionUnknown, Forbidden, OwnObjectionNotAnswered, ObjectionAnsweredAlready, Stale.
    """
    objection = await visible_objection(ports, command.by, command.objection_id)
    command.by.require(DESK, objection.path)
    if objection.is_answered(upheld=command.upheld, answer=command.answer):
        return objection
    if objection.revision != command.seen_revision:
        raise Stale
    objection, answered = objection.answer_it(
        upheld=command.upheld, answer=command.answer, by=command.by, at=ports.clock.now()
    )
    await ports.objections.save(objection, answered)
    return objection
