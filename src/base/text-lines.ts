export interface TextLine {
  /** Without its line end. */
  readonly text: string;
  /** True for a last line that has no line end. */
  readonly isLast: boolean;
}

/** The lines of a UTF-8 text. Throws what `tooLong` makes when one is longer than `lengthMax` characters. */
export async function* textLines(
  bytes: AsyncIterable<Uint8Array>,
  lengthMax: number,
  tooLong: () => Error,
): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder();
  let open = '';
  for await (const chunk of bytes) {
    const lines = (open + decoder.decode(chunk, { stream: true })).split('\n');
    open = lines.pop() ?? '';
    for (const line of lines) yield { text: withoutReturn(line), isLast: false };
    if (open.length > lengthMax) throw tooLong();
  }
  open += decoder.decode();
  if (open !== '') yield { text: withoutReturn(open), isLast: true };
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
