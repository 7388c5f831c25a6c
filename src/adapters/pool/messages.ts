/** What the parent and a raster child say to each other over the fork's channel (advanced serialization). */
import type { FaultRecord } from '../../model/fault.js';

export interface Request {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

export type Reply =
  | { readonly id: number; readonly ok: true; readonly output: unknown }
  | { readonly id: number; readonly ok: false; readonly fault: FaultRecord };
