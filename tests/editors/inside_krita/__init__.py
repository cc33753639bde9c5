"""A second plug-in for Krita, for tests only: does what the test asks, inside the real Krita.

A request is a file N.request with JSON {"step", "arguments"}; the answer is a file N.reply with
{"value"} or {"error"}. A step is a function of a file in STEPS, or, as "looks.name", of
another file. Steps run one after another on Krita's main thread, from a timer, so that everything
between two steps is the real event loop.
"""

import importlib
import json
import os
import sys
import traceback
from pathlib import Path

from krita import Extension, Krita  # pyright: ignore

QT = "PyQt6" if "PyQt6.QtCore" in sys.modules else "PyQt5"  # Krita's module loaded its own
QtCore, QtGui, QtTest, QtWidgets = (
    importlib.import_module(f"{QT}.{name}") for name in ("QtCore", "QtGui", "QtTest", "QtWidgets")
)
FOLDER = Path(os.environ["SCUMBLE_DRIVER"])
STEPS = ("window", "documents", "dialog", "backend")


class Driver(Extension):
    def setup(self):
        self.next = 0
        self.timer = QtCore.QTimer()
        self.timer.timeout.connect(self.turn)
        self.timer.start(10)

    def createActions(self, window):
        pass

    def turn(self):
        request = FOLDER / f"{self.next}.request"
        if not request.exists():
            return
        number, self.next = self.next, self.next + 1
        try:
            asked = json.loads(request.read_text())
            answer = {"value": find(asked["step"])(**asked["arguments"])}
        except BaseException:
            answer = {"error": traceback.format_exc()}
        new = FOLDER / f"{number}.new"
        new.write_text(json.dumps(answer))
        new.rename(FOLDER / f"{number}.reply")


def find(step):
    """The function that a step names."""
    module, _, name = step.rpartition(".")
    files = [module] if module else STEPS
    found = (importlib.import_module(f"scumble_driver.{each}") for each in files)
    return next(getattr(each, name) for each in found if hasattr(each, name))


Krita.instance().addExtension(Driver(Krita.instance()))
