"""Peer: numpy, scipy and GDAL, block by block in two threads, by someone who knows how.

block_rule.py BEFORE AFTER LICENCES OUT.gpkg
"""
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import rule
from osgeo import gdal, ogr
from scipy import ndimage

gdal.UseExceptions()
ogr.UseExceptions()
gdal.SetCacheMax(256 << 20)

THREADS = 2
BLOCK = 1024
HALO = 4
own = threading.local()


def handles(paths):
    if not hasattr(own, 'files'):
        own.files = [gdal.Open(path) for path in paths]
    return own.files


def changed(before, after, spread, gain, offset):
    seen = (before[0] > 0) & (after[0] > 0)
    before = before.astype(np.float32)
    after = after.astype(np.float32)
    after *= gain[:, None, None]
    after += offset[:, None, None]
    ndvi = [(x[3] - x[2]) / (x[3] + x[2] + np.float32(1e-6)) for x in (before, after)]
    out = seen & (ndvi[1] < rule.NDVI_MOST) & (ndvi[0] - ndvi[1] > rule.NDVI_DROP)
    out &= after[:3].sum(axis=0) > 3 * rule.VISIBLE_LEAST
    before -= after
    before /= spread[:, None, None]
    out &= np.einsum('kij,kij->ij', before, before) > rule.CHANGE**2
    return out


def spread_ones(mask, reach):
    """Dilation by a square of 2 reach + 1, side after side, without leaving the array."""
    for axis in (0, 1):
        lines = np.moveaxis(mask, axis, 0)
        out = lines.copy()
        for k in range(1, reach + 1):
            out[k:] |= lines[:-k]
            out[:-k] |= lines[k:]
        mask = np.moveaxis(out, 0, axis)
    return mask


def tidy(mask):
    """Opening by 3 × 3, then closing by 5 × 5."""
    opened = spread_ones(~spread_ones(~mask, 1), 1)
    return ~spread_ones(~spread_ones(opened, 2), 2)


def change_mask(paths, fitted, pool):
    width, height = handles(paths)[0].RasterXSize, handles(paths)[0].RasterYSize
    raw = np.zeros((height, width), bool)
    mask = np.zeros((height, width), bool)

    def detect(corner):
        x, y = corner
        window = (x, y, min(BLOCK, width - x), min(BLOCK, height - y))
        before, after = (file.ReadAsArray(*window) for file in handles(paths))
        raw[y : y + BLOCK, x : x + BLOCK] = changed(before, after, *fitted)

    def clean(y):
        top = max(0, y - HALO)
        mask[y : y + BLOCK] = tidy(raw[top : y + BLOCK + HALO])[y - top :][:BLOCK]

    list(pool.map(detect, [(x, y) for y in range(0, height, BLOCK) for x in range(0, width, BLOCK)]))
    list(pool.map(clean, range(0, height, BLOCK)))
    return mask


def objects(mask):
    """Number, window and label image of every group large enough."""
    labels, count = ndimage.label(mask, np.ones((3, 3), int), output=np.int32)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    for number, window in enumerate(ndimage.find_objects(labels), 1):
        if sizes[number] >= rule.LEAST_PX:
            yield labels[window] == number, window


def without_small_holes(shape):
    holes, _ = ndimage.label(~np.pad(shape, 1))
    small = np.bincount(holes.ravel()) < rule.LEAST_PX
    small[0] = False
    return shape | small[holes][1:-1, 1:-1]


def polygon(shape, window, transform, reference):
    """One geometry of one group, by GDAL."""
    height, width = shape.shape
    raster = gdal.GetDriverByName('MEM').Create('', width, height, 1, gdal.GDT_Byte)
    raster.SetGeoTransform(
        (
            transform[0] + window[1].start * transform[1],
            transform[1],
            0,
            transform[3] + window[0].start * transform[5],
            0,
            transform[5],
        )
    )
    band = raster.GetRasterBand(1)
    band.WriteArray(shape.astype(np.uint8))
    source = ogr.GetDriverByName('Memory').CreateDataSource('')
    layer = source.CreateLayer('', reference, ogr.wkbPolygon)
    gdal.Polygonize(band, band, layer, -1, ['8CONNECTED=8'])
    whole = ogr.Geometry(ogr.wkbMultiPolygon)
    for feature in layer:
        whole.AddGeometry(feature.GetGeometryRef())
    return whole.Buffer(0)


def write(out, shapes, licences, reference):
    allowed_file = ogr.Open(licences)
    allowed = allowed_file.GetLayer()
    if gdal.VSIStatL(out):
        gdal.Unlink(out)
    target = ogr.GetDriverByName('GPKG').CreateDataSource(out)
    layer = target.CreateLayer('patches', reference, ogr.wkbMultiPolygon)
    for name in ('area_m2', 'inside_m2', 'outside_m2'):
        layer.CreateField(ogr.FieldDefn(name, ogr.OFTReal))
    layer.StartTransaction()
    for shape in shapes:
        allowed.SetSpatialFilter(shape)
        near = ogr.Geometry(ogr.wkbMultiPolygon)
        for feature in allowed:
            near.AddGeometry(feature.GetGeometryRef())
        area = shape.Area()
        inside = shape.Intersection(near.UnionCascaded()).Area() if near.GetGeometryCount() else 0.0
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.ForceToMultiPolygon(shape))
        feature.SetField('area_m2', area)
        feature.SetField('inside_m2', inside)
        feature.SetField('outside_m2', area - inside)
        layer.CreateFeature(feature)
    layer.CommitTransaction()


def main(before, after, licences, out):
    fitted = rule.fit(*rule.sample(before, after))
    with ThreadPoolExecutor(THREADS) as pool:
        mask = change_mask((before, after), fitted, pool)
    image = gdal.Open(before)
    place = image.GetGeoTransform(), image.GetSpatialRef()
    shapes = [polygon(without_small_holes(shape), window, *place) for shape, window in objects(mask)]
    write(out, shapes, licences, place[1])


if __name__ == '__main__':
    main(*sys.argv[1:5])
