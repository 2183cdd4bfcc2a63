import type { ReportInput } from '#domain/ports/report-input.ts';

/** The first character of a report that is no white space: `{`, `[`, `<`. Empty for a report without any. */
export async function firstCharacter(input: ReportInput): Promise<string> {
  for await (const chunk of input.open()) {
    for (const byte of chunk) if (byte > 0x20) return String.fromCharCode(byte);
  }
  return '';
}
