"""What a platform keeps and has published, as a drill compares it before and after a loss."""

from collections.abc import Sequence
from typing import Any

from pymongo import MongoClient

from deploy.local.stack import Stack
from tests.integration.plumbing.reading import records_of

KEPT = ("visits", "notifications", "identity")


def documents(stack: Stack) -> dict[str, dict[str, dict[Any, Any]]]:
    """Everything that is kept, by service, collection and id; who holds a lease is no matter."""
    with MongoClient[dict[str, Any]](stack.urls["mongodb"]) as client:
        return {
            service: {
                name: {document["_id"]: document for document in client[f"xianfeng_{service}"][name].find()}
                for name in client[f"xianfeng_{service}"].list_collection_names()
                if name != "leases"
            }
            for service in KEPT
        }


def by_aggregate(stack: Stack) -> dict[tuple[str, bytes, str], dict[str, tuple[Any, bytes]]]:
    """The facts of each thing under each key, each once, in order and byte by byte."""
    found: dict[tuple[str, bytes, str], dict[str, tuple[Any, bytes]]] = {}
    for topic in ("visits.events", "notifications.events"):
        for record in records_of(stack.urls["kafka"], topic):
            told = found.setdefault((topic, record.key, header(record, "ce_subject")), {})
            told.setdefault(header(record, "ce_id"), (record.headers, record.value))
    return found


def twice(stack: Stack) -> Sequence[tuple[str, str]]:
    """Facts that say the same of the same thing under two ids."""
    seen: dict[tuple[str, ...], str] = {}
    doubled = []
    for topic in ("visits.events", "notifications.events"):
        for record in records_of(stack.urls["kafka"], topic):
            what = tuple(header(record, name) for name in ("ce_type", "ce_subject", "ce_revision"))
            id_ = header(record, "ce_id")
            if seen.setdefault(what, id_) != id_:
                doubled.append((str(what), id_))
    return doubled


def header(record: Any, name: str) -> str:
    return str(dict(record.headers)[name].decode())
