import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import type { IssueRow } from '#contract/issue.ts';
import type { InboxAccess } from './inbox-access.ts';
import { EVERYTHING } from './list-query.ts';

const ID = /^[0-9a-v]{16}$/;
const PREFIX = /^[0-9a-v]{4,15}$/;
/** An advisory's id: `CVE-2021-44228`, `GHSA-jfh8-c2jp-5v3q`. */
const ADVISORY = /^[A-Za-z]{2,20}-[A-Za-z0-9:._-]{2,60}$/;

/**
 * The id of the issue that a person means by its id, the beginning of it (at least 4 characters), its
 * key, or its advisory. Ids of muted and resolved issues are taken whole only, as no list has those.
 * Throws `not_found`, and `usage` where several are meant.
 */
export async function findIssue(inbox: Pick<InboxAccess, 'list'>, named: string): Promise<string> {
  const name = named.trim();
  if (ID.test(name.toLowerCase())) return name.toLowerCase();
  const found = await search(inbox, name);
  const [only, ...others] = found;
  if (only === undefined)
    throw new InboxError(
      'not_found',
      `No open issue has the id, key or advisory "${oneLine(name, 100)}". "list --all" prints the ids; four characters of one are enough.`,
    );
  if (others.length === 0) return only.id;
  const candidates = found.map(({ id, type }) => `${id} (${type})`).join(', ');
  throw new InboxError(
    'usage',
    `"${oneLine(name, 100)}" could mean several issues: ${candidates}. Name one of them.`,
  );
}

async function search(inbox: Pick<InboxAccess, 'list'>, name: string): Promise<readonly IssueRow[]> {
  if (name.includes('|')) return matching(inbox, name, ({ key }) => key === name);
  if (ADVISORY.test(name))
    return matching(inbox, name, ({ key }) => key.split('|')[1]?.toUpperCase() === name.toUpperCase());
  if (PREFIX.test(name.toLowerCase()))
    return matching(inbox, null, ({ id }) => id.startsWith(name.toLowerCase()));
  return [];
}

/** More than these would not help a person to choose. */
const CANDIDATES_MAX = 5;

async function matching(
  inbox: Pick<InboxAccess, 'list'>,
  text: string | null,
  isMeant: (issue: IssueRow) => boolean,
): Promise<readonly IssueRow[]> {
  const found: IssueRow[] = [];
  for await (const page of inbox.list({ ...EVERYTHING, all: true, text, limit: null })) {
    found.push(...page.items.filter(isMeant));
    if (found.length >= CANDIDATES_MAX) break;
  }
  return found.slice(0, CANDIDATES_MAX);
}
