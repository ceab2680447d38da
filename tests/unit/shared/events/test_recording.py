"""How events become facts: ids are derived, so nothing is recorded twice and no two facts are one."""

from datetime import date

from shared.events.base import Event
from shared.events.members import GoLiveSet, MembershipEnded
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import EventId
from shared.testing.clock import StoppedClock

DAY = date(2023, 11, 20)
WENT_LIVE = GoLiveSet(township_id="t", go_live_on=DAY, occurred_on=DAY)
ENDED = MembershipEnded(member_id="m", branch_id="b", occurred_on=DAY)


def ids(*events: Event, subject: str = "one", revision: int = 1, source: str = "members") -> list[EventId]:
    recorder = Recorder(source, StoppedClock())
    path = OrganisationPath(("county", "t"))
    return [fact.id for fact in recorder.facts(subject=subject, revision=revision, path=path, events=events)]


def test_recording_a_revision_again_gives_the_same_ids() -> None:
    assert ids(WENT_LIVE, ENDED) == ids(WENT_LIVE, ENDED)


def test_things_of_two_kinds_that_bear_one_id_have_facts_of_their_own() -> None:
    assert ids(WENT_LIVE) != ids(ENDED)


def test_every_part_of_a_facts_place_makes_another_id() -> None:
    found = [
        *ids(ENDED, ENDED),
        *ids(ENDED, subject="another"),
        *ids(ENDED, revision=2),
        *ids(ENDED, source="visits"),
    ]

    assert len(set(found)) == len(found)
