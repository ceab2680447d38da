"""What deploy/kubernetes owes the code about what runs by the clock and what Prometheus is told to watch."""

import re
from collections.abc import Iterator
from typing import Any

from deploy import kubernetes_rules
from shared.mongo import verify_archive
from shared.telemetry.settings import PlatformSettings
from tests.contract.deploy.compose_laws import ROOT
from tests.contract.deploy.kubernetes_rendered import Rendered

RECOVERY = ROOT / "docs" / "operations" / "recovery.md"
MAKEFILE = ROOT / "Makefile"
NIGHT = "verify-archive"
COLLECTIONS = ("archive", "archive_heads")
"""What a chain is walked in, and where its end is kept (shared/mongo/archive.py)."""


def archives_are_verified_every_night(rendered: Rendered) -> Iterator[str]:
    job = rendered.of_kind("CronJob")[NIGHT]["spec"]
    minute, hour, *days = job["schedule"].split()
    if days != ["*", "*", "*"] or int(hour) > 5 or job.get("timeZone") != "Asia/Shanghai":
        yield f"archives are verified at {job['schedule']} {job.get('timeZone')}"
    if job["concurrencyPolicy"] != "Forbid":
        yield "archives are verified twice at once"
    if job["jobTemplate"]["spec"].get("ttlSecondsAfterFinished", 0) < 24 * 3600:
        yield "a check that failed is forgotten before the next"
    [container] = job["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    by_hand = re.findall(rf"^{NIGHT}:.*\n\t@\$\(LOCAL\) run (\S+)", MAKEFILE.read_text("utf-8"), re.MULTILINE)
    if container["args"] != by_hand or by_hand != [verify_archive.__name__]:
        yield f"archives are verified by {container['args']}"
    on_a_machine = f"OnCalendar=*-*-* {int(hour):02}:{int(minute):02}:00 Asia/Shanghai"
    if on_a_machine not in RECOVERY.read_text("utf-8"):
        yield f"recovery.md does not say {on_a_machine}"


def who_verifies_archives_reads_nothing_else(rendered: Rendered) -> Iterator[str]:
    spec = rendered.of_kind("MongoDBCommunity")["mongo"]["spec"]
    [role] = spec["security"]["roles"]
    found = {
        (each["resource"]["db"], each["resource"]["collection"], action)
        for each in role["privileges"]
        for action in each["actions"]
    }
    database = PlatformSettings.read({}).database
    needed = {(database(service), name, "find") for service in verify_archive.SERVICES for name in COLLECTIONS}
    yield from (f"the check may {each}" for each in found - needed)
    yield from (f"the check may not {each}" for each in needed - found)
    if role.get("roles") or (role["role"], role["db"]) != ("archives", "admin"):
        yield "the check may what others may"
    users = {each["name"] for each in spec["users"] if {"name": "archives", "db": "admin"} in each["roles"]}
    if users != {NIGHT}:
        yield f"archives are read by {users}"


def prometheus_watches_what_it_watches_elsewhere(rendered: Rendered) -> Iterator[str]:
    found: list[dict[str, Any]] = rendered.of_kind("PrometheusRule")["xianfeng"]["spec"]["groups"]
    *elsewhere, cluster = kubernetes_rules.groups()
    yield from (f"the rules {each['name']} differ" for each in elsewhere if each not in found)
    yield from (f"the rules {each['name']} are in no file" for each in found if each not in [*elsewhere, cluster])
    jobs = re.findall(r'(?:cronjob|job_name)=~?"([\w-]+?)(?:-\.\+)?"', str(cluster))
    if set(jobs) != {NIGHT}:
        yield f"{jobs} are watched"
    for rule in (rule for group in found for rule in group["rules"] if "alert" in rule):
        if not (ROOT / rule["annotations"]["runbook_url"]).is_file():
            yield f"{rule['alert']} has no page"
