import { seconds, timed } from './measure.ts';
import type { MeasuredInbox } from './measured-inbox.ts';

/** Rules on all findings, from such as every finding is alike in to such as tell each of them apart. */
const RULES: readonly (readonly [name: string, when: string, action: string])[] = [
  ['all findings are lowered', '', 'severity: [{ ID, set: low }]'],
  ['by severity and risk', 'severity:>=high risk:in_production', 'inbox: [{ ID, reason: x }]'],
  ['one advisory', 'cve:CVE-2024-100500', 'mute: [{ ID, reason: no_fix }]'],
  ['a tenth of the advisories', 'cve:CVE-2024-1*0', 'mute: [{ ID, reason: no_fix }]'],
  ['by title', 'title:overflow', 'mute: [{ ID, reason: no_fix }]'],
  ['due dates from a fix', '', 'due_date: [{ ID, days: { critical: 7, high: 30 }, from: fix_available }]'],
  ['by when each was first seen', 'first_seen:<now-1d', 'mute: [{ ID, reason: no_fix }]'],
];

/** A rule counts in so many seconds for what was there before it, at 1 M findings. */
const LIMIT_S = 10;

/** What it takes to preview a rule, to make it act on everything that is there, and to take it away again, one right after the other. */
export async function measureRules(inbox: MeasuredInbox, label: string): Promise<readonly string[]> {
  // What comes of the import beside is no matter of rules.
  await inbox.settle();
  const lines: string[] = [];
  for (const [name, when, action] of RULES) {
    const id = `id: r, name: R, for: [library_vulnerability, infrastructure_vulnerability], when: ${JSON.stringify(when)}`;
    const text = action.replace('ID', id);
    let told = '';
    const preview = await timed(async () => {
      const { assessed, changed, matches } = await inbox.previewRules(text);
      told = `${matches[0]?.findings ?? 0} findings match, ${changed} of ${assessed} issues differ`;
    });
    const apply = await timed(() => inbox.applyRules(text));
    const remove = await timed(() => inbox.applyRules(action.replace(/\[.*/, '[]')));
    lines.push(
      `${label} findings: rule, ${name}: preview ${seconds(preview)}, in force after ${seconds(apply)} (limit at 1 M: ${LIMIT_S} s), gone after ${seconds(remove)}; ${told}`,
    );
  }
  return lines;
}
