import { REFUSALS } from '#base/inbox-error.ts';

/** The exit code of a refusal; that of a failure of ours for a code that this version does not know. */
export function exitCodeOf(code: string): number {
  return Object.hasOwn(REFUSALS, code)
    ? REFUSALS[code as keyof typeof REFUSALS].exitCode
    : REFUSALS.internal.exitCode;
}
