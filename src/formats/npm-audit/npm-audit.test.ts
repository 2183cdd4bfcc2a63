import { expect, test } from 'vitest';
import { describeHead } from '../reading/describe-head.ts';
import { npmAudit } from './npm-audit.ts';

const FAILED = { error: { code: 'ENOAUDIT', summary: 'Your registry may not support audit.', detail: '' } };

test('a run that failed is no clean report', async () => {
  const bytes = Buffer.from(JSON.stringify(FAILED));
  expect(npmAudit.claims(describeHead('x', bytes))).toBe(true);
  const input = {
    name: 'x',
    open: async function* () {
      yield bytes;
    },
  };
  const reading = async () => {
    const context = { root: null, account: null, region: null, cluster: null };
    for await (const item of npmAudit.read(input, context)) throw new Error(`It was read: ${item.kind}`);
  };
  await expect(reading()).rejects.toMatchObject({
    code: 'report_broken',
    message: expect.stringContaining('ENOAUDIT'),
  });
});

test.each([
  [{ error: 'x' }],
  [{ error: { code: 404, summary: 'x' } }],
  [{ error: { code: 'not found', summary: 'x' } }],
  [{ advisories: [] }],
])('%j is no report of npm', (report) => {
  expect(npmAudit.claims(describeHead('x', Buffer.from(JSON.stringify(report))))).toBe(false);
});
