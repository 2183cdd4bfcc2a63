import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { showResources } from '../src/app/show-resources.ts';
import { tryFixes } from '../src/app/try-fixes.ts';
import { DAY_MS } from '../src/base/instant.ts';
import type { JsonObject } from '../src/base/json-value.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const SUBSCRIPTION = '5b000000-0000-4000-8000-000000000003';
const ACCOUNT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/sales/providers/Microsoft.Storage/storageAccounts/stsales`;
const KEY = `azure:${ACCOUNT.toLowerCase()}`;
const containerId = (name: string) => `${ACCOUNT}/blobServices/default/containers/${name}`;

async function tell(tags: JsonObject, containers: Readonly<Record<string, string>>): Promise<void> {
  const account = {
    id: ACCOUNT,
    name: 'stsales',
    type: 'microsoft.storage/storageaccounts',
    location: 'westeurope',
    tags,
    properties: {
      allowBlobPublicAccess: true,
      publicNetworkAccess: 'Enabled',
      networkAcls: { defaultAction: 'Allow' },
    },
  };
  imported(await inbox.importReport([account], { complete: true }, 'accounts.json'));
  const told = Object.entries(containers).map(([name, publicAccess]) => ({
    id: containerId(name),
    name,
    type: 'Microsoft.Storage/storageAccounts/blobServices/containers',
    publicAccess,
  }));
  imported(await inbox.importReport(told, { complete: true }, 'containers.json'));
}

/** What Prowler says of a public container: of its account, or of itself. */
async function scan(uid: string, source: string): Promise<void> {
  const check = 'storage_blob_public_access_level_is_disabled';
  const finding = {
    metadata: {
      event_code: check,
      product: { name: 'Prowler', vendor_name: 'Prowler', version: '5.4.0' },
      version: '1.4.0',
    },
    severity_id: 4,
    severity: 'High',
    status: 'New',
    status_code: 'FAIL',
    status_detail: 'was looked at',
    finding_info: { uid: `prowler-${uid}`, title: check, created_time: 1790762400, desc: check },
    resources: [
      {
        uid,
        name: uid.slice(uid.lastIndexOf('/') + 1),
        type: 'AzureStorageAccount',
        region: 'westeurope',
        labels: [],
        group: { name: 'storage' },
      },
    ],
    cloud: {
      provider: 'azure',
      region: 'westeurope',
      account: { uid: SUBSCRIPTION, type: 'Azure AD Account' },
    },
    category_uid: 2,
    class_uid: 2004,
    class_name: 'Detection Finding',
    type_uid: 200401,
    activity_id: 1,
    time: 1790762400,
  };
  imported(await inbox.importReport([finding], { source }, `${source}.ocsf.json`));
}

const paths = async () => (await inbox.list()).filter(({ type }) => type === 'attack_path');
const RESTRICTED = { data_classification: 'restricted', owner: 'team-sales', service: 'sales' };

describe('a container of blobs that anybody may read', () => {
  test('is one issue with its account: whose it is and what it holds is told of the account, what is open of the container', async () => {
    await tell(RESTRICTED, { invoices: 'Blob', drafts: 'None' });
    const [issue, ...others] = await paths();
    expect(others).toEqual([]);
    expect(issue).toMatchObject({
      title: 'Sensitive data that anybody may read: invoices in stsales',
      severity: 'critical',
      team: 'team-sales',
      resources: 1,
      services: 1,
    });
    const { paths: found } = await inbox.ctx.paths.list();
    expect(found.map(({ path }) => [path.pivot.key, path.pivot.name, path.targets])).toEqual([
      [KEY, 'stsales', [`${KEY}/blobservices/default/containers/invoices`]],
    ]);
    expect(found[0]?.path.paths[0]?.steps.map(({ sentence }) => sentence)).toEqual([
      'Any internet address may read invoices in stsales',
    ]);
  });

  test('stays the same issue as containers come, go and are closed', async () => {
    await tell(RESTRICTED, { invoices: 'Blob' });
    const [first] = await paths();
    inbox.clock.set(START + DAY_MS);
    await tell(RESTRICTED, { invoices: 'Blob', scans: 'Container' });
    const [second, ...others] = await paths();
    expect([second?.key, others]).toEqual([first?.key, []]);
    expect(second?.title).toBe('Sensitive data that anybody may read: 2 stores of sensitive data');
    inbox.clock.set(START + 2 * DAY_MS);
    await tell(RESTRICTED, { invoices: 'None', scans: 'Container' });
    const [third] = await paths();
    expect([third?.key, third?.title]).toEqual([
      first?.key,
      'Sensitive data that anybody may read: scans in stsales',
    ]);
    inbox.clock.set(START + 3 * DAY_MS);
    await tell(RESTRICTED, { invoices: 'None', scans: 'None' });
    expect((await paths()).filter(({ isAdmitted }) => isAdmitted)).toEqual([]);
  });

  test.each([
    ['its account', ACCOUNT],
    ['itself', containerId('invoices')],
  ])('is closed by what a scanner says of %s', async (_, uid) => {
    await tell(RESTRICTED, { invoices: 'Blob' });
    await scan(uid, 'prowler');
    const finding = (await inbox.list()).find(({ type }) => type === 'misconfiguration');
    const { issues } = await tryFixes(inbox.ctx, { words: [finding?.id ?? ''] });
    expect(issues.filter(({ type }) => type === 'attack_path').map(({ effect }) => effect)).toEqual([
      'resolves',
    ]);
  });

  test('is in production where its account is, and belongs to whom that belongs to', async () => {
    await tell({ env: 'prod', owner: 'team-sales' }, { invoices: 'Blob' });
    const [issue, ...others] = await paths();
    expect(others).toEqual([]);
    expect(issue).toMatchObject({
      title: 'Production data that anybody may read: invoices in stsales',
      team: 'team-sales',
      riskStates: { in_production: 'yes', publicly_accessible: 'yes' },
    });
    const [container] = await showResources(inbox.ctx, {
      ids: [`${KEY}/blobservices/default/containers/invoices`],
    });
    expect(container?.production.state).toBe('yes');
  });
});
