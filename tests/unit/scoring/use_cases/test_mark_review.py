"""What a review of a branch gave is entered by the desk or the county; another mark names the one it replaces."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.review import Review
from shared.events.scoring import ReviewMarked
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.clock import start_of_day
from shared.testing.access import a_caller
from tests.unit.scoring.facts import BRANCH, COUNTY, OTHER_BRANCH, TOWNSHIP
from tests.unit.scoring.record_world import RecordWorld, a_review

MARK = f"/reviews/{BRANCH}/2023"
DESK = a_caller(Role.ORGANISER, TOWNSHIP)


@pytest.mark.parametrize("who", ["organiser", "secretary", "county"])
async def test_the_desk_or_the_county_marks(recorded: RecordWorld, who: str) -> None:
    review = await recorded.done(who, "PUT", MARK, a_review())

    assert (review["mark"], review["counts_on"], review["revision"]) == ("87.50", "2023-12-31", 1)
    [fact] = recorded.reviews.events
    assert fact == ReviewMarked(
        branch_id=BRANCH,
        period="2023",
        mark=Decimal("87.50"),
        counts_on=date(2023, 12, 31),
        occurred_on=date(2023, 11, 20),
    )


@pytest.mark.parametrize(
    ("who", "path", "answer"),
    [
        ("branch secretary", MARK, "403 access.forbidden"),
        ("supervisor", MARK, "403 access.forbidden"),
        ("stranger", MARK, "404 subject.not_found"),
        ("organiser", f"/reviews/{TOWNSHIP}/2023", "404 subject.not_found"),
        ("organiser", "/reviews/nowhere/2023", "404 subject.not_found"),
        ("organiser", f"/reviews/{BRANCH}/2024", "422 review.year_not_begun"),
    ],
)
async def test_nobody_else_nothing_else_and_no_year_to_come(
    recorded: RecordWorld, who: str, path: str, answer: str
) -> None:
    assert await recorded.refused(who, "PUT", path, a_review()) == answer


@pytest.mark.parametrize("mark", ["-0.01", "100.01", "87.505", "good"])
async def test_a_mark_lies_between_0_and_100_with_two_decimals(recorded: RecordWorld, mark: str) -> None:
    response = await recorded.call("organiser", "PUT", MARK, a_review(mark=mark))

    assert response.status_code == 422


async def test_another_mark_names_the_one_it_replaces(recorded: RecordWorld) -> None:
    await recorded.done("organiser", "PUT", MARK, a_review())
    again = await recorded.done("organiser", "PUT", MARK, a_review())
    blindly = await recorded.refused("secretary", "PUT", MARK, a_review(mark="90"))
    stale = await recorded.refused("secretary", "PUT", MARK, a_review(mark="90"), seen=2)
    changed = await recorded.done("secretary", "PUT", MARK, a_review(mark="90"), seen=1)

    assert (again["revision"], changed["revision"]) == (1, 2)
    assert (blindly, stale) == ("409 review.marked", "412 object.stale")
    first, second = recorded.reviews.facts
    assert isinstance(second.event, ReviewMarked)
    [correction] = second.event.corrects
    assert (correction.type, correction.revision, correction.day) == (first.type, 1, date(2023, 12, 31))
    assert first.subject == second.subject
    assert "年度述职" not in second.event.model_dump_json()


@given(st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=6))
def test_of_any_marks_in_a_row_each_takes_back_the_one_before(marks: list[Decimal]) -> None:
    review = Review(BRANCH, 2023, OrganisationPath((COUNTY, TOWNSHIP, BRANCH)))
    standing: dict[int, Decimal] = {}
    for mark in marks:
        review, fact = review.marked(mark=mark, basis="会议", by=DESK, at=start_of_day(date(2024, 1, 8)))
        for correction in fact.corrects:
            del standing[correction.revision]
        standing[review.revision] = fact.mark

    assert list(standing.values()) == [marks[-1]]


async def test_overseers_read_the_marks_of_their_scope_latest_year_first(recorded: RecordWorld) -> None:
    for branch, year in ((BRANCH, 2022), (BRANCH, 2023), (OTHER_BRANCH, 2023)):
        await recorded.done("organiser", "PUT", f"/reviews/{branch}/{year}", a_review())
    found = (await recorded.done("county", "GET", "/reviews"))["items"]
    first = await recorded.done("county", "GET", "/reviews?limit=2")
    rest = await recorded.done("county", "GET", f"/reviews?cursor={first['next']}")

    keys = [(each["year"], each["branch_id"]) for each in found]
    assert keys == [*sorted([(2023, BRANCH), (2023, OTHER_BRANCH)]), (2022, BRANCH)]
    assert [*first["items"], *rest["items"]] == found
    assert len((await recorded.done("branch secretary", "GET", "/reviews?year=2023"))["items"]) == 1
    assert (await recorded.done("stranger", "GET", "/reviews"))["items"] == []


@pytest.mark.parametrize(
    ("who", "answer"),
    [("stranger", "404 review.unknown"), ("supervisor", "403 access.forbidden"), ("member", "403 access.forbidden")],
)
async def test_who_does_not_oversee_the_branch_does_not_read_its_mark(
    recorded: RecordWorld, who: str, answer: str
) -> None:
    await recorded.done("organiser", "PUT", MARK, a_review())

    assert await recorded.refused(who, "GET", MARK) == answer
    assert (await recorded.done("branch secretary", "GET", MARK))["basis"] == "年度述职评议会议"
    assert await recorded.refused("organiser", "GET", f"/reviews/{BRANCH}/2022") == "404 review.unknown"
