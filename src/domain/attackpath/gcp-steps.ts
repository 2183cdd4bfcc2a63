import { getOrMake } from '#base/get-or-make.ts';
import type { Instant } from '#base/instant.ts';
import { chainOf, GcpEstate } from '../exposure/gcp-estate.ts';
import { membersOfPool } from '../privilege/gcp-federation.ts';
import { type GcpGrant, GcpPrivileges, isWide } from '../privilege/gcp-privilege.ts';
import type { GcpAbility } from '../privilege/gcp-roles.ts';
import { ANY_ASSET, MEMBER, PROJECT, SERVICE_ACCOUNT } from '../resource/facts/gcp-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import { administratorOf, EDITS_ALL } from './administrator.ts';
import type { AttackStep } from './attack-step.ts';
import { type CloudFacts, type CloudSteps, cloudStep, REACHED_MAX } from './cloud-step.ts';
import { followSteps } from './follow-steps.ts';
import { configuredGate } from './gate.ts';
import type { State } from './state.ts';
import { shownName } from './step-text.ts';

const READS: readonly (readonly [ability: GcpAbility, type: string])[] = [
  ['reads-buckets', 'gcp-bucket'],
  ['reads-datasets', 'gcp-dataset'],
  ['reads-secrets', 'gcp-secret'],
  ['reads-databases', 'gcp-sql-instance'],
];

/** What the rules of Google Cloud look at, and when conditions on the time are asked about. */
interface GcpFacts extends CloudFacts {
  readonly now: Instant;
}

/**
 * In Google Cloud: from code on a workload to its service account, and from an account to data, to other accounts by their
 * tokens or by what it deploys, and to administering a project (attack-paths §4.12). Bindings under conditions that ask
 * for more than a time that is now, and those that are denied, make no step, nor does a machine whose tokens are good for some services alone.
 */
export function gcpSteps(facts: GcpFacts): CloudSteps {
  const rules = new GcpSteps(facts);
  const steps = followSteps(facts.given, (state) => rules.from(state));
  return { steps, leftOut: rules.leftOut };
}

class GcpSteps {
  leftOut = 0;
  readonly #facts: GcpFacts;
  readonly #estate: GcpEstate;
  readonly #privileges: GcpPrivileges;
  readonly #byKey: ReadonlyMap<string, EstateResource>;
  readonly #accounts = new Map<string, EstateResource>();
  readonly #disabled = new Set<string>();
  /** Projects by the names of what they lie in, and by their own. */
  readonly #projectsIn = new Map<string, Set<string>>();
  /** Members as policies spell them, by the assets of their states; those of a pool are spelled in several ways. */
  readonly #members = new Map<string, readonly string[]>();

