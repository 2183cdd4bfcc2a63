import { type Instant, parseInstant } from '#base/instant.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';
import { auditTime } from './audit-time.ts';
import { requestSignal } from './request-signal.ts';
import { readMessage } from './rule-match.ts';

/** One line of an error log: of Apache, nginx, or Coraza's message with the time beside it. */
export function mapErrorLine(line: string, time: unknown, place: string): ReportItem {
  // The engine writes a line for a rule that was met, and the server others of its own.
  if (!/(?:ModSecurity|Coraza):/.test(line)) return { kind: 'record', at: place, observations: [] };
  const fields = readMessage(line);
  if (fields === null) return { kind: 'record', at: place, observations: [] };
  const at = parseInstant(time) ?? timeOf(line);
  if (at === null) {
    const message = 'Expected a line with a time at its beginning, found none that can be read.';
    return { kind: 'reject', at: place, code: 'missing_field', message };
  }
  const hosts = [fields.hostname, tail(line, 'host'), tail(line, 'server')];
  return {
    kind: 'record',
    at: place,
    observations: [requestSignal(fields.match, at, hosts, clientOf(line))],
  };
}

/** Apache puts the time in brackets, nginx in front; neither states a zone. */
function timeOf(line: string): Instant | null {
  const bracketed = /^\[([^\]]{10,60})\]/.exec(line)?.[1];
  return auditTime(bracketed ?? /^[\dTZ:/.+-]{10,40}(?: [\d:.]{8,18})?/.exec(line)?.[0] ?? '');
}

/** nginx adds `client: …, server: …, request: "…", host: "…"` behind the message. */
function tail(line: string, name: 'host' | 'server'): string | undefined {
  const text = line.slice(-4_000);
  return (name === 'host' ? /, host: "([^"\s]{1,253})"/ : /, server: ([^,\s]{1,253}),/).exec(text)?.[1];
}

function clientOf(line: string): string | undefined {
  return (/\[client "?([0-9a-fA-F.:]{2,45}?)"?(?::\d{1,5})?\]/.exec(line) ??
    /, client: ([0-9a-fA-F.:]{2,45}),/.exec(line))?.[1];
}
