import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { versionOfCheckNames } from '../../src/domain/control/name-check.ts';
import { openPool, type Pool } from '../../src/store/database.ts';
import type { EmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { startReadyDatabase } from '../support/ready-cluster.ts';
import { makeScratch, runCommand, runJson } from '../support/run-server.ts';
import { inboxOn } from '../support/test-inbox.ts';
import { act, muteIssue } from '../support/triage.ts';
import { wrongAt } from './fortnight/estate.ts';
import { type Counts, Ledger } from './fortnight/ledger.ts';
import { type Action, FORTNIGHT } from './fortnight/nights.ts';

const GOLDEN = join(import.meta.dirname, 'fortnight', 'fortnight.expected.txt');

let scratch: Awaited<ReturnType<typeof makeScratch>>;
let data: string;
/** Held open so that each command only adopts it. */
let server: EmbeddedPostgres;
let pool: Pool;
const ledger = new Ledger();
/** By when what is muted is to be fixed all the same. */
const DUE = Date.UTC(2100, 0, 1);
/** When each finding was seen first, as it was told on the first night that showed it. */
const firstSeen = new Map<string, number>();
const table: string[] = [];

beforeAll(async () => {
  scratch = await makeScratch();
  data = join(scratch.folder, 'data');
  server = await startReadyDatabase(data);
  pool = openPool(server.connection);
});

afterAll(async () => {
  await pool?.end();
  await server?.stop();
  await scratch?.remove();
});

describe('a fortnight of two teams, three kinds of scanners and two clusters', () => {
  describe.each(FORTNIGHT.map((night, index) => ({ number: index + 1, ...night })))(
    'night $number: $story',
    ({ number, story, actions, stillOpen = [], notYet = [] }) => {
      it('moves what it should', async () => {
        table.push(`Night ${number}. ${story}`);
        const moved: Record<string, unknown> = {};
        const expected: Record<string, unknown> = {};
        for (const [index, action] of actions.entries())
          await take(action, join(scratch.folder, `night-${number}-${index}`), moved, expected);
        expect(moved).toEqual(expected);
      });

      it('knows what is wrong, and nothing else', async () => {
        const truth = wrongAt(number);
        const expected = [...truth]
          .filter((line) => !notYet.includes(line))
          .concat(stillOpen)
          .sort();
        expect([...ledger.open].sort()).toEqual(expected);
        expect(await openLines()).toEqual(expected);
      });

      it('holds what a filter left out, until it is seen again', async () => {
        const held = await pool.query<{ count: number }>(
          'select count(*)::int from sighting where held_since is not null and gone_at is null',
        );
        expect(held.rows).toEqual([{ count: number === 4 ? 6 : 0 }]);
      });

      it('keeps the decision of night 3, and only that', async () => {
        expect(await mutedLines()).toEqual(
          number < 3
            ? []
            : ['CVE-2021-23337 on github.com/acme/shop', 'CVE-2021-23337 on registry.example/shop'],
        );
        // From night 8 on it is in pay as well, where nobody muted it.
        const issue = await pool.query<{ is_muted: boolean }>(
          "select is_muted from issue where advisory = 'CVE-2021-23337'",
        );
        expect(issue.rows).toEqual([{ is_muted: number >= 3 && number < 8 }]);
        const due = number < 3 ? [] : [...(await mutedLines()).map((line) => [line, DUE])];
        expect(await dueLines()).toEqual(due);
      });

      it('knows since when, whatever is built anew', async () => {
        const since = await sinceWhen();
        const moved = [...since].filter(([line, at]) => (firstSeen.get(line) ?? at) !== at);
        expect(moved).toEqual([]);
        for (const [line, at] of since) if (!firstSeen.has(line)) firstSeen.set(line, at);
        expect(firstSeen.size).toBeGreaterThan(80);
      });
    },
  );

  it('is identified under the names of checks that the program knows', async () => {
    const known = await pool.query('select check_names from organisation');
    expect(known.rows).toEqual([{ check_names: versionOfCheckNames() }]);
  });

  it('reads as it is told', async () => {
    await expect(`${table.join('\n')}\n`).toMatchFileSnapshot(GOLDEN);
  });
});

/** Does it on the command line and in the model, and notes what both say. */
async function take(
  action: Action,
  folder: string,
  moved: Record<string, unknown>,
  expected: Record<string, unknown>,
): Promise<void> {
  switch (action.do) {
    case 'import': {
      await mkdir(folder);
      for (const { file, content } of action.reports)
        await writeFile(join(folder, file), JSON.stringify(content));
      const { code, stdout, stderr } = await runCommand([
        'import',
        folder,
        ...action.flags,
        '--data',
        data,
        '--json',
      ]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const results = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Counts & { readonly file: string });
      table.push(`  import ${[...action.flags, ...action.reports.map((report) => report.file)].join(' ')}`);
      const sentences = await newSentences();
      for (const { file } of action.reports)
        table.push(`    ${file}: ${sentences.get(file) ?? 'The bytes of the latest scan again.'}`);
      action.reports.forEach(({ file, scope, findings, reading }, index) => {
        const key = `${file}${moved[file] === undefined ? '' : ' again'}`;
        const { created, changed, unchanged, closed, held, regressed } = results[index] as Counts;
        moved[key] = { created, changed, unchanged, closed, held, regressed };
        expected[key] = ledger.take(scope, findings, reading);
      });
      break;
    }
    case 'retire': {
      const retired = await runJson<{ readonly closed: number }>([
        'sources',
        'retire',
        action.source,
        ...action.flags,
        '--data',
        data,
      ]);
      table.push(
        `  sources retire ${[action.source, ...action.flags].join(' ')}`,
        `    ${retired.closed} closed.`,
      );
      moved[`retire ${action.source}`] = retired.closed;
      expected[`retire ${action.source}`] = ledger.retire(action.scopes);
      break;
    }
    case 'mute': {
      const inbox = inboxOn({ address: server.connection, pool, drop: async () => undefined }, Date.now());
      const issue = (await inbox.list()).find((each) => each.title.includes(action.advisory));
      expect(issue?.title).toContain(action.advisory);
      await muteIssue(inbox.ctx, { id: issue?.id ?? '', reason: action.reason, until: null });
      await act(inbox.ctx, issue?.id ?? '', { do: 'due', due: DUE });
      table.push(`  mute ${action.advisory}`, `    ${action.reason}`);
      break;
    }
  }
}

const told = new Set<string>();

/** What the scans said that were kept since this was asked last, by file; a scan of bytes that are known is not kept. */
async function newSentences(): Promise<ReadonlyMap<string, string>> {
  const result = await pool.query<{ id: string; files: string[]; sentence: string }>(
    'select id, files, sentence from scan',
  );
  const fresh = result.rows.filter(({ id }) => !told.has(id));
  for (const { id } of fresh) told.add(id);
  return new Map(
    fresh.flatMap(({ files, sentence }) => files.map((file): [string, string] => [basename(file), sentence])),
  );
}

async function openLines(): Promise<readonly string[]> {
  const result = await pool.query<{ line: string }>(
    `select coalesce(advisory, control, tool_check) || ' on ' || resource_name as line from finding where is_open`,
  );
  return result.rows.map((row) => row.line).sort();
}

/** When each finding that is open was seen first; of what several are called alike the first. */
async function sinceWhen(): Promise<ReadonlyMap<string, number>> {
  const result = await pool.query<{ line: string; at: number }>(
    `select coalesce(advisory, control, tool_check) || ' on ' || resource_name || coalesce(nullif(' ' || place, ' '), '') as line, (extract(epoch from min(first_seen)) * 1000)::float8 as at
     from finding where is_open group by 1 order by 1`,
  );
  return new Map(result.rows.map(({ line, at }) => [line, at]));
}

async function dueLines(): Promise<readonly (readonly [string, number])[]> {
  const result = await pool.query<{ line: string; at: number }>(
    `select coalesce(advisory, control, tool_check) || ' on ' || resource_name as line, (decision.value ->> 'at')::float8 as at
     from finding join decision on decision.shard = finding.shard and decision.fingerprint = finding.fingerprint and decision.kind = 'due' where is_open order by 1`,
  );
  return result.rows.map(({ line, at }) => [line, at]);
}

async function mutedLines(): Promise<readonly string[]> {
  const result = await pool.query<{ line: string }>(
    `select coalesce(advisory, control, tool_check) || ' on ' || resource_name as line from finding where is_open and exists (select from decision where decision.shard = finding.shard and decision.fingerprint = finding.fingerprint and decision.kind = 'mute')`,
  );
  return result.rows.map((row) => row.line).sort();
}
