/** C0 and C1 controls (tab and newline apart), bidirectional overrides, zero-width marks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** Most texts: printable ASCII, tabs and newlines. */
const PLAIN = /^[\t\n\u0020-\u007e]*$/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * A text from a report, made safe to store and to show: no NUL or control characters, no direction
 * overrides, no half characters, at most `maxLength` UTF-16 units (a cut is marked by an ellipsis).
 */
export function cleanText(text: string, maxLength = 2_000): string {
  if (text.length <= maxLength && PLAIN.test(text)) return text.trim();
  // Cutting first bounds the work on a hostile text; the margin leaves room for what is taken out.
  const bounded = text.length > maxLength * 2 + 64 ? text.slice(0, maxLength * 2 + 64) : text;
  const clean = bounded.replace(INVISIBLE, '').replace(LONE_SURROGATE, '\ufffd').trim();
  if (clean.length <= maxLength) return clean;
  const cut = clean.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '');
  return `${cut}…`;
}

/** The beginning of a text and a mark behind it, together of at most so many bytes of UTF-8; no character is cut in two. */
export function markedCut(text: string, bytesMax: number, mark: string): string {
  const bytes = Buffer.from(text);
  let end = Math.min(bytes.length, bytesMax - Buffer.byteLength(mark));
  // A byte of the form 10xxxxxx goes on with a character that began before it.
  while (end > 0 && end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return `${bytes.toString('utf8', 0, end)}${mark}`;
}

/** One line: newlines and runs of spaces become one space. For titles, labels, table cells and logs. */
export function oneLine(text: string, maxLength = 300): string {
  return cleanText(text.slice(0, maxLength * 4).replace(/\s+/g, ' '), maxLength);
}

/** `1 finding`, `2 findings`: a count with its noun. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** With a capital letter at its beginning, as a sentence has one. */
export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
