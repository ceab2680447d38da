"""What a story leaves behind outside the store of the service it told: messages, logs, metrics, other stores."""

import json
from collections.abc import Iterator
from urllib.parse import quote

import httpx
from kafka import KafkaConsumer
from pymongo import MongoClient

from deploy.local.stack import Stack
from tests.integration.plumbing.reading import records_of

_OF_MONGODB = frozenset({"admin", "config", "local"})


def written(word: str) -> tuple[bytes, ...]:
    """The ways in which a word may stand somewhere."""
    escaped = json.dumps(word)[1:-1]
    return (
        word.encode(),
        escaped.encode(),
        escaped.upper().replace("\\U", "\\u").encode(),
        quote(word).encode(),
        quote(word).lower().encode(),
        repr(word.encode())[2:-1].encode(),
    )


def holds(trace: bytes, word: str) -> bool:
    """Whether the word stands there, in whatever way."""
    return any(form in trace for form in written(word))


def topics(stack: Stack) -> Iterator[tuple[str, bytes]]:
    """Everything that was ever published, rejected messages too: keys, headers and values by topic."""
    reader = KafkaConsumer(bootstrap_servers=stack.urls["kafka"])
    names = sorted(name for name in reader.topics() if not name.startswith("__"))
    reader.close()
    for name in names:
        records = records_of(stack.urls["kafka"], name)
        parts = [(record.key or b"", record.value or b"", repr(record.headers).encode()) for record in records]
        yield name, b"\n".join(part for record in parts for part in record)


def files(stack: Stack) -> Iterator[tuple[str, bytes]]:
    """Every log of every process, the gateway's of each request among them, and what processes keep besides."""
    for folder in (stack.folder.log, stack.folder.run, stack.folder.path / "gateway"):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield path.relative_to(stack.folder.path).as_posix(), path.read_bytes()


def metrics(stack: Stack) -> Iterator[tuple[str, bytes]]:
    """What every process tells Prometheus."""
    for name, url in stack.urls.items():
        if name.endswith(("-api", "-worker")):
            yield name, httpx.get(f"{url}/metrics").raise_for_status().content
    for path in ("stats", "clusters", "config_dump"):
        yield f"envoy {path}", httpx.get(f"{stack.urls['envoy']}/{path}").raise_for_status().content


def databases(stack: Stack) -> Iterator[tuple[str, bytes]]:
    """Every document of every service's database, by the service."""
    with MongoClient[dict[str, object]](stack.urls["mongodb"]) as client:
        for name in sorted(set(client.list_database_names()) - _OF_MONGODB):
            collections = sorted(client[name].list_collection_names())
            documents = [repr(document) for each in collections for document in client[name][each].find()]
            yield name.rpartition("_")[2], "\n".join(documents).encode()
