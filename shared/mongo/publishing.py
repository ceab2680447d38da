"""What a relay takes facts from and keeps them in, all in one service's database."""

from collections.abc import Sequence

from pymongo.asynchronous.database import AsyncDatabase

from shared.mongo.archive import MongoArchive
from shared.mongo.client import Document
from shared.mongo.lease import MongoLease
from shared.mongo.outbox import MongoOutbox

_LEASE = "relay"


def published_from(
    database: AsyncDatabase[Document], collections: Sequence[str]
) -> tuple[MongoOutbox, MongoArchive, MongoLease]:
    """The outbox of these collections, the archive of what was published, and the right to publish it."""
    return MongoOutbox(database, collections), MongoArchive(database), MongoLease(database, _LEASE)
