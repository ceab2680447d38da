"""Who is told when: pages at any hour, tickets not at night in Shanghai, all by service."""

from typing import Any

import yaml

from tests.contract.operate.queries import PROMETHEUS

WRITTEN: dict[str, Any] = yaml.safe_load((PROMETHEUS / "alertmanager.yml").read_text("utf-8"))
BY_SEVERITY = {route["matchers"][0].split('"')[1]: route for route in WRITTEN["route"]["routes"]}


def test_alerts_of_one_service_come_together() -> None:
    assert WRITTEN["route"]["group_by"] == ["service"]
    assert all("group_by" not in route for route in BY_SEVERITY.values())


def test_only_tickets_wait_for_the_morning() -> None:
    assert BY_SEVERITY["ticket"]["mute_time_intervals"] == ["night"]
    assert "mute_time_intervals" not in BY_SEVERITY["page"]


def test_the_night_is_from_ten_to_seven_in_shanghai() -> None:
    (night,) = WRITTEN["time_intervals"]
    ((times, location),) = ((each["times"], each["location"]) for each in night["time_intervals"])

    assert [(each["start_time"], each["end_time"]) for each in times] == [("22:00", "24:00"), ("00:00", "07:00")]
    assert location == "Asia/Shanghai"


def test_the_address_of_the_webhook_is_not_in_the_file() -> None:
    (receiver,) = WRITTEN["receivers"]

    assert [set(each) & {"url", "url_file"} for each in receiver["webhook_configs"]] == [{"url_file"}]
