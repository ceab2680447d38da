"""What the components of deploy/kubernetes owe the code: TLS between pods, another issuer; silent without them."""

from collections.abc import Iterator

from deploy.local.topology import Room
from tests.contract.deploy.kubernetes_laws import BROKER, KAFKA_AUTHORITY, STORE, told
from tests.contract.deploy.kubernetes_rendered import NAME, Document, Rendered, selects

FILES = {
    "XIANFENG_TLS_CERTIFICATE": "/tls/tls.crt",
    "XIANFENG_TLS_KEY": "/tls/tls.key",
    "XIANFENG_TLS_CA": "/tls/ca.crt",
}
GATEWAYS = {
    "XIANFENG_GATEWAY_CERTIFICATE": "/tls/tls.crt",
    "XIANFENG_GATEWAY_KEY": "/tls/tls.key",
    "XIANFENG_TLS_CA": "/tls/ca.crt",
}
WATCHED = "process.xianfeng"
OF_STRIMZI = "xianfeng-cluster-ca-cert"


def mounted(pod: Document, container: Document) -> dict[str, Document]:
    """The volumes a container sees, by where it sees them."""
    volumes = {each["name"]: each for each in pod["spec"].get("volumes", ())}
    return {each["mountPath"]: volumes[each["name"]] for each in container.get("volumeMounts", ())}


def certificates(rendered: Rendered) -> dict[str, Document]:
    """What cert-manager is asked for, by the Secret it writes."""
    return {each["spec"]["secretName"]: each["spec"] for each in rendered.of_kind("Certificate").values()}


def differing(who: str, given: dict[str, str], wanted: dict[str, str], rendered: Rendered) -> Iterator[str]:
    """Which of the settings somebody is not told with TLS, or is told without."""
    for name, file in wanted.items():
        if given.get(name) != (file if rendered.tls else None):
            yield f"{who} is told {name}={given.get(name)}"


def processes_and_the_gateway_are_told_of_tls_or_not(rendered: Rendered) -> Iterator[str]:
    for process, _, container in rendered.ours():
        yield from differing(process.name, told(container, rendered), FILES, rendered)
    init = rendered.pods["envoy"]["spec"]["initContainers"][0]
    yield from differing("the gateway", told(init, rendered), GATEWAYS, rendered)
    for endpoint in rendered.of_kind("PodMonitor")["xianfeng"]["spec"]["podMetricsEndpoints"]:
        if endpoint.get("scheme", "http") != ("https" if rendered.tls else "http"):
            yield "Prometheus asks otherwise than is answered"


def stores_are_asked_by_tls_or_not(rendered: Rendered) -> Iterator[str]:
    mongo = rendered.of_kind("MongoDBCommunity")["mongo"]["spec"]
    if mongo["security"].get("tls", {}).get("enabled", False) != rendered.tls:
        yield "mongo: what passes is encrypted here and plain there"
    if not rendered.tls:
        return
    if mongo.get("additionalConnectionStringConfig") != {"tlsCAFile": FILES["XIANFENG_TLS_CA"]}:
        yield "mongo: nobody is told whom to trust"
    for name, pod in rendered.pods.items():
        for container in pod["spec"]["containers"]:
            sees = mounted(pod, container)
            broker = told(container, rendered).get(BROKER)
            if broker and not (broker.startswith("scram+tls://") and broker.endswith(f"?ca={KAFKA_AUTHORITY}")):
                yield f"{name} asks Kafka in plain"
            if broker and sees.get("/kafka", {}).get("secret", {}).get("secretName") != OF_STRIMZI:
                yield f"{name} does not see who vouches for Kafka"
            if STORE in told(container, rendered) and "/tls" not in sees:
                yield f"{name} does not see who vouches for MongoDB"


def nobody_holds_the_key_of_another(rendered: Rendered) -> Iterator[str]:
    if not rendered.tls:
        return
    asked_for = certificates(rendered)
    for name, pod in rendered.pods.items():
        owner = "gateway" if name == "envoy" else pod["metadata"]["labels"][NAME]
        for volume in pod["spec"].get("volumes", ()):
            secret = volume.get("secret", {})
            if not secret.get("secretName", "").startswith("tls-"):
                continue
            if secret["secretName"] not in asked_for:
                yield f"{name} waits for {secret['secretName']}, which nobody makes"
            if [each["key"] for each in secret.get("items", ())] == ["ca.crt"]:
                continue
            if secret["secretName"] != f"tls-{owner}":
                yield f"{name} holds the key of {secret['secretName']}"
            if secret.get("defaultMode") != 0o440:
                yield f"everybody in {name} reads the key"


