import { addToList } from '#base/list-map.ts';
import type { AzureEstate } from '../exposure/azure-estate.ts';
import { ENTRA_ROLES } from '../privilege/azure-roles.ts';
import {
  ENTRA_APPLICATION,
  ENTRA_CONSENT,
  ENTRA_PRINCIPAL,
  ENTRA_ROLE_ASSIGNMENT,
  FEDERATED_CREDENTIAL,
  MANAGED_IDENTITY,
} from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AttackStep } from './attack-step.ts';
import { cloudStep } from './cloud-step.ts';
import { configuredGate } from './gate.ts';
import type { State } from './state.ts';
import { shownName } from './step-text.ts';
import { TENANT_ADMINISTRATOR, TENANT_DATA, type TenantData, tenantDataState } from './tenant-state.ts';

const SYNCHRONISES = 'd29b2b05-8046-44ba-8758-1e26182fcf32';
const GITHUB = 'https://token.actions.githubusercontent.com';
const REPOSITORY = /^repo:github\.com\/([^/]+\/[^/]+)$/;

/** `Sync_` and the name of the server, as Entra Connect calls the account that it makes for itself. */
const SYNC_ACCOUNT = /^sync_(.+)_[0-9a-f]{12}@/i;

/** A machine is joined by nothing but its name (attack-paths §1.1). */
const BY_NAME = 0.6;
/** Somebody has to sign in to an application that acts for whoever does. */
const WITH_SIGN_IN = 0.5;

interface Right {
  readonly roleId: string;
  readonly resource: EstateResource;
}

/** Who takes tokens of others for its own, by its object id. */
interface Trusting {
  readonly of: EstateResource;
  readonly what: string;
  readonly id: string;
  readonly credentials: readonly {
    readonly issuer?: string | undefined;
    readonly subject?: string | undefined;
    /** Where it was described apart from whom it lets in. */
    readonly told?: EstateResource;
  }[];
}

/**
 * In Entra ID: from a pipeline to the application or managed identity that trusts it, from a server that synchronises directories to its
 * account, and from a principal to what it may do in the whole tenant (attack-paths §5.1, shapes 55 and 56).
 */
export class EntraSteps {
  readonly #estate: AzureEstate;
  readonly #rights = new Map<string, Right[]>();
  readonly #consents = new Map<string, EstateResource[]>();
  /** Principals of Entra by their object ids, and service principals by the ids of their applications. */
  readonly #principals = new Map<string, EstateResource>();
  readonly #ofApplication = new Map<string, string>();
  readonly #trusting: readonly Trusting[];
  /** Accounts that synchronise, by the name of their server. */
  readonly #synchronising = new Map<string, EstateResource[]>();

  constructor(estate: AzureEstate) {
    this.#estate = estate;
    for (const each of estate.ofType('entra-user', 'entra-group', 'entra-service-principal')) {
      const { id, appId } = estate.facts(ENTRA_PRINCIPAL, each);
      if (id === undefined) continue;
      this.#principals.set(id.toLowerCase(), each);
      if (appId !== undefined) this.#ofApplication.set(appId.toLowerCase(), id.toLowerCase());
    }
    for (const resource of estate.ofType('entra-role-assignment')) {
      const facts = estate.facts(ENTRA_ROLE_ASSIGNMENT, resource);
      const roleId = (facts.appRoleId ?? facts.roleDefinitionId)?.toLowerCase();
      // A role for one application or one unit is not a role for the tenant.
      const isWide = facts.directoryScopeId === undefined || facts.directoryScopeId === '/';
      if (facts.principalId === undefined || roleId === undefined || !isWide) continue;
      addToList(this.#rights, facts.principalId.toLowerCase(), { roleId, resource });
    }
    for (const resource of estate.ofType('entra-consent')) {
      const { clientId, consentType } = estate.facts(ENTRA_CONSENT, resource);
      if (clientId !== undefined && consentType?.toLowerCase() === 'allprincipals')
        addToList(this.#consents, clientId.toLowerCase(), resource);
    }
    this.#trusting = [...this.#applications(), ...this.#identities()];
    for (const [id, rights] of this.#rights) {
      const account = this.#principals.get(id);
      const server = SYNC_ACCOUNT.exec(account?.name ?? '')?.[1]?.toLowerCase();
      if (account === undefined || server === undefined) continue;
      if (rights.some(({ roleId }) => roleId === SYNCHRONISES))
        addToList(this.#synchronising, server, account);
    }
  }

  /** Applications that have a service principal, which is who they are in the tenant. */
  #applications(): readonly Trusting[] {
    return this.#estate.ofType('entra-application').flatMap((of) => {
      const { appId, federatedIdentityCredentials } = this.#estate.facts(ENTRA_APPLICATION, of);
      const id = this.#ofApplication.get(appId?.toLowerCase() ?? '');
      return id === undefined
        ? []
        : [{ of, what: 'application', id, credentials: federatedIdentityCredentials ?? [] }];
    });
  }

