"""What deploy/kubernetes owes the code about its processes: each law lists what it finds wrong."""

import re
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec

import yaml
from fastapi import FastAPI

from deploy.containers import gateway_files, ready
from deploy.local import supervisor
from deploy.local.settings import Settings as LocalSettings
from deploy.local.topology import Room
from shared.events.catalogue import PARTITIONS
from shared.telemetry.settings import PlatformSettings
from shared.web.app import add_health
from tests.contract.deploy.compose_laws import OURS, PASSWORD, PORT, ROOT, SCRAPED, Written, asked, read_by
from tests.contract.deploy.kubernetes_rendered import COMPONENT, FOLDER, NAME, Document, Rendered, named

JOBS = {"redeliver": "by hand", "verify-archive": "by itself"}
KINDS = {Room.API: "api", Room.WORKER: "worker"}
BROKER = "XIANFENG_KAFKA_BOOTSTRAP"
STORE = "XIANFENG_MONGODB_URL"
KAFKA_AUTHORITY = "/kafka/ca.crt"


def every_process_is_deployed_and_nothing_else(rendered: Rendered) -> Iterator[str]:
    expected = {process.name for process in OURS} | {"envoy"}
    yield from (f"{name} is missing" for name in expected - set(rendered.deployments))
    yield from (f"{name} is nobody's" for name in set(rendered.deployments) - expected)
    yield from (f"{name} is nobody's" for name in set(rendered.of_kind("CronJob")) ^ set(JOBS))
    for kind in ("StatefulSet", "DaemonSet", "Job", "Pod", "Ingress"):
        yield from (f"{kind} {name} is nobody's" for name in rendered.of_kind(kind))
    for name, job in rendered.of_kind("CronJob").items():
        runs = "by hand" if job["spec"].get("suspend") else "by itself"
        if runs != JOBS.get(name):
            yield f"{name} runs {runs}"


def every_command_is_that_of_the_code(rendered: Rendered) -> Iterator[str]:
    for process, deployment, container in rendered.ours():
        kind = KINDS[process.room]
        if container.get("args") != [f"services.{process.service}", kind] or "command" in container:
            yield f"{process.name} runs {container.get('args')}"
        if container["image"].rpartition("/")[2].partition(":")[0] != process.service:
            yield f"{process.name} runs {container['image']}"
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        if (labels[NAME], labels[COMPONENT]) != (process.service, kind):
            yield f"{process.name} is called {labels}"
        if any(labels.get(key) != value for key, value in deployment["spec"]["selector"]["matchLabels"].items()):
            yield f"{process.name} does not know its own pods"
    for name, container in rendered.containers():
        module = container.get("args", [""])[0]
        if container["image"].startswith("xianfeng/") and find_spec(module) is None:
            yield f"{name} runs {module}, which there is not"
    envoy = Written.here().services["envoy"]["command"]
    if "envoy" in rendered.deployments and rendered.pods["envoy"]["spec"]["containers"][0]["command"] != envoy:
        yield "the gateway is started otherwise than in docker-compose.yml"


def told(container: Document, rendered: Rendered) -> dict[str, str]:
    """The settings a container is given, a secret or a reference as an empty text."""
    given: dict[str, str] = {}
    for source in container.get("envFrom", ()):
        given |= rendered.config(source["configMapRef"]["name"].rpartition("-")[0])
    given |= {each["name"]: each.get("value", "") for each in container.get("env", ())}
    return {name: value for name, value in given.items() if name.startswith("XIANFENG_")}


def every_setting_is_read(rendered: Rendered) -> Iterator[str]:
    for process, _, container in rendered.ours():
        unread = set(told(container, rendered)) - read_by(process.name)
        yield from (f"{process.name} is told {each}, which it does not read" for each in unread)
    anybody = asked(PlatformSettings.read, LocalSettings.from_environment)
    for name, container in rendered.containers():
        if name.partition("/")[0] not in {process.name for process in OURS}:
            yield from (f"{name} is told {each}" for each in set(told(container, rendered)) - anybody)


