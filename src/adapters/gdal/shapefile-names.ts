/**
 * shapefile-names: field names that a DBF can hold (10 bytes, ASCII here). Longer ones are cut by GDAL in the middle, twice the
 * same name included, so they are replaced by the short ones of this table; any other long name is shortened and numbered.
 */
const SHORT: Readonly<Record<string, string>> = {
  perimeter_m: 'perim_m',
  date_before: 'date_bef',
  date_after: 'date_aft',
  boundary_id: 'bound_id',
  score_parts: 'score_part',
};
const LONGEST = 10;

/** One DBF name per field name, in order, all different (case-insensitively). */
export function shapefileNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, i) => {
    const ascii = (SHORT[name] ?? name).replace(/[^A-Za-z0-9_]/g, '') || `field${i + 1}`;
    let short = ascii.slice(0, LONGEST);
    for (let n = 1; taken.has(short.toLowerCase()); n++) short = `${ascii.slice(0, LONGEST - String(n).length)}${n}`;
    taken.add(short.toLowerCase());
    return short;
  });
}
