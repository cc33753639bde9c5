"""What install.py does, a module a room: standard library only, since it runs before all else.

hands        runs, writes, marks and deletes; nothing else changes the machine
report       the same hands, telling the editors' windows how it goes
project      this folder: what is copied out of it, and fingerprints of that
record       install.json: what is set up where, and which environment is in use
archive      the same as one file inside every plug-in, and the files to hand out
environment  a Python environment with torch
home         Scumble's folder, and the backend that may run in it
pairing      the line that another computer printed, which paints
setting_up   the two environments: the artist's, and the one for tests
plugin       the plug-in's package, as every editor gets it
kritas       every Krita, and kritarc
gimps        every GIMP 3
demo, doctor, uninstall    what the flags of these names do
command      the flags, and which of the above serve them

Each imports from those above it only.
"""


class Problem(Exception):
    """What happened and what to do, in a sentence for the user."""
