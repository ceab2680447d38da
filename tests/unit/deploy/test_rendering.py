import configparser
import json
from pathlib import Path

import pytest
from supervisor.datatypes import dict_of_key_value_pairs

from deploy.local import envoy, kafka, launch, supervisor
from deploy.local.layout import DataFolder, Ports
from deploy.local.passwords import Passwords
from deploy.local.settings import Settings
from deploy.local.topology import PROCESSES, named

PORTS = Ports(21000)


def a_conf(program: supervisor.Program, folder: Path = Path("/srv/data")) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser()
    parser.read_string(supervisor.render(DataFolder(folder), [program]))
    return parser


def test_no_program_starts_by_itself_and_none_is_ever_given_up() -> None:
    section = a_conf(supervisor.Program("visits-api", ["python"], {}))["program:visits-api"]

    assert (section["autostart"], section["autorestart"], section["startretries"]) == ("false", "true", "1000000")


def test_awkward_values_reach_the_process_as_they_are() -> None:
    environment = {"XIANFENG_MONGODB_URL": "mongodb://u:p%40x@h/?a=1&b=2", "EMPTY": "", "LIST": "a,b;c #d"}
    section = a_conf(supervisor.Program("x", ["python", "a b%c"], environment))["program:x"]

    read = dict_of_key_value_pairs(section["environment"].replace("%%", "%"))  # type: ignore[no-untyped-call]
    assert read == environment
    assert section["command"] == "python 'a b%%c'"


def test_a_value_supervisor_cannot_quote_is_refused() -> None:
    with pytest.raises(ValueError, match="quote"):
        supervisor.render(DataFolder(Path("/srv/data")), [supervisor.Program("x", ["python"], {"A": 'b"c'})])


def test_every_service_process_is_told_where_everything_is(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, port_base=21000, gateway_port=21999)
    (worker,) = named(["visits-worker"])

    told = launch.process_environment(worker, settings, PORTS)

    assert told["XIANFENG_PORT"] == "21031"
    assert told["XIANFENG_KAFKA_BOOTSTRAP"] == "127.0.0.1:21001"
    assert told["XIANFENG_ISSUER"] == "http://127.0.0.1:21999/api/identity"
    assert told["XIANFENG_JWKS_URL"] == "http://127.0.0.1:21010/api/identity/jwks"


def test_only_identity_is_told_the_password(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.create()
    settings = Settings(data_dir=folder.path, inherited={"XIANFENG_ADMIN_PASSWORD": "preset-password", "HOME": "/root"})
    Passwords(folder.passwords).ensure("admin", "preset-password")

    told = [p.name for p in PROCESSES if "preset-password" in launch.process_environment(p, settings, PORTS).values()]

    assert told == ["identity-api"]
    assert launch.supervisor_environment(settings) == {"HOME": "/root"}


def test_kafka_listens_on_loopback_alone() -> None:
    rendered = kafka.render(PORTS, Path("/srv/data/kafka"))
    listeners = next(line for line in rendered.splitlines() if line.startswith("listeners="))

    assert listeners == "listeners=CLIENT://127.0.0.1:21001,CONTROLLER://127.0.0.1:21002"
    assert "@{" not in rendered


def test_a_cluster_id_is_sixteen_bytes_and_no_option() -> None:
    names = [kafka.new_cluster_id() for _ in range(300)]

    assert {len(name) for name in names} == {22}
    assert not any(name.startswith("-") for name in names)


@pytest.mark.parametrize("per_minute", [1, 7, 60, 1200, 100_000])
def test_a_minute_of_filling_gives_the_allowance_of_a_minute(per_minute: int) -> None:
    settings = Settings(rate_per_minute=per_minute)
    bucket = json.loads(envoy.values(settings, PORTS, Path("/srv"))["subject_bucket"])
    seconds = float(bucket["fill_interval"].removesuffix("s"))

    assert bucket["tokens_per_fill"] * 60 / seconds == pytest.approx(per_minute, rel=0.01)
    assert seconds >= envoy.SHORTEST_FILL_SECONDS
    assert bucket["max_tokens"] >= bucket["tokens_per_fill"]


def test_a_placeholder_nobody_fills_is_an_error() -> None:
    with pytest.raises(KeyError):
        envoy.fill("port: @{unheard_of}", {})
