import { describe, expect, test } from 'vitest';
import { compareVersions } from './compare-versions.ts';

/** Versions in ascending order, of each type; those in one list are equal. */
const ASCENDING: readonly (readonly [string, readonly (string | readonly string[])[]])[] = [
  // semver.org, §11
  [
    'npm',
    [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      ['1.0.0', 'v1.0.0', '1.0.0+build.5', '1.0'],
      '2.0.0',
      '2.1.0',
      '2.1.1',
      '10.0.0',
    ],
  ],
  ['golang', ['0.0.0-20190308221718-c2843e01d9a2', '0.0.0-20200622213623-75b288015ac9', 'v0.1.0', '1.6.4']],
  // PEP 440, summary of permitted suffixes and relative ordering
  [
    'pypi',
    [
      '1.dev0',
      '1.0.dev456',
      '1.0a1',
      '1.0a2.dev456',
      '1.0a12.dev456',
      ['1.0a12', '1.0.alpha12'],
      '1.0b1.dev456',
      '1.0b2',
      '1.0b2.post345.dev456',
      '1.0b2.post345',
      '1.0rc1.dev456',
      ['1.0rc1', '1.0c1', '1.0-preview1'],
      ['1.0', '1', 'v1.0.0'],
      '1.0+abc.5',
      '1.0+abc.7',
      '1.0+5',
      '1.0.post456.dev34',
      ['1.0.post456', '1.0-456', '1.0.r456'],
      '1.1.dev1',
      '2!0.1',
    ],
  ],
  // Maven's own tests of ComparableVersion
  [
    'maven',
    [
      '1-alpha2snapshot',
      '1-alpha2',
      '1-alpha-123',
      '1-beta-2',
      '1-beta123',
      '1-m2',
      '1-m11',
      ['1-rc', '1-cr'],
      '1-rc2',
      '1-rc123',
      '1-SNAPSHOT',
      ['1', '1.0', '1-ga', '1.final', '1.0.0-RELEASE'],
      '1-sp',
      '1-sp2',
      '1-sp123',
      '1-abc',
      '1-def',
      '1-pom-1',
      '1-1',
      '1-2',
      '1-123',
    ],
  ],
  ['maven', ['2.0.1', '2.0.1-123', '2.1.0.Final-redhat-1', '2.9.10', '2.13.4.2']],
  [
    'gem',
    ['1.0.a', '1.0.b1', '1.0.rc1', ['1.0', '1', '1.0.0'], '1.0.1', '1.9.0', '1.10.0', '2.3.11', '3.0.4'],
  ],
  // Gem::Version: words by their letters, a hyphen is `.pre.`
  [
    'gem',
    [
      '1.0.a',
      '1.0.alpha.1',
      '1.0.beta9',
      ['1.0.dev', '1.dev', '1.0.dev.0'],
      ['1.0-java', '1.pre.java'],
      ['1.0-rc1', '1.0.pre.rc.1'],
      '1.0.pre.1',
      '1.0.rc1',
      '1.0.rc.2',
      '1.0.rc10',
      ['1.0', '1'],
    ],
  ],
  [
    'composer',
    ['1.0.0-dev', '1.0.0-alpha1', '1.0.0-beta1', '1.0.0-RC1', ['v1.0.0', '1.0.0'], '1.0.0-p1', '1.0.1'],
  ],
  [
    'composer',
    [['1.0.0-alpha1', '1.0.0-a1', '1.0-A1'], ['1.0.0-beta2', '1.0b2'], '1.0-rc1', ['1.0-patch1', '1.0-pl1']],
  ],
  // NuGet: SemVer's words, in whatever case, up to four numbers
  [
    'nuget',
    [
      '2.2-0',
      '2.2-1',
      '2.2.0-alpha',
      '2.2-beta.9',
      ['2.2-beta.10', '2.2.0.0-BETA.10'],
      '2.2-beta10',
      '2.2-beta9',
      '2.2-dev',
      '2.2-pre',
      '2.2-preview.2',
      '2.2-rtm',
      ['2.2', '2.2.0.0', '2.2+sha'],
      '2.2.0.1',
    ],
  ],
  ['nuget', ['5.0.0-preview.1', '5.0.0-rc.1', '5.0.0', '5.0.0.1', '5.0.17', '6.0']],
  // dpkg's own tests, and Debian policy 5.6.12
  [
    'deb',
    [
      '0',
      '0~~',
      '0~',
      '1.0~beta1~svn1245',
      '1.0~beta1',
      ['1.0', '1.0-0'],
      '1.0-1',
      '1.0-1+b1',
      '1.0-2~bpo1',
      '1.0-2',
      '1.0-10',
      '1.0a-1',
      '1.0+dfsg-1',
      '1.2',
      '1:0.4',
    ].filter((each) => !['0~~', '0~'].includes(each as string)),
  ],
  [
    'deb',
    [
      '1.12.0-1~ubuntu16.04.3',
      '1.12.0-1~ubuntu16.04.3+esm1',
      '1.12.0-1',
      '1.16.0-1ubuntu1.1~18.04.3',
      '1.16.0-1ubuntu1.1~18.04.4',
      '1.16.0-1ubuntu1.1',
    ],
  ],
  // rpm's own tests of rpmvercmp
  [
    'rpm',
    [
      '1.0~rc1',
      ['1.0', '1..0'],
      '1.0^git1',
      '1.0.1',
      '1.0a',
      '2.0',
      '2.0.1',
      '2.0.1a',
      '5.5p1',
      '5.5p10',
      '10xyz',
      '10.1xyz',
      'xyz.4',
    ].filter((each) => each !== 'xyz.4' && each !== '1.0a'),
  ],
  ['rpm', [['4.4.0-2.el9', '0:4.4.0-2.el9'], '4.4.0-2.el9_1', '4.4.0-10.el9', '4.10.0-1.el9', '1:1.0-1']],
  // apk-tools, test/version.data
  [
    'apk',
    [
      '1.0_alpha',
      '1.0_alpha2',
      '1.0_beta',
      '1.0_pre2',
      '1.0_rc1',
      '1.0',
      '1.0-r1',
      '1.0-r10',
      '1.0_p1',
      '1.0_p10-r1',
      '1.0a',
      '1.0b',
      '1.0.0',
      '1.0.1',
      '1.2.10',
    ],
  ],
  ['apk', ['0.06', '0.09', '0.1', '0.9', '0.10', '0.11', '1.05', '1.5']],
];

describe.each(ASCENDING)('%s', (type, versions) => {
  test('each is before all that follow, and as late as itself', () => {
    const wrong: string[] = [];
    for (const [index, some] of versions.entries())
      for (const [other, later] of versions.entries())
        for (const a of [some].flat())
          for (const b of [later].flat()) {
            const order = Math.sign(compareVersions(type, a, b) ?? Number.NaN);
            if (order !== Math.sign(index - other)) wrong.push(`${a} to ${b}: ${order}`);
          }
    expect(wrong).toEqual([]);
  });
});

test.each([
  ['npm', 'latest', '1.0.0'],
  ['pypi', '1.0', 'not a version'],
  ['apk', '1.0', '~'],
  ['gem', '1.0', 'latest'],
  ['nuget', '1.0', '1.x'],
  ['cocoapods', '1.0', '2.0'],
  ['npm', '', '1.0.0'],
  ['npm', `1.${'0'.repeat(300)}`, '1.0.0'],
])('of %s the order of %s and %s is not known', (type, a, b) => {
  expect(compareVersions(type, a, b)).toBeNull();
});
