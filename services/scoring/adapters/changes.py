"""What changed, read from the service's own archive of published facts: numbered, in order, for ever."""

from collections.abc import Sequence

from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.use_cases.read_changes import Change
from shared.events.codec import Message, decode
from shared.events.scoring import ScoreChanged
from shared.mongo.client import Document
from shared.mongo.errors import store_errors

_ARCHIVE = "archive"
_TYPE = ScoreChanged.TYPE.encode()


class ArchivedChanges:
    """The `ScoreChanged` facts of the archive."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._entries = database[_ARCHIVE]

    async def newest(self) -> int:
        """The number of the newest fact; 0 before the first."""
        with store_errors():
            last = await self._entries.find_one({}, {"_id": 1}, sort=[("_id", -1)])
        return 0 if last is None else int(last["_id"])

    async def after(self, sequence: int, limit: int) -> tuple[Sequence[Change], int]:
        """The changes among the next so many facts, and the number of the last fact looked at."""
        with store_errors():
            entries = await self._entries.find({"_id": {"$gt": sequence}}).sort("_id").limit(limit).to_list()
        found = [change for entry in entries if (change := _change(entry)) is not None]
        return found, entries[-1]["_id"] if entries else sequence


def _change(entry: Document) -> Change | None:
    headers = tuple((name, bytes(value)) for name, value in entry["headers"])
    if dict(headers).get("ce_type") != _TYPE:
        return None
    fact = decode(Message(bytes(entry["key"]), headers, bytes(entry["value"])))
    return Change(entry["_id"], fact.path, fact.event) if isinstance(fact.event, ScoreChanged) else None
