/**
 * An outline drawn on the map of a quarter, by mouse, finger or keyboard: a tap adds a corner, one on an edge puts it there and picks it, corners are
 * dragged, a tap on one picks it. From three
 * corners on it is closed at any time, so that there is no end to draw to. Steps can be taken back.
 * In:  the map; Out: corners in lon/lat, first not repeated, after each change.
 */
import type { Coordinate } from 'ol/coordinate.js';
import Feature from 'ol/Feature.js';
import LineString from 'ol/geom/LineString.js';
import MultiPoint from 'ol/geom/MultiPoint.js';
import Polygon from 'ol/geom/Polygon.js';
import type SimpleGeometry from 'ol/geom/SimpleGeometry.js';
import DoubleClickZoom from 'ol/interaction/DoubleClickZoom.js';
import Modify from 'ol/interaction/Modify.js';
import VectorLayer from 'ol/layer/Vector.js';
import type MapBrowserEvent from 'ol/MapBrowserEvent.js';
import { unByKey } from 'ol/Observable.js';
import VectorSource from 'ol/source/Vector.js';
import { Circle, Fill, Stroke, Style } from 'ol/style.js';
import type { Position } from '../model/grid.js';
import type { QuarterMap } from './quarter-map.js';

/** A fingertip. */
const REACH_PX = 16;
const MOST_STEPS = 200;
const COLOUR = '#ffd60a';
const KEPT = new Style({
  stroke: new Stroke({ color: '#4dd2ff', width: 3 }),
  fill: new Fill({ color: 'rgba(77,210,255,.2)' }),
});

export interface Drawn {
  readonly corners: readonly Position[];
  readonly picked: number | null;
  /** That can be taken back. */
  readonly steps: number;
  /** The corner that the last change has put into an edge. */
  readonly inserted: number | null;
}

export interface OutlineDrawing {
  /** At the middle of the map: without a pointer, or where a finger would hide the place. */
  addCentre(): void;
  undo(): void;
  removePicked(): void;
  set(corners: readonly Position[]): void;
  /** Outlines that were drawn before and stay, to be seen. */
  keep(outlines: readonly (readonly Position[])[]): void;
  /** So that all of it is seen. */
  show(): void;
  destroy(): void;
}

