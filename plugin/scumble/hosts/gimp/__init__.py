"""GIMP's host: style layers from the open image, an undoable layer back."""
