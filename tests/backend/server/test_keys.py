import json
import os

import pytest
import zmq

from scumble.connection import state_folder
from scumble_backend.server import keys


def pairs() -> dict[str, str]:
    names = ("server_public", "server_secret", "client_public", "client_secret")
    found = [key.decode() for _ in range(2) for key in zmq.curve_keypair()]
    return dict(zip(names, found, strict=True))


def test_keys_are_made_once(scumble_home):
    assert keys.load_or_make() == keys.load_or_make()


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "[" * 100_000,
        json.dumps(pairs() | {"server_public": 5}),
        json.dumps(pairs() | {"client_secret": "short"}),
        json.dumps(pairs() | {"server_secret": "~" * 40}),
        json.dumps(pairs() | {"server_public": "é" * 40}),
        json.dumps(pairs() | {"client_public": zmq.curve_keypair()[0].decode()}),
    ],
    ids=["empty", "list", "deep", "number", "short", "no Z85", "no ASCII", "no pair"],
)  # fmt: skip
def test_damaged_keys_are_made_anew(scumble_home, text):
    """With them no client and no server could ever meet again."""
    (state_folder() / "keys.json").write_text(text)
    made = keys.load_or_make()
    assert zmq.curve_public(made.server_secret.encode()) == made.server_public.encode()
    assert zmq.curve_public(made.client_secret.encode()) == made.client_public.encode()
    assert keys.load_or_make() == made


@pytest.mark.security
@pytest.mark.skipif(os.name == "nt", reason="Windows keeps files private by ACL")
@pytest.mark.parametrize(
    "spoil", [lambda path: path.chmod(0o666), lambda path: os.chown(path, 1, 1)]
)
def test_keys_that_others_could_have_read_or_written_are_made_anew(scumble_home, spoil):
    before = keys.load_or_make()
    path = state_folder() / "keys.json"
    try:
        spoil(path)
    except PermissionError:
        pytest.skip("only root can give files away")
    after = keys.load_or_make()
    assert {*before} & {*after} == set()
    assert (path.stat().st_mode & 0o077, path.stat().st_uid) == (0, os.getuid())
