"""What the page says on which Scumble is set up, by what is lacking."""

from scumble.language import decimal, tr
from scumble.needs import Needs
from scumble.presenter import words
from scumble.setup import Found, Report

HEADINGS = {
    "missing": tr("Scumble is to be set up first"),
    "broken": tr("Scumble is to be repaired"),
    "older": tr("Scumble is to be upgraded"),
    "newer": tr("This plug-in is older than Scumble on this computer"),
}
SET_UP = {"missing": tr("Set up"), "broken": tr("Repair"), "older": tr("Upgrade"), "newer": ""}
LATER = {"older": tr("Not now"), "newer": tr("Go on")}
SETTING_UP, STOP_SET_UP = tr("Scumble is being set up"), tr("Stop setting up")
GOES_ON = tr(
    "You can paint on, and close this window or the editor: it goes on, and is shown here."
)
KEPT = tr("Cancelled. What was downloaded is kept for the next time.")
STILL = tr("It was set up, but its files are not there: try again.")
REMOVE = tr(
    "Remove what was set up for Scumble from this computer? Your presets, the history of your "
    "documents, and results that wait to be inserted, are kept; so is the plug-in, which can set "
    "it up again."
)
REMOVED = tr(
    "What was set up for Scumble is removed. The plug-in itself is turned off, or deleted, in the "
    "editor's settings."
)
DOES = {
    "missing": tr(
        "Scumble needs PyTorch, which does the painting, and a few smaller packages. They are put "
        "into a folder of their own; nothing else on this computer is changed."
    ),
    "broken": tr(
        "Files of its own, or the Python that it was set up with, are gone or damaged. It is made "
        "anew; what was downloaded and is still sound is not downloaded again."
    ),
}


SENDS = tr(
    "Another computer paints. What sends your pictures there, encrypted, is put into a folder of "
    "its own, without PyTorch; nothing else on this computer is changed."
)
OR_ELSEWHERE = tr(
    "Another computer of yours has a better graphics card? It can paint instead: then little is "
    "downloaded here."
)


def lines(found: Found, needs: Needs | None) -> tuple[str, ...]:
    """All that stands on the page. needs: None while that is not known."""
    told = costs(found, needs) if needs and found.lack != "newer" else ()
    here = found.lack == "missing" and not found.sends
    return lack(found), *told, *((OR_ELSEWHERE,) if here else ())


def lack(found: Found) -> str:
    """What is there, and what will be done about it."""
    if found.lack == "older":
        brings = tr(
            "This plug-in brings Scumble {own}, and {there} is set up here.",
            own=found.own,
            there=found.there,
        )
        if found.own == found.there:
            brings = tr(
                "This plug-in brings another Scumble {own} than is set up here.", own=found.own
            )
        safe = tr(
            "The new one is made beside the old one and tried; until it works, and if you cancel, "
            "the old one is used."
        )
        return f"{brings} {safe}"
    if found.lack == "newer":
        return tr(
            "Scumble {there} is set up here, and this plug-in is of {own}: get the plug-in of "
            "{there} for this editor. Until then the two may not understand each other.",
            there=found.there,
            own=found.own,
        )
    return SENDS if found.lack == "missing" and found.sends else DOES[found.lack]


def costs(found: Found, needs: Needs) -> tuple[str, ...]:
    """Where, how much, and for what."""
    minutes = max(1, round(needs.download * 8000 / 50 / 60))
    download = tr(
        "about {size} GB, {minutes} min at 50 Mbit/s",
        size=decimal(needs.download),
        minutes=minutes,
    )
    disk, free = tr("{size} GB", size=decimal(needs.disk)), decimal(needs.free, 0)
    if needs.most > needs.download:
        download += " " + tr(
            "({size} GB where PyTorch's own server cannot be reached)", size=decimal(needs.most)
        )
        disk += " " + tr("({size} GB then)", size=decimal(needs.most_disk))
    if found.lack == "older" and not found.sends:
        download = tr(
            "nothing but what changed; where that is PyTorch, {download}", download=download
        )
    return (
        tr("Folder: {folder}", folder=found.folder),
        tr("Download: {download}", download=download),
        tr("Disk: {disk}; {free} GB are free", disk=disk, free=free),
        *(() if found.sends else (gpu(needs.gpu),)),
    )


def gpu(name: str) -> str:
    if not name:
        return tr(
            "Graphics card: none that PyTorch knows was found, so it paints on the processor."
        )
    return tr("Graphics card: {name}; it gets the PyTorch for that.", name=name)


def set_up_stage(report: Report) -> str:
    parts = [tr(report.stage)]  # which the installer tells in English
    if report.total:
        done, total = (decimal(each / 1e9, 2) for each in (report.done, report.total))
        parts.append(tr("{done} of {total} GB", done=done, total=total))
    if report.total and report.left >= 0:
        parts.append(tr("{time} left", time=words.time(report.left)))
    return ", ".join(parts)
