import type { Problem } from '../../../src/contract/problem.ts';
import { CommandLine } from '../shared/command-line.tsx';

/** What somebody without a session sees: why a link was refused, if one was, and how to get another. */
export function SignedOut({ refusal }: { refusal: Problem | null }) {
  return (
    <section className="signed-out" data-testid="signed-out">
      <title>Signed out · Security Inbox</title>
      <p className="muted">Security Inbox</p>
      <h1>{refusal === null ? 'You are signed out' : refusal.title}</h1>
      {refusal !== null && (
        <p className="prose told" role="alert">
          {refusal.detail}
        </p>
      )}
      <p className="prose muted">
        A sign-in link comes from the machine that Security Inbox runs on; it works once. In the folder of the
        program:
      </p>
      <CommandLine command="security-inbox sign-in" />
    </section>
  );
}
