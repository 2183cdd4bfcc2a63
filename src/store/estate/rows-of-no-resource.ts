/** Types of rows that inventories keep for themselves and that describe no resource of their own. */
export const NO_RESOURCES: readonly string[] = ['inventory-coverage', 'inventory-listing', 'resource-part'];

/** Types of rows that say how an account is set up, of which nothing is listed as a resource. */
export const ACCOUNT_SETTINGS: readonly string[] = [
  's3-account-public-access-block',
  'vpc-block-public-access',
  'vpc-block-public-access-exclusion',
];
