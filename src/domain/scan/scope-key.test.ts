import { describe, expect, test } from 'vitest';
import type { ScanDescription, ScopeDescription } from './scan-description.ts';
import { type DeclaredScope, identifyScope, namingFrom } from './scope-key.ts';

const NOTHING_SAID: DeclaredScope = { isSourceNamed: false, keys: {}, environment: null };

function identify(scope: ScopeDescription, said: Partial<DeclaredScope> = {}, tool = 'trivy') {
  const declared = { ...NOTHING_SAID, ...said };
  const scan: ScanDescription = { tool, time: null, scope, coverage: 'all' };
  return identifyScope(scan, namingFrom('ci', declared), declared);
}

const IMAGE = {
  is: 'image',
  image: {
    kind: 'image',
    reference: 'registry.example.com/shop:v1.2',
    digest: 'sha256:a',
    platform: 'linux/amd64',
  },
} as const;

test.each<[string, ScopeDescription, Partial<DeclaredScope>, string, readonly string[]]>([
  [
    'an image',
    IMAGE,
    {},
    'image|digest=sha256:a|image=registry.example.com/shop:v1.2|platform=linux/amd64',
    [],
  ],
  [
    'an image in an environment',
    IMAGE,
    { environment: 'production' },
    'image|digest=sha256:a|environment=production|image=registry.example.com/shop:v1.2|platform=linux/amd64',
    [],
  ],
  [
    'an image without a registry',
    { is: 'image', image: { kind: 'image', reference: 'shop:1' } },
    {},
    'image|image=shop:1',
    ['--source NAME'],
  ],
  [
    'the same in a source that a person named',
    { is: 'image', image: { kind: 'image', reference: 'shop:1' } },
    { isSourceNamed: true },
    'image|image=shop:1',
    [],
  ],
  [
    'files',
    { is: 'artifact', name: 'web' },
    {},
    'artifact|artifact=web',
    ['--source NAME or --scope artifact=NAME'],
  ],
  ['a package', { is: 'artifact', name: 'pkg:npm/cart@1' }, {}, 'artifact|artifact=pkg:npm/cart@1', []],
  [
    'files without a name',
    { is: 'artifact', name: null },
    {},
    'artifact|artifact=.',
    ['--source NAME or --scope artifact=NAME'],
  ],
  [
    'files that a person named',
    { is: 'artifact', name: null },
    { keys: { artifact: 'web' } },
    'artifact|artifact=web',
    [],
  ],
  [
    'files without a name, of a repository that a person named',
    { is: 'artifact', name: null },
    { keys: { repository: 'git@git.example.com:Acme/Shop.git', path: 'services/cart' } },
    'artifact|path=services/cart|repository=git.example.com/acme/shop|tool=trivy',
    [],
  ],
  [
    'files with a name, whatever the repository',
    { is: 'artifact', name: 'web' },
    { keys: { repository: 'git.example.com/acme/shop' } },
    'artifact|artifact=web',
    ['--source NAME or --scope artifact=NAME'],
  ],
  [
    'code',
    { is: 'code', repository: 'https://git.example.com/Acme/Shop.git', branch: 'release', category: 'js' },
    {},
    'code|branch=release|category=js|repository=git.example.com/acme/shop|tool=trivy',
    [],
  ],
  [
    'code without a repository',
    { is: 'code', repository: null },
    {},
    'code|repository=@ci|tool=trivy',
    ['--source NAME or --scope repository=HOST/OWNER/NAME'],
  ],
  [
    'code whose repository and branch a person names',
    { is: 'code', repository: null, branch: 'main' },
    { keys: { repository: 'git.example.com/acme/shop', branch: 'next' } },
    'code|branch=next|repository=git.example.com/acme/shop|tool=trivy',
    [],
  ],
  ['posture', { is: 'posture' }, {}, 'posture|posture=trivy', []],
  [
    'a cluster',
    { is: 'cluster', cluster: 'arn:aws:eks:eu-west-1:1:cluster/shop' },
    {},
    'cluster|cluster=arn:aws:eks:eu-west-1:1:cluster/shop',
    [],
  ],
  [
    'a cluster without a name, in a named source too',
    { is: 'cluster', cluster: null },
    { isSourceNamed: true },
    'cluster|cluster=@ci',
    ['--scope cluster=NAME'],
  ],
  [
    'a cluster that a person named',
    { is: 'cluster', cluster: null },
    { keys: { cluster: 'prod' } },
    'cluster|cluster=prod',
    [],
  ],
  ['an inventory', { is: 'inventory' }, {}, 'inventory|inventory=trivy', []],
  ['a feed', { is: 'feed' }, {}, 'feed|feed=trivy', []],
  ['events', { is: 'events' }, {}, 'events|events=trivy', []],
  [
    'a catalogue',
    { is: 'catalogue' },
    { keys: { repository: 'git.example.com/acme/shop' } },
    'catalogue|catalogue=trivy|repository=git.example.com/acme/shop',
    [],
  ],
  [
    'a catalogue of nobody knows where',
    { is: 'catalogue' },
    {},
    'catalogue|catalogue=trivy',
    ['--source NAME or --scope repository=HOST/OWNER/NAME'],
  ],
  [
    'what the names of other things do not name',
    { is: 'feed' },
    { keys: { cluster: 'prod', repository: 'git.example.com/acme/shop', artifact: 'web' } },
    'feed|feed=trivy',
    [],
  ],
  ['any other key of a person', { is: 'feed' }, { keys: { team: 'web' } }, 'feed|feed=trivy|team=web', []],
])('the scope of %s', (_case, scope, said, key, borrowed) => {
  expect(identify(scope, said)).toMatchObject({ key, borrowed });
});

