"""The sample document: a photograph and two painted styles. paint.py makes it."""

from pathlib import Path

SAMPLE = Path(__file__).with_name("sample.ora")
