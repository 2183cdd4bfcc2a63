import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { observationsOf } from '../../../../test/support/read-report.ts';
import { awsCli } from '../../aws-cli/aws-cli.ts';

const IMAGE = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const ECS = 'arn:aws:ecs:eu-west-1:111111111111';
const TASK = {
  taskArn: `${ECS}:task/main/0123456789abcdef`,
  clusterArn: `${ECS}:cluster/main`,
  lastStatus: 'RUNNING',
  group: 'service:web',
  containers: [{ name: 'web', image: `${IMAGE}:1.2`, imageDigest: DIGEST }],
} satisfies JsonObject;
const FUNCTION = 'arn:aws:lambda:eu-west-1:111111111111:function:pay';

async function runs(answer: JsonObject) {
  const observations = await observationsOf(awsCli, JSON.stringify(answer));
  return observations.flatMap((each) =>
    each.kind === 'relation' && each.from.kind === 'cloud' && each.to.kind === 'image'
      ? [[each.from.id, each.to.reference, each.to.digest ?? null]]
      : [],
  );
}

const of = (...tasks: readonly JsonObject[]): JsonObject => ({ tasks: [...tasks], failures: [] });

test.each<readonly [string, JsonObject, readonly (readonly (string | null)[])[]]>([
  ['a task of a service: the service', of(TASK), [[`${ECS}:service/main/web`, `${IMAGE}:1.2`, DIGEST]]],
  [
    'a task that somebody started: the task',
    of({ ...TASK, group: 'family:job' }),
    [[TASK.taskArn, `${IMAGE}:1.2`, DIGEST]],
  ],
  ['a task that has stopped: nothing', of({ ...TASK, lastStatus: 'STOPPED' }), []],
  [
    'each of its containers, also one whose digest is not told yet',
    of({ ...TASK, containers: [...TASK.containers, { name: 'proxy', image: 'envoy:1' }] }),
    [
      [`${ECS}:service/main/web`, `${IMAGE}:1.2`, DIGEST],
      [`${ECS}:service/main/web`, 'envoy:1', null],
    ],
  ],
  [
    'a function that is an image, by the digest that it resolved to',
    {
      Configuration: { FunctionName: 'pay', FunctionArn: FUNCTION, PackageType: 'Image' },
      Code: { RepositoryType: 'ECR', ImageUri: `${IMAGE}:1`, ResolvedImageUri: `${IMAGE}@${OTHER}` },
    },
    [[FUNCTION, `${IMAGE}:1`, OTHER]],
  ],
  [
    'a function that is an archive: nothing',
    { Configuration: { FunctionName: 'pay', FunctionArn: FUNCTION }, Code: { RepositoryType: 'S3' } },
    [],
  ],
])('what runs the image of %s', async (_title, answer, expected) => {
  expect(await runs(answer)).toEqual(expected);
});

test('the answer of `get-function` describes the function too', async () => {
  const [found] = await observationsOf(
    awsCli,
    JSON.stringify({
      Configuration: {
        FunctionName: 'pay',
        FunctionArn: FUNCTION,
        Role: 'arn:aws:iam::111111111111:role/pay',
      },
      Code: {},
      Tags: { env: 'prod' },
    }),
  );
  expect(found).toMatchObject({
    type: 'lambda-function',
    tags: { env: 'prod' },
    facts: { FunctionName: 'pay', Role: 'arn:aws:iam::111111111111:role/pay' },
  });
});
