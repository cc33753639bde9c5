"""On a terminal a bar, elsewhere few plain lines."""

import io

import pytest

from scumble.protocol import Progress
from scumble_backend.cli.terminal import Terminal


class Screen(io.StringIO):
    """A terminal of one line, as far as carriage returns go."""

    def isatty(self):
        return True

    def line(self) -> str:
        shown = ""
        for part in self.getvalue().rsplit("\n", 1)[-1].split("\r"):
            shown = part + shown[len(part) :]
        return shown.rstrip()


def steps(number: int, stage: str = "painting"):
    return [Progress("job", stage, n / number, 125.4 - n) for n in range(number + 1)]


def test_plain_lines_come_once_a_tenth_and_once_a_stage():
    stream = io.StringIO()
    terminal = Terminal(stream)
    for progress in steps(1000) + steps(1000, "enlarging"):
        terminal.show(progress)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 22
    assert lines[0] == "  0%  painting, 2 min 5 s left"
    assert lines[-1].startswith("100%  enlarging")
    assert "\r" not in stream.getvalue()


def test_the_bar_is_one_line_drawn_over_itself():
    screen = Screen()
    terminal = Terminal(screen)
    for progress in steps(100):
        terminal.show(progress)
    assert "\n" not in screen.getvalue()
    assert screen.line().startswith("[########################] 100%  painting")


def test_a_shorter_line_leaves_nothing_of_a_longer_one():
    screen = Screen()
    terminal = Terminal(screen)
    terminal.show(Progress("job", "a stage with a long name", 0.5, 100))
    terminal.show(Progress("job", "end", 0.5))
    assert screen.line() == "[############............]  50%  end"


def test_a_message_takes_the_bar_away_first():
    screen = Screen()
    terminal = Terminal(screen)
    terminal.show(Progress("job", "painting", 0.5))
    terminal.say("A note.")
    assert screen.line() == ""
    assert screen.getvalue().endswith("\rA note.\n")


@pytest.mark.parametrize("columns", [20, 80])
def test_the_bar_is_never_wider_than_the_terminal(columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    screen = Screen()
    Terminal(screen).show(Progress("job", "a stage with a name " * 9, 0.5, 100))
    assert len(screen.line()) < columns
