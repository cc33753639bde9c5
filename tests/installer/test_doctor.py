import os

from installer.doctor import disk

BLOCK = bytes(2_000_000)


def test_it_says_what_takes_the_disk_and_what_frees_it(tmp_path, monkeypatch):
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "none"))
    for name in ("venv-1/a", "venv-2/b", "state/unclaimed/c.result", "state/server.log"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(BLOCK * (1 + name.startswith("venv")))
    os.link(tmp_path / "venv-1/a", tmp_path / "venv-2/a")
    said = disk(tmp_path)
    assert "0.01 GB what it paints with" in said
    assert "0.00 GB results that wait to be inserted" in said
    assert "networks" not in said
    assert "0.00 GB can be freed" in said
    assert "--uninstall frees it all" in said