describe('the line of an image', () => {
  const lineOf = (reference: string, said: Partial<DeclaredScope> = {}, platform?: string) =>
    identify({ is: 'image', image: { kind: 'image', reference, platform } }, said).image?.line;

  test('is shared by its versions, and not by platforms, environments, branches and repositories', () => {
    const line = lineOf('registry.example.com/shop:v1.2');
    expect(lineOf('registry.example.com/shop:v1.10')).toBe(line);
    const others = [
      lineOf('registry.example.com/shop:latest'),
      lineOf('registry.example.com/shop:v1.2', {}, 'linux/arm64'),
      lineOf('registry.example.com/shop:v1.2', { environment: 'production' }),
      lineOf('registry.example.com/shop:v1.2', { keys: { branch: 'next' } }),
      lineOf('registry.example.com/bank:v1.2'),
    ];
    expect(new Set([line, ...others]).size).toBe(6);
  });

  test('knows the digest of the reference, and the tag that an archive holds', () => {
    expect(
      identify({
        is: 'image',
        image: { kind: 'image', reference: `registry.example.com/shop@sha256:${'a'.repeat(64)}` },
      }).image,
    ).toMatchObject({ digest: `sha256:${'a'.repeat(64)}`, reference: null });
    expect(
      identify({
        is: 'image',
        image: {
          kind: 'image',
          reference: '',
          tags: ['registry.example.com/shop:2', 'registry.example.com/shop:1'],
        },
      }).keys,
    ).toEqual({ image: 'registry.example.com/shop:1' });
  });

  test('knows an image that was asked for without a tag as `latest` where its report lists that tag', () => {
    const asked = (...tags: readonly string[]) => {
      const { keys, image } = identify({
        is: 'image',
        image: { kind: 'image', reference: 'registry.example.com/shop', tags },
      });
      return [keys['image'], image?.reference ?? null];
    };
    const SHOP = 'registry.example.com/shop';
    expect(asked(`${SHOP}:1`, `${SHOP}:latest`)).toEqual([SHOP, `${SHOP}:latest`]);
    expect(asked(`${SHOP}:1`, 'registry.example.com/cart:latest')).toEqual([SHOP, null]);
    expect(asked()).toEqual([SHOP, null]);
  });
});

test('a key that is too long for an index is cut, and still tells scopes apart', () => {
  const long = (end: string) => identify({ is: 'artifact', name: `pkg:${'x'.repeat(5_000)}${end}` }).key;
  expect(long('a').length).toBeLessThan(700);
  expect(long('a')).not.toBe(long('b'));
});

test.each<[string, ScopeDescription, Partial<DeclaredScope>, boolean]>([
  ['an image', IMAGE, {}, true],
  ['a package', { is: 'artifact', name: 'pkg:npm/cart@1' }, {}, true],
  ['files without a name', { is: 'artifact', name: null }, {}, false],
  ['files that a person named', { is: 'artifact', name: null }, { keys: { artifact: 'cart' } }, true],
  ['files of a source that a person named', { is: 'artifact', name: null }, { isSourceNamed: true }, true],
  ['code', { is: 'code', repository: 'github.com/acme/shop' }, {}, true],
  ['a cluster', { is: 'cluster', cluster: 'one' }, {}, true],
  ['an inventory of a cluster', { is: 'inventory', cluster: 'one' }, {}, true],
  ['an inventory of a cloud', { is: 'inventory' }, {}, false],
  ['checks of a cloud', { is: 'posture' }, {}, false],
  ['checks of a source that a person named', { is: 'posture' }, { isSourceNamed: true }, false],
  ['checks of what a person named', { is: 'posture' }, { keys: { estate: 'shop' } }, true],
  ['checks of what a person named in their own word', { is: 'posture' }, { keys: { posture: 'shop' } }, true],
  [
    'checks with a key that names only what lacks a name',
    { is: 'posture' },
    { keys: { cluster: 'one' } },
    false,
  ],
  ['a feed', { is: 'feed' }, {}, false],
  ['events', { is: 'events' }, {}, false],
])('whether all scans of the scope are of one thing: %s', (_title, scope, said, expected) => {
  expect(identify(scope, said).isOfOneThing).toBe(expected);
});
