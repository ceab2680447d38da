"""What was cut off an archive is told in figures too, so that somebody is called."""

from pymongo.asynchronous.database import AsyncDatabase

from shared.kernel.ids import new_id
from shared.mongo.archive import MongoArchive
from shared.mongo.client import Document
from shared.telemetry.metrics import ARCHIVE_CUT
from shared.testing.facts import a_fact
from shared.testing.things import a_happening


async def test_a_relay_that_begins_behind_a_cut_counts_what_is_missing(database: AsyncDatabase[Document]) -> None:
    ARCHIVE_CUT.set(0)
    await MongoArchive(database).append([a_fact(a_happening(), subject=new_id()) for _ in range(5)])
    whole = ARCHIVE_CUT._value.get()
    await database["archive"].delete_many({"_id": {"$gte": 4}})

    await MongoArchive(database).append([a_fact(a_happening(), subject=new_id())])
    cut = ARCHIVE_CUT._value.get()
    ARCHIVE_CUT.set(0)

    assert (whole, cut) == (0, 2)
