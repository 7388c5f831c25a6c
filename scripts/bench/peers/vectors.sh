#!/bin/sh
# From a mask of 0 and 1 to patches with their areas in and out of licences, by GDAL's tools.
#   vectors.sh WORK LICENCES OUT.gpkg      WORK/mask.tif is read
set -eu
gdal_sieve.py -q -st 400 -8 -nomask "$1/mask.tif" "$1/sieved.tif"
gdal_polygonize.py -q -8 "$1/sieved.tif" -mask "$1/sieved.tif" -f GPKG "$1/work.gpkg" shapes
ogr2ogr -q -update -append -nln licences "$1/work.gpkg" "$2"
rm -f "$3"
ogr2ogr -q -f GPKG -nln patches -nlt PROMOTE_TO_MULTI -a_srs EPSG:4528 "$3" "$1/work.gpkg" -sql "
  SELECT geom, ST_Area(geom) AS area_m2, inside_m2, ST_Area(geom) - inside_m2 AS outside_m2 FROM (
    SELECT s.geom AS geom, COALESCE(ST_Area(ST_Intersection(s.geom, ST_Union(l.geom))), 0.0) AS inside_m2
    FROM (SELECT fid, ST_Buffer(geom, 0) AS geom FROM shapes) s
    LEFT JOIN licences l ON l.fid IN (
      SELECT id FROM rtree_licences_geom
      WHERE maxx >= ST_MinX(s.geom) AND minx <= ST_MaxX(s.geom) AND maxy >= ST_MinY(s.geom) AND miny <= ST_MaxY(s.geom))
    GROUP BY s.fid)"
