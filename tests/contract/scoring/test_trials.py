"""One suite for the stores of trials: the in-memory one and the real one keep the same promises."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.stack import Stack
from services.scoring.adapters.in_memory_trials import InMemoryTrials
from services.scoring.adapters.trials import TRIALS, MongoTrials, prepare
from services.scoring.domain.comparison import (
    Bucket,
    Comparison,
    GradeCount,
    Mover,
    PeriodComparison,
    RuleChange,
    Spread,
)
from services.scoring.domain.trial import Trial, TrialId, TrialProgress
from services.scoring.use_cases.laboratory_ports import TrialListing, Trials
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.clock import wall_now
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import AccountId, new_id
from shared.mongo.client import Document, connect
from shared.testing.clock import StoppedClock
from tests.databases import an_empty_database
from tests.unit.scoring.publishing import BOOK, a_book

TOWNSHIP = OrganisationPath(("county", "township"))
NOON = datetime(2023, 11, 20, 4, tzinfo=UTC)
RESULT = Comparison(
    periods=(
        PeriodComparison(
            period="2023-Q4",
            up=1,
            down=0,
            unchanged=2,
            unknown=1,
            before=Spread(3, 1, 5000, 4000),
            after=Spread(3, 3, None, None),
            buckets=(Bucket(4000, 1, 0),),
            grades=(GradeCount("优秀", 1, 0), GradeCount(None, 0, 1)),
        ),
    ),
    moved=2,
    movers=(
        Mover("a", "2023-Q4", 4000, 5000, (RuleChange("weekly-visit", "每周走访", "rule", 200, 400),)),
        Mover("b", "2023-Q4", None, 5000, ()),
    ),
)


def a_trial(**changed: Any) -> Trial:
    trial = Trial(
        id=TrialId(new_id()),
        path=TOWNSHIP,
        asked_by=AccountId("account"),
        asked_at=NOON,
        text=f"# 注\n{BOOK}",
        book=a_book(BOOK),
        first_period="2023-Q4",
        last_period="2023-Q4",
        made_from="made from",
    )
    return replace(trial, **changed)


@dataclass(frozen=True, slots=True)
class Store:
    """The port under test, and where it keeps its things if it is the real one."""

    trials: Trials
    database: AsyncDatabase[Document] | None


@pytest.fixture(params=["in memory", "mongodb"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    recorder = Recorder("scoring", StoppedClock())
    if request.param == "in memory":
        yield Store(InMemoryTrials(recorder), None)
        return
    mongod: Stack = request.getfixturevalue("mongod")
    async with an_empty_database(mongod, "scoring_trials", prepare) as database:
        yield Store(MongoTrials(database, recorder), database)


async def test_what_was_saved_is_found_as_it_was(store: Store) -> None:
    trial = a_trial()
    await store.trials.save(trial)

    assert await store.trials.find(trial.id) == trial
    assert await store.trials.find(TrialId(new_id())) is None
    with pytest.raises(AlreadyThere):
        await store.trials.save(trial)


async def test_a_trial_is_kept_from_its_beginning_to_its_result(store: Store) -> None:
    trial = a_trial()
    await store.trials.save(trial)
    begun = trial.begin()
    folded = begun.folded(TrialProgress(7, 9))
    done = folded.finish(RESULT, as_if_from=date(2023, 10, 1), at=NOON + timedelta(minutes=1))
    kept = [
        await store.trials.keep(begun, attempts=0),
        await store.trials.keep(folded, attempts=1),
        await store.trials.keep(done, attempts=1),
    ]

    assert kept == [True, True, True]
    assert await store.trials.find(trial.id) == done


async def test_what_is_over_or_was_begun_anew_is_written_no_more(store: Store) -> None:
    trial, other = a_trial(), a_trial()
    await store.trials.save(trial)
    await store.trials.save(other)
    await store.trials.keep(trial.begin().begin(), attempts=0)
    await store.trials.save(other.cancel(at=NOON))

    assert not await store.trials.keep(trial.begin().folded(TrialProgress(7, 9)), attempts=1)
    assert not await store.trials.keep(other.begin(), attempts=0)
    assert not await store.trials.keep(a_trial(), attempts=0)
    assert await store.trials.find(other.id) == other.cancel(at=NOON)


async def test_of_cancelling_and_ending_the_first_stands(store: Store) -> None:
    trial = a_trial()
    await store.trials.save(trial)
    await store.trials.keep(trial.fail("不行", at=NOON), attempts=0)

    with pytest.raises(Stale):
        await store.trials.save(trial.cancel(at=NOON))


async def test_beginning_does_not_stand_in_the_way_of_cancelling(store: Store) -> None:
    trial = a_trial()
    await store.trials.save(trial)
    await store.trials.keep(trial.begin(), attempts=0)
    await store.trials.save(trial.begin().cancel(at=NOON))
    found = await store.trials.find(trial.id)

    assert found is not None
    assert found.state == "cancelled"


async def test_the_next_is_what_was_left_and_then_what_waits_longest(store: Store) -> None:
    assert await store.trials.next() is None
    old, young = a_trial(), a_trial(asked_at=NOON + timedelta(minutes=1))
    for trial in (young, old):
        await store.trials.save(trial)
    longest = await store.trials.next()
    await store.trials.keep(young.begin(), attempts=0)
    left = await store.trials.next()
    waiting = await store.trials.waiting()
    await store.trials.save(young.begin().cancel(at=NOON))

    assert (longest, left, waiting) == (old, young.begin(), 2)
    assert await store.trials.next() == old
    assert await store.trials.waiting() == 1


async def test_a_list_holds_what_lies_below_the_scopes_the_last_first(store: Store) -> None:
    ids = sorted(TrialId(new_id()) for _ in range(3))
    minutes = (0, 1, 0)
    for id_, minute in zip(ids, minutes, strict=True):
        await store.trials.save(a_trial(id=id_, asked_at=NOON + timedelta(minutes=minute)))
    await store.trials.save(a_trial(path=OrganisationPath(("county", "elsewhere"))))
    await store.trials.keep(a_trial(id=ids[0]).finish(RESULT, as_if_from=None, at=NOON), attempts=0)
    scopes = frozenset({"township"})
    page = await store.trials.list(TrialListing(scopes, 2))
    rest = await store.trials.list(TrialListing(scopes, 2, TrialListing.key(page[-1])))

    assert [trial.id for trial in (*page, *rest)] == [ids[1], ids[0], ids[2]]
    assert [trial.result for trial in page] == [None, None]
    assert len(await store.trials.list(TrialListing(frozenset({"county"}), 9))) == 4


async def test_the_store_removes_a_trial_after_thirty_days(store: Store) -> None:
    if store.database is None:
        return
    trial = a_trial()
    await store.trials.save(trial)
    await store.trials.keep(trial.begin(), attempts=0)
    document = await store.database[TRIALS].find_one({"_id": trial.id})
    indexes = await store.database[TRIALS].index_information()

    assert document is not None
    assert timedelta(days=29) < document["removed_at"] - wall_now() <= timedelta(days=30)
    assert indexes["removed_at_1"]["expireAfterSeconds"] == 0


async def test_a_list_is_read_in_the_order_of_an_index(mongod: Stack) -> None:
    client = connect(mongod.urls["mongodb"])
    database = client[f"scoring_{new_id()}"]
    await prepare(database)
    trials = MongoTrials(database, Recorder("scoring", StoppedClock()))
    await trials.save(a_trial())
    await database.command("profile", 2)
    await trials.list(TrialListing(frozenset({"county"}), 50))
    await trials.next()
    await database.command("profile", 0)
    asked = await database["system.profile"].find({"op": "query"}).to_list()
    await client.drop_database(database)
    await client.close()

    assert [query["command"] for query in asked if query.get("hasSortStage")] == []
    assert len(asked) == 3
