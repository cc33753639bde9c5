"""What the compute child says of errors, and what it does with what it cannot read."""

import subprocess
import sys

import pytest

from scumble import pipe, protocol
from scumble_backend.worker import _sentence


@pytest.mark.parametrize(
    ("error", "is_memory"),
    [
        (MemoryError(), True),
        (RuntimeError("[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: "
                      "can't allocate memory: you tried to allocate 99 bytes."), True),
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 9"), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED"), True),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), False),
        (RuntimeError("The size of tensor a (3) must match"), False),
    ],
    ids=lambda value: str(value)[-30:],
)  # fmt: skip
def test_only_a_lack_of_memory_is_called_one(error, is_memory):
    assert ("Memory ran out" in _sentence(error)) == is_memory


@pytest.mark.faults
@pytest.mark.parametrize("frames", [[b"{}"], [b"\xff"], []])
def test_what_cannot_be_read_ends_it_with_a_code_of_its_own(scumble_home, frames):
    """It would live on, and hear nothing any more."""
    child = subprocess.Popen(
        [sys.executable, "-m", "scumble_backend.worker"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert child.stdin is not None
    pipe.write_frames(child.stdin, frames)
    assert child.wait(300) == protocol.BROKEN_OFF
    child.communicate()
