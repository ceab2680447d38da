"""Post the corrections of everybody who was sealed."""

import asyncio

from services.scoring.domain.awards import CardKey
from services.scoring.domain.seal import late_entries
from services.scoring.use_cases.build_ports import BulkLedger, SealList
from services.scoring.use_cases.correct_sealed import correct_sealed
from services.scoring.use_cases.known_of_sealed import known_of_sealed
from services.scoring.use_cases.ports import Ports

_SIDE_BY_SIDE = 8


async def correct_all(seals: SealList, bulk: BulkLedger, own: Ports) -> None:
    """Post them into the cards of a build whose entries are all there.

    Most subjects have nothing that came too late; who has is read again and corrected as the fold does it.
    """
    async for page in known_of_sealed(seals, bulk, own):
        late: list[CardKey] = []
        for known in page.values():
            late += [seal.key for seal in known.seals.values() if late_entries(seal, known)][:1]
        parts = [late[number::_SIDE_BY_SIDE] for number in range(min(_SIDE_BY_SIDE, len(late)))]
        await asyncio.gather(*(correct_sealed((), part, own) for part in parts))
