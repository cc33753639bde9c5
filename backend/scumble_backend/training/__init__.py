"""How the encoder that ships was made; runnable by anyone who holds the teachers' weights.

`python -m scumble_backend.training.distil --help` trains it; `encoders/README.md` says from what
and how well. Nothing at run time imports this package.
"""
