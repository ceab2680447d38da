"""A rule book from draft to publication: drafted, checked, consulted, published; each refusal with what to do next."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from services.scoring.domain.rule_book import RuleBook
from shared.events.scoring import RuleBookPublished
from shared.kernel.ids import derived_id
from tests.unit.scoring.facts import BRANCH, COUNTY, TOWNSHIP
from tests.unit.scoring.publishing import (
    ASKED,
    BASIS,
    BOOK,
    DRAFT,
    PublicationWorld,
    a_book,
    a_publication_world,
    starting,
)

DRAFTS, ONE = "/drafts", f"/drafts/{DRAFT}"
PUBLICATION, CONSULTATION, WITHDRAWAL = f"{ONE}/publication", f"{ONE}/consultation", f"{ONE}/withdrawal"
FAULTY = BOOK.replace("visits.visit.logged.v1", "visits.photo.taken.v1")
FORM = {"id": DRAFT, "organisation_id": COUNTY, "text": BOOK}
YEARLY = BOOK.replace("period: quarter", "period: year")


@pytest.fixture
async def world() -> AsyncIterator[PublicationWorld]:
    """Version 2023.1 of the cadre standard is in force since 2023-01-01; it is 2023-11-20."""
    async with a_publication_world(a_book()) as world:
        yield world


async def test_a_sound_text_is_checked_and_one_with_faults_is_kept_with_them(world: PublicationWorld) -> None:
    faulty = await world.drafted(FAULTY)
    mended = await world.done("county", "PUT", ONE, {"text": BOOK}, seen=1)

    assert (faulty["state"], faulty["version"], len(faulty["faults"])) == ("drafted", None, 1)
    assert (faulty["faults"][0]["place"], faulty["faults"][0]["line"]) == ("rules.0.on", 11)
    assert (mended["state"], mended["version"], mended["faults"], mended["revision"]) == ("checked", "2024.1", [], 2)


async def test_publishing_records_the_whole_book_as_a_fact(world: PublicationWorld) -> None:
    await world.consulted()
    published = await world.done("county", "PUT", PUBLICATION, BASIS, seen=2)
    [fact] = world.drafts.facts
    event = fact.event
    assert isinstance(event, RuleBookPublished)

    assert (published["state"], published["publication"]["published_on"]) == ("published", "2023-11-20")
    assert (event.organisation_id, event.standard, event.version) == (COUNTY, "cadre", "2024.1")
    assert (event.effective_from, event.basis, event.occurred_on) == (
        date(2024, 1, 1),
        BASIS["basis"],
        date(2023, 11, 20),
    )
    assert event.digest == published["publication"]["digest"]
    assert RuleBook.model_validate_json(event.book) == a_book(BOOK)
    assert (fact.subject, fact.revision, str(fact.path)) == (DRAFT, 3, COUNTY)


async def test_what_the_fact_carries_names_nobody_and_no_opinion(world: PublicationWorld) -> None:
    await world.consulted()
    await world.done("county", "PUT", PUBLICATION, BASIS, seen=2)
    told = world.events[0].model_dump_json()

    assert [words for words in ASKED.values() if words in told] == []


async def test_a_published_book_is_live_and_read_in_order_of_publication(world: PublicationWorld) -> None:
    await world.consulted()
    await world.done("county", "PUT", PUBLICATION, BASIS, seen=2)
    later, text = derived_id("later"), starting(date(2025, 1, 1), "2025.1")
    await world.consulted(text, id_=later)
    await world.done("county", "PUT", f"/drafts/{later}/publication", BASIS, seen=2)
    found = await world.done("member", "GET", "")

    assert [book.version for book in await world.ports.drafts.published()] == ["2024.1", "2025.1"]
    assert [(book["version"], book["state"], book["effective_to"]) for book in found["items"]] == [
        ("2023.1", "in_force", "2023-12-31"),
        ("2024.1", "coming", "2024-12-31"),
        ("2025.1", "coming", None),
    ]


async def test_a_version_ends_the_day_before_the_next_begins(world: PublicationWorld) -> None:
    await world.consulted()
    await world.done("county", "PUT", PUBLICATION, BASIS, seen=2)
    world.clock.move_to(date(2024, 1, 1))
    found = await world.done("member", "GET", "")

    assert [(book["state"], book["state_title"]) for book in found["items"]] == [
        ("ended", "已停止施行"),
        ("in_force", "施行中"),
    ]


async def test_what_nobody_was_asked_about_is_not_published(world: PublicationWorld) -> None:
    await world.drafted()

    assert (await world.refusal("county", "PUT", PUBLICATION, BASIS, seen=1))[:2] == (409, "draft.not_consulted")


async def test_what_has_faults_is_neither_consulted_on_nor_published(world: PublicationWorld) -> None:
    await world.drafted(FAULTY)

    assert (await world.refusal("county", "PUT", CONSULTATION, ASKED, seen=1))[:2] == (409, "draft.has_faults")
    assert (await world.refusal("county", "PUT", PUBLICATION, BASIS, seen=1))[:2] == (409, "draft.has_faults")
    assert world.events == []


async def test_a_book_that_changed_after_the_consultation_is_consulted_on_again(world: PublicationWorld) -> None:
    await world.consulted()
    changed = await world.done("county", "PUT", ONE, {"text": BOOK.replace("points: 2,", "points: 1,")}, seen=2)

    assert (changed["state"], changed["consultation"]) == ("checked", None)
    assert (await world.refusal("county", "PUT", PUBLICATION, BASIS, seen=3))[:2] == (409, "draft.not_consulted")


async def test_a_comment_added_after_the_consultation_leaves_it_standing(world: PublicationWorld) -> None:
    await world.consulted()
    changed = await world.done("county", "PUT", ONE, {"text": f"# 定稿\n{BOOK}"}, seen=2)

    assert (changed["state"], changed["consultation"]["changes"]) == ("consulted", ASKED["changes"])


@pytest.mark.parametrize(
    ("from_on", "to_on"), [("2023-11-17", "2023-11-06"), ("2023-11-06", "2023-11-21")], ids=["backwards", "not over"]
)
async def test_a_consultation_that_is_not_over_is_refused(world: PublicationWorld, from_on: str, to_on: str) -> None:
    await world.drafted()
    asked = {**ASKED, "from_on": from_on, "to_on": to_on}

    assert (await world.refusal("county", "PUT", CONSULTATION, asked, seen=1))[:2] == (422, "consultation.unsound")


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        (starting(date(2024, 1, 1), "2023.1"), "publication.version_taken", "请在细则中改用新的版本号"),
        (starting(date(2023, 11, 19)), "publication.starts_in_past", "2023-11-20 或之后"),
        (starting(date(2023, 1, 1), "2023.2"), "publication.starts_before_newest", "2023.1 版自 2023-01-01 起施行"),
        (starting(date(2022, 7, 1), "2022.1"), "publication.starts_before_newest", "须晚于该日"),
        (starting(date(2024, 7, 1), text=YEARLY), "publication.period_changes", "由按季改为按年，须自 1 月 1 日起"),
    ],
    ids=["version", "past", "same start", "before the newest", "period in mid-year"],
)
async def test_a_version_that_does_not_follow_is_refused(
    world: PublicationWorld, text: str, code: str, told: str
) -> None:
    await world.consulted(text)
    status, found, detail = await world.refusal("county", "PUT", PUBLICATION, BASIS, seen=2)

    assert (status, found) == (409, code)
    assert told in detail
    assert world.events == []


@pytest.mark.parametrize(
    "text",
    [
        starting(date(2023, 11, 20), "2023.2"),
        starting(date(2024, 1, 1), text=YEARLY),
        starting(date(2024, 5, 6)).replace("points: 2", "points: 5"),
    ],
    ids=["today", "another period with the year", "other points and caps in mid-year"],
)
async def test_a_version_that_follows_is_published(world: PublicationWorld, text: str) -> None:
    await world.consulted(text)
    published = await world.done("county", "PUT", PUBLICATION, BASIS, seen=2)

    assert published["state"] == "published"


async def test_the_first_version_of_a_standard_may_start_in_the_past() -> None:
    async with a_publication_world() as world:
        await world.consulted(starting(date(2020, 1, 1), "2020.1"))
        published = await world.done("county", "PUT", PUBLICATION, BASIS, seen=2)

    assert published["effective_from"] == "2020-01-01"


async def test_what_was_published_is_never_changed_nor_withdrawn(world: PublicationWorld) -> None:
    await world.consulted()
    await world.done("county", "PUT", PUBLICATION, BASIS, seen=2)
    asked = {**ASKED, "opinions": "无"}

    for path, body in ((ONE, {"text": FAULTY}), (CONSULTATION, asked), (PUBLICATION, {"basis": "另一文件"})):
        assert (await world.refusal("county", "PUT", path, body, seen=3))[:2] == (409, "draft.published")
    assert (await world.refusal("county", "PUT", WITHDRAWAL, seen=3))[:2] == (409, "draft.published")


async def test_a_withdrawn_draft_stays_to_be_seen_and_goes_no_further(world: PublicationWorld) -> None:
    await world.drafted()
    withdrawn = await world.done("county", "PUT", WITHDRAWAL, seen=1)

    assert withdrawn["state"] == "withdrawn"
    assert (await world.refusal("county", "PUT", CONSULTATION, ASKED, seen=2))[:2] == (409, "draft.withdrawn")


async def test_a_request_sent_again_changes_nothing(world: PublicationWorld) -> None:
    steps = [
        ("POST", DRAFTS, FORM, None),
        ("PUT", ONE, {"text": f"# 初稿\n{BOOK}"}, 1),
        ("PUT", CONSULTATION, ASKED, 2),
        ("PUT", PUBLICATION, BASIS, 3),
    ]
    for method, path, body, seen in steps:
        first = await world.done("county", method, path, body, seen=seen)
        assert first == await world.done("county", method, path, body, seen=seen)

    assert len(world.events) == 1


async def test_a_withdrawal_sent_again_changes_nothing(world: PublicationWorld) -> None:
    await world.drafted()
    first = await world.done("county", "PUT", WITHDRAWAL, seen=1)

    assert first == await world.done("county", "PUT", WITHDRAWAL, seen=1)


async def test_an_id_that_names_another_draft_is_refused(world: PublicationWorld) -> None:
    await world.drafted()
    other = {**FORM, "text": FAULTY}

    assert (await world.refusal("county", "POST", DRAFTS, other))[:2] == (409, "object.already_there")


async def test_who_has_not_seen_the_last_revision_is_stale(world: PublicationWorld) -> None:
    await world.consulted()

    for path, body in ((ONE, {"text": FAULTY}), (CONSULTATION, {**ASKED, "opinions": "无"}), (PUBLICATION, BASIS)):
        assert (await world.refusal("county", "PUT", path, body, seen=1))[:2] == (412, "object.stale")
    assert (await world.refusal("county", "PUT", WITHDRAWAL, seen=1))[:2] == (412, "object.stale")


@pytest.mark.parametrize(
    ("organisation_id", "status", "code"),
    [
        (derived_id("nowhere"), 422, "organisation.unknown"),
        (TOWNSHIP, 422, "organisation.no_county"),
        (BRANCH, 422, "organisation.unknown"),
    ],
)
async def test_a_standard_is_drafted_for_a_known_county(
    world: PublicationWorld, organisation_id: str, status: int, code: str
) -> None:
    form = {**FORM, "organisation_id": organisation_id}

    assert (await world.refusal("county", "POST", DRAFTS, form))[:2] == (status, code)


async def test_townships_of_the_county_read_its_drafts_and_write_none(world: PublicationWorld) -> None:
    await world.drafted()
    for who in ("organiser", "secretary"):
        read = await world.done(who, "GET", ONE)
        listed = await world.done(who, "GET", DRAFTS)

        assert (read["text"], [draft["id"] for draft in listed["items"]]) == (BOOK, [DRAFT])
        assert (await world.refusal(who, "PUT", ONE, {"text": FAULTY}, seen=1))[:2] == (403, "access.forbidden")


async def test_another_county_neither_reads_nor_writes_them(world: PublicationWorld) -> None:
    await world.drafted()

    for who in ("far county", "far organiser"):
        assert (await world.refusal(who, "GET", ONE))[:2] == (404, "draft.unknown")
        assert (await world.done(who, "GET", DRAFTS))["items"] == []
    assert (await world.refusal("far county", "PUT", WITHDRAWAL, seen=1))[:2] == (404, "draft.unknown")


async def test_drafts_are_listed_the_last_first_by_state_and_by_page(world: PublicationWorld) -> None:
    ids = [derived_id("draft", number) for number in range(3)]
    for number, id_ in enumerate(ids):
        world.clock.move_to(date(2023, 11, 20 + number))
        await world.drafted(BOOK if number else FAULTY, id_=id_)
    page = await world.done("county", "GET", "/drafts?limit=2")
    rest = await world.done("county", "GET", f"/drafts?limit=2&cursor={page['next']}")
    faulty = await world.done("county", "GET", "/drafts?state=drafted")

    assert [draft["id"] for draft in page["items"] + rest["items"]] == ids[::-1]
    assert [draft["id"] for draft in faulty["items"]] == ids[:1]


async def test_a_drafts_trail_tells_who_did_what_when(world: PublicationWorld) -> None:
    await world.consulted()
    await world.done("county", "PUT", PUBLICATION, BASIS, seen=2)
    trail = (await world.done("organiser", "GET", ONE))["trail"]

    assert [(entry["revision"], entry["what"]) for entry in trail] == [
        (1, "drafted"),
        (2, "consulted"),
        (3, "published"),
    ]
    assert {entry["by_account"] for entry in trail} == {
        derived_id("account", derived_id("person", "county_organiser", COUNTY))
    }
