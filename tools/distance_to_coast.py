"""Compute each unit's distance to the coastline, once, from the boundary file.

Reads ``geo/prefecture_simplified.geojson`` and ``geo/gazetteer.csv`` in the
evidence folder (environment variable ``TIDU_REFERENCE``, default
``../shared``) and writes ``tools/distance_to_coast.csv``, which
``tools/compile_china.py`` merges into the gazetteer.  Needs shapely, which is a
dependency of this script only.

Method
------
1. All area polygons are widened by ``GAP`` degrees and united, so that the
   hairline gaps between polygons that were simplified one by one close.
2. The outer rings of the union are walked in steps of ``STEP`` degrees.  A
   point belongs to the coastline when the nearest unit is a coastal one
   (``coastal_geom`` = 1, or Hong Kong, Macao, Taiwan, which carry no flag) and
   it is not on one of the two land borders that coastal units have with other
   countries (``LAND_BORDERS``: the Yalu at Dandong, the Vietnamese border at
   Fangchenggang).  Holes of the union smaller than any bay are gaps and are
   left out.
3. A unit's distance is the great-circle distance from its point (the point
   inside its largest polygon, not the seat of its government) to the nearest
   coastline point.

Error: 1 to 2 km from simplification (tolerance 0.01 degree), widening and
step; at estuaries the end of the sea is where the coastal units end; the point
stands for the whole unit, so in a large unit the figure can be off by tens of
kilometres for its main town.  Islands count as coast.
"""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import shape

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = Path(os.environ.get("TIDU_REFERENCE", ROOT.parent / "shared"))
GEO = REFERENCE / "data" / "raw" / "geo"
OUT = ROOT / "tools" / "distance_to_coast.csv"

GAP = 0.012
"""Degrees by which polygons are widened before the union."""
STEP = 0.005
"""Degrees between two points of the walked coastline (about 0.5 km)."""
EARTH_RADIUS_KM = 6371.0088
ALWAYS_COASTAL = {"710000", "810000", "820000"}
LAND_BORDERS = {
    # adcode: (west, south, east, north) of the box whose outer boundary is land
    "210600": (124.25, 39.95, 126.0, 41.5),
    "450600": (106.5, 21.545, 108.05, 22.6),
}
SANSHA = "460300"


def great_circle_km(lon: float, lat: float, lons: np.ndarray, lats: np.ndarray) -> np.ndarray:
    """Return haversine distances in kilometres from one point to many."""
    p1, p2 = np.radians(lat), np.radians(lats)
    dp, dl = p2 - p1, np.radians(lons - lon)
    a = np.sin(dp / 2) ** 2 + np.cos(p1) * np.cos(p2) * np.sin(dl / 2) ** 2
    apart: np.ndarray = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(a))
    return apart


def coastline(polygons: dict[str, shapely.Geometry], coastal: set[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the coastline as points (m, 2) and the unit each one belongs to."""
    land = shapely.union_all([shapely.buffer(p, GAP) for p in polygons.values()])
    rings = [shapely.get_exterior_ring(part) for part in shapely.get_parts(land)]
    points = np.concatenate([shapely.get_coordinates(shapely.segmentize(r, STEP)) for r in rings])
    codes = list(polygons)
    tree = shapely.STRtree([polygons[c] for c in codes])
    nearest = np.array(codes)[tree.nearest(shapely.points(points))]
    keep = np.isin(nearest, sorted(coastal))
    for code, (west, south, east, north) in LAND_BORDERS.items():
        inside = (points[:, 0] >= west) & (points[:, 0] <= east)
        inside &= (points[:, 1] >= south) & (points[:, 1] <= north)
        keep &= ~((nearest == code) & inside)
    return points[keep], nearest[keep]


def main() -> None:
    """Write the distances."""
    with (GEO / "gazetteer.csv").open(encoding="utf-8-sig", newline="") as handle:
        units = list(csv.DictReader(handle))
    features = json.loads((GEO / "prefecture_simplified.geojson").read_text(encoding="utf-8"))
    parts: dict[str, list[shapely.Geometry]] = {}
    for feature in features["features"]:
        if feature["properties"]["kind"] == "area":
            code = str(feature["properties"]["adcode"])
            parts.setdefault(code, []).append(shapely.make_valid(shape(feature["geometry"])))
    polygons = {code: shapely.union_all(geometries) for code, geometries in parts.items()}
    coastal = {u["adcode"] for u in units if u["coastal_geom"] == "1"} | ALWAYS_COASTAL
    points, owner = coastline(polygons, coastal)
    rows = []
    for unit in units:
        lon, lat = float(unit["lon"]), float(unit["lat"])
        use = points if unit["adcode"] == SANSHA else points[owner != SANSHA]
        nearest = great_circle_km(lon, lat, use[:, 0], use[:, 1])
        rows.append((unit["adcode"], f"{nearest.min():.1f}"))
    with OUT.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(("adcode", "distance_to_coast_km"))
        writer.writerows(sorted(rows))
    print(f"{len(rows)} units, {len(points)} coastline points -> {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
