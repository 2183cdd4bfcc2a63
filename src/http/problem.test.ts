import { describe, expect, test } from 'vitest';
import { InboxError, type InboxErrorCode, REFUSALS } from '#base/inbox-error.ts';
import { problemSchema } from '#contract/problem.ts';
import { problemOf } from './problem.ts';

const codes = Object.keys(REFUSALS) as InboxErrorCode[];

describe('a refusal', () => {
  test.each(codes.filter((code) => code !== 'internal'))(
    '%s is told with its status and its sentence',
    (code) => {
      const problem = problemSchema.parse(problemOf(new InboxError(code, 'Do this instead.'), 'id-1'));
      expect(problem).toEqual({
        type: `docs/reference/errors.md#${code}`,
        title: expect.stringMatching(/^[A-Z]/),
        status: REFUSALS[code].httpStatus,
        code,
        detail: 'Do this instead.',
        requestId: 'id-1',
      });
    },
  );
});

describe('a fault', () => {
  test.each([
    ['ours', new InboxError('internal', 'the key is 1234')],
    ['of a library', new TypeError('the key is 1234')],
    ['of a library with a status', Object.assign(new Error('the key is 1234'), { statusCode: 500 })],
    ['no error at all', 'the key is 1234'],
    ['nothing', undefined],
  ])('%s keeps what it knows', (_name, error) => {
    const problem = problemOf(error, 'id-1');
    expect(problem).toMatchObject({ status: 500, code: 'internal', detail: expect.stringContaining('id-1') });
    expect(JSON.stringify(problem)).not.toContain('1234');
  });
});

test.each([
  [413, 'too_large'],
  [415, 'usage'],
  [400, 'usage'],
])('what the web server refuses with %i is %s', (statusCode, code) => {
  expect(problemOf(Object.assign(new Error('no'), { statusCode }), 'id-1').code).toBe(code);
});
