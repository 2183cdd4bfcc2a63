import { DB_INSTANCE } from '../resource/facts/aws-facts.ts';
import { readFacts } from '../resource/facts/fact-shape.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { configuredGate } from './gate.ts';
import type { Credential } from './path-facts.ts';
import { stepRule } from './step-rules.ts';
import { shownName } from './step-text.ts';

/** Logins of databases that RDS itself keeps in a secret: whoever reads the secret has them. */
export function managedCredentials(resources: readonly EstateResource[]): readonly Credential[] {
  const secrets = Map.groupBy(
    resources.filter(({ type }) => type === 'secret'),
    ({ key }) => key,
  );
  return resources.flatMap((database) => {
    const arn =
      database.type === 'rds-instance'
        ? readFacts(DB_INSTANCE, database.facts).MasterUserSecret?.SecretArn
        : undefined;
    const [place] = secrets.get(`aws:${arn}`) ?? [];
    if (arn === undefined || place === undefined) return [];
    const name = shownName(database.name);
    return [
      {
        gate: configuredGate(
          'setting',
          `${database.key} login`,
          `let ${name} be logged in to with identities of IAM, and with no password in a secret`,
        ),
        kind: 'secret',
        name: 'The login of the master user',
        place: { key: place.key, kind: 'cloud' as const, name: place.name },
        on: [],
        opens: [database.key],
        probability: stepRule('managed-credential').probability,
        isLeaked: false,
        isManaged: true,
        evidence: [evidence(`RDS keeps the login of ${database.name} in ${arn}.`, database)],
      },
    ];
  });
}
