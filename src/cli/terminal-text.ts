import { oneLine } from '#base/text.ts';

/** Letters that terminals draw two columns wide. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
/** Marks that are drawn onto the letter before them, or not at all. */
const MARK = /[\p{M}\p{Cf}]/u;
const NOT_FOR_TERMINALS = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * A text from a report on one line of a terminal: without control characters, so that it can start no
 * escape sequence, and without marks that turn the direction of what follows.
 */
export function safe(text: string, maxLength = 500): string {
  return oneLine(text, maxLength);
}

/** JSON on one line that a terminal shows as it is: what JSON itself leaves unescaped and terminals obey is escaped. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(
    NOT_FOR_TERMINALS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** How many columns a terminal draws a safe text in. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** Cut to that many columns, at least one; a cut is marked by an ellipsis. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += widthOf(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** Filled with spaces up to that many columns. */
export function padded(text: string, columns: number, side: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, columns - displayWidth(text)));
  return side === 'left' ? text + space : space + text;
}

function widthOf(character: string): number {
  if (MARK.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
