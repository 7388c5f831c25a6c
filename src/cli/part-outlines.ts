/** part-outlines: a GeoJSON file of the parts of a patch, lon/lat: one feature a part, its name from `name`, else its number. */
import { z } from 'zod';
import { Fault } from '../model/fault.js';
import type { StepDetails } from '../model/step-details.js';

const ring = z.array(z.tuple([z.number(), z.number()]));
const polygon = z.object({ type: z.literal('Polygon'), coordinates: z.array(ring).min(1) });
const multi = z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(ring).min(1)).min(1) });
const collection = z.object({
  type: z.literal('FeatureCollection'),
  features: z
    .array(
      z.object({
        geometry: z.discriminatedUnion('type', [polygon, multi]),
        properties: z.looseObject({ name: z.string().optional() }).nullish(),
      }),
    )
    .min(2),
});

export function outlinesOf(input: unknown, path: string): NonNullable<StepDetails['parts']> {
  const parsed = collection.safeParse(input);
  if (!parsed.success) {
    throw new Fault(
      'flow.parts',
      `${path} 应为含两个以上面的 GeoJSON FeatureCollection，经纬度 (expected a FeatureCollection of two or more polygons, lon/lat)`,
    );
  }
  return parsed.data.features.map(({ geometry, properties }, i) => ({
    name: properties?.name ?? `第 ${i + 1} 部分`,
    geometry: geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates,
  }));
}
