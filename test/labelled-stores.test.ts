import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { showResources } from '../src/app/show-resources.ts';
import { presentResource } from '../src/contract/from-domain/present-resource.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

/** What the data map of Purview and labels of Azure SQL say of the stores that inventories know by other names. */
let inbox: TestInbox;
let hour = 0;
beforeEach(async () => {
  hour = 0;
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

async function read(report: unknown, name = 'report.json'): Promise<readonly string[]> {
  inbox.clock.set(START + hour++ * 3_600_000);
  const { rejects, sentences } = imported(await inbox.importReport(report, {}, name));
  expect(rejects).toEqual([]);
  return sentences;
}

async function data(id: string) {
  const [view] = await showResources(inbox.ctx, { ids: [id] });
  return presentResource(id, view ?? null).data;
}

const NOTHING = { class: null, types: [], reasons: [] };
const PROVIDERS = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/Shop/providers';
const ACCOUNT = `${PROVIDERS}/Microsoft.Storage/storageAccounts/acmeexports`;
const CONTAINER = `${ACCOUNT}/blobServices/default/containers/customers`;
const SERVER = `${PROVIDERS}/Microsoft.Sql/servers/acme-sql`;
const DATABASE = `${SERVER}/databases/payments`;

const account = (tags: object = {}, id = ACCOUNT) => ({
  id,
  name: id.slice(id.lastIndexOf('/') + 1),
  type: 'microsoft.storage/storageaccounts',
  location: 'westeurope',
  tags,
  properties: {
    allowBlobPublicAccess: true,
    publicNetworkAccess: 'Enabled',
    networkAcls: { defaultAction: 'Allow' },
  },
});
const container = {
  id: CONTAINER,
  name: 'customers',
  type: 'Microsoft.Storage/storageAccounts/blobServices/containers',
  properties: { publicAccess: 'Blob' },
};
const server = { id: SERVER, name: 'acme-sql', type: 'microsoft.sql/servers', properties: {} };
const database = { id: DATABASE, name: 'payments', type: 'microsoft.sql/servers/databases', properties: {} };

/** An answer of a search of the data map; what it leaves out of the members of an asset is empty. */
const search = (assets: readonly object[], count = assets.length) => ({
  '@search.count': count,
  value: assets.map((asset, index) => ({
    id: `asset-${index}`,
    entityType: 'azure_blob_path',
    classification: [],
    label: [],
    ...asset,
  })),
});
const FILE = 'https://acmeexports.blob.core.windows.net/customers/2026/customers.csv';
const file = (facts: object = {}) => ({ qualifiedName: FILE, ...facts });
const EMAIL = { classification: ['MICROSOFT.PERSONAL.EMAIL'] };
const FOUND = {
  class: 'confidential',
  types: ['pii'],
  reasons: ['Purview found MICROSOFT.PERSONAL.EMAIL in customers.csv (confidence 0.95)'],
};
/** Its name tells the same. */
const FOUND_IN_CONTAINER = {
  ...FOUND,
  reasons: [...FOUND.reasons, 'the word "customers" in its name (confidence 0.3)'],
};

describe('an asset of the data map', () => {
  test('says what its container holds, and its storage account where no inventory describes the container', async () => {
    await read([account()], 'resources.json');
    expect(await read(search([file(EMAIL)]))).not.toContainEqual(expect.stringContaining('waits'));
    expect(await data(ACCOUNT)).toEqual(FOUND);
    await read([container], 'containers.json');
    expect([await data(ACCOUNT), await data(CONTAINER)]).toEqual([NOTHING, FOUND_IN_CONTAINER]);
  });

  test('waits for the inventory that describes its store, and the import says so', async () => {
    const [sentence] = await read(search([file(EMAIL)]));
    expect(sentence).toBe(
      'Nothing moved. What it says of 1 store waits for an inventory that describes it: microsoft.storage/storageaccounts/acmeexports.',
    );
    expect(await data(ACCOUNT)).toEqual(NOTHING);
    await read([account(), container], 'resources.json');
    expect([await data(ACCOUNT), await data(CONTAINER)]).toEqual([NOTHING, FOUND_IN_CONTAINER]);
    await read([account({}, `${PROVIDERS}/Microsoft.Storage/storageAccounts/acmeexports2`)], 'more.json');
    expect(await data(`${PROVIDERS}/Microsoft.Storage/storageAccounts/acmeexports2`)).toEqual(NOTHING);
  });

  test('takes back what it said once it holds nothing of the kind, and no other asset does', async () => {
    await read([account()], 'resources.json');
    const other = { id: 'asset-other', qualifiedName: FILE.replace('customers.csv', 'cards.csv') };
    await read(
      search([file(EMAIL), { ...other, classification: ['MICROSOFT.FINANCIAL.CREDIT_CARD_NUMBER'] }]),
    );
    expect(await data(ACCOUNT)).toMatchObject({ class: 'restricted', types: ['pci', 'pii'] });
    await read(search([file()]));
    expect(await data(ACCOUNT)).toMatchObject({ class: 'restricted', types: ['pci'] });
    await read({
      entities: [{ typeName: 'azure_blob_path', guid: 'asset-other', status: 'DELETED', attributes: other }],
    });
    expect(await data(ACCOUNT)).toEqual(NOTHING);
  });

  test('of one page takes nothing back that another said, and the import says how much it shows', async () => {
    await read([account()], 'resources.json');
    const first = await read(search([file(EMAIL)], 2), 'page-1.json');
    const told =
      'These are 1 of the 2 assets that the search counts: the other pages are to be imported, too, and what they said stands.';
    expect(first).toContain(told);
    const second = { id: 'asset-2', qualifiedName: `${FILE}.bak`, ...EMAIL };
    expect(await read(search([second], 2), 'page-2.json')).toContain(told);
    expect((await data(ACCOUNT)).reasons).toHaveLength(2);
    const whole = await read([search([file(EMAIL)], 2), search([second], 2)], 'pages.json');
    expect(whole).not.toContain(told);
    expect(await read([search([file(EMAIL)], 2)], 'first-of-pages.json')).toContain(told);
    const more = { ...search([file(EMAIL)], 0), continuationToken: 'next' };
    expect(await read(more, 'uncounted.json')).toContain(
      'The search has more pages: they are to be imported, too.',
    );
  });

  test('without its list of classifications takes nothing back', async () => {
    await read([account()], 'resources.json');
    await read(search([file(EMAIL)]));
    await read(search([file({ classification: undefined })]), 'trimmed.json');
    expect(await data(ACCOUNT)).toEqual(FOUND);
  });

  test.each<[string, string, string, object]>([
    ['of a server of Azure SQL', 'mssql://acme-sql.database.windows.net/payments/dbo/cards', SERVER, server],
    [
      'of a database of Azure SQL',
      'mssql://ACME-SQL.database.windows.net/Payments/dbo/cards',
      DATABASE,
      database,
    ],
    ['of a lake', 'https://acmeexports.dfs.core.windows.net/customers/a.parquet', CONTAINER, container],
    [
      'of Cosmos DB',
      'https://acme-orders.documents.azure.com/dbs/shop/colls/orders',
      `${PROVIDERS}/Microsoft.DocumentDB/databaseAccounts/acme-orders`,
      { id: `${PROVIDERS}/Microsoft.DocumentDB/databaseAccounts/acme-orders`, properties: {} },
    ],
    [
      'of a flexible server of PostgreSQL',
      'postgresql://acme-crm.postgres.database.azure.com/crm/public/people',
      `${PROVIDERS}/Microsoft.DBforPostgreSQL/flexibleServers/acme-crm`,
      { id: `${PROVIDERS}/Microsoft.DBforPostgreSQL/flexibleServers/acme-crm`, properties: {} },
    ],
    [
      'of a bucket of AWS',
      'https://s3.amazonaws.com/acme-uploads/2026/a.csv',
      'arn:aws:s3:::acme-uploads',
      { Buckets: [{ Name: 'acme-uploads' }] },
    ],
    [
      'of a database of AWS',
      'postgresql://crm.abc.eu-west-1.rds.amazonaws.com/crm/public/people',
      'arn:aws:rds:eu-west-1:111111111111:db:crm',
      {
        DBInstances: [
          {
            DBInstanceIdentifier: 'crm',
            DBInstanceArn: 'arn:aws:rds:eu-west-1:111111111111:db:crm',
            Engine: 'postgres',
            Endpoint: { Address: 'crm.abc.eu-west-1.rds.amazonaws.com', Port: 5432 },
          },
        ],
      },
    ],
  ])('says it %s by its address', async (_, qualifiedName, id, described) => {
    const sentences = await read(search([{ qualifiedName, ...EMAIL }]));
    const inventory = 'id' in described ? [described] : described;
    inbox.clock.set(START + hour++ * 3_600_000);
    await inbox.importReport(inventory, { account: '111111111111' }, 'inventory.json');
    expect(await data(id)).toMatchObject({ class: 'confidential', types: ['pii'] });
    expect(await read(search([{ qualifiedName, ...EMAIL, id: 'again' }]), 'again.json')).not.toContainEqual(
      expect.stringContaining('waits'),
    );
    expect(sentences.some((each) => each.includes('waits'))).toBe(!id.startsWith('arn:aws:s3'));
  });

  test('counts for less than Macie where it is a label alone, and for more than tags', async () => {
    const BUCKET = 'arn:aws:s3:::acme-uploads';
    const asset = { qualifiedName: 's3://acme-uploads/a.csv', label: ['Highly Confidential'] };
    const TagSet = [{ Key: 'data-classification', Value: 'public' }];
    await read({ TagSet }, 's3api-get-bucket-tagging-acme-uploads.json');
    await read(search([asset]));
    expect((await data(BUCKET)).class).toBe('restricted');
    const macie = {
      id: 'f1',
      category: 'CLASSIFICATION',
      type: 'SensitiveData:S3Object/Personal',
      severity: { description: 'Low' },
      resourcesAffected: { s3Bucket: { arn: BUCKET } },
    };
    await read({ findings: [macie] }, 'macie.json');
    expect(await data(BUCKET)).toEqual({
      class: 'confidential',
      types: ['pii'],
      reasons: [
        'Macie found sensitive data (confidence 0.95)',
        'Purview has a.csv labelled "Highly Confidential" (confidence 0.8)',
        ...(await data(BUCKET)).reasons.slice(2),
      ],
    });
  });

  test('that is harmless by itself makes no store harmless that is tagged', async () => {
    await read([account({ 'data-classification': 'restricted' })], 'resources.json');
    await read(search([file({ label: ['Public'] })]));
    expect((await data(ACCOUNT)).class).toBe('restricted');
    await read([{ ...container, tags: { 'data-classification': 'restricted' } }], 'containers.json');
    expect((await data(CONTAINER)).class).toBe('restricted');
    const part = { id: 'part', qualifiedName: 'https://acmeexports.blob.core.windows.net/site' };
    await read(search([{ ...part, label: ['Public'] }]));
    expect((await data(ACCOUNT)).class).toBe('restricted');
    await read(
      search([
        { id: 'whole', qualifiedName: 'https://acmeexports.blob.core.windows.net', label: ['Public'] },
      ]),
    );
    expect((await data(ACCOUNT)).class).toBe('public');
  });

  test('with a label that tells nothing leaves open what its store holds, and the label is shown', async () => {
    await read([account()], 'resources.json');
    await read(search([file({ classification: ['Microsoft.Label.9FBDE396_1A24_4C79_8EDF_9254A0F35055'] })]));
    expect(await data(ACCOUNT)).toEqual({
      class: null,
      types: [],
      reasons: [
        'Purview has customers.csv labelled "Microsoft.Label.9FBDE396_1A24_4C79_8EDF_9254A0F35055" (confidence 0.8)',
      ],
    });
  });

  test('has the label whose name an earlier import told', async () => {
    const samples = join(import.meta.dirname, '../src/formats/ms-purview/samples');
    await read([server], 'resources.json');
    await inbox.importFiles([join(samples, 'labels-own.json')]);
    inbox.clock.set(START + hour++ * 3_600_000);
    await inbox.importFiles([join(samples, 'entities-own.json')]);
    const { class: dataClass, reasons } = await data(SERVER);
    expect(dataClass).toBe('confidential');
    expect(reasons[0]).toContain('labelled "Highly Confidential \\ Project Falcon"');
  });

  test('makes the public container in which it lies a target of attack paths, until it is gone', async () => {
    const paths = async () =>
      (await inbox.list()).flatMap(({ type, title }) => (type === 'attack_path' ? [title] : []));
    await read([account({ env: 'dev' }), container], 'resources.json');
    expect(await paths()).toEqual([]);
    await read(search([file({ classification: ['MICROSOFT.FINANCIAL.CREDIT_CARD_NUMBER'] })]));
    expect(await paths()).toEqual(['Sensitive data that anybody may read: customers']);
    await read(search([file()]));
    expect(await paths()).toEqual([]);
  });

  test('has the label below another, which a list of the tenant tells', async () => {
    const samples = join(import.meta.dirname, '../src/formats/ms-purview/samples');
    await read([account()], 'resources.json');
    await inbox.importFiles([join(samples, 'labels-of-tenant-own.json')]);
    await read(search([file({ classification: ['Microsoft.Label.B7A21BBA_8197_491F_A5D6_0D0F955397CA'] })]));
    expect(await data(ACCOUNT)).toEqual({
      class: 'confidential',
      types: [],
      reasons: ['Purview has customers.csv labelled "Confidential \\ Project Heron" (confidence 0.8)'],
    });
  });

  const OPENED = ['A signed address of storage that leaked opens customers'];
  test.each<[string, string, readonly string[]]>([
    ['that container', 'customers/2026/customers.csv', OPENED],
    ['its whole account', '', OPENED],
    ['another container', 'site', []],
  ])('is a target of whoever has a signed address of %s', async (_, signed, expected) => {
    const leak = [
      {
        number: 1,
        state: 'open',
        secret_type: 'azure_sas',
        secret_type_display_name: 'Azure SAS',
        secret: `https://acmeexports.blob.core.windows.net/${signed}?sp=rl&sig=abc`,
        publicly_leaked: true,
        validity: 'active',
        html_url: 'https://github.com/acme/shop/security/secret-scanning/1',
        first_location_detected: { path: 'a.env', start_line: 3 },
      },
    ];
    const paths = async () =>
      (await inbox.list({ all: true })).flatMap(({ type, title }) => (type === 'attack_path' ? [title] : []));
    const closed = { ...container, properties: { publicAccess: 'None' } };
    await read(
      [
        account({ env: 'dev' }),
        closed,
        { ...closed, id: CONTAINER.replace('customers', 'site'), name: 'site' },
      ],
      'resources.json',
    );
    await read(search([file({ classification: ['MICROSOFT.FINANCIAL.CREDIT_CARD_NUMBER'] })]));
    await read(leak, 'secrets.json');
    expect(await paths()).toEqual(expected);
  });

  test('is text of others: signatures are not kept, and very long and odd names harm nothing', async () => {
    await read([account()], 'resources.json');
    const odd = [
      { id: 'a', qualifiedName: `${FILE}?sv=2024&sig=SECRETSIGNATURE`, ...EMAIL },
      { id: 'b', qualifiedName: 'mssql://sa:SECRETPASSWORD@acme-sql.database.windows.net', ...EMAIL },
      {
        id: 'c',
        qualifiedName: `https://acmeexports.blob.core.windows.net/${'x/'.repeat(100_000)}`,
        ...EMAIL,
      },
      {
        id: 'd',
        qualifiedName: 'https://acmeexports.blob.core.windows.net/__proto__/\u0000\u202e.csv',
        label: ['\u0000\ud800', 'x'.repeat(100_000)],
      },
      {
        id: 'e'.repeat(10_000),
        qualifiedName: FILE,
        classification: Array(5_000).fill('MICROSOFT.PERSONAL.NAME'),
      },
      { qualifiedName: `${FILE}?sig=SECRETSIGNATURE`, id: undefined, ...EMAIL },
    ];
    await read(search(odd));
    const { rows } = await inbox.database.pool.query<{ all: string }>(
      "select coalesce(string_agg(data_clue::text, ' '), '') || coalesce((select string_agg(resource::text, ' ') from resource), '') as all from data_clue",
    );
    expect(rows[0]?.all).toContain('customers.csv');
    expect(rows[0]?.all).not.toContain('SECRET');
    expect((await data(ACCOUNT)).reasons.every((reason) => reason.length < 1_000)).toBe(true);
  });

  test('of very many shows the most telling', async () => {
    await read([account()], 'resources.json');
    const many = Array.from({ length: 300 }, (_, index) => ({
      id: `many-${index}`,
      qualifiedName: `${FILE}${index}`,
      label: ['Falcon'],
    }));
    await read(search([...many, file(EMAIL)].map((asset, index) => ({ id: `n-${index}`, ...asset }))));
    const { class: dataClass, reasons } = await data(ACCOUNT);
    expect([dataClass, reasons.length, reasons[0]]).toEqual(['confidential', 100, FOUND.reasons[0]]);
  });
});

describe('a label of a column of Azure SQL', () => {
  const column = (facts: object, name = 'current') => ({
    id: `${DATABASE}/schemas/dbo/tables/cards/columns/number/sensitivityLabels/${name}`,
    name,
    type: 'Microsoft.Sql/servers/databases/schemas/tables/columns/sensitivityLabels',
    properties: { schemaName: 'dbo', tableName: 'cards', columnName: 'number', ...facts },
  });

  test('says what its database and its server hold, by its name, else by its rank', async () => {
    await read([server, database], 'resources.json');
    const facts = { labelName: 'Confidential', informationType: 'Credit Card', rank: 'Medium' };
    await read({ value: [column(facts)] }, 'labels.json');
    const told = {
      class: 'confidential',
      types: ['pci'],
      reasons: ['Azure SQL has dbo.cards.number labelled "Confidential", "Credit Card" (confidence 0.8)'],
    };
    expect([await data(SERVER), await data(DATABASE)]).toEqual([told, told]);
    await read({ value: [column({ ...facts, labelName: 'Falcon', rank: 'Critical' })] }, 'labels.json');
    expect((await data(DATABASE)).class).toBe('restricted');
    await read({ value: [column({ labelName: 'Falcon' })] }, 'labels.json');
    expect(await data(DATABASE)).toMatchObject({ class: null, types: [] });
    await read({ value: [column({ labelName: 'Public', rank: 'None' })] }, 'labels.json');
    expect((await data(DATABASE)).class).toBe(null);
  });

  test('that is only recommended counts as little as a name, and as nothing once it is turned down', async () => {
    await read([server, database], 'resources.json');
    const facts = { labelName: 'Highly Confidential', informationType: 'Contact Info', rank: 'High' };
    await read({ value: [column(facts, 'recommended')] }, 'recommended.json');
    expect(await data(DATABASE)).toEqual({
      class: 'confidential',
      types: ['pii'],
      reasons: ['Azure SQL takes dbo.cards.number for "Contact Info" by its name (confidence 0.3)'],
    });
    await read({ value: [column({ ...facts, isDisabled: true }, 'recommended')] }, 'recommended.json');
    expect(await data(DATABASE)).toEqual(NOTHING);
  });
});
