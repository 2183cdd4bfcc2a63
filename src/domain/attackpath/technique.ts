/** The techniques of MITRE ATT&CK that steps name, by id, with the words of the catalogue. */
export const TECHNIQUES = {
  T1021: 'Remote Services',
  'T1021.004': 'Remote Services: SSH',
  T1078: 'Valid Accounts',
  'T1078.004': 'Valid Accounts: Cloud Accounts',
  'T1098.001': 'Account Manipulation: Additional Cloud Credentials',
  'T1098.003': 'Account Manipulation: Additional Cloud Roles',
  T1110: 'Brute Force',
  T1133: 'External Remote Services',
  T1190: 'Exploit Public-Facing Application',
  'T1195.001': 'Supply Chain Compromise: Compromise Software Dependencies and Development Tools',
  'T1195.002': 'Supply Chain Compromise: Compromise Software Supply Chain',
  T1199: 'Trusted Relationship',
  'T1484.002': 'Domain or Tenant Policy Modification: Trust Modification',
  T1485: 'Data Destruction',
  T1490: 'Inhibit System Recovery',
  T1525: 'Implant Internal Image',
  T1528: 'Steal Application Access Token',
  T1530: 'Data from Cloud Storage',
  T1537: 'Transfer Data to Cloud Account',
  'T1548.005': 'Abuse Elevation Control Mechanism: Temporary Elevated Cloud Access',
  'T1552.001': 'Unsecured Credentials: Credentials In Files',
  'T1552.005': 'Unsecured Credentials: Cloud Instance Metadata API',
  'T1552.007': 'Unsecured Credentials: Container API',
  T1562: 'Impair Defenses',
  'T1565.001': 'Data Manipulation: Stored Data Manipulation',
  'T1578.002': 'Modify Cloud Compute Infrastructure: Create Cloud Instance',
  'T1584.001': 'Compromise Infrastructure: Domains',
  T1611: 'Escape to Host',
  T1648: 'Serverless Execution',
  T1651: 'Cloud Administration Command',
} as const;

export type Technique = keyof typeof TECHNIQUES;

/** The technique of an id; null for one that no step names. */
export function techniqueOf(id: string | undefined): Technique | null {
  return id !== undefined && Object.hasOwn(TECHNIQUES, id) ? (id as Technique) : null;
}
