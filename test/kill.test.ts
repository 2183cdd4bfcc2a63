import { expect, test } from 'vitest';
import { killImporters, seeded } from './support/kill-importers.ts';
import { openTestInbox } from './support/test-inbox.ts';

const TIMES = 20;

/** `tools/kill-importers.ts --times 1000` is the long version. */
test(`of ${TIMES} importers that are killed in the middle of their work none leaves half an import, and none loses what it acknowledged`, {
  timeout: 180_000,
}, async () => {
  const inbox = await openTestInbox();
  try {
    const killed = await killImporters(inbox, TIMES, seeded(1));
    expect(
      killed.flatMap(({ message, faults }) =>
        faults.map((fault) => `killed at message ${message}: ${fault}`),
      ),
    ).toEqual([]);
    // They died before anything was applied, between the two scans, and after both.
    expect(new Set(killed.map((each) => each.applied))).toEqual(new Set([0, 1, 2]));
    expect(killed.some((each) => !each.isAcknowledged)).toBe(true);
  } finally {
    await inbox.close();
  }
});
