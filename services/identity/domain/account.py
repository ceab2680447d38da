"""An account: a username with a password, for one person, with roles over parts of the organisation tree."""

from dataclasses import dataclass, replace
from typing import Self

from services.identity.domain.refusals import AdministratorStandsAlone, OwnAccount, PersonMissing, ScopeUnusable
from services.identity.domain.username import Username
from shared.kernel.access import Grant, Role
from shared.kernel.ids import AccountId, PersonId, is_id

PLATFORM = "*"
"""The scope of an administrator: the platform, no organisation; as a segment of a path it matches none."""
MAX_GRANTS = 16


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sign in, as whom, with which roles; no name, no phone: those belong to members.

    `epoch` counts what ends every sign-in there is: a session of an older epoch is not renewed, and identity itself
    listens to no access token of one. With `must_change` the password is one that an administrator chose: it opens
    nothing but the change of it. `preset_hash` is kept for the first administrator alone: the hash of the preset
    password that was last applied.
    """

    id: AccountId
    username: Username
    person_id: PersonId | None
    grants: tuple[Grant, ...]
    password_hash: str
    disabled: bool = False
    must_change: bool = False
    epoch: int = 1
    preset_hash: str | None = None
    revision: int = 1

    @classmethod
    def open(
        cls,
        account_id: AccountId,
        *,
        username: Username,
        person_id: PersonId | None,
        grants: tuple[Grant, ...],
        password_hash: str = "",
        must_change: bool = False,
    ) -> Self:
        """A new account; without a hash no password opens it, with `must_change` the first one is for one use.

        Raises AdministratorStandsAlone, ScopeUnusable, PersonMissing.
        """
        _check_grants(grants, person_id)
        return cls(account_id, username, person_id, _in_order(grants), password_hash, must_change=must_change)

    def is_like(self, other: Self) -> bool:
        """Whether a request to open the other account asks for what stands here; passwords are compared elsewhere."""
        mine, theirs = ((one.username, one.person_id, one.grants, one.must_change) for one in (self, other))
        return mine == theirs

    @property
    def usable_grants(self) -> tuple[Grant, ...]:
        """The roles a sign-in of now may use: none before the initial password was changed."""
        return () if self.must_change else self.grants

    def change_roles(self, grants: tuple[Grant, ...], *, by: AccountId) -> Self:
        """Give these roles in place of those held; the present sign-in goes on and gets them with its next token.

        Raises OwnAccount, and what opening an account with these roles would raise.
        """
        if by == self.id:
            raise OwnAccount
        _check_grants(grants, self.person_id)
        if _in_order(grants) == self.grants:
            return self
        return replace(self, grants=_in_order(grants), revision=self.revision + 1)

    def change_disabled(self, *, disabled: bool, by: AccountId) -> Self:
        """Shut the account, or open it again; shutting ends every sign-in. Raises OwnAccount."""
        if by == self.id:
            raise OwnAccount
        if disabled == self.disabled:
            return self
        return replace(self, disabled=disabled, epoch=self.epoch + disabled, revision=self.revision + 1)

    def change_password(self, password_hash: str) -> Self:
        """Set the password its person chose; every sign-in made with the one before ends."""
        return replace(
            self, password_hash=password_hash, must_change=False, epoch=self.epoch + 1, revision=self.revision + 1
        )

    def reset_password(self, password_hash: str) -> Self:
        """Set one that somebody else chose, who knows it: its person must change it before anything else."""
        return replace(self.change_password(password_hash), must_change=True)

    def restore(self, password_hash: str) -> Self:
        """Apply a new preset password to the first administrator, whatever was done to the account since."""
        return replace(
            self.change_password(password_hash),
            preset_hash=password_hash,
            disabled=False,
            grants=(Grant(Role.ADMINISTRATOR, PLATFORM),),
        )


def _in_order(grants: tuple[Grant, ...]) -> tuple[Grant, ...]:
    return tuple(sorted(set(grants), key=lambda grant: (grant.role, grant.scope)))


def _check_grants(grants: tuple[Grant, ...], person_id: PersonId | None) -> None:
    administers = any(grant.role is Role.ADMINISTRATOR for grant in grants)
    if administers and any(grant.role is not Role.ADMINISTRATOR for grant in grants):
        raise AdministratorStandsAlone
    for grant in grants:
        if not (grant.scope == PLATFORM if administers else is_id(grant.scope)):
            raise ScopeUnusable
    if not administers and person_id is None:
        raise PersonMissing
