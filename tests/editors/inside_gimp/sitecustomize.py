"""Python loads this at its start: inside our plug-in's process it answers requests about the
dialog, from the dialog's own main loop. In all other processes it does nothing."""

import os
import sys
from pathlib import Path

if "-run" in sys.orig_argv and any(each.endswith("plug-in-scumble.py") for each in sys.orig_argv):
    from gi.repository import GLib

    def answer():
        import dialog_steps
        import driver
        import file_steps
        import picture_steps
        import together_steps

        folder = Path(os.environ["SCUMBLE_DRIVER"], "dialog")
        driver.turn(folder, dialog_steps, picture_steps, together_steps, file_steps)
        return True

    GLib.timeout_add(10, answer)
