"""identity put together: which adapter meets which port. Nothing happens at import."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI

from services.identity.adapters import mongo
from services.identity.adapters.argon2 import Argon2Passwords
from services.identity.adapters.common_passwords import read_common_passwords
from services.identity.adapters.jwt_tokens import JwtTokens, claimed_epoch
from services.identity.adapters.key_folder import KeyFolder
from services.identity.adapters.mongo_audit import MongoAudit
from services.identity.api import accounts, audit, refusals, sign_in
from services.identity.api.standing import StandingVerifier
from services.identity.domain.password import LEAST
from services.identity.domain.refusals import PasswordTooShort
from services.identity.settings import SERVICE, TITLE, Settings
from services.identity.use_cases.ensure_administrator import NoAdministrator, ensure_administrator
from services.identity.use_cases.ports import Ports
from shared.kernel.clock import WallClock
from shared.mongo.client import Client, StoreCheck, connect
from shared.telemetry.health import Check
from shared.telemetry.settings import UnusableSetting
from shared.web.access import JwtVerifier, Verifier
from shared.web.app import create_app
from shared.web.jwks import Jwks

_NO_PASSWORD = f"XIANFENG_ADMIN_PASSWORD must be set to a password of at least {LEAST} characters for the account admin"


def keys(settings: Settings) -> KeyFolder:
    """The signing keys of this installation."""
    return KeyFolder(settings.platform.data_dir / "keys")


def ports(settings: Settings, client: Client, folder: KeyFolder, passwords: Argon2Passwords) -> Ports:
    """Everything the use cases reach; tokens and pauses go by wall time, also under a steered clock."""
    database = client[settings.platform.database(SERVICE)]
    return Ports(
        accounts=mongo.MongoAccounts(database),
        audit=MongoAudit(database),
        sessions=mongo.MongoSessions(database),
        wrong_passwords=mongo.MongoWrongPasswords(database),
        passwords=passwords,
        tokens=JwtTokens(folder.signing, issuer=settings.platform.issuer, audience=settings.platform.audience),
        common_passwords=read_common_passwords(),
        clock=WallClock(),
    )


def api_over(
    real: Ports,
    verifier: Verifier,
    *,
    public_keys: Callable[[], dict[str, Any]],
    issuer: str,
    checks: Sequence[Check] = (),
    epoch_of: Callable[[str], int | None] = claimed_epoch,
) -> FastAPI:
    """The api over any ports: tests hand it in-memory ones; whose verifier knows no JWTs brings an `epoch_of` too."""
    app = create_app(
        SERVICE,
        TITLE,
        verifier=StandingVerifier(verifier, real.accounts, epoch_of),
        routers=(sign_in.router, sign_in.metadata_router, accounts.router, audit.router),
        checks=checks,
        open_paths=sign_in.OPEN_PATHS,
    )
    app.state.ports = real
    app.state.public_keys = public_keys
    app.state.issuer = issuer
    refusals.add(app)
    return app


async def prepare(settings: Settings) -> None:
    """Before the first request: indexes, a signing key, the account `admin`.

    Raises UnusableSetting when there is no such account and no password to make it with.
    """
    async with connect(settings.platform.mongodb_url) as client:
        folder, passwords = keys(settings), Argon2Passwords()
        await folder.ensure()
        await mongo.prepare(client[settings.platform.database(SERVICE)], settings.audit_days)
        try:
            await ensure_administrator(settings.admin_password, ports(settings, client, folder, passwords))
        except (NoAdministrator, PasswordTooShort) as error:
            raise UnusableSetting(_NO_PASSWORD) from error
        finally:
            passwords.close()


def api(settings: Settings) -> FastAPI:
    """The api; it verifies tokens with its own keys, without asking itself over HTTP."""
    client = connect(settings.platform.mongodb_url)
    folder = keys(settings)

    async def own_keys() -> Mapping[str, Any]:
        return folder.public()

    return api_over(
        ports(settings, client, folder, Argon2Passwords()),
        JwtVerifier(Jwks(own_keys), settings.platform.issuer, settings.platform.audience),
        public_keys=folder.public,
        issuer=settings.platform.issuer,
        checks=(StoreCheck(client),),
    )