  #identities(): readonly Trusting[] {
    const credentials = this.#estate
      .ofType('azure-federated-credential')
      .map((told) => ({ ...this.#estate.facts(FEDERATED_CREDENTIAL, told), told }));
    const byIdentity = Map.groupBy(credentials, ({ id }) =>
      this.#estate.find(id?.replace(/\/federatedIdentityCredentials\/[^/]+$/i, '')),
    );
    return [...byIdentity].flatMap(([of, held]) => {
      const id = of && this.#estate.facts(MANAGED_IDENTITY, of).principalId?.toLowerCase();
      return of === undefined || id === undefined
        ? []
        : [{ of, what: 'managed identity', id, credentials: held }];
    });
  }

  /** By the keys under which findings name them, the object ids of principals. */
  get ids(): Iterable<readonly [key: string, id: string]> {
    return [...this.#principals].map(([id, { key }]) => [key, id] as const);
  }

  keyOf(id: string): string | undefined {
    return this.#principals.get(id)?.key;
  }

  nameOf(id: string): string | undefined {
    return this.#principals.get(id)?.name;
  }

  /** From a machine that runs code for somebody to the account by which it synchronises directories. */
  fromMachine(state: State, machine: EstateResource, stateOf: (id: string) => State): readonly AttackStep[] {
    return (this.#synchronising.get(machine.name.toLowerCase()) ?? []).map((account) => {
      const [name, of] = [shownName(machine.name), shownName(account.name)];
      const step = cloudStep({
        rule: 'found-credential',
        kind: 'directory-sync',
        from: { ...state, capability: 'exec' },
        to: stateOf(this.#idOf(account)),
        sentence: `${name} synchronises directories as ${of}, whose password lies on it`,
        gate: configuredGate('setting', `${machine.key} synchronises`, `take ${of} off ${name}`),
        rests: [account, `${account.name} is the account by which ${machine.name} synchronises.`],
      });
      return {
        ...step,
        probability: step.probability * BY_NAME,
        assumptions: [`${name} is the server that ${of} is named after.`],
      };
    });
  }

  /** From the pipeline of a repository to the applications and managed identities that trust it. */
  fromRepository(state: State, stateOf: (id: string) => State): readonly AttackStep[] {
    const repository = state.capability === 'write' ? REPOSITORY.exec(state.asset)?.[1] : undefined;
    if (repository === undefined) return [];
    const from = shownName(repository);
    return this.#trusting.flatMap(({ of, what, id, credentials }): readonly AttackStep[] => {
      const trusted = credentials.find(
        ({ issuer, subject }) =>
          issuer?.replace(/\/+$/, '').toLowerCase() === GITHUB &&
          subject?.toLowerCase().startsWith(`repo:${repository}:`) === true,
      );
      if (trusted === undefined) return [];
      const name = shownName(of.name);
      return [
        cloudStep({
          rule: 'pipeline-role',
          kind: 'azure',
          from: state,
          to: stateOf(id),
          sentence: `The pipeline of ${from} may become the ${what} ${name}`,
          gate: configuredGate(
            'statement',
            `${of.key} trust of ${state.asset}`,
            `take ${from} out of the federated credentials of ${name}, or bind it to an environment that somebody approves`,
          ),
          rests: [trusted.told ?? of, `${of.name} trusts tokens of ${trusted.subject}.`],
        }),
      ];
    });
  }

  /** From a principal, by its object id, to what it may do in the whole tenant. */
  fromPrincipal(state: State, id: string, name: string): readonly AttackStep[] {
    const rights = this.#rights.get(id) ?? [];
    return [
      ...rights.flatMap((right) => this.#rightSteps(state, name, right)),
      ...(rights.some(({ roleId }) => roleId === SYNCHRONISES) ? this.#synchronised(state, name) : []),
      ...(this.#consents.get(id) ?? []).flatMap((consent) => this.#consentSteps(state, name, consent)),
    ];
  }

  #idOf(principal: EstateResource): string {
    return (this.#estate.facts(ENTRA_PRINCIPAL, principal).id as string).toLowerCase();
  }

  #rightSteps(state: State, name: string, { roleId, resource }: Right): readonly AttackStep[] {
    const gate = configuredGate('statement', resource.key, `take its right in the whole tenant from ${name}`);
    const strong = Object.hasOwn(ENTRA_ROLES, roleId) ? ENTRA_ROLES[roleId] : undefined;
    if (strong !== undefined)
      return [
        cloudStep({
          rule: 'tenant-right',
          kind: 'administrator',
          from: state,
          to: TENANT_ADMINISTRATOR,
          sentence: `${name} ${strong.reason}`,
          gate,
          rests: [resource, `${name} ${strong.reason}.`],
        }),
      ];
    return TENANT_DATA_NAMES.flatMap((of) => {
      const { roles } = TENANT_DATA[of];
      const role = Object.hasOwn(roles, roleId) ? roles[roleId] : undefined;
      return role === undefined ? [] : [this.#dataStep(state, name, of, role, resource)];
    });
  }

  #dataStep(state: State, name: string, of: TenantData, right: string, resource: EstateResource): AttackStep {
    return cloudStep({
      rule: 'tenant-right',
      kind: of,
      from: state,
      to: tenantDataState(of),
      sentence: `${name} may read ${TENANT_DATA[of].name} (${right})`,
      gate: configuredGate('statement', resource.key, `take ${right} from ${name}`),
      rests: [resource, `${name} has ${right}.`],
    });
  }

  #consentSteps(state: State, name: string, consent: EstateResource): readonly AttackStep[] {
    const scopes = (this.#estate.facts(ENTRA_CONSENT, consent).scope ?? '').split(/\s+/);
    return TENANT_DATA_NAMES.flatMap((of) => {
      const scope = TENANT_DATA[of].scopes.find((each) => scopes.includes(each));
      if (scope === undefined) return [];
      const step = this.#dataStep(state, name, of, scope, consent);
      return [
        {
          ...step,
          probability: step.probability * WITH_SIGN_IN,
          assumptions: ['Somebody signs in to the application while it is in the wrong hands.'],
        },
      ];
    });
  }

  /** Whoever synchronises sets the passwords of those who are synchronised: of administrators among them too. */
  #synchronised(state: State, name: string): readonly AttackStep[] {
    for (const [id, user] of this.#principals) {
      if (this.#estate.facts(ENTRA_PRINCIPAL, user).onPremisesSyncEnabled !== true) continue;
      const strong = (this.#rights.get(id) ?? []).find(({ roleId }) => Object.hasOwn(ENTRA_ROLES, roleId));
      if (strong === undefined) continue;
      const { reason } = ENTRA_ROLES[strong.roleId] as (typeof ENTRA_ROLES)[string];
      const of = shownName(user.name);
      const step = cloudStep({
        rule: 'iam-escalation',
        kind: 'directory-sync',
        from: state,
        to: TENANT_ADMINISTRATOR,
        sentence: `${name} may set the password of ${of}, who ${reason}`,
        gate: configuredGate(
          'statement',
          `${user.key} synchronised`,
          `give the rights of ${of} to an account that is not synchronised`,
        ),
        rests: [user, `${user.name} comes from a directory of its own, and ${reason}.`],
      });
      return [
        {
          ...step,
          evidence: [...step.evidence, evidence(`${user.name} ${reason}.`, strong.resource)],
          assumptions: ['Passwords are synchronised.'],
        },
      ];
    }
    return [];
  }
}

const TENANT_DATA_NAMES = Object.keys(TENANT_DATA) as readonly TenantData[];
