"""Callers without tokens' cryptography: the bearer's token names a caller the test has made."""

from dataclasses import dataclass, field

from shared.kernel.access import Caller, Grant, Role
from shared.kernel.ids import AccountId, PersonId, derived_id
from shared.web.problem import Unauthenticated


def a_caller(role: Role, scope: str, *, person: str | None = None) -> Caller:
    """Somebody with one role over one organisation; `person` is his person id, else one derived from the role."""
    person_id = person or derived_id("person", role, scope)
    return Caller(AccountId(derived_id("account", person_id)), PersonId(person_id), (Grant(role, scope),))


@dataclass(slots=True)
class KnownCallers:
    """A verifier that knows its callers by name."""

    callers: dict[str, Caller] = field(default_factory=dict)

    async def caller(self, token: str) -> Caller:
        """The caller of that name; raises Unauthenticated for a stranger."""
        if token not in self.callers:
            raise Unauthenticated
        return self.callers[token]
