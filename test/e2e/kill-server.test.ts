import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCK, openPool, type Pool } from '../../src/store/database.ts';
import { probeEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { makeReadyData } from '../support/ready-cluster.ts';
import { makeScratch, type RunningServer, runJson, startServer } from '../support/run-server.ts';
import { flaws, imageReport } from '../support/trivy-report.ts';

const FINDINGS = 1_000;

let scratch: Awaited<ReturnType<typeof makeScratch>>;
let data: string;
let token: string;

beforeAll(async () => {
  scratch = await makeScratch();
  data = join(scratch.folder, 'data');
  makeReadyData(data);
  ({ token } = await runJson<{ readonly token: string }>([
    'token',
    'create',
    '--name',
    'ci',
    '--data',
    data,
  ]));
});

afterAll(() => scratch.remove());

const report = (image: string) =>
  JSON.stringify(
    imageReport({
      image: `registry.example.com/${image}:1`,
      digest: image,
      vulnerabilities: flaws(FINDINGS),
    }),
  );

/** Uploads the scan of an image; the findings that the server says are there, or null for no answer. */
async function upload(url: string, image: string): Promise<number | null> {
  try {
    const answer = await fetch(`${url}/api/v1/imports?name=${image}.json&source=ci`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', authorization: `Bearer ${token}` },
      body: report(image),
    });
    const { results } = (await answer.json()) as {
      readonly results: readonly { readonly created: number; readonly unchanged: number }[];
    };
    return (results[0]?.created ?? 0) + (results[0]?.unchanged ?? 0);
  } catch {
    // The connection broke off: nothing was promised.
    return null;
  }
}

/** Open findings of each image, where its sightings and the issues' own numbers agree with them. */
async function openFindings(pool: Pool): Promise<Readonly<Record<string, number>>> {
  const { rows } = await pool.query<{ image: string; findings: number; sightings: number }>(
    `select split_part(resource_key, '/', 2) as image, count(*)::integer as findings,
       (select count(*)::integer from sighting join scope on scope.id = sighting.scope_id where gone_at is null and image_key = resource_key) as sightings
     from finding where is_open group by resource_key order by 1`,
  );
  expect(rows.filter(({ findings, sightings }) => findings !== sightings)).toEqual([]);
  const wrong = await pool.query(
    'select from issue where open_findings <> (select count(*) from finding where issue_id = issue.id and is_open)',
  );
  expect(wrong.rowCount).toBe(0);
  return Object.fromEntries(rows.map(({ image, findings }) => [image, findings]));
}

/** What shows how far an upload has come; null: that it is answered. */
const MOMENTS = {
  read: 'select from stage_sighting limit 1',
  applied: `select from pg_locks where locktype = 'advisory' and granted and classid = ${LOCK.organisation}`,
  acknowledged: null,
} as const;

async function connect(): Promise<Pool> {
  const connection = await probeEmbeddedPostgres(data);
  if (connection === null) throw new Error('no database runs');
  return openPool(connection, { max: 1 });
}

/** Uploads until the sign shows, and kills the server; answers what it acknowledged, or null. */
async function killDuring(server: RunningServer, image: string, sign: string | null): Promise<number | null> {
  const pool = await connect();
  let isAnswered = false;
  const uploaded = upload(server.url, image).finally(() => {
    isAnswered = true;
  });
  if (sign === null) await uploaded;
  else while (!isAnswered && (await pool.query(sign)).rowCount === 0);
  expect(isAnswered).toBe(sign === null);
  await server.kill();
  await pool.end();
  return uploaded;
}

test('a server that is killed while an upload is read, applied or just acknowledged loses nothing that it acknowledged, and leaves nothing half done', async () => {
  let server = await startServer(['--data', data]);
  try {
    let before: Readonly<Record<string, number>> = {};
    for (const [image, sign] of Object.entries(MOMENTS)) {
      const acknowledged = await killDuring(server, image, sign);
      expect(acknowledged).toBe(sign === null ? FINDINGS : null);
      server = await startServer(['--data', data]);
      const pool = await connect();
      const { [image]: found = 0, ...others } = await openFindings(pool);
      expect(others).toEqual(before);
      expect(acknowledged === null ? [0, FINDINGS] : [FINDINGS]).toContain(found);
      expect(await readdir(join(data, 'spool'))).toEqual([]);
      // The next import of the same report brings all of it, once.
      expect(await upload(server.url, image)).toBe(FINDINGS);
      before = { ...before, [image]: FINDINGS };
      expect(await openFindings(pool)).toEqual(before);
      expect((await pool.query('select from stage_sighting')).rowCount).toBe(0);
      await pool.end();
    }
  } finally {
    await server.stop();
  }
});
