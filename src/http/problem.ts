import { InboxError, type InboxErrorCode, REFUSALS } from '#base/inbox-error.ts';
import { type Problem, problemSchema } from '#contract/problem.ts';
import type { QueryPlace } from '#domain/query/query-error.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

const TITLES: Readonly<Record<InboxErrorCode, string>> = {
  usage: 'The request is not one that the server knows',
  not_found: 'There is no such thing',
  unauthenticated: 'Nobody is signed in',
  forbidden: 'This is not allowed',
  not_initialised: 'Nobody is an administrator yet',
  conflict: 'It has changed or exists already',
  key_reused: 'This key stood for another request',
  rate_limited: 'Too many requests',
  too_large: 'Too large',
  format_unknown: 'No format knows the file',
  format_ambiguous: 'More than one format knows the file',
  report_empty: 'The report is empty',
  report_broken: 'The report is damaged',
  report_encrypted: 'The report is encrypted',
  report_too_deep: 'The report is nested too deep',
  feed_broken: 'The feed is damaged',
  feed_unreachable: 'The feed cannot be reached',
  database_unreachable: 'The database does not answer',
  database_unsupported: 'The database cannot be used',
  database_newer: 'The database is newer than the program',
  database_binaries_missing: 'The database is not installed',
  backup_failed: 'The data could not be copied',
  port_taken: 'The port is taken',
  server_unreachable: 'The server does not answer',
  timeout: 'It took too long',
  internal: 'The server has a fault',
};

/** The answer to a refusal (RFC 9457). What is no refusal of ours is told by its id only; the log says more. */
export function problemOf(error: unknown, requestId: string): Problem {
  const { code, message, details } = refusalOf(error);
  return {
    type: `docs/reference/errors.md#${code}`,
    title: TITLES[code],
    status: REFUSALS[code].httpStatus,
    code,
    detail:
      code === 'internal'
        ? `This is a defect. The log of the server tells more under the id ${requestId}.`
        : message,
    requestId,
    ...(isQueryPlace(details.queryPlace) ? { queryPlace: details.queryPlace } : {}),
    ...(details.faults === undefined ? {} : { faults: problemSchema.shape.faults.parse(details.faults) }),
  };
}

function isQueryPlace(detail: unknown): detail is QueryPlace {
  return typeof detail === 'object' && detail !== null && 'from' in detail && 'to' in detail;
}

/** Any thrown thing as a refusal: our own, the web server's about a malformed request, or `internal`. */
export function refusalOf(error: unknown): InboxError {
  if (error instanceof InboxError) return error;
  if (isClientError(error)) {
    return error.statusCode === 413
      ? new InboxError(
          'too_large',
          'A request that is no upload holds at most 1 MB, and this one is larger. Send it in parts.',
        )
      : new InboxError('usage', badRequest(error));
  }
  return new InboxError('internal', 'A promise of the product is broken.', { cause: error });
}

interface ClientError extends Error {
  readonly statusCode: number;
  readonly validationContext?: string;
  readonly validation?: readonly { readonly instancePath: string; readonly message?: string }[];
}

function isClientError(error: unknown): error is ClientError {
  return (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode >= 400 &&
    error.statusCode < 500
  );
}

const PART = { querystring: 'query', body: 'body', params: 'path', headers: 'headers' } as const;

function badRequest({ message, validation, validationContext }: ClientError): string {
  if (validation === undefined) return message;
  const part = PART[validationContext as keyof typeof PART] ?? 'request';
  return validation
    .map(
      (issue) =>
        `${part}${issue.instancePath === '/' ? '' : issue.instancePath}: ${issue.message ?? 'not valid'}`,
    )
    .join('; ');
}
