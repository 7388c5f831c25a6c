/**
 * Makes the tables and GIS files of fixtures/register (the corner-point texts there are written by hand):
 *   npm run build && node scripts/make-register-fixtures.mjs
 * Everything is made up. fixtures/register/corpus.json says what each must give; docs/formats.md prints it.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import gdal from 'gdal-async';
import iconv from 'iconv-lite';
import writeExcelFile from 'write-excel-file/node';
import { writeVector } from '../dist/src/adapters/gdal/write-vector.js';

const folder = (name) => fileURLToPath(new URL(`../fixtures/register/${name}/`, import.meta.url));
for (const name of ['tables', 'gis']) {
  rmSync(folder(name), { recursive: true, force: true });
  mkdirSync(folder(name), { recursive: true });
}
const table = (name) => `${folder('tables')}${name}`;
const gis = (name) => `${folder('gis')}${name}`;

/** Squares in 3° zone 39; the small one lies in the large one. */
const square = (x, y, size) => [
  [1, x, y],
  [2, x, y + size],
  [3, x + size, y + size],
  [4, x + size, y],
];
const LARGE = square(3998000, 39560000, 300);
const SMALL = square(3998100, 39560100, 80);
const WEST = square(3999000, 39558000, 200);
/** Columns of another datum, moved by made-up amounts. */
const old = (rows) => rows.map(([name, x, y]) => [name, x - 1.5, y - 115.25]);

const cell = (value) => (value === null ? null : { value, type: typeof value === 'number' ? Number : String });
async function excel(name, sheets) {
  const list = sheets.map(({ sheet = 'Sheet1', rows }) => ({ sheet, data: rows.map((row) => row.map(cell)) }));
  writeFileSync(table(name), await writeExcelFile(list).toBuffer());
}
const one = (name, rows) => excel(name, [{ rows }]);
const TITLES = ['点号', 'X', 'Y'];

await one('one-table.xlsx', [
  ['东山采石场矿区范围拐点坐标表', null, null],
  ['（2000国家大地坐标系，3度带，中央子午线117°）', null, null],
  TITLES,
  ...LARGE,
  ['开采标高：由+285米至+8米', null, null],
  ['矿区面积：0.0900平方公里', null, null],
]);
await one('area-wrong.xlsx', [TITLES, ...LARGE, ['矿区面积：0.9平方公里', null, null]]);
await one('two-systems.xlsx', [
  ['拐点', '1980西安坐标系', null, '2000国家大地坐标系', null],
  [null, 'X', 'Y', 'X', 'Y'],
  ...LARGE.map((row, i) => [...old(LARGE)[i], row[1], row[2]]),
]);
await one('two-systems-unnamed.xlsx', [
  ['点号', 'X', 'Y', 'X', 'Y'],
  ...LARGE.map((row, i) => [...old(LARGE)[i], row[1], row[2]]),
]);
await one('two-systems-gap.xlsx', [
  ['许可证号', '点号', 'X(80西安)', 'Y(80西安)', 'X(2000)', 'Y(2000)'],
  ...LARGE.map((row, i) => ['C1', ...old(LARGE)[i], i === 2 ? null : row[1], i === 2 ? null : row[2]]),
  ...WEST.map((row, i) => ['C2', ...old(WEST)[i], row[1], row[2]]),
]);
await one('xian80-only.xlsx', [['坐标系：1980西安坐标系', null, null], TITLES, ...old(LARGE)]);
await one('rings.xlsx', [TITLES, ...LARGE, ['扣除范围', null, null], ...SMALL, [null, null, null], ...WEST]);
await one('ring-inside.xlsx', [TITLES, ...LARGE, [null, null, null], ...SMALL]);
await one('folded.xlsx', [
  ['点号', 'X坐标', 'Y坐标', '点号', 'X坐标', 'Y坐标'],
  [...LARGE[0], ...LARGE[2]],
  [...LARGE[1], ...LARGE[3]],
]);
await one('folded-no-order.xlsx', [
  ['点号', 'X坐标', 'Y坐标', '点号', 'X坐标', 'Y坐标'],
  [...LARGE[0], ...LARGE[3]],
  [...LARGE[2], ...LARGE[1]],
]);
await one('flat.xlsx', [
  ['许可证号', '矿山名称', '圈号', '点号', '纵坐标', '横坐标', '扣除'],
  ...LARGE.map((row) => ['C1', '东山采石场', 1, ...row, null]),
  ...SMALL.map((row) => ['C1', '东山采石场', 2, ...row, '是']),
  ...WEST.map((row) => ['C2', '西山采石场', 1, ...row, null]),
]);
await excel('several-plots.xlsx', [
  {
    sheet: '东部',
    rows: [
      ['东山采石场', null, null],
      TITLES,
      ...LARGE,
      [null, null, null],
      ['西山采石场', null, null],
      TITLES,
      ...WEST,
    ],
  },
  { sheet: '南山采石场', rows: [TITLES, ...square(3990000, 39560000, 250)] },
  { sheet: '填表说明', rows: [['坐标保留两位小数']] },
]);
await one('no-titles.xlsx', LARGE);
await one('no-zone.xlsx', [TITLES, ...LARGE.map(([name, x, y]) => [name, x, y - 39_000_000])]);
await one('east-first.xlsx', [['点号', 'X', 'Y'], ...LARGE.map(([name, x, y]) => [name, y, x])]);
const DEGREES = [
  [1, 118.1009, 36.1034],
  [2, 118.1021, 36.1034],
  [3, 118.1021, 36.1044],
  [4, 118.1009, 36.1044],
];
await one('ddd-mmss.xlsx', [['点号', '经度(ddd.mmss)', '纬度(ddd.mmss)'], ...DEGREES]);
await one('degrees-unclear.xlsx', [['点号', '经度', '纬度'], ...DEGREES]);
await one('dms.xlsx', [
  ['点号', '经度', '纬度'],
  [1, '118°10′09.5″', '36°10′34.2″'],
  [2, '118°10′21.5″', '36°10′34.2″'],
  [3, '118°10′21.5″', '36°10′44″'],
  [4, '118°10′09.5″', '36°10′44″'],
]);
const string = (rows) => `1,${rows.length},${rows.flat().join(',')},285,8,,1,`;
await one('strings.xlsx', [
  ['采矿许可证台账', null, null, null],
  ['许可证号', '矿山名称', '有效期止', '拐点坐标'],
  ['C1', '东山采石场', 47_488, string(LARGE)],
  ['C2', '西山采石场', 47_488, '见附件'],
]);
await one('baidu.xlsx', [['百度坐标', null, null], ['点号', '经度', '纬度'], ...DEGREES]);
await one('no-corners.xlsx', [
  ['许可证号', '矿山名称'],
  ['C1', '东山采石场'],
]);
const csv = [['许可证号：C1', '矿山名称：东山采石场', ''], TITLES, ...LARGE].map((row) => row.join(',')).join('\r\n');
writeFileSync(table('table-gbk.csv'), iconv.encode(`${csv}\r\n`, 'gbk'));

