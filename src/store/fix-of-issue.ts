/** What mends a finding, of its row: the package to upgrade or the control to meet. */
export const FIX_OF_FINDING = `case when finding.control is not null then 'control:' || finding.control
      when finding.type in ('library_vulnerability', 'infrastructure_vulnerability') and finding.place like '%/%' then 'package:' || finding.place end`;

/** The same by its fingerprint. */
function fixOf(fingerprint: string): string {
  return `(select ${FIX_OF_FINDING} from finding where finding.shard = $1 and finding.fingerprint = ${fingerprint})`;
}

/** The same of the lead of an issue of this row, or of another lead; of an attack path, that of the finding which opens it first, else the opening itself. */
export function fixOfIssue(row: string, lead = `${row}.lead`): string {
  return `case when ${row}.type <> 'attack_path' then ${fixOf(lead)}
  else (select coalesce(${fixOf("(attack_path.body #>> '{fixes,0,saidBy}')::uuid")}, 'opening:' || (attack_path.body #>> '{fixes,0,fix}'))
    from attack_path where attack_path.shard = $1 and attack_path.fingerprint = ${lead}) end`;
}
