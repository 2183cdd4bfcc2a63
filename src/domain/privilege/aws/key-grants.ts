import type { PolicyHolderFacts } from '../../resource/facts/aws-facts.ts';
import type { StatementFacts } from '../../resource/facts/fact-shape.ts';

/**
 * The grants of a key of KMS, each as the statement that would give its grantee the operations (attack-paths §3.1, steps
 * 8 and 9). What a grant demands of the encryption context is no secret and holds nobody back; what a service is granted,
 * it uses for whoever owns the key.
 */
export function grantStatements({ Grants = [] }: PolicyHolderFacts): readonly StatementFacts[] {
  return Grants.flatMap(({ GranteePrincipal: grantee, Operations: operations }) =>
    grantee?.startsWith('arn:') !== true || operations === undefined
      ? []
      : {
          Sid: `grant to ${grantee}`,
          Effect: 'Allow',
          Principal: { AWS: grantee },
          Action: operations.map((operation) => `kms:${operation}`),
          Resource: '*',
        },
  );
}
