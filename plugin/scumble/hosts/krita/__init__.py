"""Krita's host: style layers from the open document, an undoable layer back."""


def start() -> None:
    """Register with Krita. Whatever fails is logged: an error here would stop Krita's start."""
    from scumble import guard, language

    guard.begin("Krita")
    try:
        from scumble.hosts.krita.qt import QtCore

        language.use(QtCore.QLocale().uiLanguages())  # Krita sets it as its own is
        from scumble.hosts.krita.extension import register

        register()
    except Exception:
        guard.log_failure("Scumble could not start")
