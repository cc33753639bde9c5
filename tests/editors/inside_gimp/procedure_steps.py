"""Steps with our procedure, called as a script does, in a batch process of GIMP's."""

import contextlib
import re
import threading
import time
from pathlib import Path

from desktop_steps import processes_of
from gi.repository import Gimp

PROCEDURE = "plug-in-scumble-stylize"


def run(image, drawables, styles, values=None, weights="", mode="NONINTERACTIVE", roles=None):
    """Call it as a script does: {"status", "layer", "said", "seconds"}. roles: what other layers
    do, by the name of the argument; 0 stands for what is selected."""
    procedure = Gimp.get_pdb().lookup_procedure(PROCEDURE)
    config = procedure.create_config()
    config.set_property("run-mode", getattr(Gimp.RunMode, mode))
    config.set_property("image", Gimp.Image.get_by_id(image))
    chosen = [Gimp.Item.get_by_id(each) for each in drawables]
    config.set_core_object_array("drawables", chosen)
    if styles:
        config.set_core_object_array("styles", [Gimp.Layer.get_by_id(each) for each in styles])
    config.set_property("style-weights", weights)
    for name, value in (values or {}).items():
        config.set_property(name, value)
    for name, item in (roles or {}).items():
        selected = Gimp.Image.get_by_id(image).get_selection()
        config.set_property(name, Gimp.Item.get_by_id(item) if item else selected)
    began = time.monotonic()
    result = procedure.run(config)
    seconds = time.monotonic() - began
    status = result.index(0).value_nick
    layer = result.index(1) if status == "success" else None
    return {
        "status": status,
        "layer": layer.get_id() if layer else 0,
        "image": layer.get_image().get_id() if layer else 0,
        "said": "" if layer else Gimp.get_pdb().get_last_error(),
        "seconds": seconds,
    }


def memory_of_run(**asked):
    """The most memory that the plug-in's process held while it ran, in bytes."""
    most, over = [0], threading.Event()

    def watch():
        while not over.wait(0.005):
            for process in processes_of(b"plug-in-scumble.py"):
                with contextlib.suppress(OSError):
                    text = Path(f"/proc/{process}/status").read_text()
                    found = re.search(r"VmHWM:\s+(\d+) kB", text)
                    most[0] = max(most[0], 1024 * int(found[1]) if found else 0)

    watcher = threading.Thread(target=watch)
    watcher.start()
    done = run(**asked)
    over.set()
    watcher.join()
    assert done["status"] == "success", done["said"]
    return most[0]


def run_script(text):
    """A line of Script-Fu."""
    procedure = Gimp.get_pdb().lookup_procedure("plug-in-script-fu-eval")
    config = procedure.create_config()
    config.set_property("run-mode", Gimp.RunMode.NONINTERACTIVE)
    config.set_property("script", text)
    return procedure.run(config).index(0).value_nick


def describe_procedure():
    procedure = Gimp.get_pdb().lookup_procedure(PROCEDURE)
    return {
        "label": procedure.get_menu_label(),
        "menus": procedure.get_menu_paths(),
        "blurb": procedure.get_blurb(),
        "arguments": [each.name for each in procedure.get_arguments()],
        "results": [each.name for each in procedure.get_return_values()],
    }
