import { oneLine } from '#base/text.ts';

const NAME_MAX = 80;

/** A name as it stands in a sentence: whoever made a thing wrote it, so it is cleaned and cut (attack-paths §4.11). */
export function shownName(name: string): string {
  return oneLine(name, NAME_MAX);
}
