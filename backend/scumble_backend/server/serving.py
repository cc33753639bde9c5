"""Be the user's server: one at a time."""

import logging
import os
import signal
from collections.abc import Sequence

from scumble import connection
from scumble.errors import StartError
from scumble.language import later, tr
from scumble.lock import lock
from scumble_backend.server import descriptors, listening
from scumble_backend.server.server import CHILD_IDLE, IDLE, Server, lock_file
from scumble_backend.server.sparing import Sparing
from scumble_backend.server.station import Share

LOCKING = 0.1  # s; who only looks whether a server runs has the lock for a moment, too
RUNS = later("The painting process runs already: end it by `scumble stop`, and say this again.")

log = logging.getLogger(__name__)


def serve(
    idle: float = IDLE,
    child_idle: float = CHILD_IDLE,
    listen: listening.Place | None = None,
    shares: Sequence[Share] = (),
) -> None:
    """Be the user's server; where one runs already, leave at once. Raises ScumbleError where it
    cannot listen, or is to serve otherwise than that one."""
    os.umask(0o077)  # what server and child make is the user's alone
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(Sparing())
    descriptors.want()
    connection.state_folder()
    held = lock(lock_file(), LOCKING)
    if held is None:
        if listen or shares:
            raise StartError(tr(RUNS))
        log.info("another server is running: leaving")
        return
    server = Server(idle, child_idle, listen, shares)
    if listen:
        listening.remember(listen)
    for name in ("SIGTERM", "SIGINT"):
        signal.signal(getattr(signal, name), server.leave)
    server.announce()
    server.run()
    held.close()
