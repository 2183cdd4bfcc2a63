import { counted } from '#base/text.ts';
import type {
  AttackPath,
  AttackPathList,
  AttackPathStep,
  FixPlan,
  PathMap,
  WhatIf,
} from '#contract/attack-path.ts';
import type { Paint } from './paint.ts';
import { safe } from './terminal-text.ts';

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
  const { steps, story, fixes, likelihood, why, alternatives, more } = path;
  const others = alternatives.length + more;
  const [first] = fixes;
  return [
    ...(story === '' ? [] : [safe(story)]),
    `likelihood about ${percent(likelihood)} (experts' estimate). ${safe(why)}`,
    ...steps.flatMap(stepLines),
    ...(first === undefined ? [] : [`fix first: ${safe(first.sentence)}`]),
    ...(others === 0
      ? []
      : [`and ${counted(others, 'more way')}; --json has ${more === 0 ? 'them' : 'some'}.`]),
  ];
}

function stepLines(step: AttackPathStep, index: number): readonly string[] {
  const { sentence, gates, assumptions, technique, otherWays, evidence } = step;
  const seen = evidence[0];
  return [
    `${index + 1}. ${safe(sentence)}.`,
    ...(seen === undefined
      ? []
      : [
          `   ${safe(seen.sentence)} (${safe(seen.provenance)}${seen.at === null ? '' : `, ${seen.at.slice(0, 10)}`})`,
        ]),
    ...assumptions.map((each) => `   assumed: ${safe(each)}`),
    ...(technique === null ? [] : [`   ATT&CK ${technique.id} ${technique.name}`]),
    ...gates.map((gate) => `   to close it: ${safe(gate.sentence)}`),
    ...(otherWays === 0 ? [] : [`   ${counted(otherWays, 'other step')} would do the same`]),
  ];
}

export function presentFixPlan({ items, share: all, atLeast }: FixPlan, paint: Paint): readonly string[] {
  if (items.length === 0) return ['There is nothing to plan: no attack path is open.'];
  const told = items.flatMap(({ gate, share, closes, left, targetsCut }, index) => [
    `${index + 1}. ${paint.strong(safe(gate.sentence))}`,
    `   takes ${percent(share)} of all risk; ${counted(closes.length, 'path')} gone, ${left} left; ${counted(targetsCut, 'target')} out of reach`,
    ...closes.map((each) => `   closes: ${safe(each.title)}`),
    `   gate ${safe(gate.id)}`,
  ]);
  return [
    ...told,
    '',
    `${counted(items.length, 'fix', 'fixes')} ${items.length === 1 ? 'takes' : 'take'} ${percent(all)} of all risk; no plan that closes every path has fewer than ${atLeast}.`,
  ];
}

export function presentWhatIf({ gates, items }: WhatIf, paint: Paint): readonly string[] {
  return [
    paint.strong('Closing'),
    ...gates.map((gate) => `  ${safe(gate.sentence)}`),
    '',
    ...items.map(({ title, becomes, severity, severityAfter }) => {
      const after =
        severityAfter === null || severityAfter === severity ? '' : ` ${severity} -> ${severityAfter}`;
      return `${becomes.padEnd(11)}  ${safe(title)}${after}`;
    }),
  ];
}

function percent(share: number): string {
  const hundredths = share * 100;
  return hundredths > 0 && hundredths < 1 ? 'less than 1 %' : `${Math.round(hundredths)} %`;
}

/** The map of a path as text: column by column, each thing with what leads on from it. */
export function presentPathMap({ title, nodes, edges, hidden }: PathMap, paint: Paint): readonly string[] {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  return [
    paint.strong(safe(title)),
    ...nodes.flatMap(({ id, layer, kind, name, badges, issues, owner, link }) => [
      `${layer}  ${safe(name)} (${[kind, ...badges, ...(owner === null ? [] : [`owner ${safe(owner)}`]), ...(issues.length === 0 ? [] : [counted(issues.length, 'issue')])].join(', ')})`,
      ...(link === null ? [] : [`     ${safe(link)}`]),
      ...edges
        .filter(({ from }) => from === id)
        .map(({ to, rule }) => `   > ${safe(names.get(to) ?? to)}: ${rule}`),
    ]),
    ...(hidden === 0 ? [] : [`${counted(hidden, 'more thing')} not drawn.`]),
  ];
}
