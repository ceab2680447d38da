from pathlib import Path

from deploy.local.orphans import MARK, find_orphans
from deploy.local.readiness import last_lines


def a_process(proc: Path, pid: int, environment: str, command: str = "mongod --port 1") -> None:
    (proc / str(pid)).mkdir(parents=True)
    (proc / str(pid) / "environ").write_bytes(environment.encode().replace(b" ", b"\0"))
    (proc / str(pid) / "cmdline").write_bytes(command.encode().replace(b" ", b"\0"))


def test_only_processes_of_this_data_folder_are_orphans(tmp_path: Path) -> None:
    a_process(tmp_path, 900001, f"HOME=/root {MARK}=/srv/one A=b")
    a_process(tmp_path, 900002, f"{MARK}=/srv/one/else")
    a_process(tmp_path, 900003, "HOME=/root")
    (tmp_path / "meminfo").touch()

    assert find_orphans(Path("/srv/one"), tmp_path) == {900001: "mongod --port 1"}


def test_what_has_ended_already_is_no_orphan(tmp_path: Path) -> None:
    a_process(tmp_path, 900001, f"{MARK}=/srv/one", command="")

    assert find_orphans(Path("/srv/one"), tmp_path) == {}


def test_the_end_of_a_log_is_read_and_a_missing_log_is_empty(tmp_path: Path) -> None:
    log = tmp_path / "visits-api.log"
    log.write_text("".join(f"line {number}\n" for number in range(5000)), encoding="utf-8")

    assert last_lines(log, 2) == ["line 4998", "line 4999"]
    assert last_lines(tmp_path / "none.log") == []
