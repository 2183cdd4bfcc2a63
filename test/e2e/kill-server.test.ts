import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IssueRow } from '../../src/contract/issue.ts';
import { LOCK, openPool, type Pool } from '../../src/store/database.ts';
import { probeEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { makeReadyData } from '../support/ready-cluster.ts';
import { makeScratch, runJson, startServer } from '../support/run-server.ts';
import { flaws, imageReport } from '../support/trivy-report.ts';

const FINDINGS = 2_000;

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

/** How far an upload has come: what its process holds, or that rows of it are staged. */
const MOMENTS = {
  'while its report is read': 'select from stage_sighting limit 1',
  'while it is applied': `select from pg_locks where locktype = 'advisory' and granted and classid = ${LOCK.organisation}`,
  'once it is acknowledged': null,
} as const;

test.each(Object.entries(MOMENTS))(
  'a server that is killed in the middle of an upload, %s, keeps what it acknowledged and nothing half done',
  { timeout: 120_000 },
  async (moment, sign) => {
    const image = `app${Object.keys(MOMENTS).indexOf(moment)}`;
    const server = await startServer(['--data', data]);
    const connection = await probeEmbeddedPostgres(data);
    if (connection === null) throw new Error('no database runs');
    const pool = openPool(connection, { max: 1 });
    const before = await openFindings(pool);
    let answered = false;
    const uploaded = upload(server.url, image).finally(() => {
      answered = true;
    });
    if (sign === null) await uploaded;
    else while (!answered && (await pool.query(sign)).rowCount === 0);
    expect(answered).toBe(sign === null);
    await server.kill();
    const acknowledged = await uploaded;
    await pool.end();

    const again = await startServer(['--data', data]);
    try {
      const found = openPool((await probeEmbeddedPostgres(data)) ?? connection, { max: 1 });
      const { [image]: half = 0, ...others } = await openFindings(found);
      expect(others).toEqual(before);
      expect(half).toBe(acknowledged === null && half === 0 ? 0 : FINDINGS);
      expect(existsSync(join(data, 'spool')) ? await readdir(join(data, 'spool')) : []).toEqual([]);
      expect(await upload(again.url, image)).toBe(FINDINGS);
      expect(await openFindings(found)).toEqual({ ...before, [image]: FINDINGS });
      const { rows } = await found.query<{ staged: number }>(
        'select count(*)::integer as staged from stage_sighting',
      );
      expect(rows[0]?.staged).toBe(0);
      await found.end();
      const list = await runJson<readonly IssueRow[]>(['list', '--all', '--limit', '1', '--data', data]);
      expect(list[0]?.impact).toBe(Object.keys(before).length + 1);
    } finally {
      await again.stop();
    }
  },
);
