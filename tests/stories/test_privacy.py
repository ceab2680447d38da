"""Names, phone and identity numbers, notes and document numbers stay in the store of the service they were told."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from pymongo import MongoClient

from deploy.local.mongod import NEVER_SLOW_MILLISECONDS
from deploy.local.stack import Stack
from shared.events.catalogue import TOPICS
from shared.kernel.clock import at_local_time, local_day
from shared.kernel.ids import derived_id
from shared.testing.waiting import until
from tests.stories import traces
from tests.stories.township import Township, settled_township

STORY = "privacy"
FIRST = date(2026, 1, 12)
"""The earliest Monday at which a township of a story works live: its cadres were posted the week before."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist: names nobody bears, numbers nobody was given."""

    name: str
    phone: str = ""
    identity_number: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """All that would give him away."""
        return tuple(word for word in (self.name, self.phone, self.identity_number) if word)

    def told(self, what: str) -> str:
        """What somebody writes who was asked not to."""
        return f"{self.name}{what}，电话{self.phone}，身份证号{self.identity_number}"


MEMBER, DISPOSED, POSTED = Person("欧阳试演甲"), Person("司徒试演乙"), Person("上官试演丙")
DOCUMENT_NUMBER = "演组处〔2026〕417号"
VISITED = Person("诸葛试演丁", "19900010001", "990101195001010015")
CORRECTED = Person("夏侯试演戊", "19900010002", "990101195102020026")
ASKING = Person("皇甫试演己", "19900010003", "990101195203030037")
HELPED = Person("尉迟试演庚", "19900010004", "99010119530404004X")
REFUSED = Person("公孙试演辛", "19900010005", "990101195505050055")
TOLD_MEMBERS = (*MEMBER.words, *DISPOSED.words, *POSTED.words, DOCUMENT_NUMBER)
TOLD_VISITS = tuple(word for person in (CORRECTED, ASKING, HELPED) for word in person.words)
OWN = {"members": set(TOLD_MEMBERS), "visits": set(TOLD_VISITS)}
PLANTED = (*TOLD_MEMBERS, *TOLD_VISITS, *VISITED.words, *REFUSED.words)
"""A note that was corrected, and what was refused, stand nowhere any more."""


@dataclass(slots=True)
class Life:
    """What the township does in its first days."""

    township: Township
    monday: date

    def on(self, days: int, hour: int = 9) -> datetime:
        """A local time some days after the Monday."""
        return at_local_time(self.monday + timedelta(days=days), time(hour))

    async def enrols_and_disposes(self) -> None:
        """The organiser enters people by name, and a decision by its number; those who may read it do."""
        township = self.township
        for person, name in ((MEMBER, "member"), (DISPOSED, "disposed member")):
            form = {
                "id": township.id(name),
                "branch_id": township.id("branch"),
                "name": person.name,
                "standing": "full",
                "joined_on": "2019-07-01",
                "person_id": township.id("person", name),
            }
            await township.call("organiser", "POST", "/api/members/members", form)
        posting = {
            "id": township.id("posting", "first secretary"),
            "cadre_id": township.id("first secretary"),
            "organisation_id": township.id("branch"),
            "post": "first_secretary",
            "starts_on": "2026-01-05",
            "name": POSTED.name,
        }
        await township.call("organiser", "POST", "/api/members/postings", posting)
        disposal = {
            "id": township.id("case"),
            "member_id": township.id("disposed member"),
            "document_number": DOCUMENT_NUMBER,
            "decided_on": "2026-01-09",
            "measure": "expelled",
        }
        await township.call("organiser", "POST", "/api/members/disposals", disposal)
        read = await township.call("secretary", "GET", f"/api/members/disposals/{township.id('case')}")
        listed = await township.call("branch secretary", "GET", "/api/members/members")

        assert read["document_number"] == DOCUMENT_NUMBER
        assert MEMBER.name in {item["name"] for item in listed["items"]}

    async def visits_and_helps(self) -> None:
        """The cadre writes down more than he should, corrects it, and solves a problem; somebody else asks back."""
        township, tuesday = self.township, self.monday + timedelta(days=1)
        await township.noon(tuesday)
        visit = {
            "id": township.id("visit"),
            "cadre_id": township.id("cadre"),
            "branch_id": township.id("branch"),
            "occurred_at": self.on(1).isoformat(),
            "note": VISITED.told("家屋顶漏雨"),
        }
        logged = await township.call("cadre", "POST", "/api/visits/visits", visit)
        correction = {"occurred_at": self.on(1, 10).isoformat(), "note": CORRECTED.told("家门前路灯不亮")}
        path = f"/api/visits/visits/{logged['id']}"
        await township.call("cadre", "PUT", path, correction, seen=logged["revision"])
        problem = {
            "id": township.id("problem"),
            "branch_id": township.id("branch"),
            "cadre_id": township.id("cadre"),
            "visit_id": township.id("visit"),
            "raised_on": tuesday.isoformat(),
            "problem_class": "ordinary",
            "content": ASKING.told("要求修路"),
        }
        raised = await township.call("cadre", "POST", "/api/visits/problems", problem)
        resolution = {"resolved_on": tuesday.isoformat(), "measure": HELPED.told("已帮助修好")}
        path = f"/api/visits/problems/{raised['id']}/resolution"
        resolved = await township.call("cadre", "PUT", path, resolution, seen=raised["revision"])
        await township.confirm("branch secretary", resolved, tuesday)

    async def is_refused(self) -> None:
        """What was not accepted is not kept either, nor told to anybody."""
        township = self.township
        form = {"id": township.id("visit"), "cadre_id": township.id("cadre"), "branch_id": township.id("branch")}
        taken = {**form, "occurred_at": self.on(1).isoformat(), "note": REFUSED.told("不在家")}
        unfit = {**taken, "id": REFUSED.identity_number, "phone": REFUSED.phone, "note": REFUSED.name * 500}
        later = {**taken, "id": township.id("later"), "occurred_at": self.on(9).isoformat()}
        answers = [
            (await township.ask("cadre", "POST", "/api/visits/visits", body)).status_code
            for body in (taken, unfit, later)
        ]
        looked_for = f"/api/visits/visits?branch_id={REFUSED.name}&cursor={REFUSED.phone}"
        answers.append((await township.ask("cadre", "GET", looked_for)).status_code)
        sign_in = {"grant_type": "password", "username": REFUSED.phone, "password": REFUSED.identity_number}
        answers.append((await township.gateway.post("/api/identity/token", data=sign_in)).status_code)

        assert answers == [409, 422, 422, 422, 401]


