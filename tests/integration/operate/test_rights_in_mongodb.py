"""A mongod that asks who somebody is, with the users of deploy/kubernetes: each may what it does, and no more."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local import mongod
from deploy.local.topology import SERVICES
from shared.kernel.ids import new_id
from shared.mongo import verify_archive
from shared.mongo.archive import MongoArchive
from shared.mongo.client import connect
from shared.telemetry.settings import PlatformSettings
from shared.testing.facts import a_fact
from shared.testing.things import a_happening
from shared.testing.waiting import until
from tests.contract.deploy.kubernetes_rendered import Rendered
from tests.running import free_ports

ROOT_PASSWORD, PASSWORD = "of-the-test", "of-everybody"
Client = MongoClient[dict[str, Any]]


def address(user: str, password: str, port: int) -> str:
    return f"mongodb://{user}:{password}@127.0.0.1:{port}/?directConnection=true&authSource=admin"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The mongod of the local stack, asking for passwords; users and roles as the operator would make them."""
    folder, port = Path(tmp_path_factory.mktemp("mongo")), free_ports()
    key = folder / "key"
    key.write_text("of" * 30)
    key.chmod(0o600)
    (folder / "data").mkdir()
    command = [*mongod.command(folder / "data", port), "--keyFile", str(key), "--logpath", str(folder / "log")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            become_primary(port)
            make_users(port)
            yield port
        finally:
            process.terminate()


def become_primary(port: int) -> None:
    member = {"_id": mongod.SET_NAME, "members": [{"_id": 0, "host": f"127.0.0.1:{port}"}]}
    client: Client = MongoClient(f"mongodb://127.0.0.1:{port}/?directConnection=true", serverSelectionTimeoutMS=20_000)
    with client:
        client.admin.command("replSetInitiate", member)
        asyncio.run(until(lambda: client.admin.command("hello")["isWritablePrimary"]))
        client.admin.command("createUser", "root", pwd=ROOT_PASSWORD, roles=["root"])


def make_users(port: int) -> None:
    spec = Rendered.of("county").of_kind("MongoDBCommunity")["mongo"]["spec"]
    client: Client = MongoClient(address("root", ROOT_PASSWORD, port))
    with client:
        for role in spec["security"]["roles"]:
            client[role["db"]].command("createRole", role["role"], privileges=role["privileges"], roles=role["roles"])
        for user in spec["users"]:
            roles = [{"role": role["name"], "db": role["db"]} for role in user["roles"]]
            client[user["db"]].command("createUser", user["name"], pwd=PASSWORD, roles=roles)


def archived(port: int, service: str) -> None:
    """Facts in the archive of a service, written by its own user as its relay does."""

    async def append() -> None:
        settings = PlatformSettings.read({})
        async with connect(address(service, PASSWORD, port)) as client:
            archive = MongoArchive(client[settings.database(service)])
            await archive.append([a_fact(a_happening(), subject=new_id()) for _ in range(3)])

    asyncio.run(append())


def test_the_nights_check_reads_every_archive_and_sees_what_was_changed(
    port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XIANFENG_MONGODB_URL", address("verify-archive", PASSWORD, port))
    for service in verify_archive.SERVICES:
        archived(port, service)
    whole = verify_archive.main([])
    client: Client = MongoClient(address("root", ROOT_PASSWORD, port))
    with client:
        client["xianfeng_visits"]["archive"].update_one({"_id": 2}, {"$set": {"value": b"{}"}})
    changed = verify_archive.main([])

    assert (whole, changed) == (0, 1)
    assert "visits: 第 2 条起不可信" in capsys.readouterr().out


@pytest.mark.parametrize("collection", ["visits", "problems", "archive"])
def test_the_nights_check_may_do_nothing_else(port: int, collection: str) -> None:
    client: Client = MongoClient(address("verify-archive", PASSWORD, port))
    with client:
        place = client["xianfeng_visits"][collection]
        if collection != "archive":
            with pytest.raises(OperationFailure, match="not authorized"):
                place.find_one()
        with pytest.raises(OperationFailure, match="not authorized"):
            place.insert_one({})


@pytest.mark.parametrize("service", [each.name for each in SERVICES])
def test_a_service_reads_its_own_database_alone(port: int, service: str) -> None:
    client: Client = MongoClient(address(service, PASSWORD, port))
    refused = []
    with client:
        client[f"xianfeng_{service}"]["things"].insert_one({})
        for other in SERVICES:
            try:
                client[f"xianfeng_{other.name}"]["things"].find_one()
            except PyMongoError:
                refused.append(other.name)

    assert refused == [each.name for each in SERVICES if each.name != service]
