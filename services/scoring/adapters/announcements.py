"""What was told of scores, in MongoDB (architecture section 9)."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo import UpdateOne
from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.adapters.mongo import SEPARATOR, written
from services.scoring.domain.awards import CardKey
from services.scoring.use_cases.ports import Announcement
from shared.mongo.client import Document
from shared.mongo.embedded_facts import embed
from shared.mongo.errors import store_errors

ANNOUNCEMENTS = "announcements"
"""The collection that holds facts for the relay."""
_TOLD = {"told": 1, "number": 1, "shown": 1, "touches": 1}
_ATTEMPTS = 5


class MongoAnnouncements:
    """One document per card with what was told last, its number, and the facts not yet published.

    `shown` says which switch showed the build that this one tells of, `touches` how often its card was touched.
    """

    def __init__(self, database: AsyncDatabase[Document], shown: int = 0) -> None:
        self._announcements = database[ANNOUNCEMENTS]
        self._shown = shown

    async def announce(self, announcements: Sequence[Announcement]) -> int:
        """Record each with its fact in one write, unless it was told last, or a later state was; returns how many.

        A duplicate key says that another worker told something of the card since it was read: it is read again.
        """
        told, waiting = 0, {_named(each.key): each for each in announcements}
        for _ in range(_ATTEMPTS):
            writes = await self._writes(waiting)
            if not writes:
                return told
            again = await written(self._announcements, list(writes.values()))
            told += len(writes) - len(again)
            waiting = {name: waiting[name] for name, write in writes.items() if write in again}
            if not waiting:
                return told
        raise RuntimeError("announcements cannot be written: others write again and again")

    async def _writes(self, waiting: Mapping[str, Announcement]) -> dict[str, UpdateOne]:
        with store_errors():
            known = await self._announcements.find({"_id": {"$in": list(waiting)}}, _TOLD).to_list()
        last = {each["_id"]: each for each in known}
        return {
            name: self._write(name, each, last.get(name))
            for name, each in waiting.items()
            if self._is_news(each, last.get(name))
        }

    def _is_news(self, announcement: Announcement, last: Mapping[str, Any] | None) -> bool:
        if last is None:
            return True
        is_later = (last["shown"], last["touches"]) > (self._shown, announcement.touches)
        return not is_later and last["told"] != announcement.told

    def _write(self, name: str, announcement: Announcement, last: Mapping[str, Any] | None) -> UpdateOne:
        seen = 0 if last is None else last["number"]
        now = {"told": announcement.told, "number": seen + 1, "shown": self._shown, "touches": announcement.touches}
        return UpdateOne(
            {"_id": name, "number": seen},
            {"$set": now, "$push": {"outbox": embed(announcement.fact(seen + 1))}},
            upsert=True,
        )


def _named(key: CardKey) -> str:
    return SEPARATOR.join((key.standard, key.subject_id, key.period))
