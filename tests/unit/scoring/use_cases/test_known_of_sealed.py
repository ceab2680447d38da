"""Everybody who was sealed is read by pages of seals, and nobody is read in halves."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.adapters.in_memory import InMemoryCards, InMemoryLedger, InMemorySeals
from services.scoring.adapters.in_memory_builds import InMemoryBulkLedger
from services.scoring.domain.awards import CardKey
from services.scoring.domain.seal import Known, Seal
from services.scoring.domain.subject import Organisation
from services.scoring.use_cases.correct_all import correct_all
from services.scoring.use_cases.correct_sealed import Subject, known_of
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.known_of_sealed import known_of_sealed
from services.scoring.use_cases.ports import Ports
from tests.tried import tried
from tests.unit.scoring.facts import BRANCH, CADRE, PATH
from tests.unit.scoring.lives import MEMBER
from tests.unit.scoring.sealing import Telling, cadres, in_memory, lived, members

AT = datetime(2024, 1, 16, 4, tzinfo=UTC)


class Counted:
    """A port that counts what is asked of it."""

    def __init__(self, port: Any, asked: Counter[str]) -> None:
        self._port, self._asked = port, asked

    def __getattr__(self, name: str) -> Any:
        self._asked[name] += 1
        return getattr(self._port, name)


def _bulk(ports: Ports) -> InMemoryBulkLedger:
    return InMemoryBulkLedger(cast("InMemoryLedger", ports.ledger), cast("InMemoryCards", ports.cards))


def _seals(ports: Ports) -> InMemorySeals:
    return cast("InMemorySeals", ports.seals)


async def _read(ports: Ports, at_once: int) -> list[Mapping[Subject, Known]]:
    return [page async for page in known_of_sealed(_seals(ports), _bulk(ports), ports, at_once=at_once)]


def _as_sets(known: Known) -> tuple[object, ...]:
    entries = {key: {entry.id for entry in kept} for key, kept in known.entries.items()}
    return entries, known.seals, known.category


@given(one=cadres(), other=members(), at_once=st.integers(1, 7))
@tried(50)
async def test_by_pages_each_subject_is_known_as_if_it_was_read_alone(
    one: Telling, other: Telling, at_once: int
) -> None:
    ports = in_memory()
    for telling in (one, other):
        _, told, _ = await lived(telling)
        await fold_facts(told, ports)

    pages = await _read(ports, at_once)

    found = [(subject, known) for page in pages for subject, known in page.items()]
    assert sorted(subject for subject, _ in found) == sorted({("cadre", CADRE), ("member", MEMBER)})
    for subject, known in found:
        assert _as_sets(known) == _as_sets(await known_of(subject, ports))


@given(telling=st.one_of(cadres(), members()))
@tried(40)
async def test_the_corrections_of_all_are_those_the_fold_posts(telling: Telling) -> None:
    ports, _, _ = await lived(telling)
    cards = cast("InMemoryCards", ports.cards)
    anew = replace(ports, cards=InMemoryCards())
    await _bulk(anew).retotal()

    await correct_all(_seals(ports), _bulk(anew), anew)

    built = {key: card for key, card in cast("InMemoryCards", anew.cards).kept.items() if card.totals}
    assert built == {key: card for key, card in cards.kept.items() if card.totals}


def _a_seal(number: int) -> Seal:
    return Seal(CardKey("cadre", f"cadre {number:04}", "2023-Q4"), "2023.1", 0, 0, 0, frozenset(), AT)


async def test_a_page_of_subjects_costs_as_much_as_one() -> None:
    ports, asked = in_memory(), Counter[str]()
    for number in range(399):
        await ports.seals.put(_a_seal(number))
    seals, bulk, ledger = (Counted(port, asked) for port in (ports.seals, _bulk(ports), ports.ledger))

    await correct_all(seals, bulk, replace(ports, seals=cast("Any", seals), ledger=cast("Any", ledger)))

    assert asked == {"page": 2, "of_cards": 2}


async def test_where_a_seal_tells_no_category_the_branch_is_asked_for() -> None:
    ports = in_memory()
    await ports.directory.learn_organisation(Organisation(BRANCH, PATH, "branch", "演示", "office"), 1)
    seal = Seal(CardKey("branch", BRANCH, "2023"), "2023.1", 0, 0, None, frozenset(), AT)
    await ports.seals.put(seal)
    [[before]] = [list(page.values()) for page in await _read(ports, 200)]

    assert before.category == "office"
