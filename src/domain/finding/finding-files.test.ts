import { expect, test } from 'vitest';
import { filesOfFinding } from './finding-files.ts';
import type { FindingType } from './finding-type.ts';
import type { Location } from './observation.ts';

test.each<[FindingType, string, Location[], string[]]>([
  ['iac_misconfiguration', 'infra/main.tf#aws_s3_bucket.a', [], ['infra/main.tf']],
  ['code_vulnerability', 'src/a.ts#text:0123', [{ path: './src/a.ts', line: 3 }], ['src/a.ts']],
  ['code_vulnerability', 'src/c#/a.cs#id:1#2', [{ path: 'src/c#/a.cs' }], ['src/c#/a.cs']],
  ['secret', 'config/prod.env', [{ path: 'config/prod.env', line: 1 }], ['config/prod.env']],
  [
    'library_vulnerability',
    'npm/lodash',
    [{ path: 'web/package-lock.json' }, { path: 'web\\package-lock.json' }],
    ['web/package-lock.json'],
  ],
  ['library_vulnerability', 'npm/lodash', [{ version: '4.17.0' }], []],
  ['misconfiguration', '', [{ path: 'x' }], []],
  ['secret', '', [], []],
])('%s at %j', (type, place, locations, files) => {
  expect(filesOfFinding(type, place, locations)).toEqual(files);
});
