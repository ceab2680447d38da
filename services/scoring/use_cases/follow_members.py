"""Follow the members service: learn organisations, postings, members, calendars and townships from its facts."""

from dataclasses import replace

from services.scoring.domain.member import Member
from services.scoring.domain.subject import Organisation, Posting
from services.scoring.use_cases.directory_ports import Directory, Moving
from services.scoring.use_cases.ports import Cards
from shared.events import members
from shared.events.base import Event, Fact
from shared.kernel.calendar import WorkingDays

_AT_ONCE = 200


async def follow_members(fact: Fact[Event], directory: Directory, cards: Cards) -> None:
    """Learn what the fact says; facts in any order and repeated end in the same knowledge.

    Who is learnt of has his cards looked at again, also when it is no news: what could not be announced without knowing
    him can be now. Of an organisation that moved, so has everybody who moved along: where he is at home is part of what
    is told of him. What hangs below it has a fact of its own.
    """
    match fact.event:
        case members.OrganisationRegistered() | members.OrganisationChanged() as event:
            organisation = Organisation(event.organisation_id, fact.path, event.kind, event.title, event.category)
            await directory.learn_organisation(organisation, fact.revision)
            await cards.look_again("branch", organisation.id)
            await _look_at_who_moved(Moving(organisation.id, fact.revision, _AT_ONCE), directory, cards)
        case members.PostingStarted() | members.PostingEnded() as event:
            await directory.learn_posting(_posting(event, fact), fact.revision)
            await cards.look_again("cadre", event.cadre_id)
        case members.MemberEnrolled() as event:
            member = Member(event.member_id, event.branch_id, fact.path, event.person_id, event.occurred_on)
            await directory.learn_member(member, fact.revision)
            await cards.look_again("member", member.id)
        case members.MembershipEnded() as event:
            await directory.learn_membership_end(event.member_id, event.occurred_on, fact.revision)
            await cards.look_again("member", event.member_id)
        case _:
            await _follow_times(fact, directory)


async def _look_at_who_moved(first: Moving, directory: Directory, cards: Cards) -> None:
    """Look again at those whom this revision moved, page by page; where it moved nobody, two looks at an index."""
    moving = first
    while page := await directory.members_moved(moving):
        await cards.look_again("member", *page)
        moving = replace(moving, after=page[-1])
    moving = first
    while page := await directory.cadres_moved(moving):
        await cards.look_again("cadre", *page)
        moving = replace(moving, after=page[-1])


async def _follow_times(fact: Fact[Event], directory: Directory) -> None:
    match fact.event:
        case members.CalendarPublished() as event:
            days = WorkingDays(frozenset(event.days_off), frozenset(event.working_days), frozenset({event.year}))
            await directory.learn_calendar(event.organisation_id, event.year, fact.revision, days)
        case members.GoLiveSet() as event:
            await directory.learn_go_live(event.township_id, fact.revision, event.go_live_on)
        case members.HistorySpanDeclared() | members.HistorySpanClosed() as event:
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


def _posting(event: members.PostingStarted | members.PostingEnded, fact: Fact[Event]) -> Posting:
    return Posting(
        id=event.posting_id,
        cadre_id=event.cadre_id,
        organisation_id=event.organisation_id,
        path=fact.path,
        post=event.post,
        starts_on=event.starts_on,
        ends_on=event.ends_on,
    )
