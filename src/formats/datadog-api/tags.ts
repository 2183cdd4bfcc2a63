import { asTexts } from '#base/json-value.ts';

const TAGS_MAX = 1_000;

/** Tags such as `env:prod`; of one key the first. */
export function tagsOf(value: unknown): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const tag of asTexts(value).slice(0, TAGS_MAX)) {
    const colon = tag.indexOf(':');
    const key = tag.slice(0, colon);
    if (colon > 0 && !tags.has(key)) tags.set(key, tag.slice(colon + 1));
  }
  return tags;
}

/** Those that tell environment, service and team; the rest is Datadog's own and may be hundreds. */
const TELLING = ['env', 'environment', 'service', 'team', 'owner', 'app'];

export function tellingTags(tags: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    TELLING.flatMap((key) => {
      const value = tags.get(key);
      return value === undefined || value === '' ? [] : [[key, value]];
    }),
  );
}
