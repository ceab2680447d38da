from pathlib import Path

import pytest

from deploy.local.settings import SettingRefused, Settings


def test_without_any_setting_the_gateway_listens_on_8080() -> None:
    settings = Settings.from_environment({})

    assert (settings.gateway_port, settings.port_base) == (8080, 18100)


def test_the_demo_steers_the_clock_unless_told_otherwise() -> None:
    clocks = [
        Settings.from_environment({"XIANFENG_DEMO": "on"}).clock,
        Settings.from_environment({"XIANFENG_DEMO": "on", "XIANFENG_CLOCK": "wall"}).clock,
        Settings.from_environment({"XIANFENG_DEMO": "off"}).clock,
        Settings.from_environment({"XIANFENG_DEMO": "off", "XIANFENG_TEST": "on"}).clock,
    ]

    assert clocks == ["steered", "wall", "wall", "steered"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT_BASE", "abc"), ("GATEWAY_PORT", "80"), ("DEMO", "maybe"), ("CLOCK", "sundial"), ("RATE_PER_MINUTE", "0")],
)
def test_a_setting_that_makes_no_sense_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(SettingRefused, match=f"XIANFENG_{name}"):
        Settings.from_environment({f"XIANFENG_{name}": value})


def test_a_store_named_by_address_is_not_ours_to_start() -> None:
    settings = Settings.from_environment({"XIANFENG_MONGODB_URL": "mongodb://db/", "XIANFENG_KAFKA_BOOTSTRAP": ""})

    assert (settings.own_mongodb, settings.own_kafka) == (False, True)


def test_settings_of_the_caller_do_not_reach_a_stack_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANFENG_GATEWAY_PORT", "9999")
    monkeypatch.setenv("XIANFENG_MONGODB_URL", "mongodb://precious/")

    settings = Settings.for_tests({"XIANFENG_DATA_DIR": "/srv/somewhere"})

    assert (settings.gateway_port, settings.mongodb_url, settings.data_dir) == (8080, None, Path("/srv/somewhere"))


def test_a_file_keeps_its_name_though_it_is_a_link(tmp_path: Path) -> None:
    """As Kubernetes mounts a Secret: renewed, the link leads elsewhere, and where it led is gone."""
    (tmp_path / "2026").mkdir()
    (tmp_path / "2026" / "tls.crt").write_text("")
    (tmp_path / "tls.crt").symlink_to(tmp_path / "2026" / "tls.crt")

    settings = Settings.from_environment({"XIANFENG_TLS_CA": str(tmp_path / "tls.crt")})

    assert settings.tls_ca == tmp_path / "tls.crt"


def test_every_setting_that_is_read_is_documented() -> None:
    folder = Path(__file__).resolve().parents[3] / "deploy" / "local"
    source = (folder / "settings.py").read_text(encoding="utf-8")
    table = (folder / "README.md").read_text(encoding="utf-8")
    read = {line.split('("', 1)[1].split('"', 1)[0] for line in source.splitlines() if "read." in line and '("' in line}

    assert {name for name in read if f"`XIANFENG_{name}`" not in table} == set()


def test_a_steered_clock_is_refused_where_real_data_are_kept() -> None:
    with pytest.raises(SettingRefused, match="XIANFENG_CLOCK"):
        Settings.from_environment({"XIANFENG_DEMO": "off", "XIANFENG_CLOCK": "steered"})
