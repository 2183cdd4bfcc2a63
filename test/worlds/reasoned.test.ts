import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { showResources } from '../../src/app/show-resources.ts';
import { sweepIssues } from '../../src/app/sweep-issues.ts';
import { updateFeed } from '../../src/app/update-feed.ts';
import { kev } from '../../src/feeds/kev/kev.ts';
import { kevCatalogue } from '../support/other-reports.ts';
import { importWorld, reasonedTable, toldIssues, toldResources } from '../support/reasoned-world.ts';
import { openTestInbox, START, type TestInbox } from '../support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

async function exploited(...ids: readonly string[]): Promise<void> {
  async function* open() {
    yield Buffer.from(JSON.stringify(kevCatalogue(ids)));
  }
  await updateFeed(inbox.ctx, { feed: kev, files: [{ name: 'kev.json', open }], origin: 'test' });
}

async function expectIssues(world: string): Promise<void> {
  const expected = reasonedTable(world, 'issues.txt');
  const rows = [...expected].map(([name, cells]) => [name, ...cells]);
  expect(await toldIssues(inbox, expected.keys())).toEqual(rows);
}

describe('a cluster of GKE and the project around it', () => {
  const CLUSTER = 'gke_kestrel-prod_europe-west1_main';
  beforeEach(async () => {
    await importWorld(inbox, 'cluster', () => ({ scope: { cluster: CLUSTER } }));
  });

  test('is judged as somebody judged it who read the documentation of both', async () => {
    const expected = reasonedTable('cluster', 'expected.txt');
    expect(await toldResources(inbox, expected.keys(), `k8s:${CLUSTER}/`)).toEqual(expected);
  });

  test('ranks its flaws by the one place that is worst, until an attack is a second too old', async () => {
    await exploited('CVE-2021-44228');
    await expectIssues('cluster');
    const attacked = async () => {
      const names = ['front', 'pay', 'office', 'half', 'np'];
      const ids = names.map((name) => `k8s:${CLUSTER}/apps/Deployment/shop/${name}`);
      const views = await showResources(inbox.ctx, { ids });
      return Object.fromEntries(views.map((view, index) => [names[index], view?.underAttack.state]));
    };
    // To the second 15 days old, a second older, eight hours ahead, days ahead (as it was read), and never.
    const now = { front: 'yes', pay: 'no', office: 'yes', half: 'yes', np: 'no' };
    expect(await attacked()).toEqual(now);
    inbox.clock.set(START + 1_000);
    await sweepIssues(inbox.ctx);
    expect(await attacked()).toEqual({ ...now, front: 'no' });
    const [first] = await inbox.list();
    expect(first).toMatchObject({ riskCount: 3, admittedBy: ['default.known-exploited'] });
  });
});
