"""`python -m deploy.kubernetes_rules` writes deploy/prometheus/rules as the `PrometheusRule` that its operator reads.

The rules themselves are kept in deploy/prometheus alone, where promtool tries them; a test holds what is written here
to them. What only a cluster can say (a Job that failed) is added; kube-state-metrics tells it.
"""

import sys
from typing import Any

import yaml

from deploy.local.settings import ROOT

RULES = ROOT / "deploy" / "prometheus" / "rules"
TARGET = ROOT / "deploy" / "kubernetes" / "base" / "rules.yaml"
JOB = "verify-archive"
_NAMESPACE = 'namespace="xianfeng"'
_CRONJOB = f'{_NAMESPACE}, cronjob="{JOB}"'
_THREE_DAYS = 259_200
_HEAD = """\
# Written by `python -m deploy.kubernetes_rules` out of deploy/prometheus/rules: change those, then run it again.
"""
_ABOUT_THE_CLUSTER: dict[str, Any] = {
    "name": "cluster",
    "rules": [
        {
            "alert": "ArchiveBroken",
            # One check failed, or none was ended well for days, or none ever since the third day of the platform.
            "expr": (
                f'max(kube_job_failed{{{_NAMESPACE}, job_name=~"{JOB}-.+", condition="true"}}) > 0'
                f" or max(time() - (kube_cronjob_status_last_successful_time{{{_CRONJOB}}}"
                f" or kube_cronjob_created{{{_CRONJOB}}})) > {_THREE_DAYS}"
            ),
            "for": "5m",
            "labels": {"severity": "page", "service": "platform"},
            "annotations": {
                "summary": "夜间存档核对没有通过，或三天没有完成",
                "runbook_url": "docs/runbooks/archive-broken.md",
            },
        }
    ],
}


class _Plain(yaml.SafeDumper):
    """Writes what is shared twice: an anchor says nothing to a reader."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - asked for everything that is written
        return True


def groups() -> list[dict[str, Any]]:
    """Every group of deploy/prometheus/rules in the order of its files, then what only a cluster can say."""
    found: list[dict[str, Any]] = []
    for path in sorted(RULES.glob("*.yml")):
        found += yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
    return [*found, _ABOUT_THE_CLUSTER]


def text() -> str:
    """The file as it must stand."""
    resource = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "xianfeng"},
        "spec": {"groups": groups()},
    }
    return _HEAD + yaml.dump(resource, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=10_000)


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}: {len(groups())} groups\n")
