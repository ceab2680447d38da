"""The obligations and their read marks behave the same in memory and in MongoDB."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.notifications.adapters.library import read_library
from services.notifications.domain.grounds import Act, Decision, Grounds
from services.notifications.domain.obligation import Obligation
from services.notifications.domain.schedule import week_opens_at, week_schedule
from services.notifications.domain.terms import Terms
from services.notifications.use_cases.ports import Listing
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import (
    AccountId,
    CadreId,
    EventId,
    ObligationId,
    OrganisationId,
    PersonId,
    new_id,
)
from tests.contract.notifications.conftest import Stores

TOWNSHIP = OrganisationPath.parse("county/township")
BRANCH = TOWNSHIP / "branch"
NOW = datetime(2023, 12, 20, 4, 0, tzinfo=UTC)
MONDAY = date(2023, 11, 20)


def an_obligation(week: str = "2023-W47", *, path: OrganisationPath = TOWNSHIP, **changed: Any) -> Obligation:
    [regulation] = read_library().weekly(MONDAY)
    period = Period.parse(week)
    terms = Terms(
        regulation_id=regulation.id,
        regulation_version=regulation.version,
        subject_kind="cadre",
        subject_id="cadre",
        organisation_id=OrganisationId(path.organisation_id),
        cadre_id=CadreId("cadre"),
        branch_id=None,
        period=week,
        due_on=period.last,
    )
    return Obligation(
        id=ObligationId(new_id()),
        terms=replace(terms, **changed),
        path=path,
        schedule=week_schedule(regulation, period),
        opened_at=week_opens_at(regulation, period),
    )


async def saved(stores: Stores, obligation: Obligation, grounds: Grounds | None = None) -> Obligation:
    opened, events = obligation.learn(grounds or Grounds(), at=NOW, now=NOW)
    await stores.obligations.save(opened, *events)
    return opened


async def fired(stores: Stores, obligation: Obligation, steps: int = 1) -> Obligation:
    for _ in range(steps):
        obligation, events = obligation.fire(until=NOW, now=NOW)
        await stores.obligations.save(obligation, *events)
    return obligation


async def test_an_obligation_comes_back_as_it_was_saved(stores: Stores) -> None:
    act = Act(NOW, EventId(new_id()), date(2023, 12, 20), "late")
    obligation = await fired(stores, await saved(stores, an_obligation()), 4)
    waived, events = obligation.waive(Decision("illness", AccountId("a"), PersonId("p"), NOW))
    await stores.obligations.save(waived, *events)
    done = await saved(stores, an_obligation("2023-W51"), Grounds((act,)))

    assert await stores.obligations.find(waived.id) == waived
    assert await stores.obligations.find(done.id) == done
    assert await stores.obligations.find(ObligationId("nothing")) is None


async def test_an_id_is_taken_once_and_a_revision_saved_once(stores: Stores) -> None:
    obligation = an_obligation()
    opened = await saved(stores, obligation)
    with pytest.raises(AlreadyThere):
        await saved(stores, obligation)
    await fired(stores, opened)
    with pytest.raises(Stale):
        await fired(stores, opened)


async def test_what_is_due_comes_earliest_first(stores: Stores) -> None:
    later = await saved(stores, an_obligation("2023-W48"))
    sooner = await saved(stores, an_obligation("2023-W47"))
    await saved(stores, an_obligation("2023-W47"), Grounds(waiver="calendar"))
    thursday = datetime(2023, 11, 23, 1, 0, tzinfo=UTC)

    assert await stores.obligations.due(NOW, 5) == [(sooner.id, thursday), (later.id, thursday + timedelta(days=7))]
    assert await stores.obligations.due(NOW, 1) == [(sooner.id, thursday)]
    assert await stores.obligations.due(thursday - timedelta(seconds=1), 5) == []


async def test_the_weeks_of_a_cadre_and_of_a_place_are_found(stores: Stores) -> None:
    first = await saved(stores, an_obligation("2023-W47"))
    second = await saved(stores, an_obligation("2023-W48"))
    elsewhere = await saved(stores, an_obligation("2023-W48", path=OrganisationPath.parse("county/elsewhere")))
    await saved(stores, an_obligation(cadre_id=CadreId("another")))
    await saved(stores, an_obligation("2023-W48", subject_kind="problem"))
    of_cadre = await stores.obligations.weeks_of(CadreId("cadre"), date(2023, 11, 27))
    until = await stores.obligations.weeks_of(CadreId("cadre"), MONDAY, date(2023, 11, 26))
    county, township = OrganisationId("county"), OrganisationId("township")

    assert set(of_cadre) == {second.id, elsewhere.id}
    assert until == [first.id]
    assert set(await stores.obligations.weeks_below(county, date(2023, 11, 27), date(2023, 12, 3))) == {
        second.id,
        elsewhere.id,
    }
    assert first.id in await stores.obligations.weeks_below(township, MONDAY, date(2023, 11, 26))


async def test_a_place_that_moves_takes_its_obligations_along_and_nobody_saves_the_old_place(stores: Stores) -> None:
    opened = await saved(stores, an_obligation())
    moved = OrganisationPath.parse("county/another/township")
    for _ in range(2):
        await stores.obligations.moved(OrganisationId("township"), moved)
    found = await stores.obligations.find(opened.id)

    assert found is not None
    assert (found.path, found.revision) == (moved, 2)
    with pytest.raises(Stale):
        await fired(stores, opened)


async def test_lists_are_narrowed_and_go_on_behind_a_place(stores: Stores) -> None:
    one = await saved(stores, an_obligation("2023-W47"))
    two = await fired(stores, await saved(stores, an_obligation("2023-W48")), 3)
    others = await saved(stores, an_obligation("2023-W47", cadre_id=CadreId("another")))
    unnoticed = await saved(stores, an_obligation("2023-W49"), Grounds(waiver="calendar"))
    scopes = frozenset({"township"})

    async def found(**asked: Any) -> list[str]:
        return [thing.id for thing in await stores.obligations.list(Listing(limit=9, **asked))]

    assert await found(owner="cadre") == [unnoticed.id, two.id, one.id]
    assert await found(owner="cadre", noticed=True) == [two.id, one.id]
    assert await found(owner="cadre", escalated=True) == [two.id]
    assert await found(owner="cadre", after=(two.terms.due_on.isoformat(), two.id)) == [one.id]
    assert await found(scopes=scopes, not_of="cadre") == [others.id]
    assert set(await found(scopes=scopes)) == {one.id, two.id, others.id, unnoticed.id}
    assert await found(scopes=frozenset({"elsewhere"})) == []
    assert await found(scopes=scopes, states=frozenset({"overdue", "missed"})) == [two.id]
    assert await found(scopes=scopes, regulation_id="another") == []
    assert len(await found(scopes=scopes, organisation_id="county")) == 4
    assert await found(scopes=scopes, organisation_id="elsewhere") == []


async def test_what_branches_owe_is_listed_apart_and_left_out_where_it_was_told_already(stores: Stores) -> None:
    of_branch: dict[str, Any] = {"subject_kind": "branch", "subject_id": "branch", "cadre_id": None}
    mine = await saved(stores, an_obligation(path=BRANCH, **of_branch))
    other = await saved(stores, an_obligation(path=TOWNSHIP / "far", **of_branch))
    problem = await saved(stores, an_obligation(path=BRANCH, subject_kind="problem"))
    here, township = frozenset({"branch"}), frozenset({"township"})

    async def found(**asked: Any) -> set[str]:
        listing = Listing(limit=9, **asked)
        listed: set[str] = {thing.id for thing in await stores.obligations.list(listing)}
        assert await stores.obligations.unread(listing, "reader") == len(listed)
        return listed

    assert await found(scopes=here) == {mine.id, problem.id}
    assert await found(scopes=here, of_branches=True) == {mine.id}
    assert await found(scopes=township, of_branches=True) == {mine.id, other.id}
    assert await found(scopes=township, not_below=here) == {other.id, problem.id}
    assert await found(scopes=township, not_below=here, not_of="cadre") == {other.id}
    assert await found(scopes=frozenset(), of_branches=True) == set()


async def test_reading_is_remembered_by_reader_and_never_goes_back(stores: Stores) -> None:
    opened = await saved(stores, an_obligation())
    mine = Listing(limit=1, owner="cadre")
    assert await stores.obligations.unread(mine, "cadre") == 1
    await stores.obligations.mark_read(opened.id, "cadre", 1)
    assert await stores.obligations.unread(mine, "cadre") == 0
    assert await stores.obligations.unread(mine, "organiser") == 1
    warned = await fired(stores, opened)
    await stores.obligations.mark_read(opened.id, "cadre", 1)
    await stores.obligations.mark_read(ObligationId("nothing"), "cadre", 1)

    assert await stores.obligations.unread(mine, "cadre") == 1
    assert await stores.obligations.read_by("cadre", [warned.id, ObligationId("nothing")]) == {warned.id: 1}
    assert await stores.obligations.read_by("organiser", [warned.id]) == {}


async def test_what_was_late_once_stays_escalated_whatever_becomes_of_it(stores: Stores) -> None:
    late = await fired(stores, await saved(stores, an_obligation()), 3)
    done, events = late.learn(Grounds((Act(NOW, EventId(new_id()), MONDAY),)), at=NOW, now=NOW)
    await stores.obligations.save(done, *events)
    await saved(stores, an_obligation("2023-W48", entry="history"))
    desk = Listing(limit=9, scopes=frozenset({"township"}), escalated=True)

    assert [(thing.id, thing.state) for thing in await stores.obligations.list(desk)] == [(late.id, "satisfied")]
    assert await stores.obligations.unread(desk, "organiser") == 1
    await stores.obligations.mark_read(late.id, "organiser", done.revision)
    assert await stores.obligations.unread(desk, "organiser") == 0
