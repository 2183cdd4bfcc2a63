/** What Prowler says of one resource of AWS, by one of its checks. */
export function prowlerFinding(
  at: number,
  resource: { readonly uid: string; readonly name: string; readonly type: string },
  check: string,
  isFailed = true,
): object {
  const time = Math.floor(at / 1_000);
  return {
    metadata: { event_code: check, product: { name: 'Prowler', vendor_name: 'Prowler' }, version: '1.4.0' },
    severity: 'High',
    status: 'New',
    status_code: isFailed ? 'FAIL' : 'PASS',
    status_detail: `${resource.name} is looked at.`,
    finding_info: { uid: `prowler-${check}-${resource.name}`, title: `Check ${check}`, created_time: time },
    resources: [{ ...resource, region: 'eu-west-1', cloud_partition: 'aws' }],
    cloud: { provider: 'aws', region: 'eu-west-1', account: { uid: '111111111111', type: 'AWS Account' } },
    category_uid: 2,
    class_uid: 2004,
    class_name: 'Detection Finding',
    type_uid: 200401,
    activity_id: 1,
    time,
  };
}