def everybody_shows_who_he_is(rendered: Rendered) -> Iterator[str]:
    if not rendered.tls:
        return
    wanted = {process.name: {process.name, WATCHED} for process, _, _ in rendered.ours()}
    for name, names in (wanted | {"envoy": {"envoy", "envoy.xianfeng.svc"}}).items():
        pod = rendered.pods[name]
        for container in (*pod["spec"].get("initContainers", ()), *pod["spec"]["containers"]):
            secret = mounted(pod, container).get("/tls", {}).get("secret", {}).get("secretName", "")
            shown = certificates(rendered).get(secret, {}).get("dnsNames", [])
            yield from (f"{name}/{container['name']} cannot prove it is {each}" for each in names - set(shown))
    for endpoint in rendered.of_kind("PodMonitor")["xianfeng"]["spec"]["podMetricsEndpoints"]:
        if endpoint["tlsConfig"]["serverName"] != WATCHED:
            yield f"Prometheus looks for {endpoint['tlsConfig']['serverName']}"
    mongo = rendered.of_kind("MongoDBCommunity")["mongo"]["spec"]["security"]["tls"]
    if {mongo["certificateKeySecretRef"]["name"], mongo["caCertificateSecretRef"]["name"]} != {"tls-mongo"}:
        yield "mongo shows the certificate of another"


def certificates_come_from_one_authority_and_are_renewed_in_time(rendered: Rendered) -> Iterator[str]:
    issuers = rendered.of_kind("Issuer")
    for name, each in rendered.of_kind("Certificate").items():
        if not rendered.tls:
            yield f"{name} is for nobody"
        elif each["spec"]["issuerRef"]["name"] not in issuers:
            yield f"{name} is signed by nobody"
        elif not each["spec"].get("isCA"):
            yield from _amiss(name, each["spec"])


def _amiss(name: str, spec: Document) -> Iterator[str]:
    if spec["issuerRef"]["name"] != "authority":
        yield f"{name} is signed by itself"
    usages = {"server auth", "client auth"} if name == "mongo" else {"server auth"}  # members of a set ask one another
    yield from (f"{name} may not be shown for {each}" for each in usages - set(spec.get("usages", ())))
    lasts, before = int(spec["duration"].removesuffix("h")), int(spec["renewBefore"].removesuffix("h"))
    if not 30 * 24 <= before < lasts:
        yield f"{name} leaves no time to start again after it was renewed"


def another_issuer_is_named_to_all_who_read_tokens(rendered: Rendered) -> Iterator[str]:
    settings = rendered.config("settings")
    if (settings.get("XIANFENG_CLAIMS") is not None) != rendered.issuer:
        yield f"all are told XIANFENG_CLAIMS={settings.get('XIANFENG_CLAIMS')}"
    if not rendered.issuer:
        return
    if "identity-api" in settings["XIANFENG_JWKS_URL"] or settings["XIANFENG_ISSUER"].endswith("/api/identity"):
        yield "our own accounts are believed"
    folder, _, file = settings["XIANFENG_CLAIMS"].rpartition("/")
    for process, _, container in rendered.ours():
        volume = mounted(rendered.pods[process.name], container).get(folder, {})
        claims = rendered.config(volume.get("configMap", {}).get("name", "").rpartition("-")[0])
        if process.room is Room.API and file not in claims:
            yield f"{process.name} finds no {settings['XIANFENG_CLAIMS']}"
    gateway = told(rendered.pods["envoy"]["spec"]["initContainers"][0], rendered)
    if gateway.get("XIANFENG_JWKS_URL") != settings["XIANFENG_JWKS_URL"]:
        yield f"the gateway reads keys at {gateway.get('XIANFENG_JWKS_URL')}"
    policy = rendered.of_kind("NetworkPolicy")["issuer"]["spec"]
    selected = {
        name for name, pod in rendered.pods.items() if selects(policy["podSelector"], pod["metadata"]["labels"])
    }
    readers = {process.name for process, _, _ in rendered.ours() if process.room is Room.API} | {"envoy"}
    if selected != readers or not any("ipBlock" in str(rule) for rule in policy["egress"]):
        yield f"the issuer is reached by {selected}"
