import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showResources } from '../../src/app/show-resources.ts';
import type { JsonObject } from '../../src/base/json-value.ts';
import { isPublic } from '../../src/domain/exposure/audience.ts';
import type { ResourceView } from '../../src/domain/ports/resource-store.ts';
import { layOut, tableRows } from '../support/by-hand-world.ts';
import { imported, openTestInbox, type TestInbox } from '../support/test-inbox.ts';

const WORLD = join(import.meta.dirname, 'declared');
const REPOSITORY = { repository: 'github.com/acme/infra' };

/** One part of the estate: a folder of it, as it lies in the world. */
async function take(inbox: TestInbox, part: string): Promise<void> {
  const folder = await layOut(WORLD, [part]);
  const isOfCode = part === 'stacks' || part === 'code';
  const options = isOfCode ? { root: `${folder.root}/${part}/`, scope: REPOSITORY } : {};
  for (const each of await inbox.importFiles(folder.files, options)) imported(each);
  await folder.remove();
}

function cells(view: ResourceView | null | undefined): readonly string[] {
  if (view === null || view === undefined) return ['not known', '-', '-', '-', '-'];
  const ways = view.exposure
    .filter(({ verdict, audience }) => verdict === 'yes' && isPublic(audience))
    .map(({ surface, audience, auth }) => `${surface} ${audience} ${auth}`)
    .sort();
  return [
    view.publiclyAccessible.state,
    ways.join('; ') || '-',
    view.privilege.level,
    view.production.state,
    view.owners[0]?.name.replace('@', '') ?? '-',
  ];
}

const HOUR_MS = 3_600_000;

const ORDERS = [
  ['config', 'stacks', 'code', 'live', HOUR_MS],
  ['live', 'code', 'stacks', 'config', HOUR_MS],
  ['stacks', 'live', 'config', 'code', 0],
] as const;

describe.each(ORDERS)(
  'an estate that is declared and live, read as %s, %s, %s, %s, %i ms apart',
  (...read) => {
    const order = read.slice(0, 4) as readonly string[];
    const step = read[4];
    let inbox: TestInbox;
    beforeAll(async () => {
      inbox = await openTestInbox();
      for (const part of order) {
        await take(inbox, part);
        inbox.clock.set(inbox.clock.now() + step);
      }
    });
    afterAll(() => inbox.close());

    it('is judged as by hand', async () => {
      const rows = await tableRows(join(WORLD, 'resources.md'));
      const keys = rows.map(([id = '']) => (id.startsWith('terraform:') ? id : `aws:arn:aws:${id}`));
      const views = await showResources(inbox.ctx, { ids: keys });
      const told = views.map((view, index) => [rows[index]?.[0], ...cells(view)]);
      expect(told).toEqual(rows.map((row) => row.slice(0, 6)));
    });

    it('what a state has and a later look has not is gone; what it has since is there by its word', async () => {
      const key = 'aws:arn:aws:ec2:eu-west-1:700000000001:instance/i-gone';
      const [view] = await showResources(inbox.ctx, { ids: [key] });
      const isLookedAtLater = order.indexOf('live') > order.indexOf('stacks') && step > 0;
      expect([view?.goneAt !== null, view?.publiclyAccessible.state]).toEqual(
        isLookedAtLater ? [true, 'unknown'] : [false, 'yes'],
      );
    });

    it('what was planned is the live one as soon as a state has its id', async () => {
      const states = JSON.parse(await readFile(join(WORLD, 'stacks.json'), 'utf8')) as JsonObject;
      const state = structuredClone(states['envs/prod/shop.json']) as unknown as State;
      const { resources } = state.values.root_module;
      const web = resources.find(
        ({ address }) => address === 'aws_instance.web',
      ) as (typeof resources)[number];
      const arn = 'arn:aws:ec2:eu-west-1:700000000001:instance/i-batch';
      const values = { ...web.values, id: 'i-batch', arn };
      resources.push({ ...web, address: 'aws_instance.batch', values });
      const folder = await mkdtemp(join(tmpdir(), 'applied '));
      const path = join(folder, 'envs', 'prod', 'shop.json');
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, JSON.stringify(state));
      inbox.clock.set(inbox.clock.now() + HOUR_MS);
      const results = await inbox.importFiles([path], { root: `${folder}/`, scope: REPOSITORY });
      for (const each of results) imported(each);
      await rm(folder, { recursive: true });
      const views = await showResources(inbox.ctx, {
        ids: ['terraform:prod/shop#aws_instance.batch', `aws:${arn}`],
      });
      expect(views.map((view) => [view?.key, view?.publiclyAccessible.state])).toEqual([
        [`aws:${arn}`, 'no'],
        [`aws:${arn}`, 'no'],
      ]);
    });
  },
);

interface State {
  readonly values: {
    readonly root_module: { readonly resources: { readonly address: string; readonly values: JsonObject }[] };
  };
}
