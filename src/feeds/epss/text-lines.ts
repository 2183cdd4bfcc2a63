import { feedBroken } from '../reading/feed-bytes.ts';

export interface TextLine {
  /** Without its line end. */
  readonly text: string;
  /** True for a last line that has no line end. */
  readonly isLast: boolean;
}

const LINE_LENGTH_MAX = 64 * 1024;

/** The lines of a UTF-8 text. Throws `feed_broken` when one is longer than any feed's. */
export async function* textLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder();
  let open = '';
  for await (const chunk of bytes) {
    const lines = (open + decoder.decode(chunk, { stream: true })).split('\n');
    open = lines.pop() ?? '';
    for (const line of lines) yield { text: withoutReturn(line), isLast: false };
    if (open.length > LINE_LENGTH_MAX)
      throw feedBroken('A line is longer than 64 KB; a text file with short lines was expected.');
  }
  open += decoder.decode();
  if (open !== '') yield { text: withoutReturn(open), isLast: true };
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
