"""What the editors' windows are told while Scumble is set up."""

import json
import sys

import pytest

from installer.hands import Hands
from installer.report import Reporter, fetched, unpacking
from scumble.needs import CANCEL, REPORT

SAID = """Resolved 4 packages in 244ms
Downloading triton (272.5MiB)
Downloading numpy (512.0KiB)
Downloading torch (1.5GiB)
 Downloaded triton
"""
MIB = 2**20


def test_what_is_there_counts_whole_and_what_is_on_its_way_by_what_is_unpacked():
    assert fetched("", 5 * MIB) == (0, 0)
    done, total = fetched(SAID, 0)
    assert total == round((272.5 + 0.5 + 1536) * MIB)
    assert done == round(272.5 * MIB)
    assert fetched(SAID, 210 * MIB)[0] == done + 100 * MIB
    assert fetched(SAID, 10**12)[0] < total, "never whole before uv says so"
    assert fetched(SAID + " Downloaded torch\n Downloaded numpy\n", 0) == (total, total)


def test_what_uv_unpacks_is_seen_in_its_cache(tmp_path):
    (tmp_path / ".tmpAb12/torch/lib").mkdir(parents=True)
    (tmp_path / ".tmpAb12/torch/lib/a.so").write_bytes(bytes(700))
    (tmp_path / ".tmpCd34").write_bytes(b"")
    (tmp_path / "archive-v0").mkdir()
    (tmp_path / "archive-v0/b.so").write_bytes(bytes(9000))
    assert unpacking(tmp_path) == 700
    assert unpacking(tmp_path / "none") == 0


@pytest.fixture
def reporter(tmp_path):
    return Reporter(tmp_path / REPORT)


def lines(folder):
    return [json.loads(line) for line in (folder / REPORT).read_text().splitlines()]


def test_a_tool_that_takes_long_is_told_of_while_it_runs(reporter, tmp_path):
    reporter.say("Fetching torch (3.1 GB to download)")
    code = f"import time; print({SAID!r}, flush=True); time.sleep(2.5)"
    assert reporter.run([sys.executable, "-c", code], tmp_path / "log")
    first, *told = lines(tmp_path)
    assert first == {"stage": "Fetching torch"}
    assert len(told) >= 2
    assert {each["total"] for each in told} == {fetched(SAID, 0)[1]}
    assert all(each["left"] > 0 for each in told)
    reporter.say("Trying it")
    reporter.run([sys.executable, "-c", "import time; time.sleep(1.5)"], tmp_path / "log")
    assert lines(tmp_path)[-1]["total"] == 0, "nothing of the tool before"


def test_a_wish_to_cancel_ends_the_tool_as_ctrl_c_does(reporter, tmp_path):
    (tmp_path / CANCEL).touch()
    with pytest.raises(KeyboardInterrupt):
        reporter.run([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path / "log")
    Hands(False).run([sys.executable, "-c", ""], tmp_path / "log")  # a terminal's go on
