import { counted } from '#base/text.ts';
import type { BlastRadius, WaysTo } from '#contract/attack-path.ts';
import { dataWords } from '#contract/data-words.ts';
import type { Paint } from './paint.ts';
import { aboutPercent } from './present-paths.ts';
import { safe } from './terminal-text.ts';

/** What whoever takes something gets to, as lines for a terminal. */
export function presentBlastRadius(radius: BlastRadius, paint: Paint): readonly string[] {
  const { taken, sentence, targets, controlled, wouldAffect, notes } = radius;
  const shares: readonly (readonly [string, BlastRadius['byTeam'], (name: string) => string])[] = [
    ['data', radius.byDataType, dataWords],
    ['account', radius.byAccount, accountOfEstate],
    ['environment', radius.byEnvironment, String],
    ['service', radius.byService, String],
    ['team', radius.byTeam, String],
  ];
  const names = taken.map(({ name }) => safe(name)).slice(0, NAMES_MAX);
  const more = taken.length - names.length;
  return [
    `Whoever has ${paint.strong(names.length === 0 ? 'it' : names.join(', '))}${more > 0 ? ` or ${counted(more, 'more resource')}` : ''} ${safe(sentence)}.`,
    ...shares.flatMap(([what, list, wordsOf]) =>
      list.length === 0
        ? []
        : [
            `by ${what}: ${list.map(({ name, targets: count }) => `${safe(name === null ? 'unknown' : wordsOf(name))} (${count})`).join(', ')}`,
          ],
    ),
    `controls or reads ${counted(controlled, 'resource')}`,
    ...targets.flatMap(({ name, likelihood, steps, team }) => [
      '',
      `${paint.strong(safe(name))}  ${aboutPercent(likelihood)}${team === null ? '' : `, owner ${safe(team)}`}`,
      ...steps.map((step, index) => `${index + 1}. ${safe(step.sentence)}.`),
    ]),
    ...(wouldAffect.length === 0 ? [] : ['', 'It would affect']),
    ...wouldAffect.map(
      ({ framework, items, because }) => `  ${safe(framework)} ${safe(items.join(', '))} (${safe(because)})`,
    ),
    ...notes.map((note) => safe(note)),
  ];
}

/** An account, or a cluster, without the cloud that it is in: `aws:123456789012`. */
function accountOfEstate(estate: string): string {
  return estate.slice(estate.indexOf(':') + 1);
}

const NAMES_MAX = 5;

/** Who can reach a resource, as lines for a terminal. */
export function presentWaysTo({ resource, ways, more, notes }: WaysTo, paint: Paint): readonly string[] {
  if (ways.length === 0)
    return [
      `Nobody gets to ${safe(resource.name)}, as far as inventories and findings tell.`,
      ...notes.map((note) => safe(note)),
    ];
  return [
    ...ways.flatMap(({ through, throughName, gains, likelihood, steps }, index) => [
      ...(index === 0 ? [] : ['']),
      `${paint.strong(`${gains} ${safe(resource.name)}`)} ${through === resource.id ? 'directly' : `through ${safe(throughName)}`}, ${aboutPercent(likelihood)}`,
      ...steps.map((step, place) => `${place + 1}. ${safe(step.sentence)}.`),
    ]),
    ...(more === 0 ? [] : ['', `and ${counted(more, 'more entry', 'more entries')}`]),
    ...notes.map((note) => safe(note)),
  ];
}
