/** Datums that a position on site may be given in. CGCS2000 and WGS 84 are one within centimetres; GCJ-02 is up to 700 m off. */
export const DATUMS = ['CGCS2000', 'WGS84', 'GCJ-02'] as const;
export type Datum = (typeof DATUMS)[number];
