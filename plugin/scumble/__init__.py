"""Scumble: repaint a layer in a blend of styles. This package travels into the editors."""
