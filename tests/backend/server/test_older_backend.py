"""A backend of protocol 2.5, as one of an older Scumble answers, that is asked for what came in
later."""

import re

import pytest
from tests.backend.server.test_station import serve
from tests.sentences import says

from scumble import backends, connection, protocol
from scumble.client import Client
from scumble.errors import VersionError
from scumble.protocol import Done
from scumble_backend.server import guests

OLDER = """
from dataclasses import fields, make_dataclass
from scumble import protocol
known = [each for each in fields(protocol.Stylize) if each.name != "before"]
older = make_dataclass(
    "Stylize", [(each.name, each.type, each) for each in known], frozen=True,
    namespace={"pictures": protocol.Stylize.pictures, "before": None},
)
protocol.VERSION, protocol.Stylize = (2, 5), older
protocol.MESSAGES["Stylize"] = older
from scumble_backend.server.serving import serve
serve()
"""


@pytest.fixture
def there(scumble_home):
    """there(name) -> a client of it, on this computer, or as of another one that is called so."""
    serve("-c", OLDER)
    own = connection.read()
    far = backends.from_text(guests.add("laptop", "studio", own.address))
    with Client(own) as near, Client(far) as guest:
        yield {"": near, "studio": guest}.__getitem__
        near.shutdown()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "",
            says(
                "Plug-in and backend are of different versions (protocol … and …): press Upgrade "
                "in the dialog, or run install.py again, then restart the editor."
            ),
        ),
        (
            "studio",
            says(
                "“…” has another version of Scumble than this computer: set up the newest on both."
            ),
        ),
    ],
)
def test_frames_that_go_on_from_each_other_are_no_riddle_to_the_artist(
    there, ask, replies, painting, name, sentence
):
    client, style = there(name), painting(seed=9)
    assert isinstance(replies(client, ask(client))[-1], Done), "what it knows it paints"
    styles = [(protocol.Style("style", style.digest()), style)]
    begun = {"start": painting(seed=5), "before": painting(seed=7)}
    job = client.submit(painting(), styles, {"steps": 2, "init": "result"}, **begun)
    with pytest.raises(VersionError) as refused:
        replies(client, job)
    assert re.fullmatch(sentence, str(refused.value))
    assert isinstance(replies(client, ask(client))[-1], Done), "and it goes on"
