import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import { mergeSources } from '../src/app/merge-sources.ts';
import { showResources } from '../src/app/show-resources.ts';
import { organisationOf } from '../src/store/organisation.ts';
import { followAliases } from '../src/store/rekey/follow-aliases.ts';
import { prowlerReport } from './support/other-reports.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { filesReport, imageReport } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(async () => {
  await inbox.check();
  await inbox.close();
});

const [ONE, TWO, THREE] = ['111111111111', '222222222222', '333333333333'] as const;

/** Each import is a minute later than the one before. */
function read(report: unknown, options: Partial<ImportOptions> = {}, name = 'report.json') {
  inbox.clock.set(inbox.clock.now() + 60_000);
  return inbox.importReport(report, options, name);
}

/** What a scanner says of one thing in each account; every name is of a finding of its own. */
interface Scanner {
  readonly report: (account: string, ...names: readonly string[]) => unknown;
  readonly file: string;
}

const prowler: Scanner = {
  report: (account, ...names) =>
    prowlerReport(names.map((name) => ({ account, bucket: name, check: `about_${name}` }))),
  file: 'prowler.json',
};

const securityHub: Scanner = {
  report: (account, ...names) => ({
    Findings: names.map((name) => ({
      SchemaVersion: '2018-10-08',
      Id: `${account}/${name}`,
      ProductArn: 'arn:aws:securityhub:eu-west-1::product/acme/acme',
      GeneratorId: `about_${name}`,
      AwsAccountId: account,
      Title: `It is about_${name}`,
      Severity: { Label: 'HIGH' },
      Compliance: { Status: 'FAILED' },
      Resources: [
        { Type: 'AwsSqsQueue', Id: `arn:aws:sqs:eu-west-1:${account}:${name}`, Region: 'eu-west-1' },
      ],
      RecordState: 'ACTIVE',
      Workflow: { Status: 'NEW' },
    })),
  }),
  file: 'asff.json',
};

const nessus: Scanner = {
  report: (account, ...names) =>
    [
      'Plugin ID,CVE,CVSS v2.0 Base Score,Risk,Host,Protocol,Port,Name,Synopsis,Description,Solution,See Also,Plugin Output',
      ...names.map(
        (name, index) =>
          `${900_000 + Number(account[0]) * 1_000 + index},,7.5,High,${name}-${account},tcp,443,It is about_${name},Synopsis.,Description.,Solution.,,`,
      ),
    ].join('\n'),
  file: 'nessus.csv',
};

