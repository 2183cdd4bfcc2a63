import { capital } from '#base/text.ts';
import type { ExposureRecord } from '../exposure/exposure-record.ts';
import { servesPort } from '../exposure/surface.ts';
import { familyOfType } from './asset-family.ts';
import type { AttackStep, Gate, NetworkPart } from './attack-step.ts';
import { configuredGate } from './gate.ts';
import { type Origin, originOfAudience, originState, originWords } from './origin.ts';
import type { PathAsset } from './path-facts.ts';
import { softwareKind } from './software-kind.ts';
import type { Capability, State } from './state.ts';
import { stepRule } from './step-rules.ts';
import { shownName } from './step-text.ts';
import { wholeOf } from './whole-of.ts';

/** What a surface of data lets somebody do, the strongest first. */
const DATA_WORDS: readonly (readonly [words: RegExp, capability: Capability, can: string])[] = [
  [/\badmin\b/, 'admin', 'may change who else may use'],
  [/\bwrite\b/, 'write', 'may write to'],
  [/\b(?:read|copy|any)\b|GetObject|Scan|Query|GetSecretValue/, 'read', 'may read'],
  [/\blist\b/, 'list', 'may list'],
];

/** How likely a web ACL in front lets a request through, against one that stands open (attack-paths §4.4). */
const FILTERED = 0.5;

/**
 * Where outsiders get in: every way in that is certain and public (attack-paths §4.3, E1, E2, E4, E5). A way that is not
 * certain, or behind a login, is none.
 */
export function entrySteps(assets: Iterable<PathAsset>): readonly AttackStep[] {
  return [...assets].flatMap((asset) => {
    const family = familyOfType(asset.type);
    if (family === null) return [];
    const open = asset.exposure.filter(({ verdict, isDormant }) => verdict === 'yes' && isDormant !== true);
    if (family === 'workload') return open.flatMap((record) => endpointSteps(asset, record));
    if (family === 'queue') return open.flatMap((record) => messageSteps(asset, record));
    if (family === 'datastore') return open.flatMap((record) => dataSteps(asset, record));
    return trustSteps(asset, open);
  });
}

/** A login of the application is no hindrance that anybody can vouch for; one in front is. */
const NO_HINDRANCE: readonly ExposureRecord['auth'][] = ['none', 'app'];

function endpointSteps(asset: PathAsset, record: ExposureRecord): readonly AttackStep[] {
  const origin = originOfAudience(record.audience);
  // A customer of the cloud signs as itself, which is no hindrance.
  const isSigned = origin !== 'internet' && record.auth === 'iam';
  if (origin === null || !(isSigned || NO_HINDRANCE.includes(record.auth))) return [];
  const { key, name: given } = asset.context;
  const name = shownName(given);
  const reach: State = { asset: key, family: 'workload', capability: 'reach' };
  const rule = stepRule('public-endpoint');
  const through = record.via.length === 0 ? '' : `, through ${record.via.map(shownName).join(', ')}`;
  const filtered = record.filteredBy;
  const entry: AttackStep = {
    rule: 'public-endpoint',
    from: originState(origin),
    to: reach,
    probability: rule.probability * (filtered === undefined ? 1 : FILTERED),
    sentence: `${name} answers on ${shownName(record.surface)} from ${originWords(origin)}${through}`,
    gates: [wayInGate(asset, name, record, origin)],
    evidence: record.evidence,
    ...passedOf(asset, record),
    assumptions:
      filtered === undefined
        ? []
        : [`The web ACL ${shownName(filtered)} in front blocks half of what is tried.`],
    technique: rule.technique,
  };
  const guesses = (asset.asksPassword ?? []).flatMap(
    (port) => passwordStep(asset, record, reach, port) ?? [],
  );
  if (record.hands !== 'exec') return [entry, ...guesses];
  const control = stepRule('open-control-port');
  const kind = softwareKind(given);
  return [
    entry,
    ...guesses,
    {
      rule: 'open-control-port',
      ...(kind === undefined ? {} : { kind }),
      from: reach,
      to: { ...reach, capability: 'exec' },
      probability: control.probability,
      sentence: `${name} runs code for whoever reaches ${shownName(record.surface)}, without a login`,
      gates: [
        configuredGate(
          'setting',
          `${key} ${record.surface} login`,
          `ask for a login on ${record.surface} of ${name}`,
        ),
      ],
      evidence: record.evidence,
      assumptions: [],
      technique: control.technique,
    },
  ];
}

