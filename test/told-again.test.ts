import { afterEach, beforeEach, expect, test } from 'vitest';
import { showResources } from '../src/app/show-resources.ts';
import { DAY_MS } from '../src/base/instant.ts';
import type { JsonObject } from '../src/base/json-value.ts';
import { documentOf, FIRST, importDump, LAMBDA, levelOfRole, role, roleArn } from './support/aws-roles.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';

const PLACE = { account: FIRST, region: 'eu-west-1' };
const FUNCTION = `arn:aws:lambda:eu-west-1:${FIRST}:function:orders`;

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

/** What the CLI answers a day later. */
async function answer(name: string, report: unknown): Promise<void> {
  inbox.clock.set(inbox.clock.now() + DAY_MS);
  const result = await inbox.importReport(report, PLACE, name);
  expect(result).toMatchObject({ error: null });
}

const policyOf = (...statements: readonly JsonObject[]) => ({
  Policy: JSON.stringify(documentOf(...statements)),
});
const refusal = (error: string, call: string) =>
  `\nAn error occurred (${error}) when calling the ${call} operation: There is none.\n`;

test('a policy that is there, then gone, then there again in the same words counts each time: who gets to a function', async () => {
  const state = async () =>
    (await showResources(inbox.ctx, { ids: [`aws:${FUNCTION}`] })).map(
      (view) => view?.publiclyAccessible?.state,
    );
  await answer('lambda-list-functions.json', {
    Functions: [{ FunctionName: 'orders', FunctionArn: FUNCTION, PackageType: 'Zip' }],
  });
  const url = {
    FunctionUrl: 'https://o.lambda-url.eu-west-1.on.aws/',
    FunctionArn: FUNCTION,
    AuthType: 'NONE',
  };
  const invoke = { Effect: 'Allow', Principal: '*', Resource: FUNCTION };
  const open = {
    RevisionId: 'r1',
    ...policyOf(
      {
        ...invoke,
        Action: 'lambda:InvokeFunctionUrl',
        Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
      },
      {
        ...invoke,
        Action: 'lambda:InvokeFunction',
        Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
      },
    ),
  };
  const none = refusal('ResourceNotFoundException', 'GetPolicy');
  await answer('lambda-list-function-url-configs-orders.json', { FunctionUrlConfigs: [url] });
  for (const [policy, expected] of [
    [open, 'yes'],
    [none, 'no'],
    [open, 'yes'],
    [none, 'no'],
  ] as const) {
    await answer('lambda-get-policy-orders.json', policy);
    expect(await state()).toEqual([expected]);
  }
  await answer('lambda-get-policy-orders.json', open);
  for (const [urls, expected] of [
    [[], 'no'],
    [[url], 'yes'],
    [[], 'no'],
  ] as const) {
    await answer('lambda-list-function-url-configs-orders.json', { FunctionUrlConfigs: urls });
    expect(await state()).toEqual([expected]);
  }
});

test('and who reads a bucket', async () => {
  await importDump(inbox, FIRST, role('reader', LAMBDA, []));
  await answer('s3api-list-buckets.json', { Buckets: [{ Name: 'pii' }] });
  await answer('s3api-get-bucket-tagging-pii.json', {
    TagSet: [{ Key: 'data-classification', Value: 'restricted' }],
  });
  const given = policyOf({
    Effect: 'Allow',
    Principal: { AWS: roleArn('reader') },
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::pii/*',
  });
  const none = refusal('NoSuchBucketPolicy', 'GetBucketPolicy');
  for (const [policy, expected] of [
    [given, 'P3'],
    [none, 'none'],
    [given, 'P3'],
    [none, 'none'],
  ] as const) {
    await answer('s3api-get-bucket-policy-pii.json', policy);
    expect(await levelOfRole(inbox, 'reader')).toBe(expected);
  }
});
