import type { DerivedData } from '../resource/data-class.ts';
import type { Evidence, RiskState } from '../risk/detected-risk.ts';
import { administratorOf } from './administrator.ts';
import { familyOfType } from './asset-family.ts';
import type { AttackStep } from './attack-step.ts';
import { nodeOf, secretsOf } from './cluster-state.ts';
import { estateOfAsset } from './estate-of-asset.ts';
import type { PathAsset, PathFacts } from './path-facts.ts';
import type { Capability, State } from './state.ts';
import { shownName } from './step-text.ts';
import { TENANT_ADMINISTRATOR, TENANT_DATA, tenantDataOf } from './tenant-state.ts';

/** What kind of thing is wanted: with shape and pivot it is what an issue is about. */
export type TargetClass =
  | 'account-admin'
  | 'cluster-admin'
  | 'cluster-secrets'
  | 'cluster-node'
  | 'sensitive-data'
  | 'production-data'
  | 'service-data'
  | 'served-content'
  | 'delivery'
  | 'source-code'
  | 'vital-service'
  | 'backups';

/** Something that an attacker wants (attack-paths §4.5). */
export interface Target {
  /** The least that has to be held of it. */
  readonly state: State;
  readonly class: TargetClass;
  /** 0 is worth most. */
  readonly tier: 0 | 1 | 2 | 3;
  readonly name: string;
  /** Whether it is production: *no* takes a band from the severity. */
  readonly production: RiskState;
  /** Why it is wanted, in sentences. */
  readonly evidence: readonly Evidence[];
  /** Steps that make it one, of which any is enough; absent where it is one whatever leads on from it. */
  readonly by?: readonly AttackStep[];
}

/** Surer than a mere name. */
const SURE = 0.6;

/** Everything in these facts that somebody would want. */
export function targetsOf(facts: PathFacts): readonly Target[] {
  const { assets, estates } = facts;
  const administrators = [...estates].flatMap(([estate, about]): Target[] => {
    const { production, evidence, name } = about;
    const isCluster = estate.startsWith('k8s:');
    const tier = production === 'yes' ? 0 : 2;
    const admin: Target = {
      state: administratorOf(estate),
      class: isCluster ? 'cluster-admin' : 'account-admin',
      tier,
      name: shownName(name),
      production,
      evidence,
    };
    const secrets: Target = {
      state: secretsOf(estate),
      class: 'cluster-secrets',
      tier: production === 'yes' ? 1 : 2,
      name: `the secrets of ${shownName(name)}`,
      production,
      evidence,
    };
    const node: Target = {
      state: nodeOf(estate),
      class: 'cluster-node',
      tier: production === 'yes' ? 2 : 3,
      name: `a node of ${shownName(name)}`,
      production,
      evidence,
    };
    if (about.manages !== undefined) return [managementTarget(admin, about.manages)];
    return isCluster ? [admin, secrets, node] : [admin];
  });
  return [...administrators, ...toldTargets(facts), ...describedTargets(assets)];
}

/** Resources may be millions, and most are no targets. */
function describedTargets(assets: PathFacts['assets']): readonly Target[] {
  const targets: Target[] = [];
  const add = (target: Target | null): void => {
    if (target !== null) targets.push(target);
  };
  assets.forEach((asset) => {
    add(dataTarget(asset));
    add(servedTarget(asset));
    add(vitalTarget(asset));
  });
  return targets;
}

/**
 * Control of the account that manages an organisation is control of all its accounts, whatever lies in that one: that
 * nothing in it is production makes it worth no less.
 */
function managementTarget(admin: Target, manages: Evidence): Target {
  return {
    ...admin,
    tier: 0,
    name: `${admin.name}, which manages the organisation`,
    production: admin.production === 'yes' ? 'yes' : 'unknown',
    evidence: [manages, ...(admin.production === 'yes' ? admin.evidence : [])],
  };
}

