import type { ReportItem } from '#domain/ports/report-format.ts';
import { auditTime } from './audit-time.ts';
import { requestSignal } from './request-signal.ts';
import { readMessage, worstMatch } from './rule-match.ts';

/** A part of a transaction in the native audit log: `A` its head, `B` the request, `H` what the rules said. */
export interface Section {
  readonly letter: string;
  readonly lines: string[];
}

const SECTION = /^--[0-9a-zA-Z-]{4,64}-([A-Z])--\s*$/;

/** The letter of the section that the line begins; null for a line inside one. */
export function isSectionStart(line: string): string | null {
  return SECTION.exec(line)?.[1] ?? null;
}

/** `[time] unique_id client client_port server server_port` */
const HEAD = /^\[([^\]]{10,60})\] \S{1,128} (\S{2,45}) \d{1,5} (\S{2,45}) \d{1,5}/;

/** One transaction of the native audit log: the worst of the rules that it met; none says nothing. */
export function mapSections(sections: readonly Section[], place: string): ReportItem {
  const linesOf = (letter: string) =>
    sections.filter((each) => each.letter === letter).flatMap(({ lines }) => lines);
  const head = HEAD.exec(linesOf('A')[0] ?? '');
  const time = head === null ? null : auditTime(head[1] as string);
  if (head === null || time === null) {
    const message = 'Expected a section A with a time and the addresses, found none that can be read.';
    return { kind: 'reject', at: place, code: 'missing_field', message };
  }
  const trailer = linesOf('H');
  const isDenied = trailer.some((line) => /^Action: Intercepted/.test(line));
  const match = worstMatch(
    trailer.flatMap((line) => {
      const found = readMessage(line)?.match;
      return found === undefined
        ? []
        : [{ ...found, isDenied: isDenied || found.isDenied || line.startsWith('Message: Access denied') }];
    }),
  );
  if (match === null) return { kind: 'record', at: place, observations: [] };
  const host = linesOf('B').flatMap((line) => /^host:\s*(\S{1,253})/i.exec(line)?.[1] ?? [])[0];
  return { kind: 'record', at: place, observations: [requestSignal(match, time, [host, head[3]], head[2])] };
}
