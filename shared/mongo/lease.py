"""The right to be the only one: a document with a holder and an end, both by the server's clock."""

from pymongo import ReturnDocument
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from shared.kernel.ids import new_id
from shared.mongo.client import Document
from shared.mongo.errors import store_errors

_COLLECTION = "leases"
_MILLISECONDS = 1000


class MongoLease:
    """A named lease in a service's database; wall time, never the business clock."""

    def __init__(self, database: AsyncDatabase[Document], name: str, *, seconds: float = 5.0) -> None:
        self._leases = database[_COLLECTION]
        self._name = name
        self._holder = new_id()
        self._seconds = seconds

    @property
    def seconds(self) -> float:
        """How long one hold lasts unless it is renewed."""
        return self._seconds

    async def hold(self) -> bool:
        """Take or renew the lease; False while another holds it.

        The server's clock decides, so that machines whose clocks differ still agree who holds it.
        """
        free = {"$or": [{"$eq": ["$holder", self._holder]}, {"$lt": ["$until", "$$NOW"]}]}
        until = {"$add": ["$$NOW", int(self._seconds * _MILLISECONDS)]}
        take_if_free = {
            "holder": {"$cond": [free, self._holder, "$holder"]},
            "until": {"$cond": [free, until, "$until"]},
        }
        try:
            with store_errors():
                lease = await self._leases.find_one_and_update(
                    {"_id": self._name}, [{"$set": take_if_free}], upsert=True, return_document=ReturnDocument.AFTER
                )
        except DuplicateKeyError:
            return False
        return lease is not None and bool(lease["holder"] == self._holder)

    async def release(self) -> None:
        """Give it back at a clean stop, so that a successor need not wait."""
        with store_errors():
            await self._leases.delete_one({"_id": self._name, "holder": self._holder})
