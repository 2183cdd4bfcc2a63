/** Words of the server that stand alone here begin with a capital; a name in front stays as it is spelled. */
export function sentenceCase(text: string): string {
  const [first = ''] = text.split(' ', 1);
  return /^[a-z]+$/.test(first) ? `${first.charAt(0).toUpperCase()}${text.slice(1)}` : text;
}
