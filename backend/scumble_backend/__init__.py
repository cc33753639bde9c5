"""Scumble's backend: the process that paints."""


def __getattr__(name: str) -> str:
    """`__version__`: looking for it takes longer than all else that the command begins with."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version

    return version("scumble")
