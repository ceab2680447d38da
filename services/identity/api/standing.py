"""identity's own routes do not wait for a token to run out: they ask the store who the bearer is now."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from services.identity.domain.refusals import PasswordMustChange
from services.identity.use_cases.ports import Accounts
from shared.kernel.access import Caller
from shared.web.access import Allowed, Verifier
from shared.web.problem import Unauthenticated


@dataclass(frozen=True, slots=True)
class StandingVerifier:
    """A token that verifies, and an account that still stands as it did; its roles are those it has now.

    `epoch_of` reads from a verified token in which epoch of its account it was given. A change or reset of the password
    and disabling begin another one, and no token of an older one is listened to.
    """

    tokens: Verifier
    accounts: Accounts
    epoch_of: Callable[[str], int | None]

    async def caller(self, token: str) -> Caller:
        """The bearer.

        Raises Unauthenticated when the token is not good, or the account was disabled or its password changed since;
        PasswordMustChange when the password is an initial one.
        """
        told = await self.tokens.caller(token)
        account = await self.accounts.find(told.account_id)
        if account is None or account.disabled or self.epoch_of(token) != account.epoch:
            raise Unauthenticated
        bearer = Caller(account.id, account.person_id, account.grants)
        if account.must_change:
            raise PasswordMustChange(bearer)
        return bearer


class AllowedBeforeChange(Allowed):
    """Lets through also who must change the initial password: for the route that changes it, and no other."""

    async def __call__(self, request: Request) -> Caller:
        """The caller; raises Unauthenticated without a good token, Forbidden without one of the roles."""
        try:
            return await super().__call__(request)
        except PasswordMustChange as told:
            return told.bearer
