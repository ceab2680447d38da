"""Read accounts: one's own, one, or a list."""

from collections.abc import Sequence

from services.identity.domain.account import Account
from services.identity.domain.username import written
from services.identity.use_cases.ports import Listing, Ports
from shared.kernel.ids import AccountId


async def read_account(account_id: AccountId, ports: Ports) -> Account:
    """One account. Raises NotFound."""
    return await ports.accounts.get(account_id)


async def list_accounts(listing: Listing, ports: Ports) -> Sequence[Account]:
    """Accounts by username."""
    return await ports.accounts.list(Listing(listing.limit, written(listing.begins), listing.after))
