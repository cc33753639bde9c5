"""The sentences of messages.md, as tests look for them."""

import re


def says(sentence: str) -> str:
    """A pattern for the sentence with anything in place of each …; test_messages.py counts which
    sentences are looked for by this, and which by a part of theirs."""
    return "(?s)" + ".+".join(re.escape(part) for part in sentence.strip("… ").split("…"))
