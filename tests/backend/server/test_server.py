"""The server with its compute child: real processes, asked as a plug-in would."""

import re
import time

import pytest
from PIL import Image, ImageChops, ImageStat
from tests.sentences import says

from scumble import connection, language, protocol
from scumble.client import Client
from scumble.errors import ProtocolError
from scumble.pixels import Extent, Pixels
from scumble.protocol import Cancelled, Done, Failed, Preview, Progress, Queued


def test_a_job_goes_the_whole_way(client, ask, replies, painting):
    content = painting()
    job = ask(client, content)
    found = replies(client, job)
    kinds = [type(reply) for reply in found]
    assert Queued in kinds
    assert Progress in kinds
    assert Preview in kinds
    done = found[-1]
    assert isinstance(done, Done)
    assert done.pixels.extent == content.extent
    assert done.pixels.format == content.format
    assert done.pixels.data != content.data
    assert done.pixels.data[3::4] == content.data[3::4]


def test_the_same_job_gives_the_same_picture_and_its_style_is_sent_once(client, ask, replies):
    one, two = (replies(client, ask(client, seed=4))[-1].pixels for _ in range(2))
    assert one == two
    with Client(connection.read()) as other:  # the same key: the same cache
        frames = protocol.encode(
            protocol.Stylize("again", one, (protocol.Style("s", one.digest()),), {"steps": 1})
        )
        other._wire.send(frames)
        (asked,) = _raw(other, 1)
        assert asked == protocol.SendStyles("again", (one.digest(),))


def _raw(client: Client, count: int) -> list[protocol.Message]:
    """The next messages, unanswered."""
    found = []
    while len(found) < count and (frames := client._wire.receive(20)):
        found.append(protocol.decode(frames))
    return found


def test_each_request_is_answered_in_its_own_language(client, ask, replies, painting):
    """Two editors of one user may speak two languages; what a child or the server says of a job is
    in the job's."""
    with language.speaking("de"):
        refused = client.submit(painting(), [], {})
        assert replies(client, refused)[-1].message == "Wählen Sie mindestens einen Stil."
        found = replies(client, ask(client, steps=60))
        stages = [each.stage for each in found if isinstance(each, Progress)]
        assert stages[-1].startswith("malt, Größe ")
    with language.speaking("fr"):
        message = replies(client, ask(client, painting(8, 8)))[-1].message
        assert message.startswith("Le calque à repeindre ne fait que 8 x 8 px")
    message = replies(client, ask(client, painting(8, 8)))[-1].message
    assert message.startswith("The layer to repaint is only 8 x 8 px")


def test_no_steps_give_the_content_back_bit_for_bit(client, ask, replies, painting):
    content = painting(60, 50)
    assert replies(client, ask(client, content, steps=0))[-1].pixels == content


@pytest.mark.parametrize("working_size", ["auto", 256])
def test_a_mask_limits_the_result(client, replies, painting, working_size):
    content, style = painting(400, 64), painting(seed=9)
    chosen = [(protocol.Style("style", style.digest()), style)]
    x, y, _, height = content.extent
    mask = Pixels(Extent(x, y, 200, height), "grey8", b"\xff" * 200 * height)
    values = {"steps": 2, "working_size": working_size, "feather": 10}
    done = replies(client, client.submit(content, chosen, values, mask))[-1]
    assert isinstance(done, Done)
    assert done.pixels.extent == content.extent
    alpha = done.pixels.data[3::4][-400:]  # of the last row
    assert set(alpha[:180]) == {255}
    assert set(alpha[220:]) == {0}
    assert 100 < alpha[200] < 155
    assert done.pixels.data[: 4 * 185] != content.data[: 4 * 185]


