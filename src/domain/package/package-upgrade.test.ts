import { expect, test } from 'vitest';
import { packageUpgrades, type VulnerablePackage } from './package-upgrade.ts';

const seen = (
  place: string,
  fix: string | null,
  ...locations: VulnerablePackage['sightings'][number]['locations']
): VulnerablePackage => ({ place, sightings: [{ fix, locations }] });

/** Of each package its name and version to go to, and of each step what it goes from and to. */
const told = (...packages: readonly VulnerablePackage[]) =>
  packageUpgrades(packages).map(({ name, to, steps }) => [
    name,
    to,
    ...steps.map((step) => [step.from, step.to, step.findings]),
  ]);

const LOG4J = 'maven/org.apache.logging.log4j/log4j-core';

test.each<[string, readonly VulnerablePackage[], readonly unknown[]]>([
  ['nothing', [], []],
  ['a finding that is of no package', [seen('', '1.0')], []],
  [
    'the nearest fixed version of those told for several lines of releases',
    [seen(LOG4J, '2.15.0, 2.3.1, 2.12.2', { version: '2.11.1' })],
    [['org.apache.logging.log4j:log4j-core', '2.12.2', ['2.11.1', '2.12.2', 1]]],
  ],
  [
    'each installed version to its own, and the package to the highest',
    [
      seen(LOG4J, '2.15.0, 2.12.2', { version: '2.14.1' }),
      seen(LOG4J, '2.15.0, 2.12.2', { version: '2.11.1' }),
      seen(LOG4J, '2.15.0, 2.12.2', { version: '2.14.1' }),
    ],
    [['org.apache.logging.log4j:log4j-core', '2.15.0', ['2.14.1', '2.15.0', 2], ['2.11.1', '2.12.2', 1]]],
  ],
  [
    'no version where none is told',
    [seen('deb/zlib1g', null, { version: '1:1.2.11' })],
    [['zlib1g', null, ['1:1.2.11', null, 1]]],
  ],
  [
    'no version for the whole where one of its versions has no fix',
    [seen('npm/a', '2.0.0', { version: '1.0.0' }), seen('npm/a', null, { version: '0.1.0' })],
    [['a', null, ['0.1.0', null, 1], ['1.0.0', '2.0.0', 1]]],
  ],
  [
    'no version where none told is above',
    [seen('npm/a', '1.0.0, 1.1.0', { version: '3.0.0' })],
    [['a', null, ['3.0.0', null, 1]]],
  ],
  [
    'one version at its word, whatever is installed',
    [seen('npm/a', '2.0.0')],
    [['a', '2.0.0', [null, '2.0.0', 1]]],
  ],
  [
    'no version of a sentence',
    [seen('npm/a', 'Upgrade to a newer one', { version: '1.0.0' })],
    [['a', null, ['1.0.0', null, 1]]],
  ],
  [
    'the fix of one scanner where another knows none',
    [
      {
        place: 'npm/a',
        sightings: [
          { fix: null, locations: [{ version: '1.0.0' }] },
          { fix: '1.0.1', locations: [{ version: '1.0.0' }] },
        ],
      },
    ],
    [['a', '1.0.1', ['1.0.0', '1.0.1', 1]]],
  ],
])('%s', (_, packages, upgrades) => {
  expect(told(...packages)).toEqual(upgrades);
});

test('says in which files a version was seen, each once, and how to upgrade', () => {
  const [upgrade] = packageUpgrades([
    seen('npm/a', '2.0.0', { version: '1.0.0', path: 'b/package-lock.json' }),
    seen('npm/a', '2.0.0', { version: '1.0.0', path: 'a/package-lock.json' }),
    seen('npm/a', '2.0.0', { version: '1.0.0', path: 'b/package-lock.json' }),
  ]);
  expect(upgrade?.steps[0]).toMatchObject({
    findings: 3,
    files: ['a/package-lock.json', 'b/package-lock.json'],
  });
  expect(upgrade?.commands).toEqual(['npm install a@2.0.0', 'npm ls a']);
});
