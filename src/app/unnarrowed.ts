import type { InboxFilter } from '#domain/ports/inbox-store.ts';

/** Of a list that nothing narrows: every issue that is not muted. */
export const UNNARROWED = {
  severities: [],
  types: [],
  risks: [],
  statuses: [],
  muted: 'no',
  text: null,
} as const satisfies Partial<InboxFilter>;
