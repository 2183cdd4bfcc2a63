import { type RuleInput, ruleTypeSchema } from '../../../../src/contract/automation-rule.ts';
import { findingTypeSchema } from '../../../../src/contract/finding-type.ts';

export type RuleType = RuleInput['action']['type'];

export const ruleTypes: readonly RuleType[] = ruleTypeSchema.options;

export const ruleTypeWords: Record<RuleType, { readonly name: string; readonly does: string }> = {
  severity: { name: 'Change severity', does: 'sets another severity, which every other type then sees' },
  mute: { name: 'Mute', does: 'takes findings out of sight, with a reason' },
  due_date: { name: 'Due date', does: 'says until when findings are to be fixed' },
  inbox: { name: 'Add to inbox', does: 'takes findings into the inbox, beside the default rules' },
  assign: { name: 'Assign', does: 'gives findings to a team or a person' },
  ticket: { name: 'Make tickets', does: 'makes a ticket in a tracker for each new issue' },
};

const actions: Record<RuleType, RuleInput['action']> = {
  severity: { type: 'severity', set: 'high' },
  mute: { type: 'mute', reason: 'risk_accepted', until: null, description: null },
  due_date: { type: 'due_date', days: { critical: 7, high: 30 }, from: 'first_seen' },
  inbox: { type: 'inbox', reason: '' },
  assign: { type: 'assign', team: null, person: null },
  ticket: { type: 'ticket', receiver: '', perDay: 20, existing: false, all: false },
};

/** A rule of a type before anybody has written anything. */
export function newRule(type: RuleType): RuleInput {
  return {
    id: '',
    name: '',
    enabled: true,
    findingTypes: [...findingTypeSchema.options],
    query: '',
    action: actions[type],
  };
}

/** What a person writes of a rule, without what the server says about it. */
export function inputOf({ id, name, enabled, findingTypes, query, action }: RuleInput): RuleInput {
  return { id, name, enabled, findingTypes, query, action };
}

/** An id out of a name: small letters, digits and dashes, unlike those that are there. */
export function idOfName(name: string, taken: ReadonlySet<string>): string {
  const base =
    name
      .toLowerCase()
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 56)
      .replace(/-+$/, '') || 'rule';
  let id = base;
  for (let number = 2; taken.has(id); number++) id = `${base}-${number}`;
  return id;
}

/** The ids of a type with one of them moved to another place, both from 0. */
export function movedId(ids: readonly string[], from: number, to: number): string[] {
  const moved = [...ids];
  const [id] = moved.splice(from, 1);
  if (id !== undefined) moved.splice(Math.max(0, Math.min(to, moved.length)), 0, id);
  return moved;
}

/** A rule that makes tickets, and closes them with their issue or leaves them open; closing is what nobody has to say. */
export function closingTickets(
  { keepsOpen: _, ...others }: Extract<RuleInput['action'], { readonly type: 'ticket' }>,
  closes: boolean,
): RuleInput['action'] {
  return closes ? others : { ...others, keepsOpen: true };
}
