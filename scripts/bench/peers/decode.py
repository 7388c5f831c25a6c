"""Floor: GDAL decodes every pixel of both images, in two threads with handles of their own, and nothing else.

decode.py BEFORE AFTER
"""
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from osgeo import gdal

gdal.UseExceptions()
gdal.SetCacheMax(256 << 20)

THREADS = 2
BLOCK = 1024
own = threading.local()


def main(paths):
    first = gdal.Open(paths[0])
    width, height = first.RasterXSize, first.RasterYSize

    def read(corner):
        x, y = corner
        if not hasattr(own, 'files'):
            own.files = [gdal.Open(path) for path in paths]
        for file in own.files:
            file.ReadAsArray(x, y, min(BLOCK, width - x), min(BLOCK, height - y))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(read, [(x, y) for y in range(0, height, BLOCK) for x in range(0, width, BLOCK)]))


main(sys.argv[1:3])
