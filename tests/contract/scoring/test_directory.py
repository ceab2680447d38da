"""One suite for the directory: who is scored where, as members' facts say, in whatever order they come."""

from dataclasses import replace
from datetime import date

from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.adapters.directory import MongoDirectory
from services.scoring.domain.rule_book import AppliesTo
from services.scoring.domain.subject import Organisation, Posting
from services.scoring.use_cases.directory_ports import Listing
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period
from shared.mongo.client import Document
from tests.contract.scoring.conftest import Stores

TOWNSHIP = OrganisationPath(("county", "township"))
MOVED = Organisation("branch", OrganisationPath(("county", "elsewhere", "branch")), "branch", "演示党支部", "village")


async def test_an_older_revision_of_an_organisation_changes_nothing(stores: Stores) -> None:
    branch = an_organisation("branch")
    await stores.directory.learn_organisation(branch, 2)
    await stores.directory.learn_organisation(replace(branch, title="旧名"), 1)

    assert await stores.directory.organisation("branch") == branch
    assert await stores.directory.organisation("unknown") is None


async def test_branches_are_listed_by_kind_and_scope(stores: Stores) -> None:
    for name in ("b", "a", "c"):
        await stores.directory.learn_organisation(an_organisation(name), 1)
    await stores.directory.learn_organisation(replace(an_organisation("general"), kind="general_branch"), 1)
    elsewhere = replace(an_organisation("far"), path=OrganisationPath(("county", "elsewhere", "far")))
    await stores.directory.learn_organisation(elsewhere, 1)
    wanted = a_listing(AppliesTo(kinds=("branch",)))

    assert [subject.id for subject in await stores.directory.branches(wanted)] == ["a", "b"]
    assert [subject.id for subject in await stores.directory.branches(replace(wanted, after="b"))] == ["c"]
    assert [subject.id for subject in await stores.directory.branches(replace(wanted, besides=frozenset({"a"})))] == [
        "b",
        "c",
    ]


async def test_counties_are_where_paths_begin(stores: Stores) -> None:
    assert list(await stores.directory.counties()) == []
    for county in ("second", "first"):
        for name in ("branch", "other branch"):
            path = OrganisationPath((county, "township", f"{county} {name}"))
            await stores.directory.learn_organisation(replace(an_organisation(path.organisation_id), path=path), 1)

    assert list(await stores.directory.counties()) == ["first", "second"]


async def test_cadres_are_listed_who_held_the_post_in_the_period(stores: Stores) -> None:
    await stores.directory.learn_posting(a_posting("b"), 1)
    await stores.directory.learn_posting(replace(a_posting("b"), id="second"), 1)
    await stores.directory.learn_posting(a_posting("a"), 1)
    await stores.directory.learn_posting(replace(a_posting("gone"), ends_on=date(2023, 9, 30)), 1)
    await stores.directory.learn_posting(replace(a_posting("coming"), starts_on=date(2024, 1, 1)), 1)
    await stores.directory.learn_posting(replace(a_posting("leader"), post="leader"), 1)
    await stores.directory.learn_posting(a_posting("far", OrganisationPath(("county", "far"))), 1)

    found = await stores.directory.cadres(a_listing(AppliesTo(posts=("village_cadre",))))

    assert [subject.id for subject in found] == ["a", "b"]
    assert len(await stores.directory.postings("b")) == 2


async def test_an_older_revision_of_a_posting_changes_nothing(stores: Stores) -> None:
    ended = replace(a_posting("a"), ends_on=date(2023, 9, 30))
    await stores.directory.learn_posting(ended, 2)
    await stores.directory.learn_posting(a_posting("a"), 1)

    assert await stores.directory.postings("a") == (ended,)


async def test_postings_move_with_their_organisation(stores: Stores) -> None:
    await stores.directory.learn_organisation(an_organisation("branch"), 1)
    await stores.directory.learn_organisation(an_organisation("neighbour"), 1)
    await stores.directory.learn_posting(a_posting("a", TOWNSHIP / "branch"), 1)
    await stores.directory.learn_posting(a_posting("b", TOWNSHIP / "neighbour"), 1)
    await stores.directory.learn_organisation(MOVED, 2)

    listing = a_listing(AppliesTo(posts=("village_cadre",)))
    assert [posting.path for posting in await stores.directory.postings("a")] == [MOVED.path]
    assert [subject.id for subject in await stores.directory.cadres(listing)] == ["b"]
    there = replace(listing, scopes=frozenset({"elsewhere"}))
    assert [subject.homes for subject in await stores.directory.cadres(there)] == [(MOVED.path,)]


async def test_an_older_place_of_an_organisation_moves_nothing(stores: Stores) -> None:
    await stores.directory.learn_posting(a_posting("a", TOWNSHIP / "branch"), 1)
    await stores.directory.learn_organisation(MOVED, 2)
    await stores.directory.learn_organisation(an_organisation("branch"), 1)

    assert [posting.path for posting in await stores.directory.postings("a")] == [MOVED.path]


async def test_a_posting_recorded_before_the_move_hangs_where_its_organisation_hangs_now(stores: Stores) -> None:
    await stores.directory.learn_organisation(MOVED, 2)
    await stores.directory.learn_posting(a_posting("a", TOWNSHIP / "branch"), 1)
    await stores.directory.learn_posting(replace(a_posting("a", TOWNSHIP / "branch"), ends_on=date(2023, 12, 31)), 2)

    [posting] = await stores.directory.postings("a")
    assert (posting.path, posting.ends_on) == (MOVED.path, date(2023, 12, 31))


async def test_a_posting_at_an_unknown_organisation_hangs_where_it_was_recorded(stores: Stores) -> None:
    await stores.directory.learn_posting(a_posting("a"), 1)

    assert [posting.path for posting in await stores.directory.postings("a")] == [TOWNSHIP]


async def test_what_a_dying_worker_left_unmoved_is_moved_by_redelivery(database: AsyncDatabase[Document]) -> None:
    directory = MongoDirectory(database)
    await directory.learn_organisation(an_organisation("branch"), 1)
    await directory.learn_posting(a_posting("a", TOWNSHIP / "branch"), 1)
    # It died here: the organisation was written, its postings were not.
    moved = {"revision": 2, "path": list(MOVED.path.segments)}
    await database["organisations"].update_one({"_id": "branch"}, {"$set": moved})
    await directory.learn_organisation(MOVED, 2)

    assert [posting.path for posting in await directory.postings("a")] == [MOVED.path]


def an_organisation(name: str) -> Organisation:
    return Organisation(name, TOWNSHIP / name, "branch", "演示党支部", "village")


def a_posting(cadre_id: str, path: OrganisationPath = TOWNSHIP) -> Posting:
    return Posting(
        id=f"posting of {cadre_id}",
        cadre_id=cadre_id,
        organisation_id=path.organisation_id,
        path=path,
        post="village_cadre",
        starts_on=date(2023, 1, 1),
        ends_on=None,
    )


def a_listing(applies_to: AppliesTo) -> Listing:
    return Listing(applies_to, frozenset({"township"}), Period.parse("2023-Q4"), limit=2)
