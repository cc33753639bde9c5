import io
import logging

import pytest

from scumble_backend.server.sparing import FEW, PERIOD, Sparing


@pytest.mark.security
def test_a_few_lines_of_a_kind_and_then_how_many_there_were():
    out, spare = io.StringIO(), Sparing()
    handler = logging.StreamHandler(out)
    handler.addFilter(spare)
    for number in range(500):
        handler.handle(record("refused: %s", number, 1000.0))
    handler.handle(record("something else", None, 1000.0))
    handler.handle(record("refused: %s", 500, 1001.0 + PERIOD))
    handler.handle(record("refused: %s", 501, 1001.0 + PERIOD))
    assert out.getvalue().splitlines() == [
        *(f"refused: {number}" for number in range(FEW)),
        "something else",
        f"refused: 500 (and {500 - FEW} like it before)",
        "refused: 501",
    ]


def record(words: str, number: int | None, when: float) -> logging.LogRecord:
    arguments = () if number is None else (number,)
    made = logging.LogRecord("test", logging.WARNING, "", 0, words, arguments, None)
    made.created = when
    return made
