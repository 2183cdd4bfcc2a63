import type { Instant } from '#base/instant.ts';

/** A mapping that an organisation keeps, so that reports of a tool are read by its name. */
export interface KeptMapping {
  readonly name: string;
  /** YAML, as it was given. */
  readonly text: string;
  readonly actor: string;
  readonly at: Instant;
}

/** Keeps how reports of tools are read that no format knows. Each change is audited. */
export interface MappingStore {
  /** By name. */
  list(): Promise<readonly KeptMapping[]>;
  /** In the place of one of that name. */
  keep(mapping: Pick<KeptMapping, 'name' | 'text'>, actor: string): Promise<void>;
  /** False where none has the name. */
  remove(name: string, actor: string): Promise<boolean>;
}

/** Whether a text is the name of a kept mapping, and no mapping itself: that has lines. */
export function isMappingName(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,59}$/.test(text);
}
