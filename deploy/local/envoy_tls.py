"""What the gateway shows, whom it trusts, and whose tokens: the parts of Envoy's files that settings turn on."""

import ipaddress
import json
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.settings import SettingRefused, Settings

NOTHING = "null"
"""In place of a part nobody asked for: the field is then as if it were not written."""
OWN_KEYS = "http://identity/api/identity/jwks"
SYSTEM_CA = Path("/etc/ssl/certs/ca-certificates.crt")
_TYPES = "type.googleapis.com/envoy.extensions"
_VERSIONS = {"tls_minimum_protocol_version": "TLSv1_2"}
_PORTS = {"http": 80, "https": 443}


def downstream(settings: Settings) -> str:
    """The certificate shown to people, HTTP/2 offered; nothing without one."""
    if settings.gateway_certificate is None:
        return NOTHING
    shown = {
        "certificate_chain": {"filename": str(settings.gateway_certificate)},
        "private_key": {"filename": str(settings.gateway_key)},
    }
    return json.dumps(
        {
            "name": "envoy.transport_sockets.tls",
            "typed_config": {
                "@type": f"{_TYPES}.transport_sockets.tls.v3.DownstreamTlsContext",
                "common_tls_context": {
                    "tls_params": _VERSIONS,
                    "alpn_protocols": ["h2", "http/1.1"],
                    "tls_certificates": [shown],
                },
            },
        }
    )


def upstream(host: str, authority: Path) -> str:
    """TLS towards this host, whose certificate must name it and come from the authority."""
    try:
        ipaddress.ip_address(host)
        kind, sni = "IP_ADDRESS", {}
    except ValueError:
        kind, sni = "DNS", {"sni": host}
    return json.dumps(
        {
            "name": "envoy.transport_sockets.tls",
            "typed_config": {
                "@type": f"{_TYPES}.transport_sockets.tls.v3.UpstreamTlsContext",
                **sni,
                "common_tls_context": {
                    "tls_params": _VERSIONS,
                    "validation_context": {
                        "trusted_ca": {"filename": str(authority)},
                        "match_typed_subject_alt_names": [{"san_type": kind, "matcher": {"exact": host}}],
                    },
                },
            },
        }
    )


def keys(settings: Settings) -> dict[str, str]:
    """Where the issuer's keys are read: at identity, or at another issuer through a cluster of its own.

    Raises SettingRefused for an address that is none.
    """
    parts = urlsplit(settings.jwks_url or OWN_KEYS)
    if settings.jwks_url is None or parts.path == urlsplit(OWN_KEYS).path:
        return {"jwks_uri": OWN_KEYS, "jwks_cluster": "identity", "issuer_cluster": ""}
    if parts.scheme not in _PORTS or not parts.hostname or '"' in settings.jwks_url:
        raise SettingRefused("JWKS_URL", settings.jwks_url, "请填 http:// 或 https:// 开头的公钥集地址。")
    address = {"address": parts.hostname, "port_value": parts.port or _PORTS[parts.scheme]}
    issuer = {
        "@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster",
        "name": "issuer",
        "type": "STRICT_DNS",
        "dns_lookup_family": "V4_PREFERRED",
        "connect_timeout": "1s",
        "load_assignment": {
            "cluster_name": "issuer",
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": {"socket_address": address}}}]}],
        },
    }
    if parts.scheme == "https":
        issuer["transport_socket"] = json.loads(upstream(parts.hostname, settings.tls_ca or SYSTEM_CA))
    return {"jwks_uri": settings.jwks_url, "jwks_cluster": "issuer", "issuer_cluster": f"- {json.dumps(issuer)}"}
