/** A word of a command line that a person copies: names come out of reports, and may hold what a shell would run. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What names one thing in the name of a file, where slashes end folders. */
export function fileWord(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('!', '%21');
}
