"""The life of a weekly obligation: opened on Monday, warned, overdue, missed; done, done late, taken back."""

from datetime import UTC, date, datetime

from shared.events.base import Correction
from shared.events.notifications import ObligationMissed, ObligationOpened, ObligationOverdue, ObligationSatisfied
from tests.unit.notifications.world import BRANCH, CADRE, TOWNSHIP, World, local, posting, visit, withdrawal

SUNDAY = date(2023, 11, 26)


async def test_a_week_opens_on_monday(world: World) -> None:
    await world.at("2023-11-20 00:01")
    assert world.published == []
    await world.at("2023-11-20 00:02")

    [fact] = world.obligations.facts
    opened = fact.event
    assert isinstance(opened, ObligationOpened)
    assert (opened.cadre_id, opened.organisation_id, opened.branch_id) == (CADRE, TOWNSHIP, None)
    assert (opened.period, opened.due_on, opened.entry) == ("2023-W47", SUNDAY, "live")
    assert opened.occurred_at == datetime(2023, 11, 19, 16, tzinfo=UTC)
    assert fact.key == TOWNSHIP


async def test_a_week_without_a_visit_is_warned_of_then_overdue_then_missed(world: World) -> None:
    for moment in ("2023-11-20 08:00", "2023-11-23 09:02", "2023-11-26 09:02", "2023-11-27 00:02"):
        await world.at(moment)
    assert world.owed("2023-W47").state == "overdue"
    await world.at("2023-12-04 00:01")
    assert world.owed("2023-W47").state == "overdue"
    await world.at("2023-12-04 00:02")

    assert world.owed("2023-W47").state == "missed"
    assert [line.what for line in world.owed("2023-W47").lines] == ["opened", "warned", "warned", "overdue", "missed"]
    assert [line.step for line in world.owed("2023-W47").lines if line.step] == ["thursday", "sunday"]


async def test_steps_that_were_jumped_over_happen_in_order_at_their_own_instants(world: World) -> None:
    await world.at("2023-12-04 12:00")

    events = [event for event in world.told if event.period == "2023-W47"]
    assert [type(event).__name__ for event in events] == [
        "ObligationOpened",
        "ObligationWarned",
        "ObligationWarned",
        "ObligationOverdue",
        "ObligationMissed",
    ]
    assert [event.occurred_at for event in events] == [
        local("2023-11-20 00:00"),
        local("2023-11-23 09:00"),
        local("2023-11-26 09:00"),
        local("2023-11-27 00:00"),
        local("2023-12-04 00:00"),
    ]
    assert {fact.recorded_at for fact in world.obligations.facts} == {world.clock.now()}
    happened = [event.occurred_at for event in world.told]
    assert happened == sorted(happened)


async def test_a_visit_in_the_week_satisfies_it_and_nothing_is_due_any_more(world: World) -> None:
    await world.at("2023-11-20 08:00")
    world.clock.set(local("2023-11-21 12:00"))
    await world.learn(visit("2023-11-21 10:00"))
    await world.at("2023-12-10 12:00")

    week = world.owed("2023-W47")
    assert week.state == "satisfied"
    assert [line.what for line in week.lines] == ["opened", "satisfied"]
    assert world.told[1].occurred_at == local("2023-11-21 10:00")


async def test_a_visit_of_the_next_week_does_not_count_for_this_one(world: World) -> None:
    world.clock.set(local("2023-11-27 12:00"))
    await world.learn(visit("2023-11-27 00:00"))
    await world.at("2023-11-27 12:00")

    assert (world.owed("2023-W47").state, world.owed("2023-W48").state) == ("overdue", "satisfied")


async def test_a_visit_before_its_week_was_opened_opens_it_as_done(world: World) -> None:
    world.clock.set(local("2023-11-20 00:00:30"))
    await world.learn(visit("2023-11-20 00:00"))
    await world.at("2023-11-20 00:02")

    assert world.published == ["Opened", "Satisfied"]
    assert world.owed("2023-W47").noticed is None


