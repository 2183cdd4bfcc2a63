import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { actOnIssues } from '../src/app/act-on-issues.ts';
import type { IssueAction } from '../src/app/issue-action.ts';
import { flaw, importOnDay, on, shop } from './support/days.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';

/** What becomes due is swept once, however many processes look for it. */
const SWEEPER = join(import.meta.dirname, 'support', 'sweep.test-process.ts');
const PROCESSES = 3;
/** More than one sweep takes at a time. */
const ISSUES = 2_100;

let inbox: TestInbox;
const sweepers: Sweeper[] = [];
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(async () => {
  for (const { child } of sweepers.splice(0)) child.kill('SIGKILL');
  await inbox.close();
});

interface Sweeper {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  /** Waits for a line that begins so, and answers what stands behind. */
  readonly line: (begins: string) => Promise<string>;
}

function startSweeper(at: number): Sweeper {
  const child = spawn(process.execPath, [SWEEPER, JSON.stringify(inbox.database.address), String(at)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (part) => {
    text += String(part);
  });
  const sweeper: Sweeper = {
    child,
    async line(begins) {
      for (;;) {
        const found = text
          .split('\n')
          .find((each, index, all) => index < all.length - 1 && each.startsWith(begins));
        if (found !== undefined) return found.slice(begins.length);
        await new Promise<void>((resolve, reject) => {
          child.stdout.once('data', () => resolve());
          child.once('exit', (code) =>
            reject(new Error(`a sweeper ended with ${code} before it said "${begins}"`)),
          );
        });
      }
    },
  };
  sweepers.push(sweeper);
  return sweeper;
}

test(`the ends of mutes and snoozes and due dates that passed are told once each, by ${PROCESSES} processes that sweep at once`, async () => {
  const flaws = Array.from({ length: ISSUES }, (_, index) => flaw(`CVE-2026-${index}`));
  await importOnDay(inbox, 0, shop(0, 'a', flaws));
  const ids = (await inbox.list()).map(({ id }) => id);
  const third = ISSUES / 3;
  const decide = (part: number, action: IssueAction) =>
    actOnIssues(inbox.ctx, {
      selection: { ids: ids.slice(part * third, (part + 1) * third) },
      action,
      isTold: false,
      expected: null,
    });
  await decide(0, { do: 'mute', reason: 'x', because: 'other', until: on(2) });
  await decide(1, { do: 'snooze', until: on(2), untilWorse: false });
  await decide(2, { do: 'due', due: on(2) });

  const started = Array.from({ length: PROCESSES }, () => startSweeper(on(2)));
  await Promise.all(started.map(({ line }) => line('ready')));
  for (const { child } of started) child.stdin.write('go\n');
  const swept = (await Promise.all(started.map(({ line }) => line('swept ')))).map(Number);
  // Whoever finds another one at work leaves it to that one; together they sweep each issue once.
  expect(swept.reduce((sum, each) => sum + each, 0)).toBe(ISSUES);

  const { rows } = await inbox.database.pool.query(
    `select verb, count(*)::integer as events, count(distinct subject)::integer as issues
     from event where verb in ('mute-ended', 'wake', 'overdue') group by verb order by verb`,
  );
  expect(rows).toEqual(
    ['mute-ended', 'overdue', 'wake'].map((verb) => ({ verb, events: third, issues: third })),
  );
  const { rows: outbox } = await inbox.database.pool.query(
    `select count(*)::integer as messages from outbox where verb in ('mute-ended', 'wake', 'overdue')`,
  );
  expect(outbox).toEqual([{ messages: ISSUES }]);
});
