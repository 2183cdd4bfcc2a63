import { expect, test } from 'vitest';
import type { ReadContext, ReportItem } from '#domain/ports/report-format.ts';
import { yarnAudit } from './yarn-audit.ts';

const ADVISORY = {
  type: 'auditAdvisory',
  data: { advisory: { id: 1, module_name: 'x', severity: 'low', title: 't', findings: [] } },
};
const SUMMARY = { type: 'auditSummary', data: { totalDependencies: 3 } };
const ERROR = { type: 'error', data: 'The registry does not answer.' };
const NAMED: ReadContext = { root: null, account: null, region: null, cluster: null, artifact: 'shop' };

async function read(lines: readonly object[], context = NAMED): Promise<readonly ReportItem[]> {
  const input = {
    name: 'x',
    open: async function* () {
      yield Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    },
  };
  const items: ReportItem[] = [];
  for await (const item of yarnAudit.read(input, context)) items.push(item);
  return items;
}

test.each([
  ['came to its end', [ADVISORY, SUMMARY], NAMED, 'all'],
  ['was stopped', [ADVISORY, ADVISORY], NAMED, 'none'],
  ['is of no named project', [ADVISORY, SUMMARY], { ...NAMED, artifact: null }, 'none'],
])('a run that %s covers %s', async (_case, lines, context, coverage) => {
  const [scan] = await read(lines, context);
  expect(scan).toMatchObject({ kind: 'scan', scan: { coverage } });
});

test('a run that failed is refused, and one that only warned is not', async () => {
  await expect(read([ERROR, ADVISORY])).rejects.toMatchObject({ code: 'report_broken' });
  expect(await read([ERROR, ADVISORY, SUMMARY])).toHaveLength(2);
});
