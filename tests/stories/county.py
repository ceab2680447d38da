"""The county organisation department at its desk: rule books checked, tried, consulted on, published by the gateway."""

import json
from datetime import date
from typing import Any

import httpx

from services.scoring.adapters import rule_text
from tests.stories.township import Township

SHIPPED = rule_text.RULES / "standards" / "cadre.2023.1.yaml"
COUNTY = "county organiser"
_BOOKS, _LABORATORY, _BUILDS = "/api/scoring/rule-books", "/api/scoring/laboratory", "/api/scoring/builds"
_PATIENCE_SECONDS = 180.0
_SIGN_IN = """\
  - id: sign-in
    title: 每日签到
    source: {report: 周调研走访1次}
    on: attendance.sign_in.done.v1
    award: {to: cadre_id, points: 1}
    cap: {points: 1, per: day}
    meet: 每日签到

"""


def a_visit_worth_three(version: str, from_on: date) -> str:
    """The cadre standard as shipped, but a visit is worth 3 points instead of 2, and a week 6 instead of 5."""
    return _rewritten(
        SHIPPED.read_text("utf-8"),
        ('version: "2023.1"', f'version: "{version}"'),
        ("effective: {from: 2023-01-01}", f"effective: {{from: {from_on}}}"),
        (
            "award: {to: cadre_id, points: 2}\n    cap: {points: 2, per: week}",
            "award: {to: cadre_id, points: 3}\n    cap: {points: 3, per: week}",
        ),
        ("走访 2 分、解决问题 3 分", "走访 3 分、解决问题 3 分"),
        (
            "award: {to: subject_id, points: 5}\n    cap: {points: 5, per: week}",
            "award: {to: subject_id, points: 6}\n    cap: {points: 6, per: week}",
        ),
    )


def with_points_for_signing_in(text: str) -> str:
    """The book with a rule no book may have."""
    return _rewritten(text, ("\nattainable:\n", f"\n{_SIGN_IN}attainable:\n"))


async def check(township: Township, text: str) -> dict[str, Any]:
    """What is wrong with a text, or what it says."""
    found: dict[str, Any] = await township.call(COUNTY, "POST", f"{_BOOKS}/check", {"text": text})
    return found


async def draft(township: Township, name: str, text: str) -> dict[str, Any]:
    """A draft under a name of the story's own."""
    form = {"id": township.id("draft", name), "organisation_id": township.id("county"), "text": text}
    made: dict[str, Any] = await township.call(COUNTY, "POST", f"{_BOOKS}/drafts", form)
    return made


async def consult(township: Township, drafted: dict[str, Any], from_on: date, to_on: date) -> dict[str, Any]:
    """The record of a consultation that has ended."""
    form = {
        "from_on": from_on.isoformat(),
        "to_on": to_on.isoformat(),
        "participants": "各乡镇联村干部，共 2 人",
        "opinions": "走访路途远，分值偏低",
        "changes": "走访由 2 分改为 3 分",
    }
    path = f"{_BOOKS}/drafts/{drafted['id']}/consultation"
    asked: dict[str, Any] = await township.call(COUNTY, "PUT", path, form, seen=drafted["revision"])
    return asked


async def ask_to_publish(township: Township, consulted: dict[str, Any]) -> httpx.Response:
    """A publication, however it ends."""
    form = {"basis": "演组发〔2026〕5号"}
    path = f"{_BOOKS}/drafts/{consulted['id']}/publication"
    return await township.ask(COUNTY, "PUT", path, form, seen=consulted["revision"])


async def books(township: Township) -> dict[str, Any]:
    """The generation people see, and the cadre standard's versions by their numbers."""
    found = await township.call(COUNTY, "GET", _BOOKS)
    versions = {book["version"]: book for book in found["items"] if book["standard"] == "cadre"}
    return {"generation": found["generation"], "versions": versions}


async def build_shown(township: Township) -> dict[str, Any]:
    """The build people see, with what it changed in the county and who moved."""
    listed = await township.call(COUNTY, "GET", _BUILDS)
    [live] = [build for build in listed["items"] if build["state"] == "live"]
    found: dict[str, Any] = await township.call(COUNTY, "GET", f"{_BUILDS}/{live['id']}")
    return found


async def try_out(township: Township, drafted: dict[str, Any], period: str) -> tuple[list[str], dict[str, Any]]:
    """What a draft would have made of a period: the events told while the trial was run, and the trial at its end."""
    form = {"id": township.id("trial", drafted["id"]), "draft_id": drafted["id"], "first_period": period}
    queued = await township.call(COUNTY, "POST", _LABORATORY, form)
    told = await _followed(township, f"{_LABORATORY}/{queued['id']}/progress")
    ended: dict[str, Any] = await township.call(COUNTY, "GET", f"{_LABORATORY}/{queued['id']}")
    return told, ended


async def _followed(township: Township, path: str) -> list[str]:
    """The names of all events until the stream ends by itself; each carries the trial's state."""
    headers = {"Authorization": f"Bearer {township.tokens[COUNTY]}", "Accept": "text/event-stream"}
    told: list[str] = []
    async with township.gateway.stream("GET", path, headers=headers, timeout=_PATIENCE_SECONDS) as stream:
        assert stream.status_code == httpx.codes.OK, await stream.aread()
        async for line in stream.aiter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                told.append(value)
            elif name == "data":
                assert json.loads(value)["state"] in {"queued", "running", told[-1]}
    return told


def _rewritten(text: str, *changes: tuple[str, str]) -> str:
    """The text with each passage, which stands there once, put into other words."""
    for passage, instead in changes:
        assert text.count(passage) == 1, passage
        text = text.replace(passage, instead)
    return text
