import type { Aliases } from '#domain/finding/aliases.ts';

/** The aliases under which a scan is read, and which state of them that is. */
export interface KnownAliases {
  readonly aliases: Aliases;
  readonly version: bigint;
}
