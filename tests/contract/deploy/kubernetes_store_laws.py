"""What deploy/kubernetes owes the code about topics, rights, stores, and who reaches whom; the schemas of all kinds."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml
from jsonschema_rs import Draft202012Validator, Registry

from deploy.containers import gateway_files
from deploy.local import kafka, mongod
from deploy.local.topology import SERVICES, Room
from shared.events.catalogue import CATALOGUE, FACT_TOPICS, TOPICS, rejected_topic
from shared.kafka.topics import _described
from shared.telemetry.settings import PlatformSettings
from tests.contract.deploy.compose_laws import OURS, PORT
from tests.contract.deploy.kubernetes_rendered import COMPONENT, Document, Rendered, named, selects

KUBERNETES = "v1.37.0-local-strict"
OF_OPERATORS = ("kafka.strimzi.io/", "mongodbcommunity.mongodb.com/", "monitoring.coreos.com/", "cert-manager.io/")
NODES = {"county": 1, "province": 3}
COPIES = ("default", "offsets.topic", "transaction.state.log", "share.coordinator.state.topic")
Right = tuple[str, str, str, str]


@cache
def _validator(schema: str) -> Any:
    package = find_spec("kubernetes_validate")  # its schemas alone: what it does with them takes seconds
    assert package is not None
    assert package.origin is not None
    folder = Path(package.origin).parent / "kubernetes-json-schema" / KUBERNETES
    return Draft202012Validator(json.loads((folder / schema).read_text("utf-8")), registry=_definitions(folder))


@cache
def _definitions(folder: Path) -> Any:
    known = json.loads((folder / "_definitions.json").read_text("utf-8"))
    return Registry([("json-schema:///_definitions.json", known)])


@cache
def _of_operators() -> dict[str, Any]:
    told = yaml.safe_load(Path(__file__).with_name("custom_resources.schema.yaml").read_text("utf-8"))
    return {
        kind: Draft202012Validator(
            {"$defs": told["$defs"], "type": "object", "required": ["spec"], "properties": {"spec": spec}}
        )
        for kind, spec in told["kinds"].items()
    }


def every_resource_fits_its_schema(rendered: Rendered) -> Iterator[str]:
    for each in rendered.documents:
        if each["apiVersion"].startswith(OF_OPERATORS):
            validator = _of_operators().get(each["kind"])
        else:
            group, _, version = each["apiVersion"].rpartition("/")
            prefix = f"{group.partition('.')[0]}-" if group else ""
            validator = _validator(f"{each['kind'].lower()}-{prefix}{version}.json")
        if validator is None:
            yield f"{each['kind']} is in no schema"
            continue
        for error in validator.iter_errors(each):
            yield f"{each['kind']} {named(each)}: {'/'.join(map(str, error.instance_path))}: {error.message}"
    seen = [(each["kind"], each["metadata"].get("namespace"), named(each)) for each in rendered.documents]
    yield from (f"{each} is there twice" for each in set(seen) if seen.count(each) > 1)
    yield from (
        f"{kind} {name} is in {where}" for kind, where, name in seen if kind != "Namespace" and where != "xianfeng"
    )


def topics_are_those_the_code_makes(rendered: Rendered) -> Iterator[str]:
    found = rendered.of_kind("KafkaTopic")
    yield from (f"the topic {name} is amiss" for name in set(found) ^ {topic.name for topic in TOPICS})
    for topic in TOPICS:
        if topic.name not in found:
            continue
        spec, made = found[topic.name]["spec"], _described(topic, -1)
        config = {name: str(value) for name, value in spec["config"].items()}
        if spec["partitions"] != made["num_partitions"] or config != made["configs"] or "replicas" in spec:
            yield f"the topic {topic.name} is made otherwise"


def rights_of(name: str) -> set[Right]:
    """What this user of Kafka needs: from the catalogue, and from what consumers and the redelivery do."""
    if name == "redeliver":
        reads, writes = {rejected_topic(topic) for topic in FACT_TOPICS}, set(FACT_TOPICS)
        groups = {("group", "redeliver.", "prefix", "Read"), ("group", "redeliver.", "prefix", "Describe")}
    else:
        reads = {entry.topic for entry in CATALOGUE.values() if name in entry.consumers}
        own = {entry.topic for entry in CATALOGUE.values() if entry.topic.partition(".")[0] == name}
        writes = own | {rejected_topic(topic) for topic in reads}
        groups = {("group", name, "literal", "Read"), ("group", name, "literal", "Describe")} if reads else set()
    return (
        groups
        | {("topic", topic, "literal", "Read") for topic in reads}
        | {("topic", topic, "literal", "Write") for topic in writes}
        | {("topic", topic, "literal", "Describe") for topic in reads | writes}
    )


def users_of_kafka_may_do_what_the_code_does(rendered: Rendered) -> Iterator[str]:
    users = rendered.of_kind("KafkaUser")
    expected = {service.name for service in SERVICES if service.worker} | {"redeliver"}
    yield from (f"the user {name} is amiss" for name in set(users) ^ expected)
    for name in expected & set(users):
        found = {
            (each["resource"]["type"], each["resource"]["name"], each["resource"]["patternType"], operation)
            for each in users[name]["spec"]["authorization"]["acls"]
            for operation in each["operations"]
        }
        yield from (f"{name} may {each}, which it does not" for each in found - rights_of(name))
        yield from (f"{name} may not {each}, which it does" for each in rights_of(name) - found)
        if not users[name]["spec"]["quotas"].get("producerByteRate"):
            yield f"{name} may fill the log"
    labels = [each["metadata"].get("labels", {}) for kind in ("KafkaUser", "KafkaTopic", "KafkaNodePool")
              for each in rendered.of_kind(kind).values()]  # fmt: skip
    if any(each.get("strimzi.io/cluster") != "xianfeng" for each in labels):
        yield "something belongs to no Kafka"


def kafka_is_set_up_as_in_the_local_stack(rendered: Rendered) -> Iterator[str]:
    spec = rendered.of_kind("Kafka")["xianfeng"]["spec"]["kafka"]
    config = {name: str(value).lower() for name, value in spec["config"].items()}
    lines = (line.partition("=") for line in kafka.SERVER_PROPERTIES.splitlines() if "=" in line)
    local = {name: value.lower() for name, _, value in lines if not name.startswith("#")}
    copied = {f"{each}.replication.factor" for each in COPIES} | {f"{each}.min.isr" for each in COPIES[2:]}
    for name, value in config.items():
        if name not in {*copied, "min.insync.replicas"} and local.get(name) != value:
            yield f"kafka: {name}={value}"
    for name in ("auto.create.topics.enable", "message.max.bytes", "replica.fetch.max.bytes", "num.partitions"):
        if name not in config:
            yield f"kafka: {name} is left to chance"
    nodes = NODES[rendered.size]
    if rendered.of_kind("KafkaNodePool")["node"]["spec"]["replicas"] != nodes:
        yield "kafka: another number of nodes"
    yield from (
        f"kafka: {name} goes with a node" for name in copied if "min" not in name and config[name] != str(nodes)
    )
    for name in [each for each in copied if "min" in each] + ["min.insync.replicas"]:
        if config[name] != str(nodes // 2 + 1):
            yield f"kafka: a write counts with {name}={config[name]}"
    [listener] = spec["listeners"]
    if listener["tls"] != rendered.tls:
        yield "kafka: what passes is encrypted here and plain there"
    if listener["authentication"]["type"] != "scram-sha-512" or spec["authorization"] != {"type": "simple"}:
        yield "kafka: anybody may do anything"


def mongodb_keeps_services_apart(rendered: Rendered) -> Iterator[str]:
    spec = rendered.of_kind("MongoDBCommunity")["mongo"]["spec"]
    roles = {each["name"]: [(role["name"], role["db"]) for role in each["roles"]] for each in spec["users"]}
    wanted = {each.name: [("readWrite", PlatformSettings.read({}).database(each.name))] for each in SERVICES}
    wanted |= {"verify-archive": [("archives", "admin")]}  # what that is: kubernetes_job_laws.py
    yield from (f"mongo: {name} may {roles.get(name)}" for name in set(roles) | set(wanted)
                if roles.get(name) != wanted.get(name))  # fmt: skip
    if spec["members"] != NODES[rendered.size]:
        yield "mongo: another number of members"
    options = mongod.command(Path("/data"), 1)
    config = spec["additionalMongodConfig"]
    limit = f"transactionLifetimeLimitSeconds={config.get('setParameter.transactionLifetimeLimitSeconds')}"
    if limit not in options or str(config.get("operationProfiling.slowOpThresholdMs")) not in options:
        yield "mongo: transactions last longer, or slow queries (names!) are logged"


def _peers(rules: list[Document], side: str, labels: Document, where: Document | None, port: int) -> bool:
    """Whether one of the rules lets a pod of ours (labels) or of another namespace (its labels) through at the port."""
    for rule in rules:
        if any(each["port"] == port for each in rule.get("ports", ({"port": port},))):
            for peer in rule[side]:
                selector = peer.get("podSelector" if where is None else "namespaceSelector")
                if selector is not None and selects(selector, labels if where is None else where):
                    return True
    return False


def who_reaches_whom(rendered: Rendered) -> set[tuple[str, str]]:
    """The map the policies draw: from pod to pod, on the port that is served."""
    policies = [each["spec"] for each in rendered.of_kind("NetworkPolicy").values()]
    pods = {name: pod["metadata"]["labels"] for name, pod in rendered.pods.items()}
    targets = {name: (labels, PORT) for name, labels in pods.items()}
    targets["envoy"] = (pods["envoy"], gateway_files.GATEWAY_PORT)
    targets["mongo"] = ({"app": "mongo-svc"}, 27017)
    targets["kafka"] = ({"strimzi.io/cluster": "xianfeng", "strimzi.io/name": "xianfeng-kafka"}, 9092)
    outside = {"entrance": {"xianfeng-entrance": "open"}, "prometheus": {"xianfeng-watching": "open"}, "elsewhere": {}}
    [listener] = rendered.of_kind("Kafka")["xianfeng"]["spec"]["kafka"]["listeners"]
    strimzi = {
        "podSelector": {"matchLabels": {"strimzi.io/name": "xianfeng-kafka"}},
        "policyTypes": ["Ingress"],
        "ingress": [{"from": listener["networkPolicyPeers"], "ports": [{"port": listener["port"]}]}],
    }
    found = set()
    for source, labels in [
        *((name, labels) for name, (labels, _) in targets.items()),
        *((each, {}) for each in outside),
    ]:
        for target, (wanted, port) in targets.items():
            leaves = [each.get("egress", []) for each in policies
                      if "Egress" in each["policyTypes"] and selects(each["podSelector"], labels)]  # fmt: skip
            enters = [each.get("ingress", []) for each in [*policies, strimzi]
                      if "Ingress" in each["policyTypes"] and selects(each["podSelector"], wanted)]  # fmt: skip
            where = outside.get(source)
            out = where is not None or not leaves or any(_peers(each, "to", wanted, None, port) for each in leaves)
            if out and (not enters or any(_peers(each, "from", labels, where, port) for each in enters)):
                found.add((source, target))
    return found


def nobody_is_reached_but_by_whom_he_must_be(rendered: Rendered) -> Iterator[str]:
    apis = {process.name for process in OURS if process.room is Room.API}
    workers = {process.name for process in OURS if process.room is Room.WORKER}
    expected = (
        {("entrance", "envoy"), ("mongo", "mongo"), ("redeliver", "kafka"), ("verify-archive", "mongo")}
        | {("envoy", api) for api in apis}
        | {(api, "identity-api") for api in apis}
        | {(each, "mongo") for each in apis | workers}
        | {(each, "kafka") for each in workers}
        | {("prometheus", each) for each in apis | workers}
    )
    found = who_reaches_whom(rendered)
    yield from (f"{source} reaches {target}" for source, target in found - expected)
    yield from (f"{source} does not reach {target}" for source, target in expected - found)
    for policy in rendered.of_kind("NetworkPolicy").values():
        peers = [peer["ipBlock"]["cidr"] for rule in policy["spec"].get("egress", ()) for peer in rule["to"]
                 if "ipBlock" in peer]  # fmt: skip
        one_host = rendered.issuer and all(cidr.endswith(("/32", "/128")) for cidr in peers)
        if (
            peers
            and not one_host
            and any(selects(policy["spec"]["podSelector"], pod["metadata"]["labels"]) for pod in rendered.pods.values())
        ):
            yield f"{named(policy)} lets ours out into the world"
    if any(COMPONENT not in pod["metadata"]["labels"] for pod in rendered.pods.values()):
        yield "a pod has no place on the map"
