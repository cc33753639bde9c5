"""Scumble's backend: the process that paints."""

__version__ = "0.1.0"
