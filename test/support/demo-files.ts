import { join, resolve } from 'node:path';

const DEMO = resolve(import.meta.dirname, '../worlds/demo');

/** What runs in the demo's cluster. */
export const DEMO_WORKLOADS = join(DEMO, 'kubernetes/production-workloads.json');

/** Some of the demo's reports: workloads, images with flaws and secrets, and signals of one cluster. */
const DEMO_FILES: readonly string[] = [
  'trivy/image-cart.json',
  'trivy/image-search.json',
  'trivy/repository-storefront.json',
  'falco/production.jsonl',
].map((name) => join(DEMO, name));

/** With the roles of an account, of which one that outsiders may take is an administrator: an attack path. */
export const DEMO_PATH_FILES: readonly string[] = [
  join(DEMO, 'aws/production/iam-get-account-authorization-details.json'),
  DEMO_WORKLOADS,
  ...DEMO_FILES,
];
