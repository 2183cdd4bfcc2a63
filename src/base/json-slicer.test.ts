import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonSlicer, type SliceOptions } from './json-slicer.ts';
import { at, parseJson } from './json-value.ts';
import { readElements, type SliceEvent, type UnreadElement } from './unread-element.ts';

function slice(text: string | Buffer, options: SliceOptions, chunkSize = 1 << 20): SliceEvent[] {
  const slicer = new JsonSlicer(options);
  const bytes = Buffer.from(text as string);
  const events: SliceEvent[] = [];
  for (let i = 0; i < bytes.length; i += chunkSize)
    events.push(...read(slicer.push(Buffer.from(bytes.subarray(i, i + chunkSize)))));
  events.push(...read(slicer.end()));
  return events;
}

function read(events: ReturnType<JsonSlicer['push']>): SliceEvent[] {
  return [...readElements(events, undefined)];
}

const REPORT = {
  ArtifactName: 'a "quoted\\" name',
  Empty: [],
  Results: [
    {
      Target: 't1',
      Class: 'os-pkgs',
      Packages: [{ a: 1 }],
      Vulnerabilities: [{ id: 1, s: '}]",\\' }, { id: 2 }],
      Last: true,
    },
    { Target: 't2', Vulnerabilities: null },
    { Target: 't3' },
  ],
  After: { x: [1, 2] },
};

test('elements come with the members of their parents that were read so far; closed containers with all of them', () => {
  const options = { patterns: ['Results.*.Vulnerabilities.*'], skip: ['Results.*.Packages'] };
  for (const chunkSize of [1, 2, 3, 7, 1000]) {
    const events = slice(JSON.stringify(REPORT), options, chunkSize);
    expect(events.map((event) => [event.kind, event.path])).toEqual([
      ['element', 'Results[0].Vulnerabilities[0]'],
      ['element', 'Results[0].Vulnerabilities[1]'],
      ['close', 'Results[0]'],
      ['close', 'Results[1]'],
      ['close', 'Results[2]'],
      ['close', ''],
    ]);
    const first = events[0];
    expect(first?.kind === 'element' && first.value).toEqual(REPORT.Results[0]?.Vulnerabilities?.[0]);
    const closed = events.filter((event) => event.kind === 'close').map((event) => event.value);
    expect(closed).toEqual([
      { Target: 't1', Class: 'os-pkgs', Last: true },
      { Target: 't2', Vulnerabilities: null },
      { Target: 't3' },
      { ArtifactName: REPORT.ArtifactName, Empty: [], After: REPORT.After },
    ]);
  }
});

test('any JSON value in any chunks gives the elements that parsing the whole gives', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue({ maxDepth: 4 })),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 2 }),
      (values, chunkSize, indent) => {
        const events = slice(JSON.stringify(values, null, indent), { patterns: ['*'] }, chunkSize);
        expect(events.map((event) => event.kind === 'element' && event.value)).toEqual(
          parseJson(JSON.stringify(values)),
        );
      },
    ),
  );
});

test('texts end where they end, however long, however they are escaped and wherever chunks end', () => {
  const piece = fc.constantFrom(
    'a',
    '\\',
    '"',
    '\n',
    '\u00e9',
    '\u{1f41b}',
    ',',
    '}',
    ']',
    'x'.repeat(70),
    '\\'.repeat(9),
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(
      fc.array(fc.oneof(text, fc.record({ text, texts: fc.array(text, { maxLength: 3 }) })), {
        maxLength: 6,
      }),
      fc.integer({ min: 1, max: 90 }),
      (values, chunkSize) => {
        const report = JSON.stringify({ before: values, r: values, after: values });
        const events = slice(report, { patterns: ['r.*'], skip: ['before'] }, chunkSize);
        expect(events.map((event) => event.kind !== 'bad' && event.value)).toEqual([
          ...values,
          { after: values },
        ]);
      },
    ),
  );
});

test('patterns that name an index, a key or anything say together what becomes of a value', () => {
  const events = slice('{"a":[{"x":1},{"x":2,"y":3},{"x":4}],"b":[{"x":5}],"c":{"k":{"x":6}}}', {
    patterns: ['a.1.x', '*.*.y', 'a.2', '*.*.x'],
    skip: ['b', 'a.0.x'],
  });
  expect(
    events.flatMap((event) =>
      event.kind === 'element' ? [`${event.pattern} ${event.path}=${JSON.stringify(event.value)}`] : [],
    ),
  ).toEqual(['0 a[1].x=2', '1 a[1].y=3', '2 a[2]={"x":4}', '3 c.k.x=6']);
});

