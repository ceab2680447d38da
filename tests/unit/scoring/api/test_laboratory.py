"""The laboratory through its front door: reading, listing, cancelling, following."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.scoring.api import laboratory
from services.scoring.domain.trial import TrialId, TrialProgress
from services.scoring.use_cases.run_trial import run_trial
from shared.kernel.ids import derived_id
from tests.unit.scoring.trying import TRIAL, TrialWorld, a_trial, a_trial_world


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TrialWorld]:
    monkeypatch.setattr(laboratory, "LOOK_SECONDS", 0.01)
    async with a_trial_world() as world:
        yield world


def events(text: str) -> list[dict[str, Any]]:
    """The events of a stream, as a browser would take them apart."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            found.append({**fields, "data": json.loads(fields["data"])})
    return found


async def test_it_is_for_who_oversees_the_organisation(world: TrialWorld) -> None:
    await world.done("organiser", "POST", body=a_trial())

    assert (await world.done("county", "GET", f"/{TRIAL}"))["id"] == TRIAL
    assert await world.refusal("stranger", "GET", f"/{TRIAL}") == (404, "trial.unknown", None)
    assert (await world.refusal("branch secretary", "GET", f"/{TRIAL}"))[0] == 403
    assert await world.refusal("organiser", "GET", "/nobody") == (404, "trial.unknown", None)


async def test_the_list_shows_the_last_asked_first_page_by_page(world: TrialWorld) -> None:
    ids = [derived_id("trial", number) for number in range(3)]
    for id_ in ids:
        await world.done("organiser", "POST", body=a_trial(id=id_))
        world.clock.advance(minutes=1)
    page = await world.done("secretary", "GET", limit=2)
    rest = await world.done("secretary", "GET", limit=2, cursor=page["next"])

    assert [each["id"] for each in (*page["items"], *rest["items"])] == ids[::-1]
    assert rest["next"] is None
    assert (await world.done("stranger", "GET"))["items"] == []


async def test_cancelling_takes_it_out_of_the_queue_once_for_all(world: TrialWorld) -> None:
    await world.done("organiser", "POST", body=a_trial())
    cancelled = await world.done("secretary", "PUT", f"/{TRIAL}/cancellation", seen=1)
    again = await world.done("secretary", "PUT", f"/{TRIAL}/cancellation", seen=1)

    assert (cancelled["state"], cancelled["revision"]) == ("cancelled", 2)
    assert again == cancelled
    assert await run_trial(TrialId(TRIAL), world.ports) is None


async def test_what_is_running_is_cancelled_by_who_saw_it_waiting(world: TrialWorld) -> None:
    await world.done("organiser", "POST", body=a_trial())
    waiting = world.trials.things[TRIAL]
    await world.trials.keep(waiting.begin(), attempts=0)

    assert (await world.done("organiser", "PUT", f"/{TRIAL}/cancellation", seen=1))["state"] == "cancelled"


async def test_what_has_ended_is_not_cancelled(world: TrialWorld) -> None:
    await world.tried()

    assert await world.refusal("organiser", "PUT", f"/{TRIAL}/cancellation", seen=2) == (409, "trial.over", None)
    assert (await world.refusal("organiser", "PUT", f"/{TRIAL}/cancellation"))[0] == 428


async def test_a_stream_tells_progress_and_the_end_and_closes_itself(world: TrialWorld) -> None:
    await world.done("organiser", "POST", body=a_trial())
    following = asyncio.create_task(world.call("organiser", "GET", f"/{TRIAL}/progress"))
    await asyncio.sleep(0.05)
    begun = world.trials.things[TRIAL].begin()
    await world.trials.keep(begun.folded(TrialProgress(5, 9)), attempts=0)
    await asyncio.sleep(0.05)
    await run_trial(TrialId(TRIAL), world.ports)
    response = await following
    told = events(response.text)

    assert response.headers["content-type"].startswith("text/event-stream")
    assert [each["event"] for each in told] == ["progress", "progress", "done"]
    assert told[1]["data"] == {"state": "running", "state_title": "测算中", "facts": 5, "total": 9}


async def test_a_stream_resumes_after_the_last_event_that_came(world: TrialWorld) -> None:
    await world.tried()
    [whole] = events((await world.call("organiser", "GET", f"/{TRIAL}/progress")).text)
    resumed = await world.call("organiser", "GET", f"/{TRIAL}/progress", headers={"Last-Event-ID": whole["id"]})
    behind = await world.call("organiser", "GET", f"/{TRIAL}/progress", headers={"Last-Event-ID": "running-1-0"})

    assert whole["event"] == "done"
    assert events(resumed.text) == []
    assert [each["event"] for each in events(behind.text)] == ["done"]


async def test_a_cancelled_and_a_failed_trial_end_their_streams(world: TrialWorld) -> None:
    await world.done("organiser", "POST", body=a_trial())
    failing = derived_id("failing")
    await world.done("organiser", "POST", body=a_trial(id=failing))
    await world.done("organiser", "PUT", f"/{TRIAL}/cancellation", seen=1)
    failed = world.trials.things[failing].fail("不行", at=world.clock.now())
    await world.trials.keep(failed, attempts=0)
    ends = [events((await world.call("organiser", "GET", f"/{id_}/progress")).text) for id_ in (TRIAL, failing)]

    assert [[each["event"] for each in end] for end in ends] == [["cancelled"], ["failed"]]
    assert (await world.done("organiser", "GET", f"/{failing}"))["reason"] == "不行"


async def test_a_stream_is_refused_as_the_trial_itself_is(world: TrialWorld) -> None:
    await world.done("organiser", "POST", body=a_trial())

    assert await world.refusal("stranger", "GET", f"/{TRIAL}/progress") == (404, "trial.unknown", None)


async def test_a_stream_nobody_ends_ends_by_itself(world: TrialWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laboratory, "LONGEST_SECONDS", 0.05)
    await world.done("organiser", "POST", body=a_trial())
    told = events((await world.call("organiser", "GET", f"/{TRIAL}/progress")).text)

    assert [each["event"] for each in told] == ["progress"]