/** By name of what is found: whether it is in production, its severity, whose it is and of how many services. */
async function told(): Promise<Record<string, readonly unknown[]>> {
  const rows = await inbox.list();
  return Object.fromEntries(
    rows
      .filter((row) => row.title.includes('about_'))
      .map(
        (row) =>
          [
            row.title.replace(/.*about_/, ''),
            [row.riskStates.in_production, row.team, row.services],
          ] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const PRODUCTION = { environment: 'production', team: 'shop', services: ['cart'] };
const IN_PRODUCTION = ['yes', 'shop', 1];
const NOTHING = ['unknown', null, 0];

describe.each([
  ['Prowler', prowler],
  ['Security Hub', securityHub],
  ['Nessus', nessus],
])('%s, whose scans of all accounts and hosts are of one scope', (_name, { report, file }) => {
  const IMPORTS: readonly (readonly [report: unknown, options: Partial<ImportOptions>])[] = [
    [report(ONE, 'first'), PRODUCTION],
    [report(TWO, 'second'), { environment: 'staging' }],
    [report(THREE, 'third'), {}],
  ];

  test.each([[[0, 1, 2]], [[2, 1, 0]], [[1, 0, 2]]])(
    'what is said of each account is no word about the others, read in the order %s',
    async (order) => {
      const expected = { first: IN_PRODUCTION, second: ['no', null, 0], third: NOTHING };
      for (const night of [1, 2]) {
        for (const each of order)
          await read(...(IMPORTS[each] as (typeof IMPORTS)[number]), `${night}-${file}`);
        expect(await told()).toEqual(expected);
      }
      const scopes = await inbox.database.pool.query('select environment, services, team from scope');
      expect(scopes.rows).toEqual([{ environment: null, services: [], team: null }]);
    },
  );

  test('what was said of a resource stands until an import says otherwise of it, and then of it alone', async () => {
    for (const each of IMPORTS) await read(...each, file);
    await read(report(ONE, 'first', 'fourth'), {}, file);
    expect(await told()).toMatchObject({ first: IN_PRODUCTION, fourth: NOTHING });
    await read(report(ONE, 'first', 'fourth'), { environment: 'test' }, file);
    expect(await told()).toEqual({
      first: ['no', 'shop', 1],
      fourth: ['no', null, 0],
      second: ['no', null, 0],
      third: NOTHING,
    });
  });

  test('the same bytes with another word are read, and with the same words are not', async () => {
    await read(report(ONE, 'first'), {}, file);
    expect(await read(report(ONE, 'first'), PRODUCTION, file)).toMatchObject({ created: 0, regressed: 0 });
    expect(await told()).toEqual({ first: IN_PRODUCTION });
    expect(JSON.stringify(await read(report(ONE, 'first'), PRODUCTION, file))).toContain('The same bytes');
    await read(report(ONE, 'first'), { environment: 'staging' }, file);
    expect(await told()).toEqual({ first: ['no', 'shop', 1] });
  });

  test('what an earlier version kept of the scope is let go', async () => {
    await read(report(ONE, 'first'), {}, file);
    await inbox.database.pool.query(
      `update scope set environment = 'production', services = '{cart}', team = 'shop'`,
    );
    await inbox.database.pool.query(
      `update finding set summary = jsonb_set(summary, '{scopes,0,environment}', '"production"')`,
    );
    await read(report(TWO, 'second'), {}, file);
    expect(await told()).toEqual({ first: NOTHING, second: NOTHING });
    const derived = await inbox.database.pool.query(
      `select distinct summary -> 'scopes' -> 0 ->> 'environment' as environment from finding`,
    );
    expect(derived.rows).toEqual([{ environment: null }]);
  });
});

test('severity and rank follow what is said of each account', async () => {
  await read(prowler.report(ONE, 'first'), { environment: 'staging' });
  await read(prowler.report(TWO, 'second'), { environment: 'production' });
  const ranked = async () =>
    (await inbox.list()).map((row) => [row.title.replace(/.*about_/, ''), row.severity] as const);
  const before = await ranked();
  expect(before.map(([name]) => name)).toEqual(['second', 'first']);
  await read(prowler.report(THREE, 'third'), { environment: 'staging' });
  expect((await ranked()).filter(([name]) => name !== 'third')).toEqual(before);
  await read(prowler.report(ONE, 'first'), { environment: 'production' });
  await read(prowler.report(TWO, 'second'), { environment: 'staging' });
  expect((await ranked()).slice(0, 1).map(([name]) => name)).toEqual(['first']);
});

test('a flag that says nothing new of any resource derives no finding anew', async () => {
  await read(prowler.report(ONE, 'first', 'second'), { environment: 'production' });
  const assessed = async () =>
    (await inbox.database.pool.query('select fingerprint, xmin::text from finding order by 1')).rows;
  const before = await assessed();
  await read(prowler.report(ONE, 'second', 'first'), { environment: 'production' });
  expect(await assessed()).toEqual(before);
});

/** What Inspector says of an image in a registry that accounts share. */
function imageFeed(account: string, image: string): object {
  const imageHash = `sha256:${'a'.repeat(64)}`;
  return {
    findings: [
      {
        findingArn: `arn:aws:inspector2:eu-west-1:${account}:finding/f1`,
        awsAccountId: account,
        type: 'PACKAGE_VULNERABILITY',
        severity: 'HIGH',
        status: 'ACTIVE',
        title: 'CVE-2026-7 - left-pad',
        description: 'A flaw.',
        resources: [
          {
            id: `arn:aws:ecr:eu-west-1:${ONE}:repository/${image}/${imageHash}`,
            type: 'AWS_ECR_CONTAINER_IMAGE',
            region: 'eu-west-1',
            details: {
              awsEcrContainerImage: { imageHash, registry: ONE, repositoryName: image, imageTags: ['1'] },
            },
          },
        ],
        packageVulnerabilityDetails: {
          vulnerabilityId: 'CVE-2026-7',
          vulnerablePackages: [
            { name: 'left-pad', version: '1.0.0', packageManager: 'NODEPKG', arch: 'X86_64' },
          ],
        },
      },
    ],
  };
}

test('an image of a feed is where was said of it last, and in production beside what is said of a scan of it', async () => {
  const production = async () => (await inbox.list()).map((row) => row.riskStates.in_production);
  await read(imageFeed(ONE, 'shop/cart'), { environment: 'production' });
  expect(await production()).toEqual(['yes']);
  const scanned = imageReport({
    image: `${ONE}.dkr.ecr.eu-west-1.amazonaws.com/shop/cart:1`,
    vulnerabilities: [{ id: 'CVE-2026-7', pkg: 'left-pad', purlType: 'npm' }],
  });
  expect(await read(scanned, { environment: 'staging' })).toMatchObject({ created: 0 });
  expect(await production()).toEqual(['yes']);
  await read(imageFeed(TWO, 'shop/cart'), { environment: 'test' });
  expect(await production()).toEqual(['no']);
});

test('a word that names no environment leaves an image without one, whatever it is called', async () => {
  await read(imageFeed(ONE, 'shop/prod-tools'), { team: 'shop' });
  expect(await inbox.list()).toMatchObject([{ riskStates: { in_production: 'unknown' }, team: 'shop' }]);
});

test('two sources that become one say of each resource what was said of it in either', async () => {
  await read(prowler.report(ONE, 'first'), { ...PRODUCTION, source: 'a' });
  await read(prowler.report(TWO, 'second'), { environment: 'staging', source: 'b' });
  await read(
    nessus.report(ONE, 'host'),
    { environment: 'production', source: 'a', scope: { part: 'x' } },
    'nessus.csv',
  );
  const before = await told();
  await mergeSources(inbox.ctx, { id: 'a', into: 'b' });
  expect(await told()).toEqual(before);
  await read(prowler.report(TWO, 'second', 'third'), { source: 'a' });
  expect(await told()).toMatchObject({ ...before, third: NOTHING });
});

test('of a host that two sources knew, each by a name of its own, stands what was said of it in either', async () => {
  await read(nessus.report(ONE, 'host'), { source: 'scans' }, nessus.file);
  await read(nessus.report(ONE, 'host'), { environment: 'production' }, nessus.file);
  await mergeSources(inbox.ctx, { id: 'nessus', into: 'scans' });
  expect(await told()).toEqual({ host: ['yes', null, 0] });
});

/** What Nessus tells of a host that is an instance, which it names where it looked inside. */
const nessusHost = (
  isNamed: boolean,
) => `<?xml version="1.0" ?><NessusClientData_v2><Report name="own"><ReportHost name="web01"><HostProperties>
    <tag name="host-fqdn">web01.shop.example</tag>${isNamed ? '<tag name="aws-instance-instanceId">i-0123456789abcdef0</tag>' : ''}</HostProperties>
    <ReportItem port="443" svc_name="www" protocol="tcp" severity="3" pluginID="900000" pluginName="It is about_host" pluginFamily="General">
    <description>What it is about.</description></ReportItem></ReportHost></Report></NessusClientData_v2>`;
const NESSUS_INSTANCE = {
  Reservations: [
    {
      OwnerId: ONE,
      Instances: [{ InstanceId: 'i-0123456789abcdef0', State: { Name: 'running' }, ImageId: 'ami-1' }],
    },
  ],
};

test.each([false, true])(
  'what was said of a thing is said of it under another name, known before: %s',
  async (isKnown) => {
    const tellMachine = () =>
      read(NESSUS_INSTANCE, { account: ONE, region: 'eu-west-1' }, 'ec2-describe-instances.json');
    if (isKnown) await tellMachine();
    await read(nessusHost(true), { environment: 'production' }, 'one.nessus');
    expect(await told()).toEqual({ host: ['yes', null, 0] });
    if (!isKnown) await tellMachine();
    expect(await told()).toEqual({ host: ['yes', null, 0] });
    const [view] = await showResources(inbox.ctx, {
      ids: [`aws:arn:aws:ec2:eu-west-1:${ONE}:instance/i-0123456789abcdef0`],
    });
    expect(view?.environment).toBe('production');
  },
);

test('what was said of a thing is said of it under the name by which a newer program calls it', async () => {
  await read(nessusHost(false), { environment: 'production' }, 'one.nessus');
  await inbox.database.pool.query(
    `insert into alias (organisation, kind, name, target, target_kind, target_name, origin, learned_at)
     values (1, 'resource', 'host:web01.shop.example', 'host:web01', 'host', 'web01', 'program', now())`,
  );
  expect(await followAliases(inbox.database.pool, organisationOf(1n), inbox.clock.now())).toBe(1);
  const [view] = await showResources(inbox.ctx, { ids: ['host:web01'] });
  expect(view).toMatchObject({ environment: 'production', production: { state: 'yes' } });
});

test('a word about what was read before is about it too', async () => {
  const files = filesReport('.', null, {
    'package-lock.json': [{ id: 'CVE-2026-7', severity: 'HIGH', title: 'It is about_files' }],
  });
  await read(files);
  await read(files, PRODUCTION);
  expect(await told()).toEqual({ files: IN_PRODUCTION });
});
