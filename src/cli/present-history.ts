import type { IssueHistory } from '#contract/issue-history.ts';
import type { Paint } from './paint.ts';
import { safe } from './terminal-text.ts';

/** More would hide the reasons above them; the web app and the API have all. */
const SHOWN = 20;
const SAID_MAX = 300;

/** What happened to an issue, newest first, as lines for a terminal; none where nothing did. */
export function historyLines(items: IssueHistory['items'], paint: Paint): readonly string[] {
  if (items.length === 0) return [];
  const lines = items
    .slice(0, SHOWN)
    .flatMap(({ at, by, sentence, comment }) => [
      `  ${at.slice(0, 10)}  ${safe(by)} ${safe(sentence)}`,
      ...(comment === null ? [] : [`              ${safe(comment.text, SAID_MAX)}`]),
    ]);
  const rest = items.length - SHOWN;
  return ['', paint.strong('History'), ...lines, ...(rest > 0 ? [`  and ${rest} before`] : [])];
}
