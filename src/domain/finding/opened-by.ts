import { digestOfText } from '#base/digest.ts';
import { instantText } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { FindingObservation } from './observation.ts';

/** More than one leaked text says; the others are another finding's. */
const OPENED_MAX = 10;
const VALUE_MAX = 4_096;

const ACCESS_KEY = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g;
const WITH_LOGIN =
  /\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s/@:]*:[^\s/@]+@([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)(?=[:/?\s"']|$)/gi;

/** A signed address of a storage account of Azure: whoever has it needs nothing else. */
const SIGNED_STORAGE =
  /\bhttps:\/\/([a-z0-9]{3,24})\.(?:blob|dfs|file)\.core\.windows\.net\/[^\s"'<>]*[?&]sig=[^\s"'<>]+/gi;

/** The id of an application of Entra ID, where its secret is told with it. */
const APPLICATION =
  /\b(?:client_?id|app_?id|application_?id|azure_client_id|arm_client_id)["']?\s*[:=]\s*["']?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/gi;

/** Weaknesses of code that is a credential: what was flagged is read as one (attack-paths §4.3, C3). */
const CREDENTIALS_IN_CODE: readonly number[] = [259, 321, 798];

/** The text of the credential that a finding is about; empty where it is about none, or shows nothing of it. */
function textOf({ place, subject }: Pick<FindingObservation, 'place' | 'subject'>): string {
  if (place.is === 'secret') return place.value ?? '';
  if (place.is !== 'code' || subject.is !== 'check') return '';
  return subject.cwes?.some((cwe) => CREDENTIALS_IN_CODE.includes(cwe)) === true
    ? (place.flaggedText ?? '')
    : '';
}

/**
 * Whose or what the credential in a finding is, as far as it says so itself: an ARN that the tool was told, the name of a key
 * of AWS (`accessKeyName`), an application of Entra ID (`applicationName`), `host:` and the machine that a login names, `azure-storage:` and the account whose address is signed, with
 * its container where it names one, and until when. Nothing of the value is in the answer. Empty where it
 * says nothing.
 */
export function openedBy({
  place,
  subject,
  opens = [],
}: Pick<FindingObservation, 'place' | 'subject' | 'opens'>): readonly string[] {
  const value = textOf({ place, subject }).slice(0, VALUE_MAX);
  const found = [
    ...opens.filter((text) => /^arn:[a-z-]+:[a-z0-9-]+:/.test(text)).map((text) => oneLine(text, 500)),
    ...[...value.matchAll(ACCESS_KEY)].map(([id]) => accessKeyName(id)),
    ...[...value.matchAll(APPLICATION)].map(([, id = '']) => applicationName(id)),
    ...[...value.matchAll(SIGNED_STORAGE)].flatMap(([address, name = '']) => signedStorage(address, name)),
    ...[...value.matchAll(WITH_LOGIN)].map(([, host = '']) => `host:${host.toLowerCase()}`),
  ];
  return [...new Set(found)].sort().slice(0, OPENED_MAX);
}

/** Of an address that lets read or list: its account and container, and until when it does where it says so. */
function signedStorage(address: string, name: string): readonly string[] {
  if (!/[?&]sp=[^&]*[rl]/i.test(address)) return [];
  const [, until = ''] = /[?&]se=([^&]+)/i.exec(address) ?? [];
  const end = Date.parse(until.replaceAll(/%3a/gi, ':'));
  const container = /^https?:\/\/[^/?]+\/([a-z0-9$-]{3,63})(?=[/?])/i.exec(address)?.[1];
  const store = `azure-storage:${name.toLowerCase()}${container === undefined ? '' : `/${container.toLowerCase()}`}`;
  return [Number.isNaN(end) ? store : `${store} until ${instantText(end)}`];
}

/** The name of a key of AWS by its id: a digest, because tools report the id alone as the secret too. */
export function accessKeyName(id: string): string {
  return `access-key:${digestOfText(id).slice(0, 32)}`;
}

/** The name of an application of Entra ID by its id: a digest, as nothing of a value is told. */
export function applicationName(id: string): string {
  return `entra-application:${digestOfText(id.toLowerCase()).slice(0, 32)}`;
}
