"""Which periods are on public notice, as the closings in MongoDB say."""

from collections.abc import Collection

from pymongo.asynchronous.database import AsyncDatabase

from shared.events.scoring import Standard
from shared.mongo.client import Document
from shared.mongo.errors import store_errors

CLOSINGS = "closings"
_OPEN = ["notice", "sealing"]


class MongoNotices:
    """Reads the closings that are not sealed yet."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._closings = database[CLOSINGS]

    async def on_notice(self, standard: Standard, periods: Collection[str]) -> Collection[tuple[str, str]]:
        """The townships and periods, of those named, whose scores are on notice and not sealed yet."""
        wanted = {"standard": standard, "period": {"$in": sorted(periods)}, "state": {"$in": _OPEN}}
        with store_errors():
            found = await self._closings.find(wanted, {"township_id": 1, "period": 1}).to_list()
        return {(document["township_id"], document["period"]) for document in found}
