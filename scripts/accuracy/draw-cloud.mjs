/** draw-cloud: a white cloud and the shade beside it, drawn into a four-band image: what tests ask the quality detector about. */
import gdal from 'gdal-async';

export function drawCloud(path, { x, y, radius }) {
  const dataset = gdal.open(path, 'r+');
  for (let b = 0; b < 4; b++) {
    const { pixels } = dataset.bands.get(b + 1);
    const side = 4 * radius;
    const values = pixels.read(x - radius, y - radius, side, side);
    for (let i = 0; i < values.length; i++) {
      const [dx, dy] = [(i % side) - radius, Math.floor(i / side) - radius];
      if (values[i] === 0) continue;
      if (Math.hypot(dx, dy) < radius) values[i] = 5200 - 150 * b + ((i * 7919) % 90);
      else if (Math.hypot(dx - 1.6 * radius, dy - 1.6 * radius) < radius) values[i] *= [0.8, 0.68, 0.6, 0.42][b];
    }
    pixels.write(x - radius, y - radius, side, side, values);
  }
  dataset.close();
}