def every_process_is_told_what_it_needs(rendered: Rendered) -> Iterator[str]:
    for process, _, container in rendered.ours():
        given = told(container, rendered)
        wanted = {STORE, "XIANFENG_JWKS_URL", "XIANFENG_ISSUER", "XIANFENG_AUDIENCE"}
        wanted |= {BROKER} if process.room is Room.WORKER else set()
        wanted |= {PASSWORD} if process.service == "identity" else set()
        yield from (f"{process.name} is not told {each}" for each in wanted - set(given))
        # Who uses no Kafka gets no address of it, who makes no first account no password.
        yield from (f"{process.name} is told {each}" for each in ({BROKER, PASSWORD} & set(given)) - wanted)
        keys = f"{'https' if rendered.tls else 'http'}://identity-api:{PORT}/api/identity/jwks"
        if not rendered.issuer and given.get("XIANFENG_JWKS_URL") != keys:
            yield f"{process.name} looks for the signing keys at {given.get('XIANFENG_JWKS_URL')}"
        user = f"{process.service}:$(KAFKA_PASSWORD)@xianfeng-kafka-bootstrap:9092"
        reached = f"scram+tls://{user}?ca={KAFKA_AUTHORITY}" if rendered.tls else f"scram://{user}"
        if process.room is Room.WORKER and given.get(BROKER) != reached:
            yield f"{process.name} reaches Kafka at {given.get(BROKER)}"
    settings = rendered.config("settings")
    if settings.get("XIANFENG_CLOCK", "wall") != "wall" or settings.get("XIANFENG_DEMO", "off") != "off":
        yield "real scores are kept here: the clock is the wall's"
    gateway = told(rendered.pods["envoy"]["spec"]["initContainers"][0], rendered)
    if not {"XIANFENG_ISSUER", "XIANFENG_AUDIENCE"} <= set(gateway):
        yield "the gateway trusts another issuer"
    if not settings.get("XIANFENG_ISSUER", "").startswith("https://"):
        yield "people sign in without TLS"


def what_a_setting_names_is_told_before_it(rendered: Rendered) -> Iterator[str]:
    for name, container in rendered.containers():
        before: set[str] = set()
        for each in container.get("env", ()):
            for other in set(re.findall(r"\$\((\w+)\)", each.get("value", ""))) - before:
                yield f"{name}: {each['name']} names {other}, which is not told before it"
            before.add(each["name"])


def every_secret_is_named_and_none_is_here(rendered: Rendered) -> Iterator[str]:
    examples = list(yaml.safe_load_all((FOLDER / "secrets.example.yaml").read_text("utf-8")))
    by_hand = {(named(each), key) for each in examples for key in each["stringData"]}
    yield from (f"{named(each)} has a value" for each in examples if any(each["stringData"].values()))
    yield from (f"{name} is committed" for name in rendered.of_kind("Secret"))
    users = rendered.of_kind("MongoDBCommunity")["mongo"]["spec"]["users"]
    by_operators = {(each["connectionStringSecretName"], "connectionString.standard") for each in users}
    by_operators |= {(f"kafka-{name}", "password") for name in rendered.of_kind("KafkaUser")}
    for name, container in rendered.containers():
        owner = rendered.pods[name.partition("/")[0]]["metadata"]["labels"][NAME]
        for each in container.get("env", ()):
            reference = each.get("valueFrom", {}).get("secretKeyRef")
            if reference and (reference["name"], reference["key"]) not in by_hand | by_operators:
                yield f"{name} waits for the secret {reference['name']}, which nobody makes"
            if reference and reference["name"] not in {f"mongo-{owner}", f"kafka-{owner}", "admin-password"}:
                yield f"{name} is told the secret {reference['name']} of another"
            if "PASSWORD" in each["name"] and not reference:
                yield f"{name} has a password of its own"
    asked_of_us = {(each["passwordSecretRef"]["name"], each["passwordSecretRef"]["key"]) for each in users}
    asked_of_us |= {("admin-password", "password"), ("identity-keys", "signing-1.pem")}
    yield from (f"secrets.example.yaml and the resources differ about {each}" for each in by_hand ^ asked_of_us)