test('each element is shown before it is parsed, once, and what is recalled is passed over', () => {
  const asked: string[] = [];
  const recall = ({ path, text }: UnreadElement) => {
    asked.push(`${path} ${text}`);
    return text === '2';
  };
  const slicer = new JsonSlicer({ patterns: ['r.*'] });
  const events = [...readElements(slicer.push(Buffer.from('{"r":[{"a":1}, 2,"x"]}')), recall)];
  expect(asked).toEqual(['r[0] {"a":1}', 'r[1] 2', 'r[2] "x"']);
  expect(events.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    'element r[0]',
    'element r[2]',
    'close ',
  ]);
});

test('one bad element among many neighbours spoils none of them', () => {
  const entries = Array.from({ length: 50 }, (_, index) => (index === 20 ? '{"a":[1}]' : `{"a":${index}}`));
  const events = slice(`[${entries.join(',')},{2]]`, { patterns: ['*'] });
  expect(events.flatMap((event) => (event.kind === 'bad' ? [event.path] : []))).toEqual(['[20]', '[50]']);
  expect(events.filter((event) => event.kind === 'element').map((event) => at(event.value, 'a'))).toEqual(
    Array.from({ length: 50 }, (_, index) => index).filter((index) => index !== 20),
  );
});

test.each(['[1,]', '[{"a":1},]', '[,1]', '[{},,{}]', '["a"'])('%s is no list', (list) => {
  for (const chunkSize of [1, 1_000])
    expect(() => slice(`{"r":${list}}`, { patterns: ['r.*'] }, chunkSize)).toThrow(/Not valid JSON/);
});

test('a list in which not all elements are wanted has the ones that are', () => {
  const options = { patterns: ['r.*'], skip: ['r.1'] };
  const events = slice('{"r":[{"a":0},{"a":1},{"a":2},"x",4]}', options);
  expect(events.flatMap((event) => (event.kind === 'element' ? [event.path] : []))).toEqual([
    'r[0]',
    'r[2]',
    'r[3]',
    'r[4]',
  ]);
});

test('documents that follow each other are elements of the empty pattern', () => {
  const events = slice('{"a":1}\n{"a":2} 3\n', { patterns: [''], documents: true }, 2);
  expect(events.map((event) => event.kind === 'element' && [event.path, event.value])).toEqual([
    ['[0]', { a: 1 }],
    ['[1]', { a: 2 }],
    ['[2]', 3],
  ]);
});

test('a bad element is told and the rest is kept', () => {
  const events = slice('{"r":[{"a":1},{"a":tru},{"a":3}]}', { patterns: ['r.*'] });
  expect(events.map((event) => [event.kind, event.path])).toEqual([
    ['element', 'r[0]'],
    ['bad', 'r[1]'],
    ['element', 'r[2]'],
    ['close', ''],
  ]);
});

test.each([
  ['{"r":[{"a":1}', /cut off/],
  ['{"r":[1] x', /comma or a closing brace/],
  ['{"r":[1]} {"r":[2]}', /text follows/],
  ['{r:1}', /key in double quotes/],
  ['{"r" 1}', /colon/],
  ['{"r":[1,,2]}', /a value was expected/],
  [`{"r":[${'['.repeat(100)}${']'.repeat(100)}]}`, /at most 64 levels deep, found more at byte 69\./],
])('%s is refused with the place', (text, message) => {
  expect(() => slice(text, { patterns: ['r.*'] })).toThrow(message);
});

test('what stood before a break in the same chunk is kept', () => {
  const slicer = new JsonSlicer({ patterns: ['r.*'] });
  expect(read(slicer.push(Buffer.from('{"r":[1,2 x'))).map((event) => event.path)).toEqual(['r[0]', 'r[1]']);
  expect(() => slicer.push(Buffer.from(',3]}'))).toThrow(/comma or a closing bracket/);
  expect(() => slicer.end()).toThrow(/comma or a closing bracket/);
});

