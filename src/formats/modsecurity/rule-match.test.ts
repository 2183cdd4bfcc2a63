import { describe, expect, it } from 'vitest';
import {
  levelOf,
  type RuleMatch,
  readMessage,
  severityOfLevel,
  techniquesOf,
  whyNoAttack,
  worstMatch,
} from './rule-match.ts';

const MATCH: RuleMatch = { id: '942100', message: 'SQLi', level: 2, tags: ['attack-sqli'], isDenied: false };

describe('whether a match is an attack', () => {
  it.each<[string, Partial<RuleMatch>, boolean]>([
    ['a critical rule that only detects', {}, true],
    ['an error', { level: 3 }, true],
    ['a warning', { level: 4 }, false],
    ['a warning that was refused', { level: 4, isDenied: true }, true],
    ['no severity', { level: null }, false],
    ['a strict level', { tags: ['attack-sqli', 'paranoia-level/3'] }, false],
    ['a strict level that was refused', { tags: ['paranoia-level/4'], isDenied: true }, true],
    ['a rule on protocols', { tags: ['attack-protocol'] }, false],
    ['the sum that decides', { id: '949110', level: null, tags: [] }, true],
    ['the report of sums', { id: '980170', level: 0, isDenied: true }, false],
  ])('%s', (_, more, isAttack) => {
    expect(whyNoAttack({ ...MATCH, ...more }) === null).toBe(isAttack);
  });
});

it('the rule that says most stands for a request', () => {
  const sum = { ...MATCH, id: '949110', level: 0 };
  const notice = { ...MATCH, id: '920300', level: 5 };
  expect(worstMatch([notice, sum, MATCH])).toBe(MATCH);
  expect(worstMatch([notice, sum])).toBe(sum);
  expect(worstMatch([])).toBeNull();
});

it('a message without a rule is none, and a repeated field is the first', () => {
  expect(readMessage('ModSecurity: loaded')).toBeNull();
  expect(readMessage('ModSecurity: Access denied. [id "1"] [id "2"] [msg ""] [severity "x"]')?.match).toEqual(
    {
      id: '1',
      message: 'Rule 1',
      level: null,
      tags: [],
      isDenied: true,
    },
  );
});

it.each<[string | number | undefined, number | null, string | null]>([
  ['EMERGENCY', 0, 'high'],
  ['ALERT', 1, 'high'],
  ['CRITICAL', 2, 'high'],
  ['2', 2, 'high'],
  [3, 3, 'medium'],
  ['error', 3, 'medium'],
  ['WARNING', 4, 'low'],
  ['NOTICE', 5, 'info'],
  ['info', 6, 'info'],
  [7, 7, 'info'],
  [8, null, null],
  [-1, null, null],
  [1.5, null, null],
  ['', null, null],
  ['12', null, null],
  [undefined, null, null],
])('the severity %s is level %s: %s', (text, level, severity) => {
  expect(levelOf(text)).toBe(level);
  expect(severityOfLevel(level)).toBe(severity);
});

it('tags tell techniques, each once', () => {
  expect(techniquesOf(['attack-sqli', 'attack-rce', 'attack-xss', 'OWASP_CRS', 'constructor'])).toEqual([
    'T1190',
    'T1189',
  ]);
  expect(techniquesOf(['attack-reputation-scanner'])).toEqual(['T1595.002']);
  for (const tag of ['lfi', 'rfi', 'injection-php', 'injection-java', 'ssrf'])
    expect(techniquesOf([`attack-${tag}`])).toEqual(['T1190']);
});

it.each<[string, boolean]>([
  ['ModSecurity: Access denied with code 403. [id "1"]', true],
  ['Coraza: Request denied. [id "1"]', true],
  ['Access denied with code 403. [id "1"]', true],
  ['ModSecurity: Warning. Access denied elsewhere. [id "1"]', false],
])('%s was refused: %s', (text, isDenied) => {
  expect(readMessage(text)?.match.isDenied).toBe(isDenied);
});
