/**
 * Characters that turn the direction of what follows them, and control characters other than tab and
 * line break: with them a report could make one text look like another.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
export const DECEIVING = /[\u202A-\u202E\u2066-\u2069\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;

/** A text of the server as it is shown: what could deceive the eye is a replacement character. */
export function shownText(text: string): string {
  return text.replace(DECEIVING, '\uFFFD');
}
