import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { explainIssue } from '../src/app/explain-issue.ts';
import { mergeSources } from '../src/app/merge-sources.ts';
import { restoreSource } from '../src/app/restore-source.ts';
import { retireSource } from '../src/app/retire-source.ts';
import { showResources } from '../src/app/show-resources.ts';
import { undoImport } from '../src/app/undo-import.ts';
import { presentResource } from '../src/contract/from-domain/present-resource.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { imageReport } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

/** What Semgrep says of these files, a rule each. */
function sarif(...paths: readonly string[]) {
  return {
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Semgrep OSS', rules: [] } },
        results: paths.map((uri, index) => ({
          ruleId: `javascript.security.rule-${index}`,
          level: 'error',
          message: { text: `A flaw in ${uri}` },
          locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: 3 } } }],
        })),
      },
    ],
  };
}

const SHOP = { repository: 'github.com/acme/shop' };

/** The teams of the list, by the file that an issue names. */
async function teams(): Promise<Readonly<Record<string, string | null>>> {
  const rows = await inbox.list({ all: true });
  return Object.fromEntries(rows.map((row) => [row.title.replace('A flaw in ', ''), row.team]));
}

async function owners(path: string) {
  const row = (await inbox.list({ all: true })).find(({ title }) => title.endsWith(path));
  return (await explainIssue(inbox.ctx, { id: row?.id ?? '' })).why?.owners;
}

/** A second later than whatever was imported before it. */
const imported = async (text: unknown, options: object, name: string) => {
  inbox.clock.set(inbox.clock.now() + 1_000);
  const result = await inbox.importReport(text, options, name);
  if (!('sentences' in result)) throw new Error(JSON.stringify(result));
  return result;
};
const scanOf = ({ sentences }: { readonly sentences: readonly string[] }) =>
  /Scan (\S+):/.exec(sentences.join(' '))?.[1] ?? '';

