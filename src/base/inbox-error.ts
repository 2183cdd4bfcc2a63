/**
 * Every refusal of the product, one code each. The reference page docs/reference/errors.md tells a
 * person what to do about each code; a house test holds both lists equal.
 */
export type InboxErrorCode =
  | 'usage'
  | 'not_found'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_initialised'
  | 'conflict'
  | 'key_reused'
  | 'rate_limited'
  | 'too_large'
  | 'format_unknown'
  | 'format_ambiguous'
  | 'report_empty'
  | 'report_broken'
  | 'report_encrypted'
  | 'report_too_deep'
  | 'feed_broken'
  | 'feed_unreachable'
  | 'database_unreachable'
  | 'database_unsupported'
  | 'database_newer'
  | 'database_binaries_missing'
  | 'backup_failed'
  | 'port_taken'
  | 'server_unreachable'
  | 'timeout'
  | 'internal';

/** How each door answers a refusal: the HTTP status and the exit code of the command line. */
export interface Refusal {
  readonly httpStatus: number;
  readonly exitCode: number;
}

const USAGE = 64;
const FAILURE = 70;

export const REFUSALS = {
  usage: { httpStatus: 400, exitCode: USAGE },
  not_found: { httpStatus: 404, exitCode: 1 },
  unauthenticated: { httpStatus: 401, exitCode: 1 },
  forbidden: { httpStatus: 403, exitCode: 1 },
  not_initialised: { httpStatus: 503, exitCode: 1 },
  conflict: { httpStatus: 409, exitCode: 1 },
  key_reused: { httpStatus: 422, exitCode: 1 },
  rate_limited: { httpStatus: 429, exitCode: 1 },
  too_large: { httpStatus: 413, exitCode: 4 },
  format_unknown: { httpStatus: 422, exitCode: 3 },
  format_ambiguous: { httpStatus: 422, exitCode: 3 },
  report_empty: { httpStatus: 422, exitCode: 3 },
  report_broken: { httpStatus: 422, exitCode: 4 },
  report_encrypted: { httpStatus: 422, exitCode: 4 },
  report_too_deep: { httpStatus: 422, exitCode: 4 },
  feed_broken: { httpStatus: 422, exitCode: 4 },
  feed_unreachable: { httpStatus: 502, exitCode: FAILURE },
  database_unreachable: { httpStatus: 503, exitCode: FAILURE },
  database_unsupported: { httpStatus: 503, exitCode: FAILURE },
  database_newer: { httpStatus: 503, exitCode: FAILURE },
  database_binaries_missing: { httpStatus: 503, exitCode: FAILURE },
  backup_failed: { httpStatus: 503, exitCode: FAILURE },
  port_taken: { httpStatus: 503, exitCode: FAILURE },
  server_unreachable: { httpStatus: 503, exitCode: FAILURE },
  timeout: { httpStatus: 504, exitCode: FAILURE },
  internal: { httpStatus: 500, exitCode: FAILURE },
} as const satisfies Record<InboxErrorCode, Refusal>;

/**
 * A refusal that a person can act on. The message says what was expected, what was found and what
 * to do; it never holds a secret or a whole report.
 */
export class InboxError extends Error {
  readonly code: InboxErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: InboxErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'InboxError';
    this.code = code;
    this.details = options.details ?? {};
  }
}
