import type { ExposureRecord } from '../exposure/exposure-record.ts';
import { servesPort } from '../exposure/surface.ts';
import { familyOfType } from './asset-family.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import { wayInGate } from './entry-steps.ts';
import { assumedOn } from './joined-workload.ts';
import { originOfAudience, originState } from './origin.ts';
import type { Credential, PathAsset } from './path-facts.ts';
import type { State } from './state.ts';
import { type StepRuleId, stepRule } from './step-rules.ts';
import { shownName } from './step-text.ts';

/** The configuration of something, which shows what it is told to use: a place of its own, as reading it runs no code. */
export function configurationOf(key: string): State {
  return { asset: `${key}#configuration`, family: 'datastore', capability: 'read' };
}

/** A repository of code whose contents somebody has. */
export function repositoryState(key: string, capability: 'read' | 'write'): State {
  return { asset: key, family: 'repository', capability };
}

/**
 * From whatever shows a credential to what it opens (attack-paths §4.3 E3, C5). A login of a machine or a database is
 * worth nothing without a way to it: of machines and databases those count that outsiders reach; others are steps of the
 * network.
 */
export function credentialSteps(
  credentials: readonly Credential[],
  assets: ReadonlyMap<string, PathAsset>,
): readonly AttackStep[] {
  return credentials.flatMap((credential) =>
    credential.opens.flatMap((key) => {
      const places = placesOf(credential);
      if (/^aws:arn:[^:]*:iam:/.test(key)) {
        const to: State = { asset: key, family: 'principal', capability: 'use' };
        return places.map((from) => credentialStep(credential, ruleOf(credential), from, to));
      }
      if (key.startsWith('azure:entra:')) {
        const to: State = { asset: key, family: 'principal', capability: 'use' };
        return places.map((from) => credentialStep(credential, ruleOf(credential), from, to));
      }
      if (key.startsWith('saas:')) {
        const to: State = { asset: key, family: 'datastore', capability: 'read' };
        return places.map((from) =>
          credentialStep(credential, ruleOf(credential), from, to, { kind: 'service-token' }),
        );
      }
      const opened = assets.get(key);
      const family = opened === undefined ? null : familyOfType(opened.type);
      if (opened === undefined || (family !== 'workload' && family !== 'datastore')) return [];
      const name = shownName(opened.context.name);
      const capability = family === 'workload' ? 'exec' : 'read';
      const to: State = { asset: key, family, capability };
      if (family === 'datastore' && !isDatabase(key))
        return places.map((from) => credentialStep(credential, ruleOf(credential), from, to));
      const rule = family === 'workload' ? 'remote-login' : 'database-login';
      return doorsOf(opened).flatMap(([gate, way]) =>
        places.map((from) =>
          credentialStep(credential, rule, from, to, {
            sentence: `${credential.name} of ${name} ${from.family === 'origin' ? 'is public' : 'lies'} in ${shownName(credential.place.name)}, and ${name} answers on ${shownName(way.surface)} from any internet address`,
            gates: [credential.gate, gate],
            evidence: [...credential.evidence, ...way.evidence],
          }),
        ),
      );
    }),
  );
}

function ruleOf({ isManaged }: Credential): StepRuleId {
  return isManaged ? 'managed-credential' : 'found-credential';
}

/** Ports at which somebody logs in to a machine; of a database, whatever it answers on. */
const LOGIN_PORTS: readonly number[] = [22, 3389];

/** Open ways in at which a login is asked for, each with what closes it. */
function doorsOf(asset: PathAsset): readonly (readonly [Gate, ExposureRecord])[] {
  const isMachine = familyOfType(asset.type) === 'workload';
  return asset.exposure.flatMap((way) => {
    const isOpen =
      way.verdict === 'yes' && way.isDormant !== true && originOfAudience(way.audience) === 'internet';
    if (!isOpen || (isMachine && !LOGIN_PORTS.some((port) => servesPort(way.surface, 'tcp', port))))
      return [];
    return [[wayInGate(asset, shownName(asset.context.name), way, 'internet'), way] as const];
  });
}

/** The states in which somebody has what a credential is written in. */
function placesOf({ on, place, isLeaked }: Credential): readonly State[] {
  return [
    ...(isLeaked ? [originState('internet')] : []),
    ...on.map((key): State => ({ asset: key, family: 'workload', capability: 'exec' })),
    ...(place.kind === 'repository' ? [repositoryState(place.key, 'read')] : []),
    ...(place.kind === 'repository' || place.kind === 'image'
      ? []
      : [
          configurationOf(place.key),
          { asset: place.key, family: 'datastore' as const, capability: 'read' as const },
        ]),
  ];
}

/** The step that a credential makes from where it is read. */
export function credentialStep(
  credential: Credential,
  rule: StepRuleId,
  from: State,
  to: State,
  more: Partial<Pick<AttackStep, 'kind' | 'sentence' | 'gates' | 'evidence' | 'assumptions'>> = {},
): AttackStep {
  const { gate, kind, name, place, probability, evidence } = credential;
  const isEntry = from.family === 'origin';
  const where = shownName(place.name);
  return {
    rule: isEntry ? 'leaked-credential' : rule,
    kind,
    from,
    to,
    probability: Math.min(probability, stepRule(rule).probability),
    sentence: isEntry
      ? `${name} of ${shownName(nameOfKey(to.asset))} is public, in ${where}`
      : `${name} lies in ${where} and opens ${shownName(nameOfKey(to.asset))}`,
    gates: [gate],
    evidence,
    technique: stepRule(isEntry ? 'leaked-credential' : rule).technique,
    ...more,
    assumptions: [...assumedOn(credential, from.asset), ...(more.assumptions ?? [])],
  };
}

const DATABASE = /^aws:arn:[^:]*:(?:rds|redshift):/;

/** Whether it takes a way over the network to use a login of it. */
export function isDatabase(key: string): boolean {
  return DATABASE.test(key);
}

/** The last part of an id, for people. */
function nameOfKey(key: string): string {
  return key.slice(Math.max(key.lastIndexOf('/'), key.lastIndexOf(':')) + 1);
}
