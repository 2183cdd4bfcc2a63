/** A little more than what is kept of a description. */
const TEXT_MAX = 72 * 1024;

/** The words of a text that scanners write in HTML: one line per paragraph, no tags. Undefined for none. */
export function plainText(html: string | undefined): string | undefined {
  const text = html
    ?.slice(0, 4 * TEXT_MAX)
    .replace(/<\/p>|<br\s?\/?>|<\/li>/gi, '\n')
    .replace(/<[^<>]{0,200}>/g, '')
    .trim()
    .slice(0, TEXT_MAX);
  return text === '' ? undefined : text;
}
