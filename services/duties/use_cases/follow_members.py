"""Follow the members service: learn branches, members, exemptions and townships from its facts."""

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
            place = await directory.learn_organisation(
                event.organisation_id,
                fact.revision,
                fact.path,
                kind=event.kind,
                has_committee=event.has_committee,
                has_groups=event.has_groups,
            )
            await ports.meetings.moved(BranchId(event.organisation_id), place)
            await ports.weak_organisations.moved(OrganisationId(event.organisation_id), place)
        case members.MemberEnrolled() | members.MembershipEnded():
            standing = event.standing if isinstance(event, members.MemberEnrolled) else None
            membership = Membership(MemberId(event.member_id), fact.revision, event.occurred_on, standing)
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
