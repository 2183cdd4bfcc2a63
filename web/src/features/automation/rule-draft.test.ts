import { expect, it } from 'vitest';
import { closingTickets, idOfName, movedId, newRule, ruleTypes } from './rule-draft.ts';

it.each([
  ['Cardholder systems, whatever the severity', 'cardholder-systems-whatever-the-severity'],
  ['Überall 2 ', 'uberall-2'],
  ['!!', 'rule'],
  ['x'.repeat(90), 'x'.repeat(56)],
  ['taken', 'taken-3'],
])('the id of a rule that is called %s', (name, id) => {
  expect(idOfName(name, new Set(['taken', 'taken-2']))).toBe(id);
});

it('moves a rule up and down within its list', () => {
  expect(movedId(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  expect(movedId(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  expect(movedId(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
  expect(movedId(['a', 'b'], 1, 9)).toEqual(['a', 'b']);
});

it('begins every type with an action of that type', () => {
  expect(ruleTypes.map((type) => newRule(type).action.type)).toEqual(ruleTypes);
});

it('says of tickets only that they stay open', () => {
  const { action } = newRule('ticket');
  if (action.type !== 'ticket') throw new Error('a rule of tickets begins with an action of tickets');
  const open = closingTickets(action, false);
  expect(open).toEqual({ ...action, keepsOpen: true });
  expect(closingTickets(open as typeof action, true)).toEqual(action);
  expect(closingTickets(action, true)).not.toHaveProperty('keepsOpen');
});