@pytest.mark.parametrize("working_size", ["auto", 256])
def test_a_layer_mask_comes_beside_the_whole_picture(client, replies, painting, working_size):
    """And under it the picture is the one that a selection limits otherwise."""
    content, style = painting(400, 64), painting(seed=9)
    chosen = [(protocol.Style("style", style.digest()), style)]
    x, y, _, height = content.extent
    mask = Pixels(Extent(x, y, 200, height), "grey8", b"\xff" * 200 * height)
    values = {"steps": 2, "working_size": working_size, "feather": 10}
    masked, limited = (
        replies(client, client.submit(content, chosen, values | {"selection": how}, mask))[-1]
        for how in ("mask", "limit")
    )
    assert limited.mask is None
    assert (masked.mask.extent, masked.mask.format) == (content.extent, "grey8")
    assert masked.mask.data == limited.pixels.data[3::4], "the content is opaque"
    assert set(masked.pixels.data[3::4]) == {255}
    for channel in range(3):
        assert masked.pixels.data[channel::4] == limited.pixels.data[channel::4]


def test_a_mask_that_is_none_gets_a_sentence(client, replies, painting):
    content = painting()
    chosen = [(protocol.Style("style", content.digest()), content)]
    failed = replies(client, client.submit(content, chosen, {}, content))[-1]
    assert failed.message == "The selection came in a wrong format: paint again."


@pytest.mark.parametrize("size", [(16, 16), (17, 301), (640, 16)])
def test_odd_sizes_come_back_at_their_size(client, ask, replies, painting, size):
    content = painting(*size)
    done = replies(client, ask(client, content, working_size=256))[-1]
    assert done.pixels.extent == content.extent


def test_jobs_queue_and_another_clients_job_waits(client, ask, replies):
    with Client(connection.read()) as other:
        first = ask(client, steps=40)
        second = ask(other, steps=1)
        assert isinstance(replies(client, first)[-1], Done)
        assert isinstance(replies(other, second)[-1], Done)


@pytest.mark.parametrize(
    ("size", "what"), [((8, 40), "only 8 x 40 px"), ((40, 15), "only 40 x 15 px")]
)
def test_a_layer_too_small_gets_a_sentence(client, ask, replies, painting, size, what):
    assert what in replies(client, ask(client, painting(*size)))[-1].message
    assert "“style”" in replies(client, ask(client, style=painting(*size)))[-1].message


def test_an_empty_layer_gets_a_sentence(client, ask, replies, painting):
    full = painting()
    clear = Pixels(full.extent, "rgba8", bytes(len(full.data)))
    assert "empty" in replies(client, ask(client, clear))[-1].message


def test_too_large_a_working_size_is_refused_with_one_that_fits(client, replies):
    """A style looked at sixteen times as large as the picture, half a terabyte, fits into no
    machine's memory."""
    content = Pixels(Extent(0, 0, 4096, 2048), "rgba8", b"\xff" * 2**25)
    style = protocol.Style("style", content.digest(), brush_size=400.0)
    job = client.submit(content, [(style, content)], {"working_size": 4096, "brush_size": 400})
    failed = replies(client, job)[-1]
    assert isinstance(failed, Failed)
    assert "working size of at most" in failed.message


@pytest.mark.parametrize(
    ("parameters", "word"),
    [({"strength": 900}, "Strength"), ({"strenght": 1}, "strenght"), ({"blend": 3}, "Blend")],
)
def test_wrong_parameters_get_a_sentence(client, ask, replies, parameters, word):
    failed = replies(client, ask(client, **parameters))[-1]
    assert isinstance(failed, Failed)
    assert word in failed.message


def test_a_job_without_styles_is_refused(client, painting, replies):
    failed = replies(client, client.submit(painting(), [], {}))[-1]
    assert failed.message == "Choose at least one style."


def test_cancel_frees_the_host_within_200_ms_and_the_next_job_runs(client, ask, replies):
    job = ask(client, steps=5000)
    replies(client, job, until=Progress)
    replies(client, job, until=Preview)
    began = time.monotonic()
    client.cancel(job)
    replies(client, job, until=Cancelled)
    assert time.monotonic() - began < 0.2
    assert isinstance(replies(client, ask(client))[-1], Done)


@pytest.mark.parametrize("size", [(48, 40), (300, 200)])
def test_keep_ends_a_job_with_what_is_painted_so_far(client, ask, replies, painting, size):
    content = painting(*size)
    job = ask(client, content, steps=5000, working_size=256)
    replies(client, job, until=Preview)
    client.keep(job)
    done = replies(client, job)[-1]
    assert isinstance(done, Done)
    assert done.pixels.extent == content.extent
    assert done.pixels.data != content.data
    assert done.pixels.data[3::4] == content.data[3::4]


