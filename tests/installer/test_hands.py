"""Tools that fail, take too long or are led astray."""

import os
import sys
import time

import pytest

from installer import Problem
from installer.hands import Hands, clean_environment


def test_a_failed_tool_is_one_sentence_that_names_its_log(tmp_path):
    log = tmp_path / "install.log"
    with pytest.raises(Problem, match=str(log)):
        Hands(dry=False).run([sys.executable, "-c", "exit('no such wheel')"], log)
    assert "no such wheel" in log.read_text()


def test_a_full_disk_has_its_own_remedy(tmp_path):
    full = [sys.executable, "-c", "exit('error: No space left on device (os error 28)')"]
    with pytest.raises(Problem, match="make room on the disk"):
        Hands(dry=False).run(full, tmp_path / "log")


def test_a_tool_past_its_limit_is_ended(tmp_path):
    began = time.monotonic()
    wait = [sys.executable, "-c", "import time; time.sleep(60)"]
    assert not Hands(dry=False).run(wait, tmp_path / "log", {}, limit=0.5)
    assert time.monotonic() - began < 10


def test_tools_do_not_see_what_leads_them_astray(monkeypatch):
    for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_TARGET", "PIP_USER", "UV_PYTHON"):
        monkeypatch.setenv(name, "/wrong")
    assert "/wrong" not in clean_environment().values()


@pytest.mark.security
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_the_home_is_the_users_alone_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        Hands(dry=False).mark(tmp_path / "home")
    finally:
        os.umask(before)
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0
