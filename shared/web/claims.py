"""Which claims of a token say who calls: our own, or those of another issuer, told by a file (XIANFENG_CLAIMS).

The file is data, read once at start and refused whole when anything in it is unclear. `docs/operations/identity.md`
shows one.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.kernel.access import Caller, Grant, Role
from shared.kernel.ids import AccountId, PersonId, is_id
from shared.telemetry.settings import UnusableSetting

EVERYWHERE = "*"
"""The scope of an administrator (ADR 11)."""
MAX_GRANTS = 16
_SETTING = "XIANFENG_CLAIMS"
Name = Annotated[str, Field(min_length=1, max_length=200)]
Place = Annotated[tuple[Name, ...], Field(min_length=1, max_length=5)]
"""Where a claim stands: names from the outside in. A list, because a name may hold dots and slashes."""


class Unclear(ValueError):
    """Claims that do not say plainly who calls: the token is not good."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RolesAsObjects(_Data):
    """A list of objects, one member with the role and one with the scope: `[{role: cadre, scope: <organisation>}]`."""

    form: Literal["objects"]
    at: Place
    role: Name = "role"
    scope: Name = "scope"

    def told(self, found: Sequence[object]) -> Iterator[tuple[str, str]]:
        """Each role with its scope."""
        for each in found:
            if not isinstance(each, Mapping):
                raise Unclear(each)
            yield _text(each.get(self.role)), _text(each.get(self.scope))


class RolesAsText(_Data):
    """A list of texts that begin alike, `<prefix><role><separator><scope>`; others are another application's."""

    form: Literal["text"]
    at: Place
    prefix: Name
    separator: Name = ":"

    def told(self, found: Sequence[object]) -> Iterator[tuple[str, str]]:
        """Each role with its scope; raises Unclear for one that begins as ours do and does not go on so."""
        for each in map(_text, found):
            if each.startswith(self.prefix):
                role, separator, scope = each.removeprefix(self.prefix).partition(self.separator)
                if not separator:
                    raise Unclear(each)
                yield role, scope


class ClaimMapping(_Data):
    """What an issuer calls things, and the algorithms it may sign with.

    `words` translates its words for roles; without it they are our codes. Of another issuer's token is asked what our
    own sees to before it signs: ids are ids, an administrator is nothing else (ADR 11), others name their person.
    """

    algorithms: Annotated[tuple[Literal["RS256", "PS256", "ES256"], ...], Field(min_length=1)]
    subject: Place
    person_id: Place
    roles: Annotated[RolesAsObjects | RolesAsText, Field(discriminator="form")]
    words: dict[Name, Role] = {}

    @model_validator(mode="after")
    def _one_place_each(self) -> Self:
        places = (self.subject, self.person_id, self.roles.at)
        if len(set(places)) < len(places):
            raise ValueError("subject, person_id and roles must be three different claims")
        return self

    def caller(self, claims: Mapping[str, Any]) -> Caller:
        """The caller these claims describe; raises Unclear."""
        found = _at(claims, self.roles.at)
        if not isinstance(found, list):
            raise Unclear(self.roles.at)
        grants = tuple(dict.fromkeys(Grant(self._role(role), scope) for role, scope in self.roles.told(found)))
        person_id = _at(claims, self.person_id)
        caller = Caller(
            AccountId(_text(_at(claims, self.subject))),
            None if person_id is None else PersonId(_text(person_id)),
            grants,
        )
        _check(caller)
        return caller

    def _role(self, word: str) -> Role:
        known = self.words.get(word) if self.words else Role(word)
        if known is None:
            raise Unclear(word)
        return known


class OwnClaims:
    """The claims of our own issuer (architecture section 7)."""

    algorithms: Sequence[str] = ("RS256",)

    def caller(self, claims: Mapping[str, Any]) -> Caller:
        """The caller these claims describe."""
        grants = tuple(Grant(Role(item["role"]), str(item["scope"])) for item in claims["roles"])
        person_id = claims.get("person_id")
        return Caller(AccountId(claims["sub"]), PersonId(person_id) if person_id else None, grants)


Claims = OwnClaims | ClaimMapping


def read_claims(file: Path | None) -> Claims:
    """The mapping of the file, our own claims without one; raises UnusableSetting for a file that is not plain."""
    if file is None:
        return OwnClaims()
    try:
        return ClaimMapping.model_validate(yaml.safe_load(file.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise UnusableSetting(f"{_SETTING}={file}: {where}: {first['msg']}") from error
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise UnusableSetting(f"{_SETTING}={file} cannot be read: {error}") from error


def _check(caller: Caller) -> None:
    """What our own issuer sees to before it signs (ADR 11); the scope of anybody else is an organisation's id."""
    administers = caller.has(Role.ADMINISTRATOR)
    if len(caller.grants) > MAX_GRANTS:
        raise Unclear("too many roles")
    for grant in caller.grants:
        if administers != (grant.role is Role.ADMINISTRATOR):
            raise Unclear("an administrator stands alone")
        if not (grant.scope == EVERYWHERE if administers else is_id(grant.scope)):
            raise Unclear(grant.scope)
    if caller.person_id is None and caller.grants and not administers:
        raise Unclear("nobody in particular")
    if caller.person_id is not None and not is_id(caller.person_id):
        raise Unclear(caller.person_id)


def _at(claims: Mapping[str, Any], place: Sequence[str]) -> object:
    """What stands there, None where nothing does."""
    found: object = claims
    for name in place:
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found


def _text(found: object) -> str:
    if not isinstance(found, str) or not found:
        raise Unclear(found)
    return found