function ods(name, rows) {
  const dataset = gdal.open(table(name), 'w', 'ODS');
  const layer = dataset.layers.create('东山采石场', null, gdal.wkbNone);
  for (const title of rows[0]) layer.fields.add(new gdal.FieldDefn(title, gdal.OFTString));
  for (const row of rows.slice(1)) {
    const feature = new gdal.Feature(layer);
    for (const [i, value] of row.entries()) feature.fields.set(i, value === null ? null : String(value));
    layer.features.add(feature);
  }
  dataset.close();
}
ods('table.ods', [TITLES, ...LARGE]);

/** Excel 2.1 (BIFF2): the smallest .xls that there is. */
function xls(name, rows) {
  const record = (code, body) => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(code, 0);
    head.writeUInt16LE(body.length, 2);
    return Buffer.concat([head, body]);
  };
  const place = (row, column) => Buffer.from([row & 255, row >> 8, column & 255, column >> 8, 0, 0, 0]);
  const cells = rows.flatMap((row, r) =>
    row.map((value, c) => {
      if (typeof value === 'number') {
        const number = Buffer.alloc(8);
        number.writeDoubleLE(value);
        return record(3, Buffer.concat([place(r, c), number]));
      }
      const text = iconv.encode(value ?? '', 'gbk');
      return record(4, Buffer.concat([place(r, c), Buffer.from([text.length]), text]));
    }),
  );
  const size = Buffer.alloc(8);
  size.writeUInt16LE(rows.length, 2);
  size.writeUInt16LE(rows[0].length, 6);
  const page = Buffer.from([936 & 255, 936 >> 8]);
  writeFileSync(
    table(name),
    Buffer.concat([
      record(9, Buffer.from([2, 0, 16, 0])),
      record(0x42, page),
      record(0, size),
      ...cells,
      record(10, Buffer.alloc(0)),
    ]),
  );
}
xls('table.xls', [['点号', 'X', 'Y'], ...LARGE]);

const ring = (lon, lat, size) => [
  [lon, lat],
  [lon + size, lat],
  [lon + size, lat + size],
  [lon, lat + size],
  [lon, lat],
];
const FIELDS = [
  { name: '许可证号', type: 'text' },
  { name: '采矿权人', type: 'text' },
  { name: '矿区面积', type: 'real' },
];
const FEATURES = [
  { geometry: [[ring(118.2, 36.1, 0.003)]], values: ['C1', '甲', 0.0899] },
  { geometry: [[ring(118.22, 36.1, 0.003), ring(118.221, 36.101, 0.001)]], values: ['C2', '乙', 0.5] },
];
for (const ending of ['gpkg', 'gdb', 'kml', 'kmz', 'geojson']) {
  writeVector({ path: gis(`licences.${ending}`), layer: '采矿权', crs: null, fields: FIELDS, features: FEATURES });
}