async def test_a_visit_that_happened_in_time_but_arrived_after_the_grace_corrects_the_miss(world: World) -> None:
    await world.at("2023-12-05 12:00")
    await world.learn(visit("2023-11-26 23:59", entry="late"))

    satisfied = world.last.event
    assert isinstance(satisfied, ObligationSatisfied)
    assert satisfied.corrects == (
        Correction(type=ObligationOverdue.TYPE, revision=4, day=SUNDAY),
        Correction(type=ObligationMissed.TYPE, revision=5, day=SUNDAY),
    )
    assert (satisfied.entry, satisfied.period) == ("late", "2023-W47")
    assert world.owed("2023-W47").state == "satisfied"


async def test_a_withdrawn_visit_opens_the_week_again(world: World) -> None:
    await world.at("2023-11-21 12:00")
    await world.learn(visit("2023-11-21 10:00"))
    await world.learn(withdrawal("2023-11-21 10:00"))

    assert world.published == ["Opened", "Satisfied", "Reopened"]
    assert world.last.event.corrects == (Correction(type=ObligationSatisfied.TYPE, revision=2, day=SUNDAY),)
    assert world.owed("2023-W47").state == "open"


async def test_a_visit_withdrawn_after_the_grace_is_missed_by_the_sweep(world: World) -> None:
    await world.at("2023-11-21 12:00")
    await world.learn(visit("2023-11-21 10:00"))
    world.clock.set(local("2023-12-05 12:00"))
    await world.learn(withdrawal("2023-11-21 10:00"))
    assert world.owed("2023-W47").state == "open"
    await world.at("2023-12-05 12:00")

    assert world.owed("2023-W47").state == "missed"
    assert {line.what for line in world.owed("2023-W47").lines if line.holds} == {"opened", "overdue", "missed"}


async def test_a_week_missed_again_after_a_withdrawal_is_published_again(world: World) -> None:
    await world.at("2023-12-05 12:00")
    await world.learn(visit("2023-11-21 10:00"), withdrawal("2023-11-21 10:00"))
    await world.at("2023-12-05 12:30")

    missed = [fact for fact in world.obligations.facts if isinstance(fact.event, ObligationMissed)]
    of_the_week = [fact for fact in missed if fact.subject == world.owed("2023-W47").id]
    assert len({fact.id for fact in of_the_week}) == 2
    assert sum(line.holds for line in world.owed("2023-W47").lines if line.what == "missed") == 1


async def test_a_visit_moved_to_another_week_leaves_the_one_and_fills_the_other(world: World) -> None:
    await world.at("2023-11-28 12:00")
    await world.learn(visit("2023-11-28 10:00"))
    await world.learn(visit("2023-11-25 10:00", revision=2, before="2023-11-28 10:00"))

    assert (world.owed("2023-W47").state, world.owed("2023-W48").state) == ("satisfied", "open")


async def test_one_of_two_visits_may_be_withdrawn(world: World) -> None:
    await world.at("2023-11-22 12:00")
    await world.learn(visit("2023-11-21 10:00", "first"), visit("2023-11-22 10:00", "second"))
    await world.learn(withdrawal("2023-11-21 10:00", "first"))

    week = world.owed("2023-W47")
    assert week.state == "satisfied"
    assert sum(line.holds for line in week.lines if line.what == "satisfied") == 1


async def test_a_duplicate_changes_nothing(world: World) -> None:
    await world.at("2023-11-22 12:00")
    await world.learn(visit("2023-11-21 10:00"))
    before = dict(world.obligations.things)
    world.consumer.rewind()
    await world.consumer.drain()

    assert dict(world.obligations.things) == before


async def test_many_postings_owe_one_week(world: World) -> None:
    await world.learn(posting(posting_id="00000000-0000-0000-0000-000000000001", organisation_id=BRANCH))
    await world.at("2023-11-20 12:00")

    assert world.published == ["Opened"]


async def test_an_isolated_revision_carries_each_kind_of_fact_once(world: World) -> None:
    await world.at("2023-12-05 12:00")
    await world.learn(visit("2023-11-21 10:00"), withdrawal("2023-11-21 10:00"))
    await world.at("2023-12-05 13:00")

    named = [(fact.subject, fact.revision, fact.type) for fact in world.obligations.facts]
    assert len(named) == len(set(named))
