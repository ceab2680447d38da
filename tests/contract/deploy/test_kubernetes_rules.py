"""Prometheus' operator is given the rules of deploy/prometheus, and one that only a cluster can see broken."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import kubernetes_rules

PROMTOOL = shutil.which("promtool")
A_DAY = 86_400
CRONJOB = 'namespace="xianfeng", cronjob="verify-archive"'
FAILED = 'kube_job_failed{namespace="xianfeng", job_name="verify-archive-29", condition="true"}'
ENDED = f"kube_cronjob_status_last_successful_time{{{CRONJOB}}}"
MADE = f"kube_cronjob_created{{{CRONJOB}}}"

with_promtool = pytest.mark.skipif(PROMTOOL is None, reason="promtool is not on the PATH (apt-get install prometheus)")


def alert(series: dict[str, str], at: str, tmp_path: Path) -> bool:
    """Whether ArchiveBroken is firing at that moment, by the word of promtool."""
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": kubernetes_rules.groups()}), "utf-8")
    [group] = [each for each in kubernetes_rules.groups() if each["name"] == "cluster"]
    [rule] = group["rules"]
    fired = {"exp_labels": rule["labels"], "exp_annotations": rule["annotations"]}
    told: dict[str, Any] = {
        "rule_files": ["rules.yml"],
        "evaluation_interval": "1h",
        "tests": [
            {
                "interval": "1h",
                "input_series": [{"series": name, "values": values} for name, values in series.items()],
                "alert_rule_test": [{"eval_time": at, "alertname": rule["alert"], "exp_alerts": [fired]}],
            }
        ],
    }
    (tmp_path / "test.yml").write_text(yaml.safe_dump(told), "utf-8")
    done = subprocess.run([str(PROMTOOL), "test", "rules", "test.yml"], check=False, capture_output=True, cwd=tmp_path)
    assert done.returncode == 0 or b"got:" in done.stdout + done.stderr, done.stdout + done.stderr
    return done.returncode == 0


def test_the_resource_is_written_out_of_the_rules() -> None:
    standing = kubernetes_rules.TARGET.read_text("utf-8")

    assert standing == kubernetes_rules.text(), "python -m deploy.kubernetes_rules"


@with_promtool
def test_promtool_takes_the_rules_of_the_cluster(tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": kubernetes_rules.groups()}), "utf-8")
    command = [str(PROMTOOL), "check", "rules", "--lint=all", "--lint-fatal", "rules.yml"]

    assert subprocess.run(command, check=False, capture_output=True, cwd=tmp_path).returncode == 0


@with_promtool
@pytest.mark.parametrize(
    ("series", "at", "fires"),
    [
        pytest.param({FAILED: "1x10"}, "2h", True, id="a check failed"),
        pytest.param({FAILED: "1 1 _x20"}, "9h", False, id="the check that failed is forgotten"),
        pytest.param({FAILED: "0x10", ENDED: "0x10"}, "9h", False, id="it ended well tonight"),
        pytest.param({ENDED: "0x200", MADE: "0x200"}, "74h", True, id="none ended well for three days"),
        pytest.param({ENDED: f"{A_DAY}x200", MADE: "0x200"}, "74h", False, id="one ended well two days ago"),
        pytest.param({MADE: "0x200"}, "74h", True, id="none ever ended well"),
        pytest.param({MADE: "0x200"}, "70h", False, id="the platform is new"),
        pytest.param({}, "74h", False, id="nobody tells of jobs"),
    ],
)
def test_a_nights_check_that_failed_or_did_not_come_is_told(
    series: dict[str, str], at: str, *, fires: bool, tmp_path: Path
) -> None:
    assert alert(series, at, tmp_path) == fires
