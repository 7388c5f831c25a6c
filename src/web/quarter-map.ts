/** The map of a quarter: both dates of every pair as swiped pictures, register lines and patches over them. */

import { defaults as defaultControls, ScaleLine } from 'ol/control.js';
import type { Coordinate } from 'ol/coordinate.js';
import Feature from 'ol/Feature.js';
import MultiPolygon from 'ol/geom/MultiPolygon.js';
import ImageLayer from 'ol/layer/Image.js';
import VectorLayer from 'ol/layer/Vector.js';
import OlMap from 'ol/Map.js';
import Projection from 'ol/proj/Projection.js';
import { getRenderPixel } from 'ol/render.js';
import ImageSource from 'ol/source/Image.js';
import VectorSource from 'ol/source/Vector.js';
import { Fill, Stroke, Style, Text } from 'ol/style.js';
import View from 'ol/View.js';
import type { BoundaryKind } from '../model/boundary.js';
import type { Box, MultiPolygonRings } from '../model/grid.js';
import { BOUNDARY_STYLE, type LineStyle, PATCH_STYLE } from '../model/map-style.js';
import type { Task } from '../model/task.js';
import { BOUNDARY_WORDS } from '../model/words.js';
import { type MapPair, type MappedBoundary, type QuarterMapData, viewPicture } from './api.js';
import { clipExtent, unionBox, type ViewPlane, viewPlane } from './local-plane.js';

export interface QuarterMap {
  showTasks(tasks: readonly Task[]): void;
  select(id: string | null, move: boolean): void;
  hideKinds(kinds: ReadonlySet<BoundaryKind>): void;
  /** 0–100: how much of the map, from the left, shows BEFORE. */
  swipe(percent: number): void;
  zoomTo(geometry: MultiPolygonRings): void;
  /** For what is drawn upon it (outline-drawing.ts). */
  readonly sheet: { readonly map: OlMap; readonly plane: ViewPlane };
  destroy(): void;
}

const FONT = "600 13px 'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif";
const MOST_PX = 2048;

export interface MapEvents {
  /** A patch was tapped. */
  onPick(id: string): void;
  /** Ground without a patch was tapped: the register's polygons there that are shown, smallest first; none closes what was open. */
  onPlace(boundaries: readonly MappedBoundary[]): void;
}

