"""`python -m deploy.containers.gateway_files <folder>`: Envoy's files where each process has a container of its own.

They come from the same templates as those of the local stack; only addresses differ. The start page is copied beside
them, so that Envoy needs nothing but this folder.
"""

import shutil
import sys
from dataclasses import replace
from pathlib import Path

from deploy.local import envoy, envoy_tls
from deploy.local.layout import Ports
from deploy.local.settings import SettingRefused, Settings
from deploy.local.topology import SERVICES
from shared.telemetry.settings import PlatformSettings

EVERYWHERE = "0.0.0.0"  # noqa: S104 - inside a container; what is published decides the compose file
GATEWAY_PORT = 8080
_AUTHORITIES = "authorities.pem"
_USAGE = 64


def values(settings: Settings, folder: Path) -> dict[str, str]:
    """What fills the templates: names of containers for addresses, looked up again as containers come and go."""
    port = str(PlatformSettings.read({}).port)
    return {
        **envoy.values(settings, Ports(settings.port_base), folder),
        "gateway_host": EVERYWHERE,
        "gateway_port": str(GATEWAY_PORT),
        "start_page": str(folder / "start_page"),
        "cluster_type": "STRICT_DNS",
        **{f"{service.name}_host": f"{service.name}-api" for service in SERVICES},
        **{f"{service.name}_port": port for service in SERVICES},
        **_inner_tls(settings),
        **_keys(settings, folder),
    }


def _inner_tls(settings: Settings) -> dict[str, str]:
    """With an authority named, the services are asked by TLS alone, and each must show its own name."""
    if settings.tls_ca is None:
        return {}
    return {f"{service.name}_tls": envoy_tls.upstream(f"{service.name}-api", settings.tls_ca) for service in SERVICES}


def _keys(settings: Settings, folder: Path) -> dict[str, str]:
    """Another issuer may show a certificate of that authority or of one the system knows, as towards the services."""
    trusting = settings if settings.tls_ca is None else replace(settings, tls_ca=folder / _AUTHORITIES)
    return envoy_tls.keys(trusting)


def write(settings: Settings, folder: Path) -> None:
    """Write the start page and whom to trust first, then the files that name them."""
    if settings.tls_ca is not None:
        _write_authorities(settings.tls_ca, folder / _AUTHORITIES)
    shutil.copytree(envoy.TEMPLATES / "start_page", folder / "start_page", dirs_exist_ok=True)
    envoy.write(values(settings, folder), folder)


def _write_authorities(named: Path, target: Path) -> None:
    try:
        texts = [named.read_text("utf-8")]
    except OSError as error:
        raise SettingRefused("TLS_CA", str(named), f"读不到这个文件：{error.strerror}。") from error
    if envoy_tls.SYSTEM_CA.is_file():
        texts.append(envoy_tls.SYSTEM_CA.read_text("utf-8"))
    target.write_text("\n".join(texts), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Write into the folder of the one argument; 64 without it, 1 with a sentence for a setting that cannot be."""
    if len(arguments) != 1:
        sys.stderr.write(f"{__doc__}\n")
        return _USAGE
    try:
        write(Settings.from_environment(), Path(arguments[0]))
    except SettingRefused as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
