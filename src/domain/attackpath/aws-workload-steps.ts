import type { AwsEstate } from '../exposure/aws-estate.ts';
import { NO, UNDECIDED } from '../privilege/aws/certainty.ts';
import { rolesOfWorkload, WORKLOAD_TYPES } from '../privilege/aws/workload-role.ts';
import { CONTAINER_INSTANCE, ECS_SERVICE, TASK_DEFINITION } from '../resource/facts/aws-container-facts.ts';
import { INSTANCE } from '../resource/facts/aws-network-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { Gate } from './attack-step.ts';
import { levelsOf } from './aws-data-steps.ts';
import { type Connection, connectionBetween, portOf } from './aws-network.ts';
import type { AwsSearch, InAccount } from './aws-search.ts';
import { credentialStep, isDatabase } from './credential-steps.ts';
import { exploitStep } from './exploit-steps.ts';
import { configuredGate } from './gate.ts';
import { assumedOn } from './joined-workload.ts';
import { machineFlawSteps } from './machine-flaw-steps.ts';
import type { Credential } from './path-facts.ts';
import type { State } from './state.ts';
import { shownName } from './step-text.ts';

/** Other machines that one reaches; more are counted as left out. */
const REACHED_MAX = 64;

/** From code on a workload of AWS, from requests that it is made to send, and from root on a machine of a cluster of ECS. */
export function awsWorkloadSteps(search: AwsSearch, state: State): void {
  podSteps(search, state);
  if (state.family === 'node') {
    nodeSteps(search, state);
    return;
  }
  const found = search.find(state.asset);
  if (found === undefined) return;
  if (state.capability === 'reach') {
    querySteps(search, found);
    return;
  }
  if (state.capability === 'ssrf') {
    metadataSteps(search, found);
    return;
  }
  roleSteps(search, found);
  containerSteps(search, found);
  databaseSteps(search, found);
  networkSteps(search, found);
}

function exec({ key }: EstateResource): State {
  return { asset: key, family: 'workload', capability: 'exec' };
}

/** The roles as which a workload runs, with their numbers among all principals. */
function rolesOf({ account, estate, resource }: InAccount): readonly { arn: string; number: number }[] {
  if (!WORKLOAD_TYPES.includes(resource.type)) return [];
  return (rolesOfWorkload(estate, resource) ?? []).flatMap((arn) => {
    const number = account.numberOf(arn);
    return number === undefined ? [] : [{ arn, number }];
  });
}

function roleGate(search: AwsSearch, { key, name }: EstateResource, arn: string, number: number): Gate {
  return configuredGate(
    'setting',
    `${key} role ${arn}`,
    `run ${shownName(name)} as a role with fewer rights than ${search.nameOf(number)}`,
    2,
  );
}

function roleSteps(search: AwsSearch, found: InAccount): void {
  const { estate, resource } = found;
  if (resource.type === 'ec2-instance' && !hasMetadata(estate, resource)) return;
  const name = shownName(resource.name);
  for (const { arn, number } of rolesOf(found))
    search.add('workload-role', exec(resource), search.stateOf(number), {
      sentence: `Code on ${name} can obtain the credentials of ${search.nameOf(number)}, the role that it runs as`,
      gates: [roleGate(search, resource, arn, number)],
      evidence: [evidence(`${name} runs as ${arn}.`, resource)],
    });
}

/** Whether a machine hands out the credentials of its role at all: by its metadata service, which is on unless it is told to be off. */
function hasMetadata(estate: AwsEstate, instance: EstateResource): boolean {
  return estate.facts(INSTANCE, instance).MetadataOptions?.HttpEndpoint !== 'disabled';
}

/** Whether a plain request to the metadata service is answered (attack-paths §4.3, C4): what is not told is no. */
function answersPlainRequests(estate: AwsEstate, instance: EstateResource): boolean {
  const { HttpTokens } = estate.facts(INSTANCE, instance).MetadataOptions ?? {};
  return HttpTokens === 'optional' && hasMetadata(estate, instance);
}

function metadataGate({ key, name }: EstateResource): Gate {
  return configuredGate(
    'setting',
    `${key} metadata`,
    `demand tokens from the metadata service of ${shownName(name)} (IMDSv2), with a hop limit of 1`,
  );
}

function metadataSteps(search: AwsSearch, found: InAccount): void {
  const { estate, resource } = found;
  if (resource.type !== 'ec2-instance' || !answersPlainRequests(estate, resource)) return;
  const name = shownName(resource.name);
  for (const { arn, number } of rolesOf(found))
    search.add(
      'metadata-request',
      { asset: resource.key, family: 'workload', capability: 'ssrf' },
      search.stateOf(number),
      {
        sentence: `The metadata service of ${name} hands the credentials of ${search.nameOf(number)} to plain requests (IMDSv1)`,
        gates: [metadataGate(resource), roleGate(search, resource, arn, number)],
        evidence: [evidence(`The metadata service of ${name} does not demand tokens.`, resource)],
      },
    );
}