def test_a_picture_stopped_early_stays_as_soft_as_it_was_seen(client, ask, replies, painting):
    job = ask(client, painting(240, 180), steps=5000, working_size=256)
    replies(client, job, until=Preview)
    client.keep(job)
    done = replies(client, job)[-1]
    (note,) = done.notes
    assert re.search(says("Stopped early, at … x … px: later sizes bring the detail."), note)
    width, height = (int(each) for each in re.findall(r"\d+", note))
    assert width < 150, "it was stopped early"
    soft = _picture(done.pixels).resize((width, height), Image.Resampling.BOX)
    assert _difference(soft.resize((240, 180), Image.Resampling.BICUBIC), done.pixels) < 4


@pytest.mark.parametrize("size", [(300, 40), (900, 64)])
def test_what_is_seen_last_is_what_is_kept(client, ask, replies, painting, size):
    """Also where the change is laid over a layer larger than what was painted."""
    found = replies(client, ask(client, painting(*size), working_size=256))
    shown = [each.pixels for each in found if isinstance(each, Preview)][-1]
    assert shown.extent.width == min(512, size[0])
    small = _picture(found[-1].pixels).resize(shown.extent[2:], Image.Resampling.BICUBIC)
    assert _difference(small, shown) < 2


def _difference(one: Image.Image, other: Pixels) -> float:
    """The largest of the channels' mean differences, of 255."""
    return max(ImageStat.Stat(ImageChops.difference(one, _picture(other))).mean)


def _picture(pixels: Pixels) -> Image.Image:
    size = (pixels.extent.width, pixels.extent.height)
    return Image.frombytes("RGBA", size, pixels.data).convert("RGB")


def test_cancel_of_a_waiting_job_leaves_the_running_one_alone(client, ask, replies):
    running, waiting = ask(client, steps=30), ask(client, steps=5000)
    client.cancel(waiting)
    assert isinstance(replies(client, running)[-1], Done)


def test_broken_messages_of_the_user_are_refused_and_it_lives_on(client):
    for frames in ([b"{}"], [b"x" * 70000], [b""], protocol.encode(protocol.Ping())):
        client._wire.send(frames)
        (reply,) = client.poll(10)
        assert isinstance(reply, protocol.Refused)
    assert client.status(5) is not None


def test_a_peer_of_another_version_is_told_what_to_do(client, monkeypatch):
    monkeypatch.setattr(protocol, "VERSION", (protocol.VERSION[0] + 1, 0))
    client._wire.send(protocol.encode(protocol.Status()))
    with pytest.raises(ProtocolError, match=r"run install\.py again"):
        client.poll(10)


@pytest.mark.parametrize("side", [48, 1500])  # the larger one is looked at beside the server
def test_a_style_that_came_damaged_ends_the_job(client, replies, side):
    pixels = Pixels(Extent(0, 0, side, side), "rgba8", bytes(4 * side * side))
    job = client.submit(pixels, [(protocol.Style("s", "0" * 64), pixels)], {})
    failed = replies(client, job)[-1]
    assert failed.message == "A style came damaged: paint again."


def test_a_job_goes_on_from_an_earlier_painting(client, replies, painting):
    """It is another picture than without, and one of another place is not taken for it."""
    content, style, earlier = painting(), painting(seed=9), painting(seed=5)
    chosen = [(protocol.Style("style", style.digest()), style)]
    elsewhere = Pixels(Extent(0, 0, *earlier.extent[2:]), earlier.format, earlier.data)

    def painted(start, init="result"):
        job = client.submit(content, chosen, {"steps": 2, "init": init}, start=start)
        return replies(client, job)[-1].pixels

    without = painted(None)
    assert painted(earlier).data != without.data
    mask = Pixels(content.extent, "grey8", bytes(content.extent.width * content.extent.height))
    job = client.submit(content, chosen, {"steps": 2, "init": "result"}, start=mask)
    assert "The earlier result came in a wrong format" in replies(client, job)[-1].message
    assert painted(elsewhere) == without == painted(earlier, "content")
