import sharp from 'sharp';
const names = process.argv.slice(3);
const imgs = await Promise.all(names.map(async n => ({ n, ...(await sharp(n).metadata()) })));
const w = imgs.reduce((a, i) => a + i.width + 10, 0), h = Math.max(...imgs.map(i => i.height));
let x = 0; const comp = imgs.map(i => { const c = { input: i.n, left: x, top: 0 }; x += i.width + 10; return c; });
await sharp({ create: { width: w, height: h, channels: 3, background: '#888' } }).composite(comp).png().toFile(process.argv[2]);
