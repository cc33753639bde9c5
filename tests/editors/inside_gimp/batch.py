"""GIMP's batch code: answers a test's requests about images until it is told to quit."""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, os.environ["SCUMBLE_DRIVER"])
import driver
import image_steps

while driver.turn(Path(os.environ["SCUMBLE_DRIVER"], "image"), image_steps) != "quit":
    time.sleep(0.01)
