// Stands for npm in the launcher's tests, since a registry is not part of a test: notes its arguments,
// clears node_modules and makes what a real one would, the list of npm itself last. The repository's
// file `npm-fails` makes it fail half way.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';

appendFileSync('npm-calls', `${process.argv.slice(2).join(' ')}\n`);
rmSync('node_modules', { recursive: true, force: true });
mkdirSync('node_modules/vite/bin', { recursive: true });
if (existsSync('npm-fails')) {
  console.error('npm error code E404');
  process.exit(1);
}
writeFileSync(
  'node_modules/vite/bin/vite.js',
  `const fs = require('node:fs');
   const out = process.argv[process.argv.indexOf('--outDir') + 1];
   fs.appendFileSync('../vite-calls', 'build\\n');
   fs.mkdirSync(out + '/assets', { recursive: true });
   fs.writeFileSync(out + '/index.html', fs.readFileSync('index.html'));
   fs.writeFileSync(out + '/assets/index.js', 'start()');`,
);
const packaged = `node_modules/node-${process.platform}-${process.arch}/bin`;
mkdirSync(packaged, { recursive: true });
symlinkSync(process.execPath, `${packaged}/node`);
writeFileSync('node_modules/.package-lock.json', readFileSync('package-lock.json'));
