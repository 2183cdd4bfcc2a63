import { SEEN } from '../privilege/aws/iam-principal.test-sample.ts';
import type { EstateResource } from '../risk/estate.ts';
import { INTERNET, step } from './attack-path.test-sample.ts';
import type { AwsFacts } from './aws-search.ts';

/** Facts of AWS in which somebody from outside runs code on some workloads and holds some principals. */
export function awsFacts(
  resources: readonly EstateResource[],
  {
    held = [],
    taken = [],
    forged = [],
    machines = new Map(),
    eks,
    wanted = [],
    credentials = [],
    given = [],
  }: {
    held?: readonly string[];
    taken?: readonly string[];
    /** Workloads that can be made to send requests. */
    forged?: readonly string[];
    machines?: AwsFacts['machines'];
    eks?: AwsFacts['eks'];
    wanted?: readonly string[];
    credentials?: AwsFacts['credentials'];
    /** What other rules found. */
    given?: AwsFacts['given'];
  },
): AwsFacts {
  return {
    resources,
    now: SEEN,
    estates: new Map(),
    given: [
      ...held.map((asset) => step('open-trust', INTERNET, { asset, family: 'principal', capability: 'use' })),
      ...taken.map((asset) =>
        step('public-endpoint', INTERNET, { asset, family: 'workload', capability: 'exec' }),
      ),
      ...forged.map((asset) =>
        step('request-forgery', INTERNET, { asset, family: 'workload', capability: 'ssrf' }),
      ),
      ...given,
    ],
    wanted: new Set(wanted),
    served: new Set(),
    queries: [],
    machineFlaws: [],
    credentials,
    runners: new Map(),
    machines,
    ...(eks === undefined ? {} : { eks }),
  };
}
