/**
 * Where the catalogue that ships with the program lies, for the time until a newer one is read: gzip, to be read with
 * `kev.read`. `snapshot/ORIGIN.md` beside it tells its version.
 */
export const KEV_SNAPSHOT: URL = new URL('snapshot/kev.json.gz', import.meta.url);
