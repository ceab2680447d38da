"""What the platform reads from its environment."""

from pathlib import Path

import pytest

from shared.kernel.clock import SteeredClock, WallClock
from shared.telemetry.settings import PlatformSettings, UnusableSetting

STEERED = {"XIANFENG_CLOCK": "steered"}


@pytest.mark.parametrize("why", ["XIANFENG_DEMO", "XIANFENG_TEST"])
def test_time_is_steered_for_a_demo_and_for_tests(why: str, tmp_path: Path) -> None:
    settings = PlatformSettings.read({**STEERED, why: "on", "XIANFENG_DATA_DIR": str(tmp_path)})

    assert isinstance(settings.clock(), SteeredClock)


def test_nobody_bends_time_where_real_scores_are_kept() -> None:
    with pytest.raises(UnusableSetting, match="CLOCK=steered needs XIANFENG_DEMO=on or XIANFENG_TEST=on"):
        PlatformSettings.read(STEERED)


def test_time_is_the_walls_unless_told_otherwise() -> None:
    assert isinstance(PlatformSettings.read({}).clock(), WallClock)


@pytest.mark.parametrize(("name", "value"), [("CLOCK", "sundial"), ("PORT", "eighty")])
def test_what_makes_no_sense_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(UnusableSetting, match=f"XIANFENG_{name} must be"):
        PlatformSettings.read({f"XIANFENG_{name}": value})


def test_traces_go_where_the_usual_name_says() -> None:
    where = "http://127.0.0.1:4318"

    assert PlatformSettings.read({"OTEL_EXPORTER_OTLP_ENDPOINT": where}).otlp_endpoint == where
    assert not PlatformSettings.read({}).otlp_endpoint


def test_traces_go_over_http() -> None:
    with pytest.raises(UnusableSetting, match="OTEL_EXPORTER_OTLP_ENDPOINT must begin with http"):
        PlatformSettings.read({"OTEL_EXPORTER_OTLP_ENDPOINT": "127.0.0.1:4317"})


@pytest.mark.parametrize("share", ["2", "-0.1", "all", "nan"])
def test_a_share_of_the_traces_is_a_share(share: str) -> None:
    with pytest.raises(UnusableSetting, match="XIANFENG_TRACES_SHARE must be a number from 0 to 1"):
        PlatformSettings.read({"XIANFENG_TRACES_SHARE": share})
