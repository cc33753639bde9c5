import os
import subprocess
import sys

import pytest

from scumble.lock import holder, lock


def test_one_holds_it_until_it_lets_go(tmp_path):
    path = tmp_path / "lock"
    held = lock(path)
    assert held
    assert lock(path) is None
    assert holder(path) == str(os.getpid())
    held.close()
    again = lock(path, patience=10.0)
    assert again
    again.close()


def test_a_process_that_ends_lets_go(tmp_path):
    path = tmp_path / "lock"
    code = "import os, sys; from pathlib import Path; from scumble.lock import lock; "
    code += (
        "held = lock(Path(sys.argv[1])); print(os.getpid(), flush=True); os.kill(os.getpid(), 9)"
    )
    run = [sys.executable, "-c", code, str(path)]
    died = subprocess.run(run, capture_output=True, text=True, timeout=60, check=False)
    assert holder(path) == died.stdout.strip()
    held = lock(path)
    assert held
    held.close()


@pytest.mark.faults
@pytest.mark.parametrize("text", [b"", b"rubbish", b"\xff", b"-5", b"9" * 19 + b"x"])
def test_what_is_no_number_names_no_process(tmp_path, text):
    (tmp_path / "lock").write_bytes(text)
    assert holder(tmp_path / "lock") == ""
    assert holder(tmp_path / "missing") == ""
