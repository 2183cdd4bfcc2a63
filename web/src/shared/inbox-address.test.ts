import { describe, expect, it } from 'vitest';
import { filterOf, isNarrowed, readInboxSearch, toggled, withoutWord } from './inbox-address.ts';
import { inboxParameters } from './inbox-parameters.ts';

describe('an address of the inbox', () => {
  it.each([
    ['nothing', {}, {}],
    [
      'everything',
      {
        all: 'true',
        severity: 'critical,high',
        type: 'secret',
        risk: 'under_attack',
        q: 'log4j',
        issue: 'iss_1',
      },
      {
        all: true,
        severity: ['critical', 'high'],
        type: ['secret'],
        risk: ['under_attack'],
        q: 'log4j',
        issue: 'iss_1',
      },
    ],
    ['unknown words beside known ones', { severity: 'urgent,low', risk: '__proto__' }, { severity: ['low'] }],
    ['a word given twice', { severity: 'low,low' }, { severity: ['low'] }],
    ['values that are no text', { severity: ['low'], q: 7, all: true }, {}],
    ['parameters of others', { utm_source: 'mail' }, {}],
  ])('reads %s', (_name, raw, search) => {
    expect(readInboxSearch(raw)).toEqual(search);
  });

  it('caps what is searched for', () => {
    expect(readInboxSearch({ q: 'x'.repeat(5000) }).q).toHaveLength(2000);
  });

  it('becomes the parameters of the API, defaults left out', () => {
    expect(String(inboxParameters(filterOf({})))).toBe('');
    expect(
      String(
        inboxParameters(
          filterOf({ all: true, severity: ['critical'], risk: ['in_production', 'under_attack'] }),
        ),
      ),
    ).toBe('all=true&severity=critical&risk=in_production%2Cunder_attack');
  });

  it('is narrowed by conditions, not by the choice of everything', () => {
    expect(isNarrowed(filterOf({ all: true }))).toBe(false);
    expect(isNarrowed(filterOf({ q: 'x' }))).toBe(true);
    expect(isNarrowed(filterOf({ type: ['secret'] }))).toBe(true);
  });
});

describe('a choice', () => {
  it.each([
    [undefined, 'a', ['a']],
    [['a'], 'b', ['a', 'b']],
    [['a', 'b'], 'a', ['b']],
    [['a'], 'a', undefined],
  ])('%o toggled by %s is %o', (chosen, word, result) => {
    expect(toggled(chosen, word)).toEqual(result);
  });
});

it('a condition is left out by a query, and is back when it is asked for again', () => {
  expect(withoutWord('openssl', 'type:secret')).toBe('openssl -type:secret');
  expect(withoutWord('openssl -type:secret', 'type:secret')).toBe('openssl');
  expect(withoutWord('-type:secret', 'type:secret')).toBeUndefined();
});
