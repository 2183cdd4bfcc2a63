/** Sixteen characters of one byte each: the beginning of a SHA-256. */
export type EntryKey = string;

/**
 * Entries of reports that were read before, told by their bytes. An entry of which nothing but itself and its
 * surroundings decides what it says need not be parsed again.
 */
export interface EntryMemory {
  /**
   * Tells an entry from all others. `context` is everything in the report beside these bytes that its format
   * makes anything of. Null for an entry that is too large to be remembered.
   */
  keyOf(context: string, bytes: Uint8Array): EntryKey | null;
  /** True where the entry was taken in as what it was when it was read: nothing is left to do. */
  recall(key: EntryKey): boolean;
}
