import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showResources } from '../../src/app/show-resources.ts';
import { layOut, tableRows, type WorldFolder } from '../support/by-hand-world.ts';
import { openTestInbox, type TestInbox } from '../support/test-inbox.ts';

const WORLD = join(import.meta.dirname, 'by-hand');
const ACCOUNTS = [
  'network',
  'functions',
  'buckets',
  'secrets',
  'organisation',
  'guarded',
  'builders',
  'trusts',
  'sandbox',
];
/** Since November 2026 AWS asks for two grants of every function's URL. */
const NOW = Date.UTC(2026, 11, 1);

let inbox: TestInbox;
let folder: WorldFolder;

beforeAll(async () => {
  inbox = await openTestInbox(NOW);
  folder = await layOut(WORLD, ACCOUNTS);
  await inbox.importFiles(folder.files);
});

afterAll(async () => {
  await folder.remove();
  await inbox.close();
});

describe('an estate of six accounts, judged by hand', () => {
  it('is judged the same, each row for its reason', async () => {
    const rows = await tableRows(join(WORLD, 'resources.md'));
    expect(rows.length).toBeGreaterThan(100);
    const views = await showResources(inbox.ctx, { ids: rows.map(([arn]) => `aws:arn:aws:${arn}`) });
    const judged = views.map((view, index) => {
      const [arn] = rows[index] as readonly string[];
      const ways = (view?.exposure ?? [])
        .filter(({ verdict, audience }) => verdict === 'yes' && audience !== 'corp')
        .map(({ surface, audience, auth }) => `${surface} ${audience} ${auth}`)
        .sort();
      return [arn, view?.publiclyAccessible.state, ways.join('; ') || '-', view?.privilege.level];
    });
    expect(judged).toEqual(rows.map(([arn, open, ways, level]) => [arn, open, ways, level]));
  });
});
