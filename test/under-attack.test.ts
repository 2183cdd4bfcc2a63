import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import { showResources } from '../src/app/show-resources.ts';
import { sweepIssues } from '../src/app/sweep-issues.ts';
import { DAY_MS, type Instant, instantText } from '../src/base/instant.ts';
import { openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
import { flaws, imageReport } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const ACCOUNT = '111122223333';
const arn = (id: string) => `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/${id}`;
const WEB = arn('i-0aaaaaaaaaaaaaaa1');
const CART = 'k8s:one/apps/Deployment/shop/cart';

/** `aws ec2 describe-instances`: name, id, address, service. */
function instances(...rows: readonly (readonly [id: string, address: string, service?: string])[]) {
  return inbox.importReport(
    {
      Reservations: [
        {
          OwnerId: ACCOUNT,
          Instances: rows.map(([InstanceId, PrivateIpAddress, service]) => ({
            InstanceId,
            PrivateIpAddress,
            PrivateDnsName: `ip-${PrivateIpAddress.replaceAll('.', '-')}.eu-west-1.compute.internal`,
            Placement: { AvailabilityZone: 'eu-west-1a' },
            State: { Name: 'running' },
            Tags: service === undefined ? [] : [{ Key: 'service', Value: service }],
          })),
        },
      ],
    },
    { account: ACCOUNT, region: 'eu-west-1' },
    'describe-instances.json',
  );
}

function cluster() {
  const labels = { 'app.kubernetes.io/name': 'cart', service: 'shop' };
  const pod = { spec: { containers: [{ name: 'cart', image: 'registry.example.com/cart:1' }] } };
  const items = [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'cart', namespace: 'shop', labels },
      spec: { template: { metadata: { labels: { app: 'cart' } }, ...pod } },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'front', namespace: 'shop', labels },
      spec: { rules: [{ host: 'shop.example.com' }] },
    },
  ];
  return inbox.importReport(
    { apiVersion: 'v1', kind: 'List', items },
    { scope: { cluster: 'one' } },
    'dump.json',
  );
}

function suricata(source: string, target: string, at: Instant = START, options: Partial<ImportOptions> = {}) {
  const event = {
    timestamp: instantText(at),
    event_type: 'alert',
    src_ip: source,
    dest_ip: target,
    alert: { signature_id: 7, gid: 1, signature: 'ET EXPLOIT something', severity: 1 },
  };
  return inbox.importReport(
    `${JSON.stringify(event)}\n${JSON.stringify({ event_type: 'flow', timestamp: event.timestamp, src_ip: source })}\n`,
    options,
    'eve.json',
  );
}

function waf(host: string, at: Instant = START, options: Partial<ImportOptions> = {}) {
  const record = {
    timestamp: at,
    webaclId: `arn:aws:wafv2:us-east-1:${ACCOUNT}:global/webacl/site/1`,
    terminatingRuleId: 'SQLi',
    terminatingRuleType: 'REGULAR',
    action: 'BLOCK',
    httpRequest: { clientIp: '203.0.113.9', headers: [{ name: 'Host', value: host }] },
  };
  return inbox.importReport(record, options, 'waf.json');
}

async function attack(id: string) {
  const [view] = await showResources(inbox.ctx, { ids: [id] });
  if (view === null || view === undefined) return null;
  return {
    state: view.underAttack.state,
    sentences: view.underAttack.evidence.map(({ sentence }) => sentence),
  };
}

