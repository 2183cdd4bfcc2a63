import { counted } from '#base/text.ts';
import type {
  AttackPath,
  AttackPathList,
  AttackPathStep,
  FixPlan,
  PathMap,
  WhatIf,
} from '#contract/attack-path.ts';
import { dataWords } from '#contract/data-words.ts';
import { severitySchema } from '#contract/severity.ts';
import type { Paint } from './paint.ts';
import { safe } from './terminal-text.ts';
import { readable } from './words.ts';

/** Attack paths, as lines for a terminal. */
export function presentPaths({ items, searchedAt, notes }: AttackPathList, paint: Paint): readonly string[] {
  if (items.length === 0)
    return [
      searchedAt === null
        ? 'No attack paths were looked for yet: import an inventory and findings.'
        : 'No attack path: nobody from outside gets anywhere that matters, as far as inventories and findings tell.',
      ...notes.map((note) => safe(note)),
    ];
  return [
    ...items.flatMap((path, index) => [
      ...(index === 0 ? [] : ['']),
      `${paint.severity(path.severity, path.severity)}  ${paint.strong(safe(path.title))}`,
      `id ${safe(path.id)}, ${counted(path.entries, 'entry', 'entries')}, ${counted(path.targets, 'target')}`,
      ...pathLines(path),
    ]),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => safe(note))]),
  ];
}

/** The likeliest way of a path, step by step, and what there is beside it. */
export function pathLines(path: AttackPath): readonly string[] {
  const { steps, story, fixes, likelihood, likelihoodAtMost, why, alternatives, more } = path;
  const others = alternatives.length + more;
  const [first] = fixes;
  return [
    ...(story === '' ? [] : [safe(story)]),
    `likelihood ${aboutPercent(likelihood)}, at most ${percent(likelihoodAtMost)} where its steps have one cause (experts' estimate). ${safe(why)}`,
    ...steps.flatMap(stepLines),
    ...(first === undefined ? [] : [`fix first: ${safe(first.sentence)}`]),
    ...path.alsoFoundBy.map(alsoFoundLine),
    ...(others === 0
      ? []
      : [`and ${counted(others, 'more way')}; --json has ${more === 0 ? 'them' : 'some'}.`]),
  ];
}

/** An attack path of other sources that may be the same. */
export function alsoFoundLine({ id, title, sources }: AttackPath['alsoFoundBy'][number]): string {
  return `also found by ${safe(sources.join(', '))}: ${safe(title)} (id ${safe(id)})`;
}

function stepLines(step: AttackPathStep, index: number): readonly string[] {
  const { sentence, gates, assumptions, technique, otherWays, evidence } = step;
  return [
    `${index + 1}. ${safe(sentence)}.`,
    ...evidence.flatMap(({ sentence: seen, provenance, at, link }) => [
      `   ${safe(seen)} (${safe(provenance)}${at === null ? '' : `, ${at.slice(0, 10)}`})`,
      ...(link === null ? [] : [`     ${safe(link)}`]),
    ]),
    ...assumptions.map((each) => `   assumed: ${safe(each)}`),
    ...(technique === null ? [] : [`   ATT&CK ${technique.id} ${technique.name}`]),
    ...gates.map((gate) => `   to close it: ${safe(gate.sentence)}`),
    ...(otherWays === 0 ? [] : [`   ${counted(otherWays, 'other step')} would do the same`]),
  ];
}

export function presentFixPlan(
  { items, share: all, atLeast, notes }: FixPlan,
  paint: Paint,
): readonly string[] {
  if (items.length === 0) return ['There is nothing to plan: no attack path is open.'];
  const told = items.flatMap((fix, index) => [
    `${index + 1}. ${paint.strong(safe(fix.gate.sentence))}`,
    `   ${fix.share === 0 ? 'takes risk with the next one only' : `takes ${percent(fix.share)} of all risk`}, ${percent(fix.shareSoFar)} so far${boundText(index + 1, fix.atMost)}`,
    `   ${EFFORT_WORDS[fix.effort] ?? 'work'}`,
    `   ${counted(fix.left, 'path')} left; ${counted(fix.targetsCut, 'target')} out of reach`,
    ...fix.paths.map((path) => `   ${changeLine(path)}`),
    ...(fix.assignee === null && fix.dueAt === null
      ? []
      : [
          `   assigned to ${safe(fix.assignee ?? 'nobody')}${fix.dueAt === null ? '' : `, due ${fix.dueAt.slice(0, 10)}`}`,
        ]),
    `   fix ${safe(fix.id)}`,
  ]);
  return [
    ...told,
    '',
    `${counted(items.length, 'fix', 'fixes')} ${items.length === 1 ? 'takes' : 'take'} ${percent(all)} of all risk; no plan that closes every path has fewer than ${atLeast}.`,
    ...notes.map((note) => safe(note)),
  ];
}

