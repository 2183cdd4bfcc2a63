import type { Instant } from '#base/instant.ts';
import type { AttackPath } from '../attackpath/attack-path.ts';
import type { Lens } from '../attackpath/lens-steps.ts';
import type { PathFacts } from '../attackpath/path-facts.ts';

/** An attack path with the issue that it is. */
export interface AttackPathView {
  readonly issueId: string;
  readonly path: AttackPath;
}

export interface PathList {
  /** When paths were looked for last; null: never. */
  readonly searchedAt: Instant | null;
  /** What was left out, in sentences. */
  readonly notes: readonly string[];
  /** Of open issues that are not muted, in the order of the inbox. */
  readonly paths: readonly AttackPathView[];
}

/** Reads attack paths. */
export interface PathStore {
  list(): Promise<PathList>;
  /** What paths are derived from, as of now, from where a lens looks; what was left out, in sentences. */
  facts(lens: Lens): Promise<{ readonly facts: PathFacts; readonly notes: readonly string[] }>;
}
