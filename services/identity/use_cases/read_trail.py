"""Read what was done to an account."""

from collections.abc import Sequence

from services.identity.domain.trail import TrailEntry
from services.identity.use_cases.ports import Ports
from shared.kernel.ids import AccountId


async def read_trail(
    account_id: AccountId, ports: Ports, *, limit: int, before: int | None = None
) -> Sequence[tuple[int, TrailEntry]]:
    """So many lines of the trail, the newest first, each with its number: the first ever written is 1.

    `before` is the number of the last line seen. Lines are never taken out, so numbers stay. Raises NotFound.
    """
    numbered = enumerate(await ports.accounts.trail(account_id), start=1)
    older = [(number, line) for number, line in numbered if before is None or number < before]
    return older[::-1][:limit]