/** A shapefile as GIS programs here make them: GBK without .cpg, names in Chinese, .prj without a code. */
function shapefile(name, prj, wkts) {
  const dataset = gdal.open(gis(`${name}.shp`), 'w', 'ESRI Shapefile');
  const layer = dataset.layers.create(name, null, gdal.wkbPolygon, ['ENCODING=GBK', 'DBF_DATE_LAST_UPDATE=1970-01-01']);
  for (const field of ['许可证号', '采矿权人']) {
    const definition = new gdal.FieldDefn(field, gdal.OFTString);
    definition.width = 40;
    layer.fields.add(definition);
  }
  for (const [i, wkt] of wkts.entries()) {
    const feature = new gdal.Feature(layer);
    feature.setGeometry(gdal.Geometry.fromWKT(wkt));
    feature.fields.set(0, `C${i + 1}`);
    feature.fields.set(1, '沂源县鲁村建材有限公司');
    layer.features.add(feature);
  }
  dataset.close();
  rmSync(gis(`${name}.cpg`), { force: true });
  if (prj !== null) writeFileSync(gis(`${name}.prj`), prj);
}
const gauss = (datum, spheroid, name) =>
  `PROJCS["${name}",GEOGCS["GCS_${datum}",DATUM["D_${datum}",SPHEROID[${spheroid}]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",39500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",117.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`;
const PLANE = 'POLYGON((39560000 3998000,39560000 3998300,39560300 3998300,39560300 3998000,39560000 3998000))';
shapefile(
  'cgcs2000-esri',
  gauss('China_Geodetic_Coordinate_System_2000', '"CGCS2000",6378137.0,298.257222101', 'CGCS2000_3_Degree_GK_Zone_39'),
  [PLANE],
);
shapefile('xian80', gauss('Xian_1980', '"Xian_1980",6378140.0,298.257', 'Xian_1980_3_Degree_GK_Zone_39'), [PLANE]);
shapefile('no-prj', null, [PLANE]);

const mixed = gdal.open(gis('mixed-crs.gpkg'), 'w', 'GPKG');
for (const [name, code, wkt] of [
  ['一', 4490, 'POLYGON((118 36,118.01 36,118 36.01,118 36))'],
  ['二', 4527, PLANE],
]) {
  const layer = mixed.layers.create(name, gdal.SpatialReference.fromEPSG(code), gdal.wkbPolygon);
  const feature = new gdal.Feature(layer);
  feature.setGeometry(gdal.Geometry.fromWKT(wkt));
  layer.features.add(feature);
}
mixed.close();

const geoJson = (name, coordinates) =>
  writeFileSync(
    gis(name),
    `${JSON.stringify({
      type: 'FeatureCollection',
      features: [{ type: 'Feature', properties: { 许可证号: 'C1' }, geometry: { type: 'Polygon', coordinates } }],
    })}\n`,
  );
geoJson('metres.geojson', [ring(39560000, 3998000, 300)]);
geoJson('bow-tie.geojson', [
  [
    [118, 36],
    [118.01, 36.01],
    [118.01, 36],
    [118, 36.01],
    [118, 36],
  ],
]);
writeFileSync(
  gis('placemarks.kml'),
  `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>矿区</name>
<Placemark><name>东山采石场</name><ExtendedData><Data name="许可证号"><value>C1</value></Data></ExtendedData>
<Polygon><outerBoundaryIs><LinearRing><coordinates>118.2,36.1,210 118.203,36.1,215 118.2,36.103,220 118.2,36.1,210</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
<Placemark><name>井口</name><Point><coordinates>118.2,36.1,0</coordinates></Point></Placemark>
</Folder></Document></kml>
`,
);

const group = (code, value) => `${code}\r\n${value}\r\n`;
const line = (layer, closed, rows) =>
  [
    [0, 'POLYLINE'],
    [8, layer],
    [66, 1],
    [70, closed],
    ...rows.flatMap(([, x, y]) => [
      [0, 'VERTEX'],
      [8, layer],
      [10, y],
      [20, x],
      [30, 0],
    ]),
    [0, 'SEQEND'],
  ]
    .map(([code, value]) => group(code, value))
    .join('');
const text = (x, y, said) =>
  [
    [0, 'TEXT'],
    [8, '注记'],
    [10, y],
    [20, x],
    [30, 0],
    [40, 5],
    [1, said],
  ]
    .map(([c, v]) => group(c, v))
    .join('');
const dxf = [
  group(0, 'SECTION') + group(2, 'HEADER') + group(9, '$DWGCODEPAGE') + group(3, 'ANSI_1252') + group(0, 'ENDSEC'),
  group(0, 'SECTION') + group(2, 'ENTITIES'),
  line('东山采石场', 1, LARGE),
  line('东山采石场_扣除', 1, SMALL),
  line('道路', 0, WEST),
  text(3998010, 39560010, '采矿权人：甲'),
  group(0, 'ENDSEC') + group(0, 'EOF'),
].join('');
writeFileSync(gis('drawing-gbk.dxf'), iconv.encode(dxf, 'gbk'));
