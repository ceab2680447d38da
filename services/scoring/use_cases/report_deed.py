"""Report a deed: a member what he did, or his branch for him (代填)."""

from dataclasses import dataclass
from datetime import date

from services.scoring.domain.deed import Deed, DeedId, a_person
from services.scoring.domain.member import Member
from services.scoring.domain.record_refusals import DoneLater, MemberUnknown, NotMemberThen
from services.scoring.use_cases.access import require_reporter
from services.scoring.use_cases.follow_if_moved import follow_if_moved
from services.scoring.use_cases.record_ports import RecordPorts
from shared.events.scoring import DeedKind
from shared.kernel.access import Caller
from shared.kernel.creation import created_once
from shared.kernel.ids import digest_of
from shared.kernel.trail import TrailEntry


@dataclass(frozen=True, slots=True)
class ReportDeed:
    """Who did what kind of thing, when."""

    by: Caller
    deed_id: DeedId
    member_id: str
    kind: DeedKind
    done_on: date
    note: str

    def digest(self) -> str:
        """What makes two uploads the same deed."""
        return digest_of({"member": self.member_id, "kind": self.kind, "on": self.done_on, "note": self.note})


async def report_deed(command: ReportDeed, ports: RecordPorts) -> Deed:
    """Store the deed once; the same upload again gives the one that is there.

    Raises MemberUnknown, NotFound, DeedOfAnother, Forbidden, NotMemberThen, DoneLater, NotLiveYet, HistoryClosed, and
    AlreadyThere when the id names another deed.
    """
    member = await ports.directory.member(command.member_id)
    if member is None:
        raise MemberUnknown
    require_reporter(command.by, member.path, own=command.by.is_person(member.person_id))

    async def report() -> Deed:
        deed = await _done(command, member, ports)
        await ports.deeds.save(deed, deed.reported())
        return deed

    deed = await created_once(report, lambda: ports.deeds.find(command.deed_id), digest=command.digest)
    await follow_if_moved(deed.path, ports.deeds, ports.directory)
    return deed


async def _done(command: ReportDeed, member: Member, ports: RecordPorts) -> Deed:
    reported_by, today = a_person(command.by), ports.clock.today()
    if command.done_on > today:
        raise DoneLater
    if not member.belongs_on(command.done_on):
        raise NotMemberThen(day=command.done_on)
    township = await ports.directory.township(member.path)
    late_after_days = ports.procedure.late_after_days
    entry = township.entry(command.done_on, today=today, late_after_days=late_after_days, field="done_on")
    return Deed(
        id=command.deed_id,
        member_id=member.id,
        branch_id=member.branch_id,
        path=member.path,
        kind=command.kind,
        done_on=command.done_on,
        entry=entry,
        note=command.note,
        reported_by=reported_by,
        made_from=command.digest(),
        trail=(TrailEntry.left_by(command.by, "reported", at=ports.clock.now()),),
    )
