"""Correct what sealed periods would have changed by (更正记录), where an entry came too late for its seal."""

from collections.abc import Collection, Sequence

from services.scoring.domain.awards import LASTING, Award, CardKey
from services.scoring.domain.seal import Known, late_entries, postings
from services.scoring.use_cases.ports import Ports, Sealed
from shared.events.members import Category
from shared.events.scoring import Standard

Subject = tuple[Standard, str]


async def correct_sealed(entries: Sequence[Award], sealed: Collection[CardKey], ports: Ports) -> None:
    """Post the corrections that these new entries and these new seals make.

    Entries and seals are both written before either is read here, so whoever writes last knows all: what he posts
    counts most and stays (`domain.seal.postings`). A sealed period nothing was late for costs no more than the look.
    """
    subjects: set[Subject] = {(key.standard, key.subject_id) for key in sealed}
    touched = {entry.card for entry in entries}
    found = await ports.seals.of({key for key in touched if key.period != LASTING})
    for key in touched:
        if key.period == LASTING:
            of_subject = await ports.seals.of_subject(key.standard, key.subject_id)
            found = {**found, **{each.seal.key: each for each in of_subject.values()}}
    for key, each in found.items():
        if each.is_late or any(_is_outside(entry, key, each) for entry in entries):
            subjects.add((key.standard, key.subject_id))
    for standard, subject_id in subjects:
        await _correct((standard, subject_id), ports)


def _is_outside(entry: Award, key: CardKey, sealed: Sealed) -> bool:
    return entry.card in {key, key.lasting} and not sealed.seal.covers(entry)


async def _correct(subject: Subject, ports: Ports) -> None:
    known = await known_of(subject, ports)
    late = [seal.key for seal in known.seals.values() if late_entries(seal, known)]
    if late:
        await ports.seals.late(late)
        known = await known_of(subject, ports)
        await ports.cards.enter(postings(known, ports.generation))


async def known_of(subject: Subject, ports: Ports, besides: CardKey | None = None) -> Known:
    """All that is known of a subject's sealed periods, and of one besides: seals, entries, what lasts, category."""
    standard, subject_id = subject
    found = await ports.seals.of_subject(standard, subject_id)
    seals = {name: each.seal for name, each in found.items()}
    keys = {seal.key for seal in seals.values()} | ({besides} if besides else set())
    keys |= {key.lasting for key in keys}
    entries = {key: await ports.ledger.entries(key) for key in keys}
    return Known(entries, seals, await category_of(subject, ports))


async def category_of(subject: Subject, ports: Ports) -> Category | None:
    """The category of a branch; nobody else has one."""
    standard, subject_id = subject
    if standard != "branch":
        return None
    organisation = await ports.directory.organisation(subject_id)
    return None if organisation is None else organisation.category
