import { expect, test } from 'vitest';
import RULES from './data/step-rules.json' with { type: 'json' };
import { type StepRuleId, stepRule } from './step-rules.ts';

const IDS = Object.keys(RULES) as readonly StepRuleId[];

/** Rules whose steps are likelier or less likely than what is merely configured, and 1 where each step says so itself (attack-paths §4.4). */
const OTHERWISE: Readonly<Partial<Record<StepRuleId, number>>> = {
  'container-escape': 0.9,
  'cluster-takeover': 0.9,
  'dangling-name': 0.7,
  'pushes-image': 0.5,
  'applies-repository': 0.5,
  'pipeline-flaw': 0.5,
  'guessed-login': 0.05,
  'guessed-password': 0.05,
  'leaked-credential': 1,
  'found-credential': 1,
  'network-exploit': 1,
  'code-exploit': 1,
  'request-forgery': 1,
  'machine-flaw': 1,
  'remote-login': 1,
  'database-login': 1,
};

test.each(IDS)('%s succeeds as often as its kind of evidence does', (id) => {
  expect(stepRule(id).probability).toBe(OTHERWISE[id] ?? 0.95);
});

/** Steps that need a flaw, a guess or a credential: a path with one of them is no open door (attack-paths §4.7). */
const NOT_CONFIGURED: readonly StepRuleId[] = [
  'leaked-credential',
  'dangling-name',
  'guessed-login',
  'pipeline-flaw',
  'network-exploit',
  'guessed-password',
  'code-exploit',
  'request-forgery',
  'found-credential',
  'machine-flaw',
  'remote-login',
  'database-login',
];

test('a rule is configuration alone unless it needs a flaw, a guess or a credential', () => {
  expect(IDS.filter((id) => !stepRule(id).isConfiguration).sort()).toEqual([...NOT_CONFIGURED].sort());
});

test('every rule has a title, a category and a technique', () => {
  for (const id of IDS) {
    const { title, category, technique } = stepRule(id);
    expect(title, id).toMatch(/^[A-Z]/);
    expect(['entry', 'compromise', 'credential', 'lateral', 'escalate', 'collect'], id).toContain(category);
    expect(technique, id).toMatch(/^T\d{4}(?:\.\d{3})?$/);
  }
});
