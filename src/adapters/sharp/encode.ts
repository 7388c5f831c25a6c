/** RGB pixels become picture files. */
import sharp from 'sharp';
import type { RgbImage } from '../../ports/image-encoder.js';

// libvips keeps a cache and threads of its own; pictures here are small and few.
sharp.cache(false);
sharp.concurrency(1);

const raw = ({ rgb, width, height }: RgbImage) => sharp(rgb, { raw: { width, height, channels: 3 } });

export async function encodeJpeg(image: RgbImage): Promise<Uint8Array> {
  return raw(image).jpeg({ quality: 84, chromaSubsampling: '4:4:4' }).toBuffer();
}

export async function encodePng(image: RgbImage): Promise<Uint8Array> {
  const { alpha, width, height } = image;
  const picture = alpha
    ? raw(image).joinChannel(Buffer.from(alpha), { raw: { width, height, channels: 1 } })
    : raw(image);
  return picture.png({ compressionLevel: 6 }).toBuffer();
}
