/** How long a mute may last. Empty days: until somebody unmutes. */
export const muteSpans = [
  { days: '', words: 'until unmuted' },
  { days: '7', words: '7 days' },
  { days: '30', words: '30 days' },
  { days: '90', words: '90 days' },
] as const;

/** The instant at which a mute of so many days ends; null: it has no end. */
export function muteEnd(days: string, now: number): string | null {
  return days === '' ? null : new Date(now + Number(days) * 24 * 60 * 60 * 1000).toISOString();
}
