import os
import stat
from pathlib import Path

import pytest

from deploy.local.layout import DataFolder, NotOurFolder, Ports
from deploy.local.ports_taken import wanted_ports
from deploy.local.settings import Settings
from deploy.local.stack import Stack
from deploy.local.topology import NAMES, PROCESSES, UnknownProcess, named


def test_no_two_processes_share_a_port() -> None:
    settings = Settings(port_base=21000, gateway_port=21999)
    wanted = wanted_ports(PROCESSES, settings, Ports(21000))

    assert len(wanted) == len(PROCESSES) + 2  # the controller of Kafka and the gateway itself


def test_what_a_process_needs_exists_and_is_stopped_after_it() -> None:
    rooms = {process.name: process.room for process in PROCESSES}
    wrong = [p.name for p in PROCESSES for need in p.needs if need not in rooms or rooms[need] <= p.room]

    assert wrong == []


def test_an_unknown_process_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UnknownProcess, match="visits-worker"):
        named(["visit-worker"])


def test_processes_are_picked_in_the_order_of_the_table() -> None:
    assert [process.name for process in named(reversed(NAMES))] == list(NAMES)


def test_a_new_data_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")

    folder.create()

    modes = {stat.S_IMODE(place.stat().st_mode) for place in (folder.path, folder.run, folder.path / "keys")}
    assert modes == {0o700}


def test_a_folder_with_other_things_in_it_is_neither_used_nor_removed(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").touch()
    folder = DataFolder(tmp_path)

    with pytest.raises(NotOurFolder):
        folder.create()
    with pytest.raises(NotOurFolder):
        folder.remove()

    assert (tmp_path / "thesis.docx").exists()


def test_what_a_folder_of_somebody_else_holds_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").touch()
    stack = Stack(data_dir=tmp_path, port_base=21000, gateway_port=21999)

    assert stack.down() is False
    with pytest.raises(NotOurFolder):
        stack.reset()
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_folder_that_only_holds_a_steered_clock_is_ours_to_use(tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("2023-10-09T08:00:00+08:00", encoding="utf-8")

    DataFolder(tmp_path).create()

    assert (tmp_path / "clock").exists()


def test_our_own_folder_is_removed_and_a_second_time_there_is_none(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.create()

    assert (folder.remove(), folder.remove()) == (True, False)


def test_the_socket_of_a_deep_folder_still_fits_into_its_address(tmp_path: Path) -> None:
    deep = DataFolder(tmp_path.joinpath(*["deeper"] * 20))

    assert len(os.fsencode(deep.socket)) < 100
    assert deep.socket != DataFolder(deep.path / "other").socket


def test_a_short_folder_keeps_its_socket_inside() -> None:
    folder = DataFolder(Path("/srv/x/.data"))

    assert folder.socket == Path("/srv/x/.data/run/supervisor.sock")
