import type { Instant } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';

/** A list by name that all of an organisation sees. */
export interface SharedView {
  readonly name: string;
  /** What it is narrowed and grouped by, as doors read it; the store does not look into it. */
  readonly search: JsonObject;
  readonly actor: string;
  readonly at: Instant;
}

/** Keeps the views of an organisation. Each change is audited. */
export interface ViewStore {
  /** By name. */
  list(): Promise<readonly SharedView[]>;
  /** In the place of one of that name. */
  put(view: SharedView): Promise<void>;
  /** False where it was not there. */
  remove(name: string, actor: string, at: Instant): Promise<boolean>;
}
