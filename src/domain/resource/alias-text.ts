import { oneLine } from '#base/text.ts';

const ALIAS_MAX = 300;
/** Names that every machine has: they name none. */
const NOBODY =
  /^(?:localhost(?:\.localdomain)?|127\.\d+\.\d+\.\d+|::1|::|0\.0\.0\.0|169\.254\.\d+\.\d+|fe80:.*|255\.255\.255\.255|-|_|any|none|unknown|\*.*)$/;

/**
 * The one spelling of an address, a host name or a bare id, by which reports and inventories meet: lower case, without
 * port and final dot, IPv4 out of its IPv6 form. Null for what names no single thing.
 */
export function aliasText(name: string): string | null {
  if (name.length > ALIAS_MAX) return null;
  const text = oneLine(name, ALIAS_MAX)
    .toLowerCase()
    .replace(/^\[(.*)\](?::\d{1,5})?$/, '$1')
    .replace(/^([^:]+):\d{1,5}$/, '$1')
    .replace(/^::ffff:(\d+\.\d+\.\d+\.\d+)$/, '$1')
    .replace(/\.$/, '');
  return text === '' || NOBODY.test(text) ? null : text;
}

/** True for names of machines, false for addresses and for ids without a dot. */
export function isHostName(alias: string): boolean {
  return alias.includes('.') && /[a-z]/.test(alias) && /^[a-z0-9._-]+$/.test(alias);
}