  constructor(facts: GcpFacts) {
    this.#facts = facts;
    this.#estate = new GcpEstate(facts.resources, { now: facts.now });
    this.#privileges = new GcpPrivileges(this.#estate);
    this.#byKey = new Map(facts.resources.map((resource) => [resource.key, resource]));
    for (const account of this.#estate.ofType('gcp-service-account')) {
      const { email, disabled } = this.#estate.facts(SERVICE_ACCOUNT, account);
      if (email === undefined) continue;
      if (disabled === true) this.#disabled.add(email);
      else this.#accounts.set(email, account);
    }
    for (const provider of this.#estate.ofType('gcp-identity-provider'))
      this.#members.set(provider.key, membersOfPool(this.#estate, provider));
    // Pods of a cluster, as policies call them.
    for (const workload of this.#estate.ofType('gcp-workload-identity')) {
      const { member } = this.#estate.facts(MEMBER, workload);
      if (member !== undefined) this.#members.set(workload.key, [member]);
    }
    // Some assets name their project by its number, which is no project of its own.
    const idOf = new Map<string, string>();
    for (const project of this.#estate.ofType('gcp-project')) {
      const { projectId, projectNumber } = this.#estate.facts(PROJECT, project);
      if (projectId !== undefined && projectNumber !== undefined) idOf.set(projectNumber, projectId);
    }
    for (const [project, [first]] of Map.groupBy(facts.resources, ({ account }) => account))
      if (project !== null && first !== undefined)
        for (const name of chainOf(this.#estate, first))
          getOrMake(this.#projectsIn, name, () => new Set<string>()).add(idOf.get(project) ?? project);
  }

  from(state: State): readonly AttackStep[] {
    if (state.family === 'workload' && (state.capability === 'exec' || state.capability === 'root'))
      return this.#accountSteps(state);
    const members = state.family === 'principal' ? (this.#members.get(state.asset) ?? []) : [];
    return members.flatMap((member) => this.#grantSteps(state, member));
  }

  #stateOf(email: string): State {
    const asset = this.#accounts.get(email)?.key ?? `gcp:serviceAccount/${email}`;
    this.#members.set(asset, [`${ACCOUNT}${email}`]);
    return { asset, family: 'principal', capability: 'use' };
  }

  #accountSteps(state: State): readonly AttackStep[] {
    const resource = this.#byKey.get(state.asset);
    if (resource === undefined) return [];
    const name = shownName(resource.name);
    return this.#privileges.accountsOf(resource).flatMap(({ email, scopes }) => {
      if (email === undefined || this.#disabled.has(email) || !this.#isWhole(resource, scopes)) return [];
      return [
        cloudStep({
          rule: 'workload-role',
          kind: DEFAULT_ACCOUNT.test(email) ? 'gcp-default' : 'gcp',
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

  /** Tokens for machines and for IAM are as good as whole ones where their account is an administrator, which sends others by them. */
  #isWhole(resource: EstateResource, scopes: readonly string[] | undefined): boolean {
    if (scopes === undefined || scopes.some((scope) => scope.endsWith('/cloud-platform'))) return true;
    return ['P0', 'P1', 'P2'].includes(this.#privileges.ofWorkload(resource)?.level ?? '');
  }

  #grantSteps(state: State, member: string): readonly AttackStep[] {
    const email = member.startsWith(ACCOUNT)
      ? emailOf(member)
      : `whoever ${this.#byKey.get(state.asset)?.name} lets in`;
    const name = shownName(email);
    const grants = this.#privileges.grantsOf(member);
    const deploys = grants.some(({ abilities }) => abilities.has('deploys'));
    return grants.flatMap((grant): readonly AttackStep[] => {
      const { abilities, role, of, resource } = grant;
      const by = `${shownName(role)} over ${shownName(this.#privileges.nameOf(of))}`;
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
      const acts = (other: string, byToken: boolean): AttackStep =>
        cloudStep({
          rule: 'iam-escalation',
          kind: byToken ? 'gcp-token' : 'gcp-deploy',
          from: state,
          to: this.#stateOf(other),
          sentence: `${name} may ${byToken ? 'take tokens of' : 'deploy code as'} ${shownName(other)} (${by})`,
          gate,
          rests,
        });
      const takes = abilities.has('impersonates') || abilities.has('owns');
      const places = abilities.has('acts-as') && deploys;
      const below = takes || places ? this.#privileges.accountsBelow(of).map(emailOf) : [];
      const others = below.filter((other) => other !== email && this.#accounts.has(other));
      this.leftOut += Math.max(0, others.length - REACHED_MAX);
      const accounts = others.slice(0, REACHED_MAX).map((other) => acts(other, takes));
      const agents = this.#privileges
        .agentsAt(of, abilities)
        .map(emailOf)
        .filter((other) => other !== email)
        .map((other) => acts(other, false));
      return [...data, ...accounts, ...agents, ...this.#adminSteps(state, email, grant, gate)];
    });
  }

  /** The projects that a role over a project, a folder or the organisation lets administer. */
  #adminSteps(
    state: State,
    email: string,
    { abilities, role, of, resource }: GcpGrant,
    gate: AttackStep['gates'][number],
  ): readonly AttackStep[] {
    const mayGrant = abilities.has('owns') || abilities.has('grants');
    if (!isWide(of) || !(mayGrant || abilities.has('edits'))) return [];
    const by = `${role} over ${of.slice(of.lastIndexOf('/') + 1)}`;
    return [...(this.#projectsIn.get(of) ?? [])].map((project) => ({
      ...cloudStep({
        rule: 'administrator',
        kind: 'gcp',
        from: state,
        to: administratorOf(`gcp:${project}`),
        sentence: `${shownName(email)} has ${shownName(by)}`,
        gate,
        rests: [resource, `${email} has ${by}.`],
      }),
      assumptions: mayGrant ? [] : [EDITS_ALL],
    }));
  }

  #isUnder(resource: EstateResource, of: string): boolean {
    const { id = '' } = this.#estate.facts(ANY_ASSET, resource);
    return id === of || chainOf(this.#estate, resource).includes(of);
  }
}

/** The account that machines run as which nobody gave another. */
const DEFAULT_ACCOUNT = /^\d+-compute@developer\.gserviceaccount\.com$/;

const ACCOUNT = 'serviceAccount:';

function emailOf(member: string): string {
  return member.slice(ACCOUNT.length);
}