def the_signing_keys_are_identitys_alone(rendered: Rendered) -> Iterator[str]:
    for name, pod in rendered.pods.items():
        volumes = pod["spec"].get("volumes", ())
        kept = {each["name"] for each in volumes if "identity-keys" in str(each)}
        mounts = [each for each in pod["spec"]["containers"][0].get("volumeMounts", ()) if each["name"] in kept]
        if (kept != set()) != (name == "identity-api"):
            yield f"{name} must {'not ' if kept else ''}see the signing keys"
        if any(each["mountPath"] != "/data/keys" or not each.get("readOnly") for each in mounts):
            yield f"{name} looks for the signing keys elsewhere"


def scraped() -> list[Document]:
    """What Prometheus asks in containers."""
    jobs: list[Document] = yaml.safe_load(Written.here().texts[SCRAPED])["scrape_configs"]
    return jobs


def health_is_asked_where_it_is_served(rendered: Rendered) -> Iterator[str]:
    app = FastAPI()
    add_health(app, ())  # what every api and every worker adds
    served = {getattr(route, "path", "") for route in app.routes}
    wanted = {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": ready.PATH}
    for process, _, container in rendered.ours():
        ports = {each["name"]: each["containerPort"] for each in container["ports"]}
        for probe, path in wanted.items():
            get = container.get(probe, {}).get("httpGet", {})
            scheme = "HTTPS" if rendered.tls else "HTTP"
            where = (get.get("path"), get.get("scheme", "HTTP"), ports.get(str(get.get("port"))))
            if where != (path, scheme, PORT) or path not in served:
                yield f"{process.name}: {probe} asks {get}"
    for endpoint in rendered.of_kind("PodMonitor")["xianfeng"]["spec"]["podMetricsEndpoints"]:
        if endpoint["path"] not in served or endpoint["port"] != "http":
            yield f"Prometheus asks {endpoint}"
        named_by = {each["targetLabel"] for each in endpoint.get("relabelings", ())}
        in_containers = {each["target_label"] for job in scraped() for each in job.get("relabel_configs", ())}
        yield from (f"the label {each} is amiss" for each in named_by ^ in_containers)
    envoy = rendered.pods["envoy"]["spec"]["containers"][0]
    if envoy["readinessProbe"]["exec"]["command"] != Written.here().services["envoy"]["healthcheck"]["test"][1:]:
        yield "the gateway is asked for its health otherwise than in docker-compose.yml"


def addresses_are_those_that_are_served(rendered: Rendered) -> Iterator[str]:
    services = rendered.of_kind("Service")
    apis = {process.name for process in OURS if process.room is Room.API}
    yield from (f"the address {name} is amiss" for name in set(services) ^ (apis | {"envoy"}))
    for name, service in services.items():
        spec, pod = service["spec"], rendered.pods.get(name)
        port = gateway_files.GATEWAY_PORT if name == "envoy" else PORT
        if pod is None or any(pod["metadata"]["labels"].get(key) != value for key, value in spec["selector"].items()):
            yield f"{name} leads to nobody"
        elif [each["containerPort"] for each in pod["spec"]["containers"][0]["ports"]] != [port]:
            yield f"{name} listens elsewhere"
        if [each["port"] for each in spec["ports"]] != [port]:
            yield f"{name} is looked for at {port}"
        if spec.get("type", "ClusterIP") != "ClusterIP":
            yield f"{name} is reached from outside"
        if name != "envoy" and spec.get("clusterIP") != "None":
            yield f"{name} hides its pods from the gateway"


def versions_are_those_of_the_code(rendered: Rendered) -> Iterator[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    images = {name: service["image"] for name, service in Written.here().services.items()}
    for name, container in rendered.containers():
        image = container["image"]
        if image.startswith("xianfeng/") and image.partition(":")[2] != project:
            yield f"{name} is not of this version: {image}"
        if not image.startswith("xianfeng/") and image != images["envoy"]:
            yield f"{name} is another than in docker-compose.yml: {image}"
    kafka = rendered.of_kind("Kafka")["xianfeng"]["spec"]["kafka"]["version"]
    if images["kafka"].partition(":")[2] != kafka:
        yield f"another Kafka: {kafka}"
    mongo = rendered.of_kind("MongoDBCommunity")["mongo"]["spec"]["version"]
    if not mongo.startswith(images["mongo"].partition(":")[2] + "."):
        yield f"another MongoDB: {mongo}"


def pods_may_do_no_more_than_they_need(rendered: Rendered) -> Iterator[str]:
    for name, pod in rendered.pods.items():
        spec, whole = pod["spec"], pod["spec"].get("securityContext", {})
        if not whole.get("runAsNonRoot") or not whole.get("runAsUser"):
            yield f"{name} may run as root"
        if whole.get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield f"{name} may call the kernel for anything"
        account = rendered.of_kind("ServiceAccount").get(spec.get("serviceAccountName", ""))
        if account is None or account["automountServiceAccountToken"] or spec.get("automountServiceAccountToken"):
            yield f"{name} may hold a token for the cluster"
        if spec.get("enableServiceLinks", True) or spec.get("hostNetwork") or spec.get("hostPID"):
            yield f"{name} is told of, or sees, more than its own"
        if any("hostPath" in each for each in spec.get("volumes", ())):
            yield f"{name} reaches into its node"
    for name, container in rendered.containers():
        own = container.get("securityContext", {})
        if not own.get("readOnlyRootFilesystem") or own.get("capabilities") != {"drop": ["ALL"]}:
            yield f"{name} may write into its image, or keeps capabilities"
        if own.get("allowPrivilegeEscalation", True) or own.get("privileged") or own.get("runAsUser") == 0:
            yield f"{name} may gain privileges"


def everything_is_bounded_and_may_be_moved(rendered: Rendered) -> Iterator[str]:
    for name, container in rendered.containers():
        resources = container.get("resources", {})
        if set(resources.get("requests", ())) != {"cpu", "memory"} or "memory" not in resources.get("limits", ()):
            yield f"{name} takes what it likes"
    guarded = {
        name: budget["spec"]["selector"]["matchLabels"]
        for name, budget in rendered.of_kind("PodDisruptionBudget").items()
        if budget["spec"].get("maxUnavailable") == 1  # at least one would keep a node with the only one for ever
    }
    for name, deployment in rendered.deployments.items():
        spec = deployment["spec"]["template"]["spec"]
        if guarded.get(name) != deployment["spec"]["selector"]["matchLabels"]:
            yield f"{name} may be moved all at once, or never"
        if not any(
            each["topologyKey"] == "kubernetes.io/hostname" and {NAME, COMPONENT} <= set(each["matchLabelKeys"])
            for each in spec.get("topologySpreadConstraints", ())
        ):
            yield f"{name} may stand on one node"
        wait = spec["containers"][0].get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        if spec.get("terminationGracePeriodSeconds", 30) < supervisor.STOP_SECONDS + wait:
            yield f"{name} is killed before it has stopped"
        if not name.endswith("-worker") and not wait:
            yield f"{name} is asked after it has gone"


def apis_grow_with_their_load_and_workers_do_not(rendered: Rendered) -> Iterator[str]:
    scaled = {
        each["spec"]["scaleTargetRef"]["name"]: each["spec"]
        for each in rendered.of_kind("HorizontalPodAutoscaler").values()
    }
    apis = {process.name for process in OURS if process.room is Room.API}
    yield from (f"{name} is scaled otherwise" for name in set(scaled) ^ apis)
    yield from (f"{name} is scaled by lag" for name in rendered.of_kind("ScaledObject"))
    for process, deployment, _ in rendered.ours():
        replicas = deployment["spec"].get("replicas")
        if process.room is Room.API and replicas is not None:
            yield f"{process.name} is set back to {replicas} at every apply"
        if process.room is Room.WORKER and not 1 <= (replicas or 0) <= PARTITIONS:
            yield f"{process.name} has {replicas} for {PARTITIONS} partitions"
    least = {"county": 1, "province": 2}[rendered.size]
    counts = {name: each["minReplicas"] for name, each in scaled.items()}
    counts |= {
        name: each["spec"]["replicas"] for name, each in rendered.deployments.items() if "replicas" in each["spec"]
    }
    yield from (f"{name} goes with its node" for name, count in counts.items() if count < least)
