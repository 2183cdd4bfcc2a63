/** The pattern of `like` that a text matches which holds these words as they stand. */
export function containsPattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
