import type { Instant } from '#base/instant.ts';
import type { AttackPath } from '../attackpath/attack-path.ts';
import type { Gate } from '../attackpath/attack-step.ts';
import type { Lens } from '../attackpath/lens-steps.ts';
import type { PathFacts } from '../attackpath/path-facts.ts';

/** An attack path with the issue that it is. */
export interface AttackPathView {
  readonly issueId: string;
  readonly path: AttackPath;
  /** Those of other engines that are about a resource which it goes through. */
  readonly alsoFoundBy: readonly SamePath[];
}

/** An attack path that may be the same as another: an issue of its own, of other sources. */
export interface SamePath {
  readonly issueId: string;
  readonly title: string;
  readonly sources: readonly string[];
}

export interface PathList {
  /** When paths were looked for last; null: never. */
  readonly searchedAt: Instant | null;
  /** What was left out, in sentences. */
  readonly notes: readonly string[];
  /** Of open issues that are not muted, in the order of the inbox. */
  readonly paths: readonly AttackPathView[];
}

/** What people decided about closing a gate. */
export interface AssignedFix {
  readonly id: string;
  readonly gate: Gate;
  readonly assignee: string | null;
  readonly dueAt: Instant | null;
  /** Who decided last, and when. */
  readonly actor: string;
  readonly at: Instant;
}

/** Reads attack paths, and keeps who is to close what. */
export interface PathStore {
  list(): Promise<PathList>;
  /**
   * What paths are derived from, as of now, from where a lens looks; what was left out, in sentences. Resources that are
   * `taken`, by their keys, are had by somebody, and what follows is looked for too. As long as nothing changes they are
   * the same object, of which whatever was made stays good.
   */
  facts(
    lens: Lens,
    taken?: readonly string[],
  ): Promise<{ readonly facts: PathFacts; readonly notes: readonly string[] }>;
  /** Fixes that somebody is to do or that have a due date, whether or not a path still goes through them. */
  fixes(): Promise<readonly AssignedFix[]>;
  /** Stores what was decided about a fix, with an audit row; one that nobody has and that is never due is forgotten. */
  decideFix(
    id: string,
    gate: Gate,
    decision: { readonly assignee: string | null; readonly dueAt: Instant | null },
    actor: string,
  ): Promise<void>;
}
