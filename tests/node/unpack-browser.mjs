// Unpacks the browser that @sparticuz/chromium carries into a folder: node unpack-browser.mjs FOLDER
//
// The package's own start-up is made for one cloud; only its files are used. The archives are
// opened by the caller, Python reads tar without a package.

import { createReadStream, createWriteStream, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';

const [folder] = process.argv.slice(2);
const packed = fileURLToPath(new URL('node_modules/@sparticuz/chromium/bin/', import.meta.url));

for (const name of readdirSync(packed).filter((each) => each.endsWith('.br'))) {
  const target = join(folder, basename(name, '.br'));
  await pipeline(
    createReadStream(join(packed, name)),
    createBrotliDecompress(),
    createWriteStream(target, { mode: 0o755 }),
  );
}
