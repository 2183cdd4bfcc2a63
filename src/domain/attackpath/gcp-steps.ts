import { chainOf, GcpEstate } from '../exposure/gcp-estate.ts';
import { type GcpGrant, GcpPrivileges } from '../privilege/gcp-privilege.ts';
import type { GcpAbility } from '../privilege/gcp-roles.ts';
import { ANY_ASSET, SERVICE_ACCOUNT } from '../resource/facts/gcp-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { AttackStep } from './attack-step.ts';
import { type CloudFacts, cloudStep } from './cloud-step.ts';
import { followSteps } from './follow-steps.ts';
import { configuredGate } from './gate.ts';
import type { State } from './state.ts';
import { shownName } from './step-text.ts';
import { administratorOf } from './workload-steps.ts';

/** Of one account by one role; more are other roads to the same. */
const REACHED_MAX = 64;

const READS: readonly (readonly [ability: GcpAbility, type: string])[] = [
  ['reads-buckets', 'gcp-bucket'],
  ['reads-datasets', 'gcp-dataset'],
  ['reads-secrets', 'gcp-secret'],
  ['reads-databases', 'gcp-sql-instance'],
];

/**
 * In Google Cloud: from code on a workload to its service account, and from an account to data, to other accounts by their
 * tokens or by what it deploys, and to administering a project (attack-paths §4.12). Bindings under conditions and those
 * that are denied make no step, nor does a machine whose tokens are good for some services alone.
 */
export function gcpSteps(facts: CloudFacts): readonly AttackStep[] {
  const steps = new GcpSteps(facts);
  return followSteps(facts.given, (state) => steps.from(state));
}

class GcpSteps {
  readonly #facts: CloudFacts;
  readonly #estate: GcpEstate;
  readonly #privileges: GcpPrivileges;
  readonly #byKey: ReadonlyMap<string, EstateResource>;
  readonly #accounts = new Map<string, EstateResource>();
  /** Addresses by the assets of their states. */
  readonly #emails = new Map<string, string>();

  constructor(facts: CloudFacts) {
    this.#facts = facts;
    this.#estate = new GcpEstate(facts.resources);
    this.#privileges = new GcpPrivileges(this.#estate);
    this.#byKey = new Map(facts.resources.map((resource) => [resource.key, resource]));
    for (const account of this.#estate.ofType('gcp-service-account')) {
      const { email, disabled } = this.#estate.facts(SERVICE_ACCOUNT, account);
      if (email !== undefined && disabled !== true) this.#accounts.set(email, account);
    }
  }

  from(state: State): readonly AttackStep[] {
    if (state.family === 'workload' && (state.capability === 'exec' || state.capability === 'root'))
      return this.#accountSteps(state);
    const email = state.family === 'principal' ? this.#emails.get(state.asset) : undefined;
    return email === undefined ? [] : this.#grantSteps(state, email);
  }

  #stateOf(email: string): State {
    const asset = this.#accounts.get(email)?.key ?? `gcp:serviceAccount/${email}`;
    this.#emails.set(asset, email);
    return { asset, family: 'principal', capability: 'use' };
  }

  #accountSteps(state: State): readonly AttackStep[] {
    const resource = this.#byKey.get(state.asset);
    if (resource === undefined) return [];
    const name = shownName(resource.name);
    return this.#privileges.accountsOf(resource).flatMap(({ email, scopes }) => {
      const isWhole = scopes === undefined || scopes.some((scope) => scope.endsWith('/cloud-platform'));
      if (email === undefined || !isWhole) return [];
      return [
        cloudStep({
          rule: 'workload-role',
          kind: 'gcp',
          from: { ...state, capability: 'exec' },
          to: this.#stateOf(email),
          sentence: `Code on ${name} can obtain tokens of ${shownName(email)}, the service account that it runs as`,
          gate: configuredGate(
            'setting',
            `${resource.key} identity`,
            `take the rights from the identity of ${name}`,
            2,
          ),
          rests: [resource, `${resource.name} runs as ${email}.`],
        }),
      ];
    });
  }

  #grantSteps(state: State, email: string): readonly AttackStep[] {
    const name = shownName(email);
    const grants = this.#privileges.grantsOf(`serviceAccount:${email}`);
    const deploys = grants.some(({ abilities }) => abilities.has('deploys'));
    return grants.flatMap((grant): readonly AttackStep[] => {
      const { abilities, role, of, resource } = grant;
      const by = `${shownName(role)} over ${shownName(of.slice(of.lastIndexOf('/') + 1))}`;
      const gate = configuredGate('statement', `${of} ${role} ${email}`, `take ${by} from ${name}`);
      const rests = [resource, `${email} has ${by}.`] as const;
      const data = READS.flatMap(([ability, type]) =>
        abilities.has(ability) || abilities.has('owns')
          ? this.#estate
              .ofType(type)
              .filter((each) => this.#facts.wanted.has(each.key) && this.#isUnder(each, of))
              .map((each) =>
                cloudStep({
                  rule: 'reads-data',
                  kind: type,
                  from: state,
                  to: { asset: each.key, family: 'datastore', capability: 'read' },
                  sentence: `${name} may read ${shownName(each.name)} (${by})`,
                  gate,
                  rests,
                }),
              )
          : [],
      );
      const takes = abilities.has('impersonates') || abilities.has('owns');
      const places = abilities.has('acts-as') && deploys;
      const accounts =
        takes || places
          ? this.#privileges
              .accountsBelow(of)
              .map((member) => member.slice('serviceAccount:'.length))
              .filter((other) => other !== email && this.#accounts.has(other))
              .slice(0, REACHED_MAX)
              .map((other) =>
                cloudStep({
                  rule: 'iam-escalation',
                  kind: takes ? 'gcp-token' : 'gcp-deploy',
                  from: state,
                  to: this.#stateOf(other),
                  sentence: `${name} may ${takes ? 'take tokens of' : 'deploy code as'} ${shownName(other)} (${by})`,
                  gate,
                  rests,
                }),
              )
          : [];
      return [...data, ...accounts, ...this.#adminStep(state, email, grant, gate)];
    });
  }

  #adminStep(
    state: State,
    email: string,
    grant: GcpGrant,
    gate: AttackStep['gates'][number],
  ): readonly AttackStep[] {
    const project = /^\/\/cloudresourcemanager\.googleapis\.com\/(?:projects|folders|organizations)\//.test(
      grant.of,
    );
    const account = this.#accounts.get(email);
    if (!project || !account?.account || !(grant.abilities.has('owns') || grant.abilities.has('grants')))
      return [];
    const by = `${grant.role} over ${grant.of.slice(grant.of.lastIndexOf('/') + 1)}`;
    return [
      cloudStep({
        rule: 'administrator',
        kind: 'gcp',
        from: state,
        to: administratorOf(`gcp:${account.account}`),
        sentence: `${shownName(email)} has ${shownName(by)}`,
        gate,
        rests: [grant.resource, `${email} has ${by}.`],
      }),
    ];
  }

  #isUnder(resource: EstateResource, of: string): boolean {
    const { id = '' } = this.#estate.facts(ANY_ASSET, resource);
    return id === of || chainOf(this.#estate, resource).includes(of);
  }
}