const EFFORT_WORDS: Readonly<Record<number, string>> = {
  1: 'a setting to change',
  2: 'a policy to edit',
  3: 'something to mend',
  8: 'something to build anew',
};

/** How much any plan of as many fixes takes at most; nothing where that is all there is. */
function boundText(count: number, atMost: number): string {
  if (atMost >= 1) return '';
  return `; no ${count === 1 ? 'single fix' : `${count} fixes`} could take more than ${percent(atMost)}`;
}

function changeLine({
  effect,
  title,
  severity,
  severityAfter,
}: Pick<WhatIf['paths'][number], 'effect' | 'title' | 'severity' | 'severityAfter'>): string {
  const after =
    severityAfter === null || severity === null || severityAfter === severity
      ? ''
      : ` (${severity} -> ${severityAfter})`;
  return `${effect}: ${safe(title)}${after}`;
}

export function presentWhatIf(
  { gates, paths, issues, inbox, notes }: WhatIf,
  paint: Paint,
): readonly string[] {
  const changed = paths.filter(({ becomes }) => becomes !== 'the same');
  const same = paths.length - changed.length;
  return [
    paint.strong('Fixes tried'),
    ...(gates.length === 0
      ? ['  no gate of an attack path']
      : gates.map((gate) => `  ${safe(gate.sentence)}`)),
    '',
    paint.strong('Attack paths'),
    ...(paths.length === 0 ? ['  there is none'] : []),
    ...changed.map((path) => `  ${path.becomes.padEnd(11)}  ${changeLine(path)}`),
    ...(same === 0
      ? []
      : [`  ${changed.length === 0 ? 'nothing changes: ' : ''}${counted(same, 'path')} as before`]),
    '',
    paint.strong('Issues'),
    ...(issues.length === 0 ? ['  none is resolved or reduced'] : []),
    ...issues.map((issue) => `  ${changeLine(issue)}${placeText(issue)}`),
    '',
    paint.strong('The inbox then'),
    ...inbox.map(
      ({ place, placeBefore, severity, title }) =>
        `  ${String(place).padStart(2)}. ${severity.padEnd(8)} ${safe(title)}${placeBefore === null ? ' (new)' : placeBefore === place ? '' : ` (now ${placeBefore})`}`,
    ),
    ...notes.map((note) => safe(note)),
  ];
}

function placeText({ place, placeAfter }: WhatIf['issues'][number]): string {
  if (place === null) return '';
  return placeAfter === null ? `, now place ${place}` : `, place ${place} -> ${placeAfter}`;
}

/** A share or a likelihood: neither has more digits than that. */
function percent(share: number): string {
  const hundredths = share * 100;
  return hundredths > 0 && hundredths < 1 ? 'less than 1 %' : `${Math.round(hundredths)} %`;
}

/** The map of a path as text: column by column, each thing with what leads on from it. */
export function presentPathMap({ title, nodes, edges, hidden }: PathMap, paint: Paint): readonly string[] {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  return [
    paint.strong(safe(title)),
    ...nodes.flatMap((node) => [
      `${node.layer}  ${safe(node.name)} (${nodeWords(node).join(', ')})`,
      ...nodeLines(node),
      ...edges
        .filter(({ from }) => from === node.id)
        .map(({ to, sentence }) => `   > ${safe(names.get(to) ?? to)}: ${safe(sentence)}`),
    ]),
    ...(hidden === 0 ? [] : [`${counted(hidden, 'more thing')} not drawn.`]),
  ];
}

function nodeWords({
  kind,
  count,
  account,
  environment,
  badges,
  data,
  issues,
  owner,
}: PathMap['nodes'][number]): readonly string[] {
  return [
    kind.replaceAll('-', ' '),
    ...(count > 1 ? [`${count} alike`] : []),
    ...(account === null ? [] : [`in ${safe(account)}`]),
    ...(environment === null ? [] : [safe(environment)]),
    ...badges.map(readable),
    ...(data.length === 0 ? [] : [`holds ${data.map((each) => safe(dataWords(each))).join(' and ')}`]),
    ...(owner === null ? [] : [`owner ${safe(owner)}`]),
    ...(issues.length === 0 ? [] : [counted(issues.length, 'issue')]),
  ];
}

function nodeLines({ findings, link }: PathMap['nodes'][number]): readonly string[] {
  const counts = severitySchema.options.flatMap((severity) =>
    findings[severity] === undefined ? [] : [`${findings[severity]} ${severity}`],
  );
  return [
    ...(counts.length === 0 ? [] : [`     findings: ${counts.join(', ')}`]),
    ...(link === null ? [] : [`     ${safe(link)}`]),
  ];
}

/** The same of an estimate. */
export function aboutPercent(share: number): string {
  const text = percent(share);
  return text.startsWith('less') ? text : `about ${text}`;
}
