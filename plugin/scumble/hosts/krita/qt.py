"""Krita and Qt, by the binding Krita itself uses: the other one is an error, or a second Qt.

Imported by name, since on a machine without an editor neither can be found, nor checked for types.
"""

import importlib
import os
import sys
from pathlib import Path


def _sip():
    """What knows whether a widget still lives; it has two places."""
    try:
        return importlib.import_module(f"{_binding()}.sip")
    except ImportError:
        return importlib.import_module("sip")


def is_gone(thing) -> bool:
    """Whether Qt has deleted what this object stands for: touching it would be an error."""
    return _sip().isdeleted(thing)


def path_of(name: str) -> Path:
    """A file that Qt names; where the locale is "C", Qt and Python read letters differently."""
    if sys.platform == "win32":
        return Path(name)
    return Path(os.fsdecode(bytes(QtCore.QFile.encodeName(name))))


def name_of(path: Path) -> str:
    """Qt's name of a file."""
    if sys.platform == "win32":
        return str(path)
    return QtCore.QFile.decodeName(os.fsencode(path))


def _binding() -> str:
    """Krita 5.3 and later say which; before, only the one that is loaded does."""
    try:
        version = importlib.import_module("pykrita").qt_major_version()
    except (ImportError, AttributeError):
        version = 6 if "PyQt6.QtCore" in sys.modules else 5
    return f"PyQt{version}"


QtCore = importlib.import_module(f"{_binding()}.QtCore")
QtGui = importlib.import_module(f"{_binding()}.QtGui")
QtWidgets = importlib.import_module(f"{_binding()}.QtWidgets")
Qt = QtCore.Qt
Signal = QtCore.pyqtSignal

_krita = importlib.import_module("krita")
Krita, Extension = _krita.Krita, _krita.Extension
