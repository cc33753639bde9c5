"""What a picture's spectrum says of it. Rows are lightness, (H, W), 0..1."""

import numpy as np

RING = 1 / 32  # cycles per px


def grain(rows: np.ndarray) -> float:
    """The share of the energy above 1/8 cycles per px."""
    power, down, across = _power(rows)
    return float(power[np.hypot(down, across) > 1 / 8].sum() / power.sum())


def peak(rows: np.ndarray) -> float:
    """How far the strongest frequency stands out from its ring, times the ring's mean: high where
    something repeats."""
    power, down, across = _power(rows)
    rings = [power[ring] for ring in _rings(np.hypot(down, across), 1 / 16, 3 / 8)]
    return float(max(each.max() / each.mean() for each in rings))


def weave(rows: np.ndarray) -> float:
    """How far the axes of the spectrum stand out from their rings, times the rings' mean: 1 where
    fine lines run every way alike, more where they follow rows and columns of pixels."""
    power, down, across = _power(rows)
    straight = np.minimum(down, across) <= 2.5 / min(rows.shape)
    rings = _rings(np.hypot(down, across), 3 / 16, 1 / 2)
    return float(np.mean([power[ring & straight].mean() / power[ring].mean() for ring in rings]))


def centroid(rows: np.ndarray) -> float:
    """The mean frequency, cycles per px, weighted by amplitude."""
    power, down, across = _power(rows)
    amplitude = np.sqrt(power)
    return float((np.hypot(down, across) * amplitude).sum() / amplitude.sum())


def _power(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Power spectrum under a Hann window, without the mean; and how fast each frequency repeats
    down and across, cycles per px, 0 or more."""
    window = np.hanning(rows.shape[0])[:, None] * np.hanning(rows.shape[1])
    power = np.abs(np.fft.fft2((rows - rows.mean()) * window)) ** 2
    down, across = (np.abs(np.fft.fftfreq(side)) for side in rows.shape)
    return power, *np.broadcast_arrays(down[:, None], across)


def _rings(radius: np.ndarray, low: float, high: float) -> list[np.ndarray]:
    return [(radius > r) & (radius <= r + RING) for r in np.arange(low, high, RING)]
