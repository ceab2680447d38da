"""Follow the members service: learn branches, members, exemptions and townships from its facts."""

from datetime import timedelta

from services.duties.domain.branch import BranchStructure
from services.duties.domain.roll import Exemption, Membership
from services.duties.use_cases.ports import Ports
from shared.events import members
from shared.events.base import Event, Fact
from shared.kernel.ids import BranchId, ExemptionId, MemberId, OrganisationId


async def follow_members(fact: Fact[Event], ports: Ports) -> None:
    """Learn what the fact says; facts in any order and repeated end in the same knowledge."""
    directory, event = ports.directory, fact.event
    match event:
        case members.OrganisationRegistered() | members.OrganisationChanged():
            # Also when it is no news: who learnt it may have died before everything had moved.
            id_ = OrganisationId(event.organisation_id)
            structure = BranchStructure(fact.revision, event.occurred_on, event.has_committee, event.has_groups)
            place = await directory.learn_organisation(id_, fact.path, structure, kind=event.kind)
            await ports.meetings.moved(BranchId(id_), place)
            await ports.weak_organisations.moved(id_, place)
        case members.MemberEnrolled():
            membership = Membership(MemberId(event.member_id), fact.revision, event.occurred_on, event.standing)
            await directory.learn_membership(BranchId(event.branch_id), membership)
        case members.MembershipEnded():
            day_after = event.occurred_on + timedelta(days=1)  # it ends with that day
            membership = Membership(MemberId(event.member_id), fact.revision, day_after, None)
            await directory.learn_membership(BranchId(event.branch_id), membership)
        case members.ExemptionGranted() | members.ExemptionChanged() | members.ExemptionWithdrawn():
            await directory.learn_exemption(
                ExemptionId(event.exemption_id),
                fact.revision,
                BranchId(event.branch_id),
                Exemption(MemberId(event.member_id), event.starts_on, event.ends_on),
                withdrawn=isinstance(event, members.ExemptionWithdrawn),
            )
        case members.GoLiveSet():
            await directory.learn_go_live(event.township_id, fact.revision, event.go_live_on)
        case members.HistorySpanDeclared() | members.HistorySpanClosed():
            await directory.learn_span(
                event.township_id,
                event.span_id,
                fact.revision,
                from_on=event.from_on,
                to_on=event.to_on,
                closed=isinstance(event, members.HistorySpanClosed),
            )
        case _:
            pass