/** How a container of a task gets out onto its machine; empty where nothing lets it. */
function escapesOf(
  estate: AwsEstate,
  definition: EstateResource,
): readonly { readonly how: string; readonly sentence: string }[] {
  const { containerDefinitions = [], volumes = [], pidMode } = estate.facts(TASK_DEFINITION, definition);
  const paths = new Map(
    volumes.flatMap(({ name, host }): [string, string][] =>
      name === undefined || host?.sourcePath === undefined ? [] : [[name, host.sourcePath]],
    ),
  );
  return containerDefinitions.flatMap(({ name = '', privileged, mountPoints = [], linuxParameters }) => {
    const mounted = mountPoints.flatMap(({ sourceVolume, readOnly }) => {
      const path = paths.get(sourceVolume ?? '');
      return path === undefined ? [] : [{ path, readOnly: readOnly === true }];
    });
    const socket = mounted.find(({ path }) => /(?:docker|containerd|crio)\.sock$|^\/var\/run\/?$/.test(path));
    const writable = mounted.find(
      ({ path, readOnly }) => !readOnly && /^\/(?:etc|root|usr|home)?\/?$/.test(path),
    );
    const added = linuxParameters?.capabilities?.add ?? [];
    const shown = shownName(name);
    return [
      ...(privileged === true
        ? [{ how: 'privileged', sentence: `its container ${shown} is privileged` }]
        : []),
      ...(socket === undefined
        ? []
        : [{ how: socket.path, sentence: `its container ${shown} has the socket ${socket.path}` }]),
      ...(writable === undefined
        ? []
        : [
            {
              how: writable.path,
              sentence: `its container ${shown} writes to ${writable.path} of the machine`,
            },
          ]),
      ...(pidMode === 'host' && added.some((each) => /SYS_(?:PTRACE|ADMIN)|^ALL$/.test(each))
        ? [{ how: 'pid', sentence: `its container ${shown} sees and traces the processes of the machine` }]
        : []),
    ];
  });
}

/** Root on some machine of a cluster of ECS. */
function nodeOfCluster(cluster: string): State {
  return { asset: `aws:${cluster}/node`, family: 'node', capability: 'root' };
}

function onMachines(estate: AwsEstate, service: EstateResource): boolean {
  return service.type === 'ecs-service' && estate.facts(ECS_SERVICE, service).launchType === 'EC2';
}

/** The machines of a cluster of ECS that are instances of the account. */
function machinesOf(estate: AwsEstate, cluster: string): readonly EstateResource[] {
  const name = cluster.slice(cluster.lastIndexOf('/') + 1);
  return estate.ofType('ecs-container-instance').flatMap((each) => {
    const { containerInstanceArn = '', ec2InstanceId, status } = estate.facts(CONTAINER_INSTANCE, each);
    if (containerInstanceArn.split('/')[1] !== name || status === 'INACTIVE') return [];
    return estate.find('ec2-instance', ec2InstanceId) ?? [];
  });
}

/** Out of a container onto its machine, and to the role of the machine (attack-paths §4.3 C5, §4.12). */
function containerSteps(search: AwsSearch, found: InAccount): void {
  const { account, estate, resource } = found;
  if (!onMachines(estate, resource)) return;
  const { clusterArn, taskDefinition } = estate.facts(ECS_SERVICE, resource);
  const definition = estate.find('ecs-task-definition', taskDefinition);
  if (clusterArn === undefined) return;
  const name = shownName(resource.name);
  for (const { how, sentence } of definition === undefined ? [] : escapesOf(estate, definition))
    search.add('container-escape', exec(resource), nodeOfCluster(clusterArn), {
      kind: how.endsWith('.sock') ? 'socket' : 'privileges',
      sentence: `Code on ${name} can break out to the machine that it runs on: ${shownName(sentence)}`,
      gates: [
        configuredGate('setting', `${resource.key} ${how}`, `take this from ${name}: ${shownName(sentence)}`),
      ],
      evidence: [evidence(`${name} can take over its machine: ${sentence}.`, definition as EstateResource)],
    });
  const machines = machinesOf(estate, clusterArn);
  const flaws = machineFlawSteps(search.facts.machineFlaws, [resource], {
    node: nodeOfCluster(clusterArn),
    name: `the cluster of ${name}`,
    machines: machines.map(({ key }) => [key]),
  });
  search.flawsLeftOut.set(clusterArn, flaws.leftOut);
  for (const step of flaws.steps) search.addStep(step);
  for (const machine of machines) {
    const limit = estate.facts(INSTANCE, machine).MetadataOptions?.HttpPutResponseHopLimit ?? 1;
    const hasHostNetwork =
      definition !== undefined && estate.facts(TASK_DEFINITION, definition).networkMode === 'host';
    if (!hasMetadata(estate, machine)) continue;
    if (!answersPlainRequests(estate, machine) && limit < 2 && !hasHostNetwork) continue;
    for (const { arn, number } of rolesOf({ account, estate, resource: machine }))
      search.add('node-metadata', exec(resource), search.stateOf(number), {
        sentence: `Code in a container of ${name} reaches the metadata service of the machine and obtains the credentials of ${search.nameOf(number)}`,
        gates: [metadataGate(machine), roleGate(search, machine, arn, number)],
        evidence: [evidence(`${shownName(machine.name)} is a machine of the cluster of ${name}.`, machine)],
      });
  }
}

