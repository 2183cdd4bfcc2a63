#!/usr/bin/env node
// The one launcher behind `npm start`, `npm test`, `npm run bench` and `bin/security-inbox`. Plain
// JavaScript without dependencies: it runs before anything is installed, on an older Node than the rest.
//
//   launch.mjs <verb> …          the command line, src/main.ts
//   launch.mjs --run <file> …    a file of the repository, as `npm test` does

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Security Inbox needs Node 20.19 or newer to start, found ${process.version} (${process.execPath}).\n` +
      'Install a current Node from https://nodejs.org and try again.',
  );
  process.exit(70);
}
const { launch } = await import('./launch/launch.mjs');
await launch(process.argv.slice(2));
