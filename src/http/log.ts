import { type DestinationStream, type Logger, pino } from 'pino';
import { cleanText, oneLine } from '#base/text.ts';

export type Log = Logger;

/** Nothing that opens a door is ever passed to the log; were it passed by mistake, it would stand there as `[redacted]`. */
const SECRETS = ['authorization', 'cookie', 'token', 'secret', 'password', 'link'];

/**
 * The server's log: one JSON object per line. Texts of errors may quote a report, so control
 * characters and direction overrides are taken out of them.
 */
export function makeLog(destination: DestinationStream, level: 'info' | 'warn' | 'silent' = 'info'): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: loggedError },
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    },
    destination,
  );
}

interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly cause?: LoggedError;
}

function loggedError(error: Error): LoggedError {
  const logged = {
    type: error.name,
    message: oneLine(error.message),
    stack: cleanText(error.stack ?? '', 4_000),
  };
  return error.cause instanceof Error ? { ...logged, cause: loggedError(error.cause) } : logged;
}
