"""What every outbox, lease and archive keeps to: suites that the tests of each adapter inherit."""

import asyncio
from collections.abc import Callable
from typing import Any

from shared.events.outbox import Archive, Lease, Outbox
from shared.kernel.ids import new_id
from shared.testing.clock import StoppedClock
from shared.testing.facts import a_fact
from shared.testing.store_suites import Things
from shared.testing.things import Thing, a_happening


class OutboxSuite:
    """Fixtures: `things`, `outbox` over them, `clock` of their recorder."""

    async def test_facts_wait_in_the_order_they_were_recorded(
        self, things: Things, outbox: Outbox, clock: StoppedClock
    ) -> None:
        """The longest waiting aggregate comes first."""
        first, second = Thing(), Thing()
        await things.save(first, a_happening(), a_happening())
        clock.advance(seconds=1)
        await things.save(second, a_happening())
        clock.advance(seconds=1)
        await things.save(first.changed(), a_happening())

        waiting = await outbox.waiting(10)

        assert [first.id, second.id] == [item.aggregate_id for item in waiting]
        assert [fact.revision for fact in waiting[0].facts] == [1, 1, 2]

    async def test_a_fact_comes_out_as_it_went_in(self, things: Things, outbox: Outbox, clock: StoppedClock) -> None:
        """To the microsecond: a fact must not seem to have happened after it was recorded."""
        clock.set(clock.now().replace(microsecond=123456))
        thing, event = Thing(), a_happening()
        await things.save(thing, event)

        [waiting] = await outbox.waiting(10)
        [fact] = waiting.facts

        assert (fact.event, fact.recorded_at, fact.path) == (event, clock.now(), thing.path)
        assert (fact.subject, fact.revision, fact.source) == (thing.id, 1, "visits")

    async def test_a_thing_saved_without_events_waits_for_nothing(self, things: Things, outbox: Outbox) -> None:
        """Nothing happened, nothing is told."""
        await things.save(Thing())

        assert list(await outbox.waiting(10)) == []

    async def test_what_is_sent_waits_no_longer(self, things: Things, outbox: Outbox) -> None:
        """Sent twice is sent once; what was recorded meanwhile stays."""
        thing = Thing()
        await things.save(thing, a_happening())
        published = await outbox.waiting(10)
        await things.save(thing.changed(), a_happening())

        await outbox.sent(published)
        await outbox.sent(published)

        [left] = await outbox.waiting(10)
        assert [fact.revision for fact in left.facts] == [2]

    async def test_sending_does_not_make_a_writer_stale(self, things: Things, outbox: Outbox) -> None:
        """The relay takes facts out beside the writers."""
        thing = Thing()
        await things.save(thing, a_happening())
        await outbox.sent(await outbox.waiting(10))
        await things.save(thing.changed(title="还在"))

        assert (await things.get(thing.id)).title == "还在"

    async def test_no_more_aggregates_than_asked_for(self, things: Things, outbox: Outbox) -> None:
        """The relay works in bounded turns."""
        for _ in range(3):
            await things.save(Thing(), a_happening())

        assert len(await outbox.waiting(2)) == 2

    async def test_a_parked_aggregate_is_held_and_counted_until_unparked(self, things: Things, outbox: Outbox) -> None:
        """What happens to it later is held too; all others go on."""
        held, free = Thing(), Thing()
        await things.save(held, a_happening())
        [waiting] = await outbox.waiting(10)
        await outbox.park(waiting, "too large")
        await things.save(held.changed(), a_happening())
        await things.save(free, a_happening())

        backlog = await outbox.backlog()
        going = [item.aggregate_id for item in await outbox.waiting(10)]
        unparked = await outbox.unpark()

        assert (backlog.pending, backlog.parked, going, unparked) == (1, 2, [free.id], 1)
        assert (await outbox.backlog()).parked == 0
        assert {held.id, free.id} == {item.aggregate_id for item in await outbox.waiting(10)}

    async def test_a_save_wakes_who_waits(self, things: Things, outbox: Outbox) -> None:
        """Long before the time-out; the relay polls besides."""
        for _ in range(2):  # the first wait may end by the beginning of the watch itself
            await asyncio.wait_for(asyncio.gather(outbox.changed(0.3), asyncio.sleep(0.3)), 5)
        waiting = asyncio.create_task(outbox.changed(30))
        await asyncio.sleep(0.05)
        await things.save(Thing(), a_happening())

        await asyncio.wait_for(waiting, 5)
        await outbox.close()


class LeaseSuite:
    """Fixture: `leases`, which makes a holder of the one lease for so many seconds."""

    async def test_one_holds_it_and_may_renew(self, leases: Callable[[float], Lease]) -> None:
        """The other is told no."""
        one, other = leases(30), leases(30)

        assert [
            await one.hold(),
            await other.hold(),
            await one.hold(),
            await other.hold(),
        ] == [True, False, True, False]

    async def test_given_back_it_is_free_at_once(self, leases: Callable[[float], Lease]) -> None:
        """Who does not hold it cannot give it back."""
        one, other = leases(30), leases(30)
        await one.hold()
        await other.release()
        refused = await other.hold()
        await one.release()

        assert (refused, await other.hold()) == (False, True)

    async def test_not_renewed_it_falls_to_the_next(self, leases: Callable[[float], Lease]) -> None:
        """A relay that was killed is replaced."""
        one, other = leases(0.2), leases(0.2)
        await one.hold()
        await asyncio.sleep(0.3)

        assert (await other.hold(), await one.hold()) == (True, False)

    async def test_of_many_that_ask_at_once_one_gets_it(self, leases: Callable[[float], Lease]) -> None:
        """The first time included, when there is no lease yet."""
        held = await asyncio.gather(*(leases(30).hold() for _ in range(8)))

        assert sum(held) == 1


class ArchiveSuite:
    """Fixtures: `archive`, and `archived` which tells the ids in it, in order."""

    async def test_a_fact_is_archived_once(self, archive: Archive, archived: Callable[[], Any]) -> None:
        """Appended again, alone or among others, it is passed over."""
        first, second, third = (a_fact(a_happening(), subject=new_id()) for _ in range(3))
        await archive.append([first, second])
        await archive.append([second])
        await archive.append([second, third, first])

        assert [first.id, second.id, third.id] == await archived()

    async def test_twice_in_one_go_is_once(self, archive: Archive, archived: Callable[[], Any]) -> None:
        """A relay may hand over a batch that holds a fact twice."""
        fact = a_fact(a_happening(), subject=new_id())
        await archive.append([fact, fact])
        await archive.append([])

        assert [fact.id] == await archived()
