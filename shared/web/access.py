"""Who may call what: every route names its roles or is refused at start (deny by default)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, Self

from fastapi import APIRouter, params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.requests import Request

from shared.kernel.access import Caller, Role
from shared.kernel.clock import wall_now
from shared.kernel.errors import Forbidden, Invalid
from shared.telemetry.settings import PlatformSettings, UnusableSetting
from shared.web.claims import Claims, OwnClaims, read_claims
from shared.web.jwks import Jwks, fetch_from
from shared.web.problem import Unauthenticated

EVERYONE = tuple(Role)
_LEEWAY_SECONDS = 5
_REMEMBERED_AT_MOST = 10_000


class UnguardedRoute(Exception):
    """A route that names no roles and is not declared open: the service refuses to start."""


class UnknownParameter(Invalid):
    """A query parameter the route does not know."""

    code = "request.parameter_unknown"
    detail = "不认识的查询参数 {name}，请核对名称；{known}"


class Verifier(Protocol):
    """Turns a bearer token into its caller."""

    async def caller(self, token: str) -> Caller:
        """The bearer; raises Unauthenticated for any token that is not good now."""
        ...


class JwtVerifier:
    """Tokens of the one issuer we trust, verified here whatever the gateway said before.

    `claims` says who is called what in them, and which algorithms they may be signed with: ours, unless told otherwise.

    A token found good is remembered until it runs out or the issuer's keys are read again, so that a person's next
    request costs no signature. As a readiness check it is missing what its keys are.
    """

    name = Jwks.name

    def __init__(self, jwks: Jwks, issuer: str, audience: str, claims: Claims | None = None) -> None:
        self._jwks = jwks
        self._mapping = claims or OwnClaims()
        self._claims = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._good: dict[str, tuple[float, Caller]] = {}
        self._good_under: KeySet | None = None

    @classmethod
    def of_platform(cls, settings: PlatformSettings) -> Self:
        """The verifier that trusts the issuer of the settings, by the keys it publishes; raises UnusableSetting."""
        try:
            jwks = Jwks(fetch_from(settings.jwks_url, settings.tls_ca))
        except OSError as error:
            raise UnusableSetting(f"XIANFENG_TLS_CA={settings.tls_ca} cannot be read: {error}") from error
        return cls(jwks, settings.issuer, settings.audience, read_claims(settings.claims))

    async def missing(self) -> str | None:
        """What is missing: the keys, while identity was never reached."""
        return await self._jwks.missing()

    async def caller(self, token: str) -> Caller:
        """The bearer of a good token; raises Unauthenticated otherwise."""
        known = await self._known(token)
        if known is not None:
            return known
        try:
            keys = await self._jwks.keys_for(_kid(token))
            claims = jwt.decode(token, keys, algorithms=list(self._mapping.algorithms)).claims
            self._claims.validate(claims)
            caller = self._mapping.caller(claims)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise Unauthenticated from error
        if len(self._good) >= _REMEMBERED_AT_MOST:
            self._good.clear()
        self._good[token] = float(claims["exp"]), caller
        return caller

    async def _known(self, token: str) -> Caller | None:
        keys = await self._jwks.keys_for(None)
        if keys is not self._good_under:
            self._good.clear()
            self._good_under = keys
        runs_out, caller = self._good.get(token, (0.0, None))
        return caller if runs_out > wall_now().timestamp() else None


class Allowed:
    """A dependency that lets the bearer of one of the roles through and hands the caller to the route."""

    def __init__(self, roles: Iterable[Role]) -> None:
        self.roles = frozenset(roles)

    async def __call__(self, request: Request) -> Caller:
        """The caller; raises Unauthenticated without a good token, Forbidden without one of the roles."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated
        verifier: Verifier = request.app.state.verifier
        caller = await verifier.caller(token.strip())
        if not any(grant.role in self.roles for grant in caller.grants):
            raise Forbidden
        if request.query_params:
            refuse_unknown_parameters(request)
        return caller


def refuse_unknown_parameters(request: Request) -> None:
    """Refuse a query parameter the route does not know: a misspelt filter would silently answer another question."""
    route: APIRoute = request.scope["route"]
    known = frozenset(_query_names(route.dependant))
    for name in request.query_params:
        if name not in known:
            told = f"可用的参数：{'、'.join(sorted(known))}" if known else "该地址不接受查询参数"
            raise UnknownParameter(field=name, name=name, known=told)


def _query_names(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for child in dependant.dependencies:
        yield from _query_names(child)


def allow(*roles: Role) -> Any:
    """Let these roles call the route that depends on it; the dependency gives the caller, scopes are checked later."""
    return params.Depends(Allowed(roles))


@dataclass(frozen=True, slots=True)
class RouteAccess:
    """A route of a service and the roles it names; `roles` is None for an open route."""

    method: str
    path: str
    roles: frozenset[Role] | None


def route_access(routers: Iterable[APIRouter], open_paths: Iterable[str]) -> tuple[RouteAccess, ...]:
    """Every route of the routers with its roles.

    Raises UnguardedRoute for one that names none and is not listed as open, for one that looks at anything of the
    request before it knows who asks, and for anything nested in a router, which could hide one.
    """
    open_set = frozenset(open_paths)
    found = []
    for route in (route for router in routers for route in router.routes):
        if not isinstance(route, APIRoute):
            raise UnguardedRoute(f"{route!r} is no plain route")
        roles = _roles(route.dependant)
        if roles is None and route.path not in open_set:
            raise UnguardedRoute(f"{sorted(route.methods or ())} {route.path} names no roles")
        if roles is not None and not isinstance(route.dependant.dependencies[0].call, Allowed):
            raise UnguardedRoute(f"{sorted(route.methods or ())} {route.path} asks for other things before the caller")
        found += [RouteAccess(method, route.path, roles) for method in sorted(route.methods or ())]
    return tuple(found)


def _roles(dependant: Dependant) -> frozenset[Role] | None:
    if isinstance(dependant.call, Allowed):
        return dependant.call.roles
    found = [roles for child in dependant.dependencies if (roles := _roles(child)) is not None]
    return frozenset().union(*found) if found else None


def _kid(token: str) -> str | None:
    from joserfc.jws import extract_compact  # noqa: PLC0415 - only to read the header

    kid = extract_compact(token.encode("ascii")).protected.get("kid")
    return str(kid) if kid is not None else None
