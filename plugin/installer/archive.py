"""This project as one file, as it travels inside every plug-in, and the files to hand out.

The same sources give the same bytes: names in order, one date, modes that no umask has a say in.
"""

import importlib
import io
import json
import zipfile

from installer import Problem
from installer.hands import MARKED, MARKER
from installer.project import ROOT, fingerprints, folder_files, source_files, version

PROJECT, ABOUT = "project.zip", "project.json"  # beside the plug-in's own files
ENTRY = "plugin/installer/out_of_archive.py"  # what Python starts where it is given the archive
EPOCH = (1980, 1, 1, 0, 0, 0)
FILE, EXECUTABLE, FOLDER = 0o100644, 0o100755, 0o040755


def project_archive():
    """All that sets Scumble up; `python project.zip` takes the flags of install.py."""
    paths = [*source_files(), ROOT / "install.py"]
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}
    return packed({**files, "__main__.py": files[ENTRY]})


def about():
    """What a plug-in knows of the project inside it, and compares with install.json; and where it
    fetches a Python from, where there is none."""
    found = {"version": version(), **fingerprints()}
    if index := default_index():
        found["index"] = index
    return json.dumps(found, indent=1) + "\n"


def default_index():
    """pip's own, the public one, whatever this computer is told to use; nothing without pip."""
    try:
        return importlib.import_module("pip._internal.models.index").PyPI.simple_url
    except (ImportError, AttributeError):
        return ""


def plugin_package():
    """The package `scumble` as it lies in every editor: name -> bytes."""
    source = ROOT / "plugin/scumble"
    files = {
        path.relative_to(source).as_posix(): path.read_bytes() for path in folder_files(source)
    }
    return {**files, PROJECT: project_archive(), ABOUT: about().encode()}


def bundles():
    """What an artist downloads, for each editor: file name -> bytes.

    They are pure Python, one for every system: the editor's Python speaks through the courier.
    """
    package = {f"scumble/{name}": data for name, data in plugin_package().items()}
    mark = MARKED.encode()  # so that install.py may put a newer one in its place
    krita = {
        name: (ROOT / "plugin/krita" / name).read_bytes()
        for name in ("scumble.desktop", "scumble.action")
    }
    folder = "plug-in-scumble"
    entry = f"{folder}/{folder}.py"  # GIMP starts a file of its folder's name, if it may
    gimp = {f"{folder}/{name}": data for name, data in package.items()}
    gimp[f"{folder}/{MARKER}"] = mark
    gimp[entry] = (ROOT / "plugin/gimp/plug-in-scumble.py").read_bytes()
    return {
        f"scumble-krita-{version()}.zip": packed({**krita, **package, f"scumble/{MARKER}": mark}),
        f"scumble-gimp-{version()}.zip": packed(gimp, executable=entry),
    }


def write_bundles(folder, hands):
    if folder.exists() and not folder.is_dir():
        raise Problem(f"{folder} is a file: name a folder to write the two files into.")
    for name, data in bundles().items():
        if hands.dry:
            hands.would(f"write {folder / name}")
            continue
        folder.mkdir(parents=True, exist_ok=True)
        hands.write(folder / name, data)
        print(f"{folder / name} ({len(data) / 1e6:.1f} MB)")


def packed(files, executable=""):
    """A zip of name -> bytes; its folders have entries of their own, as Krita's importer wants."""
    folders = {
        "/".join(parts[:depth]) + "/"
        for parts in (name.split("/") for name in files)
        for depth in range(1, len(parts))
    }
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for name in sorted({*files, *folders}):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3  # Unix, whose modes are meant, wherever it is made
            mode = FOLDER if name in folders else EXECUTABLE if name == executable else FILE
            entry.external_attr = mode << 16 | (0x10 if name in folders else 0)  # MS-DOS's too
            packing = zipfile.ZIP_STORED if name in folders else zipfile.ZIP_DEFLATED
            archive.writestr(entry, files.get(name, b""), packing, 9)
    return result.getvalue()
