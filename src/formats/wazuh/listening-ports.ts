import { asNumber, asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import { aliasText } from '#domain/resource/alias-text.ts';

/** Of one host; a list that is longer than this is not told as a whole. */
const PORT_MAX = 500;

interface Host {
  readonly name: string;
  readonly address: string | undefined;
  readonly ports: Set<number>;
}

/** True for an entry of the inventory of ports (`wazuh-states-inventory-ports-*`), whatever state the port is in. */
export function isPort(entry: JsonObject): boolean {
  return asObject(entry.agent) !== undefined && asNumber(at(entry, 'source', 'port')) !== undefined;
}

/** What listens on the hosts of agents, gathered from one answer (attack-paths §2.2, 7). */
export class ListeningPorts {
  readonly #hosts = new Map<string, Host>();
  #read = 0;

  /** Takes an entry; null where it names no agent. Ports that only the host itself can reach listen to nobody. */
  add(entry: JsonObject): Host | null {
    this.#read++;
    const name = asText(at(entry, 'agent', 'name'));
    if (name === undefined) return null;
    const told = at(entry, 'agent', 'host', 'ip') ?? at(entry, 'agent', 'ip');
    const address = aliasText(asText(Array.isArray(told) ? told[0] : told) ?? '') ?? undefined;
    const host = this.#hosts.get(name) ?? { name, address, ports: new Set() };
    this.#hosts.set(name, host);
    const port = asNumber(at(entry, 'source', 'port')) ?? -1;
    const isTcp = /^tcp6?$/i.test(asText(at(entry, 'network', 'transport')) ?? '');
    const listens = asText(at(entry, 'interface', 'state'))?.toLowerCase() === 'listening';
    const isOwn = /^(?:127\.|::1$|::ffff:127\.)/.test(asText(at(entry, 'source', 'ip')) ?? '');
    if (isTcp && listens && !isOwn && Number.isInteger(port) && port > 0 && port <= 65_535)
      host.ports.add(port);
    return host;
  }

  /** The hosts with their ports. What is not listed is closed where the answer holds all of them (`total`, where it says so). */
  hosts(total: number | undefined): readonly ResourceObservation[] {
    const isWhole = total === undefined || total <= this.#read;
    return [...this.#hosts.values()].map(({ name, address, ports }): ResourceObservation => {
      const listed = [...ports].sort((a, b) => a - b).slice(0, PORT_MAX);
      return {
        kind: 'resource',
        resource: { kind: 'host', name },
        type: 'host',
        name,
        facts: {
          Host: aliasText(name),
          ...(address === undefined ? {} : { Address: address }),
          ...Object.fromEntries(listed.map((port) => [`tcp/${port}`, 'open'])),
          ...(isWhole && ports.size <= PORT_MAX ? { OtherTcp: 'closed' } : {}),
        },
      };
    });
  }
}
