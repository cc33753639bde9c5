"""Another computer paints: the line that it printed, kept where the plug-in keeps it."""

import os
import sys

from installer import Problem
from installer.home import check_home
from scumble.backends import add, choose, find
from scumble.errors import ScumbleError


def pair(folder, hands):
    """Paint on the computer whose key comes by standard input; without one on the computer that was
    chosen before. Raises Problem."""
    check_home(folder)
    if hands.dry:
        return hands.would("read the line that `scumble key add` printed, and keep it")
    try:
        if text := pasted():
            choose(add(text).name)
        chosen = find(None)
    except ScumbleError as error:
        raise Problem(str(error)) from error
    if chosen is None:
        raise Problem(
            "Which computer is to paint? Run `scumble key add NAME` there, start this again, and "
            "paste the line that it prints, or give it by standard input."
        )
    return hands.tell(f"Pictures are painted on “{chosen.name}”.")


def pasted():
    """A line; nothing where nobody can be asked. It holds a secret, so it is never an argument."""
    if sys.stdin.isatty():
        if os.environ.get("CI") == "true":
            return ""
        print("Paste the line that `scumble key add` printed on the computer that is to paint:")
    return sys.stdin.readline().strip()