/** What lies in no inventory, and is told by what leads there. Steps may be millions, so each is looked at once. */
function toldTargets({ steps, assets, estates }: PathFacts): readonly Target[] {
  const names: Target[] = [];
  const distant = new Map<string, Target>();
  const delivery = new Map<string, Target>();
  const addFirst = (found: Map<string, Target>, target: Target | null): void => {
    if (target !== null && !found.has(target.state.asset)) found.set(target.state.asset, target);
  };
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at] as AttackStep;
    const name = step.rule === 'dangling-name' ? nameTarget(step, assets) : null;
    if (name !== null) names.push(name);
    addFirst(distant, distantTarget(step));
    const shipped = deliveryTarget(step, assets, estates);
    const known = shipped === null ? undefined : delivery.get(shipped.state.asset);
    if (known?.by !== undefined && shipped?.by !== undefined)
      delivery.set(known.state.asset, { ...known, by: [...known.by, ...shipped.by] });
    else addFirst(delivery, shipped);
  }
  return [...names, ...distant.values(), ...delivery.values()];
}

/** What people load under a name that somebody else may take: no inventory need know of it. */
function nameTarget({ to, flawed, evidence }: AttackStep, assets: PathFacts['assets']): Target | null {
  if (flawed === undefined) return null;
  const production = assets.get(to.asset)?.context.production.state ?? 'unknown';
  return {
    state: to,
    class: 'served-content',
    tier: production === 'yes' ? 1 : 2,
    name: `what people load from ${shownName(flawed.name)}`,
    production,
    evidence,
  };
}

/** What the keys of services begin with that keep data elsewhere. */
const SERVICE = 'saas:';

/** A tenant, what all of it holds, and data that others keep. */
function distantTarget({ to, evidence }: AttackStep): Target | null {
  if (to.family !== 'account' && to.family !== 'datastore') return null;
  const about = distantName(to);
  return about === null ? null : { ...about, state: to, production: 'unknown', evidence };
}

function distantName(state: State): Pick<Target, 'class' | 'tier' | 'name'> | null {
  if (state.asset === TENANT_ADMINISTRATOR.asset)
    return { class: 'account-admin', tier: 0, name: 'the tenant of Entra ID' };
  const of = tenantDataOf(state);
  if (of !== null) return { class: 'sensitive-data', tier: 1, name: TENANT_DATA[of].name };
  if (state.family !== 'datastore' || !state.asset.startsWith(SERVICE)) return null;
  return {
    class: 'service-data',
    tier: 2,
    name: `what ${shownName(state.asset.slice(SERVICE.length))} keeps`,
  };
}

/**
 * What ships to production (attack-paths §4.5): a build server, known by the flaw that leads into it, or the code from
 * which something in production is built or that is applied to a cluster in production, for whoever changes it.
 */
function deliveryTarget(
  step: AttackStep,
  assets: PathFacts['assets'],
  estates: PathFacts['estates'],
): Target | null {
  const { rule, kind, from, to, evidence } = step;
  const isServer = kind === 'ci-server' && to.capability === 'exec';
  const isApplied = rule === 'applies-repository';
  const isCode = isApplied || (rule === 'pushes-image' && from.family === 'repository');
  if (!isServer && !isCode) return null;
  const production = isApplied
    ? (estates.get(estateOfAsset(to.asset) ?? '')?.production ?? 'unknown')
    : (assets.get(to.asset)?.context.production.state ?? 'unknown');
  if (isServer) {
    const name = `the build server ${shownName(assets.get(to.asset)?.context.name ?? to.asset)}`;
    return { state: to, class: 'delivery', tier: 0, name, production, evidence };
  }
  if (production !== 'yes') return null;
  const name = `the code of ${shownName(assets.get(from.asset)?.context.name ?? from.asset.replace(/^repo:/, ''))}`;
  return { state: from, class: 'source-code', tier: 1, name, production, evidence, by: [step] };
}

/** What runs a service that a catalogue calls vital. */
function vitalTarget({ context, type, vital }: PathAsset): Target | null {
  if (vital === undefined || familyOfType(type) !== 'workload') return null;
  return {
    state: { asset: context.key, family: 'workload', capability: 'exec' },
    class: 'vital-service',
    tier: 2,
    name: `the service ${shownName(vital.service)} on ${shownName(context.name)}`,
    production: context.production.state,
    evidence: [
      {
        sentence: `${vital.service} is a service of tier ${vital.tier}.`,
        provenance: vital.source,
        at: null,
      },
    ],
  };
}

