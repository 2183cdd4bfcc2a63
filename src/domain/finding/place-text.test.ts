import { describe, expect, test } from 'vitest';
import { boundedKey } from '#base/digest.ts';
import { toolCheck } from '../control/tool-check.ts';
import type { Place } from './observation.ts';
import { placeText } from './place-text.ts';

test.each<[Place, string]>([
  [{ is: 'none' }, ''],
  [{ is: 'package', purlType: 'deb', name: 'OpenSSL' }, 'deb/openssl'],
  [{ is: 'package', purlType: 'NPM', namespace: '@Acme', name: 'Cart' }, 'npm/@acme/cart'],
  [{ is: 'package', purlType: 'pypi', name: 'Ruamel.Yaml_Clib' }, 'pypi/ruamel-yaml-clib'],
  [
    { is: 'package', purlType: 'golang', namespace: 'github.com/Masterminds', name: 'goutils' },
    'golang/github.com/masterminds/goutils',
  ],
  [{ is: 'package', purlType: 'maven', namespace: 'org.Acme', name: 'Cart' }, 'maven/org.Acme/Cart'],
  [{ is: 'package', purlType: 'rpm', name: 'NetworkManager' }, 'rpm/NetworkManager'],
  [{ is: 'package', purlType: 'npm', namespace: '', name: 'cart' }, 'npm/cart'],
  [
    { is: 'address', path: '.\\modules\\main.tf', address: 'aws_s3_bucket.data' },
    'modules/main.tf#aws_s3_bucket.data',
  ],
  [
    { is: 'code', path: './././src/a.py', toolFingerprint: 'f', flaggedText: 't', message: 'm' },
    'src/a.py#id:f',
  ],
  [{ is: 'code', path: 'src/a.py' }, 'src/a.py#'],
  [{ is: 'secret', path: './.env', value: 'x', line: 3 }, '.env'],
  [{ is: 'api', method: 'get', path: '/cart/{id}', parameter: 'q' }, 'GET /cart/{id} q'],
  [{ is: 'api', method: 'post', path: '/', parameter: '' }, 'POST /'],
])('%j is %s', (place, expected) => {
  expect(placeText(place)).toBe(expected);
});

test.each([
  'alpm',
  'apk',
  'bitbucket',
  'bitnami',
  'composer',
  'deb',
  'github',
  'golang',
  'hex',
  'npm',
  'oci',
  'pub',
])('case makes no difference in names of %s, as purl says', (purlType) => {
  expect(placeText({ is: 'package', purlType, name: 'Some_Name.X' })).toBe(`${purlType}/some_name.x`);
});

test.each(['cargo', 'conan', 'cran', 'gem', 'generic', 'maven', 'nuget', 'rpm', 'swift'])(
  'names of %s are as they are written',
  (purlType) => {
    expect(placeText({ is: 'package', purlType, name: 'Some_Name.X' })).toBe(`${purlType}/Some_Name.X`);
  },
);

/** What has been in fingerprints since the first version: a change here moves everybody's data. */
test.each<[Omit<Extract<Place, { is: 'code' }>, 'is' | 'path'>, string]>([
  [{ flaggedText: 'call(y)' }, 'a#text:66525c070a3b1c00aed70bf24f399783'],
  [{ message: 'line 12, column 3' }, 'a#message:b2487a23a0b1f82ded692b4eb895d079'],
])('the mark of %j is pinned', (mark, expected) => {
  expect(placeText({ is: 'code', path: 'a', ...mark })).toBe(expected);
});

describe('the mark of code', () => {
  const mark = (place: Omit<Extract<Place, { is: 'code' }>, 'is' | 'path'>) =>
    placeText({ is: 'code', path: 'a', ...place });

  test('is the flagged text, without line numbers and indentation', () => {
    const text = mark({ flaggedText: 'if x:\n  call(y)' });
    expect(mark({ flaggedText: '  if x:\r\n\t\tcall(y)  \n' })).toBe(text);
    expect(mark({ flaggedText: '12: if x:\n13:   call(y)' })).toBe(text);
    expect(mark({ flaggedText: ' 7 | if x:\n 8 | call(y)' })).toBe(text);
    expect(mark({ flaggedText: 'if x:\n  call(z)' })).not.toBe(text);
    expect(mark({ flaggedText: 'if x:\n  call(y)', message: 'another', line: 90 })).toBe(text);
  });

  test('is the message without its numbers where no text is flagged', () => {
    const message = mark({ message: 'line 12, column 3' });
    expect(mark({ message: 'line 9, column 27', flaggedText: ' \n ' })).toBe(message);
    expect(mark({ message: 'line, column' })).not.toBe(message);
  });
});

test('two spellings of one character are one place', () => {
  const [composed, apart] = ['caf\u00e9', 'cafe\u0301'];
  const texts = [composed, apart].map((name) =>
    [
      placeText({ is: 'address', path: `${name}.tf`, address: name }),
      placeText({ is: 'code', path: name, flaggedText: name }),
      placeText({ is: 'code', path: name, message: name }),
      placeText({ is: 'secret', path: name }),
      placeText({ is: 'package', purlType: 'generic', name }),
      toolCheck(name, name),
      boundedKey(name),
    ].join('\n'),
  );
  expect(texts[1]).toBe(texts[0]);
});
