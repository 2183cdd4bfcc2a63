import { compareBytes, compareInOrder } from '#base/compare.ts';
import { largest, smallest } from '#base/extremes.ts';
import type { Instant } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';

/** One word of a person about a finding, as it is stored: the newest of each kind. */
export interface DecisionWord {
  readonly kind: string;
  readonly value: JsonObject;
  readonly actor: string;
  readonly at: Instant;
}

/** Newest first; of equally new ones by who said it, then by what. */
const byNewest = compareInOrder<DecisionWord>([
  (a, b) => b.at - a.at,
  (a, b) => compareBytes(a.actor, b.actor),
  (a, b) => compareBytes(JSON.stringify(a.value), JSON.stringify(b.value)),
]);

const NO_MUTE = 'One of the findings that became this one was not muted.';

/**
 * What was decided about a finding that several became (design: identity, aliases): muted only if all
 * of them were, and no longer than any of them; the earlier due date; admitted if one was; of
 * everything else the newest word. Each side is one finding's decisions, perhaps none.
 */
export function uniteDecisions(sides: readonly (readonly DecisionWord[])[]): readonly DecisionWord[] {
  const words = sides.flat();
  return [...new Set(words.map((word) => word.kind))].sort(compareBytes).map((kind) => {
    const ordered = words.filter((word) => word.kind === kind).sort(byNewest);
    const newest = ordered[0] as DecisionWord;
    switch (kind) {
      case 'mute':
        return uniteHidings('isMuted', newest, ordered, sides.length);
      case 'snooze':
        return uniteHidings('isSnoozed', newest, ordered, sides.length);
      case 'due': {
        const dates = ordered.flatMap(({ value }) => (typeof value['at'] === 'number' ? [value['at']] : []));
        return { ...newest, value: { ...newest.value, at: smallest(dates) } };
      }
      case 'admit':
        return ordered.find(({ value }) => value['isAdmitted'] === true) ?? newest;
      case 'progress':
        return ordered.find(({ value }) => value['isStarted'] === true) ?? newest;
      case 'assign':
        return ordered.find(({ value }) => value['assignee'] !== null) ?? newest;
      case 'team':
        return ordered.find(({ value }) => value['team'] !== null) ?? newest;
      default:
        return newest;
    }
  });
}

/** Of what hides a finding while `isOn`: it is hidden if all of them were, until the first of them would be seen. */
function uniteHidings(
  isOn: 'isMuted' | 'isSnoozed',
  newest: DecisionWord,
  words: readonly DecisionWord[],
  sides: number,
): DecisionWord {
  const on = words.filter(({ value }) => value[isOn] === true);
  if (on.length === 0) return newest;
  const [lead] = on as [DecisionWord];
  if (on.length < sides)
    return {
      ...lead,
      at: largest(words.map((word) => word.at)) ?? lead.at,
      value: { ...lead.value, [isOn]: false, ...(isOn === 'isMuted' && { reason: NO_MUTE }) },
    };
  const ends = on.flatMap(({ value }) => (typeof value['until'] === 'number' ? [value['until']] : []));
  return { ...lead, value: { ...lead.value, until: smallest(ends) } };
}
