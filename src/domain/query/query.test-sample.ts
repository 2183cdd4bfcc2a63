import fc from 'fast-check';
import { DAY_MS, HOUR_MS } from '#base/instant.ts';
import { allOf, anyOf, type Query, type QueryValue, type Scalar, termOf } from './query.ts';
import { QUERY_FIELDS, type QueryField } from './query-fields.ts';

/** Signs that mean something to the language, to patterns of a database, or to Unicode. */
const NASTY = [
  ...[
    'a',
    'B',
    'z',
    '9',
    ' ',
    '"',
    '\\',
    '%',
    '_',
    '*',
    '(',
    ')',
    ':',
    ',',
    '-',
    '<',
    '=',
    '[',
    ']',
    "'",
    '\n',
    '\t',
  ],
  ...[
    'AND',
    'OR',
    'NOT',
    'TO',
    'ß',
    'Σ',
    'ς',
    'İ',
    'Ä',
    'ä',
    '\u00a0',
    '\u2028',
    '😀',
    '\u0301',
    'severity',
    '@',
    '|',
    '.',
    '/',
  ],
];

/** A text of a few nasty signs. */
const nastyText: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...NASTY), { minLength: 1, maxLength: 5 })
  .map((signs) => signs.join(''));

export const TEST_NOW = Date.UTC(2026, 10, 28, 12);

const day = fc.integer({ min: -40, max: 40 }).map((days) => Math.floor(TEST_NOW / DAY_MS + days) * DAY_MS);

function scalars(field: QueryField): fc.Arbitrary<Scalar> {
  if (field.kind === 'number')
    return fc
      .oneof(
        fc.integer({ min: -2, max: 12 }),
        fc.integer({ min: 0, max: 100 }).map((tenths) => tenths / 10),
      )
      .map((number) => ({ is: 'number', number: number + 0 }));
  return fc.oneof(
    day.map((at): Scalar => ({ is: 'day', at })),
    day.map((at): Scalar => ({ is: 'moment', at: at + 12 * HOUR_MS })),
    fc.integer({ min: -900, max: 900 }).map((hours): Scalar => ({ is: 'from-now', ms: hours * HOUR_MS + 0 })),
  );
}

function values(field: QueryField, texts: fc.Arbitrary<string>): fc.Arbitrary<QueryValue> {
  const something = fc.constant<QueryValue>({ is: 'something' });
  if (field.kind === 'choice')
    return fc.constantFrom(...field.values).map((word): QueryValue => ({ is: 'choice', word }));
  if (field.kind === 'name' || field.kind === 'text')
    return fc.oneof(
      something,
      patterns(texts).map((parts): QueryValue => ({ is: 'pattern', parts })),
    );
  const scalar = scalars(field);
  return fc.oneof(
    something,
    fc
      .tuple(fc.constantFrom('=' as const, '<' as const, '<=' as const, '>' as const, '>=' as const), scalar)
      .filter(([operator, to]) => operator !== '=' || to.is !== 'from-now')
      .map(([operator, to]): QueryValue => ({ is: 'compare', operator, to })),
    fc
      .tuple(fc.option(scalar), fc.option(scalar))
      .filter(([from, to]) => from !== null || to !== null)
      .map(([from, to]): QueryValue => ({ is: 'between', from, to })),
  );
}

/** The parts of a pattern: only the first and the last may be empty, and there is one that is not. */
function patterns(texts: fc.Arbitrary<string>): fc.Arbitrary<readonly string[]> {
  return fc.oneof(
    texts.map((text) => [text]),
    fc
      .tuple(fc.boolean(), fc.array(texts, { minLength: 1, maxLength: 3 }), fc.boolean())
      .map(([isOpen, parts, isOpenAtEnd]) => [
        ...(isOpen ? [''] : []),
        ...parts,
        ...(isOpenAtEnd ? [''] : []),
      ]),
  );
}

/** Queries in normal form, over all fields; their texts are among `texts`. */
export function queries(texts: fc.Arbitrary<string> = nastyText): fc.Arbitrary<Query> {
  const leaf = fc.oneof(
    {
      weight: 1,
      arbitrary: fc
        .array(texts, { minLength: 1, maxLength: 2 })
        .map((parts): Query => ({ is: 'words', parts })),
    },
    {
      weight: 5,
      arbitrary: fc
        .constantFrom(...QUERY_FIELDS)
        .chain((field) =>
          fc
            .array(values(field, texts), { minLength: 1, maxLength: 3 })
            .map((each): Query => termOf(field.name, each)),
        ),
    },
  );
  const { query } = fc.letrec<{ query: Query }>((tie) => ({
    query: fc.oneof(
      { depthSize: 'small', maxDepth: 5, withCrossShrink: true },
      leaf,
      tie('query').map((of): Query => ({ is: 'not', of })),
      fc.array(tie('query'), { minLength: 2, maxLength: 3 }).map(allOf),
      fc.array(tie('query'), { minLength: 2, maxLength: 3 }).map(anyOf),
    ),
  }));
  return query;
}
