"""Where the server listens to other computers, once it is asked to: nowhere else, and not before.

What `serve --listen` was told last is remembered, since the texts that pair computers say it.
"""

import contextlib
import ipaddress
import json
import re
import socket
from typing import NamedTuple

from scumble.connection import state_folder, write_private
from scumble.errors import InputError
from scumble.language import tr

PORT = 27182  # where none is said
FORM = re.compile(r"(?P<host>[A-Za-z0-9][A-Za-z0-9.-]{0,252})(?::(?P<port>\d{1,5}))?")
ANYWHERE = "0.0.0.0"


class Place(NamedTuple):
    """host: an address or name; port: of TCP."""

    host: str
    port: int

    @property
    def address(self) -> str:
        return f"tcp://{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def place(text: str, port: int = PORT) -> Place:
    """What is written ADDRESS or ADDRESS:PORT. Raises InputError."""
    found = FORM.fullmatch(text)
    number = int(found["port"] or port) if found else 0
    if not found or not 0 < number < 65536:
        raise InputError(
            tr(
                "“{text}” is no address: write one of this computer's, as 192.168.1.5 or "
                "192.168.1.5:{port}.",
                text=text[:60],
                port=PORT,
            )
        )
    return Place(found["host"], number)


def resolved(asked: Place) -> Place:
    """With its number in place of a name, which a socket cannot be bound to. Raises InputError,
    also where a name leads to this computer alone, as the own one of a Debian does."""
    try:
        number = socket.gethostbyname(asked.host)
    except OSError as error:
        raise InputError(cannot(asked, error)) from error
    if ipaddress.ip_address(number).is_loopback and not asked.host.startswith("127."):
        raise InputError(
            tr(
                "“{name}” leads to {number}, where no other computer can come: give this "
                "computer's address in your network, as 192.168.1.5.",
                name=asked.host,
                number=number,
            )
        )
    return asked._replace(host=number)


def cannot(asked: Place, error: object) -> str:
    return tr(
        "{place} cannot be listened on ({error}): give an address of this computer, and a port "
        "that is free.",
        place=asked,
        error=error,
    )


def remember(asked: Place) -> None:
    write_private(_file(), json.dumps(asked))


def remembered() -> Place | None:
    """What was asked for last, if anything; it may be any address."""
    with contextlib.suppress(OSError, ValueError, TypeError, RecursionError, InputError):
        found = Place(*json.loads(_file().read_text("utf-8")))
        return place(str(found))
    return None


def _file():
    return state_folder() / "listening.json"
