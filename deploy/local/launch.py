"""What each process is started with: its command, its settings, and what must be there before and after."""

import sys
from collections.abc import Iterable

from deploy.local import envoy, jars, kafka, mongod, prometheus, readiness, supervisor
from deploy.local.layout import DataFolder, Ports
from deploy.local.orphans import MARK
from deploy.local.passwords import Passwords
from deploy.local.progress import Progress
from deploy.local.settings import PREFIX, Settings
from deploy.local.topology import Process, Room


def is_started_here(process: Process, settings: Settings) -> bool:
    """Tell whether this process is ours to start; a store named by address is only waited for."""
    if process.room is Room.STORE:
        return settings.own_mongodb
    return settings.own_kafka if process.room is Room.LOG else True


def mongodb_url(settings: Settings, ports: Ports) -> str:
    """Where the services find MongoDB."""
    return settings.mongodb_url or mongod.url(ports.mongodb)


def kafka_bootstrap(settings: Settings, ports: Ports) -> str:
    """Where the services find Kafka."""
    return settings.kafka_bootstrap or f"127.0.0.1:{ports.kafka}"


def tool_environment(settings: Settings, ports: Ports) -> dict[str, str]:
    """The settings all processes of this stack share, by their full names."""
    shared = {
        "MONGODB_URL": mongodb_url(settings, ports),
        "MONGODB_PREFIX": settings.mongodb_prefix,
        "KAFKA_BOOTSTRAP": kafka_bootstrap(settings, ports),
        "DATA_DIR": str(settings.data_dir),
        "CLOCK": settings.clock,
        "DEMO": "on" if settings.demo else "off",
        "TEST": "on" if settings.test else "off",
        "ISSUER": envoy.issuer(settings),
        "AUDIENCE": settings.audience,
        "JWKS_URL": settings.jwks_url or f"http://127.0.0.1:{ports.base + 10}/api/identity/jwks",
        "LOG_LEVEL": settings.log_level,
        "PORT_BASE": str(ports.base),
        "GATEWAY_PORT": str(settings.gateway_port),
    }
    return {PREFIX + name: value for name, value in shared.items()}


def process_environment(process: Process, settings: Settings, ports: Ports) -> dict[str, str]:
    """The settings one process gets; only identity is told a password."""
    marked = {MARK: str(settings.data_dir)}
    if not process.service:
        return marked
    own = {
        f"{PREFIX}HOST": "127.0.0.1",
        f"{PREFIX}PORT": str(ports.base + process.offset),
        "PYTHONUNBUFFERED": "1",
        # Everything inside is loopback; certificates of the calling environment are for the gateway alone.
        f"{PREFIX}TLS_CERTIFICATE": "",
        f"{PREFIX}TLS_KEY": "",
        # Compiled once for all, whatever the caller prefers: it is half of a warm start.
        "PYTHONDONTWRITEBYTECODE": "",
    }
    if process.name == "identity-api":
        folder = DataFolder(settings.data_dir)
        own[f"{PREFIX}ADMIN_PASSWORD"] = Passwords(folder.passwords).of("admin")
    return {**tool_environment(settings, ports), **own, **marked}


def supervisor_environment(settings: Settings) -> dict[str, str]:
    """What everything inherits: the caller's environment, without the one setting that is for identity alone."""
    kept = dict(settings.inherited)
    kept.pop(f"{PREFIX}ADMIN_PASSWORD", None)
    return kept


def command(process: Process, settings: Settings, ports: Ports, folder: DataFolder) -> list[str]:
    """How one process is started."""
    if process.room is Room.STORE:
        return mongod.command(folder.path / "mongo", ports.mongodb)
    if process.room is Room.LOG:
        return kafka.command(settings.cache_dir / "jars", folder.run / "kafka.properties")
    if process.room is Room.GATEWAY:
        return envoy.command(folder.path / "gateway")
    if process.room is Room.WATCH:
        program = prometheus.binary(settings)
        if program is None:
            raise FileNotFoundError("prometheus")
        return prometheus.command(program, folder.run / "prometheus.yml", folder.path / "prometheus", ports.prometheus)
    kind = "api" if process.room is Room.API else "worker"
    return [sys.executable, "-m", f"services.{process.service}", kind]


def prepare(processes: Iterable[Process], settings: Settings, ports: Ports, folder: DataFolder, show: Progress) -> None:
    """Make every file the processes need, downloading Kafka's jars the first time, and write supervisor's own."""
    ours = list(processes)
    rooms = {process.room for process in ours}
    Passwords(folder.passwords).ensure("admin", settings.admin_password)
    if Room.LOG in rooms:
        show.step(f"检查 Kafka 的 jar（{'取自离线安装包' if jars.is_bundled() else '首次需下载约 46 MB'}）")
        found = jars.get_jars(settings.cache_dir, jars.read_checksums(), jars.source(settings.inherited))
        show.step("准备数据文件夹")
        kafka.prepare(found, ports, folder.path / "kafka", folder.run / "kafka.properties")
    if Room.GATEWAY in rooms:
        envoy.render(settings, ports, folder.path / "gateway")
    if Room.WATCH in rooms:
        prometheus.render(ours, ports, folder.run / "prometheus.yml")
    programs = [
        supervisor.Program(
            name=process.name,
            command=command(process, settings, ports, folder),
            environment=process_environment(process, settings, ports),
        )
        for process in ours
    ]
    folder.supervisor_conf.touch(mode=0o600)
    folder.supervisor_conf.write_text(supervisor.render(folder, programs), encoding="utf-8")


def why_not_finished(process: Process, settings: Settings, ports: Ports) -> str | None:
    """Ask whether a process is ready; Kafka is, once it listens and holds every topic of the catalogue."""
    why = readiness.why_not_ready(process, settings, ports)
    if why is None and process.room is Room.LOG:
        return make_topics(kafka_bootstrap(settings, ports))
    return why


def make_topics(bootstrap: str) -> str | None:
    """Create the topics that are missing; say why that is not possible yet, None when all are there."""
    # Half a second of imports that most commands never need.
    from shared.kafka.topics import create_topics  # noqa: PLC0415
    from shared.kernel.errors import Unavailable  # noqa: PLC0415

    try:
        create_topics(bootstrap)
    except Unavailable:
        return "Kafka 在监听，主题还没有建好"
    return None
