import { describe, expect, test } from 'vitest';
import { paintFor } from './paint.ts';
import { testRow } from './present-list.test-rows.ts';
import { type ListView, presentList, riskMarks } from './present-list.ts';
import { displayWidth } from './terminal-text.ts';

const PLAIN = paintFor({ isColourWanted: false });
const LOG4SHELL = testRow({}, ['yes', 'unknown', 'no', 'yes', 'yes']);
const SECRET = testRow({
  id: 'vutsrqponmlkjihg',
  type: 'secret',
  severity: 'high',
  score: null,
  title: 'AWS key\u001b[2J\nin deploy.sh',
  resources: 1,
  services: 0,
  admittedBy: [],
});

function shown(view: Partial<ListView>, width: number | null = null): string {
  const whole: ListView = {
    issues: [],
    total: view.issues?.length ?? 0,
    isAll: false,
    isFiltered: false,
    firstReport: null,
    ...view,
  };
  return presentList(whole, { paint: PLAIN, width }).join('\n');
}

const LEGEND =
  'Risks: P publicly accessible, V privileged access, A under attack, E exploit available, R in production; ? unknown, - no. R+S: resources + services.';

test('the ranked list', () => {
  expect(shown({ issues: [LOG4SHELL, SECRET] })).toBe(
    [
      '#  SEVERITY  SCORE  RISKS  R+S  TYPE     ID                TITLE',
      '1  critical   10.0  P?-ER  2+1  library  0123456789abcdef  CVE-2021-44228: Log4Shell',
      '2  high          -  -----  1+0  secret   vutsrqponmlkjihg  AWS key[2J in deploy.sh',
      '',
      LEGEND,
    ].join('\n'),
  );
});

test('with what is not admitted, each row says which it is', () => {
  expect(
    shown({ issues: [LOG4SHELL, SECRET], isAll: true })
      .split('\n')
      .slice(0, 3),
  ).toEqual([
    '#  SEVERITY  SCORE  RISKS  R+S  ADMITTED  TYPE     ID                TITLE',
    '1  critical   10.0  P?-ER  2+1  yes       library  0123456789abcdef  CVE-2021-44228: Log4Shell',
    '2  high          -  -----  1+0  not       secret   vutsrqponmlkjihg  AWS key[2J in deploy.sh',
  ]);
});

test('titles are cut to the terminal, never below 16 columns', () => {
  const long = testRow({ title: `漢字${'x'.repeat(200)}` });
  const widths = [100, 90, 40].map((width) =>
    displayWidth(shown({ issues: [long] }, width).split('\n')[1] ?? ''),
  );
  expect(widths).toEqual([100, 90, 75]);
});

test('what was left out is told', () => {
  expect(
    shown({ issues: [LOG4SHELL], total: 1_234 })
      .split('\n')
      .at(-1),
  ).toBe('1 of 1234 issues; --limit 1234 shows all.');
});

test.each([
  [{}, 'Nothing is open. Read a report with: security-inbox import PATH'],
  [{ isFiltered: true }, 'No issue matches the query.'],
])('an empty list: %j', (view, text) => {
  expect(shown(view)).toBe(text);
});

test('the first report: what waits, what holds it back, and the same ranking below', () => {
  const holdingBack = [
    {
      condition: 'in_production',
      sentence: 'Whether it runs in production',
      count: 40,
      remedy: 'security-inbox import REPORT --env production',
    },
    {
      condition: 'under_attack',
      sentence: 'Whether it was attacked',
      count: 1,
      remedy: 'security-inbox import falco.jsonl',
    },
  ];
  expect(shown({ firstReport: { waiting: 41, holdingBack, notAdmitted: [SECRET] } })).toBe(
    [
      'Nothing is admitted to the inbox yet.',
      '',
      '41 open findings wait outside the inbox, as no rule admits them.',
      'What holds back most:',
      '  Whether it runs in production: 40 findings',
      '    security-inbox import REPORT --env production',
      '  Whether it was attacked: 1 finding',
      '    security-inbox import falco.jsonl',
      '',
      'Ranked by the same rule, not admitted:',
      '',
      '#  SEVERITY  SCORE  RISKS  R+S  TYPE    ID                TITLE',
      '1  high          -  -----  1+0  secret  vutsrqponmlkjihg  AWS key[2J in deploy.sh',
      '',
      LEGEND,
      'All of it: security-inbox list --all',
    ].join('\n'),
  );
});

test('one finding that waits for no known reason', () => {
  expect(
    shown({ issues: [LOG4SHELL], firstReport: { waiting: 1, holdingBack: [], notAdmitted: [] } })
      .split('\n')
      .at(-1),
  ).toBe('1 open finding waits outside the inbox, as no rule admits it.');
});

describe('colours', () => {
  test('add nothing but themselves', () => {
    const view: ListView = {
      issues: [LOG4SHELL, SECRET],
      total: 2,
      isAll: false,
      isFiltered: false,
      firstReport: null,
    };
    const coloured = presentList(view, { paint: paintFor({ isColourWanted: true }), width: 100 }).join('\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences
    const plain = coloured.replace(/\u001b\[\d+m/g, '');
    expect(plain).not.toBe(coloured);
    expect(plain).toBe(shown({ issues: [LOG4SHELL, SECRET] }, 100));
  });
});

test('yes, unknown and no are told apart by their marks', () => {
  expect([
    riskMarks(testRow({}, ['yes', 'yes', 'yes', 'yes', 'yes'])),
    riskMarks(testRow({}, ['unknown', 'no', 'yes', 'no', 'unknown'])),
  ]).toEqual(['PVAER', '?-A-?']);
});
