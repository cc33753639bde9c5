"""What can go wrong, in one tree. Every message says what happened and what to do about it.

ScumbleError
├── InputError            the artist's own choice: a file, a layer, a value
│   ├── ParameterError    an unknown parameter, or a value out of its range
│   ├── PictureError      a picture or document that cannot be read, used or written
│   └── LayerError        no such layer, no style, an empty layer
│       └── KeptError     a result that cannot be put in, and is kept
├── BackendError          the process that paints
│   ├── StartError        it cannot be found or does not start
│   ├── LostError         it went away
│   └── JobError          it gave up a job, and said why
└── ProtocolError         a message that is not ours, or is broken
    └── VersionError      a peer of another version
"""


class ScumbleError(Exception):
    """An error with a sentence for the artist."""


class InputError(ScumbleError):
    pass


class ParameterError(InputError):
    pass


class PictureError(InputError):
    pass


class LayerError(InputError):
    pass


class KeptError(LayerError):
    pass


class BackendError(ScumbleError):
    pass


class StartError(BackendError):
    pass


class LostError(BackendError):
    pass


class JobError(BackendError):
    pass


class ProtocolError(ScumbleError):
    pass


class VersionError(ProtocolError):
    pass
