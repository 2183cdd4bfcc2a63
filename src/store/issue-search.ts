import type { Connection } from './database.ts';

const WORDS_MAX = 8;

/** Stores what a search by words finds of these issues. */
export async function saveSearchedTexts(
  connection: Connection,
  shard: bigint,
  issues: readonly { readonly id: string; readonly title: string; readonly key: string }[],
): Promise<void> {
  await connection.query({
    name: 'save-issue-texts',
    text: `insert into issue_text (shard, id, text) select $1, id, text from unnest($2::text[], $3::text[]) as row (id, text)
      on conflict (shard, id) do update set text = excluded.text where issue_text.text <> excluded.text`,
    values: [shard, issues.map(({ id }) => id), issues.map(({ key, title }) => searchedText(title, key))],
  });
}

/** What a search by words looks at, as it is stored: any word of a search stands in it as it is, in lower case. */
function searchedText(title: string, key: string): string {
  return lowered(`${title}\n${key}`);
}

/** The words of a search, as they stand in the texts of issues that have them; none where nothing is searched. */
export function searchWords(text: string | null): readonly string[] {
  return (text ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX)
    .map(lowered);
}

/** The patterns of `like` that the text of an issue has to match, all of them. */
export function searchPatterns(text: string | null): readonly string[] {
  return searchWords(text).map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
}

/** In lower case, the same for a word and for the text that it stands in: a sigma at its end has no letter of its own. */
function lowered(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ');
}
