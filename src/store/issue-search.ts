const WORDS_MAX = 8;

/** What a search by words looks at, as it is stored: any word of a search stands in it as it is, in lower case. */
export function searchedText(title: string, key: string): string {
  return lowered(`${title}\n${key}`);
}

/** The patterns of `like` that the text of an issue has to match, all of them; none where nothing is searched. */
export function searchPatterns(text: string | null): readonly string[] {
  return (text ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX)
    .map((word) => `%${lowered(word).replace(/[\\%_]/g, '\\$&')}%`);
}

/** In lower case, the same for a word and for the text that it stands in: a sigma at its end has no letter of its own. */
function lowered(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ');
}
