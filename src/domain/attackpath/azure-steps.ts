import { oneLine } from '#base/text.ts';
import { AzureEstate } from '../exposure/azure-estate.ts';
import {
  assignsIdentities,
  CLUSTER,
  readsDataOf,
  runsCodeOn,
  takesIdentities,
} from '../privilege/azure-abilities.ts';
import { runsCodeInCluster } from '../privilege/azure-cluster-code.ts';
import { AzurePrivileges, workloadsOf } from '../privilege/azure-privilege.ts';
import {
  type AzureGrant,
  armIdOf,
  azureGrants,
  groupsAbove,
  scopeHolds,
  scopeText,
} from '../privilege/azure-rights.ts';
import type { AzureRole } from '../privilege/azure-roles.ts';
import {
  AKS,
  APP_CONFIGURATION,
  DATA_SERVICE,
  MANAGED_IDENTITY,
  REDIS,
} from '../resource/facts/azure-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import { administratorOf, EDITS_ALL } from './administrator.ts';
import type { AttackStep } from './attack-step.ts';
import { type CloudFacts, type CloudSteps, cloudStep, REACHED_MAX } from './cloud-step.ts';
import { EntraSteps } from './entra-steps.ts';
import { followSteps } from './follow-steps.ts';
import { configuredGate } from './gate.ts';
import type { State } from './state.ts';
import { shownName } from './step-text.ts';

const REASON_MAX = 300;

/**
 * In Azure: from code on a workload to the identities that it runs as, and from an identity to data, to other workloads,
 * and to administering a subscription, by its role assignments and the access policies of vaults (attack-paths §4.12).
 * Conditions of assignments are not looked through: a right under one makes no step.
 */
export function azureSteps(facts: CloudFacts): CloudSteps {
  const rules = new AzureSteps(facts);
  const steps = followSteps(facts.given, (state) => rules.from(state));
  return { steps, leftOut: rules.leftOut };
}

class AzureSteps {
  leftOut = 0;
  readonly #facts: CloudFacts;
  readonly #estate: AzureEstate;
  readonly #privileges: AzurePrivileges;
  readonly #grants: ReadonlyMap<string, readonly AzureGrant[]>;
  readonly #above: ReadonlyMap<string, readonly string[]>;
  readonly #workloads: ReadonlyMap<
    string,
    { readonly resource: EstateResource; readonly principals: readonly string[] }
  >;
  readonly #identities = new Map<string, EstateResource>();
  readonly #entra: EntraSteps;
  readonly #byKey: ReadonlyMap<string, EstateResource>;
  readonly #subscriptions: readonly string[];
  /** Object ids by the assets of their states. */
  readonly #ids = new Map<string, string>();

  constructor(facts: CloudFacts) {
    this.#facts = facts;
    this.#estate = new AzureEstate(facts.resources);
    this.#privileges = new AzurePrivileges(this.#estate);
    this.#entra = new EntraSteps(this.#estate);
    this.#byKey = new Map(facts.resources.map((resource) => [resource.key, resource]));
    for (const [key, id] of this.#entra.ids) this.#ids.set(key, id);
    this.#grants = azureGrants(this.#estate).byPrincipal;
    this.#above = groupsAbove(this.#estate);
    this.#workloads = new Map(workloadsOf(this.#estate).map((each) => [each.resource.key, each]));
    for (const identity of this.#estate.ofType('azure-managed-identity')) {
      const id = this.#estate.facts(MANAGED_IDENTITY, identity).principalId?.toLowerCase();
      if (id === undefined) continue;
      this.#identities.set(id, identity);
      // Pods of a cluster may be it, which no step from Azure leads to.
      this.#ids.set(identity.key, id);
    }
    this.#subscriptions = [...new Set(facts.resources.flatMap(({ account }) => account ?? []))];
  }

  from(state: State): readonly AttackStep[] {
    if (state.family === 'workload' && (state.capability === 'exec' || state.capability === 'root'))
      return [...this.#identitySteps(state), ...this.#syncSteps(state)];
    if (state.family === 'repository') return this.#entra.fromRepository(state, (id) => this.#stateOf(id));
    const id = state.family === 'principal' ? this.#ids.get(state.asset) : undefined;
    if (id === undefined) return [];
    return [
      ...this.#grantSteps(state, id),
      ...this.#adminSteps(state, id),
      ...this.#vaultSteps(state, id),
      ...this.#entra.fromPrincipal(state, id, this.#nameOf(id)),
    ];
  }

  #syncSteps(state: State): readonly AttackStep[] {
    const machine = this.#byKey.get(state.asset);
    return machine === undefined ? [] : this.#entra.fromMachine(state, machine, (id) => this.#stateOf(id));
  }

  #stateOf(id: string): State {
    const asset = this.#identities.get(id)?.key ?? this.#entra.keyOf(id) ?? `azure:principal/${id}`;
    this.#ids.set(asset, id);
    return { asset, family: 'principal', capability: 'use' };
  }

