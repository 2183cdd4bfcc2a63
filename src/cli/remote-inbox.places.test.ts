import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from './program.test-world.ts';

test('what the folders around a report say of its account and region goes with it, and flags override that', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'inbox-places-'));
  const place = join(folder, 'eu-west-1');
  await mkdir(place);
  const identity = join(folder, 'sts-get-caller-identity.json');
  const ARN = 'arn:aws:iam::111111111111:user/reader';
  await writeFile(identity, JSON.stringify({ UserId: 'AIDA', Account: '111111111111', Arn: ARN }));
  const path = join(place, 'ec2-describe-instances.json');
  await writeFile(path, '{}');
  const asked: unknown[] = [];
  const parts = {
    reportFiles: () =>
      Promise.resolve({ files: [{ path, name: path, identity }], release: () => Promise.resolve() }),
    request: (url: Parameters<typeof fetch>[0]) => {
      const query = new URL(String(url)).searchParams;
      asked.push([query.get('name'), query.get('account'), query.get('region')]);
      return Promise.resolve(Response.json({ results: [] }));
    },
  };
  await run(['import', path, '--server', 'http://inbox.example.com'], parts);
  await run(['import', path, '--server', 'http://inbox.example.com', '--account', '222222222222'], parts);
  await rm(folder, { recursive: true });
  expect(asked).toEqual([
    ['ec2-describe-instances.json', '111111111111', 'eu-west-1'],
    ['ec2-describe-instances.json', '222222222222', 'eu-west-1'],
  ]);
});
