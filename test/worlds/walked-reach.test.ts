import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tellBlastRadius, tellWaysTo } from '../../src/app/tell-reach.ts';
import type { Share } from '../../src/domain/attackpath/blast-radius.ts';
import { tableRows } from '../support/by-hand-world.ts';
import { openTestInbox, type TestInbox } from '../support/test-inbox.ts';
import { type Estate, importEstate } from './walked/estate.ts';

const WORLD = join(import.meta.dirname, 'walked');

let inbox: TestInbox;
let estate: Estate;

beforeAll(async () => {
  inbox = await openTestInbox(Date.UTC(2026, 11, 1));
  estate = await importEstate(inbox, WORLD);
});

afterAll(async () => {
  await estate?.remove();
  await inbox.close();
});

/** `aws:600000000002` is 002, an ARN its last part. */
function shortName(name: string): string {
  return name
    .replace(/^(account-admin:)?(aws:|gcp:)?600000000/, '')
    .replace(/\/cluster-admin$/, '')
    .replace(/^gcp:/, '')
    .replace(/-AbCdEf$/, '')
    .replace(/^.*(?:[:/])(?!tidewater|tools)/, '');
}

/** The id of the issue of a secret; any other name is one already. */
async function idOf(name: string): Promise<string> {
  const user = /^the key of (.+)$/.exec(name)?.[1];
  if (user === undefined) return name;
  const { rows } = await inbox.database.pool.query<{ id: string }>(
    `select distinct issue_id as id from finding where type = 'secret' and is_open and resource_name like $1`,
    [user === 'deployer' ? '%tools' : '%tw-drop'],
  );
  return rows[0]?.id ?? '';
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const told = (all: readonly string[]): string => (all.length === 0 ? '-' : all.join(', '));
const shares = (all: readonly Share[]): string =>
  told(all.map(({ name, targets }) => `${name === null ? '?' : shortName(name)} ${targets}`));
const sorted = (cell: string): string => cell.split(', ').sort().join(', ');

describe('an estate whose attack paths were walked by hand', async () => {
  test.each((await tableRows(join(WORLD, 'radius.md'))).map((row) => [row[0] ?? '', row] as const))(
    'whoever takes %s gets to this much',
    async (name, row) => {
      const { radius } = await tellBlastRadius(inbox.ctx, { of: await idOf(name) });
      const { targets, byAccount, byDataType, byEnvironment, byService, byTeam, controlled } = radius;
      expect({
        reached: sorted(told(targets.map((each) => `${shortName(each.asset)} ${percent(each.likelihood)}`))),
        accounts: sorted(shares(byAccount)),
        data: sorted(shares(byDataType)),
        environments: sorted(shares(byEnvironment)),
        services: sorted(shares(byService)),
        teams: sorted(shares(byTeam)),
        controls: `${controlled.length}`,
      }).toEqual({
        reached: sorted(row[1] ?? ''),
        accounts: sorted(row[2] ?? ''),
        data: sorted(row[3] ?? ''),
        environments: sorted(row[4] ?? ''),
        services: sorted(row[5] ?? ''),
        teams: sorted(row[6] ?? ''),
        controls: row[7],
      });
    },
  );

  test.each((await tableRows(join(WORLD, 'ways.md'))).map((row) => [row[0] ?? '', row[1] ?? ''] as const))(
    'who can reach %s',
    async (name, ways) => {
      const { found } = await tellWaysTo(inbox.ctx, { resource: name, lens: 'outside' });
      expect(
        told(
          found.ways.map(
            ({ gains, throughName, likelihood, steps }) =>
              `${gains} through ${throughName} ${percent(likelihood)} in ${steps.length}`,
          ),
        ),
      ).toBe(ways);
    },
  );

  test.each((await tableRows(join(WORLD, 'affected.md'))).map((row) => [row[0] ?? '', row] as const))(
    'what %s would affect',
    async (name, [, byData, controls]) => {
      const { paths } = await inbox.ctx.paths.list();
      const found = paths.find(
        ({ path }) => `${path.pivot.name.replace(/^.*[/:]/, '')} ${path.targetClass}` === name,
      );
      const { radius } = await tellBlastRadius(inbox.ctx, { of: found?.issueId ?? '' });
      const isOfData = ({ because }: { readonly because: string }) => because.startsWith('data within reach');
      const told = radius.implications.filter(isOfData);
      expect(told.map(({ framework }) => framework).join('; ') || '-').toBe(byData);
      expect(told.flatMap(({ items }) => items).filter((item) => /Article 3[34]/.test(item))).toEqual([]);
      expect(radius.implications.every(isOfData) ? '-' : 'yes').toBe(controls);
    },
  );
});
