"""CURVE keys, and who may connect.

CURVE (rfc.zeromq.org/spec/26) authenticates both sides and encrypts; the allow-list is held by ZAP
(spec/27). There is nothing else to know: who has no listed key reaches no handler.
"""

import json
from collections.abc import Callable
from typing import NamedTuple

import zmq
from zmq.auth.thread import ThreadAuthenticator

from scumble.connection import is_private, state_folder, write_private

DOMAIN = "scumble"  # of ZAP: one, for all of our sockets


class Keys(NamedTuple):
    """Z85 text. The client's pair is the user's own, shared by the editors."""

    server_public: str
    server_secret: str
    client_public: str
    client_secret: str


def new_pair() -> tuple[str, str]:
    """A public key and its secret."""
    public, secret = zmq.curve_keypair()
    return public.decode(), secret.decode()


def load_or_make() -> Keys:
    """The keys in the state folder, made at the first start, and anew where they are damaged or
    others could have read or written them."""
    path = state_folder() / "keys.json"
    try:
        found = Keys(**json.loads(path.read_text()))
        if is_private(path) and _is_pair(*found[:2]) and _is_pair(*found[2:]):
            return found
    except (OSError, ValueError, TypeError, AttributeError, RecursionError, zmq.ZMQError):
        pass
    keys = Keys(*new_pair(), *new_pair())
    write_private(path, json.dumps(keys._asdict()))
    return keys


def _is_pair(public: str, secret: str) -> bool:
    return zmq.curve_public(secret.encode()) == public.encode()


class AllowList:
    """The authenticator's question, answered."""

    def __init__(self, may: Callable[[str], bool]):
        self._may = may

    def callback(self, domain: str, key: bytes) -> bool:
        """In the authenticator's thread."""
        return self._may(key.decode("ascii", "replace"))


def guard(
    context: zmq.Context, socket: zmq.Socket, keys: Keys, may: Callable[[str], bool]
) -> ThreadAuthenticator:
    """Put a socket under CURVE before it binds. may: whether a key is let in. Returns the
    authenticator, to be stopped."""
    authenticator = ThreadAuthenticator(context)
    authenticator.start()
    authenticator.configure_curve_callback(DOMAIN, AllowList(may))
    socket.curve_server = True
    socket.curve_publickey = keys.server_public.encode()
    socket.curve_secretkey = keys.server_secret.encode()
    socket.zap_domain = DOMAIN.encode()
    return authenticator