def coming_monday(stack: Stack) -> date:
    """The first Monday the stack's clock has not reached; it only goes forward."""
    clock = stack.folder.path / "clock"
    if not clock.exists():
        return FIRST
    today = local_day(datetime.fromisoformat(clock.read_text("ascii").strip()))
    return max(FIRST, today + timedelta(days=7 - today.weekday()))


async def live(stack: Stack) -> None:
    """Go through it all, and on to the second week: what is due is told, missed and scored meanwhile."""
    monday = coming_monday(stack)
    async with settled_township(stack, STORY, monday) as township:
        life = Life(township, monday)
        await life.enrols_and_disposes()
        await life.visits_and_helps()
        await life.is_refused()
        await township.noon(monday + timedelta(days=9))


@pytest.fixture(scope="module")
def lived(platform: Stack) -> Stack:
    """The platform after the township lived through it."""
    asyncio.run(live(platform))
    return platform


def found_in(trace: bytes, words: Iterable[str]) -> list[str]:
    """Which of the words stand there."""
    return sorted(word for word in words if traces.holds(trace, word))


def given_away(found: Iterable[tuple[str, bytes]]) -> dict[str, list[str]]:
    """Which of all that was written stands where."""
    places = {place: found_in(trace, PLANTED) for place, trace in found}
    return {place: words for place, words in places.items() if words}


def test_no_message_gives_anybody_away(lived: Stack) -> None:
    published = dict(traces.topics(lived))

    assert {topic.name for topic in TOPICS} <= set(published)
    assert traces.holds(published["members.restricted"], derived_id(STORY, "case"))
    assert traces.holds(published["visits.events"], derived_id(STORY, "visit"))
    assert given_away(published.items()) == {}


def test_no_log_gives_anybody_away(lived: Stack) -> None:
    logs = dict(traces.files(lived))

    assert {f"log/{process.name}.log" for process in lived.processes} <= set(logs)
    assert traces.holds(logs["log/visits-api.log"], "/api/visits/visits/{visit_id}")
    assert given_away(logs.items()) == {}


async def test_the_gateways_log_says_who_asked_for_what_and_gives_nobody_away(lived: Stack) -> None:
    log = lived.folder.log / "envoy.log"
    asked_for = f"/api/visits/problems/{derived_id(STORY, 'problem')}/resolution"
    await until(lambda: traces.holds(log.read_bytes(), asked_for), seconds=30)

    assert given_away([("envoy.log", log.read_bytes())]) == {}


def test_no_metric_gives_anybody_away(lived: Stack) -> None:
    told = dict(traces.metrics(lived))

    assert all(traces.holds(text, "xianfeng_") for name, text in told.items() if name.endswith(("-api", "-worker")))
    assert given_away(told.items()) == {}


def test_what_a_service_was_told_stands_in_its_own_store_alone(lived: Stack) -> None:
    stores = dict(traces.databases(lived))
    foreign = {name: set(PLANTED) - OWN.get(name, set()) for name in stores}

    assert {name: OWN[name] - set(found_in(stores[name], OWN[name])) for name in OWN} == {name: set() for name in OWN}
    assert {name: found for name, words in foreign.items() if (found := found_in(stores[name], words))} == {}


def test_mongodb_calls_no_operation_slow_enough_to_log_what_was_written(lived: Stack) -> None:
    with MongoClient[dict[str, object]](lived.urls["mongodb"]) as client:
        assert client["admin"].command("profile", -1)["slowms"] == NEVER_SLOW_MILLISECONDS
