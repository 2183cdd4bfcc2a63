import { expect, test } from 'vitest';
import { REFUSALS } from '#base/inbox-error.ts';
import { textOf } from './tree.ts';

/** The anchor is the `type` of a problem document: `docs/reference/errors.md#not_found`. */
const ROW = /^\| <a id="(\w+)"><\/a>`\1` \| [^|]+ \| (\d+) \| (\d+) \| [^|]+ \|$/;

test('the page of errors tells every refusal, its status and its exit code, and no other', () => {
  const documented = textOf('docs/reference/errors.md')
    .split('\n')
    .filter((line) => /^\| .*`\w+` \|/.test(line))
    .map((line) => {
      const [, code, httpStatus, exitCode] = ROW.exec(line) ?? [];
      return code
        ? [code, { httpStatus: Number(httpStatus), exitCode: Number(exitCode) }]
        : [line, 'expected five cells: code with its anchor, meaning, HTTP status, exit code, what to do'];
    });
  expect(documented).toEqual(Object.entries(REFUSALS));
});
