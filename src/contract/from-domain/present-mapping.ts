import { type Instant, instantText } from '#base/instant.ts';
import type { Mapping } from '../mapping.ts';

/** A kept mapping as the wire has it. */
export function presentMapping(kept: {
  readonly name: string;
  readonly tool: string;
  readonly when: readonly string[] | null;
  readonly text: string;
  readonly actor: string;
  readonly at: Instant;
}): Mapping {
  const { name, tool, when, text, actor, at } = kept;
  return {
    name,
    tool,
    when: when === null ? null : [...when],
    text,
    keptBy: actor,
    keptAt: instantText(at),
  };
}
