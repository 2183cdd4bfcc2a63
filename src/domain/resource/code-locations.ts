import { CATALOGUE_CONFIDENCE, type DeclaredOwner } from './owner.ts';
import { matchesPath, type PathGlob, pathGlob } from './path-glob.ts';

/** Where in a repository the code of an entry of a catalogue lies. */
export interface CodeLocation {
  /** `github.com/acme/shop`. */
  readonly repository: string;
  /** Patterns: `services/payments/**`. Never empty: an entry that tells none is about the whole repository. */
  readonly paths: readonly string[];
}

/** An entry of a catalogue, as far as it owns code. */
interface LocatedEntry {
  readonly sourceId: string;
  readonly service: string;
  readonly owner: string | null;
  readonly moreOwners?: readonly string[] | undefined;
  readonly confidence?: number | undefined;
  readonly codeLocations?: readonly CodeLocation[] | undefined;
}

/** Whose the files of one repository are, by the paths that entries of catalogues tell (attack-paths §7.3). */
export class CodeLocations {
  readonly #located: readonly {
    readonly entry: LocatedEntry;
    readonly path: string;
    readonly globs: readonly PathGlob[];
  }[];

  constructor(entries: readonly LocatedEntry[], repository: string) {
    this.#located = entries.flatMap((entry) =>
      (entry.codeLocations ?? []).flatMap((location) =>
        location.repository === repository
          ? location.paths.map((path) => ({ entry, path, globs: globsOf(path) }))
          : [],
      ),
    );
  }

  /** Empty where no path is about the file. */
  ownersOf(path: string): readonly DeclaredOwner[] {
    const segments = segmentsOf(path);
    const about = this.#located.filter(({ globs }) => globs.some((glob) => matchesPath(glob, segments)));
    return about.flatMap(({ entry, path: told }) =>
      [entry.owner, ...(entry.moreOwners ?? [])].flatMap((name) =>
        name === null
          ? []
          : [
              {
                name,
                confidence: entry.confidence ?? CATALOGUE_CONFIDENCE,
                reason: `${entry.sourceId}: ${entry.service}, ${told}`,
              },
            ],
      ),
    );
  }
}

/** From the root of the repository; what names a folder is about all below it. */
function globsOf(path: string): readonly PathGlob[] {
  const segments = segmentsOf(path);
  return [pathGlob(segments, false), pathGlob([...segments, '**', '*'], false)];
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((each) => each !== '' && each !== '.');
}
