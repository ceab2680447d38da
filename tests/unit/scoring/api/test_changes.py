"""Changes of scores as a stream of server-sent events: what the reader may read, each once, resumed where he was."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.read_changes import ReadChanges, read_changes
from shared.events.base import Event, Fact
from shared.events.scoring import ScoreChanged, Standard
from shared.events.visits import VisitLogged
from shared.kernel.access import OrganisationPath, Role
from shared.testing.access import a_caller
from tests.unit.scoring.conftest import FAR_BRANCH, World, a_member
from tests.unit.scoring.facts import BRANCH, CADRE, COUNTY, OTHER_TOWNSHIP, TOWNSHIP, VisitLife, a_fact
from tests.unit.scoring.lives import MEMBER

_TOWNSHIP = OrganisationPath((COUNTY, TOWNSHIP))
_PLACES = {
    BRANCH: _TOWNSHIP / BRANCH,
    FAR_BRANCH: OrganisationPath((COUNTY, OTHER_TOWNSHIP, FAR_BRANCH)),
    CADRE: _TOWNSHIP,
    MEMBER: _TOWNSHIP / BRANCH,
}


def changed(standard: Standard, subject_id: str, points: str | None = "90.00") -> Fact[Event]:
    event = ScoreChanged(
        standard=standard,
        subject_id=subject_id,
        organisation_id=_PLACES[subject_id].organisation_id,
        period="2023",
        generation="generation",
        book_version="2023.1",
        state="live",
        card_digest="digest",
        points=None if points is None else Decimal(points),
        items=Decimal("90.00"),
        occurred_on=date(2023, 11, 20),
    )
    return a_fact(event, f"{subject_id} {points}", 1, _PLACES[subject_id])


def told(text: str) -> list[dict[str, str]]:
    """The events of a stream, by their fields."""
    blocks = [block for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    found = []
    for block in blocks:
        lines = [line.partition(": ") for line in block.split("\n") if not line.startswith(":")]
        found.append({name: value for name, _, value in lines})
    return found


async def listen(world: World, who: str, after: int | None = None) -> list[dict[str, str]]:
    headers = {"Authorization": f"Bearer {who}", "Accept": "text/event-stream"}
    if after is not None:
        headers["Last-Event-ID"] = str(after)
    response = await world.client.get("/api/scoring/changes", headers=headers)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    return told(response.text)


async def test_a_change_is_told_with_its_number_and_what_the_score_is_now(world: World) -> None:
    await world.changes.append([changed("branch", BRANCH)])

    [change, seen] = await listen(world, "organiser", after=0)

    assert (change["event"], change["id"], seen["event"], seen["id"]) == ("score", "1", "seen", "1")
    assert all(part in change["data"] for part in (BRANCH, '"points":"90.00"', '"state":"live"'))


async def test_without_a_number_the_stream_begins_now(world: World) -> None:
    await world.changes.append([changed("branch", BRANCH)])

    [seen] = await listen(world, "organiser")

    assert (seen["event"], seen["id"], "data" in seen) == ("seen", "1", False)


async def test_who_comes_back_goes_on_where_he_was(world: World) -> None:
    await world.changes.append([changed("branch", BRANCH, f"9{number}.00") for number in range(3)])

    found = await listen(world, "organiser", after=1)

    assert [each["id"] for each in found if each["event"] == "score"] == ["2", "3"]


@pytest.mark.parametrize(
    ("who", "subjects"),
    [
        ("county", [BRANCH, FAR_BRANCH, CADRE, MEMBER]),
        ("organiser", [BRANCH, CADRE, MEMBER]),
        ("branch secretary", [BRANCH, MEMBER]),
        ("supervisor", [BRANCH]),
        ("cadre", [CADRE]),
        ("colleague", []),
        ("stranger", [FAR_BRANCH]),
        ("the member", [MEMBER]),
        ("member", []),
    ],
)
async def test_everybody_is_told_what_he_may_read(world: World, who: str, subjects: list[str]) -> None:
    world.callers.callers["the member"] = a_caller(Role.MEMBER, BRANCH, person="the member's person")
    await fold_facts([a_member(MEMBER, person_id="the member's person")], world.ports)
    facts = [changed("branch", BRANCH), changed("branch", FAR_BRANCH), changed("cadre", CADRE)]
    await world.changes.append([*facts, changed("member", MEMBER)])

    found = await listen(world, who, after=0)

    shown = [subject for each in found for subject in _PLACES if subject in each.get("data", "")]
    assert shown == subjects
    assert found[-1]["id"] == "4"  # he goes on from here, also when nothing of it was for him


async def test_other_facts_are_passed_over(world: World) -> None:
    visit = VisitLife("visit").log(date(2023, 11, 20)).facts[0]
    assert isinstance(visit.event, VisitLogged)
    await world.changes.append([visit, changed("branch", BRANCH, None)])

    [change, _] = await listen(world, "organiser", after=0)

    assert (change["id"], '"points":null' in change["data"]) == ("2", True)


async def test_many_changes_are_told_in_parts_and_each_once(world: World) -> None:
    await world.changes.append([changed("branch", BRANCH, f"{number}.00") for number in range(7)])
    caller, seen, numbers = world.callers.callers["organiser"], 0, list[int]()
    while True:
        found = await read_changes(ReadChanges(caller, seen, limit=3), world.changes, world.ports.directory)
        if found.last == seen:
            break
        seen = found.last
        numbers += [change.sequence for change in found.items]

    assert numbers == list(range(1, 8))


@pytest.mark.parametrize(("who", "header", "status"), [("administrator", "0", 403), ("organiser", "yesterday", 422)])
async def test_who_may_not_listen_or_asks_for_what_cannot_be(world: World, who: str, header: str, status: int) -> None:
    headers: Any = {"Authorization": f"Bearer {who}", "Last-Event-ID": header}

    response = await world.client.get("/api/scoring/changes", headers=headers)

    assert response.status_code == status