test('a key named __proto__ reaches no prototype', () => {
  const events = slice('{"__proto__":{"polluted":1},"r":[{"__proto__":{"polluted":1},"b":2}]}', {
    patterns: ['r.*'],
  });
  const element = events[0];
  expect(element?.kind === 'element' && element.value).toEqual({ b: 2 });
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test('keys named constructor and prototype are keys like any other, and found only where they are written', () => {
  const [event] = slice('{"r":[{"constructor":{"prototype":{"polluted":1}},"prototype":2}]}', {
    patterns: ['r.*'],
  });
  const element = event?.kind === 'element' ? event.value : null;
  expect([at(element, 'constructor', 'prototype', 'polluted'), at(element, 'prototype')]).toEqual([1, 2]);
  expect(at(element, 'toString')).toBeUndefined();
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

const keys = (count: number) => `{${Array.from({ length: count }, (_, index) => `"k${index}":0`).join(',')}}`;
const nested = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`;

test.each([
  ['64 levels', `{"r":[${nested(62)}]}`, ['element r[0]']],
  ['10,000 keys', `{"r":[${keys(10_000)}]}`, ['element r[0]']],
  ['10,001 keys', `{"r":[{"a":${keys(10_001)}},{"b":1}]}`, ['bad r[0]', 'element r[1]']],
  ['a key twice', '{"r":[{"severity":"critical","severity":"info"},{"b":1}]}', ['bad r[0]', 'element r[1]']],
  ['a key twice, deeper', '{"r":[{"a":[{"b":{"c":1,"d":":","c":1}}]}]}', ['bad r[0]']],
  ['a key in two spellings', '{"r":[{"a":1,"\\u0061":2}]}', ['bad r[0]']],
  ['a dropped key', '{"r":[{"__proto__":{"x":1},"a":{"__proto__":2}}]}', ['element r[0]']],
  ['a dropped key twice', '{"r":[{"__proto__":1,"__proto__":2}]}', ['bad r[0]']],
  ['colons in texts', '{"r":[{"a:b":"c:\\":d","e":[":"]}]}', ['element r[0]']],
])('an element with %s', (_name, text, expected) => {
  for (const chunkSize of [1, 1_000_000]) {
    const events = slice(text, { patterns: ['r.*'] }, chunkSize);
    expect(events.flatMap(({ kind, path }) => (kind === 'close' ? [] : [`${kind} ${path}`]))).toEqual(
      expected,
    );
  }
});

test('an element of 64 MB is read', () => {
  const slicer = new JsonSlicer({ patterns: ['r.*'] });
  const events = read(slicer.push(Buffer.from('{"r":["')));
  const megabyte = Buffer.alloc(1024 ** 2, 'x');
  for (let megabytes = 0; megabytes < 63; megabytes += 1) events.push(...read(slicer.push(megabyte)));
  // Its two quotes are part of it.
  events.push(...read(slicer.push(megabyte.subarray(2))));
  events.push(...read(slicer.push(Buffer.from('"]}'))));
  expect(events.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['element r[0]', 'close ']);
});

test('an element larger than 64 MB is passed over, and the next one is read', () => {
  const slicer = new JsonSlicer({ patterns: ['r.*'] });
  const megabyte = Buffer.alloc(1024 ** 2, 'x');
  const events = read(slicer.push(Buffer.from('{"r":["')));
  for (let megabytes = 0; megabytes < 65; megabytes += 1) events.push(...read(slicer.push(megabyte)));
  events.push(...read(slicer.push(Buffer.from('",3]}'))));
  expect(events.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['bad r[0]', 'element r[1]', 'close ']);
});

test.each([
  ['{"r":[{"a":1,"a":2}]}', 'ambiguous: one of its objects gives a key twice'],
  [`{"r":[${keys(10_001)}]}`, 'too wide: one of its objects has more than 10,000 keys'],
])('why an element is bad follows "is": %.30s', (text, message) => {
  expect(slice(text, { patterns: ['r.*'] })).toContainEqual(
    expect.objectContaining({ kind: 'bad', message }),
  );
});

test.each([
  ['65 levels', `{"r":[${nested(63)}]}`, 'report_too_deep'],
  ['a key of its own twice', '{"a":1,"r":[],"a":2}', 'report_broken'],
  ['a key twice beside the elements', '{"a":{"b":1,"b":2},"r":[]}', 'report_broken'],
  ['10,001 keys beside the elements', `{"a":${keys(10_001)},"r":[]}`, 'report_broken'],
])('a report with %s is refused', (_name, text, code) => {
  expect(() => slice(text, { patterns: ['r.*'] })).toThrow(expect.objectContaining({ code }));
});
