"""A browser in the machine: it opens nothing, and notes the address that it was given."""

from machine import HOME
from session import Session, inside

PROGRAM, NOTES = f"{HOME}/browser", f"{HOME}/browsed"
ENTRY = f"""[Desktop Entry]
Type=Application
Name=Browser
Exec={PROGRAM} %u
MimeType=text/html;
"""
LONG = 60.0  # s
FOR_QT = {"BROWSER": PROGRAM}  # which asks no desktop on a machine as bare as this one


def make() -> None:
    """The one that a desktop takes for pages."""
    inside(PROGRAM).write_text(f'#!/bin/sh\necho "$1" >> {NOTES}\n')
    inside(PROGRAM).chmod(0o755)
    applications = inside(f"{HOME}/.local/share/applications")
    applications.mkdir(parents=True, exist_ok=True)
    (applications / "browser.desktop").write_text(ENTRY)
    (applications / "mimeapps.list").write_text(
        "[Default Applications]\ntext/html=browser.desktop\n"
    )
    inside(NOTES).unlink(missing_ok=True)


def page(session: Session) -> str:
    """What lies at the one address that was opened since it was last asked."""
    session.wait(inside(NOTES).exists, LONG, "the browser")
    (address,) = inside(NOTES).read_text().split()
    inside(NOTES).unlink()
    assert address.endswith("/manual.html"), address
    return inside(address.removeprefix("file://")).read_text()


def goes_to(topic: str) -> str:
    """What a page has that goes there."""
    return f'location.replace("#{topic}")'
