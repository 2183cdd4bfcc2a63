import { expect, test } from 'vitest';
import { pathRoots } from '../reading/source-path.ts';
import { codePlace, ownFingerprint, readLocation } from './result-place.ts';

const ROOTS = pathRoots({}, undefined, [], null);

test.each([
  ['the first by key that is no constant', { b: 'two', a: 'one' }, 'one'],
  ['one that stands under several rules is passed over', { a: 'shared', b: 'two' }, 'two'],
  ['what Semgrep prints to who is not signed in', { 'matchBasedId/v1': 'requires login' }, undefined],
  ['a hash of the file', { scanFileHash: 'abc' }, undefined],
  ['a column', { primaryLocationStartColumnFingerprint: '4' }, undefined],
  ['no text', { a: 7, b: null, c: '' }, undefined],
  ['another shape', ['one'], undefined],
  ['absent', undefined, undefined],
])('own fingerprint: %s', (_, fingerprints, expected) => {
  expect(ownFingerprint(fingerprints, new Set(['shared']))).toBe(expected);
});

const LOCATION = { path: 'a.py', line: 3, snippet: '  call(x)\n', logicalName: undefined };

test.each([
  [
    'the fingerprint before the line hash',
    { fingerprints: { a: 'own' }, partialFingerprints: { primaryLocationLineHash: 'hash:1' } },
    'own',
  ],
  [
    'the line hash, a constant fingerprint or not',
    { fingerprints: { a: 'shared' }, partialFingerprints: { primaryLocationLineHash: 'hash:1' } },
    'hash:1',
  ],
  [
    'a version of the line hash',
    { partialFingerprints: { 'primaryLocationLineHash/v2': 'hash:1' } },
    'hash:1',
  ],
  [
    'no other partial fingerprint',
    {
      partialFingerprints: {
        scanPrimaryLocationHash: 'x',
        scanFileHash: 'y',
        primaryLocationStartColumnFingerprint: '4',
      },
    },
    undefined,
  ],
])('place: %s', (_, result, fingerprint) => {
  expect(codePlace(result, LOCATION, 'message', new Set(['shared']))).toEqual({
    is: 'code',
    path: 'a.py',
    toolFingerprint: fingerprint,
    flaggedText: 'call(x)',
    message: 'message',
    line: 3,
  });
});

test('text that is withheld is no text', () => {
  expect(codePlace({}, { ...LOCATION, snippet: 'requires login' }, 'm', new Set())).toMatchObject({
    flaggedText: undefined,
  });
  expect(codePlace({}, { ...LOCATION, snippet: ' \n' }, 'm', new Set())).toMatchObject({
    flaggedText: undefined,
  });
});

test.each([
  [{ region: { startLine: 1_099_511_627_776 } }, undefined],
  [{ region: { startLine: -1 } }, undefined],
  [{ region: { startLine: 1.5 } }, undefined],
  [{ region: { startLine: '7' } }, undefined],
  [{ region: { startLine: 7 } }, 7],
])('the line of %j', (physicalLocation, line) => {
  expect(readLocation({ physicalLocation }, [], ROOTS).line).toBe(line);
});

test('a file may be named by its index in the list of the run', () => {
  const artifacts = [undefined, { uri: 'src/a.py', uriBaseId: undefined }];
  expect(readLocation({ physicalLocation: { artifactLocation: { index: 1 } } }, artifacts, ROOTS).path).toBe(
    'src/a.py',
  );
  expect(readLocation({ physicalLocation: { artifactLocation: { index: 9 } } }, artifacts, ROOTS).path).toBe(
    '',
  );
});