/** From root on a machine of a cluster: all that it runs, now or after the next restart, and the role of the machine. */
function nodeSteps(search: AwsSearch, state: State): void {
  const cluster = state.asset.replace(/^aws:/, '').replace(/\/node$/, '');
  const account = search.index.accounts.get(cluster.split(':')[4] ?? '');
  if (account === undefined) return;
  const { estate } = account;
  for (const service of estate.ofType('ecs-service')) {
    if (!onMachines(estate, service) || estate.facts(ECS_SERVICE, service).clusterArn !== cluster) continue;
    const name = shownName(service.name);
    search.add('node-tasks', state, exec(service), {
      sentence: `The machines of the cluster run ${name} too, and whoever has one takes over its containers`,
      gates: [
        configuredGate(
          'setting',
          `${service.key} placement`,
          `run ${name} on machines of its own, or on Fargate`,
          8,
        ),
      ],
      evidence: [evidence(`${name} runs on machines of ${cluster}.`, service)],
      assumptions: ['Tasks move between the machines of the cluster.'],
    });
  }
  for (const machine of machinesOf(estate, cluster).filter((each) => hasMetadata(estate, each)))
    for (const { arn, number } of rolesOf({ account, estate, resource: machine }))
      search.add('node-metadata', state, search.stateOf(number), {
        sentence: `Whoever has the machine ${shownName(machine.name)} has the credentials of ${search.nameOf(number)}`,
        gates: [roleGate(search, machine, arn, number)],
        evidence: [evidence(`${shownName(machine.name)} runs as ${arn}.`, machine)],
      });
}

/** From a pod, or from root on its node, to the role of the machines of its cluster (attack-paths §4.3 C5). */
function podSteps(search: AwsSearch, state: State): void {
  if (state.capability === 'reach' || state.capability === 'ssrf') return;
  for (const [cluster, ids] of search.facts.machines) {
    if (!state.asset.startsWith(`${cluster}/`)) continue;
    const machines = machinesById(search, ids);
    const isRoot = state.family === 'node';
    const answered = machines.filter(
      ({ estate, resource }) =>
        hasMetadata(estate, resource) &&
        (isRoot ||
          answersPlainRequests(estate, resource) ||
          (estate.facts(INSTANCE, resource).MetadataOptions?.HttpPutResponseHopLimit ?? 1) > 1),
    );
    // On which node a pod runs changes by the hour: one that refuses may be the one.
    if (machines.length !== ids.length || answered.length !== machines.length) continue;
    for (const machine of machines)
      for (const { arn, number } of rolesOf(machine)) {
        const name = shownName(machine.resource.name);
        search.add('node-metadata', state, search.stateOf(number), {
          sentence: isRoot
            ? `The nodes of the cluster run as ${search.nameOf(number)}`
            : `A pod reaches the metadata service of its node ${name} and obtains the credentials of ${search.nameOf(number)}`,
          gates: [
            ...(isRoot
              ? []
              : [
                  configuredGate(
                    'setting',
                    `${cluster} metadata`,
                    'demand tokens from the metadata service of the nodes (IMDSv2), with a hop limit of 1',
                  ),
                ]),
            configuredGate(
              'setting',
              `${cluster} node role ${arn}`,
              `run the nodes as a role with fewer rights than ${search.nameOf(number)}`,
              2,
            ),
          ],
          evidence: [evidence(`${name} is a node of the cluster and runs as ${arn}.`, machine.resource)],
        });
      }
  }
}

function machinesById(search: AwsSearch, ids: readonly string[]): readonly InAccount[] {
  return ids.flatMap((id) => {
    for (const account of search.index.accounts.values()) {
      const resource = account.estate.find('ec2-instance', id);
      if (resource !== undefined) return [{ account, estate: account.estate, resource }];
    }
    return [];
  });
}

/**
 * Into a database with a login that lies on the workload itself, or where its role may read, over the network between
 * them. Both parts belong to one attacker at one place, so it is one step with the gates of both (attack-paths §1.4).
 */