export function createQuarterMap(target: HTMLElement, data: QuarterMapData, events: MapEvents): QuarterMap {
  const ground = unionBox(data.pairs.map(({ box }) => box));
  const plane = viewPlane(ground);
  const extent = plane.boxToPlane(ground);
  const projection = new Projection({ code: 'tuban:view', units: 'm', extent });
  let percent = 50;
  let selected: string | null = null;
  let hidden: ReadonlySet<BoundaryKind> = new Set();

  const before = data.pairs.map((pair) => pictureLayer(data.quarter, pair, 'before', plane, projection));
  const after = data.pairs.map((pair) => pictureLayer(data.quarter, pair, 'after', plane, projection));
  const boundarySource = new VectorSource({ features: data.boundaries.map((one) => boundaryFeature(one, plane)) });
  const boundaries = new VectorLayer({
    source: boundarySource,
    style: (feature) => {
      const kind = feature.get('kind') as BoundaryKind;
      return hidden.has(kind) ? [] : lineStyles(BOUNDARY_STYLE[kind], feature.get('label') as string);
    },
    declutter: true,
  });
  const patchSource = new VectorSource();
  const patches = new VectorLayer({
    source: patchSource,
    style: (feature) => patchStyles(feature.get('rank') as number, feature.getId() === selected),
  });
  const map = new OlMap({
    target,
    // A finger is never quite still: so many pixels are a tap all the same.
    moveTolerance: 5,
    layers: [...before, ...after, boundaries, patches],
    controls: defaultControls({
      rotate: false,
      attribution: false,
      zoomOptions: { zoomInTipLabel: '放大', zoomOutTipLabel: '缩小' },
    }).extend([new ScaleLine({ minWidth: 80 })]),
    view: new View({ projection, extent, showFullExtent: true, enableRotation: false, minResolution: 0.2 }),
  });
  map.getView().fit(extent, { padding: [10, 10, 10, 10] });

  for (const layer of before) clipTo(layer, () => [0, percent]);
  for (const layer of after) clipTo(layer, () => [percent, 100]);
  map.on('click', ({ pixel, coordinate }) => {
    const hit = map.forEachFeatureAtPixel(pixel, (feature) => feature.getId(), {
      layerFilter: (layer) => layer === patches,
      hitTolerance: 8,
    });
    if (typeof hit === 'string') events.onPick(hit);
    const here = typeof hit === 'string' ? [] : boundarySource.getFeaturesAtCoordinate(coordinate);
    const registered = here.map((feature) => feature.get('boundary') as MappedBoundary);
    events.onPlace(registered.filter(({ kind }) => !hidden.has(kind)).sort((a, b) => a.areaM2 - b.areaM2));
  });
  map.on('pointermove', ({ pixel, dragging }) => {
    if (dragging) return;
    const over = map.hasFeatureAtPixel(pixel, { layerFilter: (layer) => layer === patches, hitTolerance: 8 });
    target.style.cursor = over ? 'pointer' : '';
  });
  const watcher = new ResizeObserver(() => map.updateSize());
  watcher.observe(target);

  /** The layer shows only between two shares of the map's width: where a date has no data, the other must not show through. */
  function clipTo(layer: ImageLayer<ImageSource>, shares: () => readonly [from: number, to: number]): void {
    layer.on('prerender', (event) => {
      const context = event.context as CanvasRenderingContext2D;
      const [width = 0, height = 0] = map.getSize() ?? [];
      const [left, right] = shares().map((share) => (width * share) / 100) as [number, number];
      context.save();
      context.beginPath();
      [
        [left, 0],
        [right, 0],
        [right, height],
        [left, height],
      ].forEach((pixel, i) => {
        const [x = 0, y = 0] = getRenderPixel(event, pixel);
        if (i === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
      });
      context.closePath();
      context.clip();
    });
    layer.on('postrender', (event) => (event.context as CanvasRenderingContext2D).restore());
  }

  function zoomTo(geometry: MultiPolygonRings): void {
    if (geometry.length === 0) return;
    const shape = multiPolygon(geometry, plane);
    map.getView().fit(shape, { maxZoom: 24, padding: [90, 90, 90, 90], minResolution: 1.5, duration: 250 });
  }

  return {
    showTasks(tasks) {
      patchSource.clear();
      patchSource.addFeatures(
        tasks
          .filter((task) => task.judged.patch.geometry.length > 0)
          .map((task) => {
            const feature = new Feature({ geometry: multiPolygon(task.judged.patch.geometry, plane), rank: task.rank });
            feature.setId(task.id);
            return feature;
          }),
      );
    },
    select(id, move) {
      selected = id;
      patches.changed();
      const shape = id === null ? null : patchSource.getFeatureById(id)?.getGeometry();
      if (move && shape instanceof MultiPolygon) {
        map.getView().fit(shape, { padding: [90, 90, 90, 90], minResolution: 1.5, duration: 250 });
      }
    },
    hideKinds(kinds) {
      hidden = kinds;
      boundaries.changed();
    },
    swipe(value) {
      percent = value;
      map.render();
    },
    zoomTo,
    sheet: { map, plane },
    destroy() {
      watcher.disconnect();
      map.setTarget(undefined);
    },
  };
}

/** The picture of the view is rendered by the server at the screen's resolution, for the part of the view that the pair shows. */
function pictureLayer(
  quarter: string,
  pair: MapPair,
  date: 'before' | 'after',
  plane: ViewPlane,
  projection: Projection,
): ImageLayer<ImageSource> {
  const limits = plane.boxToPlane(pair.box);
  const loader = async (extent: number[], resolution: number, pixelRatio: number) => {
    const clipped = clipExtent(extent, limits);
    if (!clipped) return { image: document.createElement('canvas'), extent, resolution, pixelRatio };
    const longest = Math.max(clipped[2] - clipped[0], clipped[3] - clipped[1]);
    const px = Math.min(MOST_PX, Math.max(16, Math.ceil((longest / resolution) * pixelRatio)));
    const image = await viewPicture(quarter, pair.id, date, { box: roundedBox(plane.boxToLonLat(clipped)), px });
    return { image, extent: clipped, resolution: (clipped[2] - clipped[0]) / image.width, pixelRatio: 1 };
  };
  return new ImageLayer({ source: new ImageSource({ projection, loader, interpolate: true }), extent: limits });
}

const roundedBox = ([a, b, c, d]: Box): Box => {
  const round = (degrees: number) => Math.round(degrees * 1e8) / 1e8;
  return [round(a), round(b), round(c), round(d)];
};

function multiPolygon(geometry: MultiPolygonRings, plane: ViewPlane): MultiPolygon {
  const coordinates: Coordinate[][][] = geometry.map((polygon) =>
    polygon.map((ring) => ring.map((p) => plane.toPlane(p))),
  );
  return new MultiPolygon(coordinates);
}

function boundaryFeature(boundary: QuarterMapData['boundaries'][number], plane: ViewPlane): Feature {
  const label = boundary.name ?? boundary.number ?? BOUNDARY_WORDS[boundary.kind].zh;
  return new Feature({ geometry: multiPolygon(boundary.geometry, plane), kind: boundary.kind, label, boundary });
}

function lineStyles(style: LineStyle, label: string): Style[] {
  return [
    new Style({ stroke: new Stroke({ color: 'rgba(0,0,0,.5)', width: style.widthPx + 2 }) }),
    new Style({
      stroke: new Stroke({ color: style.colour, width: style.widthPx, lineDash: [...style.dash] }),
      text: new Text({
        text: label,
        font: FONT,
        fill: new Fill({ color: style.colour }),
        stroke: new Stroke({ color: 'rgba(0,0,0,.8)', width: 3 }),
        overflow: false,
      }),
    }),
  ];
}

function patchStyles(rank: number, selected: boolean): Style[] {
  return [
    new Style({ stroke: new Stroke({ color: 'rgba(0,0,0,.5)', width: PATCH_STYLE.widthPx + (selected ? 5 : 2) }) }),
    new Style({
      stroke: new Stroke({
        color: selected ? '#ffffff' : PATCH_STYLE.colour,
        width: PATCH_STYLE.widthPx + (selected ? 1.5 : 0),
      }),
      fill: new Fill({ color: 'rgba(255,43,43,.10)' }),
      text: new Text({
        text: `${rank}`,
        font: FONT,
        fill: new Fill({ color: '#fff' }),
        backgroundFill: new Fill({ color: selected ? '#8c1d18' : 'rgba(179,38,30,.9)' }),
        padding: [2, 5, 1, 5],
        offsetY: -18,
        overflow: true,
      }),
      zIndex: selected ? 2 : 1,
    }),
  ];
}
