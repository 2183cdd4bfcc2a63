import { afterEach, beforeEach, expect, test } from 'vitest';
import { showResources } from '../src/app/show-resources.ts';
import { sweepIssues } from '../src/app/sweep-issues.ts';
import { DAY_MS } from '../src/base/instant.ts';
import type { JsonObject } from '../src/base/json-value.ts';
import { openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const MEMBER = '111111111111';
const MANAGEMENT = '999999999999';
const PLACE = { account: MEMBER, region: 'eu-west-1' };
const ARN = `arn:aws:sqs:eu-west-1:${MEMBER}:orders`;

async function importQueue(...statements: readonly JsonObject[]): Promise<void> {
  await inbox.importReport(
    { QueueUrls: [`https://sqs.eu-west-1.amazonaws.com/${MEMBER}/orders`] },
    PLACE,
    'sqs-list-queues.json',
  );
  if (statements.length > 0)
    await inbox.importReport(
      { Attributes: { QueueArn: ARN, Policy: JSON.stringify({ Statement: [...statements] }) } },
      PLACE,
      'sqs-get-queue-attributes.json',
    );
}

const OPEN: JsonObject = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' };

async function isPublic(): Promise<string | undefined> {
  const [view] = await showResources(inbox.ctx, { ids: [`aws:${ARN}`] });
  return view?.publiclyAccessible.state;
}

/** A resource control policy, and the account that it binds. */
async function importPerimeter(condition: JsonObject, target: string): Promise<void> {
  const place = { account: MANAGEMENT };
  const PolicySummary = {
    Id: 'p-perimeter1',
    Name: 'perimeter',
    Type: 'RESOURCE_CONTROL_POLICY',
    AwsManaged: false,
  };
  const Content = JSON.stringify({
    Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*', Condition: condition }],
  });
  await inbox.importReport(
    { Policy: { PolicySummary, Content } },
    place,
    'organizations-describe-policy.json',
  );
  await inbox.importReport(
    { Targets: [{ TargetId: target, Arn: 'arn', Name: 'member', Type: 'ACCOUNT' }] },
    place,
    'organizations-list-targets-for-policy-p-perimeter1.json',
  );
}

test('a resource control policy that the management account tells closes what another account opens, in either order', async () => {
  const ours = { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } };
  await importQueue(OPEN);
  expect(await isPublic()).toBe('yes');
  await importPerimeter(ours, MEMBER);
  expect(await isPublic()).toBe('no');
  await importPerimeter({ Bool: { 'aws:SecureTransport': 'false' } }, MEMBER);
  expect(await isPublic()).toBe('yes');
});

test('a date in a policy opens and closes when it has come, without a scan', async () => {
  const from = START + 2 * DAY_MS;
  const until = START + 4 * DAY_MS;
  const text = (at: number): string => new Date(at).toISOString();
  await importQueue({
    ...OPEN,
    Condition: {
      DateGreaterThanEquals: { 'aws:CurrentTime': text(from) },
      DateLessThan: { 'aws:CurrentTime': text(until) },
    },
  });
  const sweptAt = async (now: number): Promise<unknown> => {
    inbox.clock.set(now);
    await sweepIssues(inbox.ctx);
    return isPublic();
  };
  expect(await isPublic()).toBe('no');
  expect(await sweptAt(from - 1)).toBe('no');
  expect(await sweptAt(from)).toBe('yes');
  expect(await sweptAt(until)).toBe('no');
});

test('a date in a policy of the organisation passes for the accounts below it', async () => {
  const from = START + 2 * DAY_MS;
  await importQueue(OPEN);
  await importPerimeter(
    { DateGreaterThanEquals: { 'aws:CurrentTime': new Date(from).toISOString() } },
    MEMBER,
  );
  expect(await isPublic()).toBe('yes');
  inbox.clock.set(from);
  await sweepIssues(inbox.ctx);
  expect(await isPublic()).toBe('no');
});

test('a finding of Access Analyzer proves what no inventory tells', async () => {
  await importQueue();
  expect(await isPublic()).toBe('unknown');
  const finding = {
    id: '8a1c0b52-1111-4a3e-9c6e-000000000001',
    principal: { AWS: '*' },
    action: ['sqs:SendMessage'],
    resource: ARN,
    isPublic: true,
    resourceType: 'AWS::SQS::Queue',
    condition: {},
    analyzedAt: new Date(START).toISOString(),
    status: 'ACTIVE',
    resourceOwnerAccount: MEMBER,
  };
  await inbox.importReport({ findings: [finding] }, {}, 'accessanalyzer-list-findings.json');
  expect(await isPublic()).toBe('yes');
  await inbox.importReport(
    { findings: [{ ...finding, status: 'RESOLVED' }] },
    {},
    'accessanalyzer-list-findings.json',
  );
  expect(await isPublic()).toBe('unknown');
});
