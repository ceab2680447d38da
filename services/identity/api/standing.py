"""identity's own routes do not wait for a token to run out: they ask the store who the bearer is now."""

from dataclasses import dataclass

from services.identity.use_cases.ports import Accounts
from shared.kernel.access import Caller
from shared.web.access import Verifier
from shared.web.problem import Unauthenticated


@dataclass(frozen=True, slots=True)
class StandingVerifier:
    """A token that verifies, and an account that still stands; its roles are those it has now."""

    tokens: Verifier
    accounts: Accounts

    async def caller(self, token: str) -> Caller:
        """The bearer; raises Unauthenticated when the token is not good or the account was disabled since."""
        told = await self.tokens.caller(token)
        account = await self.accounts.find(told.account_id)
        if account is None or account.disabled:
            raise Unauthenticated
        return Caller(account.id, account.person_id, account.grants)
