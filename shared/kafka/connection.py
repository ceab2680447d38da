"""How a client reaches the broker: `XIANFENG_KAFKA_BOOTSTRAP` as what kafka-python and aiokafka ask for.

`host:9092` asks for no password; `scram://user:password@host:9092` signs in by SCRAM-SHA-512, as `KafkaUser` of
deploy/kubernetes makes users; `tls://host:9093` and `scram+tls://user:password@host:9093` do so by TLS, with `?ca=` and
a file where the system does not know the authority. Like the address of MongoDB, one setting says where, who and how.
"""

import ssl
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import unquote

from shared.telemetry.settings import UnusableSetting

MECHANISM = "SCRAM-SHA-512"
_FORMS = "host:port, tls://host:port[?ca=file], scram://user:password@host:port or scram+tls://…[?ca=file]"
_SCHEMES = {"scram": (True, False), "tls": (False, True), "scram+tls": (True, True)}


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is, and as whom it is asked; without a user it asks for none.

    `authority` is the file of who signed its certificate, None for one the system knows.
    """

    servers: str
    user: str | None = None
    password: str | None = None
    tls: bool = False
    authority: str | None = None

    @classmethod
    def at(cls, bootstrap: str) -> Self:
        """Read the address; raises UnusableSetting, without repeating it, for one that leaves something out."""
        scheme, separator, rest = bootstrap.partition("://")
        if not separator:
            return cls(bootstrap)
        signs_in, tls = _SCHEMES.get(scheme, (False, False))
        rest, _, authority = rest.partition("?ca=")
        credentials, _, servers = rest.rpartition("@")
        user, _, password = credentials.partition(":")
        if (
            scheme not in _SCHEMES
            or not servers
            or signs_in != bool(user and password)
            or (authority and not tls)
            or (credentials and not signs_in)
        ):
            raise UnusableSetting(f"XIANFENG_KAFKA_BOOTSTRAP must be {_FORMS}")
        found = cls(servers, tls=tls, authority=authority or None)
        return replace(found, user=unquote(user), password=unquote(password)) if signs_in else found

    def trusted(self) -> ssl.SSLContext | None:
        """Whom to believe that it is the broker, None without TLS; raises UnusableSetting for a file that is none."""
        if not self.tls:
            return None
        context = ssl.create_default_context()
        if self.authority is not None:
            try:
                context.load_verify_locations(self.authority)
            except OSError as error:
                told = f"XIANFENG_KAFKA_BOOTSTRAP: ca={self.authority} cannot be read: {error}"
                raise UnusableSetting(told) from error
        return context


def reached(bootstrap: str) -> dict[str, Any]:
    """The arguments by which a client of kafka-python or aiokafka reaches this broker; raises UnusableSetting."""
    broker = Broker.at(bootstrap)
    arguments: dict[str, Any] = {"bootstrap_servers": broker.servers}
    if broker.tls:
        arguments |= {"security_protocol": "SSL", "ssl_context": broker.trusted()}
    if broker.user is not None:
        arguments |= {
            "security_protocol": "SASL_SSL" if broker.tls else "SASL_PLAINTEXT",
            "sasl_mechanism": MECHANISM,
            "sasl_plain_username": broker.user,
            "sasl_plain_password": broker.password,
        }
    return arguments