export function createOutlineDrawing(
  { map, plane }: QuarterMap['sheet'],
  onChange: (drawn: Drawn) => void,
): OutlineDrawing {
  let corners: readonly Position[] = [];
  let picked: number | null = null;
  let inserted: number | null = null;
  /** Of this very tap, whose click is still to come: it stays picked. */
  let born: number | null = null;
  const steps: (readonly Position[])[] = [];
  const feature = new Feature<SimpleGeometry>();
  const source = new VectorSource<Feature<SimpleGeometry>>({ features: [feature] });
  const layer = new VectorLayer({ source, style: () => styles(), zIndex: 10 });
  const kept = new VectorSource();
  const keptLayer = new VectorLayer({ source: kept, style: KEPT, zIndex: 9 });
  const modify = new Modify({ source, pixelTolerance: REACH_PX, deleteCondition: () => false });
  const doubleClick = map
    .getInteractions()
    .getArray()
    .find((one) => one instanceof DoubleClickZoom);
  doubleClick?.setActive(false);
  map.addLayer(keptLayer);
  map.addLayer(layer);
  map.addInteraction(modify);
  modify.on('modifyend', modified);
  const clicks = map.on('click', tapped);

  function modified(): void {
    const next = cornersOf().map(rounded);
    born = next.length > corners.length ? next.findIndex((one, i) => `${one}` !== `${corners[i]}`) : null;
    take(next, born ?? picked, born);
  }

  function tapped({ coordinate }: MapBrowserEvent): void {
    const reach = REACH_PX * (map.getView().getResolution() ?? 1);
    const away = (point: Coordinate): number =>
      Math.hypot((point[0] ?? 0) - (coordinate[0] ?? 0), (point[1] ?? 0) - (coordinate[1] ?? 0));
    const near = corners.findIndex((corner) => away(plane.toPlane(corner)) <= reach);
    if (near >= 0) {
      if (near !== born) {
        picked = picked === near ? null : near;
        inserted = null;
      }
      born = null;
      tell();
      return;
    }
    // A tap on an edge has made a corner there by now.
    const edge = feature.getGeometry()?.getClosestPoint(coordinate);
    if (edge && corners.length > 1 && away(edge) <= reach) return;
    add(coordinate);
  }

  function add(coordinate: Coordinate): void {
    take([...corners, rounded(coordinate)], null);
  }

  const rounded = (coordinate: Coordinate): Position => {
    const [lon, lat] = plane.toLonLat(coordinate);
    return [Math.round(lon * 1e8) / 1e8, Math.round(lat * 1e8) / 1e8];
  };

  function cornersOf(): Coordinate[] {
    const geometry = feature.getGeometry();
    if (geometry instanceof Polygon) return geometry.getCoordinates()[0]?.slice(0, -1) ?? [];
    // One corner is a line that ends where it begins.
    return geometry instanceof LineString ? geometry.getCoordinates().slice(0, corners.length > 1 ? undefined : 1) : [];
  }

  function take(next: readonly Position[], nextPicked: number | null, at: number | null = null): void {
    if (JSON.stringify(next) === JSON.stringify(corners)) return;
    steps.push(corners);
    if (steps.length > MOST_STEPS) steps.shift();
    put(next, nextPicked, at);
  }

  function put(next: readonly Position[], nextPicked: number | null, at: number | null = null): void {
    corners = next;
    inserted = at;
    picked = nextPicked !== null && nextPicked < next.length ? nextPicked : null;
    const ring = next.map((corner): Coordinate => plane.toPlane(corner));
    const [first] = ring;
    feature.setGeometry(
      first === undefined
        ? undefined
        : ring.length < 3
          ? new LineString(ring.length === 1 ? [first, first] : ring)
          : new Polygon([[...ring, first]]),
    );
    tell();
  }

  function tell(): void {
    layer.changed();
    onChange({ corners, picked, steps: steps.length, inserted });
  }

  function styles(): Style[] {
    const points = corners.map((corner) => plane.toPlane(corner));
    const one = picked === null ? undefined : points[picked];
    return [
      new Style({ stroke: new Stroke({ color: 'rgba(0,0,0,.6)', width: 6 }) }),
      new Style({
        stroke: new Stroke({ color: COLOUR, width: 3 }),
        fill: new Fill({ color: 'rgba(255,214,10,.16)' }),
      }),
      new Style({ geometry: new MultiPoint(points), image: dot(6, '#fff') }),
      ...(one ? [new Style({ geometry: new MultiPoint([one]), image: dot(10, COLOUR) })] : []),
    ];
  }

  return {
    addCentre() {
      const centre = map.getView().getCenter();
      if (centre) add(centre);
    },
    undo() {
      const before = steps.pop();
      if (before) put(before, null);
    },
    removePicked() {
      if (picked !== null)
        take(
          corners.filter((_, i) => i !== picked),
          null,
        );
    },
    set: (next) => take(next, null),
    keep(outlines) {
      kept.clear();
      const rings = outlines.map((outline) => outline.map((corner): Coordinate => plane.toPlane(corner)));
      kept.addFeatures(rings.map((ring) => new Feature(new Polygon([[...ring, ring[0] ?? []]]))));
    },
    show() {
      const extent = feature.getGeometry()?.getExtent();
      if (extent) map.getView().fit(extent, { padding: [70, 70, 90, 70], minResolution: 0.6 });
    },
    destroy() {
      unByKey(clicks);
      map.removeInteraction(modify);
      map.removeLayer(layer);
      map.removeLayer(keptLayer);
      doubleClick?.setActive(true);
    },
  };
}

const dot = (radius: number, colour: string): Circle =>
  new Circle({ radius, fill: new Fill({ color: colour }), stroke: new Stroke({ color: '#000', width: 1.5 }) });
