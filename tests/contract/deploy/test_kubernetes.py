"""deploy/kubernetes says what the code says, for a county and for a province; every law is seen to be broken once."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from services.identity.adapters.key_folder import KeyFolder
from tests.contract.deploy import kubernetes_job_laws as jobs
from tests.contract.deploy import kubernetes_laws as processes
from tests.contract.deploy import kubernetes_store_laws as stores
from tests.contract.deploy import kubernetes_tls_laws as links
from tests.contract.deploy.kubernetes_rendered import GONE, OVERLAYS, Law, Rendered

LAWS: tuple[Law, ...] = (
    processes.every_process_is_deployed_and_nothing_else,
    processes.every_command_is_that_of_the_code,
    processes.every_setting_is_read,
    processes.every_process_is_told_what_it_needs,
    processes.every_secret_is_named_and_none_is_here,
    processes.the_signing_keys_are_identitys_alone,
    processes.health_is_asked_where_it_is_served,
    processes.addresses_are_those_that_are_served,
    processes.versions_are_those_of_the_code,
    processes.pods_may_do_no_more_than_they_need,
    processes.everything_is_bounded_and_may_be_moved,
    processes.apis_grow_with_their_load_and_workers_do_not,
    stores.every_resource_fits_its_schema,
    stores.topics_are_those_the_code_makes,
    stores.users_of_kafka_may_do_what_the_code_does,
    stores.kafka_is_set_up_as_in_the_local_stack,
    stores.mongodb_keeps_services_apart,
    stores.nobody_is_reached_but_by_whom_he_must_be,
    jobs.archives_are_verified_every_night,
    jobs.who_verifies_archives_reads_nothing_else,
    jobs.prometheus_watches_what_it_watches_elsewhere,
    links.processes_and_the_gateway_are_told_of_tls_or_not,
    links.stores_are_asked_by_tls_or_not,
    links.nobody_holds_the_key_of_another,
    links.everybody_shows_who_he_is,
    links.certificates_come_from_one_authority_and_are_renewed_in_time,
    links.another_issuer_is_named_to_all_who_read_tokens,
    processes.what_a_setting_names_is_told_before_it,
)
SPEC = "spec/template/spec"
CONTAINER = f"{SPEC}/containers/0"
DEPLOYMENT = ("Deployment", "visits-worker")
API = ("Deployment", "visits-api")
ENVOY = ("Deployment", "envoy")
KAFKA = ("Kafka", "xianfeng")
MONGO = ("MongoDBCommunity", "mongo")
NIGHT = ("CronJob", "verify-archive")
RULES = ("PrometheusRule", "xianfeng")
ALERT = "spec/groups/0/rules/0/annotations/runbook_url"
MONITOR, ENDPOINT = ("PodMonitor", "xianfeng"), "spec/podMetricsEndpoints/0"
ISSUERS = ("NetworkPolicy", "issuer")
OF_VISITS = ("Certificate", "visits")
JOBS_POD = "spec/jobTemplate/spec/template/spec"
JOB = f"{JOBS_POD}/containers/0"
ROLE = "spec/security/roles/0"
TLS, BOTH = "county+tls", "province+tls+issuer"
NEW: dict[str, Any] = {"name": "XIANFENG_TEA", "value": "black"}


class Violation(NamedTuple):
    """Which field of which resource says something else, and what the law then says."""

    law: Law
    resource: tuple[str, str]
    path: str
    value: Any
    told: str
    overlay: str = "county"


VIOLATIONS = (
    Violation(LAWS[0], DEPLOYMENT, "", GONE, "visits-worker is missing"),
    Violation(LAWS[0], DEPLOYMENT, "metadata/name", "visits-wanderer", "visits-wanderer is nobody's"),
    Violation(LAWS[0], ("Service", "envoy"), "kind", "Ingress", "Ingress envoy is nobody's"),
    Violation(LAWS[0], ("CronJob", "redeliver"), "spec/suspend", value=False, told="redeliver runs by itself"),
    Violation(LAWS[0], NIGHT, "spec/suspend", value=True, told="verify-archive runs by hand"),
    Violation(LAWS[1], DEPLOYMENT, f"{CONTAINER}/args/1", "api", "visits-worker runs"),
    Violation(LAWS[1], DEPLOYMENT, f"{CONTAINER}/image", "xianfeng/duties:0.1.0", "visits-worker runs xianfeng/duties"),
    Violation(LAWS[1], DEPLOYMENT, "spec/selector/matchLabels/app.kubernetes.io~name", "duties", "know its own pods"),
    Violation(LAWS[1], ENVOY, f"{SPEC}/initContainers/0/args/0", "deploy.containers.toys", "which there is not"),
    Violation(LAWS[1], ENVOY, f"{CONTAINER}/command/3", "--consternation", "the gateway is started otherwise"),
    Violation(LAWS[2], DEPLOYMENT, f"{CONTAINER}/env", [NEW], "visits-worker is told XIANFENG_TEA"),
    Violation(LAWS[2], ENVOY, f"{SPEC}/initContainers/0/env", [NEW], "envoy/gateway-files is told XIANFENG_TEA"),
    Violation(LAWS[3], DEPLOYMENT, f"{CONTAINER}/env/2", NEW, "not told XIANFENG_KAFKA_BOOTSTRAP"),
    Violation(
        LAWS[3],
        API,
        f"{CONTAINER}/env/0",
        {"name": "XIANFENG_KAFKA_BOOTSTRAP", "value": "kafka:9092"},
        "visits-api is told XIANFENG_KAFKA_BOOTSTRAP",
    ),
    Violation(LAWS[3], DEPLOYMENT, f"{CONTAINER}/env/2/value", "scram://duties:x@k:9092", "reaches Kafka at scram"),
    Violation(LAWS[3], DEPLOYMENT, f"{CONTAINER}/envFrom", [], "not told XIANFENG_ISSUER"),
    Violation(LAWS[3], ENVOY, f"{SPEC}/initContainers/0/env", [], "trusts another issuer"),
    Violation(LAWS[4], DEPLOYMENT, f"{CONTAINER}/env/0/valueFrom/secretKeyRef/name", "mongo-trips", "nobody makes"),
    Violation(LAWS[4], DEPLOYMENT, f"{CONTAINER}/env/0/valueFrom/secretKeyRef/name", "mongo-duties", "of another"),
    Violation(LAWS[4], DEPLOYMENT, f"{CONTAINER}/env/1", {"name": "KAFKA_PASSWORD", "value": "x"}, "of its own"),
    Violation(LAWS[4], ("ServiceAccount", "visits"), "kind", "Secret", "visits is committed"),
    Violation(LAWS[4], MONGO, "spec/users/0/passwordSecretRef/key", "nobody", "differ about"),
    Violation(LAWS[5], ("Deployment", "identity-api"), f"{SPEC}/volumes", [], "must see the signing keys"),
    Violation(
        LAWS[5], API, f"{SPEC}/volumes/0", {"name": "keys", "secret": {"secretName": "identity-keys"}}, "must not see"
    ),
    Violation(
        LAWS[5], ("Deployment", "identity-api"), f"{CONTAINER}/volumeMounts/2/mountPath", "/keys", "keys elsewhere"
    ),
    Violation(LAWS[6], DEPLOYMENT, f"{CONTAINER}/readinessProbe/httpGet/path", "/health", "readinessProbe asks"),
    Violation(LAWS[6], DEPLOYMENT, f"{CONTAINER}/livenessProbe", GONE, "livenessProbe asks"),
    Violation(LAWS[6], DEPLOYMENT, f"{CONTAINER}/ports/0/containerPort", 8001, "startupProbe asks"),
    Violation(LAWS[6], ("PodMonitor", "xianfeng"), "spec/podMetricsEndpoints/0/path", "/numbers", "Prometheus asks"),
    Violation(LAWS[6], ("PodMonitor", "xianfeng"), "spec/podMetricsEndpoints/0/relabelings", [], "service is amiss"),
    Violation(LAWS[6], ENVOY, f"{CONTAINER}/readinessProbe/exec/command/2", "true", "asked for its health otherwise"),
    Violation(LAWS[7], ("Service", "visits-api"), "", GONE, "visits-api is amiss"),
    Violation(LAWS[7], ("Service", "visits-api"), "spec/ports/0/port", 80, "visits-api is looked for at 8000"),
    Violation(
        LAWS[7], ("Service", "visits-api"), "spec/selector", {"app.kubernetes.io/name": "trips"}, "leads to nobody"
    ),
    Violation(LAWS[7], ("Service", "envoy"), "spec/type", "NodePort", "envoy is reached from outside"),
    Violation(LAWS[7], ("Service", "visits-api"), "spec/clusterIP", GONE, "hides its pods"),
    Violation(LAWS[7], ENVOY, f"{CONTAINER}/ports/0/containerPort", 80, "envoy listens elsewhere"),
    Violation(LAWS[8], DEPLOYMENT, f"{CONTAINER}/image", "xianfeng/visits:latest", "is not of this version"),
    Violation(LAWS[8], DEPLOYMENT, f"{CONTAINER}/image", "xianfeng/visits", "is not of this version"),
    Violation(LAWS[8], ENVOY, f"{CONTAINER}/image", "envoyproxy/envoy:v1.39.0", "than in docker-compose.yml"),
    Violation(LAWS[8], KAFKA, "spec/kafka/version", "4.2.0", "another Kafka"),
    Violation(LAWS[8], MONGO, "spec/version", "7.0.1", "another MongoDB"),
    Violation(LAWS[9], DEPLOYMENT, f"{SPEC}/securityContext/runAsNonRoot", value=False, told="may run as root"),
    Violation(LAWS[9], DEPLOYMENT, f"{SPEC}/securityContext/seccompProfile/type", "Unconfined", "for anything"),
    Violation(LAWS[9], DEPLOYMENT, f"{SPEC}/automountServiceAccountToken", value=True, told="a token for the cluster"),
    Violation(LAWS[9], DEPLOYMENT, f"{SPEC}/serviceAccountName", "default", "a token for the cluster"),
    Violation(LAWS[9], DEPLOYMENT, f"{SPEC}/hostNetwork", value=True, told="sees, more than its own"),
    Violation(LAWS[9], DEPLOYMENT, f"{SPEC}/volumes/0", {"name": "data", "hostPath": {"path": "/"}}, "into its node"),
    Violation(LAWS[9], ENVOY, f"{CONTAINER}/securityContext/readOnlyRootFilesystem", GONE, "write into its image"),
    Violation(LAWS[9], ENVOY, f"{CONTAINER}/securityContext/privileged", value=True, told="may gain privileges"),
    Violation(LAWS[10], DEPLOYMENT, f"{CONTAINER}/resources/limits", GONE, "takes what it likes"),
    Violation(LAWS[10], ("PodDisruptionBudget", "visits-worker"), "", GONE, "all at once, or never"),
    Violation(LAWS[10], ("PodDisruptionBudget", "envoy"), "spec", {"minAvailable": 1}, "all at once, or never"),
    Violation(LAWS[10], DEPLOYMENT, f"{SPEC}/topologySpreadConstraints", [], "may stand on one node"),
    Violation(LAWS[10], DEPLOYMENT, f"{SPEC}/terminationGracePeriodSeconds", 10, "killed before it has stopped"),
    Violation(LAWS[10], API, f"{CONTAINER}/lifecycle", GONE, "is asked after it has gone"),
    Violation(LAWS[11], ("HorizontalPodAutoscaler", "visits-api"), "", GONE, "visits-api is scaled otherwise"),
    Violation(LAWS[11], ("HorizontalPodAutoscaler", "visits-api"), "kind", "ScaledObject", "is scaled by lag"),
    Violation(LAWS[11], API, "spec/replicas", 1, "set back to 1 at every apply"),
    Violation(LAWS[11], ("Deployment", "scoring-worker"), "spec/replicas", 9, "9 for 8 partitions"),
    Violation(LAWS[11], DEPLOYMENT, "spec/replicas", 1, "visits-worker goes with its node", "province"),
    Violation(LAWS[12], DEPLOYMENT, f"{CONTAINER}/imagePolicy", "Always", "Deployment visits-worker"),
    Violation(LAWS[12], ("HorizontalPodAutoscaler", "visits-api"), "spec/maxReplicas", "many", "maxReplicas"),
    Violation(LAWS[12], KAFKA, "spec/kafka/zookeeper", {}, "zookeeper"),
    Violation(LAWS[12], ("PodMonitor", "xianfeng"), "kind", "PodWatcher", "PodWatcher is in no schema"),
    Violation(
        LAWS[12], ("KafkaNodePool", "node"), "spec/storage/volumes/0/deleteClaim", value=True, told="false was expected"
    ),
    Violation(LAWS[12], DEPLOYMENT, "metadata/name", "visits-api", "is there twice"),
    Violation(LAWS[12], DEPLOYMENT, "metadata/namespace", "default", "visits-worker is in default"),
    Violation(LAWS[13], ("KafkaTopic", "visits.events"), "", GONE, "visits.events is amiss"),
    Violation(LAWS[13], ("KafkaTopic", "visits.events"), "spec/partitions", 4, "visits.events is made otherwise"),
    Violation(LAWS[13], ("KafkaTopic", "visits.events"), "spec/config/retention.ms", 604800000, "made otherwise"),
    Violation(LAWS[13], ("KafkaTopic", "visits.events"), "spec/replicas", 1, "made otherwise"),
    Violation(LAWS[14], ("KafkaUser", "visits"), "metadata/name", "trips", "the user trips is amiss"),
    Violation(
        LAWS[14], ("KafkaUser", "visits"), "spec/authorization/acls/0/resource/name", "members.restricted", "may ("
    ),
    Violation(LAWS[14], ("KafkaUser", "visits"), "spec/authorization/acls", [], "may not ('topic', 'visits.events'"),
    Violation(LAWS[14], ("KafkaUser", "scoring"), "spec/quotas", {}, "scoring may fill the log"),
    Violation(LAWS[14], ("KafkaUser", "scoring"), "metadata/labels", {}, "belongs to no Kafka"),
    Violation(LAWS[15], KAFKA, "spec/kafka/config/message.max.bytes", 1048576, "message.max.bytes=1048576"),
    Violation(LAWS[15], KAFKA, "spec/kafka/config/auto.create.topics.enable", GONE, "left to chance"),
    Violation(LAWS[15], KAFKA, "spec/kafka/config/default.replication.factor", 1, "goes with a node", "province"),
    Violation(LAWS[15], KAFKA, "spec/kafka/config/min.insync.replicas", 1, "a write counts", "province"),
    Violation(LAWS[15], ("KafkaNodePool", "node"), "spec/replicas", 2, "another number of nodes"),
    Violation(LAWS[15], KAFKA, "spec/kafka/authorization/type", "none", "anybody may do anything"),
    Violation(LAWS[16], MONGO, "spec/users/0/roles/0/db", "xianfeng_duties", "mongo: identity may"),
    Violation(LAWS[16], MONGO, "spec/members", 2, "another number of members"),
    Violation(LAWS[16], MONGO, "spec/additionalMongodConfig/operationProfiling.slowOpThresholdMs", 100, "slow queries"),
    Violation(LAWS[17], ("NetworkPolicy", "nobody"), "", GONE, "elsewhere reaches redeliver"),
    Violation(LAWS[17], ("NetworkPolicy", "signing-keys"), "", GONE, "visits-api does not reach identity-api"),
    Violation(LAWS[17], ("NetworkPolicy", "metrics"), "", GONE, "prometheus does not reach visits-worker"),
    Violation(
        LAWS[17], ("NetworkPolicy", "gateway"), "spec/ingress/0/from/0/namespaceSelector", {}, "elsewhere reaches"
    ),
    Violation(
        LAWS[17], ("NetworkPolicy", "api"), "spec/ingress/0/from/0", {"namespaceSelector": {}}, "elsewhere reaches"
    ),
    Violation(LAWS[17], ("NetworkPolicy", "mongo"), "spec/podSelector", {}, "mongo lets ours out into the world"),
    Violation(LAWS[17], KAFKA, "spec/kafka/listeners/0/networkPolicyPeers", [], "visits-worker does not reach kafka"),
    Violation(LAWS[17], ISSUERS, "spec/egress/0/to/0/ipBlock/cidr", "0.0.0.0/0", "out into the world", BOTH),
    Violation(LAWS[18], NIGHT, "spec/schedule", "30 2 * * 0", "archives are verified at 30 2 * * 0"),
    Violation(LAWS[18], NIGHT, "spec/timeZone", GONE, "archives are verified at 30 2 * * * None"),
    Violation(LAWS[18], NIGHT, "spec/schedule", "31 2 * * *", "recovery.md does not say"),
    Violation(LAWS[18], NIGHT, "spec/concurrencyPolicy", "Allow", "twice at once"),
    Violation(LAWS[18], NIGHT, "spec/jobTemplate/spec/ttlSecondsAfterFinished", 60, "forgotten before the next"),
    Violation(LAWS[18], NIGHT, f"{JOB}/args/0", "shared.mongo.unpark", "verified by ['shared.mongo.unpark']"),
    Violation(LAWS[19], MONGO, f"{ROLE}/privileges/0/resource/db", "xianfeng_identity", "may not ('xianfeng_members'"),
    Violation(LAWS[19], MONGO, f"{ROLE}/privileges/0/resource/collection", "", "the check may ('xianfeng_members', ''"),
    Violation(LAWS[19], MONGO, f"{ROLE}/roles", [{"name": "root", "db": "admin"}], "may what others may"),
    Violation(LAWS[19], MONGO, "spec/users/0/roles/0", {"name": "archives", "db": "admin"}, "archives are read by"),
    Violation(LAWS[20], RULES, "spec/groups/0/rules/0/expr", "vector(1)", "the rules running differ"),
    Violation(LAWS[20], RULES, "spec/groups/0/name", "walking", "the rules walking are in no file"),
    Violation(LAWS[20], RULES, ALERT, "docs/runbooks/none.md", "ServiceDown has no page"),
    Violation(LAWS[21], API, f"{CONTAINER}/envFrom", [], "visits-api is told XIANFENG_TLS_KEY=None", TLS),
    Violation(LAWS[21], ENVOY, f"{SPEC}/initContainers/0/envFrom", [], "told XIANFENG_GATEWAY_KEY=None", TLS),
    Violation(LAWS[21], MONITOR, f"{ENDPOINT}/scheme", GONE, "Prometheus asks otherwise", TLS),
    Violation(LAWS[22], MONGO, "spec/security/tls", GONE, "mongo: what passes", TLS),
    Violation(LAWS[22], MONGO, "spec/additionalConnectionStringConfig", {}, "nobody is told whom to trust", TLS),
    Violation(
        LAWS[22], ("CronJob", "redeliver"), f"{JOB}/env/1/value", "scram://a:b@c:9092", "asks Kafka in plain", TLS
    ),
    Violation(LAWS[22], DEPLOYMENT, f"{CONTAINER}/volumeMounts", [], "does not see who vouches for Kafka", TLS),
    Violation(LAWS[22], NIGHT, f"{JOB}/volumeMounts", [], "does not see who vouches for MongoDB", TLS),
    Violation(LAWS[23], API, f"{SPEC}/volumes/0/secret/secretName", "tls-duties", "holds the key of tls-duties", TLS),
    Violation(LAWS[23], API, f"{SPEC}/volumes/0/secret/defaultMode", 0o444, "everybody in visits-api reads", TLS),
    Violation(LAWS[23], NIGHT, f"{JOBS_POD}/volumes/0/secret/items", [], "verify-archive holds the key", TLS),
    Violation(LAWS[23], OF_VISITS, "spec/secretName", "tls-trips", "waits for tls-visits, which nobody makes", TLS),
    Violation(LAWS[24], ENVOY, f"{CONTAINER}/volumeMounts", [], "envoy/envoy cannot prove it is envoy", TLS),
    Violation(LAWS[24], OF_VISITS, "spec/dnsNames", ["visits-api"], "visits-worker/process cannot prove", TLS),
    Violation(LAWS[24], MONGO, "spec/security/tls/certificateKeySecretRef/name", "tls-visits", "of another", TLS),
    Violation(LAWS[24], MONITOR, f"{ENDPOINT}/tlsConfig/serverName", "x", "Prometheus looks for x", TLS),
    Violation(LAWS[25], ("ServiceAccount", "visits"), "kind", "Certificate", "visits is for nobody"),
    Violation(LAWS[25], OF_VISITS, "spec/issuerRef/name", "nobody", "visits is signed by nobody", TLS),
    Violation(LAWS[25], OF_VISITS, "spec/issuerRef/name", "itself", "visits is signed by itself", TLS),
    Violation(LAWS[25], OF_VISITS, "spec/usages", ["client auth"], "visits may not be shown", TLS),
    Violation(LAWS[25], ("Certificate", "mongo"), "spec/usages", ["server auth"], "mongo may not be shown", TLS),
    Violation(LAWS[25], OF_VISITS, "spec/renewBefore", "24h", "leaves no time", TLS),
    Violation(LAWS[26], API, f"{SPEC}/volumes/0/configMap/name", "none-1", "visits-api finds no /claims", BOTH),
    Violation(LAWS[26], ENVOY, f"{SPEC}/initContainers/0/envFrom", [], "the gateway reads keys at", BOTH),
    Violation(LAWS[26], ISSUERS, "spec/egress", [], "the issuer is reached by", BOTH),
    Violation(LAWS[26], ISSUERS, "spec/podSelector", {}, "the issuer is reached by", BOTH),
    Violation(LAWS[27], DEPLOYMENT, f"{CONTAINER}/env/1", NEW, "names KAFKA_PASSWORD, which is not told before it"),
)


def named(law: Callable[..., object]) -> str:
    return law.__name__


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("law", LAWS, ids=named)
def test_the_resources_keep_the_law(law: Law, overlay: str) -> None:
    assert list(law(Rendered.of(overlay))) == []


@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda each: f"{named(each.law)}: {each.told}")
def test_a_deliberate_violation_is_seen(violation: Violation) -> None:
    changed = Rendered.of(violation.overlay).but(*violation.resource, violation.path, violation.value)
    complaints = list(violation.law(changed))

    assert any(violation.told in complaint for complaint in complaints), complaints


def test_every_law_is_seen_to_be_broken() -> None:
    assert {violation.law for violation in VIOLATIONS} == set(LAWS)


def test_identity_signs_with_a_key_it_may_only_read(tmp_path: Path) -> None:
    asyncio.run(KeyFolder(tmp_path).ensure())
    [made] = tmp_path.iterdir()
    made.chmod(0o440)
    tmp_path.chmod(0o500)  # as the Secret is mounted
    folder = KeyFolder(tmp_path)

    asyncio.run(folder.ensure())

    assert [key["kid"] for key in folder.public()["keys"]] == [folder.signing().kid]
    assert list(tmp_path.iterdir()) == [made]
