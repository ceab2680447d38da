"""Facts of the members service put straight onto Kafka, for tests that need a township but not the service."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from deploy.local.stack import Stack
from deploy.local.steering import Steering
from shared.events import members
from shared.events.base import Event, Fact
from shared.events.catalogue import topic_of
from shared.events.codec import encode
from shared.kafka.producer import KafkaPublisher, Outgoing
from shared.kernel.clock import start_of_day
from shared.kernel.ids import derived_id
from shared.testing.facts import a_fact

COUNTY, TOWNSHIP = derived_id("seed", "county"), derived_id("seed", "township")


@dataclass(frozen=True, slots=True)
class Seed:
    """A county with one township: branches, a cadre each, live since the day."""

    branches: tuple[str, ...]
    cadres: tuple[str, ...]
    live_on: date

    @classmethod
    def of(cls, count: int, live_on: date) -> "Seed":
        """So many branches and cadres, ids derived from their numbers."""
        return cls(
            tuple(derived_id("seed", "branch", number) for number in range(count)),
            tuple(derived_id("seed", "cadre", number) for number in range(count)),
            live_on,
        )

    def facts(self) -> Iterator[Fact[Event]]:
        """What the members service would have published."""
        day, recorded = self.live_on, start_of_day(self.live_on)
        here = f"{COUNTY}/{TOWNSHIP}"
        yield _organisation(COUNTY, "county", None, COUNTY, day)
        yield _organisation(TOWNSHIP, "township", COUNTY, here, day)
        for branch, cadre in zip(self.branches, self.cadres, strict=True):
            yield _organisation(branch, "branch", TOWNSHIP, f"{here}/{branch}", day)
            posting = members.PostingStarted(
                posting_id=derived_id("posting", cadre),
                cadre_id=cadre,
                organisation_id=branch,
                post="village_cadre",
                starts_on=day,
                occurred_on=day,
            )
            yield a_fact(
                posting, subject=posting.posting_id, path=f"{here}/{branch}", recorded_at=recorded, source="members"
            )
        go_live = members.GoLiveSet(township_id=TOWNSHIP, go_live_on=day, occurred_on=day)
        yield a_fact(go_live, subject=TOWNSHIP, path=here, recorded_at=recorded, source="members")


def _organisation(id_: str, kind: str, parent: str | None, path: str, day: date) -> Fact[Event]:
    event = members.OrganisationRegistered(
        organisation_id=id_,
        kind=kind,
        title="演示",
        parent_id=parent,
        category="village" if kind == "branch" else None,
        occurred_on=day,
    )
    return a_fact(event, subject=id_, path=path, recorded_at=start_of_day(day), source="members")


async def publish(stack: Stack, facts: Sequence[Fact[Event]]) -> None:
    """Put facts onto their topics and wait until the broker has them."""
    publisher = KafkaPublisher(stack.urls["kafka"], "seeding")
    outcomes = await publisher.publish([Outgoing(topic_of(fact.event), encode(fact)) for fact in facts])
    await publisher.close()
    assert all(outcome is None for outcome in outcomes), outcomes


def steering(stack: Stack) -> Steering:
    """The steering of a stack's clock by the workers it runs."""
    workers = [url for name, url in stack.urls.items() if name.endswith("-worker")]
    return Steering(stack.folder.path, workers)


def seed(stack: Stack, planted: Seed, now: datetime | None = None) -> None:
    """Publish the seed and wait until every worker knows it; optionally with the clock steered first."""

    async def plant() -> None:
        if now is not None:
            await steering(stack).set(now)
        await publish(stack, list(planted.facts()))
        await steering(stack).settle()

    asyncio.run(plant())
