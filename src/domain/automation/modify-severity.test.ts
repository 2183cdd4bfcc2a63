import { describe, expect, test } from 'vitest';
import type { FindingType } from '../finding/finding-type.ts';
import type { Severity } from '../severity/severity.ts';
import type { ActionOf } from './automation-rule.ts';
import { severityBy } from './modify-severity.ts';

const set = (severity: Severity) => ({ type: 'severity', set: severity }) as const;
const shift = (by: 'up_one' | 'down_one') => ({ type: 'severity', shift: by }) as const;
const rated = (word: Severity) => ({ severity: word, scoring: { by: 'word', word } }) as const;
const UNRATED = { severity: 'medium', scoring: { by: 'unrated' } } as const;

describe('the severity that a rule gives', () => {
  test.each<[string, ActionOf<'severity'>, FindingType, Parameters<typeof severityBy>[2], Severity | null]>([
    ['sets it', set('low'), 'secret', rated('high'), 'low'],
    ['changes nothing, which is no match', set('high'), 'secret', rated('high'), null],
    ['raises by one', shift('up_one'), 'misconfiguration', rated('medium'), 'high'],
    ['raises no further than critical', shift('up_one'), 'misconfiguration', rated('critical'), null],
    ['lowers by one', shift('down_one'), 'misconfiguration', rated('low'), 'info'],
    ['lowers no further than info', shift('down_one'), 'misconfiguration', rated('info'), null],
    ['leaves at low what is never nothing', shift('down_one'), 'code_vulnerability', rated('low'), null],
    ['sets at low what is never nothing', set('info'), 'iac_misconfiguration', rated('high'), 'low'],
    ['does not raise what nobody rated', shift('up_one'), 'library_vulnerability', UNRATED, null],
    ['does not lower what nobody rated', shift('down_one'), 'library_vulnerability', UNRATED, null],
    ['sets what nobody rated', set('critical'), 'library_vulnerability', UNRATED, 'critical'],
  ])('%s', (_, action, type, assessment, given) => {
    expect(severityBy(action, type, assessment)).toBe(given);
  });
});
