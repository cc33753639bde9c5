"""Scumble's backend: the process that paints."""

from importlib.metadata import version

__version__ = version("scumble")
