"""The encoder that ships, lite.safetensors: how it was made, from what and how well: README.md."""
