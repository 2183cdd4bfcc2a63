import { smallest } from '#base/extremes.ts';
import { type Instant, parseInstant } from '#base/instant.ts';
import { type JsonObject, membersNamed } from '#base/json-value.ts';
import type { RiskState } from '../risk/detected-risk.ts';
import type { EstateResource } from '../risk/estate.ts';
import { conditionAnswer } from './condition-expression.ts';

/** What a condition of a binding is asked about; an absent member is not known. */
export interface ConditionSubject {
  /** When: what has ended by then holds no more. */
  readonly at: Instant;
  readonly service?: string;
  /** The types of resource that the right is used on. */
  readonly types?: readonly string[];
  /** The resource as conditions spell it; the right may be used on what is below it too. */
  readonly name?: string;
  /** Whether somebody who may give out and take away these roles alone can do what the condition is asked for. */
  readonly mayGrant?: (roles: readonly string[]) => RiskState;
  /** Whether an access level admits strangers: yes for all of them, no for none. */
  readonly admits?: (level: string) => RiskState;
}

/** Services and types by which conditions call the stores that IAM gives rights on. */
const STORES: Readonly<Record<string, { readonly service: string; readonly kinds: readonly string[] }>> = {
  'gcp-bucket': { service: 'storage.googleapis.com', kinds: ['Bucket', 'Object'] },
  'gcp-dataset': { service: 'bigquery.googleapis.com', kinds: ['Dataset', 'Table'] },
  'gcp-secret': { service: 'secretmanager.googleapis.com', kinds: ['Secret', 'SecretVersion'] },
  'gcp-kms-key': { service: 'cloudkms.googleapis.com', kinds: ['CryptoKey', 'CryptoKeyVersion'] },
  'gcp-sql-instance': { service: 'sqladmin.googleapis.com', kinds: ['Instance'] },
};

/** What is known of a type of asset; nothing but the time where conditions know it by no name of its own. */
export function subjectOfType(type: string, at: Instant): ConditionSubject {
  const store = STORES[type];
  return store === undefined
    ? { at }
    : { at, service: store.service, types: store.kinds.map((kind) => `${store.service}/${kind}`) };
}

/** The same of one asset, by its full resource name. */
export function subjectOf({ type, facts }: EstateResource, at: Instant): ConditionSubject {
  const { id } = facts;
  const path = typeof id === 'string' ? /^\/\/[^/]+\/(.+)$/.exec(id)?.[1] : undefined;
  const subject = subjectOfType(type, at);
  if (path === undefined || subject.service === undefined) return subject;
  return { ...subject, name: type === 'gcp-bucket' ? `projects/_/buckets/${path}` : path };
}

/** Whether the condition of a binding holds (attack-paths §2.10); a binding without one does. */
export function gcpConditionHolds(expression: string | undefined, subject: ConditionSubject): RiskState {
  if (expression === undefined) return 'yes';
  return conditionAnswer(expression, (comparison) => {
    if (comparison === 'true') return 'yes';
    if (comparison === 'false') return 'no';
    return (
      byTime(comparison, subject.at) ??
      byResource(comparison, subject) ??
      byGrants(comparison, subject) ??
      byLevel(comparison, subject) ??
      'unknown'
    );
  });
}

const TIME = /^request\.time\s*(<=?|>=?)\s*timestamp\(\s*["']([^"']+)["']\s*\)$/;

function byTime(comparison: string, at: Instant): RiskState | undefined {
  const [, operator = '', text] = TIME.exec(comparison) ?? [];
  const border = parseInstant(text);
  if (border === null) return undefined;
  if (at === border) return operator.endsWith('=') ? 'yes' : 'no';
  return at < border === operator.startsWith('<') ? 'yes' : 'no';
}

const BORDERS = /timestamp\(\s*["']([^"']+)["']\s*\)/g;

/** The first instant after `now` at which a condition within these facts may come out otherwise by the clock alone. */
export function nextConditionTime(facts: JsonObject, now: Instant): Instant | null {
  let next: Instant | null = null;
  for (const expression of membersNamed(facts, 'expression')) {
    if (typeof expression !== 'string') continue;
    for (const [, text] of expression.matchAll(BORDERS)) {
      const border = parseInstant(text);
      if (border === null) continue;
      next = smallest([next, ...[border, border + 1].map((turn) => (turn > now ? turn : null))]);
    }
  }
  return next;
}

const EQUALS = /^resource\.(type|service|name)\s*(==|!=)\s*["']([^"']*)["']$/;
const STARTS = /^resource\.(type|service|name)\.startsWith\(\s*["']([^"']*)["']\s*\)$/;

function byResource(comparison: string, subject: ConditionSubject): RiskState | undefined {
  const [, member, operator, value = ''] = EQUALS.exec(comparison) ?? [];
  if (member !== undefined) {
    const equal =
      member === 'name'
        ? isNamed(subject.name, value)
        : ofAll(valuesOf(subject, member)?.map((own) => own === value));
    return operator === '==' || equal === 'unknown' ? equal : equal === 'yes' ? 'no' : 'yes';
  }
  const [, start, prefix = ''] = STARTS.exec(comparison) ?? [];
  if (start === undefined) return undefined;
  return start === 'name'
    ? isBelow(subject.name, prefix)
    : ofAll(valuesOf(subject, start)?.map((own) => own.startsWith(prefix)));
}

function valuesOf({ service, types }: ConditionSubject, member: string): readonly string[] | undefined {
  return member === 'type' ? types : service === undefined ? undefined : [service];
}

function ofAll(answers: readonly boolean[] | undefined): RiskState {
  if (answers === undefined || new Set(answers).size !== 1) return 'unknown';
  return answers[0] === true ? 'yes' : 'no';
}

/** Of the resource and what is below it no two have the same name, so that one name is never that of all. */
function isNamed(name: string | undefined, value: string): RiskState {
  if (name === undefined) return 'unknown';
  return `${anyProject(value)}/`.startsWith(`${anyProject(name)}/`) ? 'unknown' : 'no';
}

function isBelow(name: string | undefined, prefix: string): RiskState {
  if (name === undefined) return 'unknown';
  if (`${name}/`.startsWith(prefix)) return 'yes';
  const [own, wanted] = [`${anyProject(name)}/`, anyProject(prefix)];
  return own.startsWith(wanted) || wanted.startsWith(own) ? 'unknown' : 'no';
}

/** A project has an id and a number, and names are spelled with either. */
function anyProject(name: string): string {
  return name.replace(/^projects\/[^/]+/, 'projects/-');
}

const GRANTS =
  /^api\.getAttribute\(\s*["']iam\.googleapis\.com\/modifiedGrantsByRole["']\s*,\s*\[\s*\]\s*\)\.hasOnly\(\s*\[([^\]]*)\]\s*\)$/;

function byGrants(comparison: string, { mayGrant }: ConditionSubject): RiskState | undefined {
  const listed = GRANTS.exec(comparison)?.[1];
  if (listed === undefined || mayGrant === undefined) return undefined;
  return mayGrant([...listed.matchAll(/["']([^"']*)["']/g)].map(([, role = '']) => role));
}

const LEVEL = /^["'](accessPolicies\/[^"'/]+\/accessLevels\/[^"'/]+)["'] in request\.auth\.access_levels$/;

function byLevel(comparison: string, { admits }: ConditionSubject): RiskState | undefined {
  const level = LEVEL.exec(comparison)?.[1];
  return level === undefined ? undefined : admits?.(level);
}
