import { asText, at, type JsonObject } from '#base/json-value.ts';
import type { ObservedState } from '#domain/finding/observation.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';

const REASON_MAX = 1_000;

/** A text of an alert; clients that print Python write `None` for none. */
export function alertText(value: unknown): string | undefined {
  const text = asText(value);
  return text === 'None' ? undefined : text;
}

/** The repository that an alert is of: by its own member, else by the address of its page; unnamed where neither tells. */
export function repositoryOfAlert(alert: JsonObject): ResourceDescription {
  const page = alertText(alert.html_url)?.slice(0, 2_000);
  const address =
    alertText(at(alert, 'repository', 'html_url')) ??
    /^https?:\/\/[^/]{1,200}\/[^/]{1,200}\/[^/]{1,200}(?=\/security\/)/.exec(page ?? '')?.[0];
  return { kind: 'repository', name: address ?? null };
}

/** Whether everybody reads the repository of an alert: alerts of a whole organisation tell; undefined where none does. */
export function isInPublicRepository(alert: JsonObject): true | undefined {
  return at(alert, 'repository', 'private') === false ? true : undefined;
}

/** Whoever dismissed an alert said why in a word and perhaps in a sentence: it arrives muted with both. */
export function dismissedAlert(reason: unknown, comment: unknown): ObservedState {
  const texts = [alertText(reason)?.replaceAll('_', ' '), alertText(comment)].filter(
    (text) => text !== undefined,
  );
  return { is: 'suppressed', reason: (texts.join(': ') || 'dismissed on GitHub').slice(0, REASON_MAX) };
}
