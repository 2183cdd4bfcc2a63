import type { InboxError } from '#base/inbox-error.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';

/** A member of an archive that only says why it cannot be read. */
export function refusedMember(name: string, refusal: InboxError): ReportInput {
  return {
    name,
    open: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(refusal) }) }),
  };
}
