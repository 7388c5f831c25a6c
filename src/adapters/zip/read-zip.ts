/**
 * repacked: an archive that somebody sent in, as one whose contents are known to be small: what it says of its sizes is added up before
 * anything is unpacked, and nothing is unpacked beyond that. Programs that read archives on their own get this one.
 */
import { unzipSync, zipSync } from 'fflate';

/** Null: no archive, or one with more than `most` bytes in the files that are wanted. */
export function repacked(archive: Uint8Array, wanted: (name: string) => boolean, most: number): Uint8Array | null {
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
    return zipSync(files, { level: 0 });
  } catch {
    return null;
  }
}
