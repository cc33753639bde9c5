import os

from scumble.needs import size_of

BLOCK = bytes(2_000_000)


def test_a_file_of_several_names_counts_once(tmp_path):
    (tmp_path / "a").write_bytes(BLOCK)
    os.link(tmp_path / "a", tmp_path / "b")
    seen = set()
    assert 2_000_000 <= size_of(tmp_path, seen) < 2_100_000
    assert size_of(tmp_path, seen) == 0
