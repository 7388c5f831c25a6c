/** Small drawings without a package: where shares between 0 and 1 lie on a plane of SVG units. */
export const PLANE = { left: 46, top: 14, width: 300, height: 240 } as const;

export const across = (share: number): number => PLANE.left + share * PLANE.width;
export const up = (share: number): number => PLANE.top + (1 - share) * PLANE.height;
export const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1] as const;
export const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? '—' : `${Math.round(share * 100)} %`;
export const figure = (value: number | null): string => (value === null ? '—' : value.toFixed(3));
