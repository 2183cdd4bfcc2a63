/** Every issue that is not muted: nothing is narrowed. */
export const WHOLE_LIST = {
  all: true,
  severities: [],
  types: [],
  risks: [],
  statuses: [],
  muted: 'no',
  text: null,
} as const;
