"""The first file of project.zip: unpack it, then do what install.py does, from there."""

import runpy
import sys
import tempfile
import zipfile
from pathlib import Path

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="scumble-") as folder:
        with zipfile.ZipFile(sys.argv[0]) as archive:
            archive.extractall(folder)
        runpy.run_path(str(Path(folder, "install.py")), run_name="__main__")
