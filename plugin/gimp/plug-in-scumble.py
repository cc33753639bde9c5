#!/usr/bin/env python3
"""What GIMP starts: GIMP wants a file of the same name as the folder it lies in."""

from scumble.hosts.gimp.procedure import main

main()
