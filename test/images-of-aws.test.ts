import { afterEach, beforeEach, expect, test } from 'vitest';
import { showResources } from '../src/app/show-resources.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { digestOf, flaws, imageReport } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const IMAGE = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop';
const ECS = 'arn:aws:ecs:eu-west-1:111111111111';
const SERVICE = `${ECS}:service/main/web`;
const FUNCTION = 'arn:aws:lambda:eu-west-1:111111111111:function:pay';

const tasks = (letter: string) => ({
  tasks: [
    {
      taskArn: `${ECS}:task/main/${letter.repeat(16)}`,
      clusterArn: `${ECS}:cluster/main`,
      lastStatus: 'RUNNING',
      group: 'service:web',
      containers: [{ name: 'web', image: `${IMAGE}:1`, imageDigest: digestOf(letter) }],
    },
  ],
  failures: [],
});
const services = {
  services: [
    {
      serviceArn: SERVICE,
      serviceName: 'web',
      clusterArn: `${ECS}:cluster/main`,
      tags: [{ key: 'env', value: 'production' }],
    },
  ],
  failures: [],
};

async function issuesOf(arn: string) {
  const [view] = await showResources(inbox.ctx, { ids: [arn] });
  return view?.issues.length;
}

async function scanned(letter: string, count: number) {
  await inbox.importReport(
    imageReport({ image: `${IMAGE}:1`, digest: letter, vulnerabilities: flaws(count) }),
    { source: `ci-${letter}` },
    `${letter}.json`,
  );
}

test.each([
  ['the inventory', true],
  ['the scan', false],
])(
  'a service of ECS has what was found in the image that its tasks run, %s first',
  async (_title, isFirst) => {
    const inventory = async () => {
      await inbox.importReport(services, {}, 'services.json');
      await inbox.importReport(tasks('a'), {}, 'tasks.json');
    };
    if (isFirst) await inventory();
    await scanned('a', 2);
    await scanned('b', 5);
    if (!isFirst) await inventory();
    expect(await issuesOf(SERVICE)).toBe(2);
    const rows = await inbox.list({ all: true });
    expect(
      rows.slice(0, 2).map(({ riskStates, resources }) => [riskStates.in_production, resources]),
    ).toEqual([
      ['yes', 1],
      ['yes', 1],
    ]);
  },
);

test('a deployment of another image moves the findings', async () => {
  await inbox.importReport(services, {}, 'services.json');
  await scanned('a', 2);
  await scanned('b', 3);
  await inbox.importReport(tasks('a'), {}, 'tasks.json');
  expect(await issuesOf(SERVICE)).toBe(2);
  await inbox.importReport(tasks('b'), {}, 'tasks.json');
  expect(await issuesOf(SERVICE)).toBe(3);
});

test('a function has what was found in the image that it is made of', async () => {
  const answer = {
    Configuration: { FunctionName: 'pay', FunctionArn: FUNCTION, PackageType: 'Image' },
    Code: { RepositoryType: 'ECR', ImageUri: `${IMAGE}:1`, ResolvedImageUri: `${IMAGE}@${digestOf('a')}` },
  };
  await inbox.importReport(answer, {}, 'lambda-get-function.json');
  await scanned('a', 2);
  expect(await issuesOf(FUNCTION)).toBe(2);
});
