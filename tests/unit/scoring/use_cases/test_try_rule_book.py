"""Who may try which rule book, and what is refused before anything is folded."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from services.scoring.use_cases.try_rule_book import MOST_WAITING
from shared.kernel.ids import derived_id
from tests.unit.scoring.facts import BRANCH, COUNTY, OTHER_TOWNSHIP, TOWNSHIP
from tests.unit.scoring.trying import TRIAL, TrialWorld, a_text, a_trial, a_trial_world

DRAFT = derived_id("a draft")


@pytest.fixture
async def world() -> AsyncIterator[TrialWorld]:
    async with a_trial_world() as world:
        yield world


async def test_a_trial_waits_for_its_turn(world: TrialWorld) -> None:
    told = await world.done("organiser", "POST", body=a_trial(text=a_text(start=date(2020, 1, 1))))

    assert (told["state"], told["organisation_id"], told["standard"]) == ("queued", TOWNSHIP, "cadre")
    assert (told["first_period"], told["last_period"], told["version"]) == ("2023-Q4", "2023-Q4", "2024.1")


async def test_the_same_request_again_gives_the_same_trial(world: TrialWorld) -> None:
    first = await world.done("organiser", "POST", body=a_trial())
    again = await world.done("organiser", "POST", body=a_trial())

    assert again == first
    assert await world.refusal("organiser", "POST", body=a_trial(first_period="2023-Q3")) == (
        409,
        "object.already_there",
        "id",
    )


async def test_a_text_with_faults_is_refused_with_each_of_them(world: TrialWorld) -> None:
    response = await world.call("organiser", "POST", body=a_trial(text=a_text().replace("visits.visit.logged.v1", "x")))

    assert (response.status_code, response.json()["code"]) == (422, "rule_book.refused")
    assert "没有名为 x 的事件" in response.json()["detail"]


async def test_a_draft_of_the_county_is_tried_by_its_id(world: TrialWorld) -> None:
    body = {"id": DRAFT, "organisation_id": COUNTY, "text": a_text(visit="3")}
    response = await world.client.post(
        "/api/scoring/rule-books/drafts", json=body, headers={"Authorization": "Bearer county"}
    )
    told = await world.done("organiser", "POST", body=a_trial(text=None, draft_id=DRAFT))
    read = await world.done("organiser", "GET", f"/{told['id']}")

    assert response.status_code == 201
    assert (told["draft_id"], read["text"]) == (DRAFT, a_text(visit="3"))


@pytest.mark.parametrize(
    ("changed", "status", "code", "field"),
    [
        ({"text": None}, 422, "trial.text_unclear", "text"),
        ({"draft_id": DRAFT}, 422, "trial.text_unclear", "text"),
        ({"text": None, "draft_id": DRAFT}, 422, "trial.draft_unknown", "draft_id"),
        ({"organisation_id": derived_id("nobody knows it")}, 422, "trial.scope_unknown", "organisation_id"),
        ({"organisation_id": OTHER_TOWNSHIP}, 404, "object.not_found", None),
        ({"organisation_id": COUNTY}, 404, "object.not_found", None),
        ({"first_period": "2023-Q9"}, 422, "period.unclear", "first_period"),
        ({"last_period": "2023-Q1"}, 422, "trial.periods_unsound", "last_period"),
        ({"first_period": "2019-Q4"}, 422, "period.no_rule_book", "period"),
        ({"extra": 1}, 422, "request.invalid", "extra"),
    ],
)
async def test_what_cannot_be_tried_is_refused(
    world: TrialWorld, changed: dict[str, object], status: int, code: str, field: str | None
) -> None:
    assert await world.refusal("organiser", "POST", body=a_trial(**changed)) == (status, code, field)


async def test_a_branch_of_ones_township_may_be_tried_alone(world: TrialWorld) -> None:
    told = await world.done("organiser", "POST", body=a_trial(organisation_id=BRANCH))

    assert told["organisation_id"] == BRANCH


@pytest.mark.parametrize("who", ["branch secretary", "cadre"])
async def test_others_do_not_try_rule_books(world: TrialWorld, who: str) -> None:
    assert (await world.refusal(who, "POST", body=a_trial()))[0] == 403


async def test_only_so_many_wait(world: TrialWorld) -> None:
    for number in range(MOST_WAITING):
        await world.done("organiser", "POST", body=a_trial(id=derived_id("trial", number)))
    refused = await world.refusal("secretary", "POST", body=a_trial())
    first = derived_id("trial", 0)
    repeated = await world.done("organiser", "POST", body=a_trial(id=first))
    await world.done("organiser", "PUT", f"/{first}/cancellation", seen=1)

    assert refused == (409, "laboratory.full", None)
    assert repeated["id"] == first
    assert (await world.done("secretary", "POST", body=a_trial()))["id"] == TRIAL
