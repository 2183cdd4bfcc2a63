import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { loadDemo } from '../../src/jobs/load-demo.ts';
import { openTestInbox } from '../support/test-inbox.ts';
import { join } from 'node:path';

it('probe', async () => {
  const inbox = await openTestInbox(Date.UTC(2026, 10, 24, 12));
  const out: string[] = [];
  try {
    await loadDemo(inbox.ctx, join(import.meta.dirname, 'demo'), (s) => out.push(s));
    const rows = await inbox.list();
    out.push(`${rows.length} issues, ${rows.filter((r) => r.isAdmitted).length} admitted`);
    for (const r of rows) out.push([r.isAdmitted ? 'A' : '-', r.isMuted ? 'M' : ' ', r.severity.padEnd(8), r.riskCount, Object.values(r.riskStates).map((s) => s[0]).join(''), `i${r.impact}`, r.type.slice(0, 12).padEnd(12), r.title.slice(0, 110), '|', r.admittedBy.join(','), '|', r.team ?? ''].join(' '));
  } catch (e) { out.push(String((e as Error).stack)); }
  writeFileSync('/tmp/demo/out.txt', out.join('\n'));
  await inbox.close();
});