  #nameOf(id: string): string {
    const workload = [...this.#workloads.values()].find(({ principals }) => principals.includes(id));
    return shownName(
      this.#identities.get(id)?.name ??
        (workload === undefined
          ? (this.#entra.nameOf(id) ?? id)
          : `the identity of ${workload.resource.name}`),
    );
  }

  #identitySteps(state: State): readonly AttackStep[] {
    const found = this.#workloads.get(state.asset);
    if (found === undefined) return [];
    const name = shownName(found.resource.name);
    return found.principals.map((id) =>
      cloudStep({
        rule: 'workload-role',
        kind: 'azure',
        from: { ...state, capability: 'exec' },
        to: this.#stateOf(id),
        sentence: `Code on ${name} can obtain tokens of ${this.#nameOf(id)}, which it runs as`,
        gate: configuredGate(
          'setting',
          `${found.resource.key} identity`,
          `take the rights from the identity of ${name}`,
          2,
        ),
        rests: [found.resource, `${found.resource.name} runs as ${id}.`],
      }),
    );
  }

  #heldBy(id: string): readonly string[] {
    return [id, ...this.#privileges.groupsOf(id)];
  }

  /** All grants that hold: its own and those of its groups, with what their conditions certainly let through. */
  #grantsOf(id: string): readonly AzureGrant[] {
    return this.#heldBy(id).flatMap((each) => this.#grants.get(each) ?? []);
  }

  #grantSteps(state: State, id: string): readonly AttackStep[] {
    const name = this.#nameOf(id);
    const all = this.#grantsOf(id);
    const placesCode = all.some(({ role }) => [...runsCodeOn(role)].some((type) => type !== CLUSTER));
    return all.flatMap((grant): readonly AttackStep[] => {
      const { role, scope, resource } = grant;
      const by = `${shownName(role.name)} over ${shownName(scopeText(scope))}`;
      const gate = configuredGate('statement', resource.key, `take ${by} from ${name}`);
      const rests = [resource, `${name} has ${by}.`] as const;
      const holds = (each: EstateResource) => scopeHolds(scope, armIdOf(each), this.#above);
      const reads = new Map(readsDataOf(role).map(({ type, byKeysAlone }) => [type, byKeysAlone]));
      if (reads.has('azure-storage-account')) reads.set('azure-blob-container', false);
      const data = this.#estate
        .ofType(...reads.keys())
        .filter((each) => this.#facts.wanted.has(each.key) && holds(each))
        .filter((each) => reads.get(each.type) !== true || this.#takesKeys(each))
        .map((each) =>
          cloudStep({
            rule: 'reads-data',
            kind: each.type,
            from: state,
            to: { asset: each.key, family: 'datastore', capability: 'read' },
            sentence: `${name} may read ${shownName(each.name)} (${by})`,
            gate,
            rests,
          }),
        );
      const code = runsCodeOn(role);
      const machines = this.#firstOf(
        [...this.#workloads.values()].filter(
          ({ resource: each }) => code.has(each.type) && holds(each) && this.#letsIn(role, each),
        ),
      ).map(({ resource: each }) =>
        cloudStep({
          rule: 'instance-command',
          kind: 'azure',
          from: state,
          to: { asset: each.key, family: 'workload', capability: 'exec' },
          sentence: `${name} may run code on ${shownName(each.name)} (${by})`,
          gate,
          rests,
        }),
      );
      const identities =
        takesIdentities(role) || (assignsIdentities(role) && placesCode)
          ? this.#firstOf([...this.#identities].filter(([other, each]) => other !== id && holds(each))).map(
              ([other, each]) =>
                cloudStep({
                  rule: 'iam-escalation',
                  kind: 'azure-identity',
                  from: state,
                  to: this.#stateOf(other),
                  sentence: `${name} may act as the identity ${shownName(each.name)} (${by})`,
                  gate,
                  rests,
                }),
            )
          : [];
      return [...data, ...machines, ...identities];
    });
  }

  #firstOf<Of>(all: readonly Of[]): readonly Of[] {
    this.leftOut += Math.max(0, all.length - REACHED_MAX);
    return all.slice(0, REACHED_MAX);
  }

  #takesKeys(store: EstateResource): boolean {
    const isOff =
      store.type === 'azure-app-configuration'
        ? this.#estate.facts(APP_CONFIGURATION, store).disableLocalAuth
        : this.#estate.facts(REDIS, store).disableAccessKeyAuthentication;
    return isOff !== true;
  }

  #letsIn(role: AzureRole, resource: EstateResource): boolean {
    return resource.type !== CLUSTER || runsCodeInCluster(role, this.#estate.facts(AKS, resource)) === 'yes';
  }

  /** The subscriptions that it administers by roles of its own; what it may do as others are the steps above. */
  #adminSteps(state: State, id: string): readonly AttackStep[] {
    const name = this.#nameOf(id);
    const ways = this.#heldBy(id)
      .flatMap((each) => this.#privileges.administersBy(each))
      .toSorted((a, b) => Number(a.mayGrant) - Number(b.mayGrant));
    // Of one assignment what gives most is told.
    const each = new Map(ways.map((way) => [way.resource.key, way]));
    return [...each.values()].flatMap(({ role, scope, resource, reason, mayGrant }) =>
      this.#subscriptions
        .filter((subscription) =>
          scopeHolds(scope, `/subscriptions/${subscription}`.toLowerCase(), this.#above),
        )
        .map((subscription) => ({
          ...cloudStep({
            rule: 'administrator',
            kind: 'azure',
            from: state,
            to: administratorOf(`azure:${subscription}`),
            sentence: `${name} ${oneLine(reason, REASON_MAX)}`,
            gate: configuredGate(
              'statement',
              resource.key,
              `take ${shownName(role)} over ${shownName(scopeText(scope))} from ${name}`,
            ),
            rests: [resource, `${name} ${reason}.`],
          }),
          assumptions: mayGrant ? [] : [EDITS_ALL],
        })),
    );
  }

  /** Vaults may say themselves who reads them. */
  #vaultSteps(state: State, id: string): readonly AttackStep[] {
    const name = this.#nameOf(id);
    return this.#estate.ofType('azure-key-vault').flatMap((vault) => {
      const { accessPolicies = [], enableRbacAuthorization } = this.#estate.facts(DATA_SERVICE, vault);
      const reads = accessPolicies.some(
        ({ objectId, permissions }) =>
          objectId?.toLowerCase() === id &&
          permissions?.secrets?.some((each) => /^(?:all|get|backup)$/i.test(each)) === true,
      );
      if (enableRbacAuthorization === true || !reads || !this.#facts.wanted.has(vault.key)) return [];
      return [
        cloudStep({
          rule: 'reads-data',
          kind: vault.type,
          from: state,
          to: { asset: vault.key, family: 'datastore', capability: 'read' },
          sentence: `${name} may read the secrets of ${shownName(vault.name)} (an access policy of the vault)`,
          gate: configuredGate(
            'statement',
            `${vault.key} policy of ${id}`,
            `take ${name} out of the access policies of ${shownName(vault.name)}`,
          ),
          rests: [vault, `An access policy of ${vault.name} lets ${id} read secrets.`],
        }),
      ];
    });
  }
}
