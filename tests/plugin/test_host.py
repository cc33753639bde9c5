"""What every host says in the same way."""

import os

from scumble.host import readable


def test_a_file_named_in_another_locale_can_be_read_by_the_artist():
    assert readable("Monet") == "Monet"
    assert readable(os.fsdecode("Bäume".encode())) == "Bäume"
    in_the_c_locale = "Bäume".encode().decode("ascii", "surrogateescape")
    assert readable(in_the_c_locale) == "Bäume"
    assert "\udcff" not in readable("\udcff.png")
