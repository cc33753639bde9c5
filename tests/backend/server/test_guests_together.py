"""Guests beside each other, in queues and in the middle of what they send."""

import re

import pytest
from tests.backend.server.network import ASKS, PAINTS
from tests.backend.server.studio import Guest, here, jobs, wait
from tests.sentences import says

ENDLESS = 5000  # steps: minutes, so that it cannot be done before the test ends it
SIDE = 1500  # px: 9 MB, seconds over a slow link
PART = 2_000_000  # bytes that have come when the link breaks


def came(network) -> int:
    """Bytes, over the link, to the computer that paints."""
    counted = network.run(PAINTS, "sh", "-c", "cat /sys/class/net/sc*/statistics/rx_bytes").stdout
    return int(counted)


@pytest.mark.faults
def test_what_is_sent_while_a_link_breaks_is_sent_again(network, guest):
    guest.tell("paint", 2, SIDE)
    whole = guest.hear("done")
    with network.slow("16mbit"):
        before = came(network)
        guest.tell("paint", 2, SIDE)
        wait(lambda: came(network) > before + PART)
        with network.cut():
            assert jobs(network) == 0, "not all of it has come"
            guest.hear_stage("link")
        assert guest.hear("done", "failed") == whole


def test_two_editors_of_one_guest_paint_their_own_pictures(network, guest):
    guest.tell("paint", 3)
    alone = guest.hear("done")
    other = Guest(network)
    other.tell("paint", ENDLESS)
    other.hear("preview")
    guest.tell("paint", 3)
    guest.hear("queued")
    assert jobs(network) == 2
    other.tell("cancel")
    other.hear("cancelled")
    assert guest.hear("done") == alone
    other.tell("paint", 3)
    assert other.hear("done") == alone
    other.quit()


@pytest.mark.security
def test_a_key_that_is_removed_takes_its_waiting_job_and_no_other(network, guest, paired):
    guest.tell("paint", ENDLESS)
    guest.hear("preview")
    paired("second")
    second = Guest(network, ASKS)
    second.tell("paint", 3)
    second.hear("queued")
    assert jobs(network) == 2
    assert here(network, "key", "remove", "second").returncode == 0
    assert re.search(
        says("Your key was removed on the other computer: ask there for another one."),
        second.hear("failed"),
    )
    wait(lambda: jobs(network) == 1)
    guest.tell("keep")
    guest.hear("done")
    second.quit()
