import { DAY_MS, type Instant } from '#base/instant.ts';
import { isMachineAccount } from './machine-account.ts';
import type { DeclaredOwner } from './owner.ts';

/** One commit, as far as it tells whose files are. */
export interface Commit {
  readonly at: Instant;
  /** Mail address, else name. */
  readonly author: string;
  readonly files: readonly string[];
}

/** Who keeps changing the files of a repository: for each folder and file those who did so often enough. */
export interface CommittersFile {
  readonly dialect: 'commits';
  readonly location: string;
  readonly people: readonly CommittersOfPath[];
}

interface CommittersOfPath {
  /** Without a slash in front or behind; empty for the whole repository. */
  readonly path: string;
  /** Most commits first. */
  readonly names: readonly { readonly name: string; readonly commits: number }[];
}

/** The last committers are a hint at most (attack-paths §7.3: at least 3 commits in 180 days). */
const CONFIDENCE = 0.5;
const COMMITS_MIN = 3;
const WINDOW_DAYS = 180;
const NAMES_MAX = 3;
const PATHS_MAX = 5_000;
const DEPTH_MAX = 30;

/**
 * Who changed which files at least three times in the 180 days before the newest commit, machines left out. A file or folder is
 * named only where others stand out in it than in what it is in. `location` is how the log is called.
 */
export function committersOf(commits: readonly Commit[], location: string): CommittersFile {
  const newest = commits.reduce((latest, { at }) => Math.max(latest, at), 0);
  const counts = new Map<string, Map<string, number>>();
  for (const { at, author, files } of commits) {
    const name = committerName(author);
    if (at < newest - WINDOW_DAYS * DAY_MS || isMachineAccount(name, 'account')) continue;
    for (const path of new Set(files.flatMap(withFolders))) {
      const ofPath = counts.get(path) ?? new Map<string, number>();
      ofPath.set(name, (ofPath.get(name) ?? 0) + 1);
      counts.set(path, ofPath);
    }
  }
  const people = new Map<string, CommittersOfPath['names']>();
  for (const [path, ofPath] of [...counts].toSorted(
    ([a], [b]) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1),
  )) {
    const names = [...ofPath]
      .flatMap(([name, number]) => (number < COMMITS_MIN ? [] : [{ name, commits: number }]))
      .toSorted((a, b) => b.commits - a.commits || (a.name < b.name ? -1 : 1))
      .slice(0, NAMES_MAX);
    if (names.length === 0 || people.size >= PATHS_MAX) continue;
    const around = nearest(people, path);
    if (around?.map(({ name }) => name).join('\n') !== names.map(({ name }) => name).join('\n'))
      people.set(path, names);
  }
  return {
    dialect: 'commits',
    location,
    people: [...people].map(([path, names]) => ({ path, names })),
  };
}

/** Whose a file is by its last committers: of the nearest folder in which somebody stands out. */
export class Committers {
  readonly #people: ReadonlyMap<string, CommittersOfPath['names']>;
  readonly #location: string;

  constructor({ people, location }: CommittersFile) {
    this.#people = new Map(people.map(({ path, names }) => [path, names]));
    this.#location = location;
  }

  /** Empty where nobody stands out; of an empty path: those of the whole repository. */
  ownersOf(path: string): readonly DeclaredOwner[] {
    return (nearest(this.#people, plainPath(path)) ?? []).map(({ name, commits }) => ({
      name,
      confidence: CONFIDENCE,
      reason: `${this.#location}: ${commits} commits in ${WINDOW_DAYS} days`,
      source: 'commits' as const,
    }));
  }
}

function nearest<T>(people: ReadonlyMap<string, T>, path: string): T | undefined {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const found = people.get(folder);
    if (found !== undefined || folder === '') return found;
  }
}

function withFolders(file: string): readonly string[] {
  const segments = plainPath(file).split('/').slice(0, DEPTH_MAX);
  return segments.map((_, index) => segments.slice(0, index).join('/')).concat(segments.join('/'));
}

function plainPath(path: string): string {
  return path
    .split('/')
    .filter((each) => each !== '' && each !== '.')
    .join('/');
}

function depthOf(path: string): number {
  return path === '' ? 0 : path.split('/').length;
}

/** `4711+maria@users.noreply.github.com` is the handle `@maria`. */
function committerName(author: string): string {
  const handle = /^(?:\d+\+)?([^@+]+)@users\.noreply\.github\.com$/i.exec(author)?.[1];
  return (handle === undefined ? author : `@${handle}`).slice(0, 100);
}