describe('a name joins a signal to a resource', () => {
  test.each<[string, string, string]>([
    ['as the target', '203.0.113.9', '10.0.1.5'],
    ['as the source', '10.0.1.5', '203.0.113.9'],
  ])('by its address, %s', async (_, source, target) => {
    await instances(['i-0aaaaaaaaaaaaaaa1', '10.0.1.5'], ['i-0aaaaaaaaaaaaaaa2', '10.0.1.6']);
    await suricata(source, target);
    expect(await attack(WEB)).toEqual({
      state: 'yes',
      sentences: ['ET EXPLOIT something [1:7], seen by suricata, assumed join by 10.0.1.5.'],
    });
    expect(await attack(arn('i-0aaaaaaaaaaaaaaa2'))).toMatchObject({ state: 'unknown' });
    expect(await attack('203.0.113.9')).toBeNull();
  });

  test('also where the inventory comes after it', async () => {
    await suricata('203.0.113.9', '10.0.1.5');
    await instances(['i-0aaaaaaaaaaaaaaa1', '10.0.1.5']);
    expect(await attack(WEB)).toMatchObject({ state: 'yes' });
  });

  test('but not where two of a kind bear it, nor any more where the address moved on', async () => {
    await instances(['i-0aaaaaaaaaaaaaaa1', '10.0.1.5'], ['i-0aaaaaaaaaaaaaaa2', '10.0.1.5']);
    await suricata('203.0.113.9', '10.0.1.5');
    expect(await attack(WEB)).toMatchObject({ state: 'unknown' });
    await instances(['i-0aaaaaaaaaaaaaaa1', '10.0.1.5'], ['i-0aaaaaaaaaaaaaaa2', '10.0.1.6']);
    expect(await attack(WEB)).toMatchObject({ state: 'yes' });
    expect(await attack(arn('i-0aaaaaaaaaaaaaaa2'))).toMatchObject({ state: 'unknown' });
  });

  const SECOND = arn('i-0aaaaaaaaaaaaaaa2');
  const states = async () => [(await attack(WEB))?.state, (await attack(SECOND))?.state];

  test('of those that bear it one after the other, the one that bore it when the attack was seen', async () => {
    await instances(['i-0aaaaaaaaaaaaaaa1', '10.0.1.5'], ['i-0aaaaaaaaaaaaaaa2', '10.0.1.6']);
    inbox.clock.set(START + 2 * DAY_MS);
    await instances(['i-0aaaaaaaaaaaaaaa1', '10.0.1.7'], ['i-0aaaaaaaaaaaaaaa2', '10.0.1.5']);
    await suricata('203.0.113.9', '10.0.1.5', START + DAY_MS);
    expect(await states()).toEqual(['yes', 'unknown']);
    await suricata('203.0.113.9', '10.0.1.5', START - DAY_MS);
    expect(await states()).toEqual(['yes', 'unknown']);
    await suricata('203.0.113.9', '10.0.1.5', START + 2 * DAY_MS);
    expect(await states()).toEqual(['yes', 'yes']);
  });

  test('also where the attack is read first, and where the one that bore it is gone', async () => {
    await instances(['i-0aaaaaaaaaaaaaaa1', '10.0.1.5']);
    await suricata('203.0.113.9', '10.0.1.5', START);
    expect(await states()).toEqual(['yes', undefined]);
    inbox.clock.set(START + DAY_MS);
    await instances(['i-0aaaaaaaaaaaaaaa2', '10.0.1.5']);
    expect(await states()).toEqual(['unknown', 'unknown']);
    inbox.clock.set(START + 2 * DAY_MS);
    await instances(['i-0aaaaaaaaaaaaaaa1', '10.0.1.5'], ['i-0aaaaaaaaaaaaaaa2', '10.0.1.6']);
    expect(await states()).toEqual(['yes', 'unknown']);
  });

  test('a resource is shown under its bare id and its address, one that two bear is not', async () => {
    await instances(
      ['i-0aaaaaaaaaaaaaaa1', '10.0.1.5'],
      ['i-0aaaaaaaaaaaaaaa2', '10.0.1.6'],
      ['i-0aaaaaaaaaaaaaaa3', '10.0.1.6'],
    );
    const views = await showResources(inbox.ctx, {
      ids: ['i-0aaaaaaaaaaaaaaa1', '10.0.1.5', '10.0.1.6', '10.0.1.7'],
    });
    expect(views.map((view) => view?.key ?? null)).toEqual([`aws:${WEB}`, `aws:${WEB}`, null, null]);
  });

  test('the same log twice counts once, a longer one of the same day what it holds more', async () => {
    await instances(['i-0aaaaaaaaaaaaaaa1', '10.0.1.5']);
    await suricata('203.0.113.9', '10.0.1.5');
    await suricata('203.0.113.9', '10.0.1.5');
    const result = await inbox.database.pool.query<{ count: bigint }>(
      `select count from signal where resource_key = 'name:10.0.1.5'`,
    );
    expect(result.rows.map((row) => Number(row.count))).toEqual([1]);
  });
});

