"""Why the compute child ended, in a sentence."""

import signal
import sys

from scumble import environment, protocol
from scumble.language import tr

# How a child ends whose files are damaged: it says so, or the system finds one cut short.
DAMAGE = {protocol.DAMAGED} | ({-signal.SIGBUS} if sys.platform != "win32" else set())


# Killed by the system, and all the ends where memory ran out: a library may have been given none.
if sys.platform == "win32":
    KILLED, WITHOUT_MEMORY = {137}, {0xC0000005, 0xC0000017}
else:
    KILLED = {-signal.SIGKILL, 128 + signal.SIGKILL}
    FAULTS = {signal.SIGSEGV, signal.SIGABRT}
    WITHOUT_MEMORY = KILLED | {-each for each in FAULTS} | {128 + each for each in FAULTS}


def obituary(code: int | None, killed: str) -> str:
    """For those who waited for it. code: as it ended. killed: why it was, by the server."""
    if killed:
        return tr(killed)
    if code in DAMAGE:
        return environment.damaged()
    if code == protocol.LOST:
        return tr("The machine of the cluster that painted it was lost: paint again.")
    if code == protocol.AWAY:
        return tr("No machine of the cluster has room: wait for one, or start one.")
    if code == protocol.BROKEN_OFF:
        return tr("The painting process could not read what it was sent: paint again.")
    if code in KILLED:
        return tr(
            "The painting process was killed, most likely because memory ran out: choose a "
            "smaller working size, or close other programs, and start again."
        )
    return tr(
        "The painting process ended unexpectedly (code {code}): start again; if it happens again, "
        "its log says more.",
        code=code,
    )
