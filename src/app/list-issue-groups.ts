import { fixTitle } from '#domain/inbox/fix-title.ts';
import type { InboxPageRequest, IssueGroup, IssueGrouping, IssueRow } from '#domain/ports/inbox-store.ts';
import { narrowInbox } from '#domain/query/narrow-inbox.ts';
import { parseQuery } from '#domain/query/parse-query.ts';
import { printQuery } from '#domain/query/print-query.ts';
import { allOf, anyOf, EVERYTHING, type Query } from '#domain/query/query.ts';
import type { QueryFieldName } from '#domain/query/query-fields.ts';
import { type AppContext, permit } from './context.ts';

interface ListedGroup extends Omit<IssueGroup, 'first' | 'told'> {
  readonly title: string;
  /** What lists its issues, and them alone, in the query language. */
  readonly query: string;
  readonly first: readonly { readonly issue: IssueRow; readonly place: number }[];
}

interface GroupListing {
  readonly groups: readonly ListedGroup[];
  readonly total: number;
  readonly issues: number;
}

/** More groups than anybody reads, and as many of their issues as show what each is about. */
const SIZE = { limit: 100, rows: 3 };

/** The issues of a listing by what they share, with exact counts. Throws `usage` for a query that cannot be read. */
export async function listIssueGroups(
  ctx: AppContext,
  {
    query: text,
    by,
    ...given
  }: Omit<InboxPageRequest, 'condition' | 'after' | 'limit'> & {
    readonly query: string | null;
    readonly by: IssueGrouping;
  },
): Promise<GroupListing> {
  permit(ctx, 'read');
  const query = text === null ? EVERYTHING : parseQuery(text);
  const filter = narrowInbox({ ...given, condition: null }, query);
  const { groups, total, issues } = await ctx.inbox.groups(filter, by, SIZE);
  const rows = await ctx.inbox.rows([...new Set(groups.flatMap((group) => group.first.map(({ id }) => id)))]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return {
    total,
    issues,
    groups: groups.map(({ first, told, ...group }) => ({
      ...group,
      title: titleOf(by, group.name, told),
      query: printQuery(allOf([query, membersOf(by, group.name)])),
      first: first.flatMap(({ id, place }) => {
        const issue = byId.get(id);
        return issue === undefined ? [] : [{ issue, place }];
      }),
    })),
  };
}

const WITHOUT: Readonly<Record<IssueGrouping, string>> = {
  fix: 'No fix that others share',
  owner: 'Nobody owns it',
  service: 'No service is known',
  account: 'No account is known',
};

const CLUSTER = 'k8s:';

function titleOf(by: IssueGrouping, name: string | null, told: readonly string[]): string {
  if (name === null) return WITHOUT[by];
  if (by === 'fix') return fixTitle(name, told);
  return by === 'account' && name.startsWith(CLUSTER) ? `Cluster ${name.slice(CLUSTER.length)}` : name;
}

/** The issues that stand in a group, as a query. */
function membersOf(by: IssueGrouping, name: string | null): Query {
  if (by !== 'owner') return is(by, name);
  if (name === null) return allOf([is('assignee', null), is('team', null)]);
  return anyOf([is('assignee', name), allOf([is('assignee', null), is('team', name)])]);
}

function is(field: QueryFieldName, name: string | null): Query {
  if (name === null) return { is: 'not', of: { is: 'term', field, values: [{ is: 'something' }] } };
  return { is: 'term', field, values: [{ is: 'pattern', parts: [name] }] };
}
