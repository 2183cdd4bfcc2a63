import { digestOfText } from '#base/digest.ts';
import { cleanText, markedCut, oneLine } from '#base/text.ts';

/** What is kept of a title and of a longer text, in bytes of UTF-8 (reliability §6.1). */
export const TITLE_BYTES_MAX = 1024;
export const TEXT_BYTES_MAX = 64 * 1024;

/** A title from a report: one clean line of at most 1 KB; a cut is marked by an ellipsis. */
export function boundedTitle(title: string): string {
  const clean = oneLine(title, TITLE_BYTES_MAX);
  return Buffer.byteLength(clean) <= TITLE_BYTES_MAX ? clean : markedCut(clean, TITLE_BYTES_MAX, '…');
}

/**
 * A longer text from a report, clean and of at most 64 KB. A cut is marked with the digest of the whole, so that a
 * text that differs only behind it is still another one.
 */
export function boundedText(text: string): string {
  const clean = cleanText(text, TEXT_BYTES_MAX);
  if (text.length <= TEXT_BYTES_MAX && Buffer.byteLength(clean) <= TEXT_BYTES_MAX) return clean;
  return markedCut(clean, TEXT_BYTES_MAX, `… (cut; SHA-256 of all of it: ${digestOfText(text)})`);
}
