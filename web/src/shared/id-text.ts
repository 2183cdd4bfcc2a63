import { DECEIVING } from './shown-text.ts';

const ESCAPED = /%EF%BF%BD([0-9a-f]{4})/gi;
const HIDDEN = new RegExp(`${DECEIVING.source}|\uFFFD`, 'g');
const ONE_HIDDEN = new RegExp(`^(?:${HIDDEN.source})$`);

/**
 * An id as it is shown and as it stands in an address: what could deceive the eye is a replacement character and its
 * number, so that the id can be asked for again (`sentIds`).
 */
export function idText(id: string): string {
  return id.replace(HIDDEN, (hidden) => `\uFFFD${hidden.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A path of the API with the ids in it as the server has them. */
export function sentIds(path: string): string {
  return path.replace(ESCAPED, (whole, number: string) => {
    const hidden = String.fromCharCode(Number.parseInt(number, 16));
    return ONE_HIDDEN.test(hidden) ? encodeURIComponent(hidden) : whole;
  });
}
