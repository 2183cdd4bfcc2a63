import type { JsonObject } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import type { Asked } from './asked.ts';

/** An answer that is one object and no list: it has no entries, what it says stands beside them. */
export interface ObjectCall {
  /** Top-level members that tell it from every other answer. */
  readonly members: readonly string[];
  readonly read: (answer: JsonObject, asked: Asked) => readonly Observation[];
}
