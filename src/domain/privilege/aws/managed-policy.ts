import type { PolicyFacts } from '../../resource/facts/fact-shape.ts';
import DOCUMENTS from './data/managed-policies.json' with { type: 'json' };

/**
 * A policy that AWS manages, for dumps that name it without its document: what it says of interesting actions, as
 * of the snapshot. Undefined for one that the snapshot lacks.
 */
export function managedPolicy(arn: string): PolicyFacts | undefined {
  const name = /^arn:aws[a-z-]*:iam::aws:policy\/(?:[a-z-]+\/)?([A-Za-z0-9_]+)$/.exec(arn)?.[1];
  return name !== undefined && Object.hasOwn(DOCUMENTS, name)
    ? (DOCUMENTS as unknown as Readonly<Record<string, PolicyFacts>>)[name]
    : undefined;
}
