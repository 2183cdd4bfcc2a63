/** A text as searches by words compare it: in lower case, where a sigma at the end of a word has no letter of its own. */
export function foldText(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ');
}

/** A name as fields compare it: the letters A to Z in lower case, as PostgreSQL's `lower` does it under `collate "C"`. */
export function foldName(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
