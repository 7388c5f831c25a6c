/**
 * repacked: an archive that somebody sent in, as one whose contents are known to be small: what it says of its sizes is added up before
 * anything is unpacked, and nothing is unpacked beyond that; each file is then looked at by whoever knows what it may be. Programs that read
 * archives on their own get this one.
 */
import { unzipSync, zipSync } from 'fflate';

/** Null: no archive, one with more than `most` bytes in the files that are wanted, or one of them is refused. */
export function repacked(
  archive: Uint8Array,
  wanted: (name: string) => boolean,
  most: number,
  fits: (name: string, content: Uint8Array) => boolean,
): Uint8Array | null {
  let bytes = 0;
  try {
    const files = unzipSync(archive, {
      filter({ name, originalSize }) {
        if (!wanted(name)) return false;
        bytes += originalSize;
        if (bytes > most) throw new Error('too large');
        return true;
      },
    });
    if (!Object.entries(files).every(([name, content]) => fits(name, content))) return null;
    return zipSync(files, { level: 0 });
  } catch {
    return null;
  }
}
