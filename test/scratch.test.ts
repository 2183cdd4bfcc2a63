import { join } from 'node:path';
import { test } from 'vitest';
import { loadDemo } from '../src/jobs/load-demo.ts';
import { openTestInbox } from './support/test-inbox.ts';
test('scratch', async () => {
  const inbox = await openTestInbox();
  const t = Date.now();
  await loadDemo(inbox.ctx, join(import.meta.dirname, 'worlds/demo'), () => undefined);
  console.log('load', Date.now() - t);
  const rows = await inbox.database.pool.query("select f.is_open, i.rank, i.severity, i.risks_yes, i.resources, i.services, i.team, i.is_admitted, f.issue_key, a.body from finding f left join attack_path a using (shard, fingerprint) join issue i on i.shard=f.shard and i.id = f.issue_id where f.type = 'attack_path' order by i.rank desc");
  for (const r of rows.rows) {
    console.log(r.is_open, r.severity, r.risks_yes, r.resources, r.services, r.team, r.is_admitted, r.issue_key, r.body?.title, r.body?.likelihood, r.body?.why, 'entries', r.body?.entries, 'more', r.body?.more, 'gates', r.body?.gateIssues.length);
    for (const p of r.body?.paths.slice(0,1) ?? []) for (const s of p.steps) console.log('    ', s.rule, s.probability, s.otherWays, s.sentence, '|', s.gates.map((g: any) => g.sentence).join(' ; '), '|', s.technique, s.evidence.length);
  }
  console.log((await inbox.database.pool.query('select * from attack_path_search')).rows);
  await inbox.close();
}, 200000);
