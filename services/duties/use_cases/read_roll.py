"""Read who is expected at a meeting, so that whoever enters it need only say who did not come."""

from dataclasses import dataclass
from datetime import date

from services.duties.domain.refusals import UnknownBranch
from services.duties.domain.roll import Roll
from services.duties.use_cases.access import KEEPERS
from services.duties.use_cases.ports import Ports
from shared.events.duties import MeetingKind
from shared.kernel.access import Caller
from shared.kernel.ids import BranchId


@dataclass(frozen=True, slots=True)
class ReadRoll:
    """Whose meeting of which kind; without a day, today's."""

    by: Caller
    branch_id: BranchId
    kind: MeetingKind
    held_on: date | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """The roll of a day, and how many make a quorum; None where the person who enters names who is expected."""

    held_on: date
    roll: Roll
    needed: int | None


async def read_roll(wanted: ReadRoll, ports: Ports) -> Expected:
    """Who is expected, who is exempt, how many are needed.

    Raises UnknownBranch, NotFound and Forbidden by scope, BranchWithoutCommittee, BranchWithoutGroups.
    """
    branch = await ports.directory.branch(wanted.branch_id)
    if branch is None:
        raise UnknownBranch
    wanted.by.require(KEEPERS, branch.path)
    rule = ports.procedure.rules[wanted.kind]
    held_on = wanted.held_on or ports.clock.today()
    branch.require(rule.requires, on=held_on)
    roll = await ports.directory.roll(wanted.branch_id, held_on)
    if rule.expects == "named":
        return Expected(held_on, roll, None)
    counted = roll.voters(roll.expected) if rule.quorum.of == "voters" else roll.expected
    return Expected(held_on, roll, rule.quorum.needed(len(counted)))