describe('a request is aimed at a service', () => {
  test('by the host name of its ingress: all resources of the service are attacked, and the issues of what they run', async () => {
    await cluster();
    await inbox.importReport(
      imageReport({ image: 'registry.example.com/cart:1', vulnerabilities: flaws(1) }),
      {},
      'image.json',
    );
    const before = await inbox.list();
    expect(before.map((row) => row.riskStates.under_attack)).toEqual(['unknown']);
    await waf('shop.example.com');
    expect(await attack(CART)).toEqual({
      state: 'yes',
      sentences: ['SQLi (blocked), seen by aws-waf, on the service shop, known as shop.example.com.'],
    });
    const after = await inbox.list();
    expect(after.map((row) => row.riskStates.under_attack)).toEqual(['yes']);
    expect(after[0]?.riskCount).toBe((before[0]?.riskCount ?? 0) + 1);
  });

  test('also where the inventory comes after the attack', async () => {
    await inbox.importReport(
      imageReport({ image: 'registry.example.com/cart:1', vulnerabilities: flaws(1) }),
      {},
      'image.json',
    );
    await waf('shop.example.com');
    await cluster();
    expect(await attack(CART)).toMatchObject({ state: 'yes' });
    expect((await inbox.list()).map((row) => row.riskStates.under_attack)).toEqual(['yes']);
  });

  test('by the word of who imports the log', async () => {
    await cluster();
    await inbox.importReport(
      imageReport({ image: 'registry.example.com/cart:1', vulnerabilities: flaws(1) }),
      {},
      'image.json',
    );
    // It is watched already, so it is the attack alone that changes what is known.
    await suricata('203.0.113.9', '10.0.9.9', START, { services: ['shop'], source: 'around' });
    expect((await inbox.list()).map((row) => row.riskStates.under_attack)).toEqual(['no']);
    await waf('unknown.example.com', START, { services: ['shop'] });
    expect(await attack(CART)).toMatchObject({ state: 'yes' });
    expect((await inbox.list()).map((row) => row.riskStates.under_attack)).toEqual(['yes']);
  });

  test('was not seen on a service of which whoever imports the log says that it watches it', async () => {
    await cluster();
    expect(await attack(CART)).toMatchObject({ state: 'unknown' });
    await suricata('203.0.113.9', '10.0.9.9', START, { services: ['other'], source: 'beside' });
    expect(await attack(CART)).toMatchObject({ state: 'unknown' });
    await suricata('203.0.113.9', '10.0.9.9', START, { services: ['shop'], source: 'around' });
    expect(await attack(CART)).toMatchObject({ state: 'no' });
  });

  test('a host that nobody knows is nobody', async () => {
    await cluster();
    await waf('unknown.example.com');
    expect(await attack(CART)).toMatchObject({ state: 'unknown' });
  });
});

