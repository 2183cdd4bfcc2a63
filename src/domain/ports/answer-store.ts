/** Which request a key stood for, and what it was answered. */
export interface KeptAnswer {
  /** SHA-256 of what was asked. */
  readonly request: Uint8Array;
  /** As JSON holds it. */
  readonly body: unknown;
}

/** What requests that may be repeated were answered, for seven days (reliability §4, idempotency). */
export interface AnswerStore {
  /** By SHA-256 of who asked and the key that they gave; null when it is not kept, or not any more. */
  find(key: Uint8Array): Promise<KeptAnswer | null>;
  /** Keeps the first answer to a key; drops what is too old. */
  keep(key: Uint8Array, answer: KeptAnswer): Promise<void>;
}
