"""Open the dialog without Krita, paint a small picture, and keep how it looks.

drive.py FOLDER     SCUMBLE_QT says which Qt; the last line is JSON of what was seen
"""

import faulthandler
import importlib
import json
import os
import pkgutil
import random
import sys
import time
from pathlib import Path

import krita  # the double beside this file; first, for it tells scumble where it is
import scumble.hosts.krita
from scumble import presets
from scumble.hosts.krita.qt import QtGui

WAIT = 240.0  # s
VALUES = {"working_size": 256, "quality": "draft", "steps": 1, "strength": 85}


def main(folder: Path) -> None:
    for each in pkgutil.iter_modules(scumble.hosts.krita.__path__):
        importlib.import_module(f"scumble.hosts.krita.{each.name}")
    document = krita.Document(120, 90)
    for seed, name in enumerate(("Photograph", "Night wind", "Ink")):
        _add_layer(document, name, seed)
    application = krita.Krita.instance()
    application.document = document
    (extension,) = application.extensions  # that Scumble gave when it was imported
    extension.setup()
    extension.createActions(application.window)
    _remember_picture_files(folder)
    application.window.actions["scumble_stylize"].trigger()
    (dialog,) = extension._dialogs
    _wait(lambda: dialog.foot.status.whole().startswith("Ready"), "the backend")
    content, menu = dialog.picture.content, dialog.settings.presets.menu()
    seen = {
        "qt": krita.QT,
        "contents": [content.itemText(n).strip() for n in range(content.count())],
    }
    seen["rows"] = [row.label.whole() for row in dialog.styles.rows.all.values()][:4]
    for row in list(dialog.styles.rows.all.values())[:2]:
        row.tick.click()
    for name, value in VALUES.items():
        dialog.settings.knobs[name].set(value)
    dialog.settings.advanced.button.click()
    dialog.settings.expert.button.click()
    _wait(lambda: dialog.picture.stage.whole().startswith("Takes about"), "the estimate")
    _keep_picture(dialog, folder, "expert")
    dialog.settings.advanced.button.click()
    menu.aboutToShow.emit()
    seen["presets"] = [each.text() for each in menu.actions() if not each.isSeparator()]
    _keep_picture(menu, folder, "presets")
    dialog.foot.apply.click()
    _wait(lambda: not dialog.presenter.painting.busy, "the painting")
    _keep_picture(dialog, folder, "painted")
    seen["stage"] = dialog.picture.stage.whole()
    seen["message"] = dialog.picture.message.text()
    seen["layers"] = [each.name() for each in document.rootNode().childNodes()]
    seen["remembered"] = bool(document.annotation("scumble"))
    application.notifier().applicationClosing.emit()
    print(json.dumps(seen), flush=True)
    os._exit(0)  # without Krita nobody takes Qt down in the right order


def _remember_picture_files(folder):
    """Their rows have a button that others lack."""
    paths = [folder / "one.png", folder / "two.png"]
    for path in paths:
        image = QtGui.QImage(64, 64, QtGui.QImage.Format.Format_RGB32)
        image.fill(QtGui.QColor("teal"))
        assert image.save(str(path))
    presets.remember_pictures(paths)


def _add_layer(document, name, seed):
    """A soft picture with some noise."""
    node, dice = document.createNode(name, "paintlayer"), random.Random(seed)
    size = (document.width(), document.height())
    data = bytearray()
    for row in range(size[1]):
        for column in range(size[0]):
            tone = (column * 255 // size[0], row * 255 // size[1], seed * 80)
            data += bytes(min(255, each + dice.randrange(40)) for each in tone) + b"\xff"
    node.setPixelData(bytes(data), 0, 0, *size)
    below = document.rootNode().childNodes()
    document.rootNode().addChildNode(node, below[-1] if below else None)


def _wait(condition, what):
    until = time.monotonic() + WAIT
    while not condition():
        krita.APPLICATION.processEvents()
        if time.monotonic() > until:
            raise TimeoutError(f"{what} did not come")
        time.sleep(0.01)


def _keep_picture(dialog, folder, name):
    for _ in range(20):  # what the layouts still have to do
        krita.APPLICATION.processEvents()
        time.sleep(0.01)
    assert dialog.grab().save(str(folder / f"{krita.QT}-{name}.png"))


if __name__ == "__main__":
    faulthandler.enable()
    main(Path(sys.argv[1]))