describe('15 days', () => {
  const AT = START - DAY_MS;
  const END = AT + 15 * DAY_MS;

  test.each<[string, Partial<ImportOptions>, string]>([
    ['unknown, where no source covers it', {}, 'unknown'],
    ['no, where a source that covers its account reported since', { account: ACCOUNT }, 'no'],
  ])('to the millisecond, and then %s', async (_, options, then) => {
    await instances(['i-0aaaaaaaaaaaaaaa1', '10.0.1.5']);
    await suricata('203.0.113.9', '10.0.1.5', AT, options);
    inbox.clock.set(END);
    expect(await attack(WEB)).toMatchObject({ state: 'yes' });
    inbox.clock.set(END + 1);
    if (options.account !== undefined) await suricata('203.0.113.9', '10.0.9.9', END, options);
    expect(await attack(WEB)).toMatchObject({ state: then });
  });

  test.each<[string, Instant, Instant]>([
    [
      'of a clock that is years ahead begin when it was read first',
      START + 5_000 * DAY_MS,
      START + 15 * DAY_MS,
    ],
    ['of a clock that is an hour ahead too', START + 3_600_000, START + 15 * DAY_MS + 3_600_000],
  ])('%s, however often it is read', async (_, said, end) => {
    await instances(['i-0aaaaaaaaaaaaaaa1', '10.0.1.5']);
    const alert = {
      timestamp: instantText(said),
      event_type: 'alert',
      src_ip: '203.0.113.9',
      dest_ip: '10.0.1.5',
      alert: { signature_id: 7, gid: 1, signature: 'ET EXPLOIT something', severity: 1 },
    };
    // Each night the same log, longer by a line.
    const log = [JSON.stringify(alert)];
    for (const day of [0, 4, 8, 12]) {
      inbox.clock.set(START + day * DAY_MS);
      log.push(
        JSON.stringify({ event_type: 'flow', timestamp: instantText(inbox.clock.now()), src_ip: '10.0.9.9' }),
      );
      await inbox.importReport(log.join('\n'), {}, 'eve.json');
    }
    inbox.clock.set(end);
    expect(await attack(WEB)).toMatchObject({ state: 'yes' });
    inbox.clock.set(end + 1);
    expect(await attack(WEB)).toMatchObject({ state: 'unknown' });
  });

  test('the rank falls by itself when they are over, and not before', async () => {
    await cluster();
    await inbox.importReport(
      imageReport({ image: 'registry.example.com/cart:1', vulnerabilities: flaws(1) }),
      {},
      'image.json',
    );
    await waf('shop.example.com', AT);
    const [attacked] = await inbox.list();
    inbox.clock.set(END);
    await sweepIssues(inbox.ctx);
    expect((await inbox.list())[0]).toMatchObject({
      riskCount: attacked?.riskCount,
      riskStates: { under_attack: 'yes' },
    });
    inbox.clock.set(END + 1);
    await sweepIssues(inbox.ctx);
    const [after] = await inbox.list();
    expect(after).toMatchObject({
      riskCount: (attacked?.riskCount ?? 0) - 1,
      riskStates: { under_attack: 'unknown' },
    });
  });
});

