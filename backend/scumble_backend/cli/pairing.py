"""`scumble key`, where pictures are painted, and `scumble backend`, where they come from."""

import argparse
import re
import socket
import sys

from scumble import backends
from scumble.errors import InputError
from scumble.language import tr
from scumble.protocol import ChildStatus, StatusReply
from scumble_backend.cli.terminal import counted

HERE = "this computer"


def add_choice(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--backend", metavar="NAME",
        help="the other computer to ask, as `scumble backend list` names it, or an empty name for "
        "this one; default the one chosen by `scumble backend use`",
    )  # fmt: skip


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    key = commands.add_parser("key", help="let other computers paint on this one")
    keys = key.add_subparsers(required=True, metavar="COMMAND")
    added = keys.add_parser("add", help="make a key, and print the text to paste there")
    added.add_argument("name", metavar="NAME", help="whose it is, for `key list`")
    added.add_argument(
        "--address", metavar="ADDRESS[:PORT]",
        help="where this computer is reached, if that is not what serve --listen was told",
    )  # fmt: skip
    added.set_defaults(run=_add_key)
    keys.add_parser("list", help="name the keys").set_defaults(run=_list_keys)
    removed = keys.add_parser("remove", help="let it in no more; its jobs are cancelled")
    removed.add_argument("name", metavar="NAME")
    removed.set_defaults(run=_remove_key)

    backend = commands.add_parser("backend", help="paint on another computer")
    others = backend.add_subparsers(required=True, metavar="COMMAND")
    paired = others.add_parser("add", help="read the text of `scumble key add`, and paint there")
    paired.add_argument("name", metavar="NAME", nargs="?", default="", help="what to call it here")
    paired.set_defaults(run=_add_backend)
    others.add_parser("list", help="name them").set_defaults(run=_list_backends)
    used = others.add_parser("use", help="paint there from now on; without a name, here")
    used.add_argument("name", metavar="NAME", nargs="?", default="")
    used.set_defaults(run=_use_backend)
    forgotten = others.add_parser("remove", help="forget it")
    forgotten.add_argument("name", metavar="NAME")
    forgotten.set_defaults(run=_remove_backend)


def _add_key(chosen: argparse.Namespace) -> int:
    from scumble_backend.server import guests, listening

    said = listened = listening.remembered()
    if chosen.address:
        said = listening.place(chosen.address, listened.port if listened else listening.PORT)
    if said is None or said.host == listening.ANYWHERE:
        raise InputError(
            tr(
                "Where is this computer reached? Run `scumble serve --listen ADDRESS` with its "
                "address first, or say --address ADDRESS here."
            )
        )
    computer = re.sub(r"[^\w-]", "", socket.gethostname())
    print(guests.add(chosen.name, computer[:40] or "Scumble", said.address))
    print(
        "Paste this line on the other computer. It is shown only once, and whoever has it can "
        "paint here.",
        file=sys.stderr,
    )
    return 0


def _list_keys(_) -> int:
    from scumble_backend.server import guests

    for name in guests.listed():
        print(name)
    return 0


def _remove_key(chosen: argparse.Namespace) -> int:
    from scumble_backend.server import guests

    guests.remove(chosen.name)
    print(f"The key {chosen.name!r} opens nothing any more.")
    return 0


def _add_backend(chosen: argparse.Namespace) -> int:
    """The text holds a secret, so it is read, and never an argument."""
    if sys.stdin.isatty():
        print("Paste the line that `scumble key add` printed on the other computer:")
    added = backends.add(sys.stdin.readline(), chosen.name)
    backends.choose(added.name)
    print(f"From now on pictures are painted on {added.name!r}; `scumble backend use` is for here.")
    return 0


def _list_backends(_) -> int:
    chosen = backends.find(None)
    for found in [None, *backends.known().values()]:
        name = f"{found.name} ({found.address.removeprefix('tcp://')})" if found else HERE
        print(f"{'*' if found == chosen else ' '} {name}")
    return 0


def _use_backend(chosen: argparse.Namespace) -> int:
    backends.choose(chosen.name)
    print(f"From now on pictures are painted on {chosen.name or HERE}.")
    return 0


def _remove_backend(chosen: argparse.Namespace) -> int:
    backends.remove(chosen.name)
    print(f"{chosen.name!r} is forgotten here; `scumble key remove` takes its key away there.")
    return 0


def is_told(backend: str | None) -> bool:
    """Say how another computer is, if one is meant; with the versions of both."""
    from scumble.launcher import status_of
    from scumble_backend import __version__

    far = backends.find(backend)
    if far is None:
        return False
    status = status_of(far)
    print(
        f"{far.name!r} is {doing(status)} of yours. Scumble there: {status.version}, here: "
        f"{__version__}."
    )
    tell_device(status)
    return True


def doing(status: StatusReply) -> str:
    stages = [each.stage for each in status.children]
    stage = "painting" if "painting" in stages else status.stage
    return f"{stage}, with {counted(status.jobs, 'job')}"


def tell_device(status: StatusReply) -> None:
    """Once it is known; each, where there are several."""
    for line in each_child(status):
        print(line)
    if status.device and not status.children:
        print(f"It paints on {status.device}, with {status.memory_free >> 20} MB free.")


def each_child(status: StatusReply) -> list[str]:
    """What each does, where there are several."""
    return [_child(each) for each in status.children]


def _child(each: ChildStatus) -> str:
    words = [f"{each.device}: {each.stage}"]
    if each.threads:
        words.append(counted(each.threads, "thread"))
    if each.memory_free and each.stage != "resting":
        words.append(f"{each.memory_free >> 20} MB free")
    return ", ".join(words)
