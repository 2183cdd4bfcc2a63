import type { UnreadElement } from '#base/unread-element.ts';
import type { EntryKey, EntryMemory } from '#domain/ports/entry-memory.ts';

/**
 * Passes over the entries that are remembered, while `sliceJson` cuts a report. A format whose entries say the same
 * whenever their bytes and `contextOf` are the same gives `recall` to it, and `key` with the record that it makes
 * of the element that it was given last. `contextOf` answers null for elements that are not to be remembered.
 */
export class RememberedEntries {
  /** Of the element that was given last; null where it is not to be remembered. */
  key: EntryKey | null = null;
  /** Undefined where there is no memory. */
  readonly recall: ((element: UnreadElement) => boolean) | undefined;

  constructor(memory: EntryMemory | undefined, contextOf: (element: UnreadElement) => string | null) {
    if (memory === undefined) return;
    this.recall = (element) => {
      const context = contextOf(element);
      this.key = context === null ? null : memory.keyOf(context, element.bytes);
      return this.key !== null && memory.recall(this.key);
    };
  }
}
