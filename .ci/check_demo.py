"""The demo's document and picture: whole, of the sample's size, and changed by the styles.

python check_demo.py DOCUMENT PICTURE
"""

import io
import sys
import zipfile
from xml.etree import ElementTree

import numpy as np
from PIL import Image

from scumble_backend.sample import SAMPLE

with zipfile.ZipFile(SAMPLE) as sample, zipfile.ZipFile(sys.argv[1]) as document:
    assert document.testzip() is None
    before, after = (
        [
            layer.get("src", "")
            for layer in ElementTree.fromstring(file.read("stack.xml")).iter("layer")
        ]
        for file in (sample, document)
    )
    assert len(after) == len(before) + 1, "there is not one layer more"
    for source in before:
        assert document.read(source) == sample.read(source), f"{source} is not as it was"
    photograph = np.asarray(
        Image.open(io.BytesIO(sample.read("mergedimage.png"))).convert("RGB"), float
    )
picture = np.asarray(Image.open(sys.argv[2]).convert("RGB"), float)
assert picture.shape == photograph.shape
change = np.abs(picture - photograph).mean()
assert change > 8, f"the picture hardly differs from the photograph ({change:.1f} levels)"
print(f"The demo's document is whole; its picture differs by {change:.1f} levels of 255.")
