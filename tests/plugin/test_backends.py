"""The text that pairs two computers, and the file of those that were paired."""

import json
import os
import sys

import pytest
from tests.sentences import says

from scumble import backends
from scumble.connection import Connection, state_folder
from scumble.errors import InputError, StartError

KEYS = ("S" * 40, "C" * 40, "s" * 40)


def connection(name="studio", address="tcp://192.168.1.5:27182"):
    return Connection(address, *KEYS, pid=0, started=0.0, version="", name=name)


@pytest.fixture
def text(scumble_home):
    return backends.as_text(connection())


def test_what_was_written_is_read(text):
    assert backends.from_text(text) == connection()


def test_line_breaks_and_blanks_of_a_letter_do_not_matter(text):
    assert backends.from_text(f"  {text[:50]}\n > {text[50:]}\r\n".replace(">", "")) == connection()


@pytest.mark.parametrize(
    "text", ["", "Dear friend", "scumble-key-2:abc", "scumble-key-1:" + 3000 * "a"]
)
def test_what_is_no_key_is_said(text):
    with pytest.raises(
        InputError,
        match=says(
            "This is no key of Scumble's: paste the line that `scumble key add` "
            "printed, from “…” to its end."
        ),
    ):
        backends.from_text(text)


@pytest.mark.parametrize("place", range(14, 200, 7))
@pytest.mark.parametrize("with_what", ["", "A", "é", "!"])
def test_one_letter_lost_or_changed_is_found(text, place, with_what):
    changed = text[:place] + with_what + text[place + 1 :]
    if changed == text:
        return
    with pytest.raises(
        InputError,
        match=says(
            "This key is not whole, or was changed on its way: copy all of the line, and paste it."
        ),
    ):
        backends.from_text(changed)


@pytest.mark.parametrize(
    "address", ["tcp://", "ipc:///tmp/x", "tcp://a:1\n", "tcp://[::1]:5", "tcp://*:1"]
)
def test_a_whole_key_with_a_strange_address_is_refused(scumble_home, address):
    with pytest.raises(InputError):
        backends.from_text(backends.as_text(connection(address=address)))


def test_one_is_added_chosen_and_removed(text):
    assert backends.find(None) is None
    assert backends.add(text) == connection()
    assert backends.find(None) is None  # added, not chosen
    backends.choose("studio")
    assert backends.find(None) == backends.find("studio") == connection()
    assert backends.find("") is None
    backends.choose("")
    assert backends.find(None) is None
    backends.choose("studio")
    backends.remove("studio")
    assert backends.find(None) is None
    assert backends.known() == {}


def test_the_same_name_again_is_another_key_for_it(text):
    backends.add(text)
    other = backends.as_text(connection(address="tcp://192.168.1.6:27182"))
    backends.add(other)
    backends.add(text, "attic")
    addresses = {name: each.address for name, each in backends.known().items()}
    assert addresses == {"studio": "tcp://192.168.1.6:27182", "attic": "tcp://192.168.1.5:27182"}


@pytest.mark.parametrize("name", ["../x", "a" * 41, "tab\t", "-dash"])
def test_a_name_that_cannot_be_is_said(text, name):
    with pytest.raises(
        InputError,
        match=says(
            "“…” cannot be its name: take at most 40 letters, digits, blanks, dots and dashes."
        ),
    ):
        backends.add(text, name)


@pytest.mark.parametrize("act", [backends.find, backends.choose, backends.remove])
def test_one_that_there_is_not_is_said(text, act):
    backends.add(text)
    with pytest.raises(
        InputError,
        match=says("There is no other computer “…”: there are …. `scumble backend add` adds one."),
    ):
        act("attic")


@pytest.mark.parametrize(
    "damage",
    ["", "[]", "{}", "{" * 5000, '{"chosen": "", "backends": [{}]}', "\udcff",
     '{"chosen": "", "backends": [{"address": "ipc://x"}]}'],
)  # fmt: skip
def test_a_damaged_file_is_said_and_nothing_is_painted_elsewhere(text, damage):
    backends.add(text)
    path = state_folder() / "backends.json"
    path.write_bytes(damage.encode("utf-8", "surrogateescape"))
    for act in (lambda: backends.find(None), backends.known, lambda: backends.add(text)):
        with pytest.raises(
            StartError,
            match=says("The file … is damaged: delete it, and add other computers again."),
        ):
            act()
    assert path.read_bytes() == damage.encode("utf-8", "surrogateescape")


def test_a_key_without_a_name_in_the_file_is_none_of_another_computer(text):
    """Else this computer's own backend would be taken for another one."""
    backends.add(text)
    path = state_folder() / "backends.json"
    content = json.loads(path.read_text())
    content["backends"][0]["name"] = ""
    path.write_text(json.dumps(content))
    with pytest.raises(StartError):
        backends.known()


@pytest.mark.security
@pytest.mark.skipif(sys.platform == "win32", reason="a folder's rights are its files' there")
def test_the_file_is_the_users_alone(text):
    backends.add(text)
    path = state_folder() / "backends.json"
    assert path.stat().st_mode & 0o077 == 0
    path.chmod(0o644)
    with pytest.raises(
        StartError,
        match=says("Other users can open …, which holds your key: delete it and try again."),
    ):
        backends.find(None)


def test_a_file_that_cannot_be_written_is_said_and_stays(text, monkeypatch):
    backends.add(text)
    before = (state_folder() / "backends.json").read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(
        StartError,
        match=says("The file … cannot be written (…): make room on its disk, and try again."),
    ):
        backends.choose("studio")
    assert (state_folder() / "backends.json").read_bytes() == before
