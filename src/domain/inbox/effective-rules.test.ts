import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from './default-rules.ts';
import { effectiveRules, type OwnRule } from './effective-rules.ts';

const OWN: OwnRule = {
  id: 'own.1',
  title: 'Serious secrets',
  sentence: 'High or critical.',
  types: ['secret'],
  when: [{ fact: 'severity', atLeast: 'high' }],
  clonedFrom: 'default.secret',
  isEnabled: true,
  by: 'maria',
  at: 1,
};

describe('the rules of an organisation', () => {
  it('are the default ones, all on, where nobody said anything', () => {
    const rules = effectiveRules({ switchedOff: new Map(), own: [] });
    const untouched = { isEnabled: true, isDefault: true, clonedFrom: null, changed: null };
    expect(rules.map((rule) => ({ ...rule }))).toEqual(
      DEFAULT_RULES.map((rule) => ({ ...rule, ...untouched })),
    );
  });

  it('keep what is switched off, and have its own behind the default ones', () => {
    const rules = effectiveRules({
      switchedOff: new Map([['default.secret', { by: 'maria', at: 2 }]]),
      own: [OWN],
    });
    expect(rules.filter((rule) => !rule.isEnabled).map(({ id, changed }) => [id, changed])).toEqual([
      ['default.secret', { by: 'maria', at: 2 }],
    ]);
    expect(rules.at(-1)).toEqual({
      id: 'own.1',
      title: 'Serious secrets',
      sentence: 'High or critical.',
      types: ['secret'],
      when: [{ fact: 'severity', atLeast: 'high' }],
      clonedFrom: 'default.secret',
      isEnabled: true,
      isDefault: false,
      changed: { by: 'maria', at: 1 },
    });
  });
});
