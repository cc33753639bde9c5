"""The command's first lines: Ctrl+C while it begins."""

import subprocess
import sys

import pytest

# Presses Ctrl+C when this module is looked for, and then runs the command.
PRESSED = """
import os, runpy, signal, sys

class Presses:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Presses())
sys.argv = ["scumble", "status"]
runpy.run_module("scumble_backend", run_name="__main__")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there Ctrl+C goes to the whole console")
@pytest.mark.parametrize(
    "module", ["scumble_backend.cli.commands", "argparse", "scumble.connection"]
)
def test_ctrl_c_while_the_command_is_imported_is_one_sentence(module, interruptible):
    code = PRESSED.format(module=module)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Interrupted.\n")
