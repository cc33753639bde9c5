"""GIMP's batch code: answers a test's requests about images until it is told to quit."""

import sys
import time
from pathlib import Path

sys.path.insert(0, "/root/driver")
import driver
import image_steps

while driver.turn(Path("/root/driver/image"), image_steps) != "quit":
    time.sleep(0.01)
