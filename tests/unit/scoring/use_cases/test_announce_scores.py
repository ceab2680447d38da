"""ScoreChanged tells the last state of a card once, whatever is repeated or lost in between."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from services.scoring.domain.awards import CardKey
from services.scoring.domain.card import Day, Total
from services.scoring.use_cases.announce_scores import announce_scores
from services.scoring.use_cases.fold_facts import fold_facts
from shared.kernel.access import OrganisationPath
from shared.kernel.clock import local_day, start_of_day
from shared.kernel.ids import derived_id
from shared.testing.clock import StoppedClock
from tests.unit.scoring.conftest import World, a_member, a_posting, an_organisation
from tests.unit.scoring.facts import BRANCH, CADRE, COUNTY, TOWNSHIP, ObligationLife, VisitLife
from tests.unit.scoring.lives import MEMBER, MeetingLife

MONDAY = date(2023, 11, 20)
TOWNSHIP_PATH = OrganisationPath((COUNTY, TOWNSHIP))


async def test_a_changed_score_is_announced_with_what_it_is_now(world: World) -> None:
    await world.fold(ObligationLife("problem-deadline", MONDAY, CADRE, BRANCH).open().miss())

    told = {event.standard: event for event in await world.announced()}

    assert (BRANCH, "2023", Decimal("99.50"), None) == (
        told["branch"].organisation_id,
        told["branch"].period,
        told["branch"].items,
        told["branch"].points,
    )
    assert (CADRE, TOWNSHIP, Decimal(-1), Decimal(0)) == (
        told["cadre"].subject_id,
        told["cadre"].organisation_id,
        told["cadre"].items,
        told["cadre"].attainable,
    )


async def test_the_same_state_is_announced_once(world: World) -> None:
    visit = VisitLife("visit").log(MONDAY)
    await world.fold(visit)
    first = await world.announced()
    await world.fold(visit)

    assert len(first) == 1
    assert first == await world.announced()


async def test_many_changes_between_two_rounds_are_one_announcement(world: World) -> None:
    await world.fold(*(VisitLife(f"visit {number}").log(MONDAY) for number in range(5)))

    assert len(await world.announced()) == 1


async def test_an_announcement_lost_before_it_was_noted_is_made_again_with_the_same_id(world: World) -> None:
    await world.fold(VisitLife("visit").log(MONDAY))
    await world.announced()
    world.announcements.last.clear()
    await world.fold(VisitLife("visit").log(MONDAY))
    await announce_scores(world.ports)

    [first, second] = world.announcements.facts
    assert first.id == second.id


async def test_a_cadre_nobody_knows_yet_is_told_of_once_his_posting_is_known(world: World) -> None:
    newcomer = derived_id("newcomer")
    await world.fold(VisitLife("visit", newcomer).log(MONDAY))

    before = await announce_scores(world.ports), await behind(world)
    await fold_facts([a_posting(newcomer, TOWNSHIP_PATH)], world.ports)

    assert before == (0, [])
    assert [newcomer] == [event.subject_id for event in await world.announced()]


async def test_a_branch_nobody_knows_yet_is_told_of_once_it_is_registered(world: World) -> None:
    newcomer = derived_id("new branch")
    await world.fold(ObligationLife("problem-deadline", MONDAY, CADRE, newcomer).open().miss())

    before = {event.subject_id for event in await world.announced()}
    await fold_facts([an_organisation(newcomer, "branch", TOWNSHIP_PATH / newcomer)], world.ports)

    assert before == {CADRE}
    assert {CADRE, newcomer} == {event.subject_id for event in await world.announced()}


async def test_who_holds_no_post_that_is_scored_is_passed_over_until_he_does(world: World) -> None:
    leader = derived_id("leader")
    await fold_facts([a_posting(leader, TOWNSHIP_PATH, post="leader")], world.ports)
    await world.fold(VisitLife("visit", leader).log(MONDAY))

    before = await announce_scores(world.ports), await behind(world)
    await fold_facts([a_posting(leader, TOWNSHIP_PATH / BRANCH)], world.ports)

    assert before == (0, [])
    assert [leader] == [event.subject_id for event in await world.announced()]


async def test_a_branch_that_moved_is_told_of_again_as_the_next_news_of_its_card(world: World) -> None:
    await world.fold(ObligationLife("problem-deadline", MONDAY, CADRE, BRANCH).open().miss())
    await announce_scores(world.ports)
    elsewhere = OrganisationPath((COUNTY, derived_id("another township"), BRANCH))
    await fold_facts([an_organisation(BRANCH, "branch", elsewhere, revision=2)], world.ports)

    await announce_scores(world.ports)
    [before, after] = [fact for fact in world.announcements.facts if BRANCH in fact.subject]

    assert ((before.revision, after.revision), after.path) == ((1, 2), elsewhere)
    assert vars(before.event) == vars(after.event)


async def test_who_hangs_at_a_branch_that_moved_is_told_of_again_at_his_new_home(world: World) -> None:
    elsewhere = OrganisationPath((COUNTY, derived_id("another township"), BRANCH))
    await fold_facts([a_member(MEMBER)], world.ports)
    await world.fold(VisitLife("visit").log(MONDAY), MeetingLife("meeting").hold(MONDAY, MEMBER))
    await announce_scores(world.ports)
    await fold_facts([an_organisation(BRANCH, "branch", elsewhere, revision=2)], world.ports)
    await announce_scores(world.ports)

    for subject_id, old, new in (
        (CADRE, TOWNSHIP_PATH, OrganisationPath(elsewhere.segments[:2])),
        (MEMBER, TOWNSHIP_PATH / BRANCH, elsewhere),
    ):
        [before, after] = [fact for fact in world.announcements.facts if subject_id in fact.subject]
        assert [(fact.revision, fact.path) for fact in (before, after)] == [(1, old), (2, new)]
        assert vars(after.event) == {**vars(before.event), "organisation_id": new.organisation_id}


async def test_looking_again_at_what_is_told_is_no_news(world: World) -> None:
    await world.fold(VisitLife("visit").log(MONDAY))
    await announce_scores(world.ports)
    await world.ports.cards.look_again("cadre", CADRE)

    assert (await announce_scores(world.ports), await behind(world)) == (0, [])


async def test_a_card_no_book_rules_is_passed_over(world: World) -> None:
    early = CardKey("cadre", CADRE, "2022-Q4")
    await world.ports.cards.enter({early: {Day("weekly-visit", date(2023, 1, 1)): Total(1, 200, 1)}})
    await world.fold(VisitLife("visit").log(MONDAY))

    assert [event.period for event in await world.announced()] == ["2023-Q4"]
    assert await behind(world) == []


async def test_the_day_of_an_announcement_is_that_of_its_instant(world: World) -> None:
    ticking = TickingClock(start_of_day(MONDAY) - timedelta(seconds=1))
    await world.fold(VisitLife("visit").log(MONDAY - timedelta(days=7)))
    await announce_scores(replace(world.ports, clock=ticking))

    [fact] = world.announcements.facts
    assert local_day(fact.recorded_at) == fact.event.day


class TickingClock(StoppedClock):
    """A second goes by whenever it is asked."""

    def now(self) -> datetime:
        found = StoppedClock.now(self)
        self.advance(seconds=1)
        return found

    def today(self) -> date:
        return local_day(self.now())


async def behind(world: World) -> list[CardKey]:
    """The cards somebody still has to look at."""
    return [each.key for each in await world.ports.cards.behind(100)]
