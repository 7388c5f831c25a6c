#!/bin/sh
# Peer: GDAL's own tools.
#   gdal_tools.sh BEFORE AFTER LICENCES OUT.gpkg
set -eu
export GDAL_NUM_THREADS=2 GDAL_CACHEMAX=1024 GDAL_PAM_ENABLED=NO
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rule=$(/usr/bin/python3 "$here/rule.py" "$1" "$2" gdal)
gdal_calc.py --quiet \
  -A "$1" --A_band=1 -B "$1" --B_band=2 -C "$1" --C_band=3 -D "$1" --D_band=4 \
  -E "$2" --E_band=1 -F "$2" --F_band=2 -G "$2" --G_band=3 -H "$2" --H_band=4 \
  --calc="$rule" --type=Byte --hideNoData --co TILED=YES --outfile="$work/mask.tif"
sh "$here/vectors.sh" "$work" "$3" "$4"