describe('CODEOWNERS', () => {
  const OWNERS = '* @acme/all\n/cart/ @acme/checkout @ann\n*.tf @acme/platform\n';
  const FILES = ['cart/pay.js', 'infra/main.tf', 'README.md'];
  const EXPECTED = {
    'cart/pay.js': '@acme/checkout',
    'infra/main.tf': '@acme/platform',
    'README.md': '@acme/all',
  };

  test.each(['before', 'after'])('names the owners of findings that are read %s it', async (order) => {
    const readOwners = () => imported(OWNERS, { scope: SHOP }, '.github/CODEOWNERS');
    if (order === 'after') await readOwners();
    await imported(sarif(...FILES), { scope: SHOP }, 'semgrep.sarif');
    if (order === 'before') await readOwners();
    expect(await teams()).toEqual(EXPECTED);
    expect(await owners('cart/pay.js')).toEqual([
      { name: '@acme/checkout', confidence: 0.7, reason: '.github/CODEOWNERS line 2: /cart/' },
      { name: '@ann', confidence: 0.7, reason: '.github/CODEOWNERS line 2: /cart/' },
    ]);
  });

  test('a new one moves owners without a new scan, and taking it back moves them back', async () => {
    await imported(sarif(...FILES), { scope: SHOP }, 'semgrep.sarif');
    await imported(OWNERS, { scope: SHOP }, 'CODEOWNERS');
    const scan = await imported('/cart/ @acme/payments\n', { scope: SHOP }, 'CODEOWNERS');
    const moved = { 'cart/pay.js': '@acme/payments', 'infra/main.tf': null, 'README.md': null };
    expect(await teams()).toEqual(moved);
    await undoImport(inbox.ctx, { scanId: scanOf(scan) });
    expect(await teams()).toEqual(EXPECTED);
  });

  test('is about its own repository: by its folders, by its source, and no other', async () => {
    await imported(sarif('cart/pay.js'), { source: 'shop' }, 'semgrep.sarif');
    await imported('* @by-default\n', {}, 'CODEOWNERS');
    expect(await teams()).toEqual({ 'cart/pay.js': null });
    await imported('* @by-scope\n', { scope: SHOP }, 'CODEOWNERS');
    expect(await teams()).toEqual({ 'cart/pay.js': null });
    await imported('* @by-source\n', { source: 'shop' }, 'CODEOWNERS');
    expect(await teams()).toEqual({ 'cart/pay.js': '@by-source' });
  });

  test('folders as checkouts have them name the repository of both', async () => {
    await imported(sarif('cart/pay.js'), {}, 'src/github.com/acme/shop/out/semgrep.sarif');
    await imported(OWNERS, {}, 'src/github.com/Acme/shop/.github/CODEOWNERS');
    expect(await teams()).toEqual({ 'cart/pay.js': '@acme/checkout' });
  });

  test('gives way to who a person and a catalogue name', async () => {
    await imported(OWNERS, { scope: SHOP }, 'CODEOWNERS');
    await imported(sarif('cart/pay.js'), { scope: SHOP }, 'semgrep.sarif');
    await imported(component('shop', 'shop-team', SHOP.repository), {}, 'catalog-info.yaml');
    expect(await owners('cart/pay.js')).toMatchObject([
      { name: 'shop-team', confidence: 0.9 },
      { name: '@acme/checkout', confidence: 0.7 },
      { name: '@ann' },
    ]);
    await imported(sarif('cart/pay.js'), { scope: SHOP, team: 'said' }, 'semgrep.sarif');
    expect(await teams()).toEqual({ 'cart/pay.js': 'said' });
  });

  test.each(['before', 'after'])(
    'names the owners of paths of a shared repository, read %s it',
    async (order) => {
      const entity = (name: string, ...paths: readonly string[]) =>
        `apiVersion: v3\nkind: service\nmetadata:\n  name: ${name}\n  owner: ${name}-team\ndatadog:\n  codeLocations:\n` +
        `    - repositoryURL: https://${SHOP.repository}\n      paths: ${JSON.stringify(paths)}\n`;
      const readEntities = (...entities: readonly string[]) =>
        imported(entities.join('---\n'), { source: 'catalogue' }, 'entity.datadog.yaml');
      await imported(OWNERS, { scope: SHOP }, 'CODEOWNERS');
      if (order === 'after') await readEntities(entity('pay', 'pay/**'), entity('cart', 'cart'));
      await imported(sarif('cart/a.js', 'pay/b.js', 'c.js'), { scope: SHOP }, 'semgrep.sarif');
      if (order === 'before') {
        expect(await teams()).toMatchObject({ 'cart/a.js': '@acme/checkout', 'pay/b.js': '@acme/all' });
        await readEntities(entity('pay', 'pay/**'), entity('cart', 'cart'));
      }
      const both = { 'cart/a.js': 'cart-team', 'pay/b.js': 'pay-team', 'c.js': '@acme/all' };
      expect(await teams()).toEqual(both);
      expect(await owners('cart/a.js')).toMatchObject([
        { name: 'cart-team', confidence: 0.9, reason: 'catalogue: cart, cart' },
        { name: '@acme/checkout', confidence: 0.7 },
        { name: '@ann' },
      ]);
      const moved = await readEntities(entity('pay', 'c.js'), entity('cart', 'cart'));
      expect(await teams()).toEqual({ ...both, 'pay/b.js': '@acme/all', 'c.js': 'pay-team' });
      await undoImport(inbox.ctx, { scanId: scanOf(moved) });
      expect(await teams()).toEqual(both);
      await retireSource(inbox.ctx, { id: 'catalogue', keys: {} });
      expect(await teams()).toEqual({ ...both, 'cart/a.js': '@acme/checkout', 'pay/b.js': '@acme/all' });
    },
  );

  test('whoever owns a path of a repository that no other entry names owns the whole', async () => {
    const entity = `apiVersion: v3\nkind: service\nmetadata:\n  name: pay\n  owner: pay-team\ndatadog:\n  codeLocations:\n    - repositoryURL: https://${SHOP.repository}\n      paths: ['src/**']\n`;
    await imported(sarif('src/a.js', 'package.json'), { scope: SHOP }, 'semgrep.sarif');
    await imported(entity, { source: 'catalogue' }, 'entity.datadog.yaml');
    expect(await teams()).toEqual({ 'src/a.js': 'pay-team', 'package.json': 'pay-team' });
  });

  test.each([
    ['the repository that somebody names', { scope: SHOP }, { scope: SHOP }, 'repository'],
    ['the source that somebody names', { source: 'shop' }, { source: 'shop' }, 'artifact'],
  ])('is about files that were scanned without a name, by %s', async (_by, ofReport, ofOwners, kind) => {
    const report = {
      SchemaVersion: 2,
      ArtifactName: '.',
      ArtifactType: 'filesystem',
      Results: [
        {
          Target: 'cart/package-lock.json',
          Class: 'lang-pkgs',
          Type: 'npm',
          Vulnerabilities: [
            {
              VulnerabilityID: 'CVE-2026-1',
              PkgName: 'left',
              InstalledVersion: '1',
              Severity: 'HIGH',
              Title: 'x',
            },
          ],
        },
      ],
    };
    await imported(report, ofReport, 'trivy.json');
    await imported(OWNERS, ofOwners, 'CODEOWNERS');
    const [row] = await inbox.list({ all: true });
    expect(row?.team).toBe('@acme/checkout');
    const { lead } = (await explainIssue(inbox.ctx, { id: row?.id ?? '' })).why ?? {};
    expect(lead?.resource.kind).toBe(kind);
    await imported(report, ofReport, 'trivy.json');
    expect((await inbox.list({ all: true }))[0]?.team).toBe('@acme/checkout');
  });

  test.each(['before', 'after'])(
    'says whose an image is whose label names the repository, read %s it',
    async (order) => {
      const report = imageReport({
        image: 'registry.example.com/cart:1',
        vulnerabilities: [{ id: 'CVE-2026-1' }],
      }) as { Metadata: object };
      const Labels = {
        'org.opencontainers.image.source': 'https://github.com/Acme/shop.git',
        'org.opencontainers.image.vendor': 'Base Inc.',
      };
      const Metadata = { ...report.Metadata, ImageConfig: { config: { Labels } } };
      const readOwners = () => imported(OWNERS, { scope: SHOP }, '.github/CODEOWNERS');
      if (order === 'after') await readOwners();
      await imported({ ...report, Metadata }, { source: 'ci' }, 'trivy.json');
      if (order === 'before') await readOwners();
      const [row] = await inbox.list({ all: true });
      expect(row?.team).toBe('@acme/all');
      expect((await explainIssue(inbox.ctx, { id: row?.id ?? '' })).why?.owners).toEqual([
        {
          name: '@acme/all',
          confidence: 0.6,
          reason: ".github/CODEOWNERS line 1: * (the image's label names github.com/acme/shop)",
        },
      ]);
      await imported('/cart/ @acme/checkout\n', { scope: SHOP }, '.github/CODEOWNERS');
      expect((await inbox.list({ all: true })).map(({ team }) => team)).toEqual([null]);
    },
  );

  test('an issue of very many findings has the owner of the one that leads it', async () => {
    const paths = Array.from({ length: 600 }, (_, index) => `cart/f${index}.js`);
    const report = sarif(...paths);
    for (const result of report.runs[0]?.results ?? []) result.ruleId = 'one-rule';
    await imported(report, { scope: SHOP }, 'semgrep.sarif');
    await imported(OWNERS, { scope: SHOP }, 'CODEOWNERS');
    expect((await inbox.list({ all: true })).map(({ team }) => team)).toEqual(['@acme/checkout']);
  });

  test('goes with its source, comes back with it, and moves with it to another', async () => {
    await imported(sarif('cart/pay.js'), { source: 'shop' }, 'semgrep.sarif');
    await imported(OWNERS, { source: 'owners', scope: SHOP }, 'CODEOWNERS');
    await imported(sarif('cart/pay.js'), { source: 'other', scope: SHOP }, 'semgrep.sarif');
    await imported('* @local\n', { source: 'local' }, 'CODEOWNERS');
    const both = async () => (await inbox.list({ all: true })).map(({ team }) => team).sort();
    expect(await both()).toEqual(['@acme/checkout', null]);
    await retireSource(inbox.ctx, { id: 'owners', keys: {} });
    expect(await both()).toEqual([null, null]);
    await restoreSource(inbox.ctx, { id: 'owners', keys: {} });
    expect(await both()).toEqual(['@acme/checkout', null]);
    await mergeSources(inbox.ctx, { id: 'local', into: 'shop' });
    expect(await both()).toEqual(['@acme/checkout', '@local']);
  });
});