/** What catalogues call the services without which nothing goes. */
const VITAL = /^(?:tier[\s_-]*)?[01]$|^(?:(?:mission|business)[\s_-]*)?critical$/i;

/** Whether a tier of a catalogue is the highest (attack-paths §4.5, T2). */
export function isVitalTier(tier: string): boolean {
  return VITAL.test(tier.trim());
}

/** Whether a bucket serves its objects to people: whoever writes to it writes to them. */
export function isServed({ serves }: PathAsset): boolean {
  return serves === true;
}

/** The objects of a bucket that serves a site: whoever changes them runs code in the browsers of its visitors. */
function servedTarget({ context, serves }: PathAsset): Target | null {
  if (serves !== true) return null;
  return {
    state: { asset: context.key, family: 'datastore', capability: 'write' },
    class: 'served-content',
    tier: context.production.state === 'yes' ? 1 : 2,
    name: `what ${shownName(context.name)} serves`,
    production: context.production.state,
    evidence: [{ sentence: `${context.name} serves a site.`, provenance: 'inventory', at: null }],
  };
}

/** What a store of data is as a target; null where nobody would miss it. A copy is worth what it is a copy of. */
export function dataTarget(asset: PathAsset): Target | null {
  const { context, type } = asset;
  if (familyOfType(type) !== 'datastore') return null;
  const own = targetOf(asset);
  if (asset.partOf !== undefined) return partTarget(own, targetOf(asset.partOf), asset);
  if (own !== null || asset.copyOf === undefined) return own;
  const original = targetOf(asset.copyOf);
  if (original === null) return null;
  return {
    ...original,
    state: { asset: context.key, family: 'datastore', capability: 'read' },
    name: `${shownName(context.name)}, a copy of ${original.name}`,
  };
}

/** A part is worth what was told of it, or what was told of its whole where that is more. */
function partTarget(own: Target | null, whole: Target | null, { context }: PathAsset): Target | null {
  const worth = own === null || (whole !== null && whole.tier < own.tier) ? whole : own;
  if (worth === null) return null;
  return {
    ...worth,
    state: { asset: context.key, family: 'datastore', capability: 'read' },
    name: whole === null ? shownName(context.name) : `${shownName(context.name)} in ${whole.name}`,
  };
}

function targetOf({ context, type, data }: PathAsset): Target | null {
  const production = context.production.state;
  const sensitive = sensitiveEvidence(data);
  if (type !== 'backup-vault' && sensitive === null && production !== 'yes') return null;
  const capability: Capability = 'read';
  const target = {
    state: { asset: context.key, family: 'datastore' as const, capability },
    name: shownName(context.name),
    production,
  };
  if (type === 'backup-vault')
    return {
      ...target,
      state: { ...target.state, capability: 'write' },
      class: 'backups',
      tier: production === 'yes' ? 0 : 2,
      name: `the backups in ${target.name}`,
      evidence: context.production.evidence,
    };
  if (sensitive !== null) return { ...target, class: 'sensitive-data', tier: 1, evidence: [sensitive] };
  return {
    ...target,
    class: 'production-data',
    tier: SECRET_STORES.includes(type) ? 1 : 2,
    evidence: context.production.evidence,
  };
}

/** Confidential or restricted by more than a name. */
function sensitiveEvidence(data: DerivedData | null): Evidence | null {
  const [surest] = data?.clues ?? [];
  if (data === null || surest === undefined || surest.confidence < SURE) return null;
  const isSensitive = data.dataClass === 'restricted' || data.dataClass === 'confidential';
  if (!isSensitive && !data.types.some((each) => SENSITIVE_TYPES.has(each))) return null;
  const what = data.types.length === 0 ? `${data.dataClass} data` : data.types.join(', ');
  return { sentence: `It holds ${what}: ${surest.reason}.`, provenance: 'data class', at: null };
}

/** What keeps the secrets of others: in production it is worth what they open (attack-paths §4.5, T1). */
const SECRET_STORES: readonly string[] = ['secret', 'azure-key-vault', 'gcp-secret'];

const SENSITIVE_TYPES = new Set(['pii', 'phi', 'pci', 'credentials']);
