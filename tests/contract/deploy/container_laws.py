"""In which order containers start, what they may do and keep, and what an image is made of."""

import re
from collections.abc import Iterator
from importlib.util import find_spec

from fastapi import FastAPI

from deploy.containers import ready
from deploy.local.topology import Room
from shared.web.app import add_health
from tests.contract.deploy.compose_laws import IGNORED, JOBS, OURS, ROOT, STORES, WATCHING, Written

HEALTHY, COMPLETED = "service_healthy", "service_completed_successfully"
APIS = {process.name for process in OURS if process.room is Room.API}
WORKERS = {process.name for process in OURS if process.room is Room.WORKER}
MADE_BY_HAND = {"./.tls/files", "./claims.yaml"}
"""Secrets and answers of an installation, which git ignores: no clone has them."""
IN_IMAGES = {"requirements/*.txt", "shared", "services", "deploy"}


def before(written: Written, name: str) -> set[str]:
    """Everything that must be there before this one starts."""
    found: set[str] = set()
    waiting = list(written.services[name].get("depends_on", {}))
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += written.services[each].get("depends_on", {})
    return found


def things_start_in_the_order_of_health(written: Written) -> Iterator[str]:
    wanted = {
        "topics": STORES,
        "identity-api": {*STORES, "topics"},
        **{name: {*STORES, "topics", "identity-api"} for name in (APIS | WORKERS) - {"identity-api"}},
        "envoy": {*STORES, "topics", *APIS, *WORKERS, "gateway-files"},
        "demo": {"envoy"},
    }
    for name, needs in wanted.items():
        yield from (f"{name} does not wait for {each}" for each in needs - before(written, name))
    for name, service in written.services.items():
        for need, told in service.get("depends_on", {}).items():
            condition = COMPLETED if need in JOBS else HEALTHY
            if told["condition"] != condition:
                yield f"{name} waits for {need} by {told['condition']}"


def whatever_is_waited_for_says_whether_it_is_healthy(written: Written) -> Iterator[str]:
    for name in STORES | WATCHING | {"envoy"}:
        if not written.services[name].get("healthcheck", {}).get("test"):
            yield f"{name} does not say"
    for process, service in written.ours():
        if "healthcheck" in service:
            yield f"{process.name} has another health check than its image"
    asks = re.search(r'^HEALTHCHECK .*\n +CMD \["python", "-m", "([\w.]+)"\]$', written.dockerfile, re.MULTILINE)
    if asks is None or find_spec(asks[1]) is None:
        yield "the image does not say"
    app = FastAPI()
    add_health(app, ())  # what every api and every worker adds
    if ready.PATH not in {getattr(route, "path", "") for route in app.routes}:
        yield f"nobody serves {ready.PATH}"


def ours_may_do_no_more_than_they_need(written: Written) -> Iterator[str]:
    for name in [*JOBS, *(process.name for process, _ in written.ours())]:
        service = written.services[name]
        if not service.get("read_only") or service.get("cap_drop") != ["ALL"]:
            yield f"{name} may write into its image, or keeps capabilities"
        if service.get("security_opt") != ["no-new-privileges:true"]:
            yield f"{name} may gain privileges"
        if service.get("ports"):
            yield f"{name} is reached past the gateway"
    for name, service in written.services.items():
        if service.get("privileged") or service.get("user") in {"root", "0"} or service.get("network_mode") == "host":
            yield f"{name} may do everything"
        for port in service.get("ports", ()):
            if not str(port).startswith("127.0.0.1:"):
                yield f"{name} is reached from everywhere at {port}"


def what_must_last_is_kept_in_named_volumes(written: Written) -> Iterator[str]:
    named, mounted = set(written.compose["volumes"]), set()
    for name, service in written.services.items():
        for source, target, *_ in (volume.split(":") for volume in service.get("volumes", ())):
            mounted.add((source, target))
            if source.startswith("./"):
                if source not in MADE_BY_HAND and not (ROOT / source).exists():
                    yield f"{name} mounts {source}, which there is not"
            elif source not in named:
                yield f"{name} mounts {source}, which nobody declares"
            if source == "keys" and name != "identity-api":
                yield f"{name} can read the signing keys"
    yield from (f"{name} is mounted by nobody" for name in named - {source for source, _ in mounted})
    lasting = {("mongo", "/data/db"), ("kafka", "/var/lib/kafka/data"), ("data", "/data"), ("keys", "/data/keys")}
    yield from (f"{target} is lost with its container" for source, target in lasting - mounted)
    for process, service in written.ours():
        if "data:/data" not in service["volumes"]:
            yield f"{process.name} does not see the clock of the others"


def stages(written: Written) -> dict[str, str]:
    """The stages of the Dockerfile by name."""
    parts = re.split(r"^FROM (\S+) AS (\w+)$", written.dockerfile, flags=re.MULTILINE)[1:]
    return {name: f"FROM {start}\n{body}" for start, name, body in zip(*[iter(parts)] * 3, strict=True)}


def images_are_small_and_run_as_nobody_special(written: Written) -> Iterator[str]:
    found = stages(written)
    if list(found)[-1] != "service":
        yield "a service is not what is built unless another target is named"
    for name in ("tools", "service"):
        users = re.findall(r"^USER (\S+)$", found[name], re.MULTILINE)
        if not users or users[-1] in {"root", "0"}:
            yield f"{name} runs as root"
        if not found[name].startswith("FROM base\n"):
            yield f"{name} starts from elsewhere"
    final = found["base"] + found["tools"] + found["service"]
    if re.search(r"\b(apt-get|apk|gcc|build-essential|pip install)\b", final) or "pip uninstall" not in found["base"]:
        yield "a final image keeps build tools"
    if "--only-binary :all:" not in found["packages"]:
        yield "something would have to be compiled"
    copied = re.findall(r"^COPY .*$", found["packages"], re.MULTILINE)
    if copied != ["COPY requirements/${SERVICE}.txt /requirements.txt"]:
        yield "an image takes packages of others"
    if re.findall(r"^COPY services.*$", found["service"], re.MULTILINE) != [
        "COPY services/__init__.py services/",
        "COPY services/${SERVICE} services/${SERVICE}",
    ]:
        yield "an image holds the code of others"
    if re.findall(r"^(?:ENTRYPOINT|CMD) .*$", written.dockerfile, re.MULTILINE) != ['ENTRYPOINT ["python", "-m"]']:
        yield "a shell stands between Docker and the process"


def nothing_gets_into_an_image_by_accident(written: Written) -> Iterator[str]:
    lines = [line for line in written.texts[IGNORED].splitlines() if line and not line.startswith("#")]
    if lines[0] != "*":
        yield "everything may get in"
    yield from (f"{each} gets in" for each in {line[1:] for line in lines if line.startswith("!")} ^ IN_IMAGES)
    yield from (f"{each} gets in" for each in {"shared/testing", "services/*/adapters/in_memory*"} - set(lines))
