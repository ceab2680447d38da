"""All that is known of everybody who was sealed, many at a time."""

from collections.abc import AsyncIterator, Mapping, Sequence

from services.scoring.domain.seal import Known, Seal
from services.scoring.use_cases.build_ports import BulkLedger, SealList
from services.scoring.use_cases.correct_sealed import Subject, category_of
from services.scoring.use_cases.ports import Ports

_SEALS_AT_ONCE = 200


async def known_of_sealed(
    seals: SealList, bulk: BulkLedger, own: Ports, *, at_once: int = _SEALS_AT_ONCE
) -> AsyncIterator[Mapping[Subject, Known]]:
    """What `known_of` gives of each subject that was sealed, read by so many seals instead of one by one.

    Each subject comes once, with all its seals, read before its entries. What is sealed or folded meanwhile is for the
    worker that folds it.
    """
    held: list[Seal] = []
    after = None
    while True:
        page = await seals.page(at_once, after)
        held += page
        last = _subject(page[-1]) if len(page) == at_once else None
        whole = [seal for seal in held if _subject(seal) != last]
        if whole:
            yield await _known(whole, bulk, own)
        if last is None:
            return
        held, after = [seal for seal in held if _subject(seal) == last], page[-1].key


async def _known(seals: Sequence[Seal], bulk: BulkLedger, own: Ports) -> dict[Subject, Known]:
    by_subject: dict[Subject, list[Seal]] = {}
    for seal in seals:
        by_subject.setdefault(_subject(seal), []).append(seal)
    entries = await bulk.of_cards({key for seal in seals for key in (seal.key, seal.key.lasting)})
    found = {}
    for subject, of_subject in by_subject.items():
        keys = {key for seal in of_subject for key in (seal.key, seal.key.lasting)}
        tell_all = all(seal.category is not None for seal in of_subject)
        found[subject] = Known(
            entries={key: entries.get(key, ()) for key in keys},
            seals={seal.key.period: seal for seal in of_subject},
            category=None if tell_all else await category_of(subject, own),
        )
    return found


def _subject(seal: Seal) -> Subject:
    return seal.key.standard, seal.key.subject_id
