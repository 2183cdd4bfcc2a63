import {
  type AddressSet,
  ALL_V4,
  ALL_V6,
  hasAddresses,
  intersectAddresses,
  NO_ADDRESSES,
  parseAddresses,
  subtractAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import { addToList } from '#base/list-map.ts';
import {
  asksForAbsence,
  type ConditionTest,
  compared,
  isComparison,
  isNegated,
  isTurning,
} from '../privilege/aws/condition.ts';
import { TIMES } from '../privilege/aws/condition-key.ts';
import { type Asker, type KeyValue, type Outsider, valuesOf } from './aws-outsider.ts';

const EVERYBODY: AddressSet = unionAddresses(ALL_V4, ALL_V6);
const SOURCE_IP = 'aws:sourceip';

/** Requests that are alike but for where they come from: under each key they bring one of these values. */
interface Requests {
  readonly values: ReadonlyMap<string, readonly KeyValue[]>;
  readonly sources: AddressSet;
}

/** What a statement asks for beside its action, resource and principal. */
export type Conditions = readonly ConditionTest[];

/** More ways of keeping out of denials than these are not followed. */
const WAYS_MAX = 200;

/** Keys that say whose the resource is: where the caller's own is asked for, the test is one of the caller. */
const OF_RESOURCE = /^(?:aws:resource(?:account|orgid|orgpaths)|s3:resourceaccount)$/;
const OF_CALLER = /^\$\{aws:(principal(?:account|orgid|orgpaths))\}$/i;

/**
 * The test as it asks the caller: `aws:ResourceOrgID` is `${aws:PrincipalOrgID}` wants a member, and dates are held
 * against one time, whichever of its two names they ask for.
 */
export function askedOfCaller(test: ConditionTest): ConditionTest {
  if (test.key === 'aws:epochtime' && test.operator.startsWith('date'))
    return { ...test, key: 'aws:currenttime' };
  const [only] = test.values;
  const own = test.values.length === 1 ? OF_CALLER.exec(only ?? '')?.[1] : undefined;
  return own === undefined || !OF_RESOURCE.test(test.key)
    ? test
    : { ...test, key: `aws:${own.toLowerCase()}` };
}

/**
 * Answers of one policy about one kind of outsider: from where some request of theirs is allowed by a statement and
 * denied by none. One request has one value under each key, so an Allow over TLS and a Deny of TLS leave nobody.
 */
export class OutsiderRequests {
  readonly #byKey: ReadonlyMap<string, readonly ConditionTest[]>;
  readonly #outsider: Outsider;
  readonly #asker: Asker;
  readonly #known = new Map<string, readonly KeyValue[] | null>();

  /** `tests` are all tests of the policy: values that none of them tells apart are one. */
  constructor(tests: Conditions, outsider: Outsider, asker: Asker) {
    const byKey = new Map<string, ConditionTest[]>();
    for (const test of tests) addToList(byKey, test.key, test);
    this.#byKey = byKey;
    this.#outsider = outsider;
    this.#asker = asker;
  }

  /** Whether a test can be judged. */
  isKnown(test: ConditionTest): boolean {
    if (test.operator === 'null') return test.key === SOURCE_IP || this.#valuesOf(test.key) !== null;
    if (!isComparison(test.operator)) return false;
    if (test.key === SOURCE_IP) return rangesOf(test) !== null;
    const values = this.#valuesOf(test.key);
    // A time as a text, or against a variable, is met at moments that nobody knows beforehand; one that is not there, never.
    if (TIMES.has(test.key) && !isTurningOnADay(test))
      return values?.every((value) => value === null) === true;
    return values !== null;
  }

  /**
   * The addresses of those requests. What cannot be judged is taken as `unknown` says: to close, or to open. Undefined
   * where there are too many ways to ask.
   */
  allowedFrom(
    allow: Conditions,
    denials: readonly Conditions[],
    unknown: 'closes' | 'opens',
  ): AddressSet | undefined {
    let ways: readonly Requests[] = [{ values: new Map(), sources: EVERYBODY }];
    for (const test of allow) {
      if (!this.isKnown(test)) {
        if (unknown === 'closes') return NO_ADDRESSES;
        continue;
      }
      ways = ways.flatMap((way) => this.#those(way, test, true) ?? []);
    }
    for (const denial of [...denials].sort((a, b) => a.length - b.length)) {
      const known = denial.filter((test) => this.isKnown(test));
      if (known.length < denial.length && unknown === 'opens') continue;
      ways = joined(ways.flatMap((way) => this.#keptOut(way, known)));
      if (ways.length > WAYS_MAX) return undefined;
    }
    return unionAddresses(...ways.map(({ sources }) => sources));
  }

  /** Those of the requests that some test of a Deny leaves alone. */
  #keptOut(way: Requests, denial: Conditions): readonly Requests[] {
    if (denial.some((test) => this.#those(way, test, true) === null)) return [way];
    return denial.flatMap((test) => this.#those(way, test, false) ?? []);
  }

  /** Those of the requests for which a test comes out so; null where there are none. */
  #those(way: Requests, test: ConditionTest, meets: boolean): Requests | null {
    if (test.key === SOURCE_IP) {
      const sources = sourcesWhere(way.sources, test, meets);
      return hasAddresses(sources) ? { ...way, sources } : null;
    }
    const before = way.values.get(test.key) ?? this.#valuesOf(test.key) ?? [];
    const values = before.filter((value) => meetsTest(value, test) === meets);
    if (values.length === 0) return null;
    return values.length === before.length && way.values.has(test.key)
      ? way
      : { ...way, values: new Map(way.values).set(test.key, values) };
  }

  #valuesOf(key: string): readonly KeyValue[] | null {
    let values = this.#known.get(key);
    if (values === undefined) {
      values = valuesOf(key, this.#byKey.get(key) ?? [], this.#outsider, this.#asker);
      this.#known.set(key, values);
    }
    return values;
  }
}

function sourcesWhere(sources: AddressSet, test: ConditionTest, meets: boolean): AddressSet {
  // Every request comes from somewhere.
  if (test.operator === 'null') return asksForAbsence(test) === meets ? NO_ADDRESSES : sources;
  const ranges = rangesOf(test) ?? NO_ADDRESSES;
  return isNegated(test.operator) === meets
    ? subtractAddresses(sources, ranges)
    : intersectAddresses(sources, ranges);
}

/** Whether it is known beforehand when a test on the time turns, whoever asks. */
function isTurningOnADay(test: ConditionTest): boolean {
  return isTurning(test) && !test.values.some((value) => value.includes('${'));
}

function rangesOf({ operator, values }: ConditionTest): AddressSet | null {
  if (!operator.endsWith('ipaddress')) return null;
  const ranges = values.map(parseAddresses);
  return ranges.length === 0 || ranges.includes(null) ? null : unionAddresses(...(ranges as AddressSet[]));
}

function meetsTest(value: KeyValue, { operator, ifExists, over, values }: ConditionTest): boolean {
  if (operator === 'null') return values.includes('true') === (value === null);
  if (value === null) return ifExists || over === 'all' || (isNegated(operator) && over === 'one');
  return compared(operator, value, values);
}

/** Ways that differ only in where they come from are one. */
function joined(ways: readonly Requests[]): readonly Requests[] {
  if (ways.length < 2) return ways;
  const same = Map.groupBy(ways, ({ values }) =>
    JSON.stringify([...values].sort(([a], [b]) => (a < b ? -1 : 1))),
  );
  return [...same.values()].map((group) => ({
    values: (group[0] as Requests).values,
    sources: unionAddresses(...group.map((each) => each.sources)),
  }));
}