describe('the silence of a source', () => {
  test('of logs of requests says nothing about the account, of GuardDuty it does', async () => {
    await instances(['i-0aaaaaaaaaaaaaaa1', '10.0.1.5']);
    await waf('shop.example.com');
    expect(await attack(WEB)).toMatchObject({ state: 'unknown' });
    await inbox.importReport(
      {
        Findings: [
          {
            AccountId: ACCOUNT,
            Region: 'eu-west-1',
            Id: 'g1',
            Type: 'Recon:EC2/Portscan',
            Severity: 5,
            UpdatedAt: instantText(START),
            Service: { DetectorId: 'd', ServiceName: 'guardduty' },
            Resource: { InstanceDetails: { InstanceId: 'i-0aaaaaaaaaaaaaaa9' } },
          },
        ],
      },
      {},
      'guardduty.json',
    );
    expect(await attack(WEB)).toMatchObject({ state: 'no' });
  });

  test('what several calls give away is told where they lie in several files of one import', async () => {
    const user = `arn:aws:iam::${ACCOUNT}:user/eve`;
    const call = (service: string, eventName: string, minute: number) => ({
      eventSource: `${service}.amazonaws.com`,
      eventName,
      eventTime: instantText(START - (60 - minute) * 60_000),
      awsRegion: 'eu-west-1',
      recipientAccountId: ACCOUNT,
      sourceIPAddress: '203.0.113.9',
      userIdentity: { type: 'IAMUser', userName: 'eve', arn: user },
    });
    const files = [
      { Records: [call('iam', 'ListUsers', 1), call('iam', 'ListRoles', 2)] },
      { Records: [call('s3', 'ListBuckets', 10), call('iam', 'PutUserPolicy', 12)] },
    ];
    await inbox.importReport(files[1], {}, 'second.json');
    expect(await attack(user)).toBeNull();
    await inbox.importReports(files);
    expect(await attack(user)).toMatchObject({
      state: 'yes',
      sentences: [expect.stringContaining('enumerate-then-escalate')],
    });
  });

  test('an empty log counts as having looked where a person says at what', async () => {
    await instances(['i-0aaaaaaaaaaaaaaa1', '10.0.1.5']);
    await inbox.importReport({ Records: [] }, { account: ACCOUNT }, 'cloudtrail.json');
    expect(await attack(WEB)).toMatchObject({ state: 'no' });
  });
});

describe('names of DNS', () => {
  const BALANCER = `arn:aws:elasticloadbalancing:eu-west-1:${ACCOUNT}:loadbalancer/app/shop/50dc6c495c0c9188`;
  const OTHER = `arn:aws:elasticloadbalancing:eu-west-1:${ACCOUNT}:loadbalancer/app/other/50dc6c495c0c9189`;
  const PLACE = { account: ACCOUNT, region: 'eu-west-1' };
  const balancers = () =>
    inbox.importReport(
      {
        LoadBalancers: [BALANCER, OTHER].map((LoadBalancerArn, index) => ({
          LoadBalancerArn,
          LoadBalancerName: `lb${index}`,
          DNSName: `lb${index}-1.eu-west-1.elb.amazonaws.com`,
          Type: 'application',
          Scheme: 'internet-facing',
        })),
      },
      PLACE,
      'elbv2-describe-load-balancers.json',
    );
  const records = (target: string) =>
    inbox.importReport(
      {
        ResourceRecordSets: [
          {
            Name: 'shop.example.com.',
            Type: 'A',
            AliasTarget: { HostedZoneId: 'Z', DNSName: `dualstack.${target}.` },
          },
          {
            Name: 'www.example.com.',
            Type: 'CNAME',
            TTL: 60,
            ResourceRecords: [{ Value: 'shop.example.com' }],
          },
          { Name: '\\052.example.com.', Type: 'CNAME', TTL: 60, ResourceRecords: [{ Value: target }] },
          { Name: 'example.com.', Type: 'MX', TTL: 60, ResourceRecords: [{ Value: '10 mail.example.com' }] },
        ],
      },
      PLACE,
      'route53-list-resource-record-sets.json',
    );
  const states = async () => [(await attack(BALANCER))?.state, (await attack(OTHER))?.state];

  test.each(['first', 'last'])(
    'lead an attack on a host to what the records lead to, read %s',
    async (order) => {
      const steps = [
        balancers,
        () => records('lb0-1.eu-west-1.elb.amazonaws.com'),
        () => waf('www.example.com'),
      ];
      for (const step of order === 'first' ? steps : steps.toReversed()) await step();
      expect(await states()).toEqual(['yes', 'unknown']);
    },
  );

  test('and to what they led to when it was seen', async () => {
    await balancers();
    await records('lb0-1.eu-west-1.elb.amazonaws.com');
    inbox.clock.set(START + DAY_MS);
    await records('lb1-1.eu-west-1.elb.amazonaws.com');
    await waf('shop.example.com', START);
    expect(await states()).toEqual(['yes', 'unknown']);
    await waf('shop.example.com', START + DAY_MS);
    expect(await states()).toEqual(['yes', 'yes']);
  });
});