function component(name: string, owner: string, repository?: string, arn?: string): string {
  return `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${name}
  annotations:
    x: y
${repository === undefined ? '' : `    backstage.io/source-location: 'url:https://${repository}'\n`}${arn === undefined ? '' : `    amazonaws.com/arn: '${arn}'\n`}spec: { type: service, owner: ${owner} }
`;
}

describe('entries of a catalogue that its file no longer names', () => {
  const arnOf = (name: string) => `arn:aws:sqs:eu-west-1:111111111111:${name}`;
  const queue = (name: string, owner: string) => component(name, owner, undefined, arnOf(name));
  const NAMES = ['orders', 'stock'];

  async function placed() {
    const ids = NAMES.map((name) => `aws:${arnOf(name)}`);
    const views = await showResources(inbox.ctx, { ids });
    return ids.map((id, index) => {
      const { owner, services } = presentResource(id, views[index] ?? null);
      return [owner, ...services];
    });
  }

  const BOTH = `${queue('orders', 'fulfilment')}---\n${queue('stock', 'warehouse')}`;
  const NAMED = { source: 'catalogue' };

  beforeEach(async () => {
    const QueueUrls = NAMES.map((name) => `https://sqs.eu-west-1.amazonaws.com/111111111111/${name}`);
    await imported({ QueueUrls }, {}, 'sqs-list-queues.json');
  });

  test('are taken back, and undo brings them again', async () => {
    await imported(BOTH, NAMED, 'catalog-info.yaml');
    expect(await placed()).toEqual([
      ['fulfilment', 'orders'],
      ['warehouse', 'stock'],
    ]);
    const scan = await imported(queue('stock', 'warehouse'), NAMED, 'catalog-info.yaml');
    expect(scan.sentences.join(' ')).toContain('1 catalogue entry taken back (no longer named)');
    expect(await placed()).toEqual([[null], ['warehouse', 'stock']]);
    await undoImport(inbox.ctx, { scanId: scanOf(scan) });
    expect(await placed()).toEqual([
      ['fulfilment', 'orders'],
      ['warehouse', 'stock'],
    ]);
  });

  test('stay where the scan is partial, says another file, or another scope', async () => {
    await imported(BOTH, {}, 'catalog-info.yaml');
    const partial = await imported(queue('stock', 'warehouse'), {}, 'catalog-info.yaml');
    expect(partial.complete).toBe(false);
    expect(partial.sentences.join(' ')).toContain('--scope repository=');
    await imported(queue('stock', 'b'), NAMED, 'catalog-info.yaml');
    await imported(queue('stock', 'c'), { ...NAMED, scope: SHOP }, 'b/catalog-info.yaml');
    expect((await placed())[0]).toEqual(['fulfilment', 'orders']);
    await imported(queue('stock', 'warehouse'), { complete: true }, 'other.yaml');
    expect((await placed())[0]).toEqual([null]);
  });

  test('a file that names nothing any more takes all of its own back', async () => {
    await imported(BOTH, NAMED, 'catalog-info.yaml');
    await imported(
      'apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: { name: a }\n',
      NAMED,
      'catalog-info.yaml',
    );
    expect(await placed()).toEqual([[null], [null]]);
  });

  test('service definitions too, and what a retired source said counts no longer', async () => {
    const definition = (...names: readonly string[]) =>
      names.map((name) => `schema-version: v2.2\ndd-service: ${name}\nteam: t-${name}\n`).join('---\n');
    await imported(BOTH, NAMED, 'catalog-info.yaml');
    await imported(definition('orders', 'stock'), { scope: SHOP }, 'service.datadog.yaml');
    await retireSource(inbox.ctx, { id: 'catalogue', keys: {} });
    expect(await placed()).toEqual([[null], [null]]);
    await restoreSource(inbox.ctx, { id: 'catalogue', keys: {} });
    expect(await placed()).toEqual([
      ['fulfilment', 'orders'],
      ['warehouse', 'stock'],
    ]);
    const entities = async () =>
      (
        await inbox.database.pool.query<{ entity: string }>(
          "select entity from catalogue_entry where source_id = 'datadog-service' order by entity",
        )
      ).rows.map(({ entity }) => entity);
    expect(await entities()).toEqual(['service:orders', 'service:stock']);
    await imported(definition('stock'), { scope: SHOP }, 'service.datadog.yaml');
    expect(await entities()).toEqual(['service:stock']);
  });

  test('a merged source brings its entries, and of one file those of the later report stand', async () => {
    await imported(BOTH, { source: 'a' }, 'catalog-info.yaml');
    inbox.clock.set(inbox.clock.now() + 3_600_000);
    await imported(queue('orders', 'newer'), { source: 'b' }, 'catalog-info.yaml');
    await mergeSources(inbox.ctx, { id: 'a', into: 'b' });
    expect(await placed()).toEqual([['newer', 'orders'], [null]]);
  });
});