function databaseSteps(search: AwsSearch, found: InAccount): void {
  const { resource } = found;
  for (const { key, login, ways, connection, name } of databasesOf(search, found))
    for (const { gates, words } of ways)
      search.addStep(
        credentialStep(
          login,
          'database-login',
          exec(resource),
          { asset: key, family: 'datastore', capability: 'read' },
          {
            kind: connection.isPeered ? 'peering' : 'network',
            sentence: `${login.name} of ${name} lies in ${shownName(login.place.name)}${words}, and ${shownName(resource.name)} reaches the database`,
            gates: [login.gate, ...gates, connection.gate],
            evidence: [...login.evidence, connection.evidence],
            assumptions: connection.assumptions,
          },
        ),
      );
}

/**
 * Into a database through a flaw that words what a workload asks it, or that lets anybody see what it answers: of the databases to which the workload has a login and
 * a way over the network (attack-paths §4.3, C3).
 */
function querySteps(search: AwsSearch, found: InAccount): void {
  const { key, name } = found.resource;
  const flaws = search.facts.queries.filter(({ on }) => on.includes(key));
  if (flaws.length === 0) return;
  for (const { key: database, login, connection, ways, name: asked } of databasesOf(search, found)) {
    if (ways.length === 0) continue;
    for (const flaw of flaws) {
      const step = exploitStep(key, shownName(name), flaw);
      search.addStep({
        ...step,
        kind: flaw.gives,
        to: { asset: database, family: 'datastore', capability: 'read' },
        sentence: `${step.sentence}; ${shownName(name)} logs in to ${asked}`,
        gates: [...step.gates, connection.gate],
        evidence: [...step.evidence, connection.evidence],
        assumptions: [...new Set([...step.assumptions, ...assumedOn(login, key), ...connection.assumptions])],
      });
    }
  }
}

/** Databases that matter to which a workload has a way over the network and some login, with the ways to each login. */
function databasesOf(
  search: AwsSearch,
  found: InAccount,
): readonly {
  readonly key: string;
  readonly name: string;
  readonly login: Credential;
  readonly ways: ReturnType<typeof waysToLogin>;
  readonly connection: Connection;
}[] {
  const { estate, resource } = found;
  return [...search.logins].flatMap(([key, logins]) => {
    if (!isDatabase(key) || !search.facts.wanted.has(key)) return [];
    const database = search.find(key)?.resource;
    if (database === undefined) return [];
    const connection = connectionBetween(estate, resource, database, portOf(estate, database));
    if (connection === null) return [];
    const name = shownName(database.name);
    return logins.map((login) => ({ key, name, login, ways: waysToLogin(search, found, login), connection }));
  });
}

function waysToLogin(
  search: AwsSearch,
  found: InAccount,
  { on, place }: Credential,
): readonly { readonly gates: readonly Gate[]; readonly words: string }[] {
  if (on.includes(found.resource.key)) return [{ gates: [], words: '' }];
  const store = search.find(place.key);
  if (store === undefined) return [];
  const action = READ_ACTIONS[store.resource.type];
  if (action === undefined) return [];
  return rolesOf(found).flatMap(({ number }) => {
    const { class: of } = search.judged(number);
    const at = of.account.estate.ofType(store.resource.type).indexOf(store.resource);
    const levels = at < 0 ? null : levelsOf(of, store.resource.type, action);
    if (levels === null || (levels[at] ?? NO) <= UNDECIDED) return [];
    const name = search.nameOf(number);
    return [
      {
        gates: [
          configuredGate(
            'statement',
            `${search.stateOf(number).asset} reads ${place.key}`,
            `take the right to read ${shownName(place.name)} from ${name}`,
          ),
        ],
        words: `, which its role ${name} may read`,
      },
    ];
  });
}

const READ_ACTIONS: Readonly<Record<string, string>> = {
  's3-bucket': 's3:GetObject',
  secret: 'secretsmanager:GetSecretValue',
};

/** To other machines of which something is known that gives whoever reaches them more (attack-paths §4.3). */
function networkSteps(search: AwsSearch, { estate, resource }: InAccount): void {
  let reached = 0;
  for (const other of search.flawed) {
    const there = other === resource.key ? undefined : search.find(other);
    if (there === undefined) continue;
    const connection = connectionBetween(estate, resource, there.resource, null);
    if (connection === null) continue;
    if (++reached > REACHED_MAX) {
      search.leftOut++;
      continue;
    }
    search.add(
      'network-reach',
      exec(resource),
      { asset: other, family: 'workload', capability: 'reach' },
      {
        sentence: `${shownName(resource.name)} reaches ${shownName(there.resource.name)} over the network`,
        gates: [connection.gate],
        evidence: [connection.evidence],
        assumptions: connection.assumptions,
      },
    );
  }
}
