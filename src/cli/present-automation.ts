import { capital, counted } from '#base/text.ts';
import type {
  AutomationRule,
  AutomationRuleList,
  RuleChange,
  RulesPreview,
} from '#contract/automation-rule.ts';
import { presentTable } from './table.ts';
import { safe } from './terminal-text.ts';
import { readable } from './words.ts';

/** The rules that act on findings as a table, by type and in their order. */
export function presentAutomation(
  { items: rules, running }: AutomationRuleList,
  width: number | null,
): readonly string[] {
  const first =
    running === null
      ? []
      : [
          `Other rules are being put in force since ${running.since}: ${running.done} of ${counted(running.all, 'issue')} assessed anew. Until they are, those below act.`,
        ];
  if (rules.length === 0)
    return [...first, 'No rule of the organisation acts on findings. "rules apply FILE" reads some.'];
  return first.concat(
    presentTable<AutomationRule>(
      [
        { title: 'TYPE', text: ({ type, position }) => `${readable(type)} ${position}` },
        { title: 'ID', text: ({ id }) => safe(id) },
        { title: 'FINDINGS', text: ({ findings }) => String(findings), align: 'right' },
        { title: 'ISSUES', text: ({ issues }) => String(issues), align: 'right' },
        { title: 'STATE', text: ({ state }) => readable(state) },
        { title: 'DOES', text: (rule) => `${safe(rule.name)}: ${actionText(rule.action)}` },
      ],
      rules,
      width,
    ),
    rules.flatMap(({ id, state, sentence }) =>
      sentence === null || state === 'off' ? [] : [`${safe(id)}: ${safe(sentence)}`],
    ),
  );
}

/** What a rule does, in a few words. */
function actionText(action: AutomationRule['action']): string {
  switch (action.type) {
    case 'severity':
      return 'set' in action ? `severity ${action.set}` : `severity ${readable(action.shift)}`;
    case 'mute':
      return `mute, ${readable(action.reason)}${action.until === null ? '' : ` until ${action.until.slice(0, 10)}`}`;
    case 'due_date': {
      const days = Object.entries(action.days).map(([severity, count]) => `${severity} ${count}`);
      return `due from ${readable(action.from)}${days.length === 0 ? '' : `, days: ${days.join(', ')}`}`;
    }
    case 'inbox':
      return `into the inbox: ${safe(action.reason)}`;
    case 'assign':
      return action.team === null ? `to ${safe(action.person ?? '')}` : `to team ${safe(action.team)}`;
    case 'ticket':
      return `a ticket in ${safe(action.receiver)}, ${action.perDay} a day at most`;
  }
}

const SIGNS = { added: '+', changed: '~', removed: '-', moved: '>' } as const;

/** What changes of the rules, one line each with what differs below it. */
export function presentChanges(changes: readonly RuleChange[]): readonly string[] {
  if (changes.length === 0) return ['Nothing differs.'];
  return changes.flatMap(({ id, what, before, after }) => {
    const rule = after ?? before;
    const line = `${SIGNS[what]} ${what} ${readable(rule?.action.type ?? '')} ${safe(id)}`;
    if (before === null || after === null || what !== 'changed') return [line];
    const members = ['name', 'enabled', 'findingTypes', 'query', 'action'] as const;
    return [
      line,
      ...members.flatMap((key) => {
        const [was, is] = [JSON.stringify(before[key]), JSON.stringify(after[key])];
        return was === is ? [] : [`    ${key}: ${safe(was)} -> ${safe(is)}`];
      }),
    ];
  });
}

/** What a change of the rules would do. */
export function presentRulesPreview(preview: RulesPreview): readonly string[] {
  const { changes, matches, enter, leave, moved, changed, assessed, samples, tickets } = preview;
  return [
    ...presentChanges(changes),
    '',
    ...matches.map(({ rule, takenBy, findings, issues }) =>
      takenBy === null
        ? `${safe(rule)} acts on ${counted(findings, 'finding')} of ${counted(issues, 'issue')}.`
        : `${safe(rule)} matches ${counted(findings, 'finding')} on which ${safe(takenBy)} acts before it.`,
    ),
    ...changes
      .filter(({ id, after }) => after?.enabled === true && matches.every(({ rule }) => rule !== id))
      .map(({ id }) => `${safe(id)} matches no open finding.`),
    `${capital(counted(enter, 'issue'))} would enter the inbox, ${leave} leave it, ${moved} change their severity in it. Of ${counted(assessed, 'issue')} looked at ${changed} would differ. Nothing was changed.`,
    ...samples.flatMap(({ before, after }) => [
      '',
      safe(after.title),
      `  ${standing(before)}`,
      `  ${standing(after)}`,
    ]),
    ...tickets.flatMap(({ rule, title, text }) => [
      '',
      `${safe(rule)} would make such tickets, this one of the highest issue; none was made:`,
      ...[title, '', ...text.split('\n')].map((line) => (line === '' ? '' : `  ${safe(line)}`)),
    ]),
  ];
}

function standing(issue: RulesPreview['samples'][number]['after']): string {
  const parts = [
    issue.place === null ? (issue.muted ? 'muted' : 'not in the inbox') : `place ${issue.place}`,
    `${issue.severity} ${issue.score.toFixed(1)}`,
    ...(issue.dueAt === null ? [] : [`due ${issue.dueAt.slice(0, 10)}`]),
    ...(issue.team === null ? [] : [`team ${safe(issue.team)}`]),
    ...(issue.assignee === null ? [] : [`assigned to ${safe(issue.assignee)}`]),
  ];
  return parts.join(', ');
}
