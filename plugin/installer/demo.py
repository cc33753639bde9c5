"""The sample document, repainted the way an editor would."""

import os
import subprocess
import zipfile
from pathlib import Path

from installer import Problem
from installer.hands import clean_environment, shown
from installer.project import ROOT
from installer.setting_up import command

SAMPLE = ROOT / "backend/scumble_backend/sample/sample.ora"
SAMPLE_LAYERS = ("--content", "Photograph", "--style", "Night wind", "--style", "Red harbour")
SAMPLE_SIZE = ("--working-size", "540")  # its own: on a busy computer auto would take a smaller one


def demo(folder, hands):
    """Repaint the sample document the way an editor would, and say where the result lies."""
    document = free_name(Path.cwd() if os.access(Path.cwd(), os.W_OK) else folder)
    picture = document.with_suffix(".png")
    print(f"Repainting the sample document: {document}")
    scumble = [command(folder), "stylize", SAMPLE]
    scumble += [*SAMPLE_LAYERS, *SAMPLE_SIZE, "-o", document]
    if hands.dry:
        hands.would(f"run {shown(scumble)}")
        hands.would(f"write {picture}")
        return
    environment = {**clean_environment(), "SCUMBLE_HOME": str(folder)}
    if subprocess.call(scumble, env=environment) != 0:
        raise Problem(
            "The sample document could not be repainted: the reason stands above, and more in "
            f"{folder / 'state' / 'server.log'}."
        )
    with zipfile.ZipFile(document) as archive:
        picture.write_bytes(archive.read("mergedimage.png"))
    print(f"The new document: {document}\nThe picture:      {picture}")


def free_name(folder):
    """scumble-demo.ora, or the first of -2, -3 ... that writes over nothing."""
    names = (f"scumble-demo{f'-{n}' if n > 1 else ''}.ora" for n in range(1, 10_000))
    return next(
        folder / name
        for name in names
        if not (folder / name).exists() and not (folder / name).with_suffix(".png").exists()
    )