describe('the later word about an event counts, whichever is read last', () => {
  const guardDuty = (updatedAt: Instant, archived: boolean, seen: Instant = START) => ({
    schemaVersion: '2.0',
    accountId: ACCOUNT,
    region: 'eu-west-1',
    id: 'f1',
    arn: `arn:aws:guardduty:eu-west-1:${ACCOUNT}:detector/d/finding/f1`,
    type: 'Recon:EC2/PortProbeUnprotectedPort',
    title: 'A port is being probed.',
    severity: 5,
    createdAt: instantText(START),
    updatedAt: instantText(updatedAt),
    resource: { resourceType: 'Instance', instanceDetails: { instanceId: 'i-0aaaaaaaaaaaaaaa1' } },
    service: {
      serviceName: 'guardduty',
      archived,
      eventFirstSeen: instantText(START),
      eventLastSeen: instantText(seen),
    },
  });
  const read = async (...reports: readonly object[]) => {
    await instances(['i-0aaaaaaaaaaaaaaa1', '10.0.1.5']);
    inbox.clock.set(START + DAY_MS);
    for (const report of reports) await inbox.importReport([report], {}, 'guardduty.json');
    return (await attack(WEB))?.state;
  };
  const OPEN = guardDuty(START, false);
  const ARCHIVED = guardDuty(START + 60_000, true);
  const AGAIN = guardDuty(START + 120_000, false, START + 120_000);

  test.each<[string, readonly object[], string]>([
    ['archived since', [OPEN, ARCHIVED], 'no'],
    ['archived since, the older export read last', [ARCHIVED, OPEN], 'no'],
    ['seen again since', [OPEN, ARCHIVED, AGAIN], 'yes'],
    ['seen again since, in any order', [AGAIN, OPEN, ARCHIVED], 'yes'],
    ['of one time: as they arrive', [guardDuty(START, true), OPEN], 'yes'],
  ])('%s', async (_, reports, state) => {
    expect(await read(...reports)).toBe(state);
  });
});

test('calls of CloudTrail that only together give an attack away are told over several imports', async () => {
  const user = `arn:aws:iam::${ACCOUNT}:user/eve`;
  const trail = (minute: number, ...calls: readonly (readonly [service: string, name: string])[]) => {
    inbox.clock.set(inbox.clock.now() + 60_000);
    const Records = calls.map(([service, eventName], index) => ({
      eventSource: `${service}.amazonaws.com`,
      eventName,
      eventID: `${minute}-${index}`,
      eventTime: instantText(START - DAY_MS + (minute + index) * 60_000),
      awsRegion: 'eu-west-1',
      recipientAccountId: ACCOUNT,
      userIdentity: {
        type: 'IAMUser',
        userName: 'eve',
        arn: user,
        sessionContext: { attributes: { mfaAuthenticated: 'true' } },
      },
    }));
    return inbox.importReport({ Records }, {}, `trail-${minute}.json`);
  };
  const attack = async () => {
    const [view] = await showResources(inbox.ctx, { ids: [`aws:${user}`] });
    const { state, evidence } = view?.underAttack ?? { state: 'none', evidence: [] };
    return [state, evidence[0]?.sentence];
  };
  await trail(0, ['iam', 'ListUsers'], ['iam', 'ListRoles'], ['s3', 'ListBuckets']);
  const quiet = await attack();
  await trail(30, ['iam', 'PutGroupPolicy']);
  expect([quiet[0] === 'yes', await attack()]).toEqual([
    false,
    [
      'yes',
      'A principal looked over the account and then went for more rights [enumerate-then-escalate], seen by cloudtrail.',
    ],
  ]);
  await trail(30, ['iam', 'PutGroupPolicy']);
  expect((await attack())[1]).not.toContain('times');
});
