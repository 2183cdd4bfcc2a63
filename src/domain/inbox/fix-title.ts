import { oneLine } from '#base/text.ts';
import { controlById } from '../control/control-catalogue.ts';
import { compareVersions } from '../package/compare-versions.ts';

const TITLE_MAX = 160;

/**
 * What to do, as the title of the issues that share a fix. `name` is `package:` with its type and name, `control:` with
 * an id, or `opening:` with the id of a gate of attack paths; `told` what reports say mends their findings.
 */
export function fixTitle(name: string, told: readonly string[]): string {
  const [kind, rest] = split(name, ':');
  switch (kind) {
    case 'package':
      return oneLine(upgrade(rest, told), TITLE_MAX);
    case 'control':
      return oneLine(firstPart(controlById(rest)?.remediation.text ?? told[0] ?? rest), TITLE_MAX);
    default:
      return oneLine(capital(told[0] ?? 'Close the opening'), TITLE_MAX);
  }
}

function upgrade(place: string, told: readonly string[]): string {
  const [type, name] = split(place, '/');
  const shown = type === 'maven' ? (name.split('/').at(-1) ?? name) : name;
  if (told.length === 0) return `Replace ${shown}: no fixed version is known`;
  const version = highest(type, told);
  return version === null ? `Upgrade ${shown}` : `Upgrade ${shown} to ${version}`;
}

/** The version that mends all of them; null where they cannot be compared, as with a list of versions. */
function highest(type: string, versions: readonly string[]): string | null {
  const [first = null] = versions;
  if (versions.length === 1) return first !== null && first.length <= 60 ? first : null;
  return versions.reduce<string | null>((best, each) => {
    if (best === null) return null;
    const order = compareVersions(type, best, each);
    return order === null ? null : order < 0 ? each : best;
  }, first);
}

/** A remediation up to where its first thought ends. */
function firstPart(text: string): string {
  return /^[^.;]*(?:[.;](?!\s|$)[^.;]*)*/.exec(text)?.[0] ?? text;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function split(text: string, sign: string): readonly [string, string] {
  const at = text.indexOf(sign);
  return [text.slice(0, at), text.slice(at + 1)];
}