/** Parts of a way in that people still look at. */
const PASSED_MAX = 6;

/** What requests pass on a way in: what leads here, then what lets them through. */
function passedOf(
  { estate, context }: PathAsset,
  { via, gates }: ExposureRecord,
): Pick<AttackStep, 'passes'> {
  const parts = [...via, ...gates].filter((part) => part !== context.key);
  const names = parts.map(partName).filter((name) => name !== '');
  // Such parts are named within an account or cluster.
  const passes = [...new Set(names)]
    .slice(0, PASSED_MAX)
    .map((name): NetworkPart => ({ id: `network:${estate} ${name}`, name }));
  return passes.length === 0 ? {} : { passes };
}

/** Ids of clouds are long, and end with what people know them by. */
function partName(part: string): string {
  const name = /^(?:azure:|aws:|gcp:|arn:|\/)/.test(part) ? part.slice(part.lastIndexOf('/') + 1) : part;
  return shownName(name.replace(/#iam-policy$/, ' (IAM policy)'));
}

/** A machine that asks everybody for a password: somebody tries the usual ones (attack-paths §4.3, C7). */
function passwordStep(
  { context: { key, name: given } }: PathAsset,
  { surface, evidence }: ExposureRecord,
  reach: State,
  port: number,
): AttackStep | null {
  // Words that tell no ports may hold every one, which is not certain enough.
  if (!/\btcp\b/.test(surface) || !servesPort(surface, 'tcp', port)) return null;
  const name = shownName(given);
  const rule = stepRule('guessed-password');
  return {
    rule: 'guessed-password',
    from: reach,
    to: { ...reach, capability: 'exec' },
    probability: rule.probability,
    sentence: `${name} asks whoever reaches tcp/${port} for a password, and somebody may guess one`,
    gates: [
      configuredGate('setting', `${key} tcp/${port} password`, `take keys instead of passwords on ${name}`),
    ],
    evidence,
    assumptions: ['Nothing stops whoever tries many passwords.'],
    technique: rule.technique,
  };
}

function dataSteps(asset: PathAsset, record: ExposureRecord): readonly AttackStep[] {
  const { context } = asset;
  // Who gets in by a part gets that part, of which the same is told.
  if (record.gates.some((gate) => wholeOf(gate) === context.key)) return [];
  const origin = originOfAudience(record.audience);
  if (record.auth === 'db-password') return origin === null ? [] : [guessStep(asset, record, origin)];
  const given = DATA_WORDS.find(([words]) => words.test(record.surface));
  // A customer of the cloud signs as itself, which is no hindrance.
  const isHindered = origin === 'internet' && record.auth !== 'none';
  if (origin === null || given === undefined || isHindered) return [];
  const [, capability, can] = given;
  const name = shownName(
    asset.partOf === undefined ? context.name : `${context.name} in ${asset.partOf.context.name}`,
  );
  const rule = stepRule('public-data');
  return [
    {
      rule: 'public-data',
      from: originState(origin),
      to: { asset: context.key, family: 'datastore', capability },
      probability: rule.probability,
      sentence: `${capital(originWords(origin))} ${can} ${name}`,
      gates: [wayInGate(asset, name, record, origin)],
      evidence: record.evidence,
      ...passedOf(asset, record),
      assumptions: [],
      technique: rule.technique,
    },
  ];
}

/** A database that asks everybody for a password: somebody tries the usual ones (attack-paths §4.3, C7). */
function guessStep(asset: PathAsset, record: ExposureRecord, origin: Origin): AttackStep {
  const { key, name: given } = asset.context;
  const name = shownName(given);
  const rule = stepRule('guessed-login');
  return {
    rule: 'guessed-login',
    from: originState(origin),
    to: { asset: key, family: 'datastore', capability: 'read' },
    probability: rule.probability,
    sentence: `${name} asks whoever comes from ${originWords(origin)} for a password on ${shownName(record.surface)}, and somebody may guess one`,
    gates: [wayInGate(asset, name, record, origin)],
    evidence: record.evidence,
    ...passedOf(asset, record),
    assumptions: ['Nothing stops whoever tries many passwords.'],
    technique: rule.technique,
  };
}

/** A queue or topic that outsiders may send to. */
function messageSteps(asset: PathAsset, record: ExposureRecord): readonly AttackStep[] {
  const { context } = asset;
  const origin = originOfAudience(record.audience);
  if (origin === null || !/:(?:SendMessage|Publish)$/.test(record.surface)) return [];
  const name = shownName(context.name);
  const rule = stepRule('public-data');
  return [
    {
      rule: 'public-data',
      from: originState(origin),
      to: { asset: context.key, family: 'queue', capability: 'write' },
      probability: rule.probability,
      sentence: `${capital(originWords(origin))} may send to ${name}`,
      gates: [wayInGate(asset, name, record, origin)],
      evidence: record.evidence,
      ...passedOf(asset, record),
      assumptions: [],
      technique: rule.technique,
    },
  ];
}

/** Sentences with which the evaluation of trust says that anybody at all may become a role (attack-paths §3.6). */
const OPEN_TRUST: readonly (readonly [reason: RegExp, origin: Origin])[] = [
  [/^can be assumed from any AWS account/, 'any-aws-account'],
  [/^can be assumed by any .+ user$/, 'internet'],
  [/^can be assumed by anybody /, 'internet'],
];

function trustSteps(asset: PathAsset, open: readonly ExposureRecord[]): readonly AttackStep[] {
  const { context } = asset;
  const name = shownName(context.name);
  const rule = stepRule('open-trust');
  const reasons = new Map<Origin, string>();
  for (const reason of asset.privilege.reasons)
    for (const [words, origin] of OPEN_TRUST)
      if (words.test(reason) && !reasons.has(origin)) reasons.set(origin, reason);
  return [...reasons].map(([origin, reason]) => ({
    rule: 'open-trust' as const,
    from: originState(origin),
    to: { asset: context.key, family: 'principal' as const, capability: 'use' as const },
    probability: rule.probability,
    sentence: `${name} ${reason}`,
    gates: [
      configuredGate(
        'statement',
        `${context.key} trust`,
        asset.type === 'iam-role'
          ? `name in the trust policy of ${name} who may assume it`
          : `name in a condition of the provider ${name} whose tokens it takes`,
      ),
    ],
    evidence: [
      ...open
        .filter(({ audience }) => originOfAudience(audience) === origin)
        .flatMap(({ evidence }) => evidence),
      ...(asset.described === null ? [] : [{ sentence: `${name} ${reason}.`, ...asset.described }]),
    ],
    assumptions: [],
    technique: rule.technique,
  }));
}

/** How rules of AWS are called that let in to more than one thing. */
const SHARED_BY_MANY = /^(?:sgr?|acl|rtb)-| (?:ingress|egress|listener|behaviour) /;

/**
 * Whether what opens a way in is named within its account or cluster, and so the same for all that it opens. Statements and
 * settings of AWS are named within their resource alone: as `PublicRead` of a bucket, which the next one has as well.
 */
function isShared(gate: string, estate: string | null): boolean {
  return estate?.startsWith('aws:') !== true || SHARED_BY_MANY.test(gate);
}

const ACTS: Readonly<Record<string, string>> = {
  any: 'all ports',
  copy: 'copying',
  invoke: 'calling',
  list: 'listing',
  pull: 'pulling',
  read: 'reading',
  write: 'writing',
};

/** What is open, as something that can be closed: `tcp/443`, but `reading` where `read` is. */
function actWords(surface: string): string {
  return surface.replace(/^[a-z]+(?![\w/:.])/, (act) =>
    Object.hasOwn(ACTS, act) ? (ACTS[act] as string) : act,
  );
}

/** One rule that opens it is the gate, and of whatever else it opens too; several that do so together are one gate of this way in. */
export function wayInGate(
  { context, estate }: PathAsset,
  name: string,
  record: ExposureRecord,
  origin: Origin,
): Gate {
  const { gates, surface } = record;
  const sentence = `close ${shownName(actWords(surface))} of ${name} to ${originWords(origin)}`;
  const parts = gates.filter((part) => part !== context.key).slice(0, 3);
  const by = parts.length === 0 ? '' : ` (${parts.map(partName).join(', ')})`;
  const [only, ...others] = gates;
  const id =
    only === undefined || others.length > 0
      ? `${context.key} ${surface} ${origin}`
      : `${isShared(only, estate) ? estate : context.key} ${only}`;
  return configuredGate('network_rule', id, `${sentence}${by}`);
}
