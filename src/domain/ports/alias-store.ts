import type { Instant } from '#base/instant.ts';

/** Two names of one advisory, as they became known. */
export interface AliasView {
  readonly name: string;
  readonly target: string;
  /** `source:…`, or the person who said it. */
  readonly origin: string;
  readonly learnedAt: Instant;
  readonly isWithdrawn: boolean;
}

/** The exact other names of advisories that the inbox knows, and what people say about them. */
export interface AliasStore {
  list(): Promise<readonly AliasView[]>;
  /** Keeps that both are one, and re-keys the findings of it; answers how many names of findings changed. */
  declare(name: string, target: string, actor: string): Promise<number>;
  /** Both are not one, whatever reports say; null where nobody said that they are. Answers how many names of findings changed. */
  withdraw(name: string, target: string, actor: string): Promise<number | null>;
}
