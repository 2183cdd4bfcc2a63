import type { FindingType } from '../finding/finding-type.ts';
import type { InboxFilter, IssueStatus } from '../ports/inbox-store.ts';
import type { DetectedRisk } from '../risk/detected-risk.ts';
import type { Severity } from '../severity/severity.ts';
import { allOf, fieldsOf, type Query, type QueryWords } from './query.ts';
import type { QueryFieldName } from './query-fields.ts';

const STATUSES: readonly IssueStatus[] = ['open', 'in_progress', 'snoozed', 'resolved'];
/** A filter takes so many words. */
const WORDS_MAX = 8;

/**
 * The filter for what both the filter and the query let through. Conditions that a filter has a place for go there,
 * so that they are answered by their indexes and counted as facets; the others are its `condition`. A query that names
 * status, muted or admitted anywhere decides that alone, where the filter still stands at its default.
 */
export function narrowInbox(filter: InboxFilter, query: Query): InboxFilter {
  const named = fieldsOf(query);
  let narrowed = filter;
  // The places of the filter that a condition of the query may still fill.
  const free = new Set<QueryFieldName>(['risk']);
  if (filter.severities.length === 0) free.add('severity');
  if (filter.types.length === 0) free.add('type');
  if (named.has('status') && filter.statuses.length === 0) {
    narrowed = { ...narrowed, statuses: STATUSES };
    free.add('status');
  }
  if (named.has('muted') && filter.muted === 'no') {
    narrowed = { ...narrowed, muted: 'any' };
    free.add('muted');
  }
  if (named.has('admitted')) {
    narrowed = { ...narrowed, all: true };
    free.add('admitted');
  }
  const rest: Query[] = [];
  for (const each of query.is === 'and' ? query.of : [query]) {
    const next = filled(narrowed, each, free);
    if (next === null) rest.push(each);
    else narrowed = next;
  }
  const condition = allOf(filter.condition === null ? rest : [filter.condition, ...rest]);
  return { ...narrowed, condition: condition.is === 'everything' ? null : condition };
}

/** The filter with a condition in its place, which is free no longer; null where it has none for it. */
function filled(filter: InboxFilter, query: Query, free: Set<QueryFieldName>): InboxFilter | null {
  if (query.is === 'words') return withWord(filter, query);
  if (query.is !== 'term' || !free.has(query.field)) return null;
  const words = query.values.flatMap((value) => (value.is === 'choice' ? [value.word] : []));
  switch (query.field) {
    case 'risk':
      return { ...filter, risks: [...new Set([...filter.risks, ...(words as DetectedRisk[])])] };
    case 'severity':
      free.delete('severity');
      return { ...filter, severities: words as Severity[] };
    case 'type':
      free.delete('type');
      return { ...filter, types: words as FindingType[] };
    case 'status':
      free.delete('status');
      return { ...filter, statuses: words as IssueStatus[] };
    case 'muted':
      free.delete('muted');
      return { ...filter, muted: words.length > 1 ? 'any' : words[0] === 'yes' ? 'only' : 'no' };
    case 'admitted':
      if (words.length > 1) return filter;
      if (words[0] === 'no') return null;
      free.delete('admitted');
      return { ...filter, all: false };
    default:
      return null;
  }
}

function withWord(filter: InboxFilter, { parts }: QueryWords): InboxFilter | null {
  const [word = ''] = parts;
  const words = filter.text?.trim().split(/\s+/) ?? [];
  if (parts.length > 1 || /\s/.test(word) || words.length >= WORDS_MAX) return null;
  return { ...filter, text: [...words, word].join(' ') };
}
