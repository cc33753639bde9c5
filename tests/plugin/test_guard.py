"""What an artist reads of an error that nobody foresaw."""

import re

import pytest
from tests.sentences import says

from scumble import guard


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), says("… ran out of memory: close other pictures, and try again.")),
        (KeyError("x"), says("Scumble stumbled (KeyError: 'x'): try again; its log is …")),
    ],
)
def test_an_unforeseen_error_is_a_sentence_and_an_entry_in_the_log(scumble_home, error, said):
    handlers = guard.log.handlers[:]
    guard.log.handlers.clear()
    try:
        assert re.search(said, guard.sentence(error))
        assert guard.log_path().exists()
    finally:
        guard.log.handlers[:] = handlers


def test_an_editors_log_has_its_name(scumble_home, monkeypatch):
    monkeypatch.setattr(guard, "_editor", "")
    guard.begin("Krita")
    assert guard.log_path().name == "krita.log"
    assert guard.sentence(MemoryError()).startswith("Krita ran out of memory")
