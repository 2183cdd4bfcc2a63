import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import { type DetectedRisk, detectedRiskSchema } from '#contract/detected-risk.ts';
import { type FindingType, findingTypeSchema } from '#contract/finding-type.ts';
import { type IssueStatus, issueStatusSchema } from '#contract/issue.ts';
import { type Severity, severitySchema } from '#contract/severity.ts';
import { SHORT_TYPES } from './words.ts';

/** What `--query` asks for; empty lists mean any. */
export interface ListQuery {
  readonly severities: readonly Severity[];
  readonly types: readonly FindingType[];
  /** Each of them must be *yes*. */
  readonly risks: readonly DetectedRisk[];
  /** Any of them; none: the open ones. */
  readonly statuses: readonly IssueStatus[];
  /** Muted issues are left out, or they are all that is listed. */
  readonly muted: 'no' | 'only';
  /** Words that title or key contain, separated by one space; null: none. */
  readonly text: string | null;
}

export const EVERYTHING: ListQuery = {
  severities: [],
  types: [],
  risks: [],
  statuses: [],
  muted: 'no',
  text: null,
};

/** A text in quotes, or a word or field without. */
const PART = /"([^"]*)"|([^\s"]+)/g;
const FIELD = /^([A-Za-z_]+):(.*)$/;
/** The search looks at so many words; more would be dropped silently. */
const WORDS_MAX = 8;
const LENGTH_MAX = 200;

const SHORT_TYPE_NAMES: ReadonlyMap<string, FindingType> = new Map(
  findingTypeSchema.options.map((type) => [SHORT_TYPES[type], type]),
);

/**
 * Reads `--query`: words, and the fields `severity:`, `type:`, `risk:` and `status:` with values separated
 * by commas, and `muted:yes` or `muted:no`. Several severities, types or statuses mean any of them, several
 * risks all of them. A text in quotes is searched for as it stands. Throws `usage`.
 */
export function parseListQuery(text: string): ListQuery {
  if (text.length > LENGTH_MAX)
    throw usage(`A query has at most ${LENGTH_MAX} characters; this one has ${text.length}.`);
  if ((text.match(/"/g) ?? []).length % 2 === 1)
    throw usage('A quote in the query is not closed. Close it, or leave it out.');
  const severities = new Set<Severity>();
  const types = new Set<FindingType>();
  const risks = new Set<DetectedRisk>();
  const statuses = new Set<IssueStatus>();
  let muted: ListQuery['muted'] = 'no';
  const words: string[] = [];
  for (const part of parts(text)) {
    const field = part.isQuoted ? null : FIELD.exec(part.text);
    if (field === null) {
      words.push(...part.text.split(/\s+/).filter((word) => word !== ''));
      continue;
    }
    const [, name = '', list = ''] = field;
    const values = list.split(',').filter((value) => value !== '');
    if (values.length === 0) throw usage(`"${name}:" needs a value, such as severity:high,critical.`);
    if (name === 'severity')
      for (const value of values) severities.add(oneOf(name, value, severitySchema.options));
    else if (name === 'risk')
      for (const value of values) risks.add(oneOf(name, value, detectedRiskSchema.options));
    else if (name === 'type')
      for (const value of values)
        types.add(SHORT_TYPE_NAMES.get(value) ?? oneOf(name, value, findingTypeSchema.options));
    else if (name === 'status')
      for (const value of values) statuses.add(oneOf(name, value, issueStatusSchema.options));
    else if (name === 'muted') muted = mutedOf(list);
    else
      throw usage(
        `There is no field "${name}": the fields are severity, type, risk, status and muted. To search for the text itself, put it in quotes: '"${oneLine(part.text, 60)}"'.`,
      );
  }
  if (words.length > WORDS_MAX)
    throw usage(`A query has at most ${WORDS_MAX} words; this one has ${words.length}.`);
  return {
    severities: [...severities],
    types: [...types],
    risks: [...risks],
    statuses: [...statuses],
    muted,
    text: words.length === 0 ? null : words.join(' '),
  };
}

function mutedOf(value: string): ListQuery['muted'] {
  return oneOf('value of muted', value, ['yes', 'no']) === 'yes' ? 'only' : 'no';
}

function parts(text: string): readonly { readonly text: string; readonly isQuoted: boolean }[] {
  return [...text.matchAll(PART)].map(([, quoted, word]) => ({
    text: quoted ?? word ?? '',
    isQuoted: quoted !== undefined,
  }));
}

function oneOf<Word extends string>(field: string, value: string, known: readonly Word[]): Word {
  const found = known.find((word) => word === value.toLowerCase());
  if (found !== undefined) return found;
  throw usage(`"${oneLine(value, 60)}" is no ${field}: expected ${known.join(', ')}.`);
}

function usage(message: string): InboxError {
  return new InboxError('usage', message);
}
