"""Picture files as a document names them.

A document travels: a file that lies beside it, or below, is named from there, and one in the home
folder without saying whose home that is. A document may come from a stranger: a name that could
make this machine ask another one, which would learn of the artist by being asked, is none. One that
came along with Scumble is named as such: each editor has its own.
"""

from pathlib import Path, PurePath

from scumble.presets import SAMPLES

FAR = ("//", "\\\\", "/net/")  # other machines' files: of Windows, and where they are mounted
HOME, OURS = "~/", "scumble:"


def written(path: Path, folder: Path | None) -> str:
    """folder: the document's; None where it was never saved."""
    if came_along(path):
        return OURS + path.name
    try:
        if folder and path.is_relative_to(folder):
            return path.relative_to(folder).as_posix()
        if path.is_relative_to(Path.home()):
            return HOME + path.relative_to(Path.home()).as_posix()
    except RuntimeError:  # no home
        pass
    return str(path)


def came_along(path: Path) -> bool:
    return path.parent == SAMPLES


def far(path: PurePath) -> bool:
    """Whether it lies on another machine, however that is spelt."""
    return str(path).startswith(FAR)


def read(name: str, folder: Path | None) -> Path | None:
    """The file of a name, if it is there, on this machine."""
    if name.startswith(OURS):
        path = SAMPLES / PurePath(name[len(OURS) :]).name
        return path if path.is_file() else None
    try:
        at_home = name.startswith(HOME)
        path = Path(name[len(HOME) :] if at_home else name)
        if name.startswith(FAR) or far(path) or ".." in path.parts:
            return None
        if at_home:
            path = Path.home() / path
        elif not path.is_absolute():
            if folder is None or far(folder):
                return None
            path = folder / path
        return path if path.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None
