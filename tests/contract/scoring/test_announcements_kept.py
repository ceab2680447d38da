"""Announcements in the real store: each state once, its fact waiting for the relay."""

from deploy.local.stack import Stack
from services.scoring.adapters.mongo import ANNOUNCEMENTS, MongoAnnouncements, prepare
from shared.kernel.ids import new_id
from shared.mongo.client import connect
from shared.mongo.outbox import MongoOutbox
from tests.contract.scoring.test_stores import an_announcement


async def test_each_state_is_announced_once_and_in_order(mongod: Stack) -> None:
    client = connect(mongod.urls["mongodb"])
    database = client[f"scoring_{new_id()}"]
    await prepare(database)
    announcements = MongoAnnouncements(database, "generation")
    three, two, four = an_announcement(3), an_announcement(2), an_announcement(4)

    for batch in ([three], [two], [three], [four]):
        await announcements.announce(batch)
    [waiting] = await MongoOutbox(database, (ANNOUNCEMENTS,)).waiting(10)

    assert [three.fact, four.fact] == list(waiting.facts)
    await client.drop_database(database)
    await client.close()
