"""GIMP's batch code: answers a test's requests about images until it is told to quit."""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, os.environ["SCUMBLE_DRIVER"])
import desktop_steps
import driver
import image_steps
import procedure_steps

STEPS = (image_steps, procedure_steps, desktop_steps)
while driver.turn(Path(os.environ["SCUMBLE_DRIVER"], "image"), *STEPS) != "quit":
    time.sleep(0.01)
