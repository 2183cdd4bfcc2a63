import { describe, expect, test } from 'vitest';
import { FolderPlaces, mayNameAccount } from './folder-places.ts';

const ANSWER = (account: string) =>
  `{"UserId":"AIDA","Account":"${account}","Arn":"arn:aws:iam::${account}:user/reader"}`;

async function places(files: Readonly<Record<string, string>>): Promise<FolderPlaces> {
  const found = new FolderPlaces();
  for (const [name, text] of Object.entries(files))
    await found.learn({
      name,
      open: async function* () {
        yield Buffer.from(text);
      },
    });
  return found;
}

describe('the folder contract of inventories', () => {
  test.each([
    ['beside it', 'dump/ec2-describe-instances.json', '111111111111', null],
    ['in a folder above', 'dump/eu-west-1/deep/x.json', '111111111111', 'eu-west-1'],
    ['the nearest one counts', 'dump/other/us-gov-west-1/x.json', '222222222222', 'us-gov-west-1'],
    ['in an archive, within it', 'all.zip!us-east-1/x.json', '333333333333', 'us-east-1'],
    ['an archive beside it is another folder', 'else.zip!us-east-1/x.json', null, 'us-east-1'],
    ['a folder beside it is not below it', 'dumps/x.json', null, null],
    ['the European Sovereign Cloud', 'dump/eusc-de-east-1/x.json', '111111111111', 'eusc-de-east-1'],
    ['a secret region', 'dump/us-isob-east-1/x.json', '111111111111', 'us-isob-east-1'],
    ['a file is no folder', 'dump/eu-west-1', '111111111111', null],
    ['a word is no region', 'dump/eu-vest-1/us-east/x.json', '111111111111', null],
    ['written with ./', './dump/x.json', '111111111111', null],
  ])('%s', async (_title, name, account, region) => {
    const found = await places({
      'dump/sts-get-caller-identity.json': ANSWER('111111111111'),
      'dump/other/get-caller-identity.json': ANSWER('222222222222'),
      'all.zip!sts-get-caller-identity.json': ANSWER('333333333333'),
    });
    expect(found.placeOf(name)).toEqual({ account, region, repository: null });
  });

  test.each([
    ['no JSON', '{"Account":'],
    ['no account number', ANSWER('<account>')],
    ['no answer of STS', '{"Account":"111111111111"}'],
    ['far too long', `${ANSWER('111111111111')}${' '.repeat(70_000)}`],
  ])('%s names nothing', async (_title, text) => {
    const found = await places({ 'a/sts-get-caller-identity.json': text });
    expect(found.placeOf('a/x.json')).toEqual({ account: null, region: null, repository: null });
  });

  test('only files that can name an account are looked at', () => {
    expect(
      [
        'a/sts-get-caller-identity.json',
        'sts_get-caller-identity',
        'all.ZIP',
        'all.tar',
        'all.tar.gz',
        'all.tgz',
        'all.tar.zst',
        'a/forget-caller-identity.json',
        'a/x.json',
        'a/x.json.gz',
      ].map(mayNameAccount),
    ).toEqual([true, true, true, true, true, true, true, false, false, false]);
  });
});
