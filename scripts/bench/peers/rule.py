"""rule: what every peer decides by. Fits AFTER to BEFORE on a sample, and knows the thresholds.

rule.py BEFORE AFTER gdal|otb prints the rule as an expression for gdal_calc.py (A to D before, E to H after) or OTB's BandMath.
Bands: blue, green, red, near infrared; 0 is no data.
"""
import sys

import numpy as np
from osgeo import gdal

gdal.UseExceptions()

# from a grid over three pairs of the bench's own maker (seeds 101 to 103, not the measured one): of what comes within .01 of the best
# F1 of patches, the highest recall
CHANGE = 2.0  # length of the change vector, in deviations of BEFORE
NDVI_DROP = 0.10
NDVI_MOST = 0.16
VISIBLE_LEAST = 1300.0  # mean of the three visible bands
LEAST_PX = 400

TILE = 512
TILES = 48


def sample(before, after):
    """Every third pixel of tiles spread over the pair, as two arrays of bands × pixels."""
    files = [gdal.Open(path) for path in (before, after)]
    width, height = files[0].RasterXSize, files[0].RasterYSize
    corners = [(x, y) for y in range(0, height, TILE) for x in range(0, width, TILE)]
    pixels = []
    for x, y in corners[:: max(1, len(corners) // TILES)]:
        size = (min(TILE, width - x), min(TILE, height - y))
        both = np.concatenate([f.ReadAsArray(x, y, *size)[:, ::3, ::3] for f in files])
        pixels.append(both[:, (both > 0).all(axis=0)])
    both = np.concatenate(pixels, axis=1).astype(np.float32)
    return both[:4], both[4:]


def fit(before, after):
    """Deviation of BEFORE, and gain and offset that bring AFTER to it: reduced major axis on the pixels that changed least."""
    spread = before.std(axis=1)
    kept = np.ones(before.shape[1], bool)
    for _ in range(6):
        b, a = before[:, kept], after[:, kept]
        gain = b.std(axis=1) / a.std(axis=1)
        offset = b.mean(axis=1) - gain * a.mean(axis=1)
        residual = (after * gain[:, None] + offset[:, None] - before) / spread[:, None]
        distance = np.einsum('ij,ij->j', residual, residual)
        kept = distance < np.quantile(distance, 0.7)
    return spread, gain, offset


def expression(spread, gain, offset, form):
    def number(value):
        # a Python float would turn gdal_calc's arrays into doubles
        return f'float32({value:.7g})' if form == 'gdal' else f'({value:.7g})'

    def square(term):
        return f'square({term})' if form == 'gdal' else f'({term})*({term})'

    def ndvi(red, nir):
        return f'({nir}-{red})/({nir}+{red}+{number(1e-6)})'

    before = list('ABCD') if form == 'gdal' else [f'im1b{k}' for k in range(1, 5)]
    bare = list('EFGH') if form == 'gdal' else [f'im2b{k}' for k in range(1, 5)]
    after = [f'({band}*{number(g)}+{number(o)})' for band, g, o in zip(bare, gain, offset)]
    known = [f'({number(1)}*{band})' for band in before]  # out of unsigned numbers, which cannot be subtracted
    length = '+'.join(square(f'({b}-{a})/{number(s)}') for b, a, s in zip(known, after, spread))
    terms = [
        f'{before[0]}>0',
        f'{bare[0]}>0',
        f'{after[0]}+{after[1]}+{after[2]}>{number(3 * VISIBLE_LEAST)}',
        f'{ndvi(after[2], after[3])}<{number(NDVI_MOST)}',
        f'{ndvi(known[2], known[3])}-{ndvi(after[2], after[3])}>{number(NDVI_DROP)}',
        f'{length}>{number(CHANGE * CHANGE)}',
    ]
    if form == 'gdal':
        return '*'.join(f'({term})' for term in terms)
    return ' && '.join(terms) + ' ? 1 : 0'


if __name__ == '__main__':
    print(expression(*fit(*sample(*sys.argv[1:3])), sys.argv[3]))
