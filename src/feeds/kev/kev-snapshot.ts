import { createReadStream } from 'node:fs';

/** The catalogue that ships with the program, for the time until a newer one is read. Read it with `kev.read`. */
export function kevSnapshot(): AsyncIterable<Uint8Array> {
  return createReadStream(new URL('snapshot/kev.json.gz', import.meta.url));
}
