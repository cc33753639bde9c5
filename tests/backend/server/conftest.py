"""Two computers, of which one paints for the other, and a guest who was let in."""

import os
import sys

import pytest
from tests.backend.server.network import NEEDS, can_be
from tests.backend.server.studio import Guest, Studio, here, there


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """Both computers, of which one listens."""
    if not can_be():
        (pytest.fail if os.environ.get("SCUMBLE_STRICT") == "1" else pytest.skip)(NEEDS)
    with pytest.MonkeyPatch.context() as patch, Studio(tmp_path_factory.mktemp("two")) as made:
        patch.setenv("SCUMBLE_PYTHON", sys.executable)
        patch.setenv("SCUMBLE_THREADS", "2")
        made.start_server()
        yield made


@pytest.fixture
def paired(network):
    """paired(NAME) -> the text of a new key; it is pasted on the artist's computer, too."""
    names = []

    def pair(name: str) -> str:
        text = here(network, "key", "add", name).stdout
        done = there(network, "backend", "add", "studio", text=text)
        assert done.returncode == 0, done.stderr
        names.append(name)
        return text

    yield pair
    for each in names:
        here(network, "key", "remove", each)


@pytest.fixture
def guest(network, paired):
    paired("guest")
    found = Guest(network)
    yield found
    found.quit()
