#!/bin/sh
# Peer: the rule in Orfeo ToolBox, then GDAL's tools.
#   otb.sh BEFORE AFTER LICENCES OUT.gpkg
set -eu
export GDAL_NUM_THREADS=2 GDAL_CACHEMAX=1024 GDAL_PAM_ENABLED=NO ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS=2 OTB_LOGGER_LEVEL=CRITICAL
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rule=$(/usr/bin/python3 "$here/rule.py" "$1" "$2" otb)
otbcli_BandMath -il "$1" "$2" -exp "$rule" -out "$work/mask.tif?&gdal:co:TILED=YES" uint8 -ram 2048 -progress false
sh "$here/vectors.sh" "$work" "$3" "$4"
